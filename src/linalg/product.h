/* Products of the rows of a matrix with a block of vectors: what operators are made of. */
#ifndef KITH_LINALG_PRODUCT_H
#define KITH_LINALG_PRODUCT_H

#include "core/base.h"

/** A matrix M by its rows, sparse or dense; borrowed. */
typedef struct kith_i_matrix_rows {
    int64_t         rows, columns;
    const int64_t  *offsets;   /* rows + 1; NULL: dense, row i holds entries i * columns on */
    const uint32_t *targets;   /* column of each entry plus `first`; NULL: dense */
    uint32_t        first;
    const float    *weights32; /* at most one of the two; neither: all 1 */
    const double   *weights64;
} kith_i_matrix_rows;

/** Instruction sets that there are kernels for. They give the same bits: no kernel fuses a
 *  multiplication with an addition. */
typedef enum kith_i_level {
    KITH_I_LEVEL_BEST, /* of this machine */
    KITH_I_LEVEL_BASE, /* 16 bytes: SSE2 on x86 */
    KITH_I_LEVEL_AVX2,
    KITH_I_LEVEL_AVX512
} kith_i_level;

/** The best one that the machine has. */
kith_i_level kith_i_level_best(void);

/** Y = L M Z + E Z for Z = R X, with diagonal L, R and E. Borrowed. */
typedef struct kith_i_product {
    kith_i_matrix_rows m;
    double        factor; /* what L holds where `left` is NULL */
    const double *left;   /* rows */
    const double *right;  /* columns; NULL: 1 */
    const double *added;  /* of E, for square M; NULL: 0 */
    kith_i_level  level;  /* one that the machine has */
} kith_i_product;

/** Memory that one product after another works in; begins as { 0 }, kith_i_free() it. */
typedef struct kith_i_scratch {
    double *memory;
    int64_t room;
} kith_i_scratch;

kith_status kith_i_scratch_reserve(kith_i_scratch *scratch, int64_t count, kith_error *err);

/** Computes it, for X of b columns. Each number of Y is a sum in the order of the entries of its
 *  row: the same bits on any number of threads, and whatever b is.
 *  returns KITH_OK, KITH_E_MEMORY, and what a run ends in */
kith_status kith_i_multiply(const kith_i_product *product, int64_t b, const double *x, double *y,
                            int threads, kith_i_scratch *scratch, kith_i_poll *poll,
                            kith_error *err);

/** Calls pass(self, begin, end) for ranges of rows that make up all of them, in any order, on
 *  `threads` threads, and polls between.
 *
 *  offsets  of the rows' entries: so many steps each takes; NULL: the same for all
 *  steps    for each entry, or for each row where offsets is NULL
 */
typedef void (*kith_i_pass)(void *self, int64_t begin, int64_t end);
kith_status kith_i_ranges(int64_t rows, const int64_t *offsets, int64_t steps, int threads,
                          kith_i_poll *poll, kith_i_pass pass, void *self, kith_error *err);

/** out = U^T X, r rows of b numbers, for U of r columns and X of b. U NULL: one column of ones.
 *  The same bits on any number of threads, and for a column of X whatever stands beside it. */
kith_status kith_i_project(int64_t n, int64_t r, const double *u, int64_t b, const double *x,
                           double *out, int threads, kith_i_poll *poll, kith_error *err);

/** Y += U C for C of r rows and b columns. U NULL: one column of ones. */
kith_status kith_i_spread_rows(int64_t n, int64_t r, const double *u, int64_t b, const double *c,
                               double *y, int threads, kith_i_poll *poll, kith_error *err);

#endif
