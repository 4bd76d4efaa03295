/* Components: against union-find, in the canonical order, the same on any number of threads. */
#include "support/graphs.h"

#include <stdlib.h>

#include <omp.h>

static int64_t root(int64_t *parent, int64_t v)
{
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
}

/* Components by union-find, numbered by decreasing size, ties by the lowest node; returns how
 * many. */
static int64_t oracle(const kith_graph *graph, int64_t *labels)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    int64_t *parent = malloc((size_t)(n + 1) * sizeof *parent), count = 0;
    int64_t *size = calloc((size_t)n + 1, sizeof *size);

    for (int64_t v = 0; v < n; v++) parent[v] = v;
    for (int64_t v = 0; v < n; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            const int64_t a = root(parent, v), b = root(parent, kith_graph_targets(graph)[e]);
            parent[a < b ? b : a] = a < b ? a : b;
        }
    for (int64_t v = 0; v < n; v++) size[root(parent, v)]++;
    for (bool more = n > 0; more;) {
        int64_t largest = 0;
        for (int64_t v = 1; v < n; v++)
            if (size[v] > size[largest]) largest = v;
        more = size[largest] > 0;
        if (!more) break;
        for (int64_t v = 0; v < n; v++)
            if (root(parent, v) == largest) labels[v] = count;
        size[largest] = 0;
        count++;
    }
    free(parent);
    free(size);
    return count;
}

static void assert_components(const kith_graph *graph)
{
    const int64_t n = kith_graph_nodes(graph);
    int64_t *labels = malloc((size_t)(n + 1) * sizeof *labels), count = -1;
    int64_t *expected = malloc((size_t)(n + 1) * sizeof *expected);
    kith_error err = { 0 };

    assert_kith(kith_graph_components(graph, NULL, labels, &count, &err), err);
    assert_int_equal(count, oracle(graph, expected));
    for (int64_t v = 0; v < n; v++) assert_int_equal(labels[v], expected[v]);
    free(labels);
    free(expected);
}

static void agree_with_union_find_on_random_graphs(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 120; seed++) {
        const test_random what = { .nodes = 1 + (int64_t)seed % 60, .density = 0.03,
                                   .weighted = seed & 1, .loops = seed & 2, .directed = seed & 4,
                                   .seed = seed };
        kith_graph *graph = test_random_graph(&what);
        assert_components(graph);
        kith_graph_free(graph);
    }
}

static void paths_and_stars_are_one_component(void **state)
{
    kith_graph *graphs[] = { test_path(2000), test_star(2000), test_cliques(50, 4, true) };

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_components(graphs[i]);
        kith_graph_free(graphs[i]);
    }
}

/* A path whose nodes are numbered at random, all arcs pointing one way: far from any easy order. */
static void a_shuffled_directed_path_is_one_component(void **state)
{
    enum { COUNT = 3000 };
    int64_t order[COUNT], count, labels[COUNT];
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    (void)state;
    for (int64_t i = 0; i < COUNT; i++) order[i] = i * 1237 % COUNT; /* coprime */
    o.direction = KITH_DIRECTED;
    assert_kith(kith_graph_from_edges(COUNT, COUNT - 1, order, order + 1, NULL, &o, &graph, &err),
                err);
    assert_kith(kith_graph_components(graph, NULL, labels, &count, &err), err);
    assert_int_equal(count, 1);
    for (int64_t v = 0; v < COUNT; v++) assert_int_equal(labels[v], 0);
    kith_graph_free(graph);
}

static void nodes_without_edges_are_components_in_their_order(void **state)
{
    (void)state;
    for (int64_t n = 0; n < 4; n++) {
        kith_graph *graph = test_graph(n, 0, NULL, NULL);
        int64_t labels[4], count = -1;
        kith_error err = { 0 };
        assert_kith(kith_graph_components(graph, NULL, labels, &count, &err), err);
        assert_int_equal(count, n);
        for (int64_t v = 0; v < n; v++) assert_int_equal(labels[v], v);
        kith_graph_free(graph);
    }
}

static void are_the_same_on_any_number_of_threads(void **state)
{
    const test_random what = { .nodes = 3000, .density = 0.0003, .seed = 5 };
    kith_graph *graph = test_random_graph(&what);
    const int all = omp_get_max_threads();

    (void)state;
    for (int threads = 1; threads <= 8; threads *= 2) {
        omp_set_num_threads(threads);
        assert_components(graph);
    }
    omp_set_num_threads(all);
    kith_graph_free(graph);
}

static void refuses_missing_arguments(void **state)
{
    kith_graph *graph = test_path(3);
    kith_error err = { 0 };
    int64_t labels[3];

    (void)state;
    assert_kith_fails(kith_graph_components(NULL, NULL, labels, NULL, &err), KITH_E_ARGUMENT,
                      "graph", err);
    assert_kith_fails(kith_graph_components(graph, NULL, NULL, NULL, &err), KITH_E_ARGUMENT,
                      "labels", err);
    assert_kith(kith_graph_components(graph, NULL, labels, NULL, &err), err);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agree_with_union_find_on_random_graphs),
        cmocka_unit_test(paths_and_stars_are_one_component),
        cmocka_unit_test(a_shuffled_directed_path_is_one_component),
        cmocka_unit_test(nodes_without_edges_are_components_in_their_order),
        cmocka_unit_test(are_the_same_on_any_number_of_threads),
        cmocka_unit_test(refuses_missing_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
