/* Reading scipy.sparse matrices: headers first, then arrays, then entries. */
#include "io/npz_matrix.h"

#include "graph/build.h"
#include "io/entries.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    PIECE = 4096,   /* entries that are converted at once */
    STEP = 1 << 20, /* entries between two polls */
    TEXT = 8        /* longest format name, with its zero */
};

/* ---- Headers ---- */

/* An array without dimensions, or of one element, of one of the kinds. */
static kith_status open_scalar(const kith_i_zip *zip, const char *name, const char *kinds,
                               kith_i_npy *array, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_npy_open(zip, name, array, err));
    if (!array->member.name) goto done;
    if (array->count != 1 || !strchr(kinds, array->kind)) {
        status = kith_i_zip_fail(zip, name, err, "has %" PRId64 " elements of type '%c%d' "
                                 "(expected one %s)", array->count, array->kind, array->width,
                                 *kinds == 'S'   ? "string"
                                 : *kinds == 'f' ? "number"
                                                 : "integer");
        goto done;
    }
    KITH_TRY(kith_i_npy_load(zip, array, err));

done:
    return status;
}

kith_status kith_i_npz_scalar(const kith_i_zip *zip, const char *name, int64_t *value, bool *found,
                              kith_error *err)
{
    kith_i_npy array;
    const kith_status status = open_scalar(zip, name, "biu", &array, err);

    *found = status == KITH_OK && array.member.name;
    if (*found) kith_i_npy_integers(&array, 0, 1, value);
    kith_i_npy_clear(&array);
    return status;
}

kith_status kith_i_npz_real(const kith_i_zip *zip, const char *name, double *value, bool *found,
                            kith_error *err)
{
    kith_i_npy array;
    const kith_status status = open_scalar(zip, name, "f", &array, err);

    *found = status == KITH_OK && array.member.name;
    if (*found) kith_i_npy_doubles(&array, 0, 1, value);
    kith_i_npy_clear(&array);
    return status;
}

/* The name of the format: bytes, or in UCS-4 as old versions wrote it. */
static kith_status read_format(kith_i_npz_matrix *m, kith_error *err)
{
    static const char *const names[] = { "csr", "csc", "coo" };
    kith_status status = KITH_OK;
    kith_i_npy array = { 0 };
    char text[TEXT] = "";
    bool known = false;

    KITH_TRY(open_scalar(&m->zip, "format.npy", "SU", &array, err));
    KITH_CHECK(array.member.name, KITH_E_INPUT,
               "%s: has no format.npy (expected a matrix as scipy.sparse.save_npz writes it)",
               m->zip.path);
    const int step = array.kind == 'U' ? 4 : 1;
    for (int i = 0; i < TEXT - 1 && i * step < array.width; i++) {
        const char c = ((const char *)array.data)[i * step];
        text[i] = c >= ' ' && c <= '~' ? c : '\0';
    }
    for (int i = 0; i < 3; i++)
        if (!strcmp(text, names[i])) {
            m->layout = (kith_i_npz_layout)i;
            known = true;
        }
    if (!known)
        status = kith_i_zip_fail(&m->zip, "format.npy", err, "is '%s' (expected csr, csc or coo)",
                                 text);

done:
    kith_i_npy_clear(&array);
    return status;
}

static kith_status read_shape(kith_i_npz_matrix *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_npy array = { 0 };
    int64_t shape[2];

    KITH_TRY(kith_i_npy_open(&m->zip, "shape.npy", &array, err));
    KITH_TRY(kith_i_npy_require(&m->zip, &array, "shape.npy", "iu", 2, err));
    KITH_TRY(kith_i_npy_load(&m->zip, &array, err));
    kith_i_npy_integers(&array, 0, 2, shape);
    for (int i = 0; i < 2; i++)
        if (shape[i] < 0 || shape[i] > KITH_I_MAX_NODES) {
            status = kith_i_zip_fail(&m->zip, "shape.npy", err, "is %" PRId64 " x %" PRId64
                                     " (expected at most %" PRId64 " rows and columns)", shape[0],
                                     shape[1], KITH_I_MAX_NODES);
            goto done;
        }
    m->rows = shape[0];
    m->columns = shape[1];

done:
    kith_i_npy_clear(&array);
    return status;
}

