/* Eigenpairs of matrices of graphs: closed forms, a dense solver, graphs in pieces. */
#include "support/graphs.h"

#include "linalg/dense.h"
#include "linalg/eigen.h"

#include <stdlib.h>

static kith_i_poll poll; /* without limits */

static kith_i_eigen solve(const kith_graph *graph, kith_i_matrix_options matrix, int64_t count)
{
    const kith_i_eigen_options o = { .count = count, .tolerance = 1e-11, .seed = 1 };
    kith_i_eigen out;
    kith_error err = { 0 };

    assert_kith(kith_i_graph_eigen(graph, &matrix, &o, 1, &poll, &out, NULL, &err), err);
    return out;
}

/* The matrix, from products with unit vectors. */
static double *written_out(const kith_graph *graph, kith_i_matrix_options matrix)
{
    const int64_t n = kith_graph_nodes(graph);
    double *x = calloc((size_t)(n * n), sizeof *x), *a = calloc((size_t)(n * n), sizeof *a);
    kith_i_operator op;
    kith_error err = { 0 };

    for (int64_t i = 0; i < n; i++) x[i * n + i] = 1;
    assert_kith(kith_i_graph_operator(graph, &matrix, 1, &poll, &op, &err), err);
    assert_kith(op.apply(&op, n, x, a, &poll, &err), err);
    kith_i_operator_clear(&op);
    free(x);
    return a;
}

static bool largest(kith_i_matrix matrix)
{
    return matrix != KITH_I_LAPLACIAN && matrix != KITH_I_SIGNED_LAPLACIAN &&
           matrix != KITH_I_BETHE_HESSIAN;
}

/* The pairs are pairs, in order, orthonormal, and say how good they are. */
static void expect_pairs(const kith_graph *graph, kith_i_matrix_options matrix,
                         const kith_i_eigen *e, double tolerance)
{
    const int64_t n = e->n, k = e->count;
    double *y = calloc((size_t)(n * k), sizeof *y);
    kith_i_operator a;
    kith_error err = { 0 };

    assert_true(e->converged);
    assert_kith(kith_i_graph_operator(graph, &matrix, 1, &poll, &a, &err), err);
    assert_kith(a.apply(&a, k, e->vectors, y, &poll, &err), err);
    for (int64_t c = 0; c < k; c++) {
        double square = 0;
        for (int64_t i = 0; i < n; i++) {
            const double r = y[i * k + c] - e->values[c] * e->vectors[i * k + c];
            square += r * r;
        }
        assert_true(sqrt(square) <= tolerance);
        if (matrix.matrix != KITH_I_WALK)
            assert_near(sqrt(square), e->residuals[c], tolerance / 10);
        if (c)
            assert_true(largest(matrix.matrix) ? e->values[c] <= e->values[c - 1] + 1e-12
                                               : e->values[c] >= e->values[c - 1] - 1e-12);
        for (int64_t d = 0; d <= c && matrix.matrix != KITH_I_WALK; d++) {
            double dot = 0;
            for (int64_t i = 0; i < n; i++) dot += e->vectors[i * k + c] * e->vectors[i * k + d];
            assert_near(dot, c == d, 1e-9);
        }
    }
    kith_i_operator_clear(&a);
    free(y);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The count pairs are those of these n eigenvalues that lie at the matrix's end. */
static void expect_values(const kith_graph *graph, kith_i_matrix_options matrix, double *values,
                          int64_t n, int64_t count)
{
    kith_i_eigen e = solve(graph, matrix, count);

    qsort(values, (size_t)n, sizeof *values, ascending);
    for (int64_t c = 0; c < count; c++)
        assert_near(e.values[c], largest(matrix.matrix) ? values[n - 1 - c] : values[c], 1e-10);
    expect_pairs(graph, matrix, &e, 1e-9);
    kith_i_eigen_clear(&e);
}

/* ---- Closed forms ---- */

static void paths_and_cycles_have_cosines(void **state)
{
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };
    const kith_i_matrix_options adjacency = { .matrix = KITH_I_ADJACENCY };
    const int64_t sizes[] = { 3, 10, 57, 500 };
    double values[500];

    (void)state;
    for (int i = 0; i < 4; i++) {
        const int64_t n = sizes[i], k = n < 8 ? n : 8;
        kith_graph *path = test_path(n), *cycle = test_ring(n);
        for (int64_t j = 0; j < n; j++) values[j] = 2 - 2 * cos(M_PI * (double)j / (double)n);
        expect_values(path, laplacian, values, n, k);
        for (int64_t j = 0; j < n; j++)
            values[j] = 2 * cos(M_PI * (double)(j + 1) / (double)(n + 1));
        expect_values(path, adjacency, values, n, k);
        for (int64_t j = 0; j < n; j++) values[j] = cos(M_PI * (double)j / (double)(n - 1));
        expect_values(path, normalised, values, n, k);
        for (int64_t j = 0; j < n; j++) values[j] = 2 - 2 * cos(2 * M_PI * (double)j / (double)n);
        expect_values(cycle, laplacian, values, n, k);
        for (int64_t j = 0; j < n; j++) values[j] = cos(2 * M_PI * (double)j / (double)n);
        expect_values(cycle, normalised, values, n, k);
        kith_graph_free(path);
        kith_graph_free(cycle);
    }
}

