/* Flow diffusion on edges weighed by attributes: published examples, optimality on a matrix of
 * weights from their definition, planted targets, real graphs. */
#include "support/clusters.h"

#include "core/random.h"

#include <stdlib.h>

enum { NODES = 64 };

static const int64_t barbell_pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 },
                                            { 3, 4 }, { 3, 5 }, { 4, 5 } };

static kith_cluster *wfd(const kith_graph *graph, const kith_wfd_options *options)
{
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    assert_kith(kith_wfd(graph, options, &cluster, &err), err);
    return cluster;
}

static kith_wfd_options exactly(const int64_t *seed, double mass, const kith_features *features)
{
    kith_wfd_options o = KITH_WFD_OPTIONS_INIT;

    o.flow.query.seeds = (kith_nodes){ seed, 1 };
    o.flow.mass = mass;
    o.flow.epsilon = 1e-13;
    o.flow.passes = 20000;
    o.features = features;
    return o;
}

static kith_features *dense_features(int64_t rows, int64_t columns, const double *values)
{
    kith_features *features = NULL;
    kith_error err = { 0 };

    assert_kith(kith_features_from_dense(rows, columns, values, NULL, &features, &err), err);
    return features;
}

/* The spec's line of attributes. */
static kith_features *barbell_features(void)
{
    return dense_features(6, 1, (double[]){ 0, 0.1, 0.2, 2, 2.1, 2.2 });
}

/* A published example. */
typedef struct {
    double gamma, mass;
    int capacity;
    double x[6], m[6], digits;
} example;

static void gives_the_published_heights_of_the_barbell(void **state)
{
    static const example examples[] = {
        { 1,
          10.5,
          KITH_CAPACITY_DEGREE,
          { 94.776082, 91.190154, 89.624326, 0.256300, 0, 0 },
          { 2, 2, 3, 3, 0.253750, 0.246250 },
          5e-7 },
        { 0,
          10.5,
          KITH_CAPACITY_DEGREE,
          { 8.75, 5.25, 3.75, 0.25, 0, 0 },
          { 2, 2, 3, 3, 0.25, 0.25 },
          1e-10 },
        { 1,
          10.5,
          KITH_CAPACITY_STRENGTH,
          { 123.439898, 119.843719, 118.247539, 1.327149, 0, 0 },
          { 1.950839, 1.980100, 1.990003, 1.990003, 1.313944, 1.275111 },
          5e-7 },
        { 1,
          4,
          KITH_CAPACITY_ONE,
          { 27.250974, 25.887323, 25.533722, 0, 0, 0 },
          { 1, 1, 1, 1, 0, 0 },
          5e-7 },
    };
    static const double line[] = { 0, 0.1, 0.2, 2, 2.1, 2.2 };
    const int64_t seed = 0;
    kith_graph *barbell = test_graph(6, 7, barbell_pairs, NULL);
    kith_features *features = barbell_features();

    (void)state;
    for (int i = 0; i < 4; i++) {
        const example *e = &examples[i];
        kith_wfd_options o = exactly(&seed, e->mass, features);
        double x[6], m[6] = { e->mass };
        o.gamma = e->gamma;
        o.capacity = e->capacity;
        kith_cluster *cluster = wfd(barbell, &o);
        test_scores(barbell, cluster, x);
        for (int k = 0; k < 7; k++) {
            const int64_t u = barbell_pairs[k][0], v = barbell_pairs[k][1];
            const double weight = exp(-e->gamma * (line[u] - line[v]) * (line[u] - line[v]));
            m[u] -= weight * (x[u] - x[v]);
            m[v] += weight * (x[u] - x[v]);
        }
        for (int v = 0; v < 6; v++) {
            assert_near(x[v], e->x[v], e->digits);
            assert_near(m[v], e->m[v], e->digits);
        }
        assert_near(test_figure(cluster, "kkt"), 0, 1e-10);
        assert_near(test_figure(cluster, "gap"), 0, 1e-7);
        kith_cluster_free(cluster);
    }
    kith_features_free(features);
    kith_graph_free(barbell);
}

