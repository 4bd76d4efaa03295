/* What the generators share: blocks of work, and the way from edges to a graph. */
#ifndef KITH_GENERATE_COMMON_H
#define KITH_GENERATE_COMMON_H

#include "kith/partition.h"

#include "core/each.h"
#include "graph/build.h"

/** Blocks of items, each worth about a millisecond; block i begins at i * KITH_I_BLOCK. */
#define KITH_I_BLOCK INT64_C(4096)

static inline int64_t kith_i_blocks(int64_t items)
{
    return (items + KITH_I_BLOCK - 1) / KITH_I_BLOCK;
}

static inline int64_t kith_i_block_end(int64_t block, int64_t items)
{
    return (block + 1) * KITH_I_BLOCK < items ? (block + 1) * KITH_I_BLOCK : items;
}

/** Fails unless a graph of `edges` edges, and what it takes to build it, fits the machine. */
kith_status kith_i_require_room(double nodes, double edges, kith_error *err);

/** Room for the ends of `count` edges over `nodes` nodes. */
kith_status kith_i_edges_alloc(kith_i_edges *edges, int64_t nodes, int64_t count, kith_error *err);

/** The undirected simple graph of the edges, which are used up, and the planted truth: loops and
 *  repeats are dropped.
 *
 *  labels  one per node, or NULL: *truth becomes NULL
 *  truth   may be NULL
 */
kith_status kith_i_generated(kith_i_edges *edges, const uint32_t *labels, const kith_run *run,
                             kith_i_poll *poll, kith_graph **out, kith_partition **truth,
                             kith_error *err);

#endif
