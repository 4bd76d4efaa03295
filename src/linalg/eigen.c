/* Eigenpairs by whichever solver suits, and what is true of each result: fresh Rayleigh quotients
 * and residuals, order, signs. */
#include "linalg/eigen.h"

#include "linalg/block.h"
#include "linalg/solver.h"

#include <math.h>
#include <string.h>

enum {
    ALWAYS_DENSE = 400, /* rows up to which LAPACK solves */
    WIDTH = 16,         /* columns that are checked at once */
};

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

kith_status kith_i_solver_apply(kith_i_solver *s, int64_t b, const double *x, double *y,
                                kith_error *err)
{
    s->products += b;
    return s->a->apply(s->a, b, x, y, s->poll, err);
}

kith_status kith_i_solver_deflate(const kith_i_solver *s, int64_t b, double *x, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->a->rows, known = s->options->deflated;
    double *c = NULL;

    if (known == 0) return KITH_OK;
    KITH_TRY(kith_i_alloc(&c, known * b, sizeof *c, err));
    KITH_TRY(kith_i_block_gram(n, known, s->options->deflation, b, x, c, s->a->threads, err));
    for (int64_t i = 0; i < known * b; i++) c[i] = -c[i];
    kith_i_block_times(n, known, s->options->deflation, b, c, 1, x, s->a->threads);

done:
    kith_i_free(c);
    return status;
}

static kith_status check(const kith_i_operator *a, const kith_i_eigen_options *o, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(a->rows == a->columns, KITH_E_ARGUMENT,
               "an operator with eigenvalues has as many columns as rows (%lld and %lld)",
               (long long)a->columns, (long long)a->rows);
    KITH_CHECK(o->count >= 1 && o->count <= a->rows - o->deflated, KITH_E_ARGUMENT,
               "%lld eigenpairs were asked for (expected 1 to %lld)", (long long)o->count,
               (long long)(a->rows - o->deflated));

done:
    return status;
}

static kith_status solve(kith_i_solver *s, const char **method, kith_error *err)
{
    const kith_i_eigen_options *o = s->options;
    const int64_t left = s->a->rows - o->deflated;

    if (o->method == KITH_I_EIGEN_DENSE || left <= ALWAYS_DENSE || 4 * o->count > left) {
        *method = "dense";
        return kith_i_solve_dense(s, err);
    }
    if (o->method == KITH_I_EIGEN_ARPACK) {
        *method = "arpack";
        return kith_i_solve_arpack(s, err);
    }
    *method = "lanczos";
    return kith_i_solve_lanczos(s, err);
}

/* Fresh values and residuals of the vectors, some columns at a time. */
static kith_status measure(kith_i_solver *s, kith_i_eigen *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = out->n, width = smaller(WIDTH, out->count);
    const int threads = s->a->threads;
    const kith_i_columns all = kith_i_block_columns(out->vectors, out->count);
    double *x = NULL, *y = NULL;

    KITH_TRY(kith_i_alloc(&x, n * width, sizeof *x, err));
    KITH_TRY(kith_i_alloc(&y, n * width, sizeof *y, err));
    for (int64_t first = 0; first < out->count; first += width) {
        const int64_t b = smaller(width, out->count - first);
        const kith_i_columns v = kith_i_block_columns(x, b), av = kith_i_block_columns(y, b);
        double *const values = out->values + first, *const residuals = out->residuals + first;
        kith_i_columns_copy(n, kith_i_columns_part(all, first, b), v, threads);
        KITH_TRY(kith_i_solver_apply(s, b, x, y, err));
        KITH_TRY(kith_i_columns_dots(n, v, av, values, threads, err));
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < b; j++) y[i * b + j] -= values[j] * x[i * b + j];
        KITH_TRY(kith_i_columns_dots(n, av, av, residuals, threads, err));
        for (int64_t j = 0; j < b; j++) residuals[j] = sqrt(residuals[j]);
    }

done:
    kith_i_free(x);
    kith_i_free(y);
    return status;
}

/* Puts pair order[j] in place j. */
static void arrange(kith_i_eigen *e, const int64_t *order, double *row)
{
    double *const arrays[] = { e->values, e->residuals };

    for (size_t a = 0; a < 2; a++) {
        for (int64_t j = 0; j < e->count; j++) row[j] = arrays[a][order[j]];
        memcpy(arrays[a], row, (size_t)e->count * sizeof *row);
    }
    for (int64_t i = 0; i < e->n; i++) {
        double *const numbers = e->vectors + i * e->count;
        for (int64_t j = 0; j < e->count; j++) row[j] = numbers[order[j]];
        memcpy(numbers, row, (size_t)e->count * sizeof *row);
    }
}

/* From the end asked for inwards; equal values stay as they come. */
static kith_status sort(kith_i_eigen *e, kith_i_end end, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *order = NULL;
    double *row = NULL;
    bool moved = false;

    KITH_TRY(kith_i_alloc(&order, e->count, sizeof *order, err));
    KITH_TRY(kith_i_alloc(&row, e->count, sizeof *row, err));
    for (int64_t j = 0; j < e->count; j++) {
        const double value = e->values[j];
        int64_t place = j;
        for (; place > 0; place--) {
            const double other = e->values[order[place - 1]];
            if (end == KITH_I_LARGEST ? other >= value : other <= value) break;
            order[place] = order[place - 1];
        }
        order[place] = j;
        moved |= place < j;
    }
    if (moved) arrange(e, order, row);

done:
    kith_i_free(order);
    kith_i_free(row);
    return status;
}

static void judge(const kith_i_solver *s, kith_i_eigen *e)
{
    double scale = fmax(fabs(s->lower), fabs(s->upper)), worst = 0;

    for (int64_t j = 0; j < e->count; j++) {
        scale = fmax(scale, fabs(e->values[j]));
        if (!(e->residuals[j] <= worst)) worst = e->residuals[j];
    }
    e->converged = worst <= s->options->tolerance * scale;
}

kith_status kith_i_eigen_solve(const kith_i_operator *a, const kith_i_eigen_options *options,
                               kith_i_poll *poll, kith_i_eigen *out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_solver s = { .a = a, .options = options, .poll = poll };

    *out = (kith_i_eigen){ 0 };
    KITH_TRY(check(a, options, err));
    *out = (kith_i_eigen){ .n = a->rows, .count = options->count };
    KITH_TRY(kith_i_alloc(&out->values, out->count, sizeof *out->values, err));
    KITH_TRY(kith_i_alloc(&out->residuals, out->count, sizeof *out->residuals, err));
    s.lower = a->lower;
    s.upper = a->upper;
    s.most = options->most > 0 ? options->most : 20000 + 2000 * options->count;
    status = solve(&s, &out->method, err);
    out->vectors = s.vectors;
    KITH_TRY(status);
    KITH_TRY(measure(&s, out, err));
    KITH_TRY(sort(out, options->end, err));
    judge(&s, out);
    kith_i_block_signs(out->n, out->count, out->vectors, a->threads);
    out->products = s.products;

done:
    if (status != KITH_OK) kith_i_eigen_clear(out);
    return status;
}

void kith_i_eigen_clear(kith_i_eigen *eigen)
{
    kith_i_free(eigen->values);
    kith_i_free(eigen->vectors);
    kith_i_free(eigen->residuals);
    *eigen = (kith_i_eigen){ 0 };
}
