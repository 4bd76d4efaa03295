/* The assignment problem on sparse bipartite graphs. */
#ifndef KITH_EVAL_HUNGARIAN_H
#define KITH_EVAL_HUNGARIAN_H

#include "core/base.h"

/** Rows to be matched with columns, in compressed sparse rows; row i has the entries offsets[i] ..
 *  offsets[i + 1] - 1 of `targets` and `weights`. */
typedef struct kith_i_assignment {
    int64_t         rows, columns;
    const int64_t  *offsets;
    const uint32_t *targets;
    const int64_t  *weights; /* 0 to 2^61 */
} kith_i_assignment;

/** A matching of the largest total weight: column_of[i] is the column of row i, or -1. Rows and
 *  columns may stay unmatched.
 *
 *  At worst O(min(rows, columns) e log e) time for e entries; O(rows + columns) memory. A search
 *  walks only what it can reach below the cost of giving up, so that many small components cost
 *  little more than the reading of their entries. Jonker, Volgenant (1987), doi:10.1007/BF02278710
 */
kith_status kith_i_assign(const kith_i_assignment *problem, kith_i_poll *poll, int64_t *column_of,
                          kith_error *err);

#endif
