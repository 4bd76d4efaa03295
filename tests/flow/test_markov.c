/* Markov clustering: what the flow is, step by step, against a dense implementation; known
 * communities; the communities of the markov_clustering package. */
#include "support/cases.h"
#include "support/golden.h"
#include "support/graphs.h"

#include "flow/flow.h"

#include <stdlib.h>
#include <time.h>

static kith_partition *markov(const kith_graph *graph, const kith_markov_options *options)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_markov(graph, options, &p, &err), err);
    return p;
}

static void disjoint_cliques_are_a_community_each(void **state)
{
    kith_graph *graph = test_cliques(6, 5, false);
    kith_partition *p = markov(graph, NULL);

    (void)state;
    assert_int_equal(kith_partition_communities(p), 6);
    for (int64_t v = 0; v < 30; v++) assert_int_equal(kith_partition_labels(p)[v], v / 5);
    assert_true(kith_partition_converged(p));
    assert_true(isnan(kith_partition_quality(p)));
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void two_cliques_joined_by_an_edge_are_two_communities(void **state)
{
    kith_graph *graph = test_two_k4();
    kith_partition *p = markov(graph, NULL);

    (void)state;
    assert_int_equal(kith_partition_communities(p), 2);
    for (int64_t v = 0; v < 8; v++) assert_int_equal(kith_partition_labels(p)[v], v / 4);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void nodes_without_edges_are_communities_of_their_own(void **state)
{
    kith_graph *graph = test_graph(3, 0, NULL, NULL), *empty = test_graph(0, 0, NULL, NULL);
    kith_partition *p = markov(graph, NULL), *none = markov(empty, NULL);

    (void)state;
    assert_int_equal(kith_partition_communities(p), 3);
    assert_int_equal(kith_partition_nodes(none), 0);
    kith_partition_free(none);
    kith_partition_free(p);
    kith_graph_free(empty);
    kith_graph_free(graph);
}

static void higher_inflation_never_gives_fewer_communities_of_a_ring_of_cliques(void **state)
{
    (void)state;
    for (int64_t size = 2; size < 7; size++) {
        kith_graph *ring = test_cliques(12, size, true);
        kith_markov_options o = KITH_MARKOV_OPTIONS_INIT;
        int64_t before = 1;
        for (o.inflation = 1.1; o.inflation < 6; o.inflation += 0.35) {
            kith_partition *p = markov(ring, &o);
            assert_true(kith_partition_communities(p) >= before);
            before = kith_partition_communities(p);
            kith_partition_free(p);
        }
        kith_graph_free(ring);
    }
}

static void an_inflation_without_bound_leaves_the_flow_to_the_largest(void **state)
{
    kith_graph *karate = test_karate();
    kith_markov_options o = KITH_MARKOV_OPTIONS_INIT;

    (void)state;
    o.inflation = 1e300;
    kith_partition *p = markov(karate, &o);
    assert_true(kith_partition_converged(p));
    assert_true(kith_partition_communities(p) > 4);
    kith_partition_free(p);
    kith_graph_free(karate);
}

/* Flow as a dense matrix: m[u][v] is what goes from v to u. */
enum { DENSE = 40 };
typedef struct {
    int64_t n;
    double m[DENSE][DENSE];
} dense;

static void dense_normalise(dense *d, int64_t v)
{
    double sum = 0;

    for (int64_t u = 0; u < d->n; u++) sum += d->m[u][v];
    for (int64_t u = 0; u < d->n; u++) d->m[u][v] /= sum;
}

static dense dense_start(const kith_graph *graph)
{
    dense d = { .n = kith_graph_nodes(graph) };

    for (int64_t v = 0; v < d.n; v++) {
        double heaviest = 0;
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++) {
            d.m[kith_graph_targets(graph)[e]][v] = kith_graph_weight(graph, e);
            heaviest = fmax(heaviest, kith_graph_weight(graph, e));
        }
        if (d.m[v][v] == 0) d.m[v][v] = heaviest > 0 ? heaviest : 1;
        dense_normalise(&d, v);
    }
    return d;
}

/* Leaves the entries that are at least `threshold` or the largest, at most `most` of them: one at a
 * time, largest and lowest first. */
static void dense_prune(dense *d, int64_t v, double threshold, int64_t most)
{
    double kept[DENSE] = { 0 }, all = 0;

    for (int64_t u = 0; u < d->n; u++) all = fmax(all, d->m[u][v]);
    for (int64_t i = 0; i < most && i < d->n; i++) {
        int64_t largest = 0;
        for (int64_t u = 1; u < d->n; u++)
            if (d->m[u][v] > d->m[largest][v]) largest = u;
        if (d->m[largest][v] < fmin(threshold, all)) break;
        kept[largest] = d->m[largest][v];
        d->m[largest][v] = -1;
    }
    for (int64_t u = 0; u < d->n; u++) d->m[u][v] = kept[u];
}

static void dense_step(dense *d, const kith_i_flow_rule *rule)
{
    dense next = { .n = d->n };

    for (int64_t v = 0; v < d->n; v++) {
        for (int64_t u = 0; u < d->n; u++)
            for (int64_t w = 0; w < d->n; w++) next.m[u][v] += d->m[u][w] * d->m[w][v];
        dense_prune(&next, v, rule->threshold, rule->max_entries);
        for (int64_t u = 0; u < d->n; u++) next.m[u][v] = pow(next.m[u][v], rule->inflation);
        dense_normalise(&next, v);
    }
    *d = next;
}

/* The communities of a flow that stands still, by their definition: attractors (m_vv > 0) that flow
 * to each other are one system, and a node belongs to the system that gets most of its flow. */
static void dense_basins(const dense *d, int64_t *labels)
{
    for (int64_t v = 0; v < d->n; v++) {
        double most = 0;
        for (int64_t a = 0; a < d->n; a++) {
            double gets = 0;
            if (d->m[a][a] < 1e-3) continue;
            for (int64_t b = 0; b < d->n; b++) gets += d->m[b][a] > 1e-3 ? d->m[b][v] : 0;
            if (gets <= most + 1e-6) continue;
            most = gets;
            labels[v] = a;
        }
    }
}

static void same_flow(const kith_i_flow *flow, const dense *d)
{
    for (int64_t v = 0; v < d->n; v++) {
        int64_t entries = 0, positive = 0;
        for (uint64_t e = flow->offsets[v]; e < flow->offsets[v + 1]; e++, entries++)
            assert_near(flow->values[e], d->m[flow->rows[e]][v], 1e-12);
        for (int64_t u = 0; u < d->n; u++) positive += d->m[u][v] > 0;
        assert_int_equal(entries, positive);
    }
}

static void columns_are_stochastic(const kith_i_flow *flow, const kith_i_flow_rule *rule)
{
    for (int64_t v = 0; v < flow->nodes; v++) {
        const uint64_t begin = flow->offsets[v], end = flow->offsets[v + 1];
        double sum = 0;
        assert_in_range(end - begin, 1, rule ? rule->max_entries : flow->nodes);
        for (uint64_t e = begin; e < end; e++) {
            assert_true(flow->values[e] > 0);
            assert_true(e == begin || flow->rows[e - 1] < flow->rows[e]);
            sum += flow->values[e];
        }
        assert_near(sum, 1, 1e-14);
    }
}

/* Calls `check` for random graphs, several ways to prune, and several inflations. */
static void for_random_flows(void (*check)(const kith_graph *, const kith_i_flow_rule *))
{
    static const double inflations[] = { 1.3, 2, 3.5 };
    static const double thresholds[] = { 0, 1e-4, 0.02, 1 };

    for (uint64_t seed = 0; seed < 48; seed++) {
        const test_random what = { .nodes = 5 + (int64_t)(seed % 4) * 11, .density = 0.15,
                                   .weighted = seed & 1, .loops = seed & 2, .seed = seed };
        const kith_i_flow_rule rule = { inflations[seed % 3], thresholds[seed / 3 % 4],
                                        seed % 5 == 0 ? 3 : 1000, 2 };
        kith_graph *graph = test_random_graph(&what);
        check(graph, &rule);
        kith_graph_free(graph);
    }
}

static void steps_agree(const kith_graph *graph, const kith_i_flow_rule *rule)
{
    dense d = dense_start(graph);
    kith_i_flow flow;
    kith_i_poll poll = { 0 };
    kith_error err = { 0 };
    bool moved;

    assert_kith(kith_i_flow_start(graph, &flow, &err), err);
    columns_are_stochastic(&flow, NULL);
    same_flow(&flow, &d);
    for (int64_t step = 0; step < 12; step++) {
        assert_kith(kith_i_flow_step(&flow, rule, &poll, &moved, &err), err);
        dense_step(&d, rule);
        columns_are_stochastic(&flow, rule);
        same_flow(&flow, &d);
    }
    kith_i_flow_clear(&flow);
}

static void the_flow_is_that_of_dense_matrices(void **state)
{
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_init(&err), err);
    for_random_flows(steps_agree);
}

