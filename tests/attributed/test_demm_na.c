/* DEMM-NA: weights by NumPy, disjoint groups, the number of vectors. */
#include "relational_cases.h"

static kith_partition *cluster(const problem *p, const kith_demm_na_options *options)
{
    kith_demm_na_options o = *options;
    kith_partition *partition = NULL;
    kith_error err = { 0 };

    o.relations = p->relations;
    assert_kith(kith_demm_na(p->graph, &o, &partition, &err), err);
    return partition;
}

static void agrees(const problem *p)
{
    static const char *const names[] = { "weight_1", "weight_2", "weight_3" };
    kith_demm_na_options o = KITH_DEMM_NA_OPTIONS_INIT;
    double numbers[GOLDEN_ROOM], energy = 0;

    o.k = 3;
    o.tolerance = 1e-12;
    kith_partition *partition = cluster(p, &o);
    case_numbers(p, "vectors", numbers);
    for (int64_t r = 0; r < p->count; r++) {
        assert_near(figure(partition, names[r]), numbers[r], 1e-7);
        energy += numbers[r] * numbers[p->count + r];
    }
    assert_near(figure(partition, "energy"), energy, 1e-6);
    kith_partition_free(partition);
}

static void weights_are_those_of_numpy(void **state)
{
    (void)state;
    for_cases(agrees);
}

/* Four cliques in both relations, apart in one and in a ring in the other. */
static problem cliques(void)
{
    problem p = { .name = "cliques" };

    problem_add(&p, "apart", test_cliques(4, 8, false));
    problem_add(&p, "ring", test_cliques(4, 8, true));
    problem_finish(&p, NULL);
    return p;
}

static void cliques_are_a_cluster_each(void **state)
{
    kith_demm_na_options o = KITH_DEMM_NA_OPTIONS_INIT;
    problem p = cliques();

    (void)state;
    for (o.k = 0; o.k <= 4; o.k += 4) {
        kith_partition *partition = cluster(&p, &o);
        assert_int_equal(kith_partition_communities(partition), 4);
        for (int64_t v = 0; v < 32; v++)
            assert_int_equal(kith_partition_labels(partition)[v], v / 8);
        kith_partition_free(partition);
    }
    problem_free(&p);
}

static void there_are_as_many_vectors_as_clusters_or_as_asked_for(void **state)
{
    kith_demm_na_options o = KITH_DEMM_NA_OPTIONS_INIT;
    problem p = cliques();
    kith_embedding *points = NULL;
    kith_error err = { 0 };

    (void)state;
    o.relations = p.relations;
    o.k = 4;
    assert_kith(kith_demm_na_embed(p.graph, &o, &points, &err), err);
    assert_int_equal(kith_embedding_dimensions(points), 8);
    assert_true(kith_embedding_converged(points));
    kith_embedding_free(points);
    o.width = 7;
    assert_kith(kith_demm_na_embed(p.graph, &o, &points, &err), err);
    assert_int_equal(kith_embedding_dimensions(points), 14);
    kith_embedding_free(points);
    problem_free(&p);
}

static void nodes_without_edges_are_left_out(void **state)
{
    static const int64_t pairs[][2] = {
        { 0, 1 }, { 1, 2 }, { 0, 2 }, { 3, 4 }, { 4, 5 }, { 3, 5 }
    };
    kith_demm_na_options o = KITH_DEMM_NA_OPTIONS_INIT;
    kith_graph *graph = test_graph(7, 6, pairs, NULL);
    kith_partition *given = NULL, *chosen = NULL;
    kith_error err = { 0 };

    (void)state;
    o.k = 2;
    assert_kith(kith_demm_na(graph, &o, &given, &err), err);
    assert_int_equal(kith_partition_unassigned(given), 1);
    assert_int_equal(kith_partition_labels(given)[6], -1);
    o.k = 0;
    assert_kith(kith_demm_na(graph, &o, &chosen, &err), err);
    assert_int_equal(kith_partition_communities(chosen), 3);
    o.k = 7;
    kith_partition *none = NULL;
    assert_kith_fails(kith_demm_na(graph, &o, &none, &err), KITH_E_ARGUMENT, "k is 7", err);
    assert_kith_fails(kith_demm_na(NULL, &o, &none, &err), KITH_E_ARGUMENT, "graph", err);
    kith_partition_free(given);
    kith_partition_free(chosen);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_those_of_numpy),
        cmocka_unit_test(cliques_are_a_cluster_each),
        cmocka_unit_test(there_are_as_many_vectors_as_clusters_or_as_asked_for),
        cmocka_unit_test(nodes_without_edges_are_left_out),
    };

    return cmocka_run_group_tests_name("demm_na", tests, NULL, NULL);
}
