/* Nonlinear power diffusion: the published example, dense steps of its definition, its bounds. */
#include "support/clusters.h"

static kith_cluster *diffuse(const kith_graph *graph, const kith_nonlinear_options *options)
{
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    assert_kith(kith_nonlinear(graph, options, &cluster, &err), err);
    return cluster;
}

static kith_nonlinear_options from(const int64_t *seeds, int64_t count)
{
    kith_nonlinear_options o = KITH_NONLINEAR_OPTIONS_INIT;

    o.query.seeds = (kith_nodes){ seeds, count };
    return o;
}

static void finds_the_published_vector_of_zachary(void **state)
{
    static const double published[] = {
        0.057750, 0.000996, 0.000631, 0.001013, 0.001427, 0.001224
    };
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_nonlinear_options o = from(&seed, 1);
    double score[34];

    (void)state;
    o.epsilon = 0; /* as published */
    kith_cluster *cluster = diffuse(karate, &o);
    assert_int_equal(kith_cluster_size(cluster), 16);
    assert_near(kith_cluster_conductance(cluster), 0.168831, 5e-7);
    assert_near(test_figure(cluster, "mass"), 1, 1e-12);
    assert_int_equal(kith_cluster_iterations(cluster), 100);
    test_scores(karate, cluster, score);
    for (int64_t v = 0; v < 6; v++) assert_near(score[v], published[v], 5e-7);
    kith_cluster_free(cluster);
    kith_graph_free(karate);
}

/* The steps as they are defined, over all nodes. */
static void exact_steps(const kith_graph *graph, const kith_nonlinear_options *o, double *u,
                        double *change)
{
    const int64_t n = kith_graph_nodes(graph);
    double strength[64], next[64];

    assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
    memset(u, 0, (size_t)n * sizeof *u);
    for (int64_t i = 0; i < o->query.seeds.count; i++)
        u[o->query.seeds.ids[i]] = 1 / (double)o->query.seeds.count;
    for (int64_t k = 0; k < o->iterations; k++) {
        memcpy(next, u, (size_t)n * sizeof *u);
        for (int64_t v = 0; v < n; v++) {
            if (strength[v] == 0 || u[v] < o->epsilon * strength[v]) continue;
            const double flow = o->step * pow(u[v], o->power);
            next[v] -= flow;
            for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1];
                 e++) {
                const int64_t w = kith_graph_targets(graph)[e];
                next[w] += flow * kith_graph_weight(graph, e) * (w == v ? 2 : 1) / strength[v];
            }
        }
        *change = 0;
        for (int64_t v = 0; v < n; v++) {
            next[v] = fmin(fmax(next[v], 0), 1);
            if (strength[v] > 0) *change = fmax(*change, fabs(next[v] - u[v]) / strength[v]);
            u[v] = next[v];
        }
    }
}

static void takes_the_steps_of_its_definition(void **state)
{
    static const double powers[] = { 0.5, 1, 0.3, 2, 0.5 };

    (void)state;
    for (uint64_t i = 0; i < 60; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.1, .weighted = i & 1, .loops = i & 2, .seed = i
        };
        kith_graph *graph = test_random_graph(&what);
        const int64_t first = test_seed(graph, (int64_t)(i % 40));
        const int64_t seeds[] = { first, test_seed(graph, (first + 1) % 40) };
        kith_nonlinear_options o = from(seeds, 1 + (i / 4) % 2);
        double exact[64], mass[64], change = 0, sum = 0;
        o.power = powers[i % 5];
        o.step = i % 7 ? 0.01 : 0.6;
        o.iterations = 1 + (int64_t)(i % 30);
        o.epsilon = i % 3 ? 1e-3 : 0;
        o.query.round = KITH_ROUND_SUPPORT;
        kith_cluster *cluster = diffuse(graph, &o);
        exact_steps(graph, &o, exact, &change);
        test_masses(graph, cluster, mass);
        for (int64_t v = 0; v < 40; v++) {
            assert_near(mass[v], exact[v], 1e-12);
            sum += exact[v];
        }
        assert_near(test_figure(cluster, "mass"), sum, 1e-12);
        assert_near(test_figure(cluster, "change"), change, 1e-12);
        if (o.power >= 1) assert_near(sum, 1, 1e-12); /* no node gives more than it has */
        kith_cluster_free(cluster);
        kith_graph_free(graph);
    }
}

static void gives_the_last_whole_step_when_time_runs_out(void **state)
{
    const int64_t seed = 5;
    const test_random what = { .nodes = 60, .density = 0.5, .seed = 3 };
    kith_graph *graph = test_random_graph(&what);
    kith_nonlinear_options o = from(&seed, 1);
    double exact[64], mass[64], change;
    int64_t polls = 2;

    (void)state;
    o.query.round = KITH_ROUND_SUPPORT;
    o.iterations = 1000;
    test_run_out_of_time(&o.query.run, &polls);
    kith_cluster *cluster = diffuse(graph, &o);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_TIME);
    o.iterations = kith_cluster_iterations(cluster);
    assert_true(o.iterations < 1000);
    exact_steps(graph, &o, exact, &change);
    test_masses(graph, cluster, mass);
    for (int64_t v = 0; v < 60; v++) assert_near(mass[v], exact[v], 1e-12);
    assert_near(test_figure(cluster, "mass"), 1, 1e-12);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

static void gives_the_golden_vector(const test_case *c)
{
    kith_nonlinear_options o = KITH_NONLINEAR_OPTIONS_INIT;
    double number;

    test_local_golden(c, "seed", &number, 1);
    const int64_t seed = (int64_t)number;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.epsilon = 0;
    kith_cluster *cluster = diffuse(c->graph, &o);
    test_expect_golden_sweep(c, "nonlinear", cluster);
    kith_cluster_free(cluster);
    o.query.round = KITH_ROUND_SUPPORT;
    cluster = diffuse(c->graph, &o);
    test_expect_golden_scores(c, "nonlinear", false, cluster, 1e-9);
    kith_cluster_free(cluster);
}

static void agrees_with_dense_algebra(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", gives_the_golden_vector) > 20);
}

static void refuses_options_out_of_range(void **state)
{
    const int64_t seed = 0;
    kith_graph *graph = test_path(4);
    kith_nonlinear_options o = from(&seed, 1);
    kith_cluster *cluster = NULL;
    kith_error err;

    (void)state;
    o.power = 0;
    assert_kith_fails(kith_nonlinear(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "power is 0 (expected 0.01 to 100)", err);
    o = from(&seed, 1);
    o.step = 2;
    assert_kith_fails(kith_nonlinear(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "step is 2 (expected 1e-09 to 1)", err);
    assert_null(cluster);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_published_vector_of_zachary),
        cmocka_unit_test(takes_the_steps_of_its_definition),
        cmocka_unit_test(gives_the_last_whole_step_when_time_runs_out),
        cmocka_unit_test(agrees_with_dense_algebra),
        cmocka_unit_test(refuses_options_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