static void communities_agree(const kith_graph *graph, const kith_i_flow_rule *rule)
{
    kith_markov_options o = KITH_MARKOV_OPTIONS_INIT;
    int64_t labels[DENSE];
    kith_error err = { 0 };
    kith_comparison c;
    dense d = dense_start(graph);

    o.inflation = rule->inflation;
    o.threshold = rule->threshold;
    o.max_entries = rule->max_entries;
    kith_partition *p = markov(graph, &o);
    if (kith_partition_converged(p)) {
        for (int64_t step = 0; step < kith_partition_iterations(p); step++) dense_step(&d, rule);
        dense_basins(&d, labels);
        assert_kith(kith_compare(d.n, kith_partition_labels(p), labels, NULL, &c, &err), err);
        assert_near(c.accuracy, 1, 0);
        assert_near(c.ari, 1, 0);
    }
    kith_partition_free(p);
}

static void communities_are_the_attractors_with_what_flows_to_them(void **state)
{
    (void)state;
    for_random_flows(communities_agree);
}

static void case_agrees(const test_case *c)
{
    kith_markov_options o = KITH_MARKOV_OPTIONS_INIT;
    kith_error err = { 0 };
    kith_comparison same;
    char key[96];

    snprintf(key, sizeof key, "%s/inflation", c->name);
    o.inflation = golden("markov.csv", key);
    kith_partition *p = markov(c->graph, &o);
    snprintf(key, sizeof key, "%s/communities", c->name);
    if (kith_partition_communities(p) != (int64_t)golden("markov.csv", key))
        fail_msg("%s has %d communities", c->name, (int)kith_partition_communities(p));
    assert_kith(kith_compare(kith_partition_nodes(p), kith_partition_labels(p), c->labels, NULL,
                             &same, &err),
                err);
    if (same.accuracy != 1) fail_msg("%s: %g of the nodes agree", c->name, same.accuracy);
    kith_partition_free(p);
}

