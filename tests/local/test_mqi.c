/* The best part of a set: the published example, every subset of small sets, locality. */
#include "support/subsets.h"

enum { ALL = 100 };

static kith_cluster *mqi(const kith_graph *graph, kith_nodes R, int64_t rounds)
{
    kith_mqi_options o = KITH_MQI_OPTIONS_INIT;
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    o.query.seeds = R;
    o.max_iterations = rounds;
    assert_kith(kith_mqi(graph, &o, &cluster, &err), err);
    return cluster;
}

static void improves_the_set_in_zachary_as_published(void **state)
{
    const int64_t R[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    const int64_t best[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16 };
    kith_graph *karate = test_karate();

    (void)state;
    for (int64_t rounds = 1; rounds <= 2; rounds++) {
        kith_cluster *cluster = mqi(karate, (kith_nodes){ R, 17 }, rounds);
        assert_int_equal(kith_cluster_size(cluster), 15);
        assert_memory_equal(kith_cluster_nodes(cluster), best, sizeof best);
        assert_near(test_figure(cluster, "score"), 0.210526, 5e-7);
        assert_near(kith_cluster_cut(cluster), 16, 0);
        assert_near(kith_cluster_volume(cluster), 76, 0);
        assert_int_equal(kith_cluster_converged(cluster), rounds == 2);
        assert_int_equal(kith_cluster_stop(cluster),
                         rounds == 2 ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS);
        kith_cluster_free(cluster);
    }
    kith_graph_free(karate);
}

static void no_subset_of_a_small_set_is_better(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 120; i++) {
        const test_random what = { .nodes = 6 + (int64_t)(i % 8),
                                   .density = 0.15 + 0.05 * (double)(i % 5),
                                   .weighted = i & 1,
                                   .loops = i & 2,
                                   .seed = i };
        kith_graph *graph = test_random_graph(&what);
        int64_t R[16];
        const int64_t size = kith_graph_entries(graph) ? test_random_set(graph, i, R) : 0;
        if (size) {
            kith_cluster *cluster = mqi(graph, (kith_nodes){ R, size }, ALL);
            test_bits given = 0;
            for (int64_t k = 0; k < size; k++) given |= UINT32_C(1) << R[k];
            test_assert_best(graph, (kith_nodes){ R, size }, INFINITY, cluster);
            assert_int_equal(test_bits_of(cluster) & ~given, 0);
            kith_cluster_free(cluster);
        }
        kith_graph_free(graph);
    }
}

static void finds_the_golden_set(const test_case *c)
{
    int64_t nodes[512];
    kith_cluster *cluster = mqi(c->graph, test_golden_set(c, nodes), ALL);

    test_expect_golden_set(c, "mqi", cluster);
    kith_cluster_free(cluster);
}

static void agrees_with_exact_arithmetic(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", finds_the_golden_set) > 20);
}

static void the_score_falls_in_every_round(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        const test_random what = { .nodes = 200, .density = 0.03, .weighted = i & 1, .seed = i };
        kith_graph *graph = test_random_graph(&what);
        int64_t R[200];
        const int64_t size = test_random_set(graph, i, R);
        double before = INFINITY;
        bool converged = false;
        for (int64_t rounds = 1; !converged; rounds++) {
            kith_cluster *cluster = mqi(graph, (kith_nodes){ R, size }, rounds);
            const double score = test_figure(cluster, "score");
            converged = kith_cluster_converged(cluster);
            assert_true(converged ? score == before : score < before);
            assert_near(kith_cluster_cut(cluster) / kith_cluster_volume(cluster), score, 1e-12);
            assert_near(test_figure(cluster, "flow_value"), test_figure(cluster, "cut_value"),
                        1e-8 * test_figure(cluster, "cut_value"));
            before = score;
            kith_cluster_free(cluster);
        }
        kith_graph_free(graph);
    }
}