static kith_status open_array(const kith_i_npz_matrix *m, const char *name, const char *kinds,
                              int64_t count, kith_i_npy *array, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_npy_open(&m->zip, name, array, err));
    KITH_TRY(kith_i_npy_require(&m->zip, array, name, kinds, count, err));

done:
    return status;
}

/* Rows and columns of a coo matrix: arrays row and col, or both in one, coords. */
static kith_status open_coordinates(kith_i_npz_matrix *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_npy *coords = &m->row_ids;

    KITH_TRY(kith_i_npy_open(&m->zip, "coords.npy", coords, err));
    if (!coords->member.name) {
        KITH_TRY(open_array(m, "row.npy", "iu", m->entries, &m->row_ids, err));
        KITH_TRY(open_array(m, "col.npy", "iu", m->entries, &m->column_ids, err));
        goto done;
    }
    if (coords->dimensions != 2 || coords->shape[0] != 2 || coords->shape[1] != m->entries ||
        coords->fortran || (coords->kind != 'i' && coords->kind != 'u')) {
        status = kith_i_zip_fail(&m->zip, "coords.npy", err, "is not understood (expected "
                                 "integers in 2 rows and %" PRId64 " columns, in C order)",
                                 m->entries);
        goto done;
    }
    m->column_ids = *coords;
    m->first_column_id = m->entries;

done:
    return status;
}

static kith_status open_arrays(kith_i_npz_matrix *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_npy *ids = m->layout == KITH_I_NPZ_CSR ? &m->column_ids : &m->row_ids;
    const int64_t lines = m->layout == KITH_I_NPZ_CSR ? m->rows : m->columns;

    KITH_TRY(open_array(m, "data.npy", "biuf", -1, &m->values, err));
    m->entries = m->values.count;
    if (m->layout == KITH_I_NPZ_COO) {
        KITH_TRY(open_coordinates(m, err));
    } else {
        KITH_TRY(open_array(m, "indptr.npy", "iu", lines + 1, &m->offsets, err));
        KITH_TRY(open_array(m, "indices.npy", "iu", m->entries, ids, err));
    }

done:
    return status;
}

/* What the caller or the size of the file allows. */
static kith_status check_limits(const kith_i_npz_matrix *m, const kith_read_options *o,
                                kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t most = kith_i_most_nodes(o->max_nodes, m->bytes.size);

    KITH_CHECK(m->rows <= most && m->columns <= most, KITH_E_INPUT,
               "%s: is a matrix of %" PRId64 " x %" PRId64 " (expected at most %" PRId64 "%s)",
               m->zip.path, m->rows, m->columns, most,
               o->max_nodes ? "" : " in a file of this size");
    KITH_CHECK(!o->max_edges || m->entries <= o->max_edges, KITH_E_INPUT,
               "%s: has %" PRId64 " entries (expected at most %" PRId64 ")", m->zip.path,
               m->entries, o->max_edges);

done:
    return status;
}

kith_status kith_i_npz_matrix_open(kith_i_npz_matrix *m, kith_i_input *input,
                                   const kith_read_options *options, kith_error *err)
{
    kith_status status = KITH_OK;

    *m = (kith_i_npz_matrix){ 0 };
    KITH_TRY(kith_i_input_whole(input, &m->bytes, err));
    KITH_TRY(kith_i_zip_open(&m->zip, input->name, m->bytes.at, m->bytes.size, input->poll, err));
    KITH_TRY(read_format(m, err));
    KITH_TRY(read_shape(m, err));
    KITH_TRY(open_arrays(m, err));
    KITH_TRY(check_limits(m, options, err));

done:
    return status;
}

void kith_i_npz_matrix_clear(kith_i_npz_matrix *m)
{
    if (m->first_column_id) m->column_ids.memory = NULL; /* it is that of row_ids */
    kith_i_npy_clear(&m->offsets);
    kith_i_npy_clear(&m->row_ids);
    kith_i_npy_clear(&m->column_ids);
    kith_i_npy_clear(&m->values);
    kith_i_bytes_clear(&m->bytes);
}

/* ---- Arrays ---- */

