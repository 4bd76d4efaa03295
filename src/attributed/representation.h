/* The normalised smoothed representation of an attributed graph [Lin2025],
 *
 *   Z = c sum_t alpha^t P^t X,   t from 0 to T,
 *
 * where P = D_C^-1 C for C = S + I, S = D_B^-1/2 B D_B^-1/2, B = A + I (the stored diagonal once),
 * and X = diag(g)^-1/2 F, F the features in rows of length 1, g = F (F^T 1).
 *
 * P is similar to the symmetric M = D_C^-1/2 C D_C^-1/2, whose spectrum lies in [0, 1]:
 * Z = D_C^-1/2 p(M) D_C^1/2 X. So Z times a block takes one polynomial of M and one product with
 * the features, which stay as sparse as they are; nothing else is stored, unless n x d numbers take
 * less time. */
#ifndef KITH_ATTRIBUTED_REPRESENTATION_H
#define KITH_ATTRIBUTED_REPRESENTATION_H

#include "attributed/scaled.h"
#include "attributed/series.h"
#include "graph/view.h"
#include "linalg/product.h"

/** Which sum Z is. */
typedef enum kith_i_nsr {
    KITH_I_NSR_EXACT, /* as above */
    KITH_I_NSR_CODE   /* all terms but the last times alpha, as in the authors' code */
} kith_i_nsr;

typedef struct kith_i_representation_options {
    const kith_features *features;
    bool tfidf;
    double alpha;
    int64_t hops; /* T */
    kith_i_nsr nsr;
    int64_t vectors; /* that Z and Z^T will be multiplied by: they decide whether it is stored */
} kith_i_representation_options;

typedef struct kith_i_representation {
    kith_i_operator z;      /* n x d */
    kith_i_scaled features; /* D_C^1/2 X, between diagonals */
    /* of `z`, where it is not stored: */
    kith_i_operator x, m;
    kith_i_series series;
    double *root;      /* D_C^-1/2 */
    double *stored;    /* n rows of d numbers; NULL: not stored */
    double *h, *added; /* diagonals of M */
    kith_i_product product;
    kith_i_scratch of_m, of_series, between; /* what products work in */
} kith_i_representation;

/** Makes Z. `out` stays where it is: its operator points at it. The graph is undirected, its
 *  weights are >= 0; it and the features are borrowed.
 *
 *  out      clear with kith_i_representation_clear()
 *  returns  KITH_OK, KITH_E_MEMORY, and what a run ends in
 */
kith_status kith_i_representation_new(const kith_graph *graph,
                                      const kith_i_representation_options *options, int threads,
                                      kith_i_poll *poll, kith_i_representation *out,
                                      kith_error *err);

void kith_i_representation_clear(kith_i_representation *representation);

/** The memory that it takes with options for blocks of b vectors. */
double kith_i_representation_bytes(const kith_graph *graph,
                                   const kith_i_representation_options *options, int64_t b);

#endif
