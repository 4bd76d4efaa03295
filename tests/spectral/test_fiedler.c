/* The Fiedler vector: cuts in closed form, and Cheeger's bounds against all cuts there are. */
#include "support/embeddings.h"

static kith_partition *bisect(const kith_graph *graph, int64_t k)
{
    kith_fiedler_options o = KITH_FIEDLER_OPTIONS_INIT;
    kith_partition *p = NULL;
    kith_error err = { 0 };

    o.k = k;
    assert_kith(kith_fiedler(graph, &o, &p, &err), err);
    return p;
}

static double conductance(const kith_graph *graph, uint64_t set)
{
    double cut = 0, volume[2] = { 0, 0 };

    for (int64_t v = 0; v < kith_graph_nodes(graph); v++)
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            const double w = kith_graph_weight(graph, e);
            volume[set >> v & 1] += u == v ? 2 * w : w;
            cut += (set >> v & 1) && !(set >> u & 1) ? w : 0;
        }
    return cut / fmin(volume[0], volume[1]);
}

/* A path of n nodes: N has the eigenvalues cos(pi j / (n - 1)); the best cut is in the middle. */
static void a_path_is_cut_in_the_middle(void **state)
{
    (void)state;
    for (int64_t n = 4; n < 40; n += 6) {
        kith_graph *path = test_path(n);
        kith_partition *p = bisect(path, 2);
        assert_near(test_partition_figure(p, "lambda"), 1 - cos(M_PI / (double)(n - 1)), 1e-10);
        assert_near(test_partition_figure(p, "conductance"), 1 / (double)(n - 1), 1e-14);
        for (int64_t v = 0; v < n; v++)
            assert_int_equal(kith_partition_labels(p)[v], v < n / 2 ? 0 : 1);
        kith_partition_free(p);
        kith_graph_free(path);
    }
}

/* The spectrum of two K4 that share an edge begins 1, 0.886618. */
static void two_cliques_joined_by_an_edge_are_cut_at_it(void **state)
{
    kith_graph *graph = test_two_k4();
    kith_partition *p = bisect(graph, 2);

    (void)state;
    assert_near(test_partition_figure(p, "lambda"), 1 - 0.886618, 5e-7);
    assert_near(test_partition_figure(p, "conductance"), 1. / 13, 1e-14);
    for (int64_t v = 0; v < 8; v++) assert_int_equal(kith_partition_labels(p)[v], v / 4);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void cheeger_bounds_hold_for_every_cut_of_small_graphs(void **state)
{
    enum { N = 11 };

    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        const test_random what = {
            .nodes = N, .density = 0.35, .weighted = seed & 1, .loops = seed & 2, .seed = seed
        };
        kith_graph *graph = test_random_graph(&what);
        kith_partition *p = bisect(graph, 2);
        double least = INFINITY;
        for (uint64_t set = 1; set < (1u << N) - 1; set++) {
            const double found = conductance(graph, set);
            if (found < least) least = found; /* not NaN */
        }
        const double own = test_partition_figure(p, "conductance");
        assert_true(test_partition_figure(p, "lower") <= least + 1e-9);
        assert_true(least <= own + 1e-12);
        assert_true(own <= test_partition_figure(p, "upper") + 1e-9);
        kith_partition_free(p);
        kith_graph_free(graph);
    }
}

static void components_are_cut_apart_for_nothing(void **state)
{
    kith_graph *graph = test_cliques(3, 5, false);
    kith_partition *two = bisect(graph, 2), *three = bisect(graph, 3);

    (void)state;
    assert_near(test_partition_figure(two, "lambda"), 0, 1e-12);
    assert_near(kith_partition_quality(two), 0, 0);
    assert_int_equal(kith_partition_communities(two), 2);
    assert_int_equal(kith_partition_communities(three), 3);
    for (int64_t v = 0; v < 15; v++) assert_int_equal(kith_partition_labels(three)[v], v / 5);
    kith_partition_free(two);
    kith_partition_free(three);
    kith_graph_free(graph);
}

static void parts_are_cut_again(void **state)
{
    kith_graph *ring = test_cliques(8, 6, true);
    kith_partition *p = bisect(ring, 8);
    int64_t truth[48];

    (void)state;
    for (int64_t v = 0; v < 48; v++) truth[v] = v / 6;
    assert_near(test_agreement(p, truth).accuracy, 1, 0);
    kith_partition_free(p);
    kith_graph_free(ring);
}

static void the_embedding_is_the_vector_that_is_cut(void **state)
{
    kith_graph *path = test_path(9);
    kith_embedding *e = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_fiedler_embed(path, NULL, &e, &err), err);
    assert_int_equal(kith_embedding_dimensions(e), 1);
    const double *x = kith_embedding_values(e);
    for (int64_t v = 0; v < 9; v++) assert_near(x[v] / x[0], cos(M_PI * (double)v / 8), 1e-7);
    kith_embedding_free(e);
    kith_graph_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_cut_in_the_middle),
        cmocka_unit_test(two_cliques_joined_by_an_edge_are_cut_at_it),
        cmocka_unit_test(cheeger_bounds_hold_for_every_cut_of_small_graphs),
        cmocka_unit_test(components_are_cut_apart_for_nothing),
        cmocka_unit_test(parts_are_cut_again),
        cmocka_unit_test(the_embedding_is_the_vector_that_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
