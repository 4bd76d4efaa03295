/* A hierarchical map: modules of modules above, modules in modules below [Rosvall2011]. */
#ifndef KITH_FLOW_LEVELS_H
#define KITH_FLOW_LEVELS_H

#include "flow/climb.h"

/** Adds levels to a two-level map as long as they shorten the code: above it, modules that tell the
 *  index codebook; below it, modules that tell a module's own.
 *
 *  bottom   the modules, 0 .. *modules - 1; becomes those of the lowest level
 *  top      written: those of the highest level
 *  length   as kith_i_map_lengths() has it for one part; changed by what is gained
 *  levels   written: of the tree, nodes included; 2 when nothing is gained
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME (what is written is whole all the
 *           same)
 */
kith_status kith_i_map_levels(kith_i_climber *climber, const kith_i_network *network,
                              uint32_t *bottom, int64_t *modules, uint32_t *top, double *length,
                              int64_t *levels, kith_error *err);

#endif
