/* From k orthonormal vectors to k clusters without random starts. */
#ifndef KITH_LINALG_ROUNDING_H
#define KITH_LINALG_ROUNDING_H

#include "core/poll.h"

/** Row argmax of V, then of V (V^T Y) for the scaled indicator Y of the labels, until nothing
 *  changes or `rounds` have passed [Lin2025, "SNEM rounding"; Yang2024]. Ties go to the smaller
 *  column; clusters may be empty.
 *
 *  v        n rows of k numbers
 *  labels   n, written
 *  passed   rounds made; may be NULL
 */
kith_status kith_i_round_argmax(int64_t n, int64_t k, const double *v, int64_t rounds, int threads,
                                kith_i_poll *poll, int64_t *labels, int64_t *passed,
                                kith_error *err);

/** Column-pivoted QR of V^T picks k rows; V is turned so that they become as unit vectors, and each
 *  row goes to its largest entry in absolute value. Damle, Minden, Ying (2019),
 *  doi:10.1093/imaiai/iay008 */
kith_status kith_i_round_pivots(int64_t n, int64_t k, const double *v, int threads,
                                kith_i_poll *poll, int64_t *labels, kith_error *err);

#endif
