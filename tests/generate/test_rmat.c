/* R-MAT: edges and degrees against the expectation that follows from the quadrants, and its
 * corners. */
#include "support/generators.h"

static double factorial(int64_t n)
{
    return tgamma((double)n + 1);
}

/* The chance that a pair is drawn at least once. */
static double drawn(double p, double draws)
{
    return -expm1(draws * log1p(-p));
}

/* Distinct edges that are expected: each pair of nodes takes i, j, k, l levels of the four
 * quadrants. */
static double expected_edges(const kith_rmat_options *o)
{
    const double d = 1 - o->a - o->b - o->c, draws = o->edge_factor * pow(2, (double)o->scale);
    double edges = 0;

    for (int64_t i = 0; i <= o->scale; i++)
        for (int64_t j = 0; i + j <= o->scale; j++)
            for (int64_t k = 0; i + j + k <= o->scale; k++) {
                const int64_t l = o->scale - i - j - k;
                const double pairs = factorial(o->scale) / factorial(i) / factorial(j)
                                     / factorial(k) / factorial(l);
                const double both = pow(o->a, (double)i) * pow(d, (double)l)
                                    * (pow(o->b, (double)j) * pow(o->c, (double)k)
                                       + pow(o->c, (double)j) * pow(o->b, (double)k));
                if (j + k) edges += pairs / 2 * drawn(both, draws);
            }
    return edges;
}

/* Distinct neighbours of the node whose bits are all 0. */
static double expected_largest_degree(const kith_rmat_options *o)
{
    const double draws = o->edge_factor * pow(2, (double)o->scale);
    double degree = 0;

    for (int64_t ones = 1; ones <= o->scale; ones++) {
        const double nodes = factorial(o->scale) / factorial(ones) / factorial(o->scale - ones);
        const double rest = pow(o->a, (double)(o->scale - ones));
        degree += nodes * drawn(rest * (pow(o->b, (double)ones) + pow(o->c, (double)ones)), draws);
    }
    return degree;
}

static int64_t hub(const kith_graph *graph)
{
    int64_t best = 0;

    for (int64_t v = 1; v < kith_graph_nodes(graph); v++)
        if (test_degree(graph, v) > test_degree(graph, best)) best = v;
    return best;
}

static void has_as_many_edges_and_as_large_a_hub_as_the_quadrants_imply(void **state)
{
    static const double quadrants[][3] = { { .57, .19, .19 }, { .25, .25, .25 }, { .45, .15, .15 },
                                           { .6, .3, .05 },   { .7, .1, .15 } };

    (void)state;
    for (size_t i = 0; i < sizeof quadrants / sizeof *quadrants; i++) {
        kith_rmat_options o = KITH_RMAT_OPTIONS_INIT;
        o.run.seed = i;
        o.scale = 13;
        o.edge_factor = 8.5;
        o.a = quadrants[i][0];
        o.b = quadrants[i][1];
        o.c = quadrants[i][2];
        kith_graph *graph = test_generate("rmat", &o, NULL);
        const double edges = expected_edges(&o), degree = expected_largest_degree(&o);
        assert_int_equal(kith_graph_nodes(graph), 1 << 13);
        test_assert_simple(graph);
        /* A pair's presence is rarer where another's is certain: the variance is below the mean. */
        assert_near((double)kith_graph_edges(graph), edges, 5 * sqrt(edges));
        if (o.a > .5)
            assert_near((double)test_degree(graph, hub(graph)), degree, 5 * sqrt(degree));
        kith_graph_free(graph);
    }
}

static void opposite_quadrants_alone_pair_each_node_with_its_complement(void **state)
{
    kith_rmat_options o = KITH_RMAT_OPTIONS_INIT;

    (void)state;
    o.scale = 10;
    o.a = 0;
    o.b = o.c = .5;
    kith_graph *graph = test_generate("rmat", &o, NULL);
    const double pairs = 512, edges = pairs * drawn(1 / pairs, 16 * 1024);
    for (int64_t v = 0; v < 1024; v++) assert_true(test_degree(graph, v) <= 1);
    assert_near((double)kith_graph_edges(graph), edges, 5);
    kith_graph_free(graph);
}

