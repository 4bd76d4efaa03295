/* Kith: spectral clustering of several relations, merged on the Grassmann manifold (SC-ML).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_MULTILAYER_H
#define KITH_MULTILAYER_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_multilayer_options {
    kith_run run;
    const kith_relations *relations; /* over the nodes; borrowed. NULL: the graph is the only one */
    int64_t k;        /* clusters; 0: at the largest gap of the eigenvalues of sum_i N_i */
    double alpha;     /* higher: nearer to each relation's own vectors; 0 to 1000 */
    double tolerance; /* of residuals of eigenpairs, relative */
    int64_t restarts; /* of k-means; >= 1 */
} kith_multilayer_options;

#define KITH_MULTILAYER_OPTIONS_INIT                                                               \
    { .run = KITH_RUN_INIT(kith_multilayer_options), .alpha = 0.5, .tolerance = 1e-8,              \
      .restarts = 10 }

/** Clusters of nodes by several relations: k-means of the rows, at length 1, of the leading k
 *  eigenvectors of sum_i (N_i + alpha U_i U_i^T), for N_i = D_i^-1/2 A_i D_i^-1/2 of relation i and
 *  its own leading k eigenvectors U_i. So they make the normalised cuts of all relations small, and
 *  span a space that is near to those of each.
 *
 *  graph    undirected; weights finite, >= 0. The sum of the relations, where there are some
 *  options  NULL: defaults
 *  out      one label per node; a node without edges is unassigned, or alone where k is 0. The
 *           quality is the sum of squared distances to centres, negative; figures: "k", "gap"
 *           behind the eigenvalue k where it was chosen, "residual", and "distance", the mean over
 *           the relations of k - |U^T U_i|^2, squared: 0 where all span the same space. Free with
 *           kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (relations of other nodes; k above the number of distinct
 *           points), KITH_E_UNSUPPORTED (a directed graph), KITH_E_INPUT, KITH_E_MEMORY,
 *           KITH_E_CANCELLED, KITH_E_TIME
 *
 *  k eigenpairs of each relation and of their sum, a product of which takes O(m + n k M) for M
 *  relations; O(n k M) memory.
 *  Dong, Frossard, Vandergheynst, Nefedov (2014), doi:10.1109/TSP.2013.2295553
 */
KITH_API kith_status kith_multilayer(const kith_graph *graph,
                                     const kith_multilayer_options *options, kith_partition **out,
                                     kith_error *err);

/** The rows that are clustered, and the eigenvalues of the sum. */
KITH_API kith_status kith_multilayer_embed(const kith_graph *graph,
                                           const kith_multilayer_options *options,
                                           kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
