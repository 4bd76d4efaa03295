/* Approximate personalised PageRank: the published examples, its invariants, an exact solution. */
#include "support/clusters.h"

static kith_cluster *acl(const kith_graph *graph, const kith_acl_options *options)
{
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    assert_kith(kith_acl(graph, options, &cluster, &err), err);
    return cluster;
}

static void finds_the_cluster_of_zachary_in_the_published_pushes(void **state)
{
    static const double p[] = { 0.361380, 0.059191, 0.046869, 0.043325, 0.030809, 0.035691 };
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    double mass[34];

    (void)state;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.epsilon = 1e-4;
    kith_cluster *cluster = acl(karate, &o);
    assert_int_equal(kith_cluster_size(cluster), 17);
    assert_near(kith_cluster_conductance(cluster), 0.146667, 5e-7);
    assert_int_equal(kith_cluster_iterations(cluster), 657);
    assert_near(test_figure(cluster, "mass"), 0.98883467, 5e-9);
    test_masses(karate, cluster, mass);
    for (int64_t v = 0; v < 6; v++) assert_near(mass[v], p[v], 5e-7);
    kith_cluster_free(cluster);

    o.epsilon = 1e-2;
    cluster = acl(karate, &o);
    assert_int_equal(kith_cluster_iterations(cluster), 24);
    assert_int_equal(kith_cluster_size(cluster), 14);
    assert_near(kith_cluster_conductance(cluster), 0.1875, 1e-12);
    test_masses(karate, cluster, mass);
    assert_near(mass[0], 0.271739, 5e-7);
    kith_cluster_free(cluster);
    kith_graph_free(karate);
}

static void approaches_the_exact_vector_of_the_barbell(void **state)
{
    static const double exact[] = { 0.452778, 0.202778, 0.233333, 0.066667, 0.022222, 0.022222 };
    const int64_t pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 },
                                 { 3, 4 }, { 3, 5 }, { 4, 5 } };
    const int64_t seed = 0;
    kith_graph *barbell = test_graph(6, 7, pairs, NULL);
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    double mass[6];

    (void)state;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.alpha = 0.2;
    o.epsilon = 1e-9;
    o.query.round = KITH_ROUND_SUPPORT;
    kith_cluster *cluster = acl(barbell, &o);
    test_masses(barbell, cluster, mass);
    for (int64_t v = 0; v < 6; v++) assert_near(mass[v], exact[v], 6e-7);
    kith_cluster_free(cluster);
    o.query.round = KITH_ROUND_SWEEP;
    cluster = acl(barbell, &o);
    assert_int_equal(kith_cluster_size(cluster), 3);
    assert_near(kith_cluster_conductance(cluster), 1.0 / 7, 1e-12);
    kith_cluster_free(cluster);
    kith_graph_free(barbell);
}

/* p = alpha s + (1 - alpha) W p by iteration, W = (I + A D^-1) / 2. */
static void exact_pagerank(const kith_graph *graph, double alpha, int64_t seed, double *p)
{
    const int64_t n = kith_graph_nodes(graph);
    double strength[64], next[64];

    assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
    memset(p, 0, (size_t)n * sizeof *p);
    for (int round = 0; round < 2000; round++) {
        for (int64_t v = 0; v < n; v++) next[v] = (1 - alpha) / 2 * p[v] + (v == seed ? alpha : 0);
        for (int64_t v = 0; v < n; v++)
            for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1];
                 e++) {
                const int64_t u = kith_graph_targets(graph)[e];
                const double weight = kith_graph_weight(graph, e) * (u == v ? 2 : 1);
                next[u] += (1 - alpha) / 2 * p[v] * weight / strength[v];
            }
        memcpy(p, next, (size_t)n * sizeof *p);
    }
}

static void keeps_its_promises_on_random_graphs(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.1, .weighted = i & 1, .loops = i & 2, .seed = i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_acl_options o = KITH_ACL_OPTIONS_INIT;
        double exact[64], strength[64], mass[64];
        const int64_t seed = test_seed(graph, (int64_t)i);
        assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
        o.query.seeds = (kith_nodes){ &seed, 1 };
        o.alpha = 0.1 + 0.02 * (double)(i % 20);
        o.epsilon = 1e-4;
        o.query.round = KITH_ROUND_SUPPORT;
        kith_cluster *cluster = acl(graph, &o);
        assert_near(test_figure(cluster, "mass") + test_figure(cluster, "residual_mass"), 1, 1e-12);
        assert_true(test_figure(cluster, "residual") < o.epsilon);
        exact_pagerank(graph, o.alpha, seed, exact);
        test_masses(graph, cluster, mass);
        for (int64_t v = 0; v < 40; v++) { /* 0 <= (pr - p)_v <= epsilon d_v */
            const double missing = exact[v] - mass[v];
            assert_true(missing >= -1e-12 && missing <= o.epsilon * strength[v] + 1e-12);
        }
        kith_cluster_free(cluster);
        kith_graph_free(graph);
    }
}

