/* Improvement of a given set R by a sequence of least cuts, which mqi, flow_improve and
 * simple_local share. */
#ifndef KITH_LOCAL_IMPROVE_H
#define KITH_LOCAL_IMPROVE_H

#include "local/query.h"

/** The set S of least score
 *
 *    cut(S) / (vol(S and R) - (theta + delta) vol(S \ R)),   theta = vol(R) / vol(V \ R)
 *
 *  among those whose denominator is positive; of several that are as good, the one of the largest.
 *
 *  query       its seeds are R
 *  delta       >= 0; INFINITY: S is part of R
 *  most_flows  cap on the rounds, >= 1
 *  out         score 1 for each node; iterations are rounds, a largest flow each; figures "score"
 *              (of S), "flow_value" and "cut_value" (of the last largest flow and least cut, in
 *              units of edge weight). Equal, and both score vol(R) where it has converged, they
 *              prove S the best
 *  returns     as the three
 *
 *  Reads the rows of R and of nodes outside it whose whole demand a flow has met, so of volume
 *  vol(R) (1 + 1 / (theta + delta)) in all rounds together.
 */
kith_status kith_i_improve(const kith_graph *graph, const kith_query *query, double delta,
                           int64_t most_flows, kith_cluster **out, kith_error *err);

/** The memory that takes, by that bound, where the nodes of R have the mean degree. */
double kith_i_improve_bytes(const kith_graph *graph, const kith_query *query, double delta);

#endif
