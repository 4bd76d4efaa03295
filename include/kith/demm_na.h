/* Kith: DEMM-NA, clustering of multi-relational graphs without attributes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_DEMM_NA_H
#define KITH_DEMM_NA_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_demm_na_options {
    kith_run run;
    const kith_relations *relations; /* over the nodes; borrowed. NULL: the graph is the only one */
    int64_t k;        /* clusters; 0: at the largest gap of the eigenvalues of equally weighed
                     * relations */
    double alpha;     /* of smoothness along relations, against their size; 0 to 1e6 */
    double beta;      /* of the size of relations; 0 to 1e9. With more, sparse relations of few
                     * heavy entries count less */
    int64_t width;    /* d: eigenvectors; 0: as many as clusters */
    int64_t rounds;   /* of vectors and weights in turn; >= 1 */
    int64_t sketch;   /* columns of a random sketch that smoothness is estimated from; 0: exactly */
    double tolerance; /* of residuals of eigenvectors; 1e-14 to 1 */
    double orf_scale; /* of the random features; above 0. Higher: a narrower kernel */
    int64_t sinkhorn; /* rounds that make the affinity doubly stochastic */
    int64_t restarts; /* of k-means; >= 1 */
} kith_demm_na_options;

#define KITH_DEMM_NA_OPTIONS_INIT                                                                  \
    { .run = KITH_RUN_INIT(kith_demm_na_options), .alpha = 1, .beta = 2, .rounds = 10,             \
      .tolerance = 1e-6, .orf_scale = 1, .sinkhorn = 10, .restarts = 10 }

/** Clusters of nodes along several relations that are weighed by how well they fit: DEMM+ for nodes
 *  without attributes (kith/demm_plus.h). In place of smoothed features H holds the leading
 *  eigenvectors of sum_r w_r A_r, rows at length 1.
 *
 *  graph    undirected; weights finite, >= 0. The sum of the relations, where there are some
 *  options  NULL: defaults
 *  out      one label per node; a node without edges is unassigned, or alone where k is 0. Quality
 *           and figures are those of kith_demm_plus(). Free with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (relations of other nodes; k above the number of distinct
 *           points), KITH_E_UNSUPPORTED (a directed graph), KITH_E_INPUT, KITH_E_MEMORY,
 *           KITH_E_INTERNAL, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  An eigenproblem of d vectors for each round, each from the vectors before; O(m + n d) memory.
 *  Lin, Jiang, Yang (2026), arXiv:2508.17388
 */
KITH_API kith_status kith_demm_na(const kith_graph *graph, const kith_demm_na_options *options,
                                  kith_partition **out, kith_error *err);

/** The points that are clustered: the factor of the affinity, 2 d numbers for each node. */
KITH_API kith_status kith_demm_na_embed(const kith_graph *graph,
                                        const kith_demm_na_options *options, kith_embedding **out,
                                        kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
