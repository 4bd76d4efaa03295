/* Kith: communities by the leading eigenvectors of modularity.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_LEADING_EIGENVECTOR_H
#define KITH_LEADING_EIGENVECTOR_H

#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_leading_eigenvector_options {
    kith_run run;
    int64_t k;         /* communities, at most; 0: as many as modularity makes */
    double resolution; /* gamma of modularity; 0 to 1e9 */
    bool refine;       /* single nodes change sides after a division, while that gains */
    double tolerance;  /* of residuals, in units of the largest eigenvalue */
} kith_leading_eigenvector_options;

#define KITH_LEADING_EIGENVECTOR_OPTIONS_INIT                                                      \
    { .run = KITH_RUN_INIT(kith_leading_eigenvector_options), .resolution = 1, .refine = true,     \
      .tolerance = 1e-6 }

/** Divides the graph in two by the signs of the leading eigenvector of the modularity matrix, and
 *  each part again by that of its own, until no division gains modularity.
 *
 *  graph    undirected; weights finite, >= 0
 *  options  NULL: defaults
 *  out      free with kith_partition_free(); nodes without edges are communities of their own. Its
 *           quality is modularity; figure "eigenvalue": the leading one of the whole graph's matrix
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  One eigenpair and O(n + m) for each part, divided or not. Newman (2006),
 *  doi:10.1103/PhysRevE.74.036104; refinement: its sec. VII, in sweeps that move a node at once.
 */
KITH_API kith_status kith_leading_eigenvector(const kith_graph *graph,
                                              const kith_leading_eigenvector_options *options,
                                              kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
