/* The closed neighbourhoods of all nodes as sets: size, volume, cut. */
#ifndef KITH_LOCAL_NEIGHBOURHOODS_H
#define KITH_LOCAL_NEIGHBOURHOODS_H

#include "core/poll.h"
#include "graph/view.h"

/** volume[v] and cut[v] of v and its neighbours; n numbers each.
 *
 *  O(m + sum over edges of the lesser degree) time, the listing of triangles; O(n + m) memory. */
kith_status kith_i_neighbourhoods(const kith_graph *graph, double *volume, double *cut,
                                  kith_i_poll *poll, kith_error *err);

#endif
