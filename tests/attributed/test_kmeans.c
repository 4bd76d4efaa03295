/* k-means on features: sparse and dense rows, TF-IDF, rows of no features, published figures. */
#include "support/attributed.h"

#include "attributed/scaled.h"
#include "core/random.h"

#include <stdlib.h>

static kith_partition *kmeans(const test_attributed *a, const kith_kmeans_options *options)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_kmeans(a->graph, options, &p, &err), err);
    return p;
}

/* Clouds of points around corners of a simplex, as wide as they say. */
static test_attributed clouds(int64_t n, int64_t k, double width, bool sparse)
{
    const int64_t d = k + 2;
    kith_i_random r = kith_i_random_at(5, 5, 5);
    double *values = calloc((size_t)(n * d), sizeof *values);
    int64_t *offsets = malloc((size_t)(n + 1) * sizeof *offsets);
    int64_t *indices = malloc((size_t)(n * d) * sizeof *indices);
    test_attributed a = { .graph = test_path(n) };
    kith_error err = { 0 };

    a.truth = malloc((size_t)n * sizeof *a.truth);
    for (int64_t i = 0; i <= n; i++) offsets[i] = i * d;
    for (int64_t i = 0; i < n; i++) {
        a.truth[i] = (i * 7 + i / 5) % k;
        for (int64_t j = 0; j < d; j++) {
            indices[i * d + j] = j;
            values[i * d + j] = width * kith_i_random_unit(&r) + 1e-3 + (j == a.truth[i]);
        }
    }
    if (sparse)
        assert_kith(kith_features_from_csr(n, d, offsets, indices, values, NULL, &a.features, &err),
                    err);
    else
        a.features = test_dense_features(n, d, values);
    free(values);
    free(offsets);
    free(indices);
    return a;
}

static void finds_clouds_that_lie_apart(void **state)
{
    (void)state;
    for (int sparse = 0; sparse < 2; sparse++) {
        test_attributed a = clouds(400, 4, 0.3, sparse);
        kith_kmeans_options o = KITH_KMEANS_OPTIONS_INIT;
        o.features = a.features;
        o.k = 4;
        kith_partition *p = kmeans(&a, &o);
        assert_near(test_agree(&a, p).ari, 100, 1e-9);
        assert_true(kith_partition_converged(p));
        kith_partition_free(p);
        test_attributed_free(&a);
    }
}

static void finds_how_many_clouds_there_are(void **state)
{
    (void)state;
    for (int64_t k = 2; k <= 5; k++)
        for (int sparse = 0; sparse < 2; sparse++) {
            test_attributed a = clouds(60 * k, k, 0.02, sparse);
            kith_kmeans_options o = KITH_KMEANS_OPTIONS_INIT;
            o.features = a.features;
            kith_partition *p = kmeans(&a, &o);
            assert_near(test_agree(&a, p).ari, 100, 1e-9);
            kith_partition_free(p);
            test_attributed_free(&a);
        }
}

/* The sum of squared distances to the means of the labels. */
static double inertia(const test_attributed *a, const kith_partition *p, bool unit_rows)
{
    const int64_t n = kith_features_rows(a->features), d = kith_features_columns(a->features);
    const int64_t k = kith_partition_communities(p), *labels = kith_partition_labels(p);
    double *x = malloc((size_t)(n * d) * sizeof *x), *mean = calloc((size_t)(k * d), sizeof *mean);
    double sum = 0;

    for (int64_t i = 0; i < n; i++) {
        double length = 0;
        kith_features_row(a->features, i, x + i * d);
        for (int64_t j = 0; j < d; j++) length += x[i * d + j] * x[i * d + j];
        for (int64_t j = 0; j < d; j++) {
            if (unit_rows && length > 0) x[i * d + j] /= sqrt(length);
            mean[labels[i] * d + j] += x[i * d + j] / (double)kith_partition_sizes(p)[labels[i]];
        }
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < d; j++) {
            const double difference = x[i * d + j] - mean[labels[i] * d + j];
            sum += difference * difference;
        }
    free(x);
    free(mean);
    return sum;
}

static void its_quality_is_the_sum_of_squared_distances(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        const test_random what = { .nodes = 60, .density = 0.1, .seed = (uint64_t)i };
        test_attributed a = test_attributed_random(&what, 6, i & 1);
        kith_kmeans_options o = KITH_KMEANS_OPTIONS_INIT;
        o.features = a.features;
        o.k = 5;
        o.unit_rows = i & 2;
        kith_partition *p = kmeans(&a, &o);
        if (kith_partition_unassigned(p) == 0)
            assert_near(-kith_partition_quality(p), inertia(&a, p, o.unit_rows), 1e-9);
        kith_partition_free(p);
        test_attributed_free(&a);
    }
}

