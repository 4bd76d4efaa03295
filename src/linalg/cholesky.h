/* Sparse Cholesky factorisation, in an order by CHOLMOD. Nothing else knows that library. */
#ifndef KITH_LINALG_CHOLESKY_H
#define KITH_LINALG_CHOLESKY_H

#include "core/base.h"

/** A symmetric matrix by its lower triangle: row i holds columns 0 to i, ascending, the diagonal
 *  last. Borrowed. */
typedef struct kith_i_symmetric {
    int64_t        size;
    const int64_t *offsets; /* size + 1 */
    const int64_t *columns;
    const double  *values;
} kith_i_symmetric;

typedef struct kith_i_cholesky kith_i_cholesky;

/** Factors a matrix. Polls, though not while it orders the matrix: for a million entries that takes
 *  up to a second, and for those that orders found at once show to be hopeless it is not begun.
 *
 *  poll     NULL: it does not poll
 *  most     floating-point operations that it may take, estimated before any of them is made
 *  out      free with kith_i_cholesky_free(); NULL where that is too few, where the matrix is not
 *           positive definite, and where Kith is built without CHOLMOD
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL, and what a run ends in
 *
 *  Multifrontal, in a minimum-degree order; one thread, the same bits every time.
 *  Chen, Davis, Hager, Rajamanickam (2008), doi:10.1145/1391989.1391995
 */
kith_status kith_i_cholesky_factor(const kith_i_symmetric *matrix, double most, kith_i_poll *poll,
                                   kith_i_cholesky **out, kith_error *err);

/** X = A^-1 B on blocks of `columns` vectors, `size` rows of them each; they may be the same block.
 *  Polls.
 *  returns KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL, and what a run ends in */
kith_status kith_i_cholesky_solve(kith_i_cholesky *factor, int64_t columns, const double *b,
                                  double *x, kith_i_poll *poll, kith_error *err);

void kith_i_cholesky_free(kith_i_cholesky *factor);

#endif
