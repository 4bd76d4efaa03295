/* Kith: p-norm flow diffusion.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_FLOW_DIFFUSION_H
#define KITH_FLOW_DIFFUSION_H

#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

/** In which order the nodes of a pass get rid of what they hold too much of. */
typedef enum kith_flow_order {
    KITH_FLOW_QUEUE,  /* that in which they came to hold too much: deterministic without a seed */
    KITH_FLOW_SHUFFLE /* a random one in each pass, from the seed of the run */
} kith_flow_order;

/** Of every flow diffusion; the first member of the options struct of those that weigh edges. */
typedef struct kith_flow_diffusion_options {
    kith_query query;
    double     mass;   /* that starts at the seeds, the same at each; 0: as volume says */
    double     volume; /* of the target, a guess; masses of 1.5, 1.75, .. 5 times that are tried, up
                        * to what the seeds' component holds, and the first whose cluster has the
                        * least conductance is kept; 0: that of 100 nodes, at most a quarter of the
                        * graph */
    double     p;       /* norm of the flow; 2 to 32 */
    double     epsilon; /* mass above a capacity (times the capacity where that is below 1) that may
                         * stay; 1e-15 to 1 */
    int64_t    passes;  /* cap, for each mass; 1 to 10^6 */
    int        order;   /* a kith_flow_order */
    bool       polish;  /* solve on the support exactly where that is cheap */
} kith_flow_diffusion_options;

#define KITH_FLOW_DIFFUSION_INIT(type)                                                             \
    { .query = { .run = KITH_RUN_INIT(type), .round = KITH_ROUND_AUTO }, .p = 2, .epsilon = 1e-3,  \
      .passes = 100, .polish = true }

#define KITH_FLOW_DIFFUSION_OPTIONS_INIT KITH_FLOW_DIFFUSION_INIT(kith_flow_diffusion_options)

/** The community around seed nodes: mass poured on the seeds spreads along a flow of least p-norm
 *  until no node v holds more than its capacity T_v, its strength.
 *
 *    minimise    1/p sum_uv w_uv |f_uv|^p  subject to  m = Delta - (net outflow of w f) <= T
 *    its dual:   max over x >= 0 of  sum_v x_v (Delta_v - T_v) - 1/q sum_uv w_uv |x_u - x_v|^q
 *    with        1/p + 1/q = 1,  f_uv = |x_u - x_v|^(q - 1) sign(x_u - x_v)
 *
 *  Nodes that hold more than T_v push the excess to their neighbours, until none does. x grows from
 *  0 and stays below the solution, so that only nodes of its support are ever pushed.
 *
 *  graph    undirected; weights finite, > 0
 *  options  seeds must be given; mass and volume exclude each other. Rounding is by default what
 *           the papers do: a sweep when the mass is given, the support for a grid of masses
 *  out      scores x_v; iterations are pushes, of all masses together; figures "mass" (sum Delta),
 *           "kkt" (largest m_v - T_v), "slackness" (largest |m_v - T_v| where x_v > 0), "gap"
 *           (value of the flow of x less the dual's; below 0 by as much as the flow exceeds
 *           capacities), "balance" (sum m - sum Delta) and "stuck" (excess that has no edges to
 *           leave by, or that no x in double precision takes away). A mass that the seeds can hold
 *           gives a cluster without nodes. For p > 2 kkt falls no further than what flows along an
 *           edge when x is rounded; and where solving on the support is not cheap, the order of
 *           nodes settles soon and the last digits do not. Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (a mass above what the component holds), KITH_E_INPUT,
 *           KITH_E_UNSUPPORTED (a directed graph), KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with the best so far. The volume of the support is at most the mass; each
 *  pass costs at most that, times the steps of a root search when p > 2.
 *  Fountoulakis, Wang, Yang (2020), arXiv:2005.09810; grid of masses: Yang, Fountoulakis (2023),
 *  arXiv:2301.13187
 */
KITH_API kith_status kith_flow_diffusion(const kith_graph *graph,
                                         const kith_flow_diffusion_options *options,
                                         kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
