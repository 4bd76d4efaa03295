/* Which rows of a feature matrix are near one another: exact, every pair is considered. */
#ifndef KITH_LINALG_NEIGHBOURS_H
#define KITH_LINALG_NEIGHBOURS_H

#include "kith/attributes.h"

#include "core/poll.h"

/** Rows made ready for a search; see kith_i_points_init(). */
typedef struct kith_i_points kith_i_points;

/** Prepares rows. Sparse ones stay so where few pairs have a column in common.
 *
 *  unit     distances are those of rows scaled to length 1: their squares are 2 - 2 cos. Rows of
 *           length 0 then are near none
 *  out      borrows the features; kith_i_points_free()
 *  returns  KITH_OK, KITH_E_MEMORY, and what a run ends in
 */
kith_status kith_i_points_init(const kith_features *features, bool unit, int threads,
                               kith_i_poll *poll, kith_i_points **out, kith_error *err);

void kith_i_points_free(kith_i_points *points);

/** A row that is near another. */
typedef struct kith_i_near {
    double distance; /* squared */
    uint32_t row;
} kith_i_near;

#define KITH_I_NOBODY UINT32_MAX

/** The nearest `count` other rows of each row, the nearest first, equal ones by number.
 *
 *  near     rows times count, written; where there are fewer, the last are KITH_I_NOBODY at
 *           INFINITY
 *  returns  KITH_OK, KITH_E_MEMORY, and what a run ends in
 *
 *  O(n^2 d), at some 10^10 numbers in a second; of sparse rows the sum of squared column counts.
 *  The same bits on any number of threads and any instruction set.
 */
kith_status kith_i_points_nearest(const kith_i_points *points, int64_t count, kith_i_poll *poll,
                                  kith_i_near *near, kith_error *err);

/** Two rows, the smaller number first. */
typedef struct kith_i_pair_near {
    double distance; /* squared */
    uint32_t rows[2];
} kith_i_pair_near;

/** All pairs of rows whose squared distance is at most `most`, those of smaller numbers first.
 *
 *  pairs    kith_i_free() it
 *  returns  as kith_i_points_nearest()
 */
kith_status kith_i_points_within(const kith_i_points *points, double most, kith_i_poll *poll,
                                 kith_i_pair_near **pairs, int64_t *count, kith_error *err);

#endif
