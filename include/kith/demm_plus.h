/* Kith: DEMM+, clustering of multi-relational graphs.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_DEMM_PLUS_H
#define KITH_DEMM_PLUS_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_demm_plus_options {
    kith_run run;
    const kith_relations *relations; /* over the nodes; borrowed. NULL: the graph is the only one */
    const kith_features *features;   /* of nodes: a row for each; borrowed, must be given */
    int64_t k;     /* clusters; 0: at the largest gap of eigenvalues of the affinity */
    double alpha;  /* of smoothness along relations, against nearness to the features; 0 to 1e6 */
    double beta;   /* of the size of relations; 0 to 1e9. With more, sparse relations of few
                     * heavy entries count less */
    int64_t hops;  /* L: powers of the relations in the smoothing series; 0 to 1000 */
    int64_t width; /* d: principal components of the features; 0: the features as they are */
    bool tfidf;    /* sparse features are weighed by TF-IDF first and rows get length 1, as counts
                     * of words want it; dense ones stay as they are */
    bool standardise; /* columns are divided by their standard deviation first */
    int64_t rounds;   /* of features and weights in turn; >= 1 */
    int64_t sketch;   /* columns of a random sketch that smoothness is estimated from; 0: exactly */
    double orf_scale; /* of the random features; above 0. Higher: a narrower kernel */
    int64_t sinkhorn; /* rounds that make the affinity doubly stochastic */
    int64_t restarts; /* of k-means; >= 1 */
} kith_demm_plus_options;

#define KITH_DEMM_PLUS_OPTIONS_INIT                                                                \
    { .run = KITH_RUN_INIT(kith_demm_plus_options), .alpha = 4, .beta = 2.5, .hops = 5,            \
      .width = 128, .tfidf = true, .rounds = 10, .sketch = 10, .orf_scale = 1, .sinkhorn = 10,     \
      .restarts = 10 }

/** Clusters of nodes by features smoothed along relations that are weighed by how well they fit:
 *
 *  min |H - X|^2 + alpha sum_r w_r trace(H^T (I - A_r) H) + beta sum_r w_r |A_r|^2
 *
 *  over H with rows of length 1 and w of sum 1, in turn; A_r is the normalised adjacency of a
 *  relation, with its stored diagonal. Rows of H are clustered by k-means of a doubly stochastic
 *  affinity's factor, made of orthogonal random features.
 *
 *  graph    undirected; weights finite, >= 0. The sum of the relations, where there are some
 *  options  features must be given; the defaults are those of the paper for ACM
 *  out      one label per node; a node with neither edges nor features is unassigned, or alone
 *           where k is 0. The quality is the sum of squared distances to centres, negative; figures
 *           are the weights "weight_1", ... of the relations in their order (the first six),
 *           "energy" (sum_r w_r trace(H^T (I - A_r) H)) and "clamped" (sums of the affinity that
 *           were not positive). Free with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no features, or not a row for each node; relations of other
 *           nodes; k above the number of distinct points), KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O(rounds hops m d + n d^2) time, O(m + n d) memory. Lin, Jiang, Yang (2026), arXiv:2508.17388
 */
KITH_API kith_status kith_demm_plus(const kith_graph *graph, const kith_demm_plus_options *options,
                                    kith_partition **out, kith_error *err);

/** The points that are clustered: the factor of the affinity, 2 d numbers for each node. */
KITH_API kith_status kith_demm_plus_embed(const kith_graph *graph,
                                          const kith_demm_plus_options *options,
                                          kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
