/* The multi-scale affinity of the rows of a bipartite graph [Yang2024], as a factor that is never
 * multiplied out:
 *
 *   S_ij = exp(z_i z_j) / sqrt(sum_l exp(z_i z_l) sum_l exp(z_j z_l)) ~ (R R^T)_ij. */
#ifndef KITH_ATTRIBUTED_AFFINITY_H
#define KITH_ATTRIBUTED_AFFINITY_H

#include "linalg/operator.h"

/** Z = sum_r alpha^r (L L^T)^r X, r from 0 to `hops`, in rows of length 1; a zero row stays zero.
 *
 *  l        singular values in [0, 1]; n rows
 *  x        n rows of d numbers
 *  z        the same
 *  returns  KITH_OK, KITH_E_MEMORY, and what a run ends in
 */
kith_status kith_i_affinity_smooth(const kith_i_operator *l, double alpha, int64_t hops, int64_t d,
                                   const double *x, double *z, kith_i_poll *poll, kith_error *err);

/** R = diag(g)^-1/2 [sin Y | cos Y], Y = bandwidth Z rotation, g such that the largest singular
 *  value of R is 1: random features of the exponential kernel.
 *
 *  rotation  d rows of d numbers, orthonormal; NULL: the identity
 *  r         n rows of 2 d numbers
 *  returns   KITH_OK, KITH_E_MEMORY, and what a run ends in
 */
kith_status kith_i_affinity_factor(int64_t n, int64_t d, const double *z, const double *rotation,
                                   double bandwidth, double *r, int threads, kith_i_poll *poll,
                                   kith_error *err);

#endif
