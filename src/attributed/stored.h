/* A block of numbers as an operator. */
#ifndef KITH_ATTRIBUTED_STORED_H
#define KITH_ATTRIBUTED_STORED_H

#include "linalg/operator.h"

/** The matrix of n rows of d numbers, which is borrowed; there is nothing to clear. */
kith_i_operator kith_i_stored_operator(int64_t n, int64_t d, double *values, int threads);

#endif
