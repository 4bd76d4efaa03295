/* Kith: l1-regularised PageRank.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_L1_H
#define KITH_L1_H

#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_l1_options {
    kith_query query;
    double     alpha;      /* teleportation of the lazy walk; 1e-4 to below 1 */
    double     rho;        /* price of a unit of degree; 1e-15 to 1 */
    double     tolerance;  /* of the optimality conditions, in units of rho alpha; 1e-12 to 1 */
    int64_t    iterations; /* cap on steps; >= 1 */
} kith_l1_options;

#define KITH_L1_OPTIONS_INIT                                                                       \
    { .query = KITH_QUERY_INIT(kith_l1_options), .alpha = 0.15, .rho = 1e-5, .tolerance = 1e-2,    \
      .iterations = 10000 }

/** The community around seed nodes, by PageRank with a price on every node that has any, and a
 *  sweep over p / d.
 *
 *  p = D^1/2 q for the q >= 0 of least                                    [Fountoulakis2019]
 *
 *    1/2 q'Qq - alpha q'D^-1/2 s + rho alpha |D^1/2 q|_1,
 *    Q = (1 + alpha) / 2 I - (1 - alpha) / 2 D^-1/2 A D^-1/2,
 *
 *  where s gives each seed the same share of 1. The volume of the support is at most 1 / rho.
 *
 *  graph    undirected; weights finite, > 0
 *  options  seeds must be given
 *  out      scores p_v / d_v; iterations are steps; figures "mass" (sum p), "kkt" (how far the
 *           gradient, divided by D^1/2, is from what optimality demands: -rho alpha where q > 0, at
 *           least that elsewhere; no p_v / d_v is wrong by more than kkt / alpha) and "gap" (of the
 *           objective to its minimum, at most). Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with the last whole step. O(log(1 / tolerance) / sqrt(alpha)) steps, each
 *  as long as the volume of what it holds, whatever the size of the graph.
 *  Fountoulakis, Roosta-Khorasani, Shun, Cheng, Mahoney (2019), doi:10.1007/s10107-017-1214-8
 */
KITH_API kith_status kith_l1(const kith_graph *graph, const kith_l1_options *options,
                             kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
