/* Local moving of nodes between communities [Traag2019 alg. A.2, MoveNodesFast]. */
#ifndef KITH_MODULARITY_MOVING_H
#define KITH_MODULARITY_MOVING_H

#include "modularity/batches.h"
#include "modularity/objective.h"

/** Moves nodes to the neighbouring community, or to an empty one, that gains most, until none
 *  gains.
 *
 *  labels  any numbers below the number of nodes; changed
 *  moves   how often a node moved, added to
 *  returns KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME (the labels are whole all the
 *  same)
 */
kith_status kith_i_move_nodes(const kith_i_objective *objective, const kith_i_level *level,
                              const kith_i_batching *batching, kith_i_poll *poll, uint32_t *labels,
                              int64_t *moves, kith_error *err);

#endif