static void communities_are_those_of_markov_clustering(void **state)
{
    (void)state;
    assert_true(test_for_cases("markov-graphs.txt", case_agrees) >= 20);
}

static void a_node_belongs_where_most_of_its_flow_ends(void **state)
{
    /* 0 and 1 attract as a pair, 2 alone. 3 flows to each a third, 4 to 1 and 2 by halves. */
    uint64_t offsets[] = { 0, 2, 4, 5, 8, 10 };
    uint64_t rows[] = { 0, 1, 0, 1, 2, 0, 1, 2, 1, 2 };
    double values[] = { 0.5, 0.5, 0.5, 0.5, 1, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0.5, 0.5 };
    const kith_i_flow flow = { 5, offsets, rows, values };
    uint32_t labels[5];
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_flow_basins(&flow, labels, &err), err);
    for (int v = 0; v < 5; v++) assert_int_equal(labels[v], v == 2 ? 2 : 0);
    values[8] = 0.4;
    values[9] = 0.6;
    assert_kith(kith_i_flow_basins(&flow, labels, &err), err);
    assert_int_equal(labels[4], 2);
}

static void the_flow_has_the_same_bits_on_any_number_of_threads(void **state)
{
    const test_random what = { .nodes = 300, .density = 0.2, .weighted = true, .seed = 5 };
    kith_graph *graph = test_random_graph(&what);
    kith_i_flow flow[4];
    kith_i_poll poll = { 0 };
    kith_error err = { 0 };
    bool moved;

    (void)state;
    assert_kith(kith_init(&err), err);
    for (int i = 0; i < 4; i++) {
        const kith_i_flow_rule rule = { 1.5, 1e-6, 1000, 1 << i };
        assert_kith(kith_i_flow_start(graph, &flow[i], &err), err);
        for (int step = 0; step < 3; step++)
            assert_kith(kith_i_flow_step(&flow[i], &rule, &poll, &moved, &err), err);
        const size_t entries = flow[i].offsets[300];
        assert_memory_equal(flow[i].offsets, flow[0].offsets, 301 * sizeof(uint64_t));
        assert_memory_equal(flow[i].rows, flow[0].rows, entries * sizeof(uint64_t));
        assert_memory_equal(flow[i].values, flow[0].values, entries * sizeof(double));
    }
    for (int i = 0; i < 4; i++) kith_i_flow_clear(&flow[i]);
    kith_graph_free(graph);
}

