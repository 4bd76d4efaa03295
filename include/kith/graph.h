/* Kith: the graph, its construction and its transforms.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_GRAPH_H
#define KITH_GRAPH_H

#include "kith/core.h"

#ifdef __cplusplus
extern "C" {
#endif

struct GB_Matrix_opaque; /* GrB_Matrix is a pointer to it */

/** A sparse graph of up to 2^32 - 2 nodes, immutable once built, so that threads may share it.
 *
 *  It is stored as its adjacency in compressed sparse rows: row v lists the neighbours of v in
 *  ascending order. An undirected edge stands in the rows of both ends; a self-loop stands once,
 *  with its weight as given, and counts twice in an undirected strength. A graph whose weights are
 *  all 1 stores none. */
typedef struct kith_graph kith_graph;

typedef enum kith_direction {
    KITH_UNDIRECTED, /* edges: each joins both ends. Matrices: must be symmetric */
    KITH_DIRECTED,   /* each entry is an arc from its row to its column */
    KITH_DETECT      /* matrices: undirected when symmetric, else directed. Edges: undirected */
} kith_direction;

typedef enum kith_duplicates {
    KITH_DUPLICATES_AUTO,  /* KITH_DUPLICATES_SUM with weights, KITH_DUPLICATES_FIRST without */
    KITH_DUPLICATES_SUM,   /* weights of repeated edges are added */
    KITH_DUPLICATES_FIRST, /* the first one given stays */
    KITH_DUPLICATES_REFUSE /* KITH_E_INPUT */
} kith_duplicates;

typedef enum kith_loops {
    KITH_LOOPS_KEEP, /* as given */
    KITH_LOOPS_DROP, /* none */
    KITH_LOOPS_ADD   /* every node that has none gets one of weight 1 */
} kith_loops;

typedef struct kith_graph_options {
    kith_run        run;
    kith_direction  direction;
    kith_duplicates duplicates;
    kith_loops      loops;
    bool            ignore_weights;  /* every edge counts 1 */
    bool            signed_weights;  /* negative weights are welcome */
} kith_graph_options;

#define KITH_GRAPH_OPTIONS_INIT \
    { .run = KITH_RUN_INIT(kith_graph_options), .direction = KITH_DETECT }

/** A graph from arrays of edges, in any order.
 *
 *  nodes    how many; -1: one more than the largest id
 *  edges    length of the arrays
 *  sources, targets  zero-based node ids; in an undirected graph their order does not matter, and
 *           (u, v) beside (v, u) is a duplicate
 *  weights  finite; NULL: all 1. Edges of weight 0 are left out
 *  options  NULL: defaults
 *  out      free with kith_graph_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT (names the first bad edge by its position),
 *           KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O(n + m log d) time for rows of length d; at the peak about twice the finished graph.
 */
KITH_API kith_status kith_graph_from_edges(int64_t nodes, int64_t edges, const int64_t *sources,
                                           const int64_t *targets, const double *weights,
                                           const kith_graph_options *options, kith_graph **out,
                                           kith_error *err);

typedef enum kith_type {
    KITH_NONE, /* no array */
    KITH_I8,
    KITH_I32,
    KITH_U32,
    KITH_I64,
    KITH_F32,
    KITH_F64
} kith_type;

/** Somebody's adjacency in compressed sparse rows. */
typedef struct kith_csr {
    int64_t     nodes;
    const void *offsets; /* nodes + 1 */
    kith_type   offset_type; /* KITH_I32 or KITH_I64 */
    const void *targets;
    kith_type   target_type; /* KITH_I32, KITH_U32 or KITH_I64 */
    const void *weights;     /* NULL: all 1 */
    kith_type   weight_type; /* KITH_NONE, KITH_I8, KITH_I32, KITH_I64, KITH_F32 or KITH_F64 */
    /* The arrays are borrowed, where their types and contents allow, until the graph is freed; then
     * release(owner) is called once. NULL release: what Kith needs is copied before the call
     * returns. On failure release is not called. */
    void (*release)(void *owner);
    void *owner;
} kith_csr;

/** A graph from compressed sparse rows. With `release` given, int64 offsets, int32 or uint32
 *  targets and float or double weights are used where they lie; other types, unsorted rows,
 *  duplicates and explicit zeros are put right in a copy (the borrowed arrays are then released at
 *  once).
 *
 *  returns  as kith_graph_from_edges(); KITH_E_INPUT also for an adjacency that is not symmetric
 *           though KITH_UNDIRECTED was asked: the message names the first unpaired entry
 *
 *  O(n + m) time.
 */
KITH_API kith_status kith_graph_from_csr(const kith_csr *csr, const kith_graph_options *options,
                                         kith_graph **out, kith_error *err);

/** A graph from a square GrB_Matrix of a built-in type. The matrix is copied, not changed (it may
 *  be brought to its finished state, GrB_wait).
 *
 *  returns  as kith_graph_from_csr()
 */
KITH_API kith_status kith_graph_from_grb(struct GB_Matrix_opaque *matrix,
                                         const kith_graph_options *options, kith_graph **out,
                                         kith_error *err);

/** The graph as a GrB_Matrix of type GrB_FP64, built on the first call and kept with the graph.
 *  Borrowed: read it, never change or free it.
 *
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_INPUT (a damaged mapped file), KITH_E_INTERNAL, and what
 *           a run ends in
 *
 *  O(n + m) time and 8 to 16 bytes per entry at the first call, O(1) after.
 */
KITH_API kith_status kith_graph_grb(const kith_graph *graph, const kith_run *run,
                                    struct GB_Matrix_opaque **out, kith_error *err);

KITH_API void kith_graph_free(kith_graph *graph);

