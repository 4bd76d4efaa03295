/* Graphs in npz archives: those of scipy.sparse.save_npz, and the graph file, which is one of them
 * with members of our own. An archive that Kith wrote and nobody compressed is used as it lies. */
#ifndef KITH_IO_NPZ_GRAPH_H
#define KITH_IO_NPZ_GRAPH_H

#include "io/input.h"

/** Reads a graph; the archive is taken out of the input.
 *
 *  A graph that is used where it lies is unchecked: see kith_graph_check(). `poll` is the input's.
 *
 *  returns  as kith_graph_read()
 */
kith_status kith_i_npz_graph_read(kith_i_input *input, const kith_read_options *options,
                                  kith_i_poll *poll, kith_graph **out, kith_error *err);

/** Writes a graph.
 *  returns KITH_OK, KITH_E_IO, KITH_E_MEMORY, KITH_E_INPUT (it lies in a damaged file) */
kith_status kith_i_npz_graph_write(const kith_graph *graph, kith_output *output, kith_error *err);

#endif
