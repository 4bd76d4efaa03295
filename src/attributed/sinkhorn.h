/* Points whose inner products are a doubly stochastic affinity of nodes: the second stage of DEMM+
 * [Lin2026].
 *
 * Orthogonal random features [Yu2016] z_i = [sin(s Q x_i) | cos(s Q x_i)] of the rows x_i of H,
 * each less its mean and at length 1, have inner products close to a Gaussian kernel of the rows;
 * scaling rows and columns of Z Z^T in turn [Sinkhorn1967] only scales the rows of its two factors,
 * so it takes two vectors and no n x n matrix. */
#ifndef KITH_ATTRIBUTED_SINKHORN_H
#define KITH_ATTRIBUTED_SINKHORN_H

#include "attributed/panels.h"

/** Each row less its mean, at length 1; a row whose numbers are all the same becomes zero. */
kith_status kith_i_standardise(kith_i_panels *h, int threads, kith_i_poll *poll, kith_error *err);

/** Z: n rows of 2 d numbers, in `z`.
 *
 *  scale    s
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL, and what a run ends in
 *
 *  O(n d^2).
 */
kith_status kith_i_random_features(const kith_i_panels *x, double scale, uint64_t seed, int threads,
                                   kith_i_poll *poll, double *z, kith_error *err);

/** Vectors with diag(left) Z Z^T diag(right) closer to doubly stochastic with each round. A sum
 *  that is not above 1e-12, which random features of a positive kernel may have, counts as 1e-12.
 *
 *  z        n rows of d numbers
 *  left     n, written
 *  right    n, written
 *  clamped  how many such sums there were
 *  returns  KITH_OK, KITH_E_MEMORY, and what a run ends in
 *
 *  O(n d) a round.
 */
kith_status kith_i_sinkhorn(int64_t n, int64_t d, const double *z, int64_t rounds, int threads,
                            kith_i_poll *poll, double *left, double *right, int64_t *clamped,
                            kith_error *err);

/** R of the doubly stochastic L R^T = diag(left) Z Z^T diag(right): random features of H, which is
 *  standardised for that, scaled; 2 d numbers a row. */
typedef struct kith_i_doubly_options {
    double scale;
    int64_t rounds;
    uint64_t seed;
    int threads;
} kith_i_doubly_options;

kith_status kith_i_doubly_stochastic(kith_i_panels *h, const kith_i_doubly_options *options,
                                     kith_i_poll *poll, double *r, int64_t *clamped,
                                     kith_error *err);

#endif
