/* Bipartite graphs and their one-mode projections.
 *
 * The projection B B^T is multiplied in strips of rows, several at once, each by one call of
 * GraphBLAS on one thread. A call on several threads may split a long row among them ("fine tasks")
 * and add its parts in the order they come: on 8 threads that was seen to change the last bits. On
 * one thread the row-wise method adds the terms of (i, j) by ascending column of B, and so does (j,
 * i): the product is symmetric to the last bit, and the same whatever the number of threads. */
#include "graph/bipartite.h"

#include "core/grb.h"
#include "graph/companion.h"
#include "graph/names.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct kith_bipartite {
    int64_t     rows, columns;
    kith_graph *graph; /* column j is node rows + j */
};

kith_status kith_i_bipartite_build(kith_i_edges *edges, int64_t rows, int64_t columns,
                                   const kith_graph_options *options, kith_i_poll *poll,
                                   kith_i_names *names, kith_bipartite **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph_options o = *options;
    kith_bipartite *b = NULL;

    *out = NULL;
    KITH_CHECK(rows <= KITH_I_MAX_NODES - columns, KITH_E_UNSUPPORTED,
               "%" PRId64 " rows and %" PRId64 " columns (a graph has at most %" PRId64 " nodes)",
               rows, columns, KITH_I_MAX_NODES);
    KITH_TRY(kith_i_zeroed(&b, 1, sizeof *b, err));
    b->rows = rows;
    b->columns = columns;
    o.direction = KITH_UNDIRECTED;
    o.loops = KITH_LOOPS_KEEP;
    edges->nodes = rows + columns;
    edges->matrix = false;
    for (int64_t e = 0; e < edges->count; e++) edges->targets[e] += (uint32_t)rows;
    KITH_TRY(kith_i_graph_build(edges, &o, poll, names, &b->graph, err));
    *out = b;
    b = NULL;

done:
    kith_i_edges_clear(edges);
    kith_bipartite_free(b);
    return status;
}

/* Copies one side's ids; *count, when -1, becomes one more than the largest. */
static kith_status copy_ids(const char *side, int64_t edges, const int64_t *ids, int64_t *count,
                            uint32_t **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t limit = *count < 0 ? KITH_I_MAX_NODES : *count;
    int64_t largest = -1;

    KITH_CHECK(*count >= -1 && *count <= KITH_I_MAX_NODES, KITH_E_ARGUMENT,
               "%ss is %" PRId64 " (expected -1 to %" PRId64 ")", side, *count, KITH_I_MAX_NODES);
    KITH_TRY(kith_i_alloc(out, edges, sizeof **out, err));
    for (int64_t e = 0; e < edges; e++) {
        KITH_CHECK(ids[e] >= 0 && ids[e] < limit, KITH_E_INPUT,
                   "edge %" PRId64 " has %s %" PRId64 " (expected 0 to %" PRId64 ")", e, side,
                   ids[e], limit - 1);
        if (ids[e] > largest) largest = ids[e];
        (*out)[e] = (uint32_t)ids[e];
    }
    if (*count < 0) *count = largest + 1;

done:
    return status;
}

static kith_status copy_weights(int64_t edges, const double *weights, bool signed_weights,
                                double **out, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(out, edges, sizeof **out, err));
    for (int64_t e = 0; e < edges; e++) {
        KITH_CHECK(isfinite(weights[e]) && (signed_weights || weights[e] >= 0), KITH_E_INPUT,
                   "edge %" PRId64 " has weight %g (expected a finite number%s)", e, weights[e],
                   signed_weights ? "" : ", at least 0");
        (*out)[e] = weights[e];
    }

done:
    return status;
}

