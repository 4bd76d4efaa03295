/* Eigenpairs at an end of the spectrum where a factorisation is cheap: the largest of an
 * inverse. */
#ifndef KITH_LINALG_INVERSE_H
#define KITH_LINALG_INVERSE_H

#include "linalg/eigen.h"

/** kith_i_eigen_solve() for such an operator, at the end of its spectrum where a known vector lies:
 *  the only one at `known_value`, which bounds the spectrum. The pairs beside it are those of the
 *  inverse of A - known_value I (its negative at the upper end), shifted by as little as keeps it
 *  positive definite, on all vectors orthogonal to the known one.
 *
 *  known    of length 1
 *  solved   whether it was cheap enough to be done; otherwise *out is empty
 */
kith_status kith_i_inverse_solve(const kith_i_operator *a, const double *known, double known_value,
                                 const kith_i_eigen_options *options, kith_i_poll *poll,
                                 kith_i_eigen *out, bool *solved, kith_error *err);

#endif
