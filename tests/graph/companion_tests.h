/* Tests of the GraphBLAS companion that hold whoever started GraphBLAS: test_companion.c lets Kith
 * do it, test_companion_host.c starts it on allocators of its own first. */
#ifndef KITH_TESTS_GRAPH_COMPANION_H
#define KITH_TESTS_GRAPH_COMPANION_H

#include "support/graphs.h"

#include "core/grb.h"
#include "graph/companion.h"
#include "graph/names.h"

#include <stdio.h>
#include <stdlib.h>

#include <omp.h>

#define assert_grb(call) assert_int_equal((call), GrB_SUCCESS)

/* The random graph of a seed: every mix of weights, loops and direction comes up. */
static kith_graph *mixed_graph(uint64_t seed)
{
    const test_random what = { .nodes = 1 + (int64_t)seed % 30,
                               .density = 0.3,
                               .weighted = seed & 1,
                               .loops = seed & 2,
                               .directed = seed & 4,
                               .seed = seed };

    return test_random_graph(&what);
}

static void assert_same_graph(const kith_graph *a, const kith_graph *b)
{
    const int64_t n = kith_graph_nodes(a), entries = kith_graph_entries(a);

    assert_int_equal(kith_graph_nodes(b), n);
    assert_int_equal(kith_graph_entries(b), entries);
    assert_int_equal(kith_graph_directed(b), kith_graph_directed(a));
    assert_int_equal(kith_graph_weighted(b), kith_graph_weighted(a));
    assert_memory_equal(kith_graph_offsets(a), kith_graph_offsets(b), (size_t)(n + 1) * 8);
    assert_memory_equal(kith_graph_targets(a), kith_graph_targets(b), (size_t)entries * 4);
    for (int64_t e = 0; e < entries; e++)
        assert_true(kith_graph_weight(a, e) == kith_graph_weight(b, e));
}

static GrB_Matrix companion_of(const kith_graph *graph)
{
    GrB_Matrix matrix = NULL;
    kith_error err = { 0 };

    assert_kith(kith_graph_grb(graph, NULL, &matrix, &err), err);
    return matrix;
}

static void the_companion_holds_the_adjacency(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        kith_graph *graph = mixed_graph(seed);
        GrB_Matrix matrix = companion_of(graph);
        GrB_Index rows, columns, count;
        bool iso;
        assert_grb(GrB_Matrix_nrows(&rows, matrix));
        assert_grb(GrB_Matrix_ncols(&columns, matrix));
        assert_grb(GrB_Matrix_nvals(&count, matrix));
        assert_grb(GxB_Matrix_iso(&iso, matrix));
        assert_int_equal(rows, kith_graph_nodes(graph));
        assert_int_equal(columns, kith_graph_nodes(graph));
        assert_int_equal(count, kith_graph_entries(graph));
        if (count && !kith_graph_weighted(graph)) assert_true(iso);
        for (GrB_Index v = 0; v < rows; v++)
            for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1];
                 e++) {
                double weight;
                assert_grb(GrB_Matrix_extractElement_FP64(&weight, matrix, v,
                                                          kith_graph_targets(graph)[e]));
                assert_true(weight == kith_graph_weight(graph, e));
            }
        assert_ptr_equal(companion_of(graph), matrix);
        kith_graph_free(graph);
    }
}

static void a_graph_comes_back_from_its_companion(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        kith_graph *graph = mixed_graph(seed), *back = NULL;
        kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
        kith_error err = { 0 };
        o.direction = kith_graph_directed(graph) ? KITH_DIRECTED : KITH_UNDIRECTED;
        assert_kith(kith_graph_from_grb(companion_of(graph), &o, &back, &err), err);
        assert_same_graph(graph, back);
        kith_graph_free(graph);
        kith_graph_free(back);
    }
}

