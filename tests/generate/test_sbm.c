/* Stochastic block models: counts of edges against their binomial laws, and the corners of the
 * range. */
#include "support/generators.h"

#include <float.h>

static kith_graph *planted(int64_t nodes, int64_t blocks, double degree, double mixing,
                           uint64_t seed, kith_partition **truth)
{
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;

    o.run.seed = seed;
    o.nodes = nodes;
    o.blocks = blocks;
    o.degree = degree;
    o.mixing = mixing;
    return test_generate("sbm", &o, truth);
}

/* A count of independent trials within five standard deviations of its mean. */
static void assert_binomial(int64_t count, double trials, double p)
{
    assert_near((double)count, trials * p, 5 * sqrt(trials * p * (1 - p)) + 1e-9);
}

static void joins_each_pair_of_blocks_with_its_probability(void **state)
{
    enum { BLOCKS = 4, SEEDS = 40 };
    static const int64_t sizes[BLOCKS] = { 70, 1, 0, 45 };
    static const double p[BLOCKS * BLOCKS] = { .3,  .5, .9, .02, .5, .7, .1, 1,
                                               .9, .1, .4, .6,  .02, 1,  .6, .8 };
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;
    int64_t count[BLOCKS][BLOCKS] = { 0 }, block[116];

    (void)state;
    for (int64_t v = 0; v < 116; v++) block[v] = v < 70 ? 0 : v < 71 ? 1 : 3;
    o.blocks = BLOCKS;
    o.sizes = sizes;
    o.probabilities = p;
    for (o.run.seed = 0; o.run.seed < SEEDS; o.run.seed++) {
        kith_graph *graph = test_generate("sbm", &o, NULL);
        assert_int_equal(kith_graph_nodes(graph), 116);
        test_assert_simple(graph);
        const int64_t *offsets = kith_graph_offsets(graph);
        for (int64_t u = 0; u < 116; u++)
            for (int64_t e = offsets[u]; e < offsets[u + 1]; e++)
                count[block[u]][block[kith_graph_targets(graph)[e]]]++;
        kith_graph_free(graph);
    }
    for (int a = 0; a < BLOCKS; a++) {
        const double inside = (double)(sizes[a] * (sizes[a] - 1)) / 2;
        assert_binomial(count[a][a] / 2, SEEDS * inside, p[a * BLOCKS + a]);
        for (int b = 0; b < a; b++)
            assert_binomial(count[a][b], SEEDS * (double)(sizes[a] * sizes[b]), p[a * BLOCKS + b]);
    }
}

static void joins_each_pair_of_nodes_as_often_as_another(void **state)
{
    enum { NODES = 6, SEEDS = 3000 };
    int64_t count[NODES][NODES] = { 0 };

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        /* Two blocks of three: p = 0.5 inside, 1/6 across. */
        kith_graph *graph = planted(NODES, 2, 1.5, 1.0 / 3, seed, NULL);
        const int64_t *offsets = kith_graph_offsets(graph);
        for (int64_t u = 0; u < NODES; u++)
            for (int64_t e = offsets[u]; e < offsets[u + 1]; e++)
                count[u][kith_graph_targets(graph)[e]]++;
        kith_graph_free(graph);
    }
    for (int u = 0; u < NODES; u++)
        for (int v = 0; v < u; v++)
            assert_binomial(count[u][v], SEEDS, u / 3 == v / 3 ? 0.5 : 1.0 / 6);
}

