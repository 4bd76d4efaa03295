/* Sums of rows by label. */
#include "linalg/label_sums.h"

#include "core/base.h"
#include "core/each.h"

#include <string.h>

enum { MOST_STRIPS = 64, ROWS_PER_SUM = 8 }; /* a strip has several rows for each of its sums */

kith_status kith_i_label_sums_init(kith_i_label_sums *s, int64_t n, int64_t d, const double *x,
                                   int64_t k, int threads, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t strips = n / k / ROWS_PER_SUM + 1;

    *s = (kith_i_label_sums){ .n = n, .d = d, .k = k, .x = x, .threads = threads };
    s->strips = strips < MOST_STRIPS ? strips : MOST_STRIPS;
    KITH_TRY(kith_i_zeroed(&s->sums, k * d, sizeof *s->sums, err));
    KITH_TRY(kith_i_zeroed(&s->counts, k, sizeof *s->counts, err));
    KITH_TRY(kith_i_alloc(&s->partial, s->strips * k * d, sizeof *s->partial, err));
    KITH_TRY(kith_i_alloc(&s->partial_counts, s->strips * k, sizeof *s->partial_counts, err));

done:
    return status;
}

void kith_i_label_sums_clear(kith_i_label_sums *s)
{
    kith_i_free(s->sums);
    kith_i_free(s->counts);
    kith_i_free(s->partial);
    kith_i_free(s->partial_counts);
}

static void add_strip(void *self, int64_t strip)
{
    const kith_i_label_sums *s = self;
    const int64_t d = s->d, k = s->k, end = (strip + 1) * s->n / s->strips;
    double *sums = s->partial + strip * k * d;
    int64_t *counts = s->partial_counts + strip * k;

    memset(sums, 0, (size_t)(k * d) * sizeof *sums);
    memset(counts, 0, (size_t)k * sizeof *counts);
    for (int64_t i = strip * s->n / s->strips; i < end; i++) {
        const uint32_t label = s->labels[i];
        const double *restrict row = s->x + i * d;
        if (s->before && s->before[i] == label) continue;
        double *restrict into = sums + label * d;
        for (int64_t j = 0; j < d; j++) into[j] += row[j];
        counts[label]++;
        if (!s->before) continue;
        double *restrict out_of = sums + s->before[i] * d;
        for (int64_t j = 0; j < d; j++) out_of[j] -= row[j];
        counts[s->before[i]]--;
    }
}

static void add_up(void *self, int64_t label)
{
    const kith_i_label_sums *s = self;
    double *sum = s->sums + label * s->d;

    if (!s->before) {
        memset(sum, 0, (size_t)s->d * sizeof *sum);
        s->counts[label] = 0;
    }
    for (int64_t strip = 0; strip < s->strips; strip++) {
        const double *partial = s->partial + (strip * s->k + label) * s->d;
        for (int64_t j = 0; j < s->d; j++) sum[j] += partial[j];
        s->counts[label] += s->partial_counts[strip * s->k + label];
    }
}

kith_status kith_i_label_sums_take(kith_i_label_sums *s, const uint32_t *labels,
                                   const uint32_t *before, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    s->labels = labels;
    s->before = before;
    KITH_TRY(kith_i_each(s->strips, s->threads, poll, "adding up clusters", add_strip, s, err));
    KITH_TRY(kith_i_each(s->k, s->threads, poll, "adding up clusters", add_up, s, err));

done:
    return status;
}
