/* How methods end that have found a point for each node: k-means of the points. */
#ifndef KITH_ATTRIBUTED_CLOUD_H
#define KITH_ATTRIBUTED_CLOUD_H

#include "attributed/choose.h"
#include "attributed/settle.h"

typedef struct kith_i_cloud {
    const kith_graph *graph; /* which nodes have edges */
    const bool *empty;       /* which have no features; NULL: all */
    int64_t d;
    const double *values; /* a row of d numbers for each node */
    int64_t k;            /* 0: at the largest gap of the eigenvalues of V^T V */
    bool chosen;          /* k is not the caller's: no more than there are distinct points */
    int64_t restarts;     /* of k-means */
    uint64_t seed;
    int threads;
} kith_i_cloud;

/** The partition by k-means of the points of nodes that have edges or features; the others are
 *  unassigned, or alone where k is chosen. Of many points a sample decides which of the restarts is
 *  the best, and the rounds on all points begin there. The quality is the sum of squared distances
 *  to centres, negative.
 *
 *  returns  KITH_OK, KITH_E_ARGUMENT (k above the number of distinct points), KITH_E_MEMORY, and
 *           what a run ends in
 */
kith_status kith_i_cloud_cluster(const kith_i_cloud *cloud, kith_i_poll *poll, kith_partition **out,
                                 kith_error *err);

/** The k that it would choose; 1 without points. */
kith_status kith_i_cloud_choose(const kith_i_cloud *cloud, kith_i_poll *poll, int64_t *k,
                                kith_error *err);

/** Fails where k is more than there are nodes, before anything is made of so many clusters.
 *  returns KITH_OK, KITH_E_ARGUMENT */
kith_status kith_i_cloud_check(int64_t k, int64_t nodes, kith_error *err);

/** The memory that it takes. */
double kith_i_cloud_bytes(int64_t nodes, int64_t d, int64_t k);

#endif
