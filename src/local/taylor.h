/* The Taylor series of the exponential function, cut off. */
#ifndef KITH_LOCAL_TAYLOR_H
#define KITH_LOCAL_TAYLOR_H

#include "core/base.h"

enum { KITH_I_TAYLOR_MOST = 700 }; /* largest t: exp(-t) is still a number of full precision */

/** e^-t exp(tP) = sum_j weight[j] P^j, as far as what is left out weighs no more than asked. */
typedef struct kith_i_taylor {
    int64_t degree; /* N of [Kloster2014], >= 1 */
    double *weight; /* e^-t t^j / j!, j = 0 .. degree */
    double *tail;   /* sum of weight[j .. degree]: e^-t t^j / j! psi_j */
    double  rest;   /* sum of the weights left out */
} kith_i_taylor;

/** The least degree that leaves out at most epsilon. 0 < t <= KITH_I_TAYLOR_MOST. */
kith_status kith_i_taylor_make(double t, double epsilon, kith_i_taylor *out, kith_error *err);

void kith_i_taylor_clear(kith_i_taylor *taylor);

#endif
