/* Kith: spectral subspace clustering of attributed graphs.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_S2CAG_H
#define KITH_S2CAG_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Which sum smooths the features. */
typedef enum kith_nsr {
    KITH_NSR_EXACT, /* sum_t alpha^t P^t X */
    KITH_NSR_CODE   /* its terms but the last times alpha, as in the authors' code for M-S2CAG */
} kith_nsr;

typedef struct kith_s2cag_options {
    kith_run run;
    const kith_features *features; /* of nodes: a row for each; borrowed, must be given */
    int64_t k;          /* clusters; 0: where the singular values have their largest gap */
    double alpha;       /* decay from one hop to the next; above 1 later hops weigh more */
    int64_t hops;       /* T: how far features are smoothed */
    int64_t iterations; /* tau: of the subspace */
    bool tfidf;         /* features are weighed by TF-IDF first, as counts of words want it */
    bool drop_first;    /* leave out the first singular vector, which is all but trivial */
    int nsr;            /* a kith_nsr */
} kith_s2cag_options;

#define KITH_S2CAG_OPTIONS_INIT                                                                    \
    { .run = KITH_RUN_INIT(kith_s2cag_options), .alpha = 0.8, .hops = 15, .iterations = 7,         \
      .tfidf = true, .drop_first = true }

/** Clusters of nodes with like features and like neighbourhoods: the left singular vectors of the
 *  smoothed features
 *
 *    Z = c sum_t alpha^t P^t X,  t from 0 to hops                                    [Lin2025]
 *
 *  rounded without k-means. P = D^-1 (S + I) walks on S = D'^-1/2 (A + I) D'^-1/2, the stored
 *  diagonal of A counting once, and X holds the features in rows of length 1, divided by the square
 *  root of their sum of similarities. It is for features >= 0, as counts and weights of words are.
 *  The first of the singular vectors is all but trivial; the next k are used.
 *
 *  graph    undirected; weights finite, >= 0
 *  options  features must be given
 *  out      one label per node; a node with neither edges nor features is unassigned, or alone
 *           where k is 0. No quality (NaN); iterations are those of the rounding. Figures: gap,
 *           between the last singular value that was used and the next. Free with
 *           kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no features, or not a row for each node; k above what the
 *           features' width allows), KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O((m hops + entries of the features) k iterations) time and O(n k) memory, or, where that is
 *  less work, O(m d hops + n d k iterations) time and O(n d) memory for d columns.
 *  Lin, Yang, Zheng, Ke (2025), arXiv:2411.11074
 */
KITH_API kith_status kith_s2cag(const kith_graph *graph, const kith_s2cag_options *options,
                                kith_partition **out, kith_error *err);

/** The singular vectors that kith_s2cag() rounds, k columns, and all singular values that were
 *  found; of k = 0, as many as it would choose. Free with kith_embedding_free(). */
KITH_API kith_status kith_s2cag_embed(const kith_graph *graph, const kith_s2cag_options *options,
                                      kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
