/* Kith: k-medoids.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_K_MEDOIDS_H
#define KITH_K_MEDOIDS_H

#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How long an edge of weight w is. */
typedef enum kith_k_medoids_lengths {
    KITH_K_MEDOIDS_INVERSE, /* 1 / w: weights are similarities */
    KITH_K_MEDOIDS_WEIGHTS, /* w: weights are lengths */
    KITH_K_MEDOIDS_HOPS     /* 1 */
} kith_k_medoids_lengths;

typedef struct kith_k_medoids_options {
    kith_run run;
    int64_t k;          /* medoids; as many as nodes with edges, where these are fewer; >= 1 */
    int lengths;        /* kith_k_medoids_lengths */
    int64_t rounds;     /* cap on rounds over the candidates; >= 1 */
    int64_t candidates; /* nodes that may become medoids, drawn at random; 0: all, but 1000 of more
                          * than 30,000 */
} kith_k_medoids_options;

#define KITH_K_MEDOIDS_OPTIONS_INIT                                                                \
    {                                                                                              \
        .run = KITH_RUN_INIT(kith_k_medoids_options), .k = 2, .rounds = 100                        \
    }

/** Nodes around k of them, the medoids, each in the community of the one it has the shortest path
 *  to: the sum of these paths is made small by FasterPAM [Schubert2021], from random medoids. Paths
 *  are searched when they are needed, never between all pairs at once.
 *
 *  graph    undirected; weights finite, >= 0
 *  options  NULL: defaults
 *  out      quality is the sum of the paths, the figure "medoid_silhouette" the mean of
 *           1 - path to the nearest medoid / path to the second nearest. Nodes without edges, and
 *           those without a path to any medoid, are unassigned; free with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_UNSUPPORTED (a directed graph), KITH_E_INPUT,
 *           KITH_E_MEMORY, and what a run ends in
 *
 *  O(m) time for each candidate of a round (m log n with weights), 8 n (k + 16) bytes. The same
 *  result on any number of threads.
 *  Schubert, Rousseeuw (2021), doi:10.1016/j.is.2021.101804
 */
KITH_API kith_status kith_k_medoids(const kith_graph *graph, const kith_k_medoids_options *options,
                                    kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
