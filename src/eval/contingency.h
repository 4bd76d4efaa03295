/* Contingency tables: how many nodes each pair of classes of two labellings shares. */
#ifndef KITH_EVAL_CONTINGENCY_H
#define KITH_EVAL_CONTINGENCY_H

#include "core/base.h"

/** A sparse table in compressed rows. Rows are the communities of the partition, ascending by
 *  label; columns the classes of the truth, likewise. Each unassigned node is a row of its own, and
 *  these rows come first. */
typedef struct kith_i_contingency {
    int64_t   nodes; /* whose truth is known */
    int64_t   rows, columns, cells;
    int64_t   unassigned;  /* how many rows are */
    int64_t  *row_sums;    /* rows */
    int64_t  *column_sums; /* columns */
    int64_t  *offsets;     /* rows + 1 */
    uint32_t *targets;     /* cells: columns, ascending in each row */
    int64_t  *counts;      /* cells, > 0 */
} kith_i_contingency;

/** Fills `table`; free what it holds with kith_i_contingency_clear(), also on failure. Labels are
 *  -1 or larger, and need not be dense. O(n) time and memory. */
kith_status kith_i_contingency_build(kith_i_contingency *table, int64_t nodes,
                                     const int64_t *labels, const int64_t *truth, kith_i_poll *poll,
                                     kith_error *err);

void kith_i_contingency_clear(kith_i_contingency *table);

#endif
