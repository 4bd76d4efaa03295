/* The refinement of Leiden: communities are split into parts that are each connected and each well
 * connected to the rest of their community. */
#ifndef KITH_MODULARITY_REFINEMENT_H
#define KITH_MODULARITY_REFINEMENT_H

#include "modularity/multilevel.h"

/** MergeNodesSubset for every community [Traag2019 alg. A.2]; a kith_i_refine_fn. */
kith_status kith_i_refine(const kith_i_objective *objective, const kith_i_level *level,
                          const uint32_t *labels, int64_t communities, uint64_t seed,
                          uint64_t stage, double randomness, int threads, kith_i_poll *poll,
                          uint32_t *refined, int64_t *count, kith_error *err);

#endif
