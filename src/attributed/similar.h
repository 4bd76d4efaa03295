/* Graphs of nodes that look alike, by features and by neighbours: the closed form of SMHGC
 * [Chen2024]. */
#ifndef KITH_ATTRIBUTED_SIMILAR_H
#define KITH_ATTRIBUTED_SIMILAR_H

#include "attributed/scaled.h"
#include "graph/view.h"

typedef struct kith_i_similar_options {
    int64_t neighbours;    /* k: 0 to n */
    double feature_weight; /* w: 0 to 1 */
    int threads;
} kith_i_similar_options;

/** The `neighbours` most similar nodes of each, itself among them or not, ties to the lower, and
 *  itself. Similarity is w times the row of X X^T at length 1 and 1 - w times that of A A^T at
 *  length 1, X and A having rows of length 1 and A the loop of each node (1 where there is none).
 *  Nothing of n x n numbers is stored: each row is made, its largest entries are kept.
 *
 *  features  of rows of length 1
 *  out       directed, unweighted: an entry of row i is similar to i
 *  returns   KITH_OK, KITH_E_MEMORY, and what a run ends in
 *
 *  O(sum of squares of the columns' entries of X and A) time where these are sparse, O(n^2 d) where
 *  X is dense; O(n k + n threads) memory.
 */
kith_status kith_i_similar(const kith_graph *graph, const kith_i_scaled *features,
                           const kith_i_similar_options *options, kith_i_poll *poll,
                           kith_graph **out, kith_error *err);

#endif
