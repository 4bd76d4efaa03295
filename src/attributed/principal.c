/* Principal components, as the right singular vectors V of features less the means of their
 * columns, which are never taken off: (F - 1 m^T) x = F x - 1 (m . x). */
#include "attributed/principal.h"

#include "core/each.h"
#include "linalg/block.h"
#include "linalg/dense.h"
#include "linalg/svd.h"

#include <math.h>
#include <string.h>

enum {
    FEW = 512,  /* columns up to which V comes from F^T F */
    PASSES = 8, /* of the randomised iteration */
    OVERSAMPLING = 64,
    WIDE = 128, /* columns of F^T F that are made at a time */
    PARTS = 16  /* that sums over rows are made of, whatever the number of threads */
};

/* ---- Standard deviations ---- */

/* Sums over the entries that are stored: of them, or of squares of their differences to means. */
typedef struct {
    const kith_i_scaled *f;
    const double *means; /* NULL: sums of the entries */
    double *partial;     /* PARTS times: sums of columns, and how many entries these have */
} column_sums;

static void add_part(void *self, int64_t part)
{
    const column_sums *s = self;
    const kith_features *x = s->f->features;
    double *sum = s->partial + part * 2 * x->columns, *stored = sum + x->columns;

    for (int64_t i = x->rows * part / PARTS; i < x->rows * (part + 1) / PARTS; i++) {
        const kith_i_feature_row row = kith_i_features_row(x, i);
        for (int64_t e = row.begin; e < row.end; e++) {
            const int64_t j = kith_i_feature_column(x, row, e);
            const double value = kith_i_scaled_entry(s->f, i, j, e);
            sum[j] += s->means ? (value - s->means[j]) * (value - s->means[j]) : value;
            stored[j]++;
        }
    }
}

/* Sums of the columns in s->partial, and behind them the numbers of their entries. */
static kith_status add_columns(column_sums *s, int threads, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t size = 2 * s->f->features->columns;

    memset(s->partial, 0, (size_t)(PARTS * size) * sizeof *s->partial);
    KITH_TRY(kith_i_each(PARTS, threads, poll, "weighing features", add_part, s, err));
    for (int64_t p = 1; p < PARTS; p++)
        for (int64_t j = 0; j < size; j++) s->partial[j] += s->partial[p * size + j];

done:
    return status;
}

kith_status kith_i_standardise_columns(kith_i_scaled *features, int threads, kith_i_poll *poll,
                                       kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t d = features->features->columns;
    const double n = (double)features->features->rows;
    column_sums s = { .f = features };
    double *means = NULL;

    KITH_TRY(kith_i_alloc(&s.partial, 2 * PARTS * d, sizeof *s.partial, err));
    KITH_TRY(kith_i_alloc(&means, d, sizeof *means, err));
    KITH_TRY(add_columns(&s, threads, poll, err));
    for (int64_t j = 0; j < d; j++) means[j] = s.partial[j] / n;
    s.means = means;
    KITH_TRY(add_columns(&s, threads, poll, err));
    for (int64_t j = 0; j < d; j++) {
        const double zeros = n - s.partial[d + j];
        const double deviation = sqrt((s.partial[j] + zeros * means[j] * means[j]) / n);
        if (deviation > 1e-12 * fabs(means[j])) features->columns[j] /= deviation;
    }

done:
    kith_i_free(s.partial);
    kith_i_free(means);
    return status;
}

/* ---- F - 1 m^T ---- */

typedef struct {
    const kith_i_operator *f;
    double *means; /* NULL: not centred */
    double *ones;  /* n */
} centred;

static kith_status apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                         kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const centred *c = self->state;
    double *shift = NULL;

    KITH_TRY(c->f->apply(c->f, b, x, y, poll, err));
    if (!c->means) return KITH_OK;
    KITH_TRY(kith_i_alloc(&shift, b, sizeof *shift, err));
    KITH_TRY(kith_i_block_gram(self->columns, 1, c->means, b, x, shift, self->threads, err));
    for (int64_t j = 0; j < b; j++) shift[j] = -shift[j];
    kith_i_block_times(self->rows, 1, c->ones, b, shift, 1, y, self->threads);

done:
    kith_i_free(shift);
    return status;
}

static kith_status apply_transposed(const kith_i_operator *self, int64_t b, const double *x,
                                    double *y, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const centred *c = self->state;
    double *shift = NULL;

    KITH_TRY(c->f->apply_transposed(c->f, b, x, y, poll, err));
    if (!c->means) return KITH_OK;
    KITH_TRY(kith_i_alloc(&shift, b, sizeof *shift, err));
    KITH_TRY(kith_i_block_gram(self->rows, 1, c->ones, b, x, shift, self->threads, err));
    for (int64_t j = 0; j < b; j++) shift[j] = -shift[j];
    kith_i_block_times(self->columns, 1, c->means, b, shift, 1, y, self->threads);

done:
    kith_i_free(shift);
    return status;
}

static kith_status find_means(const kith_i_operator *f, centred *c, kith_i_poll *poll,
                              kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(&c->means, f->columns, sizeof *c->means, err));
    KITH_TRY(kith_i_alloc(&c->ones, f->rows, sizeof *c->ones, err));
    for (int64_t i = 0; i < f->rows; i++) c->ones[i] = 1;
    KITH_TRY(f->apply_transposed(f, 1, c->ones, c->means, poll, err));
    for (int64_t j = 0; j < f->columns; j++) c->means[j] /= (double)f->rows;

done:
    return status;
}

/* V, d rows of `width` numbers, from the eigenvectors of (F - 1 m^T)^T (F - 1 m^T), some of whose
 * columns are made at a time. */
