/* Kith: similarity fusion, clustering by graphs of nodes that look alike.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_SIMILARITY_FUSION_H
#define KITH_SIMILARITY_FUSION_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_similarity_fusion_options {
    kith_run run;
    const kith_relations *relations; /* over the nodes; borrowed. NULL: the graph is the only one */
    const kith_features *features;   /* of nodes: a row for each; borrowed, must be given */
    int64_t k;             /* clusters; 0: at the largest gap of the points' squared singular
                             * values */
    int64_t neighbours;    /* similar nodes that each node keeps, for each relation; >= 1 */
    double feature_weight; /* of similar features, against similar neighbourhoods; 0 to 1 */
    int64_t hops;          /* how far features are spread among similar nodes; 0 to 1000 */
    int64_t width;    /* leading singular vectors that features are spread on; 0: as they are */
    bool tfidf;       /* sparse features are weighed by TF-IDF first */
    int64_t restarts; /* of k-means; >= 1 */
} kith_similarity_fusion_options;

#define KITH_SIMILARITY_FUSION_OPTIONS_INIT                                                        \
    { .run = KITH_RUN_INIT(kith_similarity_fusion_options), .neighbours = 50,                      \
      .feature_weight = 0.2, .hops = 2, .width = 128, .restarts = 10 }

/** Clusters of nodes by features spread among nodes that are similar, whether or not neighbours
 *  are: the closed form of a method for graphs whose neighbours may differ. For each relation a
 *  graph joins each node to those most similar by features (X X^T) and by neighbourhoods (A A^T),
 *  and to itself; on its row-normalised adjacency P the points are sum_i P^i X for i from 0 to
 *  `hops`, at length 1. Their mean over the relations is clustered by k-means.
 *
 *  graph    undirected; weights finite, >= 0. The sum of the relations, where there are some. A
 *           node without a loop gets one of weight 1
 *  options  features must be given; rows are scaled to length 1. Compare the result with that of
 *           features alone (kith_kmeans()): where neighbourhoods say nothing, that is as good
 *  out      one label per node; a node with neither edges nor features is unassigned, or alone
 *           where k is 0. The quality is the sum of squared distances to centres, negative. Free
 *           with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no features, or not a row for each node; relations of other
 *           nodes; k above the number of distinct points), KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_INPUT, KITH_E_MEMORY, KITH_E_INTERNAL, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O(sum of squared degrees and column counts) time, O(n^2 d) with dense features; O(m +
 *  n (neighbours + width)) memory. Chen, Ling, Ren, Wen, Wu, Zhang, He (2024), arXiv:2410.03596
 */
KITH_API kith_status kith_similarity_fusion(const kith_graph *graph,
                                            const kith_similarity_fusion_options *options,
                                            kith_partition **out, kith_error *err);

/** The points that are clustered. */
KITH_API kith_status kith_similarity_fusion_embed(const kith_graph *graph,
                                                  const kith_similarity_fusion_options *options,
                                                  kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
