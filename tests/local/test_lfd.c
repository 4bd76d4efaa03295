/* Flow diffusion with noisy labels: published examples, optimality from its definition,
 * classifiers, published runs on a planted and a public graph. */
#include "support/clusters.h"

#include "local/classifier.h"

#include "core/random.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static kith_cluster *lfd(const kith_graph *graph, const kith_lfd_options *options)
{
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    assert_kith(kith_lfd(graph, options, &cluster, &err), err);
    return cluster;
}

static kith_partition *partition_of(int64_t nodes, const int64_t *labels)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_partition_from_labels(nodes, labels, NULL, &p, &err), err);
    return p;
}

/* To 12 digits or so. */
static kith_lfd_options exactly(const int64_t *seed, double mass)
{
    kith_lfd_options o = KITH_LFD_OPTIONS_INIT;

    o.flow.query.seeds = (kith_nodes){ seed, 1 };
    o.flow.query.round = KITH_ROUND_SUPPORT;
    o.flow.mass = mass;
    o.flow.epsilon = 1e-12;
    o.flow.passes = 100000;
    return o;
}

static void has_the_published_potentials_of_the_barbell(void **state)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 },
                                        { 3, 4 }, { 3, 5 }, { 4, 5 } };
    static const struct {
        int64_t labels[6];
        double disagree, x[6];
    } cases[] = {
        { { 1, 1, 1, 0, 0, 0 }, 1, { 8.75, 5.25, 3.75, 0.25 } },
        { { 1, 1, 1, 0, 0, 0 }, 0.05, { 75.25, 71.75, 70.25, 0.25 } },
        { { 1, 1, 0, 0, 1, 0 }, 0.05, { 71.537166, 66.415215, 3.976190, 0.476190 } },
    };
    const int64_t seed = 0;
    kith_graph *barbell = test_graph(6, 7, pairs, NULL);
    kith_lfd_options o = exactly(&seed, 10.5);
    double x[6];

    (void)state;
    o.zero_zero = 1;
    for (int i = 0; i < 3; i++) {
        kith_partition *looks = partition_of(6, cases[i].labels);
        o.node_labels = looks;
        o.disagree = cases[i].disagree;
        kith_cluster *cluster = lfd(barbell, &o);
        test_scores(barbell, cluster, x);
        for (int v = 0; v < 6; v++) assert_near(x[v], cases[i].x[v], 5.1e-7);
        assert_near(test_figure(cluster, "balance"), 0, 1e-9);
        assert_true(test_figure(cluster, "kkt") < 1e-9);
        kith_cluster_free(cluster);
        kith_partition_free(looks);
    }
    kith_graph_free(barbell);
}

/* ---- Optimality ---- */

enum { NODES = 30 };

/* Labels of a random graph's nodes, of `kinds` values from -1 or 0 on. */
static void draw_labels(uint64_t seed, int kinds, int first, int64_t labels[NODES])
{
    kith_i_random r = kith_i_random_at(seed, 7, 7);

    for (int v = 0; v < NODES; v++)
        labels[v] = first + (int64_t)kith_i_random_below(&r, (uint64_t)kinds);
}

/* The weight that the header promises. `looks` has the target as 1. */
static double weight_of(const kith_lfd_options *o, int64_t a, int64_t b, double weight)
{
    const double zero_zero = o->zero_zero < 0 ? o->disagree : o->zero_zero;

    if (a < 0 || b < 0) return weight;
    if (a != b) return weight * o->disagree;
    return a == 1 ? weight : weight * zero_zero;
}

/* m = Delta - L x, and how far x is from the optimum: 0 <= x, m <= T, m = T where x > 0. */
static void expect_optimal(const kith_graph *graph, const kith_lfd_options *o, const int64_t *looks,
                           const double *x)
{
    const int64_t *offsets = kith_graph_offsets(graph), seed = o->flow.query.seeds.ids[0];
    double strength[NODES];

    assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
    for (int64_t v = 0; v < NODES; v++) {
        double m = v == seed ? o->flow.mass : 0;
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            m -= weight_of(o, looks[u], looks[v], kith_graph_weight(graph, e)) * (x[v] - x[u]);
        }
        assert_true(x[v] >= 0 && m <= strength[v] + 1e-8);
        if (x[v] > 0) assert_near(m, strength[v], 1e-8);
    }
}

