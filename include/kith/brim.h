/* Kith: BRIM, bipartite recursively induced modules.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_BRIM_H
#define KITH_BRIM_H

#include "kith/attributes.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_brim_options {
    kith_run run;
    const kith_bipartite *bipartite; /* whose graph is given; NULL: the adjacency of the graph is
                                        the biadjacency. Borrowed */
    int64_t k;          /* at most so many communities; 0: as many as raise Q */
    double  resolution; /* gamma; >= 0 */
} kith_brim_options;

#define KITH_BRIM_OPTIONS_INIT { .run = KITH_RUN_INIT(kith_brim_options), .resolution = 1.0 }

/** Communities of high Barber modularity (see kith/graphhash.h): columns choose among the
 *  communities of the rows, then rows among those of the columns, until Q rises no more. The number
 *  of communities is doubled, at random, as long as Q rises with it, and then bisected.
 *
 *  graph    kith_bipartite_graph() of the option, or any graph; weights finite, >= 0
 *  options  NULL: defaults
 *  out      as of kith_graphhash()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with the best partition so far. O(m) time per round, O(n + m) memory. It is
 *  fast and simple; kith_graphhash() finds higher Q.
 *  Barber (2007), doi:10.1103/PhysRevE.76.066102
 */
KITH_API kith_status kith_brim(const kith_graph *graph, const kith_brim_options *options,
                               kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
