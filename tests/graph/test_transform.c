/* Subgraph, largest component, symmetrise: against dense matrices. */
#include "support/graphs.h"

#include "core/random.h"
#include "graph/names.h"
#include "graph/view.h"

#include <stdlib.h>

enum { NODES = 24 };

/* Entry (u, v) of a small graph's adjacency, 0 when there is none. */
static double entry(const kith_graph *graph, int64_t u, int64_t v)
{
    const int64_t *offsets = kith_graph_offsets(graph);

    for (int64_t e = offsets[u]; e < offsets[u + 1]; e++)
        if (kith_graph_targets(graph)[e] == v) return kith_graph_weight(graph, e);
    return 0;
}

/* Rows that ascend, no zero, as many entries as a dense matrix would hold, symmetric if undirected.
 */
static void assert_well_formed(const kith_graph *graph)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    bool ones = true;

    assert_int_equal(offsets[0], 0);
    assert_int_equal(offsets[n], kith_graph_entries(graph));
    for (int64_t v = 0; v < n; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            const uint32_t u = kith_graph_targets(graph)[e];
            assert_true(u < n);
            assert_true(e == offsets[v] || kith_graph_targets(graph)[e - 1] < u);
            assert_true(kith_graph_weight(graph, e) != 0);
            ones = ones && kith_graph_weight(graph, e) == 1;
            if (!kith_graph_directed(graph))
                assert_true(entry(graph, u, v) == kith_graph_weight(graph, e));
        }
    assert_int_equal(kith_graph_weighted(graph), !ones);
}

/* The random graph of a seed: every mix of weights, loops and direction comes up. */
static kith_graph *mixed_graph(uint64_t seed)
{
    const test_random what = { .nodes = NODES, .density = 0.3, .weighted = seed & 1,
                               .loops = seed & 2, .directed = seed & 4, .seed = seed };

    return test_random_graph(&what);
}

/* Gives the nodes of a graph that nobody else uses yet the names "a", "b", ... */
static void name_nodes(kith_graph *graph)
{
    kith_error err = { 0 };
    int64_t id;

    assert_kith(kith_i_names_new(&graph->names, &err), err);
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++) {
        const char name = (char)('a' + v);
        assert_kith(kith_i_names_add(graph->names, &name, 1, &id, &err), err);
    }
}

static void a_subgraph_has_the_entries_between_its_nodes(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 80; seed++) {
        kith_graph *graph = mixed_graph(seed), *part = NULL;
        kith_i_random r = kith_i_random_at(seed, 1, 0);
        const int64_t count = (int64_t)kith_i_random_below(&r, NODES + 1);
        uint32_t order[NODES];
        int64_t nodes[NODES];
        kith_error err = { 0 };
        kith_i_random_order(order, NODES, &r);
        for (int i = 0; i < NODES; i++) nodes[i] = order[i];
        assert_kith(kith_graph_subgraph(graph, count, nodes, NULL, &part, &err), err);
        assert_int_equal(kith_graph_nodes(part), count);
        assert_int_equal(kith_graph_directed(part), kith_graph_directed(graph));
        assert_well_formed(part);
        for (int64_t i = 0; i < count; i++)
            for (int64_t j = 0; j < count; j++)
                assert_true(entry(part, i, j) == entry(graph, nodes[i], nodes[j]));
        kith_graph_free(graph);
        kith_graph_free(part);
    }
}

static void a_subgraph_takes_names_along(void **state)
{
    kith_graph *graph = test_path(5), *part = NULL;
    const int64_t nodes[] = { 4, 1 };
    kith_error err = { 0 };

    (void)state;
    name_nodes(graph);
    assert_kith(kith_graph_subgraph(graph, 2, nodes, NULL, &part, &err), err);
    kith_graph_free(graph);
    assert_string_equal(kith_graph_name(part, 0), "e");
    assert_string_equal(kith_graph_name(part, 1), "b");
    assert_int_equal(kith_graph_find(part, "b"), 1);
    assert_int_equal(kith_graph_find(part, "a"), -1);
    kith_graph_free(part);
}

