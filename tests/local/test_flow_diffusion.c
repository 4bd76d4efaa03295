/* p-norm flow diffusion: published examples, optimality and duality from their definitions, a dense
 * solution on the support, the grid of masses. */
#include "support/clusters.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>

enum { NODES = 64 };

static const int64_t barbell_pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 },
                                            { 3, 4 }, { 3, 5 }, { 4, 5 } };

static kith_cluster *diffuse(const kith_graph *graph, const kith_flow_diffusion_options *options)
{
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    assert_kith(kith_flow_diffusion(graph, options, &cluster, &err), err);
    return cluster;
}

/* To 12 digits or so, all of the support. */
static kith_flow_diffusion_options exactly(const int64_t *seeds, int64_t count, double mass)
{
    kith_flow_diffusion_options o = KITH_FLOW_DIFFUSION_OPTIONS_INIT;

    o.query.seeds = (kith_nodes){ seeds, count };
    o.query.round = KITH_ROUND_SUPPORT;
    o.mass = mass;
    o.epsilon = 1e-12;
    o.passes = 100000;
    return o;
}

/* A small graph as matrices: weights off the diagonal, capacities. */
typedef struct {
    int64_t n;
    double weight[NODES][NODES], strength[NODES], volume;
} dense;

static void to_dense(const kith_graph *graph, dense *d)
{
    const int64_t *offsets = kith_graph_offsets(graph);

    memset(d, 0, sizeof *d);
    d->n = kith_graph_nodes(graph);
    assert_int_equal(kith_graph_strengths(graph, NULL, d->strength, NULL, NULL), KITH_OK);
    for (int64_t v = 0; v < d->n; v++) {
        d->volume += d->strength[v];
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++)
            if (kith_graph_targets(graph)[e] != v)
                d->weight[v][kith_graph_targets(graph)[e]] = kith_graph_weight(graph, e);
    }
}

static double flow(double p, double difference)
{
    return copysign(pow(fabs(difference), 1 / (p - 1)), difference);
}

/* m = Delta less what flows out. */
static void masses_of(const dense *d, const double *x, const double *source, double p, double *m)
{
    for (int64_t v = 0; v < d->n; v++) {
        m[v] = source[v];
        for (int64_t u = 0; u < d->n; u++) m[v] -= d->weight[v][u] * flow(p, x[v] - x[u]);
    }
}

static void gives_the_published_heights_of_the_barbell(void **state)
{
    static const double x[] = { 8.75, 5.25, 3.75, 0.25, 0, 0 }, m[] = { 2, 2, 3, 3, 0.25, 0.25 };
    static const double all_at_0[] = { 10.5, 0, 0, 0, 0, 0 }, less_at_0[] = { 6, 0, 0, 0, 0, 0 };
    static const double full[] = { 2, 2, 2, 0, 0, 0 };
    const int64_t seed = 0;
    kith_graph *barbell = test_graph(6, 7, barbell_pairs, NULL);
    kith_flow_diffusion_options o = exactly(&seed, 1, 10.5);
    double found[6], held[6];
    dense *d = malloc(sizeof *d);

    (void)state;
    to_dense(barbell, d);
    kith_cluster *cluster = diffuse(barbell, &o);
    test_scores(barbell, cluster, found);
    masses_of(d, found, all_at_0, 2, held);
    for (int v = 0; v < 6; v++) {
        assert_near(found[v], x[v], 1e-11);
        assert_near(held[v], m[v], 1e-11);
    }
    kith_cluster_free(cluster);
    for (int p = 2; p <= 8; p++) {
        o.mass = 6;
        o.p = p;
        cluster = diffuse(barbell, &o);
        assert_int_equal(kith_cluster_size(cluster), 1);
        test_scores(barbell, cluster, found);
        assert_near(found[0], pow(2, p - 1), 1e-9);
        masses_of(d, found, less_at_0, p, held);
        for (int v = 0; v < 6; v++) assert_near(held[v], full[v], 1e-11);
        kith_cluster_free(cluster);
    }
    free(d);
    kith_graph_free(barbell);
}

