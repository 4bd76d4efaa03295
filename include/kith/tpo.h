/* Kith: clustering of one side of an attributed bipartite graph.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_TPO_H
#define KITH_TPO_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_tpo_options {
    kith_run run;
    const kith_bipartite *bipartite; /* whose rows are clustered; borrowed; NULL: the adjacency */
    const kith_features *features;   /* of rows: a row for each; borrowed, must be given */
    int64_t k;        /* clusters; 0: where the singular values have their largest gap */
    double alpha;     /* decay from one hop to the next; above 1 later hops weigh more */
    int64_t hops;     /* gamma: how far features are smoothed */
    int64_t width;    /* columns that features are reduced to first; 0: all are used */
    double bandwidth; /* of random features; 0: the square root of the columns, without bias */
    bool tfidf;       /* features are weighed by TF-IDF first */
} kith_tpo_options;

#define KITH_TPO_OPTIONS_INIT                                                                      \
    { .run = KITH_RUN_INIT(kith_tpo_options), .alpha = 0.9, .hops = 10, .width = 128,              \
      .bandwidth = 1 }

/** Clusters of the rows of a bipartite graph with like features and like neighbours' neighbours:
 *  the leading singular vectors of a factor of their multi-scale affinity
 *
 *    exp(z_i z_j), symmetrically normalised,  z = sum_r alpha^r (L L^T)^r X,        [Yang2024]
 *
 *  rounded without k-means. L = D_U^-1/2 B D_V^-1/2 for the biadjacency B, X the features; neither
 *  L L^T nor the affinity is formed. (The paper then updates the factors in turns, which leaves
 *  singular vectors as they are.)
 *
 *  graph    of the bipartite graph; without one its adjacency is the biadjacency, each stored loop
 *           counting once. Weights finite, >= 0
 *  options  features must be given
 *  out      one label per row; a row with neither edges nor features is unassigned, or alone where
 *           k is 0. No quality (NaN); iterations are those of the rounding. Figures: gap, between
 *           the last singular value that was used and the next. Free with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no features, or not a row for each row; k above what the
 *           width allows), KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph), KITH_E_MEMORY,
 *           KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O(m hops d + n d^2 + n d k) time for features reduced to d columns, O(m + n d) memory.
 *  Yang, Wu, Lin, Wang, Chan, Shi (2024), doi:10.1145/3637528.3671764
 */
KITH_API kith_status kith_tpo(const kith_graph *graph, const kith_tpo_options *options,
                              kith_partition **out, kith_error *err);

/** The singular vectors that kith_tpo() rounds, k columns, and all singular values that were found;
 *  of k = 0, as many as it would choose. Free with kith_embedding_free(). */
KITH_API kith_status kith_tpo_embed(const kith_graph *graph, const kith_tpo_options *options,
                                    kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