kith_status kith_bipartite_from_edges(int64_t rows, int64_t columns, int64_t edges,
                                      const int64_t *row_ids, const int64_t *column_ids,
                                      const double *weights, const kith_graph_options *options,
                                      kith_bipartite **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_edges e = { .count = edges };
    kith_graph_options o;
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(edges >= 0, KITH_E_ARGUMENT, "edges is %" PRId64 " (expected at least 0)", edges);
    KITH_CHECK((row_ids && column_ids) || !edges, KITH_E_ARGUMENT,
               "row_ids and column_ids must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_graph_options_spec, &o, options, err));
    kith_i_poll_start(&poll, &o.run);
    KITH_TRY(copy_ids("row", edges, row_ids, &rows, &e.sources, err));
    KITH_TRY(copy_ids("column", edges, column_ids, &columns, &e.targets, err));
    if (weights && !o.ignore_weights)
        KITH_TRY(copy_weights(edges, weights, o.signed_weights, &e.weights, err));
    KITH_TRY(kith_i_bipartite_build(&e, rows, columns, &o, &poll, NULL, out, err));

done:
    kith_i_edges_clear(&e);
    return status;
}

void kith_bipartite_free(kith_bipartite *bipartite)
{
    if (!bipartite) return;
    kith_graph_free(bipartite->graph);
    kith_i_free(bipartite);
}

int64_t kith_bipartite_rows(const kith_bipartite *bipartite)
{
    return bipartite->rows;
}

int64_t kith_bipartite_columns(const kith_bipartite *bipartite)
{
    return bipartite->columns;
}

const kith_graph *kith_bipartite_graph(const kith_bipartite *bipartite)
{
    return bipartite->graph;
}

/* ---- Projection ---- */

enum { STRIPS = 256, STRIP_PRODUCTS = 1 << 18 };

/* B stands for the side that is projected, whichever it is. */
typedef struct {
    const kith_graph *graph;
    int64_t           rows, row_shift;       /* nodes row_shift .. row_shift + rows - 1 */
    int64_t           columns, column_shift; /* likewise */
    GrB_Matrix        transposed;            /* B^T */
    int64_t           strips;
    int64_t           first[STRIPS + 1]; /* of each strip, among the rows */
    kith_i_rows       products[STRIPS];  /* of each strip of B with B^T */
} projection;

/* Cuts the rows into strips of about as many products, however many threads there are. */
static void cut_strips(projection *p)
{
    const int64_t *offsets = p->graph->offsets, end = p->row_shift + p->rows;
    double total = 0, sum = 0;

    for (int64_t c = p->column_shift; c < p->column_shift + p->columns; c++)
        total += (double)kith_i_degree(p->graph, c) * (double)kith_i_degree(p->graph, c);
    const double size = fmax(total / (STRIPS - 1), STRIP_PRODUCTS);
    p->strips = 1;
    for (int64_t v = p->row_shift; v < end; v++) {
        if (sum >= size && p->strips < STRIPS) {
            p->first[p->strips++] = v - p->row_shift;
            sum = 0;
        }
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++)
            sum += (double)kith_i_degree(p->graph, p->graph->targets[e]);
    }
    p->first[p->strips] = p->rows;
}

static double weight_of(const kith_i_rows *r, int64_t entry)
{
    if (r->weights64) return r->weights64[entry];
    return r->weights32 ? (double)r->weights32[entry] : 1.0;
}

static kith_status check_finite(const kith_i_rows *r, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t e = 0; e < r->offsets[r->count]; e++)
        KITH_CHECK(isfinite(weight_of(r, e)), KITH_E_INPUT,
                   "a weight of the projection is %g (expected a finite number)", weight_of(r, e));

done:
    return status;
}

/* The product of strip i of B with B^T, without diagonal and zeros. */
static kith_status multiply_strip(projection *p, int64_t i, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool weighted = kith_graph_weighted(p->graph);
    const GrB_Semiring semiring = weighted ? GrB_PLUS_TIMES_SEMIRING_FP64 : GxB_PLUS_PAIR_FP64;
    const int64_t first = p->first[i];
    const kith_i_block block = { .first = p->row_shift + first, .rows = p->first[i + 1] - first,
                                 .shift = p->column_shift, .columns = p->columns };
    GrB_Descriptor one = NULL;
    GrB_Matrix strip = NULL, c = NULL;

    KITH_TRY(kith_i_grb_threads(1, &one, err));
    KITH_GRB(GxB_Desc_set(one, GxB_AxB_METHOD, GxB_AxB_GUSTAVSON));
    KITH_TRY(kith_i_matrix_from_graph(p->graph, &block, &strip, err));
    KITH_GRB(GrB_Matrix_new(&c, GrB_FP64, (GrB_Index)block.rows, (GrB_Index)p->rows));
    KITH_GRB(GxB_Matrix_Option_set(c, GxB_SPARSITY_CONTROL, GxB_SPARSE));
    if (p->columns) /* GraphBLAS 7.4 takes an n x 0 matrix for a full one, and its product too */
        KITH_GRB(GrB_mxm(c, NULL, NULL, semiring, strip, p->transposed, one));
    KITH_GRB(GrB_Matrix_select_INT64(c, NULL, NULL, GrB_OFFDIAG, c, first, one));
    if (weighted) KITH_GRB(GrB_Matrix_select_FP64(c, NULL, NULL, GrB_VALUENE_FP64, c, 0, one));
    KITH_TRY(kith_i_rows_from_matrix(&c, &p->products[i], err));
    if (weighted) KITH_TRY(check_finite(&p->products[i], err));

done:
    GrB_Matrix_free(&strip);
    GrB_Matrix_free(&c);
    GrB_Descriptor_free(&one);
    return status;
}

