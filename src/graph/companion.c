/* The GraphBLAS companion of a graph, and graphs from matrices.
 *
 * GraphBLAS 7.4 keeps 64-bit ids, so entries are always rewritten. Beyond that, arrays are handed
 * over in constant time where Kith started GraphBLAS itself (GxB_Matrix_pack_CSR,
 * GxB_Matrix_unpack_CSR). A host may have started it on allocators of its own, which cannot be
 * asked for: arrays are then copied in and out.
 *
 * A companion is finished (GrB_wait) and held to the sparse format by rows. GraphBLAS would
 * otherwise finish it, or build a hash of a hypersparse one, in the middle of the first call that
 * reads it. */
#include "graph/companion.h"

#include "core/grb.h"
#include "graph/build.h"
#include "graph/names.h"

#include <inttypes.h>
#include <string.h>

/* ---- Graph to matrix ---- */

static const char widening[] = "copying the graph"; /* a stage */

/* Compressed sparse rows as GraphBLAS takes them. */
typedef struct {
    GrB_Index *offsets, *columns;
    double    *values; /* one of them when `iso` */
    int64_t    rows, count;
    bool       iso;
} wide_rows;

static void wide_clear(wide_rows *w)
{
    kith_i_free(w->offsets);
    kith_i_free(w->columns);
    kith_i_free(w->values);
}

/* An offset of the graph, if need be moved to where the block begins or ends. */
static int64_t clip(const kith_i_block *b, int64_t offset)
{
    return offset < b->begin ? b->begin : offset > b->end ? b->end : offset;
}

static kith_status wide_fill(wide_rows *w, const kith_graph *g, const kith_i_block *b,
                             kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    w->rows = b->rows;
    w->count = b->end - b->begin;
    /* The copying import takes one value per entry, and finds out that they are the same. */
    w->iso = !kith_graph_weighted(g) && kith_i_grb_ours();
    KITH_TRY(kith_i_alloc(&w->offsets, w->rows + 1, sizeof *w->offsets, err));
    KITH_TRY(kith_i_alloc(&w->columns, w->count, sizeof *w->columns, err));
    KITH_TRY(kith_i_alloc(&w->values, w->iso ? 1 : w->count, sizeof *w->values, err));
    for (int64_t v = 0; v <= w->rows; v++) {
        KITH_TRY(kith_i_poll_pass(poll, widening, v, w->rows, err));
        w->offsets[v] = (GrB_Index)(clip(b, g->offsets[b->first + v]) - b->begin);
    }
    for (int64_t e = 0; e < w->count; e++) {
        KITH_TRY(kith_i_poll_pass(poll, widening, e, w->count, err));
        w->columns[e] = (GrB_Index)(g->targets[b->begin + e] - b->shift);
        if (!w->iso) w->values[e] = kith_i_weight(g, b->begin + e);
    }
    if (w->iso) *w->values = 1;

done:
    return status;
}

static kith_status pack(wide_rows *w, GrB_Index columns, GrB_Matrix *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const GrB_Index rows = (GrB_Index)w->rows, count = (GrB_Index)w->count;

    if (kith_i_grb_ours()) {
        KITH_GRB(GrB_Matrix_new(out, GrB_FP64, rows, columns));
        KITH_GRB(GxB_Matrix_pack_CSR(*out, &w->offsets, &w->columns, (void **)&w->values,
                                     (rows + 1) * sizeof *w->offsets, count * sizeof *w->columns,
                                     (w->iso ? 1 : count) * sizeof *w->values, w->iso, false,
                                     NULL));
    } else {
        KITH_GRB(GrB_Matrix_import_FP64(out, GrB_FP64, rows, columns, w->offsets, w->columns,
                                        w->values, rows + 1, count, count, GrB_CSR_FORMAT));
    }

done:
    return status;
}

