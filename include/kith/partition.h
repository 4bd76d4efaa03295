/* Kith: a partition of the nodes of a graph into communities.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_PARTITION_H
#define KITH_PARTITION_H

#include "kith/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One community per node, numbered 0..k-1 by decreasing size, ties by the lowest node. A node may
 *  be unassigned (label -1). Immutable. */
typedef struct kith_partition kith_partition;

/** Why an algorithm ended. */
typedef enum kith_stop {
    KITH_STOP_CONVERGED,  /* nothing improves any more */
    KITH_STOP_ITERATIONS, /* the cap on iterations */
    KITH_STOP_TIME        /* the time limit; the result is the best so far */
} kith_stop;

/** A partition from labels, their numbers kept as they are.
 *
 *  labels   one per node, each from -1 (unassigned) to nodes - 1; copied
 *  out      free with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT (a label out of range), KITH_E_MEMORY, and what
 *           a run ends in
 *
 *  O(n) time and memory.
 */
KITH_API kith_status kith_partition_from_labels(int64_t nodes, const int64_t *labels,
                                                const kith_run *run, kith_partition **out,
                                                kith_error *err);

/** The same communities under the numbers of `reference`: each number goes to the community that
 *  shares most nodes with it, largest overlap first (ties to the lower reference number, then the
 *  lower community). Communities left over are numbered on from the largest number of `reference`,
 *  so that numbers of vanished communities stay unused.
 *
 *  out      free with kith_partition_free(); quality, phases and figures are those of
 *           `partition`
 *  returns  KITH_OK, KITH_E_ARGUMENT (different numbers of nodes), KITH_E_MEMORY, and what a run
 *           ends in
 *
 *  O(n) time and memory.
 */
KITH_API kith_status kith_partition_match(const kith_partition *partition,
                                          const kith_partition *reference, const kith_run *run,
                                          kith_partition **out, kith_error *err);

KITH_API void kith_partition_free(kith_partition *partition);

KITH_API int64_t kith_partition_nodes(const kith_partition *partition);

/** One more than the largest label. After kith_partition_match() some may be empty. */
KITH_API int64_t kith_partition_communities(const kith_partition *partition);

/** One label per node; borrowed until the partition is freed. */
KITH_API const int64_t *kith_partition_labels(const kith_partition *partition);

/** Nodes in each community; borrowed until the partition is freed. */
KITH_API const int64_t *kith_partition_sizes(const kith_partition *partition);

/** How many nodes have label -1. */
KITH_API int64_t kith_partition_unassigned(const kith_partition *partition);

/** The algorithm's own objective (for modularity: Q), NaN when it has none. */
KITH_API double kith_partition_quality(const kith_partition *partition);

KITH_API int64_t   kith_partition_iterations(const kith_partition *partition);
KITH_API bool      kith_partition_converged(const kith_partition *partition);
KITH_API kith_stop kith_partition_stop(const kith_partition *partition);

/** The i-th phase of the run: its name (borrowed, constant) or NULL past the last one, and its wall
 *  time in seconds. */
KITH_API const char *kith_partition_phase(const kith_partition *partition, int64_t i,
                                          double *seconds);

/** The i-th figure that the method gives beside its result (bounds, gaps, numbers that it has
 *  estimated, as its header lists them): its name (borrowed, constant) or NULL past the last one,
 *  and its value. */
KITH_API const char *kith_partition_figure(const kith_partition *partition, int64_t i,
                                           double *value);

#ifdef __cplusplus
}
#endif

#endif
