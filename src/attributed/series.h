/* Polynomials of a symmetric operator: the filters of the attributed methods.
 *
 * A polynomial of a high degree on an interval is one of a much lower degree but for 1e-10, since
 * its Chebyshev series falls off like that of its limit: the sum of 0.8^t A^t over 175 powers takes
 * some 25 products. */
#ifndef KITH_ATTRIBUTED_SERIES_H
#define KITH_ATTRIBUTED_SERIES_H

#include "linalg/operator.h"
#include "linalg/product.h"

/** p(x) = sum_j c_j T_j(y), y being x with [lower, upper] moved to [-1, 1]. */
typedef struct kith_i_series {
    double lower, upper;
    int64_t degree;
    double *coefficients; /* c_0 to c_degree */
} kith_i_series;

/** p(x) = sum_t powers[t] x^t for t below `terms`, as a series for x between `lower` and `upper`.
 *  Terms at its end that add up to no more than 1e-10 of all are left out.
 *
 *  out      clear with kith_i_series_clear()
 *  returns  KITH_OK, KITH_E_MEMORY
 *
 *  O(terms^2).
 */
kith_status kith_i_series_new(int64_t terms, const double *powers, double lower, double upper,
                              kith_i_series *out, kith_error *err);

/** powers[t] = decay^t over the sum of all, for t from 0 to `last`. */
void kith_i_geometric(double decay, int64_t last, double *powers);

void kith_i_series_clear(kith_i_series *series);

/** Y = p(A) X for a symmetric operator whose spectrum lies in [lower, upper] and blocks of b
 *  vectors, which do not overlap [Clenshaw1955]. `degree` products.
 *
 *  scratch  room for two further blocks
 *  returns  KITH_OK, KITH_E_MEMORY, and what a run ends in
 */
kith_status kith_i_series_apply(const kith_i_series *series, const kith_i_operator *a, int64_t b,
                                const double *x, double *y, kith_i_scratch *scratch,
                                kith_i_poll *poll, kith_error *err);

#endif
