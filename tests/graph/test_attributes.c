/* Features, relations, bipartite graphs: what they hold, sums and projections against dense
 * matrices. */
#include "support/graphs.h"

#include "core/grb.h"
#include "core/random.h"
#include "graph/bipartite.h"
#include "graph/features.h"
#include "graph/names.h"

#include <stdlib.h>

/* Entry (u, v) of a small graph's adjacency, 0 when there is none. */
static double entry(const kith_graph *graph, int64_t u, int64_t v)
{
    const int64_t *offsets = kith_graph_offsets(graph);

    for (int64_t e = offsets[u]; e < offsets[u + 1]; e++)
        if (kith_graph_targets(graph)[e] == v) return kith_graph_weight(graph, e);
    return 0;
}

/* ---- Features ---- */

static void dense_features_are_read_back(void **state)
{
    const double exact[] = { 1, 2, 0, 4, 0.5, -6 }, fine[] = { 1, 0.1, 3, 4, 5, 6 };
    kith_features *f = NULL;
    kith_error err = { 0 };
    double row[3];

    (void)state;
    for (int i = 0; i < 2; i++) {
        const double *values = i ? fine : exact;
        assert_kith(kith_features_from_dense(2, 3, values, NULL, &f, &err), err);
        assert_int_equal(kith_features_rows(f), 2);
        assert_int_equal(kith_features_columns(f), 3);
        assert_int_equal(kith_features_entries(f), 6);
        assert_false(kith_features_sparse(f));
        for (int64_t r = 0; r < 2; r++) {
            kith_features_row(f, r, row);
            assert_memory_equal(row, values + 3 * r, sizeof row);
        }
        kith_features_free(f);
    }
}

static void features_may_be_empty(void **state)
{
    const int64_t offsets[] = { 0, 0, 0 };
    kith_features *f = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_features_from_dense(0, 5, NULL, NULL, &f, &err), err);
    assert_int_equal(kith_features_entries(f), 0);
    kith_features_free(f);
    assert_kith(kith_features_from_dense(5, 0, NULL, NULL, &f, &err), err);
    kith_features_row(f, 4, NULL);
    kith_features_free(f);
    assert_kith(kith_features_from_csr(2, 0, offsets, NULL, NULL, NULL, &f, &err), err);
    assert_true(kith_features_sparse(f));
    assert_int_equal(kith_features_entries(f), 0);
    kith_features_free(f);
    kith_features_free(NULL);
}

static void sparse_features_are_sorted_added_and_cleared_of_zeros(void **state)
{
    const int64_t offsets[] = { 0, 5, 5, 7 }, indices[] = { 3, 1, 3, 0, 1, 2, 3 };
    const double values[] = { 1, 2, 0.5, 0, -2, 7, 0.1 };
    const double expected[3][4] = { { 0, 0, 0, 1.5 }, { 0, 0, 0, 0 }, { 0, 0, 7, 0.1 } };
    kith_features *f = NULL;
    kith_error err = { 0 };
    double row[4];

    (void)state;
    assert_kith(kith_features_from_csr(3, 4, offsets, indices, values, NULL, &f, &err), err);
    assert_true(kith_features_sparse(f));
    assert_int_equal(kith_features_entries(f), 3);
    for (int64_t r = 0; r < 3; r++) {
        kith_features_row(f, r, row);
        assert_memory_equal(row, expected[r], sizeof row);
    }
    kith_features_free(f);
    assert_kith(kith_features_from_csr(3, 4, offsets, indices, NULL, NULL, &f, &err), err);
    assert_int_equal(kith_features_entries(f), 5); /* without values, every entry is 1 */
    kith_features_row(f, 0, row);
    assert_memory_equal(row, ((double[]){ 1, 2, 0, 2 }), sizeof row);
    kith_features_free(f);
}

static void features_must_have_a_row_for_each_node(void **state)
{
    kith_features *f = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_features_from_dense(5, 0, NULL, NULL, &f, &err), err);
    assert_kith(kith_i_features_check(f, "features", 5, &err), err);
    assert_kith_fails(kith_i_features_check(f, "features", 6, &err), KITH_E_ARGUMENT,
                      "features has 5 rows (expected 6, one for each node)", err);
    kith_features_free(f);
}

