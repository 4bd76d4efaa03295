/* Kith: graphs of similar rows of a feature matrix, for methods that cluster graphs.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_SIMILARITY_H
#define KITH_SIMILARITY_H

#include "kith/attributes.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum kith_similarity_distance {
    KITH_SIMILARITY_EUCLIDEAN, /* |x - y| */
    KITH_SIMILARITY_COSINE     /* 1 - cos of their angle; a row of zeros is near none */
} kith_similarity_distance;

/** Which rows i, j are joined. */
typedef enum kith_similarity_join {
    KITH_SIMILARITY_EITHER, /* i is one of the nearest rows of j, or j of i */
    KITH_SIMILARITY_MUTUAL, /* both */
    KITH_SIMILARITY_MEAN,   /* either; where it is not both, at half the weight */
    KITH_SIMILARITY_RADIUS  /* those at most `radius` apart */
} kith_similarity_join;

/** The weight of an edge between rows d apart, t being the bandwidth. */
typedef enum kith_similarity_kernel {
    KITH_SIMILARITY_NONE,      /* 1 */
    KITH_SIMILARITY_GAUSSIAN,  /* exp(-d^2 / t^2) */
    KITH_SIMILARITY_LAPLACIAN, /* exp(-d / t) */
    KITH_SIMILARITY_MIXTURE    /* mixture exp(-d / t) + (1 - mixture) exp(-d^2 / t^2) [Tan2024] */
} kith_similarity_kernel;

typedef struct kith_similarity_options {
    kith_run run;
    const kith_features *features; /* a node for each row; borrowed */
    int distance;                  /* kith_similarity_distance */
    int join;                      /* kith_similarity_join */
    int64_t neighbours;  /* nearest rows of each row, itself not among them; of equally near ones
                           * the first; >= 1 */
    double radius;       /* of KITH_SIMILARITY_RADIUS; >= 0 */
    int kernel;          /* kith_similarity_kernel */
    double bandwidth;    /* t; 0: the median distance of rows that are joined */
    int64_t local_scale; /* s: t^2 is s_i s_j, s_i being how far the s-th nearest row is from row
                           * i [ZelnikManor2004], or the bandwidth where that is 0; 0: one t */
    double mixture;      /* 0 to 1 */
} kith_similarity_options;

#define KITH_SIMILARITY_OPTIONS_INIT                                                               \
    {                                                                                              \
        .run = KITH_RUN_INIT(kith_similarity_options), .join = KITH_SIMILARITY_MEAN,               \
        .neighbours = 10, .radius = 1, .mixture = 0.5                                              \
    }

/** An undirected graph that joins similar rows of a feature matrix [vonLuxburg2007]. The search is
 *  exact: every pair of rows is considered. Edges whose weight is too small for a double are left
 *  out.
 *
 *  options  features must be set
 *  out      as many nodes as rows, no loops; free with kith_graph_free()
 *  truth    set to NULL; may be NULL
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_MEMORY, and what a run ends in
 *
 *  O(n^2 d) time for dense rows, some 10^10 numbers in a second on each thread; for sparse ones the
 *  sum of the squared counts of columns, where that is less. O(n (d + neighbours)) memory. The same
 *  graph on any number of threads.
 */
KITH_API kith_status kith_generate_similarity(const kith_similarity_options *options,
                                              kith_graph **out, kith_partition **truth,
                                              kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
