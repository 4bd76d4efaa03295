/* The ring of cliques: counts in closed form, and the modularity of the paper. */
#include "support/generators.h"
#include "support/graphs.h"

static kith_graph *ring(int64_t cliques, int64_t size, kith_partition **truth)
{
    kith_ring_options o = KITH_RING_OPTIONS_INIT;

    o.cliques = cliques;
    o.size = size;
    return test_generate("ring", &o, truth);
}

static void has_the_edges_of_its_closed_form(void **state)
{
    (void)state;
    for (int64_t cliques = 1; cliques < 8; cliques++)
        for (int64_t size = 1; size < 8; size++) {
            kith_partition *truth = NULL;
            kith_graph *graph = ring(cliques, size, &truth);
            const int64_t joints = cliques == 1 ? 0 : cliques * size == 2 ? 1 : cliques;
            assert_int_equal(kith_graph_nodes(graph), cliques * size);
            assert_int_equal(kith_graph_edges(graph), cliques * size * (size - 1) / 2 + joints);
            test_assert_simple(graph);
            assert_int_equal(test_inner_edges(graph, truth), cliques * size * (size - 1) / 2);
            assert_int_equal(kith_partition_communities(truth), cliques);
            for (int64_t v = 0; v < cliques * size; v++)
                assert_int_equal(kith_partition_labels(truth)[v], v / size);
            kith_graph_free(graph);
            kith_partition_free(truth);
        }
}

static void joins_the_last_node_of_each_clique_to_the_first_of_the_next(void **state)
{
    kith_graph *graph = ring(400, 17, NULL); /* several blocks of nodes */

    (void)state;
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++)
        assert_int_equal(test_degree(graph, v), v % 17 == 0 || v % 17 == 16 ? 17 : 16);
    kith_graph_free(graph);
}

static void single_nodes_make_a_ring(void **state)
{
    kith_graph *graph = ring(50, 1, NULL);

    (void)state;
    for (int64_t v = 0; v < 50; v++) assert_int_equal(test_degree(graph, v), 2);
    kith_graph_free(graph);
}

static void has_the_modularity_of_the_paper(void **state)
{
    kith_partition *truth = NULL;
    kith_graph *graph = ring(30, 5, &truth);

    (void)state; /* Q_single = 1 - 2 / (m (m - 1) + 2) - 1 / n [Fortunato2007 eq. 13] */
    assert_near(test_modularity(graph, kith_partition_labels(truth), 1),
                1 - 2.0 / (5 * 4 + 2) - 1.0 / 30, 1e-12);
    kith_graph_free(graph);
    kith_partition_free(truth);
}

static void is_the_same_on_any_number_of_threads(void **state)
{
    kith_ring_options o = KITH_RING_OPTIONS_INIT;

    (void)state;
    o.cliques = 500;
    o.size = 40;
    test_assert_reproducible("ring", &o, false);
}

static void can_be_cancelled_at_every_poll(void **state)
{
    kith_ring_options o = KITH_RING_OPTIONS_INIT;

    (void)state;
    o.cliques = 500;
    o.size = 40;
    test_assert_cancellable("ring", &o);
}

static void refuses_what_is_no_ring(void **state)
{
    static const test_refusal refusals[] = {
        { "cliques", 0, "cliques is 0 (expected 1 to" },
        { "size", -1, "size is -1 (expected 1 to" },
        { "cliques", 4e9, "the graph has 20000000000 nodes (expected at most 4294967294)" },
    };
    kith_error err;

    (void)state;
    test_assert_refusals("ring", refusals, sizeof refusals / sizeof *refusals);
    assert_kith_fails(kith_generate_ring(NULL, NULL, NULL, &err), KITH_E_ARGUMENT, "out", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_edges_of_its_closed_form),
        cmocka_unit_test(joins_the_last_node_of_each_clique_to_the_first_of_the_next),
        cmocka_unit_test(single_nodes_make_a_ring),
        cmocka_unit_test(has_the_modularity_of_the_paper),
        cmocka_unit_test(is_the_same_on_any_number_of_threads),
        cmocka_unit_test(can_be_cancelled_at_every_poll),
        cmocka_unit_test(refuses_what_is_no_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
