/* Cuts of a whole graph in two along a vector, and recursive bisection by them. */
#ifndef KITH_LINALG_SWEEP_H
#define KITH_LINALG_SWEEP_H

#include "graph/view.h"

typedef enum kith_i_cut {
    KITH_I_CONDUCTANCE,   /* cut(S) / min(vol S, vol rest) */
    KITH_I_NORMALISED_CUT /* cut(S) / vol S + cut(S) / vol rest [Shi2000] */
} kith_i_cut;

typedef struct kith_i_sweep {
    double value;  /* of the measure; INFINITY where no cut has volume on both sides */
    double cut;    /* weight between the sides */
    double volume; /* of side 1: strengths, a loop counting twice */
    int64_t size;  /* nodes of side 1 */
} kith_i_sweep;

/** The best cut of nodes with small numbers in `vector` from those with large ones; equal ones are
 *  in the order of their ids.
 *
 *  graph    undirected, weights >= 0
 *  vector   one number for each node, none NaN
 *  side     one for each node, written: 1 for those with the larger numbers, else 0; all 0 where
 *           there is no cut
 *  returns  KITH_OK, KITH_E_MEMORY, and what a run ends in
 *
 *  O(n + m). One thread.
 */
kith_status kith_i_sweep_cut(const kith_graph *graph, const double *vector, kith_i_cut measure,
                             kith_i_poll *poll, uint32_t *side, kith_i_sweep *out, kith_error *err);

/** Writes a vector of the part to be cut along. The part is a graph of its own with at least two
 *  nodes; node i of it is nodes[i] of the whole. */
typedef kith_status (*kith_i_bisector)(void *self, const kith_graph *part, const int64_t *nodes,
                                       kith_i_poll *poll, double *vector, kith_error *err);

typedef struct kith_i_bisection {
    int64_t k;    /* parts at most */
    double limit; /* no cut is made whose measure is above it; INFINITY: k decides */
    kith_i_cut measure;
    kith_i_bisector bisect;
    void *self;
} kith_i_bisection;

/** Cuts the graph in two, then again and again that part whose best cut has the least measure
 *  within the part.
 *
 *  labels  one for each node, written: 0 to count - 1
 *  count   parts; at most k, fewer where no part can be cut (within the limit); 0 of no nodes
 *  first   the first cut that was looked at; may be NULL
 *
 *  O(n + m) for each cut at most, and what the vectors take: each part is asked for one.
 */
kith_status kith_i_bisect(const kith_graph *graph, const kith_i_bisection *how, kith_i_poll *poll,
                          uint32_t *labels, int64_t *count, kith_i_sweep *first, kith_error *err);

#endif