static void gives_the_published_heights_of_zachary_for_little_mass(void **state)
{
    static const int64_t support[] = { 0, 11, 12, 17, 21 };
    static const double x[][5] = { { 2.962963, 1.962963, 0.481481, 0.481481, 0.481481 },
                                   { 23.679939, 22.679939, 0.607336, 0.607336, 0.607336 } };
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_flow_diffusion_options o = exactly(&seed, 1, 60);
    double found[34];

    (void)state;
    for (int i = 0; i < 2; i++)
        for (int round = 0; round < 2; round++) {
            o.p = 2 + 2 * i;
            o.query.round = round;
            kith_cluster *cluster = diffuse(karate, &o);
            assert_true(kith_cluster_converged(cluster));
            assert_int_equal(kith_cluster_size(cluster), 5);
            assert_near(kith_cluster_conductance(cluster), 0.652174, 5e-7);
            test_scores(karate, cluster, found);
            for (int k = 0; k < 5; k++) assert_near(found[support[k]], x[i][k], 5e-7);
            kith_cluster_free(cluster);
        }
    kith_graph_free(karate);
}

static void gives_the_published_heights_and_cluster_of_zachary(void **state)
{
    static const int64_t support[] = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21, 31
    };
    static const double x[] = { 8.325132, 1.846442, 0.700680, 2.163828, 4.658465, 3.991798,
                                3.991798, 2.259021, 0.805162, 4.658465, 7.325132, 4.244480,
                                1.607216, 2.991798, 4.085787, 2.390524, 4.085787, 0.387522 };
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_flow_diffusion_options o = exactly(&seed, 1, 100);
    double found[34], held[34], source[34] = { 100 };
    int64_t filled = 0;
    dense *d = malloc(sizeof *d);

    (void)state;
    to_dense(karate, d);
    kith_cluster *cluster = diffuse(karate, &o);
    assert_int_equal(kith_cluster_size(cluster), 18);
    test_scores(karate, cluster, found);
    for (int k = 0; k < 18; k++) assert_near(found[support[k]], x[k], 5e-7);
    masses_of(d, found, source, 2, held);
    for (int v = 0; v < 34; v++) filled += held[v] > 0;
    assert_int_equal(filled, 26);
    kith_cluster_free(cluster);

    o.query.round = KITH_ROUND_SWEEP;
    cluster = diffuse(karate, &o);
    assert_int_equal(kith_cluster_size(cluster), 17);
    assert_near(kith_cluster_cut(cluster), 11, 1e-12);
    assert_near(kith_cluster_conductance(cluster), 0.146667, 5e-7);
    for (int i = 0; i < 17; i++) assert_int_not_equal(kith_cluster_nodes(cluster)[i], 31);
    kith_cluster_free(cluster);
    free(d);
    kith_graph_free(karate);
}

/* The optimality conditions and strong duality, and that the figures say the same: up to the
 * tolerance, and what flows an edge when x is rounded. */
static void expect_optimal(const kith_graph *graph, const kith_cluster *cluster,
                           const kith_flow_diffusion_options *o, double tolerance)
{
    const double p = o->p, q = p / (p - 1), share = o->mass / (double)o->query.seeds.count;
    double x[NODES], m[NODES], source[NODES] = { 0 }, held = 0, gained = 0, energy = 0;
    double worst = -INFINITY, support = 0, volume = 0, top = 0, sum = 0, strongest = 0;
    dense *d = malloc(sizeof *d);

    to_dense(graph, d);
    test_scores(graph, cluster, x);
    for (int64_t v = 0; v < d->n; v++) {
        top = fmax(top, x[v]);
        sum += x[v];
        strongest = fmax(strongest, d->strength[v]);
    }
    tolerance += strongest * flow(p, 4 * DBL_EPSILON * top);
    for (int64_t i = 0; i < o->query.seeds.count; i++) source[o->query.seeds.ids[i]] = share;
    masses_of(d, x, source, p, m);
    for (int64_t v = 0; v < d->n; v++) {
        worst = fmax(worst, m[v] - d->strength[v]);
        held += m[v];
        gained += x[v] * (source[v] - d->strength[v]);
        for (int64_t u = 0; u < v; u++) energy += d->weight[v][u] * pow(fabs(x[u] - x[v]), q);
        if (x[v] == 0) continue;
        support = fmax(support, fabs(m[v] - d->strength[v]));
        volume += d->strength[v];
    }
    assert_true(worst <= tolerance && support <= tolerance);
    assert_near(held, o->mass, 1e-9 * o->mass);
    assert_true(volume <= o->mass + tolerance * (double)d->n);
    assert_near(gained, energy, tolerance * sum + 1e-9 * energy);
    assert_near(test_figure(cluster, "mass"), o->mass, 0);
    assert_near(test_figure(cluster, "kkt"), worst, tolerance);
    assert_near(test_figure(cluster, "slackness"), support, tolerance);
    assert_near(test_figure(cluster, "gap"), energy / p - (gained - energy / q),
                1e-9 * energy + 1e-9);
    assert_near(test_figure(cluster, "balance"), 0, 1e-9 * o->mass);
    assert_near(test_figure(cluster, "stuck"), 0, 0);
    free(d);
}

