/* Truncated singular value decompositions: known values, what the triplets satisfy. */
#include "support/operators.h"

#include "core/base.h"
#include "linalg/block.h"
#include "linalg/dense.h"
#include "linalg/svd.h"

#include <stdlib.h>

static kith_i_svd solve(const kith_i_operator *a, const kith_i_svd_options *o)
{
    kith_i_poll poll = test_poll();
    kith_i_svd svd;
    kith_error err = { 0 };

    assert_kith(kith_i_svd_solve(a, o, &poll, &svd, &err), err);
    return svd;
}

static void assert_orthonormal(int64_t n, int64_t k, const double *x)
{
    double *gram = malloc((size_t)(k * k) * sizeof *gram);
    kith_error err = { 0 };

    assert_kith(kith_i_block_gram(n, k, x, k, x, gram, 1, &err), err);
    for (int64_t i = 0; i < k; i++)
        for (int64_t j = 0; j < k; j++) assert_near(gram[i * k + j], i == j, 1e-9);
    free(gram);
}

/* A matrix with singular values of that decay, from random orthonormal vectors. */
static double *matrix(int64_t m, int64_t n, double decay, double *s)
{
    const int64_t r = m < n ? m : n;
    double *u = malloc((size_t)(m * r) * sizeof *u), *v = malloc((size_t)(n * r) * sizeof *v);
    double *a = calloc((size_t)(m * n), sizeof *a);
    kith_error err = { 0 };

    kith_i_block_random(m, r, u, 1, 0, 1);
    kith_i_block_random(n, r, v, 1, 1, 1);
    assert_kith(kith_i_block_orthonormalise(m, r, u, NULL, NULL, 0, 1, &err), err);
    assert_kith(kith_i_block_orthonormalise(n, r, v, NULL, NULL, 0, 1, &err), err);
    for (int64_t k = 0; k < r; k++) s[k] = 5 * pow(decay, (double)k);
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++)
            for (int64_t k = 0; k < r; k++) a[i * n + j] += u[i * r + k] * s[k] * v[j * r + k];
    free(u);
    free(v);
    return a;
}

static void singular_values_are_found(int64_t m, int64_t n, int64_t passes, double tolerance)
{
    enum { K = 6 };
    double s[500], *a = matrix(m, n, 0.7, s);
    const kith_i_operator matrix_operator = test_matrix(m, n, a, 1);
    const kith_i_svd_options o = {
        .count = K, .passes = passes, .oversampling = 10, .tolerance = 1e-9, .seed = 3
    };
    kith_i_svd svd = solve(&matrix_operator, &o);

    assert_true(svd.converged);
    assert_orthonormal(m, K, svd.u);
    assert_orthonormal(n, K, svd.v);
    for (int64_t j = 0; j < K; j++) {
        double largest = 0;
        assert_near(svd.values[j], s[j], tolerance);
        assert_true(svd.residuals[j] < 10 * tolerance);
        for (int64_t i = 0; i < m; i++) {
            double sum = 0;
            for (int64_t k = 0; k < n; k++) sum += a[i * n + k] * svd.v[k * K + j];
            assert_near(sum, svd.values[j] * svd.u[i * K + j], 10 * tolerance);
            if (fabs(svd.u[i * K + j]) > fabs(largest)) largest = svd.u[i * K + j];
        }
        assert_true(largest > 0);
    }
    kith_i_svd_clear(&svd);
    free(a);
}

static void both_ways_find_singular_values_of_tall_and_wide_operators(void **state)
{
    (void)state;
    singular_values_are_found(120, 40, 8, 1e-9);
    singular_values_are_found(40, 120, 8, 1e-9);
    singular_values_are_found(120, 40, -1, 1e-8);
    singular_values_are_found(40, 120, -1, 1e-8);
    singular_values_are_found(460, 430, -1, 1e-8);
}

static void passes_bring_values_that_decay_slowly_nearer(void **state)
{
    enum { M = 200, N = 100 };
    double s[N], *a = matrix(M, N, 0.97, s), before = INFINITY;
    const kith_i_operator matrix_operator = test_matrix(M, N, a, 1);
    kith_i_svd_options o = { .count = 5, .oversampling = 5, .seed = 3 };

    (void)state;
    for (o.passes = 0; o.passes < 12; o.passes += 3) {
        kith_i_svd svd = solve(&matrix_operator, &o);
        double worst = 0;
        for (int j = 0; j < 5; j++) {
            assert_true(svd.values[j] <= s[j] + 1e-12);
            worst = fmax(worst, s[j] - svd.values[j]);
        }
        assert_true(worst < before);
        before = worst;
        kith_i_svd_clear(&svd);
    }
    free(a);
}

static void the_rank_may_be_less_than_what_is_asked_for(void **state)
{
    double a[20 * 8] = { 0 };
    const kith_i_operator matrix_operator = test_matrix(20, 8, a, 1);

    (void)state;
    for (int i = 0; i < 20; i++) a[i * 8 + 3] = 1;
    for (int64_t passes = -1; passes < 3; passes += 3) {
        const kith_i_svd_options o = {
            .count = 3, .passes = passes, .oversampling = 2, .tolerance = 1e-9
        };
        kith_i_svd svd = solve(&matrix_operator, &o);
        assert_near(svd.values[0], sqrt(20), 1e-12);
        assert_near(svd.values[1], 0, 1e-7);
        assert_orthonormal(20, 3, svd.u);
        assert_orthonormal(8, 3, svd.v);
        kith_i_svd_clear(&svd);
    }
}

static void more_values_than_there_are_cannot_be_had(void **state)
{
    const double a[6] = { 0 };
    const kith_i_operator matrix_operator = test_matrix(2, 3, a, 1);
    const kith_i_svd_options o = { .count = 3 };
    kith_i_poll poll = test_poll();
    kith_i_svd svd;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_i_svd_solve(&matrix_operator, &o, &poll, &svd, &err), KITH_E_ARGUMENT,
                      "3 singular values were asked for (expected 1 to 2)", err);
    assert_null(svd.u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_find_singular_values_of_tall_and_wide_operators),
        cmocka_unit_test(passes_bring_values_that_decay_slowly_nearer),
        cmocka_unit_test(the_rank_may_be_less_than_what_is_asked_for),
        cmocka_unit_test(more_values_than_there_are_cannot_be_had),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
