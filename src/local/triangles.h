/* The graph of triangles: an edge weighs as much as triangles go through it. */
#ifndef KITH_LOCAL_TRIANGLES_H
#define KITH_LOCAL_TRIANGLES_H

#include "local/reach.h"

/** Triangles through the edge (u, v): the neighbours that u and v have in common, loops aside. */
int64_t kith_i_triangles_through(const kith_graph *graph, uint32_t u, uint32_t v);

/** Polls while it counts; what the weighing borrows. */
typedef struct kith_i_triangles {
    const kith_graph *graph;
    kith_i_poll      *poll;
    int64_t           work; /* entries looked at since the last poll; 0 at first */
} kith_i_triangles;

/** The weighing, lazy: rows are weighed when they are walked, from the rows of the neighbours. */
kith_i_weighing kith_i_triangles_weighing(kith_i_triangles *triangles);

/** The volume of the graph of triangles, six for each. Checks the graph; O(sum over edges of the
 *  degrees of both ends) at most.
 *
 *  returns  KITH_OK, KITH_E_INPUT (a damaged file), KITH_E_CANCELLED, KITH_E_TIME
 */
kith_status kith_i_triangles_volume(kith_i_triangles *triangles, double *volume, kith_error *err);

#endif
