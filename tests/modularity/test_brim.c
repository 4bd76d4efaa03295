/* BRIM: worked values, its fixed points, its bounds. */
#include "support/graphs.h"
#include "support/sides.h"

#include <stdlib.h>

static kith_partition *brim(const kith_bipartite *b, uint64_t seed, int64_t k)
{
    kith_brim_options o = KITH_BRIM_OPTIONS_INIT;
    kith_partition *p = NULL;
    kith_error err = { 0 };

    o.run.seed = seed;
    o.k = k;
    o.bipartite = b;
    assert_kith(kith_brim(kith_bipartite_graph(b), &o, &p, &err), err);
    return p;
}

static void finds_the_split_of_the_small_example_with_some_seed(void **state)
{
    kith_bipartite *b = test_small_sides(1);
    double most = -1;

    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        kith_partition *p = brim(b, seed, 0);
        most = fmax(most, kith_partition_quality(p));
        kith_partition_free(p);
    }
    assert_near(most, 0.3950617284, 1e-10);
    kith_bipartite_free(b);
}

/* Barber reports 0.3212 of BRIM; nothing is known above 0.34554. */
static void comes_near_the_best_value_of_southern_women(void **state)
{
    kith_bipartite *women = test_southern_women();
    double most = -1;

    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        kith_partition *p = brim(women, seed, 0);
        most = fmax(most, kith_partition_quality(p));
        kith_partition_free(p);
    }
    assert_true(most > 0.3212 && most < 0.3455371796 + 1e-9);
    kith_bipartite_free(women);
}

/* No row gains by another community of those that the columns make. */
static void expect_rows_content(const kith_bipartite *b, const kith_partition *p)
{
    const int64_t rows = kith_bipartite_rows(b), n = kith_partition_nodes(p);
    int64_t *labels = malloc((size_t)n * sizeof *labels);
    const double q = test_barber(b, kith_partition_labels(p), 1);

    memcpy(labels, kith_partition_labels(p), (size_t)n * sizeof *labels);
    for (int64_t v = 0; v < rows; v++) {
        for (int64_t c = 0; c < kith_partition_communities(p); c++) {
            labels[v] = c;
            assert_true(test_barber(b, labels, 1) <= q + 1e-10);
        }
        labels[v] = kith_partition_labels(p)[v];
    }
    free(labels);
}

static void ends_where_no_row_gains(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        kith_bipartite *b = test_planted_sides(20, 30, 3, 0.4, 0.1, seed);
        kith_partition *p = brim(b, seed, 0);
        assert_near(kith_partition_quality(p), test_barber(b, kith_partition_labels(p), 1), 1e-12);
        expect_rows_content(b, p);
        kith_partition_free(p);
        kith_bipartite_free(b);
    }
}

static void makes_no_more_communities_than_asked_for(void **state)
{
    kith_bipartite *b = test_planted_sides(60, 60, 6, 0.5, 0.02, 3);

    (void)state;
    for (int64_t k = 1; k < 6; k++) {
        kith_partition *p = brim(b, 0, k);
        assert_true(kith_partition_communities(p) <= k);
        kith_partition_free(p);
    }
    kith_bipartite_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_split_of_the_small_example_with_some_seed),
        cmocka_unit_test(comes_near_the_best_value_of_southern_women),
        cmocka_unit_test(ends_where_no_row_gains),
        cmocka_unit_test(makes_no_more_communities_than_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