static void reports_the_conductance_of_its_cluster(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.12, .weighted = i & 1, .loops = i & 2, .seed = 100 + i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_acl_options o = KITH_ACL_OPTIONS_INIT;
        const int64_t seed = test_seed(graph, (int64_t)i);
        o.query.seeds = (kith_nodes){ &seed, 1 };
        o.epsilon = 1e-2;
        o.query.round = (int)(i / 4 % 2);
        kith_cluster *cluster = acl(graph, &o);
        assert_near(kith_cluster_conductance(cluster), test_conductance(graph, cluster), 1e-12);
        for (int64_t k = 1; k < kith_cluster_size(cluster); k++) {
            const double *s = kith_cluster_scores(cluster);
            const int64_t *v = kith_cluster_nodes(cluster);
            assert_true(s[k - 1] > s[k] || (s[k - 1] == s[k] && v[k - 1] < v[k]));
        }
        kith_cluster_free(cluster);
        kith_graph_free(graph);
    }
}

static void gives_the_golden_vector(const test_case *c)
{
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    double number;

    test_local_golden(c, "seed", &number, 1);
    const int64_t seed = (int64_t)number;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.epsilon = 1e-13;
    kith_cluster *cluster = acl(c->graph, &o);
    test_expect_golden_sweep(c, "acl", cluster);
    kith_cluster_free(cluster);
    o.query.round = KITH_ROUND_SUPPORT;
    cluster = acl(c->graph, &o);
    test_expect_golden_scores(c, "acl", true, cluster, 1e-9);
    kith_cluster_free(cluster);
}

static void agrees_with_dense_algebra(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", gives_the_golden_vector) > 20);
}

/* The graph whose weights are multiplied by the factors of the labels. */
static kith_graph *reweighed(const kith_graph *graph, const int64_t *labels, double disagree,
                             double zero_zero)
{
    const int64_t *offsets = kith_graph_offsets(graph);
    int64_t sources[800], targets[800], edges = 0;
    double weights[800];
    kith_graph *out = NULL;
    kith_error err = { 0 };

    for (int64_t v = 0; v < kith_graph_nodes(graph); v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            double factor = labels[u] != labels[v] ? disagree : labels[v] == 1 ? 1 : zero_zero;
            if (labels[u] < 0 || labels[v] < 0) factor = 1;
            if (u > v) continue;
            sources[edges] = v;
            targets[edges] = u;
            weights[edges++] = factor * kith_graph_weight(graph, e);
        }
    assert_kith(kith_graph_from_edges(kith_graph_nodes(graph), edges, sources, targets, weights,
                                      NULL, &out, &err),
                err);
    return out;
}

static void with_labels_it_walks_the_reweighed_graph(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.15, .weighted = i & 1, .loops = i & 2, .seed = 200 + i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_acl_options o = KITH_ACL_OPTIONS_INIT;
        kith_partition *looks = NULL;
        int64_t labels[40];
        double scores[40], expected[40];
        const int64_t seed = test_seed(graph, (int64_t)i);
        kith_error err = { 0 };
        for (int64_t v = 0; v < 40; v++) { /* from -1 to 1, of 0 and 1, from 0 to 2 */
            labels[v] = (5 * v + v / 7 + (int64_t)i) % 3 - (i % 3 == 0);
            if (i % 3 == 1) labels[v] = labels[v] > 0;
        }
        o.query.seeds = (kith_nodes){ &seed, 1 };
        o.query.round = KITH_ROUND_SUPPORT;
        o.epsilon = 1e-5;
        o.disagree = 0.25;
        if (i & 4) o.zero_zero = 0.5;
        assert_kith(kith_partition_from_labels(40, labels, NULL, &looks, &err), err);
        o.node_labels = looks;
        kith_cluster *cluster = acl(graph, &o);
        test_scores(graph, cluster, scores);
        const int64_t own = labels[seed];
        for (int64_t v = 0; v < 40 && i % 3 == 2; v++) /* the seed's and 1 change places */
            if (labels[v] == own || labels[v] == 1) labels[v] = labels[v] == own ? 1 : own;
        labels[seed] = 1;
        kith_graph *other = reweighed(graph, labels, 0.25, i & 4 ? 0.5 : 0.25);
        o.node_labels = NULL;
        kith_cluster *same = acl(other, &o);
        test_scores(other, same, expected);
        for (int64_t v = 0; v < 40; v++) assert_near(scores[v], expected[v], 1e-12);
        assert_int_equal(kith_cluster_iterations(cluster), kith_cluster_iterations(same));
        assert_near(kith_cluster_volume(cluster), kith_cluster_volume(same), 1e-12);
        assert_near(kith_cluster_cut(cluster), kith_cluster_cut(same), 1e-12);
        kith_cluster_free(cluster);
        kith_cluster_free(same);
        kith_partition_free(looks);
        kith_graph_free(other);
        kith_graph_free(graph);
    }
}