static void is_optimal_in_the_weights_of_its_labels(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 30; i++) {
        const test_random what = {
            .nodes = NODES, .density = 0.2, .weighted = i & 1, .loops = i & 2, .seed = 500 + i
        };
        kith_graph *graph = test_random_graph(&what);
        const int64_t seed = test_seed(graph, (int64_t)i % NODES);
        kith_lfd_options o = exactly(&seed, 0.3 * 2 * test_total_weight(graph));
        int64_t looks[NODES];
        double x[NODES];
        draw_labels(i, i % 3 == 2 ? 3 : 2, -(int)(i % 3 == 1), looks);
        kith_partition *given = partition_of(NODES, looks);
        const int64_t own = looks[seed];
        o.node_labels = given;
        o.disagree = 0.1;
        if (i & 4) o.zero_zero = 0.5;
        kith_cluster *cluster = lfd(graph, &o);
        test_scores(graph, cluster, x);
        for (int v = 0; v < NODES && i % 3 == 2; v++) /* the seed's are the target's */
            if (looks[v] == own || looks[v] == 1) looks[v] = looks[v] == own ? 1 : own;
        looks[seed] = 1;
        expect_optimal(graph, &o, looks, x);
        kith_cluster_free(cluster);
        kith_partition_free(given);
        kith_graph_free(graph);
    }
}

static void without_weakened_edges_it_is_plain_flow_diffusion(void **state)
{
    const test_random what = { .nodes = NODES, .density = 0.2, .weighted = true, .seed = 77 };
    kith_graph *graph = test_random_graph(&what);
    const int64_t seed = test_seed(graph, 3);
    kith_lfd_options o = exactly(&seed, test_total_weight(graph) / 2);
    int64_t looks[NODES];
    double x[NODES], plain[NODES];
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    (void)state;
    draw_labels(5, 2, 0, looks);
    kith_partition *given = partition_of(NODES, looks);
    o.node_labels = given;
    o.disagree = 1;
    kith_cluster *same = lfd(graph, &o);
    test_scores(graph, same, x);
    o.flow.query.run.size = sizeof o.flow;
    assert_kith(kith_flow_diffusion(graph, &o.flow, &cluster, &err), err);
    test_scores(graph, cluster, plain);
    for (int v = 0; v < NODES; v++) assert_near(x[v], plain[v], 1e-9 * (1 + plain[v]));
    kith_cluster_free(same);
    kith_cluster_free(cluster);
    kith_partition_free(given);
    kith_graph_free(graph);
}

static void and_labels_leaves_out_nodes_that_look_different(void **state)
{
    const test_random what = { .nodes = NODES, .density = 0.2, .seed = 78 };
    kith_graph *graph = test_random_graph(&what);
    const int64_t seed = test_seed(graph, 3), *offsets = kith_graph_offsets(graph);
    kith_lfd_options o = exactly(&seed, test_total_weight(graph));
    int64_t looks[NODES];
    double x[NODES], kept[NODES], cut = 0, volume = 0;

    (void)state;
    draw_labels(6, 2, 0, looks);
    kith_partition *given = partition_of(NODES, looks);
    o.node_labels = given;
    o.disagree = 0.5;
    kith_cluster *all = lfd(graph, &o);
    o.and_labels = true;
    kith_cluster *some = lfd(graph, &o);
    test_scores(graph, all, x);
    test_scores(graph, some, kept);
    looks[seed] = 1;
    for (int64_t v = 0; v < NODES; v++) {
        assert_true(kept[v] == (looks[v] == 1 ? x[v] : 0));
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            const double weight = weight_of(&o, looks[u], looks[v], 1);
            if (kept[v] > 0) volume += weight;
            if (kept[v] > 0 && kept[u] == 0) cut += weight;
        }
    }
    assert_true(kith_cluster_size(some) < kith_cluster_size(all));
    assert_near(kith_cluster_volume(some), volume, 1e-9);
    assert_near(kith_cluster_cut(some), cut, 1e-9);
    assert_near(test_figure(some, "mass"), o.flow.mass, 1e-9);
    assert_int_equal(kith_cluster_touched_edges(some), kith_cluster_touched_edges(all));
    kith_cluster_free(all);
    kith_cluster_free(some);
    kith_partition_free(given);
    kith_graph_free(graph);
}

/* ---- Classifiers ---- */

/* A planted graph: a target of the first nodes among others, joined with probability `inside`, all
 * other pairs with `other`; 8 features of unit noise whose means lie `apart`. */
typedef struct {
    int64_t nodes, size;
    double inside, other, apart;
    uint64_t seed;
} planted;

