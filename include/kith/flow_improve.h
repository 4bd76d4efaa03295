/* Kith: improvement of a set by flows.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_FLOW_IMPROVE_H
#define KITH_FLOW_IMPROVE_H

#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_flow_improve_options {
    kith_query query;          /* seeds: the set R */
    double     delta;          /* what volume outside R costs beyond theta; >= 0 */
    int64_t    max_iterations; /* cap on rounds; >= 1 */
} kith_flow_improve_options;

#define KITH_FLOW_IMPROVE_OPTIONS_INIT                                                             \
    { .query = KITH_QUERY_INIT(kith_flow_improve_options), .max_iterations = 100 }

/** The set S of least cut(S) / (vol(S and R) - (theta + delta) vol(S \ R)), by a sequence of least
 *  cuts, each of which gives a set of lower score until there is none.
 *
 *    theta = vol(R) / vol(V \ R);  only sets with a positive denominator count
 *
 *  The score of S is at least its conductance when vol(R) <= vol(V) / 2; for any R the conductance
 *  of S is at most that of R. Of several sets that are as good it is the one with the largest
 *  denominator; it may be in pieces, each of them as good.
 *
 *  graph    undirected; weights finite, > 0
 *  options  the set must be given, of nodes with edges
 *  out      score 1 for each node, so rounding gives the set as it is; iterations are rounds, a
 *           largest flow each; figures "score", "flow_value" and "cut_value" (of the last largest
 *           flow and least cut), which are equal. Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  A time limit ends it with the best set so far. Reads rows of volume vol(R) (1 + 1 / (theta +
 *  delta)) at most: with delta 0 it may be the whole graph, if so much is better.
 *  Andersen, Lang (2008), ISBN 978-0-89871-698-6, pages 651-660
 */
KITH_API kith_status kith_flow_improve(const kith_graph *graph,
                                       const kith_flow_improve_options *options,
                                       kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
