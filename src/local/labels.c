/* Labels of nodes, and which of them are the target's. */
#include "local/labels.h"

#include <inttypes.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static bool among(const int64_t *sorted, int64_t count, int64_t number)
{
    return count && bsearch(&number, sorted, (size_t)count, sizeof *sorted, ascending);
}

/* Values of the target: 1 where there are only 0 and 1, else those of the seeds that have one. */
static int64_t values_of(const kith_partition *given, const kith_nodes *seeds, int64_t *values)
{
    int64_t count = 0;

    if (kith_partition_communities(given) <= 2) {
        values[0] = 1;
        return 1;
    }
    for (int64_t i = 0; i < seeds->count; i++) {
        const int64_t value = kith_partition_labels(given)[seeds->ids[i]];
        if (value >= 0) values[count++] = value;
    }
    qsort(values, (size_t)count, sizeof *values, ascending);
    return count;
}

kith_status kith_i_labels_init(kith_i_labels *out, const kith_partition *given,
                               kith_i_classifier *classifier, const kith_nodes *seeds,
                               kith_error *err)
{
    kith_status status = KITH_OK;

    *out = (kith_i_labels){ .given = given, .classifier = classifier };
    KITH_TRY(kith_i_alloc(&out->seeds, seeds->count, sizeof *out->seeds, err));
    KITH_TRY(kith_i_alloc(&out->values, seeds->count, sizeof *out->values, err));
    for (int64_t i = 0; i < seeds->count; i++) out->seeds[i] = seeds->ids[i];
    out->seed_count = seeds->count;
    qsort(out->seeds, (size_t)seeds->count, sizeof *out->seeds, ascending);
    if (given) out->value_count = values_of(given, seeds, out->values);

done:
    return status;
}

void kith_i_labels_clear(kith_i_labels *labels)
{
    kith_i_free(labels->seeds);
    kith_i_free(labels->values);
    *labels = (kith_i_labels){ 0 };
}

kith_status kith_i_label(const kith_i_labels *labels, uint32_t node, int64_t *label,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    bool positive;

    if (among(labels->seeds, labels->seed_count, node)) {
        *label = KITH_I_LABEL_TARGET;
    } else if (labels->given) {
        const int64_t value = kith_partition_labels(labels->given)[node];
        *label = among(labels->values, labels->value_count, value) ? KITH_I_LABEL_TARGET : value;
    } else if (!labels->classifier) {
        *label = KITH_I_LABEL_UNKNOWN;
    } else {
        KITH_TRY(kith_i_classifier_ask(labels->classifier, node, &positive, err));
        *label = positive ? KITH_I_LABEL_TARGET : 0;
    }

done:
    return status;
}

kith_status kith_i_labels_check(const kith_partition *given, const char *name, int64_t nodes,
                                kith_error *err)
{
    if (!given || kith_partition_nodes(given) == nodes) return KITH_OK;
    return kith_i_fail(err, KITH_E_ARGUMENT,
                       "%s has %" PRId64 " labels (expected %" PRId64 ", one for each node)", name,
                       kith_partition_nodes(given), nodes);
}
