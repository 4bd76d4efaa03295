/* Construction from edges: against a dense matrix filled by the rules of kith/graph.h, and the
 * rules one by one. */
#include "support/graphs.h"

#include "core/random.h"

#include <stdlib.h>

typedef struct {
    int64_t source, target;
} pair;

static kith_graph *build(int64_t nodes, int64_t edges, const pair *pairs, const double *weights,
                         const kith_graph_options *options)
{
    int64_t sources[4096] = { 0 }, targets[4096] = { 0 };
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    for (int64_t i = 0; i < edges; i++) {
        sources[i] = pairs[i].source;
        targets[i] = pairs[i].target;
    }
    assert_kith(
        kith_graph_from_edges(nodes, edges, sources, targets, weights, options, &graph, &err), err);
    return graph;
}

/* The weight of the entry (u, v), 0 without one. */
static double entry(const kith_graph *graph, int64_t u, int64_t v)
{
    for (int64_t e = kith_graph_offsets(graph)[u]; e < kith_graph_offsets(graph)[u + 1]; e++)
        if (kith_graph_targets(graph)[e] == v) return kith_graph_weight(graph, e);
    return 0;
}

static void assert_rows_ascend(const kith_graph *graph)
{
    const int64_t *offsets = kith_graph_offsets(graph);

    assert_int_equal(offsets[0], 0);
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++) {
        assert_true(offsets[v] <= offsets[v + 1]);
        for (int64_t e = offsets[v] + 1; e < offsets[v + 1]; e++)
            assert_true(kith_graph_targets(graph)[e - 1] < kith_graph_targets(graph)[e]);
    }
    assert_int_equal(offsets[kith_graph_nodes(graph)], kith_graph_entries(graph));
}

enum { NODES = 23, EDGES = 400 };

/* What the options ask for, on a dense matrix. */
static void fill_dense(const pair *pairs, const double *weights, const kith_graph_options *o,
                       double dense[NODES][NODES])
{
    static bool seen[NODES][NODES];
    const bool both = o->direction != KITH_DIRECTED;
    const bool sum = !o->ignore_weights && (o->duplicates == KITH_DUPLICATES_SUM ||
                                            (o->duplicates == KITH_DUPLICATES_AUTO && weights));

    memset(seen, 0, sizeof seen);
    memset(dense, 0, sizeof(double[NODES][NODES]));
    for (int64_t i = 0; i < EDGES; i++) {
        const int64_t u = pairs[i].source, v = pairs[i].target;
        const double weight = weights ? weights[i] : 1;
        if (!seen[u][v] || sum) dense[u][v] += weight;
        seen[u][v] = true;
        if (!both || u == v) continue;
        dense[v][u] = dense[u][v];
        seen[v][u] = true;
    }
    for (int64_t u = 0; u < NODES; u++) {
        if (o->loops == KITH_LOOPS_DROP) dense[u][u] = 0;
        if (o->loops == KITH_LOOPS_ADD && dense[u][u] == 0) dense[u][u] = 1;
        for (int64_t v = 0; v < NODES; v++)
            if (o->ignore_weights && dense[u][v] != 0) dense[u][v] = 1;
    }
}

