/* Eigenpairs: closed forms, deflation, multiple eigenvalues, what a result says of itself. */
#include "support/graphs.h"
#include "support/operators.h"

#include "core/base.h"
#include "linalg/block.h"
#include "linalg/eigen.h"

#include <pthread.h>
#include <stdlib.h>

static const kith_i_eigen_method methods[] = { KITH_I_EIGEN_AUTO, KITH_I_EIGEN_DENSE,
                                               KITH_I_EIGEN_ARPACK, KITH_I_EIGEN_LANCZOS };

enum { METHODS = sizeof methods / sizeof *methods };

static kith_i_eigen_options options_of(int64_t count, kith_i_end end, double tolerance)
{
    return (kith_i_eigen_options){ .count = count, .end = end, .tolerance = tolerance, .seed = 1 };
}

static kith_i_eigen solve(const kith_i_operator *a, const kith_i_eigen_options *o)
{
    kith_i_poll poll = test_poll();
    kith_i_eigen e;
    kith_error err = { 0 };

    assert_kith(kith_i_eigen_solve(a, o, &poll, &e, &err), err);
    return e;
}

/* Orthonormal vectors, residuals as they are said to be, values in order. */
static void assert_pairs(const kith_i_operator *a, const kith_i_eigen_options *o,
                         const kith_i_eigen *e)
{
    const int64_t n = e->n, k = e->count;
    double *y = malloc((size_t)(n * k) * sizeof *y), *gram = malloc((size_t)(k * k) * sizeof *gram);
    kith_i_poll poll = test_poll();
    kith_error err = { 0 };

    assert_int_equal(n, a->rows);
    assert_int_equal(k, o->count);
    assert_kith(kith_i_block_gram(n, k, e->vectors, k, e->vectors, gram, 1, &err), err);
    for (int64_t i = 0; i < k; i++)
        for (int64_t j = 0; j < k; j++) assert_near(gram[i * k + j], i == j, 1e-9);
    assert_kith(a->apply(a, k, e->vectors, y, &poll, &err), err);
    for (int64_t j = 0; j < k; j++) {
        double squares = 0, largest = 0;
        for (int64_t i = 0; i < n; i++) {
            const double v = e->vectors[i * k + j];
            squares += pow(y[i * k + j] - e->values[j] * v, 2);
            if (fabs(v) > fabs(largest)) largest = v;
        }
        assert_near(e->residuals[j], sqrt(squares), 1e-12 + 1e-6 * sqrt(squares));
        assert_true(largest > 0);
        if (j > 0 && o->end == KITH_I_LARGEST) assert_true(e->values[j - 1] >= e->values[j]);
        if (j > 0 && o->end == KITH_I_SMALLEST) assert_true(e->values[j - 1] <= e->values[j]);
    }
    free(y);
    free(gram);
}

/* Every method finds these, to 1e-10. */
static void expect(const kith_i_operator *a, kith_i_end end, int64_t count, const double *values)
{
    for (int m = 0; m < METHODS; m++) {
        kith_i_eigen_options o = options_of(count, end, 1e-9);
        o.method = methods[m];
        kith_i_eigen e = solve(a, &o);
        if (!e.converged) fail_msg("%s did not converge", e.method);
        assert_pairs(a, &o, &e);
        for (int64_t j = 0; j < count; j++) assert_near(e.values[j], values[j], 1e-10);
        kith_i_eigen_clear(&e);
    }
}

static void eigenvalues_of_a_path_are_known(void **state)
{
    enum { N = 450, K = 5 };
    kith_graph *path = test_path(N);
    const kith_i_operator adjacency = test_adjacency(path, 1), laplacian = test_laplacian(path, 1);
    double largest[K], smallest[K], least[K];

    (void)state;
    for (int j = 0; j < K; j++) {
        largest[j] = 2 * cos((j + 1) * acos(-1.0) / (N + 1));
        smallest[j] = -largest[j];
        least[j] = 2 - 2 * cos(j * acos(-1.0) / N);
    }
    expect(&adjacency, KITH_I_LARGEST, K, largest);
    expect(&adjacency, KITH_I_SMALLEST, K, smallest);
    expect(&laplacian, KITH_I_SMALLEST, K, least);
    kith_graph_free(path);
}

