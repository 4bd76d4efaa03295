/* Kith: Markov clustering (MCL).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_MARKOV_H
#define KITH_MARKOV_H

#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_markov_options {
    kith_run run;
    double   inflation;  /* r; >= 1.01. Higher: smaller communities */
    double threshold; /* entries of the expanded flow below it are dropped, the largest of a column
                         aside; 0 to 1 */
    int64_t  max_entries; /* of a column after pruning; the largest stay */
    int64_t  iterations; /* cap; >= 1 */
} kith_markov_options;

#define KITH_MARKOV_OPTIONS_INIT                                                                   \
    { .run = KITH_RUN_INIT(kith_markov_options), .inflation = 2.0, .threshold = 1e-4,              \
      .max_entries = 1000, .iterations = 100 }

/** Communities as the attractors of a flow that expands (squaring of the column-stochastic matrix)
 *  and inflates (entries to the power r, columns rescaled) in turn, on GraphBLAS.
 *
 *  graph    weights finite, >= 0; arcs of a directed one count both ways. A node without a loop
 *  gets one as heavy as its heaviest edge options  NULL: defaults out      one label per node, no
 *  quality (NaN); free with kith_partition_free() returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT,
 *  KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  A node belongs where most of its flow ends, ties to the place of the lowest node. A time limit
 *  ends it with the flow of the last whole iteration, and is KITH_E_TIME before there is one. The
 *  same options give the same partition on any number of threads; nothing is random. O(n e^2) time
 *  per iteration for e entries per column, O(n e^2) memory at worst. van Dongen (2000), Graph
 *  Clustering by Flow Simulation, PhD thesis, University of Utrecht
 */
KITH_API kith_status kith_markov(const kith_graph *graph, const kith_markov_options *options,
                                 kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
