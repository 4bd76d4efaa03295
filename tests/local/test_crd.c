/* Capacity releasing diffusion: the published examples, an implementation by the definition. */
#include "support/cases.h"
#include "support/clusters.h"

#include <stdio.h>

enum { MOST = 40 };

static kith_cluster *crd(const kith_graph *graph, const kith_crd_options *options)
{
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    assert_kith(kith_crd(graph, options, &cluster, &err), err);
    return cluster;
}

static kith_cluster *crd_from(const kith_graph *graph, const int64_t *seed, int64_t rounds)
{
    kith_crd_options o = KITH_CRD_OPTIONS_INIT;

    o.query.seeds = (kith_nodes){ seed, 1 };
    o.iterations = rounds;
    return crd(graph, &o);
}

static void finds_the_triangle_of_the_barbell_in_two_rounds(void **state)
{
    const int64_t pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 },
                                 { 3, 4 }, { 3, 5 }, { 4, 5 } };
    const int64_t seed = 0;
    kith_graph *barbell = test_graph(6, 7, pairs, NULL);

    (void)state;
    kith_cluster *cluster = crd_from(barbell, &seed, 1);
    assert_int_equal(kith_cluster_size(cluster), 1);
    assert_near(kith_cluster_conductance(cluster), 1, 0);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_ITERATIONS);
    kith_cluster_free(cluster);
    cluster = crd_from(barbell, &seed, 20);
    assert_int_equal(kith_cluster_size(cluster), 3);
    for (int64_t v = 0; v < 3; v++) assert_int_equal(kith_cluster_nodes(cluster)[v], v);
    assert_near(kith_cluster_conductance(cluster), 1.0 / 7, 1e-12);
    assert_true(kith_cluster_converged(cluster));
    kith_cluster_free(cluster);
    kith_graph_free(barbell);
}

static void finds_the_cluster_of_zachary_in_the_published_rounds(void **state)
{
    static const double conductance[] = { 1, 0.652174, 0.146667, 0.146667 };
    static const int64_t size[] = { 1, 5, 17, 17 };
    static const int64_t cluster17[] = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21
    };
    const int64_t seed = 0;
    kith_graph *karate = test_karate();

    (void)state;
    for (int64_t rounds = 1; rounds <= 4; rounds++) {
        kith_cluster *cluster = crd_from(karate, &seed, rounds);
        assert_int_equal(kith_cluster_size(cluster), size[rounds - 1]);
        assert_near(kith_cluster_conductance(cluster), conductance[rounds - 1], 5e-7);
        if (rounds >= 3) {
            double level[34];
            test_scores(karate, cluster, level);
            for (int i = 0; i < 17; i++) assert_true(level[cluster17[i]] > 0);
            assert_near(test_figure(cluster, "excess"), 12, 0);
            assert_int_equal(kith_cluster_iterations(cluster), 3);
            assert_true(kith_cluster_converged(cluster));
        }
        kith_cluster_free(cluster);
    }
    kith_graph_free(karate);
}

/* The diffusion from its definition, with the flow between all pairs of nodes. */
typedef struct {
    int n;
    double weight[MOST][MOST], degree[MOST], flow[MOST][MOST], f[MOST];
    int level[MOST], arc[MOST], best_level[MOST];
    double best, excess;
    int rounds;
} by_definition;

static double excess_of(const by_definition *d, int v)
{
    return fmax(d->f[v] - d->degree[v], 0) > 1e-12 * d->degree[v] ? d->f[v] - d->degree[v] : 0;
}

static int lowest_with_excess(const by_definition *d, int height)
{
    int lowest = -1;

    for (int v = 0; v < d->n; v++)
        if (d->degree[v] > 0 && excess_of(d, v) > 0 && d->level[v] < height)
            if (lowest < 0 || d->level[v] < d->level[lowest]) lowest = v;
    return lowest;
}

static void unit_flow(by_definition *d, const kith_crd_options *o)
{
    memset(d->flow, 0, sizeof d->flow);
    memset(d->arc, 0, sizeof d->arc);
    for (int v = 0; v < d->n; v++) d->level[v] = d->degree[v] > 0 && excess_of(d, v) > 0;
    for (int v; (v = lowest_with_excess(d, (int)o->height)) >= 0;) {
        const int u = d->arc[v];
        if (u == d->n) {
            d->level[v]++;
            d->arc[v] = 0;
            continue;
        }
        const double r = fmin(d->level[v], o->capacity) * d->weight[v][u] - d->flow[v][u];
        const double psi = fmin(excess_of(d, v), fmin(r, o->width * d->degree[u] - d->f[u]));
        if (u == v || d->weight[v][u] == 0 || d->level[v] <= d->level[u] || psi <= 0) {
            d->arc[v]++;
            continue;
        }
        d->flow[v][u] += psi;
        d->flow[u][v] -= psi;
        d->f[v] -= psi;
        d->f[u] += psi;
    }
}