static kith_graph *plant(const planted *p)
{
    const int64_t sizes[] = { p->size, p->nodes - p->size };
    const double probabilities[] = { p->inside, p->other, p->other, p->other };
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    o.run.seed = p->seed;
    o.blocks = 2;
    o.sizes = sizes;
    o.probabilities = probabilities;
    assert_kith(kith_generate_sbm(&o, &graph, NULL, &err), err);
    return graph;
}

static double normal(kith_i_random *r)
{
    return sqrt(-2 * log(1 - kith_i_random_unit(r))) * cos(2 * M_PI * kith_i_random_unit(r));
}

static kith_features *plant_features(const planted *p)
{
    double *values = malloc((size_t)(8 * p->nodes) * sizeof *values);
    kith_i_random r = kith_i_random_at(p->seed, 8, 8);
    kith_features *features = NULL;
    kith_error err = { 0 };

    for (int64_t i = 0; i < 8 * p->nodes; i++)
        values[i] = normal(&r) + (i < 8 * p->size ? 0.5 : -0.5) * p->apart / sqrt(8);
    assert_kith(kith_features_from_dense(p->nodes, 8, values, NULL, &features, &err), err);
    free(values);
    return features;
}

static double f1(const kith_cluster *cluster, const bool *in, int64_t size)
{
    int64_t right = 0;

    for (int64_t i = 0; i < kith_cluster_size(cluster); i++)
        right += in[kith_cluster_nodes(cluster)[i]];
    return 2 * (double)right / (double)(size + kith_cluster_size(cluster));
}

static double planted_f1(const kith_cluster *cluster, const planted *p)
{
    bool *in = calloc((size_t)p->nodes, sizeof *in);

    memset(in, true, (size_t)p->size);
    const double value = f1(cluster, in, p->size);
    free(in);
    return value;
}

static double volume_of(const kith_graph *graph, const bool *in)
{
    const int64_t *offsets = kith_graph_offsets(graph);
    double volume = 0;

    for (int64_t v = 0; v < kith_graph_nodes(graph); v++)
        if (in[v]) volume += (double)(offsets[v + 1] - offsets[v]);
    return volume;
}

static const planted clouds = { 1500, 100, 0.2, 0.01, 2, 3 };

/* Labels that a classifier of a view, trained on these, gives to all nodes. */
static kith_partition *predictions(const kith_graph *graph, const kith_features *features,
                                   kith_view view, const int64_t *train)
{
    const int64_t n = kith_graph_nodes(graph);
    int64_t *labels = calloc((size_t)n, sizeof *labels);
    uint32_t nodes[64];
    bool positive[64], answer;
    kith_i_examples examples = { nodes, positive, 0 };
    kith_i_classifier *c = NULL;
    kith_i_poll poll = { 0 };
    kith_error err = { 0 };

    for (int64_t v = 0; v < n; v++)
        if (train[v] >= 0) {
            nodes[examples.count] = (uint32_t)v;
            positive[examples.count++] = train[v] == 1;
        }
    assert_kith(kith_i_classifier_train(graph, features, view, &examples, &poll, &c, &err), err);
    for (int64_t v = 0; v < n; v++) {
        assert_kith(kith_i_classifier_ask(c, (uint32_t)v, &answer, &err), err);
        labels[v] = answer;
    }
    kith_partition *p = partition_of(n, labels);
    kith_i_classifier_free(c);
    free(labels);
    return p;
}

static void predicts_labels_where_some_are_known(void **state)
{
    const int64_t seed = 7;
    kith_graph *graph = plant(&clouds);
    kith_features *features = plant_features(&clouds);
    int64_t train[1500];
    kith_lfd_options o = KITH_LFD_OPTIONS_INIT;

    (void)state;
    for (int64_t v = 0; v < clouds.nodes; v++) train[v] = -1;
    for (int64_t i = 0; i < 25; i++) train[4 * i + 1] = 1, train[100 + 50 * i] = 0;
    kith_partition *known = partition_of(clouds.nodes, train);
    o.flow.query.seeds = (kith_nodes){ &seed, 1 };
    o.flow.volume = 3400;
    for (o.view = KITH_VIEW_BOTH; o.view <= KITH_VIEW_OWN; o.view++) {
        kith_partition *looks = predictions(graph, features, (kith_view)o.view, train);
        o.features = features;
        o.train = known;
        kith_cluster *trained = lfd(graph, &o);
        o.features = NULL;
        o.train = NULL;
        o.node_labels = looks;
        kith_cluster *given = lfd(graph, &o);
        o.node_labels = NULL;
        assert_int_equal(kith_cluster_size(trained), kith_cluster_size(given));
        for (int64_t i = 0; i < kith_cluster_size(given); i++) {
            assert_int_equal(kith_cluster_nodes(trained)[i], kith_cluster_nodes(given)[i]);
            assert_true(kith_cluster_scores(trained)[i] == kith_cluster_scores(given)[i]);
        }
        kith_cluster_free(trained);
        kith_cluster_free(given);
        kith_partition_free(looks);
    }
    kith_partition_free(known);
    kith_features_free(features);
    kith_graph_free(graph);
}

