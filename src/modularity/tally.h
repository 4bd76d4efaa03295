/* A sparse accumulator: the weight from one node to each community next to it. One per thread. */
#ifndef KITH_MODULARITY_TALLY_H
#define KITH_MODULARITY_TALLY_H

#include "graph/view.h"

typedef struct kith_i_tally {
    double   *weight;  /* by community; 0 but for the touched ones */
    uint32_t *touched; /* communities in the order they were met */
    int64_t   count;
    int64_t   work; /* entries read, until somebody sets it back */
} kith_i_tally;

/** Tallies for `threads` threads, over labels below the number of nodes. */
kith_status kith_i_tallies_new(int threads, const kith_graph *graph, kith_i_tally **out,
                               kith_error *err);
void        kith_i_tallies_free(kith_i_tally *tallies, int threads);

static inline int64_t kith_i_tally_entries(kith_i_tally *t, const kith_graph *graph,
                                           const uint32_t *labels, uint32_t v, bool weighted)
{
    const int64_t begin = graph->offsets[v], end = graph->offsets[v + 1];
    const uint32_t *targets = graph->targets;
    double *weight = t->weight;
    uint32_t *touched = t->touched;
    int64_t count = 0;

    for (int64_t e = begin; e < end; e++) {
        const uint32_t u = targets[e], c = labels[u];
        const double before = weight[c];
        touched[count] = c;
        count += (before == 0) & (u != v);
        weight[c] = before + (u == v ? 0 : weighted ? kith_i_weight(graph, e) : 1);
    }
    t->work += end - begin + 1;
    return count;
}

/** Tallies the neighbours' labels of a node but for a loop. Without a branch on what is read: it
 *  would be mispredicted often. */
static inline void kith_i_tally_row(kith_i_tally *t, const kith_graph *graph,
                                    const uint32_t *labels, uint32_t v)
{
    t->count = kith_i_weighted(graph) ? kith_i_tally_entries(t, graph, labels, v, true)
                                      : kith_i_tally_entries(t, graph, labels, v, false);
}

#endif
