/* Similarity fusion: graphs and points by NumPy, blocks that it recovers, published results. */
#include "relational_cases.h"

#include "attributed/similar.h"

static kith_graph *similar(const kith_graph *graph, const kith_features *features,
                           kith_i_similar_options o)
{
    const kith_run run = KITH_RUN_INIT(kith_run);
    kith_graph *out = NULL;
    kith_i_scaled scaled;
    kith_i_poll poll;
    kith_error err = { 0 };

    o.threads = 2;
    kith_i_poll_start(&poll, &run);
    assert_kith(kith_i_scaled_new(features, false, true, 2, &poll, &scaled, &err), err);
    assert_kith(kith_i_similar(graph, &scaled, &o, &poll, &out, &err), err);
    kith_i_scaled_clear(&scaled);
    return out;
}

/* The same features, sparse. */
static kith_features *sparse_of(const problem *p)
{
    int64_t offsets[128] = { 0 }, columns[GOLDEN_ROOM];
    double values[GOLDEN_ROOM];
    kith_features *out = NULL;
    kith_error err = { 0 };

    for (int64_t i = 0; i < p->n; i++) {
        kith_features_row(p->features, i, values + i * p->d);
        for (int64_t j = 0; j < p->d; j++) columns[i * p->d + j] = j;
        offsets[i + 1] = (i + 1) * p->d;
    }
    assert_kith(kith_features_from_csr(p->n, p->d, offsets, columns, values, NULL, &out, &err),
                err);
    return out;
}

static void has_the_edges_of_numpy(const problem *p)
{
    const kith_graph *first = kith_relations_graph(p->relations, 0);
    const kith_i_similar_options o = { .neighbours = 7, .feature_weight = 0.5 };
    kith_features *sparse = sparse_of(p);
    double numbers[GOLDEN_ROOM];
    const int64_t count = case_numbers(p, "similar", numbers) / 2;

    for (int i = 0; i < 2; i++) {
        kith_graph *g = similar(first, i ? sparse : p->features, o);
        int64_t at = 0;
        assert_int_equal(kith_graph_entries(g), count);
        for (int64_t v = 0; v < p->n; v++)
            for (int64_t e = kith_graph_offsets(g)[v]; e < kith_graph_offsets(g)[v + 1];
                 e++, at++) {
                assert_int_equal(v, (int64_t)numbers[2 * at]);
                assert_int_equal(kith_graph_targets(g)[e], (int64_t)numbers[2 * at + 1]);
            }
        kith_graph_free(g);
    }
    kith_features_free(sparse);
}

static void similar_nodes_are_those_of_numpy(void **state)
{
    (void)state;
    for_cases(has_the_edges_of_numpy);
}

static void has_the_points_of_numpy(const problem *p)
{
    kith_similarity_fusion_options o = KITH_SIMILARITY_FUSION_OPTIONS_INIT;
    kith_embedding *points = NULL;
    kith_error err = { 0 };

    o.relations = p->relations;
    o.features = p->features;
    o.neighbours = 7;
    o.feature_weight = 0.5;
    o.hops = 3;
    o.width = 0;
    assert_kith(kith_similarity_fusion_embed(p->graph, &o, &points, &err), err);
    assert_golden(p, "fusion", kith_embedding_values(points), p->n * p->d, 1e-8);
    kith_embedding_free(points);
}

static void points_are_those_of_numpy(void **state)
{
    (void)state;
    for_cases(has_the_points_of_numpy);
}

static void the_blocks_of_disjoint_cliques_are_recovered(void **state)
{
    kith_graph *graph = test_cliques(5, 6, false);
    double x[30] = { 0 };
    kith_features *features = NULL;
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < 30; i++) x[i] = 1;
    assert_kith(kith_features_from_dense(30, 1, x, NULL, &features, &err), err);
    for (int64_t k = 6; k <= 12; k += 6) { /* nodes that are not similar are not filled in */
        kith_graph *g = similar(graph, features, (kith_i_similar_options){ .neighbours = k });
        assert_int_equal(kith_graph_entries(g), 30 * 6);
        for (int64_t v = 0; v < 30; v++)
            for (int64_t e = 0; e < 6; e++)
                assert_int_equal(kith_graph_targets(g)[6 * v + e], v / 6 * 6 + e);
        kith_graph_free(g);
    }
    kith_features_free(features);
    kith_graph_free(graph);
}

