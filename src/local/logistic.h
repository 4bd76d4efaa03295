/* Logistic regression with a ridge, trained on some samples with many features.
 *
 *   minimise  1/2 |w|^2 + C sum_i log(1 + exp(-y_i (w x_i + b))),   y_i = 1 or -1
 *
 * The intercept b is not penalised. */
#ifndef KITH_LOCAL_LOGISTIC_H
#define KITH_LOCAL_LOGISTIC_H

#include "core/base.h"

/** Samples in compressed sparse rows; borrowed. */
typedef struct kith_i_samples {
    int64_t         count, columns;
    const int64_t  *offsets; /* count + 1 */
    const uint32_t *indices;
    const double   *values;
    const bool     *positive; /* y_i = 1 */
} kith_i_samples;

/** The optimum, to rounding: whatever the start, the order of the samples or the number of threads.
 *
 *  strength  C > 0
 *  weights   w, `columns` numbers
 *  returns   KITH_OK, KITH_E_ARGUMENT (no positive or no negative sample, or values too large to be
 *            squared), KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  Newton's method, each step by conjugate gradients [Lin2008]: some dozens of passes over the
 *  entries, O(columns) memory.
 */
kith_status kith_i_logistic_fit(const kith_i_samples *samples, double strength, kith_i_poll *poll,
                                double *weights, double *intercept, kith_error *err);

#endif
