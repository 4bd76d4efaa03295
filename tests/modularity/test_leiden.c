/* Leiden: published values, the guarantees of the paper, exact optima of small graphs. */
#include "support/golden.h"
#include "support/graphs.h"

#include <stdio.h>
#include <stdlib.h>

static kith_partition *leiden(const kith_graph *graph, const kith_leiden_options *options)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_leiden(graph, options, &p, &err), err);
    return p;
}

static void reaches_the_optimum_of_zachary_with_some_seed_in_ten(void **state)
{
    kith_graph *karate = test_karate();
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
    double most = 0;

    (void)state;
    for (o.run.seed = 0; o.run.seed < 10; o.run.seed++) {
        kith_partition *p = leiden(karate, &o);
        const double q = kith_partition_quality(p);
        assert_true(q >= 0.415);
        assert_true(q <= 0.419790 + 1e-6); /* the proven maximum [Brandes2008] */
        most = q > most ? q : most;
        kith_partition_free(p);
    }
    assert_near(most, 0.419790, 1e-6);
    kith_graph_free(karate);
}

static void finds_two_cliques_joined_by_an_edge(void **state)
{
    kith_graph *graph = test_two_k4();
    kith_partition *p = leiden(graph, NULL);

    (void)state;
    assert_near(kith_partition_quality(p), 12.0 / 13 - 0.5, 1e-12);
    assert_int_equal(kith_partition_communities(p), 2);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void keeps_cliques_of_a_ring_apart_under_cpm_where_modularity_joins_them(void **state)
{
    /* Thirty 5-cliques: the resolution limit of modularity [Fortunato2007]. */
    kith_graph *ring = test_cliques(30, 5, true);
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;

    (void)state;
    kith_partition *p = leiden(ring, &o);
    assert_true(kith_partition_communities(p) < 30);
    kith_partition_free(p);
    o.objective = KITH_OBJECTIVE_CPM;
    o.resolution = 0.5;
    p = leiden(ring, &o);
    assert_int_equal(kith_partition_communities(p), 30);
    assert_near(kith_partition_quality(p), 30 * (10 - 0.5 * 10), 1e-9);
    kith_partition_free(p);
    kith_graph_free(ring);
}

static void joins_everything_connected_at_resolution_zero(void **state)
{
    kith_graph *graph = test_cliques(4, 3, false);
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;

    (void)state;
    for (o.objective = 0; o.objective < 3; o.objective++) {
        o.resolution = 0;
        kith_partition *p = leiden(graph, &o);
        assert_int_equal(kith_partition_communities(p), 4);
        kith_partition_free(p);
    }
    kith_graph_free(graph);
}

static void rb_is_cpm_at_gamma_times_the_density(void **state)
{
    kith_graph *karate = test_karate();
    kith_leiden_options rb = KITH_LEIDEN_OPTIONS_INIT, cpm = KITH_LEIDEN_OPTIONS_INIT;

    (void)state;
    rb.objective = KITH_OBJECTIVE_RB;
    cpm.objective = KITH_OBJECTIVE_CPM;
    cpm.resolution = 78.0 / (34 * 33 / 2);
    kith_partition *p = leiden(karate, &rb), *q = leiden(karate, &cpm);
    test_assert_same(p, q);
    assert_near(kith_partition_quality(p), kith_partition_quality(q), 1e-12);
    kith_partition_free(p);
    kith_partition_free(q);
    kith_graph_free(karate);
}

/* Calls `check` for random graphs of every sort, at several resolutions, in batches and not. */
static void for_random_graphs(int64_t nodes, void (*check)(const kith_graph *,
                                                           const kith_leiden_options *))
{
    static const double resolutions[] = { 0.3, 1, 2.5 };

    for (uint64_t seed = 0; seed < 60; seed++) {
        const test_random what = { nodes, 0.15 + 0.01 * (double)(seed % 40), seed & 1, seed & 2,
                                   seed % 5 == 4, seed };
        kith_graph *graph = test_random_graph(&what);
        kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
        o.run.seed = seed;
        o.batches = seed % 3;
        o.resolution = resolutions[seed % 3];
        o.iterations = seed % 4;
        for (o.objective = 0; o.objective < (what.directed ? 1 : 3); o.objective++)
            if (kith_graph_edges(graph)) check(graph, &o);
        kith_graph_free(graph);
    }
}

static void quality_is_the_definition(const kith_graph *graph, const kith_leiden_options *o)
{
    kith_partition *p = leiden(graph, o);
    const double n = (double)kith_graph_nodes(graph);
    const double density = test_total_weight(graph) / (n * (n - 1) / 2);
    const int64_t *labels = kith_partition_labels(p);

    if (o->objective == KITH_OBJECTIVE_MODULARITY)
        assert_near(kith_partition_quality(p), test_modularity(graph, labels, o->resolution),
                    1e-12);
    else
        assert_near(kith_partition_quality(p),
                    test_cpm(graph, labels, NULL,
                             o->resolution * (o->objective == KITH_OBJECTIVE_RB ? density : 1)),
                    1e-9);
    kith_partition_free(p);
}

static void reports_the_quality_of_its_definition(void **state)
{
    (void)state;
    for_random_graphs(25, quality_is_the_definition);
}

static void communities_connect(const kith_graph *graph, const kith_leiden_options *o)
{
    kith_partition *p = leiden(graph, o);

    test_assert_connected(graph, p);
    kith_partition_free(p);
}

static void communities_are_connected(void **state)
{
    (void)state;
    for_random_graphs(12, communities_connect);
    for_random_graphs(80, communities_connect);
}

/* The objective as sum_c E_c - g/2 N_c^2 over subsets of at most 12 nodes, given as bits. */
typedef struct {
    int64_t n;
    double weight[12][12]; /* undirected weight between two nodes; arcs both ways are added */
    double out[12], in[12];
    double g;
    bool directed;
} small;

static small read_small(const kith_graph *graph, const kith_leiden_options *o)
{
    small s = { .n = kith_graph_nodes(graph), .directed = kith_graph_directed(graph) };
    const double m = test_total_weight(graph), pairs = (double)(s.n * (s.n - 1)) / 2;

    for (int64_t v = 0; v < s.n; v++) {
        s.out[v] = s.in[v] = 1;
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            s.weight[v][u] += kith_graph_weight(graph, e);
            if (s.directed) s.weight[u][v] += kith_graph_weight(graph, e);
        }
    }
    s.g = o->resolution;
    if (o->objective == KITH_OBJECTIVE_RB) s.g *= m / pairs;
    if (o->objective == KITH_OBJECTIVE_MODULARITY) {
        assert_int_equal(kith_graph_strengths(graph, NULL, s.out, s.in, NULL), KITH_OK);
        s.g /= s.directed ? m : 2 * m;
    }
    return s;
}