static void follows_its_options_on_random_edges(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 144; seed++) {
        kith_i_random r = kith_i_random_at(seed, 1, 0);
        pair pairs[EDGES], spread[EDGES];
        double weights[EDGES], dense[NODES][NODES];
        kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
        for (int64_t i = 0; i < EDGES; i++) {
            pairs[i].source = (int64_t)kith_i_random_below(&r, NODES);
            pairs[i].target = (int64_t)kith_i_random_below(&r, NODES);
            weights[i] = (double)kith_i_random_below(&r, 9) / 8; /* exact sums, zeros among them */
        }
        const int64_t apart = seed < 72 ? 1 : 5000; /* ids: in one bucket, or in several */
        for (int64_t i = 0; i < EDGES; i++) {
            spread[i].source = pairs[i].source * apart;
            spread[i].target = pairs[i].target * apart;
        }
        o.direction = seed & 1 ? KITH_DIRECTED : KITH_UNDIRECTED;
        o.loops = (kith_loops)(seed / 2 % 3);
        o.duplicates = (kith_duplicates)(seed / 6 % 3);
        o.ignore_weights = seed / 18 % 2;
        o.run.threads = 1 + (int64_t)(seed % 4);
        const double *given = seed / 36 % 2 ? weights : NULL;
        const int64_t nodes = (NODES - 1) * apart + 1;
        kith_graph *graph = build(nodes, EDGES, spread, given, &o);
        fill_dense(pairs, given, &o, dense);
        assert_rows_ascend(graph);
        const int64_t others = o.loops == KITH_LOOPS_ADD ? nodes - NODES : 0; /* their loops */
        int64_t entries = others, loops = others;
        double total = (double)others;
        for (int64_t u = 0; u < NODES; u++)
            for (int64_t v = 0; v < NODES; v++) {
                assert_true(entry(graph, u * apart, v * apart) == dense[u][v]);
                entries += dense[u][v] != 0;
                loops += u == v && dense[u][v] != 0;
                if (seed & 1 || u <= v) total += dense[u][v];
            }
        assert_int_equal(kith_graph_entries(graph), entries);
        assert_int_equal(kith_graph_loops(graph), loops);
        assert_int_equal(kith_graph_edges(graph),
                         seed & 1 ? entries : loops + (entries - loops) / 2);
        assert_near(test_total_weight(graph), total, 1e-12);
        kith_graph_free(graph);
    }
}

/* An entry as the rules make it. */
typedef struct {
    int64_t row, target;
    double  weight;
} arc;

static int by_row_and_target(const void *a, const void *b)
{
    const arc *x = a, *y = b;

    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return x->target < y->target ? -1 : x->target > y->target;
}

/* The arcs of the edges in order, both ways, repeats added up; returns how many. */
static int64_t arcs_in_order(int64_t edges, const pair *pairs, const double *weights, arc *arcs)
{
    int64_t count = 0, kept = 0;

    for (int64_t i = 0; i < edges; i++) {
        const int64_t u = pairs[i].source, v = pairs[i].target;
        arcs[count++] = (arc){ u, v, weights[i] };
        if (u != v) arcs[count++] = (arc){ v, u, weights[i] };
    }
    qsort(arcs, (size_t)count, sizeof *arcs, by_row_and_target);
    for (int64_t i = 0; i < count; i++) {
        if (kept && by_row_and_target(&arcs[kept - 1], &arcs[i]) == 0)
            arcs[kept - 1].weight += arcs[i].weight;
        else
            arcs[kept++] = arcs[i];
    }
    return kept;
}

static void assert_entries_are(const kith_graph *graph, const arc *arcs, int64_t count)
{
    const int64_t *offsets = kith_graph_offsets(graph);

    assert_int_equal(kith_graph_entries(graph), count);
    for (int64_t i = 0, v = 0; i < count; i++) {
        while (offsets[v + 1] <= i) v++;
        assert_int_equal(v, arcs[i].row);
        assert_int_equal(kith_graph_targets(graph)[i], arcs[i].target);
        assert_true(kith_graph_weight(graph, i) == arcs[i].weight);
    }
    assert_int_equal(offsets[kith_graph_nodes(graph)], count);
}

