/* Kith: spectral clustering of graphs whose edges are repeated events.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_TEMPORAL_SPECTRAL_H
#define KITH_TEMPORAL_SPECTRAL_H

#include "kith/spectral.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a pair of nodes weighs whose events weigh w together. */
typedef enum kith_repeats {
    KITH_REPEATS_LOGARITHM, /* log(1 + w) */
    KITH_REPEATS_ONCE,      /* 1 */
    KITH_REPEATS_SUM        /* w */
} kith_repeats;

typedef struct kith_temporal_spectral_options {
    kith_spectral_options spectral;
    int repeats; /* a kith_repeats */
} kith_temporal_spectral_options;

#define KITH_TEMPORAL_SPECTRAL_OPTIONS_INIT                                                        \
    { .spectral = { .run = KITH_RUN_INIT(kith_temporal_spectral_options), .restarts = 20,          \
                    .tau = 1, .most = 20, .tolerance = 1e-6 } }

/** Communities of nodes over a history of events: kith_spectral() on the graph of pairs that meet,
 *  in which who meets a hundred times does not count a hundred times as much. It needs no training,
 *  and does as well as methods that do where it was compared.
 *
 *  graph    undirected; an edge weighs what the events of its pair do together, as
 *           kith_graph_read() makes it of events (kith_times): their number, or less where older
 *           ones fade
 *  options  NULL: defaults
 *  out      as of kith_spectral()
 *  returns  as kith_spectral()
 *
 *  O(m) and what kith_spectral() takes.
 *  The methods that learn: Liu, Liu, Liang, Tu, Wang, Zhou, Liu (2024), arXiv:2305.10738
 */
KITH_API kith_status kith_temporal_spectral(const kith_graph *graph,
                                            const kith_temporal_spectral_options *options,
                                            kith_partition **out, kith_error *err);

/** The points that it groups, as kith_spectral_embed() gives them. */
KITH_API kith_status kith_temporal_spectral_embed(const kith_graph *graph,
                                                  const kith_temporal_spectral_options *options,
                                                  kith_embedding **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
