/* Bipartite graphs, for the readers that make them. */
#ifndef KITH_GRAPH_BIPARTITE_H
#define KITH_GRAPH_BIPARTITE_H

#include "kith/attributes.h"

#include "graph/build.h"

/** kith_bipartite_from_edges() on edges from a row (source) to a column (target), each counted from
 *  0, whose arrays are freed and set to NULL whatever it returns. edges->nodes is not read.
 *
 *  names    of the rows, then of the columns; shared on success; NULL: none
 *  returns  as kith_i_graph_build(), and KITH_E_UNSUPPORTED for too many nodes
 */
kith_status kith_i_bipartite_build(kith_i_edges *edges, int64_t rows, int64_t columns,
                                   const kith_graph_options *options, kith_i_poll *poll,
                                   kith_i_names *names, kith_bipartite **out, kith_error *err);

#endif
