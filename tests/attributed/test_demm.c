/* DEMM: the worked example of the method's report, exact solutions by NumPy. */
#include "relational_cases.h"

#include "attributed/conjugate.h"
#include "attributed/relational.h"

static kith_demm_options options_of(const problem *p)
{
    kith_demm_options o = KITH_DEMM_OPTIONS_INIT;

    o.relations = p->relations;
    o.features = p->features;
    o.width = 0;
    o.tolerance = 1e-13;
    return o;
}

static void the_worked_example_has_its_printed_digits(void **state)
{
    static const double traces[2][2] = { { 0.347556, 1.117227 }, { 0.356102, 1.283854 } };
    static const double weights[2][2] = { { 0.699254, 0.300746 }, { 0.723802, 0.276198 } };
    problem p = problem_worked();
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < 2; i++) {
        kith_demm_options o = options_of(&p);
        kith_partition *partition = NULL;
        o.k = 2;
        o.alpha = 2;
        o.beta = 1;
        o.rounds = i ? 10 : 1;
        assert_kith(kith_demm(p.graph, &o, &partition, &err), err);
        assert_near(figure(partition, "weight_1"), weights[i][0], 5e-7);
        assert_near(figure(partition, "weight_2"), weights[i][1], 5e-7);
        assert_near(figure(partition, "energy"),
                    weights[i][0] * traces[i][0] + weights[i][1] * traces[i][1], 2e-6);
        kith_partition_free(partition);
    }
    problem_free(&p);
}

static void agrees(const problem *p)
{
    static const char *const names[] = { "weight_1", "weight_2", "weight_3" };
    kith_demm_options o = options_of(p);
    kith_partition *partition = NULL;
    kith_embedding *points = NULL;
    double numbers[GOLDEN_ROOM], energy = 0;
    kith_error err = { 0 };

    o.k = 6;
    assert_kith(kith_demm_embed(p->graph, &o, &points, &err), err);
    assert_int_equal(kith_embedding_spectrum(points), 6);
    assert_golden(p, "affinity", kith_embedding_eigenvalues(points), 6, 1e-7);
    assert_true(kith_embedding_converged(points));
    o.k = 3;
    assert_kith(kith_demm(p->graph, &o, &partition, &err), err);
    case_numbers(p, "exact", numbers);
    for (int64_t r = 0; r < p->count; r++) {
        assert_near(figure(partition, names[r]), numbers[r], 1e-8);
        energy += numbers[r] * numbers[p->count + r];
    }
    assert_near(figure(partition, "energy"), energy, 1e-7);
    kith_partition_free(partition);
    kith_embedding_free(points);
}

static void weights_and_affinities_are_those_of_numpy(void **state)
{
    (void)state;
    for_cases(agrees);
}

static void chooses_as_many_clusters_as_there_are_groups(void **state)
{
    problem p = problem_golden("weighted");
    kith_demm_options o = options_of(&p);
    kith_partition *partition = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_demm(p.graph, &o, &partition, &err), err); /* planted: three */
    assert_int_equal(kith_partition_communities(partition), 3);
    kith_partition_free(partition);
    problem_free(&p);
}

/* (shift I - A) H = X, columns of which are zero, or easy, or not. */
static void solutions_have_no_residual(void **state)
{
    enum { B = 3 };
    const kith_i_matrix_options matrix = { .matrix = KITH_I_NORMALISED, .loops_once = true };
    kith_graph *karate = test_karate();
    const int64_t n = kith_graph_nodes(karate);
    double *x = calloc((size_t)(n * B), sizeof *x), *h = calloc((size_t)(n * B), sizeof *h);
    double *y = calloc((size_t)(n * B), sizeof *y);
    kith_run run = KITH_RUN_INIT(kith_run);
    kith_i_operator a = { 0 };
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, &run);
    assert_kith(kith_i_graph_operator(karate, &matrix, 2, &poll, &a, &err), err);
    for (int64_t i = 0; i < n; i++) {
        x[i * B + 1] = i == 5;
        x[i * B + 2] = sin((double)i);
    }
    for (double shift = 1.001; shift < 100; shift *= 4) {
        assert_kith(kith_i_conjugate(&a, shift, B, x, 1e-12, &poll, h, &err), err);
        assert_kith(a.apply(&a, B, h, y, &poll, &err), err);
        for (int64_t i = 0; i < n * B; i++) assert_near(shift * h[i] - y[i], x[i], 1e-10);
    }
    kith_i_operator_clear(&a);
    kith_graph_free(karate);
    free(x);
    free(h);
    free(y);
}

static void refuses_what_it_cannot_do_without(void **state)
{
    kith_demm_options o = KITH_DEMM_OPTIONS_INIT;
    kith_graph *karate = test_karate();
    kith_partition *partition = NULL;
    kith_embedding *points = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_demm(karate, &o, &partition, &err), KITH_E_ARGUMENT, "features", err);
    assert_kith_fails(kith_demm_embed(karate, &o, &points, &err), KITH_E_ARGUMENT, "features", err);
    assert_kith_fails(kith_demm(NULL, &o, &partition, &err), KITH_E_ARGUMENT, "graph", err);
    kith_graph_free(karate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_has_its_printed_digits),
        cmocka_unit_test(weights_and_affinities_are_those_of_numpy),
        cmocka_unit_test(chooses_as_many_clusters_as_there_are_groups),
        cmocka_unit_test(solutions_have_no_residual),
        cmocka_unit_test(refuses_what_it_cannot_do_without),
    };

    return cmocka_run_group_tests_name("demm", tests, NULL, NULL);
}
