/* Eigenpairs of a small operator, made into a matrix. */
#include "linalg/block.h"
#include "linalg/dense.h"
#include "linalg/solver.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 32 };

/* A, column by column of the identity, in its upper and lower half alike. */
static kith_status store(kith_i_solver *s, double *a, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->a->rows;
    double *x = NULL, *y = NULL;

    KITH_TRY(kith_i_alloc(&x, n * WIDTH, sizeof *x, err));
    KITH_TRY(kith_i_alloc(&y, n * WIDTH, sizeof *y, err));
    for (int64_t first = 0; first < n; first += WIDTH) {
        const int64_t b = n - first < WIDTH ? n - first : WIDTH;
        memset(x, 0, (size_t)(n * b) * sizeof *x);
        for (int64_t j = 0; j < b; j++) x[(first + j) * b + j] = 1;
        KITH_TRY(kith_i_solver_apply(s, b, x, y, err));
        for (int64_t i = 0; i < n; i++) memcpy(a + i * n + first, y + i * b, (size_t)b * sizeof *a);
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++)
            a[i * n + j] = a[j * n + i] = (a[i * n + j] + a[j * n + i]) / 2;

done:
    kith_i_free(x);
    kith_i_free(y);
    return status;
}

/* The largest sum of absolute values in a row: no eigenvalue is larger (Gershgorin). */
static double reach_of(int64_t n, const double *a)
{
    double most = 0;

    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int64_t j = 0; j < n; j++) sum += fabs(a[i * n + j]);
        most = fmax(most, sum);
    }
    return most;
}

/* P A P + shift U U^T for P = I - U U^T: the deflated pairs go beyond the far end. */
static kith_status push_away(const kith_i_solver *s, double *a, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->a->rows, known = s->options->deflated;
    const double *const u = s->options->deflation;
    const double reach = 2 * reach_of(n, a) + 1;
    const double shift = s->options->end == KITH_I_LARGEST ? -reach : reach;

    if (known == 0) return KITH_OK;
    KITH_TRY(kith_i_solver_deflate(s, n, a, err)); /* P A; its transpose is A P */
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++) {
            const double kept = a[i * n + j];
            a[i * n + j] = a[j * n + i];
            a[j * n + i] = kept;
        }
    KITH_TRY(kith_i_solver_deflate(s, n, a, err));
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            for (int64_t c = 0; c < known; c++)
                a[i * n + j] += shift * u[i * known + c] * u[j * known + c];

done:
    return status;
}

kith_status kith_i_solve_dense(kith_i_solver *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->a->rows, count = s->options->count, left = n - s->options->deflated;
    double *a = NULL, *values = NULL;

    KITH_TRY(kith_i_memory_require(8.0 * (double)n * (double)n * 3, "a dense eigensolver", err));
    KITH_TRY(kith_i_alloc(&a, n * n, sizeof *a, err));
    KITH_TRY(kith_i_alloc(&values, n, sizeof *values, err));
    KITH_TRY(store(s, a, err));
    KITH_TRY(push_away(s, a, err));
    KITH_TRY(kith_i_dense_eigen(n, a, values, err));
    const bool largest = s->options->end == KITH_I_LARGEST;
    const int64_t first = largest ? n - count : 0;
    s->lower = values[largest ? n - left : 0];
    s->upper = values[largest ? n - 1 : left - 1];
    KITH_TRY(kith_i_alloc(&s->vectors, n * count, sizeof *s->vectors, err));
    for (int64_t i = 0; i < n; i++)
        memcpy(s->vectors + i * count, a + i * n + first, (size_t)count * sizeof *a);

done:
    kith_i_free(a);
    kith_i_free(values);
    return status;
}
