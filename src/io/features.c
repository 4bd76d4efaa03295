/* Reading features: dense arrays row by row, sparse ones by way of their entries. */
#include "io/reading.h"

#include "io/entries.h"
#include "io/matrix_market.h"
#include "io/npy.h"
#include "io/npz_matrix.h"
#include "io/table.h"

#include <inttypes.h>

/* ---- Dense ---- */

/* Values of a MatrixMarket array, which go down its columns, in rows. */
static void by_rows(const kith_i_matrix *m, double *out)
{
    const double *value = m->values;

    for (int64_t j = 0; j < m->columns; j++)
        for (int64_t i = m->symmetric ? j : 0; i < m->rows; i++) {
            out[i * m->columns + j] = *value;
            if (m->symmetric) out[j * m->columns + i] = *value;
            value++;
        }
}

static kith_status from_array(const kith_i_matrix *m, const kith_run *run, kith_features **out,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    double *values = NULL;

    KITH_TRY(kith_i_alloc(&values, m->rows * m->columns, sizeof *values, err));
    by_rows(m, values);
    status = kith_features_from_dense(m->rows, m->columns, values, run, out, err);

done:
    kith_i_free(values);
    return status;
}

/* Elements of a loaded npy array, whose order may be that of the columns. */
static void npy_by_rows(const kith_i_npy *array, int64_t rows, int64_t columns, double *out)
{
    if (!array->fortran) {
        kith_i_npy_doubles(array, 0, array->count, out);
        return;
    }
    for (int64_t j = 0; j < columns; j++)
        for (int64_t i = 0; i < rows; i++)
            kith_i_npy_doubles(array, j * rows + i, 1, &out[i * columns + j]);
}

/* What is wrong with an array as features, before anything of its size is allocated. */
static kith_status check_array(const kith_i_zip *file, const kith_i_npy *array, int64_t rows,
                               int64_t columns, const kith_read_options *o, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t most = kith_i_most_nodes(o->max_nodes, file->size);

    KITH_CHECK(array->dimensions > 0, KITH_E_INPUT, "%s: is a single number (expected an array)",
               file->path);
    KITH_CHECK(array->kind != 'S' && array->kind != 'U', KITH_E_INPUT,
               "%s: has elements of type '%c%d' (expected numbers)", file->path, array->kind,
               array->width);
    KITH_CHECK(rows <= most && columns <= most, KITH_E_INPUT,
               "%s: is an array of %" PRId64 " x %" PRId64 " (expected at most %" PRId64 "%s)",
               file->path, rows, columns, most, o->max_nodes ? "" : " in a file of this size");
    KITH_CHECK(!o->max_edges || array->count <= o->max_edges, KITH_E_INPUT,
               "%s: has %" PRId64 " entries (expected at most %" PRId64 ")", file->path,
               array->count, o->max_edges);
    KITH_TRY(kith_i_memory_require((double)array->count * 16, file->path, err));

done:
    return status;
}

/* A vector is a column. */
static kith_status read_npy(kith_i_reading *r, kith_features **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_bytes bytes = { 0 };
    kith_i_npy array = { 0 };
    double *values = NULL;

    KITH_TRY(kith_i_input_whole(&r->input, &bytes, err));
    const kith_i_zip file = { .path = r->input.name, .bytes = bytes.at, .size = bytes.size,
                              .poll = &r->poll };
    KITH_TRY(kith_i_npy_open_file(&file, &array, err));
    const int64_t rows = array.shape[0], columns = array.dimensions == 2 ? array.shape[1] : 1;
    KITH_TRY(check_array(&file, &array, rows, columns, &r->options, err));
    KITH_TRY(kith_i_npy_load(&file, &array, err));
    KITH_TRY(kith_i_alloc(&values, array.count, sizeof *values, err));
    npy_by_rows(&array, rows, columns, values);
    status = kith_features_from_dense(rows, columns, values, &r->options.graph.run, out, err);
    status = kith_i_in_file(file.path, status, err);

done:
    kith_i_free(values);
    kith_i_npy_clear(&array);
    kith_i_bytes_clear(&bytes);
    return status;
}

/* ---- Sparse ---- */

/* The entries sorted by row, in the order they come in each. */
static kith_status from_entries(const kith_i_matrix *m, const kith_run *run, kith_i_poll *poll,
                                kith_features **out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *offsets = NULL, *indices = NULL;
    double *values = NULL;

    KITH_TRY(kith_i_zeroed(&offsets, m->rows + 2, sizeof *offsets, err));
    KITH_TRY(kith_i_alloc(&indices, m->count, sizeof *indices, err));
    if (m->values) KITH_TRY(kith_i_alloc(&values, m->count, sizeof *values, err));
    for (int64_t e = 0; e < m->count; e++) {
        KITH_TRY(kith_i_poll_pass(poll, "reading", e, m->count, err));
        offsets[m->row_ids[e] + 2]++;
    }
    for (int64_t i = 0; i < m->rows; i++) offsets[i + 2] += offsets[i + 1];
    /* offsets[i + 1] goes from the start of row i to its end. */
    for (int64_t e = 0; e < m->count; e++) {
        const int64_t at = offsets[m->row_ids[e] + 1]++;
        KITH_TRY(kith_i_poll_pass(poll, "reading", e, m->count, err));
        indices[at] = m->column_ids[e];
        if (values) values[at] = m->values[e];
    }
    KITH_TRY(kith_features_from_csr(m->rows, m->columns, offsets, indices, values, run, out, err));

done:
    kith_i_free(offsets);
    kith_i_free(indices);
    kith_i_free(values);
    return status;
}

/* A matrix of either format, or a table, as features. */
static kith_status read_matrix(kith_i_reading *r, kith_features **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_run *run = &r->options.graph.run;
    kith_i_matrix m = { 0 };

    if (r->format == KITH_FORMAT_EDGE_LIST)
        KITH_TRY(kith_i_table_read(r, &m, err));
    else if (r->format == KITH_FORMAT_NPZ)
        KITH_TRY(kith_i_npz_matrix_read(&r->input, &r->options, &m, err));
    else
        KITH_TRY(kith_i_matrix_market_read(&r->input, &r->options, &m, err));
    if (m.dense) {
        KITH_TRY(from_array(&m, run, out, err));
    } else {
        KITH_TRY(kith_i_matrix_unfold(&m, &r->poll, err));
        KITH_TRY(from_entries(&m, run, &r->poll, out, err));
    }

done:
    kith_i_matrix_clear(&m);
    return status;
}

kith_status kith_features_read(const char *path, const kith_read_options *options,
                               kith_features **out, kith_error *err)
{
    static const char npy[] = "\x93NUMPY";
    kith_status status = KITH_OK;
    kith_i_reading r;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(kith_i_reading_open(&r, path, options, err));
    r.options.graph.signed_weights = true; /* the sign of a feature is free */
    if (!memcmp(r.input.head, npy, sizeof npy - 1))
        status = read_npy(&r, out, err);
    else if (r.format == KITH_FORMAT_EDGE_LIST && !kith_i_is_table(r.input.name))
        status = kith_i_fail(err, KITH_E_INPUT, "%s: holds no features (expected a MatrixMarket, "
                             "npz or npy file, or a table, .csv or .tsv)", r.input.name);
    else
        status = read_matrix(&r, out, err);
    kith_i_reading_close(&r);

done:
    return status;
}
