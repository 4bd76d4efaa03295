/* Bootstrap AMG: the worked example, what smooth vectors are, clusters with and without
 * attributes. */
#include "support/embeddings.h"
#include "support/graphs.h"

#include "linalg/amg.h"
#include "linalg/block.h"
#include "linalg/dense.h"

enum { TOY = 12 };

/* The toy of the authors, sample1, as a dense matrix: edges 01 02 03 12 13, attributes (1 1 1),
 * (2 2 2), (2 3 3), (1 2 1), whose values are nodes 4 to 11, and (e_0 + e_1)(e_0 + e_1)^T. */
static void toy_matrix(double a[TOY][TOY])
{
    static const int pairs[][2] = { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 2 },  { 1, 3 }, { 0, 4 },
                                    { 0, 6 }, { 0, 9 }, { 1, 5 }, { 1, 7 },  { 1, 10 }, { 2, 5 },
                                    { 2, 8 }, { 2, 11 }, { 3, 4 }, { 3, 7 }, { 3, 9 } };

    memset(a, 0, TOY * sizeof *a);
    for (size_t e = 0; e < sizeof pairs / sizeof *pairs; e++) {
        const int u = pairs[e][0], v = pairs[e][1];
        a[u][v]--;
        a[v][u]--;
        a[u][u]++;
        a[v][v]++;
    }
    a[0][0]++;
    a[1][1]++;
    a[0][1]++;
    a[1][0]++;
}

/* A dense matrix by rows; kith_i_sparse_clear() it. */
static kith_i_sparse sparse(int64_t n, const double *a)
{
    kith_i_sparse m = { .n = n };
    kith_error err = { 0 };
    int64_t entries = 0;

    assert_kith(kith_i_zeroed(&m.offsets, n + 1, sizeof *m.offsets, &err), err);
    assert_kith(kith_i_zeroed(&m.diagonal, n, sizeof *m.diagonal, &err), err);
    assert_kith(kith_i_alloc(&m.columns, n * n, sizeof *m.columns, &err), err);
    assert_kith(kith_i_alloc(&m.values, n * n, sizeof *m.values, &err), err);
    for (int64_t i = 0; i < n; i++) {
        m.diagonal[i] = a[i * n + i];
        for (int64_t j = 0; j < n; j++) {
            if (i == j || a[i * n + j] == 0) continue;
            m.columns[entries] = (uint32_t)j;
            m.values[entries++] = a[i * n + j];
        }
        m.offsets[i + 1] = entries;
    }
    return m;
}

static void the_worked_example_has_its_printed_digits(void **state)
{
    static const double degrees[TOY] = { 6, 6, 5, 5, 2, 2, 1, 2, 1, 2, 1, 1 };
    double a[TOY][TOY], vectors[TOY * TOY], values[TOY], ones[TOY];
    kith_error err = { 0 };

    (void)state;
    toy_matrix(a);
    for (int i = 0; i < TOY; i++) {
        assert_near(a[i][i], degrees[i] + (i < 2), 0);
        ones[i] = 1;
    }
    memcpy(vectors, a, sizeof vectors);
    assert_kith(kith_i_dense_eigen(TOY, vectors, values, &err), err);
    assert_near(values[0], 0.235735, 5e-7);
    assert_near(values[1], 0.618341, 5e-7);
    assert_near(values[2], 0.788180, 5e-7);
    kith_i_sparse m = sparse(TOY, &a[0][0]);
    assert_near(kith_i_amg_coupling(&m, ones, 0, 1, a[0][1]), 1, 0);
    assert_near(kith_i_amg_coupling(&m, ones, 0, 2, a[0][2]), 1.166667, 5e-7);
    assert_near(kith_i_amg_coupling(&m, ones, 1, 2, a[1][2]), 1.166667, 5e-7);
    assert_near(kith_i_amg_coupling(&m, ones, 0, 4, a[0][4]), 1.222222, 5e-7);
    kith_i_sparse_clear(&m);
}

static double rayleigh(const double *a, int64_t n, const double *x, int64_t stride)
{
    double energy = 0, length = 0;

    for (int64_t i = 0; i < n; i++) {
        length += x[i * stride] * x[i * stride];
        for (int64_t j = 0; j < n; j++) energy += x[i * stride] * a[i * n + j] * x[j * stride];
    }
    return energy / length;
}

/* The Laplacian of a path, made definite at one end, whose eigenvalues lie in (0, 4): what cycles
 * leave lies at the low end, every cycle makes a vector shorter, and more hierarchies do so by
 * more. */
