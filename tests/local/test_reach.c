/* The part of a graph that a query has reached: slots, rows, strengths, other weights, damage. */
#include "support/graphs.h"

#include "local/reach.h"

#include <stdlib.h>

static kith_i_reach *take(const kith_graph *graph, const kith_i_weighing *weighing)
{
    kith_i_reach *reach = NULL;
    kith_error err = { 0 };

    assert_kith(kith_i_reach_take(graph, weighing, &(kith_i_poll){ 0 }, &reach, &err), err);
    return reach;
}

/* A row in slots is the row of the graph, and strengths are those of the graph. */
static void expect_rows(kith_i_reach *reach, const double *strength)
{
    const kith_graph *g = reach->graph;

    for (uint32_t slot = 0; slot < reach->count; slot++) {
        const uint32_t node = reach->nodes[slot];
        kith_error err = { 0 };
        kith_i_row row = { 0 };
        assert_kith(kith_i_reach_row(reach, slot, &row, &err), err);
        assert_int_equal(row.count, kith_i_degree(g, node));
        for (int64_t i = 0; i < row.count; i++) {
            const int64_t e = g->offsets[node] + i;
            const bool loop = g->targets[e] == node;
            assert_int_equal(reach->nodes[row.slots[i]], g->targets[e]);
            assert_true(kith_i_row_weight(&row, i) == (loop ? 2 : 1) * kith_i_weight(g, e));
        }
        assert_near(reach->strength[slot], strength[node], 1e-12);
    }
}

static void rows_in_slots_are_the_rows_of_the_graph(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 8; i++) {
        const test_random what = { .nodes = 300, .density = 0.05, .weighted = i & 1, .loops = i & 2,
                                   .seed = i };
        kith_graph *graph = test_random_graph(&what);
        kith_i_reach *reach = take(graph, NULL);
        kith_error err = { 0 };
        double strength[300];
        uint32_t slot;
        assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
        assert_kith(kith_i_reach_touch(reach, 17, &slot, &err), err);
        assert_int_equal(slot, 0);
        expect_rows(reach, strength); /* which reaches all there is to reach */
        assert_true(reach->count > 290);
        assert_true(reach->read_edges <= kith_graph_entries(graph));
        for (uint32_t node = 0; node < 300; node++) {
            const int64_t before = reach->count;
            assert_kith(kith_i_reach_touch(reach, node, &slot, &err), err);
            assert_int_equal(reach->nodes[slot], node);
            assert_true(reach->count == before || slot == before);
        }
        assert_int_equal(reach->count, 300);
        kith_i_reach_give(reach);
        kith_graph_free(graph);
    }
}

static void the_next_query_finds_nothing_touched(void **state)
{
    kith_graph *graph = test_path(5000);
    kith_error err = { 0 };
    uint32_t slot;

    (void)state;
    for (uint32_t round = 0; round < 50; round++) {
        kith_i_reach *reach = take(graph, NULL);
        assert_int_equal(reach->count, 0);
        for (uint32_t i = 0; i < 40 * round; i++) {
            const uint32_t node = (i * 37 + round) % 5000;
            assert_kith(kith_i_reach_touch(reach, node, &slot, &err), err);
            assert_int_equal(slot, i);
            assert_true(reach->field[0][slot] == 0 && reach->field[KITH_I_FIELDS - 1][slot] == 0);
            reach->field[0][slot] = reach->field[KITH_I_FIELDS - 1][slot] = 7;
        }
        kith_i_reach_give(reach);
    }
    kith_graph_free(graph);
}

/* An edge u, v weighs its weight times 1 + u + v. */
static kith_status weigh(void *context, uint32_t node, const uint32_t *neighbours, int64_t count,
                         double *weights, kith_error *err)
{
    const uint32_t *bad = context;

    for (int64_t i = 0; i < count; i++) {
        if (neighbours[i] == *bad) return kith_i_fail(err, KITH_E_INPUT, "node 13 is no good");
        weights[i] *= 1 + (double)node + (double)neighbours[i];
    }
    return KITH_OK;
}

static void other_weights_take_the_place_of_the_graphs(void **state)
{
    const test_random what = { .nodes = 30, .density = 0.3, .weighted = true, .seed = 3 };
    kith_graph *graph = test_random_graph(&what);
    double own[30];
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_graph_strengths(graph, NULL, own, NULL, &err), err);
    for (int lazy = 0; lazy < 2; lazy++) {
        uint32_t none = UINT32_MAX, slot;
        const kith_i_weighing weighing = { .row = weigh, .context = &none, .lazy = lazy };
        kith_i_reach *reach = take(graph, &weighing);
        kith_i_row row = { 0 };
        double sum = 0;
        assert_kith(kith_i_reach_touch(reach, 4, &slot, &err), err);
        if (lazy) assert_near(reach->strength[slot], own[4], 1e-12);
        const double at_once = reach->strength[slot];
        assert_kith(kith_i_reach_row(reach, slot, &row, &err), err);
        for (int64_t i = 0; i < row.count; i++) {
            const double weight = kith_i_weight(graph, graph->offsets[4] + i);
            const double factor = 1 + 4 + (double)reach->nodes[row.slots[i]];
            assert_near(kith_i_row_weight(&row, i), weight * factor, 1e-12);
            sum += kith_i_row_weight(&row, i);
        }
        assert_near(reach->strength[slot], sum, 1e-12);
        if (!lazy) assert_near(at_once, sum, 1e-12);
        assert_true(isinf(reach->total));
        kith_i_reach_give(reach);
    }
    kith_graph_free(graph);
}

