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

/** Some columns of a block: `count` numbers in each row, rows `stride` numbers apart. */
typedef struct kith_i_columns {
    int64_t count, stride;
    double *at; /* the first of row 0 */
} kith_i_columns;

/** A whole block of b columns; it is written only where a function says so. */
static inline kith_i_columns kith_i_block_columns(const double *x, int64_t b)
{
    return (kith_i_columns){ b, b, (double *)(uintptr_t)x };
}

/** `count` of the columns, from `first` on. */
static inline kith_i_columns kith_i_columns_part(kith_i_columns x, int64_t first, int64_t count)
{
    return (kith_i_columns){ count, x.stride, x.at + first };
}

/** The same as of whole blocks: out = X^T Y; Y = X C + beta Y. */
kith_status kith_i_columns_gram(int64_t n, kith_i_columns x, kith_i_columns y, double *out,
                                int threads, kith_error *err);
void kith_i_columns_times(int64_t n, kith_i_columns x, const double *c, double beta,
                          kith_i_columns y, int threads);

/** The first b of the columns of X become X C, in place; C has x.count rows of b numbers. */
kith_status kith_i_columns_turn(int64_t n, kith_i_columns x, int64_t b, const double *c,
                                int threads, kith_error *err);

/** Y = X */
void kith_i_columns_copy(int64_t n, kith_i_columns x, kith_i_columns y, int threads);

/** out_j = x_j . y_j, column by column. */
kith_status kith_i_columns_dots(int64_t n, kith_i_columns x, kith_i_columns y, double *out,
                                int threads, kith_error *err);

/** Makes the columns of X orthonormal: X = Q R, R upper triangular with a diagonal >= 0, by
 *  Cholesky QR, twice or oftener. A column that depends on those before it becomes a random one
 *  that does not, and its diagonal in R is 0.
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
