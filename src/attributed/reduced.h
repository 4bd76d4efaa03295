/* Features of few columns. */
#ifndef KITH_ATTRIBUTED_REDUCED_H
#define KITH_ATTRIBUTED_REDUCED_H

#include "attributed/scaled.h"

/** How many columns features get: `width`, or all that they have, where it is 0 or not fewer than
 *  their rows and columns. */
int64_t kith_i_reduced_width(const kith_features *features, int64_t width);

/** U Sigma of the truncated singular value decomposition of F, `width` columns, or F itself where
 *  it has no more [Halko2011].
 *
 *  width    of kith_i_reduced_width()
 *  out      n rows of `width` numbers
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL, and what a run ends in
 */
kith_status kith_i_reduced(const kith_i_scaled *features, int64_t width, uint64_t seed, int threads,
                           kith_i_poll *poll, double *out, kith_error *err);

#endif
