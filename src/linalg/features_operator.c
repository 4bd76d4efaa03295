/* Feature matrices and their Gram matrices as operators.
 *
 * F^T Y is a product of rows, too: those of F^T, which are made with the operator. Those of a dense
 * F are not: columns are shared out among threads, each of which goes through all rows. */
#include "linalg/operator.h"

#include "graph/features.h"
#include "linalg/product.h"

#include <string.h>

enum { COLUMNS = 64 };   /* of a dense F^T that are added up at a time: they stay in cache */
enum { WORK = 1 << 16 }; /* numbers of Y that are added at a time */

static const char turning[] = "transposing features"; /* a stage */

typedef struct {
    const kith_features *features;
    kith_i_product product, transposed;
    double *mean;     /* of each column; NULL: not centred */
    int64_t *offsets; /* the rows of a sparse F^T */
    uint32_t *targets;
    float *values32;
    double *values64;
    kith_i_scratch scratch; /* of products */
    kith_i_scratch between; /* F^T X of a Gram matrix */
    kith_i_scratch sums;    /* of columns */
} features_state;

static void features_free(void *state)
{
    features_state *s = state;

    kith_i_free(s->mean);
    kith_i_free(s->offsets);
    kith_i_free(s->targets);
    kith_i_free(s->values32);
    kith_i_free(s->values64);
    kith_i_free(s->scratch.memory);
    kith_i_free(s->between.memory);
    kith_i_free(s->sums.memory);
    kith_i_free(s);
}

/* ---- F X ---- */

/* Y = F X, less what centring takes: the product of the means and X, from every row. */
static kith_status forward(const kith_i_operator *self, int64_t b, const double *x, double *y,
                           kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    features_state *s = self->state;
    const int64_t rows = s->features->rows, d = s->features->columns;

    KITH_TRY(kith_i_multiply(&s->product, b, x, y, self->threads, &s->scratch, poll, err));
    if (!s->mean) goto done;
    KITH_TRY(kith_i_scratch_reserve(&s->sums, b, err));
    double *c = s->sums.memory;
    KITH_TRY(kith_i_project(d, 1, s->mean, b, x, c, self->threads, poll, err));
    for (int64_t j = 0; j < b; j++) c[j] = -c[j];
    KITH_TRY(kith_i_spread_rows(rows, 1, NULL, b, c, y, self->threads, poll, err));

done:
    return status;
}

/* ---- F^T Y ---- */

/* The rows of F^T, by counting. */
static kith_status transpose(features_state *s, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_features *f = s->features;
    const int64_t d = f->columns;
    int64_t *next = NULL;

    KITH_TRY(kith_i_zeroed(&s->offsets, d + 1, sizeof *s->offsets, err));
    KITH_TRY(kith_i_alloc(&next, d, sizeof *next, err));
    KITH_TRY(kith_i_alloc(&s->targets, f->entries, sizeof *s->targets, err));
    if (f->values32) KITH_TRY(kith_i_alloc(&s->values32, f->entries, sizeof(float), err));
    if (f->values64) KITH_TRY(kith_i_alloc(&s->values64, f->entries, sizeof(double), err));
    for (int64_t e = 0; e < f->entries; e++) {
        KITH_TRY(kith_i_poll_pass(poll, turning, e, f->entries, err));
        s->offsets[f->indices[e] + 1]++;
    }
    for (int64_t c = 0; c < d; c++) {
        next[c] = s->offsets[c];
        s->offsets[c + 1] += s->offsets[c];
    }
    for (int64_t i = 0; i < f->rows; i++) {
        KITH_TRY(kith_i_poll_pass(poll, turning, i, f->rows, err));
        for (int64_t e = f->offsets[i]; e < f->offsets[i + 1]; e++) {
            const int64_t at = next[f->indices[e]]++;
            s->targets[at] = (uint32_t)i;
            if (f->values32) s->values32[at] = f->values32[e];
            if (f->values64) s->values64[at] = f->values64[e];
        }
    }
    s->transposed.m = (kith_i_matrix_rows){ .rows = d,
                                            .columns = f->rows,
                                            .offsets = s->offsets,
                                            .targets = s->targets,
                                            .weights32 = s->values32,
                                            .weights64 = s->values64 };

done:
    kith_i_free(next);
    return status;
}

/* Rows first to last - 1 of a dense F, whose columns are taken in groups. */
typedef struct {
    const kith_features *features;
    int64_t b, first, last;
    const double *y;
    double *out;
} dense_part;

static void dense_columns(void *self, int64_t begin, int64_t end)
{
    const dense_part *p = self;
    const int64_t d = p->features->columns, b = p->b;

    for (int64_t group = begin; group < end; group++) {
        const int64_t from = group * COLUMNS, to = from + COLUMNS < d ? from + COLUMNS : d;
        for (int64_t i = p->first; i < p->last; i++) {
            const double *y = p->y + i * b;
            for (int64_t c = from; c < to; c++) {
                const double value = kith_i_feature(p->features, i * d + c);
                double *out = p->out + c * b;
                for (int64_t j = 0; j < b; j++) out[j] += value * y[j];
            }
        }
    }
}

