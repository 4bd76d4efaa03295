/* Components, sums and projections of graphs that are too large for one strip, some of whose rows
 * are, too: every value against what the way the graph was made says. */
#include "support/graphs.h"

#include "core/random.h"

#include <stdlib.h>

/* An edge list to be filled. */
typedef struct {
    int64_t  count;
    int64_t *sources, *targets;
    double  *weights;
} edges;

static edges room_for(int64_t count)
{
    return (edges){ 0, malloc((size_t)count * sizeof(int64_t)),
                    malloc((size_t)count * sizeof(int64_t)),
                    malloc((size_t)count * sizeof(double)) };
}

static void join(edges *e, int64_t u, int64_t v, double weight)
{
    e->sources[e->count] = u;
    e->targets[e->count] = v;
    e->weights[e->count++] = weight;
}

static void clear(edges *e)
{
    free(e->sources);
    free(e->targets);
    free(e->weights);
}

static kith_graph *graph_of(const edges *e, int64_t nodes, bool weighted, bool directed)
{
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    o.direction = directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    assert_kith(kith_graph_from_edges(nodes, e->count, e->sources, e->targets,
                                      weighted ? e->weights : NULL, &o, &graph, &err), err);
    return graph;
}

/* The entry of row u at column v, which is there. */
static int64_t entry(const kith_graph *graph, int64_t u, int64_t v)
{
    const uint32_t *targets = kith_graph_targets(graph);
    int64_t low = kith_graph_offsets(graph)[u], high = kith_graph_offsets(graph)[u + 1];

    while (high - low > 1) {
        const int64_t middle = (low + high) / 2;
        if (targets[middle] <= v) low = middle;
        else high = middle;
    }
    assert_int_equal(targets[low], v);
    return low;
}

/* A star whose row is cut, a path that runs through several strips, single edges. */
static void components_reach_over_strips(void **state)
{
    enum { LEAVES = 4500000, PATH = 800000, PAIRS = 300000 };
    const int64_t n = 1 + LEAVES + PATH + 2 * PAIRS;
    edges e = room_for(LEAVES + PATH + PAIRS);
    int64_t *labels = malloc((size_t)n * sizeof *labels), count;
    kith_error err = { 0 };

    (void)state;
    for (int64_t i = 1; i <= LEAVES; i++) join(&e, 0, i, 1);
    for (int64_t i = 1; i < PATH; i++) join(&e, LEAVES + i, LEAVES + i + 1, 1);
    for (int64_t i = 0; i < PAIRS; i++)
        join(&e, 1 + LEAVES + PATH + 2 * i + 1, 1 + LEAVES + PATH + 2 * i, 1);
    kith_graph *graph = graph_of(&e, n, false, false);
    assert_kith(kith_graph_components(graph, NULL, labels, &count, &err), err);
    assert_int_equal(count, 2 + PAIRS);
    for (int64_t v = 0; v < n; v++) {
        const int64_t pair = (v - 1 - LEAVES - PATH) / 2;
        const int64_t expected = v <= LEAVES ? 0 : v <= LEAVES + PATH ? 1 : 2 + pair;
        if (labels[v] != expected) assert_int_equal(labels[v], expected);
    }
    kith_graph_free(graph);
    free(labels);
    clear(&e);
}

/* Two stars of one centre, with leaves in common; one of them directed or none. */
static void add_stars(bool directed)
{
    enum { LEAVES = 2600000 };
    edges a = room_for(LEAVES), b = room_for(LEAVES);
    kith_relations *relations = NULL;
    kith_graph *sum = NULL;
    kith_error err = { 0 };
    int64_t expected = 0;

    for (int64_t v = 1; v < LEAVES; v++) {
        if (v % 3) join(&a, 0, v, (double)(v % 7 + 1) / 4);
        if (v % 2) join(&b, 0, v, (double)(v % 5 + 1) / 8);
    }
    assert_kith(kith_relations_new(&relations, &err), err);
    assert_kith(kith_relations_add(relations, "a", graph_of(&a, LEAVES, true, false), NULL, &err),
                err);
    assert_kith(kith_relations_add(relations, "b", graph_of(&b, LEAVES, true, directed), NULL,
                                   &err), err);
    assert_kith(kith_relations_sum(relations, (double[]){ 2, 4 }, NULL, &sum, &err), err);
    assert_int_equal(kith_graph_directed(sum), directed);
    for (int64_t v = 1; v < LEAVES; v++) {
        const double from_a = v % 3 ? 2 * (double)(v % 7 + 1) / 4 : 0;
        const double from_b = v % 2 ? 4 * (double)(v % 5 + 1) / 8 : 0;
        const double back = directed ? from_a : from_a + from_b;
        if (from_a + from_b > 0) {
            assert_true(kith_graph_weight(sum, entry(sum, 0, v)) == from_a + from_b);
            expected++;
        }
        if (back > 0) {
            assert_true(kith_graph_weight(sum, entry(sum, v, 0)) == back);
            expected++;
        }
    }
    assert_int_equal(kith_graph_entries(sum), expected);
    kith_graph_free(sum);
    kith_relations_free(relations);
    clear(&a);
    clear(&b);
}