/* E(C, D) - g |C| |D| for disjoint C and D. */
static double attraction(const small *s, unsigned c, unsigned d)
{
    double weight = 0, out_c = 0, in_c = 0, out_d = 0, in_d = 0;

    for (int64_t u = 0; u < s->n; u++) {
        if (c >> u & 1) {
            out_c += s->out[u];
            in_c += s->in[u];
        }
        if (!(d >> u & 1)) continue;
        out_d += s->out[u];
        in_d += s->in[u];
        for (int64_t v = 0; v < s->n; v++)
            if (c >> v & 1) weight += s->weight[v][u];
    }
    return weight - s->g * (s->directed ? out_c * in_d + in_c * out_d : out_c * out_d);
}

/* gamma-connected [Traag2019, appendix D]: a single node, or the union of two gamma-connected sets
 * of which E(C, D) >= gamma |C| |D|. */
static bool gamma_connected(const small *s, unsigned set, signed char *known)
{
    if (!(set & (set - 1))) return true;
    if (known[set]) return known[set] > 0;
    bool found = false;
    for (unsigned c = (set - 1) & set; c && !found; c = (c - 1) & set)
        if (c > (set & ~c) && attraction(s, c, set & ~c) >= -1e-9)
            found = gamma_connected(s, c, known) && gamma_connected(s, set & ~c, known);
    known[set] = found ? 1 : -1;
    return found;
}

static unsigned community_bits(const kith_partition *p, int64_t c)
{
    unsigned bits = 0;

    for (int64_t v = 0; v < kith_partition_nodes(p); v++)
        if (kith_partition_labels(p)[v] == c) bits |= 1u << v;
    return bits;
}

static void communities_gamma_connect(const kith_graph *graph, const kith_leiden_options *o)
{
    kith_partition *p = leiden(graph, o);
    const small s = read_small(graph, o);
    signed char *known = calloc(1u << 12, 1);

    for (int64_t c = 0; c < kith_partition_communities(p); c++)
        assert_true(gamma_connected(&s, community_bits(p, c), known));
    free(known);
    kith_partition_free(p);
}

static void communities_are_gamma_connected(void **state)
{
    (void)state;
    for_random_graphs(12, communities_gamma_connect);
}

