/* Heat kernel PageRank: the published examples, its bounds against the exact vector, its limit. */
#include "support/clusters.h"

#include "local/taylor.h"

static kith_cluster *heat(const kith_graph *graph, const kith_heat_kernel_options *options)
{
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    assert_kith(kith_heat_kernel(graph, options, &cluster, &err), err);
    return cluster;
}

static kith_heat_kernel_options from(const int64_t *seeds, int64_t count, double t, double epsilon)
{
    kith_heat_kernel_options o = KITH_HEAT_KERNEL_OPTIONS_INIT;

    o.query.seeds = (kith_nodes){ seeds, count };
    o.t = t;
    o.epsilon = epsilon;
    return o;
}

static void cuts_the_series_where_the_paper_does(void **state)
{
    kith_i_taylor s = { 0 };
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_taylor_make(5, 1e-4, &s, &err), err);
    assert_int_equal(s.degree, 15);
    assert_near(s.tail[0] * exp(5), 148.40291737, 5e-9);    /* psi_0 */
    assert_near(s.tail[1] * exp(5) / 5, 29.48058347, 5e-9); /* psi_1 */
    kith_i_taylor_clear(&s);
    assert_kith(kith_i_taylor_make(3, 1e-3, &s, &err), err);
    assert_int_equal(s.degree, 10);
    kith_i_taylor_clear(&s);
}

static void leaves_out_no_more_of_the_series_than_asked(void **state)
{
    static const double times[] = { 1e-9, 0.1, 1, 5, 80, 333, KITH_I_TAYLOR_MOST };
    static const double limits[] = { 1, 0.3, 1e-4, 1e-15, 1e-300 };

    (void)state;
    for (int i = 0; i < 7; i++)
        for (int k = 0; k < 5; k++) {
            kith_i_taylor s = { 0 };
            kith_error err = { 0 };
            assert_kith(kith_i_taylor_make(times[i], limits[k], &s, &err), err);
            assert_true(s.rest <= limits[k]);
            if (s.degree > 1) assert_true(s.rest + s.weight[s.degree] > limits[k]);
            assert_near(s.tail[0] + s.rest, 1, 1e-12);
            for (int64_t j = 0; j <= s.degree; j += 1 + s.degree / 7) /* a Poisson distribution */
                assert_near(s.weight[j],
                            exp((double)j * log(times[i]) - times[i] - lgamma((double)j + 1)),
                            1e-12 * fmax(1, times[i]) * s.weight[j] + 1e-290);
            kith_i_taylor_clear(&s);
        }
}

static void finds_the_published_vector_of_zachary(void **state)
{
    static const double x[] = { 0.159520, 0.078456, 0.065646, 0.054671, 0.034866, 0.045443 };
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_heat_kernel_options o = from(&seed, 1, 5, 1e-4);
    double mass[34];

    (void)state;
    kith_cluster *cluster = heat(karate, &o);
    assert_int_equal(kith_cluster_size(cluster), 16);
    assert_near(kith_cluster_cut(cluster), 10, 1e-12);
    assert_near(kith_cluster_volume(cluster), 76, 1e-12);
    assert_near(kith_cluster_conductance(cluster), 0.131579, 5e-7);
    assert_near(test_figure(cluster, "visits"), 1929, 0);
    assert_near(test_figure(cluster, "terms"), 15, 0);
    test_masses(karate, cluster, mass);
    for (int64_t v = 0; v < 6; v++) assert_near(mass[v], x[v], 5e-7);
    assert_near(mass[8], 0, 0);
    kith_cluster_free(cluster);

    o = from(&seed, 1, 3, 1e-3);
    cluster = heat(karate, &o);
    assert_int_equal(kith_cluster_size(cluster), 16);
    assert_near(kith_cluster_conductance(cluster), 0.131579, 5e-7);
    assert_near(test_figure(cluster, "visits"), 1025, 0);
    assert_near(test_figure(cluster, "terms"), 10, 0);
    kith_cluster_free(cluster);
    kith_graph_free(karate);
}

static void approaches_the_exact_vector_of_the_barbell(void **state)
{
    static const double exact[] = { 0.459436, 0.236306, 0.256181, 0.038931, 0.004573, 0.004573 };
    const int64_t pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 },
                                 { 3, 4 }, { 3, 5 }, { 4, 5 } };
    const int64_t seed = 0;
    kith_graph *barbell = test_graph(6, 7, pairs, NULL);
    kith_heat_kernel_options o = from(&seed, 1, 1, 1e-10);
    double mass[6];

    (void)state;
    o.query.round = KITH_ROUND_SUPPORT;
    kith_cluster *cluster = heat(barbell, &o);
    test_masses(barbell, cluster, mass);
    for (int64_t v = 0; v < 6; v++) assert_near(mass[v], exact[v], 5e-7 + 1e-9);
    kith_cluster_free(cluster);
    kith_graph_free(barbell);
}

