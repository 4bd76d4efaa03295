/* The graph of communities, for the multilevel scheme. */
#ifndef KITH_GRAPH_COARSEN_H
#define KITH_GRAPH_COARSEN_H

#include "graph/view.h"

/** kith_graph_coarsen() on internal labels, 0 .. communities - 1; not checked. Its rows are in no
 *  order, and the two weights of an undirected edge may differ in their last bits: the multilevel
 *  scheme does without either.
 *
 *  returns KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 */
kith_status kith_i_graph_coarsen(const kith_graph *graph, const uint32_t *labels,
                                 int64_t communities, int threads, kith_i_poll *poll,
                                 kith_graph **out, kith_error *err);

#endif
