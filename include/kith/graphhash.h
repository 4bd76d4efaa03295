/* Kith: communities of a bipartite graph, of rows and columns alike.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_GRAPHHASH_H
#define KITH_GRAPHHASH_H

#include "kith/attributes.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_graphhash_options {
    kith_run run;
    const kith_bipartite *bipartite; /* whose graph is given; NULL: the adjacency of the graph is
                                        the biadjacency. Borrowed */
    double  resolution; /* gamma; >= 0. It alone drives how many communities there are */
    bool    refine;     /* Leiden: communities are connected; false: Louvain */
    int64_t iterations; /* cap on iterations; 0: to stability */
    double  tolerance;  /* least gain of Q that makes an iteration worth another */
} kith_graphhash_options;

#define KITH_GRAPHHASH_OPTIONS_INIT                                                                \
    {                                                                                              \
        .run = KITH_RUN_INIT(kith_graphhash_options), .resolution = 1.0, .refine = true,           \
        .iterations = 10, .tolerance = 1e-4                                                        \
    }

/** Communities of maximal Barber modularity, each with rows and columns that are joined:
 *
 *    Q = 1/w sum_k ( e_k - gamma D_k F_k / w )                                    [Barber2007]
 *
 *  w the sum of the biadjacency matrix B, e_k what joins the rows and the columns of k, D_k and F_k
 *  the strengths of its rows and of its columns. Recommenders take the communities as buckets that
 *  share one embedding each; there gamma is 5 to 200.
 *
 *  graph    kith_bipartite_graph() of the option, or any graph; weights finite, >= 0
 *  options  NULL: defaults
 *  out      a label for each row and each column, rows first; without `bipartite` for each node as
 *           a row. Quality is Q; figures: row_communities, column_communities, those with a row
 *           and those with a column. A node without edges is a community. Free with
 *           kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with the best partition so far. O(m) time per iteration, O(n + m) memory.
 *  Wu et al. (2025), arXiv:2412.17245; Barber (2007), doi:10.1103/PhysRevE.76.066102
 */
KITH_API kith_status kith_graphhash(const kith_graph *graph, const kith_graphhash_options *options,
                                    kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
