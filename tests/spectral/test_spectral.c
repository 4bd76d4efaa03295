/* Spectral clustering: published spectra and accuracies, planted partitions, graphs in pieces. */
#include "support/embeddings.h"

static kith_partition *cluster(const kith_graph *graph, const kith_spectral_options *o)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_spectral(graph, o, &p, &err), err);
    return p;
}

static kith_embedding *embed(const kith_graph *graph, const kith_spectral_options *o)
{
    kith_embedding *e = NULL;
    kith_error err = { 0 };

    assert_kith(kith_spectral_embed(graph, o, &e, &err), err);
    return e;
}

/* ---- Spectra ---- */

/* Of two K4 joined by an edge; the second with t = the mean degree, 3.25. */
static void spectra_are_those_that_are_known(void **state)
{
    static const struct {
        int matrix;
        double values[3];
    } known[] = {
        { KITH_SPECTRAL_NORMALISED, { 1, 0.886618, -0.083333 } },
        { KITH_SPECTRAL_WALK, { 1, 0.886618, -0.083333 } },
        { KITH_SPECTRAL_REGULARISED, { 1, 0.435465, -0.04 } },
    };
    kith_graph *graph = test_two_k4();

    (void)state;
    for (int i = 0; i < 3; i++) {
        kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
        o.k = 2;
        o.matrix = known[i].matrix;
        kith_embedding *e = embed(graph, &o);
        assert_int_equal(kith_embedding_spectrum(e), 3);
        for (int j = 0; j < 3; j++) {
            assert_near(kith_embedding_eigenvalues(e)[j], known[i].values[j], 5e-7);
            assert_true(kith_embedding_residuals(e)[j] < 1e-12);
        }
        assert_near(kith_embedding_gap(e), known[i].values[1] - known[i].values[2], 1e-6);
        assert_true(kith_embedding_converged(e));
        kith_embedding_free(e);
    }
    kith_graph_free(graph);
}

/* A ring of n has the Laplacian eigenvalues 2 - 2 cos(2 pi j / n). */
static void the_unnormalised_spectrum_of_a_ring_is_known(void **state)
{
    kith_graph *graph = test_ring(12);
    kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;

    (void)state;
    o.k = 4;
    o.matrix = KITH_SPECTRAL_UNNORMALISED;
    kith_embedding *e = embed(graph, &o);
    for (int j = 0; j < 5; j++)
        assert_near(kith_embedding_eigenvalues(e)[j], 2 - 2 * cos(acos(-1) * ((j + 1) / 2) / 6),
                    1e-12);
    kith_embedding_free(e);
    kith_graph_free(graph);
}

static void points_of_the_normalised_matrix_have_length_1(void **state)
{
    static const int unit[] = { KITH_SPECTRAL_NORMALISED, KITH_SPECTRAL_REGULARISED,
                                KITH_SPECTRAL_DEGREES };
    kith_graph *graph = test_karate();

    (void)state;
    for (int i = 0; i < 3; i++) {
        kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
        o.k = 3;
        o.matrix = unit[i];
        kith_embedding *e = embed(graph, &o);
        assert_int_equal(kith_embedding_dimensions(e), 3);
        for (int64_t v = 0; v < 34; v++) {
            const double *x = kith_embedding_values(e) + 3 * v;
            assert_near(x[0] * x[0] + x[1] * x[1] + x[2] * x[2], 1, 1e-12);
        }
        kith_embedding_free(e);
    }
    kith_graph_free(graph);
}

/* D^-1 A x = l x. */
static void points_of_the_walk_are_its_eigenvectors(void **state)
{
    kith_graph *graph = test_karate();
    kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
    const int64_t *offsets = kith_graph_offsets(graph);

    (void)state;
    o.k = 3;
    o.matrix = KITH_SPECTRAL_WALK;
    kith_embedding *e = embed(graph, &o);
    const double *x = kith_embedding_values(e);
    for (int64_t v = 0; v < 34; v++)
        for (int64_t j = 0; j < 3; j++) {
            double sum = 0;
            for (int64_t i = offsets[v]; i < offsets[v + 1]; i++)
                sum += x[3 * kith_graph_targets(graph)[i] + j];
            assert_near(sum / (double)(offsets[v + 1] - offsets[v]),
                        kith_embedding_eigenvalues(e)[j] * x[3 * v + j], 1e-12);
        }
    kith_embedding_free(e);
    kith_graph_free(graph);
}

static void ratios_have_one_column_less_and_are_cut_off(void **state)
{
    kith_graph *graph = test_karate();
    kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;

    (void)state;
    o.k = 4;
    o.matrix = KITH_SPECTRAL_SCORE;
    kith_embedding *e = embed(graph, &o);
    assert_int_equal(kith_embedding_dimensions(e), 3);
    for (int64_t i = 0; i < 34 * 3; i++) assert_true(fabs(kith_embedding_values(e)[i]) <= log(34));
    kith_embedding_free(e);
    kith_graph_free(graph);
}

