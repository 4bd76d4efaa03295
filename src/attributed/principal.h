/* Principal components of features. */
#ifndef KITH_ATTRIBUTED_PRINCIPAL_H
#define KITH_ATTRIBUTED_PRINCIPAL_H

#include "attributed/panels.h"
#include "attributed/scaled.h"

/** The features on their `width` leading principal components, F V - 1 m^T V for the means m of the
 *  columns, or without that F V for the leading right singular vectors V. What is sparse stays so.
 *
 *  width    0: the features as they are, each column one of the result; else at most the smaller of
 *           rows and columns, or fewer where there are no more
 *  centred  means are taken off first; not with width 0
 *  out      clear with kith_i_panels_clear()
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL, and what a run ends in
 *
 *  Few columns: exactly, from F^T F; O(n d^2 + d^3). Many: by randomised iteration [Halko2011], in
 *  O(entries width + (n + d) width^2) a pass.
 */
kith_status kith_i_principal(const kith_i_scaled *features, int64_t width, bool centred,
                             uint64_t seed, int threads, kith_i_poll *poll, kith_i_panels *out,
                             kith_error *err);

/** Divides each column by its standard deviation, the square root of the mean of squares of
 *  differences to its mean; a column whose numbers are all the same stays as it is.
 *  O(entries) time, O(d) memory. */
kith_status kith_i_standardise_columns(kith_i_scaled *features, int threads, kith_i_poll *poll,
                                       kith_error *err);

/** How many columns it has. */
int64_t kith_i_principal_columns(const kith_features *features, int64_t width);

/** The memory that it takes. */
double kith_i_principal_bytes(const kith_features *features, int64_t width);

#endif
