/* Points of nodes: the leading left singular vectors of an operator. */
#ifndef KITH_ATTRIBUTED_POINTS_H
#define KITH_ATTRIBUTED_POINTS_H

#include "graph/embedding.h"
#include "linalg/svd.h"

typedef struct kith_i_points_options {
    int64_t k;      /* vectors; 0: chosen at the largest gap of singular values */
    int64_t first;  /* vectors left out before them */
    int64_t most;   /* that there are behind those, at least 1 */
    int64_t passes; /* of subspace iteration */
    int64_t block;  /* further columns of the random block, at least */
    bool scaled;    /* each vector times its singular value */
    uint64_t seed;
} kith_i_points_options;

/** Finds them, and one further singular value, for the gap, where there is one.
 *
 *  out      free with kith_embedding_free()
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL, and what a run ends in
 */
kith_status kith_i_points_find(const kith_i_operator *a, const kith_i_points_options *options,
                               kith_i_poll *poll, kith_embedding **out, kith_error *err);

#endif