/* From one bucket with keys of no bits to many buckets, digits and keys of more than 32 bits. */
static void few_edges_find_their_rows_among_many_nodes(void **state)
{
    static const int64_t nodes[] = { 1, 2, 4096, 4097, 65536, 65537, 131072, 300000, 20000000 };
    enum { COUNT = 3000 };
    pair pairs[COUNT];
    double weights[COUNT], ones[COUNT];
    arc arcs[2 * COUNT];

    (void)state;
    for (size_t k = 0; k < 4 * sizeof nodes / sizeof *nodes; k++) {
        const int64_t n = nodes[k / 4];
        const bool weighted = k & 1;
        kith_i_random r = kith_i_random_at(k, 1, 0);
        kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
        for (int64_t i = 0; i < COUNT; i++) { /* every other edge near the last node */
            const int64_t some = n < 50 ? n : 50, from = i % 2 ? n - some : 0;
            pairs[i].source = from + (int64_t)kith_i_random_below(&r, some);
            pairs[i].target = (int64_t)kith_i_random_below(&r, i % 3 ? some : n);
            weights[i] = (double)(1 + kith_i_random_below(&r, 9)) / 8;
            ones[i] = 1;
        }
        o.run.threads = k & 2 ? 3 : 1;
        kith_graph *graph = build(n, COUNT, pairs, weighted ? weights : NULL, &o);
        int64_t count = arcs_in_order(COUNT, pairs, weighted ? weights : ones, arcs);
        for (int64_t i = 0; i < count && !weighted; i++) arcs[i].weight = 1;
        assert_entries_are(graph, arcs, count);
        kith_graph_free(graph);
    }
}

static void gives_the_same_graph_on_any_number_of_threads(void **state)
{
    enum { COUNT = 3000000 };
    int64_t *sources = malloc(COUNT * sizeof *sources), *targets = malloc(COUNT * sizeof *targets);
    double *weights = malloc(COUNT * sizeof *weights);
    kith_i_random r = kith_i_random_at(5, 1, 0);
    kith_graph *first = NULL;

    (void)state;
    for (int64_t i = 0; i < COUNT; i++) { /* repeats, and hubs at low numbers */
        sources[i] = (int64_t)(20000 * pow(kith_i_random_unit(&r), 3));
        targets[i] = (int64_t)kith_i_random_below(&r, 20000);
        weights[i] = kith_i_random_unit(&r);
    }
    for (int64_t threads = 1; threads <= 8; threads *= 2) {
        kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
        kith_graph *graph = NULL;
        kith_error err = { 0 };
        o.run.threads = threads;
        assert_kith(kith_graph_from_edges(-1, COUNT, sources, targets, weights, &o, &graph, &err),
                    err);
        if (!first) {
            first = graph;
            continue;
        }
        const int64_t entries = kith_graph_entries(graph);
        assert_int_equal(entries, kith_graph_entries(first));
        assert_memory_equal(kith_graph_targets(graph), kith_graph_targets(first),
                            (size_t)entries * sizeof(uint32_t));
        for (int64_t e = 0; e < entries; e++)
            assert_true(kith_graph_weight(graph, e) == kith_graph_weight(first, e));
        kith_graph_free(graph);
    }
    kith_graph_free(first);
    free(sources);
    free(targets);
    free(weights);
}

static void counts_nodes_from_the_largest_id(void **state)
{
    const pair pairs[] = { { 0, 7 }, { 3, 2 } };
    kith_graph *graph = build(-1, 2, pairs, NULL, NULL);

    (void)state;
    assert_int_equal(kith_graph_nodes(graph), 8);
    kith_graph_free(graph);
}

static void takes_no_edges_and_no_nodes(void **state)
{
    (void)state;
    for (int64_t nodes = -1; nodes < 3; nodes++)
        for (int loops = 0; loops < 3; loops++) {
            kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
            o.loops = (kith_loops)loops;
            kith_graph *graph = build(nodes, 0, NULL, NULL, &o);
            const int64_t n = nodes < 0 ? 0 : nodes;
            assert_int_equal(kith_graph_nodes(graph), n);
            assert_int_equal(kith_graph_edges(graph), o.loops == KITH_LOOPS_ADD ? n : 0);
            kith_graph_free(graph);
        }
}