static void communities_separate(const kith_graph *graph, const kith_leiden_options *o)
{
    kith_partition *p = leiden(graph, o);
    const small s = read_small(graph, o);
    const int64_t k = kith_partition_communities(p);

    for (int64_t c = 0; c < k; c++)
        for (int64_t d = 0; d < c; d++)
            assert_true(attraction(&s, community_bits(p, c), community_bits(p, d)) <= 1e-9);
    kith_partition_free(p);
}

static void no_two_communities_gain_by_joining(void **state)
{
    (void)state;
    for_random_graphs(12, communities_separate);
}

static void nodes_are_optimal(const kith_graph *graph, const kith_leiden_options *options)
{
    kith_leiden_options o = *options;

    o.iterations = 0;
    kith_partition *p = leiden(graph, &o);
    const small s = read_small(graph, &o);
    assert_true(kith_partition_converged(p));
    for (int64_t v = 0; v < s.n; v++) {
        const unsigned own = community_bits(p, kith_partition_labels(p)[v]) & ~(1u << v);
        const double here = own ? attraction(&s, 1u << v, own) : 0;
        assert_true(here >= -1e-9); /* against a community of its own */
        for (int64_t c = 0; c < kith_partition_communities(p); c++)
            if (c != kith_partition_labels(p)[v])
                assert_true(attraction(&s, 1u << v, community_bits(p, c)) <= here + 1e-9);
    }
    kith_partition_free(p);
}

static void at_stability_no_node_gains_by_moving(void **state)
{
    (void)state;
    for_random_graphs(12, nodes_are_optimal);
}

/* The largest modularity over all partitions, by restricted growth strings. */
static double best_modularity(const kith_graph *graph, int64_t *labels, int64_t v, int64_t used,
                              double best)
{
    if (v == kith_graph_nodes(graph)) return fmax(best, test_modularity(graph, labels, 1));
    for (labels[v] = 0; labels[v] <= used; labels[v]++) {
        const int64_t label = labels[v];
        best = best_modularity(graph, labels, v + 1, label == used ? used + 1 : used, best);
        labels[v] = label;
    }
    return best;
}

static void reaches_the_exact_optimum_of_small_graphs_with_some_seed(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        const test_random what = { 7, 0.45, i & 1, i & 2, i % 4 == 3, i };
        kith_graph *graph = test_random_graph(&what);
        kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
        int64_t labels[7];
        double most = -1;
        const double optimum = best_modularity(graph, labels, 0, 0, -1);
        o.iterations = 0;
        for (o.run.seed = 0; o.run.seed < 30; o.run.seed++) {
            kith_partition *p = leiden(graph, &o);
            most = fmax(most, kith_partition_quality(p));
            kith_partition_free(p);
        }
        assert_near(most, optimum, 1e-12);
        kith_graph_free(graph);
    }
}

static void a_coarse_graph_with_node_sizes_has_the_quality_of_the_fine_one(void **state)
{
    kith_graph *karate = test_karate(), *coarse = NULL;
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
    kith_error err = { 0 };
    double sizes[34];

    (void)state;
    o.objective = KITH_OBJECTIVE_CPM;
    o.resolution = 0.1;
    kith_partition *fine = leiden(karate, &o);
    const int64_t k = kith_partition_communities(fine);
    assert_kith(kith_graph_coarsen(karate, kith_partition_labels(fine), k, NULL, &coarse, &err),
                err);
    for (int64_t c = 0; c < k; c++) sizes[c] = (double)kith_partition_sizes(fine)[c];
    o.node_sizes = sizes;
    kith_partition *p = leiden(coarse, &o);
    assert_int_equal(kith_partition_communities(p), k); /* gamma-separated: nothing to join */
    assert_near(kith_partition_quality(p), kith_partition_quality(fine), 1e-9);
    kith_partition_free(p);
    kith_partition_free(fine);
    kith_graph_free(coarse);
    kith_graph_free(karate);
}

static void starts_from_the_initial_partition(void **state)
{
    kith_graph *karate = test_karate();
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;

    (void)state;
    o.iterations = 0;
    kith_partition *first = leiden(karate, &o);
    for (uint64_t seed = 1; seed < 20; seed++) {
        o.run.seed = seed;
        o.initial = first;
        kith_partition *p = leiden(karate, &o);
        assert_true(kith_partition_quality(p) >= kith_partition_quality(first) - 1e-12);
        kith_partition_free(p);
    }
    kith_partition_free(first);
    kith_graph_free(karate);
}

