/* Splitting communities into connected parts, which never lowers modularity, CPM or RB. */
#ifndef KITH_MODULARITY_SPLIT_H
#define KITH_MODULARITY_SPLIT_H

#include "graph/view.h"

/** Gives every connected part of a community a number of its own: 0 .. *parts - 1, by lowest node.
 *
 *  graph   each edge in the rows of both its ends
 *  labels  any numbers; `parts_of` may be the same array
 *  others  a second partition, whose communities are split as well; NULL: none
 *
 *  O(n + m) time, O(n) memory.
 */
kith_status kith_i_split_disconnected(const kith_graph *graph, const uint32_t *labels,
                                      const uint32_t *others, uint32_t *parts_of, int64_t *parts,
                                      kith_error *err);

#endif