static void graphs_without_nodes_or_edges_have_companions_too(void **state)
{
    (void)state;
    for (int64_t nodes = 0; nodes < 4; nodes++) {
        kith_graph *graph = test_graph(nodes, 0, NULL, NULL), *back = NULL;
        kith_error err = { 0 };
        GrB_Index rows, count;
        assert_grb(GrB_Matrix_nrows(&rows, companion_of(graph)));
        assert_grb(GrB_Matrix_nvals(&count, companion_of(graph)));
        assert_int_equal(rows, nodes);
        assert_int_equal(count, 0);
        assert_kith(kith_graph_from_grb(companion_of(graph), NULL, &back, &err), err);
        assert_same_graph(graph, back);
        kith_graph_free(graph);
        kith_graph_free(back);
    }
}

/* Two host threads ask for the companion at once and multiply by it; both must get the same. */
static void host_threads_share_one_companion(void **state)
{
    const test_random what = { .nodes = 200, .density = 0.05, .weighted = true, .seed = 3 };

    (void)state;
    for (int round = 0; round < 10; round++) {
        kith_graph *graph = test_random_graph(&what);
        GrB_Matrix seen[4] = { NULL };
        GrB_Index entries[4] = { 0 };
        int failed = 0;
#pragma omp parallel for num_threads(4) reduction(+ : failed)
        for (int t = 0; t < 4; t++) {
            GrB_Matrix square = NULL;
            failed += kith_graph_grb(graph, NULL, &seen[t], NULL) != KITH_OK;
            failed += GrB_Matrix_new(&square, GrB_FP64, 200, 200) != GrB_SUCCESS;
            failed += GrB_mxm(square, NULL, NULL, GrB_PLUS_TIMES_SEMIRING_FP64, seen[t], seen[t],
                              NULL) != GrB_SUCCESS;
            failed += GrB_Matrix_nvals(&entries[t], square) != GrB_SUCCESS;
            GrB_Matrix_free(&square);
        }
        assert_int_equal(failed, 0);
        for (int t = 1; t < 4; t++) {
            assert_ptr_equal(seen[t], seen[0]);
            assert_int_equal(entries[t], entries[0]);
        }
        kith_graph_free(graph);
    }
}

/* A matrix of the type with the entries (0, 1), (1, 0), (2, 2), set in no order and left
 * unfinished. */
static GrB_Matrix small_matrix(GrB_Type type)
{
    GrB_Matrix matrix = NULL;

    assert_grb(GrB_Matrix_new(&matrix, type, 3, 3));
    assert_grb(GrB_Matrix_setElement_INT32(matrix, 1, 2, 2));
    assert_grb(GrB_Matrix_setElement_INT32(matrix, 3, 1, 0));
    assert_grb(GrB_Matrix_setElement_INT32(matrix, 3, 0, 1));
    return matrix;
}

static void takes_matrices_of_any_real_type_and_format(void **state)
{
    const GrB_Type types[] = { GrB_BOOL,   GrB_INT8,   GrB_INT16,  GrB_INT32, GrB_INT64, GrB_UINT8,
                               GrB_UINT16, GrB_UINT32, GrB_UINT64, GrB_FP32,  GrB_FP64 };
    const int formats[] = { GxB_HYPERSPARSE, GxB_SPARSE, GxB_BITMAP };

    (void)state;
    for (int t = 0; t < 11; t++)
        for (int f = 0; f < 6; f++) {
            GrB_Matrix matrix = small_matrix(types[t]);
            kith_graph *graph = NULL;
            kith_error err = { 0 };
            assert_grb(GxB_Matrix_Option_set(matrix, GxB_SPARSITY_CONTROL, formats[f % 3]));
            assert_grb(GxB_Matrix_Option_set(matrix, GxB_FORMAT, f < 3 ? GxB_BY_ROW : GxB_BY_COL));
            assert_kith(kith_graph_from_grb(matrix, NULL, &graph, &err), err);
            assert_int_equal(kith_graph_nodes(graph), 3);
            assert_int_equal(kith_graph_edges(graph), 2);
            assert_int_equal(kith_graph_loops(graph), 1);
            assert_false(kith_graph_directed(graph));
            assert_int_equal(kith_graph_weighted(graph), t > 0);
            assert_near(test_total_weight(graph), t ? 4 : 2, 0);
            kith_graph_free(graph);
            GrB_Matrix_free(&matrix);
        }
}