static void the_dual_of_the_barbell_has_the_published_value(void **state)
{
    static const double line[] = { 0, 0.1, 0.2, 2, 2.1, 2.2 };
    const int64_t seed = 0;
    kith_graph *barbell = test_graph(6, 7, barbell_pairs, NULL);
    kith_features *features = barbell_features();
    kith_wfd_options o = exactly(&seed, 10.5, features);
    double x[6], energy = 0;

    (void)state;
    o.gamma = 1;
    kith_cluster *cluster = wfd(barbell, &o);
    test_scores(barbell, cluster, x);
    for (int k = 0; k < 7; k++) {
        const int64_t u = barbell_pairs[k][0], v = barbell_pairs[k][1];
        const double weight = exp(-(line[u] - line[v]) * (line[u] - line[v]));
        energy += weight * (x[u] - x[v]) * (x[u] - x[v]) / 2;
    }
    assert_near(energy, 176.787255, 5e-7);
    kith_cluster_free(cluster);
    kith_features_free(features);
    kith_graph_free(barbell);
}

/* ---- Weights from their definition ---- */

typedef struct {
    int64_t n;
    double own[NODES][NODES], strength[NODES], weight[NODES][NODES], weighed[NODES];
} dense;

/* Rows of features as the options want them. */
static void features_as_used(const dense *d, const kith_wfd_options *o, int64_t columns,
                             double x[NODES][4])
{
    double rows[NODES][4] = { { 0 } };

    for (int64_t v = 0; v < d->n; v++) {
        double length = 0;
        kith_features_row(o->features, v, rows[v]);
        for (int64_t c = 0; c < columns; c++) length += rows[v][c] * rows[v][c];
        for (int64_t c = 0; c < columns && o->unit_length && length > 0; c++)
            rows[v][c] /= sqrt(length);
    }
    for (int64_t v = 0; v < d->n; v++)
        for (int64_t c = 0; c < columns; c++) {
            double sum = rows[v][c], total = 1;
            for (int64_t u = 0; u < d->n && o->average; u++) {
                sum += d->own[v][u] * rows[u][c];
                total += d->own[v][u];
            }
            x[v][c] = sum / total;
        }
}

static void to_dense(const kith_graph *graph, const kith_wfd_options *o, int64_t columns, dense *d)
{
    const int64_t *offsets = kith_graph_offsets(graph);
    double x[NODES][4] = { { 0 } }, loop[NODES] = { 0 };

    memset(d, 0, sizeof *d);
    d->n = kith_graph_nodes(graph);
    assert_int_equal(kith_graph_strengths(graph, NULL, d->strength, NULL, NULL), KITH_OK);
    for (int64_t v = 0; v < d->n; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            if (u == v)
                loop[v] = 2 * kith_graph_weight(graph, e);
            else
                d->own[v][u] = kith_graph_weight(graph, e);
        }
    features_as_used(d, o, columns, x);
    for (int64_t v = 0; v < d->n; v++) {
        d->weighed[v] = loop[v];
        for (int64_t u = 0; u < d->n; u++) {
            double distance = 0;
            for (int64_t c = 0; c < columns; c++)
                distance += (x[u][c] - x[v][c]) * (x[u][c] - x[v][c]);
            d->weight[v][u] = d->own[v][u] * exp(-o->gamma * distance);
            d->weighed[v] += d->weight[v][u];
        }
    }
}

/* What the graph can hold, but for weights of attributes. */
static double room_of(const dense *d, const kith_wfd_options *o)
{
    double room = 0;

    for (int64_t v = 0; v < d->n; v++)
        room += o->capacity == KITH_CAPACITY_ONE ? 1 : d->strength[v];
    return room;
}

/* Optimal, and of the volume, cut and conductance of its definition. */
static void expect_optimal(const dense *d, const kith_graph *graph, const kith_cluster *cluster,
                           const kith_wfd_options *o)
{
    double x[NODES], m, cut = 0, volume = 0, rest = 0;

    test_scores(graph, cluster, x);
    for (int64_t v = 0; v < d->n; v++) {
        const double t = o->capacity == KITH_CAPACITY_DEGREE ? d->strength[v]
                         : o->capacity == KITH_CAPACITY_ONE  ? 1
                                                             : d->weighed[v];
        m = v == o->flow.query.seeds.ids[0] ? o->flow.mass : 0;
        for (int64_t u = 0; u < d->n; u++) m -= d->weight[v][u] * (x[v] - x[u]);
        assert_true(m <= t + 1e-8);
        if (x[v] > 0) assert_near(m, t, 1e-8);
        *(x[v] > 0 ? &volume : &rest) += d->weighed[v];
        for (int64_t u = 0; u < d->n; u++) cut += x[v] > 0 && x[u] == 0 ? d->weight[v][u] : 0;
    }
    assert_near(kith_cluster_cut(cluster), cut, 1e-9);
    assert_near(kith_cluster_volume(cluster), volume, 1e-9);
    const double least = o->flow.mass < 0.25 * room_of(d, o) ? volume : fmin(volume, rest);
    assert_near(kith_cluster_conductance(cluster), least > 0 ? cut / least : 1, 1e-9);
}

