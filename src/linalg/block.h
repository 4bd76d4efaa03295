/* Blocks of vectors: n rows of b numbers, row-major, so that a pass over a graph reads the numbers
 * of a node side by side. Every sum over rows is made of fixed parts in a fixed order: the same
 * bits on any number of threads. */
#ifndef KITH_LINALG_BLOCK_H
#define KITH_LINALG_BLOCK_H

#include "core/base.h"

/** out = X^T Y, a rows of b numbers; X has n rows of a, Y n rows of b. They may be the same block.
 *  O(n a b). */
kith_status kith_i_block_gram(int64_t n, int64_t a, const double *x, int64_t b, const double *y,
                              double *out, int threads, kith_error *err);

/** Y = X C + beta Y, for C of a rows of b numbers. X and Y are distinct. O(n a b). */
void kith_i_block_times(int64_t n, int64_t a, const double *x, int64_t b, const double *c,
                        double beta, double *y, int threads);

/** Makes the columns of X orthonormal: X = Q R, R upper triangular with a diagonal >= 0, by
 *  Cholesky QR done twice. A column that depends on those before it becomes a random one that does not, and
 *  its diagonal in R is 0.
 *
 *  r        b rows of b numbers; may be NULL
 *  rank     columns that did not depend on others; may be NULL
 *  seed     of replacements
 *  returns  KITH_OK, KITH_E_MEMORY
 *
 *  O(n b^2).
 */
kith_status kith_i_block_orthonormalise(int64_t n, int64_t b, double *x, double *r, int64_t *rank,
                                        uint64_t seed, int threads, kith_error *err);

/** Standard normal numbers, a function of (seed, stage, row, column). */
void kith_i_block_random(int64_t n, int64_t b, double *x, uint64_t seed, uint64_t stage,
                         int threads);

/** Each row scaled to length 1; a zero row stays zero. */
void kith_i_block_unit_rows(int64_t n, int64_t b, double *x, int threads);

/** Each column's sign such that its entry of largest absolute value (the first of them) is
 *  positive. */
void kith_i_block_signs(int64_t n, int64_t b, double *x, int threads);

#endif
