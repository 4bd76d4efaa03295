/* Kith: bipartite label propagation.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_LPAWB_PLUS_H
#define KITH_LPAWB_PLUS_H

#include "kith/attributes.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_lpawb_plus_options {
    kith_run run;
    const kith_bipartite *bipartite; /* whose graph is given; NULL: the adjacency of the graph is
                                        the biadjacency. Borrowed */
    double  resolution; /* gamma; >= 0 */
    int64_t starts;     /* further runs from so many random labellings with each number of labels,
                           from 4 to that of the first run; 0: the first run alone */
} kith_lpawb_plus_options;

#define KITH_LPAWB_PLUS_OPTIONS_INIT                                                               \
    { .run = KITH_RUN_INIT(kith_lpawb_plus_options), .resolution = 1.0 }

/** Communities of high Barber modularity (see kith/graphhash.h) by label propagation between rows
 *  and columns, and merging of communities until none gains (LPAwb+); with `starts`, the best of
 *  many runs (DIRTLPAwb+, which has 10).
 *
 *  graph    kith_bipartite_graph() of the option, or any graph; weights finite, >= 0
 *  options  NULL: defaults
 *  out      as of kith_graphhash(); iterations are those of the run that is given
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with the best partition so far. O(m) time per round of propagation or of
 *  merging; with `starts`, times that and the number of communities. O(n + m) memory. One thread.
 *  Beckett (2016), doi:10.1098/rsos.140536; Liu, Murata (2010), doi:10.1016/j.physleta.2009.12.039
 */
KITH_API kith_status kith_lpawb_plus(const kith_graph *graph,
                                     const kith_lpawb_plus_options *options, kith_partition **out,
                                     kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
