/* What nodes look like: labels that are given, or that a classifier predicts when they are first
 * asked for. */
#ifndef KITH_LOCAL_LABELS_H
#define KITH_LOCAL_LABELS_H

#include "kith/cluster.h"

#include "local/classifier.h"

#define KITH_I_LABEL_UNKNOWN INT64_C(-1)
#define KITH_I_LABEL_TARGET INT64_MAX /* looks like the target; every other label does not */

typedef struct kith_i_labels {
    const kith_partition *given;      /* NULL: the classifier's predictions */
    kith_i_classifier    *classifier; /* borrowed; NULL: none */
    int64_t *seeds;                   /* ascending: the target's, whatever else says */
    int64_t *values;                  /* ascending, of `given`: the target's */
    int64_t  seed_count, value_count;
} kith_i_labels;

/** Labels from a partition, or from a classifier, or unknown ones. In a partition into 0 and 1 the
 *  target's is 1, in one with more communities those of the seeds are.
 *
 *  given, classifier  one of them, or neither; borrowed
 *  out                clear with kith_i_labels_clear(), whatever this returns
 *  returns            KITH_OK, KITH_E_MEMORY
 */
kith_status kith_i_labels_init(kith_i_labels *out, const kith_partition *given,
                               kith_i_classifier *classifier, const kith_nodes *seeds,
                               kith_error *err);

void kith_i_labels_clear(kith_i_labels *labels);

/** The label of a node. */
kith_status kith_i_label(const kith_i_labels *labels, uint32_t node, int64_t *label,
                         kith_error *err);

/** Fails unless a partition that an option holds has a label for each node; NULL is fine. */
kith_status kith_i_labels_check(const kith_partition *given, const char *name, int64_t nodes,
                                kith_error *err);

#endif
