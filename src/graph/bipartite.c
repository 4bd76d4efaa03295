/* Bipartite graphs and their one-mode projections.
 *
 * The projection B B^T is multiplied in strips of rows, several at once, each by one call of
 * GraphBLAS on one thread. A call on several threads may split a long row among them ("fine tasks")
 * and add its parts in the order they come: on 8 threads that was seen to change the last bits. On
 * one thread the row-wise method adds the terms of (i, j) by ascending column of B, and so does (j,
 * i): the product is symmetric to the last bit, and the same whatever the number of threads.
 *
 * A row that takes too many terms for one call, which nothing can stop, is added up here, in the
 * same order. (Where GraphBLAS fuses multiplication and addition, its last bits may differ.) */
#include "graph/bipartite.h"

#include "core/grb.h"
#include "graph/names.h"
#include "graph/strips.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct kith_bipartite {
    int64_t     rows, columns;
    kith_graph *graph; /* column j is node rows + j */
};

static const char copying[] = "reading edges"; /* a stage */

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
    for (int64_t e = 0; e < edges->count; e++) {
        KITH_TRY(kith_i_poll_pass(poll, copying, e, edges->count, err));
        edges->targets[e] += (uint32_t)rows;
    }
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
                            kith_i_poll *poll, uint32_t **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t limit = *count < 0 ? KITH_I_MAX_NODES : *count;
    int64_t largest = -1;

    KITH_CHECK(*count >= -1 && *count <= KITH_I_MAX_NODES, KITH_E_ARGUMENT,
               "%ss is %" PRId64 " (expected -1 to %" PRId64 ")", side, *count, KITH_I_MAX_NODES);
    KITH_TRY(kith_i_alloc(out, edges, sizeof **out, err));
    for (int64_t e = 0; e < edges; e++) {
        KITH_TRY(kith_i_poll_pass(poll, copying, e, edges, err));
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
                                kith_i_poll *poll, double **out, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(out, edges, sizeof **out, err));
    for (int64_t e = 0; e < edges; e++) {
        KITH_TRY(kith_i_poll_pass(poll, copying, e, edges, err));
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
    KITH_TRY(copy_ids("row", edges, row_ids, &rows, &poll, &e.sources, err));
    KITH_TRY(copy_ids("column", edges, column_ids, &columns, &poll, &e.targets, err));
    if (weights && !o.ignore_weights)
        KITH_TRY(copy_weights(edges, weights, o.signed_weights, &poll, &e.weights, err));
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

enum {
    STRIPS = 256,             /* about, where each is worth a call */
    STRIP_PRODUCTS = 1 << 18, /* at least */
    MOST_PRODUCTS = 1 << 22,  /* at most, of a call */
    POLL_PRODUCTS = 1 << 20
};

static const char projecting[] = "projecting"; /* a stage */

/* B stands for the side that is projected, whichever it is. */
typedef struct {
    const kith_graph *graph;
    int64_t           rows, row_shift;       /* nodes row_shift .. row_shift + rows - 1 */
    int64_t           columns, column_shift; /* likewise */
    GrB_Matrix        transposed;            /* B^T */
    kith_i_strips strips;
    double *sums; /* of a long row, by column; zeros */
} projection;

/* How many terms row v, a node, takes. */
static double products_of(const projection *p, int64_t v)
{
    double sum = 0;

    for (int64_t e = p->graph->offsets[v]; e < p->graph->offsets[v + 1]; e++)
        sum += (double)kith_i_degree(p->graph, p->graph->targets[e]);
    return sum;
}

/* Cuts the rows into strips of about as many products, however many threads there are; a long row
 * is a strip of its own. */
static kith_status cut_strips(projection *p, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    double total = 0, inside = INFINITY;

    for (int64_t c = p->column_shift; c < p->column_shift + p->columns; c++)
        total += (double)kith_i_degree(p->graph, c) * (double)kith_i_degree(p->graph, c);
    const double size = fmin(fmax(total / STRIPS, STRIP_PRODUCTS), MOST_PRODUCTS);
    for (int64_t row = 0; row < p->rows; row++) {
        const double products = products_of(p, p->row_shift + row);
        KITH_TRY(kith_i_poll_pass(poll, projecting, row, p->rows, err));
        if (inside + products > size)
            KITH_TRY(kith_i_strips_add(&p->strips, (kith_i_place){ row, 0 }, err));
        inside = inside + products > size ? products : inside + products;
    }

done:
    return status;
}

/* Whether a strip is a long row. */
static bool is_long(const projection *p, int64_t i)
{
    return kith_i_strips_rows(&p->strips, i) == 1 &&
           products_of(p, p->row_shift + p->strips.begin[i].row) > MOST_PRODUCTS;
}

/* The product of strip i of B with B^T, without diagonal and zeros. */
static kith_status multiply_strip(void *self, int64_t i, kith_error *err)
{
    kith_status status = KITH_OK;
    projection *p = self;
    const bool weighted = kith_graph_weighted(p->graph);
    const GrB_Semiring semiring = weighted ? GrB_PLUS_TIMES_SEMIRING_FP64 : GxB_PLUS_PAIR_FP64;
    const int64_t first = p->strips.begin[i].row;
    kith_i_block block =
        kith_i_block_of(p->graph, p->row_shift + first, kith_i_strips_rows(&p->strips, i));
    kith_i_poll none = { 0 };
    GrB_Descriptor one = NULL;
    GrB_Matrix strip = NULL, c = NULL;

    if (is_long(p, i)) return KITH_OK;
    block.shift = p->column_shift;
    block.columns = p->columns;
    KITH_TRY(kith_i_grb_threads(1, &one, err));
    KITH_GRB(GxB_Desc_set(one, GxB_AxB_METHOD, GxB_AxB_GUSTAVSON));
    KITH_TRY(kith_i_matrix_from_graph(p->graph, &block, &none, &strip, err));
    KITH_GRB(GrB_Matrix_new(&c, GrB_FP64, (GrB_Index)block.rows, (GrB_Index)p->rows));
    KITH_GRB(GxB_Matrix_Option_set(c, GxB_SPARSITY_CONTROL, GxB_SPARSE));
    if (p->columns) /* GraphBLAS 7.4 takes an n x 0 matrix for a full one, and its product too */
        KITH_GRB(GrB_mxm(c, NULL, NULL, semiring, strip, p->transposed, one));
    KITH_GRB(GrB_Matrix_select_INT64(c, NULL, NULL, GrB_OFFDIAG, c, first, one));
    if (weighted) KITH_GRB(GrB_Matrix_select_FP64(c, NULL, NULL, GrB_VALUENE_FP64, c, 0, one));
    KITH_TRY(kith_i_rows_from_matrix(&c, &none, &p->strips.made[i], err));

done:
    GrB_Matrix_free(&strip);
    GrB_Matrix_free(&c);
    GrB_Descriptor_free(&one);
    return status;
}

/* Adds up the sums of row v whose columns are from `first` to `last` - 1, nodes of its side. */
static void add_terms(projection *p, int64_t v, int64_t first, int64_t last, kith_i_poll *poll)
{
    const kith_graph *g = p->graph;
    int64_t work = 0;

    for (int64_t e = g->offsets[v]; e < g->offsets[v + 1] && !kith_i_poll_stopped(poll); e++) {
        const uint32_t c = g->targets[e];
        const double weight = kith_i_weight(g, e);
        int64_t f = kith_i_graph_entry(g, c, first);
        const int64_t begin = f;
        for (; f < g->offsets[c + INT64_C(1)] && g->targets[f] < last; f++)
            p->sums[g->targets[f] - p->row_shift] += weight * kith_i_weight(g, f);
        work += 1 + f - begin;
        if (work < POLL_PRODUCTS || omp_get_thread_num()) continue;
        kith_i_poll_check(poll, projecting, -1, NULL);
        work = 0;
    }
}

/* The sums as a row, without zeros, which is what they become. */
static kith_status take_sums(projection *p, kith_i_poll *poll, kith_i_rows *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t count = 0;

    for (int64_t j = 0; j < p->rows; j++) count += p->sums[j] != 0;
    out->count = 1;
    KITH_TRY(kith_i_zeroed(&out->offsets, 2, sizeof *out->offsets, err));
    KITH_TRY(kith_i_alloc(&out->targets, count, sizeof *out->targets, err));
    KITH_TRY(kith_i_alloc(&out->weights64, count, sizeof *out->weights64, err));
    for (int64_t j = 0; j < p->rows; j++) {
        KITH_TRY(kith_i_poll_pass(poll, projecting, j, p->rows, err));
        if (p->sums[j] == 0) continue;
        out->targets[out->offsets[1]] = (uint32_t)j;
        out->weights64[out->offsets[1]++] = p->sums[j];
        p->sums[j] = 0;
    }
    KITH_TRY(kith_i_narrow_weights(&out->weights64, count, poll, &out->weights32, err));

done:
    return status;
}

/* The long row that strip i is. Threads share its columns. */
static kith_status multiply_long(projection *p, int64_t i, int threads, kith_i_poll *poll,
                                 kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t row = p->strips.begin[i].row, share = p->rows / threads + 1;

    if (!p->sums) KITH_TRY(kith_i_zeroed(&p->sums, p->rows, sizeof *p->sums, err));
#pragma omp parallel for num_threads(threads) schedule(static, 1) if (threads > 1)
    for (int t = 0; t < threads; t++) {
        const int64_t first = p->row_shift + t * share, end = p->row_shift + p->rows;
        add_terms(p, p->row_shift + row, first, first + share < end ? first + share : end, poll);
    }
    KITH_TRY(kith_i_poll_check(poll, projecting, -1, err));
    p->sums[row] = 0;
    KITH_TRY(take_sums(p, poll, &p->strips.made[i], err));

done:
    return status;
}

/* B B^T, strip by strip. */
static kith_status multiply(projection *p, int threads, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_block other = kith_i_block_of(p->graph, p->column_shift, p->columns);

    other.shift = p->row_shift;
    other.columns = p->rows;
    KITH_TRY(kith_init(err));
    KITH_TRY(kith_i_matrix_from_graph(p->graph, &other, poll, &p->transposed, err));
    KITH_TRY(cut_strips(p, poll, err));
    KITH_TRY(kith_i_strips_make(&p->strips, threads, poll, projecting, multiply_strip, p, err));
    for (int64_t i = 0; i < p->strips.count; i++)
        if (is_long(p, i)) KITH_TRY(multiply_long(p, i, threads, poll, err));

done:
    return status;
}

/* The names of the projected side. */
static kith_status select_names(const projection *p, kith_i_poll *poll, kith_i_names **out,
                                kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *nodes = NULL;

    KITH_TRY(kith_i_alloc(&nodes, p->rows, sizeof *nodes, err));
    for (int64_t v = 0; v < p->rows; v++) nodes[v] = p->row_shift + v;
    KITH_TRY(kith_i_names_select(p->graph->names, nodes, p->rows, poll, out, err));

done:
    kith_i_free(nodes);
    return status;
}

kith_status kith_bipartite_project(const kith_bipartite *bipartite, bool columns,
                                   const kith_run *run, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_names *names = NULL;
    projection p = { 0 };
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(bipartite, KITH_E_ARGUMENT, "bipartite must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_check(bipartite->graph, &poll, err));
    const int threads = kith_i_threads(&own);
    p.graph = bipartite->graph;
    p.rows = p.strips.rows = columns ? bipartite->columns : bipartite->rows;
    p.columns = columns ? bipartite->rows : bipartite->columns;
    p.row_shift = columns ? bipartite->rows : 0;
    p.column_shift = columns ? 0 : bipartite->rows;
    KITH_TRY(multiply(&p, threads, &poll, err));
    if (p.graph->names) KITH_TRY(select_names(&p, &poll, &names, err));
    KITH_TRY(kith_i_strips_graph(&p.strips, false, names, threads, &poll, out, err));

done:
    kith_i_strips_clear(&p.strips);
    kith_i_free(p.sums);
    GrB_Matrix_free(&p.transposed);
    kith_i_names_free(names);
    return status;
}
