/* A sparse accumulator: the weight from one node to each community next to it. One per thread. */
#ifndef KITH_MODULARITY_TALLY_H
#define KITH_MODULARITY_TALLY_H

#include "graph/view.h"

typedef struct kith_i_tally {
    double   *weight;  /* by community; 0 but for the touched ones */
    uint32_t *touched; /* communities in the order they were met */
    int64_t   count;
} kith_i_tally;

/** Tallies for `threads` threads over community numbers below `nodes`. */
kith_status kith_i_tallies_new(int threads, int64_t nodes, kith_i_tally **out, kith_error *err);
void        kith_i_tallies_free(kith_i_tally *tallies, int threads);

static inline void kith_i_tally_add(kith_i_tally *t, uint32_t community, double weight)
{
    const double before = t->weight[community];

    t->touched[t->count] = community; /* without a branch, which would be mispredicted often */
    t->count += before == 0;
    t->weight[community] = before + weight;
}

static inline void kith_i_tally_clear(kith_i_tally *t)
{
    for (int64_t i = 0; i < t->count; i++) t->weight[t->touched[i]] = 0;
    t->count = 0;
}

/** Tallies the edges of `node` by the label of their other end; loops are left out. */
static inline void kith_i_tally_row(kith_i_tally *t, const kith_graph *graph,
                                    const uint32_t *labels, uint32_t node)
{
    const int64_t begin = graph->offsets[node], end = graph->offsets[node + 1];
    const uint32_t *target = graph->targets;

    if (graph->weights64) {
        for (int64_t e = begin; e < end; e++)
            if (target[e] != node) kith_i_tally_add(t, labels[target[e]], graph->weights64[e]);
    } else if (graph->weights32) {
        for (int64_t e = begin; e < end; e++)
            if (target[e] != node)
                kith_i_tally_add(t, labels[target[e]], (double)graph->weights32[e]);
    } else {
        for (int64_t e = begin; e < end; e++)
            if (target[e] != node) kith_i_tally_add(t, labels[target[e]], 1.0);
    }
}

#endif
