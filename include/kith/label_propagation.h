/* Kith: label propagation.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_LABEL_PROPAGATION_H
#define KITH_LABEL_PROPAGATION_H

#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_label_propagation_options {
    kith_run run;
    int64_t  iterations; /* cap on sweeps; 0: until every node has a label of maximal weight */
    int64_t batches; /* a sweep in that many batches, each evaluated in parallel; 0: chosen by the
                        size of the graph */
    int64_t  max_community_size;   /* nodes; 0: no limit */
    const kith_partition *initial; /* warm start, borrowed; NULL: singletons */
} kith_label_propagation_options;

#define KITH_LABEL_PROPAGATION_OPTIONS_INIT                                                        \
    { .run = KITH_RUN_INIT(kith_label_propagation_options), .iterations = 100 }

/** Communities in which every node carries the label that weighs most among its neighbours. Labels
 *  are set one after another in random order, ties are drawn by a hash of (seed, node, label), and
 *  a label whose nodes are not connected is split at the end.
 *
 *  graph    weights finite, >= 0; arcs of a directed one count both ways
 *  options  NULL: defaults
 *  out      one label per node, no quality (NaN); free with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  O(m) time per sweep, O(n) memory.
 *  Raghavan, Albert, Kumara (2007), doi:10.1103/PhysRevE.76.036106
 */
KITH_API kith_status kith_label_propagation(const kith_graph *graph,
                                            const kith_label_propagation_options *options,
                                            kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