/* h from the series itself, walk after walk. */
static void exact_heat(const kith_graph *graph, const kith_nodes *seeds, double t, double *h)
{
    const int64_t n = kith_graph_nodes(graph);
    double strength[64], walk[64] = { 0 }, next[64];

    assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
    memset(h, 0, (size_t)n * sizeof *h);
    for (int64_t i = 0; i < seeds->count; i++) walk[seeds->ids[i]] = 1 / (double)seeds->count;
    for (int k = 0; k < 400; k++) {
        const double weight = exp(k * log(t) - t - lgamma(k + 1.0));
        memset(next, 0, sizeof next);
        for (int64_t v = 0; v < n; v++) {
            h[v] += weight * walk[v];
            for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1];
                 e++) {
                const int64_t u = kith_graph_targets(graph)[e];
                next[u] += walk[v] * kith_graph_weight(graph, e) * (u == v ? 2 : 1) / strength[v];
            }
        }
        memcpy(walk, next, sizeof walk);
    }
}

static void misses_of_zachary_what_is_published(void **state)
{
    static const double published[] = { 0.159600, 0.078499, 0.065691,
                                        0.054700, 0.034883, 0.045466 };
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_heat_kernel_options o = from(&seed, 1, 5, 1e-4);
    double exact[34], mass[34], strength[34], worst = 0;

    (void)state;
    o.query.round = KITH_ROUND_SUPPORT;
    kith_cluster *cluster = heat(karate, &o);
    assert_int_equal(kith_graph_strengths(karate, NULL, strength, NULL, NULL), KITH_OK);
    exact_heat(karate, &o.query.seeds, o.t, exact);
    test_masses(karate, cluster, mass);
    for (int64_t v = 0; v < 6; v++) assert_near(exact[v], published[v], 5e-7);
    for (int64_t v = 0; v < 34; v++) worst = fmax(worst, (exact[v] - mass[v]) / strength[v]);
    assert_near(worst, 5.8e-6, 5e-8);
    kith_cluster_free(cluster);
    kith_graph_free(karate);
}

/* x <= h, and nowhere less by more than the figure says. */
static void check(const kith_graph *graph, const kith_heat_kernel_options *o,
                  const kith_cluster *cluster)
{
    double exact[64], mass[64], strength[64], sum = 0;

    assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
    exact_heat(graph, &o->query.seeds, o->t, exact);
    test_masses(graph, cluster, mass);
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++) {
        const double missing = exact[v] - mass[v];
        assert_true(missing >= -1e-12);
        assert_true(missing <= test_figure(cluster, "error") * strength[v] + 1e-12);
        sum += mass[v];
    }
    assert_near(test_figure(cluster, "mass"), sum, 1e-12);
    assert_true(sum <= 1 + 1e-12);
}

static void misses_no_more_of_the_exact_vector_than_it_says(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 60; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.1, .weighted = i & 1, .loops = i & 2, .seed = i
        };
        kith_graph *graph = test_random_graph(&what);
        const int64_t first = test_seed(graph, (int64_t)(i % 40));
        const int64_t seeds[] = { first, test_seed(graph, (first + 1) % 40) };
        kith_heat_kernel_options o =
            from(seeds, 1 + (i / 4) % 2, 0.5 + (double)(i % 15), pow(10, -1 - (double)(i % 9) / 2));
        o.query.round = KITH_ROUND_SUPPORT;
        kith_cluster *cluster = heat(graph, &o);
        assert_true(kith_cluster_converged(cluster));
        /* epsilon for what stays behind, and epsilon s / d for the rest of the series */
        assert_true(test_figure(cluster, "error") <= 5 * o.epsilon);
        check(graph, &o, cluster);
        kith_cluster_free(cluster);
        kith_graph_free(graph);
    }
}

static void heat_that_flows_for_long_is_spread_by_degree(void **state)
{
    static const double times[] = { 80, 200, KITH_I_TAYLOR_MOST };
    const int64_t seed = 33;
    kith_graph *karate = test_karate();

    (void)state;
    for (int i = 0; i < 3; i++) {
        kith_heat_kernel_options o = from(&seed, 1, times[i], 1e-12);
        o.query.round = KITH_ROUND_SUPPORT;
        kith_cluster *cluster = heat(karate, &o);
        assert_int_equal(kith_cluster_size(cluster), 34);
        for (int64_t v = 0; v < 34; v++) /* e^(-lambda t) is 1e-4 at 80, nothing at 200 */
            assert_near(kith_cluster_scores(cluster)[v], 1.0 / 156, i == 0 ? 1e-5 : 1e-10);
        kith_cluster_free(cluster);
    }
    kith_graph_free(karate);
}