/* A graph of edges (i, j) for which joined(i, j). */
static kith_graph *graph_where(int64_t n, bool (*joined)(int64_t, int64_t, int64_t), int64_t size)
{
    int64_t(*pairs)[2] = calloc((size_t)(n * n), sizeof *pairs), edges = 0;

    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i + 1; j < n; j++)
            if (joined(i, j, size)) {
                pairs[edges][0] = i;
                pairs[edges++][1] = j;
            }
    kith_graph *graph = test_graph(n, edges, (const int64_t(*)[2])pairs, NULL);
    free(pairs);
    return graph;
}

static bool on_a_grid(int64_t i, int64_t j, int64_t width)
{
    return j == i + width || (j == i + 1 && j % width);
}

static bool across(int64_t i, int64_t j, int64_t left)
{
    return i < left && j >= left;
}

static bool one_bit_apart(int64_t i, int64_t j, int64_t unused)
{
    (void)unused;
    return !((i ^ j) & ((i ^ j) - 1));
}

static void grids_have_sums_of_cosines(void **state)
{
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    const int64_t sizes[][2] = { { 4, 3 }, { 13, 11 }, { 20, 40 } };
    double values[800];

    (void)state;
    for (int s = 0; s < 3; s++) {
        const int64_t width = sizes[s][0], height = sizes[s][1], n = width * height;
        kith_graph *graph = graph_where(n, on_a_grid, width);
        for (int64_t i = 0; i < n; i++)
            values[i] = 4 - 2 * cos(M_PI * (double)(i % width) / (double)width) -
                        2 * cos(M_PI * (double)(i / width) / (double)height);
        expect_values(graph, laplacian, values, n, 10);
        kith_graph_free(graph);
    }
}

static void complete_bipartite_graphs_have_two_sizes(void **state)
{
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };
    const kith_i_matrix_options adjacency = { .matrix = KITH_I_ADJACENCY };
    enum { A = 5, B = 8, N = A + B };
    kith_graph *graph = graph_where(N, across, A);
    double values[N];

    (void)state;
    for (int i = 0; i < N; i++) values[i] = i == 0 ? 0 : i < A ? B : i < N - 1 ? A : N;
    expect_values(graph, laplacian, values, N, N);
    for (int i = 0; i < N; i++) values[i] = i == 0 ? 1 : i == 1 ? -1 : 0;
    expect_values(graph, normalised, values, N, N);
    for (int i = 0; i < N; i++) values[i] = i == 0 ? sqrt(A * B) : i == 1 ? -sqrt(A * B) : 0;
    expect_values(graph, adjacency, values, N, N);
    kith_graph_free(graph);
}

static void hypercubes_count_bits(void **state)
{
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };
    double values[256];

    (void)state;
    for (int d = 2; d <= 8; d += 3) {
        const int64_t n = 1 << d;
        kith_graph *graph = graph_where(n, one_bit_apart, 0);
        for (int64_t i = 0; i < n; i++) values[i] = 2 * __builtin_popcountll((uint64_t)i);
        expect_values(graph, laplacian, values, n, d + 1);
        for (int64_t i = 0; i < n; i++) values[i] = 1 - 2.0 * __builtin_popcountll((uint64_t)i) / d;
        expect_values(graph, normalised, values, n, d + 1);
        kith_graph_free(graph);
    }
}

