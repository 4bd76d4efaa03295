/* Graphs with labels from the files of datasets/golden that tests/oracle writes. */
#ifndef KITH_TESTS_SUPPORT_CASES_H
#define KITH_TESTS_SUPPORT_CASES_H

#include "support/test.h"

typedef struct test_case {
    char        name[64];
    kith_graph *graph;
    int64_t    *labels, *truth; /* one per node; truth NULL where the file has none */
} test_case;

/** Calls `check` for every graph of a file; how many there were. */
int64_t test_for_cases(const char *file, void (*check)(const test_case *));

#endif