static void looks_at_nothing_but_the_set(void **state)
{
    (void)state;
    for (int large = 0; large < 2; large++) {
        kith_graph *ring = test_cliques(large ? 4000 : 40, 12, true);
        int64_t R[24];
        for (int64_t i = 0; i < 24; i++) R[i] = 6 + i; /* a clique between two halves */
        kith_cluster *cluster = mqi(ring, (kith_nodes){ R, 24 }, ALL);
        assert_int_equal(kith_cluster_size(cluster), 12);
        assert_int_equal(kith_cluster_nodes(cluster)[0], 12);
        assert_int_equal(kith_cluster_touched_nodes(cluster), 24);
        assert_int_equal(kith_cluster_touched_edges(cluster), 24 * 11 + 4);
        kith_cluster_free(cluster);
        kith_graph_free(ring);
    }
}

static void two_pieces_that_are_as_good_are_both_kept(void **state)
{
    kith_graph *ring = test_cliques(10, 6, true);
    int64_t R[14];

    (void)state;
    for (int64_t i = 0; i < 7; i++) R[i] = i, R[7 + i] = 30 + i;
    kith_cluster *cluster = mqi(ring, (kith_nodes){ R, 14 }, ALL);
    assert_int_equal(kith_cluster_size(cluster), 12);
    assert_int_equal(kith_cluster_nodes(cluster)[5], 5);
    assert_int_equal(kith_cluster_nodes(cluster)[6], 30);
    kith_cluster_free(cluster);
    kith_graph_free(ring);
}

static void a_set_without_a_cut_stays_as_it_is(void **state)
{
    kith_graph *pieces = test_cliques(3, 5, false);
    const int64_t R[] = { 5, 6, 7, 8, 9 };
    kith_cluster *cluster = mqi(pieces, (kith_nodes){ R, 5 }, ALL);

    (void)state;
    assert_int_equal(kith_cluster_size(cluster), 5);
    assert_int_equal(kith_cluster_iterations(cluster), 0);
    assert_true(kith_cluster_converged(cluster));
    assert_near(test_figure(cluster, "score"), 0, 0);
    kith_cluster_free(cluster);
    kith_graph_free(pieces);
}

static void the_order_of_the_set_does_not_matter(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        const test_random what = {
            .nodes = 60, .density = 0.08, .weighted = i & 1, .seed = 50 + i
        };
        kith_graph *graph = test_random_graph(&what);
        int64_t R[60], backwards[60];
        const int64_t size = test_random_set(graph, i, R);
        for (int64_t k = 0; k < size; k++) backwards[k] = R[size - 1 - k];
        kith_cluster *a = mqi(graph, (kith_nodes){ R, size }, ALL);
        kith_cluster *b = mqi(graph, (kith_nodes){ backwards, size }, ALL);
        assert_int_equal(kith_cluster_size(a), kith_cluster_size(b));
        assert_memory_equal(kith_cluster_nodes(a), kith_cluster_nodes(b),
                            (size_t)kith_cluster_size(a) * sizeof(int64_t));
        kith_cluster_free(a);
        kith_cluster_free(b);
        kith_graph_free(graph);
    }
}

static void rounding_gives_the_set_as_it_is(void **state)
{
    const int64_t R[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    kith_graph *karate = test_karate();
    kith_mqi_options o = KITH_MQI_OPTIONS_INIT;

    (void)state;
    o.query.seeds = (kith_nodes){ R, 17 };
    for (o.query.round = KITH_ROUND_SWEEP; o.query.round <= KITH_ROUND_SUPPORT; o.query.round++) {
        kith_cluster *cluster = NULL;
        assert_int_equal(kith_mqi(karate, &o, &cluster, NULL), KITH_OK);
        assert_int_equal(kith_cluster_size(cluster), 15);
        for (int64_t i = 0; i < 15; i++) assert_near(kith_cluster_scores(cluster)[i], 1, 0);
        kith_cluster_free(cluster);
    }
    kith_graph_free(karate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(improves_the_set_in_zachary_as_published),
        cmocka_unit_test(no_subset_of_a_small_set_is_better),
        cmocka_unit_test(agrees_with_exact_arithmetic),
        cmocka_unit_test(the_score_falls_in_every_round),
        cmocka_unit_test(looks_at_nothing_but_the_set),
        cmocka_unit_test(two_pieces_that_are_as_good_are_both_kept),
        cmocka_unit_test(a_set_without_a_cut_stays_as_it_is),
        cmocka_unit_test(the_order_of_the_set_does_not_matter),
        cmocka_unit_test(rounding_gives_the_set_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