static kith_status multiply(projection *p, int threads, kith_error *err)
{
    kith_status failure = KITH_OK;

#pragma omp parallel for num_threads(threads) schedule(dynamic) if (p->strips > 1)
    for (int64_t i = 0; i < p->strips; i++) {
        kith_error error;
        const kith_status status = multiply_strip(p, i, &error);
        if (status == KITH_OK) continue;
#pragma omp critical(kith_i_projection)
        failure = kith_i_fail(err, status, "%s", error.message);
    }
    return failure;
}

/* Moves a strip to its place in the whole, `entry` being its first one there. */
static void place_strip(projection *p, int64_t i, int64_t entry, kith_i_rows *whole)
{
    kith_i_rows *r = &p->products[i];
    const int64_t count = r->offsets[r->count];

    for (int64_t v = 0; v < r->count; v++)
        whole->offsets[p->first[i] + v + 1] = entry + r->offsets[v + 1];
    memcpy(whole->targets + entry, r->targets, (size_t)count * sizeof *r->targets);
    for (int64_t e = 0; e < count && (whole->weights32 || whole->weights64); e++) {
        if (whole->weights64) whole->weights64[entry + e] = weight_of(r, e);
        else whole->weights32[entry + e] = (float)weight_of(r, e);
    }
    kith_i_rows_clear(r);
}

/* One strip below another, as the projected graph. */
static kith_status assemble(projection *p, int threads, kith_i_names *names, kith_graph **out,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_rows whole = { 0 };
    int64_t entry[STRIPS + 1] = { 0 };
    bool wide = false, weighted = false;

    for (int64_t i = 0; i < p->strips; i++) {
        const kith_i_rows *r = &p->products[i];
        entry[i + 1] = entry[i] + r->offsets[r->count];
        wide = wide || r->weights64;
        weighted = weighted || r->weights32;
    }
    const int64_t count = entry[p->strips];
    KITH_TRY(kith_i_zeroed(&whole.offsets, p->rows + 1, sizeof *whole.offsets, err));
    KITH_TRY(kith_i_alloc(&whole.targets, count, sizeof *whole.targets, err));
    if (wide) KITH_TRY(kith_i_alloc(&whole.weights64, count, sizeof *whole.weights64, err));
    else if (weighted)
        KITH_TRY(kith_i_alloc(&whole.weights32, count, sizeof *whole.weights32, err));
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (p->strips > 1)
    for (int64_t i = 0; i < p->strips; i++) place_strip(p, i, entry[i], &whole);
    const kith_i_arrays arrays = { .nodes = p->rows, .offsets = whole.offsets,
                                   .targets = whole.targets, .weights32 = whole.weights32,
                                   .weights64 = whole.weights64, .names = names };
    KITH_TRY(kith_i_graph_adopt(&arrays, out, err));
    whole = (kith_i_rows){ 0 };

done:
    kith_i_rows_clear(&whole);
    return status;
}

/* The names of the projected side. */
static kith_status select_names(const projection *p, kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *nodes = NULL;

    KITH_TRY(kith_i_alloc(&nodes, p->rows, sizeof *nodes, err));
    for (int64_t v = 0; v < p->rows; v++) nodes[v] = p->row_shift + v;
    KITH_TRY(kith_i_names_select(p->graph->names, nodes, p->rows, out, err));

done:
    kith_i_free(nodes);
    return status;
}

kith_status kith_bipartite_project(const kith_bipartite *bipartite, bool columns, kith_graph **out,
                                   kith_error *err)
{
    kith_status status = KITH_OK;
    const int threads = kith_i_threads(NULL);
    kith_i_names *names = NULL;
    projection *p = NULL;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(bipartite, KITH_E_ARGUMENT, "bipartite must not be NULL");
    KITH_TRY(kith_i_graph_require(bipartite->graph, err));
    KITH_TRY(kith_i_zeroed(&p, 1, sizeof *p, err));
    p->graph = bipartite->graph;
    p->rows = columns ? bipartite->columns : bipartite->rows;
    p->columns = columns ? bipartite->rows : bipartite->columns;
    p->row_shift = columns ? bipartite->rows : 0;
    p->column_shift = columns ? 0 : bipartite->rows;
    const kith_i_block other = { .first = p->column_shift, .rows = p->columns,
                                 .shift = p->row_shift, .columns = p->rows };
    KITH_TRY(kith_i_matrix_from_graph(p->graph, &other, &p->transposed, err));
    cut_strips(p);
    KITH_TRY(multiply(p, threads, err));
    if (p->graph->names) KITH_TRY(select_names(p, &names, err));
    KITH_TRY(assemble(p, threads, names, out, err));

done:
    for (int64_t i = 0; p && i < p->strips; i++) kith_i_rows_clear(&p->products[i]);
    if (p) GrB_Matrix_free(&p->transposed);
    kith_i_free(p);
    kith_i_names_free(names);
    return status;
}
