/* The largest singular triplets of an operator. */
#ifndef KITH_LINALG_SVD_H
#define KITH_LINALG_SVD_H

#include "linalg/operator.h"

typedef struct kith_i_svd_options {
    int64_t  count;        /* 1 to min(rows, columns) */
    int64_t  passes;       /* of subspace iteration after the first product; with -1, as many as the
                            * tolerance takes: block Lanczos on A^T A or A A^T */
    int64_t  oversampling; /* further columns of the random block, e.g. 10 */
    double   tolerance;    /* of |A v - s u| and |A^T u - s v| over s_1; with passes < 0 only */
    uint64_t seed;
} kith_i_svd_options;

typedef struct kith_i_svd {
    int64_t rows, columns, count;
    double *u;       /* rows * count, row-major; signs as kith_i_block_signs() leaves u */
    double *values;  /* descending */
    double *v;       /* columns * count */
    double *residuals;
    bool    converged; /* within the tolerance; true where a number of passes was asked for */
} kith_i_svd;

/** Randomised subspace iteration [Halko2011], orthonormalised at every pass, or Lanczos.
 *
 *  out      free with kith_i_svd_clear()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_MEMORY, KITH_E_INTERNAL, and what a run ends in
 */
kith_status kith_i_svd_solve(const kith_i_operator *a, const kith_i_svd_options *options,
                             kith_i_poll *poll, kith_i_svd *out, kith_error *err);

void kith_i_svd_clear(kith_i_svd *svd);

#endif
