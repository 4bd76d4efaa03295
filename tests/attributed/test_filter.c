/* Filters: what they do to eigenvectors, closed forms, published figures. */
#include "support/attributed.h"

#include "attributed/series.h"
#include "attributed/stored.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Series ---- */

/* The diagonal matrix of `values`: what a polynomial makes of each is known. */
static kith_status apply_diagonal(const kith_i_operator *self, int64_t b, const double *x,
                                  double *y, kith_i_poll *poll, kith_error *err)
{
    const double *values = self->state;

    (void)poll;
    (void)err;
    for (int64_t i = 0; i < self->rows * b; i++) y[i] = values[i / b] * x[i];
    return KITH_OK;
}

static void a_series_is_its_polynomial(void **state)
{
    enum { POINTS = 21 };
    static const int64_t terms[] = { 1, 2, 3, 10, 61, 176 };
    static const double decays[] = { 0.5, 0.8, 1, 1.8 };
    double values[POINTS], ones[POINTS], y[POINTS], powers[176];
    kith_i_scratch scratch = { 0 };
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, NULL);
    for (int c = 0; c < 6 * 4 * 2; c++) {
        const double lower = c % 2 ? -1 : 0;
        const int64_t count = terms[c / 8];
        const kith_i_operator a = { .rows = POINTS,
                                    .columns = POINTS,
                                    .apply = apply_diagonal,
                                    .threads = 1,
                                    .state = values };
        kith_i_series series;
        kith_i_geometric(decays[c / 2 % 4], count - 1, powers);
        assert_kith(kith_i_series_new(count, powers, lower, 1, &series, &err), err);
        assert_true(series.degree < count);
        for (int i = 0; i < POINTS; i++) {
            values[i] = lower + (1 - lower) * i / (POINTS - 1);
            ones[i] = 1;
        }
        assert_kith(kith_i_series_apply(&series, &a, 1, ones, y, &scratch, &poll, &err), err);
        for (int i = 0; i < POINTS; i++) {
            double sum = 0;
            for (int64_t t = 0; t < count; t++) sum += powers[t] * pow(values[i], (double)t);
            assert_near(y[i], sum, 1e-9);
        }
        kith_i_series_clear(&series);
    }
    kith_i_free(scratch.memory);
}

static void a_long_series_takes_few_products(void **state)
{
    double powers[176];
    kith_i_series series;
    kith_error err = { 0 };

    (void)state;
    kith_i_geometric(0.8, 175, powers);
    assert_kith(kith_i_series_new(176, powers, 0, 1, &series, &err), err);
    assert_true(series.degree < 30);
    kith_i_series_clear(&series);
}

/* ---- Points ---- */

static kith_embedding *embed(const test_attributed *a, const kith_filter_options *o)
{
    kith_embedding *e = NULL;
    kith_error err = { 0 };

    assert_kith(kith_filter_embed(a->graph, o, &e, &err), err);
    return e;
}

static kith_partition *filter(const test_attributed *a, const kith_filter_options *o)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_filter(a->graph, o, &p, &err), err);
    return p;
}

enum { NODES = 12, WIDTH = 3 };