static void no_restart_is_worse_than_fewer(void **state)
{
    const test_random what = { .nodes = 120, .density = 0.05, .seed = 3 };
    test_attributed a = test_attributed_random(&what, 8, true);
    kith_kmeans_options o = KITH_KMEANS_OPTIONS_INIT;
    double last = -INFINITY;

    (void)state;
    o.features = a.features;
    o.k = 9;
    for (o.restarts = 1; o.restarts <= 64; o.restarts *= 4) {
        kith_partition *p = kmeans(&a, &o);
        assert_true(kith_partition_quality(p) >= last);
        last = kith_partition_quality(p);
        kith_partition_free(p);
    }
    test_attributed_free(&a);
}

static void sparse_and_dense_rows_of_the_same_numbers_give_the_same_clusters(void **state)
{
    (void)state;
    test_attributed a = clouds(300, 6, 0.5, true), b = clouds(300, 6, 0.5, false);
    kith_kmeans_options o = KITH_KMEANS_OPTIONS_INIT;

    o.features = a.features;
    o.k = 6;
    o.restarts = 20;
    kith_partition *p = kmeans(&a, &o);
    o.features = b.features;
    kith_partition *q = kmeans(&b, &o);
    assert_near(kith_partition_quality(p), kith_partition_quality(q), 1e-9);
    test_assert_same(p, q);
    kith_partition_free(p);
    kith_partition_free(q);
    test_attributed_free(&a);
    test_attributed_free(&b);
}

static void refuses_more_clusters_than_distinct_rows(void **state)
{
    static const double values[] = { 1, 0, 0, 2, 1, 0, 0, 3 };
    test_attributed a = { .graph = test_path(4), .features = test_dense_features(4, 2, values) };
    const int64_t offsets[] = { 0, 1, 2, 3, 4 }, indices[] = { 0, 1, 0, 1 };
    kith_features *sparse = NULL;
    kith_kmeans_options o = KITH_KMEANS_OPTIONS_INIT;
    kith_partition *p = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_features_from_csr(4, 2, offsets, indices, (double[]){ 1, 2, 1, 3 }, NULL,
                                       &sparse, &err),
                err);
    for (int i = 0; i < 2; i++) {
        o.features = i ? sparse : a.features;
        o.k = 3;
        assert_kith_fails(kith_kmeans(a.graph, &o, &p, &err), KITH_E_ARGUMENT,
                          "k is 3 (expected at most 2, the number of distinct rows)", err);
        o.k = 5;
        assert_kith_fails(kith_kmeans(a.graph, &o, &p, &err), KITH_E_ARGUMENT, "k is 5", err);
    }
    o.features = NULL;
    assert_kith_fails(kith_kmeans(a.graph, &o, &p, &err), KITH_E_ARGUMENT, "features is missing",
                      err);
    kith_features_free(sparse);
    test_attributed_free(&a);
}

static void nodes_of_which_nothing_is_known_stay_apart(void **state)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 2, 3 } };
    static const double values[] = { 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
    test_attributed a = { .graph = test_graph(6, 2, pairs, NULL),
                          .features = test_dense_features(6, 2, values) };
    kith_kmeans_options o = KITH_KMEANS_OPTIONS_INIT;

    (void)state;
    o.features = a.features;
    o.k = 2;
    kith_partition *p = kmeans(&a, &o);
    assert_int_equal(kith_partition_labels(p)[4], -1);
    assert_int_equal(kith_partition_labels(p)[5], -1);
    assert_true(kith_partition_labels(p)[3] >= 0); /* it has an edge */
    kith_partition_free(p);
    o.k = 0;
    p = kmeans(&a, &o);
    assert_int_equal(kith_partition_unassigned(p), 0);
    assert_int_equal(kith_partition_sizes(p)[kith_partition_labels(p)[4]], 1);
    assert_int_equal(kith_partition_sizes(p)[kith_partition_labels(p)[5]], 1);
    kith_partition_free(p);
    test_attributed_free(&a);
}

/* scikit-learn's TfidfTransformer on [[3, 0, 1], [2, 0, 0], [3, 0, 0], [4, 0, 0], [3, 2, 0],
 * [3, 0, 2]], the example of its documentation. */
