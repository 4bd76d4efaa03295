/* The truncated series of a smoothing, with its tail. */
#include "attributed/smoothing.h"

#include "core/each.h"

enum { STRIP = 1 << 15 }; /* numbers in an item of work */

/* h = keep h + times x, number by number. */
typedef struct {
    int64_t count;
    double keep, times;
    const double *x;
    double *h;
} addition;

static void add_strip(void *self, int64_t strip)
{
    const addition *a = self;
    const int64_t end = (strip + 1) * STRIP < a->count ? (strip + 1) * STRIP : a->count;

    if (a->keep == 0)
        for (int64_t i = strip * STRIP; i < end; i++) a->h[i] = a->times * a->x[i];
    else
        for (int64_t i = strip * STRIP; i < end; i++)
            a->h[i] = a->keep * a->h[i] + a->times * a->x[i];
}

static kith_status add(int64_t count, double keep, double *h, double times, const double *x,
                       int threads, kith_i_poll *poll, kith_error *err)
{
    addition a = { count, keep, times, x, h };

    return kith_i_each((count + STRIP - 1) / STRIP, threads, poll, "smoothing", add_strip, &a, err);
}

kith_status kith_i_smooth(void *self, const kith_i_relational *state, kith_i_panels *h,
                          kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_smoothing *s = self;
    const double alpha = state->o.alpha;
    const int threads = state->o.threads;
    kith_i_operator a = { 0 };
    double *term = NULL, *next = NULL;

    KITH_TRY(kith_i_relational_sum(state, alpha / (1 + alpha), &a, err));
    KITH_TRY(kith_i_alloc(&term, h->n * KITH_I_PANEL, sizeof *term, err));
    KITH_TRY(kith_i_alloc(&next, h->n * KITH_I_PANEL, sizeof *next, err));
    for (int64_t p = 0; p < kith_i_panels_count(h); p++) {
        const int64_t b = kith_i_panels_width(h, p), count = h->n * b;
        double *out = kith_i_panels_at(h, p);
        KITH_TRY(
            add(count, 0, term, 1 / (1 + alpha), kith_i_panels_at(s->x, p), threads, poll, err));
        KITH_TRY(add(count, 0, out, 1, term, threads, poll, err));
        for (int64_t l = 0; l < s->hops; l++) {
            KITH_TRY(a.apply(&a, b, term, next, poll, err));
            double *swapped = term;
            term = next;
            next = swapped;
            KITH_TRY(add(count, 1, out, 1, term, threads, poll, err));
        }
        KITH_TRY(add(count, 1, out, alpha, term, threads, poll, err));
    }

done:
    kith_i_operator_clear(&a);
    kith_i_free(term);
    kith_i_free(next);
    return status;
}
