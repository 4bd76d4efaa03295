/* k-means of sparse rows, without making them dense. */
#ifndef KITH_ATTRIBUTED_SPARSE_KMEANS_H
#define KITH_ATTRIBUTED_SPARSE_KMEANS_H

#include "attributed/scaled.h"
#include "linalg/kmeans.h"

/** kith_i_kmeans() on some rows of F: k-means++ seeding, Lloyd's rounds; a cluster that runs empty
 *  gets the row farthest from its centre; ties go to the smaller label.
 *
 *  count    rows: as many as there are numbers of them in `rows`, ascending
 *  options  without centres
 *  labels   count, written
 *  returns  KITH_OK, KITH_E_ARGUMENT (k above the number of distinct rows), KITH_E_MEMORY, and what
 *           a run ends in
 *
 *  The same bits on any number of threads. O(k entries) for a round, O(k d + n) memory.
 */
kith_status kith_i_sparse_kmeans(const kith_i_scaled *features, int64_t count, const uint32_t *rows,
                                 const kith_i_kmeans_options *options, kith_i_poll *poll,
                                 int64_t *labels, kith_i_kmeans_report *report, kith_error *err);

#endif