static void cut_at(by_definition *d, int level)
{
    double cut = 0, volume = 0, total = 0;

    for (int v = 0; v < d->n; v++) {
        total += d->degree[v];
        if (d->level[v] < level) continue;
        volume += d->degree[v];
        for (int u = 0; u < d->n; u++)
            if (d->level[u] < level) cut += d->weight[v][u];
    }
    const double smaller = fmin(volume, total - volume), phi = smaller > 0 ? cut / smaller : 1;
    if (volume == 0 || phi >= d->best - 1e-12) return;
    d->best = phi;
    for (int v = 0; v < d->n; v++) d->best_level[v] = d->level[v] >= level;
}

static by_definition run_by_definition(const kith_graph *graph, const kith_crd_options *o)
{
    const int64_t *offsets = kith_graph_offsets(graph);
    by_definition d = { .n = (int)kith_graph_nodes(graph), .best = INFINITY };
    double total = 0, limit = 0;

    assert_int_equal(kith_graph_strengths(graph, NULL, d.degree, NULL, NULL), KITH_OK);
    for (int v = 0; v < d.n; v++) {
        total += d.degree[v];
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++)
            d.weight[v][kith_graph_targets(graph)[e]] = kith_graph_weight(graph, e);
    }
    for (int64_t i = 0; i < o->query.seeds.count; i++) {
        const int64_t seed = o->query.seeds.ids[i];
        d.f[seed] = o->width * d.degree[seed];
        limit += d.degree[seed] / 10;
    }
    for (bool done = false; !done && d.rounds < o->iterations; d.rounds++, limit *= o->width) {
        double full = 0;
        unit_flow(&d, o);
        for (int level = (int)o->height; level > 0; level--) cut_at(&d, level);
        d.excess = 0;
        for (int v = 0; v < d.n; v++) {
            const double over = excess_of(&d, v);
            if (d.f[v] >= d.degree[v] * (1 - 1e-12)) full += d.degree[v];
            d.excess += over;
            d.f[v] = o->width * (d.f[v] - over);
        }
        done = d.excess > limit || full > total / 3;
    }
    return d;
}

static void agrees_with_the_definition_on_random_graphs(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 80; i++) {
        const test_random what = {
            .nodes = MOST, .density = 0.1, .weighted = i & 1, .loops = i & 2, .seed = i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_crd_options o = KITH_CRD_OPTIONS_INIT;
        const int64_t first = test_seed(graph, (int64_t)(i % MOST));
        const int64_t seeds[] = { first, test_seed(graph, (first + 1) % MOST) };
        double level[MOST];
        o.query.seeds = (kith_nodes){ seeds, 1 + (int64_t)(i / 4 % 2) };
        o.width = 1.5 + 0.25 * (double)(i % 5);
        o.height = 2 + (int64_t)(i % 11);
        o.capacity = 1 + (double)(i % 3);
        const by_definition d = run_by_definition(graph, &o);
        kith_cluster *cluster = crd(graph, &o);
        assert_int_equal(kith_cluster_iterations(cluster), d.rounds);
        assert_near(test_figure(cluster, "excess"), d.excess, 1e-9);
        assert_near(kith_cluster_conductance(cluster), d.best, 1e-9);
        test_scores(graph, cluster, level);
        for (int v = 0; v < MOST; v++) assert_int_equal(level[v] > 0, d.best_level[v]);
        kith_cluster_free(cluster);
        kith_graph_free(graph);
    }
}

static void takes_the_golden_rounds(const test_case *c)
{
    double seed, golden[512], level[512], best = INFINITY;
    char key[16];

    if (kith_graph_weighted(c->graph) || kith_graph_loops(c->graph)) return;
    test_local_golden(c, "seed", &seed, 1);
    const int64_t from = (int64_t)seed;
    kith_cluster *whole = crd_from(c->graph, &from, 20);
    const int64_t rounds = kith_cluster_iterations(whole);
    kith_cluster_free(whole);
    for (int64_t i = 0; i < rounds; i++) {
        snprintf(key, sizeof key, "crd-%d", (int)i);
        const int64_t count = test_local_golden(c, key, golden, 512);
        kith_cluster *cluster = crd_from(c->graph, &from, i + 1);
        assert_near(test_figure(cluster, "excess"), golden[1], 1e-9);
        if (golden[0] < best) { /* of the rounds so far */
            best = golden[0];
            test_scores(c->graph, cluster, level);
            assert_int_equal(kith_cluster_size(cluster), count - 2);
            for (int64_t k = 2; k < count; k++) assert_true(level[(int64_t)golden[k]] > 0);
        }
        assert_near(kith_cluster_conductance(cluster), best, 1e-9);
        kith_cluster_free(cluster);
    }
}

static void agrees_with_dense_flows(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", takes_the_golden_rounds) > 20);
}