static void takes_a_matrix_with_one_value_for_all_entries(void **state)
{
    const GrB_Index rows[] = { 0, 1, 2 }, columns[] = { 1, 2, 0 };
    GrB_Matrix matrix = NULL;
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    GrB_Scalar value;

    (void)state;
    assert_grb(GrB_Scalar_new(&value, GrB_FP64));
    assert_grb(GrB_Scalar_setElement_FP64(value, 0.1));
    assert_grb(GrB_Matrix_new(&matrix, GrB_FP64, 3, 3));
    assert_grb(GxB_Matrix_build_Scalar(matrix, rows, columns, value, 3));
    assert_kith(kith_graph_from_grb(matrix, NULL, &graph, &err), err);
    assert_true(kith_graph_directed(graph));
    for (int64_t e = 0; e < 3; e++) assert_true(kith_graph_weight(graph, e) == 0.1);
    kith_graph_free(graph);
    GrB_Matrix_free(&matrix);
    GrB_Scalar_free(&value);
}

static void leaves_out_explicit_zeros_and_obeys_the_options(void **state)
{
    GrB_Matrix matrix = small_matrix(GrB_FP64);
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_grb(GrB_Matrix_setElement_FP64(matrix, 0, 1, 2));
    o.loops = KITH_LOOPS_DROP;
    assert_kith(kith_graph_from_grb(matrix, &o, &graph, &err), err);
    assert_int_equal(kith_graph_entries(graph), 2);
    assert_false(kith_graph_directed(graph));
    kith_graph_free(graph);
    o.direction = KITH_DIRECTED;
    o.loops = KITH_LOOPS_ADD;
    o.ignore_weights = true;
    assert_kith(kith_graph_from_grb(matrix, &o, &graph, &err), err);
    assert_true(kith_graph_directed(graph));
    assert_false(kith_graph_weighted(graph));
    assert_int_equal(kith_graph_loops(graph), 3);
    kith_graph_free(graph);
    GrB_Matrix_free(&matrix);
}

static void refuses_matrices_that_are_no_adjacency(void **state)
{
    GrB_Matrix wide = NULL, huge = NULL, complex_ = NULL, matrix = small_matrix(GrB_FP64);
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_grb(GrB_Matrix_new(&wide, GrB_FP64, 3, 4));
    assert_grb(GrB_Matrix_new(&huge, GrB_FP64, UINT64_C(1) << 40, UINT64_C(1) << 40));
    assert_grb(GrB_Matrix_new(&complex_, GxB_FC64, 3, 3));
    assert_kith_fails(kith_graph_from_grb(wide, NULL, &graph, &err), KITH_E_INPUT,
                      "3 rows and 4 columns", err);
    assert_kith_fails(kith_graph_from_grb(huge, NULL, &graph, &err), KITH_E_INPUT,
                      "1099511627776 rows (expected at most 4294967294)", err);
    assert_kith_fails(kith_graph_from_grb(complex_, NULL, &graph, &err), KITH_E_INPUT, "FC64", err);
    assert_grb(GrB_Matrix_setElement_FP64(matrix, 5, 1, 2));
    o.direction = KITH_UNDIRECTED;
    assert_kith_fails(kith_graph_from_grb(matrix, &o, &graph, &err), KITH_E_INPUT, "(1, 2)", err);
    assert_grb(GrB_Matrix_setElement_FP64(matrix, -1, 1, 2));
    assert_kith_fails(kith_graph_from_grb(matrix, NULL, &graph, &err), KITH_E_INPUT, "weight -1",
                      err);
    assert_grb(GrB_Matrix_setElement_FP64(matrix, (double)NAN, 1, 2));
    assert_kith_fails(kith_graph_from_grb(matrix, NULL, &graph, &err), KITH_E_INPUT, "nan", err);
    assert_null(graph);
    assert_kith_fails(kith_graph_from_grb(NULL, NULL, &graph, &err), KITH_E_ARGUMENT, "matrix",
                      err);
    assert_kith_fails(kith_graph_from_grb(matrix, NULL, NULL, &err), KITH_E_ARGUMENT, "out", err);
    GrB_Matrix_free(&matrix);
    assert_kith_fails(kith_graph_grb(NULL, NULL, &matrix, &err), KITH_E_ARGUMENT, "graph", err);
    GrB_Matrix_free(&wide);
    GrB_Matrix_free(&huge);
    GrB_Matrix_free(&complex_);
}

