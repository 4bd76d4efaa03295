/* A sparse accumulator: the weight from one node to each community next to it. One per thread.
 *
 * Rows are tallied in groups. First the labels of all neighbours are copied one behind the other,
 * and the places where they will be tallied are fetched; then each row is tallied from the copy. So
 * the many misses of the cache overlap: in one go, a row would wait for its labels, then for the
 * weights of these labels, and only then the next row would begin. None of the loops has a branch
 * that depends on what is read, since those would be mispredicted often. */
#ifndef KITH_MODULARITY_TALLY_H
#define KITH_MODULARITY_TALLY_H

#include "graph/view.h"

enum {
    KITH_I_TALLY_ROWS = 32,      /* in a group */
    KITH_I_TALLY_ENTRIES = 4096, /* in a group of several rows: what the first cache holds */
};

typedef struct kith_i_tally {
    double   *weight;  /* by community; 0 but for the touched ones */
    uint32_t *touched; /* communities in the order they were met */
    int64_t   count;
    int64_t   work; /* entries read, until somebody sets it back */

    /* The group: of each entry but loops the label and, unless all are 1, the weight. */
    uint32_t *label;
    double   *entry_weight;
    int64_t   end[KITH_I_TALLY_ROWS]; /* of each row */
} kith_i_tally;

/** Tallies for `threads` threads, over labels below the number of nodes. */
kith_status kith_i_tallies_new(int threads, const kith_graph *graph, kith_i_tally **out,
                               kith_error *err);
void        kith_i_tallies_free(kith_i_tally *tallies, int threads);

/** Reads the rows of the first of `count` nodes, as many as make a group; returns that number. */
static inline int64_t kith_i_tally_gather(kith_i_tally *t, const kith_graph *graph,
                                          const uint32_t *labels, const uint32_t *nodes,
                                          int64_t count)
{
    const double *weight = t->weight;
    int64_t rows = 0, filled = 0;

    do {
        const uint32_t v = nodes[rows];
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const uint32_t u = graph->targets[e], c = labels[u];
            __builtin_prefetch(&weight[c]);
            t->label[filled] = c;
            if (t->entry_weight) t->entry_weight[filled] = kith_i_weight(graph, e);
            filled += u != v;
        }
        t->end[rows++] = filled;
        t->work += kith_i_degree(graph, v) + 1;
    } while (rows < count && rows < KITH_I_TALLY_ROWS &&
             filled + kith_i_degree(graph, nodes[rows]) <= KITH_I_TALLY_ENTRIES);
    return rows;
}

/** Tallies row `i` of the group. */
static inline void kith_i_tally_row(kith_i_tally *t, int64_t i)
{
    const uint32_t *label = t->label;
    const double *entry_weight = t->entry_weight;
    double *weight = t->weight;
    uint32_t *touched = t->touched;
    int64_t count = 0;

    for (int64_t e = i ? t->end[i - 1] : 0; e < t->end[i]; e++) {
        const uint32_t c = label[e];
        const double before = weight[c];
        touched[count] = c;
        count += before == 0;
        weight[c] = before + (entry_weight ? entry_weight[e] : 1);
    }
    t->count = count;
}

#endif
