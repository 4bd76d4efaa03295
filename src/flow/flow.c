/* The flow of Markov clustering [vanDongen2000].
 *
 *   thesis                     here
 *   M, column v                flow; entries offsets[v] .. offsets[v + 1] - 1
 *   Exp_2, expansion           GrB_mxm on the transpose, whose rows are the columns of M
 *   Gamma_r, inflation         inflate()
 *   attractor system, basin    kith_i_flow_basins()
 *
 * GraphBLAS lets several threads add to one row of a product in the order they come, so the last
 * bits of a parallel product differ from run to run. Here the columns are cut into blocks by the
 * work they are, which depends on the matrix alone; each block is multiplied by GraphBLAS on one
 * thread, and blocks run in parallel. */
#include "flow/flow.h"

#include "core/forest.h"
#include "core/grb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t BLOCK_WORK = 1 << 20; /* products of a block: some milliseconds */
static const double ROUNDING = 1e-8;       /* differences up to it count as none */
static const double TIE = 1e-6;            /* relative, where flows are compared */

static kith_status allocate(kith_i_flow *f, int64_t nodes, int64_t entries, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(&f->offsets, nodes + 1, sizeof *f->offsets, err));
    KITH_TRY(kith_i_alloc(&f->rows, entries, sizeof *f->rows, err));
    KITH_TRY(kith_i_alloc(&f->values, entries, sizeof *f->values, err));
    f->nodes = nodes;
    f->offsets[0] = 0;

done:
    return status;
}

void kith_i_flow_clear(kith_i_flow *flow)
{
    kith_i_free(flow->offsets);
    kith_i_free(flow->rows);
    kith_i_free(flow->values);
    *flow = (kith_i_flow){ 0 };
}

/* Divides the values of a column by their sum, taken in their order. */
static void normalise(double *values, int64_t count)
{
    double sum = 0;

    for (int64_t i = 0; i < count; i++) sum += values[i];
    for (int64_t i = 0; i < count; i++) values[i] /= sum;
}

/* Column v: its edges and its loop, relative to the heaviest, so that sums cannot overflow. */
static void start_column(const kith_graph *graph, int64_t v, kith_i_flow *f)
{
    const int64_t begin = graph->offsets[v], end = graph->offsets[v + 1];
    uint64_t next = f->offsets[v];
    double heaviest = 0;
    bool looped = false;

    for (int64_t e = begin; e < end; e++) {
        heaviest = fmax(heaviest, kith_i_weight(graph, e));
        looped |= graph->targets[e] == v;
    }
    for (int64_t e = begin; e < end; e++) {
        if (!looped && graph->targets[e] > v) {
            f->rows[next] = (uint64_t)v;
            f->values[next++] = 1;
            looped = true;
        }
        f->rows[next] = graph->targets[e];
        f->values[next++] = kith_i_weight(graph, e) / heaviest;
    }
    if (!looped) {
        f->rows[next] = (uint64_t)v;
        f->values[next++] = 1;
    }
    f->offsets[v + 1] = next;
    normalise(f->values + f->offsets[v], (int64_t)(next - f->offsets[v]));
}

kith_status kith_i_flow_start(const kith_graph *graph, kith_i_flow *out, kith_error *err)
{
    kith_status status = KITH_OK;

    *out = (kith_i_flow){ 0 };
    KITH_TRY(
        allocate(out, graph->nodes, graph->entries + graph->nodes - kith_graph_loops(graph), err));
    for (int64_t v = 0; v < graph->nodes; v++) start_column(graph, v, out);

done:
    return status;
}

/* An entry of a column that is being made. */
typedef struct {
    uint64_t row;
    double   value;
} entry;

/* Columns first .. end - 1 of the next flow. */
typedef struct {
    int64_t first, end;
    int64_t count, capacity;
    entry  *entries;
} block;

