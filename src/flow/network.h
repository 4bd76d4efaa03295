/* Where a random walk goes: how often it visits each node, and how much of it flows along each
 * link. The map equation needs no more of a graph than this. */
#ifndef KITH_FLOW_NETWORK_H
#define KITH_FLOW_NETWORK_H

#include "graph/view.h"

/** Flows in parts of the whole. Of the two directions of a link the sum is enough: a set of nodes
 *  is left and entered over the same links, and how much more it is left than entered is what its
 *  nodes are, added up. */
typedef struct kith_i_network {
    const kith_graph *graph; /* undirected; loops do not matter */
    kith_graph *own;         /* to be freed with it, or NULL */
    double scale;            /* of the graph's weights: scale w_uv flows from u to v or back */
    double *flow;            /* visits to each node, sum 1 */
    double *exit;            /* flow from each node to others */
    double *enter;           /* and back; == exit when the graph was undirected */
} kith_i_network;

/** The walk on a graph without negative weights. On a directed one it is PageRank's: with
 *  probability `teleportation` the walker goes on where a random arc begins, as it does where there
 *  is no arc to leave by; such steps are not counted as flow [Lambiotte2012]. (Infomap 2 lands
 *  there too, measured to 1e-16; where arcs end, as one also reads, all flow may be a sink's.)
 *
 *  out      cleared with kith_i_network_clear(), also on failure; borrows the graph
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 */
kith_status kith_i_network_init(const kith_graph *graph, double teleportation, kith_i_poll *poll,
                                kith_i_network *out, kith_error *err);

/** The network whose nodes are the modules, 0 .. modules - 1, of these labels. */
kith_status kith_i_network_coarsen(const kith_i_network *network, const uint32_t *labels,
                                   int64_t modules, int threads, kith_i_poll *poll,
                                   kith_i_network *out, kith_error *err);

void kith_i_network_clear(kith_i_network *network);

#endif
