/* Kith: DEMM, clustering of multi-relational graphs: the reference.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_DEMM_H
#define KITH_DEMM_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_demm_options {
    kith_run run;
    const kith_relations *relations; /* over the nodes; borrowed. NULL: the graph is the only one */
    const kith_features *features;   /* of nodes: a row for each; borrowed, must be given */
    int64_t k;     /* clusters; 0: at the largest gap of eigenvalues of the affinity */
    double alpha;  /* of smoothness along relations, against nearness to the features; 0 to 1e5 */
    double beta;   /* of the size of relations; 0 to 1e9. With more, sparse relations of few
                     * heavy entries count less */
    int64_t width; /* d: principal components of the features; 0: the features as they are */
    bool tfidf;    /* sparse features are weighed by TF-IDF first and rows get length 1, as counts
                     * of words want it; dense ones stay as they are */
    bool standardise; /* columns are divided by their standard deviation first */
    int64_t rounds;   /* of features and weights in turn; >= 1 */
    double sigma;     /* of the affinity exp(-|H_i - H_j|^2 / sigma); 1e-6 to 1e6 */
    double tolerance; /* of residuals of H and of eigenvectors; 1e-14 to 1e-2 */
    int64_t restarts; /* of k-means; >= 1 */
} kith_demm_options;

#define KITH_DEMM_OPTIONS_INIT                                                                     \
    { .run = KITH_RUN_INIT(kith_demm_options), .alpha = 2, .beta = 2, .width = 128,                \
      .tfidf = true, .rounds = 10, .sigma = 1, .tolerance = 1e-8, .restarts = 10 }

/** Clusters of nodes by features smoothed along relations that are weighed by how well they fit, as
 *  kith_demm_plus() finds them, but exactly: H = ((1 + alpha) I - alpha sum_r w_r A_r)^-1 X, and
 *  k-means of the k leading eigenvectors of the affinity exp(-|H_i - H_j|^2 / sigma) of all pairs
 *  of nodes, whose entries are computed anew in each product. For small graphs, and to compare
 *  with.
 *
 *  graph    undirected; weights finite, >= 0. The sum of the relations, where there are some
 *  options  features must be given; the defaults are those of the paper for ACM
 *  out      one label per node; a node with neither edges nor features is unassigned, or alone
 *           where k is 0. The quality is the sum of squared distances to centres, negative; figures
 *           are the weights "weight_1", ... of the relations in their order (the first six) and
 *           "energy" (sum_r w_r trace(H^T (I - A_r) H)). Free with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no features, or not a row for each node; relations of other
 *           nodes; k above the number of distinct points), KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_INPUT, KITH_E_MEMORY, KITH_E_INTERNAL, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O(rounds sqrt(alpha) m d + n^2 d) time for each product with the affinity, O(m + n d) memory.
 *  Lin, Jiang, Yang (2026), arXiv:2508.17388
 */
KITH_API kith_status kith_demm(const kith_graph *graph, const kith_demm_options *options,
                               kith_partition **out, kith_error *err);

/** The points that are clustered: the leading eigenvectors of the affinity. Where k is 0 there are
 *  as many as it is chosen from. */
KITH_API kith_status kith_demm_embed(const kith_graph *graph, const kith_demm_options *options,
                                     kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
