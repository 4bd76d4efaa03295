/* Leading eigenvectors of modularity: published values of karate, and what must hold for any
 * graph. */
#include "support/embeddings.h"

static kith_partition *divide(const kith_graph *graph, const kith_leading_eigenvector_options *o)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_leading_eigenvector(graph, o, &p, &err), err);
    return p;
}

/* Modularity by its definition. */
static double modularity(const kith_graph *graph, const int64_t *labels, double resolution)
{
    const int64_t n = kith_graph_nodes(graph);
    double *volume = calloc((size_t)n + 1, sizeof *volume), twice = 0, inside = 0;

    for (int64_t v = 0; v < n; v++)
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            const double w = kith_graph_weight(graph, e) * (u == v ? 2 : 1);
            volume[labels[v]] += w;
            twice += w;
            inside += labels[u] == labels[v] ? w : 0;
        }
    double q = inside / twice;
    for (int64_t c = 0; c < n; c++) q -= resolution * (volume[c] / twice) * (volume[c] / twice);
    free(volume);
    return q;
}

/* [Newman2006 table I] has 0.419 for karate. Without refinement 0.3934 are known of other programs,
 * with four communities. */
static void karate_has_the_published_modularity(void **state)
{
    static const int64_t known[34] = { 0, 2, 2, 2, 0, 0, 0, 2, 1, 1, 0, 0, 2, 2, 1, 1, 0,
                                       2, 1, 2, 1, 2, 1, 3, 3, 3, 1, 3, 3, 1, 1, 3, 1, 1 };
    kith_graph *karate = test_karate();
    kith_leading_eigenvector_options o = KITH_LEADING_EIGENVECTOR_OPTIONS_INIT;
    kith_partition *refined = divide(karate, &o);

    (void)state;
    o.refine = false;
    kith_partition *plain = divide(karate, &o);
    assert_near(kith_partition_quality(refined), 0.419, 5e-4);
    assert_near(kith_partition_quality(plain), 0.393409, 5e-7);
    assert_near(test_agreement(plain, known).accuracy, 1, 0);
    assert_near(test_partition_figure(plain, "eigenvalue"), 4.977080, 5e-6);
    kith_partition_free(refined);
    kith_partition_free(plain);
    kith_graph_free(karate);
}

static void cliques_on_a_ring_are_communities(void **state)
{
    kith_graph *ring = test_cliques(8, 6, true);
    kith_partition *p = divide(ring, NULL);

    (void)state;
    assert_int_equal(kith_partition_communities(p), 8);
    for (int64_t v = 0; v < 48; v++) assert_int_equal(kith_partition_labels(p)[v], v / 6);
    kith_partition_free(p);
    kith_graph_free(ring);
}

static void what_nothing_divides_stays_together(void **state)
{
    kith_graph *clique = test_cliques(1, 9, false);
    kith_partition *p = divide(clique, NULL);

    (void)state;
    assert_int_equal(kith_partition_communities(p), 1);
    assert_near(kith_partition_quality(p), 0, 1e-12);
    kith_partition_free(p);
    kith_graph_free(clique);
}

static void the_quality_is_modularity_and_refinement_never_lowers_it(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 24; seed++) {
        const test_random what = { .nodes = 20 + (int64_t)seed * 5,
                                   .density = 0.12,
                                   .weighted = seed & 1,
                                   .loops = seed & 2,
                                   .seed = seed };
        kith_graph *graph = test_random_graph(&what);
        kith_leading_eigenvector_options o = KITH_LEADING_EIGENVECTOR_OPTIONS_INIT;
        double halves[2];
        o.resolution = 0.5 + (double)(seed % 4) / 4;
        for (int refine = 0; refine < 2; refine++) {
            o.refine = refine;
            o.k = 0;
            kith_partition *all = divide(graph, &o);
            assert_near(kith_partition_quality(all),
                        modularity(graph, kith_partition_labels(all), o.resolution), 1e-10);
            o.k = 2;
            kith_partition *two = divide(graph, &o);
            halves[refine] = kith_partition_quality(two);
            assert_true(halves[refine] <= kith_partition_quality(all) + 1e-12);
            kith_partition_free(all);
            kith_partition_free(two);
        }
        assert_true(halves[1] >= halves[0] - 1e-12);
        kith_graph_free(graph);
    }
}

static void there_are_at_most_k(void **state)
{
    kith_graph *ring = test_cliques(8, 6, true);
    kith_leading_eigenvector_options o = KITH_LEADING_EIGENVECTOR_OPTIONS_INIT;

    (void)state;
    for (o.k = 1; o.k < 10; o.k++) {
        kith_partition *p = divide(ring, &o);
        assert_int_equal(kith_partition_communities(p), o.k < 8 ? o.k : 8);
        kith_partition_free(p);
    }
    kith_graph_free(ring);
}

/* Two blocks of mean degree 20 with a tenth of the edges between them, above the size that is
 * solved densely. */
static void planted_halves_are_found(void **state)
{
    kith_partition *truth = NULL;
    kith_graph *graph = test_planted(1000, 2, 20, 0.1, &truth);
    kith_leading_eigenvector_options o = KITH_LEADING_EIGENVECTOR_OPTIONS_INIT;

    (void)state;
    o.k = 2;
    kith_partition *p = divide(graph, &o);
    assert_true(test_agreement(p, kith_partition_labels(truth)).accuracy > 0.98);
    kith_partition_free(p);
    kith_partition_free(truth);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(karate_has_the_published_modularity),
        cmocka_unit_test(cliques_on_a_ring_are_communities),
        cmocka_unit_test(what_nothing_divides_stays_together),
        cmocka_unit_test(the_quality_is_modularity_and_refinement_never_lowers_it),
        cmocka_unit_test(there_are_at_most_k),
        cmocka_unit_test(planted_halves_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
