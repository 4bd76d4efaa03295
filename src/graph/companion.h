/* Between the two views of a graph: rows as algorithms walk them, and matrices of GraphBLAS. */
#ifndef KITH_GRAPH_COMPANION_H
#define KITH_GRAPH_COMPANION_H

#include "graph/view.h"

/** Part of a graph's adjacency. */
typedef struct kith_i_block {
    int64_t first, rows;    /* rows first .. first + rows - 1 */
    int64_t begin, end;     /* entries begin .. end - 1, all in these rows */
    int64_t shift, columns; /* columns shift .. shift + columns - 1: there must be no others */
} kith_i_block;

/** All entries of some rows. */
kith_i_block kith_i_block_of(const kith_graph *graph, int64_t first, int64_t rows);

/** A new GrB_FP64 matrix of the block's shape, with one value for all entries (iso) when the graph
 *  is unweighted; finished and sparse by row, so that threads may read it at once. The graph has
 *  been checked. */
kith_status kith_i_matrix_from_graph(const kith_graph *graph, const kith_i_block *block,
                                     kith_i_poll *poll, struct GB_Matrix_opaque **out,
                                     kith_error *err);

/** Rows as a graph has them; all arrays are ours. */
typedef struct kith_i_rows {
    int64_t   count;
    int64_t  *offsets; /* count + 1 */
    uint32_t *targets;
    float    *weights32; /* at most one of the two; neither: all 1 */
    double   *weights64;
} kith_i_rows;

void kith_i_rows_clear(kith_i_rows *rows);

/** The rows of a GrB_FP64 matrix of ours, which is freed whatever this returns; values as they are.
 *  The arrays change hands where GraphBLAS runs on our memory. */
kith_status kith_i_rows_from_matrix(struct GB_Matrix_opaque **matrix, kith_i_poll *poll,
                                    kith_i_rows *out, kith_error *err);

/** Frees what kith_graph_grb() keeps with a graph; NULL is fine. */
void kith_i_companion_free(struct GB_Matrix_opaque *companion);

#endif