static void features_refuse_what_is_out_of_range_or_not_finite(void **state)
{
    const int64_t offsets[] = { 0, 1, 2 }, falls[] = { 0, 1, 0 }, begins[] = { 1, 1, 1 };
    const int64_t indices[] = { 0, 1 }, high[] = { 0, 2 }, twice[] = { 0, 2 };
    const double values[] = { 1, (double)NAN }, large[] = { 1e308, 1e308 };
    kith_features *f = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_features_from_dense(1, 2, values, NULL, &f, &err), KITH_E_INPUT,
                      "feature (0, 1) is nan", err);
    assert_kith_fails(kith_features_from_dense(-1, 2, values, NULL, &f, &err), KITH_E_ARGUMENT,
                      "rows is -1", err);
    assert_kith_fails(kith_features_from_dense(1, -2, values, NULL, &f, &err), KITH_E_ARGUMENT,
                      "columns is -2", err);
    assert_kith_fails(kith_features_from_dense(1, 2, NULL, NULL, &f, &err), KITH_E_ARGUMENT,
                      "values", err);
    assert_kith_fails(kith_features_from_dense(1, 2, values, NULL, NULL, &err), KITH_E_ARGUMENT,
                      "out", err);
    assert_kith_fails(
        kith_features_from_dense(INT64_C(0xfffffffe), INT64_C(0xfffffffe), values, NULL, &f, &err),
        KITH_E_MEMORY, "out of memory", err);
    assert_kith_fails(kith_features_from_csr(2, 2, offsets, indices, values, NULL, &f, &err),
                      KITH_E_INPUT, "feature (1, 1) is nan", err);
    assert_kith_fails(kith_features_from_csr(2, 2, offsets, high, NULL, NULL, &f, &err),
                      KITH_E_INPUT, "row 1 holds column 2 (expected 0 to 1)", err);
    assert_kith_fails(
        kith_features_from_csr(1, 2, twice, (int64_t[]){ 1, 1 }, large, NULL, &f, &err),
        KITH_E_INPUT, "feature (0, 1) adds up to inf", err);
    assert_kith_fails(kith_features_from_csr(2, 2, falls, indices, NULL, NULL, &f, &err),
                      KITH_E_INPUT, "offset 2 is 0 (expected at least 1", err);
    assert_kith_fails(kith_features_from_csr(2, 2, begins, indices, NULL, NULL, &f, &err),
                      KITH_E_INPUT, "the first offset is 1", err);
    assert_kith_fails(kith_features_from_csr(2, 2, NULL, indices, NULL, NULL, &f, &err),
                      KITH_E_ARGUMENT, "offsets", err);
    assert_kith_fails(kith_features_from_csr(2, 2, offsets, NULL, NULL, NULL, &f, &err),
                      KITH_E_ARGUMENT, "indices", err);
    assert_kith_fails(kith_features_from_csr(2, 2, offsets, indices, NULL, NULL, NULL, &err),
                      KITH_E_ARGUMENT, "out", err);
    assert_null(f);
}

/* ---- Relations ---- */

static kith_relations *no_relations(void)
{
    kith_relations *relations = NULL;
    kith_error err = { 0 };

    assert_kith(kith_relations_new(&relations, &err), err);
    return relations;
}

static void relations_keep_their_order_and_their_graphs(void **state)
{
    kith_relations *relations = no_relations();
    kith_graph *graphs[20];
    kith_error err = { 0 };
    char name[] = "a";

    (void)state;
    for (int i = 0; i < 20; i++, name[0]++) {
        graphs[i] = test_path(7);
        assert_kith(kith_relations_add(relations, name, graphs[i], NULL, &err), err);
    }
    assert_int_equal(kith_relations_count(relations), 20);
    assert_string_equal(kith_relations_name(relations, 19), "t");
    for (int i = 0; i < 20; i++) assert_ptr_equal(kith_relations_graph(relations, i), graphs[i]);
    kith_relations_free(relations);
    kith_relations_free(NULL);
}