kith_i_block kith_i_block_of(const kith_graph *graph, int64_t first, int64_t rows)
{
    return (kith_i_block){ .first = first,
                           .rows = rows,
                           .begin = graph->offsets[first],
                           .end = graph->offsets[first + rows],
                           .columns = graph->nodes };
}

kith_status kith_i_matrix_from_graph(const kith_graph *graph, const kith_i_block *block,
                                     kith_i_poll *poll, GrB_Matrix *out, kith_error *err)
{
    kith_status status = KITH_OK;
    wide_rows w = { 0 };
    GrB_Matrix matrix = NULL;

    *out = NULL;
    KITH_TRY(kith_init(err));
    KITH_TRY(wide_fill(&w, graph, block, poll, err));
    KITH_TRY(pack(&w, (GrB_Index)block->columns, &matrix, err));
    KITH_GRB(GxB_Matrix_Option_set(matrix, GxB_FORMAT, GxB_BY_ROW));
    KITH_GRB(GxB_Matrix_Option_set(matrix, GxB_SPARSITY_CONTROL, GxB_SPARSE));
    KITH_GRB(GrB_Matrix_wait(matrix, GrB_MATERIALIZE));
    *out = matrix;
    matrix = NULL;

done:
    wide_clear(&w);
    GrB_Matrix_free(&matrix);
    return status;
}

/* Keeps the matrix with the graph, or frees it when another thread was first; the one that is kept.
 */
static GrB_Matrix keep(const kith_graph *graph, GrB_Matrix matrix)
{
    kith_i_derived *d = graph->derived;

    pthread_mutex_lock(&d->lock);
    if (!d->companion) {
        d->companion = matrix;
        matrix = NULL;
    }
    const GrB_Matrix kept = d->companion;
    pthread_mutex_unlock(&d->lock);
    GrB_Matrix_free(&matrix);
    return kept;
}

kith_status kith_graph_grb(const kith_graph *graph, const kith_run *run, GrB_Matrix *out,
                           kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    kith_i_derived *d = graph->derived;
    pthread_mutex_lock(&d->lock);
    *out = d->companion;
    pthread_mutex_unlock(&d->lock);
    if (*out) goto done;
    KITH_TRY(kith_i_graph_check(graph, &poll, err));
    const kith_i_block whole = kith_i_block_of(graph, 0, graph->nodes);
    KITH_TRY(kith_i_matrix_from_graph(graph, &whole, &poll, out, err));
    *out = keep(graph, *out); /* not made under the lock: the poll may call us */

done:
    return status;
}

void kith_i_companion_free(GrB_Matrix companion)
{
    if (companion) GrB_Matrix_free(&companion);
}

/* ---- Matrix to graph ---- */

void kith_i_rows_clear(kith_i_rows *rows)
{
    kith_i_free(rows->offsets);
    kith_i_free(rows->targets);
    kith_i_free(rows->weights32);
    kith_i_free(rows->weights64);
    *rows = (kith_i_rows){ 0 };
}

/* Takes the arrays out of a matrix of our memory, in constant time when its rows are sorted. */
static kith_status unpack(GrB_Matrix matrix, wide_rows *w, kith_error *err)
{
    kith_status status = KITH_OK;
    GrB_Index bytes[3];

    KITH_GRB(GxB_Matrix_unpack_CSR(matrix, &w->offsets, &w->columns, (void **)&w->values, &bytes[0],
                                   &bytes[1], &bytes[2], &w->iso, NULL, NULL));

done:
    return status;
}

