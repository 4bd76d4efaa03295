/* Kith: the best part of a set.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_MQI_H
#define KITH_MQI_H

#include "kith/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_mqi_options {
    kith_query query;          /* seeds: the set R */
    int64_t    max_iterations; /* cap on rounds; >= 1 */
} kith_mqi_options;

#define KITH_MQI_OPTIONS_INIT                                                                      \
    { .query = KITH_QUERY_INIT(kith_mqi_options), .max_iterations = 100 }

/** The subset S of a set R of least cut(S) / vol(S), by a sequence of least cuts, each of which
 *  gives a subset of lower score until there is none.
 *
 *  Where vol(R) <= vol(V) / 2 no subset of R has a lower conductance. A larger R is taken too: the
 *  conductance still never rises, but another subset may have a lower one. Of several subsets
 *  that are as good it is their union, which may be in pieces, each of them as good.
 *
 *  graph    undirected; weights finite, > 0
 *  options  the set must be given, of nodes with edges
 *  out      score 1 for each node, so rounding gives the set as it is; iterations are rounds, a
 *           largest flow each; figures "score", "flow_value" and "cut_value" (of the last largest
 *           flow and least cut), which are equal. Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  A time limit ends it with the best set so far. Reads the rows of R alone; a flow takes time
 *  O(vol(R)) or little more, and there are few.
 *  Lang, Rao (2004), doi:10.1007/978-3-540-25960-2_25
 */
KITH_API kith_status kith_mqi(const kith_graph *graph, const kith_mqi_options *options,
                              kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
