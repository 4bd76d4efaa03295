/* Infomap: code lengths of known partitions, the best of small graphs, an independent map equation
 * on random ones, directed and not. */
#include "support/embeddings.h"

#include "flow/map_equation.h"

#include <stdlib.h>

static kith_partition *infomap(const kith_graph *graph, const kith_infomap_options *options)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_infomap(graph, options, &p, &err), err);
    return p;
}

/* The map equation by its definition: entropies of the codebooks, each weighed by its use. */
enum { DENSE = 40 };
typedef struct {
    int64_t n;
    double visit[DENSE], flow[DENSE][DENSE]; /* from, to */
} walk;

static double entropy_term(double use, double rate)
{
    return use > 0 ? -use * log2(use / rate) : 0;
}

static double map_equation(const walk *w, const int64_t *labels)
{
    double enter[DENSE] = { 0 }, exit[DENSE] = { 0 }, index = 0, length = 0;

    for (int64_t u = 0; u < w->n; u++)
        for (int64_t v = 0; v < w->n; v++)
            if (labels[u] != labels[v]) {
                exit[labels[u]] += w->flow[u][v];
                enter[labels[v]] += w->flow[u][v];
            }
    for (int64_t c = 0; c < w->n; c++) index += enter[c];
    for (int64_t c = 0; c < w->n; c++) {
        double rate = exit[c];
        for (int64_t v = 0; v < w->n; v++) rate += labels[v] == c ? w->visit[v] : 0;
        length += entropy_term(enter[c], index) + entropy_term(exit[c], rate);
        for (int64_t v = 0; v < w->n; v++)
            length += labels[v] == c ? entropy_term(w->visit[v], rate) : 0;
    }
    return length;
}

/* PageRank by hundreds of steps of the dense chain, then one step along arcs only. */
static walk walk_of(const kith_graph *graph, double teleportation)
{
    walk w = { .n = kith_graph_nodes(graph) };
    const bool directed = kith_graph_directed(graph);
    double a[DENSE][DENSE] = { { 0 } }, out[DENSE] = { 0 }, total = 0;
    double visit[DENSE], recorded = 0;

    for (int64_t u = 0; u < w.n; u++)
        for (int64_t e = kith_graph_offsets(graph)[u]; e < kith_graph_offsets(graph)[u + 1]; e++) {
            const int64_t v = kith_graph_targets(graph)[e];
            a[u][v] = kith_graph_weight(graph, e) * (u == v && !directed ? 2 : 1);
            out[u] += a[u][v];
            total += a[u][v];
        }
    for (int64_t v = 0; v < w.n; v++) visit[v] = out[v] / total;
    for (int step = 0; directed && step < 2000; step++) {
        double next[DENSE] = { 0 };
        for (int64_t u = 0; u < w.n; u++)
            for (int64_t v = 0; v < w.n; v++) {
                const double lands = out[v] / total;
                next[v] += visit[u] * (out[u] > 0 ? teleportation * lands +
                                                        (1 - teleportation) * a[u][v] / out[u]
                                                  : lands);
            }
        memcpy(visit, next, sizeof next);
    }
    for (int64_t u = 0; u < w.n; u++) recorded += out[u] > 0 ? visit[u] : 0;
    for (int64_t u = 0; u < w.n; u++)
        for (int64_t v = 0; v < w.n && out[u] > 0; v++) {
            w.flow[u][v] = visit[u] / recorded * a[u][v] / out[u];
            w.visit[v] += w.flow[u][v];
        }
    return w;
}

static void karate_has_three_modules(void **state)
{
    kith_graph *karate = test_karate();
    kith_infomap_options o = KITH_INFOMAP_OPTIONS_INIT;

    (void)state;
    o.trials = 10;
    kith_partition *p = infomap(karate, &o);
    assert_near(test_partition_figure(p, "one_level_length"), 4.704423, 5e-7);
    assert_near(kith_partition_quality(p), 4.311793, 5e-7);
    assert_int_equal(kith_partition_communities(p), 3);
    assert_int_equal(kith_partition_sizes(p)[0], 17);
    assert_int_equal(kith_partition_sizes(p)[1], 12);
    assert_int_equal(kith_partition_sizes(p)[2], 5);
    kith_partition_free(p);
    kith_graph_free(karate);
}