/* Seeds and a mass that they cannot hold and their components can. */
static bool make_query(const kith_graph *graph, uint64_t i, int64_t seeds[2],
                       kith_flow_diffusion_options *o)
{
    double strength[NODES];
    int64_t components, labels[NODES], wanted = 1 + (int64_t)(i % 2);
    double room = INFINITY, held = 0;

    assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
    seeds[0] = test_seed(graph, (int64_t)i % kith_graph_nodes(graph));
    seeds[1] = test_seed(graph, (seeds[0] + 7) % kith_graph_nodes(graph));
    if (seeds[0] == seeds[1]) wanted = 1;
    assert_int_equal(kith_graph_components(graph, NULL, labels, &components, NULL), KITH_OK);
    for (int64_t c = 0; c < components; c++) {
        double volume = 0;
        int64_t inside = 0;
        for (int64_t v = 0; v < kith_graph_nodes(graph); v++)
            if (labels[v] == c) volume += strength[v];
        for (int64_t k = 0; k < wanted; k++) inside += labels[seeds[k]] == c;
        if (inside) room = fmin(room, volume * (double)wanted / (double)inside);
    }
    for (int64_t k = 0; k < wanted; k++) held = fmax(held, strength[seeds[k]] * (double)wanted);
    *o = exactly(seeds, wanted, held + (0.2 + 0.06 * (double)(i % 10)) * (room - held));
    return room > 1.01 * held;
}

static void solves_both_problems_on_random_graphs(void **state)
{
    static const double norms[] = { 2, 2, 3, 4, 2.5, 3.5 };
    int64_t tried = 0;

    (void)state;
    for (uint64_t i = 0; i < 60; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.1, .weighted = i & 1, .loops = i & 2, .seed = i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_flow_diffusion_options o;
        int64_t seeds[2];
        if (make_query(graph, i, seeds, &o)) {
            o.p = norms[i % 6];
            if (o.p > 2) o.epsilon = 1e-7;
            o.order = i / 6 % 2;
            kith_cluster *cluster = diffuse(graph, &o);
            expect_optimal(graph, cluster, &o, 1e-10 + o.epsilon);
            kith_cluster_free(cluster);
            tried++;
        }
        kith_graph_free(graph);
    }
    assert_true(tried > 50);
}

/* Gaussian elimination with pivots: A x = b, in place. */
static void solve_dense(int64_t n, double a[NODES][NODES], double *b)
{
    for (int64_t k = 0; k < n; k++) {
        int64_t pivot = k;
        for (int64_t i = k + 1; i < n; i++)
            if (fabs(a[i][k]) > fabs(a[pivot][k])) pivot = i;
        for (int64_t j = 0; j < n; j++) {
            const double swapped = a[k][j];
            a[k][j] = a[pivot][j];
            a[pivot][j] = swapped;
        }
        const double swapped = b[k];
        b[k] = b[pivot];
        b[pivot] = swapped;
        for (int64_t i = 0; i < n; i++) {
            if (i == k) continue;
            const double factor = a[i][k] / a[k][k];
            for (int64_t j = k; j < n; j++) a[i][j] -= factor * a[k][j];
            b[i] -= factor * b[k];
        }
    }
    for (int64_t k = 0; k < n; k++) b[k] /= a[k][k];
}

/* x_S = L_SS^-1 (Delta - d)_S */
static void expect_dense_solution(const kith_graph *graph, const kith_cluster *cluster,
                                  const kith_flow_diffusion_options *o)
{
    const int64_t size = kith_cluster_size(cluster), *nodes = kith_cluster_nodes(cluster);
    double a[NODES][NODES] = { { 0 } }, b[NODES];
    dense *d = malloc(sizeof *d);

    to_dense(graph, d);
    for (int64_t i = 0; i < size; i++) {
        b[i] = -d->strength[nodes[i]];
        for (int64_t k = 0; k < o->query.seeds.count; k++)
            if (nodes[i] == o->query.seeds.ids[k]) b[i] += o->mass / (double)o->query.seeds.count;
        for (int64_t u = 0; u < d->n; u++) a[i][i] += d->weight[nodes[i]][u];
        for (int64_t j = 0; j < size; j++) a[i][j] -= d->weight[nodes[i]][nodes[j]];
    }
    solve_dense(size, a, b);
    for (int64_t i = 0; i < size; i++)
        assert_near(kith_cluster_scores(cluster)[i], b[i], 1e-8 * (1 + b[i]));
    free(d);
}

