/* k-medoids by FasterPAM, for dissimilarities that are computed when they are asked for. */
#ifndef KITH_LINALG_MEDOIDS_H
#define KITH_LINALG_MEDOIDS_H

#include "core/poll.h"

enum { KITH_I_MEDOID_BATCH = 16 };

/** Writes the dissimilarities of `count` items, at most KITH_I_MEDOID_BATCH, to all n items: a row
 *  of n numbers each, finite, >= 0. On as many threads as it likes; polls. */
typedef kith_status (*kith_i_dissimilarity)(void *self, int64_t count, const uint32_t *items,
                                            double *rows, kith_i_poll *poll, kith_error *err);

typedef struct kith_i_medoids_problem {
    int64_t n, k; /* 1 <= k <= n */
    kith_i_dissimilarity dissimilarity;
    void *self;
    int64_t candidates;    /* items that may become medoids, in the order in which they are tried */
    const uint32_t *order; /* these; NULL: 0 to candidates - 1 */
    int64_t rounds;        /* at most */
} kith_i_medoids_problem;

typedef struct kith_i_medoids_report {
    double loss; /* sum of the dissimilarities of all items to their medoid */
    int64_t swaps, rounds;
    bool converged; /* no candidate improves: else rounds or time ran out */
} kith_i_medoids_report;

/** Makes the loss small: each candidate in turn takes the place of the medoid that it may best take
 *  it of, wherever that lowers the loss, until none does [Schubert2021, FasterPAM].
 *
 *  medoids  k distinct items to begin with; those of the end are written
 *  labels   n, written: which of the medoids is nearest
 *  nearest  n, written: how far that is; may be NULL
 *  second   n, written: how far the second nearest is (of one medoid, nearest); may be NULL
 *  returns  KITH_OK, also when time runs out after the first assignment; KITH_E_MEMORY, and what a
 *           run ends in
 *
 *  O(n) for a candidate beside its row, O(n k) for the start; (k + KITH_I_MEDOID_BATCH) n numbers.
 */
kith_status kith_i_medoids(const kith_i_medoids_problem *problem, kith_i_poll *poll,
                           uint32_t *medoids, uint32_t *labels, double *nearest, double *second,
                           kith_i_medoids_report *report, kith_error *err);

#endif
