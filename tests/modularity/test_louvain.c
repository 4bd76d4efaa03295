/* Louvain: known optima, the definition of its objective, what it guarantees. */
#include "support/graphs.h"

static kith_partition *louvain(const kith_graph *graph, const kith_louvain_options *options)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_louvain(graph, options, &p, &err), err);
    return p;
}

static void finds_two_cliques_joined_by_an_edge(void **state)
{
    kith_graph *graph = test_two_k4();
    kith_partition *p = louvain(graph, NULL);

    (void)state;
    assert_near(kith_partition_quality(p), 12.0 / 13 - 0.5, 1e-12);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void reaches_the_optimum_of_zachary_with_some_seed_in_twenty(void **state)
{
    kith_graph *karate = test_karate();
    kith_louvain_options o = KITH_LOUVAIN_OPTIONS_INIT;
    double most = 0;

    (void)state;
    o.iterations = 0;
    for (o.run.seed = 0; o.run.seed < 20; o.run.seed++) {
        kith_partition *p = louvain(karate, &o);
        assert_true(kith_partition_quality(p) <= 0.419790 + 1e-6);
        most = fmax(most, kith_partition_quality(p));
        kith_partition_free(p);
    }
    assert_near(most, 0.419790, 1e-6);
    kith_graph_free(karate);
}

static void reports_the_quality_of_its_definition(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        const test_random what = { 30, 0.2, seed & 1, seed & 2, seed % 5 == 4, seed };
        kith_graph *graph = test_random_graph(&what);
        kith_louvain_options o = KITH_LOUVAIN_OPTIONS_INIT;
        o.run.seed = seed;
        o.batches = seed % 3;
        o.resolution = 0.5 + 0.25 * (double)(seed % 5);
        kith_partition *p = louvain(graph, &o);
        assert_near(kith_partition_quality(p),
                    test_modularity(graph, kith_partition_labels(p), o.resolution), 1e-12);
        kith_partition_free(p);
        kith_graph_free(graph);
    }
}

/* The modularity of the partition with communities c and d made one. */
static double joined(const kith_graph *graph, const kith_partition *p, int64_t c, int64_t d)
{
    int64_t labels[64];

    for (int64_t v = 0; v < kith_graph_nodes(graph); v++)
        labels[v] = kith_partition_labels(p)[v] == c ? d : kith_partition_labels(p)[v];
    return test_modularity(graph, labels, 1);
}

static void no_two_communities_gain_by_joining(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        const test_random what = {
            .nodes = 30, .density = 0.15, .weighted = seed & 1, .seed = seed
        };
        kith_graph *graph = test_random_graph(&what);
        kith_partition *p = louvain(graph, NULL);
        for (int64_t c = 0; c < kith_partition_communities(p); c++)
            for (int64_t d = 0; d < c; d++)
                assert_true(joined(graph, p, c, d) <= kith_partition_quality(p) + 1e-12);
        kith_partition_free(p);
        kith_graph_free(graph);
    }
}

static void another_iteration_never_loses(void **state)
{
    kith_graph *karate = test_karate();
    kith_louvain_options one = KITH_LOUVAIN_OPTIONS_INIT, many = KITH_LOUVAIN_OPTIONS_INIT;

    (void)state;
    many.iterations = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        one.run.seed = many.run.seed = seed;
        kith_partition *p = louvain(karate, &one), *q = louvain(karate, &many);
        assert_true(kith_partition_quality(q) >= kith_partition_quality(p) - 1e-12);
        assert_true(kith_partition_converged(q));
        kith_partition_free(p);
        kith_partition_free(q);
    }
    kith_graph_free(karate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_two_cliques_joined_by_an_edge),
        cmocka_unit_test(reaches_the_optimum_of_zachary_with_some_seed_in_twenty),
        cmocka_unit_test(reports_the_quality_of_its_definition),
        cmocka_unit_test(no_two_communities_gain_by_joining),
        cmocka_unit_test(another_iteration_never_loses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
