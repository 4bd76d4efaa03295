/* Kith: bisection along the Fiedler vector.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_FIEDLER_H
#define KITH_FIEDLER_H

#include "kith/embedding.h"
#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_fiedler_options {
    kith_run run;
    int64_t k;        /* parts, at most; >= 2 */
    double tolerance; /* of residuals |N u - m u| of N = D^-1/2 A D^-1/2 */
} kith_fiedler_options;

#define KITH_FIEDLER_OPTIONS_INIT                                                                  \
    { .run = KITH_RUN_INIT(kith_fiedler_options), .k = 2, .tolerance = 1e-8 }

/** Two communities: of all cuts that part nodes with small numbers in the Fiedler vector from those
 *  with large ones, the one of least conductance. With k > 2, again and again that part is cut
 *  whose best cut has the least conductance within it.
 *
 *  graph    undirected; weights finite, >= 0
 *  options  NULL: defaults
 *  out      free with kith_partition_free(); nodes without edges are communities of their own. Its
 *           quality and the figure "conductance" are those of the first cut. With the figure
 *           "lambda", the second eigenvalue of I - N, that is certified from both sides: no cut has
 *           a conductance below "lower" = lambda / 2, and this one has none above "upper" =
 *           sqrt(2 lambda), by Cheeger's inequality. "residual": of lambda, which is taken off in
 *           "lower". NaN where there is nothing to cut
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  Two eigenpairs and O(n + m) for each part. One vector of n numbers more than these take.
 *  Fiedler (1975), doi:10.21136/CMJ.1975.101357; Cheeger's inequality: Chung (1997), Spectral Graph
 *  Theory, ch. 2
 */
KITH_API kith_status kith_fiedler(const kith_graph *graph, const kith_fiedler_options *options,
                                  kith_partition **out, kith_error *err);

/** The Fiedler vector, D^-1/2 u for the second eigenvector u of N: one number for each node. Shows
 *  the first two eigenvalues of N. */
KITH_API kith_status kith_fiedler_embed(const kith_graph *graph,
                                        const kith_fiedler_options *options, kith_embedding **out,
                                        kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