/* Until a strength is measured it is a lower bound, of the edges from rows that were walked. */
static void a_patient_reach_measures_what_it_is_asked(void **state)
{
    const test_random what = { .nodes = 60, .density = 0.2, .weighted = true, .loops = true };
    kith_graph *graph = test_random_graph(&what);
    double strength[60], known[60] = { 0 };
    kith_error err = { 0 };
    uint32_t slot;

    (void)state;
    assert_kith(kith_graph_strengths(graph, NULL, strength, NULL, &err), err);
    kith_i_reach *reach = take(graph, NULL);
    reach->patient = true;
    assert_kith(kith_i_reach_touch(reach, 4, &slot, &err), err);
    for (slot = 0; slot < 3; slot++) {
        kith_i_row row = { 0 };
        assert_kith(kith_i_reach_row(reach, slot, &row, &err), err);
        for (int64_t i = 0; i < row.count; i++)
            known[reach->nodes[row.slots[i]]] += kith_i_row_weight(&row, i);
    }
    int64_t read = reach->read_edges;
    for (slot = 0; slot < reach->count; slot++) {
        const uint32_t v = reach->nodes[slot];
        assert_true(reach->measured[slot] == (slot < 3));
        assert_near(reach->strength[slot], slot < 3 ? strength[v] : known[v], 1e-8);
        if (slot < 3) continue;
        assert_true(reach->strength[slot] < known[v]);
        assert_kith(kith_i_reach_measure(reach, slot, &err), err);
        assert_true(reach->measured[slot]);
        assert_near(reach->strength[slot], strength[v], 1e-12);
        read += kith_i_degree(graph, v);
        assert_int_equal(reach->read_edges, read);
    }
    kith_i_reach_give(reach);
    kith_graph_free(graph);
}

static void weights_that_cannot_be_told_end_the_query(void **state)
{
    kith_graph *graph = test_path(40);
    kith_i_row row = { 0 };
    kith_error err = { 0 };
    uint32_t bad = 13, slot;

    (void)state;
    for (int lazy = 0; lazy < 2; lazy++) {
        const kith_i_weighing weighing = { .row = weigh, .context = &bad, .lazy = lazy };
        kith_i_reach *reach = take(graph, &weighing);
        kith_status status = kith_i_reach_touch(reach, 12, &slot, &err);
        if (lazy) status = kith_i_reach_row(reach, slot, &row, &err);
        assert_int_equal(status, KITH_E_INPUT);
        assert_non_null(strstr(err.message, "node 13 is no good"));
        kith_i_reach_give(reach);
    }
    kith_graph_free(graph);
}

/* A path of four nodes as if it lay in a file, and what somebody did to it. */
static void damaged_rows_are_found_when_they_are_read(void **state)
{
    static const struct {
        int64_t  offsets[5];
        uint32_t targets[6];
        const char *message;
    } cases[] = {
        { { 0, 1, 3, 5, 6 }, { 1, 0, 9, 1, 3, 2 }, "row 1 holds node 9" },
        { { 0, 1, 3, 5, 6 }, { 1, 2, 0, 1, 3, 2 }, "row 1 holds node 0" },
        { { 0, 7, 3, 5, 6 }, { 1, 0, 2, 1, 3, 2 }, "row 0 has the entries 0 to 7" },
        { { 0, 1, -3, 5, 6 }, { 1, 0, 2, 1, 3, 2 }, "row 1 has the entries 1 to -3" },
        { { 0, 1, 3, 2, 6 }, { 1, 0, 2, 1, 3, 2 }, "row 2 has the entries 3 to 2" },
    };

    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const kith_i_arrays arrays = { .nodes = 4, .offsets = cases[c].offsets,
                                       .targets = cases[c].targets, .unchecked = true,
                                       .release = kith_i_keep };
        kith_graph *graph = NULL;
        kith_error err = { 0 };
        kith_status status;
        uint32_t slot;
        assert_kith(kith_i_graph_adopt(&arrays, &graph, &err), err);
        kith_i_reach *reach = take(graph, NULL);
        status = kith_i_reach_touch(reach, 0, &slot, &err);
        for (slot = 0; status == KITH_OK && slot < reach->count; slot++) {
            kith_i_row row = { 0 };
            status = kith_i_reach_row(reach, slot, &row, &err);
        }
        assert_int_equal(status, KITH_E_INPUT);
        assert_non_null(strstr(err.message, cases[c].message));
        kith_i_reach_give(reach);
        kith_graph_free(graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_in_slots_are_the_rows_of_the_graph),
        cmocka_unit_test(the_next_query_finds_nothing_touched),
        cmocka_unit_test(other_weights_take_the_place_of_the_graphs),
        cmocka_unit_test(a_patient_reach_measures_what_it_is_asked),
        cmocka_unit_test(weights_that_cannot_be_told_end_the_query),
        cmocka_unit_test(damaged_rows_are_found_when_they_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
