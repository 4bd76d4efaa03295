/* Kith: clusters and their number by the Bethe Hessian.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_BETHE_HESSIAN_H
#define KITH_BETHE_HESSIAN_H

#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_bethe_hessian_options {
    kith_run run;
    int64_t  restarts;  /* of k-means; >= 1 */
    double   tolerance; /* of residuals |H v - l v|, in units of the largest |l| */
} kith_bethe_hessian_options;

#define KITH_BETHE_HESSIAN_OPTIONS_INIT                                                            \
    { .run = KITH_RUN_INIT(kith_bethe_hessian_options), .restarts = 10, .tolerance = 1e-8 }

/** As many communities as H(r) = (r^2 - 1) I - r A + D has eigenvalues below 0, by k-means of their
 *  eigenvectors; r = sqrt(sum k^2 / sum k - 1), and with weights as in [Saade2014]. Down to where
 *  communities can be told from chance at all it finds those of sparse random graphs, and beyond
 *  that none.
 *
 *  graph    undirected; weights finite, >= 0
 *  options  NULL: defaults
 *  out      free with kith_partition_free(). A component in which nothing lies below 0, and a node
 *           without edges, is a community of its own. Figures: "k" (eigenvalues below 0), "r"
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  Saade, Krzakala, Zdeborova (2014), arXiv:1406.1880
 */
KITH_API kith_status kith_bethe_hessian(const kith_graph *graph,
                                        const kith_bethe_hessian_options *options,
                                        kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