static int larger_first(const void *x, const void *y)
{
    const entry *a = x, *b = y;

    if (a->value != b->value) return a->value > b->value ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static int lower_first(const void *x, const void *y)
{
    const entry *a = x, *b = y;

    return a->row < b->row ? -1 : a->row > b->row;
}

/* Drops what is small from an expanded column; returns how many entries are left. */
static int64_t prune(entry *column, int64_t count, const kith_i_flow_rule *rule)
{
    double threshold = rule->threshold;
    int64_t kept = 0;
    double largest = 0;

    for (int64_t i = 0; i < count; i++) largest = fmax(largest, column[i].value);
    threshold = fmin(threshold, largest);
    for (int64_t i = 0; i < count; i++)
        if (column[i].value >= threshold) column[kept++] = column[i];
    if (kept > rule->max_entries) {
        qsort(column, (size_t)kept, sizeof *column, larger_first);
        kept = rule->max_entries;
        qsort(column, (size_t)kept, sizeof *column, lower_first);
    }
    return kept;
}

/* Raises the entries to the power r, relative to the largest, so that it survives any r, and makes
 * their sum 1; returns how many are not 0. */
static int64_t inflate(entry *column, int64_t count, double r)
{
    double largest = 0, sum = 0;
    int64_t kept = 0;

    for (int64_t i = 0; i < count; i++) largest = fmax(largest, column[i].value);
    for (int64_t i = 0; i < count; i++) {
        const double value = pow(column[i].value / largest, r);
        if (value == 0) continue;
        column[kept++] = (entry){ column[i].row, value };
        sum += value;
    }
    for (int64_t i = 0; i < kept; i++) column[i].value /= sum;
    return kept;
}

/* Column `row` of M^2 from the product's row, at the end of the block. */
static kith_status read_column(GxB_Iterator at, GrB_Index row, block *b, int64_t *count,
                               kith_error *err)
{
    kith_status status = KITH_OK;

    *count = 0;
    for (GrB_Info info = GxB_rowIterator_seekRow(at, row); info == GrB_SUCCESS;
         info = GxB_rowIterator_nextCol(at)) {
        KITH_TRY(
            kith_i_grow(&b->entries, b->count + *count, &b->capacity, sizeof *b->entries, err));
        entry *next = b->entries + b->count + (*count)++;
        next->row = GxB_rowIterator_getColIndex(at);
        next->value = (GxB_Iterator_get_FP64)(at); /* the macro of this name casts const away */
    }

done:
    return status;
}

static bool same_column(const kith_i_flow *f, int64_t v, const entry *column, int64_t count)
{
    const uint64_t begin = f->offsets[v];

    if (f->offsets[v + 1] - begin != (uint64_t)count) return false;
    for (int64_t i = 0; i < count; i++)
        if (f->rows[begin + (uint64_t)i] != column[i].row
            || fabs(f->values[begin + (uint64_t)i] - column[i].value) > ROUNDING)
            return false;
    return true;
}

/* Expands, prunes and inflates the columns of a block. `lengths` holds one number per column. */
static kith_status step_block(const kith_i_flow *f, GrB_Matrix transpose, GrB_Descriptor serial,
                              const kith_i_flow_rule *rule, block *b, uint64_t *lengths,
                              bool *moved, kith_error *err)
{
    kith_status status = KITH_OK;
    const GrB_Index range[2] = { (GrB_Index)b->first, (GrB_Index)b->end - 1 };
    const GrB_Index n = (GrB_Index)f->nodes, columns = (GrB_Index)(b->end - b->first);
    GrB_Matrix part = NULL, product = NULL;
    GxB_Iterator at = NULL;

    KITH_GRB(GrB_Matrix_new(&part, GrB_FP64, columns, n));
    KITH_GRB(GrB_Matrix_new(&product, GrB_FP64, columns, n));
    KITH_GRB(GxB_Matrix_Option_set(part, GxB_SPARSITY_CONTROL, GxB_SPARSE));
    KITH_GRB(GxB_Matrix_Option_set(product, GxB_SPARSITY_CONTROL, GxB_SPARSE));
    /* By row, whatever the host's default. */
    KITH_GRB(GxB_Matrix_Option_set(product, GxB_FORMAT, GxB_BY_ROW));
    KITH_GRB(GxB_Iterator_new(&at));
    KITH_GRB(GrB_Matrix_extract(part, NULL, NULL, transpose, range, GxB_RANGE, GrB_ALL, n, serial));
    KITH_GRB(GrB_mxm(product, NULL, NULL, GrB_PLUS_TIMES_SEMIRING_FP64, part, transpose, serial));
    KITH_GRB(GxB_rowIterator_attach(at, product, serial));
    for (int64_t v = b->first; v < b->end; v++) {
        int64_t count;
        KITH_TRY(read_column(at, (GrB_Index)(v - b->first), b, &count, err));
        entry *column = b->entries + b->count;
        count = prune(column, count, rule);
        count = inflate(column, count, rule->inflation);
        *moved |= !same_column(f, v, column, count);
        lengths[v] = (uint64_t)count;
        b->count += count;
    }
    KITH_TRY(kith_i_resize(&b->entries, b->count, sizeof *b->entries, err));

done:
    GrB_free(&part);
    GrB_free(&product);
    if (at) GxB_Iterator_free(&at); /* takes no NULL */
    return status;
}

/* Cuts the columns into blocks of about BLOCK_WORK products, at least one column each. */
static kith_status cut_blocks(const kith_i_flow *f, int threads, block **out, int64_t *count,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    block *blocks = NULL;
    int64_t *work = NULL, used = 0, capacity = 0, sum = BLOCK_WORK;

    KITH_TRY(kith_i_alloc(&work, f->nodes, sizeof *work, err));
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (int64_t v = 0; v < f->nodes; v++) {
        work[v] = 0;
        for (uint64_t e = f->offsets[v]; e < f->offsets[v + 1]; e++)
            work[v] += (int64_t)(f->offsets[f->rows[e] + 1] - f->offsets[f->rows[e]]);
    }
    for (int64_t v = 0; v < f->nodes; v++) {
        if (sum >= BLOCK_WORK) {
            KITH_TRY(kith_i_grow(&blocks, used, &capacity, sizeof *blocks, err));
            blocks[used++] = (block){ .first = v };
            sum = 0;
        }
        sum += work[v];
        blocks[used - 1].end = v + 1;
    }

done:
    kith_i_free(work);
    *out = blocks;
    *count = used;
    return status;
}

/* Runs the blocks in parallel; the calling thread polls before each of its own. */
static kith_status step_blocks(const kith_i_flow *f, GrB_Matrix transpose, GrB_Descriptor serial,
                               const kith_i_flow_rule *rule, block *blocks, int64_t count,
                               uint64_t *lengths, kith_i_poll *poll, bool *moved, kith_error *err)
{
    const int threads = rule->threads < count ? rule->threads : (int)count;
    kith_status first_failure = KITH_OK;
    bool any = false;

#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(|| : any)            \
    if (threads > 1)
    for (int64_t i = 0; i < count; i++) {
        kith_status status = KITH_OK;
        kith_error why = { 0 };
#pragma omp atomic read
        status = first_failure;
        if (status != KITH_OK) continue;
        if (omp_get_thread_num() == 0)
            status =
                kith_i_poll_check(poll, "simulating the flow", (double)i / (double)count, &why);
        if (status == KITH_OK)
            status = step_block(f, transpose, serial, rule, &blocks[i], lengths, &any, &why);
        if (status == KITH_OK) continue;
#pragma omp critical(kith_i_flow)
        if (first_failure == KITH_OK) {
#pragma omp atomic write
            first_failure = status;
            if (err) *err = why;
        }
    }
    *moved = any;
    return first_failure;
}

/* Puts the blocks together in a new flow, whose offsets hold the lengths of its columns. */
static kith_status gather(const block *blocks, int64_t count, int threads, kith_i_flow *f,
                          kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t v = 0; v < f->nodes; v++) f->offsets[v + 1] += f->offsets[v];
    KITH_TRY(kith_i_alloc(&f->rows, (int64_t)f->offsets[f->nodes], sizeof *f->rows, err));
    KITH_TRY(kith_i_alloc(&f->values, (int64_t)f->offsets[f->nodes], sizeof *f->values, err));
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (int64_t b = 0; b < count; b++)
        for (int64_t i = 0; i < blocks[b].count; i++) {
            f->rows[f->offsets[blocks[b].first] + (uint64_t)i] = blocks[b].entries[i].row;
            f->values[f->offsets[blocks[b].first] + (uint64_t)i] = blocks[b].entries[i].value;
        }

done:
    return status;
}

