/* Conjugate gradients [Hestenes1952], with a length and a direction of its own for each column. */
#include "attributed/conjugate.h"

#include "core/each.h"
#include "linalg/block.h"

#include <string.h>

enum {
    MOST = 64,   /* columns */
    STRIP = 1024 /* rows in an item of work */
};

typedef struct {
    int64_t n, b;
    double shift;
    double *h, *r, *p, *q; /* solution, residual, direction, (shift I - A) p */
    double squares[MOST];  /* |r|^2 */
    double step[MOST], turn[MOST];
} gradients;

static int64_t strip_end(const gradients *g, int64_t strip)
{
    return (strip + 1) * STRIP < g->n ? (strip + 1) * STRIP : g->n;
}

/* q holds A p. */
static void shift_strip(void *self, int64_t strip)
{
    const gradients *g = self;

    for (int64_t i = strip * STRIP * g->b; i < strip_end(g, strip) * g->b; i++)
        g->q[i] = g->shift * g->p[i] - g->q[i];
}

static void step_strip(void *self, int64_t strip)
{
    const gradients *g = self;

    for (int64_t i = strip * STRIP; i < strip_end(g, strip); i++)
        for (int64_t j = 0; j < g->b; j++) {
            g->h[i * g->b + j] += g->step[j] * g->p[i * g->b + j];
            g->r[i * g->b + j] -= g->step[j] * g->q[i * g->b + j];
        }
}

static void turn_strip(void *self, int64_t strip)
{
    const gradients *g = self;

    for (int64_t i = strip * STRIP; i < strip_end(g, strip); i++)
        for (int64_t j = 0; j < g->b; j++)
            g->p[i * g->b + j] = g->r[i * g->b + j] + g->turn[j] * g->p[i * g->b + j];
}

static kith_status each_strip(gradients *g, void (*work)(void *, int64_t), int threads,
                              kith_i_poll *poll, kith_error *err)
{
    return kith_i_each((g->n + STRIP - 1) / STRIP, threads, poll, "solving", work, g, err);
}

/* One iteration; columns that are solved stand still. */
static kith_status iterate(gradients *g, const kith_i_operator *a, kith_i_poll *poll,
                           kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_columns p = kith_i_block_columns(g->p, g->b);
    const kith_i_columns q = kith_i_block_columns(g->q, g->b);
    const kith_i_columns r = kith_i_block_columns(g->r, g->b);
    double curvature[MOST], squares[MOST];

    KITH_TRY(a->apply(a, g->b, g->p, g->q, poll, err));
    KITH_TRY(each_strip(g, shift_strip, a->threads, poll, err));
    KITH_TRY(kith_i_columns_dots(g->n, p, q, curvature, a->threads, err));
    for (int64_t j = 0; j < g->b; j++)
        g->step[j] = curvature[j] > 0 ? g->squares[j] / curvature[j] : 0;
    KITH_TRY(each_strip(g, step_strip, a->threads, poll, err));
    KITH_TRY(kith_i_columns_dots(g->n, r, r, squares, a->threads, err));
    for (int64_t j = 0; j < g->b; j++) {
        g->turn[j] = g->squares[j] > 0 ? squares[j] / g->squares[j] : 0;
        g->squares[j] = squares[j];
    }
    KITH_TRY(each_strip(g, turn_strip, a->threads, poll, err));

done:
    return status;
}

static bool solved(const gradients *g, const double *goal)
{
    for (int64_t j = 0; j < g->b; j++)
        if (g->squares[j] > goal[j]) return false;
    return true;
}

kith_status kith_i_conjugate(const kith_i_operator *a, double shift, int64_t b, const double *x,
                             double tolerance, kith_i_poll *poll, double *h, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = a->rows, most = 1000 + 10 * n;
    const size_t size = (size_t)(n * b) * sizeof *h;
    gradients g = { .n = n, .b = b, .shift = shift, .h = h };
    double goal[MOST];

    KITH_TRY(kith_i_alloc(&g.r, n * b, sizeof *g.r, err));
    KITH_TRY(kith_i_alloc(&g.p, n * b, sizeof *g.p, err));
    KITH_TRY(kith_i_alloc(&g.q, n * b, sizeof *g.q, err));
    memset(h, 0, size);
    memcpy(g.r, x, size);
    memcpy(g.p, x, size);
    const kith_i_columns r = kith_i_block_columns(g.r, b);
    KITH_TRY(kith_i_columns_dots(n, r, r, g.squares, a->threads, err));
    for (int64_t j = 0; j < b; j++) goal[j] = tolerance * tolerance * g.squares[j];
    for (int64_t i = 0; i < most && !solved(&g, goal); i++) KITH_TRY(iterate(&g, a, poll, err));

done:
    kith_i_free(g.r);
    kith_i_free(g.p);
    kith_i_free(g.q);
    return status;
}
