/* The inverse of a shifted matrix of a graph as an operator, and eigenpairs by it.
 *
 * B = P (s (A - c I) + t I)^-1 P for P = I - u u^T, u the known vector at c, s = 1 at the lower end
 * and -1 at the upper one. Where A has l, B has 1 / (s (l - c) + t): the nearer l lies to c, the
 * farther are its neighbours. t is far below what l - c comes to, and only there to make the matrix
 * definite: what it does to u, P takes out before and after.
 *
 * (The last bits of a column depend on how many are solved at once.)
 *
 * What B's pairs miss lies mostly at the far end of A. One more product with B takes that away, and
 * in the space of the vectors A itself tells the values and how good they are [Parlett1998]. So B's
 * pairs may have ten times the tolerance of A's: on grids and on crowded spectra the residuals are
 * then still below a hundredth of it. */
#include "linalg/inverse.h"

#include "linalg/block.h"
#include "linalg/cholesky.h"
#include "linalg/dense.h"
#include "linalg/graph_operator.h"
#include "linalg/product.h"

#include <math.h>
#include <string.h>

enum { FEWEST_ROWS = 1000 }; /* fewer are solved at once in any way */

/* Operations for each entry that a factor may take: what some thousand products take, and more for
 * more pairs, on which iterations would spend more. */
static const double operations = 5000, operations_per_pair = 300;
static const double shift = 1e-12;                    /* t, in units of the spectrum's width */
static const double sharper = 10, sharpest = 1e-12; /* tolerance of B's pairs, of A's: see below */

typedef struct {
    kith_i_cholesky *factor;
    const double *known;
    kith_i_scratch scratch;
} inverse_state;

static void inverse_free(void *state)
{
    inverse_state *s = state;

    kith_i_cholesky_free(s->factor);
    kith_i_free(s->scratch.memory);
    kith_i_free(s);
}

/* X = P X */
static kith_status project_out(const kith_i_operator *self, int64_t b, double *x, double *c,
                               kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const inverse_state *s = self->state;

    KITH_TRY(kith_i_project(self->rows, 1, s->known, b, x, c, self->threads, poll, err));
    for (int64_t j = 0; j < b; j++) c[j] = -c[j];
    KITH_TRY(kith_i_spread_rows(self->rows, 1, s->known, b, c, x, self->threads, poll, err));

done:
    return status;
}

static kith_status inverse_apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                                 kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    inverse_state *s = self->state;

    KITH_TRY(kith_i_scratch_reserve(&s->scratch, b, err));
    memcpy(y, x, (size_t)(self->rows * b) * sizeof *y);
    KITH_TRY(project_out(self, b, y, s->scratch.memory, poll, err));
    KITH_TRY(kith_i_cholesky_solve(s->factor, b, y, y, poll, err));
    KITH_TRY(project_out(self, b, y, s->scratch.memory, poll, err));

done:
    return status;
}

/* *out is without a product where the factor would take too long. */
static kith_status inverse_operator(const kith_i_operator *a, const double *known,
                                    double known_value, const kith_i_eigen_options *o,
                                    kith_i_poll *poll, kith_i_operator *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const double sign = o->end == KITH_I_LARGEST ? -1 : 1, width = a->upper - a->lower;
    inverse_state *s = NULL;
    kith_i_triangle t = { 0 };

    *out = (kith_i_operator){ 0 };
    KITH_TRY(kith_i_zeroed(&s, 1, sizeof *s, err));
    *out = (kith_i_operator){ .rows = a->rows,
                              .columns = a->rows,
                              .lower = NAN,
                              .upper = NAN,
                              .threads = a->threads,
                              .state = s,
                              .free = inverse_free };
    s->known = known;
    KITH_TRY(kith_i_graph_triangle(a, sign, shift * width - sign * known_value, poll, &t, err));
    const kith_i_symmetric matrix = { t.size, t.offsets, t.columns, t.values };
    const double each = operations + operations_per_pair * (double)o->count;
    const double most = each * 2 * (double)t.offsets[t.size];
    KITH_TRY(kith_i_cholesky_factor(&matrix, most, poll, &s->factor, err));
    if (s->factor) out->apply = out->apply_transposed = inverse_apply;

done:
    kith_i_triangle_clear(&t);
    if (status != KITH_OK) kith_i_operator_clear(out);
    return status;
}

