/* TPO: the published example to its digits, the affinity from its definition, published figures. */
#include "support/attributed.h"

#include "attributed/affinity.h"
#include "attributed/stored.h"
#include "linalg/dense.h"
#include "linalg/operator.h"

#include <stdlib.h>

enum { ROWS = 6, COLUMNS = 4 };

static const double attributes[] = { 1, 0, 0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.1, 0.9, 0, 1 };

/* The spec's example. */
static test_attributed example(void)
{
    static const int64_t from[] = { 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5 };
    static const int64_t to[] = { 0, 1, 0, 1, 1, 2, 2, 3, 2, 3, 3 };
    test_attributed a = { .features = test_dense_features(ROWS, 2, attributes) };
    kith_error err = { 0 };

    assert_kith(
        kith_bipartite_from_edges(ROWS, COLUMNS, 11, from, to, NULL, NULL, &a.bipartite, &err),
        err);
    return a;
}

static void smooth_example(const test_attributed *a, double *z)
{
    kith_i_operator l;
    kith_i_poll poll;
    kith_error err = { 0 };

    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_biadjacency_operator(a->bipartite, true, 1, &poll, &l, &err), err);
    assert_kith(kith_i_affinity_smooth(&l, 0.5, 3, 2, attributes, z, &poll, &err), err);
    kith_i_operator_clear(&l);
}

static void factor_example(const double *z, double bandwidth, double *r)
{
    kith_i_poll poll;
    kith_error err = { 0 };

    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_affinity_factor(ROWS, 2, z, NULL, bandwidth, r, 1, &poll, &err), err);
}

static void smooths_the_published_example(void **state)
{
    static const double rows[][3] = { { 0, 0.998217, 0.059698 },
                                      { 2, 0.875474, 0.483265 },
                                      { 5, 0.054440, 0.998517 } };
    test_attributed a = example();
    double z[2 * ROWS];

    (void)state;
    smooth_example(&a, z);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 2; j++) assert_near(z[2 * (int)rows[i][0] + j], rows[i][1 + j], 5.1e-7);
    test_attributed_free(&a);
}

static void the_affinity_of_the_published_example_has_largest_eigenvalue_1(void **state)
{
    static const double values[] = { 1, 0.298820, 0.014210, 0.001202 };
    test_attributed a = example();
    double z[2 * ROWS], s[ROWS * ROWS], sums[ROWS] = { 0 }, found[ROWS];
    kith_error err = { 0 };

    (void)state;
    smooth_example(&a, z);
    for (int i = 0; i < ROWS * ROWS; i++) {
        const int u = i / ROWS, v = i % ROWS;
        s[i] = exp(z[2 * u] * z[2 * v] + z[2 * u + 1] * z[2 * v + 1]);
        sums[u] += s[i];
    }
    for (int i = 0; i < ROWS * ROWS; i++) s[i] /= sqrt(sums[i / ROWS] * sums[i % ROWS]);
    assert_near(s[0], 0.232898, 5.1e-7);
    assert_near(s[1], 0.229522, 5.1e-7);
    assert_near(s[3], 0.111864, 5.1e-7);
    assert_near(s[ROWS * ROWS - 1], 0.224941, 5.1e-7);
    assert_kith(kith_i_dense_eigen(ROWS, s, found, &err), err);
    for (int i = 0; i < 4; i++) assert_near(found[ROWS - 1 - i], values[i], 5.1e-7);
    test_attributed_free(&a);
}

static void the_factor_of_the_published_example_has_its_singular_values(void **state)
{
    static const double row0[2][4] = { { 0.269455, 0.019127, 0.173694, 0.320015 },
                                       { 0.354761, 0.030298, 0.056925, 0.358019 } };
    static const double values[2][4] = { { 1, 0.421733, 0.054203, 0.015383 },
                                         { 1, 0.635711, 0.078493, 0.032063 } };
    test_attributed a = example();
    double z[2 * ROWS], r[4 * ROWS], found[4];
    kith_error err = { 0 };

    (void)state;
    smooth_example(&a, z);
    for (int i = 0; i < 2; i++) {
        factor_example(z, i ? sqrt(2) : 1, r);
        for (int j = 0; j < 4; j++) assert_near(r[j], row0[i][j], 5.1e-7);
        assert_kith(kith_i_dense_svd(ROWS, 4, r, NULL, found, NULL, &err), err);
        assert_near(found[0], 1, 1e-12);
        for (int j = 0; j < 4; j++) assert_near(found[j], values[i][j], 5.1e-7);
    }
    test_attributed_free(&a);
}

