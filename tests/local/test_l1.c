/* l1-regularised PageRank: the published example, its optimality conditions, an exact solution. */
#include "support/clusters.h"

static kith_cluster *l1(const kith_graph *graph, const kith_l1_options *options)
{
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    assert_kith(kith_l1(graph, options, &cluster, &err), err);
    return cluster;
}

static kith_l1_options whole_support(const int64_t *seeds, int64_t count)
{
    kith_l1_options o = KITH_L1_OPTIONS_INIT;

    o.query.seeds = (kith_nodes){ seeds, count };
    o.query.round = KITH_ROUND_SUPPORT;
    return o;
}

static void finds_the_published_vector_of_zachary(void **state)
{
    static const int64_t support[] = { 0, 4, 5, 6, 7, 10, 11, 12, 17, 19, 21 };
    static const double p[] = { 0.235243, 0.004499, 0.001890, 0.001890, 0.000432, 0.004499,
                                0.008259, 0.005650, 0.005650, 0.003041, 0.005650 };
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_l1_options o = whole_support(&seed, 1);
    double mass[34];

    (void)state;
    o.rho = 1e-2;
    o.tolerance = 1e-10;
    kith_cluster *cluster = l1(karate, &o);
    assert_true(kith_cluster_converged(cluster));
    assert_int_equal(kith_cluster_size(cluster), 11);
    test_masses(karate, cluster, mass);
    for (int i = 0; i < 11; i++) assert_near(mass[support[i]], p[i], 5e-7);
    assert_near(test_figure(cluster, "mass"), 0.27670196, 5e-9);
    assert_true(test_figure(cluster, "kkt") <= 1e-10 * o.rho * o.alpha);
    kith_cluster_free(cluster);
    kith_graph_free(karate);
}

static void sweeps_the_published_cluster_of_zachary(void **state)
{
    static const int64_t set[] = { 0, 4, 5, 6, 10, 11, 12, 17, 19, 21 };
    double score[34];
    const int64_t seed = 0;
    kith_graph *karate = test_karate();
    kith_l1_options o = KITH_L1_OPTIONS_INIT;

    (void)state;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.rho = 1e-2;
    kith_cluster *cluster = l1(karate, &o);
    assert_int_equal(kith_cluster_size(cluster), 10);
    assert_near(kith_cluster_conductance(cluster), 0.35, 1e-12);
    test_scores(karate, cluster, score);
    for (int i = 0; i < 10; i++) assert_true(score[set[i]] > 0);
    kith_cluster_free(cluster);
    kith_graph_free(karate);
}

/* What is minimised, D^1/2 away from the paper's: x = p / d, the price, and the seeds' share. */
typedef struct {
    int64_t n;
    double a[64][64]; /* a loop twice */
    double d[64], s[64];
    double alpha, price;
} problem;

static problem problem_of(const kith_graph *graph, const kith_l1_options *o)
{
    problem q = { .n = kith_graph_nodes(graph), .alpha = o->alpha, .price = o->rho * o->alpha };

    for (int64_t v = 0; v < q.n; v++)
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            q.a[v][u] = kith_graph_weight(graph, e) * (u == v ? 2 : 1);
            q.d[v] += q.a[v][u];
        }
    for (int64_t i = 0; i < o->query.seeds.count; i++)
        q.s[o->query.seeds.ids[i]] = 1 / (double)o->query.seeds.count;
    return q;
}

/* The gradient over D^1/2, by its definition. */
static double gradient(const problem *q, const double *x, int64_t v)
{
    double sum = 0;

    for (int64_t u = 0; u < q->n; u++) sum += q->a[v][u] * x[u];
    return (1 + q->alpha) / 2 * x[v] - (1 - q->alpha) / 2 * sum / q->d[v] -
           q->alpha * q->s[v] / q->d[v];
}

static double objective(const problem *q, const double *x)
{
    double value = 0;

    for (int64_t v = 0; v < q->n; v++) {
        if (q->d[v] == 0) continue;
        const double linear = -q->alpha * q->s[v] / q->d[v];
        value += q->d[v] * x[v] * ((gradient(q, x, v) - linear) / 2 + linear + q->price);
    }
    return value;
}

/* One coordinate after the other to its best value, until nothing moves. */
static void solve(const problem *q, double *x)
{
    memset(x, 0, 64 * sizeof *x);
    for (int round = 0; round < 20000; round++) {
        bool moved = false;
        for (int64_t v = 0; v < q->n; v++) {
            if (q->d[v] == 0) continue;
            const double curvature = (1 + q->alpha) / 2 - (1 - q->alpha) / 2 * q->a[v][v] / q->d[v];
            const double best = fmax(0, x[v] - (gradient(q, x, v) + q->price) / curvature);
            moved |= fabs(best - x[v]) > 1e-15 * best;
            x[v] = best;
        }
        if (!moved) return;
    }
}

