/* From nodes to modules, to modules of modules: the search of Infomap on one network. */
#ifndef KITH_FLOW_CLIMB_H
#define KITH_FLOW_CLIMB_H

#include "flow/map_equation.h"

typedef struct kith_i_climber {
    kith_i_random random; /* goes on from climb to climb */
    int threads;
    kith_i_poll *poll;
} kith_i_climber;

/** 0, 1, 2, ...: each node a module. */
void kith_i_map_singletons(uint32_t *labels, int64_t nodes);

/** Moves the nodes of a network, then the modules that they are in as if these were nodes, and so
 *  on until none moves.
 *
 *  labels   as in kith_i_map_settle(); they become 0 .. *modules - 1, and are whole on failure too
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 */
kith_status kith_i_map_climb(kith_i_climber *climber, const kith_i_network *network,
                             const kith_i_parts *parts, uint32_t *labels, int64_t *modules,
                             kith_error *err);

#endif
