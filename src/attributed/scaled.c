/* Features between two diagonals. */
#include "attributed/scaled.h"

#include "core/each.h"
#include "linalg/product.h"

#include <math.h>
#include <string.h>

enum {
    STRIP = 1024, /* rows that one thread goes through before it polls */
    PARTS = 16    /* that sums over rows are made of, whatever the number of threads */
};

static const char weighing[] = "weighing features"; /* a stage */

/* Rows begin .. end - 1. */
typedef struct {
    int64_t begin, end;
} range;

static int64_t strips_of(const kith_i_scaled *f)
{
    return (f->features->rows + STRIP - 1) / STRIP;
}

static range strip_of(const kith_i_scaled *f, int64_t item)
{
    const int64_t end = (item + 1) * STRIP;

    return (range){ item * STRIP, end < f->features->rows ? end : f->features->rows };
}

/* ---- Sums of columns ---- */

typedef struct {
    const kith_i_scaled *f;
    bool counts;     /* entries that are not zero instead of their values */
    double *partial; /* PARTS times columns */
} column_sums;

static void add_part(void *self, int64_t part)
{
    const column_sums *s = self;
    const kith_features *x = s->f->features;
    double *sum = s->partial + part * x->columns;

    for (int64_t i = x->rows * part / PARTS; i < x->rows * (part + 1) / PARTS; i++) {
        const kith_i_feature_row row = kith_i_features_row(x, i);
        for (int64_t e = row.begin; e < row.end; e++) {
            const int64_t j = kith_i_feature_column(x, row, e);
            sum[j] += s->counts ? kith_i_feature(x, e) != 0 : kith_i_scaled_entry(s->f, i, j, e);
        }
    }
}

static kith_status sum_columns(const kith_i_scaled *f, bool counts, int threads, kith_i_poll *poll,
                               double *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t d = f->features->columns;
    column_sums s = { .f = f, .counts = counts };

    KITH_TRY(kith_i_zeroed(&s.partial, PARTS * d, sizeof *s.partial, err));
    KITH_TRY(kith_i_each(PARTS, threads, poll, weighing, add_part, &s, err));
    for (int64_t j = 0; j < d; j++) {
        out[j] = 0;
        for (int64_t p = 0; p < PARTS; p++) out[j] += s.partial[p * d + j];
    }

done:
    kith_i_free(s.partial);
    return status;
}

/* ---- Scales ---- */

/* The length of a row of F, of numbers of any size. */
static double length_of(const kith_i_scaled *f, int64_t i)
{
    const kith_i_feature_row row = kith_i_features_row(f->features, i);
    double largest = 0, sum = 0;

    for (int64_t e = row.begin; e < row.end; e++)
        largest =
            fmax(largest,
                 fabs(kith_i_scaled_entry(f, i, kith_i_feature_column(f->features, row, e), e)));
    if (largest == 0) return 0;
    for (int64_t e = row.begin; e < row.end; e++) {
        const int64_t j = kith_i_feature_column(f->features, row, e);
        const double value = kith_i_scaled_entry(f, i, j, e) / largest;
        sum += value * value;
    }
    return largest * sqrt(sum);
}

typedef struct {
    kith_i_scaled *f;
    bool unit_rows;
} lengths;

static void measure_rows(void *self, int64_t item)
{
    const lengths *l = self;
    const range r = strip_of(l->f, item);

    for (int64_t i = r.begin; i < r.end; i++) {
        const double length = length_of(l->f, i);
        l->f->empty[i] = length == 0;
        if (l->unit_rows && length > 0) l->f->rows[i] = 1 / length;
    }
}

kith_status kith_i_scaled_new(const kith_features *features, bool tfidf, bool unit_rows,
                              int threads, kith_i_poll *poll, kith_i_scaled *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = features->rows, d = features->columns;
    lengths l = { out, unit_rows };

    *out = (kith_i_scaled){ .features = features };
    KITH_TRY(kith_i_alloc(&out->rows, n, sizeof *out->rows, err));
    KITH_TRY(kith_i_alloc(&out->columns, d, sizeof *out->columns, err));
    KITH_TRY(kith_i_zeroed(&out->empty, n, sizeof *out->empty, err));
    for (int64_t i = 0; i < n; i++) out->rows[i] = 1;
    for (int64_t j = 0; j < d; j++) out->columns[j] = 1;
    if (tfidf) {
        KITH_TRY(sum_columns(out, true, threads, poll, out->columns, err));
        for (int64_t j = 0; j < d; j++)
            out->columns[j] = log((1 + (double)n) / (1 + out->columns[j])) + 1;
    }
    KITH_TRY(kith_i_each(strips_of(out), threads, poll, weighing, measure_rows, &l, err));
    return KITH_OK;

done:
    kith_i_scaled_clear(out);
    return status;
}

void kith_i_scaled_clear(kith_i_scaled *scaled)
{
    kith_i_free(scaled->rows);
    kith_i_free(scaled->columns);
    kith_i_free(scaled->empty);
    *scaled = (kith_i_scaled){ 0 };
}

typedef struct {
    kith_i_scaled *f;
    const double *sums; /* F^T 1 */
} affinity;

static void divide_rows(void *self, int64_t item)
{
    const affinity *a = self;
    const range r = strip_of(a->f, item);

    for (int64_t i = r.begin; i < r.end; i++) {
        const kith_i_feature_row row = kith_i_features_row(a->f->features, i);
        double g = 0;
        for (int64_t e = row.begin; e < row.end; e++) {
            const int64_t j = kith_i_feature_column(a->f->features, row, e);
            g += kith_i_scaled_entry(a->f, i, j, e) * a->sums[j];
        }
        if (g > 0) a->f->rows[i] /= sqrt(g);
    }
}

