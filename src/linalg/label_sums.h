/* Sums of the rows of a block by label: means of clusters, and V^T Y for an indicator Y. */
#ifndef KITH_LINALG_LABEL_SUMS_H
#define KITH_LINALG_LABEL_SUMS_H

#include "core/poll.h"

typedef struct kith_i_label_sums {
    int64_t n, d, k;
    const double *x; /* n rows of d numbers; borrowed */
    double *sums;    /* k rows of d numbers */
    int64_t *counts; /* k: rows of that label */
    int threads;

    int64_t strips; /* equal parts of the rows; each is added up by itself, then all in order */
    double *partial;
    int64_t *partial_counts;
    const uint32_t *labels, *before; /* while sums are taken */
} kith_i_label_sums;

/** Room for the sums of x; kith_i_label_sums_clear() it. n, k >= 1.
 *  returns KITH_OK, KITH_E_MEMORY */
kith_status kith_i_label_sums_init(kith_i_label_sums *s, int64_t n, int64_t d, const double *x,
                                   int64_t k, int threads, kith_error *err);

/** Writes s->sums and s->counts. The same bits on any number of threads.
 *
 *  labels   n, each below k
 *  before   NULL; or those that the sums were last taken of: rows whose label is another one are
 *           then moved, and the others are not looked at. What rounding leaves behind grows with
 *           the number of such calls
 *  returns  KITH_OK, and what a run ends in
 *
 *  O(n d); O(n + rows that moved * d) with `before`. */
kith_status kith_i_label_sums_take(kith_i_label_sums *s, const uint32_t *labels,
                                   const uint32_t *before, kith_i_poll *poll, kith_error *err);

void kith_i_label_sums_clear(kith_i_label_sums *s);

#endif
