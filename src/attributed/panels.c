/* Tall matrices in panels of columns. */
#include "attributed/panels.h"

#include "core/each.h"

#include <math.h>

enum { STRIP = 1024 }; /* rows in an item of work */

kith_status kith_i_panels_new(int64_t n, int64_t d, kith_i_panels *out, kith_error *err)
{
    *out = (kith_i_panels){ .n = n, .d = d };
    return kith_i_alloc(&out->values, n * d, sizeof *out->values, err);
}

void kith_i_panels_clear(kith_i_panels *panels)
{
    kith_i_free(panels->values);
    *panels = (kith_i_panels){ 0 };
}

/* Divides by the largest number of the row first: squares of it neither overflow nor vanish. */
static double length_of(const kith_i_panels *x, int64_t i)
{
    double largest = 0, sum = 0;

    for (int64_t p = 0; p < kith_i_panels_count(x); p++) {
        const int64_t width = kith_i_panels_width(x, p);
        const double *row = kith_i_panels_at(x, p) + i * width;
        for (int64_t c = 0; c < width; c++) largest = fmax(largest, fabs(row[c]));
    }
    if (largest == 0) return 0;
    for (int64_t p = 0; p < kith_i_panels_count(x); p++) {
        const int64_t width = kith_i_panels_width(x, p);
        const double *row = kith_i_panels_at(x, p) + i * width;
        for (int64_t c = 0; c < width; c++) sum += row[c] / largest * (row[c] / largest);
    }
    return largest * sqrt(sum);
}

static void unit_strip(void *self, int64_t strip)
{
    const kith_i_panels *x = self;
    const int64_t end = (strip + 1) * STRIP < x->n ? (strip + 1) * STRIP : x->n;

    for (int64_t i = strip * STRIP; i < end; i++) {
        const double length = length_of(x, i);
        for (int64_t p = 0; length > 0 && p < kith_i_panels_count(x); p++) {
            const int64_t width = kith_i_panels_width(x, p);
            double *row = kith_i_panels_at(x, p) + i * width;
            for (int64_t c = 0; c < width; c++) row[c] /= length;
        }
    }
}

kith_status kith_i_panels_unit_rows(kith_i_panels *x, int threads, kith_i_poll *poll,
                                    kith_error *err)
{
    return kith_i_each((x->n + STRIP - 1) / STRIP, threads, poll, "scaling rows", unit_strip, x,
                       err);
}
