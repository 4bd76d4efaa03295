/* Kith: what a graph can carry beside its edges: node features, several relations over one node
 * set, and bipartite graphs.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_ATTRIBUTES_H
#define KITH_ATTRIBUTES_H

#include "kith/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A feature matrix, n rows by d columns, dense row-major or sparse. Immutable. */
typedef struct kith_features kith_features;

/** Dense features. `values` is row-major, rows * columns, finite; copied.
 *  returns KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, and what a run ends in */
KITH_API kith_status kith_features_from_dense(int64_t rows, int64_t columns, const double *values,
                                              const kith_run *run, kith_features **out,
                                              kith_error *err);

/** Sparse features from compressed sparse rows; explicit zeros are dropped, duplicates are added,
 *  rows are sorted; copied. `offsets` has rows + 1 entries.
 *  returns KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, and what a run ends in */
KITH_API kith_status kith_features_from_csr(int64_t rows, int64_t columns, const int64_t *offsets,
                                            const int64_t *indices, const double *values,
                                            const kith_run *run, kith_features **out,
                                            kith_error *err);

KITH_API void    kith_features_free(kith_features *features);
KITH_API int64_t kith_features_rows(const kith_features *features);
KITH_API int64_t kith_features_columns(const kith_features *features);
KITH_API bool    kith_features_sparse(const kith_features *features);

/** Stored entries (rows * columns when dense). */
KITH_API int64_t kith_features_entries(const kith_features *features);

/** Writes row `row` to `out`, `columns` numbers. */
KITH_API void kith_features_row(const kith_features *features, int64_t row, double *out);

/** Named graphs over one node set, in the order they were added. The node set is the union of those
 *  that the graphs came with: where nodes have names, nodes of one name are the same node, else
 *  nodes of one number. A node that a graph came without has no edges in it. */
typedef struct kith_relations kith_relations;

KITH_API kith_status kith_relations_new(kith_relations **out, kith_error *err);
KITH_API void        kith_relations_free(kith_relations *relations);

/** Adds a relation. The graph is taken over on success (freed with the container). Nodes keep their
 *  numbers; with names, those that are new come behind the others, in all relations.
 *
 *  returns  KITH_OK, KITH_E_ARGUMENT (a name given twice; a graph whose nodes have names beside one
 *           whose nodes have none), KITH_E_INPUT (a damaged mapped file), KITH_E_UNSUPPORTED (more
 *           nodes than a graph can have), KITH_E_MEMORY, and what a run ends in
 *
 *  O(n) time; O(n + m) when the names of a graph come in another order than those before.
 */
KITH_API kith_status kith_relations_add(kith_relations *relations, const char *name,
                                        kith_graph *graph, const kith_run *run, kith_error *err);

KITH_API int64_t kith_relations_count(const kith_relations *relations);
KITH_API const char *kith_relations_name(const kith_relations *relations, int64_t i);

/** The graph of a relation; borrowed until another one is added. */
KITH_API const kith_graph *kith_relations_graph(const kith_relations *relations, int64_t i);

/** The sum of all relations, each times its weight (NULL: 1), as one graph, on GraphBLAS. Relations
 *  of weight 0 are left out; undirected when all others are.
 *  returns KITH_OK, KITH_E_ARGUMENT (a weight that is not finite), KITH_E_INPUT (a damaged mapped
 *          file, an infinite sum), KITH_E_MEMORY, and what a run ends in */
KITH_API kith_status kith_relations_sum(const kith_relations *relations, const double *weights,
                                        const kith_run *run, kith_graph **out, kith_error *err);

/** Rows joined to columns by weighted edges: a biadjacency matrix. */
typedef struct kith_bipartite kith_bipartite;

/** As kith_graph_from_edges(), with row ids and column ids counted separately (-1: from the largest
 *  id); the direction and loops of the options do not apply. */
KITH_API kith_status kith_bipartite_from_edges(int64_t rows, int64_t columns, int64_t edges,
                                               const int64_t *row_ids, const int64_t *column_ids,
                                               const double *weights,
                                               const kith_graph_options *options,
                                               kith_bipartite **out, kith_error *err);

KITH_API void    kith_bipartite_free(kith_bipartite *bipartite);
KITH_API int64_t kith_bipartite_rows(const kith_bipartite *bipartite);
KITH_API int64_t kith_bipartite_columns(const kith_bipartite *bipartite);

/** The graph on rows + columns nodes, column j being node rows + j; borrowed. */
KITH_API const kith_graph *kith_bipartite_graph(const kith_bipartite *bipartite);

/** The one-mode projection on the rows, B B^T without its diagonal, on GraphBLAS: the weight of
 *  {i, j} is sum_c B_ic B_jc. For the columns set `columns`. O(sum of squared degrees) time.
 *  returns KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT (an infinite weight), KITH_E_MEMORY, and what a
 *          run ends in */
KITH_API kith_status kith_bipartite_project(const kith_bipartite *bipartite, bool columns,
                                            const kith_run *run, kith_graph **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
