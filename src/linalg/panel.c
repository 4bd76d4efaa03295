/* Distances in float, sixteen at once.
 *
 * The error of fl(x.y) is at most (d + 2) u |x| |y| for u = 2^-24 [Higham2002 eq. 3.5], two of the
 * units for the rounding of x and y themselves, and 2 |x| |y| <= |x|^2 + |y|^2. Rounding of the
 * norms and of the two sums adds less than 8 u of that again. */
#include "linalg/panel.h"

#include "core/base.h"
#include "core/each.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__) && defined(__ELF__) && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

enum { STRIP = 1024, GROUP = 4 }; /* rows of an item of work; looked at side by side */

typedef float lanes
    __attribute__((vector_size(KITH_I_LANES * sizeof(float)), aligned(4), may_alias));

/* ---- Rows in float ---- */

typedef struct {
    kith_i_floats *f;
    const double *x;
    double *largest; /* of each strip */
} conversion;

static int64_t strip_end(const kith_i_floats *f, int64_t strip)
{
    return (strip + 1) * STRIP < f->n ? (strip + 1) * STRIP : f->n;
}

static void find_largest(void *self, int64_t strip)
{
    const conversion *c = self;
    const int64_t d = c->f->d;
    double largest = 0;

    for (int64_t i = strip * STRIP; i < strip_end(c->f, strip); i++)
        for (int64_t j = 0; j < d; j++) {
            const double by = fabs(c->x[i * d + j] - c->f->centre[j]);
            largest = by > largest ? by : largest;
        }
    c->largest[strip] = largest;
}

/* Writes a row as floats `step` apart; returns its squared length. */
static double convert(const kith_i_floats *f, const double *row, float *to, int64_t step)
{
    const double by = 1 / f->scale;
    double norm = 0;

    for (int64_t j = 0; j < f->d; j++) {
        const double number = (row[j] - f->centre[j]) * by;
        to[j * step] = (float)number;
        norm += number * number;
    }
    return norm;
}

static void convert_strip(void *self, int64_t strip)
{
    const conversion *c = self;
    const kith_i_floats *f = c->f;

    for (int64_t i = strip * STRIP; i < strip_end(f, strip); i++)
        f->norms[i] = (float)convert(f, c->x + i * f->d, f->rows + i * f->d, 1);
}

/* The middle of a sample of rows, and the scale about it. */
static kith_status place(conversion *c, int64_t strips, int threads, kith_i_poll *poll,
                         kith_error *err)
{
    enum { SAMPLE = 4096 };
    kith_status status = KITH_OK;
    kith_i_floats *f = c->f;
    const int64_t count = f->n < SAMPLE ? f->n : SAMPLE;

    for (int64_t s = 0; s < count; s++) {
        const double *row = c->x + s * f->n / count * f->d;
        for (int64_t j = 0; j < f->d; j++) f->centre[j] += row[j] / (double)count;
    }
    KITH_TRY(kith_i_each(strips, threads, poll, "reading rows", find_largest, c, err));
    for (int64_t strip = 0; strip < strips; strip++) f->scale = fmax(f->scale, c->largest[strip]);
    if (!(f->scale > 0)) f->scale = 1;

done:
    return status;
}

kith_status kith_i_floats_init(kith_i_floats *f, int64_t n, int64_t d, const double *x, int threads,
                               kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t strips = (n + STRIP - 1) / STRIP;
    conversion c = { .f = f, .x = x };

    *f = (kith_i_floats){ .n = n, .d = d, .slack = (float)(d + 16) * 0x1p-24f };
    KITH_TRY(kith_i_zeroed(&f->centre, d, sizeof *f->centre, err));
    KITH_TRY(kith_i_alloc(&f->rows, n * d, sizeof *f->rows, err));
    KITH_TRY(kith_i_alloc(&f->norms, n, sizeof *f->norms, err));
    KITH_TRY(kith_i_alloc(&c.largest, strips, sizeof *c.largest, err));
    KITH_TRY(place(&c, strips, threads, poll, err));
    KITH_TRY(kith_i_each(strips, threads, poll, "reading rows", convert_strip, &c, err));

done:
    kith_i_free(c.largest);
    return status;
}

void kith_i_floats_clear(kith_i_floats *f)
{
    kith_i_free(f->centre);
    kith_i_free(f->rows);
    kith_i_free(f->norms);
}

void kith_i_panel_fill(const kith_i_floats *f, int64_t count, const double *rows,
                       const kith_i_panel *panel)
{
    for (int64_t lane = 0; lane < KITH_I_LANES; lane++) {
        if (lane < count) {
            panel->norms[lane] =
                (float)convert(f, rows + lane * f->d, panel->numbers + lane, KITH_I_LANES);
        } else {
            panel->norms[lane] = KITH_I_FAR;
            for (int64_t j = 0; j < f->d; j++) panel->numbers[j * KITH_I_LANES + lane] = 0;
        }
    }
}

/* ---- The look ---- */

CLONES
static void look(const kith_i_floats *f, const kith_i_panel *panel, int64_t count,
                       const uint32_t *rows, float *least)
{
    const int64_t d = f->d;
    const lanes norms = *(const lanes *)panel->norms;
    const float keep = 1 - f->slack;

    for (int64_t i = 0; i < count; i += GROUP) {
        const float *row[GROUP];
        lanes sum[GROUP] = { { 0 } };
        for (int g = 0; g < GROUP; g++)
            row[g] = f->rows + (int64_t)rows[i + g < count ? i + g : i] * d;
        for (int64_t j = 0; j < d; j++) {
            const lanes numbers = *(const lanes *)(panel->numbers + j * KITH_I_LANES);
            for (int g = 0; g < GROUP; g++) sum[g] += numbers * row[g][j];
        }
        for (int g = 0; g < GROUP && i + g < count; g++)
            *(lanes *)(least + (i + g) * KITH_I_LANES) =
                (norms + f->norms[rows[i + g]]) * keep - 2 * sum[g];
    }
}

/* Clones cannot be hidden from those who link the library, but for static ones. */
void kith_i_panel_look(const kith_i_floats *f, const kith_i_panel *panel, int64_t count,
                       const uint32_t *rows, float *least)
{
    look(f, panel, count, rows, least);
}