/** Checks every offset and id of a graph that lies in a mapped file; others have been checked.
 *
 *  returns  KITH_OK, KITH_E_INPUT, and what a run ends in
 */
KITH_API kith_status kith_graph_check(const kith_graph *graph, const kith_run *run,
                                      kith_error *err);

/** KITH_OK for an undirected graph; else KITH_E_INPUT with a message that names the first arc whose
 *  reverse is missing or weighs otherwise. returns also what a run ends in. */
KITH_API kith_status kith_graph_require_undirected(const kith_graph *graph, const kith_run *run,
                                                   kith_error *err);

KITH_API int64_t kith_graph_nodes(const kith_graph *graph);

/** Edges, each counted once, self-loops included; -1 when the graph lies in a damaged mapped file.
 */
KITH_API int64_t kith_graph_edges(const kith_graph *graph);

/** Stored entries: an undirected edge stands twice, a self-loop once. */
KITH_API int64_t kith_graph_entries(const kith_graph *graph);

/** Self-loops; -1 when the graph lies in a damaged mapped file. */
KITH_API int64_t kith_graph_loops(const kith_graph *graph);
KITH_API bool    kith_graph_directed(const kith_graph *graph);
KITH_API bool    kith_graph_weighted(const kith_graph *graph);

/** Sum of the weights, each edge counted once (m in the literature; W for a directed graph).
 *
 *  returns  KITH_OK, KITH_E_INPUT (a damaged mapped file), and what a run ends in
 *
 *  O(m) at the first call, O(1) after.
 */
KITH_API kith_status kith_graph_total_weight(const kith_graph *graph, const kith_run *run,
                                             double *out, kith_error *err);

/** Bytes that the graph holds, mapped and borrowed arrays included. */
KITH_API int64_t kith_graph_bytes(const kith_graph *graph);

/** nodes + 1 offsets into kith_graph_targets(); borrowed. */
KITH_API const int64_t *kith_graph_offsets(const kith_graph *graph);

/** Neighbours, ascending within each row; borrowed. */
KITH_API const uint32_t *kith_graph_targets(const kith_graph *graph);

/** The weight of an entry. */
KITH_API double kith_graph_weight(const kith_graph *graph, int64_t entry);

/** Strength of every node: the sum of the weights of its edges, a self-loop twice. For a directed
 *  graph the out-strength and, when `in` is not NULL, the in-strength (a loop once in each); an
 *  undirected graph writes the same to both.
 *
 *  out, in  nodes numbers each; `in` may be NULL
 *  returns  KITH_OK, KITH_E_INPUT (a damaged mapped file), and what a run ends in
 */
KITH_API kith_status kith_graph_strengths(const kith_graph *graph, const kith_run *run, double *out,
                                          double *in, kith_error *err);

/** The name of a node, or NULL when nodes have no names, or when it lies damaged in a mapped file;
 *  borrowed. Of a mapped file this name alone is looked at. */
KITH_API const char *kith_graph_name(const kith_graph *graph, int64_t node);

/** The node of that name, or -1: also in a file whose names are damaged. O(1) expected; of a mapped
 *  file the first call does what kith_graph_require_names() does. */
KITH_API int64_t kith_graph_find(const kith_graph *graph, const char *name);

/** Reads and checks the names that lie in a mapped file, and makes them ready to be found; others
 *  are so, and so is a graph without names.
 *
 *  returns  KITH_OK, KITH_E_INPUT, KITH_E_MEMORY, and what a run ends in
 *
 *  O(n) time and 12 bytes for each name at the first call, O(1) after.
 */
KITH_API kith_status kith_graph_require_names(const kith_graph *graph, const kith_run *run,
                                              kith_error *err);

/* Transforms. Each gives a new graph, to be freed with kith_graph_free(), and leaves its input.
 * Names go along where nodes do. All return KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY
 * and what a run ends in. */

/** The graph induced on `count` distinct nodes; node i of the result is nodes[i]. O(n + their
 *  edges). */
KITH_API kith_status kith_graph_subgraph(const kith_graph *graph, int64_t count,
                                         const int64_t *nodes, const kith_run *run,
                                         kith_graph **out, kith_error *err);

/** Connected components (weakly connected ones of a directed graph), numbered by decreasing size,
 *  ties by the lowest node. Computed on GraphBLAS.
 *
 *  labels   nodes numbers, written
 *  count    how many; may be NULL
 */
KITH_API kith_status kith_graph_components(const kith_graph *graph, const kith_run *run,
                                           int64_t *labels, int64_t *count, kith_error *err);

/** The largest component. `original`, when not NULL, receives a malloc'ed array with the node of
 *  `graph` for each node of the result; free() it. */
KITH_API kith_status kith_graph_largest_component(const kith_graph *graph, const kith_run *run,
                                                  kith_graph **out, int64_t **original,
                                                  kith_error *err);

/** The undirected graph of a directed one, A + A^T off the diagonal and A on it: the weight of {u,
 *  v} is the sum of both arcs (KITH_DUPLICATES_SUM), or the first that is there
 * (KITH_DUPLICATES_FIRST, the rule for unweighted graphs under KITH_DUPLICATES_AUTO). A copy for an
 *  undirected graph. */
KITH_API kith_status kith_graph_symmetrise(const kith_graph *graph, kith_duplicates rule,
                                           const kith_run *run, kith_graph **out, kith_error *err);

/** The graph of communities: S^T A S for the indicator S of `labels`. An inner weight becomes a
 *  self-loop, an undirected inner edge counting once, so that strengths and the total weight stay.
 *
 *  labels       one per node, 0 .. communities - 1
 *
 *  O(n + m) time.
 */
KITH_API kith_status kith_graph_coarsen(const kith_graph *graph, const int64_t *labels,
                                        int64_t communities, const kith_run *run, kith_graph **out,
                                        kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
