/* Weights of edges by what their ends look like. */
#include "local/weighing.h"

#include <float.h>

static double factor(const kith_i_likeness *l, int64_t a, int64_t b)
{
    if (a == KITH_I_LABEL_UNKNOWN || b == KITH_I_LABEL_UNKNOWN) return 1;
    if (a != b) return l->disagree;
    if (a == KITH_I_LABEL_TARGET) return 1;
    return l->zero_zero < 0 ? l->disagree : l->zero_zero;
}

static kith_status by_labels(void *context, uint32_t node, const uint32_t *neighbours,
                             int64_t count, double *weights, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_likeness *l = context;
    int64_t own, other;

    if (l->first) KITH_TRY(l->first->row(l->first->context, node, neighbours, count, weights, err));
    if (!l->labels) goto done;
    KITH_TRY(kith_i_label(l->labels, node, &own, err));
    for (int64_t i = 0; i < count; i++) {
        KITH_TRY(kith_i_label(l->labels, neighbours[i], &other, err));
        weights[i] *= factor(l, own, other);
        if (weights[i] < DBL_MIN) weights[i] = 0;
    }

done:
    return status;
}

kith_i_weighing kith_i_weighing_by(kith_i_likeness *likeness, bool lazy)
{
    return (kith_i_weighing){ .row = by_labels, .context = likeness, .lazy = lazy };
}