static kith_status solve_few(const kith_i_scaled *features, const kith_i_operator *a,
                             const centred *c, int64_t width, kith_i_poll *poll, double *v,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = a->rows, d = a->columns;
    double *gram = NULL, *values = NULL, *block = NULL, *product = NULL;

    KITH_TRY(kith_i_alloc(&gram, d * d, sizeof *gram, err));
    KITH_TRY(kith_i_alloc(&values, d, sizeof *values, err));
    KITH_TRY(kith_i_alloc(&block, n * WIDE, sizeof *block, err));
    KITH_TRY(kith_i_alloc(&product, d * WIDE, sizeof *product, err));
    for (int64_t first = 0; first < d; first += WIDE) {
        const int64_t b = first + WIDE < d ? WIDE : d - first;
        KITH_TRY(kith_i_scaled_block(features, first, b, block, a->threads, poll, err));
        KITH_TRY(c->f->apply_transposed(c->f, b, block, product, poll, err));
        for (int64_t i = 0; i < d; i++)
            for (int64_t j = 0; j < b; j++) {
                const double shift = c->means ? c->means[i] * c->means[first + j] : 0;
                gram[i * d + first + j] = product[i * b + j] - (double)n * shift;
            }
    }
    KITH_TRY(kith_i_dense_eigen(d, gram, values, err));
    for (int64_t i = 0; i < d; i++)
        for (int64_t j = 0; j < width; j++) v[i * width + j] = gram[i * d + d - 1 - j];

done:
    kith_i_free(gram);
    kith_i_free(values);
    kith_i_free(block);
    kith_i_free(product);
    return status;
}

static kith_status solve_many(const kith_i_operator *a, int64_t width, uint64_t seed,
                              kith_i_poll *poll, double *v, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_svd_options o = {
        .count = width, .passes = PASSES, .oversampling = OVERSAMPLING, .seed = seed
    };
    kith_i_svd svd = { 0 };

    KITH_TRY(kith_i_svd_solve(a, &o, poll, &svd, err));
    memcpy(v, svd.v, (size_t)(a->columns * width) * sizeof *v);

done:
    kith_i_svd_clear(&svd);
    return status;
}

/* out = A V, a panel at a time. */
static kith_status project(const kith_i_operator *a, int64_t width, const double *v,
                           kith_i_poll *poll, kith_i_panels *out, kith_error *err)
{
    kith_status status = KITH_OK;
    double *part = NULL;

    KITH_TRY(kith_i_panels_new(a->rows, width, out, err));
    KITH_TRY(kith_i_alloc(&part, a->columns * KITH_I_PANEL, sizeof *part, err));
    for (int64_t p = 0; p < kith_i_panels_count(out); p++) {
        const int64_t b = kith_i_panels_width(out, p);
        for (int64_t i = 0; i < a->columns; i++)
            for (int64_t j = 0; j < b; j++) part[i * b + j] = v[i * width + p * KITH_I_PANEL + j];
        KITH_TRY(a->apply(a, b, part, kith_i_panels_at(out, p), poll, err));
    }

done:
    kith_i_free(part);
    return status;
}

static kith_status copy(const kith_i_scaled *features, int threads, kith_i_poll *poll,
                        kith_i_panels *out, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_panels_new(features->features->rows, features->features->columns, out, err));
    for (int64_t p = 0; p < kith_i_panels_count(out); p++)
        KITH_TRY(kith_i_scaled_block(features, p * KITH_I_PANEL, kith_i_panels_width(out, p),
                                     kith_i_panels_at(out, p), threads, poll, err));

done:
    return status;
}

static bool few(const kith_features *features)
{
    return features->columns <= FEW && features->columns <= features->rows;
}

int64_t kith_i_principal_columns(const kith_features *features, int64_t width)
{
    const int64_t n = features->rows, d = features->columns, most = n < d ? n : d;

    return width == 0 ? d : width < most ? width : most;
}

double kith_i_principal_bytes(const kith_features *features, int64_t width)
{
    const double n = (double)features->rows, d = (double)features->columns;
    const double columns = (double)kith_i_principal_columns(features, width);

    if (width == 0) return 8 * n * columns;
    if (few(features)) return 8 * (n * (columns + 2 * WIDE) + d * (d + columns));
    return 8 * (n + d) * (3 * columns + 2 * KITH_I_PANEL);
}

kith_status kith_i_principal(const kith_i_scaled *features, int64_t width, bool centred_,
                             uint64_t seed, int threads, kith_i_poll *poll, kith_i_panels *out,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t columns = kith_i_principal_columns(features->features, width);
    kith_i_operator f = { 0 };
    centred c = { .f = &f };
    double *v = NULL;

    *out = (kith_i_panels){ 0 };
    if (width == 0 || columns == 0) return copy(features, threads, poll, out, err);
    KITH_TRY(kith_i_scaled_operator(features, threads, poll, &f, err));
    if (centred_) KITH_TRY(find_means(&f, &c, poll, err));
    kith_i_operator a = f;
    a.apply = apply;
    a.apply_transposed = apply_transposed;
    a.state = &c;
    KITH_TRY(kith_i_alloc(&v, f.columns * columns, sizeof *v, err));
    if (few(features->features))
        KITH_TRY(solve_few(features, &a, &c, columns, poll, v, err));
    else
        KITH_TRY(solve_many(&a, columns, seed, poll, v, err));
    KITH_TRY(project(&a, columns, v, poll, out, err));

done:
    if (status != KITH_OK) kith_i_panels_clear(out);
    kith_i_operator_clear(&f);
    kith_i_free(c.means);
    kith_i_free(c.ones);
    kith_i_free(v);
    return status;
}
