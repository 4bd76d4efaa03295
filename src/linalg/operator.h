/* Matrices that are never stored: what they are is what they do to a block of vectors. */
#ifndef KITH_LINALG_OPERATOR_H
#define KITH_LINALG_OPERATOR_H

#include "kith/attributes.h"

#include "core/poll.h"

typedef struct kith_i_operator kith_i_operator;

/** Y = A X on blocks of b vectors (linalg/block.h): X has a row for each column of A, Y one for
 *  each row of A; they do not overlap. Polls. The same bits for any number of threads, and for a
 *  column whatever stands beside it in the block.
 *  returns KITH_OK, KITH_E_MEMORY, and what a run ends in */
typedef kith_status (*kith_i_apply)(const kith_i_operator *self, int64_t b, const double *x,
                                    double *y, kith_i_poll *poll, kith_error *err);

struct kith_i_operator {
    int64_t      rows, columns;
    double       lower, upper; /* the spectrum of a symmetric one lies between; NaN: not known */
    kith_i_apply apply;
    kith_i_apply apply_transposed; /* `apply` itself when symmetric */
    int          threads;
    void        *state; /* with room that products work in: one at a time. kith_i_operator_clear()
                         * frees it */
    void       (*free)(void *state);
};

void kith_i_operator_clear(kith_i_operator *a);

/** Matrices of an undirected graph. A loop of weight w stands as 2 w on the diagonal of A, as in
 *  strengths, unless loops_once; D is the diagonal of the row sums of A. A row of D that is 0
 *  counts as 0 in D^-1/2 and D^-1. */
typedef enum kith_i_matrix {
    KITH_I_ADJACENCY,  /* A */
    KITH_I_LAPLACIAN,  /* D - A */
    KITH_I_NORMALISED, /* (D + s I)^-1/2 (A + t/n 1 1^T) (D + (s + t) I)^-1/2, symmetrically */
    KITH_I_WALK,       /* D^-1 A */
    KITH_I_MODULARITY, /* A - resolution d d^T / 2m */
    KITH_I_BETHE_HESSIAN, /* (r^2 - 1) I - r A + D; of a weighted graph I + W - r B for B of
                           * w / (r^2 - w^2) and W diagonal, the row sums of w B [Saade2014] */
    KITH_I_SIGNED_LAPLACIAN /* |D| - A, for negative weights; |D| of absolute weights */
} kith_i_matrix;

typedef struct kith_i_matrix_options {
    kith_i_matrix matrix;
    double uniform;    /* t: [Amini2013], [Zhang2018]; KITH_I_NORMALISED only */
    double degree;     /* s: [Qin2013]; KITH_I_NORMALISED only */
    double resolution; /* KITH_I_MODULARITY only */
    double r;          /* KITH_I_BETHE_HESSIAN only */
    bool   loops_once; /* the stored diagonal as it is: for methods defined on a matrix */
    bool   add_identity; /* A + I in place of A, before D is taken */
} kith_i_matrix_options;

/** The operator borrows the graph. O(n + m) to make, O(b (n + m)) to apply.
 *  returns KITH_OK, KITH_E_UNSUPPORTED (a directed graph), KITH_E_INPUT, KITH_E_MEMORY, and what a
 *          run ends in */
kith_status kith_i_graph_operator(const kith_graph *graph, const kith_i_matrix_options *options,
                                  int threads, kith_i_poll *poll, kith_i_operator *out,
                                  kith_error *err);

/** What is added to the strengths, and the scale D^-1/2 itself, of a KITH_I_NORMALISED or
 *  KITH_I_WALK operator: one number per node, borrowed. */
const double *kith_i_operator_scale(const kith_i_operator *a);

/** A feature matrix F, rows by columns; with `centred`, each column less its mean, without storing
 *  that. Borrowed. */
kith_status kith_i_features_operator(const kith_features *features, bool centred, int threads,
                                     kith_i_poll *poll, kith_i_operator *out, kith_error *err);

/** F F^T for a feature matrix F: symmetric. */
kith_status kith_i_features_gram_operator(const kith_features *features, bool centred, int threads,
                                          kith_i_poll *poll, kith_i_operator *out,
                                          kith_error *err);

/** sum_i w_i A_i; the terms are borrowed (weights are copied). */
kith_status kith_i_sum_operator(int64_t count, const kith_i_operator *const *terms,
                                const double *weights, kith_i_operator *out, kith_error *err);

/** A + U diag(w) U^T for a block U of n rows and b columns, borrowed; w NULL: 1. */
kith_status kith_i_low_rank_operator(const kith_i_operator *a, int64_t b, const double *u,
                                     const double *w, kith_i_operator *out, kith_error *err);

/** A bipartite graph's biadjacency matrix B, rows by columns, or D_U^-1/2 B D_V^-1/2; zero sums
 *  count as 1. Borrowed. */
kith_status kith_i_biadjacency_operator(const kith_bipartite *bipartite, bool normalised,
                                        int threads, kith_i_poll *poll, kith_i_operator *out,
                                        kith_error *err);

#endif
