/* How many clusters a graph has, by its spectrum. */
#ifndef KITH_LINALG_STRUCTURE_H
#define KITH_LINALG_STRUCTURE_H

#include "graph/view.h"
#include "linalg/eigen.h"

/** The j from 1 to `most` for which |values[j] - values[j - 1]| is largest, the first of several;
 *  `most` where there is no value behind it.
 *
 *  count  values, from the end where clusters show inwards
 *  gap    behind the value j; NaN where there is none
 */
int64_t kith_i_eigengap(int64_t count, const double *values, int64_t most, double *gap);

/** The radius within which the non-backtracking spectrum of a graph without structure lies:
 *  sqrt((sum_i s_i^2 - sum_ij A_ij^4) / sum_i s_i) for s_i = sum_j A_ij^2, which is
 *  sqrt(sum k^2 / sum k - 1) without weights [Saade2014]; not less than 1.001 times the largest
 *  weight, where the Bethe Hessian begins to be defined. 0 of a graph without edges. */
kith_status kith_i_bethe_radius(const kith_graph *graph, kith_i_poll *poll, double *radius,
                                kith_error *err);

/** Every pair of the Bethe Hessian H(r) whose eigenvalue is below 0 by more than its residual: as
 *  many as there are clusters with more edges inside than between them, for r =
 *  kith_i_bethe_radius(); for -r those with fewer.
 *
 *  graph    undirected, weights >= 0, every node with an edge
 *  out      count may be 0; free with kith_i_eigen_clear()
 *
 *  Searched for in blocks that double until a value is not below 0. Saade, Krzakala, Zdeborova
 *  (2014), arXiv:1406.1880
 */
kith_status kith_i_bethe_negative(const kith_graph *graph, double r, double tolerance,
                                  uint64_t seed, int threads, kith_i_poll *poll, kith_i_eigen *out,
                                  kith_error *err);

#endif