/* specs/base-algorithms.md, section 9; with tau the mean degree. */
static void two_cliques_and_a_bridge_have_published_values(void **state)
{
    const kith_i_matrix_options plain = { .matrix = KITH_I_NORMALISED };
    const kith_i_matrix_options regularised = { .matrix = KITH_I_NORMALISED, .uniform = 3.25 };
    kith_graph *graph = test_two_k4();
    kith_i_eigen e = solve(graph, plain, 3);

    (void)state;
    assert_near(e.values[0], 1, 1e-12);
    assert_near(e.values[1], 0.886618, 5e-7);
    assert_near(e.values[2], -0.083333, 5e-7);
    kith_i_eigen_clear(&e);
    e = solve(graph, regularised, 3);
    assert_near(e.values[0], 1, 1e-12);
    assert_near(e.values[1], 0.435465, 5e-7);
    assert_near(e.values[2], -0.04, 5e-7);
    kith_i_eigen_clear(&e);
    kith_graph_free(graph);
}

/* The same: r = sqrt(sum k^2 / sum k - 1). */
static void the_bethe_hessian_of_the_karate_club_has_two_negative_values(void **state)
{
    const kith_i_matrix_options bethe = { .matrix = KITH_I_BETHE_HESSIAN, .r = 2.601775 };
    const kith_i_matrix_options against = { .matrix = KITH_I_BETHE_HESSIAN, .r = -2.601775 };
    kith_graph *graph = test_karate();
    kith_i_eigen e = solve(graph, bethe, 3);

    (void)state;
    assert_near(e.values[0], -3.6278, 5e-5);
    assert_near(e.values[1], -0.0095, 5e-5);
    assert_true(e.values[2] > 0);
    kith_i_eigen_clear(&e);
    e = solve(graph, against, 1);
    assert_true(e.values[0] > 0);
    kith_i_eigen_clear(&e);
    kith_graph_free(graph);
}

/* ---- Inverses ---- */

static void long_paths_and_cycles_are_solved_by_their_inverse(void **state)
{
    enum { N = 5000, K = 9 };
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };
    kith_graph *path = test_path(N), *cycle = test_ring(N);
    kith_i_eigen e[4] = { solve(path, laplacian, K), solve(path, normalised, K),
                          solve(cycle, laplacian, K), solve(cycle, normalised, K) };

    (void)state;
    for (int j = 0; j < K; j++) {
        const double twice = 2 * M_PI * (double)((j + 1) / 2) / N;
        assert_near(e[0].values[j], 2 - 2 * cos(M_PI * j / N), 1e-14);
        assert_near(e[1].values[j], cos(M_PI * j / (N - 1)), 1e-14);
        assert_near(e[2].values[j], 2 - 2 * cos(twice), 1e-14);
        assert_near(e[3].values[j], cos(twice), 1e-14);
    }
    for (int i = 0; i < 4; i++) {
        expect_pairs(i < 2 ? path : cycle, i % 2 ? normalised : laplacian, &e[i], 1e-11);
        if (strcmp(e[i].method, "inverse") != 0) skip(); /* built without CHOLMOD */
    }
    for (int i = 0; i < 4; i++) kith_i_eigen_clear(&e[i]);
    kith_graph_free(path);
    kith_graph_free(cycle);
}

/* Of a random graph a factor fills up. */
static void graphs_that_fall_into_no_parts_are_not_factored(void **state)
{
    const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };
    const test_random what = { .nodes = 2500, .density = 0.02, .seed = 5 };
    kith_graph *graph = test_random_graph(&what);
    kith_i_eigen e = solve(graph, normalised, 3);

    (void)state;
    assert_string_not_equal(e.method, "inverse");
    expect_pairs(graph, normalised, &e, 1e-10);
    kith_i_eigen_clear(&e);
    kith_graph_free(graph);
}

typedef struct {
    int left; /* calls until it stops */
} patience;

static int lose_patience(const kith_progress *progress, void *payload)
{
    patience *p = payload;

    (void)progress;
    return p->left-- <= 0;
}

