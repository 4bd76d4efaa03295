/* The multilevel scheme of Louvain and Leiden: move nodes, refine (Leiden), aggregate, again.
 *
 * One iteration is the whole recursion; each starts from the partition that the one before found
 * [Traag2019 alg. A.2; Blondel2008]. */
#ifndef KITH_MODULARITY_MULTILEVEL_H
#define KITH_MODULARITY_MULTILEVEL_H

#include "modularity/moving.h"

#include "graph/partition.h"

/** Splits communities before they become the nodes of the next level.
 *
 *  labels       0 .. communities - 1
 *  stage        of the random streams, different at each call
 *  refined      written: 0 .. *count - 1, each inside one community
 */
typedef kith_status (*kith_i_refine_fn)(const kith_i_objective *objective,
                                        const kith_i_level *level, const uint32_t *labels,
                                        int64_t communities, uint64_t seed, uint64_t stage,
                                        double randomness, int threads, kith_i_poll *poll,
                                        uint32_t *refined, int64_t *count, kith_error *err);

typedef struct kith_i_multilevel {
    const kith_run       *run;
    int                   objective;
    double                resolution;
    const double         *node_sizes;
    int64_t               largest;    /* community, in nodes; 0: no limit */
    int64_t               iterations; /* 0: to stability */
    double tolerance; /* least gain that is worth another iteration; see kith_leiden() */
    int64_t               batches;
    const kith_partition *initial; /* NULL: singletons */
    kith_i_refine_fn      refine;  /* NULL: Louvain, the communities themselves are aggregated */
    double                randomness;
} kith_i_multilevel;

/** Runs the scheme. A time limit ends it with the best partition so far.
 *  returns KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED */
kith_status kith_i_multilevel_run(const kith_graph *graph, const kith_i_multilevel *options,
                                  kith_partition **out, kith_error *err);

/** Memory at the peak, beyond the graph: the levels, whose sizes fall, and what local moving keeps.
 */
double kith_i_multilevel_bytes(const kith_graph *graph, const void *options);

#endif
