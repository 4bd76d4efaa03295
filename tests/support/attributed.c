/* Attributed graphs. */
#include "support/attributed.h"

#include "core/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool find(const char *name, const char *file, char path[4096])
{
    snprintf(path, 4096, "%s/%s/%s", getenv("KITH_DATASETS"), name, file);
    if (access(path, R_OK) == 0) return true;
    printf("skipped: %s of the data set %s is not in %s\n", file, name, getenv("KITH_DATASETS"));
    return false;
}

bool test_attributed_read(const char *name, const char *graph, const char *features,
                          test_attributed *out)
{
    char graph_path[4096], features_path[4096], labels_path[4096];
    kith_read_options read = KITH_READ_OPTIONS_INIT;
    kith_error err = { 0 };
    int64_t count;

    *out = (test_attributed){ 0 };
    if (!find(name, graph, graph_path) || !find(name, features, features_path) ||
        !find(name, "labels.txt", labels_path))
        return false;
    if (!strncmp(graph, "biadjacency", 11))
        assert_kith(kith_bipartite_read(graph_path, &read, &out->bipartite, &err), err);
    else
        assert_kith(kith_graph_read(graph_path, &read, &out->graph, &err), err);
    assert_kith(kith_features_read(features_path, &read, &out->features, &err), err);
    assert_kith(kith_labels_read(labels_path, NULL, NULL, &count, &out->truth, &err), err);
    assert_int_equal(count, kith_features_rows(out->features));
    return true;
}

kith_features *test_dense_features(int64_t rows, int64_t columns, const double *values)
{
    kith_features *features = NULL;
    kith_error err = { 0 };

    assert_kith(kith_features_from_dense(rows, columns, values, NULL, &features, &err), err);
    return features;
}

test_attributed test_attributed_example(void)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 },
                                        { 3, 4 }, { 3, 5 }, { 4, 5 } };
    static const double values[] = { 2, 1, 0, 0, 1, 2, 0, 0, 1, 1, 1, 0,
                                     0, 1, 1, 1, 0, 0, 1, 2, 0, 0, 2, 1 };

    return (test_attributed){ .graph = test_graph(6, 7, pairs, NULL),
                              .features = test_dense_features(6, 4, values) };
}

test_attributed test_attributed_random(const test_random *what, int64_t columns, bool sparse)
{
    kith_i_random r = kith_i_random_at(what->seed, 77, 0);
    const int64_t n = what->nodes;
    double *values = malloc((size_t)(n * columns + 1) * sizeof *values);
    int64_t *offsets = calloc((size_t)n + 1, sizeof *offsets);
    int64_t *indices = malloc((size_t)(n * columns + 1) * sizeof *indices);
    test_attributed a = { .graph = test_random_graph(what) };
    kith_error err = { 0 };

    for (int64_t i = 0; i < n; i++) {
        offsets[i + 1] = offsets[i];
        for (int64_t j = 0; j < columns; j++) {
            const bool zero = i % 9 == 4 || kith_i_random_unit(&r) < 0.5;
            const double value = zero ? 0 : (double)(1 + kith_i_random_below(&r, 5)) / 2;
            if (!sparse) values[i * columns + j] = value;
            if (!sparse || zero) continue;
            values[offsets[i + 1]] = value;
            indices[offsets[i + 1]++] = j;
        }
    }
    if (sparse)
        assert_kith(
            kith_features_from_csr(n, columns, offsets, indices, values, NULL, &a.features, &err),
            err);
    else
        a.features = test_dense_features(n, columns, values);
    free(values);
    free(offsets);
    free(indices);
    return a;
}

void test_attributed_free(test_attributed *a)
{
    kith_graph_free(a->graph);
    kith_features_free(a->features);
    kith_bipartite_free(a->bipartite);
    free(a->truth);
    *a = (test_attributed){ 0 };
}

test_agreement test_agree(const test_attributed *a, const kith_partition *p)
{
    kith_comparison c;
    kith_error err = { 0 };

    assert_kith(
        kith_compare(kith_partition_nodes(p), kith_partition_labels(p), a->truth, NULL, &c, &err),
        err);
    return (test_agreement){ 100 * c.accuracy, 100 * c.nmi, 100 * c.ari };
}