static void two_cliques_joined_by_an_edge_are_two_modules(void **state)
{
    kith_graph *graph = test_two_k4();
    kith_partition *p = infomap(graph, NULL);

    (void)state;
    assert_near(test_partition_figure(p, "one_level_length"), 2.987773, 5e-7);
    assert_near(kith_partition_quality(p), 2.464485, 5e-7);
    for (int64_t v = 0; v < 8; v++) assert_int_equal(kith_partition_labels(p)[v], v / 4);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void where_nothing_clusters_one_module_is_the_shortest_code(void **state)
{
    kith_graph *clique = test_cliques(1, 9, false);
    kith_partition *p = infomap(clique, NULL);

    (void)state;
    assert_int_equal(kith_partition_communities(p), 1);
    assert_near(kith_partition_quality(p), log2(9), 1e-12);
    assert_near(test_partition_figure(p, "one_level_length"), log2(9), 1e-12);
    kith_partition_free(p);
    kith_graph_free(clique);
}

static void cliques_on_a_ring_are_modules_and_their_code_has_a_closed_form(void **state)
{
    enum { CLIQUES = 30, SIZE = 5, EDGES = CLIQUES * (SIZE * (SIZE - 1) / 2 + 1) };
    kith_graph *ring = test_cliques(CLIQUES, SIZE, true);
    kith_partition *p = infomap(ring, NULL);
    const double exit = 2.0 / (2 * EDGES), visits = 1.0 / CLIQUES;
    double length = kith_i_plogp(CLIQUES * exit) - 2 * CLIQUES * kith_i_plogp(exit) +
                    CLIQUES * kith_i_plogp(exit + visits);

    (void)state;
    for (int64_t v = 0; v < CLIQUES * SIZE; v++)
        length -= kith_i_plogp(
            (double)(kith_graph_offsets(ring)[v + 1] - kith_graph_offsets(ring)[v]) / (2 * EDGES));
    assert_int_equal(kith_partition_communities(p), CLIQUES);
    assert_near(kith_partition_quality(p), length, 1e-12);
    kith_partition_free(p);
    kith_graph_free(ring);
}

static void random_partition_is_told_as_long_as_defined(uint64_t seed, bool directed)
{
    const test_random what = { .nodes = 6 + (int64_t)(seed % 5) * 7,
                               .density = 0.12,
                               .weighted = seed & 1,
                               .loops = seed & 2,
                               .directed = directed,
                               .seed = seed };
    kith_graph *graph = test_random_graph(&what);
    const walk w = walk_of(graph, 0.15);
    const kith_i_parts whole = { .count = 1 };
    kith_i_random random = kith_i_random_at(seed, 0, 0);
    kith_i_network net;
    kith_i_poll poll = { 0 };
    kith_error err = { 0 };
    uint32_t labels[DENSE];
    int64_t wide[DENSE];
    double length, nodes = 0;

    assert_kith(kith_i_network_init(graph, 0.15, &poll, &net, &err), err);
    for (int64_t v = 0; v < w.n; v++) {
        wide[v] = labels[v] = (uint32_t)kith_i_random_below(&random, (uint64_t)w.n / 3 + 1);
        assert_near(net.flow[v], w.visit[v], 1e-12);
        nodes -= kith_i_plogp(net.flow[v]);
    }
    assert_kith(kith_i_map_lengths(&net, &whole, labels, &length, &err), err);
    assert_near(nodes + length, map_equation(&w, wide), 1e-11);
    kith_i_network_clear(&net);
    kith_graph_free(graph);
}

static void code_lengths_are_those_of_the_definition(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++)
        random_partition_is_told_as_long_as_defined(seed, seed % 3 == 2);
}

