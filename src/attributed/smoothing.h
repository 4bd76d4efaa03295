/* Features smoothed along the weighed sum of relations, one way to make the H of
 * attributed/relational.h. */
#ifndef KITH_ATTRIBUTED_SMOOTHING_H
#define KITH_ATTRIBUTED_SMOOTHING_H

#include "attributed/relational.h"

typedef struct kith_i_smoothing {
    const kith_i_panels *x;
    int64_t hops;
} kith_i_smoothing;

/** H = sum_l (alpha A)^l X / (1 + alpha)^(l + 1) for A = sum_r w_r A_r and l from 0 to `hops`, and
 *  alpha times its last term: what the further terms add up to if A^l does not change any more
 *  [Lin2026, FAAO]. A kith_i_make_features of a kith_i_smoothing. */
kith_status kith_i_smooth(void *self, const kith_i_relational *state, kith_i_panels *h,
                          kith_i_poll *poll, kith_error *err);

#endif
