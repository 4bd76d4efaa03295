/* Graphs from compressed sparse rows: borrowed where they can be, put right in a copy where not. */
#include "support/graphs.h"

/* The triangle 0-1-2 with the tail 2-3. */
static const int64_t offsets64[] = { 0, 2, 4, 7, 8 };
static const int32_t offsets32[] = { 0, 2, 4, 7, 8 };
static const uint32_t targets32[] = { 1, 2, 0, 2, 0, 1, 3, 2 };
static const int64_t targets64[] = { 1, 2, 0, 2, 0, 1, 3, 2 };
static const double weights[] = { 1.5, 2, 1.5, 0.5, 2, 0.5, 4, 4 };

static void count_release(void *owner)
{
    ++*(int *)owner;
}

static kith_csr triangle(void)
{
    return (kith_csr){ .nodes = 4, .offsets = offsets64, .offset_type = KITH_I64,
                       .targets = targets32, .target_type = KITH_U32 };
}

static kith_graph *from(const kith_csr *csr, const kith_graph_options *options)
{
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    assert_kith(kith_graph_from_csr(csr, options, &graph, &err), err);
    return graph;
}

static void assert_triangle(const kith_graph *graph)
{
    assert_false(kith_graph_directed(graph));
    assert_int_equal(kith_graph_edges(graph), 4);
    assert_memory_equal(kith_graph_offsets(graph), offsets64, sizeof offsets64);
    assert_memory_equal(kith_graph_targets(graph), targets32, sizeof targets32);
}

static void borrows_arrays_until_the_graph_is_freed(void **state)
{
    int released = 0;
    kith_csr csr = triangle();

    (void)state;
    csr.release = count_release;
    csr.owner = &released;
    csr.weights = weights;
    csr.weight_type = KITH_F64;
    kith_graph *graph = from(&csr, NULL);
    assert_ptr_equal(kith_graph_targets(graph), targets32);
    assert_ptr_equal(kith_graph_offsets(graph), offsets64);
    assert_triangle(graph);
    assert_true(kith_graph_weight(graph, 6) == 4);
    assert_int_equal(released, 0);
    kith_graph_free(graph);
    assert_int_equal(released, 1);
}

static void copies_arrays_that_nobody_lends(void **state)
{
    const kith_csr csr = triangle();
    kith_graph *graph = from(&csr, NULL);

    (void)state;
    assert_ptr_not_equal(kith_graph_targets(graph), targets32);
    assert_triangle(graph);
    kith_graph_free(graph);
}

static void converts_other_types_and_releases_them_at_once(void **state)
{
    static const int8_t w8[] = { 1, 2, 1, 3, 2, 3, 4, 4 };
    static const int32_t w32[] = { 1, 2, 1, 3, 2, 3, 4, 4 };
    static const int64_t w64[] = { 1, 2, 1, 3, 2, 3, 4, 4 };
    static const float wf[] = { 1, 2, 1, 3, 2, 3, 4, 4 };
    const void *const arrays[] = { w8, w32, w64, wf };
    const kith_type types[] = { KITH_I8, KITH_I32, KITH_I64, KITH_F32 };

    (void)state;
    for (int i = 0; i < 4; i++) {
        int released = 0;
        kith_csr csr = triangle();
        csr.offsets = offsets32;
        csr.offset_type = KITH_I32;
        csr.targets = targets64;
        csr.target_type = KITH_I64;
        csr.weights = arrays[i];
        csr.weight_type = types[i];
        csr.release = count_release;
        csr.owner = &released;
        kith_graph *graph = from(&csr, NULL);
        assert_int_equal(released, 1);
        assert_triangle(graph);
        for (int64_t e = 0; e < 8; e++) assert_true(kith_graph_weight(graph, e) == (double)w64[e]);
        kith_graph_free(graph);
    }
}

static void puts_rows_right(void **state)
{
    /* Row 0 unsorted with (0, 1) twice; (2, 3) a zero in both directions. */
    const int32_t offsets[] = { 0, 3, 5, 8, 9 };
    const int32_t targets[] = { 2, 1, 1, 2, 0, 1, 3, 0, 2 };
    const double values[] = { 2, 1, 0.5, 0.5, 1.5, 0.5, 0, 2, 0 };
    const kith_csr csr = { .nodes = 4, .offsets = offsets, .offset_type = KITH_I32,
                           .targets = targets, .target_type = KITH_I32, .weights = values,
                           .weight_type = KITH_F64 };
    kith_graph *graph = from(&csr, NULL);

    (void)state;
    assert_false(kith_graph_directed(graph));
    assert_int_equal(kith_graph_edges(graph), 3);
    assert_int_equal(kith_graph_offsets(graph)[4], 6);
    assert_true(kith_graph_weight(graph, 0) == 1.5 && kith_graph_weight(graph, 1) == 2);
    kith_graph_free(graph);
}