/* Copies them out. */
static kith_status export(GrB_Matrix matrix, wide_rows *w, kith_error *err)
{
    kith_status status = KITH_OK;
    GrB_Index counts[3];

    KITH_GRB(GrB_Matrix_exportSize(&counts[0], &counts[1], &counts[2], GrB_CSR_FORMAT, matrix));
    KITH_TRY(kith_i_alloc(&w->offsets, (int64_t)counts[0], sizeof *w->offsets, err));
    KITH_TRY(kith_i_alloc(&w->columns, (int64_t)counts[1], sizeof *w->columns, err));
    KITH_TRY(kith_i_alloc(&w->values, (int64_t)counts[2], sizeof *w->values, err));
    KITH_GRB(GrB_Matrix_export_FP64(w->offsets, w->columns, w->values, &counts[0], &counts[1],
                                    &counts[2], GrB_CSR_FORMAT, matrix));

done:
    return status;
}

/* Values that are all 1 go; the same value everywhere is written out; floats replace doubles where
 * they are exact. */
static kith_status take_values(wide_rows *w, kith_i_poll *poll, kith_i_rows *r, kith_error *err)
{
    kith_status status = KITH_OK;

    if (w->iso) {
        const double value = w->count ? w->values[0] : 1;
        kith_i_free(w->values);
        w->values = NULL;
        if (value == 1) goto done;
        KITH_TRY(kith_i_alloc(&w->values, w->count, sizeof *w->values, err));
        for (int64_t e = 0; e < w->count; e++) w->values[e] = value;
    }
    KITH_TRY(kith_i_narrow_weights(&w->values, w->count, poll, &r->weights32, err));
    r->weights64 = w->values;
    w->values = NULL;

done:
    return status;
}

/* Rewrites ids in their own place (by memcpy, as that may alias) and gives back what they leave. */
static kith_status take_columns(wide_rows *w, kith_i_poll *poll, kith_i_rows *r, kith_error *err)
{
    kith_status status = KITH_OK;
    char *bytes = (char *)w->columns;

    for (int64_t e = 0; e < w->count; e++) {
        uint64_t wide;
        KITH_TRY(kith_i_poll_pass(poll, widening, e, w->count, err));
        memcpy(&wide, bytes + e * 8, 8);
        const uint32_t id = (uint32_t)wide;
        memcpy(bytes + e * 4, &id, 4);
    }
    r->targets = (uint32_t *)w->columns;
    w->columns = NULL;
    KITH_TRY(kith_i_resize(&r->targets, w->count, sizeof *r->targets, err));

done:
    return status;
}

kith_status kith_i_rows_from_matrix(GrB_Matrix *matrix, kith_i_poll *poll, kith_i_rows *out,
                                    kith_error *err)
{
    kith_status status = KITH_OK;
    wide_rows w = { 0 };
    kith_i_rows r = { 0 };
    GrB_Index rows, count;

    KITH_GRB(GrB_Matrix_nrows(&rows, *matrix));
    KITH_GRB(GrB_Matrix_nvals(&count, *matrix));
    if (kith_i_grb_ours()) KITH_TRY(unpack(*matrix, &w, err));
    else KITH_TRY(export(*matrix, &w, err));
    GrB_Matrix_free(matrix);
    w.rows = r.count = (int64_t)rows;
    w.count = (int64_t)count;
    KITH_TRY(take_values(&w, poll, &r, err));
    KITH_TRY(take_columns(&w, poll, &r, err));
    r.offsets = (int64_t *)w.offsets;
    w.offsets = NULL;
    *out = r;
    r = (kith_i_rows){ 0 };

done:
    GrB_Matrix_free(matrix);
    wide_clear(&w);
    kith_i_rows_clear(&r);
    return status;
}

static void release_rows(void *rows)
{
    if (!rows) return;
    kith_i_rows_clear(rows);
    kith_i_free(rows);
}