static void rows_of_a_sum_reach_over_strips(void **state)
{
    (void)state;
    add_stars(false);
    add_stars(true);
}

/* Row 0 has every column, and each column three further rows: more terms for row 0 than one call
 * may take. */
static void project(bool weighted)
{
    enum { COLUMNS = 1100000, ROWS = 500 };
    edges e = room_for(4 * (int64_t)COLUMNS);
    double sums[ROWS] = { 0 };
    kith_bipartite *b = NULL;
    kith_graph *first = NULL;
    kith_error err = { 0 };

    for (int64_t c = 0; c < COLUMNS; c++) { /* terms are added up by ascending column */
        const int64_t r = 1 + c % (ROWS - 4);
        join(&e, 0, c, 0.1 + (double)(c % 13));
        for (int64_t i = 0; i < 3; i++) {
            join(&e, r + i, c, 0.3 + (double)(c % 17));
            sums[r + i] += weighted ? e.weights[e.count - 1] * (0.1 + (double)(c % 13)) : 1;
        }
    }
    assert_kith(kith_bipartite_from_edges(ROWS, COLUMNS, e.count, e.sources, e.targets,
                                          weighted ? e.weights : NULL, NULL, &b, &err), err);
    for (int threads = 1; threads <= 4; threads += 3) {
        kith_run run = KITH_RUN_INIT(kith_run);
        kith_graph *graph = NULL;
        run.threads = threads;
        assert_kith(kith_bipartite_project(b, false, &run, &graph, &err), err);
        for (int64_t r = 1; r < ROWS - 1; r++) {
            const double there = kith_graph_weight(graph, entry(graph, 0, r));
            assert_near(there, sums[r], 1e-12 * sums[r]);
            assert_true(kith_graph_weight(graph, entry(graph, r, 0)) == there);
        }
        if (!first) {
            first = graph;
            continue;
        }
        const int64_t entries = kith_graph_entries(graph);
        assert_int_equal(entries, kith_graph_entries(first));
        for (int64_t i = 0; i < entries; i++)
            assert_true(kith_graph_weight(graph, i) == kith_graph_weight(first, i));
        kith_graph_free(graph);
    }
    kith_graph_free(first);
    kith_bipartite_free(b);
    clear(&e);
}

static void a_row_of_too_many_terms_is_projected_the_same(void **state)
{
    (void)state;
    project(false);
    project(true);
}

static int count_down(const kith_progress *progress, void *payload)
{
    (void)progress;
    return --*(int *)payload == 0;
}

/* A row of millions, in any order, is sorted in pieces. */
static void a_hub_is_built_whole_or_not_at_all(void **state)
{
    enum { LEAVES = 5000000 };
    edges e = room_for(LEAVES);
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    (void)state;
    for (int64_t i = 0; i < LEAVES; i++) {
        const int64_t leaf = 1 + i * 7919 % LEAVES; /* each once */
        join(&e, 0, leaf, 1 + (double)(leaf % 3));
    }
    for (int weighted = 0; weighted < 2; weighted++) {
        graph = graph_of(&e, LEAVES + 1, weighted, false);
        assert_int_equal(kith_graph_offsets(graph)[1], LEAVES);
        for (int64_t i = 0; i < LEAVES; i++)
            if (kith_graph_targets(graph)[i] != i + 1 ||
                kith_graph_weight(graph, i) != (weighted ? 1 + (double)((i + 1) % 3) : 1))
                fail_msg("entry %d is another", (int)i);
        kith_graph_free(graph);
    }
    o.run.progress = count_down;
    o.run.interval = 0;
    for (int polls = 1; polls < 200; polls += 9) {
        int left = polls;
        o.run.payload = &left;
        const kith_status status = kith_graph_from_edges(LEAVES + 1, LEAVES, e.sources, e.targets,
                                                         NULL, &o, &graph, &err);
        assert_true((status == KITH_OK) == (graph != NULL));
        if (status == KITH_OK) break;
        assert_int_equal(status, KITH_E_CANCELLED);
    }
    kith_graph_free(graph);
    clear(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(components_reach_over_strips),
        cmocka_unit_test(rows_of_a_sum_reach_over_strips),
        cmocka_unit_test(a_row_of_too_many_terms_is_projected_the_same),
        cmocka_unit_test(a_hub_is_built_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
