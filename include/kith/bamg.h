/* Kith: clusters of attributed graphs by bootstrap algebraic multigrid.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_BAMG_H
#define KITH_BAMG_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_bamg_options {
    kith_run run;
    const kith_features *features; /* attributes; borrowed. NULL: none. Dense: each column is an
                                    * attribute, each number in it a value. Sparse: each column is a
                                    * value, and a row has those that it holds */
    int64_t k;          /* clusters; 0: as many as modularity gains by, to 16 */
    int64_t components; /* smooth vectors beside the first, at most; to 50. 0: 40, or an eighth of
                         * the nodes where that is less */
    int64_t cycles;     /* that a vector is smoothed by; 1 to 100 */
    double  ratio;      /* of a cycle that is good enough to end with; 0 to 1 */
    int64_t starts;     /* of k-means, 1 to 200: the one of largest modularity stays */
} kith_bamg_options;

#define KITH_BAMG_OPTIONS_INIT                                                                     \
    { .run = KITH_RUN_INIT(kith_bamg_options), .cycles = 15, .ratio = 1e-6, .starts = 100 }

/** Clusters of nodes by edges and categories. Each value of an attribute becomes a node, joined to
 *  those that have it; smooth vectors of the Laplacian, found by bootstrap AMG instead of an
 *  eigensolver, give each node of this larger graph a point; and k-means compares nodes by their
 *  own points together with those of their values. Of many starts that of largest modularity, in
 *  the graph without attributes, is the result.
 *
 *  graph    undirected; weights finite, >= 0. Loops do not matter but for modularity
 *  options  NULL: defaults. A node that has fewer attributes than others stands in for those that
 *           it lacks
 *  out      one label per node; a node with neither edges nor attributes is unassigned, or alone
 *           where k is 0. The quality is modularity; figures: "k", "components" (smooth vectors),
 *           "ratio" (of the last cycle), and "entropy" (of attributes within clusters, in bits, the
 *           sum over attributes; where there are some). Free with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (features that have not a row for each node; k above the
 *           number of distinct points), KITH_E_UNSUPPORTED (a directed graph), KITH_E_INPUT,
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O(components^2 cycles m) time and O(components m) memory for m edges, those to values included,
 *  then k-means in (components + 1) (attributes + 1) dimensions. One thread but for k-means.
 *  D'Ambra, Vassilevski, Cutillo (2023), doi:10.1016/j.amc.2023.127904
 */
KITH_API kith_status kith_bamg(const kith_graph *graph, const kith_bamg_options *options,
                               kith_partition **out, kith_error *err);

/** The points that k-means compares: of each node its own, then those of its values. */
KITH_API kith_status kith_bamg_embed(const kith_graph *graph, const kith_bamg_options *options,
                                     kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
