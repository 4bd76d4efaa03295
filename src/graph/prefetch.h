/* Walking rows of nodes that lie anywhere: those soon to come are asked for ahead of time.
 *
 * A visit misses the cache at the row's offset and then at the row, whose address is read from
 * there. So they are fetched in two stages, some nodes apart. The distances are those of a group of
 * rows that is read in one go (modularity/tally.h), and of two. */
#ifndef KITH_GRAPH_PREFETCH_H
#define KITH_GRAPH_PREFETCH_H

#include "graph/view.h"

enum { KITH_I_AHEAD_ROW = 32, KITH_I_AHEAD_OFFSET = 64 };

/** Call when node nodes[i] of `count` is next: the rows of nodes soon to come. */
static inline void kith_i_prefetch_rows(const kith_graph *graph, const uint32_t *nodes, int64_t i,
                                        int64_t count)
{
    if (i + KITH_I_AHEAD_OFFSET < count)
        __builtin_prefetch(&graph->offsets[nodes[i + KITH_I_AHEAD_OFFSET]]);
    if (i + KITH_I_AHEAD_ROW < count) {
        const int64_t first = graph->offsets[nodes[i + KITH_I_AHEAD_ROW]];
        __builtin_prefetch(&graph->targets[first]);
        __builtin_prefetch(&graph->targets[first + 16]);
        if (graph->weights32) __builtin_prefetch(&graph->weights32[first]);
        if (graph->weights64) __builtin_prefetch(&graph->weights64[first]);
    }
}

#endif
