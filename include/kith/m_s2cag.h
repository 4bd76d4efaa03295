/* Kith: spectral subspace clustering of attributed graphs by modularity.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_M_S2CAG_H
#define KITH_M_S2CAG_H

#include "kith/s2cag.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_m_s2cag_options {
    kith_run run;
    const kith_features *features; /* of nodes: a row for each; borrowed, must be given */
    int64_t k;                     /* clusters; 0: where the eigenvalues have their largest gap */
    double alpha;       /* decay from one hop to the next; above 1 later hops weigh more */
    int64_t hops;       /* T: how far features are smoothed */
    int64_t iterations; /* tau: of the subspace */
    double resolution;  /* gamma: higher, smaller clusters; >= 0 */
    bool tfidf;         /* features are weighed by TF-IDF first, as counts of words want it */
    int nsr;            /* a kith_nsr */
} kith_m_s2cag_options;

#define KITH_M_S2CAG_OPTIONS_INIT                                                                  \
    { .run = KITH_RUN_INIT(kith_m_s2cag_options), .alpha = 0.8, .hops = 15, .iterations = 50,      \
      .resolution = 1, .tfidf = true, .nsr = KITH_NSR_CODE }

/** Clusters of large modularity in the affinity graph of smoothed features: the leading vectors of
 *
 *    B = Y Y^T - resolution / w omega omega^T,  Y = diag(Z 1)^1/2 Z                  [Lin2025]
 *
 *  rounded without k-means, for Z as in kith_s2cag(), omega = Y Y^T 1 and w = 1^T omega. Often a
 *  little better than kith_s2cag(), at several times its cost. The iterations do not turn the
 *  subspace to eigenvectors, so that where eigenvalues nearly coincide the result depends on the
 *  seed.
 *
 *  graph    undirected; weights finite, >= 0
 *  options  features must be given
 *  out      as of kith_s2cag(); without k, the vectors are turned to eigenvectors
 *  returns  as kith_s2cag()
 *
 *  Costs as kith_s2cag().
 *  Lin, Yang, Zheng, Ke (2025), arXiv:2411.11074
 */
KITH_API kith_status kith_m_s2cag(const kith_graph *graph, const kith_m_s2cag_options *options,
                                  kith_partition **out, kith_error *err);

/** The vectors that kith_m_s2cag() rounds, k columns; what B makes of each, v^T B v, and
 *  |B v - (v^T B v) v|. Free with kith_embedding_free(). */
KITH_API kith_status kith_m_s2cag_embed(const kith_graph *graph,
                                        const kith_m_s2cag_options *options, kith_embedding **out,
                                        kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
