/* Kith: nonlinear power diffusion.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_NONLINEAR_H
#define KITH_NONLINEAR_H

#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_nonlinear_options {
    kith_query query;
    double     power;      /* that u is raised to; 0.01 to 100; below 1 little flows fast */
    double     step;       /* h, of time; 1e-9 to 1 */
    int64_t    iterations; /* steps; 1 to 100000 */
    double     epsilon;    /* u per unit of degree below which nothing flows; 0 to 1; 0: all flows,
                            * one edge farther with every step */
} kith_nonlinear_options;

#define KITH_NONLINEAR_OPTIONS_INIT                                                                \
    { .query = KITH_QUERY_INIT(kith_nonlinear_options), .power = 0.5, .step = 0.001,               \
      .iterations = 100, .epsilon = 1e-6 }

/** The community around seed nodes, by a diffusion whose flow is a power of what there is, and a
 *  sweep over u / d. From the seeds, which share 1, it takes steps
 *
 *    u = clip(u - h (I - A D^-1) u^power, 0, 1)                               [Ibrahim2019]
 *
 *  in which nodes with u_v < epsilon d_v keep what they have.
 *
 *  graph    undirected; weights finite, > 0
 *  options  seeds must be given
 *  out      scores u_v / d_v; iterations are steps; figures "mass" (sum u: 1 as long as nothing is
 *           clipped, and nothing is with a power of 1 or more, or where
 *           epsilon d >= h^(1 / (1 - power))) and "change" (largest of u_v / d_v in the last step).
 *           Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with the last whole step. O(iterations mass / epsilon) time, whatever
 *  the size of the graph.
 *  Ibrahim, Gleich (2019), doi:10.1145/3308558.3313483
 */
KITH_API kith_status kith_nonlinear(const kith_graph *graph, const kith_nonlinear_options *options,
                                    kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