static void a_solve_is_cancelled_wherever_it_is(void **state)
{
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    const kith_i_eigen_options o = { .count = 4, .tolerance = 1e-9, .seed = 1 };
    kith_graph *graph = test_path(1500);
    kith_status status = KITH_E_CANCELLED;
    kith_error err = { 0 };

    (void)state;
    for (int calls = 0; status != KITH_OK; calls = calls < 40 ? calls + 1 : calls * 5 / 4) {
        kith_run run = KITH_RUN_INIT(kith_run);
        patience p = { calls };
        kith_i_poll impatient;
        kith_i_eigen e;
        run.progress = lose_patience;
        run.payload = &p;
        run.interval = 0;
        kith_i_poll_start(&impatient, &run);
        status = kith_i_graph_eigen(graph, &laplacian, &o, 1, &impatient, &e, NULL, &err);
        assert_true(status == KITH_OK || (status == KITH_E_CANCELLED && !e.vectors));
        kith_i_eigen_clear(&e);
    }
    kith_graph_free(graph);
}

static void threads_give_the_same_pairs(void **state)
{
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    const kith_i_eigen_options o = { .count = 6, .tolerance = 1e-9, .seed = 1 };
    kith_graph *graph = graph_where(2000, on_a_grid, 40);
    kith_i_eigen e, other;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_graph_eigen(graph, &laplacian, &o, 1, &poll, &e, NULL, &err), err);
    assert_kith(kith_i_graph_eigen(graph, &laplacian, &o, 3, &poll, &other, NULL, &err), err);
    assert_memory_equal(e.values, other.values, 6 * sizeof *e.values);
    assert_memory_equal(e.vectors, other.vectors, 2000 * 6 * sizeof *e.vectors);
    kith_i_eigen_clear(&e);
    kith_i_eigen_clear(&other);
    kith_graph_free(graph);
}

/* ---- Pieces ---- */

static const kith_i_matrix_options kinds[] = {
    { .matrix = KITH_I_ADJACENCY },
    { .matrix = KITH_I_LAPLACIAN },
    { .matrix = KITH_I_NORMALISED },
    { .matrix = KITH_I_NORMALISED, .uniform = 1.5 },
    { .matrix = KITH_I_NORMALISED, .degree = 2.5 },
    { .matrix = KITH_I_NORMALISED, .uniform = 0.5, .degree = 1 },
    { .matrix = KITH_I_MODULARITY, .resolution = 1 },
    { .matrix = KITH_I_BETHE_HESSIAN, .r = 5.25 },
    { .matrix = KITH_I_SIGNED_LAPLACIAN },
    { .matrix = KITH_I_NORMALISED, .add_identity = true },
    { .matrix = KITH_I_LAPLACIAN, .loops_once = true },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void graphs_in_pieces_have_the_values_of_a_dense_solver(void **state)
{
    enum { N = 40 };
    kith_error err = { 0 };
    double values[N];

    (void)state;
    for (int which = 0; which < 12; which++) {
        const test_random what = { .nodes = N,
                                   .density = 0.02 * (which / 4 + 1),
                                   .weighted = which & 1,
                                   .loops = which & 2,
                                   .seed = (uint64_t)which };
        kith_graph *graph = test_random_graph(&what);
        for (int k = 0; k < KINDS; k++) {
            const int64_t counts[] = { 1, 5, 23, N };
            double *a = written_out(graph, kinds[k]);
            assert_kith(kith_i_dense_eigen(N, a, values, &err), err);
            for (int c = 0; c < 4; c++) expect_values(graph, kinds[k], values, N, counts[c]);
            free(a);
        }
        kith_graph_free(graph);
    }
}

static void a_random_walk_has_the_values_of_the_normalised_matrix(void **state)
{
    const kith_i_matrix_options walk = { .matrix = KITH_I_WALK };
    const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };
    const test_random what = { .nodes = 40, .density = 0.05, .weighted = true, .seed = 3 };
    kith_graph *graph = test_random_graph(&what);
    kith_i_eigen e = solve(graph, walk, 40), other = solve(graph, normalised, 40);

    (void)state;
    for (int c = 0; c < 40; c++) assert_near(e.values[c], other.values[c], 1e-12);
    expect_pairs(graph, walk, &e, 1e-11);
    kith_i_eigen_clear(&e);
    kith_i_eigen_clear(&other);
    kith_graph_free(graph);
}