/* Scores against the exact ones, and the certificate against its definitions. */
static void check(const problem *q, const kith_graph *graph, const kith_cluster *cluster)
{
    double exact[64], x[64], worst = 0, mass = 0;

    solve(q, exact);
    test_scores(graph, cluster, x);
    for (int64_t v = 0; v < q->n; v++) {
        if (q->d[v] == 0) continue;
        const double slope = gradient(q, x, v) + q->price;
        worst = fmax(worst, x[v] > 0 ? fabs(slope) : fmax(0, -slope));
        mass += q->d[v] * x[v];
        assert_true(fabs(x[v] - exact[v]) <= test_figure(cluster, "kkt") / q->alpha + 1e-13);
    }
    assert_near(test_figure(cluster, "kkt"), worst, 1e-14);
    assert_near(test_figure(cluster, "mass"), mass, 1e-12);
    assert_true(objective(q, x) - objective(q, exact) <= test_figure(cluster, "gap") + 1e-13);
}

static void comes_as_near_to_the_exact_solution_as_it_says(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 60; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.1, .weighted = i & 1, .loops = i & 2, .seed = i
        };
        kith_graph *graph = test_random_graph(&what);
        const int64_t first = test_seed(graph, (int64_t)(i % 40));
        const int64_t seeds[] = { first, test_seed(graph, (first + 1) % 40) };
        kith_l1_options o = whole_support(seeds, 1 + (i / 4) % 2);
        o.alpha = 0.02 + 0.04 * (double)(i % 20);
        o.rho = pow(10, -1.5 - (double)(i % 7) / 2);
        o.tolerance = i % 3 ? 1e-2 : 1e-9;
        kith_cluster *cluster = l1(graph, &o);
        const problem q = problem_of(graph, &o);
        assert_true(kith_cluster_converged(cluster));
        assert_true(test_figure(cluster, "kkt") <= o.tolerance * q.price + 1e-14);
        if (o.tolerance < 1e-8) assert_true(kith_cluster_volume(cluster) <= 1 / o.rho);
        check(&q, graph, cluster);
        kith_cluster_free(cluster);
        kith_graph_free(graph);
    }
}

static void gives_the_last_whole_step_when_it_must_end_early(void **state)
{
    const int64_t seed = 5;
    const test_random what = { .nodes = 60, .density = 0.1, .weighted = true, .seed = 3 };
    kith_graph *graph = test_random_graph(&what);
    kith_l1_options o = whole_support(&seed, 1);
    int64_t polls = 4;

    (void)state;
    o.alpha = 1e-3;
    o.iterations = 3;
    kith_cluster *cluster = l1(graph, &o);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_ITERATIONS);
    assert_int_equal(kith_cluster_iterations(cluster), 3);
    problem q = problem_of(graph, &o);
    check(&q, graph, cluster);
    kith_cluster_free(cluster);

    o.iterations = 10000;
    test_run_out_of_time(&o.query.run, &polls);
    cluster = l1(graph, &o);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_TIME);
    assert_true(kith_cluster_iterations(cluster) < 10);
    check(&q, graph, cluster);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

static void gives_nothing_when_the_seeds_cost_more_than_they_hold(void **state)
{
    const int64_t seed = 0;
    kith_graph *star = test_star(10);
    kith_l1_options o = whole_support(&seed, 1);

    (void)state;
    o.rho = 0.1; /* alpha s / d = rho alpha at the centre */
    kith_cluster *cluster = l1(star, &o);
    assert_int_equal(kith_cluster_size(cluster), 0);
    assert_true(kith_cluster_converged(cluster));
    assert_true(test_figure(cluster, "kkt") <= 1e-17);
    kith_cluster_free(cluster);
    kith_graph_free(star);
}

static void gives_the_golden_vector(const test_case *c)
{
    kith_l1_options o = KITH_L1_OPTIONS_INIT;
    double number;

    test_local_golden(c, "seed", &number, 1);
    const int64_t seed = (int64_t)number;
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.rho = 0.002;
    o.tolerance = 1e-11;
    kith_cluster *cluster = l1(c->graph, &o);
    test_expect_golden_sweep(c, "l1", cluster);
    kith_cluster_free(cluster);
    o.query.round = KITH_ROUND_SUPPORT;
    cluster = l1(c->graph, &o);
    test_expect_golden_scores(c, "l1", true, cluster, 1e-9);
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
    kith_l1_options o = whole_support(&seed, 1);
    kith_cluster *cluster = NULL;
    kith_error err;

    (void)state;
    o.rho = 0;
    assert_kith_fails(kith_l1(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "rho is 0 (expected 1e-15 to 1)", err);
    o.rho = 0.1;
    o.iterations = 0;
    assert_kith_fails(kith_l1(graph, &o, &cluster, &err), KITH_E_ARGUMENT,
                      "iterations is 0 (expected at least 1)", err);
    assert_null(cluster);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_published_vector_of_zachary),
        cmocka_unit_test(sweeps_the_published_cluster_of_zachary),
        cmocka_unit_test(comes_as_near_to_the_exact_solution_as_it_says),
        cmocka_unit_test(gives_the_last_whole_step_when_it_must_end_early),
        cmocka_unit_test(gives_nothing_when_the_seeds_cost_more_than_they_hold),
        cmocka_unit_test(agrees_with_dense_algebra),
        cmocka_unit_test(refuses_options_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