/* ---- Communities ---- */

static void every_matrix_finds_cliques(void **state)
{
    kith_graph *graph = test_cliques(4, 6, true);

    (void)state;
    for (int matrix = 0; matrix <= KITH_SPECTRAL_SCORE; matrix++)
        for (int rounding = 0; rounding <= KITH_ROUNDING_PIVOTS; rounding++) {
            kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
            o.k = 4;
            o.matrix = matrix;
            o.rounding = rounding;
            kith_partition *p = cluster(graph, &o);
            for (int64_t v = 0; v < 24; v++) assert_int_equal(kith_partition_labels(p)[v], v / 6);
            assert_true(kith_partition_converged(p));
            kith_partition_free(p);
        }
    kith_graph_free(graph);
}

/* Argmax knows pieces by their vectors, which are 0 elsewhere. */
static void argmax_finds_pieces(void **state)
{
    kith_graph *graph = test_cliques(5, 4, false);
    kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;

    (void)state;
    o.k = 5;
    o.rounding = KITH_ROUNDING_ARGMAX;
    kith_partition *p = cluster(graph, &o);
    for (int64_t v = 0; v < 20; v++) assert_int_equal(kith_partition_labels(p)[v], v / 4);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void planted_partitions_are_recovered(void **state)
{
    kith_partition *truth = NULL;
    kith_graph *graph = test_planted(1200, 6, 20, 0.25, &truth);

    (void)state;
    for (int matrix = 0; matrix <= KITH_SPECTRAL_SCORE; matrix++) {
        kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
        if (matrix == KITH_SPECTRAL_UNNORMALISED) continue; /* finds nodes of small degree */
        o.k = 6;
        o.matrix = matrix;
        kith_partition *p = cluster(graph, &o);
        assert_true(test_agreement(p, kith_partition_labels(truth)).accuracy > 0.97);
        kith_partition_free(p);
    }
    kith_partition_free(truth);
    kith_graph_free(graph);
}

static void k_is_chosen_by_either_rule(void **state)
{
    kith_partition *truth = NULL;
    kith_graph *graph = test_planted(1500, 5, 20, 0.25, &truth);

    (void)state;
    for (int rule = 0; rule <= KITH_SPECTRAL_BETHE_HESSIAN; rule++)
        for (int matrix = 0; matrix <= KITH_SPECTRAL_SCORE; matrix++) {
            kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
            o.choose = rule;
            o.matrix = matrix;
            o.most = 12;
            o.restarts = 1;
            kith_partition *p = cluster(graph, &o);
            assert_int_equal(test_partition_figure(p, "k"), 5);
            kith_partition_free(p);
        }
    kith_partition_free(truth);
    kith_graph_free(graph);
}

static void the_gap_behind_a_chosen_k_is_told(void **state)
{
    kith_graph *graph = test_two_k4();
    kith_partition *p = cluster(graph, NULL);

    (void)state;
    assert_int_equal(kith_partition_communities(p), 2);
    assert_near(test_partition_figure(p, "gap"), 0.886618 + 0.083333, 1e-6);
    for (int64_t v = 0; v < 8; v++) assert_int_equal(kith_partition_labels(p)[v], v / 4);
    kith_partition_free(p);
    kith_graph_free(graph);
}

/* ---- Pieces ---- */

/* As many as can be found, and more than are looked for. */
static void pieces_are_communities_when_k_is_chosen(void **state)
{
    kith_graph *graph = test_cliques(7, 4, false);

    (void)state;
    for (int64_t most = 3; most <= 20; most += 17) {
        kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
        o.most = most;
        kith_partition *p = cluster(graph, &o);
        assert_int_equal(kith_partition_communities(p), 7);
        for (int64_t v = 0; v < 28; v++) assert_int_equal(kith_partition_labels(p)[v], v / 4);
        kith_partition_free(p);
    }
    kith_graph_free(graph);
}

/* Two large cliques, and many single edges that k leaves no eigenvector for. */
static void crumbs_do_not_join_large_pieces(void **state)
{
    int64_t pairs[2 * 28 + 100][2], edges = 0;

    (void)state;
    for (int64_t c = 0; c < 2; c++)
        for (int64_t i = 0; i < 8; i++)
            for (int64_t j = 0; j < i; j++, edges++) {
                pairs[edges][0] = 8 * c + i;
                pairs[edges][1] = 8 * c + j;
            }
    for (int64_t i = 0; i < 100; i++, edges++) {
        pairs[edges][0] = 16 + 2 * i;
        pairs[edges][1] = 17 + 2 * i;
    }
    kith_graph *graph = test_graph(216, edges, (const int64_t(*)[2])pairs, NULL);
    kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
    o.k = 2;
    kith_partition *p = cluster(graph, &o);
    const int64_t *labels = kith_partition_labels(p);
    assert_true(labels[0] != labels[8]);
    for (int64_t v = 0; v < 16; v++) assert_int_equal(labels[v], labels[v / 8 * 8]);
    kith_partition_free(p);
    kith_graph_free(graph);
}

static void fifty_thousand_isolated_nodes_change_nothing(void **state)
{
    enum { ALONE = 50000 };
    kith_partition *truth = NULL;
    kith_graph *graph = test_planted(400, 4, 16, 0.2, &truth), *more = NULL;
    const int64_t *offsets = kith_graph_offsets(graph);
    int64_t(*pairs)[2] = malloc((size_t)kith_graph_entries(graph) * sizeof *pairs), edges = 0;

    (void)state;
    for (int64_t v = 0; v < 400; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            if (u > v) continue;
            pairs[edges][0] = ALONE + u;
            pairs[edges++][1] = ALONE + v;
        }
    more = test_graph(ALONE + 400, edges, (const int64_t(*)[2])pairs, NULL);
    for (int matrix = 0; matrix <= KITH_SPECTRAL_SCORE; matrix++) {
        kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
        o.k = 4;
        o.matrix = matrix;
        kith_partition *p = cluster(graph, &o), *q = cluster(more, &o);
        assert_int_equal(kith_partition_unassigned(q), ALONE);
        assert_memory_equal(kith_partition_labels(p), kith_partition_labels(q) + ALONE,
                            400 * sizeof(int64_t));
        kith_partition_free(p);
        kith_partition_free(q);
    }
    kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
    kith_partition *p = cluster(more, &o);
    assert_int_equal(kith_partition_communities(p), ALONE + 4);
    kith_partition_free(p);
    free(pairs);
    kith_partition_free(truth);
    kith_graph_free(graph);
    kith_graph_free(more);
}

static void too_many_communities_are_refused(void **state)
{
    kith_graph *graph = test_karate(), *star = test_star(10);
    kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
    kith_partition *p = NULL;
    kith_error err = { 0 };

    (void)state;
    o.k = 35;
    assert_kith_fails(kith_spectral(graph, &o, &p, &err), KITH_E_ARGUMENT, "k is 35", err);
    o.k = 12;
    assert_kith_fails(kith_spectral(star, &o, &p, &err), KITH_E_ARGUMENT, "k is 12", err);
    kith_graph_free(graph);
    kith_graph_free(star);
}

/* ---- Public graphs ---- */

/* Errors on the nodes with edges. [Jin2015, table 2] reports 58 of 1222 for SCORE, [Qin2013] and
 * [Amini2013] about as few for theirs, where the usual normalised matrix fails. */
static void political_blogs_need_regularisation(void **state)
{
    static const struct {
        int matrix;
        double tau, accuracy;
    } known[] = { { KITH_SPECTRAL_SCORE, 1, 0.95 },
                  { KITH_SPECTRAL_DEGREES, 1, 0.94 },
                  { KITH_SPECTRAL_REGULARISED, 0.05, 0.95 } };
    kith_graph *graph = test_dataset("polblogs");

    (void)state;
    if (!graph) skip();
    int64_t *truth = test_dataset_labels("polblogs", graph);
    for (int i = 0; i < 3; i++) {
        kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
        o.k = 2;
        o.matrix = known[i].matrix;
        o.tau = known[i].tau;
        kith_partition *p = cluster(graph, &o);
        assert_true(test_agreement(p, truth).accuracy >= known[i].accuracy);
        kith_partition_free(p);
    }
    free(truth);
    kith_graph_free(graph);
}

/* Conferences of the football league: scikit-learn's SpectralClustering reaches NMI 0.92. */
static void football_conferences_are_found(void **state)
{
    kith_graph *graph = test_dataset("football");

    (void)state;
    if (!graph) skip();
    int64_t *truth = test_dataset_labels("football", graph);
    kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
    o.k = 12;
    kith_partition *p = cluster(graph, &o);
    assert_true(test_agreement(p, truth).nmi > 0.9);
    kith_partition_free(p);
    free(truth);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spectra_are_those_that_are_known),
        cmocka_unit_test(the_unnormalised_spectrum_of_a_ring_is_known),
        cmocka_unit_test(points_of_the_normalised_matrix_have_length_1),
        cmocka_unit_test(points_of_the_walk_are_its_eigenvectors),
        cmocka_unit_test(ratios_have_one_column_less_and_are_cut_off),
        cmocka_unit_test(every_matrix_finds_cliques),
        cmocka_unit_test(argmax_finds_pieces),
        cmocka_unit_test(planted_partitions_are_recovered),
        cmocka_unit_test(k_is_chosen_by_either_rule),
        cmocka_unit_test(the_gap_behind_a_chosen_k_is_told),
        cmocka_unit_test(pieces_are_communities_when_k_is_chosen),
        cmocka_unit_test(crumbs_do_not_join_large_pieces),
        cmocka_unit_test(fifty_thousand_isolated_nodes_change_nothing),
        cmocka_unit_test(too_many_communities_are_refused),
        cmocka_unit_test(political_blogs_need_regularisation),
        cmocka_unit_test(football_conferences_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
