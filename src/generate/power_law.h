/* Discrete power laws on a bounded range of integers: P(h) ~ h^-exponent, h = least .. largest. */
#ifndef KITH_GENERATE_POWER_LAW_H
#define KITH_GENERATE_POWER_LAW_H

#include "core/base.h"

/** A law one can draw from. */
typedef struct kith_i_power_law {
    int64_t least, largest;
    double *cumulative; /* weights of least .. least + i, added */
} kith_i_power_law;

/** The mean of the law. O(largest - least) time. */
double kith_i_power_law_mean(int64_t least, int64_t largest, double exponent);

/** The mean of the continuous law of density x^-exponent on [least, largest]. */
double kith_i_power_law_continuous_mean(double least, double largest, double exponent);

/** The lower end that gives the continuous law its mean, which must lie from the mean at 1 to
 *  `largest`. */
double kith_i_power_law_continuous_least(double mean, int64_t largest, double exponent);

/** The integer beside that lower end whose discrete law has the nearer mean, and which is itself
 *  not above the mean. O(largest) time. */
int64_t kith_i_power_law_least(double mean, int64_t largest, double exponent);

/** A law on 1 <= least .. largest. With a mean above `least`, the weight of the least number is set
 *  so that the mean is met exactly, as far as a weight of 0 goes; with 0 the weights are the plain
 *  ones. */
kith_status kith_i_power_law_init(kith_i_power_law *law, int64_t least, int64_t largest,
                                  double exponent, double mean, kith_error *err);
void        kith_i_power_law_clear(kith_i_power_law *law);

/** The number that has this share, below 1, of the law under it: it follows the law when the share
 *  is uniform. O(log(largest - least)) time. */
int64_t kith_i_power_law_at(const kith_i_power_law *law, double share);

#endif