/* The paper's updates of F and G leave singular vectors as they are, so there are none here. */
static void updates_of_the_factors_change_nothing(void **state)
{
    static const double f[ROWS][2] = { { 0.399271, 0.506539 },  { 0.403016, 0.469610 },
                                       { 0.419450, 0.219174 },  { 0.413667, -0.336805 },
                                       { 0.410377, -0.383454 }, { 0.403352, -0.463004 } };
    test_attributed a = example();
    double z[2 * ROWS], r[4 * ROWS], u[ROWS * 4], s[4], v[16], copy[4 * ROWS];
    double loss = 0, change = 0;
    kith_error err = { 0 };

    (void)state;
    smooth_example(&a, z);
    factor_example(z, 1, r);
    memcpy(copy, r, sizeof r);
    assert_kith(kith_i_dense_svd(ROWS, 4, copy, u, s, v, &err), err);
    for (int c = 0; c < 2; c++) {
        const double sign = u[c] > 0 ? 1 : -1;
        for (int i = 0; i < ROWS; i++) assert_near(sign * u[4 * i + c], f[i][c], 2e-6);
    }
    for (int i = 0; i < ROWS; i++)
        for (int c = 0; c < 2; c++) { /* F .* sqrt(R G / F F^T R G), G = V Sigma */
            double rg = 0, ffrg = 0;
            for (int j = 0; j < 4; j++) rg += r[4 * i + j] * v[4 * j + c] * s[c];
            for (int k = 0; k < ROWS; k++)
                for (int e = 0; e < 2; e++)
                    for (int j = 0; j < 4; j++)
                        ffrg += u[4 * i + e] * u[4 * k + e] * r[4 * k + j] * v[4 * j + c] * s[c];
            change = fmax(change, fabs(sqrt(rg / ffrg) - 1));
        }
    assert_near(change, 0, 1e-8);
    for (int i = 0; i < ROWS * 4; i++) {
        double rest = r[i];
        for (int c = 0; c < 2; c++) rest -= u[i / 4 * 4 + c] * s[c] * v[i % 4 * 4 + c];
        loss += rest * rest;
    }
    assert_near(loss, 0.00317463, 5.1e-9);
    test_attributed_free(&a);
}

static kith_tpo_options options_of(const test_attributed *a, int64_t k)
{
    kith_tpo_options o = KITH_TPO_OPTIONS_INIT;

    o.bipartite = a->bipartite;
    o.features = a->features;
    o.k = k;
    return o;
}

static kith_partition *tpo(const test_attributed *a, const kith_tpo_options *options)
{
    const kith_graph *graph = a->bipartite ? kith_bipartite_graph(a->bipartite) : a->graph;
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_tpo(graph, options, &p, &err), err);
    return p;
}

static void splits_the_published_example_in_halves(void **state)
{
    test_attributed a = example();
    kith_tpo_options o = options_of(&a, 2);

    (void)state;
    o.alpha = 0.5;
    o.hops = 3;
    a.truth = malloc(ROWS * sizeof *a.truth);
    for (int i = 0; i < ROWS; i++) a.truth[i] = i / 3;
    for (o.run.seed = 0; o.run.seed < 5; o.run.seed++) {
        kith_partition *p = tpo(&a, &o);
        assert_int_equal(kith_partition_nodes(p), ROWS);
        assert_near(test_agree(&a, p).ari, 100, 1e-9);
        kith_partition_free(p);
    }
    test_attributed_free(&a);
}

