/* Feature matrices, dense or sparse; values are floats where those are exact. */
#include "graph/features.h"

#include "graph/build.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char copying[] = "copying features"; /* a stage */

static kith_status check_shape(int64_t rows, int64_t columns, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(rows >= 0 && rows <= KITH_I_MAX_NODES, KITH_E_ARGUMENT,
               "rows is %" PRId64 " (expected 0 to %" PRId64 ")", rows, KITH_I_MAX_NODES);
    KITH_CHECK(columns >= 0 && columns <= KITH_I_MAX_NODES, KITH_E_ARGUMENT,
               "columns is %" PRId64 " (expected 0 to %" PRId64 ")", columns, KITH_I_MAX_NODES);

done:
    return status;
}

static kith_status narrow(kith_features *f, kith_i_poll *poll, kith_error *err)
{
    return kith_i_narrow_weights(&f->values64, f->entries, poll, &f->values32, err);
}

kith_status kith_features_from_dense(int64_t rows, int64_t columns, const double *values,
                                     const kith_run *run, kith_features **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_features *f = NULL;
    int64_t entries;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(check_shape(rows, columns, err));
    KITH_CHECK(!__builtin_mul_overflow(rows, columns, &entries), KITH_E_MEMORY,
               "out of memory (%" PRId64 " x %" PRId64 " numbers)", rows, columns);
    KITH_CHECK(values || !entries, KITH_E_ARGUMENT, "values must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_zeroed(&f, 1, sizeof *f, err));
    f->rows = rows;
    f->columns = columns;
    f->entries = entries;
    KITH_TRY(kith_i_alloc(&f->values64, entries, sizeof(double), err));
    for (int64_t e = 0; e < entries; e++) {
        KITH_TRY(kith_i_poll_pass(&poll, copying, e, entries, err));
        KITH_CHECK(isfinite(values[e]), KITH_E_INPUT,
                   "feature (%" PRId64 ", %" PRId64 ") is %g (expected a finite number)",
                   e / columns, e % columns, values[e]);
        f->values64[e] = values[e];
    }
    KITH_TRY(narrow(f, &poll, err));
    *out = f;
    f = NULL;

done:
    kith_features_free(f);
    return status;
}

/* ---- Sparse ---- */

/* An entry of a row while it is put in order. */
typedef struct {
    int64_t column, position;
    double  value;
} entry;

static int by_column(const void *x, const void *y)
{
    const entry *a = x, *b = y;

    if (a->column != b->column) return a->column < b->column ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* The caller's arrays. */
typedef struct {
    int64_t        rows, columns;
    const int64_t *offsets, *indices;
    const double  *values; /* NULL: all 1 */
} source;

static kith_status check_offsets(const source *s, int64_t *longest, kith_error *err)
{
    kith_status status = KITH_OK;

    *longest = 0;
    KITH_CHECK(s->offsets, KITH_E_ARGUMENT, "offsets must not be NULL");
    KITH_CHECK(s->offsets[0] == 0, KITH_E_INPUT, "the first offset is %" PRId64 " (expected 0)",
               s->offsets[0]);
    for (int64_t i = 0; i < s->rows; i++) {
        const int64_t length = s->offsets[i + 1] - s->offsets[i];
        KITH_CHECK(s->offsets[i + 1] >= s->offsets[i], KITH_E_INPUT,
                   "offset %" PRId64 " is %" PRId64 " (expected at least %" PRId64
                   ", the one before)",
                   i + 1, s->offsets[i + 1], s->offsets[i]);
        if (length > *longest) *longest = length;
    }
    KITH_CHECK(s->indices || !s->offsets[s->rows], KITH_E_ARGUMENT, "indices must not be NULL");

done:
    return status;
}

/* Reads row i into `row`, in order. */
static kith_status read_row(const source *s, int64_t i, kith_i_poll *poll, entry *row,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t begin = s->offsets[i], count = s->offsets[i + 1] - begin;
    bool ordered = true;

    for (int64_t e = 0; e < count; e++) {
        KITH_TRY(kith_i_poll_pass(poll, copying, begin + e, s->offsets[s->rows], err));
        row[e] = (entry){ s->indices[begin + e], e, s->values ? s->values[begin + e] : 1 };
        KITH_CHECK(row[e].column >= 0 && row[e].column < s->columns, KITH_E_INPUT,
                   "row %" PRId64 " holds column %" PRId64 " (expected 0 to %" PRId64 ")", i,
                   row[e].column, s->columns - 1);
        KITH_CHECK(isfinite(row[e].value), KITH_E_INPUT,
                   "feature (%" PRId64 ", %" PRId64 ") is %g (expected a finite number)", i,
                   row[e].column, row[e].value);
        ordered = ordered && (!e || row[e - 1].column < row[e].column);
    }
    if (!ordered) qsort(row, (size_t)count, sizeof *row, by_column);

done:
    return status;
}

/* Adds duplicates, in the order they were given, and appends what is not zero. */
static kith_status append_row(kith_features *f, int64_t i, const entry *row, int64_t count,
                              kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t e = 0, next; e < count; e = next) {
        double value = row[e].value;
        for (next = e + 1; next < count && row[next].column == row[e].column; next++)
            value += row[next].value;
        KITH_CHECK(isfinite(value), KITH_E_INPUT,
                   "feature (%" PRId64 ", %" PRId64 ") adds up to %g (expected a finite number)", i,
                   row[e].column, value);
        if (value == 0) continue;
        f->indices[f->entries] = (uint32_t)row[e].column;
        f->values64[f->entries++] = value;
    }
    f->offsets[i + 1] = f->entries;

done:
    return status;
}

kith_status kith_features_from_csr(int64_t rows, int64_t columns, const int64_t *offsets,
                                   const int64_t *indices, const double *values,
                                   const kith_run *run, kith_features **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const source s = { rows, columns, offsets, indices, values };
    kith_features *f = NULL;
    entry *row = NULL;
    int64_t longest;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(check_shape(rows, columns, err));
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(check_offsets(&s, &longest, err));
    KITH_TRY(kith_i_zeroed(&f, 1, sizeof *f, err));
    f->rows = rows;
    f->columns = columns;
    KITH_TRY(kith_i_zeroed(&f->offsets, rows + 1, sizeof *f->offsets, err));
    KITH_TRY(kith_i_alloc(&f->indices, offsets[rows], sizeof *f->indices, err));
    KITH_TRY(kith_i_alloc(&f->values64, offsets[rows], sizeof *f->values64, err));
    KITH_TRY(kith_i_alloc(&row, longest, sizeof *row, err));
    for (int64_t i = 0; i < rows; i++) {
        KITH_TRY(read_row(&s, i, &poll, row, err));
        KITH_TRY(append_row(f, i, row, offsets[i + 1] - offsets[i], err));
    }
    KITH_TRY(kith_i_resize(&f->indices, f->entries, sizeof *f->indices, err));
    KITH_TRY(kith_i_resize(&f->values64, f->entries, sizeof *f->values64, err));
    KITH_TRY(narrow(f, &poll, err));
    *out = f;
    f = NULL;

done:
    kith_features_free(f);
    kith_i_free(row);
    return status;
}

kith_status kith_i_features_check(const kith_features *features, const char *name, int64_t nodes,
                                  kith_error *err)
{
    if (features->rows == nodes) return KITH_OK;
    return kith_i_fail(err, KITH_E_ARGUMENT,
                       "%s has %" PRId64 " rows (expected %" PRId64 ", one for each node)", name,
                       features->rows, nodes);
}

void kith_features_free(kith_features *features)
{
    if (!features) return;
    kith_i_free(features->offsets);
    kith_i_free(features->indices);
    kith_i_free(features->values32);
    kith_i_free(features->values64);
    kith_i_free(features);
}

int64_t kith_features_rows(const kith_features *features)
{
    return features->rows;
}

int64_t kith_features_columns(const kith_features *features)
{
    return features->columns;
}

bool kith_features_sparse(const kith_features *features)
{
    return features->offsets;
}

int64_t kith_features_entries(const kith_features *features)
{
    return features->entries;
}

void kith_features_row(const kith_features *features, int64_t row, double *out)
{
    const kith_i_feature_row r = kith_i_features_row(features, row);

    for (int64_t c = 0; c < features->columns; c++) out[c] = 0;
    for (int64_t e = r.begin; e < r.end; e++)
        out[kith_i_feature_column(features, r, e)] = kith_i_feature(features, e);
}