static void a_planted_partition_has_its_degree_and_its_mixing(void **state)
{
    static const struct {
        int64_t nodes, blocks;
        double  degree, mixing;
    } cases[] = { { 1000, 10, 20, .3 }, { 20000, 7, 15, .05 }, { 20000, 3000, 5, .5 },
                  { 5000, 1, 8, 0 },    { 5000, 5000, 8, 1 },  { 5003, 100, 12, 0 },
                  { 999, 2, 300, 1 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int64_t n = cases[i].nodes, k = cases[i].blocks;
        kith_partition *truth = NULL;
        kith_graph *graph = planted(n, k, cases[i].degree, cases[i].mixing, i, &truth);
        const int64_t inner = test_inner_edges(graph, truth);
        const double edges = (double)n * cases[i].degree / 2;
        double pairs_inside = 0;
        for (int64_t b = 0; b < k; b++) {
            const int64_t size = n / k + (b < n % k);
            assert_int_equal(kith_partition_sizes(truth)[b], size);
            pairs_inside += (double)(size * (size - 1)) / 2;
        }
        const double pairs_across = (double)(n * (n - 1)) / 2 - pairs_inside;
        if (pairs_inside > 0)
            assert_binomial(inner, pairs_inside, edges * (1 - cases[i].mixing) / pairs_inside);
        if (pairs_across > 0)
            assert_binomial(kith_graph_edges(graph) - inner, pairs_across,
                            edges * cases[i].mixing / pairs_across);
        kith_graph_free(graph);
        kith_partition_free(truth);
    }
}

static void numbers_nodes_block_by_block(void **state)
{
    kith_partition *truth = NULL;
    kith_graph *graph = planted(11, 3, 2, .5, 0, &truth);

    (void)state; /* 4, 4 and 3 nodes */
    for (int64_t v = 0; v < 11; v++) assert_int_equal(kith_partition_labels(truth)[v], v / 4);
    kith_graph_free(graph);
    kith_partition_free(truth);
}

static void the_highest_degree_gives_cliques(void **state)
{
    kith_graph *graph = planted(60, 4, 14, 0, 5, NULL);

    (void)state;
    for (int64_t v = 0; v < 60; v++) assert_int_equal(test_degree(graph, v), 14);
    assert_int_equal(kith_graph_edges(graph), 4 * 15 * 14 / 2);
    kith_graph_free(graph);
    graph = planted(30, 1, 29, 0, 5, NULL);
    assert_int_equal(kith_graph_edges(graph), 30 * 29 / 2);
    kith_graph_free(graph);
}

static void the_highest_degree_across_gives_a_multipartite_graph(void **state)
{
    kith_graph *graph = planted(20, 4, 15, 1, 5, NULL);

    (void)state;
    assert_int_equal(kith_graph_edges(graph), 6 * 5 * 5);
    kith_graph_free(graph);
}

static void degree_zero_gives_no_edges(void **state)
{
    (void)state;
    for (int64_t blocks = 1; blocks <= 10; blocks += 9) {
        kith_graph *graph = planted(10, blocks, 0, .5, 0, NULL);
        assert_int_equal(kith_graph_edges(graph), 0);
        assert_int_equal(kith_graph_nodes(graph), 10);
        kith_graph_free(graph);
    }
}

static void the_general_model_spans_many_stripes(void **state)
{
    static const int64_t sizes[] = { 9000, 300000, 11000 };
    static const double p[] = { 1e-3, 0, 2e-3, 0, 1e-6, 1e-5, 2e-3, 1e-5, 0 };
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;
    kith_partition *truth = NULL;

    (void)state;
    o.blocks = 3;
    o.sizes = sizes;
    o.probabilities = p;
    kith_graph *graph = test_generate("sbm", &o, &truth);
    const double inner = 9000.0 * 8999 / 2 * 1e-3 + 3e5 * (3e5 - 1) / 2 * 1e-6;
    const double outer = 9000.0 * 11000 * 2e-3 + 3e5 * 11000 * 1e-5;
    assert_near((double)test_inner_edges(graph, truth), inner, 5 * sqrt(inner));
    assert_near((double)kith_graph_edges(graph), inner + outer, 5 * sqrt(inner + outer));
    kith_graph_free(graph);
    kith_partition_free(truth);
}

/* Rows that expect ten times what a stripe holds, joined with four blocks in their own ways. */
static void a_row_of_many_edges_keeps_its_law(void **state)
{
    enum { BLOCKS = 5, MANY = 60000, HUBS = 3, POINTS = 6 };
    static const int64_t sizes[BLOCKS] = { MANY, MANY, 0, MANY, HUBS };
    static const double to_hubs[BLOCKS] = { 0.9, 0, 0.5, 0.6, 1 };
    double p[BLOCKS * BLOCKS] = { 0 };
    int64_t count[HUBS][3 * POINTS] = { 0 };
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;
    kith_graph *graph;

    (void)state;
    for (int b = 0; b < BLOCKS; b++)
        p[b * BLOCKS + BLOCKS - 1] = p[(BLOCKS - 1) * BLOCKS + b] = to_hubs[b];
    o.blocks = BLOCKS;
    o.sizes = sizes;
    o.probabilities = p;
    graph = test_generate("sbm", &o, NULL);
    test_assert_simple(graph);
    const int64_t *offsets = kith_graph_offsets(graph);
    for (int64_t h = 0; h < HUBS; h++)
        for (int64_t e = offsets[3 * MANY + h]; e < offsets[3 * MANY + h + 1]; e++) {
            const int64_t v = kith_graph_targets(graph)[e];
            if (v < 3 * MANY) count[h][v * POINTS / MANY]++;
        }
    for (int h = 0; h < HUBS; h++) {
        int64_t degree = HUBS - 1; /* hubs are joined */
        for (int i = 0; i < 3 * POINTS; i++) {
            const int block = i < 2 * POINTS ? i / POINTS : 3;
            assert_binomial(count[h][i], MANY / POINTS, to_hubs[block]);
            degree += count[h][i];
        }
        assert_int_equal(test_degree(graph, 3 * MANY + h), degree);
    }
    kith_graph_free(graph);
    test_assert_reproducible("sbm", &o, true);
}

static void is_the_same_on_any_number_of_threads(void **state)
{
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;

    (void)state;
    o.nodes = 20000;
    test_assert_reproducible("sbm", &o, true);
}

static void the_general_model_is_the_same_on_any_number_of_threads(void **state)
{
    static const int64_t sizes[] = { 900, 1500, 20 };
    static const double p[] = { .1, .01, .2, .01, .05, .3, .2, .3, .5 };
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;

    (void)state;
    o.blocks = 3;
    o.sizes = sizes;
    o.probabilities = p;
    test_assert_reproducible("sbm", &o, true);
    test_assert_cancellable("sbm", &o);
}

static void can_be_cancelled_at_every_poll(void **state)
{
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;

    (void)state;
    o.nodes = 20000;
    test_assert_cancellable("sbm", &o);
}

static void refuses_what_is_no_planted_partition(void **state)
{
    static const test_refusal refusals[] = {
        { "nodes", 0, "nodes is 0 (expected 1 to" },
        { "blocks", 0, "blocks is 0 (expected 1 to" },
        { "blocks", 1001, "blocks is 1001 (expected at most nodes, 1000)" },
        { "blocks", 1, "mixing is 0.3 (expected 0: there is one block)" },
        { "blocks", 1000, "mixing is 0.3 (expected 1: every block is one node)" },
        { "degree", -1, "degree is -1 (expected" },
        { "degree", NAN, "degree is nan (expected" },
        { "degree", INFINITY, "degree is inf (expected" },
        { "degree", 150, "degree is 150 (expected at most 141.429 with blocks 10 and mixing 0.3)" },
        { "mixing", -0.1, "mixing is -0.1 (expected 0 to 1)" },
        { "mixing", 1.5, "mixing is 1.5 (expected 0 to 1)" },
        { "mixing", NAN, "mixing is nan (expected 0 to 1)" },
    };
    kith_error err;

    (void)state;
    test_assert_refusals("sbm", refusals, sizeof refusals / sizeof *refusals);
    assert_kith_fails(kith_generate_sbm(NULL, NULL, NULL, &err), KITH_E_ARGUMENT, "out", err);
}

static void refuses_sizes_and_probabilities_that_are_none(void **state)
{
    int64_t sizes[] = { 5, 6 };
    double p[] = { .5, .1, .1, .5 };
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;

    (void)state;
    o.blocks = 2;
    o.sizes = sizes;
    test_assert_refused("sbm", &o, "sizes and probabilities must be given together");
    o.probabilities = p;
    sizes[1] = -1;
    test_assert_refused("sbm", &o, "sizes[1] is -1 (expected 0 to 4294967289)");
    sizes[1] = INT64_MAX;
    test_assert_refused("sbm", &o, "sizes[1] is 9223372036854775807 (expected 0 to 4294967289)");
    sizes[1] = 6;
    p[3] = 1.25;
    test_assert_refused("sbm", &o, "probabilities[1][1] is 1.25 (expected 0 to 1)");
    p[3] = NAN;
    test_assert_refused("sbm", &o, "probabilities[1][1] is nan (expected 0 to 1)");
    p[3] = .5;
    p[2] = .2;
    test_assert_refused("sbm", &o, "probabilities[0][1] is 0.1 and [1][0] is 0.2 (expected");
    p[2] = .1;
    sizes[0] = sizes[1] = 0;
    test_assert_refused("sbm", &o, "sizes add up to 0 (expected at least 1)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_each_pair_of_blocks_with_its_probability),
        cmocka_unit_test(joins_each_pair_of_nodes_as_often_as_another),
        cmocka_unit_test(a_planted_partition_has_its_degree_and_its_mixing),
        cmocka_unit_test(numbers_nodes_block_by_block),
        cmocka_unit_test(the_highest_degree_gives_cliques),
        cmocka_unit_test(the_highest_degree_across_gives_a_multipartite_graph),
        cmocka_unit_test(degree_zero_gives_no_edges),
        cmocka_unit_test(the_general_model_spans_many_stripes),
        cmocka_unit_test(a_row_of_many_edges_keeps_its_law),
        cmocka_unit_test(is_the_same_on_any_number_of_threads),
        cmocka_unit_test(the_general_model_is_the_same_on_any_number_of_threads),
        cmocka_unit_test(can_be_cancelled_at_every_poll),
        cmocka_unit_test(refuses_what_is_no_planted_partition),
        cmocka_unit_test(refuses_sizes_and_probabilities_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