static void the_whole_spectrum_of_a_small_operator_is_found(void **state)
{
    const double d[] = { 3, -1, 2, 2, 0, 7 };
    const double down[] = { 7, 3, 2, 2, 0, -1 }, up[] = { -1, 0, 2, 2, 3, 7 };
    const kith_i_operator a = test_diagonal(6, d, 1);

    (void)state;
    expect(&a, KITH_I_LARGEST, 6, down);
    expect(&a, KITH_I_SMALLEST, 6, up);
    expect(&a, KITH_I_SMALLEST, 1, up);
}

static void expect_by(kith_i_eigen_method method, const kith_i_operator *a, kith_i_end end,
                      int64_t count, const double *values)
{
    kith_i_eigen_options o = options_of(count, end, 1e-8);

    o.method = method;
    kith_i_eigen e = solve(a, &o);
    assert_true(e.converged);
    assert_pairs(a, &o, &e);
    for (int64_t j = 0; j < count; j++) assert_near(e.values[j], values[j], 1e-10);
    kith_i_eigen_clear(&e);
}

/* d - 2 j, as often as there are sets of j of d. */
static void every_vector_of_a_multiple_eigenvalue_is_found(void **state)
{
    enum { D = 10, N = 1 << D, K = 14 };
    int64_t(*pairs)[2] = malloc(N * D / 2 * sizeof *pairs), edges = 0;
    double largest[K] = { 10 }, smallest[K] = { -10 };

    (void)state;
    for (int64_t v = 0; v < N; v++)
        for (int64_t bit = 1; bit < N; bit <<= 1)
            if (!(v & bit)) {
                pairs[edges][0] = v;
                pairs[edges++][1] = v | bit;
            }
    for (int j = 1; j < K; j++) {
        largest[j] = j <= D ? 8 : 6;
        smallest[j] = -largest[j];
    }
    kith_graph *cube = test_graph(N, edges, (const int64_t(*)[2])pairs, NULL);
    const kith_i_operator a = test_adjacency(cube, 1);
    expect_by(KITH_I_EIGEN_LANCZOS, &a, KITH_I_LARGEST, K, largest);
    expect_by(KITH_I_EIGEN_LANCZOS, &a, KITH_I_SMALLEST, K, smallest);
    expect_by(KITH_I_EIGEN_LANCZOS, &a, KITH_I_LARGEST, 5, largest);
    expect_by(KITH_I_EIGEN_DENSE, &a, KITH_I_LARGEST, K, largest);
    kith_graph_free(cube);
    free(pairs);
}

/* Plus and minus the root of the product of the sides, and 0. */
static void a_complete_bipartite_graph_has_two_eigenvalues_beside_zero(void **state)
{
    enum { A = 300, B = 150 };
    int64_t(*pairs)[2] = malloc(A * B * sizeof *pairs);
    const double largest[] = { sqrt(A * B), 0, 0 }, smallest[] = { -sqrt(A * B), 0, 0 };

    (void)state;
    for (int64_t i = 0; i < A * B; i++) {
        pairs[i][0] = i / B;
        pairs[i][1] = A + i % B;
    }
    kith_graph *graph = test_graph(A + B, A * B, (const int64_t(*)[2])pairs, NULL);
    const kith_i_operator a = test_adjacency(graph, 1);
    expect_by(KITH_I_EIGEN_LANCZOS, &a, KITH_I_LARGEST, 3, largest);
    expect_by(KITH_I_EIGEN_LANCZOS, &a, KITH_I_SMALLEST, 3, smallest);
    kith_graph_free(graph);
    free(pairs);
}

static void operators_with_one_eigenvalue_have_it(void **state)
{
    enum { N = 500 };
    double d[N] = { 0 };
    const double zeros[] = { 0, 0, 0 }, threes[] = { 3, 3, 3 };
    const kith_i_operator a = test_diagonal(N, d, 1);

    (void)state;
    expect_by(KITH_I_EIGEN_LANCZOS, &a, KITH_I_LARGEST, 3, zeros);
    for (int i = 0; i < N; i++) d[i] = 3;
    expect_by(KITH_I_EIGEN_LANCZOS, &a, KITH_I_SMALLEST, 3, threes);
}

/* A filter that serves those near 1 leaves rounding of the others, and the other way round. */
static void values_of_very_different_sizes_are_found(void **state)
{
    enum { N = 2000, K = 8 };
    const double largest[K] = { 1e6, 1e5, 1e5, 2000, 30, 1.5, 1.2, 1 };
    double *d = malloc(N * sizeof *d);
    kith_i_eigen_options o = options_of(K, KITH_I_LARGEST, 1e-12);

    (void)state;
    for (int i = 0; i < N; i++) d[i] = i < K ? largest[i] : -(double)i / N;
    const kith_i_operator a = test_diagonal(N, d, 1);
    kith_i_eigen e = solve(&a, &o);
    assert_true(e.converged);
    assert_pairs(&a, &o, &e);
    for (int j = 0; j < K; j++) assert_near(e.values[j], largest[j], 1e-6);
    kith_i_eigen_clear(&e);
    free(d);
}