/* All partitions of a few nodes, by growth strings: no code is shorter than Infomap's of ten
 * trials. */
static double shortest(const walk *w, int64_t *labels, int64_t v, int64_t used)
{
    double best = INFINITY;

    if (v == w->n) return map_equation(w, labels);
    for (int64_t c = 0; c <= used; c++) {
        labels[v] = c;
        best = fmin(best, shortest(w, labels, v + 1, c == used ? used + 1 : used));
    }
    return best;
}

static void no_partition_of_a_small_graph_has_a_shorter_code(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 24; seed++) {
        const test_random what = { .nodes = 8,
                                   .density = 0.3,
                                   .weighted = seed & 1,
                                   .directed = seed % 3 == 2,
                                   .seed = seed };
        kith_graph *graph = test_random_graph(&what);
        kith_infomap_options o = KITH_INFOMAP_OPTIONS_INIT;
        const walk w = walk_of(graph, 0.15);
        int64_t labels[DENSE];
        o.trials = 10;
        kith_partition *p = infomap(graph, &o);
        assert_near(kith_partition_quality(p), map_equation(&w, kith_partition_labels(p)), 1e-11);
        assert_near(kith_partition_quality(p), shortest(&w, labels, 0, 0), 1e-9);
        kith_partition_free(p);
        kith_graph_free(graph);
    }
}

/* Groups of cliques: every two cliques of a group share an edge, and groups on a ring one. */
enum { GROUPS = 4, CLIQUES = 6, SIZE = 5, NODES = GROUPS * CLIQUES * SIZE };

static kith_graph *cliques_in_groups(void)
{
    static int64_t pairs[NODES * SIZE][2];
    int64_t m = 0;

    for (int64_t u = 0; u < NODES; u++)
        for (int64_t v = u + 1; v < NODES; v++) {
            const int64_t a = u / SIZE, b = v / SIZE;
            const bool same = a == b;
            const bool grouped = a != b && a / CLIQUES == b / CLIQUES && u % SIZE == v % SIZE &&
                                 u % SIZE == (a + b) % SIZE;
            const bool ring = u % (CLIQUES * SIZE) == 0 && v % (CLIQUES * SIZE) == 1 &&
                              (u / (CLIQUES * SIZE) + 1) % GROUPS == v / (CLIQUES * SIZE);
            if (!same && !grouped && !ring) continue;
            pairs[m][0] = u;
            pairs[m++][1] = v;
        }
    return test_graph(NODES, m, (const int64_t(*)[2])pairs, NULL);
}

/* What leaves each module, in parts of the walk. */
static void cut(const kith_graph *graph, const int64_t *labels, double *leaves)
{
    const double all = (double)kith_graph_offsets(graph)[NODES];

    for (int64_t v = 0; v < NODES; v++) leaves[v] = 0;
    for (int64_t v = 0; v < NODES; v++)
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++)
            if (labels[kith_graph_targets(graph)[e]] != labels[v]) leaves[labels[v]] += 1 / all;
}

/* The hierarchical map equation by its definition, of three levels [Rosvall2011 eq. 1]. */
static double three_levels(const kith_graph *graph, const int64_t *top, const int64_t *bottom)
{
    static double high[NODES], low[NODES], high_rate[NODES], low_rate[NODES];
    const double all = (double)kith_graph_offsets(graph)[NODES];
    int64_t above[NODES];
    double index = 0, length = 0;

    cut(graph, top, high);
    cut(graph, bottom, low);
    memcpy(high_rate, high, sizeof high);
    memcpy(low_rate, low, sizeof low);
    for (int64_t v = 0; v < NODES; v++) above[bottom[v]] = top[v];
    for (int64_t c = 0; c < NODES; c++) {
        index += high[c];
        if (low[c] > 0) high_rate[above[c]] += low[c];
    }
    for (int64_t v = 0; v < NODES; v++)
        low_rate[bottom[v]] +=
            (double)(kith_graph_offsets(graph)[v + 1] - kith_graph_offsets(graph)[v]) / all;
    for (int64_t c = 0; c < NODES; c++) {
        length += entropy_term(high[c], index) + entropy_term(high[c], high_rate[c]);
        if (low[c] > 0)
            length += entropy_term(low[c], high_rate[above[c]]) + entropy_term(low[c], low_rate[c]);
    }
    for (int64_t v = 0; v < NODES; v++)
        length += entropy_term(
            (double)(kith_graph_offsets(graph)[v + 1] - kith_graph_offsets(graph)[v]) / all,
            low_rate[bottom[v]]);
    return length;
}