static void relations_refuse_a_name_twice(void **state)
{
    kith_relations *relations = no_relations();
    kith_graph *first = test_path(7), *second = test_path(7), *sum = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_relations_sum(relations, NULL, NULL, &sum, &err), KITH_E_ARGUMENT,
                      "there are no relations", err);
    assert_kith(kith_relations_add(relations, "a", first, NULL, &err), err);
    assert_kith_fails(kith_relations_add(relations, "a", second, NULL, &err), KITH_E_ARGUMENT,
                      "there is a relation a already", err);
    assert_kith_fails(kith_relations_add(relations, NULL, second, NULL, &err), KITH_E_ARGUMENT,
                      "name", err);
    assert_int_equal(kith_relations_count(relations), 1);
    assert_kith_fails(kith_relations_sum(relations, (double[]){ INFINITY }, NULL, &sum, &err),
                      KITH_E_ARGUMENT, "the weight of relation a is inf", err);
    assert_kith_fails(kith_relations_sum(NULL, NULL, NULL, &sum, &err), KITH_E_ARGUMENT,
                      "relations", err);
    assert_kith_fails(kith_relations_sum(relations, NULL, NULL, NULL, &err), KITH_E_ARGUMENT, "out",
                      err);
    assert_kith_fails(kith_relations_new(NULL, &err), KITH_E_ARGUMENT, "out", err);
    assert_null(sum);
    kith_relations_free(relations);
    kith_graph_free(second);
}

static void relations_have_as_many_nodes_as_the_largest_graph(void **state)
{
    const int64_t sizes[] = { 3, 6, 2, 0, 6 }, edges[] = { 2, 5, 1, 0, 5 };
    kith_relations *relations = no_relations();
    kith_graph *sum = NULL;
    kith_error err = { 0 };
    int64_t most = 0;

    (void)state;
    for (int i = 0; i < 5; i++) {
        kith_graph *graph = test_path(sizes[i]);
        if (sizes[i] > most) most = sizes[i];
        assert_kith(
            kith_relations_add(relations, (char[]){ (char)('a' + i), 0 }, graph, NULL, &err), err);
        for (int j = 0; j <= i; j++) {
            const kith_graph *g = kith_relations_graph(relations, j);
            assert_int_equal(kith_graph_nodes(g), most);
            assert_int_equal(kith_graph_edges(g), edges[j]);
            for (int64_t v = 0; v + 1 < most; v++)
                assert_true(entry(g, v, v + 1) == (v + 1 < sizes[j]));
        }
    }
    assert_kith(kith_relations_sum(relations, NULL, NULL, &sum, &err), err);
    assert_int_equal(kith_graph_nodes(sum), 6);
    assert_true(entry(sum, 0, 1) == 4 && entry(sum, 1, 2) == 3 && entry(sum, 4, 5) == 2);
    kith_graph_free(sum);
    kith_relations_free(relations);
}

static void count_release(void *owner)
{
    ++*(int *)owner;
}

static void a_borrowed_graph_gets_more_nodes_where_it_lies(void **state)
{
    const int64_t offsets[] = { 0, 1, 2 };
    const uint32_t targets[] = { 1, 0 };
    const float weights[] = { 2, 2 };
    int released = 0;
    const kith_csr csr = { .nodes = 2,
                           .offsets = offsets,
                           .offset_type = KITH_I64,
                           .targets = targets,
                           .target_type = KITH_U32,
                           .weights = weights,
                           .weight_type = KITH_F32,
                           .release = count_release,
                           .owner = &released };
    kith_relations *relations = no_relations();
    kith_graph *graph = NULL;
    struct GB_Matrix_opaque *matrix = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_graph_from_csr(&csr, NULL, &graph, &err), err);
    assert_kith(kith_graph_grb(graph, NULL, &matrix, &err), err); /* must not stay 2 x 2 */
    assert_kith(kith_relations_add(relations, "a", graph, NULL, &err), err);
    for (int64_t n = 4; n < 9; n += 4) {
        assert_kith(kith_relations_add(relations, n == 4 ? "b" : "c", test_path(n), NULL, &err),
                    err);
        graph = (kith_graph *)(uintptr_t)kith_relations_graph(relations, 0);
        assert_ptr_equal(kith_graph_targets(graph), targets);
        assert_int_equal(kith_graph_nodes(graph), n);
        assert_true(entry(graph, 0, 1) == 2 && entry(graph, 1, 0) == 2);
        assert_int_equal(kith_graph_offsets(graph)[n], 2);
        assert_kith(kith_graph_grb(graph, NULL, &matrix, &err), err);
        GrB_Index rows;
        assert_int_equal(GrB_Matrix_nrows(&rows, matrix), GrB_SUCCESS);
        assert_int_equal(rows, n);
    }
    assert_int_equal(released, 0);
    kith_relations_free(relations);
    assert_int_equal(released, 1);
}

/* A graph whose nodes are called by the letters of `names`. Letters u and v, counted from 'a', are
 * joined unless 3 divides u + v + seed; the weight tells which they are. */