/* The block of rows and columns that a biadjacency matrix is. */
static void a_block_becomes_a_rectangular_matrix(void **state)
{
    const int64_t pairs[][2] = { { 0, 2 }, { 0, 4 }, { 1, 3 } };
    kith_graph *graph = test_graph(5, 3, pairs, (double[]){ 2, 3, 4 });
    kith_i_block block = kith_i_block_of(graph, 0, 2);
    kith_i_poll poll = { 0 };
    GrB_Matrix matrix = NULL;
    GrB_Index count;
    kith_error err = { 0 };
    double value;

    (void)state;
    block.shift = 2;
    block.columns = 3;
    assert_kith(kith_i_matrix_from_graph(graph, &block, &poll, &matrix, &err), err);
    assert_grb(GrB_Matrix_nvals(&count, matrix));
    assert_int_equal(count, 3);
    assert_grb(GrB_Matrix_extractElement_FP64(&value, matrix, 0, 2));
    assert_true(value == 3);
    assert_grb(GrB_Matrix_extractElement_FP64(&value, matrix, 1, 1));
    assert_true(value == 4);
    GrB_Matrix_free(&matrix);
    kith_graph_free(graph);
}

/* Entries that begin and end within rows. */
static void a_block_may_have_parts_of_rows(void **state)
{
    const int64_t pairs[][2] = { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 2 }, { 1, 3 } };
    kith_graph *graph = test_graph(4, 5, pairs, (double[]){ 2, 3, 4, 5, 6 });
    kith_i_block block = kith_i_block_of(graph, 0, 2); /* 1 2 3 | 0 2 3 */
    kith_i_poll poll = { 0 };
    GrB_Matrix matrix = NULL;
    GrB_Index count;
    kith_error err = { 0 };
    double value;

    (void)state;
    block.begin = 1;
    block.end = 5;
    assert_kith(kith_i_matrix_from_graph(graph, &block, &poll, &matrix, &err), err);
    assert_grb(GrB_Matrix_nvals(&count, matrix));
    assert_int_equal(count, 4);
    assert_int_equal(GrB_Matrix_extractElement_FP64(&value, matrix, 0, 1), GrB_NO_VALUE);
    assert_int_equal(GrB_Matrix_extractElement_FP64(&value, matrix, 1, 3), GrB_NO_VALUE);
    assert_grb(GrB_Matrix_extractElement_FP64(&value, matrix, 0, 2));
    assert_true(value == 3);
    assert_grb(GrB_Matrix_extractElement_FP64(&value, matrix, 1, 2));
    assert_true(value == 5);
    GrB_Matrix_free(&matrix);
    kith_graph_free(graph);
}

static int run_companion_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_companion_holds_the_adjacency),
        cmocka_unit_test(a_graph_comes_back_from_its_companion),
        cmocka_unit_test(graphs_without_nodes_or_edges_have_companions_too),
        cmocka_unit_test(host_threads_share_one_companion),
        cmocka_unit_test(takes_matrices_of_any_real_type_and_format),
        cmocka_unit_test(takes_a_matrix_with_one_value_for_all_entries),
        cmocka_unit_test(leaves_out_explicit_zeros_and_obeys_the_options),
        cmocka_unit_test(refuses_matrices_that_are_no_adjacency),
        cmocka_unit_test(a_block_becomes_a_rectangular_matrix),
        cmocka_unit_test(a_block_may_have_parts_of_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
