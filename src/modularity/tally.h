/* The weight from one node to each label next to it. One tally per thread.
 *
 * In general weights are added up in an array by label. On a large graph an entry of it is seldom
 * in the cache, so there the neighbours of a short row, if edges have no weights, are counted by
 * comparing their labels with one another, in vector registers. */
#ifndef KITH_MODULARITY_TALLY_H
#define KITH_MODULARITY_TALLY_H

#include "graph/view.h"

enum {
    KITH_I_SHORT_ROW = 64,   /* neighbours: a bit of a word each */
    KITH_I_AHEAD_LABEL = 16, /* entries of a long row by which its labels are fetched ahead, */
    KITH_I_AHEAD_WEIGHT = 8  /* and by which their weights are */
};

/** The labels next to a node, each once, in the order they were met, and the weight to each. */
typedef struct kith_i_near {
    uint32_t *labels;
    double   *weights;
    int64_t   count;
    double    own; /* the weight to the node's own label, which is not among them */
} kith_i_near;

/** Counts the first `length` of KITH_I_SHORT_ROW labels, without the one whose bit is `loop`. */
typedef void (*kith_i_short_row)(const uint32_t *row, int64_t length, uint64_t loop, uint32_t own,
                                 kith_i_near *near);

typedef struct kith_i_tally {
    kith_i_near near[2];  /* so that a node may wait for memory while the next is tallied */
    double     *by_label; /* 0 between two rows */
    int64_t     work;     /* entries read, until somebody sets it back */
    kith_i_short_row count_short; /* NULL: short rows are as long ones */
} kith_i_tally;

/** Tallies for `threads` threads, over labels below the number of nodes. */
kith_status kith_i_tallies_new(int threads, const kith_graph *graph, kith_i_tally **out,
                               kith_error *err);
void        kith_i_tallies_free(kith_i_tally *tallies, int threads);

/* Without a branch on what is read: it would be mispredicted often. */
static inline void kith_i_tally_long(kith_i_tally *t, const kith_graph *graph,
                                     const uint32_t *labels, uint32_t v, bool weighted,
                                     kith_i_near *near)
{
    const int64_t begin = graph->offsets[v], end = graph->offsets[v + 1];
    const uint32_t *targets = graph->targets, own = labels[v];
    double *by_label = t->by_label;
    uint32_t *met = near->labels;
    int64_t count = 0, others = 0;

    for (int64_t e = begin; e < end; e++) {
        const uint32_t u = targets[e], c = labels[u];
        if (e + KITH_I_AHEAD_LABEL < end) {
            KITH_I_PREFETCH(&labels[targets[e + KITH_I_AHEAD_LABEL]]);
            KITH_I_PREFETCH(&by_label[labels[targets[e + KITH_I_AHEAD_WEIGHT]]]);
        }
        const double before = by_label[c];
        met[count] = c;
        count += (before == 0) & (u != v);
        by_label[c] = before + (u == v ? 0 : weighted ? kith_i_weight(graph, e) : 1);
    }
    near->own = by_label[own];
    for (int64_t i = 0; i < count; i++) {
        const uint32_t c = met[i];
        met[others] = c;
        near->weights[others] = by_label[c];
        others += c != own;
        by_label[c] = 0;
    }
    near->count = others;
}

static inline void kith_i_tally_short(kith_i_tally *t, const kith_graph *graph,
                                      const uint32_t *labels, uint32_t v, kith_i_near *near)
{
    const int64_t begin = graph->offsets[v], length = graph->offsets[v + 1] - begin;
    uint32_t row[KITH_I_SHORT_ROW];
    uint64_t loop = 0;

    for (int64_t i = 0; i < length; i++) {
        const uint32_t u = graph->targets[begin + i];
        row[i] = labels[u];
        loop |= (uint64_t)(u == v) << i;
    }
    t->count_short(row, length, loop, labels[v], near);
}

/** Tallies the neighbours' labels of a node but for a loop. */
static inline void kith_i_tally_row(kith_i_tally *t, const kith_graph *graph,
                                    const uint32_t *labels, uint32_t v, kith_i_near *near)
{
    const int64_t length = kith_i_degree(graph, v);

    if (kith_i_weighted(graph)) kith_i_tally_long(t, graph, labels, v, true, near);
    else if (length > KITH_I_SHORT_ROW || !t->count_short)
        kith_i_tally_long(t, graph, labels, v, false, near);
    else kith_i_tally_short(t, graph, labels, v, near);
    t->work += length + 1;
}

#endif