/* Offsets that climb from 0 to the number of entries, or to less: arrays may have room to spare. */
static kith_status check_offsets(kith_i_npz_matrix *m, kith_error *err)
{
    const kith_i_zip *zip = &m->zip;
    int64_t before = 0, offset[PIECE];

    for (int64_t i = 0; i < m->offsets.count; i += PIECE) {
        const int64_t left = m->offsets.count - i, count = left < PIECE ? left : PIECE;

        kith_i_npy_integers(&m->offsets, i, count, offset);
        if (i == 0 && offset[0] != 0)
            return kith_i_zip_fail(zip, "indptr.npy", err, "starts with %" PRId64 " (expected 0)",
                                   offset[0]);
        for (int64_t j = 0; j < count; j++) {
            if (offset[j] < before || offset[j] > m->entries)
                return kith_i_zip_fail(zip, "indptr.npy", err, "element %" PRId64 " is %" PRId64
                                       " (expected %" PRId64 " to %" PRId64 ")", i + j, offset[j],
                                       before, m->entries);
            before = offset[j];
        }
    }
    m->entries = before;
    return KITH_OK;
}

kith_status kith_i_npz_matrix_load(kith_i_npz_matrix *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_npy *const arrays[] = { &m->offsets, &m->row_ids, &m->column_ids, &m->values };

    for (int i = 0; i < 4; i++) {
        if (arrays[i] == &m->column_ids && m->first_column_id) continue;
        if (arrays[i]->member.name) KITH_TRY(kith_i_npy_load(&m->zip, arrays[i], err));
    }
    if (m->first_column_id) m->column_ids = m->row_ids;
    if (m->layout != KITH_I_NPZ_COO) KITH_TRY(check_offsets(m, err));

done:
    return status;
}

/* ---- Elements ---- */

/* Row (column) numbers of csr (csc), written as often as there are entries. */
static void spread_offsets(const kith_i_npz_matrix *m, uint32_t *out)
{
    int64_t e = 0, offset[PIECE];

    for (int64_t i = 1; i < m->offsets.count; i += PIECE) {
        const int64_t left = m->offsets.count - i, count = left < PIECE ? left : PIECE;

        kith_i_npy_integers(&m->offsets, i, count, offset);
        for (int64_t j = 0; j < count; j++)
            while (e < offset[j]) out[e++] = (uint32_t)(i + j - 1);
    }
}

static kith_status poll_entries(const kith_i_npz_matrix *m, int64_t done, kith_error *err)
{
    return kith_i_poll_check(m->zip.poll, "reading", (double)done / (double)m->entries, err);
}

/* Ids below `bound`, from element `first` on. */
static kith_status copy_ids(const kith_i_npz_matrix *m, const kith_i_npy *ids, int64_t first,
                            int64_t bound, uint32_t *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t id[PIECE];

    for (int64_t e = 0; e < m->entries; e += PIECE) {
        const int64_t left = m->entries - e, count = left < PIECE ? left : PIECE;

        if (e % STEP == 0) KITH_TRY(poll_entries(m, e, err));
        kith_i_npy_integers(ids, first + e, count, id);
        for (int64_t j = 0; j < count; j++) {
            if (id[j] < 0 || id[j] >= bound) {
                status = kith_i_zip_fail(&m->zip, ids->member.name, err, "element %" PRId64 " is "
                                         "%" PRId64 " (expected 0 to %" PRId64 ")", first + e + j,
                                         id[j], bound - 1);
                goto done;
            }
            out[e + j] = (uint32_t)id[j];
        }
    }

done:
    return status;
}

static kith_status copy_values(const kith_i_npz_matrix *m, const kith_graph_options *o, double *out,
                               kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t e = 0; e < m->entries; e += PIECE) {
        const int64_t left = m->entries - e, count = left < PIECE ? left : PIECE;

        if (e % STEP == 0) KITH_TRY(poll_entries(m, e, err));
        kith_i_npy_doubles(&m->values, e, count, out + e);
        for (int64_t j = e; j < e + count && !o->ignore_weights; j++)
            if (!isfinite(out[j]) || (out[j] < 0 && !o->signed_weights)) {
                status = kith_i_zip_fail(&m->zip, "data.npy", err, "element %" PRId64 " is %g "
                                         "(expected a finite number%s)", j, out[j],
                                         o->signed_weights ? "" : ", at least 0");
                goto done;
            }
    }

done:
    return status;
}

/* ---- The types of a graph ---- */