static void restarts_reach_the_proven_optima(void **state)
{
    static const struct {
        const char *name;
        double      most; /* [Aloise2010] */
    } graphs[] = { { "karate", 0.41979 }, { "dolphins", 0.52852 }, { "polbooks", 0.52724 },
                   { "football", 0.60457 } };

    (void)state;
    for (int i = 0; i < 4; i++) {
        kith_graph *graph = test_dataset(graphs[i].name);
        if (!graph) skip();
        kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
        o.restarts = 200;
        for (o.run.seed = 0; o.run.seed < 3; o.run.seed++) {
            kith_partition *p = leiden(graph, &o);
            assert_near(kith_partition_quality(p), graphs[i].most, 5e-6);
            kith_partition_free(p);
        }
        kith_graph_free(graph);
    }
}

static void restarts_are_no_worse_than_vieclus(void **state)
{
    static const char *const names[] = { "celegans-metabolic", "email-eu-core" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        kith_graph *graph = test_dataset(names[i]);
        if (!graph) skip();
        kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
        char key[64];
        o.restarts = 300;
        kith_partition *p = leiden(graph, &o);
        snprintf(key, sizeof key, "%s/vieclus", names[i]);
        assert_true(kith_partition_quality(p) >= golden("leiden.csv", key) - 1e-6);
        kith_partition_free(p);
        kith_graph_free(graph);
    }
}

static void a_restart_only_betters(const kith_graph *graph, const kith_leiden_options *options)
{
    kith_leiden_options o = *options;
    double before = -INFINITY;

    for (o.restarts = 0; o.restarts < 8; o.restarts++) {
        kith_partition *p = leiden(graph, &o);
        assert_true(kith_partition_quality(p) >= before);
        test_assert_connected(graph, p);
        before = kith_partition_quality(p);
        kith_partition_free(p);
    }
}

static void restarts_only_better(void **state)
{
    (void)state;
    for_random_graphs(12, a_restart_only_betters);
}

static void a_time_limit_ends_the_restarts(void **state)
{
    kith_graph *karate = test_karate();
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;

    (void)state;
    o.restarts = 10000;
    o.run.time_limit = 0.05;
    kith_partition *p = leiden(karate, &o);
    assert_int_equal(kith_partition_stop(p), KITH_STOP_TIME);
    test_assert_connected(karate, p);
    assert_near(kith_partition_quality(p),
                test_modularity(karate, kith_partition_labels(p), 1), 1e-12);
    kith_partition_free(p);
    kith_graph_free(karate);
}

static void no_community_exceeds_the_largest_size(void **state)
{
    kith_graph *karate = test_karate();
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;

    (void)state;
    kith_partition *free_sizes = leiden(karate, &o);
    for (int64_t largest = 1; largest < 12; largest++)
        for (int64_t batches = 0; batches < 3; batches++) {
            o.max_community_size = largest;
            o.batches = batches;
            o.initial = batches == 2 ? free_sizes : NULL;
            kith_partition *p = leiden(karate, &o);
            assert_true(kith_partition_sizes(p)[0] <= largest);
            test_assert_connected(karate, p);
            kith_partition_free(p);
        }
    kith_partition_free(free_sizes);
    kith_graph_free(karate);
}

static void a_looped_graph_has_the_modularity_of_igraph(void **state)
{
    /* Triangle 0-1-2, tail 2-3, loop at 3, which counts twice in the degree of 3: 2m = 10. */
    static const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 }, { 2, 3 }, { 3, 3 } };
    kith_graph *graph = test_graph(4, 5, pairs, NULL);
    kith_partition *p = leiden(graph, NULL);

    (void)state;
    /* {0, 1, 2} and {3}: e = 6 and 2, K = 7 and 3 */
    assert_near(kith_partition_quality(p), (6 - 49.0 / 10 + 2 - 9.0 / 10) / 10, 1e-12);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void is_at_least_as_good_as_igraph_on_graphs_with_a_truth(void **state)
{
    static const char *const names[] = { "email-eu-core", "polblogs", "football", "cora" };

    (void)state;
    for (int i = 0; i < 4; i++) {
        kith_graph *graph = test_dataset(names[i]);
        if (!graph) skip();
        int64_t *truth = test_dataset_labels(names[i], graph);
        kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
        kith_comparison c;
        double quality = 0, nmi = 0;
        char key[64];
        for (o.run.seed = 0; o.run.seed < 20; o.run.seed++) {
            kith_partition *p = leiden(graph, &o);
            assert_int_equal(kith_compare(kith_graph_nodes(graph), kith_partition_labels(p), truth,
                                          NULL, &c, NULL),
                             KITH_OK);
            test_assert_connected(graph, p);
            quality += kith_partition_quality(p) / 20;
            nmi += c.nmi / 20;
            kith_partition_free(p);
        }
        snprintf(key, sizeof key, "%s/modularity", names[i]);
        assert_true(quality >= golden("leiden.csv", key) - 0.001);
        snprintf(key, sizeof key, "%s/nmi", names[i]);
        assert_near(nmi, golden("leiden.csv", key), 0.03);
        free(truth);
        kith_graph_free(graph);
    }
}

