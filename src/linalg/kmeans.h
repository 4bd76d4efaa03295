/* k-means of the rows of a block. */
#ifndef KITH_LINALG_KMEANS_H
#define KITH_LINALG_KMEANS_H

#include "core/poll.h"

typedef struct kith_i_kmeans_options {
    int64_t  k;        /* 1 to the number of distinct rows */
    int64_t  restarts; /* the best of so many, e.g. 10 */
    int64_t  rounds;   /* at most, in each, e.g. 300 */
    const double *centres; /* k rows of d numbers: where the first start begins; NULL: k-means++ */
    uint64_t seed;
    int      threads;
} kith_i_kmeans_options;

typedef struct kith_i_kmeans_report {
    double  inertia; /* sum of squared distances to the centres */
    int64_t rounds;  /* of the best start */
    bool    converged; /* no label changed in its last round: else rounds or time ran out */
} kith_i_kmeans_report;

/** Labels 0 to k - 1 that make the squared distances of rows to the mean of their label small:
 *  k-means++ seeding [Arthur2007], exact Lloyd rounds with bounds that leave distances out
 *  [Ding2015]. A cluster that runs empty gets the row farthest from its centre; ties go to the
 *  smaller label.
 *
 *  x        n rows of d numbers, finite
 *  labels   n, written
 *  centres  k rows of d numbers, written; may be NULL
 *  report   may be NULL
 *  returns  KITH_OK, also when time runs out once each row has a label; KITH_E_ARGUMENT (k above
 *           the number of distinct rows), KITH_E_MEMORY, and what a run ends in
 *
 *  The same bits on any number of threads and any instruction set. O(n k d) for a round at most;
 *  n times 4 d + 4 min(k / 16, 32) + 32 bytes.
 */
kith_status kith_i_kmeans(int64_t n, int64_t d, const double *x,
                          const kith_i_kmeans_options *options, kith_i_poll *poll, int64_t *labels,
                          double *centres, kith_i_kmeans_report *report, kith_error *err);

#endif