static void tells_directed_from_undirected(void **state)
{
    const int64_t offsets[] = { 0, 1, 2, 2 };
    const uint32_t targets[] = { 1, 2 };
    const kith_csr csr = { .nodes = 3, .offsets = offsets, .offset_type = KITH_I64,
                           .targets = targets, .target_type = KITH_U32 };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = from(&csr, &o);
    kith_error err;

    (void)state;
    assert_true(kith_graph_directed(graph));
    assert_kith_fails(kith_graph_require_undirected(graph, NULL, &err), KITH_E_INPUT,
                      "entry (0, 1) has no equal entry (1, 0)", err);
    kith_graph_free(graph);
    o.direction = KITH_UNDIRECTED;
    assert_kith_fails(kith_graph_from_csr(&csr, &o, &graph, &err), KITH_E_INPUT,
                      "entry (0, 1) has no equal entry (1, 0)", err);
    assert_null(graph);
}

static void keeps_lent_arrays_of_a_matrix_that_it_refuses(void **state)
{
    double uneven[8];
    int released = 0;
    kith_csr csr = triangle();
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err;

    (void)state;
    memcpy(uneven, weights, sizeof uneven);
    uneven[7] = 5; /* (3, 2) against (2, 3) */
    csr.weights = uneven;
    csr.weight_type = KITH_F64;
    csr.release = count_release;
    csr.owner = &released;
    o.direction = KITH_UNDIRECTED;
    assert_kith_fails(kith_graph_from_csr(&csr, &o, &graph, &err), KITH_E_INPUT,
                      "entry (2, 3) has no equal entry (3, 2)", err);
    assert_int_equal(released, 0);
}

static void follows_the_options(void **state)
{
    kith_csr csr = triangle();
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    int released = 0;

    (void)state;
    csr.weights = weights;
    csr.weight_type = KITH_F64;
    csr.release = count_release;
    csr.owner = &released;
    o.ignore_weights = true;
    kith_graph *graph = from(&csr, &o);
    assert_false(kith_graph_weighted(graph));
    assert_triangle(graph);
    kith_graph_free(graph);
    assert_int_equal(released, 1);
    o.ignore_weights = false;
    o.loops = KITH_LOOPS_ADD;
    graph = from(&csr, &o);
    assert_int_equal(kith_graph_loops(graph), 4);
    assert_int_equal(kith_graph_edges(graph), 8);
    kith_graph_free(graph);
    assert_int_equal(released, 2);
}

static void refuses_what_is_no_adjacency(void **state)
{
    const int64_t falling[] = { 0, 5, 4, 7, 8 }, late[] = { 1, 2, 4, 7, 8 };
    const uint32_t high[] = { 1, 2, 0, 2, 0, 1, 4, 2 };
    double bad[8];
    kith_csr csr = triangle();
    kith_graph *graph = NULL;
    kith_error err;

    (void)state;
    csr.offsets = falling;
    assert_kith_fails(kith_graph_from_csr(&csr, NULL, &graph, &err), KITH_E_INPUT,
                      "offset 2 is 4 (expected at least 5", err);
    csr.offsets = late;
    assert_kith_fails(kith_graph_from_csr(&csr, NULL, &graph, &err), KITH_E_INPUT,
                      "first offset is 1", err);
    csr = triangle();
    csr.targets = high;
    assert_kith_fails(kith_graph_from_csr(&csr, NULL, &graph, &err), KITH_E_INPUT,
                      "row 2 holds the id 4 (expected 0 to 3)", err);
    csr = triangle();
    memcpy(bad, weights, sizeof bad);
    bad[4] = -2;
    csr.weights = bad;
    csr.weight_type = KITH_F64;
    assert_kith_fails(kith_graph_from_csr(&csr, NULL, &graph, &err), KITH_E_INPUT,
                      "entry (2, 0) has weight -2", err);
    csr.weight_type = KITH_U32;
    assert_kith_fails(kith_graph_from_csr(&csr, NULL, &graph, &err), KITH_E_ARGUMENT, "weight_type",
                      err);
    csr = triangle();
    csr.target_type = KITH_F32;
    assert_kith_fails(kith_graph_from_csr(&csr, NULL, &graph, &err), KITH_E_ARGUMENT, "target_type",
                      err);
    csr = triangle();
    csr.offset_type = KITH_U32;
    assert_kith_fails(kith_graph_from_csr(&csr, NULL, &graph, &err), KITH_E_ARGUMENT, "offset_type",
                      err);
    csr = triangle();
    csr.nodes = -1;
    assert_kith_fails(kith_graph_from_csr(&csr, NULL, &graph, &err), KITH_E_ARGUMENT, "nodes is -1",
                      err);
    assert_null(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(borrows_arrays_until_the_graph_is_freed),
        cmocka_unit_test(copies_arrays_that_nobody_lends),
        cmocka_unit_test(converts_other_types_and_releases_them_at_once),
        cmocka_unit_test(puts_rows_right),
        cmocka_unit_test(tells_directed_from_undirected),
        cmocka_unit_test(keeps_lent_arrays_of_a_matrix_that_it_refuses),
        cmocka_unit_test(follows_the_options),
        cmocka_unit_test(refuses_what_is_no_adjacency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
