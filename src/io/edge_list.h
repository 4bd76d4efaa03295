/* Edge lists: one edge per line, two node ids or names and perhaps a weight. */
#ifndef KITH_IO_EDGE_LIST_H
#define KITH_IO_EDGE_LIST_H

#include "graph/names.h"
#include "io/input.h"

/** The edges of a file. In a bipartite list the first ids are of rows and the second of columns,
 *  both counted from 0; else both are of one set of nodes. */
typedef struct kith_i_edge_list {
    int64_t rows, columns; /* how many there are; the same number, of nodes, unless bipartite */
    int64_t       count;
    uint32_t     *row_ids, *column_ids;
    double       *weights;                  /* finite; NULL: all 1 */
    kith_i_names *row_names, *column_names; /* NULL: ids. The same table unless bipartite */
    bool          directed;                 /* says a comment that Kith wrote */
} kith_i_edge_list;

/** Reads a list of edges. Of the options it heeds ids, the limits, the run (its threads) and
 *  signed_weights, without which a negative weight is an error. The input's poll is asked.
 *
 *  out      to be cleared by kith_i_edge_list_clear()
 *  returns  KITH_OK, KITH_E_INPUT, KITH_E_IO, KITH_E_MEMORY, and what polling returns
 */
kith_status kith_i_edge_list_read(kith_i_input *input, const kith_read_options *options,
                                  bool bipartite, kith_i_edge_list *out, kith_error *err);
void        kith_i_edge_list_clear(kith_i_edge_list *list);

/** The edges as a graph. */
kith_status kith_i_edge_list_graph(kith_i_input *input, const kith_read_options *options,
                                   kith_graph **out, kith_error *err);

/** Writes a graph so that kith_i_edge_list_graph() gives the same graph: below a comment with the
 *  number of nodes (and their names), one edge per line. */
kith_status kith_i_edge_list_write(const kith_graph *graph, kith_output *output, kith_error *err);

#endif
