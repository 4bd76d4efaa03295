/* The multilevel scheme of Louvain and Leiden: move nodes, refine (Leiden), aggregate, again.
 *
 * One iteration is the whole recursion; each starts from the partition that the one before found
 * [Traag2019 alg. A.2; Blondel2008]. */
#ifndef KITH_MODULARITY_MULTILEVEL_H
#define KITH_MODULARITY_MULTILEVEL_H

#include "kith/attributes.h"

#include "graph/partition.h"
#include "modularity/moving.h"

#include <float.h>

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
    bool                  barber; /* Barber modularity instead of the objective ... */
    const kith_bipartite *bipartite; /* ... of these sides; NULL: of the adjacency */
    double                resolution;
    const double         *node_sizes;
    int64_t               largest;    /* community, in nodes; 0: no limit */
    int64_t               iterations; /* 0: to stability */
    double tolerance; /* least gain that is worth another iteration; see kith_leiden() */
    int64_t               batches;
    int64_t               restarts;
    const kith_partition *initial; /* NULL: singletons */
    kith_i_refine_fn      refine;  /* NULL: Louvain, the communities themselves are aggregated */
    double                randomness;
} kith_i_multilevel;

/** The option rows that every method of the scheme has; its struct has fields of these names. */
#define KITH_I_MULTILEVEL_ROWS(struct_)                                                            \
    KITH_OPTION_CHOICE(struct_, objective, kith_i_objective_names,                                 \
                       "quality function: modularity, cpm or rb"),                                 \
    KITH_OPTION(struct_, resolution, F64, 0, DBL_MAX, "higher: smaller communities"),              \
    KITH_OPTION(struct_, iterations, I64, 0, INT64_MAX, "cap on iterations; 0: to stability"),     \
    KITH_OPTION(struct_, tolerance, F64, 0, DBL_MAX,                                               \
                "gain of an iteration that is worth another one"),                                 \
    KITH_OPTION(struct_, restarts, I64, 0, 10000,                                                  \
                "more runs from scratch, each combined with the best so far"),                     \
    KITH_OPTION(struct_, batches, I64, 0, INT64_MAX,                                               \
                "local moving in that many parallel batches; 0: by size"),                         \
    KITH_OPTION(struct_, max_community_size, I64, 0, INT64_MAX,                                    \
                "largest community, in nodes; 0: no limit"),                                       \
    KITH_OPTION(struct_, node_sizes, NODES_F64, 0, 0, "node sizes, for cpm and rb"),               \
    KITH_OPTION(struct_, initial, PARTITION, 0, 0, "partition to start from")

/** What those options say to the scheme. */
#define KITH_I_MULTILEVEL(o)                                                                       \
    .run = &(o).run, .objective = (o).objective, .resolution = (o).resolution,                     \
    .node_sizes = (o).node_sizes, .largest = (o).max_community_size,                               \
    .iterations = (o).iterations, .tolerance = (o).tolerance, .batches = (o).batches,              \
    .restarts = (o).restarts, .initial = (o).initial

/** Runs the scheme. A time limit ends it with the best partition so far.
 *  returns KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED */
kith_status kith_i_multilevel_run(const kith_graph *graph, const kith_i_multilevel *options,
                                  kith_partition **out, kith_error *err);

/** Memory at the peak, beyond the graph: the levels, whose sizes fall, and what local moving keeps.
 */
double kith_i_multilevel_bytes(const kith_graph *graph, const void *options);

#endif