kith_status kith_i_flow_step(kith_i_flow *flow, const kith_i_flow_rule *rule, kith_i_poll *poll,
                             bool *moved, kith_error *err)
{
    kith_status status = KITH_OK;
    const GrB_Index n = (GrB_Index)flow->nodes, entries = flow->offsets[flow->nodes];
    kith_i_flow next = { .nodes = flow->nodes };
    GrB_Matrix transpose = NULL;
    GrB_Descriptor serial = NULL;
    block *blocks = NULL;
    int64_t count = 0;

    KITH_TRY(kith_i_poll_check(poll, "simulating the flow", 0, err));
    KITH_TRY(cut_blocks(flow, rule->threads, &blocks, &count, err));
    KITH_TRY(kith_i_zeroed(&next.offsets, flow->nodes + 1, sizeof *next.offsets, err));
    KITH_TRY(kith_i_grb_threads(1, &serial, err));
    KITH_GRB(GrB_Matrix_import_FP64(&transpose, GrB_FP64, n, n, flow->offsets, flow->rows,
                                    flow->values, n + 1, entries, entries, GrB_CSR_FORMAT));
    KITH_GRB(GxB_Matrix_Option_set(transpose, GxB_SPARSITY_CONTROL, GxB_SPARSE));
    KITH_GRB(GrB_Matrix_wait(transpose, GrB_MATERIALIZE));
    KITH_TRY(step_blocks(flow, transpose, serial, rule, blocks, count, next.offsets + 1, poll,
                         moved, err));
    GrB_free(&transpose);
    KITH_TRY(gather(blocks, count, rule->threads, &next, err));
    kith_i_flow_clear(flow);
    *flow = next;
    next = (kith_i_flow){ 0 };

done:
    GrB_free(&transpose);
    GrB_free(&serial);
    for (int64_t b = 0; b < count; b++) kith_i_free(blocks[b].entries);
    kith_i_free(blocks);
    kith_i_flow_clear(&next);
    return status;
}