static void a_subgraph_refuses_nodes_twice_or_out_of_range(void **state)
{
    kith_graph *graph = test_path(3), *part = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_graph_subgraph(graph, 2, (int64_t[]){ 1, 1 }, NULL, &part, &err),
                      KITH_E_ARGUMENT, "node 1 is given twice", err);
    assert_kith_fails(kith_graph_subgraph(graph, 1, (int64_t[]){ 3 }, NULL, &part, &err),
                      KITH_E_ARGUMENT, "node 3 is not in the graph (expected 0 to 2)", err);
    assert_kith_fails(kith_graph_subgraph(graph, 1, (int64_t[]){ -1 }, NULL, &part, &err),
                      KITH_E_ARGUMENT, "node -1", err);
    assert_kith_fails(kith_graph_subgraph(graph, 4, NULL, NULL, &part, &err), KITH_E_ARGUMENT,
                      "count is 4 (expected 0 to 3", err);
    assert_kith_fails(kith_graph_subgraph(graph, 1, NULL, NULL, &part, &err), KITH_E_ARGUMENT,
                      "nodes must not be NULL", err);
    assert_kith_fails(kith_graph_subgraph(NULL, 0, NULL, NULL, &part, &err), KITH_E_ARGUMENT,
                      "graph", err);
    assert_kith_fails(kith_graph_subgraph(graph, 0, NULL, NULL, NULL, &err), KITH_E_ARGUMENT, "out",
                      err);
    assert_null(part);
    kith_graph_free(graph);
}

static void the_largest_component_comes_with_its_nodes(void **state)
{
    /* {0, 6}, a triangle {1, 3, 5}, a triangle {2, 4, 7}, and 8 alone */
    const int64_t pairs[][2] = { { 0, 6 }, { 1, 3 }, { 3, 5 }, { 5, 1 },
                                 { 2, 4 }, { 4, 7 }, { 7, 2 } };
    const double weights[] = { 1, 2, 3, 4, 5, 6, 7 };
    kith_graph *graph = test_graph(9, 7, pairs, weights), *part = NULL;
    int64_t *original = NULL;
    kith_error err = { 0 };

    (void)state;
    name_nodes(graph);
    assert_kith(kith_graph_largest_component(graph, NULL, &part, &original, &err), err);
    assert_int_equal(kith_graph_nodes(part), 3);
    assert_well_formed(part);
    assert_memory_equal(original, ((int64_t[]){ 1, 3, 5 }), 3 * sizeof *original);
    assert_true(entry(part, 0, 1) == 2);
    assert_true(entry(part, 2, 0) == 4);
    assert_string_equal(kith_graph_name(part, 2), "f");
    free(original);
    kith_graph_free(part);
    assert_kith(kith_graph_largest_component(graph, NULL, &part, NULL, &err), err);
    assert_int_equal(kith_graph_nodes(part), 3);
    kith_graph_free(part);
    kith_graph_free(graph);
    assert_kith_fails(kith_graph_largest_component(NULL, NULL, &part, &original, &err),
                      KITH_E_ARGUMENT, "graph", err);
    assert_null(part);
    assert_null(original);
}

static void graphs_without_nodes_or_edges_have_transforms_too(void **state)
{
    (void)state;
    for (int64_t n = 0; n < 3; n++)
        for (int directed = 0; directed < 2; directed++) {
            const test_random what = { .nodes = n, .directed = directed };
            kith_graph *graph = test_random_graph(&what), *part = NULL;
            int64_t *original = NULL;
            kith_error err = { 0 };
            assert_kith(kith_graph_largest_component(graph, NULL, &part, &original, &err), err);
            assert_int_equal(kith_graph_nodes(part), n ? 1 : 0);
            assert_non_null(original);
            free(original);
            kith_graph_free(part);
            assert_kith(kith_graph_subgraph(graph, 0, NULL, NULL, &part, &err), err);
            assert_int_equal(kith_graph_nodes(part), 0);
            kith_graph_free(part);
            assert_kith(kith_graph_symmetrise(graph, KITH_DUPLICATES_AUTO, NULL, &part, &err), err);
            assert_int_equal(kith_graph_nodes(part), n);
            assert_int_equal(kith_graph_entries(part), 0);
            assert_false(kith_graph_directed(part));
            kith_graph_free(part);
            kith_graph_free(graph);
        }
}