static void assert_same_answers(const kith_cluster *a, const kith_cluster *b)
{
    assert_int_equal(kith_cluster_size(a), kith_cluster_size(b));
    assert_int_equal(kith_cluster_touched_nodes(a), kith_cluster_touched_nodes(b));
    assert_int_equal(kith_cluster_touched_edges(a), kith_cluster_touched_edges(b));
    for (int64_t i = 0; i < kith_cluster_size(a); i++) {
        assert_int_equal(kith_cluster_nodes(a)[i], kith_cluster_nodes(b)[i]);
        assert_true(kith_cluster_scores(a)[i] == kith_cluster_scores(b)[i]);
    }
}

/* Compares an answer of a batch with that of a query alone. */
static int compare_alone(kith_answer *answer, void *payload)
{
    kith_cluster *const *alone = payload;

    assert_non_null(answer->cluster);
    assert_same_answers(answer->cluster, alone[answer->query]);
    kith_cluster_free(answer->cluster);
    return 0;
}

static void a_batch_trains_once_and_answers_as_queries_that_train_each(void **state)
{
    enum { QUERIES = 6 };
    kith_graph *graph = plant(&clouds), *other = test_path(4);
    kith_features *features = plant_features(&clouds);
    int64_t train[1500], ids[QUERIES];
    kith_nodes seeds[QUERIES];
    kith_cluster *alone[QUERIES], *again = NULL;
    kith_lfd_options o = KITH_LFD_OPTIONS_INIT;
    kith_lfd_model *model = NULL;
    const kith_receiver receiver = { .take = compare_alone, .payload = alone };
    kith_error err = { 0 };

    (void)state;
    for (int64_t v = 0; v < clouds.nodes; v++) train[v] = -1;
    for (int64_t i = 0; i < 25; i++) train[4 * i + 1] = 1, train[100 + 50 * i] = 0;
    kith_partition *known = partition_of(clouds.nodes, train);
    o.flow.volume = 3400;
    o.features = features;
    assert_kith_fails(kith_lfd_train(graph, &o, &model, &err), KITH_E_ARGUMENT, "nothing to train",
                      err);
    o.train = known;
    assert_kith(kith_lfd_train(graph, &o, &model, &err), err);
    for (int64_t i = 0; i < QUERIES; i++) {
        ids[i] = 15 * i;
        o.flow.query.seeds = seeds[i] = (kith_nodes){ &ids[i], 1 };
        alone[i] = lfd(graph, &o);
    }
    for (o.flow.query.run.threads = 1; o.flow.query.run.threads <= 2; o.flow.query.run.threads++)
        assert_kith(kith_queries_run(kith_algorithm_find("lfd"), graph, &o, QUERIES, seeds,
                                     &receiver, &err),
                    err);
    o.model = model;
    assert_kith_fails(kith_lfd(graph, &o, &again, &err), KITH_E_ARGUMENT, "and labels too", err);
    o.train = NULL;
    again = lfd(graph, &o);
    assert_same_answers(again, alone[QUERIES - 1]);
    kith_cluster_free(again);
    o.features = NULL;
    o.flow.query.seeds = seeds[0];
    assert_kith_fails(kith_lfd(other, &o, &again, &err), KITH_E_ARGUMENT, "features has 1500 rows",
                      err);
    for (int64_t i = 0; i < QUERIES; i++) kith_cluster_free(alone[i]);
    kith_lfd_model_free(model);
    kith_partition_free(known);
    kith_features_free(features);
    kith_graph_free(graph);
    kith_graph_free(other);
}