static kith_graph *lettered_graph(const char *names, bool directed, int64_t seed)
{
    const int64_t n = (int64_t)strlen(names);
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_i_edges edges = { .nodes = n };
    kith_i_names *list = NULL;
    kith_graph *graph = NULL;
    kith_i_poll poll = { 0 };
    kith_error err = { 0 };
    int64_t id;

    o.direction = directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    assert_kith(kith_i_names_new(&list, &err), err);
    assert_kith(kith_i_zeroed(&edges.sources, n * n, sizeof(uint32_t), &err), err);
    assert_kith(kith_i_zeroed(&edges.targets, n * n, sizeof(uint32_t), &err), err);
    assert_kith(kith_i_zeroed(&edges.weights, n * n, sizeof(double), &err), err);
    for (int64_t i = 0; i < n; i++) {
        assert_kith(kith_i_names_add(list, names + i, 1, &id, &err), err);
        for (int64_t j = directed ? 0 : i; j < n; j++) {
            const int64_t u = names[i] - 'a', v = names[j] - 'a';
            if ((u + v + seed) % 3 == 0) continue;
            edges.sources[edges.count] = (uint32_t)i;
            edges.targets[edges.count] = (uint32_t)j;
            edges.weights[edges.count++] = (double)(directed ? u + 2 * v : u + v) + 0.5;
        }
    }
    assert_kith(kith_i_graph_build(&edges, &o, &poll, list, &graph, &err), err);
    kith_i_names_free(list);
    return graph;
}

/* The entry between two letters, 0 where one of them is no node. */
static double entry_between(const kith_graph *graph, char a, char b)
{
    const int64_t u = kith_graph_find(graph, (char[]){ a, 0 });
    const int64_t v = kith_graph_find(graph, (char[]){ b, 0 });

    return u < 0 || v < 0 ? 0 : entry(graph, u, v);
}

/* Some of the first 12 letters, in an order that differs. */
static void choose_letters(uint64_t seed, char out[13])
{
    kith_i_random random = kith_i_random_at(seed, 1, 0);
    uint32_t order[12];
    int64_t count = (int64_t)kith_i_random_below(&random, 13);

    kith_i_random_order(order, 12, &random);
    for (int64_t i = 0; i < count; i++) out[i] = (char)('a' + order[i]);
    out[count] = '\0';
}

static void relations_meet_in_the_names_of_their_nodes(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        kith_relations *relations = no_relations();
        kith_graph *alone[3];
        kith_error err = { 0 };
        char letters[13], expected[13] = { 0 };

        for (int r = 0; r < 3; r++) {
            choose_letters(3 * seed + (uint64_t)r, letters);
            alone[r] = lettered_graph(letters, seed & 1, r);
            assert_kith(kith_relations_add(relations, (char[]){ (char)('a' + r), 0 },
                                           lettered_graph(letters, seed & 1, r), NULL, &err),
                        err);
            for (const char *c = letters; *c; c++) /* new ones come behind */
                if (!strchr(expected, *c)) expected[strlen(expected)] = *c;
        }
        for (int r = 0; r < 3; r++) {
            const kith_graph *g = kith_relations_graph(relations, r);
            assert_int_equal(kith_graph_nodes(g), strlen(expected));
            for (int64_t v = 0; expected[v]; v++)
                assert_int_equal(*kith_graph_name(g, v), expected[v]);
            assert_int_equal(kith_graph_entries(g), kith_graph_entries(alone[r]));
            for (char a = 'a'; a < 'a' + 12; a++)
                for (char b = 'a'; b < 'a' + 12; b++)
                    assert_true(entry_between(g, a, b) == entry_between(alone[r], a, b));
            kith_graph_free(alone[r]);
        }
        kith_relations_free(relations);
    }
}

static void names_in_one_relation_only_are_refused(void **state)
{
    kith_relations *relations = no_relations();
    kith_graph *path = test_path(5), *named = lettered_graph("abc", false, 0);
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_relations_add(relations, "a", lettered_graph("bcd", false, 0), NULL, &err),
                err);
    assert_kith_fails(kith_relations_add(relations, "b", path, NULL, &err), KITH_E_ARGUMENT,
                      "the nodes of relation b have no names, those of relation a have some", err);
    kith_relations_free(relations);
    relations = no_relations();
    assert_kith(kith_relations_add(relations, "a", path, NULL, &err), err);
    assert_kith_fails(kith_relations_add(relations, "b", named, NULL, &err), KITH_E_ARGUMENT,
                      "the nodes of relation b have names, those of relation a have none", err);
    assert_int_equal(kith_relations_count(relations), 1);
    assert_int_equal(kith_graph_nodes(kith_relations_graph(relations, 0)), 5);
    kith_graph_free(named);
    kith_relations_free(relations);
}

