/* The LFR benchmark: the invariants of its definition, its laws, its corners, and what it
 * refuses. */
#include "support/generators.h"

#include <stdlib.h>

typedef struct {
    kith_graph     *graph;
    kith_partition *truth;
} benchmark;

static benchmark make(const kith_lfr_options *o)
{
    benchmark b = { 0 };

    b.graph = test_generate("lfr", o, &b.truth);
    return b;
}

static void clear(benchmark *b)
{
    kith_graph_free(b->graph);
    kith_partition_free(b->truth);
}

static double realised_mixing(const benchmark *b)
{
    return 1 - (double)test_inner_edges(b->graph, b->truth) / (double)kith_graph_edges(b->graph);
}

static double mean_degree(const benchmark *b)
{
    return (double)kith_graph_entries(b->graph) / (double)kith_graph_nodes(b->graph);
}

static int64_t neighbours_inside(const benchmark *b, int64_t v)
{
    const int64_t *labels = kith_partition_labels(b->truth);
    const int64_t *offsets = kith_graph_offsets(b->graph);
    int64_t count = 0;

    for (int64_t e = offsets[v]; e < offsets[v + 1]; e++)
        count += labels[kith_graph_targets(b->graph)[e]] == labels[v];
    return count;
}

/* What holds for every LFR graph. */
static void assert_invariants(const benchmark *b, const kith_lfr_options *o)
{
    const int64_t *labels = kith_partition_labels(b->truth);
    const int64_t *sizes = kith_partition_sizes(b->truth);
    int64_t nodes = 0;

    test_assert_simple(b->graph);
    assert_int_equal(kith_graph_nodes(b->graph), o->nodes);
    assert_int_equal(kith_partition_nodes(b->truth), o->nodes);
    assert_int_equal(kith_partition_unassigned(b->truth), 0);
    for (int64_t c = 0; c < kith_partition_communities(b->truth); c++) {
        nodes += sizes[c];
        assert_true(!o->min_size || sizes[c] >= o->min_size);
        assert_true(!o->max_size || sizes[c] <= o->max_size);
    }
    assert_int_equal(nodes, o->nodes);
    for (int64_t v = 0; v < o->nodes; v++) {
        assert_true(test_degree(b->graph, v) <= o->max_degree);
        assert_true(neighbours_inside(b, v) < sizes[labels[v]]);
    }
}

