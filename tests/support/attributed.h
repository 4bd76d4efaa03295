/* Attributed graphs of the shared data sets, and small ones, for several tests. */
#ifndef KITH_TESTS_SUPPORT_ATTRIBUTED_H
#define KITH_TESTS_SUPPORT_ATTRIBUTED_H

#include "support/graphs.h"

typedef struct test_attributed {
    kith_graph *graph;
    kith_features *features;
    int64_t *truth; /* of each node with features; -1: not known. NULL: none */
    kith_bipartite *bipartite;
} test_attributed;

/** Reads a data set: its graph, or its biadjacency where the file is called so. False, after
 *  printing why, where it is not there. */
bool test_attributed_read(const char *name, const char *graph, const char *features,
                          test_attributed *out);

/** Two triangles joined by an edge, with four features [Lin2025, the spec's example]. */
test_attributed test_attributed_example(void);

/** A random graph whose nodes have `columns` features >= 0 each, some of them without any. */
test_attributed test_attributed_random(const test_random *what, int64_t columns, bool sparse);

void test_attributed_free(test_attributed *a);

/** Accuracy, NMI and ARI of a partition in percent. */
typedef struct test_agreement {
    double accuracy, nmi, ari;
} test_agreement;

test_agreement test_agree(const test_attributed *a, const kith_partition *p);

/** Features from numbers, row by row. */
kith_features *test_dense_features(int64_t rows, int64_t columns, const double *values);

#endif