static void with_features_it_walks_the_graph_weighed_by_them(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 10; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.15, .weighted = i & 1, .seed = 300 + i
        };
        kith_graph *graph = test_random_graph(&what);
        const int64_t *offsets = kith_graph_offsets(graph), seed = test_seed(graph, (int64_t)i);
        int64_t sources[800], targets[800], labels[40], edges = 0;
        double weights[800], values[80], scores[40], expected[40];
        kith_acl_options o = KITH_ACL_OPTIONS_INIT;
        kith_features *features = NULL;
        kith_graph *other = NULL;
        kith_error err = { 0 };
        for (int64_t v = 0; v < 80; v++) values[v] = (double)(v * v % 11) / 4;
        for (int64_t v = 0; v < 40; v++) labels[v] = v == seed || v % 3 == 1;
        for (int64_t v = 0; v < 40; v++)
            for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
                const int64_t u = kith_graph_targets(graph)[e];
                const double x = values[2 * u] - values[2 * v];
                const double y = values[2 * u + 1] - values[2 * v + 1];
                if (u > v) continue;
                sources[edges] = v;
                targets[edges] = u;
                weights[edges] = kith_graph_weight(graph, e) * exp(-0.7 * (x * x + y * y));
                weights[edges++] *= labels[u] && labels[v] ? 1 : 0.05;
            }
        assert_kith(kith_graph_from_edges(40, edges, sources, targets, weights, NULL, &other, &err),
                    err);
        assert_kith(kith_features_from_dense(40, 2, values, NULL, &features, &err), err);
        kith_partition *looks = NULL;
        assert_kith(kith_partition_from_labels(40, labels, NULL, &looks, &err), err);
        o.query.seeds = (kith_nodes){ &seed, 1 };
        o.query.round = KITH_ROUND_SUPPORT;
        o.epsilon = 1e-5;
        kith_cluster *same = acl(other, &o);
        o.features = features;
        o.node_labels = looks;
        o.gamma = 0.7;
        kith_cluster *cluster = acl(graph, &o);
        test_scores(graph, cluster, scores);
        test_scores(other, same, expected);
        for (int64_t v = 0; v < 40; v++)
            assert_near(scores[v], expected[v], 1e-9 * (1 + expected[v]));
        kith_cluster_free(cluster);
        o.gamma = -1; /* chosen near the seeds */
        cluster = acl(graph, &o);
        assert_near(test_figure(cluster, "mass") + test_figure(cluster, "residual_mass"), 1, 1e-9);
        kith_cluster_free(cluster);
        kith_cluster_free(same);
        kith_partition_free(looks);
        kith_features_free(features);
        kith_graph_free(other);
        kith_graph_free(graph);
    }
}