static void mass_is_kept_and_edges_carry_no_more_than_their_capacity(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        const test_random what = {
            .nodes = 300, .density = 0.03, .weighted = i & 1, .loops = i & 2, .seed = 90 + i
        };
        kith_graph *graph = test_random_graph(&what);
        const int64_t seed = test_seed(graph, (int64_t)i);
        double strength[300];
        kith_crd_options o = KITH_CRD_OPTIONS_INIT;
        assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
        o.query.seeds = (kith_nodes){ &seed, 1 };
        o.query.round = (int)(i / 4 % 2);
        o.capacity = 1 + (double)(i % 4);
        for (o.iterations = 1; o.iterations <= 6; o.iterations++) {
            kith_cluster *cluster = crd(graph, &o);
            const double mass = test_figure(cluster, "mass"), flow = test_figure(cluster, "flow");
            assert_true(test_figure(cluster, "imbalance") <= 1e-9 * mass);
            assert_true(mass <= pow(2, (double)o.iterations) * strength[seed] * (1 + 1e-9));
            assert_true(flow > 0 && flow <= o.capacity + 1e-9);
            assert_true(kith_cluster_scores(cluster)[0] <= (double)o.height);
            assert_near(test_conductance(graph, cluster), kith_cluster_conductance(cluster), 1e-12);
            kith_cluster_free(cluster);
        }
        kith_graph_free(graph);
    }
}

static void the_support_holds_the_level_cut(void **state)
{
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_crd_options o = KITH_CRD_OPTIONS_INIT;
    double swept[34], whole[34];

    (void)state;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    kith_cluster *cluster = crd(karate, &o);
    test_scores(karate, cluster, swept);
    kith_cluster_free(cluster);
    o.query.round = KITH_ROUND_SUPPORT;
    cluster = crd(karate, &o);
    test_scores(karate, cluster, whole);
    kith_cluster_free(cluster);
    for (int v = 0; v < 34; v++)
        if (swept[v] > 0) assert_near(whole[v], swept[v], 0);
    kith_graph_free(karate);
}

static void the_order_of_seeds_does_not_matter(void **state)
{
    const int64_t seeds[][3] = { { 5, 33, 16 }, { 16, 5, 33 } };
    kith_graph *karate = test_karate();
    kith_cluster *clusters[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        kith_crd_options o = KITH_CRD_OPTIONS_INIT;
        o.query.seeds = (kith_nodes){ seeds[i], 3 };
        clusters[i] = crd(karate, &o);
    }
    assert_int_equal(kith_cluster_size(clusters[0]), kith_cluster_size(clusters[1]));
    assert_memory_equal(kith_cluster_nodes(clusters[0]), kith_cluster_nodes(clusters[1]),
                        (size_t)kith_cluster_size(clusters[0]) * sizeof(int64_t));
    kith_cluster_free(clusters[0]);
    kith_cluster_free(clusters[1]);
    kith_graph_free(karate);
}

static void touches_as_much_of_a_large_graph_as_of_a_small_one(void **state)
{
    int64_t touched[2];

    (void)state;
    for (int large = 0; large < 2; large++) {
        kith_graph *ring = test_cliques(large ? 4000 : 40, 12, true);
        const int64_t seed = 100;
        kith_cluster *cluster = crd_from(ring, &seed, 20);
        assert_int_equal(kith_cluster_size(cluster), 12);
        assert_int_equal(kith_cluster_nodes(cluster)[0] / 12, 8);
        touched[large] = kith_cluster_touched_edges(cluster);
        kith_cluster_free(cluster);
        kith_graph_free(ring);
    }
    assert_int_equal(touched[0], touched[1]);
}

static int count_down(const kith_progress *progress, void *payload)
{
    (void)progress;
    return --*(int64_t *)payload == 0;
}

static void a_long_diffusion_can_be_cancelled_or_limited(void **state)
{
    const test_random what = { .nodes = 5000, .density = 0.01, .seed = 1 };
    kith_graph *graph = test_random_graph(&what);
    const int64_t seed = test_seed(graph, 0);
    kith_crd_options o = KITH_CRD_OPTIONS_INIT;
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    (void)state;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.query.run.progress = count_down;
    o.query.run.interval = 0;
    int64_t polls;
    o.query.run.payload = &polls;
    for (int64_t last = 1; last <= 4; last++) {
        polls = last;
        assert_kith_fails(kith_crd(graph, &o, &cluster, &err), KITH_E_CANCELLED, "cancelled", err);
        assert_int_equal(polls, 0);
        assert_null(cluster);
    }
    polls = 2;
    test_run_out_of_time(&o.query.run, &polls);
    cluster = crd(graph, &o);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_TIME);
    assert_true(kith_cluster_size(cluster) > 0);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_triangle_of_the_barbell_in_two_rounds),
        cmocka_unit_test(finds_the_cluster_of_zachary_in_the_published_rounds),
        cmocka_unit_test(agrees_with_the_definition_on_random_graphs),
        cmocka_unit_test(agrees_with_dense_flows),
        cmocka_unit_test(mass_is_kept_and_edges_carry_no_more_than_their_capacity),
        cmocka_unit_test(the_support_holds_the_level_cut),
        cmocka_unit_test(the_order_of_seeds_does_not_matter),
        cmocka_unit_test(touches_as_much_of_a_large_graph_as_of_a_small_one),
        cmocka_unit_test(a_long_diffusion_can_be_cancelled_or_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