static void a_graph_that_is_not_bipartite_is_its_own_biadjacency(void **state)
{
    test_attributed a = test_attributed_example();
    kith_tpo_options o = options_of(&a, 2);
    kith_embedding *e = NULL;
    kith_error err = { 0 };

    (void)state;
    a.truth = malloc(6 * sizeof *a.truth);
    for (int i = 0; i < 6; i++) a.truth[i] = i / 3;
    kith_partition *p = tpo(&a, &o);
    assert_near(test_agree(&a, p).ari, 100, 1e-9);
    kith_partition_free(p);
    assert_kith(kith_tpo_embed(a.graph, &o, &e, &err), err);
    assert_near(kith_embedding_eigenvalues(e)[0], 1, 1e-9);
    kith_embedding_free(e);
    test_attributed_free(&a);
}

static void says_what_it_cannot_do(void **state)
{
    test_attributed a = example();
    kith_tpo_options o = options_of(&a, 5);
    kith_partition *p = NULL;
    kith_error err = { 0 };
    const kith_graph *graph = kith_bipartite_graph(a.bipartite);

    (void)state;
    assert_kith_fails(kith_tpo(graph, &o, &p, &err), KITH_E_ARGUMENT, "k is 5 (expected at most 4",
                      err);
    o.bipartite = NULL;
    assert_kith_fails(kith_tpo(graph, &o, &p, &err), KITH_E_ARGUMENT, "features has 6 rows", err);
    o.features = NULL;
    assert_kith_fails(kith_tpo(graph, &o, &p, &err), KITH_E_ARGUMENT, "features is missing", err);
    test_attributed_free(&a);
}

/* Means over seeds of the authors' algorithm, run independently. */
static void reaches_published_figures(const char *name, kith_tpo_options o, test_agreement expected,
                                      double tolerance)
{
    enum { SEEDS = 5 };
    test_agreement mean = { 0 };
    test_attributed a;

    if (!test_attributed_read(name, "biadjacency.mtx", "features_rows.mtx", &a)) skip();
    o.bipartite = a.bipartite;
    o.features = a.features;
    for (o.run.seed = 0; o.run.seed < SEEDS; o.run.seed++) {
        kith_partition *p = tpo(&a, &o);
        const test_agreement found = test_agree(&a, p);
        mean.accuracy += found.accuracy / SEEDS;
        mean.nmi += found.nmi / SEEDS;
        mean.ari += found.ari / SEEDS;
        kith_partition_free(p);
    }
    assert_near(mean.accuracy, expected.accuracy, tolerance);
    assert_near(mean.nmi, expected.nmi, tolerance);
    assert_near(mean.ari, expected.ari, tolerance);
    test_attributed_free(&a);
}

static void reaches_the_figures_of_cora(void **state)
{
    kith_tpo_options o = KITH_TPO_OPTIONS_INIT;

    (void)state;
    o.k = 7;
    reaches_published_figures("cora-bipartite", o, (test_agreement){ 67.1, 47.4, 41.5 }, 0.5);
}

static void reaches_the_figures_of_citeseer(void **state)
{
    kith_tpo_options o = KITH_TPO_OPTIONS_INIT;

    (void)state;
    o.k = 6;
    o.alpha = 0.6;
    o.hops = 6;
    o.width = 32;
    reaches_published_figures("citeseer-bipartite", o, (test_agreement){ 60.4, 30.4, 32.5 }, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smooths_the_published_example),
        cmocka_unit_test(the_affinity_of_the_published_example_has_largest_eigenvalue_1),
        cmocka_unit_test(the_factor_of_the_published_example_has_its_singular_values),
        cmocka_unit_test(updates_of_the_factors_change_nothing),
        cmocka_unit_test(splits_the_published_example_in_halves),
        cmocka_unit_test(a_graph_that_is_not_bipartite_is_its_own_biadjacency),
        cmocka_unit_test(says_what_it_cannot_do),
        cmocka_unit_test(reaches_the_figures_of_cora),
        cmocka_unit_test(reaches_the_figures_of_citeseer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