/* Products of unit rows of H, from its definition on dense matrices. */
static void expected_products(const test_attributed *a, const kith_filter_options *o,
                              double out[NODES][NODES])
{
    const int64_t *offsets = kith_graph_offsets(a->graph);
    const bool walk = o->response == KITH_RESPONSE_WALK;
    double m[NODES][NODES] = { { 0 } }, d[NODES] = { 0 }, x[NODES][WIDTH], low[NODES][WIDTH];
    double high[NODES][WIDTH], next[NODES][WIDTH];

    for (int64_t v = 0; v < NODES; v++) {
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++)
            m[v][kith_graph_targets(a->graph)[e]] = kith_graph_weight(a->graph, e);
        m[v][v] += walk;
        for (int64_t u = 0; u < NODES; u++) d[v] += m[v][u];
        kith_features_row(a->features, v, x[v]);
        double square = 0;
        for (int c = 0; c < WIDTH; c++) square += x[v][c] * x[v][c];
        for (int c = 0; c < WIDTH && !walk && square > 0; c++) x[v][c] /= sqrt(square);
    }
    for (int64_t i = 0; i < NODES * NODES; i++)
        if (m[i / NODES][i % NODES] != 0)
            m[i / NODES][i % NODES] /= sqrt(d[i / NODES] * d[i % NODES]);
    memcpy(low, x, sizeof x);
    memcpy(high, x, sizeof x);
    for (int64_t t = 0; t < o->hops; t++) {
        const double alpha = o->alpha / (1 + o->alpha);
        for (int64_t v = 0; v < NODES; v++)
            for (int c = 0; c < WIDTH; c++) {
                double sum = 0;
                for (int64_t u = 0; u < NODES; u++) sum += m[v][u] * low[u][c];
                next[v][c] = walk ? (low[v][c] + sum) / 2 : x[v][c] + alpha * sum;
            }
        memcpy(low, next, sizeof low);
        for (int64_t v = 0; v < NODES; v++)
            for (int c = 0; c < WIDTH; c++) {
                double sum = 0;
                for (int64_t u = 0; u < NODES; u++) sum += m[v][u] * high[u][c];
                next[v][c] = (high[v][c] - sum) / 2;
            }
        memcpy(high, next, sizeof high);
    }
    for (int64_t v = 0; v < NODES; v++) {
        double square = 0;
        for (int c = 0; c < WIDTH; c++) {
            low[v][c] *= walk ? 1 : 1 / (1 + o->alpha);
            low[v][c] = (1 - o->high_pass) * low[v][c] + o->high_pass * high[v][c];
            square += low[v][c] * low[v][c];
        }
        for (int c = 0; c < WIDTH && square > 1e-24; c++) low[v][c] /= sqrt(square);
    }
    for (int64_t i = 0; i < NODES * NODES; i++) {
        out[i / NODES][i % NODES] = 0;
        for (int c = 0; c < WIDTH; c++)
            out[i / NODES][i % NODES] += low[i / NODES][c] * low[i % NODES][c];
    }
}

static void its_points_are_those_of_its_definition(void **state)
{
    (void)state;
    for (int i = 0; i < 48; i++) {
        const test_random what = {
            .nodes = NODES, .density = 0.3, .weighted = i & 1, .loops = i & 2, .seed = (uint64_t)i
        };
        test_attributed a = test_attributed_random(&what, WIDTH, i & 4);
        kith_filter_options o = KITH_FILTER_OPTIONS_INIT;
        double expected[NODES][NODES];
        o.features = a.features;
        o.k = 2;
        o.width = WIDTH;
        o.response = i & 8 ? KITH_RESPONSE_DIFFUSION : KITH_RESPONSE_WALK;
        o.high_pass = i & 16 ? 0.3 : 0;
        o.hops = i % 5;
        expected_products(&a, &o, expected);
        kith_embedding *e = embed(&a, &o);
        const double *x = kith_embedding_values(e);
        assert_int_equal(kith_embedding_dimensions(e), WIDTH);
        for (int v = 0; v < NODES * NODES; v++) {
            double sum = 0;
            for (int c = 0; c < WIDTH; c++)
                sum += x[v / NODES * WIDTH + c] * x[v % NODES * WIDTH + c];
            assert_near(sum, expected[v / NODES][v % NODES], 1e-6);
        }
        kith_embedding_free(e);
        test_attributed_free(&a);
    }
}

/* With many terms H solves (I + alpha L) H = Z, and isolated nodes keep their direction. */
static void a_filter_along_features_of_strength_0_does_nothing(void **state)
{
    const test_random what = { .nodes = NODES, .density = 0.3, .seed = 5 };
    test_attributed a = test_attributed_random(&what, WIDTH, false);
    kith_filter_options o = KITH_FILTER_OPTIONS_INIT;

    (void)state;
    o.features = a.features;
    o.k = 2;
    o.response = KITH_RESPONSE_DIFFUSION;
    o.hops = 10;
    kith_embedding *without = embed(&a, &o);
    o.beta = 1e-9;
    kith_embedding *with = embed(&a, &o);
    for (int i = 0; i < NODES * WIDTH; i++)
        assert_near(kith_embedding_values(with)[i], kith_embedding_values(without)[i], 1e-7);
    o.beta = 1e6; /* averages the columns away: all rows point one way or the other */
    kith_embedding *much = embed(&a, &o);
    const double *x = kith_embedding_values(much);
    for (int v = 0; v < NODES; v++) {
        double product = 0, square = 0;
        for (int c = 0; c < WIDTH; c++) {
            product += x[c] * x[v * WIDTH + c];
            square += x[v * WIDTH + c] * x[v * WIDTH + c];
        }
        if (square > 0.5) assert_true(fabs(product) > 0.9);
    }
    kith_embedding_free(with);
    kith_embedding_free(without);
    kith_embedding_free(much);
    test_attributed_free(&a);
}