static void trains_itself_where_no_label_is_known(void **state)
{
    kith_graph *graph = plant(&clouds);
    kith_features *features = plant_features(&clouds);
    kith_lfd_options o = KITH_LFD_OPTIONS_INIT;
    double plain = 0, trained = 0;
    kith_error err = { 0 };

    (void)state;
    o.features = features;
    o.flow.volume = 3400;
    for (int64_t seed = 0; seed < 100; seed += 20) {
        kith_flow_diffusion_options f = KITH_FLOW_DIFFUSION_OPTIONS_INIT;
        kith_cluster *cluster = NULL;
        o.flow.query.seeds = f.query.seeds = (kith_nodes){ &seed, 1 };
        f.query.round = KITH_ROUND_SUPPORT;
        f.volume = 3400;
        assert_kith(kith_flow_diffusion(graph, &f, &cluster, &err), err);
        plain += planted_f1(cluster, &clouds) / 5;
        kith_cluster_free(cluster);
        cluster = lfd(graph, &o);
        trained += planted_f1(cluster, &clouds) / 5;
        kith_cluster_free(cluster);
    }
    assert_true(trained > plain + 0.1);
    kith_features_free(features);
    kith_graph_free(graph);
}

static void trains_itself_on_as_little_as_there_is(void **state)
{
    static const int64_t loop[][2] = { { 0, 0 } };
    static const double values[] = { 1, 1e300, 0, -2 };
    const int64_t seed = 0;
    kith_graph *graphs[] = { test_graph(1, 1, loop, NULL), test_path(4) };

    (void)state;
    for (int i = 0; i < 2; i++) {
        kith_lfd_options o = KITH_LFD_OPTIONS_INIT;
        kith_features *features = NULL;
        kith_error err = { 0 };
        const int64_t n = kith_graph_nodes(graphs[i]);
        assert_kith(kith_features_from_dense(n, 1, values, NULL, &features, &err), err);
        o.flow.query.seeds = (kith_nodes){ &seed, 1 };
        o.features = features;
        o.flow.mass = 0.5; /* less than the seed can hold: x is 0 everywhere */
        kith_cluster *cluster = lfd(graphs[i], &o);
        assert_int_equal(kith_cluster_size(cluster), 0);
        kith_cluster_free(cluster);
        kith_features_free(features);
        kith_graph_free(graphs[i]);
    }
}

static void touches_as_much_of_a_large_graph_as_of_a_small_one(void **state)
{
    int64_t nodes[2], edges[2];

    (void)state;
    for (int large = 0; large < 2; large++) {
        kith_graph *ring = test_cliques(large ? 4000 : 100, 12, true);
        const int64_t n = kith_graph_nodes(ring), seed = 600;
        double *values = malloc((size_t)n * 2 * sizeof *values);
        int64_t *train = malloc((size_t)n * sizeof *train);
        kith_lfd_options o = KITH_LFD_OPTIONS_INIT;
        kith_features *features = NULL;
        kith_error err = { 0 };
        for (int64_t v = 0; v < n; v++) {
            values[2 * v] = v / 12 == 50;
            values[2 * v + 1] = 1 + (double)(v % 5);
            train[v] = v == 605 ? 1 : v == 615 ? 0 : -1;
        }
        kith_partition *known = partition_of(n, train);
        assert_kith(kith_features_from_dense(n, 2, values, NULL, &features, &err), err);
        o.flow.query.seeds = (kith_nodes){ &seed, 1 };
        o.flow.mass = 300;
        o.features = features;
        o.train = known;
        kith_cluster *cluster = lfd(ring, &o);
        nodes[large] = kith_cluster_touched_nodes(cluster);
        edges[large] = kith_cluster_touched_edges(cluster);
        assert_true(nodes[large] < 1200);
        kith_cluster_free(cluster);
        kith_features_free(features);
        kith_partition_free(known);
        kith_graph_free(ring);
        free(values);
        free(train);
    }
    assert_int_equal(nodes[0], nodes[1]);
    assert_int_equal(edges[0], edges[1]);
}

