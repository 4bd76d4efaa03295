/* Kith: approximate personalised PageRank.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_ACL_H
#define KITH_ACL_H

#include "kith/attributes.h"
#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_acl_options {
    kith_query query;
    double     alpha;   /* teleportation of the lazy walk; 1e-4 to below 1 */
    double     epsilon; /* residual per unit of degree that may stay; 1e-15 to 1 */

    /* Edges between nodes that look different may be weakened, so that less leaves the target. */
    const kith_partition *node_labels; /* of nodes: 1 like the target, 0 unlike, -1 unknown; of more
                                        * values the seeds' are the target's; NULL: none */
    double disagree;  /* factor on edges between different labels; 0 to 1 */
    double zero_zero; /* on edges between two of label 0; 0 to 1, below 0: as disagree */
    const kith_features *features; /* of nodes: edges count exp(-gamma |X_i - X_j|^2); NULL: none */
    double gamma;     /* below 0: a tenth of 1 over the median of |X_i - X_j|^2 near the seeds */
} kith_acl_options;

#define KITH_ACL_OPTIONS_INIT                                                                      \
    { .query = KITH_QUERY_INIT(kith_acl_options), .alpha = 0.15, .epsilon = 1e-6,                  \
      .disagree = 0.05, .zero_zero = -1, .gamma = -1 }

/** The community around seed nodes, by pushing probability from nodes that hold too much of it, and
 *  a sweep over p / d.
 *
 *  graph    undirected; weights finite, > 0
 *  options  seeds must be given; each begins with the same share of the probability. With labels
 *           or features the walk is that of the graph whose weights are multiplied by the factors:
 *           strengths, scores, volume and cut are in those weights, and the conductance is
 *           cut / volume
 *  out      scores p_v / d_v; iterations are pushes; figures "mass" (sum p), "residual_mass"
 *           (sum r) and "residual" (largest r_v / d_v, below epsilon). Free with
 *           kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with what has been pushed so far. O(1 / (epsilon alpha)) time and memory,
 *  whatever the size of the graph. Andersen, Chung, Lang (2006), doi:10.1109/FOCS.2006.44
 */
KITH_API kith_status kith_acl(const kith_graph *graph, const kith_acl_options *options,
                              kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