static void solves_the_problem_on_the_weights_of_its_definition(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 48; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.15, .weighted = i & 1, .loops = i & 2, .seed = 30 + i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_i_random r = kith_i_random_at(i, 1, 0);
        double values[3 * 40];
        for (int k = 0; k < 120; k++)
            values[k] = k % 5 ? kith_i_random_unit(&r) * 2 - 1 + (k < 60) : 0;
        kith_features *features = dense_features(40, 3, values);
        const int64_t seed = test_seed(graph, (int64_t)i % 40);
        kith_wfd_options o = exactly(&seed, 0, features);
        o.flow.epsilon = 1e-10;
        o.gamma = 0.2 + 0.1 * (double)(i % 4);
        o.average = i / 2 % 2;
        o.unit_length = i / 4 % 2;
        o.capacity = (int)(i % 3);
        dense *d = malloc(sizeof *d);
        to_dense(graph, &o, 3, d);
        o.flow.mass =
            (i % 8 < 4 || o.capacity == KITH_CAPACITY_STRENGTH ? 0.1 : 0.6) * room_of(d, &o);
        kith_cluster *cluster = wfd(graph, &o);
        assert_true(kith_cluster_converged(cluster));
        expect_optimal(d, graph, cluster, &o);
        kith_cluster_free(cluster);
        kith_features_free(features);
        kith_graph_free(graph);
        free(d);
    }
}

static void sparse_and_dense_features_give_the_same(void **state)
{
    int64_t offsets[35] = { 0 }, columns[34 * 2];
    double values[34 * 4] = { 0 }, entries[34 * 2];
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_features *sparse = NULL;
    kith_error err = { 0 };

    (void)state;
    for (int v = 0; v < 34; v++) {
        offsets[v + 1] = 2 * (v + 1);
        for (int k = 0; k < 2; k++) {
            columns[2 * v + k] = (v + k) % 3 + k;
            entries[2 * v + k] = values[4 * v + (v + k) % 3 + k] = 0.5 + 0.125 * (v % 7) + k;
        }
    }
    assert_kith(kith_features_from_csr(34, 4, offsets, columns, entries, NULL, &sparse, &err), err);
    kith_features *full = dense_features(34, 4, values);
    for (int mode = 0; mode < 4; mode++) {
        kith_wfd_options o = exactly(&seed, 80, sparse);
        o.average = mode & 1;
        o.unit_length = mode & 2;
        kith_cluster *a = wfd(karate, &o);
        o.features = full;
        kith_cluster *b = wfd(karate, &o);
        assert_int_equal(kith_cluster_size(a), kith_cluster_size(b));
        assert_memory_equal(kith_cluster_scores(a), kith_cluster_scores(b),
                            (size_t)kith_cluster_size(a) * sizeof(double));
        kith_cluster_free(a);
        kith_cluster_free(b);
    }
    kith_features_free(sparse);
    kith_features_free(full);
    kith_graph_free(karate);
}

/* All edges of a ring have the same distance, so that its median is known: 0.1 over it. */
static void gamma_follows_from_the_distances_near_the_seeds(void **state)
{
    const int64_t seed = 5;
    kith_graph *ring = test_ring(40);
    double values[80];

    (void)state;
    for (int v = 0; v < 40; v++) {
        values[2 * v] = v % 2 ? 3 : 0;
        values[2 * v + 1] = v % 2 ? 0 : 4;
    }
    kith_features *features = dense_features(40, 2, values);
    kith_wfd_options o = exactly(&seed, 20, features);
    kith_cluster *chosen = wfd(ring, &o);
    o.gamma = 0.1 / 25;
    kith_cluster *given = wfd(ring, &o);
    assert_int_equal(kith_cluster_size(chosen), kith_cluster_size(given));
    for (int64_t i = 0; i < kith_cluster_size(given); i++)
        assert_near(kith_cluster_scores(chosen)[i], kith_cluster_scores(given)[i], 1e-9);
    kith_cluster_free(chosen);
    kith_cluster_free(given);
    kith_features_free(features);
    kith_graph_free(ring);
}