enum { NODES = 20, RELATIONS = 3 };

static void the_sum_adds_each_entry_over_the_relations(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        kith_relations *relations = no_relations();
        kith_i_random r = kith_i_random_at(seed, 9, 0);
        double weights[RELATIONS];
        kith_graph *sum = NULL;
        kith_error err = { 0 };
        bool directed = false;
        for (int i = 0; i < RELATIONS; i++) {
            const test_random what = { .nodes = NODES, .density = 0.2, .weighted = seed & 1,
                                       .loops = seed & 2, .directed = i == 1 && seed & 4,
                                       .seed = 3 * seed + (uint64_t)i };
            kith_relations_add(relations, (char[]){ (char)('a' + i), 0 }, test_random_graph(&what),
                               NULL, &err);
            weights[i] = (double)kith_i_random_below(&r, 5) / 4 - (seed & 8 ? 0.5 : 0);
            directed = directed || (what.directed && weights[i] != 0);
        }
        assert_kith(kith_relations_sum(relations, seed % 3 ? weights : NULL, NULL, &sum, &err),
                    err);
        directed = seed % 3 ? directed : seed & 4;
        assert_int_equal(kith_graph_directed(sum), directed);
        for (int64_t u = 0; u < NODES; u++)
            for (int64_t v = 0; v < NODES; v++) {
                double expected = 0;
                for (int i = 0; i < RELATIONS; i++)
                    expected += (seed % 3 ? weights[i] : 1) *
                                entry(kith_relations_graph(relations, i), u, v);
                assert_true(entry(sum, u, v) == expected); /* quarters of quarters: exact */
            }
        for (int64_t e = 0; e < kith_graph_entries(sum); e++)
            assert_true(kith_graph_weight(sum, e) != 0);
        kith_graph_free(sum);
        kith_relations_free(relations);
    }
}

static void the_sum_of_nothing_has_no_edges(void **state)
{
    kith_relations *relations = no_relations();
    const double zero = 0;
    kith_graph *sum = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_relations_add(relations, "a", test_path(7), NULL, &err), err);
    assert_kith(kith_relations_sum(relations, &zero, NULL, &sum, &err), err);
    assert_int_equal(kith_graph_nodes(sum), 7);
    assert_int_equal(kith_graph_entries(sum), 0);
    kith_graph_free(sum);
    kith_relations_free(relations);
    relations = no_relations();
    assert_kith(kith_relations_add(relations, "a", test_graph(0, 0, NULL, NULL), NULL, &err), err);
    assert_kith(kith_relations_sum(relations, NULL, NULL, &sum, &err), err);
    assert_int_equal(kith_graph_nodes(sum), 0);
    kith_graph_free(sum);
    kith_relations_free(relations);
}

/* ---- Bipartite graphs ---- */

static void a_bipartite_graph_numbers_columns_behind_rows(void **state)
{
    const int64_t rows[] = { 0, 1, 1, 1 }, columns[] = { 2, 0, 2, 0 };
    const double weights[] = { 1, 2, 3, 4 };
    kith_bipartite *b = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_bipartite_from_edges(-1, -1, 4, rows, columns, weights, NULL, &b, &err), err);
    assert_int_equal(kith_bipartite_rows(b), 2);
    assert_int_equal(kith_bipartite_columns(b), 3);
    const kith_graph *graph = kith_bipartite_graph(b);
    assert_int_equal(kith_graph_nodes(graph), 5);
    assert_int_equal(kith_graph_edges(graph), 3);
    assert_false(kith_graph_directed(graph));
    assert_true(entry(graph, 0, 4) == 1);
    assert_true(entry(graph, 2, 1) == 6);
    assert_true(entry(graph, 1, 4) == 3);
    kith_bipartite_free(b);
    kith_bipartite_free(NULL);
}

