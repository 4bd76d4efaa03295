/* LAPACK, which counts columns first: a row-major matrix is its transpose to it. */
#include "linalg/dense.h"

#include "linalg/blas.h"

#include <lapack.h>

static kith_status check(int64_t m, int64_t n, kith_error *err)
{
    if (m <= INT32_MAX && n <= INT32_MAX) return KITH_OK;
    return kith_i_fail(err, KITH_E_MEMORY,
                       "out of memory (a dense matrix of %lld rows and %lld columns)", (long long)m,
                       (long long)n);
}

static kith_status outcome(int info, const char *what, kith_error *err)
{
    if (info == 0) return KITH_OK;
    return kith_i_fail(err, KITH_E_INTERNAL, "LAPACK's %s ended with %d (expected 0)", what, info);
}

static void transpose_square(int64_t n, double *a)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++) {
            const double kept = a[i * n + j];
            a[i * n + j] = a[j * n + i];
            a[j * n + i] = kept;
        }
}

/* out, n rows of m numbers, becomes A^T, A being m rows of n. */
static void transpose(int64_t m, int64_t n, const double *a, double *out)
{
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) out[j * m + i] = a[i * n + j];
}

kith_status kith_i_dense_eigen(int64_t n, double *a, double *values, kith_error *err)
{
    kith_status status = KITH_OK;
    const int size = (int)n, reals = -1, integers = -1;
    double *work = NULL, wanted = 0;
    int *iwork = NULL, iwanted = 0, info = 0;

    if (n == 0) return KITH_OK;
    KITH_TRY(check(n, n, err));
    LAPACK_dsyevd("V", "U", &size, a, &size, values, &wanted, &reals, &iwanted, &integers, &info);
    KITH_TRY(outcome(info, "dsyevd", err));
    const int room = (int)wanted, iroom = iwanted;
    KITH_TRY(kith_i_alloc(&work, room, sizeof *work, err));
    KITH_TRY(kith_i_alloc(&iwork, iroom, sizeof *iwork, err));
    kith_i_blas_begin();
    LAPACK_dsyevd("V", "U", &size, a, &size, values, work, &room, iwork, &iroom, &info);
    kith_i_blas_end();
    KITH_TRY(outcome(info, "dsyevd", err));
    transpose_square(n, a);

done:
    kith_i_free(work);
    kith_i_free(iwork);
    return status;
}

/* LAPACK is given A^T = V diag(s) U^T: what it takes for the right vectors, transposed and by
 * columns, is U by rows. */
kith_status kith_i_dense_svd(int64_t m, int64_t n, double *a, double *u, double *s, double *v,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t r = m < n ? m : n;
    const int rows = (int)n, columns = (int)m, rank = (int)r, query = -1;
    double *left = NULL, *right = NULL, *work = NULL, wanted = 0;
    int *iwork = NULL, info = 0;

    if (r == 0) return KITH_OK;
    KITH_TRY(check(m, n, err));
    KITH_TRY(kith_i_alloc(&left, n * r, sizeof *left, err));
    if (!u) KITH_TRY(kith_i_alloc(&right, m * r, sizeof *right, err));
    KITH_TRY(kith_i_alloc(&iwork, 8 * r, sizeof *iwork, err));
    double *const by_rows = u ? u : right;
    LAPACK_dgesdd("S", &rows, &columns, a, &rows, s, left, &rows, by_rows, &rank, &wanted, &query,
                  iwork, &info);
    KITH_TRY(outcome(info, "dgesdd", err));
    const int room = (int)wanted;
    KITH_TRY(kith_i_alloc(&work, room, sizeof *work, err));
    kith_i_blas_begin();
    LAPACK_dgesdd("S", &rows, &columns, a, &rows, s, left, &rows, by_rows, &rank, work, &room,
                  iwork, &info);
    kith_i_blas_end();
    KITH_TRY(outcome(info, "dgesdd", err));
    if (v) transpose(r, n, left, v);

done:
    kith_i_free(left);
    kith_i_free(right);
    kith_i_free(work);
    kith_i_free(iwork);
    return status;
}

kith_status kith_i_dense_pivots(int64_t m, int64_t n, double *a, int64_t *pivots, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t r = m < n ? m : n;
    const int rows = (int)m, columns = (int)n, query = -1;
    double *by_columns = NULL, *factors = NULL, *work = NULL, wanted = 0;
    int *order = NULL, info = 0;

    if (r == 0) return KITH_OK;
    KITH_TRY(check(m, n, err));
    KITH_TRY(kith_i_alloc(&by_columns, m * n, sizeof *by_columns, err));
    KITH_TRY(kith_i_alloc(&factors, r, sizeof *factors, err));
    KITH_TRY(kith_i_zeroed(&order, n, sizeof *order, err));
    transpose(m, n, a, by_columns);
    LAPACK_dgeqp3(&rows, &columns, by_columns, &rows, order, factors, &wanted, &query, &info);
    KITH_TRY(outcome(info, "dgeqp3", err));
    const int room = (int)wanted;
    KITH_TRY(kith_i_alloc(&work, room, sizeof *work, err));
    kith_i_blas_begin();
    LAPACK_dgeqp3(&rows, &columns, by_columns, &rows, order, factors, work, &room, &info);
    kith_i_blas_end();
    KITH_TRY(outcome(info, "dgeqp3", err));
    for (int64_t i = 0; i < r; i++) pivots[i] = order[i] - 1;

done:
    kith_i_free(by_columns);
    kith_i_free(factors);
    kith_i_free(work);
    kith_i_free(order);
    return status;
}
