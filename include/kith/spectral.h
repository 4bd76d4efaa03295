/* Kith: spectral clustering.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_SPECTRAL_H
#define KITH_SPECTRAL_H

#include "kith/embedding.h"
#include "kith/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Which eigenvectors, of the adjacency A and the diagonal D of strengths, and which points are
 *  made of their rows. */
typedef enum kith_spectral_matrix {
    KITH_SPECTRAL_NORMALISED,   /* D^-1/2 A D^-1/2; rows of length 1 [Ng2001] */
    KITH_SPECTRAL_WALK,         /* D^-1 A; rows as they are [Shi2000] */
    KITH_SPECTRAL_UNNORMALISED, /* D - A, smallest; rows as they are [vonLuxburg2007] */
    KITH_SPECTRAL_REGULARISED,  /* as NORMALISED, of A + t/n 1 1^T [Amini2013; Zhang2018] */
    KITH_SPECTRAL_DEGREES,      /* as NORMALISED, with D + t I [Qin2013] */
    KITH_SPECTRAL_SCORE         /* A; ratios to the first vector, at most log n [Jin2015] */
} kith_spectral_matrix;

/** How k is chosen where it is not given. */
typedef enum kith_spectral_choice {
    KITH_SPECTRAL_EIGENGAP,     /* the largest gap in the spectrum of the normalised matrix */
    KITH_SPECTRAL_BETHE_HESSIAN /* eigenvalues below 0 of the Bethe Hessian [Saade2014] */
} kith_spectral_choice;

typedef struct kith_spectral_options {
    kith_run run;
    int64_t  k;         /* communities; 0: chosen */
    int      matrix;    /* a kith_spectral_matrix */
    int      rounding;  /* a kith_rounding */
    int64_t  restarts;  /* of k-means; >= 1 */
    double   tau;       /* t in mean strengths, of REGULARISED and DEGREES; >= 0 */
    int      choose;    /* a kith_spectral_choice */
    int64_t  most;      /* k that the eigengap chooses; >= 1 */
    double   tolerance; /* of residuals |M v - l v|, in units of the largest |l| */
} kith_spectral_options;

#define KITH_SPECTRAL_OPTIONS_INIT                                                                 \
    { .run = KITH_RUN_INIT(kith_spectral_options), .restarts = 10, .tau = 1, .most = 20,           \
      .tolerance = 1e-6 }

/** Communities from the eigenvectors of a matrix of the graph.
 *
 *  graph    undirected; weights finite, >= 0
 *  options  NULL: defaults
 *  out      free with kith_partition_free(). Nodes without edges are not looked at: they are
 *           unassigned where k is given, else communities of their own. Nodes of components that
 *           no eigenvector reaches, which have the same point, go to one community. A graph of at
 *           least `most` components is split into these where the eigengap chooses. Figures: "k",
 *           "gap" (behind eigenvalue k, where the next one is known), "residual" (the largest),
 *           "inertia" (of k-means)
 *  returns  KITH_OK, KITH_E_ARGUMENT (k above the number of nodes with edges, or of distinct
 *           points), KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph), KITH_E_MEMORY,
 *           KITH_E_CANCELLED, KITH_E_TIME
 *
 *  A result whose eigenvectors missed the tolerance, or whose k-means did not settle, is not
 *  converged. O(k (n + m)) for each step of the eigensolver.
 *  Ng, Jordan, Weiss (2001), On spectral clustering: analysis and an algorithm
 */
KITH_API kith_status kith_spectral(const kith_graph *graph, const kith_spectral_options *options,
                                   kith_partition **out, kith_error *err);

/** The points that kith_spectral() groups, k numbers for each node (KITH_SPECTRAL_SCORE: k - 1);
 *  nodes without edges are at 0. One eigenpair more than k is found, for the gap. */
KITH_API kith_status kith_spectral_embed(const kith_graph *graph,
                                         const kith_spectral_options *options,
                                         kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
