/* How the attributed methods begin and end: what they are given is checked; labels become a
 * partition, by the rule for nodes that nothing is known of. */
#ifndef KITH_ATTRIBUTED_SETTLE_H
#define KITH_ATTRIBUTED_SETTLE_H

#include "graph/embedding.h"
#include "graph/features.h"
#include "graph/partition.h"
#include "graph/view.h"

/** What they all ask for: an undirected graph, no negative weight, a row of features for each node.
 *  returns KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED, KITH_E_CANCELLED */
kith_status kith_i_attributed_check(const kith_graph *graph, const kith_features *features,
                                    kith_i_poll *poll, kith_error *err);

/** The same for features of the first `nodes` nodes alone: of one side. */
kith_status kith_i_attributed_check_side(const kith_graph *graph, int64_t nodes,
                                         const kith_features *features, kith_i_poll *poll,
                                         kith_error *err);

/** Whether a node has neither edges nor features. */
static inline bool kith_i_blank(const kith_graph *graph, const bool *empty, int64_t node)
{
    return empty[node] && kith_i_degree(graph, node) == 0;
}

/** The partition of the labels of the first `nodes` nodes. A node that is blank, or has label -1,
 *  is a community of its own where the method chose their number, and unassigned otherwise.
 *
 *  empty    of each node: whether it has no features
 *  labels   each below `nodes`
 *  chosen   the number of communities was the method's to choose
 */
kith_status kith_i_settle(const kith_graph *graph, int64_t nodes, const bool *empty,
                          const int64_t *labels, bool chosen, kith_i_poll *poll,
                          kith_partition **out, kith_error *err);

/** The same for labels that argmax rounding finds among points (linalg/rounding.h); points NULL, or
 *  of no dimension: one label. Iterations are the rounds; the gap of the points is a figure. */
kith_status kith_i_round_and_settle(const kith_graph *graph, int64_t nodes, const bool *empty,
                                    const kith_embedding *points, bool chosen, int64_t rounds,
                                    int threads, kith_i_poll *poll, kith_partition **out,
                                    kith_error *err);

#endif
