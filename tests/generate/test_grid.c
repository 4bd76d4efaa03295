/* The grid and the torus: counts in closed form, and neighbours where they should be. */
#include "support/generators.h"

#include <stdlib.h>

static kith_graph *grid(int64_t rows, int64_t columns, bool periodic)
{
    kith_grid_options o = KITH_GRID_OPTIONS_INIT;

    o.rows = rows;
    o.columns = columns;
    o.periodic = periodic;
    return test_generate("grid", &o, NULL);
}

/* Steps from one place to another along a line, the short way round on a ring. */
static int64_t distance(int64_t a, int64_t b, int64_t length, bool periodic)
{
    const int64_t d = a < b ? b - a : a - b;

    return periodic && length - d < d ? length - d : d;
}

static void assert_neighbours(const kith_graph *graph, int64_t rows, int64_t columns, bool periodic)
{
    const int64_t *offsets = kith_graph_offsets(graph);

    for (int64_t u = 0; u < kith_graph_nodes(graph); u++)
        for (int64_t e = offsets[u]; e < offsets[u + 1]; e++) {
            const int64_t v = kith_graph_targets(graph)[e];
            assert_int_equal(distance(u / columns, v / columns, rows, periodic)
                                 + distance(u % columns, v % columns, columns, periodic), 1);
        }
}

static void a_grid_has_the_edges_of_its_closed_form(void **state)
{
    (void)state;
    for (int64_t r = 1; r < 7; r++)
        for (int64_t c = 1; c < 7; c++) {
            kith_graph *graph = grid(r, c, false);
            assert_int_equal(kith_graph_nodes(graph), r * c);
            assert_int_equal(kith_graph_edges(graph), r * (c - 1) + c * (r - 1));
            test_assert_simple(graph);
            assert_neighbours(graph, r, c, false);
            kith_graph_free(graph);
        }
}

static void a_torus_has_no_repeated_edges_where_it_is_one_or_two_wide(void **state)
{
    static const int64_t along[] = { 0, 0, 1, 3, 4, 5, 6 }; /* edges of a ring of that many nodes */

    (void)state;
    for (int64_t r = 1; r < 7; r++)
        for (int64_t c = 1; c < 7; c++) {
            kith_graph *graph = grid(r, c, true);
            assert_int_equal(kith_graph_edges(graph), r * along[c] + c * along[r]);
            test_assert_simple(graph);
            assert_neighbours(graph, r, c, true);
            kith_graph_free(graph);
        }
}

static void every_node_of_a_torus_has_four_neighbours(void **state)
{
    kith_graph *graph = grid(97, 211, true); /* several blocks of nodes */

    (void)state;
    assert_int_equal(kith_graph_edges(graph), 2 * 97 * 211);
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++)
        assert_int_equal(test_degree(graph, v), 4);
    kith_graph_free(graph);
}

static void a_grid_has_four_corners_and_a_rim(void **state)
{
    kith_graph *graph = grid(103, 89, false);
    int64_t count[5] = { 0 };

    (void)state;
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++) count[test_degree(graph, v)]++;
    assert_int_equal(count[2], 4);
    assert_int_equal(count[3], 2 * (101 + 87));
    assert_int_equal(count[4], 101 * 87);
    kith_graph_free(graph);
}

static void plants_no_truth(void **state)
{
    kith_partition *truth = (kith_partition *)state;
    kith_graph *graph = NULL;
    kith_error err;

    assert_kith(kith_generate_grid(NULL, &graph, &truth, &err), err);
    assert_null(truth);
    assert_int_equal(kith_graph_nodes(graph), 100 * 100);
    kith_graph_free(graph);
}

static void is_the_same_on_any_number_of_threads(void **state)
{
    kith_grid_options o = KITH_GRID_OPTIONS_INIT;

    (void)state;
    test_assert_reproducible("grid", &o, false);
}

static void can_be_cancelled_at_every_poll(void **state)
{
    kith_grid_options o = KITH_GRID_OPTIONS_INIT;

    (void)state;
    test_assert_cancellable("grid", &o);
}

static void refuses_what_is_no_grid(void **state)
{
    static const test_refusal refusals[] = {
        { "rows", 0, "rows is 0 (expected 1 to" },
        { "columns", -5, "columns is -5 (expected 1 to" },
        { "rows", 4294967294, "the graph has 429496729400 nodes (expected at most 4294967294)" },
    };
    kith_error err;

    (void)state;
    test_assert_refusals("grid", refusals, sizeof refusals / sizeof *refusals);
    assert_kith_fails(kith_generate_grid(NULL, NULL, NULL, &err), KITH_E_ARGUMENT, "out", err);
}

static void refuses_what_memory_cannot_hold(void **state)
{
    kith_grid_options o = KITH_GRID_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err;

    (void)state;
    o.rows = 64000;
    o.columns = 64000;
    if (kith_generate_grid(&o, &graph, NULL, &err) == KITH_OK) { /* on a machine of 300 GB */
        kith_graph_free(graph);
        return;
    }
    assert_int_equal(err.status, KITH_E_MEMORY);
    assert_non_null(strstr(err.message, "MiB"));
    assert_null(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_has_the_edges_of_its_closed_form),
        cmocka_unit_test(a_torus_has_no_repeated_edges_where_it_is_one_or_two_wide),
        cmocka_unit_test(every_node_of_a_torus_has_four_neighbours),
        cmocka_unit_test(a_grid_has_four_corners_and_a_rim),
        cmocka_unit_test(plants_no_truth),
        cmocka_unit_test(is_the_same_on_any_number_of_threads),
        cmocka_unit_test(can_be_cancelled_at_every_poll),
        cmocka_unit_test(refuses_what_is_no_grid),
        cmocka_unit_test(refuses_what_memory_cannot_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
