/* Weights of edges by what their ends look like. */
#ifndef KITH_LOCAL_WEIGHING_H
#define KITH_LOCAL_WEIGHING_H

#include "local/labels.h"

/** The weight of an edge is the graph's, times a factor for the labels of its ends:
 *
 *    both the target's         1
 *    the same, another's       zero_zero
 *    different                 disagree
 *    one of them unknown       1
 *
 *  A product that is no normal number any more is 0. */
typedef struct kith_i_likeness {
    const kith_i_labels   *labels;             /* NULL: none, all factors are 1 */
    double                 disagree, zero_zero; /* zero_zero below 0: as disagree */
    const kith_i_weighing *first; /* what the weights of the graph are before; NULL: its own */
} kith_i_likeness;

/** The weighing; borrows the likeness. */
kith_i_weighing kith_i_weighing_by(kith_i_likeness *likeness, bool lazy);

/** Option rows of the fields node_labels, disagree and zero_zero. */
#define KITH_I_LABEL_ROWS(struct_)                                                                 \
    KITH_OPTION(struct_, node_labels, PARTITION, 0, 0,                                             \
                "1: like the target, 0: unlike it, -1: unknown; of more, the seeds' are like it"), \
    KITH_OPTION(struct_, disagree, F64, 0, 1,                                                      \
                "factor on the weight of edges between different labels"),                         \
    KITH_OPTION(struct_, zero_zero, F64, -1, 1,                                                    \
                "factor between two nodes of label 0; below 0: as --disagree")

#endif
