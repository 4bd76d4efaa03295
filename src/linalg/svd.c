/* Truncated singular value decompositions of operators.
 *
 *   [Halko2011]    here
 *   Omega          the random block
 *   Y = A Omega    y, orthonormalised: Q
 *   B = Q^T A      by its transpose A^T Q, small */
#include "linalg/svd.h"

#include "linalg/block.h"
#include "linalg/dense.h"
#include "linalg/eigen.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 16 };

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static kith_status check(const kith_i_operator *a, const kith_i_svd_options *o, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t most = smaller(a->rows, a->columns);

    KITH_CHECK(o->count >= 1 && o->count <= most, KITH_E_ARGUMENT,
               "%lld singular values were asked for (expected 1 to %lld)", (long long)o->count,
               (long long)most);

done:
    return status;
}

static kith_status forth(const kith_i_operator *a, int64_t b, const double *x, double *y,
                         kith_i_poll *poll, kith_error *err)
{
    return a->apply(a, b, x, y, poll, err);
}

static kith_status back(const kith_i_operator *a, int64_t b, const double *x, double *y,
                        kith_i_poll *poll, kith_error *err)
{
    return a->apply_transposed(a, b, x, y, poll, err);
}

/* u, values, v of Y = A^T Q with columns^ rows and b columns: Y = Q' R, R^T = W S Z^T, and so
 * A ~ Q Y^T = (Q W) S (Q' Z)^T. */
static kith_status split(const kith_i_operator *a, int64_t b, const double *q, double *y,
                         uint64_t seed, kith_i_svd *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t k = out->count;
    double *r = NULL, *w = NULL, *z = NULL, *s = NULL;

    KITH_TRY(kith_i_alloc(&r, b * b, sizeof *r, err));
    KITH_TRY(kith_i_alloc(&w, b * b, sizeof *w, err));
    KITH_TRY(kith_i_alloc(&z, b * b, sizeof *z, err));
    KITH_TRY(kith_i_alloc(&s, b, sizeof *s, err));
    KITH_TRY(kith_i_block_orthonormalise(a->columns, b, y, r, NULL, seed, a->threads, err));
    KITH_TRY(kith_i_dense_svd(b, b, r, z, s, w, err)); /* R = Z S W^T */
    memcpy(out->values, s, (size_t)k * sizeof *s);
    for (int64_t i = 0; i < b; i++)
        for (int64_t j = 0; j < k; j++) {
            w[i * k + j] = w[i * b + j];
            z[i * k + j] = z[i * b + j];
        }
    kith_i_block_times(a->rows, b, q, k, w, 0, out->u, a->threads);
    kith_i_block_times(a->columns, b, y, k, z, 0, out->v, a->threads);

done:
    kith_i_free(r);
    kith_i_free(w);
    kith_i_free(z);
    kith_i_free(s);
    return status;
}

/* Subspace iteration from a random block, orthonormalised after every product. */
static kith_status iterate(const kith_i_operator *a, const kith_i_svd_options *o, kith_i_poll *poll,
                           kith_i_svd *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t b = smaller(o->count + o->oversampling, smaller(a->rows, a->columns));
    double *q = NULL, *y = NULL;

    KITH_TRY(kith_i_alloc(&q, a->rows * b, sizeof *q, err));
    KITH_TRY(kith_i_alloc(&y, a->columns * b, sizeof *y, err));
    kith_i_block_random(a->columns, b, y, o->seed, 0, a->threads);
    for (int64_t pass = 0;; pass++) {
        KITH_TRY(forth(a, b, y, q, poll, err));
        KITH_TRY(kith_i_block_orthonormalise(a->rows, b, q, NULL, NULL, o->seed, a->threads, err));
        KITH_TRY(back(a, b, q, y, poll, err));
        if (pass >= o->passes) break;
        KITH_TRY(
            kith_i_block_orthonormalise(a->columns, b, y, NULL, NULL, o->seed, a->threads, err));
    }
    KITH_TRY(split(a, b, q, y, o->seed, out, err));

done:
    kith_i_free(q);
    kith_i_free(y);
    return status;
}

/* A^T A, or A A^T where A has fewer rows than columns. */
typedef struct {
    const kith_i_operator *a;
    bool wide;
    int64_t room; /* columns of `middle` */
    double *middle;
} gram;

static kith_status gram_apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                              kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    gram *const g = self->state;
    const kith_i_operator *const a = g->a;

    if (b > g->room) {
        KITH_TRY(kith_i_resize(&g->middle, (g->wide ? a->columns : a->rows) * b, sizeof *g->middle,
                               err));
        g->room = b;
    }
    KITH_TRY(g->wide ? back(a, b, x, g->middle, poll, err) : forth(a, b, x, g->middle, poll, err));
    KITH_TRY(g->wide ? forth(a, b, g->middle, y, poll, err) : back(a, b, g->middle, y, poll, err));

done:
    return status;
}

