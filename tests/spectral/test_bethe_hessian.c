/* The Bethe Hessian: the spectrum of karate, planted partitions on both sides of the threshold. */
#include "support/embeddings.h"

#include "linalg/structure.h"

static kith_partition *cluster(const kith_graph *graph)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_bethe_hessian(graph, NULL, &p, &err), err);
    return p;
}

static void karate_has_two_eigenvalues_below_zero(void **state)
{
    kith_graph *graph = test_karate();
    kith_i_poll poll = { 0 };
    kith_i_eigen e;
    kith_error err = { 0 };
    double r;

    (void)state;
    assert_kith(kith_i_bethe_radius(graph, &poll, &r, &err), err);
    assert_near(r, 2.601775, 5e-7);
    assert_kith(kith_i_bethe_negative(graph, r, 1e-10, 0, 1, &poll, &e, &err), err);
    assert_int_equal(e.count, 2);
    assert_near(e.values[0], -3.6278, 5e-5);
    assert_near(e.values[1], -0.0095, 5e-5);
    kith_i_eigen_clear(&e);
    assert_kith(kith_i_bethe_negative(graph, -r, 1e-10, 0, 1, &poll, &e, &err), err);
    assert_int_equal(e.count, 0);
    kith_i_eigen_clear(&e);
    kith_partition *p = cluster(graph);
    assert_int_equal(kith_partition_communities(p), 2);
    kith_partition_free(p);
    kith_graph_free(graph);
}

/* Two blocks of mean degree c can be found where (c_in - c_out)^2 > 4 c, 2 (1 - 2 mixing)^2 c^2 >
 * 2 c: for c = 8 where mixing is below 0.323. */
static void structure_above_the_threshold_is_found_and_none_below(void **state)
{
    static const struct {
        double mixing;
        int64_t k;
    } sides[] = { { 0.15, 2 }, { 0.45, 1 } };

    (void)state;
    for (int i = 0; i < 2; i++) {
        kith_partition *truth = NULL;
        kith_graph *graph = test_planted(2000, 2, 8, sides[i].mixing, &truth);
        kith_partition *p = cluster(graph);
        assert_int_equal(test_partition_figure(p, "k"), sides[i].k);
        if (sides[i].k == 2)
            assert_true(test_agreement(p, kith_partition_labels(truth)).accuracy > 0.9);
        kith_partition_free(p);
        kith_partition_free(truth);
        kith_graph_free(graph);
    }
}

/* A forest has nothing below 0: its trees are the communities. */
static void trees_are_communities(void **state)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 }, { 1, 3 }, { 4, 5 } };
    kith_graph *graph = test_graph(7, 4, pairs, NULL);
    kith_partition *p = cluster(graph);

    (void)state;
    assert_int_equal(test_partition_figure(p, "k"), 0);
    assert_int_equal(kith_partition_communities(p), 3);
    kith_partition_free(p);
    kith_graph_free(graph);
}

/* H depends on weights by w / r alone. */
static void the_unit_of_weights_does_not_matter(void **state)
{
    const test_random what = { 40, 0.2, true, false, false, 3 };
    kith_graph *graph = test_random_graph(&what);
    const int64_t *offsets = kith_graph_offsets(graph);
    int64_t pairs[800][2], edges = 0;
    double weights[800];

    (void)state;
    for (int64_t v = 0; v < 40; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            if (kith_graph_targets(graph)[e] > v) continue;
            pairs[edges][0] = v;
            pairs[edges][1] = kith_graph_targets(graph)[e];
            weights[edges++] = 0x1p600 * kith_graph_weight(graph, e);
        }
    kith_graph *large = test_graph(40, edges, (const int64_t(*)[2])pairs, weights);
    kith_partition *p = cluster(graph), *q = cluster(large);
    test_assert_same(p, q);
    kith_partition_free(p);
    kith_partition_free(q);
    kith_graph_free(graph);
    kith_graph_free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(karate_has_two_eigenvalues_below_zero),
        cmocka_unit_test(structure_above_the_threshold_is_found_and_none_below),
        cmocka_unit_test(trees_are_communities),
        cmocka_unit_test(the_unit_of_weights_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
