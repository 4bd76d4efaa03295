/* Algebraic multigrid by weighted matching, and the smooth vectors that building one hierarchy
 * after another finds: what each cycle leaves. */
#ifndef KITH_LINALG_AMG_H
#define KITH_LINALG_AMG_H

#include "core/base.h"

/** A symmetric positive semidefinite matrix by rows, its diagonal apart. */
typedef struct kith_i_sparse {
    int64_t   n;
    int64_t  *offsets; /* n + 1 */
    uint32_t *columns; /* other than the row's own, in any order */
    double   *values;
    double   *diagonal; /* where it is 0, so is the row */
} kith_i_sparse;

void kith_i_sparse_clear(kith_i_sparse *matrix);

/** Weighs the coupling of two unknowns for a vector w that is to stay in the range of P:
 *  |1 - 2 b_ij w_i w_j / (b_ii w_i^2 + b_jj w_j^2)| [DAmbra2018]. */
double kith_i_amg_coupling(const kith_i_sparse *matrix, const double *w, int64_t i, int64_t j,
                           double value);

typedef struct kith_i_bootstrap_options {
    int64_t  components; /* hierarchies at most */
    int64_t  cycles;     /* of all of them, that a vector is smoothed by */
    double   ratio;      /* of norms in one cycle: below it the cycle is good enough */
    uint64_t seed;
} kith_i_bootstrap_options;

/** Smooth vectors of a matrix. The first is 1; a hierarchy is built that holds it; what cycles of
 *  that leave of a random vector is the second, and so on.
 *
 *  out      n rows of *count numbers; kith_i_free() it
 *  ratio    of the last cycle; may be NULL
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O(components^2 cycles m) time, O(components m) memory. One thread.
 *  D'Ambra, Filippone, Vassilevski (2018), doi:10.1145/3190647
 */
kith_status kith_i_bootstrap(const kith_i_sparse *matrix, const kith_i_bootstrap_options *options,
                             kith_i_poll *poll, int64_t *count, double **out, double *ratio,
                             kith_error *err);

#endif