static void without_gamma_it_is_flow_diffusion(void **state)
{
    const int64_t seed = 0;
    (void)state;
    for (uint64_t i = 0; i < 8; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.15, .weighted = i & 1, .loops = i & 2, .seed = 300 + i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_features *features = dense_features(40, 0, NULL);
        const int64_t node = test_seed(graph, seed);
        kith_wfd_options o = exactly(&node, 0, features);
        o.gamma = i % 4 < 2 ? 0 : -1; /* all features are the same: there are none */
        o.flow.volume = 20;
        kith_cluster *weighed = wfd(graph, &o), *plain = NULL;
        kith_flow_diffusion_options f = o.flow;
        kith_error err = { 0 };
        f.query.run.size = sizeof f;
        assert_kith(kith_flow_diffusion(graph, &f, &plain, &err), err);
        assert_int_equal(kith_cluster_size(weighed), kith_cluster_size(plain));
        assert_memory_equal(kith_cluster_scores(weighed), kith_cluster_scores(plain),
                            (size_t)kith_cluster_size(plain) * sizeof(double));
        assert_near(kith_cluster_conductance(weighed), kith_cluster_conductance(plain), 1e-12);
        kith_cluster_free(weighed);
        kith_cluster_free(plain);
        kith_features_free(features);
        kith_graph_free(graph);
    }
}

/* Where the mass is little of what the graph can hold, only rows near the seed are read. */
static void touches_as_much_of_a_large_graph_as_of_a_small_one(void **state)
{
    int64_t edges[2], nodes[2];

    (void)state;
    for (int average = 0; average < 2; average++) {
        for (int large = 0; large < 2; large++) {
            const int64_t cliques = large ? 4000 : 400, seed = 100;
            kith_graph *ring = test_cliques(cliques, 12, true);
            double *values = calloc((size_t)(24 * cliques), sizeof *values);
            for (int64_t v = 0; v < 12 * cliques; v++) {
                values[2 * v] = (double)(v / 12 % 5);
                values[2 * v + 1] = (double)(v % 3) / 4;
            }
            kith_features *features = dense_features(12 * cliques, 2, values);
            kith_wfd_options o = KITH_WFD_OPTIONS_INIT;
            o.flow.query.seeds = (kith_nodes){ &seed, 1 };
            o.flow.volume = 400;
            o.average = average;
            o.features = features;
            kith_cluster *cluster = wfd(ring, &o);
            edges[large] = kith_cluster_touched_edges(cluster);
            nodes[large] = kith_cluster_touched_nodes(cluster);
            kith_cluster_free(cluster);
            kith_features_free(features);
            kith_graph_free(ring);
            free(values);
        }
        assert_int_equal(edges[0], edges[1]);
        assert_int_equal(nodes[0], nodes[1]);
        assert_true(edges[0] < 5 * 400 * 12);
    }
}

