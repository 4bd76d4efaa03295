/* Improvement of a set in the whole graph: the published rounds, every set of small graphs. */
#include "support/subsets.h"

#include <stdlib.h>

enum { ALL = 100 };

static kith_cluster *flow_improve(const kith_graph *graph, kith_nodes R, double delta,
                                  int64_t rounds)
{
    kith_flow_improve_options o = KITH_FLOW_IMPROVE_OPTIONS_INIT;
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    o.query.seeds = R;
    o.delta = delta;
    o.max_iterations = rounds;
    assert_kith(kith_flow_improve(graph, &o, &cluster, &err), err);
    return cluster;
}

/* A round as published; nodes 0: not given. */
typedef struct {
    double  score;
    int64_t nodes;
} published;

static void assert_rounds(const kith_graph *graph, kith_nodes R, const published *rounds,
                          int64_t count, const int64_t *best)
{
    for (int64_t i = 0; i <= count; i++) { /* the last one improves nothing */
        const published *p = &rounds[i < count ? i : count - 1];
        kith_cluster *cluster = flow_improve(graph, R, 0, i + 1);
        assert_near(test_figure(cluster, "score"), p->score, 5e-7);
        if (p->nodes) assert_int_equal(kith_cluster_size(cluster), p->nodes);
        assert_int_equal(kith_cluster_converged(cluster), i == count);
        if (i >= count - 1)
            assert_memory_equal(kith_cluster_nodes(cluster), best, (size_t)p->nodes * sizeof *best);
        kith_cluster_free(cluster);
    }
}

static void improves_the_sets_in_zachary_in_the_published_rounds(void **state)
{
    const int64_t large[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    const int64_t best_of_large[] = { 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16, 17, 19, 21 };
    const published rounds_of_large[] = { { 0.160276, 18 }, { 0.157155, 17 } };
    const int64_t small[] = { 0, 1, 2, 3 };
    const int64_t best_of_small[] = { 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 16, 17, 19, 21 };
    const published rounds_of_small[] = { { 0.409045, 0 }, { 0.350610, 16 } };
    kith_graph *karate = test_karate();

    (void)state;
    assert_rounds(karate, (kith_nodes){ large, 17 }, rounds_of_large, 2, best_of_large);
    assert_rounds(karate, (kith_nodes){ small, 4 }, rounds_of_small, 2, best_of_small);
    kith_graph_free(karate);
}

static void no_set_of_a_small_graph_is_better(void **state)
{
    static const double deltas[] = { 0, 0, 0.1, 1, 5 };

    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        const test_random what = { .nodes = 5 + (int64_t)(i % 8),
                                   .density = 0.2 + 0.05 * (double)(i % 5),
                                   .weighted = i & 1,
                                   .loops = i & 2,
                                   .seed = 300 + i };
        kith_graph *graph = test_random_graph(&what);
        int64_t R[16];
        const int64_t size = kith_graph_entries(graph) ? test_random_set(graph, i, R) : 0;
        if (size) {
            const double delta = deltas[i % 5];
            kith_cluster *cluster = flow_improve(graph, (kith_nodes){ R, size }, delta, ALL);
            test_assert_best(graph, (kith_nodes){ R, size }, delta, cluster);
            kith_cluster_free(cluster);
        }
        kith_graph_free(graph);
    }
}

static void takes_the_golden_rounds(const test_case *c)
{
    static const char *const keys[] = { "flow-improve-0", "flow-improve-0.25", "flow-improve-1" };
    int64_t nodes[512];
    double scores[64];
    const kith_nodes R = test_golden_set(c, nodes);

    for (int k = 0; k < 3; k++) {
        const double delta = atof(strrchr(keys[k], '-') + 1);
        const int64_t rounds = test_local_golden(c, keys[k], scores, 64);
        for (int64_t i = 1; i < rounds; i++) {
            kith_cluster *cluster = flow_improve(c->graph, R, delta, i);
            assert_near(test_figure(cluster, "score"), scores[i], 1e-9);
            kith_cluster_free(cluster);
        }
        kith_cluster *cluster = flow_improve(c->graph, R, delta, ALL);
        test_expect_golden_set(c, keys[k], cluster);
        kith_cluster_free(cluster);
    }
}