static void what_cycles_leave_is_smooth(void **state)
{
    enum { N = 60 };
    static double a[N * N];
    double first, last;
    const kith_i_bootstrap_options one = { 1, 15, 0, 7 }, some = { 6, 15, 0, 7 };
    kith_i_poll poll = { 0 };
    double *w = NULL;
    int64_t count;
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < N; i++) {
        a[i * N + i] = i == N - 1 ? 1 : 2;
        if (i) a[i * N + i - 1] = a[(i - 1) * N + i] = -1;
    }
    kith_i_sparse m = sparse(N, a);
    assert_kith(kith_i_bootstrap(&m, &one, &poll, &count, &w, &first, &err), err);
    assert_int_equal(count, 2);
    kith_i_free(w);
    assert_kith(kith_i_bootstrap(&m, &some, &poll, &count, &w, &last, &err), err);
    assert_int_equal(count, 7);
    for (int64_t i = 0; i < N; i++) assert_near(w[i * count], 1, 0);
    assert_true(first < 1 && last < first);
    for (int64_t j = 1; j < count; j++) assert_true(rayleigh(a, N, w + j, count) < 0.2);
    kith_i_free(w);
    kith_i_sparse_clear(&m);
}

static kith_partition *cluster(const kith_graph *graph, const kith_features *features, int64_t k,
                               int64_t starts)
{
    kith_bamg_options o = KITH_BAMG_OPTIONS_INIT;
    kith_partition *p = NULL;
    kith_error err = { 0 };

    o.features = features;
    o.k = k;
    o.starts = starts;
    assert_kith(kith_bamg(graph, &o, &p, &err), err);
    return p;
}

/* Each block's number as an attribute, under other numbers. */
static kith_features *codes(const kith_partition *truth, double times, double plus)
{
    const int64_t n = kith_partition_nodes(truth);
    double *values = malloc((size_t)n * sizeof *values);
    kith_features *features = NULL;
    kith_error err = { 0 };

    for (int64_t v = 0; v < n; v++)
        values[v] = times * (double)kith_partition_labels(truth)[v] + plus;
    assert_kith(kith_features_from_dense(n, 1, values, NULL, &features, &err), err);
    free(values);
    return features;
}

/* 400 nodes of mean degree 5 in 5 blocks, as in the paper's first test. */
static void attributes_tell_what_few_edges_do_not(void **state)
{
    kith_partition *truth = NULL;
    kith_graph *graph = test_planted(400, 5, 5, 0.35, &truth);
    kith_features *features = codes(truth, 1, 0), *others = codes(truth, -3, 7);
    kith_partition *with = cluster(graph, features, 5, 20), *without = cluster(graph, NULL, 5, 20);
    kith_partition *same = cluster(graph, others, 5, 20);
    const double told = test_agreement(with, kith_partition_labels(truth)).nmi;

    (void)state;
    assert_true(told > 0.9);
    assert_true(test_agreement(without, kith_partition_labels(truth)).nmi < told - 0.1);
    assert_true(test_partition_figure(with, "entropy") < 0.2);
    assert_near(test_agreement(same, kith_partition_labels(with)).accuracy, 1, 0.05);
    kith_partition_free(with);
    kith_partition_free(without);
    kith_partition_free(same);
    kith_features_free(features);
    kith_features_free(others);
    kith_partition_free(truth);
    kith_graph_free(graph);
}

static void cliques_on_a_ring_are_clusters_and_k_is_found(void **state)
{
    kith_graph *ring = test_cliques(6, 6, true);
    kith_partition *given = cluster(ring, NULL, 6, 50), *found = cluster(ring, NULL, 0, 50);
    kith_quality quality;
    kith_error err = { 0 };

    (void)state;
    for (int64_t v = 0; v < 36; v++) assert_int_equal(kith_partition_labels(given)[v], v / 6);
    assert_near(test_partition_figure(found, "k"), 6, 0);
    assert_kith(kith_evaluate(ring, given, 1, NULL, &quality, NULL, &err), err);
    assert_near(kith_partition_quality(given), quality.modularity, 1e-12);
    kith_partition_free(given);
    kith_partition_free(found);
    kith_graph_free(ring);
}

static void values_by_column_are_those_by_number(void **state)
{
    kith_partition *truth = NULL;
    kith_graph *graph = test_planted(120, 3, 8, 0.3, &truth);
    const int64_t *labels = kith_partition_labels(truth);
    kith_features *dense = codes(truth, 1, 0), *columns = NULL;
    double *values = calloc(120 * 3, sizeof *values);
    int64_t offsets[121], indices[120];
    kith_error err = { 0 };

    (void)state;
    for (int64_t v = 0; v <= 120; v++) offsets[v] = v;
    for (int64_t v = 0; v < 120; v++) indices[v] = labels[v];
    assert_kith(kith_features_from_csr(120, 3, offsets, indices, NULL, NULL, &columns, &err), err);
    kith_partition *p = cluster(graph, dense, 3, 10), *q = cluster(graph, columns, 3, 10);
    for (int64_t v = 0; v < 120; v++)
        assert_int_equal(kith_partition_labels(p)[v], kith_partition_labels(q)[v]);
    free(values);
    kith_partition_free(p);
    kith_partition_free(q);
    kith_features_free(dense);
    kith_features_free(columns);
    kith_partition_free(truth);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_has_its_printed_digits),
        cmocka_unit_test(what_cycles_leave_is_smooth),
        cmocka_unit_test(attributes_tell_what_few_edges_do_not),
        cmocka_unit_test(cliques_on_a_ring_are_clusters_and_k_is_found),
        cmocka_unit_test(values_by_column_are_those_by_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