static void a_bipartite_graph_goes_without_weights_when_asked(void **state)
{
    const int64_t rows[] = { 0, 0 }, columns[] = { 1, 1 };
    const double weights[] = { -5, (double)NAN };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_bipartite *b = NULL;
    kith_error err = { 0 };

    (void)state;
    o.ignore_weights = true;
    o.loops = KITH_LOOPS_ADD;
    o.direction = KITH_DIRECTED;
    assert_kith(kith_bipartite_from_edges(3, 4, 2, rows, columns, weights, &o, &b, &err), err);
    assert_int_equal(kith_bipartite_rows(b), 3);
    assert_int_equal(kith_bipartite_columns(b), 4);
    assert_int_equal(kith_graph_edges(kith_bipartite_graph(b)), 1);
    assert_false(kith_graph_weighted(kith_bipartite_graph(b)));
    assert_false(kith_graph_directed(kith_bipartite_graph(b)));
    kith_bipartite_free(b);
}

static void a_bipartite_graph_refuses_bad_ids_and_weights(void **state)
{
    const int64_t rows[] = { 0, 5 }, columns[] = { 1, -1 }, zeros[] = { 0, 0 };
    const double weights[] = { 1, -1 };
    kith_bipartite *b = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_bipartite_from_edges(5, -1, 2, rows, zeros, NULL, NULL, &b, &err),
                      KITH_E_INPUT, "edge 1 has row 5 (expected 0 to 4)", err);
    assert_kith_fails(kith_bipartite_from_edges(-1, -1, 2, rows, columns, NULL, NULL, &b, &err),
                      KITH_E_INPUT, "edge 1 has column -1", err);
    assert_kith_fails(kith_bipartite_from_edges(-1, -1, 2, rows, zeros, weights, NULL, &b, &err),
                      KITH_E_INPUT, "edge 1 has weight -1", err);
    assert_kith_fails(kith_bipartite_from_edges(-2, -1, 2, rows, zeros, NULL, NULL, &b, &err),
                      KITH_E_ARGUMENT, "rows is -2", err);
    assert_kith_fails(
        kith_bipartite_from_edges(-1, INT64_C(1) << 32, 2, rows, zeros, NULL, NULL, &b, &err),
        KITH_E_ARGUMENT, "columns is 4294967296", err);
    assert_kith_fails(kith_bipartite_from_edges(INT64_C(1) << 31, INT64_C(1) << 31, 2, rows, zeros,
                                                NULL, NULL, &b, &err), KITH_E_UNSUPPORTED,
                      "a graph has at most 4294967294 nodes", err);
    assert_kith_fails(kith_bipartite_from_edges(5, 5, -1, rows, zeros, NULL, NULL, &b, &err),
                      KITH_E_ARGUMENT, "edges is -1", err);
    assert_kith_fails(kith_bipartite_from_edges(5, 5, 2, NULL, zeros, NULL, NULL, &b, &err),
                      KITH_E_ARGUMENT, "row_ids", err);
    assert_kith_fails(kith_bipartite_from_edges(5, 5, 2, rows, zeros, NULL, NULL, NULL, &err),
                      KITH_E_ARGUMENT, "out", err);
    assert_null(b);
}

/* A random bipartite graph: weights from 0.1 upwards, which no float and no sum holds exactly, or
 * quarters. */
static kith_bipartite *random_bipartite(int64_t rows, int64_t columns, int64_t edges, bool weighted,
                                        bool exact, uint64_t seed)
{
    int64_t *row = malloc((size_t)(edges + 1) * sizeof *row);
    int64_t *column = malloc((size_t)(edges + 1) * sizeof *column);
    double *weights = malloc((size_t)(edges + 1) * sizeof *weights);
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_bipartite *b = NULL;
    kith_error err = { 0 };

    o.duplicates = KITH_DUPLICATES_FIRST;
    for (int64_t e = 0; e < edges; e++) {
        kith_i_random r = kith_i_random_at(seed, 5, (uint64_t)e);
        row[e] = (int64_t)kith_i_random_below(&r, (uint64_t)rows);
        column[e] = (int64_t)kith_i_random_below(&r, (uint64_t)columns);
        if (e % 4 == 0) column[e] = 0; /* one long row and one long column */
        if (e % 4 == 1) row[e] = 0;
        weights[e] = exact ? (double)(1 + kith_i_random_below(&r, 8)) / 4
                           : 0.1 + kith_i_random_unit(&r);
    }
    assert_kith(kith_bipartite_from_edges(rows, columns, edges, row, column,
                                          weighted ? weights : NULL, &o, &b, &err), err);
    free(row);
    free(column);
    free(weights);
    return b;
}