static void huge_and_tiny_weights_flow_as_moderate_ones_do(void **state)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 }, { 2, 3 }, { 3, 4 } };
    static const double weights[] = { 1, 1, 2, 0.25, 3 };
    static const double scales[] = { 1, 0x1p1020, 0x1p-1040 };
    kith_i_flow flow[3];
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        double scaled[5];
        for (int e = 0; e < 5; e++) scaled[e] = weights[e] * scales[i];
        kith_graph *graph = test_graph(5, 5, pairs, scaled);
        assert_kith(kith_i_flow_start(graph, &flow[i], &err), err);
        assert_memory_equal(flow[i].values, flow[0].values, 15 * sizeof(double));
        kith_graph_free(graph);
    }
    for (int i = 0; i < 3; i++) kith_i_flow_clear(&flow[i]);
}

static void arcs_count_both_ways(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        const test_random what = { 25, 0.1, seed & 1, seed & 2, true, seed };
        kith_graph *directed = test_random_graph(&what), *undirected = NULL;
        kith_error err = { 0 };
        assert_kith(kith_graph_symmetrise(directed, KITH_DUPLICATES_SUM, NULL, &undirected, &err),
                    err);
        kith_partition *p = markov(directed, NULL), *q = markov(undirected, NULL);
        test_assert_same(p, q);
        kith_partition_free(p);
        kith_partition_free(q);
        kith_graph_free(undirected);
        kith_graph_free(directed);
    }
}

/* A progress callback that takes long at one of its calls. */
typedef struct {
    int calls, slow;
} clockwork;

static int dawdle(const kith_progress *progress, void *payload)
{
    clockwork *c = payload;
    const struct timespec pause = { .tv_nsec = 60000000 };

    (void)progress;
    if (++c->calls == c->slow) nanosleep(&pause, NULL);
    return 0;
}

static void a_time_limit_gives_the_flow_of_the_last_whole_iteration(void **state)
{
    kith_graph *karate = test_karate();
    kith_markov_options o = KITH_MARKOV_OPTIONS_INIT, one = o;
    clockwork c = { 0 };
    kith_partition *p = NULL;
    kith_error err = { 0 };

    (void)state;
    one.iterations = 1;
    o.run.time_limit = 0.05;
    o.run.progress = dawdle;
    o.run.payload = &c;
    o.run.interval = 0;
    c.slow = 1;
    assert_kith_fails(kith_markov(karate, &o, &p, &err), KITH_E_TIME, "time limit", err);
    assert_null(p);
    c = (clockwork){ .slow = 3 }; /* two polls are the first iteration */
    p = markov(karate, &o);
    kith_partition *q = markov(karate, &one);
    assert_int_equal(kith_partition_iterations(p), 1);
    assert_int_equal(kith_partition_stop(p), KITH_STOP_TIME);
    assert_int_equal(kith_partition_stop(q), KITH_STOP_ITERATIONS);
    assert_false(kith_partition_converged(p));
    test_assert_same(p, q);
    kith_partition_free(p);
    kith_partition_free(q);
    kith_graph_free(karate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disjoint_cliques_are_a_community_each),
        cmocka_unit_test(two_cliques_joined_by_an_edge_are_two_communities),
        cmocka_unit_test(nodes_without_edges_are_communities_of_their_own),
        cmocka_unit_test(higher_inflation_never_gives_fewer_communities_of_a_ring_of_cliques),
        cmocka_unit_test(an_inflation_without_bound_leaves_the_flow_to_the_largest),
        cmocka_unit_test(the_flow_is_that_of_dense_matrices),
        cmocka_unit_test(communities_are_the_attractors_with_what_flows_to_them),
        cmocka_unit_test(communities_are_those_of_markov_clustering),
        cmocka_unit_test(a_node_belongs_where_most_of_its_flow_ends),
        cmocka_unit_test(the_flow_has_the_same_bits_on_any_number_of_threads),
        cmocka_unit_test(huge_and_tiny_weights_flow_as_moderate_ones_do),
        cmocka_unit_test(arcs_count_both_ways),
        cmocka_unit_test(a_time_limit_gives_the_flow_of_the_last_whole_iteration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