static void says_what_is_missing(void **state)
{
    static const int64_t mixed[] = { 1, 0, 1, 1, 0, 0 }, odd[] = { 1, 0, 2, -1, -1, -1 };
    static const int64_t ones[] = { 1, 1, -1, -1, -1, -1 }, zeros[] = { 0, 0, -1, -1, -1, -1 };
    static const double values[] = { 1, 2, 3, 4, 5, 6, 7 };
    kith_partition *looks = partition_of(6, mixed), *others = partition_of(6, odd);
    kith_partition *positive = partition_of(6, ones), *negative = partition_of(6, zeros);
    kith_partition *few = partition_of(5, mixed);
    kith_features *features = NULL, *more = NULL;
    kith_graph *graph = test_cliques(1, 6, false);
    const int64_t seed = 0;
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };
    kith_lfd_options start = KITH_LFD_OPTIONS_INIT, o;

    (void)state;
    assert_kith(kith_features_from_dense(6, 1, values, NULL, &features, &err), err);
    assert_kith(kith_features_from_dense(7, 1, values, NULL, &more, &err), err);
    start.flow.query.seeds = (kith_nodes){ &seed, 1 };
    start.flow.mass = 20;
    const struct {
        const kith_partition *node_labels, *train;
        const kith_features *features;
        const char *message;
    } cases[] = {
        { NULL, NULL, NULL, "there are no labels (expected node-labels, or features" },
        { NULL, positive, NULL, "there are no labels" },
        { looks, looks, features, "node-labels and train are both given" },
        { few, NULL, NULL, "node-labels has 5 labels (expected 6, one for each node)" },
        { NULL, few, features, "train has 5 labels (expected 6" },
        { NULL, NULL, more, "features has 7 rows (expected 6, one for each node)" },
        { NULL, positive, features, "no negative node to train on" },
        { NULL, negative, features, "no positive node to train on" },
        { NULL, others, features, "train has label 2 (expected 1, 0, or -1 for unknown)" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        o = start;
        o.node_labels = cases[i].node_labels;
        o.train = cases[i].train;
        o.features = cases[i].features;
        assert_kith_fails(kith_lfd(graph, &o, &cluster, &err), KITH_E_ARGUMENT, cases[i].message,
                          err);
        assert_null(cluster);
    }
    o = start;
    o.node_labels = looks;
    o.disagree = 0; /* nodes 0, 2 and 3 hold 15 */
    assert_kith_fails(kith_lfd(graph, &o, &cluster, &err), KITH_E_ARGUMENT, "mass is 20", err);
    kith_features_free(features);
    kith_features_free(more);
    kith_partition_free(looks);
    kith_partition_free(others);
    kith_partition_free(positive);
    kith_partition_free(negative);
    kith_partition_free(few);
    kith_graph_free(graph);
}

/* ---- Published runs ---- */

/* Draws of [Marsaglia2003], as the reference runs make them. */
static double next_unit(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) * 0x1p-53;
}

static kith_partition *flipped(int64_t nodes, const bool *in, double share, uint64_t state)
{
    int64_t *labels = malloc((size_t)nodes * sizeof *labels);

    for (int64_t v = 0; v < nodes; v++) labels[v] = in[v] ^ (next_unit(&state) < share);
    kith_partition *p = partition_of(nodes, labels);
    free(labels);
    return p;
}

/* F1 of plain flow diffusion and of one with labels from a seed, both told the volume. */
static void compare(const kith_graph *graph, const kith_lfd_options *o, const bool *in,
                    int64_t size, double *plain, double *with)
{
    kith_flow_diffusion_options f = o->flow;
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    if (plain) {
        f.query.run.size = sizeof f;
        assert_kith(kith_flow_diffusion(graph, &f, &cluster, &err), err);
        *plain = f1(cluster, in, size);
        kith_cluster_free(cluster);
    }
    cluster = lfd(graph, o);
    *with = f1(cluster, in, size);
    kith_cluster_free(cluster);
}

static void finds_classes_of_cora_though_a_tenth_of_the_labels_is_wrong(void **state)
{
    enum { SEEDS = 10, CLASSES = 7 };
    kith_graph *whole = test_dataset("cora"), *graph = NULL;
    int64_t *all = whole ? test_dataset_labels("cora", whole) : NULL, *original = NULL;
    double plain = 0, with = 0;
    kith_error err = { 0 };

    (void)state;
    if (!whole) skip();
    assert_kith(kith_graph_largest_component(whole, NULL, &graph, &original, &err), err);
    const int64_t n = kith_graph_nodes(graph);
    bool *in = malloc((size_t)n * sizeof *in);
    for (int64_t number = 0; number < CLASSES; number++) {
        kith_lfd_options o = KITH_LFD_OPTIONS_INIT;
        int64_t size = 0, seeds = 0;
        for (int64_t v = 0; v < n; v++) size += in[v] = all[original[v]] == number;
        kith_partition *looks = flipped(n, in, 0.1, 12345 + (uint64_t)number);
        o.flow.query.round = KITH_ROUND_SUPPORT;
        o.flow.epsilon = 1e-4;
        o.flow.volume = volume_of(graph, in);
        o.node_labels = looks;
        o.zero_zero = 1;
        for (int64_t v = 0; v < n && seeds < SEEDS; v++) {
            double one, other;
            if (!in[v]) continue;
            o.flow.query.seeds = (kith_nodes){ &v, 1 };
            compare(graph, &o, in, size, &one, &other);
            plain += one / SEEDS / CLASSES;
            with += other / SEEDS / CLASSES;
            seeds++;
        }
        kith_partition_free(looks);
    }
    assert_near(plain, 0.4627, 0.015);
    assert_near(with, 0.5952, 0.015);
    assert_true(with > plain + 0.08);
    free(in);
    free(all);
    free(original);
    kith_graph_free(whole);
    kith_graph_free(graph);
}

