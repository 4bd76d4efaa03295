/* Building a graph from edges in any order. */
#ifndef KITH_GRAPH_BUILD_H
#define KITH_GRAPH_BUILD_H

#include "graph/view.h"

/** Edges as readers and generators collect them. */
typedef struct kith_i_edges {
    int64_t   nodes;             /* more than the largest id: whoever fills this has checked */
    int64_t   count;
    uint32_t *sources, *targets; /* from kith_i_alloc() */
    double   *weights;           /* NULL: all 1. Finite, and signed only where the options allow */
    bool      matrix;            /* entries of a matrix, which is undirected when it is symmetric */
} kith_i_edges;

void kith_i_edges_clear(kith_i_edges *edges);

/** The graph of the edges, whose arrays are freed and set to NULL whatever it returns.
 *
 *  names    one per node, shared on success; NULL: none
 *  returns  KITH_OK, KITH_E_INPUT (a repeated edge that is refused, a matrix that is not
 *  symmetric), KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 */
kith_status kith_i_graph_build(kith_i_edges *edges, const kith_graph_options *options,
                               kith_i_poll *poll, kith_i_names *names, kith_graph **out,
                               kith_error *err);

/** Weights as they are stored: none when all are 1, floats where those are exact. *weights is freed
 *  and set to NULL when it is replaced. */
kith_status kith_i_narrow_weights(double **weights, int64_t count, kith_i_poll *poll,
                                  float **narrow, kith_error *err);

/** Makes a graph that was built as a directed one undirected when its adjacency is symmetric; fails
 *  when it is not and KITH_UNDIRECTED was asked. Before the graph is shared. */
kith_status kith_i_graph_settle(kith_graph *graph, kith_direction direction, kith_i_poll *poll,
                                kith_error *err);

/** For kith_i_options_read(). */
extern const kith_options_spec kith_i_graph_options_spec;

#endif