static void agrees_with_exact_arithmetic(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", takes_the_golden_rounds) > 20);
}

static void completes_a_clique_and_drops_what_is_not_of_it(void **state)
{
    kith_graph *ring = test_cliques(12, 8, true);
    const int64_t R[] = { 16, 17, 18, 19, 20, 40, 41 };

    (void)state;
    kith_cluster *cluster = flow_improve(ring, (kith_nodes){ R, 7 }, 0.5, ALL);
    assert_int_equal(kith_cluster_size(cluster), 8);
    assert_int_equal(kith_cluster_nodes(cluster)[0], 16);
    assert_int_equal(kith_cluster_nodes(cluster)[7], 23);
    assert_near(kith_cluster_cut(cluster), 2, 0);
    kith_cluster_free(cluster);
    kith_graph_free(ring);
}

static void the_whole_of_a_graph_stays_as_it_is(void **state)
{
    kith_graph *ring = test_ring(9);
    const int64_t R[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };

    (void)state;
    kith_cluster *cluster = flow_improve(ring, (kith_nodes){ R, 9 }, 0, ALL);
    assert_int_equal(kith_cluster_size(cluster), 9);
    assert_int_equal(kith_cluster_iterations(cluster), 0);
    kith_cluster_free(cluster);
    kith_graph_free(ring);
}

/* Half of every clique in a part of a large ring. */
static kith_graph *large_task(int64_t R[1200])
{
    for (int64_t i = 0; i < 1200; i++) R[i] = i / 6 * 12 + i % 6;
    return test_cliques(3000, 12, true);
}

static int count_down(const kith_progress *progress, void *payload)
{
    (void)progress;
    return --*(int64_t *)payload == 0;
}

static void a_long_flow_can_be_cancelled_at_any_poll(void **state)
{
    int64_t R[1200];
    kith_graph *graph = large_task(R);
    kith_flow_improve_options o = KITH_FLOW_IMPROVE_OPTIONS_INIT;
    kith_cluster *cluster = NULL;

    (void)state;
    o.query.seeds = (kith_nodes){ R, 1200 };
    o.query.run.progress = count_down;
    o.query.run.interval = 0;
    for (int64_t last = 1; last <= 5; last++) {
        int64_t polls = last;
        o.query.run.payload = &polls;
        assert_int_equal(kith_flow_improve(graph, &o, &cluster, NULL), KITH_E_CANCELLED);
        assert_int_equal(polls, 0);
        assert_null(cluster);
    }
    kith_graph_free(graph);
}

static void a_time_limit_gives_the_best_set_so_far(void **state)
{
    int64_t R[1200];
    kith_graph *graph = large_task(R);
    int64_t polls = 2;
    kith_flow_improve_options o = KITH_FLOW_IMPROVE_OPTIONS_INIT;
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    (void)state;
    o.query.seeds = (kith_nodes){ R, 1200 };
    test_run_out_of_time(&o.query.run, &polls);
    assert_kith(kith_flow_improve(graph, &o, &cluster, &err), err);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_TIME);
    assert_false(kith_cluster_converged(cluster));
    assert_true(test_figure(cluster, "score") <= 6.0 * 6 / (6 * 11));
    assert_near(test_conductance(graph, cluster), kith_cluster_conductance(cluster), 1e-12);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(improves_the_sets_in_zachary_in_the_published_rounds),
        cmocka_unit_test(no_set_of_a_small_graph_is_better),
        cmocka_unit_test(agrees_with_exact_arithmetic),
        cmocka_unit_test(completes_a_clique_and_drops_what_is_not_of_it),
        cmocka_unit_test(the_whole_of_a_graph_stays_as_it_is),
        cmocka_unit_test(a_long_flow_can_be_cancelled_at_any_poll),
        cmocka_unit_test(a_time_limit_gives_the_best_set_so_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