static void one_quadrant_alone_draws_one_edge_or_loops(void **state)
{
    kith_rmat_options o = KITH_RMAT_OPTIONS_INIT;

    (void)state;
    o.a = o.c = 0;
    o.b = 1;
    kith_graph *graph = test_generate("rmat", &o, NULL);
    assert_int_equal(kith_graph_edges(graph), 1);
    kith_graph_free(graph);
    o.a = 1;
    o.b = 0;
    graph = test_generate("rmat", &o, NULL);
    assert_int_equal(kith_graph_edges(graph), 0);
    kith_graph_free(graph);
    o.a = 0; /* the fourth quadrant is the rest */
    graph = test_generate("rmat", &o, NULL);
    assert_int_equal(kith_graph_edges(graph), 0);
    kith_graph_free(graph);
}

static void small_scales_have_their_nodes(void **state)
{
    (void)state;
    for (int64_t scale = 0; scale < 4; scale++) {
        kith_rmat_options o = KITH_RMAT_OPTIONS_INIT;
        o.scale = scale;
        o.edge_factor = 400; /* every pair is drawn */
        o.a = o.b = o.c = .25;
        kith_graph *graph = test_generate("rmat", &o, NULL);
        const int64_t n = INT64_C(1) << scale;
        assert_int_equal(kith_graph_nodes(graph), n);
        assert_int_equal(kith_graph_edges(graph), n * (n - 1) / 2);
        kith_graph_free(graph);
        o.edge_factor = 0;
        graph = test_generate("rmat", &o, NULL);
        assert_int_equal(kith_graph_edges(graph), 0);
        kith_graph_free(graph);
    }
}

static void the_hub_may_have_any_id(void **state)
{
    int64_t upper = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        kith_rmat_options o = KITH_RMAT_OPTIONS_INIT;
        o.run.seed = seed;
        o.scale = 8;
        kith_graph *graph = test_generate("rmat", &o, NULL);
        upper += hub(graph) >= 128;
        kith_graph_free(graph);
    }
    assert_near((double)upper, 30, 5 * sqrt(60 * .25));
}

static void plants_no_truth(void **state)
{
    kith_partition *truth = (kith_partition *)state;
    kith_graph *graph = NULL;
    kith_error err;

    assert_kith(kith_generate_rmat(NULL, &graph, &truth, &err), err);
    assert_null(truth);
    kith_graph_free(graph);
}

static void is_the_same_on_any_number_of_threads(void **state)
{
    kith_rmat_options o = KITH_RMAT_OPTIONS_INIT;

    (void)state;
    test_assert_reproducible("rmat", &o, true);
}

static void can_be_cancelled_at_every_poll(void **state)
{
    kith_rmat_options o = KITH_RMAT_OPTIONS_INIT;

    (void)state;
    o.scale = 12;
    test_assert_cancellable("rmat", &o);
}

static void refuses_what_is_no_rmat(void **state)
{
    static const test_refusal refusals[] = {
        { "scale", -1, "scale is -1 (expected 0 to 31)" },
        { "scale", 32, "scale is 32 (expected 0 to 31)" },
        { "edge_factor", -1, "edge-factor is -1 (expected" },
        { "edge_factor", NAN, "edge-factor is nan (expected" },
        { "a", 1.1, "a is 1.1 (expected 0 to 1)" },
        { "b", -.1, "b is -0.1 (expected 0 to 1)" },
        { "c", NAN, "c is nan (expected 0 to 1)" },
        { "a", .9, "a + b + c is 1.28 (expected at most 1: the fourth quadrant is the rest)" },
    };
    kith_rmat_options o = KITH_RMAT_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err;

    (void)state;
    test_assert_refusals("rmat", refusals, sizeof refusals / sizeof *refusals);
    o.edge_factor = 1e300;
    assert_kith_fails(kith_generate_rmat(&o, &graph, NULL, &err), KITH_E_MEMORY, "MiB", err);
    assert_kith_fails(kith_generate_rmat(NULL, NULL, NULL, &err), KITH_E_ARGUMENT, "out", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_as_many_edges_and_as_large_a_hub_as_the_quadrants_imply),
        cmocka_unit_test(opposite_quadrants_alone_pair_each_node_with_its_complement),
        cmocka_unit_test(one_quadrant_alone_draws_one_edge_or_loops),
        cmocka_unit_test(small_scales_have_their_nodes),
        cmocka_unit_test(the_hub_may_have_any_id),
        cmocka_unit_test(plants_no_truth),
        cmocka_unit_test(is_the_same_on_any_number_of_threads),
        cmocka_unit_test(can_be_cancelled_at_every_poll),
        cmocka_unit_test(refuses_what_is_no_rmat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