static void fifty_thousand_isolated_nodes_hide_nothing(void **state)
{
    enum { ISOLATED = 50000 };
    const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    const kith_i_eigen_options o = { .count = 4, .tolerance = 1e-11 };
    const int64_t shift = ISOLATED / 2; /* isolated nodes on both sides */
    kith_graph *two = test_two_k4(), *graph;
    int64_t pairs[16][2], edges = 0, components = 0;
    kith_i_eigen e;
    kith_error err = { 0 };

    (void)state;
    for (int64_t v = 0; v < 8; v++)
        for (int64_t i = kith_graph_offsets(two)[v]; i < kith_graph_offsets(two)[v + 1]; i++) {
            const int64_t to = kith_graph_targets(two)[i];
            if (to < v) continue;
            pairs[edges][0] = v + shift;
            pairs[edges++][1] = to + shift;
        }
    pairs[edges][0] = 1; /* and an edge by itself */
    pairs[edges++][1] = ISOLATED;
    graph = test_graph(ISOLATED + 8, edges, (const int64_t(*)[2])pairs, NULL);
    assert_kith(kith_i_graph_eigen(graph, &normalised, &o, 1, &poll, &e, &components, &err), err);
    assert_int_equal(components, ISOLATED);
    assert_near(e.values[0], 1, 1e-12);
    assert_near(e.values[1], 1, 1e-12);
    assert_near(e.values[2], 0.886618, 5e-7);
    assert_near(e.values[3], 0, 1e-12);
    assert_near(fabs(e.vectors[(shift + 3) * 4]), sqrt(4 / 26.0), 1e-12);
    assert_near(e.vectors[1 * 4 + 1], sqrt(0.5), 1e-12);
    assert_true(e.vectors[0 * 4 + 3] == 1); /* the first of the isolated nodes */
    expect_pairs(graph, normalised, &e, 1e-11);
    kith_i_eigen_clear(&e);
    e = solve(graph, laplacian, 10);
    for (int c = 0; c < 10; c++) assert_true(e.values[c] == 0);
    for (int i = 0; i < 8; i++) assert_near(e.vectors[(shift + i) * 10], sqrt(1 / 8.0), 1e-12);
    expect_pairs(graph, laplacian, &e, 1e-12);
    kith_i_eigen_clear(&e);
    kith_graph_free(two);
    kith_graph_free(graph);
}

/* As many components as pairs: each vector is 0 but on one of them. */
static void every_component_has_a_vector_of_its_own(void **state)
{
    const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };
    kith_graph *graph = test_cliques(5, 4, false);
    kith_i_eigen e = solve(graph, normalised, 5);

    (void)state;
    for (int c = 0; c < 5; c++) {
        assert_near(e.values[c], 1, 1e-12);
        for (int v = 0; v < 20; v++) assert_near(e.vectors[v * 5 + c], v / 4 == c ? 0.5 : 0, 1e-12);
    }
    kith_i_eigen_clear(&e);
    kith_graph_free(graph);
}

static void impossible_counts_are_refused(void **state)
{
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    kith_graph *graph = test_path(3);
    kith_i_eigen e;
    kith_error err = { 0 };

    (void)state;
    for (int64_t count = 0; count <= 4; count += 4) {
        const kith_i_eigen_options o = { .count = count, .tolerance = 1e-9 };
        assert_kith_fails(kith_i_graph_eigen(graph, &laplacian, &o, 1, &poll, &e, NULL, &err),
                          KITH_E_ARGUMENT, "expected 1 to 3", err);
        assert_null(e.values);
    }
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_and_cycles_have_cosines),
        cmocka_unit_test(grids_have_sums_of_cosines),
        cmocka_unit_test(complete_bipartite_graphs_have_two_sizes),
        cmocka_unit_test(hypercubes_count_bits),
        cmocka_unit_test(two_cliques_and_a_bridge_have_published_values),
        cmocka_unit_test(the_bethe_hessian_of_the_karate_club_has_two_negative_values),
        cmocka_unit_test(long_paths_and_cycles_are_solved_by_their_inverse),
        cmocka_unit_test(graphs_that_fall_into_no_parts_are_not_factored),
        cmocka_unit_test(a_solve_is_cancelled_wherever_it_is),
        cmocka_unit_test(threads_give_the_same_pairs),
        cmocka_unit_test(graphs_in_pieces_have_the_values_of_a_dense_solver),
        cmocka_unit_test(a_random_walk_has_the_values_of_the_normalised_matrix),
        cmocka_unit_test(fifty_thousand_isolated_nodes_hide_nothing),
        cmocka_unit_test(every_component_has_a_vector_of_its_own),
        cmocka_unit_test(impossible_counts_are_refused),
    };

    kith_i_poll_start(&poll, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