kith_status kith_i_scaled_by_affinity(kith_i_scaled *scaled, int threads, kith_i_poll *poll,
                                      kith_error *err)
{
    kith_status status = KITH_OK;
    double *sums = NULL;

    KITH_TRY(kith_i_alloc(&sums, scaled->features->columns, sizeof *sums, err));
    KITH_TRY(sum_columns(scaled, false, threads, poll, sums, err));
    affinity a = { scaled, sums };
    KITH_TRY(kith_i_each(strips_of(scaled), threads, poll, weighing, divide_rows, &a, err));

done:
    kith_i_free(sums);
    return status;
}

/* ---- Blocks ---- */

typedef struct {
    const kith_i_scaled *f;
    int64_t first, width;
    double *out;
} block;

/* The first entry of a row in column `column` or behind it. */
static int64_t entry_from(const kith_features *x, kith_i_feature_row row, int64_t column)
{
    int64_t low = row.begin, high = row.end;

    if (!x->offsets) return row.begin + column;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if ((int64_t)x->indices[middle] < column)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void fill_rows(void *self, int64_t item)
{
    const block *b = self;
    const kith_features *x = b->f->features;
    const range r = strip_of(b->f, item);
    const int64_t end = b->first + b->width;

    memset(b->out + r.begin * b->width, 0, (size_t)((r.end - r.begin) * b->width) * sizeof *b->out);
    for (int64_t i = r.begin; i < r.end; i++) {
        const kith_i_feature_row row = kith_i_features_row(x, i);
        double *out = b->out + i * b->width;
        for (int64_t e = entry_from(x, row, b->first); e < row.end; e++) {
            const int64_t j = kith_i_feature_column(x, row, e);
            if (j >= end) break;
            out[j - b->first] = kith_i_scaled_entry(b->f, i, j, e);
        }
    }
}

kith_status kith_i_scaled_block(const kith_i_scaled *scaled, int64_t first, int64_t width,
                                double *out, int threads, kith_i_poll *poll, kith_error *err)
{
    block b = { scaled, first, width, out };

    return kith_i_each(strips_of(scaled), threads, poll, "spreading features", fill_rows, &b, err);
}

/* ---- As an operator ---- */

typedef struct {
    const kith_i_scaled *f;
    kith_i_operator inner; /* the features as they were given */
    kith_i_scratch scratch;
} product;

/* y = diag(scale) x for blocks of b vectors; they may be the same. */
typedef struct {
    int64_t rows, b;
    const double *scale, *x;
    double *y;
} multiplying;

static void multiply_rows(void *self, int64_t item)
{
    const multiplying *m = self;
    const int64_t end = (item + 1) * STRIP < m->rows ? (item + 1) * STRIP : m->rows;

    for (int64_t i = item * STRIP; i < end; i++)
        for (int64_t c = i * m->b; c < (i + 1) * m->b; c++) m->y[c] = m->scale[i] * m->x[c];
}

static kith_status multiply(int64_t rows, int64_t b, const double *scale, const double *x,
                            double *y, int threads, kith_i_poll *poll, kith_error *err)
{
    multiplying m = { rows, b, scale, x, y };

    return kith_i_each((rows + STRIP - 1) / STRIP, threads, poll, "multiplying by features",
                       multiply_rows, &m, err);
}

/* y = diag(left) (the inner product of diag(right) x). */
static kith_status apply_between(const kith_i_operator *self, int64_t b, const double *x, double *y,
                                 bool transposed, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    product *p = self->state;
    const kith_features *features = p->f->features;
    const double *right = transposed ? p->f->rows : p->f->columns;
    const double *left = transposed ? p->f->columns : p->f->rows;
    const int64_t from = transposed ? features->rows : features->columns;
    const int64_t to = transposed ? features->columns : features->rows;
    const kith_i_apply apply = transposed ? p->inner.apply_transposed : p->inner.apply;

    KITH_TRY(kith_i_scratch_reserve(&p->scratch, from * b, err));
    double *scaled = p->scratch.memory;
    KITH_TRY(multiply(from, b, right, x, scaled, self->threads, poll, err));
    KITH_TRY(apply(&p->inner, b, scaled, y, poll, err));
    KITH_TRY(multiply(to, b, left, y, y, self->threads, poll, err));

done:
    return status;
}

static kith_status apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                         kith_i_poll *poll, kith_error *err)
{
    return apply_between(self, b, x, y, false, poll, err);
}

static kith_status apply_transposed(const kith_i_operator *self, int64_t b, const double *x,
                                    double *y, kith_i_poll *poll, kith_error *err)
{
    return apply_between(self, b, x, y, true, poll, err);
}

static void free_product(void *state)
{
    product *p = state;

    kith_i_operator_clear(&p->inner);
    kith_i_free(p->scratch.memory);
    kith_i_free(p);
}

kith_status kith_i_scaled_operator(const kith_i_scaled *scaled, int threads, kith_i_poll *poll,
                                   kith_i_operator *out, kith_error *err)
{
    kith_status status = KITH_OK;
    product *p = NULL;

    *out = (kith_i_operator){ 0 };
    KITH_TRY(kith_i_zeroed(&p, 1, sizeof *p, err));
    p->f = scaled;
    KITH_TRY(kith_i_features_operator(scaled->features, false, threads, poll, &p->inner, err));
    *out = (kith_i_operator){ .rows = scaled->features->rows,
                              .columns = scaled->features->columns,
                              .lower = NAN,
                              .upper = NAN,
                              .apply = apply,
                              .apply_transposed = apply_transposed,
                              .threads = threads,
                              .state = p,
                              .free = free_product };
    p = NULL;

done:
    kith_i_free(p);
    return status;
}
