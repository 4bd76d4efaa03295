/* Kith: heat kernel PageRank.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_HEAT_KERNEL_H
#define KITH_HEAT_KERNEL_H

#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_heat_kernel_options {
    kith_query query;
    double     t;             /* time; 0 to 700; 0: the best of 10, 20, 40 and 80 */
    double     epsilon;       /* error per unit of degree; 0 to 1; 0: 1e-4, 1e-3, 5e-3 and 1e-2 at
                               * the four times, 1e-4 at a given one */
    bool       neighbourhood; /* begin at the neighbours of the seeds too */
} kith_heat_kernel_options;

#define KITH_HEAT_KERNEL_OPTIONS_INIT { .query = KITH_QUERY_INIT(kith_heat_kernel_options) }

/** The community around seed nodes, by heat that flows from them for a time, and a sweep over
 *  x / d. x is what hk-relax finds of
 *
 *    h = e^-t sum_k t^k / k! P^k s,   P = A D^-1                              [Kloster2014]
 *
 *  where s gives each seed the same share of 1: x <= h, and no more than about epsilon d is missing
 *  anywhere. Without t it is found at four times (hkgrow), and the cluster of least conductance
 *  stays, the earliest of several.
 *
 *  graph    undirected; weights finite, > 0
 *  options  seeds must be given
 *  out      scores x_v / d_v; iterations are pushes, at all times together; figures "mass" (sum x),
 *           "error" (bound on (h_v - x_v) / d_v), "t", "epsilon" and "terms" (of the Taylor series)
 *           of the cluster's time, and "visits" (of entries of the adjacency, at all times). Free
 *           with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with what has been pushed so far. O(terms (t + 1) / epsilon) time and
 *  memory, whatever the size of the graph.
 *  Kloster, Gleich (2014), doi:10.1145/2623330.2623706
 */
KITH_API kith_status kith_heat_kernel(const kith_graph *graph,
                                      const kith_heat_kernel_options *options, kith_cluster **out,
                                      kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
