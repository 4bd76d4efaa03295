/* Distances of rows. */
#ifndef KITH_LINALG_DISTANCE_H
#define KITH_LINALG_DISTANCE_H

#include <stdint.h>

/** |x - y|^2 of d numbers each, in a fixed order. */
static inline double kith_i_distance2(int64_t d, const double *x, const double *y)
{
    enum { LANES = 8 };
    double lane[LANES] = { 0 };
    int64_t j = 0;

    for (; j + LANES <= d; j += LANES)
        for (int l = 0; l < LANES; l++) {
            const double by = x[j + l] - y[j + l];
            lane[l] += by * by;
        }
    for (int l = 0; j < d; j++, l++) lane[l] += (x[j] - y[j]) * (x[j] - y[j]);
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
           ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

#endif
