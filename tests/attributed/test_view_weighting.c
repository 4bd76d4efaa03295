/* View weighting: points of a view by NumPy, what weights must be, published results. */
#include "relational_cases.h"

#include "core/random.h"

static void has_the_points_of_numpy(const problem *p)
{
    kith_view_weighting_options o = KITH_VIEW_WEIGHTING_OPTIONS_INIT;
    const int64_t n = p->n;
    kith_embedding *points = NULL;
    double numbers[GOLDEN_ROOM];
    kith_error err = { 0 };

    o.relations = p->relations;
    o.features = p->features;
    o.width = 3;
    o.k = 3;
    o.rounds = 0;
    assert_kith(kith_view_weighting_embed(p->graph, &o, &points, &err), err);
    const int64_t d = kith_embedding_dimensions(points);
    const double *x = kith_embedding_values(points);
    assert_int_equal(d, 3 * p->count);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            numbers[i * n + j] = 0;
            for (int64_t c = 0; c < 3; c++) numbers[i * n + j] += x[i * d + c] * x[j * d + c];
        }
    assert_golden(p, "view", numbers, n * n, 1e-6);
    kith_embedding_free(points);
}

static void points_of_a_view_are_those_of_numpy(void **state)
{
    (void)state;
    for_cases(has_the_points_of_numpy);
}

static kith_partition *cluster(const problem *p, const kith_view_weighting_options *options)
{
    kith_view_weighting_options o = *options;
    kith_partition *partition = NULL;
    kith_error err = { 0 };

    o.relations = p->relations;
    o.features = p->features;
    assert_kith(kith_view_weighting(p->graph, &o, &partition, &err), err);
    return partition;
}

/* Two cliques whose features differ on average, in several views; noisy ones join nodes at random.
 * */
static problem cliques(int clean, int noisy)
{
    static const char *const names[] = { "a", "b", "c", "d" };
    double x[24 * 2];
    problem p = { .name = "cliques", .d = 2 };

    for (int i = 0; i < 48; i++) {
        kith_i_random r = kith_i_random_at(7, 0, (uint64_t)i);
        x[i] = kith_i_random_unit(&r) + (i / 24 == i % 2 ? 0.4 : 0);
    }
    for (int v = 0; v < clean + noisy; v++) {
        const test_random what = { .nodes = 24, .density = 0.4, .seed = (uint64_t)v };
        problem_add(&p, names[v],
                    v < clean ? test_cliques(2, 12, false) : test_random_graph(&what));
    }
    problem_finish(&p, x);
    return p;
}

static void views_that_are_the_same_weigh_the_same(void **state)
{
    kith_view_weighting_options o = KITH_VIEW_WEIGHTING_OPTIONS_INIT;
    problem p = cliques(3, 0);

    (void)state;
    o.k = 2;
    kith_partition *partition = cluster(&p, &o);
    for (int64_t v = 0; v < 24; v++) assert_int_equal(kith_partition_labels(partition)[v], v / 12);
    assert_true(figure(partition, "weight_1") == 1);
    assert_true(figure(partition, "weight_2") == 1);
    assert_true(figure(partition, "weight_3") == 1);
    kith_partition_free(partition);
    problem_free(&p);
}

static void a_view_that_does_not_agree_weighs_less(void **state)
{
    kith_view_weighting_options o = KITH_VIEW_WEIGHTING_OPTIONS_INIT;
    problem p = cliques(2, 1);

    (void)state;
    o.k = 2;
    o.hops = 20;
    kith_partition *partition = cluster(&p, &o);
    for (int64_t v = 0; v < 24; v++) assert_int_equal(kith_partition_labels(partition)[v], v / 12);
    assert_true(figure(partition, "weight_1") == 1);
    assert_true(figure(partition, "weight_3") < 1);
    kith_partition_free(partition);
    o.power = 0;
    partition = cluster(&p, &o);
    assert_true(figure(partition, "weight_3") == 1);
    kith_partition_free(partition);
    problem_free(&p);
}

static void chooses_the_number_of_clusters(void **state)
{
    kith_view_weighting_options o = KITH_VIEW_WEIGHTING_OPTIONS_INIT;
    problem p = cliques(2, 0);
    kith_partition *partition = cluster(&p, &o), *none = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_int_equal(kith_partition_communities(partition), 2);
    o.features = p.features;
    o.k = 25;
    assert_kith_fails(kith_view_weighting(p.graph, &o, &none, &err), KITH_E_ARGUMENT, "k is 25",
                      err);
    o.features = NULL;
    assert_kith_fails(kith_view_weighting(p.graph, &o, &none, &err), KITH_E_ARGUMENT, "features",
                      err);
    kith_partition_free(partition);
    problem_free(&p);
}

static void results_on_acm_are_reached(void **state)
{
    static const char *const relations[] = { "graph_PSP", "graph_PAP", NULL };
    kith_view_weighting_options o = KITH_VIEW_WEIGHTING_OPTIONS_INIT;
    double scores[3] = { 0 };
    problem p;

    (void)state;
    if (problem_dataset(&p, "acm", relations, true)) {
        o.k = 3;
        add_scores(&p, cluster(&p, &o), scores);
        assert_true(scores[0] >= 0.89);
        assert_true(scores[1] >= 0.66);
        assert_true(scores[2] >= 0.70);
    }
    problem_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_of_a_view_are_those_of_numpy),
        cmocka_unit_test(views_that_are_the_same_weigh_the_same),
        cmocka_unit_test(a_view_that_does_not_agree_weighs_less),
        cmocka_unit_test(chooses_the_number_of_clusters),
        cmocka_unit_test(results_on_acm_are_reached),
    };

    return cmocka_run_group_tests_name("view_weighting", tests, NULL, NULL);
}