static void weighs_features_as_scikit_learn_does(void **state)
{
    static const double values[] = { 3, 0, 1, 2, 0, 0, 3, 0, 0, 4, 0, 0, 3, 2, 0, 3, 0, 2 };
    static const double expected[][3] = { { 0.85151335, 0, 0.52433293 },
                                          { 1, 0, 0 },
                                          { 1, 0, 0 },
                                          { 1, 0, 0 },
                                          { 0.55422893, 0.83236428, 0 },
                                          { 0.63035731, 0, 0.77630514 } };
    kith_features *features = test_dense_features(6, 3, values);
    kith_i_scaled scaled;
    kith_i_poll poll;
    kith_error err = { 0 };
    double out[18];

    (void)state;
    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_scaled_new(features, true, true, 2, &poll, &scaled, &err), err);
    assert_kith(kith_i_scaled_block(&scaled, 0, 3, out, 2, &poll, &err), err);
    for (int i = 0; i < 18; i++) assert_near(out[i], expected[i / 3][i % 3], 5e-9);
    kith_i_scaled_clear(&scaled);
    kith_features_free(features);
}

static void features_between_diagonals_multiply_as_their_matrix_does(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        const test_random what = { .nodes = 23, .density = 0.1, .seed = 9 };
        test_attributed a = test_attributed_random(&what, 7, i & 1);
        kith_i_scaled f;
        kith_i_operator op;
        kith_i_poll poll;
        kith_error err = { 0 };
        double dense[23 * 7], x[23 * 3], y[23 * 3];

        kith_i_poll_start(&poll, NULL);
        assert_kith(kith_i_scaled_new(a.features, i & 2, true, 2, &poll, &f, &err), err);
        assert_kith(kith_i_scaled_by_affinity(&f, 2, &poll, &err), err);
        assert_kith(kith_i_scaled_operator(&f, 2, &poll, &op, &err), err);
        for (int64_t c = 0; c < 7; c += 3) { /* columns come in any blocks */
            double part[23 * 3];
            const int64_t width = c + 3 < 7 ? 3 : 7 - c;
            assert_kith(kith_i_scaled_block(&f, c, width, part, 2, &poll, &err), err);
            for (int64_t v = 0; v < 23 * width; v++) dense[v / width * 7 + c + v % width] = part[v];
        }
        for (int v = 0; v < 23 * 3; v++) x[v] = sin(v + 1);
        assert_kith(op.apply(&op, 3, x, y, &poll, &err), err);
        for (int v = 0; v < 23 * 3; v++) {
            double sum = 0;
            for (int c = 0; c < 7; c++) sum += dense[v / 3 * 7 + c] * x[c * 3 + v % 3];
            assert_near(y[v], sum, 1e-12);
        }
        assert_kith(op.apply_transposed(&op, 3, x, y, &poll, &err), err);
        for (int c = 0; c < 7 * 3; c++) {
            double sum = 0;
            for (int v = 0; v < 23; v++) sum += dense[v * 7 + c / 3] * x[v * 3 + c % 3];
            assert_near(y[c], sum, 1e-12);
        }
        kith_i_operator_clear(&op);
        kith_i_scaled_clear(&f);
        test_attributed_free(&a);
    }
}

/* The figures of scikit-learn's KMeans on rows of length 1 (10 restarts). */
static void reaches_the_figures_of_another_implementation_on_acm(void **state)
{
    test_attributed a;
    kith_kmeans_options o = KITH_KMEANS_OPTIONS_INIT;

    (void)state;
    if (!test_attributed_read("acm", "graph_PAP.mtx", "features.mtx.gz", &a)) skip();
    o.features = a.features;
    o.k = 3;
    kith_partition *p = kmeans(&a, &o);
    const test_agreement found = test_agree(&a, p);
    assert_near(found.accuracy, 71.9, 1);
    assert_near(found.nmi, 37.5, 1);
    assert_near(found.ari, 38.7, 1);
    kith_partition_free(p);
    test_attributed_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_clouds_that_lie_apart),
        cmocka_unit_test(finds_how_many_clouds_there_are),
        cmocka_unit_test(its_quality_is_the_sum_of_squared_distances),
        cmocka_unit_test(no_restart_is_worse_than_fewer),
        cmocka_unit_test(sparse_and_dense_rows_of_the_same_numbers_give_the_same_clusters),
        cmocka_unit_test(refuses_more_clusters_than_distinct_rows),
        cmocka_unit_test(nodes_of_which_nothing_is_known_stay_apart),
        cmocka_unit_test(weighs_features_as_scikit_learn_does),
        cmocka_unit_test(features_between_diagonals_multiply_as_their_matrix_does),
        cmocka_unit_test(reaches_the_figures_of_another_implementation_on_acm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
