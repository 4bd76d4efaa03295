/* Walking rows of nodes that lie anywhere: what the next ones need is asked for ahead of time.
 *
 * A visit misses the cache at the row's offset, at the row, and at the label of each neighbour, and
 * each of these addresses is read from the one before. So they are fetched in three stages, some
 * nodes apart; random orders then cost little more than the order of the ids. */
#ifndef KITH_GRAPH_PREFETCH_H
#define KITH_GRAPH_PREFETCH_H

#include "graph/view.h"

enum {
    KITH_I_AHEAD_OFFSET = 64,
    KITH_I_AHEAD_ROW = 32,
    KITH_I_AHEAD_LABELS = 8,
    KITH_I_AHEAD_MOST = 64   /* entries of a row; longer ones hide their own latency */
};

/** Where the part of a row that is worth fetching ends. */
static inline int64_t kith_i_prefetch_end(const kith_graph *graph, uint32_t node)
{
    const int64_t begin = graph->offsets[node], end = graph->offsets[node + 1];

    return end - begin < KITH_I_AHEAD_MOST ? end : begin + KITH_I_AHEAD_MOST;
}

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

/** The same, and the labels of their neighbours. `labels` is any array by node of 32-bit numbers.
 */
static inline void kith_i_prefetch_labels(const kith_graph *graph, const uint32_t *labels,
                                          const uint32_t *nodes, int64_t i, int64_t count)
{
    kith_i_prefetch_rows(graph, nodes, i, count);
    if (i + KITH_I_AHEAD_LABELS < count) {
        const uint32_t v = nodes[i + KITH_I_AHEAD_LABELS];
        const int64_t end = kith_i_prefetch_end(graph, v);
        __builtin_prefetch(&labels[v]);
        for (int64_t e = graph->offsets[v]; e < end; e++)
            __builtin_prefetch(&labels[graph->targets[e]]);
    }
}

#endif
