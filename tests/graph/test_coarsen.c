/* Coarse graphs: against a dense S^T A S, and what must stay the same. */
#include "support/graphs.h"

#include "core/random.h"

enum { NODES = 30, COMMUNITIES = 7 };

static void draw_labels(uint64_t seed, int64_t *labels)
{
    kith_i_random r = kith_i_random_at(seed, 2, 0);

    for (int64_t v = 0; v < NODES; v++) labels[v] = (int64_t)kith_i_random_below(&r, COMMUNITIES);
}

/* Weight between communities; an undirected edge inside one counts once. */
static void dense_coarse(const kith_graph *graph, const int64_t *labels,
                         double coarse[COMMUNITIES][COMMUNITIES])
{
    const bool directed = kith_graph_directed(graph);

    memset(coarse, 0, sizeof(double[COMMUNITIES][COMMUNITIES]));
    for (int64_t v = 0; v < NODES; v++)
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            if (!directed && labels[u] == labels[v] && u < v) continue;
            coarse[labels[v]][labels[u]] += kith_graph_weight(graph, e);
        }
}

static void is_the_product_with_the_indicator_on_both_sides(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        const test_random what = { NODES, 0.2, seed & 1, seed & 2, seed & 4, seed };
        kith_graph *graph = test_random_graph(&what), *coarse = NULL;
        kith_run run = KITH_RUN_INIT(kith_run);
        double expected[COMMUNITIES][COMMUNITIES];
        int64_t labels[NODES], entries = 0;
        kith_error err = { 0 };
        draw_labels(seed, labels);
        run.threads = 1 + (int64_t)(seed % 4);
        assert_kith(kith_graph_coarsen(graph, labels, COMMUNITIES, &run, &coarse, &err), err);
        dense_coarse(graph, labels, expected);
        assert_int_equal(kith_graph_nodes(coarse), COMMUNITIES);
        for (int64_t c = 0; c < COMMUNITIES; c++)
            for (int64_t e = kith_graph_offsets(coarse)[c]; e < kith_graph_offsets(coarse)[c + 1];
                 e++)
                assert_true(kith_graph_weight(coarse, e) ==
                            expected[c][kith_graph_targets(coarse)[e]]);
        for (int64_t c = 0; c < COMMUNITIES; c++)
            for (int64_t d = 0; d < COMMUNITIES; d++) entries += expected[c][d] != 0;
        assert_int_equal(kith_graph_entries(coarse), entries);
        assert_near(test_total_weight(coarse), test_total_weight(graph), 1e-12);
        kith_graph_free(graph);
        kith_graph_free(coarse);
    }
}

static void strengths_add_up(void **state)
{
    const test_random what = { NODES, 0.3, true, true, false, 9 };
    kith_graph *graph = test_random_graph(&what), *coarse = NULL;
    double fine[NODES], sum[COMMUNITIES] = { 0 }, got[COMMUNITIES];
    int64_t labels[NODES];
    kith_error err = { 0 };

    (void)state;
    draw_labels(3, labels);
    assert_kith(kith_graph_coarsen(graph, labels, COMMUNITIES, NULL, &coarse, &err), err);
    assert_kith(kith_graph_strengths(graph, NULL, fine, NULL, &err), err);
    assert_kith(kith_graph_strengths(coarse, NULL, got, NULL, &err), err);
    for (int64_t v = 0; v < NODES; v++) sum[labels[v]] += fine[v];
    for (int64_t c = 0; c < COMMUNITIES; c++) assert_near(got[c], sum[c], 1e-12);
    kith_graph_free(graph);
    kith_graph_free(coarse);
}

static void signed_weights_that_cancel_leave_no_edge(void **state)
{
    const int64_t sources[] = { 0, 1, 0 }, targets[] = { 2, 3, 4 }, labels[] = { 0, 0, 1, 1, 2 };
    const double weights[] = { 1, -1, 3 };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL, *coarse = NULL;
    kith_error err = { 0 };

    (void)state;
    o.signed_weights = true;
    assert_kith(kith_graph_from_edges(5, 3, sources, targets, weights, &o, &graph, &err), err);
    assert_kith(kith_graph_coarsen(graph, labels, 3, NULL, &coarse, &err), err);
    assert_int_equal(kith_graph_edges(coarse), 1);
    assert_true(kith_graph_weight(coarse, 0) == 3);
    kith_graph_free(graph);
    kith_graph_free(coarse);
}

static void refuses_labels_out_of_range(void **state)
{
    const int64_t labels[] = { 0, 1, 2, 0 };
    kith_graph *graph = test_path(4), *coarse = NULL;
    kith_error err;

    (void)state;
    assert_kith_fails(kith_graph_coarsen(graph, labels, 2, NULL, &coarse, &err), KITH_E_INPUT,
                      "label 2 of node 2 (expected 0 to 1)", err);
    assert_null(coarse);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_product_with_the_indicator_on_both_sides),
        cmocka_unit_test(strengths_add_up),
        cmocka_unit_test(signed_weights_that_cancel_leave_no_edge),
        cmocka_unit_test(refuses_labels_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
