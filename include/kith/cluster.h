/* Kith: a cluster, the community around some seed nodes, and what every local method is asked.
 *
 * A local method looks at the graph near its seeds only: time and memory do not grow with the
 * graph, and of a mapped file it touches the pages where those rows lie.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_CLUSTER_H
#define KITH_CLUSTER_H

#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the scores of a diffusion become a set of nodes. */
typedef enum kith_round {
    KITH_ROUND_SWEEP,  /* of the prefixes by decreasing score one of least conductance */
    KITH_ROUND_SUPPORT, /* every node with a score above 0 */
    KITH_ROUND_AUTO    /* a sweep, unless the method's header says otherwise */
} kith_round;

/** What every local method is asked; the first member of its options struct. */
typedef struct kith_query {
    kith_run   run;
    kith_nodes seeds; /* distinct, with edges; of a method that improves a set: the set */
    int        round; /* a kith_round */
    int64_t    size;  /* as many nodes as that, those of highest score; 0: as `round` says */
} kith_query;

#define KITH_QUERY_INIT(type) { .run = KITH_RUN_INIT(type) }

/** A set of nodes with a score each, and what it cost to find. Immutable. */
typedef struct kith_cluster kith_cluster;

KITH_API void    kith_cluster_free(kith_cluster *cluster);
KITH_API int64_t kith_cluster_size(const kith_cluster *cluster);

/** Node ids by decreasing score, ties by the lower id; borrowed. */
KITH_API const int64_t *kith_cluster_nodes(const kith_cluster *cluster);

/** Their scores, as the method's header defines them; borrowed. */
KITH_API const double *kith_cluster_scores(const kith_cluster *cluster);

/** Sum of the strengths of its nodes. */
KITH_API double kith_cluster_volume(const kith_cluster *cluster);

/** Weight of the edges that leave it. */
KITH_API double kith_cluster_cut(const kith_cluster *cluster);

/** cut / min(volume, volume of the rest); 1 when that is 0. */
KITH_API double kith_cluster_conductance(const kith_cluster *cluster);

/** Nodes that the query looked at, and entries of the adjacency that it read, each once. */
KITH_API int64_t kith_cluster_touched_nodes(const kith_cluster *cluster);
KITH_API int64_t kith_cluster_touched_edges(const kith_cluster *cluster);

/** Steps of the method: pushes, passes, rounds, as its header says. */
KITH_API int64_t   kith_cluster_iterations(const kith_cluster *cluster);
KITH_API bool      kith_cluster_converged(const kith_cluster *cluster);
KITH_API kith_stop kith_cluster_stop(const kith_cluster *cluster);

/** The i-th figure that certifies the result (residuals, gaps, balances, as the method's header
 *  lists them): its name (borrowed, constant) or NULL past the last one, and its value. */
KITH_API const char *kith_cluster_figure(const kith_cluster *cluster, int64_t i, double *value);

#ifdef __cplusplus
}
#endif

#endif