static void is_the_solution_of_the_laplacian_on_its_support(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 30; i++) {
        const test_random what = {
            .nodes = 45, .density = 0.08, .weighted = i & 1, .loops = i & 2, .seed = 70 + i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_flow_diffusion_options o;
        int64_t seeds[2];
        if (make_query(graph, i, seeds, &o)) {
            o.polish = i % 3;
            kith_cluster *cluster = diffuse(graph, &o);
            expect_dense_solution(graph, cluster, &o);
            kith_cluster_free(cluster);
        }
        kith_graph_free(graph);
    }
}

static void order_and_seed_change_the_way_and_not_the_end(void **state)
{
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_flow_diffusion_options o = exactly(&seed, 1, 100);
    double first[34], other[34];

    (void)state;
    kith_cluster *queue = diffuse(karate, &o);
    test_scores(karate, queue, first);
    o.order = KITH_FLOW_SHUFFLE;
    for (uint64_t s = 0; s < 4; s++) {
        o.query.run.seed = s;
        kith_cluster *shuffled = diffuse(karate, &o), *again = diffuse(karate, &o);
        test_scores(karate, shuffled, other);
        for (int v = 0; v < 34; v++) assert_near(other[v], first[v], 1e-10);
        assert_memory_equal(kith_cluster_scores(shuffled), kith_cluster_scores(again),
                            (size_t)kith_cluster_size(again) * sizeof(double));
        assert_int_equal(kith_cluster_iterations(shuffled), kith_cluster_iterations(again));
        kith_cluster_free(shuffled);
        kith_cluster_free(again);
    }
    kith_cluster_free(queue);
    kith_graph_free(karate);
}

/* Two cliques of heavy edges, joined by a light one, over which mass creeps. */
static kith_graph *reluctant_graph(void)
{
    int64_t pairs[13][2] = { { 0, 4 } }, edges = 1;
    double weights[13] = { 1e-5 };

    for (int64_t c = 0; c < 8; c += 4)
        for (int64_t u = c; u < c + 4; u++)
            for (int64_t v = u + 1; v < c + 4; v++) {
                weights[edges] = 1;
                pairs[edges][0] = u;
                pairs[edges++][1] = v;
            }
    return test_graph(8, edges, (const int64_t(*)[2])pairs, weights);
}

static void solves_exactly_where_pushing_would_take_for_ever(void **state)
{
    const int64_t seed = 1;
    kith_graph *graph = reluctant_graph();
    kith_flow_diffusion_options o = exactly(&seed, 1, 16);

    (void)state;
    o.passes = 200;
    o.polish = false;
    kith_cluster *cluster = diffuse(graph, &o);
    assert_false(kith_cluster_converged(cluster));
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_ITERATIONS);
    assert_true(test_figure(cluster, "kkt") > 0.1);
    kith_cluster_free(cluster);
#ifdef KITH_CHOLMOD
    o.epsilon = 1e-9; /* of masses that are moved by differences of x of 10^5 */
    o.polish = true;
    cluster = diffuse(graph, &o);
    assert_true(kith_cluster_converged(cluster));
    assert_true(test_figure(cluster, "kkt") <= 2e-9);
    expect_dense_solution(graph, cluster, &o);
    kith_cluster_free(cluster);
#endif
    kith_graph_free(graph);
}

/* The masses one by one, as a user without the grid would try them. */
static void a_volume_tries_the_masses_of_the_grid(void **state)
{
    const int64_t seed = 1;
    kith_graph *karate = test_karate();

    (void)state;
    for (int round = 0; round < 2; round++) {
        kith_flow_diffusion_options o = exactly(&seed, 1, 0);
        double least = INFINITY, mass = 0;
        o.query.round = round;
        o.volume = 30;
        kith_cluster *grid = diffuse(karate, &o);
        o.volume = 0;
        for (int k = 0; k < 15; k++) {
            o.mass = 30 * (1.5 + 0.25 * k);
            kith_cluster *one = diffuse(karate, &o);
            if (kith_cluster_conductance(one) < least - 1e-12) {
                least = kith_cluster_conductance(one);
                mass = o.mass;
            }
            kith_cluster_free(one);
        }
        o.mass = mass;
        kith_cluster *best = diffuse(karate, &o);
        assert_near(test_figure(grid, "mass"), mass, 1e-12);
        assert_near(kith_cluster_conductance(grid), least, 1e-12);
        assert_int_equal(kith_cluster_size(grid), kith_cluster_size(best));
        for (int64_t i = 0; i < kith_cluster_size(best); i++)
            assert_near(kith_cluster_scores(grid)[i], kith_cluster_scores(best)[i], 1e-9);
        kith_cluster_free(best);
        kith_cluster_free(grid);
    }
    kith_graph_free(karate);
}

