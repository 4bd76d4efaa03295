/* Features of nodes and weights of relations that fit each other: the first stage of DEMM
 * [Lin2026].
 *
 * Minimises |H - X|^2 + alpha sum_r w_r trace(H^T (I - A_r) H) + beta sum_r w_r |A_r|^2 in turn
 * over H and w, for A_r = D_r^-1/2 A_r D_r^-1/2 (the stored diagonal once): given w, a method makes
 * H and its rows get length 1; given H, w_r is c_r^-2 over the sum of these, for c_r = beta |A_r|^2
 * + alpha trace(H^T (I - A_r) H). */
#ifndef KITH_ATTRIBUTED_RELATIONAL_H
#define KITH_ATTRIBUTED_RELATIONAL_H

#include "attributed/panels.h"
#include "attributed/views.h"
#include "linalg/operator.h"

typedef struct kith_i_relational_options {
    double alpha, beta;
    int64_t rounds; /* at most: it ends when the weights stand still */
    int64_t sketch; /* columns of the matrices that energies are estimated from; 0: exactly */
    uint64_t seed;
    int threads;
} kith_i_relational_options;

typedef struct kith_i_relational {
    kith_i_relational_options o;
    const kith_i_views *views;
    kith_i_operator *normalised; /* A_r, of each view */
    double *norms;               /* |A_r|^2 */
    double *energies;            /* trace(H^T (I - A_r) H), of the last H */
    double *weights;             /* w, made of them */
    kith_i_panels h;             /* H */
    double energy;               /* sum_r w_r trace(H^T (I - A_r) H) */
    int64_t rounds;
    bool still; /* the weights did not change any more */
} kith_i_relational;

/** Writes H from the weights; rows of any length. */
typedef kith_status (*kith_i_make_features)(void *self, const kith_i_relational *state,
                                            kith_i_panels *h, kith_i_poll *poll, kith_error *err);

/** Equal weights, and room for H of d columns. The views stay where they are.
 *
 *  out      clear with kith_i_relational_clear()
 *  returns  KITH_OK, KITH_E_INPUT, KITH_E_MEMORY, and what a run ends in
 */
kith_status kith_i_relational_new(const kith_i_views *views, int64_t d,
                                  const kith_i_relational_options *options, kith_i_poll *poll,
                                  kith_i_relational *out, kith_error *err);

void kith_i_relational_clear(kith_i_relational *state);

/** H and w in turn. */
kith_status kith_i_relational_learn(kith_i_relational *state, kith_i_make_features make, void *self,
                                    kith_i_poll *poll, kith_error *err);

/** factor sum_r w_r A_r, to be cleared before the weights change. */
kith_status kith_i_relational_sum(const kith_i_relational *state, double factor,
                                  kith_i_operator *out, kith_error *err);

/** The memory that it takes, beside what makes H. */
double kith_i_relational_bytes(int64_t nodes, int64_t relations, int64_t d, int64_t sketch);

#endif
