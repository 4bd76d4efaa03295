/* The largest flow from a source to a sink through an undirected network, and the least cut.
 *
 * Nodes are slots; source and sink are none of them: a node has a supply, which is the capacity of
 * the arc from the source to it, and a demand, that of its arc to the sink. Edges carry their
 * capacity either way. Everything may grow between runs, nodes, edges, demands and the scale of all
 * edges, and a run goes on from the flow of the one before. */
#ifndef KITH_LOCAL_MAXFLOW_H
#define KITH_LOCAL_MAXFLOW_H

#include "core/base.h"

/** One direction of an edge; the other is the arc whose number differs in the last bit. */
typedef struct kith_i_arc {
    uint32_t to;
    uint32_t next; /* of the same tail */
    double   residual;
} kith_i_arc;

/** The arc between a node and the source or the sink. */
typedef struct kith_i_terminal {
    double capacity, residual;
} kith_i_terminal;

typedef struct kith_i_maxflow {
    int64_t          count, room; /* nodes */
    uint32_t        *first;       /* arc of each node */
    uint32_t        *current;     /* the arc to be tried next */
    uint32_t        *level;       /* steps from the source; UINT32_MAX: not reached */
    kith_i_terminal *supply, *demand;
    uint32_t        *queue; /* nodes in the order in which the source reached them */
    uint32_t        *path;  /* arcs */
    uint32_t        *sources; /* nodes with a supply */
    int64_t          source_count;

    int64_t     arcs, arc_room;
    kith_i_arc *arc;
    double     *weight; /* by edge */

    double  scale;    /* capacity of an edge of weight 1; 1 at first */
    double  supplies; /* sum of the supplies */
    double  value;    /* of the flow */
    int64_t reached;  /* after a run: queue[0 .. reached - 1] is the source side of a least cut,
                       * and part of every other one */
} kith_i_maxflow;

/** As many nodes as that, the new ones without arcs. A network begins as { 0 }. */
kith_status kith_i_maxflow_nodes(kith_i_maxflow *net, int64_t count, kith_error *err);

/** Adds to the supply of a node, >= 0. All supplies come before the first edge. */
void kith_i_maxflow_supply(kith_i_maxflow *net, uint32_t node, double amount);

/** Adds to the demand of a node, >= 0. What is above all supplies acts as twice as much as they
 *  are; the same holds for the capacities of edges. So nothing overflows. */
void kith_i_maxflow_demand(kith_i_maxflow *net, uint32_t node, double amount);

/** An edge between two nodes of capacity weight * scale in both directions.
 *
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_UNSUPPORTED (more than 2^31 - 1 edges)
 */
kith_status kith_i_maxflow_edge(kith_i_maxflow *net, uint32_t a, uint32_t b, double weight,
                                kith_error *err);

/** A new scale, not below the last one. O(edges). */
void kith_i_maxflow_rescale(kith_i_maxflow *net, double scale);

/** Augments the flow until it is largest: Dinic's algorithm. What is left of a capacity counts as
 *  nothing when it is below 1e-9 of it.
 *
 *  returns  KITH_OK, KITH_E_CANCELLED or KITH_E_TIME (the flow is one, but not the largest)
 *
 *  At most one phase, O(nodes edges) and in practice O(edges), per length of a shortest path.
 *  Dinitz (1970), doi:10.1007/11685654_10 (as told in 2006)
 */
kith_status kith_i_maxflow_run(kith_i_maxflow *net, kith_i_poll *poll, kith_error *err);

void kith_i_maxflow_clear(kith_i_maxflow *net);

#endif