static void without_a_time_gives_the_best_of_four(void **state)
{
    static const double t[] = { 10, 20, 40, 80 }, epsilon[] = { 1e-4, 1e-3, 5e-3, 1e-2 };

    (void)state;
    for (int64_t seed = 0; seed < 34; seed++) {
        kith_graph *karate = test_karate();
        kith_heat_kernel_options o = from(&seed, 1, 0, 0);
        kith_cluster *grown = heat(karate, &o), *best = NULL;
        double visits = 0;
        for (int i = 0; i < 4; i++) {
            o = from(&seed, 1, t[i], epsilon[i]);
            kith_cluster *cluster = heat(karate, &o);
            visits += test_figure(cluster, "visits");
            if (!best || kith_cluster_conductance(cluster) < kith_cluster_conductance(best)) {
                kith_cluster_free(best);
                best = cluster;
            } else {
                kith_cluster_free(cluster);
            }
        }
        assert_int_equal(kith_cluster_size(grown), kith_cluster_size(best));
        assert_near(kith_cluster_conductance(grown), kith_cluster_conductance(best), 0);
        assert_near(test_figure(grown, "t"), test_figure(best, "t"), 0);
        assert_near(test_figure(grown, "epsilon"), test_figure(best, "epsilon"), 0);
        assert_near(test_figure(grown, "error"), test_figure(best, "error"), 1e-15);
        assert_near(test_figure(grown, "visits"), visits, 0);
        kith_cluster_free(grown);
        kith_cluster_free(best);
        kith_graph_free(karate);
    }
}

static void may_begin_at_the_neighbours_too(void **state)
{
    const int64_t seed = 5, closed[] = { 0, 5, 6, 10, 16 };
    kith_graph *karate = test_karate();
    kith_heat_kernel_options o = from(&seed, 1, 4, 1e-5);
    double x[34], y[34];

    (void)state;
    o.query.round = KITH_ROUND_SUPPORT;
    o.neighbourhood = true;
    kith_cluster *cluster = heat(karate, &o);
    test_masses(karate, cluster, x);
    kith_cluster_free(cluster);
    o = from(closed, 5, 4, 1e-5);
    o.query.round = KITH_ROUND_SUPPORT;
    cluster = heat(karate, &o);
    test_masses(karate, cluster, y);
    kith_cluster_free(cluster);
    for (int64_t v = 0; v < 34; v++) assert_near(x[v], y[v], 1e-15);
    kith_graph_free(karate);
}

static void says_what_is_missing_when_time_runs_out(void **state)
{
    const int64_t seed = 7;
    const test_random what = { .nodes = 60, .density = 0.5, .seed = 3 };
    kith_graph *graph = test_random_graph(&what);
    kith_heat_kernel_options o = from(&seed, 1, 100, 1e-14);
    int64_t polls = 2;

    (void)state;
    o.query.round = KITH_ROUND_SUPPORT;
    test_run_out_of_time(&o.query.run, &polls);
    kith_cluster *cluster = heat(graph, &o);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_TIME);
    assert_true(test_figure(cluster, "mass") < 0.9);
    check(graph, &o, cluster);
    kith_cluster_free(cluster);

    o.t = 0; /* of the four times the last ones get no chance */
    o.epsilon = 1e-14;
    polls = 2;
    cluster = heat(graph, &o);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_TIME);
    assert_true(test_figure(cluster, "t") <= 20);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

static void gives_the_golden_vector(const test_case *c)
{
    kith_heat_kernel_options o = KITH_HEAT_KERNEL_OPTIONS_INIT;
    double number;

    test_local_golden(c, "seed", &number, 1);
    const int64_t seed = (int64_t)number;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.t = 5;
    o.epsilon = 1e-14;
    kith_cluster *cluster = heat(c->graph, &o);
    test_expect_golden_sweep(c, "heat-kernel", cluster);
    kith_cluster_free(cluster);
    o.query.round = KITH_ROUND_SUPPORT;
    cluster = heat(c->graph, &o);
    test_expect_golden_scores(c, "heat-kernel", true, cluster, 1e-9);
    kith_cluster_free(cluster);
}

static void agrees_with_dense_algebra(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", gives_the_golden_vector) > 20);
}

static void refuses_times_out_of_range(void **state)
{
    const int64_t seed = 0;
    kith_graph *graph = test_path(4);
    kith_heat_kernel_options o = from(&seed, 1, -1, 1e-4);
    kith_cluster *cluster = NULL;
    kith_error err;

    (void)state;
    assert_kith_fails(kith_heat_kernel(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "t is -1 (expected 0 to 700)", err);
    o = from(&seed, 1, 1, 2);
    assert_kith_fails(kith_heat_kernel(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "epsilon is 2 (expected 0 to 1)", err);
    assert_null(cluster);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_the_series_where_the_paper_does),
        cmocka_unit_test(leaves_out_no_more_of_the_series_than_asked),
        cmocka_unit_test(finds_the_published_vector_of_zachary),
        cmocka_unit_test(approaches_the_exact_vector_of_the_barbell),
        cmocka_unit_test(misses_of_zachary_what_is_published),
        cmocka_unit_test(misses_no_more_of_the_exact_vector_than_it_says),
        cmocka_unit_test(heat_that_flows_for_long_is_spread_by_degree),
        cmocka_unit_test(without_a_time_gives_the_best_of_four),
        cmocka_unit_test(may_begin_at_the_neighbours_too),
        cmocka_unit_test(says_what_is_missing_when_time_runs_out),
        cmocka_unit_test(agrees_with_dense_algebra),
        cmocka_unit_test(refuses_times_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
