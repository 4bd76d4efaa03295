/* Golden values: the files datasets/golden/NAME.csv, rows of key,value,tolerance,source; and
 * datasets/golden/NAME.txt, rows of a key and numbers. */
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

/** The numbers of the row `KEY NUMBER...`, at most `room`; how many, -1 when there is no row. */
static inline int64_t golden_numbers(const char *file, const char *key, double *numbers,
                                     int64_t room)
{
    const size_t length = strlen(key);
    char path[4096], *line = NULL;
    size_t size = 0;
    int64_t count = -1;

    snprintf(path, sizeof path, "%s/datasets/golden/%s", getenv("KITH_SOURCE"), file);
    FILE *f = fopen(path, "r");
    if (!f) fail_msg("%s is not there", path);
    while (count < 0 && getline(&line, &size, f) >= 0) {
        if (strncmp(line, key, length) || line[length] != ' ') continue;
        char *at = line + length, *end = NULL;
        for (double x = strtod(at, &end); end != at; x = strtod(at = end, &end)) {
            if (++count >= room) fail_msg("%s has more than %lld numbers", key, (long long)room);
            numbers[count] = x;
        }
        count++;
    }
    free(line);
    fclose(f);
    return count;
}

#endif
