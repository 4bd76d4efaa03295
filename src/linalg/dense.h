/* Small dense matrices, row-major, by LAPACK: nothing else knows that library. One thread. */
#ifndef KITH_LINALG_DENSE_H
#define KITH_LINALG_DENSE_H

#include "core/base.h"

/** Eigenvalues, ascending, and eigenvectors of a symmetric matrix; column j of `a` becomes the
 *  vector of values[j].
 *  returns KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL */
kith_status kith_i_dense_eigen(int64_t n, double *a, double *values, kith_error *err);

/** A = U diag(s) V^T, thin: A has m rows of n numbers (lost), U m rows of r, V n rows of r for
 *  r = min(m, n), s descending. U or V may be NULL.
 *  returns KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL */
kith_status kith_i_dense_svd(int64_t m, int64_t n, double *a, double *u, double *s, double *v,
                             kith_error *err);

/** The order in which QR with column pivoting takes the columns of A, m rows of n numbers (lost):
 *  pivots receives min(m, n) of their numbers.
 *  returns KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL */
kith_status kith_i_dense_pivots(int64_t m, int64_t n, double *a, int64_t *pivots, kith_error *err);

#endif