/* The graph of a square GrB_FP64 matrix of ours, which is freed whatever this returns. */
static kith_status graph_from_matrix(GrB_Matrix *matrix, const kith_graph_options *options,
                                     kith_i_poll *poll, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_rows *r = NULL;

    KITH_TRY(kith_i_zeroed(&r, 1, sizeof *r, err));
    KITH_TRY(kith_i_rows_from_matrix(matrix, poll, r, err));
    const kith_csr csr = {
        .nodes = r->count,
        .offsets = r->offsets,
        .offset_type = KITH_I64,
        .targets = r->targets,
        .target_type = KITH_U32,
        .weights = r->weights32 ? (void *)r->weights32 : (void *)r->weights64,
        .weight_type = r->weights32 ? KITH_F32 : r->weights64 ? KITH_F64 : KITH_NONE,
        .release = release_rows,
        .owner = r,
    };
    KITH_TRY(kith_graph_from_csr(&csr, options, out, err));
    r = NULL;

done:
    release_rows(r);
    GrB_Matrix_free(matrix);
    return status;
}

/* Whether values of the matrix are real numbers of a built-in type. */
static kith_status check_type(GrB_Matrix matrix, kith_error *err)
{
    kith_status status = KITH_OK;
    const GrB_Type real[] = { GrB_BOOL,   GrB_INT8,   GrB_INT16, GrB_INT32, GrB_INT64, GrB_UINT8,
                              GrB_UINT16, GrB_UINT32, GrB_UINT64, GrB_FP32, GrB_FP64 };
    char name[GxB_MAX_NAME_LEN];
    GrB_Type type;
    bool known = false;

    KITH_GRB(GxB_Matrix_type(&type, matrix));
    KITH_GRB(GxB_Matrix_type_name(name, matrix));
    for (size_t i = 0; i < sizeof real / sizeof *real; i++) known = known || type == real[i];
    KITH_CHECK(known, KITH_E_INPUT,
               "the matrix holds values of type %s (expected a built-in type of real numbers)",
               name);

done:
    return status;
}

static kith_status check_matrix(GrB_Matrix matrix, GrB_Index *nodes, kith_error *err)
{
    kith_status status = KITH_OK;
    GrB_Index columns;

    KITH_GRB(GrB_Matrix_wait(matrix, GrB_MATERIALIZE));
    KITH_GRB(GrB_Matrix_nrows(nodes, matrix));
    KITH_GRB(GrB_Matrix_ncols(&columns, matrix));
    KITH_CHECK(*nodes == columns, KITH_E_INPUT,
               "the matrix has %" PRIu64 " rows and %" PRIu64 " columns (expected as many)", *nodes,
               columns);
    KITH_CHECK(*nodes <= (GrB_Index)KITH_I_MAX_NODES, KITH_E_INPUT,
               "the matrix has %" PRIu64 " rows (expected at most %" PRId64 ")", *nodes,
               KITH_I_MAX_NODES);
    KITH_TRY(check_type(matrix, err));

done:
    return status;
}

kith_status kith_graph_from_grb(GrB_Matrix matrix, const kith_graph_options *options,
                                kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    GrB_Descriptor threads = NULL;
    GrB_Matrix copy = NULL;
    kith_graph_options o;
    kith_i_poll poll;
    GrB_Index nodes;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(matrix, KITH_E_ARGUMENT, "matrix must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_graph_options_spec, &o, options, err));
    kith_i_poll_start(&poll, &o.run);
    KITH_TRY(kith_init(err));
    KITH_TRY(check_matrix(matrix, &nodes, err));
    KITH_TRY(kith_i_grb_threads(kith_i_threads(&o.run), &threads, err));
    KITH_TRY(kith_i_poll_check(&poll, widening, -1, err));
    KITH_GRB(GrB_Matrix_new(&copy, GrB_FP64, nodes, nodes));
    KITH_GRB(GxB_Matrix_Option_set(copy, GxB_FORMAT, GxB_BY_ROW));
    KITH_GRB(GrB_Matrix_apply(copy, NULL, NULL, GrB_IDENTITY_FP64, matrix, threads));
    KITH_TRY(graph_from_matrix(&copy, &o, &poll, out, err));

done:
    GrB_Descriptor_free(&threads);
    GrB_Matrix_free(&copy);
    return status;
}