static void a_loop_counts_twice_in_an_undirected_strength(void **state)
{
    const pair pairs[] = { { 0, 0 }, { 0, 1 }, { 1, 2 } };
    const double weights[] = { 2, 0.5, 4 };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    double out[3], in[3];

    (void)state;
    kith_graph *graph = build(3, 3, pairs, weights, &o);
    assert_int_equal(kith_graph_strengths(graph, NULL, out, in, NULL), KITH_OK);
    assert_true(out[0] == 4.5 && out[1] == 4.5 && out[2] == 4);
    assert_memory_equal(out, in, sizeof out);
    assert_true(test_total_weight(graph) == 6.5);
    kith_graph_free(graph);
    o.direction = KITH_DIRECTED;
    graph = build(3, 3, pairs, weights, &o);
    assert_int_equal(kith_graph_strengths(graph, NULL, out, in, NULL), KITH_OK);
    assert_true(out[0] == 2.5 && out[1] == 4 && out[2] == 0);
    assert_true(in[0] == 2 && in[1] == 0.5 && in[2] == 4);
    kith_graph_free(graph);
}

static void stores_weights_only_where_they_tell_something(void **state)
{
    const pair pairs[] = { { 0, 1 }, { 1, 2 } };
    const double ones[] = { 1, 1 }, halves[] = { 0.5, 1 }, tenths[] = { 0.1, 1 };
    kith_graph *a = build(3, 2, pairs, ones, NULL), *b = build(3, 2, pairs, halves, NULL);
    kith_graph *c = build(3, 2, pairs, tenths, NULL);

    (void)state;
    assert_false(kith_graph_weighted(a));
    assert_true(kith_graph_weighted(b) && kith_graph_weighted(c));
    assert_int_equal(kith_graph_bytes(b) - kith_graph_bytes(a), 4 * 4); /* exact in floats */
    assert_int_equal(kith_graph_bytes(c) - kith_graph_bytes(a), 4 * 8);
    assert_true(entry(c, 1, 0) == 0.1);
    kith_graph_free(a);
    kith_graph_free(b);
    kith_graph_free(c);
}

static void refuses_repeats_when_asked_to(void **state)
{
    const int64_t sources[] = { 4, 1, 2 }, targets[] = { 2, 3, 4 };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err;

    (void)state;
    o.duplicates = KITH_DUPLICATES_REFUSE;
    assert_kith_fails(kith_graph_from_edges(5, 3, sources, targets, NULL, &o, &graph, &err),
                      KITH_E_INPUT, "(2, 4) is given twice", err);
    assert_null(graph);
    o.direction = KITH_DIRECTED;
    assert_kith(kith_graph_from_edges(5, 3, sources, targets, NULL, &o, &graph, &err), err);
    kith_graph_free(graph);
}

static void names_the_first_bad_edge(void **state)
{
    const int64_t good[] = { 0, 1 }, high[] = { 1, 9 }, negative[] = { 1, -2 };
    const double nan[] = { 1, NAN }, infinite[] = { INFINITY, 1 }, below[] = { 1, -1 };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err;

    (void)state;
    assert_kith_fails(kith_graph_from_edges(5, 2, good, high, NULL, NULL, &graph, &err),
                      KITH_E_INPUT, "edge 1 is (1, 9) (expected node ids from 0 to 4)", err);
    assert_kith_fails(kith_graph_from_edges(-1, 2, good, negative, NULL, NULL, &graph, &err),
                      KITH_E_INPUT, "edge 1 is (1, -2)", err);
    assert_kith_fails(kith_graph_from_edges(5, 2, good, good, nan, NULL, &graph, &err),
                      KITH_E_INPUT, "edge 1 has weight nan", err);
    assert_kith_fails(kith_graph_from_edges(5, 2, good, good, infinite, NULL, &graph, &err),
                      KITH_E_INPUT, "edge 0 has weight inf", err);
    assert_kith_fails(kith_graph_from_edges(5, 2, good, good, below, NULL, &graph, &err),
                      KITH_E_INPUT, "edge 1 has weight -1 (expected a finite number, at least 0)",
                      err);
    assert_kith_fails(kith_graph_from_edges(-2, 0, NULL, NULL, NULL, NULL, &graph, &err),
                      KITH_E_ARGUMENT, "nodes is -2", err);
    assert_kith_fails(
        kith_graph_from_edges(INT64_C(1) << 32, 0, NULL, NULL, NULL, NULL, &graph, &err),
        KITH_E_ARGUMENT, "nodes is 4294967296", err);
    assert_kith_fails(kith_graph_from_edges(1, -1, NULL, NULL, NULL, NULL, &graph, &err),
                      KITH_E_ARGUMENT, "edges is -1", err);
    assert_kith_fails(kith_graph_from_edges(1, 1, NULL, NULL, NULL, NULL, &graph, &err),
                      KITH_E_ARGUMENT, "sources and targets", err);
    o.signed_weights = true;
    assert_kith(kith_graph_from_edges(5, 2, good, good, below, &o, &graph, &err), err);
    assert_true(entry(graph, 1, 1) == -1);
    kith_graph_free(graph);
}

