/* Kith: local improvement of a set by flows.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_SIMPLE_LOCAL_H
#define KITH_SIMPLE_LOCAL_H

#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_simple_local_options {
    kith_query query;          /* seeds: the set R */
    double     delta;          /* what volume outside R costs beyond theta; >= 1e-4 */
    int64_t    max_iterations; /* cap on rounds; >= 1 */
} kith_simple_local_options;

#define KITH_SIMPLE_LOCAL_OPTIONS_INIT                                                             \
    { .query = KITH_QUERY_INIT(kith_simple_local_options), .delta = 0.3, .max_iterations = 100 }

/** The set S of least cut(S) / (vol(S and R) - (theta + delta) vol(S \ R)) as
 *  kith_flow_improve() does, with a delta above 0, which keeps it near R: it reads rows of volume
 *  vol(R) (1 + 1 / delta) at most, whatever the size of the graph. A larger delta stays nearer; an
 *  infinite one would be kith_mqi().
 *
 *    theta = vol(R) / vol(V \ R);  only sets with a positive denominator count
 *
 *  The conductance of S is at most that of R. Of several sets that are as good it is the one
 *  with the largest denominator; it may be in pieces, each of them as good.
 *
 *  graph    undirected; weights finite, > 0
 *  options  the set must be given, of nodes with edges
 *  out      score 1 for each node, so rounding gives the set as it is; iterations are rounds, a
 *           largest flow each; figures "score", "flow_value" and "cut_value" (of the last largest
 *           flow and least cut), which are equal. Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  A time limit ends it with the best set so far.
 *  Veldt, Gleich, Mahoney (2016), arXiv:1605.08490; Orecchia, Zhu (2014),
 *  doi:10.1137/1.9781611973402.94
 */
KITH_API kith_status kith_simple_local(const kith_graph *graph,
                                       const kith_simple_local_options *options,
                                       kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