/* Every pair of nodes of the projection against its sum over the other side. */
static void assert_projection(const kith_bipartite *b, bool side)
{
    const kith_graph *graph = kith_bipartite_graph(b);
    const int64_t r = kith_bipartite_rows(b), c = kith_bipartite_columns(b);
    const int64_t n = side ? c : r, others = side ? r : c;
    const int64_t shift = side ? r : 0, other_shift = side ? 0 : r;
    kith_graph *out = NULL;
    kith_error err = { 0 };

    assert_kith(kith_bipartite_project(b, side, NULL, &out, &err), err);
    assert_int_equal(kith_graph_nodes(out), n);
    assert_false(kith_graph_directed(out));
    assert_int_equal(kith_graph_loops(out), 0);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            double expected = 0;
            for (int64_t k = 0; k < others && i != j; k++)
                expected += entry(graph, shift + i, other_shift + k) *
                            entry(graph, shift + j, other_shift + k);
            assert_true(entry(out, i, j) == expected);
        }
    kith_graph_free(out);
}

static void a_projection_is_the_product_with_the_transpose(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        kith_bipartite *b = random_bipartite(1 + (int64_t)seed % 9, 1 + (int64_t)seed % 13,
                                             (int64_t)seed, seed & 1, true, seed);
        assert_projection(b, seed & 2);
        kith_bipartite_free(b);
    }
}

/* More products than one strip takes. The last row's weights fit no float, the first ones make
 * ones. */
static void a_projection_of_several_strips_is_the_same(void **state)
{
    enum { ROWS = 300, COLUMNS = 7, EDGES = ROWS * COLUMNS };
    int64_t rows[EDGES], columns[EDGES];
    double weights[EDGES];
    kith_bipartite *b = NULL;
    kith_error err = { 0 };

    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        for (int64_t e = 0; e < EDGES; e++) {
            rows[e] = e / COLUMNS;
            columns[e] = e % COLUMNS;
            weights[e] = columns[e] && rows[e] < 100 ? 0 : 1 + (double)(kind && rows[e] > 100);
            if (kind == 2 && rows[e] == ROWS - 1) weights[e] = 1e10 + 1;
        }
        assert_kith(
            kith_bipartite_from_edges(ROWS, COLUMNS, EDGES, rows, columns, weights, NULL, &b, &err),
            err);
        assert_projection(b, false);
        assert_projection(b, true);
        kith_bipartite_free(b);
    }
}

static void a_projection_leaves_out_zeros_and_refuses_infinity(void **state)
{
    const int64_t rows[] = { 0, 1, 2, 3 }, columns[] = { 0, 0, 1, 1 };
    const double small[] = { 1e-200, 1e-200, 1, 1 }, large[] = { 1e200, 1e200, 1, 1 };
    kith_bipartite *b = NULL;
    kith_graph *out = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_bipartite_from_edges(4, 2, 4, rows, columns, small, NULL, &b, &err), err);
    assert_kith(kith_bipartite_project(b, false, NULL, &out, &err), err);
    assert_int_equal(kith_graph_edges(out), 1);
    assert_true(entry(out, 2, 3) == 1);
    kith_graph_free(out);
    kith_bipartite_free(b);
    assert_kith(kith_bipartite_from_edges(4, 2, 4, rows, columns, large, NULL, &b, &err), err);
    assert_kith_fails(kith_bipartite_project(b, false, NULL, &out, &err), KITH_E_INPUT, "is inf",
                      err);
    assert_null(out);
    kith_bipartite_free(b);
}

static void a_projection_is_the_same_to_the_last_bit_on_any_number_of_threads(void **state)
{
    kith_bipartite *b = random_bipartite(2000, 1500, 20000, true, false, 3);
    kith_run run = KITH_RUN_INIT(kith_run);
    kith_graph *first = NULL;

    (void)state;
    for (int threads = 1; threads <= 8; threads *= 2) {
        kith_graph *out = NULL;
        kith_error err = { 0 };
        run.threads = threads;
        assert_kith(kith_bipartite_project(b, false, &run, &out, &err), err);
        if (!first) {
            first = out;
            continue;
        }
        assert_int_equal(kith_graph_entries(out), kith_graph_entries(first));
        for (int64_t e = 0; e < kith_graph_entries(out); e++) {
            assert_int_equal(kith_graph_targets(out)[e], kith_graph_targets(first)[e]);
            assert_true(kith_graph_weight(out, e) == kith_graph_weight(first, e));
        }
        kith_graph_free(out);
    }
    kith_graph_free(first);
    kith_bipartite_free(b);
}

