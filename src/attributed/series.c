/* Polynomials of a symmetric operator.
 *
 *   Clenshaw         here
 *   b_j+1, b_j+2     near, far: while term j is added
 *   b_j = c_j x + 2 B b_j+1 - b_j+2, where B = (2 A - (upper + lower) I) / (upper - lower) */
#include "attributed/series.h"

#include "core/base.h"
#include "core/each.h"

#include <math.h>
#include <string.h>

enum { STRIP = 1 << 14 }; /* numbers, an item of work */

static const double left_out = 1e-10;

/* c becomes the series of x p(x) + power: x = middle + half y, and y T_j = (T_j-1 + T_j+1) / 2. */
static void times_x(int64_t degree, const double *c, double middle, double half, double power,
                    double *out)
{
    memset(out, 0, (size_t)(degree + 2) * sizeof *out);
    for (int64_t j = 0; j <= degree; j++) {
        out[j] += middle * c[j];
        out[j + 1] += half * c[j] * (j ? 0.5 : 1);
        if (j) out[j - 1] += half * c[j] * 0.5;
    }
    out[0] += power;
}

/* The degree that is left without small terms at the end. */
static int64_t shortened(int64_t degree, const double *c)
{
    double sum = 0, tail = 0;

    for (int64_t j = 0; j <= degree; j++) sum += fabs(c[j]);
    while (degree > 0 && tail + fabs(c[degree]) <= left_out * sum) tail += fabs(c[degree--]);
    return degree;
}

kith_status kith_i_series_new(int64_t terms, const double *powers, double lower, double upper,
                              kith_i_series *out, kith_error *err)
{
    kith_status status = KITH_OK;
    double *c = NULL, *next = NULL;

    *out = (kith_i_series){ .lower = lower, .upper = upper };
    KITH_TRY(kith_i_alloc(&c, terms + 1, sizeof *c, err));
    KITH_TRY(kith_i_alloc(&next, terms + 1, sizeof *next, err));
    c[0] = powers[terms - 1];
    for (int64_t t = terms - 2; t >= 0; t--) {
        double *swapped = c;
        times_x(terms - 2 - t, c, (upper + lower) / 2, (upper - lower) / 2, powers[t], next);
        c = next;
        next = swapped;
    }
    out->degree = shortened(terms - 1, c);
    out->coefficients = c;
    c = NULL;

done:
    kith_i_free(c);
    kith_i_free(next);
    return status;
}

void kith_i_geometric(double decay, int64_t last, double *powers)
{
    double sum = 0;

    for (int64_t t = 0; t <= last; t++) { /* in units of the largest */
        powers[t] = pow(decay, (double)(decay > 1 ? t - last : t));
        sum += powers[t];
    }
    for (int64_t t = 0; t <= last; t++) powers[t] /= sum;
}

void kith_i_series_clear(kith_i_series *series)
{
    kith_i_free(series->coefficients);
    *series = (kith_i_series){ 0 };
}

/* out = term x + product * (A near) - shift * near - far, number by number. */
typedef struct {
    int64_t count;
    double term, product, shift;
    const double *x, *a_near, *near, *far;
    double *out;
} step;

static void take_step(void *self, int64_t item)
{
    const step *s = self;
    const int64_t end = (item + 1) * STRIP < s->count ? (item + 1) * STRIP : s->count;

    for (int64_t i = item * STRIP; i < end; i++)
        s->out[i] =
            s->term * s->x[i] + s->product * s->a_near[i] - s->shift * s->near[i] - s->far[i];
}

kith_status kith_i_series_apply(const kith_i_series *series, const kith_i_operator *a, int64_t b,
                                const double *x, double *y, kith_i_scratch *scratch,
                                kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t count = a->rows * b, items = (count + STRIP - 1) / STRIP;
    const double width = series->upper - series->lower;

    if (count == 0) goto done;
    KITH_TRY(kith_i_scratch_reserve(scratch, 2 * count, err));
    double *near = scratch->memory, *far = near + count;
    memset(far, 0, (size_t)count * sizeof *far);
    for (int64_t i = 0; i < count; i++) near[i] = series->coefficients[series->degree] * x[i];
    if (series->degree == 0) memcpy(y, near, (size_t)count * sizeof *y);
    for (int64_t j = series->degree - 1; j >= 0; j--) {
        const double twice = j ? 2 : 1;
        step s = { .count = count,
                   .term = series->coefficients[j],
                   .product = twice * 2 / width,
                   .shift = twice * (series->upper + series->lower) / width,
                   .x = x,
                   .a_near = y,
                   .near = near,
                   .far = far,
                   .out = j ? far : y };
        KITH_TRY(a->apply(a, b, near, y, poll, err));
        KITH_TRY(kith_i_each(items, a->threads, poll, "smoothing", take_step, &s, err));
        if (j == 0) break;
        far = near;
        near = s.out; /* where b_j+2 was */
    }

done:
    return status;
}
