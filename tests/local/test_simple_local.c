/* Local improvement of a set: the published rounds, every set of small graphs, how far it looks. */
#include "support/subsets.h"

#include <stdlib.h>

enum { ALL = 100 };

static kith_cluster *simple_local(const kith_graph *graph, kith_nodes R, double delta,
                                  int64_t rounds)
{
    kith_simple_local_options o = KITH_SIMPLE_LOCAL_OPTIONS_INIT;
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    o.query.seeds = R;
    o.delta = delta;
    o.max_iterations = rounds;
    assert_kith(kith_simple_local(graph, &o, &cluster, &err), err);
    return cluster;
}

static void assert_rounds(const kith_graph *graph, kith_nodes R, double delta,
                          const double scores[2], const int64_t *best, int64_t size)
{
    for (int64_t rounds = 1; rounds <= 3; rounds++) { /* the third improves nothing */
        kith_cluster *cluster = simple_local(graph, R, delta, rounds);
        assert_near(test_figure(cluster, "score"), scores[rounds == 1 ? 0 : 1], 5e-7);
        assert_int_equal(kith_cluster_converged(cluster), rounds == 3);
        if (rounds > 1) {
            assert_int_equal(kith_cluster_size(cluster), size);
            assert_memory_equal(kith_cluster_nodes(cluster), best, (size_t)size * sizeof *best);
        }
        kith_cluster_free(cluster);
    }
}

static void improves_the_sets_in_zachary_in_the_published_rounds(void **state)
{
    const int64_t large[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    const int64_t near[] = { 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16, 17, 19, 21 };
    const int64_t nearer[] = { 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16, 17, 21 };
    const int64_t small[] = { 0, 1, 2, 3 };
    const int64_t of_small[] = { 0, 1, 2, 3, 7, 11, 12, 13, 17, 19, 21 };
    kith_graph *karate = test_karate();
    const kith_nodes R = { large, 17 };

    (void)state;
    assert_rounds(karate, R, 0.3, (double[]){ 0.169997, 0.162518 }, near, 17);
    assert_rounds(karate, R, 1, (double[]){ 0.177019, 0.175189 }, nearer, 16);
    assert_rounds(karate, (kith_nodes){ small, 4 }, 0.3, (double[]){ 0.491873, 0.490779 }, of_small,
                  11);
    kith_graph_free(karate);
}

static void no_set_of_a_small_graph_is_better(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        const test_random what = { .nodes = 5 + (int64_t)(i % 8),
                                   .density = 0.2 + 0.05 * (double)(i % 5),
                                   .weighted = i & 1,
                                   .loops = i & 2,
                                   .seed = 700 + i };
        kith_graph *graph = test_random_graph(&what);
        int64_t R[16];
        const int64_t size = kith_graph_entries(graph) ? test_random_set(graph, i, R) : 0;
        if (size) {
            const double delta = 0.05 * (double)(1 + i % 20);
            kith_cluster *cluster = simple_local(graph, (kith_nodes){ R, size }, delta, ALL);
            test_assert_best(graph, (kith_nodes){ R, size }, delta, cluster);
            kith_cluster_free(cluster);
        }
        kith_graph_free(graph);
    }
}

static void takes_the_golden_rounds(const test_case *c)
{
    static const char *const keys[] = { "flow-improve-0.25", "flow-improve-1" };
    int64_t nodes[512];
    double scores[64];
    const kith_nodes R = test_golden_set(c, nodes);

    for (int k = 0; k < 2; k++) {
        const double delta = atof(strrchr(keys[k], '-') + 1);
        const int64_t rounds = test_local_golden(c, keys[k], scores, 64);
        for (int64_t i = 1; i < rounds; i++) {
            kith_cluster *cluster = simple_local(c->graph, R, delta, i);
            assert_near(test_figure(cluster, "score"), scores[i], 1e-9);
            kith_cluster_free(cluster);
        }
        kith_cluster *cluster = simple_local(c->graph, R, delta, ALL);
        test_expect_golden_set(c, keys[k], cluster);
        kith_cluster_free(cluster);
    }
}

static void agrees_with_exact_arithmetic(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", takes_the_golden_rounds) > 20);
}

static void reads_no_more_than_the_bound(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 30; i++) {
        const test_random what = { .nodes = 400, .density = 0.02, .seed = i };
        kith_graph *graph = test_random_graph(&what);
        const double total = (double)kith_graph_entries(graph);
        const double delta = 0.1 * (double)(1 + i % 10);
        double *strength = calloc(400, sizeof *strength), volume = 0;
        int64_t R[400], size = test_random_set(graph, i, R) / 8 + 1;
        assert_int_equal(kith_graph_strengths(graph, NULL, strength, NULL, NULL), KITH_OK);
        for (int64_t k = 0; k < size; k++) volume += strength[R[k]];
        kith_cluster *cluster = simple_local(graph, (kith_nodes){ R, size }, delta, ALL);
        const double theta = volume / (total - volume);
        assert_true((double)kith_cluster_touched_edges(cluster) <=
                    volume * (1 + 1 / (theta + delta)) * (1 + 1e-6));
        kith_cluster_free(cluster);
        kith_graph_free(graph);
        free(strength);
    }
}

static void touches_as_much_of_a_large_graph_as_of_a_small_one(void **state)
{
    int64_t touched[2];

    (void)state;
    for (int large = 0; large < 2; large++) {
        kith_graph *ring = test_cliques(large ? 4000 : 80, 12, true);
        int64_t R[10];
        for (int64_t i = 0; i < 10; i++) R[i] = 244 + i; /* 8 nodes of a clique, 2 of the next */
        kith_cluster *cluster = simple_local(ring, (kith_nodes){ R, 10 }, 0.3, ALL);
        assert_int_equal(kith_cluster_size(cluster), 12);
        assert_int_equal(kith_cluster_nodes(cluster)[0], 240);
        touched[large] = kith_cluster_touched_edges(cluster);
        kith_cluster_free(cluster);
        kith_graph_free(ring);
    }
    assert_int_equal(touched[0], touched[1]);
}

static void with_a_large_delta_it_finds_what_mqi_finds(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        const test_random what = {
            .nodes = 80, .density = 0.08, .weighted = i & 1, .seed = 40 + i
        };
        kith_graph *graph = test_random_graph(&what);
        kith_mqi_options o = KITH_MQI_OPTIONS_INIT;
        kith_cluster *inside = NULL;
        int64_t R[80];
        o.query.seeds = (kith_nodes){ R, test_random_set(graph, i, R) };
        assert_int_equal(kith_mqi(graph, &o, &inside, NULL), KITH_OK);
        kith_cluster *cluster = simple_local(graph, o.query.seeds, 1e6, ALL);
        assert_int_equal(kith_cluster_size(cluster), kith_cluster_size(inside));
        assert_memory_equal(kith_cluster_nodes(cluster), kith_cluster_nodes(inside),
                            (size_t)kith_cluster_size(inside) * sizeof(int64_t));
        kith_cluster_free(cluster);
        kith_cluster_free(inside);
        kith_graph_free(graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(improves_the_sets_in_zachary_in_the_published_rounds),
        cmocka_unit_test(no_set_of_a_small_graph_is_better),
        cmocka_unit_test(agrees_with_exact_arithmetic),
        cmocka_unit_test(reads_no_more_than_the_bound),
        cmocka_unit_test(touches_as_much_of_a_large_graph_as_of_a_small_one),
        cmocka_unit_test(with_a_large_delta_it_finds_what_mqi_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