/* The rows of some nodes. */
static kith_features *rows_of(const kith_features *all, int64_t count, const int64_t *nodes)
{
    const int64_t columns = kith_features_columns(all), most = kith_features_entries(all);
    double *row = malloc((size_t)columns * sizeof *row), *values = malloc((size_t)most * 8);
    int64_t *offsets = calloc((size_t)count + 1, 8), *indices = malloc((size_t)most * 8);
    kith_features *out = NULL;
    kith_error err = { 0 };

    for (int64_t i = 0; i < count; i++) {
        kith_features_row(all, nodes[i], row);
        offsets[i + 1] = offsets[i];
        for (int64_t c = 0; c < columns; c++) {
            if (row[c] == 0) continue;
            values[offsets[i + 1]] = row[c];
            indices[offsets[i + 1]++] = c;
        }
    }
    assert_kith(kith_features_from_csr(count, columns, offsets, indices, values, NULL, &out, &err),
                err);
    free(row);
    free(values);
    free(offsets);
    free(indices);
    return out;
}

/* Exchanges a graph, its features and labels for those of its largest component. */
static void keep_largest(kith_graph **graph, kith_features **features, int64_t **labels)
{
    kith_graph *largest = NULL;
    int64_t *nodes = NULL;
    kith_error err = { 0 };

    assert_kith(kith_graph_largest_component(*graph, NULL, &largest, &nodes, &err), err);
    const int64_t n = kith_graph_nodes(largest);
    kith_features *rows = rows_of(*features, n, nodes);
    for (int64_t v = 0; v < n; v++) (*labels)[v] = (*labels)[nodes[v]]; /* nodes ascend */
    kith_graph_free(*graph);
    kith_features_free(*features);
    free(nodes);
    *graph = largest;
    *features = rows;
}

/* The largest component of a graph of the shared data sets without loops, its features and labels;
 * false after printing why they are not there. */
static bool read_attributed(const char *name, const char *file, kith_graph **graph,
                            kith_features **features, int64_t **labels)
{
    static const char *const endings[] = { "", ".gz" };
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_error err = { 0 };
    char path[4096];

    *graph = NULL;
    *features = NULL;
    o.graph.loops = KITH_LOOPS_DROP;
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s/%s%s", getenv("KITH_DATASETS"), name,
                 i < 2 ? file : "features.mtx", endings[i % 2]);
        if (access(path, R_OK) != 0) continue;
        if (i < 2) assert_kith(kith_graph_read(path, &o, graph, &err), err);
        else assert_kith(kith_features_read(path, NULL, features, &err), err);
    }
    if (*graph && *features && (*labels = test_dataset_labels(name, *graph))) {
        keep_largest(graph, features, labels);
        return true;
    }
    printf("skipped: the data set %s is not in %s\n", name, getenv("KITH_DATASETS"));
    kith_graph_free(*graph);
    kith_features_free(*features);
    return false;
}

/* 25 nodes of the class and 25 others, drawn at random. */
static kith_partition *draw_examples(const bool *in, int64_t n, kith_i_random *r)
{
    int64_t *labels = malloc((size_t)n * sizeof *labels), drawn[2] = { 0, 0 };

    for (int64_t v = 0; v < n; v++) labels[v] = -1;
    while (drawn[0] < 25 || drawn[1] < 25) {
        const int64_t v = (int64_t)kith_i_random_below(r, (uint64_t)n);
        if (labels[v] >= 0 || drawn[in[v]] == 25) continue;
        labels[v] = in[v];
        drawn[in[v]]++;
    }
    kith_partition *p = partition_of(n, labels);
    free(labels);
    return p;
}

/* How much F1 gains over plain flow diffusion by a classifier, in the mean over the first
 * classes. */
