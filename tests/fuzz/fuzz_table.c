/* Tables of typed columns. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_named(fuzz_file(data, size), ".csv");
    const kith_read_options o = fuzz_options();
    kith_features *features;
    kith_error err = { 0 };

    const kith_status status = kith_features_read(path, &o, &features, &err);
    fuzz_assert(status, features, &err);
    if (!features) return 0;
    const int64_t columns = kith_features_columns(features);
    double *row = malloc((size_t)columns * sizeof *row + 1);
    for (int64_t i = 0; i < kith_features_rows(features) && i * columns < 1 << 22; i++) {
        kith_features_row(features, i, row);
        for (int64_t j = 0; j < columns; j++)
            if (!isfinite(row[j])) abort();
    }
    free(row);
    kith_features_free(features);
    return 0;
}
