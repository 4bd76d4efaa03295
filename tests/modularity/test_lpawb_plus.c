/* LPAwb+: worked values, what a merger must not leave undone, known optima. */
#include "support/graphs.h"
#include "support/sides.h"

#include <stdlib.h>

static kith_partition *propagate(const kith_bipartite *b, uint64_t seed, double resolution,
                                 int64_t starts)
{
    kith_lpawb_plus_options o = KITH_LPAWB_PLUS_OPTIONS_INIT;
    kith_partition *p = NULL;
    kith_error err = { 0 };

    o.run.seed = seed;
    o.resolution = resolution;
    o.starts = starts;
    o.bipartite = b;
    assert_kith(kith_lpawb_plus(kith_bipartite_graph(b), &o, &p, &err), err);
    return p;
}

static void finds_the_split_of_the_small_example(void **state)
{
    kith_bipartite *b = test_small_sides(1);

    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        kith_partition *p = propagate(b, seed, 1, 0);
        assert_near(kith_partition_quality(p), 0.3950617284, 1e-10);
        assert_int_equal(kith_partition_communities(p), 2);
        kith_partition_free(p);
    }
    kith_bipartite_free(b);
}

/* 0.34554 is what both methods report of this graph [Beckett2016]. */
static void reaches_the_published_value_of_southern_women(void **state)
{
    kith_bipartite *women = test_southern_women();
    double most = -1;

    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        kith_partition *p = propagate(women, seed, 1, 0);
        assert_true(kith_partition_quality(p) < 0.3455371796 + 1e-9);
        most = fmax(most, kith_partition_quality(p));
        kith_partition_free(p);
    }
    kith_partition *many = propagate(women, 0, 1, 10);
    assert_near(fmax(most, kith_partition_quality(many)), 0.34554, 5e-6);
    kith_partition_free(many);
    kith_bipartite_free(women);
}

static void further_starts_never_lower_the_quality(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        kith_bipartite *b = test_planted_sides(30, 20, 5, 0.4, 0.15, seed);
        kith_partition *one = propagate(b, seed, 1, 0), *many = propagate(b, seed, 1, 3);
        assert_true(kith_partition_quality(many) >= kith_partition_quality(one));
        kith_partition_free(one);
        kith_partition_free(many);
        kith_bipartite_free(b);
    }
}

/* Q with communities c and d made one. */
static double merged_quality(const kith_bipartite *b, const kith_partition *p, int64_t c, int64_t d,
                             double resolution)
{
    const int64_t n = kith_partition_nodes(p);
    int64_t *labels = malloc((size_t)n * sizeof *labels);

    for (int64_t v = 0; v < n; v++) {
        labels[v] = kith_partition_labels(p)[v];
        if (labels[v] == d) labels[v] = c;
    }
    const double q = test_barber(b, labels, resolution);
    free(labels);
    return q;
}

static void no_merger_of_two_communities_gains(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 12; seed++) {
        kith_bipartite *b = test_planted_sides(25, 40, 4, 0.4, 0.1, seed);
        const double resolution = 0.5 + 0.5 * (double)(seed % 3);
        kith_partition *p = propagate(b, seed, resolution, 0);
        const double q = test_barber(b, kith_partition_labels(p), resolution);
        assert_near(kith_partition_quality(p), q, 1e-12);
        for (int64_t c = 0; c < kith_partition_communities(p); c++)
            for (int64_t d = c + 1; d < kith_partition_communities(p); d++)
                assert_true(merged_quality(b, p, c, d, resolution) <= q + 1e-12);
        kith_partition_free(p);
        kith_bipartite_free(b);
    }
}

static void recovers_planted_blocks(void **state)
{
    kith_bipartite *b = test_planted_sides(80, 120, 4, 0.5, 0.01, 5);
    kith_partition *p = propagate(b, 1, 1, 0);
    const int64_t *labels = kith_partition_labels(p);

    (void)state;
    assert_int_equal(kith_partition_communities(p), 4);
    for (int64_t v = 0; v < 200; v++) assert_int_equal(labels[v], labels[v % 4]);
    kith_partition_free(p);
    kith_bipartite_free(b);
}

static void a_node_without_edges_is_a_community(void **state)
{
    static const int64_t rows[] = { 0, 0, 2, 2 }, columns[] = { 0, 1, 3, 4 };
    static const int64_t expected[] = { 0, 2, 1, 0, 0, 3, 1, 1 };
    kith_bipartite *b = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_bipartite_from_edges(3, 5, 4, rows, columns, NULL, NULL, &b, &err), err);
    kith_partition *p = propagate(b, 0, 1, 2);
    assert_memory_equal(kith_partition_labels(p), expected, sizeof expected);
    kith_partition_free(p);
    kith_bipartite_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_split_of_the_small_example),
        cmocka_unit_test(reaches_the_published_value_of_southern_women),
        cmocka_unit_test(further_starts_never_lower_the_quality),
        cmocka_unit_test(no_merger_of_two_communities_gains),
        cmocka_unit_test(recovers_planted_blocks),
        cmocka_unit_test(a_node_without_edges_is_a_community),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