static kith_status dense_transposed(const kith_i_operator *self, int64_t b, const double *y,
                                    double *out, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const features_state *s = self->state;
    const kith_features *f = s->features;
    const int64_t groups = (f->columns + COLUMNS - 1) / COLUMNS, rows = WORK / b + 1;

    memset(out, 0, (size_t)(f->columns * b) * sizeof *out);
    for (int64_t i = 0; i < f->rows; i += rows) {
        dense_part p = { f, b, i, i + rows < f->rows ? i + rows : f->rows, y, out };
        KITH_TRY(kith_i_ranges(groups, NULL, (p.last - i) * b * COLUMNS, self->threads, poll,
                               dense_columns, &p, err));
    }

done:
    return status;
}

/* Out = F^T Y, less what centring takes: the mean of each column times the sum of Y's. */
static kith_status backward(const kith_i_operator *self, int64_t b, const double *y, double *out,
                            kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    features_state *s = self->state;
    const kith_features *f = s->features;

    if (f->offsets)
        KITH_TRY(kith_i_multiply(&s->transposed, b, y, out, self->threads, &s->scratch, poll, err));
    else
        KITH_TRY(dense_transposed(self, b, y, out, poll, err));
    if (!s->mean) goto done;
    KITH_TRY(kith_i_scratch_reserve(&s->sums, b, err));
    double *c = s->sums.memory;
    KITH_TRY(kith_i_project(f->rows, 1, NULL, b, y, c, self->threads, poll, err));
    for (int64_t j = 0; j < b; j++) c[j] = -c[j];
    KITH_TRY(kith_i_spread_rows(f->columns, 1, s->mean, b, c, out, self->threads, poll, err));

done:
    return status;
}

/* ---- Operators ---- */

static kith_status gram_apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                              kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    features_state *s = self->state;

    KITH_TRY(kith_i_scratch_reserve(&s->between, s->features->columns * b, err));
    KITH_TRY(backward(self, b, x, s->between.memory, poll, err));
    KITH_TRY(forward(self, b, s->between.memory, y, poll, err));

done:
    return status;
}

static kith_status find_mean(const kith_i_operator *self, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    features_state *s = self->state;
    const kith_features *f = s->features;
    double *ones = NULL, *mean = NULL;

    KITH_TRY(kith_i_alloc(&ones, f->rows, sizeof *ones, err));
    KITH_TRY(kith_i_alloc(&mean, f->columns, sizeof *mean, err));
    for (int64_t i = 0; i < f->rows; i++) ones[i] = 1;
    KITH_TRY(backward(self, 1, ones, mean, poll, err));
    for (int64_t c = 0; c < f->columns; c++) mean[c] /= (double)f->rows;
    s->mean = mean;
    mean = NULL;

done:
    kith_i_free(ones);
    kith_i_free(mean);
    return status;
}

static kith_status make(const kith_features *features, bool centred, int threads, kith_i_poll *poll,
                        kith_i_operator *out, kith_error *err)
{
    kith_status status = KITH_OK;
    features_state *s = NULL;

    *out = (kith_i_operator){ 0 };
    KITH_TRY(kith_i_zeroed(&s, 1, sizeof *s, err));
    *out = (kith_i_operator){ .rows = features->rows,
                              .columns = features->columns,
                              .lower = NAN,
                              .upper = NAN,
                              .apply = forward,
                              .apply_transposed = backward,
                              .threads = threads,
                              .state = s,
                              .free = features_free };
    s->features = features;
    s->product.factor = s->transposed.factor = 1;
    s->product.m = (kith_i_matrix_rows){ .rows = features->rows,
                                         .columns = features->columns,
                                         .offsets = features->offsets,
                                         .targets = features->indices,
                                         .weights32 = features->values32,
                                         .weights64 = features->values64 };
    if (features->offsets) KITH_TRY(transpose(s, poll, err));
    if (centred) KITH_TRY(find_mean(out, poll, err));

done:
    if (status != KITH_OK) kith_i_operator_clear(out);
    return status;
}

kith_status kith_i_features_operator(const kith_features *features, bool centred, int threads,
                                     kith_i_poll *poll, kith_i_operator *out, kith_error *err)
{
    return make(features, centred, threads, poll, out, err);
}

kith_status kith_i_features_gram_operator(const kith_features *features, bool centred, int threads,
                                          kith_i_poll *poll, kith_i_operator *out, kith_error *err)
{
    const kith_status status = make(features, centred, threads, poll, out, err);

    if (status != KITH_OK) return status;
    out->columns = out->rows;
    out->apply = out->apply_transposed = gram_apply;
    return KITH_OK;
}
