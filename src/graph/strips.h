/* Graphs that are made strip by strip: GraphBLAS cannot be stopped in a call, so each makes the
 * rows of a strip, worth some milliseconds, on one thread, and several threads make strips at once.
 * What a strip holds does not depend on the threads, and neither does the graph. */
#ifndef KITH_GRAPH_STRIPS_H
#define KITH_GRAPH_STRIPS_H

#include "graph/companion.h"

/** A place among the entries of rows: before the entries of `row` from column `column` on. */
typedef struct kith_i_place {
    int64_t row, column;
} kith_i_place;

typedef struct kith_i_strips {
    int64_t rows; /* of the whole */
    int64_t count, room;
    kith_i_place *begin; /* of each strip; the last ends behind the last row */
    kith_i_rows *made;   /* by kith_i_strips_make(): row 0 is begin.row */
} kith_i_strips;

/** Begins a further strip; strips come in order. */
kith_status kith_i_strips_add(kith_i_strips *strips, kith_i_place begin, kith_error *err);
void kith_i_strips_clear(kith_i_strips *strips);

/** Where strip i ends: where the next begins. */
kith_i_place kith_i_strips_end(const kith_i_strips *strips, int64_t i);

/** How many rows strip i has a part of. */
int64_t kith_i_strips_rows(const kith_i_strips *strips, int64_t i);

/** Fills strips->made[i], in a thread of its own perhaps: it does not poll. */
typedef kith_status (*kith_i_strip_fn)(void *self, int64_t i, kith_error *err);

/** Calls make(self, i, err) for every strip, on `threads` threads, and polls between them. */
kith_status kith_i_strips_make(kith_i_strips *strips, int threads, kith_i_poll *poll,
                               const char *stage, kith_i_strip_fn make, void *self,
                               kith_error *err);

/** The graph of the strips, one behind the other; they are used up. Its rows must be as a graph has
 *  them, but for weights that are not finite, which are refused.
 *
 *  names  one per node, shared on success; NULL: none
 */
kith_status kith_i_strips_graph(kith_i_strips *strips, bool directed, kith_i_names *names,
                                int threads, kith_i_poll *poll, kith_graph **out, kith_error *err);

#endif
