/* Kith: view weighting, clustering by several relations that agree.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_VIEW_WEIGHTING_H
#define KITH_VIEW_WEIGHTING_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_view_weighting_options {
    kith_run run;
    const kith_relations *relations; /* over the nodes; borrowed. NULL: the graph is the only one */
    const kith_features *features;   /* of nodes: a row for each; borrowed, must be given */
    int64_t k;        /* clusters; 0: at the largest gap of the points' squared singular values */
    int64_t hops;     /* how far features are spread along each relation; 0 to 1000 */
    int64_t width;    /* singular vectors that stand for each relation; >= 1 */
    double power;     /* of the agreements; 0 to 100. 0: all relations weigh the same */
    int64_t rounds;   /* of weights and clusters in turn, at most; 0 to 1000 */
    bool tfidf;       /* sparse features are weighed by TF-IDF first */
    int64_t restarts; /* of k-means; >= 1 */
} kith_view_weighting_options;

#define KITH_VIEW_WEIGHTING_OPTIONS_INIT                                                           \
    { .run = KITH_RUN_INIT(kith_view_weighting_options), .hops = 2, .width = 16, .power = 0.9,     \
      .rounds = 5, .restarts = 10 }

/** Clusters of nodes by several relations, each weighed by how well its own clusters agree with
 *  those of all: the closed form of a method that learns such weights. For each relation features
 *  are spread, sum_i (D^-1 A)^i X for i from 0 to `hops`, and its points are the leading singular
 *  vectors times their values, at length 1. The points of all relations side by side, those of
 *  relation v times w_v, are clustered by k-means; w_v is NMI^power of these clusters and those of
 *  relation v by itself, over the largest; and so on in turn until the weights stand still.
 *
 *  graph    undirected; weights finite, >= 0. The sum of the relations, where there are some. A is
 *           the matrix as it is, the stored diagonal once; a node without edges keeps its features
 *  options  features must be given; rows are divided by the sum of their absolute values
 *  out      one label per node; a node with neither edges nor features is unassigned, or alone
 *           where k is 0. The quality is the sum of squared distances to centres, negative; figures
 *           are the weights "weight_1", ... of the relations in their order (the first six). Free
 *           with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no features, or not a row for each node; relations of other
 *           nodes; k above the number of distinct points), KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_INPUT, KITH_E_MEMORY, KITH_E_INTERNAL, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O((hops m + entries) width) time for each relation and pass of the iteration that finds its
 *  vectors; O(m + n width) memory for each relation.
 *  Chen, Ling, Xu, Ren, Huang, Pu, Hao, Yu, He (2025), doi:10.1109/TNNLS.2024.3524205
 */
KITH_API kith_status kith_view_weighting(const kith_graph *graph,
                                         const kith_view_weighting_options *options,
                                         kith_partition **out, kith_error *err);

/** The points of all relations side by side, times their weights. Where k is 0 it is chosen as
 *  kith_view_weighting() chooses it. */
KITH_API kith_status kith_view_weighting_embed(const kith_graph *graph,
                                               const kith_view_weighting_options *options,
                                               kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
