/* Golden values: the files datasets/golden/NAME.csv, rows of key,value,tolerance,source. */
#ifndef KITH_TESTS_SUPPORT_GOLDEN_H
#define KITH_TESTS_SUPPORT_GOLDEN_H

#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct test_golden {
    double value, tolerance;
} test_golden;

/** The row of a key; the test fails when there is none. */
static inline test_golden golden_row(const char *file, const char *key)
{
    const size_t length = strlen(key);
    test_golden row = { NAN, NAN };
    char path[4096], line[1024];
    bool found = false;

    snprintf(path, sizeof path, "%s/datasets/golden/%s", getenv("KITH_SOURCE"), file);
    FILE *f = fopen(path, "r");
    if (!f) fail_msg("%s is not there", path);
    while (!found && fgets(line, sizeof line, f)) {
        if (strncmp(line, key, length) || line[length] != ',') continue;
        char *tolerance;
        row.value = strtod(line + length + 1, &tolerance);
        row.tolerance = strtod(tolerance + 1, NULL);
        found = true;
    }
    fclose(f);
    if (!found) fail_msg("%s has no row %s", path, key);
    return row;
}

/** Its value. */
static inline double golden(const char *file, const char *key)
{
    return golden_row(file, key).value;
}

#endif
