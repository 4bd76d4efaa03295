/* Features in npy, npz and MatrixMarket files, and the same files as bipartite graphs. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>

static void walk(const kith_features *features)
{
    const int64_t columns = kith_features_columns(features);
    double *row = malloc((size_t)columns * sizeof *row + 1);

    for (int64_t i = 0; i < kith_features_rows(features) && i * columns < 1 << 22; i++) {
        kith_features_row(features, i, row);
        for (int64_t j = 0; j < columns; j++)
            if (!isfinite(row[j])) abort();
    }
    free(row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    const kith_read_options o = fuzz_options();
    kith_features *features;
    kith_bipartite *bipartite;
    kith_error err = { 0 };

    kith_status status = kith_features_read(path, &o, &features, &err);
    fuzz_assert(status, features, &err);
    if (features) walk(features);
    kith_features_free(features);
    status = kith_bipartite_read(path, &o, &bipartite, &err);
    fuzz_assert(status, bipartite, &err);
    if (bipartite) fuzz_walk(kith_bipartite_graph(bipartite));
    kith_bipartite_free(bipartite);
    return 0;
}