static void refuses_features_that_do_not_fit(void **state)
{
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_features *features = dense_features(33, 0, NULL);
    kith_wfd_options o = exactly(&seed, 100, NULL);
    kith_cluster *cluster = NULL;
    kith_error err;

    (void)state;
    assert_kith_fails(kith_wfd(karate, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "features is missing (expected a row for each node)", err);
    o.features = features;
    assert_kith_fails(kith_wfd(karate, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "features has 33 rows (expected 34, one for each node)", err);
    assert_null(cluster);
    kith_features_free(features);
    kith_graph_free(karate);
}

/* With features too far apart no edge has a weight: the mass stays, and is reported. */
static void mass_is_stuck_where_attributes_cut_every_edge(void **state)
{
    const int64_t seed = 0;
    kith_graph *barbell = test_graph(6, 7, barbell_pairs, NULL);
    kith_features *features = dense_features(6, 1, (double[]){ 0, 1e3, 2e3, 3e3, 4e3, 5e3 });
    kith_wfd_options o = exactly(&seed, 5, features);

    (void)state;
    o.gamma = 1;
    kith_cluster *cluster = wfd(barbell, &o);
    assert_near(test_figure(cluster, "stuck"), 3, 0);
    assert_int_equal(kith_cluster_size(cluster), 0);
    kith_cluster_free(cluster);
    kith_features_free(features);
    kith_graph_free(barbell);
}

/* The attributes of node i are (truth + (7 i mod 10) / 20, (3 i mod 8) / 8), gamma 0.5. */
static void gives_the_golden_heights(const test_case *c)
{
    const int64_t n = kith_graph_nodes(c->graph);
    double number, masses[2], golden[128], values[256], largest = 0;

    test_local_golden(c, "seed", &number, 1);
    test_local_golden(c, "masses", masses, 2);
    test_local_golden(c, "wfd", golden, 128);
    for (int64_t v = 0; v < n; v++) {
        values[2 * v] = (double)c->truth[v] + (double)(7 * v % 10) / 20;
        values[2 * v + 1] = (double)(3 * v % 8) / 8;
        largest = fmax(largest, golden[v]);
    }
    const int64_t seed = (int64_t)number;
    kith_features *features = dense_features(n, 2, values);
    kith_wfd_options o = exactly(&seed, masses[1], features);
    o.gamma = 0.5;
    kith_cluster *cluster = wfd(c->graph, &o);
    test_expect_golden_scores(c, "wfd", false, cluster, 1e-9 * (1 + largest));
    kith_cluster_free(cluster);
    kith_features_free(features);
}

static void agrees_with_dense_solutions(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", gives_the_golden_heights) > 20);
}

/* ---- Planted targets ---- */

static double normal(kith_i_random *r)
{
    const double u = 1 - kith_i_random_unit(r), v = kith_i_random_unit(r);

    return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

/* Nodes 0 to 499 of 10000 are joined with probability 0.03, all others with 0.002; attributes are
 * normal in 20 dimensions, the target's mean 8 away. */
enum { ALL = 10000, TARGET = 500, COLUMNS = 20 };

static kith_graph *planted_graph(void)
{
    int64_t(*pairs)[2] = malloc(200000 * sizeof *pairs), edges = 0;
    kith_i_random r = kith_i_random_at(7, 0, 0);

    for (int64_t u = 0; u < ALL; u++) {
        for (int64_t v = u + 1; v < TARGET; v++)
            if (kith_i_random_unit(&r) < 0.03) pairs[edges][0] = u, pairs[edges++][1] = v;
        int64_t v = u < TARGET ? TARGET - 1 : u; /* the gaps between hits are geometric */
        for (;;) {
            v += 1 + (int64_t)(log(1 - kith_i_random_unit(&r)) / log(1 - 0.002));
            if (v >= ALL) break;
            pairs[edges][0] = u, pairs[edges++][1] = v;
        }
    }
    kith_graph *graph = test_graph(ALL, edges, (const int64_t(*)[2])pairs, NULL);
    free(pairs);
    return graph;
}

static kith_features *planted_features(void)
{
    double *values = malloc((size_t)ALL * COLUMNS * sizeof *values);
    kith_i_random r = kith_i_random_at(7, 1, 0);

    for (int64_t k = 0; k < ALL * COLUMNS; k++) values[k] = normal(&r);
    for (int64_t v = 0; v < TARGET; v++) values[v * COLUMNS] += 8;
    kith_features *features = dense_features(ALL, COLUMNS, values);
    free(values);
    return features;
}

static double f1_of(const kith_cluster *cluster)
{
    double common = 0;

    for (int64_t i = 0; i < kith_cluster_size(cluster); i++)
        common += kith_cluster_nodes(cluster)[i] < TARGET;
    return 2 * common / ((double)kith_cluster_size(cluster) + TARGET);
}

static void finds_a_target_that_attributes_tell_apart(void **state)
{
    kith_graph *graph = planted_graph();
    kith_features *features = planted_features();
    double *strength = malloc(ALL * sizeof *strength), volume = 0, plain = 0, weighed = 0;
    const int seeds = 6;

    (void)state;
    assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
    for (int64_t v = 0; v < TARGET; v++) volume += strength[v];
    for (int64_t v = 0; v < seeds; v++) {
        kith_wfd_options o = KITH_WFD_OPTIONS_INIT;
        o.flow.query.seeds = (kith_nodes){ &v, 1 };
        o.flow.volume = volume;
        o.features = features;
        o.gamma = 0;
        kith_cluster *cluster = wfd(graph, &o);
        plain += f1_of(cluster) / seeds;
        kith_cluster_free(cluster);
        o.gamma = log(ALL) / 64; /* ln n / mu^2 */
        cluster = wfd(graph, &o);
        weighed += f1_of(cluster) / seeds;
        kith_cluster_free(cluster);
    }
    assert_true(weighed >= 0.95);
    assert_true(plain < 0.31);
    free(strength);
    kith_features_free(features);
    kith_graph_free(graph);
}

/* ---- Cora ---- */

/* The largest component of a data set, with labels. */
static kith_graph *largest_component(const char *name, int64_t **labels)
{
    kith_graph *all = test_dataset(name), *graph = NULL;
    int64_t *original = NULL;
    kith_error err = { 0 };

    if (!all) skip();
    *labels = test_dataset_labels(name, all);
    assert_kith(kith_graph_largest_component(all, NULL, &graph, &original, &err), err);
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++) (*labels)[v] = (*labels)[original[v]];
    free(original);
    kith_graph_free(all);
    return graph;
}

/* Mean over the first 30 nodes of a class. */
static double class_mean(const kith_graph *graph, const int64_t *labels, int64_t class)
{
    const int64_t n = kith_graph_nodes(graph);
    const int seeds = 30;
    double *strength = malloc((size_t)n * sizeof *strength), volume = 0, size = 0, f1 = 0;
    kith_flow_diffusion_options o = KITH_FLOW_DIFFUSION_OPTIONS_INIT;
    kith_error err = { 0 };

    assert_kith(kith_graph_strengths(graph, NULL, strength, NULL, &err), err);
    for (int64_t v = 0; v < n; v++) {
        volume += labels[v] == class ? strength[v] : 0;
        size += labels[v] == class;
    }
    o.volume = volume;
    o.epsilon = 1e-4;
    o.polish = false;
    for (int64_t v = 0, done = 0; v < n && done < seeds; v++) {
        kith_cluster *cluster = NULL;
        double common = 0;
        if (labels[v] != class) continue;
        o.query.seeds = (kith_nodes){ &v, 1 };
        assert_kith(kith_flow_diffusion(graph, &o, &cluster, &err), err);
        for (int64_t i = 0; i < kith_cluster_size(cluster); i++)
            common += labels[kith_cluster_nodes(cluster)[i]] == class;
        f1 += 2 * common / ((double)kith_cluster_size(cluster) + size) / seeds;
        kith_cluster_free(cluster);
        done++;
    }
    free(strength);
    return f1;
}

static void plain_diffusion_finds_classes_of_cora_as_often_as_the_reference(void **state)
{
    int64_t *labels = NULL;
    kith_graph *graph = largest_component("cora", &labels);
    double mean = 0;

    (void)state;
    assert_int_equal(kith_graph_nodes(graph), 2485);
    for (int64_t class = 0; class < 7; class ++) mean += class_mean(graph, labels, class) / 7;
    assert_near(mean, 0.476, 0.01);
    free(labels);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_heights_of_the_barbell),
        cmocka_unit_test(the_dual_of_the_barbell_has_the_published_value),
        cmocka_unit_test(solves_the_problem_on_the_weights_of_its_definition),
        cmocka_unit_test(sparse_and_dense_features_give_the_same),
        cmocka_unit_test(gamma_follows_from_the_distances_near_the_seeds),
        cmocka_unit_test(without_gamma_it_is_flow_diffusion),
        cmocka_unit_test(touches_as_much_of_a_large_graph_as_of_a_small_one),
        cmocka_unit_test(refuses_features_that_do_not_fit),
        cmocka_unit_test(mass_is_stuck_where_attributes_cut_every_edge),
        cmocka_unit_test(agrees_with_dense_solutions),
        cmocka_unit_test(finds_a_target_that_attributes_tell_apart),
        cmocka_unit_test(plain_diffusion_finds_classes_of_cora_as_often_as_the_reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
