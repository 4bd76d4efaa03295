/* The graph as algorithms walk it: compressed sparse rows with 32-bit neighbours. */
#ifndef KITH_GRAPH_VIEW_H
#define KITH_GRAPH_VIEW_H

#include "kith/graph.h"

#include "core/base.h"

#include <pthread.h>
#include <stdatomic.h>

#define KITH_I_MAX_NODES INT64_C(0xfffffffe)

typedef struct kith_i_names kith_i_names; /* graph/names.h */

/** What a graph finds out about itself on first use. */
typedef struct kith_i_derived {
    atomic_bool     checked; /* every offset and id is known to be in range */
    pthread_mutex_t lock;    /* of what follows */
    int64_t         loops;        /* -1 until it is asked for */
    double          total_weight; /* each edge once; NaN until it is asked for */
    struct GB_Matrix_opaque *companion; /* graph/companion.h */
    struct kith_i_workspace *spare; /* of queries that have ended; the next ones take them */
} kith_i_derived;

/** The head of memory that one query after another works in; freed with its graph. */
typedef struct kith_i_workspace {
    struct kith_i_workspace *next;
    void (*free)(struct kith_i_workspace *self);
} kith_i_workspace;

struct kith_graph {
    int64_t         nodes;
    int64_t         entries; /* stored; an undirected edge twice, a loop once */
    bool            directed;
    const int64_t  *offsets;   /* nodes + 1 */
    const uint32_t *targets;   /* ascending in each row, but for levels of modularity/objective.h */
    const float    *weights32; /* at most one of the two; neither: all 1 */
    const double   *weights64;
    kith_i_names   *names; /* NULL: none; immutable */

    const void *mapped; /* where the file begins that the arrays lie in; NULL: in memory */
    int         file;   /* which is open; -1: it is not at hand */

    /* Arrays that are not ours go back by release(owner); where it is NULL they are freed. */
    void (*release)(void *owner);
    void *owner;
    int64_t *longer; /* offsets, where these are ours though others' arrays are behind them */

    kith_i_derived *derived;
};

/** What a graph is made of; see kith_graph for the members. */
typedef struct kith_i_arrays {
    int64_t         nodes;
    const int64_t  *offsets;
    const uint32_t *targets;
    const float    *weights32;
    const double   *weights64;
    bool            directed;
    bool            unchecked; /* from a file: kith_graph_check() before the first whole pass */
    const void     *mapped;    /* where that file begins; NULL: the arrays lie in memory */
    int             file;      /* with mapped: which is open, the owner's; -1: it is not at hand */
    int64_t         loops;     /* -1: to be counted when it is asked for; known of a mapped file */
    const double   *total_weight; /* each edge once; NULL: to be added up when it is asked for */
    kith_i_names   *names;     /* shared on success */
    void (*release)(void *owner);
    void *owner;
} kith_i_arrays;

/** A graph over finished arrays, which it takes over on success: rows sorted, no duplicates, no
 *  zeros, symmetric unless directed. Only offsets[nodes] is read. On failure the arrays are still
 *  the caller's. */
kith_status kith_i_graph_adopt(const kith_i_arrays *arrays, kith_graph **out, kith_error *err);

/** What everything calls before it walks the whole graph: a mapped file has been checked. O(1)
 *  after the first call, O(1) for graphs in memory. */
kith_status kith_i_graph_check(const kith_graph *graph, kith_i_poll *poll, kith_error *err);

/** What an algorithm calls that is not for signed graphs: the graph is checked and no weight is
 *  negative. O(m) when there are weights. Leaves a time limit to later polls. */
kith_status kith_i_graph_require_unsigned(const kith_graph *graph, kith_i_poll *poll,
                                          kith_error *err);

/** Lets go of the pages of mapped rows that have been touched, so that they no longer count as this
 *  process's memory; they come again when they are touched again. A touch brings up to KITH_I_FAULT
 *  bytes. Nothing for rows in memory. */
enum { KITH_I_FAULT = 1 << 16 };
void kith_i_graph_let_go(const kith_graph *graph);