/* The lowest of the rows that get most of the flow of v. */
static uint32_t leader(const kith_i_flow *f, int64_t v)
{
    const uint64_t begin = f->offsets[v], end = f->offsets[v + 1];
    double most = 0;

    for (uint64_t e = begin; e < end; e++) most = fmax(most, f->values[e]);
    for (uint64_t e = begin;; e++)
        if (f->values[e] >= most * (1 - TIE)) return (uint32_t)f->rows[e];
}

/* The basin that gets most of the flow of v; `gets` is 0 everywhere, before and after. */
static uint32_t heaviest_basin(const kith_i_flow *f, int64_t v, const uint32_t *basin, double *gets)
{
    uint32_t best = UINT32_MAX;
    double most = 0;

    for (uint64_t e = f->offsets[v]; e < f->offsets[v + 1]; e++)
        gets[basin[f->rows[e]]] += f->values[e];
    for (uint64_t e = f->offsets[v]; e < f->offsets[v + 1]; e++)
        most = fmax(most, gets[basin[f->rows[e]]]);
    for (uint64_t e = f->offsets[v]; e < f->offsets[v + 1]; e++) {
        const uint32_t b = basin[f->rows[e]];
        if (gets[b] >= most * (1 - TIE) && b < best) best = b;
    }
    for (uint64_t e = f->offsets[v]; e < f->offsets[v + 1]; e++) gets[basin[f->rows[e]]] = 0;
    return best;
}

kith_status kith_i_flow_basins(const kith_i_flow *flow, uint32_t *labels, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *basin = NULL;
    double *gets = NULL;

    KITH_TRY(kith_i_alloc(&basin, flow->nodes, sizeof *basin, err));
    KITH_TRY(kith_i_zeroed(&gets, flow->nodes, sizeof *gets, err));
    for (int64_t v = 0; v < flow->nodes; v++) basin[v] = (uint32_t)v;
    for (int64_t v = 0; v < flow->nodes; v++)
        kith_i_forest_join(basin, (uint32_t)v, leader(flow, v));
    for (int64_t v = 0; v < flow->nodes; v++) basin[v] = kith_i_forest_find(basin, (uint32_t)v);
    for (int64_t v = 0; v < flow->nodes; v++) labels[v] = heaviest_basin(flow, v, basin, gets);

done:
    kith_i_free(basin);
    kith_i_free(gets);
    return status;
}
