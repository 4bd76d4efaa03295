/* Sparse Cholesky factors by dense blocks, for an order that somebody else has found. */
#ifndef KITH_LINALG_MULTIFRONTAL_H
#define KITH_LINALG_MULTIFRONTAL_H

#include "linalg/product.h"

/** A symmetric matrix by columns: column j holds rows j, which comes first, to size - 1 in
 *  `below`, and rows 0 to j in `above`; both ascending. Borrowed. */
typedef struct kith_i_columns_both {
    int64_t        size;
    const int64_t *below_offsets, *below_rows;
    const double  *below_values;
    const int64_t *above_offsets, *above_rows;
} kith_i_columns_both;

typedef struct kith_i_multifrontal kith_i_multifrontal;

/** Factors a matrix whose elimination tree is in postorder.
 *
 *  counts   entries of each column of the factor, its diagonal among them
 *  level    an instruction set that the machine has; all give the same bits
 *  poll     NULL: it does not poll
 *  out      free with kith_i_multifrontal_free(); NULL where the matrix is not positive definite
 *  returns  KITH_OK, KITH_E_MEMORY, and what a run ends in
 *
 *  One thread, the same bits every time.
 *  Liu (1992), doi:10.1137/1034004
 */
kith_status kith_i_multifrontal_factor(const kith_i_columns_both *matrix, const int64_t *counts,
                                       kith_i_level level, kith_i_poll *poll,
                                       kith_i_multifrontal **out, kith_error *err);

/** X = A^-1 X in place, for KITH_I_SOLVED columns: rows of so many numbers. */
enum { KITH_I_SOLVED = 8 };
void kith_i_multifrontal_solve(const kith_i_multifrontal *factor, double *x);

void kith_i_multifrontal_free(kith_i_multifrontal *factor);

#endif
