/* How the spectral methods begin and end: they work on the nodes that have edges, and what they
 * find becomes a partition, or an embedding, of all. */
#ifndef KITH_SPECTRAL_JOINED_H
#define KITH_SPECTRAL_JOINED_H

#include "graph/embedding.h"
#include "graph/partition.h"
#include "graph/view.h"
#include "linalg/eigen.h"

typedef struct kith_i_joined {
    const kith_graph *whole;
    const kith_graph *graph; /* its nodes with edges */
    kith_graph *own;         /* NULL: all nodes have edges */
    int64_t *nodes;          /* in the whole graph; NULL: the same */
} kith_i_joined;

/** Checks a graph and takes its nodes with edges; kith_i_joined_clear() it.
 *
 *  k        communities that are asked for, 0 where the method chooses: not more than such nodes
 *  returns  KITH_OK, KITH_E_ARGUMENT (k), KITH_E_UNSUPPORTED (a directed graph), KITH_E_INPUT (a
 *           negative weight), KITH_E_MEMORY, and what a run ends in
 */
kith_status kith_i_joined_take(const kith_graph *graph, int64_t k, kith_i_poll *poll,
                               kith_i_joined *out, kith_error *err);

void kith_i_joined_clear(kith_i_joined *joined);

/** The partition of the whole graph. A node without edges is a community of its own where the
 *  method chose their number, else unassigned.
 *
 *  labels  of the joined nodes, below their number
 *  chosen  the number of communities was the method's to choose
 */
kith_status kith_i_joined_partition(const kith_i_joined *joined, const uint32_t *labels,
                                    bool chosen, kith_i_poll *poll, kith_partition **out,
                                    kith_error *err);

/** The embedding of the whole graph: nodes without edges are at 0.
 *
 *  points  a row of d numbers for each joined node
 *  eigen   the spectrum to show
 *  gap     behind its value d; NaN: not known
 */
kith_status kith_i_joined_embedding(const kith_i_joined *joined, int64_t d, const double *points,
                                    const kith_i_eigen *eigen, double gap, kith_embedding **out,
                                    kith_error *err);

#endif
