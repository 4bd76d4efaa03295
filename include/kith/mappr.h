/* Kith: personalised PageRank over triangles.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_MAPPR_H
#define KITH_MAPPR_H

#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Which prefix of the sweep a motif cluster is. */
typedef enum kith_minimum {
    KITH_MINIMUM_GLOBAL, /* of least conductance */
    KITH_MINIMUM_LOCAL   /* the first that is better than one node less, and than all larger ones
                          * until one is 1.2 times as bad; where there is none, the global one */
} kith_minimum;

typedef struct kith_mappr_options {
    kith_query query;
    double     alpha;   /* continuation of the walk; 0 to 0.999 */
    double     epsilon; /* error per unit of motif degree; 1e-15 to 1 */
    int        minimum; /* a kith_minimum */
    bool       total;   /* count the triangles of the whole graph, see below */
} kith_mappr_options;

#define KITH_MAPPR_OPTIONS_INIT                                                                    \
    { .query = KITH_QUERY_INIT(kith_mappr_options), .alpha = 0.98, .epsilon = 1e-4 }

/** The community around seed nodes in the graph of triangles, where an edge weighs as much as
 *  triangles go through it, by approximate personalised PageRank and a sweep over p / d_w.
 *
 *  Volume, cut and conductance of the cluster are those of the graph of triangles, in which every
 *  triangle at a node adds 2 to its degree d_w. The weights and loops of the graph are left out.
 *
 *  Conductance divides by the smaller volume, of the cluster or of the rest. That of the rest takes
 *  the triangles of the whole graph, which a local query does not look at: they are counted with
 *  `total`, and when the query has touched half of the graph anyway. Otherwise the cluster's volume
 *  stands, which is the smaller one unless the cluster holds more than half of all triangles.
 *
 *  graph    undirected; weights finite, > 0, not used
 *  options  seeds must be given; each begins with the same share of the probability
 *  out      scores p_v / d_v, of a seed in no triangle p_v; iterations are pushes; figures "mass"
 *           (sum p), "residual_mass" (sum r), "residual" (largest r_v / d_v, at most), which bounds
 *           how far p_v / d_v is below the exact value, and, where it was counted, "total" (volume
 *           of the graph of triangles). Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  A time limit ends it with what has been pushed so far. O(1 / (epsilon (1 - alpha))) pushes in
 *  units of d_w, and the counting of the triangles at what they reach, whatever the size of the
 *  graph. Yin, Benson, Leskovec, Gleich (2017), doi:10.1145/3097983.3098069
 */
KITH_API kith_status kith_mappr(const kith_graph *graph, const kith_mappr_options *options,
                                kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