static void keeps_the_promises_of_its_options(void **state)
{
    /* The usual settings of the literature first. */
    static const struct {
        int64_t nodes;
        double  degree;
        int64_t max_degree;
        double  mixing, degree_exponent, size_exponent;
        int64_t min_size, max_size;
    } cases[] = {
        { 1000, 20, 50, .1, 2, 1, 10, 50 },    { 1000, 20, 50, .3, 2, 1, 10, 50 },
        { 1000, 20, 50, .6, 2, 1, 20, 100 },   { 5000, 20, 50, .5, 2, 1, 20, 100 },
        { 1000, 15, 50, .4, 2, 1, 0, 0 },      { 1000, 25, 100, .2, 2, 2, 0, 0 },
        { 10000, 10, 50, .35, 3, 1.5, 0, 0 },  { 1000, 20, 50, 0, 2, 1, 0, 0 },
        { 1000, 20, 50, 1, 2, 1, 0, 0 },       { 1000, 45, 50, .1, 2, 1, 10, 50 },
        { 20000, 19.3, 500, .3, 2.5, 1.5, 20, 2000 }, { 3000, 50, 90, .8, 0, 0, 5, 80 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            kith_lfr_options o = KITH_LFR_OPTIONS_INIT;
            o.run.seed = seed;
            o.nodes = cases[i].nodes;
            o.degree = cases[i].degree;
            o.max_degree = cases[i].max_degree;
            o.mixing = cases[i].mixing;
            o.degree_exponent = cases[i].degree_exponent;
            o.size_exponent = cases[i].size_exponent;
            o.min_size = cases[i].min_size;
            o.max_size = cases[i].max_size;
            benchmark b = make(&o);
            assert_invariants(&b, &o);
            assert_near(mean_degree(&b), o.degree, .02 * o.degree);
            assert_near(realised_mixing(&b), o.mixing, .01);
            clear(&b);
        }
}

static void degrees_follow_their_power_law(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;
    double weight[3] = { 0 };
    int64_t count[3] = { 0 };

    (void)state;
    o.nodes = 20000;
    o.max_degree = 80;
    o.degree_exponent = 2.5;
    benchmark b = make(&o);
    for (int64_t d = 20; d <= 80; d++) weight[(d - 20) / 21] += pow((double)d, -2.5);
    for (int64_t v = 0; v < o.nodes; v++) {
        const int64_t d = test_degree(b.graph, v);
        if (d >= 20) count[(d - 20) / 21]++;
    }
    const double all = (double)(count[0] + count[1] + count[2]);
    for (int i = 0; i < 3; i++) {
        const double p = weight[i] / (weight[0] + weight[1] + weight[2]);
        assert_near((double)count[i], all * p, 5 * sqrt(all * p * (1 - p)));
    }
    clear(&b);
}

static void community_sizes_follow_their_power_law(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;
    double weight[3] = { 0 };
    int64_t count[3] = { 0 };

    (void)state;
    o.nodes = 100000;
    o.degree = 6;
    o.max_degree = 15;
    o.min_size = 20;
    o.max_size = 79;
    o.size_exponent = 1.5;
    benchmark b = make(&o);
    const int64_t communities = kith_partition_communities(b.truth);
    for (int64_t s = 20; s < 80; s++) weight[s / 20 - 1] += pow((double)s, -1.5);
    for (int64_t c = 0; c < communities; c++) count[kith_partition_sizes(b.truth)[c] / 20 - 1]++;
    for (int i = 0; i < 3; i++) {
        const double p = weight[i] / (weight[0] + weight[1] + weight[2]);
        assert_near((double)count[i], (double)communities * p,
                    5 * sqrt((double)communities * p * (1 - p)));
    }
    clear(&b);
}

static void without_mixing_no_edge_leaves_a_community(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    o.mixing = 0;
    for (o.run.seed = 0; o.run.seed < 5; o.run.seed++) {
        benchmark b = make(&o);
        assert_int_equal(test_inner_edges(b.graph, b.truth), kith_graph_edges(b.graph));
        clear(&b);
    }
}

static void with_full_mixing_every_edge_leaves_its_community(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    o.mixing = 1;
    for (o.run.seed = 0; o.run.seed < 5; o.run.seed++) {
        benchmark b = make(&o);
        assert_int_equal(test_inner_edges(b.graph, b.truth), 0);
        clear(&b);
    }
}

static void is_regular_when_the_mean_degree_is_the_largest(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    o.max_degree = 20;
    for (double mixing = .1; mixing < 1; mixing += .2) {
        o.mixing = mixing;
        benchmark b = make(&o);
        for (int64_t v = 0; v < o.nodes; v++) assert_int_equal(test_degree(b.graph, v), 20);
        clear(&b);
    }
}

static void makes_the_benchmark_of_girvan_and_newman(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    o.nodes = 128;
    o.max_degree = 16;
    o.degree = 16;
    o.min_size = o.max_size = 32;
    for (double mixing = 0; mixing <= .75; mixing += .125) {
        o.mixing = mixing;
        benchmark b = make(&o);
        assert_invariants(&b, &o);
        assert_int_equal(kith_partition_communities(b.truth), 4);
        assert_int_equal(kith_graph_edges(b.graph), 128 * 8);
        /* 16 (1 - mixing) is whole: each node has just that many */
        for (int64_t v = 0; v < 128; v++)
            assert_int_equal(neighbours_inside(&b, v), (int64_t)(16 * (1 - mixing)));
        clear(&b);
    }
}

static void full_communities_are_cliques(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    o.nodes = 210;
    o.mixing = 0;
    o.max_degree = 20;
    o.degree = 20;
    o.min_size = o.max_size = 21;
    benchmark b = make(&o);
    assert_int_equal(kith_partition_communities(b.truth), 10);
    for (int64_t v = 0; v < 210; v++) assert_int_equal(neighbours_inside(&b, v), 20);
    clear(&b);
    o.max_degree = 18; /* all but a few pairs */
    o.degree = 18;
    b = make(&o);
    for (int64_t v = 0; v < 210; v++) assert_int_equal(neighbours_inside(&b, v), 18);
    clear(&b);
}

static void one_community_without_mixing_is_a_random_graph(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    o.nodes = 30000; /* too many edges for a thread of its own */
    o.mixing = 0;
    o.min_size = o.max_size = o.nodes;
    benchmark b = make(&o);
    assert_invariants(&b, &o);
    assert_int_equal(kith_partition_communities(b.truth), 1);
    assert_near(mean_degree(&b), 20, .01);
    clear(&b);
    test_assert_reproducible("lfr", &o, true);
}

static void ids_say_nothing_about_communities_or_degrees(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    o.nodes = 20000;
    benchmark b = make(&o);
    const int64_t *labels = kith_partition_labels(b.truth);
    double together = 0, expected = 0, lower = 0, upper = 0;
    for (int64_t v = 1; v < o.nodes; v++) together += labels[v] == labels[v - 1];
    for (int64_t c = 0; c < kith_partition_communities(b.truth); c++)
        expected += pow((double)kith_partition_sizes(b.truth)[c], 2) / (double)o.nodes;
    assert_near(together, expected, 5 * sqrt(expected));
    for (int64_t v = 0; v < o.nodes; v++)
        *(v < o.nodes / 2 ? &lower : &upper) += (double)test_degree(b.graph, v);
    assert_near(lower / upper, 1, .02);
    clear(&b);
}

static void what_is_left_of_the_nodes_finds_a_community_within_the_bounds(void **state)
{
    static const int64_t nodes[] = { 90, 95, 101, 119, 120, 121, 137, 160 };

    (void)state;
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
        for (uint64_t seed = 0; seed < 20; seed++) {
            kith_lfr_options o = KITH_LFR_OPTIONS_INIT;
            o.run.seed = seed;
            o.nodes = nodes[i];
            o.degree = 6;
            o.max_degree = 10;
            o.min_size = 30;
            o.max_size = 40;
            benchmark b = make(&o);
            assert_invariants(&b, &o);
            clear(&b);
        }
}

static void dissolves_small_communities_that_cannot_hold_the_degrees(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state; /* nearly every node has at least 36 neighbours inside */
    o.degree = 45;
    o.mixing = .1;
    o.min_size = 10;
    o.max_size = 60;
    for (o.run.seed = 0; o.run.seed < 5; o.run.seed++) {
        benchmark b = make(&o);
        assert_invariants(&b, &o);
        assert_near(mean_degree(&b), 45, .9);
        assert_near(realised_mixing(&b), .1, .01);
        clear(&b);
    }
}

static void an_automatic_range_always_has_room_for_the_largest_degree(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    o.mixing = 0;
    o.degree_exponent = 3;
    o.degree = 8;
    for (o.nodes = 51; o.nodes < 120; o.nodes += 3) {
        o.run.seed = (uint64_t)o.nodes;
        benchmark b = make(&o);
        assert_invariants(&b, &o);
        clear(&b);
    }
}

static double recovered(double mixing)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;
    kith_partition *found = NULL;
    kith_comparison agreement;
    kith_error err;

    o.mixing = mixing;
    o.min_size = 20;
    o.max_size = 100;
    benchmark b = make(&o);
    assert_kith(kith_leiden(b.graph, NULL, &found, &err), err);
    assert_kith(kith_compare(o.nodes, kith_partition_labels(found), kith_partition_labels(b.truth),
                             NULL, &agreement, &err),
                err);
    kith_partition_free(found);
    clear(&b);
    return agreement.nmi;
}