static void a_disagreement_of_0_keeps_it_among_nodes_of_the_label(void **state)
{
    static const int64_t labels[] = { 0, 1, 1, 0, 0, 1 }, alone[] = { 0, 0, 0, 1, 1, 1 };
    const int64_t seed = 0;
    kith_graph *graph = test_cliques(1, 6, false);
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    kith_partition *looks = NULL;
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    (void)state;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.query.round = KITH_ROUND_SUPPORT;
    o.disagree = 0;
    assert_kith(kith_partition_from_labels(6, labels, NULL, &looks, &err), err);
    o.node_labels = looks;
    cluster = acl(graph, &o);
    assert_int_equal(kith_cluster_size(cluster), 4); /* 0 is the seed */
    for (int64_t i = 0; i < 4; i++)
        assert_true(labels[kith_cluster_nodes(cluster)[i]] == 1 ||
                    kith_cluster_nodes(cluster)[i] == seed);
    assert_near(kith_cluster_cut(cluster), 0, 1e-12);
    kith_cluster_free(cluster);
    kith_partition_free(looks);

    kith_graph *star = test_star(5);
    assert_kith(kith_partition_from_labels(6, alone, NULL, &looks, &err), err);
    o.node_labels = looks;
    const int64_t leaf = 1;
    o.query.seeds = (kith_nodes){ &leaf, 1 };
    assert_kith_fails(kith_acl(star, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "seed 1 has edges of weight 0 alone", err);
    kith_graph *longer = test_path(7);
    assert_kith_fails(kith_acl(longer, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "node-labels has 6 labels (expected 7, one for each node)", err);
    kith_partition_free(looks);
    kith_graph_free(longer);
    kith_graph_free(star);
    kith_graph_free(graph);
}

/* Two stars, of ten leaves and nine, and a hub that hangs on the first by a thread. Each centre is
 * pushed once. That nothing else is full the edges from them tell, so the hub's row is not read;
 * only those of the nine leaves, whose residual might be the largest. */
static void reads_no_row_that_cannot_matter(void **state)
{
    enum { HUB = 1, OTHER = 12, LEAVES = 5000, EDGES = 20 + LEAVES };
    const int64_t seeds[] = { 0, OTHER };
    static int64_t pairs[EDGES][2];
    static double weights[EDGES];
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;

    (void)state;
    for (int64_t i = 0; i < EDGES; i++) {
        pairs[i][0] = i < 11 ? 0 : i < 20 ? OTHER : HUB;
        pairs[i][1] = i < 11 ? 1 + i : 2 + i;
        weights[i] = i == 0 ? 1e-3 : 1;
    }
    kith_graph *graph = test_graph(EDGES + 2, EDGES, (const int64_t(*)[2])pairs, weights);
    o.query.seeds = (kith_nodes){ seeds, 2 };
    o.query.round = KITH_ROUND_SUPPORT;
    o.epsilon = 0.03;
    kith_cluster *cluster = acl(graph, &o);
    assert_int_equal(kith_cluster_iterations(cluster), 2);
    assert_int_equal(kith_cluster_touched_edges(cluster), 11 + 9 + 9);
    assert_int_equal(kith_cluster_size(cluster), 2);
    assert_near(kith_cluster_scores(cluster)[0], 0.15 / 2 / 9, 1e-15);
    assert_near(kith_cluster_scores(cluster)[1], 0.15 / 2 / 10.001, 1e-15);
    assert_near(test_figure(cluster, "residual"), 0.85 / 2 / 2 / 9, 1e-15);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

static void refuses_seeds_that_are_none(void **state)
{
    const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 } };
    const int64_t unknown[] = { 1, 9 }, twice[] = { 1, 2, 1 }, isolated[] = { 3 };
    kith_graph *graph = test_graph(4, 2, pairs, NULL);
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    kith_cluster *cluster = NULL;
    kith_error err;

    (void)state;
    assert_kith_fails(kith_acl(graph, NULL, &cluster, &err), KITH_E_ARGUMENT, "no seeds", err);
    o.query.seeds = (kith_nodes){ unknown, 2 };
    assert_kith_fails(kith_acl(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "seed 9 is no node (expected 0 to 3)", err);
    o.query.seeds = (kith_nodes){ twice, 3 };
    assert_kith_fails(kith_acl(graph, &o, &cluster, &err), KITH_E_ARGUMENT, "seed 1 is given twice",
                      err);
    o.query.seeds = (kith_nodes){ isolated, 1 };
    assert_kith_fails(kith_acl(graph, &o, &cluster, &err), KITH_E_INPUT, "seed 3 has no edges",
                      err);
    assert_null(cluster);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_cluster_of_zachary_in_the_published_pushes),
        cmocka_unit_test(approaches_the_exact_vector_of_the_barbell),
        cmocka_unit_test(keeps_its_promises_on_random_graphs),
        cmocka_unit_test(reports_the_conductance_of_its_cluster),
        cmocka_unit_test(agrees_with_dense_algebra),
        cmocka_unit_test(with_labels_it_walks_the_reweighed_graph),
        cmocka_unit_test(with_features_it_walks_the_graph_weighed_by_them),
        cmocka_unit_test(a_disagreement_of_0_keeps_it_among_nodes_of_the_label),
        cmocka_unit_test(reads_no_row_that_cannot_matter),
        cmocka_unit_test(refuses_seeds_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
