/* Small dense matrices: what the factors multiply to. */
#include "support/test.h"

#include "core/base.h"
#include "linalg/block.h"
#include "linalg/dense.h"

#include <stdlib.h>

/* The second difference matrix of n points: 2 - 2 cos(pi j / (n + 1)). */
static void eigenvalues_of_a_chain_are_known(void **state)
{
    enum { N = 50 };
    double a[N * N] = { 0 }, values[N];
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < N; i++) {
        a[i * N + i] = 2;
        if (i + 1 < N) a[i * N + i + 1] = a[(i + 1) * N + i] = -1;
    }
    assert_kith(kith_i_dense_eigen(N, a, values, &err), err);
    for (int j = 0; j < N; j++) {
        assert_near(values[j], 2 - 2 * cos((j + 1) * acos(-1.0) / (N + 1)), 1e-13);
        for (int i = 0; i < N; i++) {
            const double before = i ? a[(i - 1) * N + j] : 0;
            const double after = i + 1 < N ? a[(i + 1) * N + j] : 0;
            assert_near(2 * a[i * N + j] - before - after, values[j] * a[i * N + j], 1e-13);
        }
    }
}

static void check_svd(int64_t m, int64_t n)
{
    const int64_t r = m < n ? m : n;
    double *a = malloc((size_t)(m * n) * sizeof *a), *kept = malloc((size_t)(m * n) * sizeof *a);
    double *u = malloc((size_t)(m * r) * sizeof *u), *v = malloc((size_t)(n * r) * sizeof *v);
    double *s = malloc((size_t)r * sizeof *s), *alone = malloc((size_t)r * sizeof *s);
    kith_error err = { 0 };

    kith_i_block_random(m, n, a, 7, 0, 1);
    memcpy(kept, a, (size_t)(m * n) * sizeof *a);
    assert_kith(kith_i_dense_svd(m, n, a, u, s, v, &err), err);
    for (int64_t j = 0; j + 1 < r; j++) assert_true(s[j] >= s[j + 1]);
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;
            for (int64_t k = 0; k < r; k++) sum += u[i * r + k] * s[k] * v[j * r + k];
            assert_near(sum, kept[i * n + j], 1e-13);
        }
    memcpy(a, kept, (size_t)(m * n) * sizeof *a);
    assert_kith(kith_i_dense_svd(m, n, a, NULL, alone, NULL, &err), err);
    for (int64_t j = 0; j < r; j++) assert_near(alone[j], s[j], 1e-13);
    free(a);
    free(kept);
    free(u);
    free(v);
    free(s);
    free(alone);
}

static void singular_vectors_multiply_to_the_matrix(void **state)
{
    (void)state;
    check_svd(1, 1);
    check_svd(12, 5);
    check_svd(5, 12);
    check_svd(9, 9);
}

/* Each column that is taken is the longest of what is left beside those before it. */
static void pivots_are_the_longest_columns_left(void **state)
{
    const double a[] = { 1, 0, 3, 0.1, /**/ 0, 2, 0, 0.1, /**/ 0, 0, 0, 0.5 };
    double lost[12];
    int64_t pivots[3];
    kith_error err = { 0 };

    (void)state;
    memcpy(lost, a, sizeof a);
    assert_kith(kith_i_dense_pivots(3, 4, lost, pivots, &err), err);
    assert_int_equal(pivots[0], 2);
    assert_int_equal(pivots[1], 1);
    assert_int_equal(pivots[2], 3);
    assert_kith(kith_i_dense_pivots(0, 4, lost, pivots, &err), err);
}

static void what_lapack_cannot_count_is_refused(void **state)
{
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_i_dense_eigen(INT64_C(1) << 40, NULL, NULL, &err), KITH_E_MEMORY,
                      "a dense matrix of 1099511627776 rows", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvalues_of_a_chain_are_known),
        cmocka_unit_test(singular_vectors_multiply_to_the_matrix),
        cmocka_unit_test(pivots_are_the_longest_columns_left),
        cmocka_unit_test(what_lapack_cannot_count_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
