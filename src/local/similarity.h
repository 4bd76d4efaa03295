/* Weights of edges by how near to one another the features of their ends are [Yang2023].
 *
 * Features are looked at when an edge is weighed: those of its ends, and for means those of their
 * neighbours, each mean once. */
#ifndef KITH_LOCAL_SIMILARITY_H
#define KITH_LOCAL_SIMILARITY_H

#include "graph/features.h"
#include "local/query.h"

typedef struct kith_i_similarity {
    const kith_features *features;
    double gamma;   /* w_ij = exp(-gamma |X_i - X_j|^2) times the weight of the edge */
    bool   average; /* X is D^-1 (A + I) X, loops aside: a mean over each node and its neighbours */
    bool   unit;    /* of rows of length 1 */

    kith_i_reach *near;  /* nodes whose rows were walked for means, or for gamma; NULL: none */
    kith_features means; /* one row for each node that has been averaged */
    int64_t *mean_of;    /* by slot of near: its row, or -1 */
    int64_t  slots, offset_room, index_room, value_room;
    double  *sum;        /* by column: of the mean that is being made; 0 otherwise */
    uint32_t *columns;   /* that it has */
    int64_t  column_count, column_room;
} kith_i_similarity;

/** Borrows the features, which have a row for each node. A negative gamma becomes a tenth of 1 over
 *  the median of |X_i - X_j|^2 over the first 1000 entries of the rows around the seeds, in the
 *  order in which a search from them meets them.
 *
 *  out      clear with kith_i_similarity_clear(), whatever this returns
 *  returns  as kith_i_query_begin()
 */
kith_status kith_i_similarity_start(const kith_graph *graph, const kith_features *features,
                                    double gamma, bool average, bool unit, const kith_query *query,
                                    kith_i_poll *poll, kith_i_similarity *out, kith_error *err);

void kith_i_similarity_clear(kith_i_similarity *similarity);

/** The weighing; borrows the similarity. */
kith_i_weighing kith_i_similarity_weighing(kith_i_similarity *similarity, bool lazy);

#endif
