/* Visiting the rows of all nodes in a random order, without waiting for memory.
 *
 * A visit misses the cache at the row's offset, at the row, whose address is read from there, and
 * at what is kept of each neighbour. So these are fetched in three stages, some nodes apart. And
 * nodes of neighbouring numbers stay together in the order: their rows lie one behind the other,
 * while a row in a random place costs more than what is done with it. Longer blocks than 64 bring
 * little more, and up to 128 the quality of what is found stays as it is. */
#ifndef KITH_GRAPH_VISITS_H
#define KITH_GRAPH_VISITS_H

#include "core/random.h"
#include "graph/view.h"

enum {
    KITH_I_SMALL_NODES = 20000, /* of a graph whose rows and labels the cache holds */
    KITH_I_VISITING_BLOCK = 64,
    KITH_I_AHEAD_OFFSET = 24,
    KITH_I_AHEAD_ROW = 12,
    KITH_I_AHEAD_NEIGHBOURS = 4,
    KITH_I_FETCHED = 32 /* neighbours of a row: by the time of the rest, enough is under way */
};

/** Writes the nodes 0 to `nodes` - 1 in the order of a visit of all. */
static inline void kith_i_visiting_order(uint32_t *order, int64_t nodes, kith_i_random *random)
{
    const int64_t block = nodes <= KITH_I_SMALL_NODES ? 1 : KITH_I_VISITING_BLOCK;

    kith_i_random_block_order(order, nodes, block, random);
}

/** Call when node nodes[i] of `count` is next; `of_node` is what will be read of its neighbours. */
static inline void kith_i_prefetch_rows(const kith_graph *graph, const uint32_t *nodes, int64_t i,
                                        int64_t count, const uint32_t *of_node)
{
    if (i + KITH_I_AHEAD_OFFSET < count)
        KITH_I_PREFETCH(&graph->offsets[nodes[i + KITH_I_AHEAD_OFFSET]]);
    if (i + KITH_I_AHEAD_ROW < count) {
        const int64_t first = graph->offsets[nodes[i + KITH_I_AHEAD_ROW]];
        KITH_I_PREFETCH(&graph->targets[first]);
        KITH_I_PREFETCH(&graph->targets[first + 16]);
        if (graph->weights32) KITH_I_PREFETCH(&graph->weights32[first]);
        if (graph->weights64) KITH_I_PREFETCH(&graph->weights64[first]);
    }
    if (i + KITH_I_AHEAD_NEIGHBOURS < count) {
        const uint32_t v = nodes[i + KITH_I_AHEAD_NEIGHBOURS];
        const int64_t begin = graph->offsets[v], row = begin + KITH_I_FETCHED;
        const int64_t end = graph->offsets[v + 1] < row ? graph->offsets[v + 1] : row;
        for (int64_t e = begin; e < end; e++) KITH_I_PREFETCH(&of_node[graph->targets[e]]);
    }
}

#endif
