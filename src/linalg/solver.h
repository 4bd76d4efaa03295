/* What the solvers behind kith_i_eigen_solve() are given and give: one sign, one end. */
#ifndef KITH_LINALG_SOLVER_H
#define KITH_LINALG_SOLVER_H

#include "linalg/eigen.h"

typedef struct kith_i_solver {
    const kith_i_operator *a;
    const kith_i_eigen_options *options;
    kith_i_poll *poll;
    double lower, upper; /* between these lies the spectrum, nearly so where it was estimated */
    int64_t most;        /* products */
    int64_t products;    /* made so far */
    double *vectors;     /* n rows of options->count numbers, to be filled: orthonormal */
} kith_i_solver;

/** Y = A X for b vectors, counted. */
kith_status kith_i_solver_apply(kith_i_solver *s, int64_t b, const double *x, double *y,
                                kith_error *err);

/** X -= U (U^T X) for the deflated columns U. */
kith_status kith_i_solver_deflate(const kith_i_solver *s, int64_t b, double *x, kith_error *err);

/** Each makes s->vectors, as good as it can and in any order, and knows s->lower and s->upper
 *  afterwards. */
kith_status kith_i_solve_dense(kith_i_solver *s, kith_error *err);
kith_status kith_i_solve_arpack(kith_i_solver *s, kith_error *err);
kith_status kith_i_solve_lanczos(kith_i_solver *s, kith_error *err);

#endif
