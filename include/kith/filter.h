/* Kith: clustering of filtered features.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_FILTER_H
#define KITH_FILTER_H

#include "kith/attributes.h"
#include "kith/embedding.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a filter does to an eigenvector of the normalised adjacency. */
typedef enum kith_response {
    KITH_RESPONSE_WALK,     /* ((I + A') / 2)^hops, A' of A + I: steps of a lazy walk */
    KITH_RESPONSE_DIFFUSION /* sum_t a^t A'^t, t from 0 to hops, a = alpha / (1 + alpha): the
                             * minimiser of |H - X|^2 + alpha tr(H^T L H), all but */
} kith_response;

typedef struct kith_filter_options {
    kith_run run;
    const kith_features *features; /* of nodes: a row for each; borrowed, must be given */
    int64_t k;        /* clusters; 0: where the singular values have their largest gap */
    int response;     /* a kith_response */
    int64_t hops;     /* how far features are smoothed; -1: a walk to where the gap of singular
                       * values behind the last that is used is widest, a diffusion until 1 % of
                       * it is left out */
    double high_pass; /* share of ((I - A') / 2)^hops, 0 to 1: what sets neighbours apart, for
                       * graphs whose edges join unlike nodes */
    double alpha;     /* strength of the diffusion */
    double beta;      /* strength of the filter along features, of the diffusion; above 1 it
                       * averages all columns away */
    int64_t width;    /* columns of singular vectors; 0: k of a walk, 64 of a diffusion */
    bool tfidf;       /* features are weighed by TF-IDF first */
    int64_t restarts; /* of k-means */
} kith_filter_options;

#define KITH_FILTER_OPTIONS_INIT                                                                   \
    { .run = KITH_RUN_INIT(kith_filter_options), .hops = 3, .alpha = 5, .restarts = 10 }

/** Clusters of nodes among filtered features: neighbours' features become alike (low-pass) or are
 *  set apart (high-pass), then singular vectors, rows of length 1 and k-means. It needs no
 *  training, and comes close to networks that are trained for the same end.
 *
 *  A walk filters features and then takes the leading singular vectors [Kulatilleke2025, the
 *  contrastive loss without a network]; a diffusion takes singular vectors of the features and
 *  filters their rows of length 1, along edges and, with beta, along features [Zheng2026].
 *
 *  graph    undirected; weights finite, >= 0; the stored diagonal counts once
 *  options  features must be given
 *  out      one label per node; a node with neither edges nor features is unassigned, or alone
 *           where k is 0. No quality (NaN); iterations are those of k-means. Figures: hops; gap,
 *           where singular values are known behind the last that was used. Free with
 *           kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no features, or not a row for each node; k above the number
 *           of distinct rows), KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph), KITH_E_MEMORY,
 *           KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O((m hops + entries of the features) width) time, O(n width) memory; features are never stored
 *  filtered. Pan, Kang (2023), arXiv:2305.02931, for the mixture of low and high.
 */
KITH_API kith_status kith_filter(const kith_graph *graph, const kith_filter_options *options,
                                 kith_partition **out, kith_error *err);

/** The rows of length 1 that kith_filter() gives to k-means. Free with kith_embedding_free(). */
KITH_API kith_status kith_filter_embed(const kith_graph *graph,
                                       const kith_filter_options *options, kith_embedding **out,
                                       kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