static void clusters_of_values_near_the_end_are_told_apart(void **state)
{
    enum { N = 3000, K = 6 };
    double *d = malloc(N * sizeof *d);

    (void)state;
    for (int i = 0; i < N; i++) d[i] = i < 12 ? 1 - 1e-4 * i : 0.9 * cos(i);
    const kith_i_operator a = test_diagonal(N, d, 1);
    expect_by(KITH_I_EIGEN_LANCZOS, &a, KITH_I_LARGEST, K, d);
    free(d);
}

/* Pairs beside the first two of a path's Laplacian, which are given. */
static void known_vectors_are_not_found_again(void **state)
{
    enum { N = 500, KNOWN = 2, K = 4 };
    kith_graph *path = test_path(N);
    const kith_i_operator laplacian = test_laplacian(path, 1);
    double *known = malloc(N * KNOWN * sizeof *known);

    (void)state;
    for (int i = 0; i < N; i++) {
        known[2 * i] = sqrt(1.0 / N);
        known[2 * i + 1] = sqrt(2.0 / N) * cos(acos(-1.0) * (i + 0.5) / N);
    }
    for (int m = 0; m < METHODS; m++)
        for (int end = 0; end < 2; end++) {
            kith_i_eigen_options o = options_of(K, end ? KITH_I_LARGEST : KITH_I_SMALLEST, 1e-9);
            o.method = methods[m];
            o.deflated = KNOWN;
            o.deflation = known;
            kith_i_eigen e = solve(&laplacian, &o);
            assert_true(e.converged);
            assert_pairs(&laplacian, &o, &e);
            for (int j = 0; j < K; j++) {
                const int which = end ? N - 1 - j : KNOWN + j;
                assert_near(e.values[j], 2 - 2 * cos(which * acos(-1.0) / N), 1e-10);
            }
            kith_i_eigen_clear(&e);
        }
    free(known);
    kith_graph_free(path);
}

static void more_pairs_than_there_are_cannot_be_had(void **state)
{
    const double d[] = { 1, 2, 3 }, u[] = { 1, 0, 0 };
    const kith_i_operator a = test_diagonal(3, d, 1), wide = test_matrix(1, 3, d, 1);
    kith_i_eigen_options o = options_of(4, KITH_I_LARGEST, 1e-9);
    kith_i_poll poll = test_poll();
    kith_i_eigen e;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_i_eigen_solve(&a, &o, &poll, &e, &err), KITH_E_ARGUMENT,
                      "4 eigenpairs were asked for (expected 1 to 3)", err);
    assert_null(e.vectors);
    o.count = 3;
    o.deflated = 1;
    o.deflation = u;
    assert_kith_fails(kith_i_eigen_solve(&a, &o, &poll, &e, &err), KITH_E_ARGUMENT,
                      "3 eigenpairs were asked for (expected 1 to 2)", err);
    assert_kith_fails(kith_i_eigen_solve(&wide, &o, &poll, &e, &err), KITH_E_ARGUMENT,
                      "as many columns as rows (3 and 1)", err);
}

/* Eigenvalues near 0 that are 1e-5 apart, and few products. */
static void a_solver_that_runs_out_of_products_says_so(void **state)
{
    enum { N = 1000 };
    kith_graph *path = test_path(N);
    const kith_i_operator laplacian = test_laplacian(path, 1);

    (void)state;
    for (int m = 2; m < METHODS; m++) {
        kith_i_eigen_options o = options_of(6, KITH_I_SMALLEST, 1e-10);
        o.method = methods[m];
        o.most = 200;
        kith_i_eigen e = solve(&laplacian, &o);
        assert_false(e.converged);
        assert_pairs(&laplacian, &o, &e);
        assert_true(e.products < 1000);
        kith_i_eigen_clear(&e);
    }
    kith_graph_free(path);
}