/** Copies bytes of a mapped array, whose file is at hand, without touching its pages.
 *  returns KITH_OK, KITH_E_IO */
kith_status kith_i_graph_copy_bytes(const kith_graph *graph, const void *from, int64_t bytes,
                                    void *to, kith_error *err);

/** kith_graph_total_weight() and kith_graph_strengths() in a call that polls. */
kith_status kith_i_graph_total_weight(const kith_graph *graph, kith_i_poll *poll, double *out,
                                      kith_error *err);
kith_status kith_i_graph_strengths(const kith_graph *graph, kith_i_poll *poll, double *out,
                                   double *in, kith_error *err);

/** Transforms in a call that polls. */
kith_status kith_i_graph_subgraph(const kith_graph *graph, int64_t count, const int64_t *nodes,
                                  kith_i_poll *poll, kith_graph **out, kith_error *err);
kith_status kith_i_graph_components(const kith_graph *graph, int threads, kith_i_poll *poll,
                                    int64_t *labels, int64_t *count, kith_error *err);
kith_status kith_i_graph_largest_component(const kith_graph *graph, int threads, kith_i_poll *poll,
                                           kith_graph **out, int64_t **original, kith_error *err);
kith_status kith_i_graph_symmetrise(const kith_graph *graph, kith_duplicates rule,
                                    kith_i_poll *poll, kith_graph **out, kith_error *err);

/** The graph whose node rank[v] is node v of `graph`, of `count` nodes with these names (NULL:
 *  none); other nodes have no edges. */
kith_status kith_i_graph_arrange(const kith_graph *graph, int64_t count, const uint32_t *rank,
                                 kith_i_names *names, kith_i_poll *poll, kith_graph **out,
                                 kith_error *err);

/** Offsets of `nodes` rows: those of the graph, and empty rows behind them. kith_i_free() them. */
kith_status kith_i_graph_longer(const kith_graph *graph, int64_t nodes, kith_i_poll *poll,
                                int64_t **out, kith_error *err);

/** Gives a graph that is not shared these offsets, which it takes (*offsets NULL: it keeps its
 *  own), and names: so a graph gets more nodes. What GraphBLAS has of it is freed. */
void kith_i_graph_extend(kith_graph *graph, int64_t nodes, int64_t **offsets, kith_i_names *names);

/** A mapped array will be read from end to end: the system may read ahead, which it does not while
 *  a file is looked at here and there. */
void kith_i_read_ahead(const void *array, int64_t bytes);

/** The first entry of a row whose target is `target` or larger; the row's end without any. */
static inline int64_t kith_i_graph_entry(const kith_graph *graph, int64_t row, int64_t target)
{
    int64_t low = graph->offsets[row], high = graph->offsets[row + 1];

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (graph->targets[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/** The same edges with these weights, one for each entry, which it takes over on success. Names are
 *  left out. */
kith_status kith_i_graph_reweigh(const kith_graph *graph, double *weights, kith_graph **out,
                                 kith_error *err);

/** A release() for arrays that stay somebody else's. */
void kith_i_keep(void *owner);

/** Whether the adjacency of a graph with rows in order is symmetric; if not, (*row, *column) is the
 *  first entry without an equal one at (*column, *row).
 *
 *  Hashes of the entries above the diagonal and of those below it, mirrored, are added up and
 *  compared: a pass through memory in order, where a look at each reverse would jump. Sums of
 *  different edges agree with a chance of 2^-64; the hash differs from run to run, so that no file
 *  is made to. */
kith_status kith_i_graph_symmetric(const kith_graph *graph, kith_i_poll *poll, bool *symmetric,
                                   int64_t *row, int64_t *column, kith_error *err);

/** KITH_E_INPUT with the message for such an entry. */
kith_status kith_i_graph_unpaired(int64_t row, int64_t column, kith_error *err);

static inline bool kith_i_weighted(const kith_graph *graph)
{
    return graph->weights32 || graph->weights64;
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