static void a_hierarchy_is_found_and_told_as_defined(void **state)
{
    kith_graph *graph = cliques_in_groups();
    kith_infomap_options o = KITH_INFOMAP_OPTIONS_INIT;
    kith_partition *two = infomap(graph, &o);

    (void)state;
    o.map = KITH_INFOMAP_TOP;
    kith_partition *top = infomap(graph, &o);
    o.map = KITH_INFOMAP_BOTTOM;
    kith_partition *bottom = infomap(graph, &o);
    assert_near(test_partition_figure(two, "levels"), 2, 0);
    assert_near(test_partition_figure(top, "levels"), 3, 0);
    for (int64_t v = 0; v < NODES; v++) {
        assert_int_equal(kith_partition_labels(top)[v], v / (CLIQUES * SIZE));
        assert_int_equal(kith_partition_labels(bottom)[v], v / SIZE);
    }
    assert_near(kith_partition_quality(top),
                three_levels(graph, kith_partition_labels(top), kith_partition_labels(bottom)),
                1e-11);
    assert_near(kith_partition_quality(bottom), kith_partition_quality(top), 0);
    assert_true(kith_partition_quality(top) < kith_partition_quality(two));
    kith_partition_free(two);
    kith_partition_free(top);
    kith_partition_free(bottom);
    kith_graph_free(graph);
}

static void planted_modules_are_found(void **state)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_partition *truth = NULL;
    kith_error err = { 0 };

    (void)state;
    o.nodes = 2000;
    o.mixing = 0.3;
    assert_kith(kith_generate_lfr(&o, &graph, &truth, &err), err);
    kith_partition *p = infomap(graph, NULL);
    assert_true(test_agreement(p, kith_partition_labels(truth)).nmi > 0.99);
    kith_partition_free(p);
    kith_partition_free(truth);
    kith_graph_free(graph);
}

static void more_trials_are_never_worse(void **state)
{
    const test_random what = { .nodes = 120, .density = 0.05, .seed = 3 };
    kith_graph *graph = test_random_graph(&what);
    double before = INFINITY;

    (void)state;
    for (int64_t trials = 1; trials < 20; trials += 6) {
        kith_infomap_options o = KITH_INFOMAP_OPTIONS_INIT;
        o.trials = trials;
        kith_partition *p = infomap(graph, &o);
        assert_true(kith_partition_quality(p) <= before);
        before = kith_partition_quality(p);
        kith_partition_free(p);
    }
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(karate_has_three_modules),
        cmocka_unit_test(two_cliques_joined_by_an_edge_are_two_modules),
        cmocka_unit_test(where_nothing_clusters_one_module_is_the_shortest_code),
        cmocka_unit_test(cliques_on_a_ring_are_modules_and_their_code_has_a_closed_form),
        cmocka_unit_test(code_lengths_are_those_of_the_definition),
        cmocka_unit_test(no_partition_of_a_small_graph_has_a_shorter_code),
        cmocka_unit_test(a_hierarchy_is_found_and_told_as_defined),
        cmocka_unit_test(planted_modules_are_found),
        cmocka_unit_test(more_trials_are_never_worse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
