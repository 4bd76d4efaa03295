/* The graph as algorithms walk it: compressed sparse rows with 32-bit neighbours. */
#ifndef KITH_GRAPH_VIEW_H
#define KITH_GRAPH_VIEW_H

#include "kith/graph.h"

#include "core/base.h"

#include <pthread.h>
#include <stdatomic.h>

#define KITH_I_MAX_NODES INT64_C(0xfffffffe)

typedef struct kith_i_names kith_i_names; /* graph/names.h */

struct kith_graph {
    int64_t         nodes;
    int64_t         entries; /* stored; an undirected edge twice, a loop once */
    int64_t         loops;
    bool            directed;
    const int64_t  *offsets;   /* nodes + 1 */
    const uint32_t *targets;   /* ascending in each row */
    const float    *weights32; /* at most one of the two; neither: all 1 */
    const double   *weights64;
    double          total_weight; /* each edge once; NaN until it is asked for */
    kith_i_names   *names;        /* NULL: none; immutable */

    /* Arrays that are not ours go back by release(owner); where it is NULL they are freed. */
    void (*release)(void *owner);
    void *owner;

    /* Found out on first use, under the lock. */
    pthread_mutex_t          lock;
    atomic_bool              checked; /* every offset and id is known to be in range */
    struct GB_Matrix_opaque *companion;
};

/** A graph over finished arrays, which it takes over on success: rows sorted, no duplicates, no zeros,
 *  symmetric unless directed. `weights32` and `weights64` as in the struct. Counts loops when `loops`
 *  is negative. On failure the arrays are still the caller's. */
kith_status kith_i_graph_adopt(int64_t nodes, int64_t *offsets, uint32_t *targets, float *weights32,
                               double *weights64, bool directed, int64_t loops, kith_graph **out,
                               kith_error *err);

/** What a whole-graph algorithm calls before it walks: a mapped file has been checked. O(1) after the
 *  first call, O(1) for graphs in memory. */
static inline kith_status kith_i_graph_require(const kith_graph *graph, kith_error *err)
{
    if (atomic_load_explicit(&graph->checked, memory_order_acquire)) return KITH_OK;
    return kith_graph_check(graph, err);
}

static inline double kith_i_weight(const kith_graph *graph, int64_t entry)
{
    if (graph->weights64) return graph->weights64[entry];
    return graph->weights32 ? (double)graph->weights32[entry] : 1.0;
}

static inline int64_t kith_i_degree(const kith_graph *graph, int64_t node)
{
    return graph->offsets[node + 1] - graph->offsets[node];
}

#endif