static void communities_are_found_at_weak_mixing_and_lost_at_strong(void **state)
{
    (void)state; /* the usual setting of big communities [Lancichinetti2009] */
    assert_true(recovered(.1) > .98);
    assert_true(recovered(.4) > .95);
    assert_true(recovered(.85) < .3);
}

static void gives_the_graph_alone(void **state)
{
    kith_graph *graph = NULL;
    kith_error err;

    (void)state;
    assert_kith(kith_generate_lfr(NULL, &graph, NULL, &err), err);
    assert_int_equal(kith_graph_nodes(graph), 1000);
    kith_graph_free(graph);
}

static void is_the_same_on_any_number_of_threads(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    o.nodes = 20000;
    o.max_degree = 200;
    o.max_size = 1000;
    test_assert_reproducible("lfr", &o, true);
}

static void can_be_cancelled_at_every_poll(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;

    (void)state;
    test_assert_cancellable("lfr", &o);
    o.mixing = 0; /* one large community, wired by itself */
    o.nodes = o.min_size = o.max_size = 16000;
    test_assert_cancellable("lfr", &o);
}

static void refuses_options_outside_their_range(void **state)
{
    static const test_refusal refusals[] = {
        { "nodes", 0, "nodes is 0 (expected 1 to" },
        { "nodes", 1e10, "nodes is 10000000000 (expected 1 to" },
        { "nodes", 50, "max-degree is 50 (expected less than nodes, 50)" },
        { "mixing", -.1, "mixing is -0.1 (expected 0 to 1)" },
        { "mixing", 1.1, "mixing is 1.1 (expected 0 to 1)" },
        { "mixing", NAN, "mixing is nan (expected 0 to 1)" },
        { "degree", 0, "degree is 0 (expected at least 1)" },
        { "degree", 60, "degree is 60 (expected" },
        { "degree", 3.9, "degree is 3.9 (expected 3.99186, the mean from least degree 1, to 50" },
        { "degree", NAN, "degree is nan (expected at least 1)" },
        { "max_degree", 0, "max-degree is 0 (expected 1 to" },
        { "max_degree", 19, "degree is 20 (expected 3.10802, the mean from least degree 1, to 19" },
        { "max_degree", 1000, "max-degree is 1000 (expected less than nodes, 1000)" },
        { "degree_exponent", -1, "degree-exponent is -1 (expected 0 to 100)" },
        { "degree_exponent", INFINITY, "degree-exponent is inf (expected a finite number)" },
        { "size_exponent", NAN, "size-exponent is nan (expected 0 to 100)" },
        { "min_size", -1, "min-size is -1 (expected 0 to" },
        { "min_size", 51, "min-size is 51 (expected at most max-size, 50)" },
        { "max_size", -1, "max-size is -1 (expected 0 to" },
        { "max_size", 1001, "max-size is 1001 (expected at most nodes, 1000)" },
        { "max_size", 35, "max-size is 35 (expected at least 36: a node of max-degree has 35" },
    };
    kith_error err;

    (void)state;
    test_assert_refusals("lfr", refusals, sizeof refusals / sizeof *refusals);
    assert_kith_fails(kith_generate_lfr(NULL, NULL, NULL, &err), KITH_E_ARGUMENT, "out", err);
}

