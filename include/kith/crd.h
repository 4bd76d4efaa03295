/* Kith: capacity releasing diffusion.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_CRD_H
#define KITH_CRD_H

#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_crd_options {
    kith_query query;
    double     width;      /* w: what a node may hold, per unit of degree; 1.01 to 1000 */
    int64_t    height;     /* h: level at which a node gives up; 2 to 1000 */
    double     capacity;   /* U: most flow along an edge, per unit of weight; 1 to 1e9 */
    int64_t    iterations; /* cap on the rounds, each with w times the mass; 1 to 1000 */
} kith_crd_options;

#define KITH_CRD_OPTIONS_INIT                                                                      \
    { .query = KITH_QUERY_INIT(kith_crd_options), .width = 2, .height = 10, .capacity = 3,         \
      .iterations = 20 }

/** The community around seed nodes, by mass that runs off to where there is room.
 *
 *  Each seed v begins with w d(v). In a round, nodes that hold more than their degree push the
 *  excess to nodes of lower level, along an edge no more than their own level, and rise when they
 *  can push no more. The next round begins with w times what nodes could keep. The last one is that
 *  in which more than vol(seeds) w^i / 10 finds no room, i = 0, 1, ..., or a third of the graph is
 *  full.
 *
 *  graph    undirected; weights finite, > 0
 *  options  seeds must be given
 *  out      scores are the levels of the round whose level cut {v : level(v) >= L} has the least
 *           conductance of all rounds: a sweep takes that set, the support every node that rose;
 *           iterations are rounds; figures of the last round: "mass" (in all), "imbalance" (how far
 *           that is from what it began with), "excess" (mass without room), "flow" (most along an
 *           edge per unit of weight, at most U). Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with the best level cut so far. O(h vol log vol) time for the volume vol of
 *  the nodes that were full, whatever the size of the graph.
 *  Wang, Fountoulakis, Henzinger, Mahoney, Rao (2017), arXiv:1706.05826
 */
KITH_API kith_status kith_crd(const kith_graph *graph, const kith_crd_options *options,
                              kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