static void tells_the_triangles_of_the_example_apart(void **state)
{
    test_attributed a = test_attributed_example();
    kith_filter_options o = KITH_FILTER_OPTIONS_INIT;

    (void)state;
    a.truth = malloc(6 * sizeof *a.truth);
    for (int v = 0; v < 6; v++) a.truth[v] = v / 3;
    o.features = a.features;
    for (int i = 0; i < 8; i++) {
        o.k = i & 1 ? 0 : 2;
        o.response = i & 2 ? KITH_RESPONSE_DIFFUSION : KITH_RESPONSE_WALK;
        o.hops = i & 4 ? -1 : 3;
        kith_partition *p = filter(&a, &o);
        assert_near(test_agree(&a, p).ari, 100, 1e-9);
        kith_partition_free(p);
    }
    test_attributed_free(&a);
}

static void says_what_it_cannot_do(void **state)
{
    test_attributed a = test_attributed_example();
    kith_filter_options o = KITH_FILTER_OPTIONS_INIT;
    kith_partition *p = NULL;
    kith_error err = { 0 };

    (void)state;
    o.features = a.features;
    o.k = 7;
    assert_kith_fails(kith_filter(a.graph, &o, &p, &err), KITH_E_ARGUMENT, "k is 7", err);
    o.features = NULL;
    assert_kith_fails(kith_filter(a.graph, &o, &p, &err), KITH_E_ARGUMENT, "features is missing",
                      err);
    test_attributed_free(&a);
}

/* ---- Published figures ---- */

static void expect_figures(const char *name, const char *graph, const char *features,
                           kith_filter_options o, test_agreement expected, double tolerance)
{
    test_attributed a;

    if (!test_attributed_read(name, graph, features, &a)) skip();
    o.features = a.features;
    kith_partition *p = filter(&a, &o);
    const test_agreement found = test_agree(&a, p);
    assert_near(found.accuracy, expected.accuracy, tolerance);
    assert_near(found.nmi, expected.nmi, tolerance);
    assert_near(found.ari, expected.ari, tolerance);
    kith_partition_free(p);
    test_attributed_free(&a);
}

static void a_walk_reaches_the_figures_of_acm(void **state)
{
    kith_filter_options o = KITH_FILTER_OPTIONS_INIT;

    (void)state;
    o.k = 3;
    expect_figures("acm", "graph_PAP.mtx", "features.mtx.gz", o,
                   (test_agreement){ 83.7, 56.4, 59.1 }, 0.5);
}

static void a_diffusion_reaches_the_figures_of_acm(void **state)
{
    kith_filter_options o = KITH_FILTER_OPTIONS_INIT;

    (void)state;
    o.k = 3;
    o.response = KITH_RESPONSE_DIFFUSION;
    o.hops = 10;
    expect_figures("acm", "graph_PAP.mtx", "features.mtx.gz", o,
                   (test_agreement){ 87.5, 62.8, 66.9 }, 0.5);
}

/* The figures are of the graph without loops; 1466 nodes are isolated in it, of which a few have no
 * features and are left unassigned here. */
static void a_walk_reaches_the_figures_of_dblp(void **state)
{
    kith_filter_options o = KITH_FILTER_OPTIONS_INIT;
    kith_read_options read = KITH_READ_OPTIONS_INIT;
    char path[4096];
    test_attributed a;
    kith_error err = { 0 };

    (void)state;
    if (!test_attributed_read("dblp", "graph_APA.mtx", "features.mtx", &a)) skip();
    kith_graph_free(a.graph);
    snprintf(path, sizeof path, "%s/dblp/graph_APA.mtx", getenv("KITH_DATASETS"));
    read.graph.loops = KITH_LOOPS_DROP;
    assert_kith(kith_graph_read(path, &read, &a.graph, &err), err);
    o.features = a.features;
    o.k = 4;
    kith_partition *p = filter(&a, &o);
    const test_agreement found = test_agree(&a, p);
    assert_near(found.accuracy, 76.1, 0.5);
    assert_near(found.nmi, 45.3, 0.5);
    assert_near(found.ari, 48.0, 0.5);
    kith_partition_free(p);
    test_attributed_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_is_its_polynomial),
        cmocka_unit_test(a_long_series_takes_few_products),
        cmocka_unit_test(its_points_are_those_of_its_definition),
        cmocka_unit_test(a_filter_along_features_of_strength_0_does_nothing),
        cmocka_unit_test(tells_the_triangles_of_the_example_apart),
        cmocka_unit_test(says_what_it_cannot_do),
        cmocka_unit_test(a_walk_reaches_the_figures_of_acm),
        cmocka_unit_test(a_diffusion_reaches_the_figures_of_acm),
        cmocka_unit_test(a_walk_reaches_the_figures_of_dblp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