/* The weight of {u, v} by the definition. */
static double undirected(const kith_graph *graph, kith_duplicates rule, int64_t u, int64_t v)
{
    const double low = entry(graph, u < v ? u : v, u < v ? v : u);
    const double high = entry(graph, u < v ? v : u, u < v ? u : v);
    const bool sum = rule == KITH_DUPLICATES_SUM ||
                     (rule == KITH_DUPLICATES_AUTO && kith_graph_weighted(graph));

    if (u == v || !kith_graph_directed(graph)) return low;
    if (sum) return low + high;
    return low != 0 ? low : high;
}

static void symmetrising_joins_both_arcs_by_the_rule(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 120; seed++) {
        const kith_duplicates rule = (kith_duplicates)(seed / 8 % 3);
        kith_graph *graph = mixed_graph(seed), *out = NULL;
        kith_error err = { 0 };
        assert_kith(kith_graph_symmetrise(graph, rule, NULL, &out, &err), err);
        assert_false(kith_graph_directed(out));
        assert_int_equal(kith_graph_nodes(out), NODES);
        assert_well_formed(out);
        for (int64_t u = 0; u < NODES; u++)
            for (int64_t v = 0; v < NODES; v++)
                assert_true(entry(out, u, v) == undirected(graph, rule, u, v));
        kith_graph_free(graph);
        kith_graph_free(out);
    }
}

static kith_graph *directed_pair(double forth, double back)
{
    const int64_t sources[] = { 0, 1, 2 }, targets[] = { 1, 0, 2 };
    const double weights[] = { forth, back, 5 };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    o.direction = KITH_DIRECTED;
    o.signed_weights = true;
    assert_kith(kith_graph_from_edges(3, 3, sources, targets, weights, &o, &graph, &err), err);
    return graph;
}

static void arcs_of_opposite_weight_cancel(void **state)
{
    kith_graph *graph = directed_pair(2, -2), *out = NULL;
    kith_error err = { 0 };

    (void)state;
    name_nodes(graph);
    assert_kith(kith_graph_symmetrise(graph, KITH_DUPLICATES_SUM, NULL, &out, &err), err);
    kith_graph_free(graph);
    assert_well_formed(out);
    assert_int_equal(kith_graph_entries(out), 1);
    assert_true(entry(out, 2, 2) == 5);
    assert_string_equal(kith_graph_name(out, 2), "c");
    kith_graph_free(out);
}

static void symmetrising_refuses_both_arcs_when_asked(void **state)
{
    kith_graph *graph = directed_pair(2, 3), *out = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_graph_symmetrise(graph, KITH_DUPLICATES_REFUSE, NULL, &out, &err),
                      KITH_E_INPUT, "arcs (0, 1) and (1, 0)", err);
    assert_kith_fails(kith_graph_symmetrise(graph, (kith_duplicates)9, NULL, &out, &err),
                      KITH_E_ARGUMENT, "rule is 9", err);
    assert_kith_fails(kith_graph_symmetrise(NULL, KITH_DUPLICATES_SUM, NULL, &out, &err),
                      KITH_E_ARGUMENT, "graph", err);
    assert_kith_fails(kith_graph_symmetrise(graph, KITH_DUPLICATES_SUM, NULL, NULL, &err),
                      KITH_E_ARGUMENT, "out", err);
    assert_null(out);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subgraph_has_the_entries_between_its_nodes),
        cmocka_unit_test(a_subgraph_takes_names_along),
        cmocka_unit_test(a_subgraph_refuses_nodes_twice_or_out_of_range),
        cmocka_unit_test(the_largest_component_comes_with_its_nodes),
        cmocka_unit_test(graphs_without_nodes_or_edges_have_transforms_too),
        cmocka_unit_test(symmetrising_joins_both_arcs_by_the_rule),
        cmocka_unit_test(arcs_of_opposite_weight_cancel),
        cmocka_unit_test(symmetrising_refuses_both_arcs_when_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