static void refuses_options_that_contradict_one_another(void **state)
{
    const kith_lfr_options defaults = KITH_LFR_OPTIONS_INIT;
    kith_lfr_options o = defaults;

    (void)state;
    o.min_size = 400;
    o.max_size = 450; /* two make at most 900 nodes, three at least 1200 */
    test_assert_refused("lfr", &o, "min-size is 400 (expected at most 333: 1000 nodes make 3");

    o = defaults;
    o.min_size = o.max_size = o.nodes;
    test_assert_refused("lfr", &o, "mixing is 0.3 (expected less, or smaller communities: 1000 of "
                                   "the 1000 nodes are in one");

    o = defaults; /* 110 nodes: 50 + 50 + 10, but ten nodes of degree 45 do not fit 10 places */
    o.nodes = 110;
    o.max_degree = 50;
    o.degree = 50;
    o.mixing = .1;
    o.min_size = 10;
    o.max_size = 50;
    test_assert_refused("lfr", &o, "max-size is 50 (expected larger: 110 nodes have 45 neighbours");

    o = defaults; /* three nodes with one neighbour each: one of them has none */
    o.nodes = 999;
    o.mixing = 0;
    o.max_degree = 1;
    o.degree = 1;
    o.min_size = o.max_size = 3;
    test_assert_refused("lfr", &o, "degree is 1 (expected another, or other sizes of communities");
}

static void refuses_what_memory_cannot_hold(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err;

    (void)state;
    o.nodes = 4000000000;
    o.degree = 1000;
    o.max_degree = 100000;
    assert_kith_fails(kith_generate_lfr(&o, &graph, NULL, &err), KITH_E_MEMORY, "MiB", err);
    assert_null(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_promises_of_its_options),
        cmocka_unit_test(degrees_follow_their_power_law),
        cmocka_unit_test(community_sizes_follow_their_power_law),
        cmocka_unit_test(without_mixing_no_edge_leaves_a_community),
        cmocka_unit_test(with_full_mixing_every_edge_leaves_its_community),
        cmocka_unit_test(is_regular_when_the_mean_degree_is_the_largest),
        cmocka_unit_test(makes_the_benchmark_of_girvan_and_newman),
        cmocka_unit_test(full_communities_are_cliques),
        cmocka_unit_test(one_community_without_mixing_is_a_random_graph),
        cmocka_unit_test(ids_say_nothing_about_communities_or_degrees),
        cmocka_unit_test(what_is_left_of_the_nodes_finds_a_community_within_the_bounds),
        cmocka_unit_test(dissolves_small_communities_that_cannot_hold_the_degrees),
        cmocka_unit_test(an_automatic_range_always_has_room_for_the_largest_degree),
        cmocka_unit_test(communities_are_found_at_weak_mixing_and_lost_at_strong),
        cmocka_unit_test(gives_the_graph_alone),
        cmocka_unit_test(is_the_same_on_any_number_of_threads),
        cmocka_unit_test(can_be_cancelled_at_every_poll),
        cmocka_unit_test(refuses_options_outside_their_range),
        cmocka_unit_test(refuses_options_that_contradict_one_another),
        cmocka_unit_test(refuses_what_memory_cannot_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