static kith_status lanczos(const kith_i_operator *a, const kith_i_svd_options *o, kith_i_poll *poll,
                           kith_i_svd *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t k = o->count, side = smaller(a->rows, a->columns);
    gram g = { .a = a, .wide = a->rows < a->columns };
    const kith_i_operator square = {
        .rows = side,
        .columns = side,
        .lower = NAN,
        .upper = NAN,
        .apply = gram_apply,
        .apply_transposed = gram_apply,
        .threads = a->threads,
        .state = &g,
    };
    const kith_i_eigen_options options = {
        .count = k,
        .end = KITH_I_LARGEST,
        .tolerance = o->tolerance,
        .seed = o->seed,
    };
    kith_i_eigen eigen = { 0 };
    double *y = NULL;

    KITH_TRY(kith_i_eigen_solve(&square, &options, poll, &eigen, err));
    KITH_TRY(kith_i_alloc(&y, (g.wide ? a->columns : a->rows) * k, sizeof *y, err));
    if (g.wide) {
        KITH_TRY(back(a, k, eigen.vectors, y, poll, err)); /* A^T U = V S */
        KITH_TRY(split(a, k, eigen.vectors, y, o->seed, out, err));
    } else {
        KITH_TRY(forth(a, k, eigen.vectors, y, poll, err)); /* A V = U S, so of A^T: */
        kith_i_svd turned = *out;
        kith_i_operator transposed = *a;
        transposed.rows = a->columns;
        transposed.columns = a->rows;
        turned.u = out->v;
        turned.v = out->u;
        KITH_TRY(split(&transposed, k, eigen.vectors, y, o->seed, &turned, err));
    }

done:
    kith_i_free(y);
    kith_i_free(g.middle);
    kith_i_eigen_clear(&eigen);
    return status;
}

/* The larger of |A v - s u| and |A^T u - s v| of each triplet, some at a time. */
static kith_status measure(const kith_i_operator *a, kith_i_poll *poll, kith_i_svd *out,
                           kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t width = smaller(WIDTH, out->count), k = out->count;
    const int64_t longer = a->rows > a->columns ? a->rows : a->columns;
    double *x = NULL, *y = NULL, squares[WIDTH];

    KITH_TRY(kith_i_alloc(&x, longer * width, sizeof *x, err));
    KITH_TRY(kith_i_alloc(&y, longer * width, sizeof *y, err));
    for (int side = 0; side < 2; side++) {
        const int64_t from = side ? a->rows : a->columns, to = side ? a->columns : a->rows;
        const double *const source = side ? out->u : out->v, *const goal = side ? out->v : out->u;
        for (int64_t first = 0; first < k; first += width) {
            const int64_t b = smaller(width, k - first);
            const kith_i_columns difference = kith_i_block_columns(y, b);
            kith_i_columns_copy(from,
                                kith_i_columns_part(kith_i_block_columns(source, k), first, b),
                                kith_i_block_columns(x, b), a->threads);
            KITH_TRY(side ? back(a, b, x, y, poll, err) : forth(a, b, x, y, poll, err));
            for (int64_t i = 0; i < to; i++)
                for (int64_t j = 0; j < b; j++)
                    y[i * b + j] -= out->values[first + j] * goal[i * k + first + j];
            KITH_TRY(kith_i_columns_dots(to, difference, difference, squares, a->threads, err));
            for (int64_t j = 0; j < b; j++)
                out->residuals[first + j] =
                    fmax(side ? out->residuals[first + j] : 0, sqrt(squares[j]));
        }
    }

done:
    kith_i_free(x);
    kith_i_free(y);
    return status;
}

/* Column j of v takes the sign that column j of u is given. */
static void sign(kith_i_svd *svd, const kith_i_operator *a)
{
    const int64_t k = svd->count;

    for (int64_t j = 0; j < k; j++) {
        int64_t place = 0;
        for (int64_t i = 1; i < svd->rows; i++)
            if (fabs(svd->u[i * k + j]) > fabs(svd->u[place * k + j])) place = i;
        if (svd->u[place * k + j] >= 0) continue;
        for (int64_t i = 0; i < svd->columns; i++) svd->v[i * k + j] = -svd->v[i * k + j];
    }
    kith_i_block_signs(svd->rows, k, svd->u, a->threads);
}

kith_status kith_i_svd_solve(const kith_i_operator *a, const kith_i_svd_options *options,
                             kith_i_poll *poll, kith_i_svd *out, kith_error *err)
{
    kith_status status = KITH_OK;

    *out = (kith_i_svd){ 0 };
    KITH_TRY(check(a, options, err));
    *out = (kith_i_svd){ .rows = a->rows, .columns = a->columns, .count = options->count };
    KITH_TRY(kith_i_alloc(&out->u, a->rows * out->count, sizeof *out->u, err));
    KITH_TRY(kith_i_alloc(&out->values, out->count, sizeof *out->values, err));
    KITH_TRY(kith_i_alloc(&out->v, a->columns * out->count, sizeof *out->v, err));
    KITH_TRY(kith_i_alloc(&out->residuals, out->count, sizeof *out->residuals, err));
    KITH_TRY(options->passes < 0 ? lanczos(a, options, poll, out, err)
                                 : iterate(a, options, poll, out, err));
    KITH_TRY(measure(a, poll, out, err));
    sign(out, a);
    out->converged = true;
    for (int64_t j = 0; j < out->count && options->passes < 0; j++)
        out->converged &= out->residuals[j] <= options->tolerance * out->values[0];

done:
    if (status != KITH_OK) kith_i_svd_clear(out);
    return status;
}

void kith_i_svd_clear(kith_i_svd *svd)
{
    kith_i_free(svd->u);
    kith_i_free(svd->values);
    kith_i_free(svd->v);
    kith_i_free(svd->residuals);
    *svd = (kith_i_svd){ 0 };
}