static void ties_go_to_the_lower_node(void **state)
{
    kith_graph *graph = test_graph(6, 0, NULL, NULL);
    double x[] = { 1, 1, 1, 1, 1, 1 };
    kith_features *features = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_features_from_dense(6, 1, x, NULL, &features, &err), err);
    kith_graph *g =
        similar(graph, features, (kith_i_similar_options){ .neighbours = 3, .feature_weight = 1 });
    for (int64_t v = 0; v < 6; v++) { /* 0, 1 and 2, and the node itself */
        const int64_t begin = kith_graph_offsets(g)[v], end = kith_graph_offsets(g)[v + 1];
        assert_int_equal(end - begin, v < 3 ? 3 : 4);
        for (int64_t j = 0; j < 3; j++) assert_int_equal(kith_graph_targets(g)[begin + j], j);
        if (v >= 3) assert_int_equal(kith_graph_targets(g)[end - 1], v);
    }
    kith_graph_free(g);
    kith_features_free(features);
    kith_graph_free(graph);
}

static void without_hops_points_are_the_features_at_length_one(void **state)
{
    kith_similarity_fusion_options o = KITH_SIMILARITY_FUSION_OPTIONS_INIT;
    problem p = problem_golden("plain");
    kith_embedding *points = NULL;
    double row[64];
    kith_error err = { 0 };

    (void)state;
    o.features = p.features;
    o.relations = p.relations;
    o.hops = o.width = 0;
    assert_kith(kith_similarity_fusion_embed(p.graph, &o, &points, &err), err);
    for (int64_t i = 0; i < p.n; i++) {
        double square = 0;
        kith_features_row(p.features, i, row);
        for (int64_t j = 0; j < p.d; j++) square += row[j] * row[j];
        for (int64_t j = 0; j < p.d; j++)
            assert_near(kith_embedding_values(points)[i * p.d + j], row[j] / sqrt(square), 1e-14);
    }
    kith_embedding_free(points);
    problem_free(&p);
}

static void finds_the_groups_that_were_planted(void **state)
{
    kith_similarity_fusion_options o = KITH_SIMILARITY_FUSION_OPTIONS_INIT;
    problem p = problem_golden("plain");
    kith_partition *given = NULL, *chosen = NULL;
    kith_error err = { 0 };

    (void)state;
    o.relations = p.relations;
    o.features = p.features;
    o.neighbours = 7;
    o.k = 3;
    assert_kith(kith_similarity_fusion(p.graph, &o, &given, &err), err);
    o.k = 0;
    assert_kith(kith_similarity_fusion(p.graph, &o, &chosen, &err), err);
    test_assert_same(given, chosen);
    o.k = 25;
    kith_partition *none = NULL;
    assert_kith_fails(kith_similarity_fusion(p.graph, &o, &none, &err), KITH_E_ARGUMENT, "k is 25",
                      err);
    o.features = NULL;
    assert_kith_fails(kith_similarity_fusion(p.graph, &o, &none, &err), KITH_E_ARGUMENT, "features",
                      err);
    kith_partition_free(given);
    kith_partition_free(chosen);
    problem_free(&p);
}

static void results_on_acm_are_reached(void **state)
{
    static const char *const relations[] = { "graph_PSP", "graph_PAP", NULL };
    kith_similarity_fusion_options o = KITH_SIMILARITY_FUSION_OPTIONS_INIT;
    kith_partition *partition = NULL;
    double scores[3] = { 0 };
    problem p;
    kith_error err = { 0 };

    (void)state;
    if (problem_dataset(&p, "acm", relations, true)) {
        o.relations = p.relations;
        o.features = p.features;
        o.k = 3;
        assert_kith(kith_similarity_fusion(p.graph, &o, &partition, &err), err);
        add_scores(&p, partition, scores);
        assert_true(scores[0] >= 0.89);
        assert_true(scores[1] >= 0.675);
        assert_true(scores[2] >= 0.70);
    }
    problem_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(similar_nodes_are_those_of_numpy),
        cmocka_unit_test(points_are_those_of_numpy),
        cmocka_unit_test(the_blocks_of_disjoint_cliques_are_recovered),
        cmocka_unit_test(ties_go_to_the_lower_node),
        cmocka_unit_test(without_hops_points_are_the_features_at_length_one),
        cmocka_unit_test(finds_the_groups_that_were_planted),
        cmocka_unit_test(results_on_acm_are_reached),
    };

    return cmocka_run_group_tests_name("similarity_fusion", tests, NULL, NULL);
}
