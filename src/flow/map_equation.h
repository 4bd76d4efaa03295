/* The map equation, and moving nodes between modules so that it falls [Rosvall2008; Rosvall2010].
 *
 *   paper              here
 *   p_alpha            network->flow
 *   q_i                exit, enter of a module: the walker's way out, and in
 *   q                  the rate of an index codebook: what enters its modules
 *   L(M)               kith_i_map_lengths()
 *
 * With f(x) = x log2 x, and several index codebooks: modules of one codebook lie in one part. */
#ifndef KITH_FLOW_MAP_EQUATION_H
#define KITH_FLOW_MAP_EQUATION_H

#include "flow/network.h"

#include <math.h>

/** x log2 x; 0 for what rounding leaves of nothing. */
static inline double kith_i_plogp(double x)
{
    return x > 0 ? x * log2(x) : 0;
}

/** Parts that nodes and modules stay in, each with an index codebook of its own. */
typedef struct kith_i_parts {
    int64_t count;
    const uint32_t *of; /* by node; NULL: all in one */
    const double *exit; /* of each part, which its codebook tells too; NULL: 0 */
} kith_i_parts;

/** Bits per step of the walk that each part takes, its share of the walk being in it: the index
 *  codebook's and its modules', without the nodes' own -sum f(p), which is that of every partition.
 *
 *  labels   below the number of nodes, each module in one part
 *  lengths  written, one per part
 */
kith_status kith_i_map_lengths(const kith_i_network *network, const kith_i_parts *parts,
                               const uint32_t *labels, double *lengths, kith_error *err);

/** Moves nodes to the neighbouring module of their part, or to an empty one, that shortens the code
 *  most, until none does.
 *
 *  labels   as above; changed
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME (the labels are whole all the
 *           same)
 */
kith_status kith_i_map_settle(const kith_i_network *network, const kith_i_parts *parts,
                              kith_i_random *random, kith_i_poll *poll, uint32_t *labels,
                              kith_error *err);

#endif