/* The pairs of A in the space of the vectors, from the end asked for inwards. */
static kith_status rayleigh_ritz(const kith_i_operator *a, kith_i_end end, kith_i_eigen *e,
                                 double *image, double *small, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = e->n, k = e->count;
    const kith_i_columns v = kith_i_block_columns(e->vectors, k);
    const kith_i_columns av = kith_i_block_columns(image, k);

    KITH_TRY(a->apply(a, k, e->vectors, image, poll, err));
    KITH_TRY(kith_i_block_gram(n, k, e->vectors, k, image, small, a->threads, err));
    for (int64_t i = 0; i < k; i++)
        for (int64_t j = 0; j < i; j++)
            small[i * k + j] = small[j * k + i] = (small[i * k + j] + small[j * k + i]) / 2;
    for (int64_t i = 0; end == KITH_I_LARGEST && i < k * k; i++) small[i] = -small[i];
    KITH_TRY(kith_i_dense_eigen(k, small, e->values, err));
    for (int64_t j = 0; end == KITH_I_LARGEST && j < k; j++) e->values[j] = -e->values[j];
    KITH_TRY(kith_i_columns_turn(n, v, k, small, a->threads, err));
    KITH_TRY(kith_i_columns_turn(n, av, k, small, a->threads, err));
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < k; j++) image[i * k + j] -= e->values[j] * e->vectors[i * k + j];
    KITH_TRY(kith_i_columns_dots(n, av, av, e->residuals, a->threads, err));
    for (int64_t j = 0; j < k; j++) e->residuals[j] = sqrt(e->residuals[j]);

done:
    return status;
}

/* From pairs of B to pairs of A. */
static kith_status refine(const kith_i_operator *a, const kith_i_operator *b,
                          const kith_i_eigen_options *o, kith_i_poll *poll, kith_i_eigen *e,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = e->n, k = e->count;
    const double scale = fmax(fabs(a->lower), fabs(a->upper));
    double *image = NULL, *small = NULL;

    KITH_TRY(kith_i_alloc(&image, n * k, sizeof *image, err));
    KITH_TRY(kith_i_alloc(&small, k * k, sizeof *small, err));
    KITH_TRY(b->apply(b, k, e->vectors, image, poll, err));
    memcpy(e->vectors, image, (size_t)(n * k) * sizeof *image);
    KITH_TRY(kith_i_block_orthonormalise(n, k, e->vectors, NULL, NULL, o->seed, a->threads, err));
    KITH_TRY(rayleigh_ritz(a, o->end, e, image, small, poll, err));
    e->products += 2 * k;
    e->method = "inverse";
    e->converged = true;
    for (int64_t j = 0; j < k; j++)
        e->converged = e->converged && e->residuals[j] <= o->tolerance * scale;
    kith_i_block_signs(n, k, e->vectors, a->threads);

done:
    kith_i_free(image);
    kith_i_free(small);
    return status;
}

kith_status kith_i_inverse_solve(const kith_i_operator *a, const double *known, double known_value,
                                 const kith_i_eigen_options *options, kith_i_poll *poll,
                                 kith_i_eigen *out, bool *solved, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_eigen_options o = *options;
    kith_i_operator b = { 0 };

    *out = (kith_i_eigen){ 0 };
    *solved = false;
    if (a->rows < FEWEST_ROWS || 4 * options->count > a->rows) return KITH_OK;
    KITH_TRY(inverse_operator(a, known, known_value, options, poll, &b, err));
    if (!b.apply) goto done;
    o.end = KITH_I_LARGEST;
    o.deflated = 0;
    o.deflation = NULL;
    o.tolerance = fmax(options->tolerance * sharper, sharpest);
    o.method = KITH_I_EIGEN_LANCZOS;
    o.plain = true; /* far apart as its pairs are, few products find them */
    KITH_TRY(kith_i_eigen_solve(&b, &o, poll, out, err));
    KITH_TRY(refine(a, &b, options, poll, out, err));
    *solved = true;

done:
    if (status != KITH_OK) kith_i_eigen_clear(out);
    kith_i_operator_clear(&b);
    return status;
}
