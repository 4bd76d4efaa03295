/* The part of a graph that a query has reached, as a small graph of its own.
 *
 * Nodes get slots in the order in which they are touched; a hash table from nodes to slots and the
 * rows that were walked, written in slots, are all that grows. Nothing of the size of the graph is
 * ever allocated or cleared, and a row that is walked again needs neither the table nor the graph.
 * Rows of a mapped file are checked when they are first read.
 *
 * Touched pages of a mapped file count as this process's memory, sixteen for each touch, and rows
 * that lie far from one another would soon make that as large as the file. When a query may have
 * brought in as much as it should, it reads the file: that takes longer than to touch a page again,
 * but half as long as to touch a new one, and a fifth of letting pages go to touch others
 * (measured, the file being in memory). */
#ifndef KITH_LOCAL_REACH_H
#define KITH_LOCAL_REACH_H

#include "graph/view.h"

#include "core/random.h"

enum { KITH_I_FIELDS = 4 }; /* numbers by slot that a method may keep */
#define KITH_I_NO_SLOT UINT32_MAX

/** Other weights than the graph's: a similarity of the ends of an edge, the triangles through it.
 *  They must be symmetric, finite, >= 0. */
typedef struct kith_i_weighing {
    /* weights[i] is the graph's weight of the edge from node to neighbours[i], a loop counting
     * twice, and is to be made the new one */
    kith_status (*row)(void *context, uint32_t node, const uint32_t *neighbours, int64_t count,
                       double *weights, kith_error *err);
    void *context;
    bool  lazy; /* strengths are those of the weighing once a row was walked, and of the graph
                 * before: a method that can do without need not weigh the rows of all it touches */
    bool  wide; /* row() reads the neighbours' rows; only with lazy */
} kith_i_weighing;

/** A row that was read from a mapped file. */
typedef struct kith_i_reach_copy {
    void   *targets, *weights;
    int64_t target_room, weight_room; /* bytes */
} kith_i_reach_copy;

typedef struct kith_i_reach {
    kith_i_workspace       head;
    const kith_graph      *graph;
    const kith_i_weighing *weighing; /* NULL: the weights of the graph */
    double total;   /* volume of the graph; with a weighing infinite, as it is not known */
    bool   plain;   /* all weights are 1 and there are no loops */
    bool   trusted; /* offsets and ids need no check */
    bool   eager;   /* rows are read for their strengths when their nodes are touched */
    bool   patient; /* rows are read for their strengths when these are asked for instead */
    bool   closed;  /* rows touch no more nodes: those without a slot are KITH_I_NO_SLOT there */

    int64_t   count, room; /* slots */
    uint32_t *nodes;       /* by slot */
    uint32_t *length;      /* entries of its row, by slot */
    double   *strength;    /* by slot */
    bool     *measured;    /* by slot: the strength is known; until then it is what rows that were
                            * walked make known of it, at most the strength */
    bool     *open;        /* by slot: a wide weighing may read its row in the graph */
    int64_t  *begin;       /* of its row in `slots`, by slot; not walked, nor looked at: -1 less
                            * where the row begins in the graph */
    double   *field[KITH_I_FIELDS]; /* by slot; 0 at first */

    int64_t   entries, entry_room, weight_room; /* of the rows walked */
    uint32_t *slots;       /* by entry */
    double   *weights;     /* by entry, where they are not all 1 */
    int64_t   read_edges;  /* entries of the graph that were read */

    int64_t   offsets_left, rows_left; /* touches of a mapped graph, until it is read instead */
    kith_i_reach_copy walked, touched; /* the row that is walked, and one of its nodes' */

    uint64_t *table;       /* node << 32 | slot + 1; 0: free */
    int       bits;        /* of the size of the table */
    double   *scratch;     /* weights of a row whose strength alone is wanted */
    int64_t   scratch_room;
} kith_i_reach;

/** A row of the graph in slots. Valid until another is asked for. */
typedef struct kith_i_row {
    int64_t         count;
    const uint32_t *slots;
    const double   *weights; /* a loop counting twice; NULL: all 1 */
} kith_i_row;

/** A reach with nothing touched, in the memory of a query before where there is one.
 *
 *  weighing  NULL: none; borrowed
 *  out       give it back with kith_i_reach_give()
 *  returns   KITH_OK, KITH_E_MEMORY, KITH_E_INPUT (a damaged file), KITH_E_CANCELLED, KITH_E_TIME
 */
kith_status kith_i_reach_take(const kith_graph *graph, const kith_i_weighing *weighing,
                              kith_i_poll *poll, kith_i_reach **out, kith_error *err);

/** Forgets what was touched, in time proportional to it, and keeps the memory for the next query.
 *  Weighings and results are not touched. NULL is allowed. */
void kith_i_reach_give(kith_i_reach *reach);

/** Touches a node: its slot, a new one where it has none. Arrays by slot may move. */
kith_status kith_i_reach_touch(kith_i_reach *reach, uint32_t node, uint32_t *slot, kith_error *err);

/** Measures the strength of a slot that is not; only a patient reach has such. */
kith_status kith_i_reach_measure(kith_i_reach *reach, uint32_t slot, kith_error *err);

/** A reach that is no more than a table of nodes: rows are looked at, kith_i_reach_look(), and
 *  never walked, and strengths are not known. As kith_i_reach_take(). */
kith_status kith_i_reach_table(const kith_graph *graph, kith_i_poll *poll, kith_i_reach **out,
                               kith_error *err);

/** The row of a slot of a table, in nodes, which it does not touch: length[slot] of them, valid
 *  until another is looked at. */
kith_status kith_i_reach_look(kith_i_reach *table, uint32_t slot, const uint32_t **neighbours,
                              kith_error *err);

/** Walks a row for the first time; kith_i_reach_row() calls it. */
kith_status kith_i_reach_walk(kith_i_reach *reach, uint32_t slot, kith_error *err);

/** The row of a slot, all its nodes touched unless the reach is closed. Arrays by slot may move. */
static inline kith_status kith_i_reach_row(kith_i_reach *reach, uint32_t slot, kith_i_row *row,
                                           kith_error *err)
{
    if (reach->begin[slot] < 0) {
        const kith_status status = kith_i_reach_walk(reach, slot, err);
        if (status != KITH_OK) return status;
    }
    const int64_t begin = reach->begin[slot];
    *row = (kith_i_row){ reach->length[slot], reach->slots + begin,
                         reach->plain ? NULL : reach->weights + begin };
    return KITH_OK;
}

/** The weight of an entry of a row. */
static inline double kith_i_row_weight(const kith_i_row *row, int64_t i)
{
    return row->weights ? row->weights[i] : 1;
}

#endif
