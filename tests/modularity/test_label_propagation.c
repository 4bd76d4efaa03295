/* Label propagation: its fixed point, connected communities, planted structure. */
#include "support/graphs.h"

static kith_partition *propagate(const kith_graph *graph,
                                 const kith_label_propagation_options *options)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_label_propagation(graph, options, &p, &err), err);
    return p;
}

static void finds_cliques_that_nothing_joins(void **state)
{
    kith_graph *graph = test_cliques(7, 5, false);
    kith_partition *p = propagate(graph, NULL);

    (void)state;
    assert_int_equal(kith_partition_communities(p), 7);
    for (int64_t v = 0; v < 35; v++) assert_int_equal(kith_partition_labels(p)[v], v / 5);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void communities_are_connected(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        const test_random what = { 60,       0.03 + 0.002 * (double)(seed % 20),
                                   seed & 1, seed & 2,
                                   false,    seed };
        kith_graph *graph = test_random_graph(&what);
        kith_label_propagation_options o = KITH_LABEL_PROPAGATION_OPTIONS_INIT;
        o.run.seed = seed;
        o.batches = seed % 4;
        kith_partition *p = propagate(graph, &o);
        test_assert_connected(graph, p);
        assert_true(isnan(kith_partition_quality(p)));
        kith_partition_free(p);
        kith_graph_free(graph);
    }
}

/* The weight from v to each community. */
static void weights_to(const kith_graph *graph, const kith_partition *p, int64_t v, double *weight)
{
    for (int64_t c = 0; c < kith_partition_communities(p); c++) weight[c] = 0;
    for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++)
        if (kith_graph_targets(graph)[e] != v)
            weight[kith_partition_labels(p)[kith_graph_targets(graph)[e]]]
                += kith_graph_weight(graph, e);
}

static void at_the_end_every_node_has_a_label_of_largest_weight(void **state)
{
    /* Splitting a label takes nothing from its nodes: neighbours of the same label share a part. */
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        const test_random what = { .nodes = 40, .density = 0.12, .weighted = seed & 1,
                                   .loops = seed & 2, .seed = seed };
        kith_graph *graph = test_random_graph(&what);
        kith_label_propagation_options o = KITH_LABEL_PROPAGATION_OPTIONS_INIT;
        double weight[64];
        o.run.seed = seed;
        o.iterations = 0;
        o.batches = seed % 5;
        kith_partition *p = propagate(graph, &o);
        assert_true(kith_partition_converged(p));
        for (int64_t v = 0; v < 40; v++) {
            weights_to(graph, p, v, weight);
            const double own = weight[kith_partition_labels(p)[v]];
            for (int64_t c = 0; c < kith_partition_communities(p); c++)
                assert_true(weight[c] <= own);
        }
        kith_partition_free(p);
        kith_graph_free(graph);
    }
}

static void ends_without_a_cap_also_when_all_nodes_choose_at_once(void **state)
{
    (void)state;
    for (int64_t nodes = 3; nodes < 30; nodes++) {
        kith_graph *graph = test_ring(nodes);
        kith_label_propagation_options o = KITH_LABEL_PROPAGATION_OPTIONS_INIT;
        o.iterations = 0;
        o.run.time_limit = 10;
        for (o.run.seed = 0; o.run.seed < 20; o.run.seed++)
            for (o.batches = 1; o.batches < 3; o.batches++) {
                kith_partition *p = propagate(graph, &o);
                assert_true(kith_partition_converged(p));
                kith_partition_free(p);
            }
        kith_graph_free(graph);
    }
}

static void a_heavy_edge_outweighs_two_light_ones(void **state)
{
    /* Two triangles share no node; 2 hangs on the second triangle by a heavier edge. */
    static const int64_t pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 },
                                        { 3, 4 }, { 3, 5 }, { 4, 5 } };
    static const double weights[] = { 5, 1, 1, 10, 5, 5, 5 };
    kith_graph *graph = test_graph(6, 7, pairs, weights);
    kith_label_propagation_options o = KITH_LABEL_PROPAGATION_OPTIONS_INIT;

    (void)state;
    for (o.run.seed = 0; o.run.seed < 10; o.run.seed++) {
        kith_partition *p = propagate(graph, &o);
        const int64_t *labels = kith_partition_labels(p);
        assert_int_equal(labels[2], labels[3]);
        assert_int_equal(labels[0], labels[1]);
        kith_partition_free(p);
    }
    kith_graph_free(graph);
}

static void no_community_exceeds_the_largest_size(void **state)
{
    kith_graph *graph = test_cliques(3, 8, true);
    kith_label_propagation_options o = KITH_LABEL_PROPAGATION_OPTIONS_INIT;

    (void)state;
    for (o.max_community_size = 1; o.max_community_size < 8; o.max_community_size++)
        for (o.batches = 0; o.batches < 3; o.batches++) {
            kith_partition *p = propagate(graph, &o);
            assert_true(kith_partition_sizes(p)[0] <= o.max_community_size);
            kith_partition_free(p);
        }
    kith_graph_free(graph);
}

static void starts_from_the_initial_partition(void **state)
{
    /* One label everywhere is a fixed point that a cold start does not reach on two cliques. */
    kith_graph *graph = test_two_k4();
    kith_label_propagation_options o = KITH_LABEL_PROPAGATION_OPTIONS_INIT;
    kith_partition *one = NULL;
    kith_error err = { 0 };
    const int64_t labels[8] = { 0 };

    (void)state;
    assert_kith(kith_partition_from_labels(8, labels, NULL, &one, &err), err);
    o.initial = one;
    kith_partition *p = propagate(graph, &o);
    assert_int_equal(kith_partition_communities(p), 1);
    kith_partition_free(p);
    kith_partition_free(one);
    kith_graph_free(graph);
}

static void batches_give_the_same_labels_on_any_number_of_threads(void **state)
{
    const test_random what = { .nodes = 3000, .density = 0.002, .weighted = true, .seed = 2 };
    kith_graph *graph = test_random_graph(&what);
    kith_label_propagation_options o = KITH_LABEL_PROPAGATION_OPTIONS_INIT;

    (void)state;
    o.batches = 10;
    o.run.threads = 1;
    kith_partition *alone = propagate(graph, &o);
    assert_true(kith_partition_communities(alone) > 1);
    for (o.run.threads = 2; o.run.threads < 5; o.run.threads++) {
        kith_partition *p = propagate(graph, &o);
        test_assert_same(alone, p);
        kith_partition_free(p);
    }
    kith_partition_free(alone);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_cliques_that_nothing_joins),
        cmocka_unit_test(communities_are_connected),
        cmocka_unit_test(at_the_end_every_node_has_a_label_of_largest_weight),
        cmocka_unit_test(ends_without_a_cap_also_when_all_nodes_choose_at_once),
        cmocka_unit_test(a_heavy_edge_outweighs_two_light_ones),
        cmocka_unit_test(no_community_exceeds_the_largest_size),
        cmocka_unit_test(starts_from_the_initial_partition),
        cmocka_unit_test(batches_give_the_same_labels_on_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