static void names_the_first_of_many_bad_edges_on_any_number_of_threads(void **state)
{
    enum { COUNT = 2000000 };
    int64_t *ids = calloc(COUNT, sizeof *ids);
    double *weights = calloc(COUNT, sizeof *weights);
    kith_graph *graph = NULL;
    kith_error err;

    (void)state;
    ids[1999999] = ids[700001] = 5;
    weights[700002] = weights[600003] = NAN;
    for (int64_t threads = 1; threads <= 4; threads++) {
        kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
        o.run.threads = threads;
        assert_kith_fails(kith_graph_from_edges(5, COUNT, ids, ids, NULL, &o, &graph, &err),
                          KITH_E_INPUT, "edge 700001 is (5, 5)", err);
        assert_kith_fails(kith_graph_from_edges(5, COUNT, ids, ids, weights, &o, &graph, &err),
                          KITH_E_INPUT, "edge 600003 has weight nan", err);
        o.ignore_weights = true;
        assert_kith_fails(kith_graph_from_edges(5, COUNT, ids, ids, weights, &o, &graph, &err),
                          KITH_E_INPUT, "edge 700001 is (5, 5)", err);
    }
    free(ids);
    free(weights);
}

/* Counts down the calls to the one that cancels. */
static int count_down(const kith_progress *progress, void *payload)
{
    (void)progress;
    return --*(int *)payload == 0;
}

static void can_be_cancelled_at_each_poll(void **state)
{
    enum { COUNT = 600000 };
    int64_t *sources = malloc(COUNT * sizeof *sources), *targets = malloc(COUNT * sizeof *targets);
    kith_status status = KITH_E_CANCELLED;
    kith_error err;

    (void)state;
    for (int64_t i = 0; i < COUNT; i++) {
        sources[i] = i * 7919 % 100003;
        targets[i] = i * 104729 % 100003;
    }
    int polls = 0;
    while (status == KITH_E_CANCELLED) {
        kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
        kith_graph *graph = NULL;
        int left = ++polls;
        o.run.threads = 1 + polls % 2;
        o.run.interval = 0;
        o.run.progress = count_down;
        o.run.payload = &left;
        status = kith_graph_from_edges(100003, COUNT, sources, targets, NULL, &o, &graph, &err);
        assert_true((graph != NULL) == (status == KITH_OK));
        kith_graph_free(graph);
    }
    assert_int_equal(status, KITH_OK);
    assert_true(polls > 8); /* checking, counting, distributing, sorting: each more than once */
    free(sources);
    free(targets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_its_options_on_random_edges),
        cmocka_unit_test(few_edges_find_their_rows_among_many_nodes),
        cmocka_unit_test(gives_the_same_graph_on_any_number_of_threads),
        cmocka_unit_test(counts_nodes_from_the_largest_id),
        cmocka_unit_test(takes_no_edges_and_no_nodes),
        cmocka_unit_test(a_loop_counts_twice_in_an_undirected_strength),
        cmocka_unit_test(stores_weights_only_where_they_tell_something),
        cmocka_unit_test(refuses_repeats_when_asked_to),
        cmocka_unit_test(names_the_first_bad_edge),
        cmocka_unit_test(names_the_first_of_many_bad_edges_on_any_number_of_threads),
        cmocka_unit_test(can_be_cancelled_at_each_poll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