static double gain(const kith_graph *graph, const kith_features *features, const int64_t *labels,
                   int64_t classes, int seeds)
{
    const int64_t n = kith_graph_nodes(graph);
    bool *in = malloc((size_t)n * sizeof *in);
    double sum = 0;

    for (int64_t number = 0; number < classes; number++) {
        kith_i_random r = kith_i_random_at(1, 2, (uint64_t)number);
        kith_lfd_options o = KITH_LFD_OPTIONS_INIT;
        int64_t size = 0;
        for (int64_t v = 0; v < n; v++) size += in[v] = labels[v] == number;
        kith_partition *train = draw_examples(in, n, &r);
        o.flow.query.round = KITH_ROUND_SUPPORT;
        o.flow.volume = volume_of(graph, in);
        o.features = features;
        o.train = train;
        for (int i = 0; i < seeds; i++) {
            double plain, with;
            int64_t seed;
            do seed = (int64_t)kith_i_random_below(&r, (uint64_t)n);
            while (!in[seed]);
            o.flow.query.seeds = (kith_nodes){ &seed, 1 };
            compare(graph, &o, in, size, &plain, &with);
            sum += (with - plain) / (double)(classes * seeds);
        }
        kith_partition_free(train);
    }
    free(in);
    return sum;
}

static void finds_classes_of_public_graphs_by_50_labelled_nodes(void **state)
{
    static const struct {
        const char *name, *graph;
        int64_t classes;
        int seeds;
    } sets[] = { { "cora", "graph.mtx", 7, 2 },
                 { "citeseer", "graph.mtx", 6, 2 },
                 { "acm", "graph_PAP.mtx", 3, 2 },
                 { "blogcatalog-attr", "graph.mtx", 2, 1 },
                 { "facebook-pages", "graph.mtx", 2, 1 } };
    int found = 0;

    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        kith_graph *graph;
        kith_features *features;
        int64_t *labels;
        if (!read_attributed(sets[i].name, sets[i].graph, &graph, &features, &labels)) continue;
        const double more = gain(graph, features, labels, sets[i].classes, sets[i].seeds);
        assert_true(more > 0.05);
        kith_graph_free(graph);
        kith_features_free(features);
        free(labels);
        found++;
    }
    if (!found) skip();
}

static void finds_a_planted_target_by_labels_of_a_known_accuracy(void **state)
{
    static const planted p = { 10000, 500, 0.03, 0.002, 0, 1 };
    static const struct {
        double accuracy, zero_zero, f1;
    } published[] = {
        { 0.9, 1, 0.703 }, { 0.95, 1, 0.845 }, { 0.9, -1, 0.572 }, { 0.95, -1, 0.729 }
    };
    kith_graph *graph = plant(&p);
    bool in[10000] = { false };

    (void)state;
    memset(in, true, 500);
    for (int i = 0; i < 4; i++) {
        kith_lfd_options o = KITH_LFD_OPTIONS_INIT;
        kith_partition *looks = flipped(p.nodes, in, 1 - published[i].accuracy, 99 + (uint64_t)i);
        double mean = 0;
        o.flow.query.round = KITH_ROUND_SUPPORT;
        o.flow.volume = volume_of(graph, in);
        o.node_labels = looks;
        o.zero_zero = published[i].zero_zero;
        for (int64_t seed = 0; seed < 4; seed++) {
            double value;
            o.flow.query.seeds = (kith_nodes){ &seed, 1 };
            compare(graph, &o, in, 500, NULL, &value);
            mean += value / 4;
        }
        assert_near(mean, published[i].f1, 0.05);
        kith_partition_free(looks);
    }
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_published_potentials_of_the_barbell),
        cmocka_unit_test(is_optimal_in_the_weights_of_its_labels),
        cmocka_unit_test(without_weakened_edges_it_is_plain_flow_diffusion),
        cmocka_unit_test(and_labels_leaves_out_nodes_that_look_different),
        cmocka_unit_test(predicts_labels_where_some_are_known),
        cmocka_unit_test(a_batch_trains_once_and_answers_as_queries_that_train_each),
        cmocka_unit_test(trains_itself_where_no_label_is_known),
        cmocka_unit_test(trains_itself_on_as_little_as_there_is),
        cmocka_unit_test(touches_as_much_of_a_large_graph_as_of_a_small_one),
        cmocka_unit_test(says_what_is_missing),
        cmocka_unit_test(finds_classes_of_cora_though_a_tenth_of_the_labels_is_wrong),
        cmocka_unit_test(finds_classes_of_public_graphs_by_50_labelled_nodes),
        cmocka_unit_test(finds_a_planted_target_by_labels_of_a_known_accuracy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