/* A clique, a path, and a large clique. */
static kith_graph *pieces(void)
{
    int64_t pairs[64][2], edges = 0;

    for (int64_t u = 0; u < 4; u++)
        for (int64_t v = u + 1; v < 4; v++, edges++) pairs[edges][0] = u, pairs[edges][1] = v;
    for (int64_t u = 4; u < 7; u++, edges++) pairs[edges][0] = u, pairs[edges][1] = u + 1;
    for (int64_t u = 8; u < 16; u++)
        for (int64_t v = u + 1; v < 16; v++, edges++) pairs[edges][0] = u, pairs[edges][1] = v;
    return test_graph(16, edges, (const int64_t(*)[2])pairs, NULL);
}

static void a_volume_is_cut_to_what_the_component_holds(void **state)
{
    const int64_t seed = 0, both[] = { 0, 4 };
    kith_graph *graph = pieces();
    kith_flow_diffusion_options o = exactly(&seed, 1, 0);

    (void)state;
    o.volume = 11;
    o.epsilon = 1e-6;
    kith_cluster *cluster = diffuse(graph, &o);
    assert_near(test_figure(cluster, "mass"), 12, 1e-12);
    assert_true(test_figure(cluster, "kkt") <= 1e-6);
    kith_cluster_free(cluster);

    o.query.seeds = (kith_nodes){ both, 2 }; /* the path holds 6, so that each gets that */
    cluster = diffuse(graph, &o);
    assert_near(test_figure(cluster, "mass"), 12, 1e-12);
    assert_true(test_figure(cluster, "kkt") <= 1e-6);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

static void without_mass_or_volume_a_small_target_is_looked_for(void **state)
{
    const int64_t seed = 100;
    kith_graph *ring = test_cliques(400, 12, true);
    kith_flow_diffusion_options o = KITH_FLOW_DIFFUSION_OPTIONS_INIT;

    (void)state;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    kith_cluster *cluster = diffuse(ring, &o);
    assert_int_equal(kith_cluster_size(cluster) % 12, 0);
    assert_true(kith_cluster_size(cluster) >= 12 && kith_cluster_size(cluster) <= 500);
    kith_cluster_free(cluster);
    kith_graph_free(ring);
}

static void reports_the_conductance_of_its_cluster(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        const test_random what = {
            .nodes = 50, .density = 0.1, .weighted = i & 1, .loops = i & 2, .seed = 200 + i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_flow_diffusion_options o;
        int64_t seeds[2];
        if (make_query(graph, i, seeds, &o)) {
            o.query.round = (int)(i / 4 % 2);
            kith_cluster *cluster = diffuse(graph, &o);
            assert_near(kith_cluster_conductance(cluster), test_conductance(graph, cluster), 1e-12);
            kith_cluster_free(cluster);
        }
        kith_graph_free(graph);
    }
}

static void touches_as_much_of_a_large_graph_as_of_a_small_one(void **state)
{
    int64_t touched[2];

    (void)state;
    for (int large = 0; large < 2; large++) {
        kith_graph *ring = test_cliques(large ? 4000 : 100, 12, true);
        const int64_t seed = 100;
        kith_flow_diffusion_options o = KITH_FLOW_DIFFUSION_OPTIONS_INIT;
        o.query.seeds = (kith_nodes){ &seed, 1 };
        o.volume = 400;
        kith_cluster *cluster = diffuse(ring, &o);
        touched[large] = kith_cluster_touched_edges(cluster);
        kith_cluster_free(cluster);
        kith_graph_free(ring);
    }
    assert_int_equal(touched[0], touched[1]);
    assert_true(touched[0] < 5 * 400 * 12);
}

static void what_the_seeds_can_hold_stays_there(void **state)
{
    const int64_t seed = 2;
    kith_graph *barbell = test_graph(6, 7, barbell_pairs, NULL);
    kith_flow_diffusion_options o = exactly(&seed, 1, 3);

    (void)state;
    kith_cluster *cluster = diffuse(barbell, &o);
    assert_int_equal(kith_cluster_size(cluster), 0);
    assert_true(kith_cluster_converged(cluster));
    assert_int_equal(kith_cluster_iterations(cluster), 0);
    kith_cluster_free(cluster);
    kith_graph_free(barbell);
}

/* The only way out is an edge over which the mass could only be moved by an infinite x. */
static void mass_that_cannot_leave_is_reported(void **state)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 } };
    static const double weights[] = { 1e-310, 100 };
    const int64_t seed = 0;
    kith_graph *graph = test_graph(3, 2, pairs, weights);
    kith_flow_diffusion_options o = exactly(&seed, 1, 50);

    (void)state;
    for (int p = 2; p <= 4; p += 2) {
        o.p = p;
        kith_cluster *cluster = diffuse(graph, &o);
        assert_near(test_figure(cluster, "stuck"), 50, 1e-9);
        assert_near(test_figure(cluster, "kkt"), 50, 1e-9);
        assert_int_equal(kith_cluster_size(cluster), 0);
        kith_cluster_free(cluster);
    }
    kith_graph_free(graph);
}

