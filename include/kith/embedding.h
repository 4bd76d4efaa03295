/* Kith: an embedding of the nodes of a graph.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_EMBEDDING_H
#define KITH_EMBEDDING_H

#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A point for each node. Immutable. */
typedef struct kith_embedding kith_embedding;

/** How points, or the eigenvectors behind them, become communities. */
typedef enum kith_rounding {
    KITH_ROUNDING_KMEANS, /* k-means of the points, the best of several starts */
    KITH_ROUNDING_PIVOTS, /* column-pivoted QR of the eigenvectors: no random start [Damle2019] */
    KITH_ROUNDING_ARGMAX  /* the largest entry of each row, settled in rounds [Lin2025] */
} kith_rounding;

KITH_API void    kith_embedding_free(kith_embedding *embedding);
KITH_API int64_t kith_embedding_nodes(const kith_embedding *embedding);
KITH_API int64_t kith_embedding_dimensions(const kith_embedding *embedding);

/** nodes rows of `dimensions` numbers, row-major; borrowed until the embedding is freed. */
KITH_API const double *kith_embedding_values(const kith_embedding *embedding);

/** The spectrum behind it: how many eigenvalues or singular values are known (there may be more or
 *  fewer than dimensions, or none), these, from the end that was asked for inwards, and the
 *  residual |A v - l v| of each. Borrowed. */
KITH_API int64_t       kith_embedding_spectrum(const kith_embedding *embedding);
KITH_API const double *kith_embedding_eigenvalues(const kith_embedding *embedding);
KITH_API const double *kith_embedding_residuals(const kith_embedding *embedding);

/** How far the last eigenvalue that was used lies from the first that was not; NaN when that one is
 *  not known. */
KITH_API double kith_embedding_gap(const kith_embedding *embedding);

/** Whether every residual is within the tolerance. */
KITH_API bool kith_embedding_converged(const kith_embedding *embedding);

#ifdef __cplusplus
}
#endif

#endif
