/* Barber modularity: that of communities that hold rows and columns of a biadjacency matrix B.
 *
 *   Q = 1/w sum_k ( e_k - gamma D_k F_k / w )                                      [Barber2007]
 *
 * w is the sum of B, e_k what joins the rows and the columns of k, D_k and F_k are the strengths of
 * its rows and of its columns. It is the directed modularity of the matrix with B above the
 * diagonal alone [Leicht2008]: rows have strength outwards, columns inwards. */
#ifndef KITH_MODULARITY_BARBER_H
#define KITH_MODULARITY_BARBER_H

#include "kith/attributes.h"

#include "graph/partition.h"
#include "modularity/objective.h"

/** A biadjacency matrix as a graph of its rows and columns, column j being node rows + j. */
typedef struct kith_i_sides {
    const kith_graph *graph;
    int64_t           rows;
    double            weight;   /* w */
    double           *strength; /* of each node: d of rows, f of columns */
    bool              whole;    /* columns are to be labelled too */
    kith_bipartite   *owned;
} kith_i_sides;

/** The sides that an algorithm with an option `bipartite` is given: those of it, whose graph
 *  `graph` then is, or without it the adjacency of the graph, each node being a row and a column,
 *  of which the rows are labelled. Free with kith_i_sides_clear(). Leaves a time limit to later
 *  polls.
 *  returns KITH_OK, KITH_E_ARGUMENT (another graph), KITH_E_INPUT, KITH_E_UNSUPPORTED,
 *          KITH_E_MEMORY, KITH_E_CANCELLED
 */
kith_status kith_i_sides_init(const kith_graph *graph, const kith_bipartite *bipartite,
                              kith_i_poll *poll, kith_i_sides *out, kith_error *err);
void        kith_i_sides_clear(kith_i_sides *sides);

/** kith_i_objective_init() for Barber modularity. */
kith_status kith_i_barber_init(const kith_i_sides *sides, double resolution, kith_i_objective *out,
                               kith_i_level *level, kith_error *err);

/** Q of labels below the number of nodes, each node having one. NaN without edges.
 *  returns KITH_OK, KITH_E_MEMORY. O(n + m). */
kith_status kith_i_barber(const kith_i_sides *sides, const uint32_t *labels, double resolution,
                          double *out, kith_error *err);

/** The partition that labels of all nodes make of what is to be labelled, with the number of
 *  communities on each side as figures. */
kith_status kith_i_sides_partition(const kith_i_sides *sides, const uint32_t *labels,
                                   kith_i_poll *poll, kith_partition **out, kith_error *err);

#endif
