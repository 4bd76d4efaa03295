/* Kith: Leiden.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_LEIDEN_H
#define KITH_LEIDEN_H

#include "kith/graph.h"
#include "kith/objective.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_leiden_options {
    kith_run run;
    int      objective;             /* a kith_objective */
    double   resolution;            /* gamma in [Traag2019 eq. 1]; >= 0 */
    double randomness; /* theta in [Traag2019 alg. A.2], in units of edge weight; > 0 */
    int64_t  iterations;            /* cap on iterations; 0: to stability. Past four there is
                                       little to gain: .002 on com-dblp, for twice the time */
    double tolerance; /* least gain of an iteration that is worth another; of Q, or of H
                         per edge weight. Not used with iterations = 0 */
    int64_t restarts; /* more runs from scratch, each combined with the best so far, which stays
                         unless bettered. Each costs three iterations; a time limit ends them */
    int64_t batches;  /* local moving in that many batches, each evaluated in parallel;
                         0: chosen by the size of the graph */
    int64_t  max_community_size;    /* nodes; 0: no limit */
    const double         *node_sizes; /* n_i of CPM and RB, finite, >= 0; NULL: 1. Borrowed */
    const kith_partition *initial;  /* warm start, borrowed; NULL: singletons */
} kith_leiden_options;

#define KITH_LEIDEN_OPTIONS_INIT                                                                   \
    { .run = KITH_RUN_INIT(kith_leiden_options), .resolution = 1.0, .randomness = 0.01,            \
      .iterations = 4, .tolerance = 1e-4 }

/** Communities of maximal quality (kith_objective), each of them connected.
 *
 *  graph    weights finite, >= 0, dimensionless; directed: modularity only
 *  options  NULL: defaults
 *  out      one label per node; free with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with the best partition so far. O(m) time per iteration, O(n + m) memory.
 *  The same options and seed give the same partition on any number of threads. Traag, Waltman, van
 *  Eck (2019), doi:10.1038/s41598-019-41695-z
 */
KITH_API kith_status kith_leiden(const kith_graph *graph, const kith_leiden_options *options,
                                 kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