static void an_empty_bipartite_graph_has_projections(void **state)
{
    (void)state;
    for (int64_t rows = 0; rows < 3; rows++)
        for (int64_t columns = 0; columns < 3; columns++) {
            kith_bipartite *b = NULL;
            kith_graph *out = NULL;
            kith_error err = { 0 };
            assert_kith(
                kith_bipartite_from_edges(rows, columns, 0, NULL, NULL, NULL, NULL, &b, &err), err);
            for (int side = 0; side < 2; side++) {
                assert_kith(kith_bipartite_project(b, side, NULL, &out, &err), err);
                assert_int_equal(kith_graph_nodes(out), side ? columns : rows);
                assert_int_equal(kith_graph_entries(out), 0);
                kith_graph_free(out);
            }
            kith_bipartite_free(b);
        }
}

static void a_projection_takes_the_names_of_its_side(void **state)
{
    const kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_i_edges edges = { .count = 2 };
    kith_i_names *names = NULL;
    kith_bipartite *b = NULL;
    kith_graph *out = NULL;
    kith_i_poll poll = { 0 };
    kith_error err = { 0 };
    int64_t id;

    (void)state;
    assert_kith(kith_i_names_new(&names, &err), err);
    for (const char *c = "abxyz"; *c; c++)
        assert_kith(kith_i_names_add(names, c, 1, &id, &err), err);
    assert_kith(kith_i_zeroed(&edges.sources, 2, sizeof(uint32_t), &err), err);
    assert_kith(kith_i_zeroed(&edges.targets, 2, sizeof(uint32_t), &err), err);
    edges.sources[1] = 1;
    edges.targets[0] = edges.targets[1] = 2;
    assert_kith(kith_i_bipartite_build(&edges, 2, 3, &o, &poll, names, &b, &err), err);
    assert_null(edges.sources);
    kith_i_names_free(names);
    assert_kith(kith_bipartite_project(b, false, NULL, &out, &err), err);
    assert_string_equal(kith_graph_name(out, 1), "b");
    assert_true(entry(out, 0, 1) == 1);
    kith_graph_free(out);
    assert_kith(kith_bipartite_project(b, true, NULL, &out, &err), err);
    assert_string_equal(kith_graph_name(out, 2), "z");
    kith_graph_free(out);
    assert_kith_fails(kith_bipartite_project(NULL, true, NULL, &out, &err), KITH_E_ARGUMENT,
                      "bipartite", err);
    assert_kith_fails(kith_bipartite_project(b, true, NULL, NULL, &err), KITH_E_ARGUMENT, "out",
                      err);
    kith_bipartite_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_features_are_read_back),
        cmocka_unit_test(features_may_be_empty),
        cmocka_unit_test(sparse_features_are_sorted_added_and_cleared_of_zeros),
        cmocka_unit_test(features_must_have_a_row_for_each_node),
        cmocka_unit_test(features_refuse_what_is_out_of_range_or_not_finite),
        cmocka_unit_test(relations_keep_their_order_and_their_graphs),
        cmocka_unit_test(relations_refuse_a_name_twice),
        cmocka_unit_test(relations_have_as_many_nodes_as_the_largest_graph),
        cmocka_unit_test(a_borrowed_graph_gets_more_nodes_where_it_lies),
        cmocka_unit_test(relations_meet_in_the_names_of_their_nodes),
        cmocka_unit_test(names_in_one_relation_only_are_refused),
        cmocka_unit_test(the_sum_adds_each_entry_over_the_relations),
        cmocka_unit_test(the_sum_of_nothing_has_no_edges),
        cmocka_unit_test(a_bipartite_graph_numbers_columns_behind_rows),
        cmocka_unit_test(a_bipartite_graph_goes_without_weights_when_asked),
        cmocka_unit_test(a_bipartite_graph_refuses_bad_ids_and_weights),
        cmocka_unit_test(a_projection_is_the_product_with_the_transpose),
        cmocka_unit_test(a_projection_of_several_strips_is_the_same),
        cmocka_unit_test(a_projection_leaves_out_zeros_and_refuses_infinity),
        cmocka_unit_test(a_projection_is_the_same_to_the_last_bit_on_any_number_of_threads),
        cmocka_unit_test(an_empty_bipartite_graph_has_projections),
        cmocka_unit_test(a_projection_takes_the_names_of_its_side),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