static kith_status narrow_ids(kith_i_npz_matrix *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_npy *ids = &m->column_ids;
    const kith_type type = kith_i_npy_type(ids);
    uint32_t *narrow = NULL;

    if (type == KITH_I32 || type == KITH_U32) goto done;
    KITH_TRY(kith_i_alloc(&narrow, m->entries, sizeof *narrow, err));
    KITH_TRY(copy_ids(m, ids, 0, m->columns, narrow, err));
    kith_i_npy_clear(ids);
    *ids = (kith_i_npy){ .kind = 'u', .width = 4, .count = m->entries, .data = narrow,
                         .memory = narrow };
    narrow = NULL;

done:
    kith_i_free(narrow);
    return status;
}

static bool all_ones(const kith_i_npz_matrix *m)
{
    double value[PIECE];

    for (int64_t e = 0; e < m->entries; e += PIECE) {
        const int64_t left = m->entries - e, count = left < PIECE ? left : PIECE;

        kith_i_npy_doubles(&m->values, e, count, value);
        for (int64_t j = 0; j < count; j++)
            if (value[j] != 1) return false;
    }
    return true;
}

/* Integers as floats where those are exact, else as doubles; no data when all are 1. */
static kith_status convert_values(kith_i_npz_matrix *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_npy *values = &m->values;
    double *wide = NULL;
    float *narrow = NULL;

    if (values->kind == 'f') goto done;
    if (all_ones(m)) {
        kith_i_npy_clear(values);
        goto done;
    }
    KITH_TRY(kith_i_alloc(&wide, m->entries, sizeof *wide, err));
    kith_i_npy_doubles(values, 0, m->entries, wide);
    KITH_TRY(kith_i_narrow_weights(&wide, m->entries, m->zip.poll, &narrow, err));
    kith_i_npy_clear(values);
    *values = (kith_i_npy){ .kind = 'f', .width = narrow ? 4 : 8, .count = m->entries,
                            .memory = narrow ? (void *)narrow : (void *)wide };
    values->data = values->memory;
    wide = NULL;

done:
    kith_i_free(wide);
    return status;
}

kith_status kith_i_npz_matrix_conform(kith_i_npz_matrix *m, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(narrow_ids(m, err));
    KITH_TRY(convert_values(m, err));
    if (kith_i_npy_type(&m->offsets) != KITH_I64)
        KITH_TRY(kith_i_npy_widen(&m->offsets, 'i', err));

done:
    return status;
}

/* ---- Entries ---- */

kith_status kith_i_npz_matrix_entries(const kith_i_npz_matrix *m, bool pattern,
                                      const kith_graph_options *options, kith_i_matrix *out,
                                      kith_error *err)
{
    kith_status status = KITH_OK;

    *out = (kith_i_matrix){ .rows = m->rows, .columns = m->columns, .count = m->entries };
    KITH_TRY(kith_i_memory_require((double)m->entries * (pattern ? 8 : 16), m->zip.path, err));
    KITH_TRY(kith_i_alloc(&out->row_ids, m->entries, sizeof *out->row_ids, err));
    KITH_TRY(kith_i_alloc(&out->column_ids, m->entries, sizeof *out->column_ids, err));
    if (m->layout == KITH_I_NPZ_CSR)
        spread_offsets(m, out->row_ids);
    else
        KITH_TRY(copy_ids(m, &m->row_ids, 0, m->rows, out->row_ids, err));
    if (m->layout == KITH_I_NPZ_CSC)
        spread_offsets(m, out->column_ids);
    else
        KITH_TRY(copy_ids(m, &m->column_ids, m->first_column_id, m->columns, out->column_ids, err));
    if (!pattern) {
        KITH_TRY(kith_i_alloc(&out->values, m->entries, sizeof *out->values, err));
        KITH_TRY(copy_values(m, options, out->values, err));
    }

done:
    if (status != KITH_OK) kith_i_matrix_clear(out);
    return status;
}

kith_status kith_i_npz_matrix_read(kith_i_input *input, const kith_read_options *options,
                                   kith_i_matrix *out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_npz_matrix m;

    *out = (kith_i_matrix){ 0 };
    KITH_TRY(kith_i_npz_matrix_open(&m, input, options, err));
    kith_i_bytes_scattered(&m.bytes, false);
    KITH_TRY(kith_i_npz_matrix_load(&m, err));
    KITH_TRY(kith_i_npz_matrix_entries(&m, false, &options->graph, out, err));

done:
    kith_i_npz_matrix_clear(&m);
    return status;
}
