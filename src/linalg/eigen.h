/* Eigenpairs of a symmetric operator at one end of its spectrum, behind one interface. */
#ifndef KITH_LINALG_EIGEN_H
#define KITH_LINALG_EIGEN_H

#include "linalg/operator.h"

typedef enum kith_i_end { KITH_I_LARGEST, KITH_I_SMALLEST } kith_i_end;

typedef enum kith_i_eigen_method {
    KITH_I_EIGEN_AUTO,    /* whichever was measured to be best for such a problem */
    KITH_I_EIGEN_DENSE,   /* LAPACK: small n */
    KITH_I_EIGEN_ARPACK,  /* implicitly restarted Lanczos, under the lock */
    KITH_I_EIGEN_LANCZOS  /* thick-restart block Lanczos, Chebyshev-filtered where that pays */
} kith_i_eigen_method;

typedef struct kith_i_eigen_options {
    int64_t    count; /* 1 to n - deflated */
    kith_i_end end;
    double     tolerance; /* of |A v - l v|, in units of the largest |l| seen */
    int64_t    deflated;  /* columns of `deflation` */
    const double *deflation; /* n rows of them, orthonormal: the pairs are sought beside these */
    int64_t    initial_columns;
    const double *initial; /* n rows of them: where to begin; NULL: a random block */
    int64_t    most;       /* products with one vector, 0: a default that ends hopeless cases */
    kith_i_eigen_method method;
    bool       plain; /* Lanczos on A itself, no polynomial: where products cost much, and the end
                       * that is asked for stands out; all values must be on its side of 0 */
    uint64_t   seed;
} kith_i_eigen_options;

typedef struct kith_i_eigen {
    int64_t n, count;
    double *values;    /* from the end asked for inwards */
    double *vectors;   /* n rows of count numbers; signs as kith_i_block_signs() leaves them */
    double *residuals; /* |A v - l v| of each, computed anew from the finished vectors */
    bool    converged; /* every residual within the tolerance */
    int64_t products;  /* with one vector each */
    const char *method; /* "arpack", "lanczos", ... */
} kith_i_eigen;

/** Solves. A result that missed its tolerance is still given, with converged false.
 *
 *  out      free with kith_i_eigen_clear()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_MEMORY, KITH_E_INTERNAL, and what a run ends in
 *
 *  The same bits on any number of threads; several host threads may solve at once.
 */
kith_status kith_i_eigen_solve(const kith_i_operator *a, const kith_i_eigen_options *options,
                               kith_i_poll *poll, kith_i_eigen *out, kith_error *err);

void kith_i_eigen_clear(kith_i_eigen *eigen);

/** The same for a matrix of a graph, at the end where its clusters show (largest of
 *  KITH_I_ADJACENCY, KITH_I_NORMALISED, KITH_I_WALK and KITH_I_MODULARITY, smallest of the others):
 *  components are solved apart and put together, the vectors that are known (constant, or square
 *  roots of strengths) are not searched for, and where a factorisation is cheap (road maps, grids,
 *  graphs of nearest neighbours) the solver runs on the inverse. Of equal pairs of several
 *  components that of the largest comes first.
 *
 *  KITH_I_WALK gives the eigenvectors D^-1/2 u of the random walk for u of length 1, and the
 *  residuals of u; D^-1/2 counts as 1 where D is 0.
 *
 *  options     its end and its deflation are not read
 *  components  how many the graph has; may be NULL
 *  returns     also what kith_i_graph_operator() does
 */
kith_status kith_i_graph_eigen(const kith_graph *graph, const kith_i_matrix_options *matrix,
                               const kith_i_eigen_options *options, int threads, kith_i_poll *poll,
                               kith_i_eigen *out, int64_t *components, kith_error *err);

#endif