static void a_time_limit_gives_what_has_spread(void **state)
{
    const int64_t seed = 0;
    kith_graph *graph = test_cliques(20, 80, true);
    kith_flow_diffusion_options o = exactly(&seed, 1, 60000);
    int64_t polls = 2;

    (void)state;
    test_run_out_of_time(&o.query.run, &polls);
    kith_cluster *cluster = diffuse(graph, &o);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_TIME);
    assert_false(kith_cluster_converged(cluster));
    assert_true(kith_cluster_size(cluster) > 0);
    assert_near(test_figure(cluster, "mass"), 60000, 0);
    assert_near(test_figure(cluster, "balance"), 0, 1e-6);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

static void refuses_masses_that_have_no_room(void **state)
{
    const int64_t seed = 0, both[] = { 8, 4 };
    kith_graph *graph = pieces();
    kith_flow_diffusion_options o = KITH_FLOW_DIFFUSION_OPTIONS_INIT;
    kith_cluster *cluster = NULL;
    kith_error err;

    (void)state;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.mass = 75;
    assert_kith_fails(kith_flow_diffusion(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "mass is 75 (expected at most 74, the volume of the graph)", err);
    o.mass = 13;
    for (int p = 2; p <= 4; p += 2) {
        o.p = p;
        assert_kith_fails(kith_flow_diffusion(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                          "mass is 13 (expected at most 12, the volume of the component", err);
    }
    o.query.seeds = (kith_nodes){ both, 2 };
    o.mass = 14;
    assert_kith_fails(kith_flow_diffusion(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "mass is 14 (expected at most 12,", err);
    o.volume = 1;
    assert_kith_fails(kith_flow_diffusion(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "mass is 14 and volume is 1 (expected one of them", err);
    assert_null(cluster);
    kith_graph_free(graph);
}

/* ---- Dense references ---- */

/* Heights within `within` of the largest, from below, with the certificate that says so. */
static void expect_golden(const test_case *c, const char *key, kith_flow_diffusion_options *o,
                          double within)
{
    double golden[128], found[128], largest = 0;
    const int64_t count = test_local_golden(c, key, golden, 128);
    kith_cluster *cluster;

    for (int64_t v = 0; v < count; v++) largest = fmax(largest, golden[v]);
    for (o->passes = 1; o->passes < 10; o->passes += 4) {
        cluster = diffuse(c->graph, o);
        test_scores(c->graph, cluster, found);
        for (int64_t v = 0; v < count; v++)
            assert_true(found[v] <= golden[v] * (1 + 1e-6) + 1e-8 * largest);
        kith_cluster_free(cluster);
    }
    o->passes = 100;
    cluster = diffuse(c->graph, o);
    assert_true(kith_cluster_converged(cluster));
    assert_true(test_figure(cluster, "kkt") <= fmax(o->epsilon, 1e-5));
    assert_true(test_figure(cluster, "slackness") <= fmax(o->epsilon, 1e-5));
    test_expect_golden_scores(c, key, false, cluster, within * (1 + largest));
    kith_cluster_free(cluster);
}

static void gives_the_golden_heights(const test_case *c)
{
    const int64_t norms = kith_graph_nodes(c->graph) <= 50 ? 3 : 1;
    double number, masses[2];
    char key[32];

    test_local_golden(c, "seed", &number, 1);
    test_local_golden(c, "masses", masses, 2);
    const int64_t seed = (int64_t)number;
    for (int64_t i = 0; i < 2; i++)
        for (int64_t k = 0; k < norms; k++) {
            kith_flow_diffusion_options o = exactly(&seed, 1, masses[i]);
            snprintf(key, sizeof key, "flow-%d-%d", 2 << k, (int)i);
            o.p = (double)(2 << k);
            if (k > 0) o.epsilon = 1e-8;
            expect_golden(c, key, &o, k > 0 ? 1e-7 : 1e-9);
            if (k > 0) continue;
            o.query.round = KITH_ROUND_SWEEP;
            kith_cluster *cluster = diffuse(c->graph, &o);
            test_expect_golden_sweep(c, key, cluster);
            kith_cluster_free(cluster);
        }
}

static void agrees_with_dense_solutions(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", gives_the_golden_heights) > 20);
}

/* ---- Colgate ---- */

/* Precision, recall and their mean against the nodes of a class. */
typedef struct {
    double precision, recall, f1;
} match;

static match compare(const kith_cluster *cluster, const int64_t *labels, int64_t nodes,
                     int64_t class)
{
    double common = 0, size = 0;

    for (int64_t i = 0; i < kith_cluster_size(cluster); i++)
        common += labels[kith_cluster_nodes(cluster)[i]] == class;
    for (int64_t v = 0; v < nodes; v++) size += labels[v] == class;
    return (match){ common / (double)kith_cluster_size(cluster), common / size,
                    2 * common / ((double)kith_cluster_size(cluster) + size) };
}

static void finds_the_students_of_the_published_demonstration(void **state)
{
    const int64_t seed = 3344, class_of_2008 = 10;
    kith_graph *colgate = test_dataset("fb100-colgate");
    if (!colgate) skip();
    const int64_t n = kith_graph_nodes(colgate);
    int64_t *labels = test_dataset_labels("fb100-colgate", colgate);
    kith_flow_diffusion_options o = KITH_FLOW_DIFFUSION_OPTIONS_INIT;

    (void)state;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.mass = 200000;
    kith_cluster *cluster = diffuse(colgate, &o);
    match found = compare(cluster, labels, n, class_of_2008);
    assert_near(kith_cluster_conductance(cluster), 0.287, 0.005);
    assert_near(found.precision, 0.874, 0.005);
    assert_near(found.recall, 0.919, 0.005);
    assert_near(found.f1, 0.896, 0.005);
    assert_true(kith_cluster_converged(cluster));
    kith_cluster_free(cluster);

    o.p = 4;
    o.passes = 20;
    cluster = diffuse(colgate, &o);
    found = compare(cluster, labels, n, class_of_2008);
    assert_near(kith_cluster_conductance(cluster), 0.2766, 0.005);
    assert_near(found.f1, 0.923, 0.005);
    kith_cluster_free(cluster);
    free(labels);
    kith_graph_free(colgate);
}

/* A class of students, and the means over its first 40 nodes as our report on [Fountoulakis2020]
 * has them, for p = 2 and p = 4. */
typedef struct {
    int64_t class;
    double f1[2], conductance[2];
} class_means;

/* Sums over nodes of a class. */
typedef struct {
    double f1, conductance;
} sums;

static void add_query(const kith_graph *graph, const int64_t *labels, int64_t class,
                      kith_flow_diffusion_options o, int64_t seed, sums *to)
{
    o.query.seeds = (kith_nodes){ &seed, 1 };
    kith_cluster *cluster = diffuse(graph, &o);

    to->f1 += compare(cluster, labels, kith_graph_nodes(graph), class).f1;
    to->conductance += kith_cluster_conductance(cluster);
    kith_cluster_free(cluster);
}

/* Mass 3 times the volume of the class, 50 passes. p = 2: the means themselves. p = 4, whose
 * queries take fifty times as long: what it changes, in the mean over every tenth of those nodes,
 * which may be 0.01 more off. (Over all 40 the 16 means differ from the report's by 0.003 at the
 * most.) */
static void expect_means(const kith_graph *graph, const int64_t *labels, const class_means *c)
{
    const int64_t n = kith_graph_nodes(graph);
    const int seeds = 40, every = 10;
    double *strength = calloc((size_t)n, sizeof *strength), volume = 0, all = 0;
    sums two = { 0 }, some_two = { 0 }, some_four = { 0 };
    kith_flow_diffusion_options o = KITH_FLOW_DIFFUSION_OPTIONS_INIT;

    assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
    for (int64_t v = 0; v < n; v++) all += strength[v];
    for (int64_t v = 0; v < n; v++) volume += labels[v] == c->class ? strength[v] : 0;
    o.mass = fmin(3 * volume, all);
    o.passes = 50;
    for (int64_t v = 0, met = 0; v < n && met < seeds; v++) {
        if (labels[v] != c->class) continue;
        o.p = 2;
        add_query(graph, labels, c->class, o, v, &two);
        if (met++ % every) continue;
        add_query(graph, labels, c->class, o, v, &some_two);
        o.p = 4;
        add_query(graph, labels, c->class, o, v, &some_four);
    }
    const double some = (double)seeds / every;
    assert_near(two.f1 / seeds, c->f1[0], 0.02);
    assert_near(two.conductance / seeds, c->conductance[0], 0.02);
    assert_near((some_four.f1 - some_two.f1) / some, c->f1[1] - c->f1[0], 0.03);
    assert_near((some_four.conductance - some_two.conductance) / some,
                c->conductance[1] - c->conductance[0], 0.03);
    free(strength);
}

/* In the largest component, as the paper has its graphs. */
static void finds_classes(const char *name, int64_t count, const class_means *means)
{
    kith_graph *graph = test_dataset(name), *largest = NULL;
    int64_t *original = NULL;
    kith_error err = { 0 };

    if (!graph) skip();
    int64_t *labels = test_dataset_labels(name, graph);
    assert_kith(kith_graph_largest_component(graph, NULL, &largest, &original, &err), err);
    for (int64_t v = 0; v < kith_graph_nodes(largest); v++) labels[v] = labels[original[v]];
    for (int64_t i = 0; i < count; i++) expect_means(largest, labels, &means[i]);
    free(original);
    free(labels);
    kith_graph_free(largest);
    kith_graph_free(graph);
}

static void finds_classes_of_colgate_as_often_as_published(void **state)
{
    static const class_means means[] = {
        { 6, { 0.498, 0.498 }, { 0.671, 0.669 } },  { 7, { 0.463, 0.461 }, { 0.422, 0.418 } },
        { 8, { 0.450, 0.448 }, { 0.357, 0.353 } },  { 9, { 0.497, 0.497 }, { 0.346, 0.343 } },
        { 10, { 0.723, 0.752 }, { 0.311, 0.302 } }, { 11, { 0.973, 0.975 }, { 0.119, 0.117 } },
    };

    (void)state;
    finds_classes("fb100-colgate", 6, means);
}

static void finds_classes_of_johns_hopkins_as_often_as_published(void **state)
{
    static const class_means means[] = {
        { 18, { 0.363, 0.361 }, { 0.358, 0.356 } },
        { 19, { 0.367, 0.366 }, { 0.307, 0.304 } },
    };

    (void)state;
    finds_classes("fb100-johnshopkins", 2, means);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_heights_of_the_barbell),
        cmocka_unit_test(gives_the_published_heights_of_zachary_for_little_mass),
        cmocka_unit_test(gives_the_published_heights_and_cluster_of_zachary),
        cmocka_unit_test(solves_both_problems_on_random_graphs),
        cmocka_unit_test(is_the_solution_of_the_laplacian_on_its_support),
        cmocka_unit_test(order_and_seed_change_the_way_and_not_the_end),
        cmocka_unit_test(solves_exactly_where_pushing_would_take_for_ever),
        cmocka_unit_test(a_volume_tries_the_masses_of_the_grid),
        cmocka_unit_test(a_volume_is_cut_to_what_the_component_holds),
        cmocka_unit_test(without_mass_or_volume_a_small_target_is_looked_for),
        cmocka_unit_test(reports_the_conductance_of_its_cluster),
        cmocka_unit_test(touches_as_much_of_a_large_graph_as_of_a_small_one),
        cmocka_unit_test(what_the_seeds_can_hold_stays_there),
        cmocka_unit_test(mass_that_cannot_leave_is_reported),
        cmocka_unit_test(a_time_limit_gives_what_has_spread),
        cmocka_unit_test(refuses_masses_that_have_no_room),
        cmocka_unit_test(agrees_with_dense_solutions),
        cmocka_unit_test(finds_the_students_of_the_published_demonstration),
        cmocka_unit_test(finds_classes_of_colgate_as_often_as_published),
        cmocka_unit_test(finds_classes_of_johns_hopkins_as_often_as_published),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
