/* k-medoids of graphs: paths, rings, weights as lengths and as similarities, pieces. */
#include "support/graphs.h"

#include <stdlib.h>

static kith_partition *cluster(const kith_graph *graph, const kith_k_medoids_options *o)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_k_medoids(graph, o, &p, &err), err);
    return p;
}

static double figure(const kith_partition *p)
{
    double value = NAN;

    assert_string_equal(kith_partition_figure(p, 0, &value), "medoid_silhouette");
    return value;
}

/* One medoid of a path of 2 r + 1 nodes is its middle: paths of 1 to r, twice. */
static void the_medoid_of_a_path_is_its_middle(void **state)
{
    kith_k_medoids_options o = KITH_K_MEDOIDS_OPTIONS_INIT;

    (void)state;
    o.k = 1;
    for (int64_t r = 0; r < 12; r++) {
        kith_graph *graph = test_path(2 * r + 1);
        kith_partition *p = cluster(graph, &o);
        if (r > 0) assert_true(kith_partition_quality(p) == (double)(r * (r + 1)));
        if (r > 0) assert_true(kith_partition_converged(p));
        kith_partition_free(p);
        kith_graph_free(graph);
    }
}

static void every_clique_has_a_medoid(void **state)
{
    kith_graph *graph = test_cliques(5, 6, true);
    kith_k_medoids_options o = KITH_K_MEDOIDS_OPTIONS_INIT;

    (void)state;
    o.k = 5;
    for (uint64_t seed = 0; seed < 5; seed++) {
        o.run.seed = seed;
        kith_partition *p = cluster(graph, &o);
        assert_true(kith_partition_quality(p) == 25);
        assert_int_equal(kith_partition_communities(p), 5);
        assert_in_range((int)(1000 * figure(p)), 600, 999);
        kith_partition_free(p);
    }
    kith_graph_free(graph);
}

/* A triangle whose middle node is near by weight in one sense and far in the other. */
static void weights_are_similarities_or_lengths(void **state)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 } };
    static const double weights[] = { 4, 4, 1 };
    kith_graph *graph = test_graph(3, 3, pairs, weights);
    kith_k_medoids_options o = KITH_K_MEDOIDS_OPTIONS_INIT;
    const double expected[] = { 0.5, 1 + 4, 2 };

    (void)state;
    o.k = 1;
    for (int lengths = 0; lengths < 3; lengths++) {
        o.lengths = lengths;
        kith_partition *p = cluster(graph, &o);
        assert_near(kith_partition_quality(p), expected[lengths], 1e-15);
        kith_partition_free(p);
    }
    kith_graph_free(graph);
}

/* The least sum of shortest paths from nodes with edges to two of them, by trying all. */
static double optimum_of_two(const kith_graph *graph)
{
    const int64_t n = kith_graph_nodes(graph);
    double d[40][40], best = INFINITY;

    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) d[i][j] = i == j ? 0 : INFINITY;
    for (int64_t i = 0; i < n; i++)
        for (int64_t e = kith_graph_offsets(graph)[i]; e < kith_graph_offsets(graph)[i + 1]; e++)
            if (kith_graph_targets(graph)[e] != i)
                d[i][kith_graph_targets(graph)[e]] = 1 / kith_graph_weight(graph, e);
    for (int64_t via = 0; via < n; via++)
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) d[i][j] = fmin(d[i][j], d[i][via] + d[via][j]);
    for (int64_t a = 0; a < n; a++)
        for (int64_t b = 0; b < a; b++) {
            double sum = 0;
            for (int64_t v = 0; v < n; v++)
                if (kith_graph_offsets(graph)[v + 1] > kith_graph_offsets(graph)[v])
                    sum += fmin(d[a][v], d[b][v]);
            best = fmin(best, sum);
        }
    return best;
}

static void the_best_of_several_seeds_is_the_optimum(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 12; seed++) {
        const test_random what = {
            .nodes = 30, .density = 0.2, .weighted = true, .loops = true, .seed = seed
        };
        kith_graph *graph = test_random_graph(&what);
        kith_k_medoids_options o = KITH_K_MEDOIDS_OPTIONS_INIT;
        double best = INFINITY;
        for (o.run.seed = 0; o.run.seed < 10; o.run.seed++) {
            kith_partition *p = cluster(graph, &o);
            best = fmin(best, kith_partition_quality(p));
            kith_partition_free(p);
        }
        assert_near(best, optimum_of_two(graph), 1e-12);
        kith_graph_free(graph);
    }
}

static void what_has_no_path_to_a_medoid_is_unassigned(void **state)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 }, { 2, 3 },
                                        { 5, 6 }, { 6, 7 }, { 8, 9 } };
    kith_graph *graph = test_graph(11, 7, pairs, NULL);
    kith_k_medoids_options o = KITH_K_MEDOIDS_OPTIONS_INIT;

    (void)state;
    kith_partition *p = cluster(graph, &o);
    const int64_t *labels = kith_partition_labels(p);
    assert_int_equal(kith_partition_communities(p), 2);
    for (int v = 0; v < 11; v++) assert_int_equal(labels[v], v < 4 ? 0 : v >= 5 && v < 8 ? 1 : -1);
    assert_true(kith_partition_quality(p) == 3 + 2);
    kith_partition_free(p);
    o.k = 100;
    p = cluster(graph, &o);
    assert_int_equal(kith_partition_communities(p), 9); /* each node with an edge */
    assert_true(kith_partition_quality(p) == 0);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void some_candidates_are_enough_for_a_result(void **state)
{
    kith_graph *graph = test_cliques(5, 6, true);
    kith_k_medoids_options o = KITH_K_MEDOIDS_OPTIONS_INIT;

    (void)state;
    o.k = 5;
    o.candidates = 8;
    o.rounds = 3;
    kith_partition *p = cluster(graph, &o);
    assert_int_equal(kith_partition_communities(p), 5);
    assert_true(kith_partition_quality(p) >= 25 && kith_partition_iterations(p) <= 3);
    kith_partition_free(p);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_medoid_of_a_path_is_its_middle),
        cmocka_unit_test(every_clique_has_a_medoid),
        cmocka_unit_test(weights_are_similarities_or_lengths),
        cmocka_unit_test(the_best_of_several_seeds_is_the_optimum),
        cmocka_unit_test(what_has_no_path_to_a_medoid_is_unassigned),
        cmocka_unit_test(some_candidates_are_enough_for_a_result),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