static void reaches_0_835_on_dblp(void **state)
{
    kith_graph *graph = test_dataset("com-dblp");

    (void)state;
    if (!graph) skip();
    kith_partition *p = leiden(graph, NULL);
    assert_true(kith_partition_quality(p) >= 0.835);
    test_assert_connected(graph, p);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void batches_give_the_same_partition_on_any_number_of_threads(void **state)
{
    (void)state;
    for (int weighted = 0; weighted < 2; weighted++) {
        const test_random what = { .nodes = 3000, .density = 0.004, .weighted = weighted,
                                   .loops = weighted, .seed = 5 };
        kith_graph *graph = test_random_graph(&what);
        kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
        o.restarts = 1;
        for (o.batches = 3; o.batches < 20; o.batches += 16) {
            o.run.threads = 1;
            kith_partition *alone = leiden(graph, &o);
            test_assert_connected(graph, alone);
            for (o.run.threads = 2; o.run.threads < 5; o.run.threads++) {
                kith_partition *p = leiden(graph, &o);
                test_assert_same(alone, p);
                assert_true(kith_partition_quality(p) == kith_partition_quality(alone));
                kith_partition_free(p);
            }
            kith_partition_free(alone);
        }
        kith_graph_free(graph);
    }
}

static void a_time_limit_gives_the_best_so_far(void **state)
{
    kith_graph *karate = test_karate();
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;

    (void)state;
    o.run.time_limit = 1e-9;
    kith_partition *p = leiden(karate, &o);
    assert_int_equal(kith_partition_stop(p), KITH_STOP_TIME);
    assert_false(kith_partition_converged(p));
    test_assert_connected(karate, p);
    assert_near(kith_partition_quality(p),
                test_modularity(karate, kith_partition_labels(p), 1), 1e-12);
    kith_partition_free(p);
    kith_graph_free(karate);
}

static void refuses_cpm_on_a_directed_graph(void **state)
{
    const test_random what = { .nodes = 10, .density = 0.4, .directed = true };
    kith_graph *graph = test_random_graph(&what);
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
    kith_partition *p = NULL;
    kith_error err;

    (void)state;
    o.objective = KITH_OBJECTIVE_CPM;
    assert_kith_fails(kith_leiden(graph, &o, &p, &err), KITH_E_ARGUMENT, "objective is cpm", err);
    assert_null(p);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reaches_the_optimum_of_zachary_with_some_seed_in_ten),
        cmocka_unit_test(finds_two_cliques_joined_by_an_edge),
        cmocka_unit_test(keeps_cliques_of_a_ring_apart_under_cpm_where_modularity_joins_them),
        cmocka_unit_test(joins_everything_connected_at_resolution_zero),
        cmocka_unit_test(rb_is_cpm_at_gamma_times_the_density),
        cmocka_unit_test(reports_the_quality_of_its_definition),
        cmocka_unit_test(communities_are_connected),
        cmocka_unit_test(communities_are_gamma_connected),
        cmocka_unit_test(no_two_communities_gain_by_joining),
        cmocka_unit_test(at_stability_no_node_gains_by_moving),
        cmocka_unit_test(reaches_the_exact_optimum_of_small_graphs_with_some_seed),
        cmocka_unit_test(a_coarse_graph_with_node_sizes_has_the_quality_of_the_fine_one),
        cmocka_unit_test(starts_from_the_initial_partition),
        cmocka_unit_test(restarts_reach_the_proven_optima),
        cmocka_unit_test(restarts_are_no_worse_than_vieclus),
        cmocka_unit_test(restarts_only_better),
        cmocka_unit_test(a_time_limit_ends_the_restarts),
        cmocka_unit_test(no_community_exceeds_the_largest_size),
        cmocka_unit_test(a_looped_graph_has_the_modularity_of_igraph),
        cmocka_unit_test(is_at_least_as_good_as_igraph_on_graphs_with_a_truth),
        cmocka_unit_test(reaches_0_835_on_dblp),
        cmocka_unit_test(batches_give_the_same_partition_on_any_number_of_threads),
        cmocka_unit_test(a_time_limit_gives_the_best_so_far),
        cmocka_unit_test(refuses_cpm_on_a_directed_graph),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
