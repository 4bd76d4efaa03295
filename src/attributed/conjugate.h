/* Conjugate gradients for several right sides at once. */
#ifndef KITH_ATTRIBUTED_CONJUGATE_H
#define KITH_ATTRIBUTED_CONJUGATE_H

#include "linalg/operator.h"

/** Solves (shift I - A) H = X, which is positive definite, for blocks of b <= 64 vectors, column by
 *  column side by side [Hestenes1952].
 *
 *  tolerance  of |X - (shift I - A) H| in each column, in units of |X|
 *  h          written
 *  returns    KITH_OK, KITH_E_MEMORY, and what a run ends in
 *
 *  The same bits on any number of threads. A product and O(n b) for each iteration.
 */
kith_status kith_i_conjugate(const kith_i_operator *a, double shift, int64_t b, const double *x,
                             double tolerance, kith_i_poll *poll, double *h, kith_error *err);

#endif
