/* Kith: k-means on features alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_KMEANS_H
#define KITH_KMEANS_H

#include "kith/attributes.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_kmeans_options {
    kith_run run;
    const kith_features *features; /* of nodes: a row for each; borrowed, must be given */
    int64_t k;          /* clusters, at most the number of distinct rows; 0: where the singular
                         * values of the features have their largest gap */
    bool tfidf;         /* columns are weighed by TF-IDF first, as counts of words want it */
    bool unit_rows;     /* each row is divided by its length */
    int64_t restarts;   /* from so many seedings, the best of which is given; >= 1 */
    int64_t iterations; /* cap on the rounds of each; >= 1 */
} kith_kmeans_options;

#define KITH_KMEANS_OPTIONS_INIT                                                                   \
    { .run = KITH_RUN_INIT(kith_kmeans_options), .unit_rows = true, .restarts = 10,                \
      .iterations = 300 }

/** Clusters of nodes with like features, whatever edges there are: k-means++ seeding
 *  [Arthur2007] and Lloyd's rounds. It is what methods that look at edges, too, are to be compared
 *  with. Sparse features are not made dense.
 *
 *  graph    gives the number of nodes, and which of them have edges
 *  options  features must be given
 *  out      one label per node; a node with neither edges nor features is unassigned, or alone
 *           where k is 0. The quality is the sum of squared distances to centres, negative; free
 *           with kith_partition_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no features, or not a row for each node; k above the number
 *           of distinct rows), KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  O(k) times the entries of the features for a round.
 *  Lloyd (1982), doi:10.1109/TIT.1982.1056489
 */
KITH_API kith_status kith_kmeans(const kith_graph *graph, const kith_kmeans_options *options,
                                 kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