static void threads_give_the_same_bits(void **state)
{
    enum { N = 3000, K = 12 };
    kith_graph *graph = test_random_graph(&(test_random){ .nodes = N, .density = 0.01, .seed = 4 });

    (void)state;
    for (int m = 2; m < METHODS; m++) {
        kith_i_eigen_options o = options_of(K, KITH_I_LARGEST, 1e-8);
        kith_i_operator a = test_adjacency(graph, 1);
        o.method = methods[m];
        kith_i_eigen first = solve(&a, &o);
        assert_true(first.converged);
        for (int threads = 2; threads <= 4; threads *= 2) {
            a.threads = threads;
            kith_i_eigen e = solve(&a, &o);
            assert_memory_equal(e.values, first.values, K * sizeof *e.values);
            assert_memory_equal(e.vectors, first.vectors, N * K * sizeof *e.vectors);
            assert_memory_equal(e.residuals, first.residuals, K * sizeof *e.residuals);
            assert_int_equal(e.products, first.products);
            kith_i_eigen_clear(&e);
        }
        kith_i_eigen_clear(&first);
    }
    kith_graph_free(graph);
}

typedef struct {
    const kith_i_operator *a;
    kith_i_eigen_options options;
    kith_i_eigen alone;
    bool same;
} caller;

static void *call(void *argument)
{
    caller *const c = argument;
    kith_i_poll poll = test_poll();
    kith_i_eigen e;

    c->same = true;
    for (int i = 0; i < 5; i++) {
        c->same &=
            kith_i_eigen_solve(c->a, &c->options, &poll, &e, NULL) == KITH_OK &&
            !memcmp(e.values, c->alone.values, (size_t)e.count * sizeof *e.values) &&
            !memcmp(e.vectors, c->alone.vectors, (size_t)(e.n * e.count) * sizeof *e.vectors);
        kith_i_eigen_clear(&e);
    }
    return NULL;
}

/* ARPACK keeps state between calls: two at a time would mix it up. */
static void host_threads_may_solve_at_once(void **state)
{
    kith_graph *path = test_path(450), *ring = test_ring(600);
    const kith_i_operator operators[] = { test_adjacency(path, 2), test_laplacian(ring, 2) };

    (void)state;
    for (int m = 0; m < METHODS; m++) {
        caller callers[2];
        pthread_t threads[2];
        for (int i = 0; i < 2; i++) {
            callers[i] =
                (caller){ .a = &operators[i], .options = options_of(4, KITH_I_LARGEST, 1e-8) };
            callers[i].options.method = methods[m];
            callers[i].alone = solve(&operators[i], &callers[i].options);
        }
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, call, &callers[i]), 0);
        for (int i = 0; i < 2; i++) {
            pthread_join(threads[i], NULL);
            assert_true(callers[i].same);
            kith_i_eigen_clear(&callers[i].alone);
        }
    }
    kith_graph_free(path);
    kith_graph_free(ring);
}

static int cancel_later(const kith_progress *progress, void *left)
{
    (void)progress;
    return (*(int *)left)-- <= 0;
}

static void a_cancelled_solve_leaves_nothing(void **state)
{
    kith_graph *path = test_path(800);
    const kith_i_operator a = test_adjacency(path, 1);

    (void)state;
    for (int m = 0; m < METHODS; m++)
        for (int spared = 0; spared < 12; spared += 3) {
            kith_i_eigen_options o = options_of(4, KITH_I_LARGEST, 1e-8);
            int left = spared;
            const kith_run run = { .size = sizeof run, .progress = cancel_later, .payload = &left };
            kith_i_poll poll;
            kith_i_eigen e;
            kith_error err = { 0 };
            o.method = methods[m];
            kith_i_poll_start(&poll, &run);
            assert_int_equal(kith_i_eigen_solve(&a, &o, &poll, &e, &err), KITH_E_CANCELLED);
            assert_null(e.vectors);
        }
    kith_graph_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvalues_of_a_path_are_known),
        cmocka_unit_test(the_whole_spectrum_of_a_small_operator_is_found),
        cmocka_unit_test(every_vector_of_a_multiple_eigenvalue_is_found),
        cmocka_unit_test(a_complete_bipartite_graph_has_two_eigenvalues_beside_zero),
        cmocka_unit_test(operators_with_one_eigenvalue_have_it),
        cmocka_unit_test(values_of_very_different_sizes_are_found),
        cmocka_unit_test(clusters_of_values_near_the_end_are_told_apart),
        cmocka_unit_test(known_vectors_are_not_found_again),
        cmocka_unit_test(more_pairs_than_there_are_cannot_be_had),
        cmocka_unit_test(a_solver_that_runs_out_of_products_says_so),
        cmocka_unit_test(threads_give_the_same_bits),
        cmocka_unit_test(host_threads_may_solve_at_once),
        cmocka_unit_test(a_cancelled_solve_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
