/* The multi-scale affinity of the rows of a bipartite graph [Yang2024]. */
#include "attributed/affinity.h"

#include "attributed/series.h"
#include "core/base.h"
#include "linalg/block.h"
#include "linalg/product.h"

#include <float.h>
#include <math.h>

/* ---- L L^T ---- */

typedef struct {
    const kith_i_operator *l;
    kith_i_scratch between; /* L^T X */
} square;

static kith_status apply_square(const kith_i_operator *self, int64_t b, const double *x, double *y,
                                kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    square *s = self->state;

    KITH_TRY(kith_i_scratch_reserve(&s->between, s->l->columns * b, err));
    KITH_TRY(s->l->apply_transposed(s->l, b, x, s->between.memory, poll, err));
    KITH_TRY(s->l->apply(s->l, b, s->between.memory, y, poll, err));

done:
    return status;
}

kith_status kith_i_affinity_smooth(const kith_i_operator *l, double alpha, int64_t hops, int64_t d,
                                   const double *x, double *z, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    square s = { .l = l };
    const kith_i_operator ll = { .rows = l->rows,
                                 .columns = l->rows,
                                 .lower = 0,
                                 .upper = 1,
                                 .apply = apply_square,
                                 .apply_transposed = apply_square,
                                 .threads = l->threads,
                                 .state = &s };
    kith_i_series series = { 0 };
    kith_i_scratch scratch = { 0 };
    double *powers = NULL;

    KITH_TRY(kith_i_alloc(&powers, hops + 1, sizeof *powers, err));
    kith_i_geometric(alpha, hops, powers);
    KITH_TRY(kith_i_series_new(hops + 1, powers, 0, 1, &series, err));
    KITH_TRY(kith_i_series_apply(&series, &ll, d, x, z, &scratch, poll, err));
    kith_i_block_unit_rows(l->rows, d, z, l->threads);

done:
    kith_i_free(powers);
    kith_i_free(scratch.memory);
    kith_i_free(s.between.memory);
    kith_i_series_clear(&series);
    return status;
}

/* ---- R ---- */

typedef struct {
    int64_t d;
    double bandwidth;
    const double *y;
    const double *sums; /* of the columns of R, once they are known */
    double *r;
} waves;

static void make_waves(void *self, int64_t begin, int64_t end)
{
    const waves *w = self;

    for (int64_t i = begin; i < end; i++)
        for (int64_t j = 0; j < w->d; j++) {
            const double y = w->bandwidth * w->y[i * w->d + j];
            w->r[2 * i * w->d + j] = sin(y);
            w->r[(2 * i + 1) * w->d + j] = cos(y);
        }
}

/* Divides each row by the square root of its product with all rows, which is positive but for
 * kernels that random features estimate badly. */
static void divide_rows(void *self, int64_t begin, int64_t end)
{
    const waves *w = self;

    for (int64_t i = begin; i < end; i++) {
        double *row = w->r + 2 * i * w->d, g = 0;
        for (int64_t j = 0; j < 2 * w->d; j++) g += row[j] * w->sums[j];
        const double root = sqrt(fmax(g, DBL_MIN));
        for (int64_t j = 0; j < 2 * w->d; j++) row[j] /= root;
    }
}

kith_status kith_i_affinity_factor(int64_t n, int64_t d, const double *z, const double *rotation,
                                   double bandwidth, double *r, int threads, kith_i_poll *poll,
                                   kith_error *err)
{
    kith_status status = KITH_OK;
    double *turned = NULL, *sums = NULL;
    waves w = { .d = d, .bandwidth = bandwidth, .y = z, .r = r };

    KITH_TRY(kith_i_alloc(&sums, 2 * d, sizeof *sums, err));
    if (rotation) {
        KITH_TRY(kith_i_alloc(&turned, n * d, sizeof *turned, err));
        kith_i_block_times(n, d, z, d, rotation, 0, turned, threads);
        w.y = turned;
    }
    KITH_TRY(kith_i_ranges(n, NULL, 20 * d, threads, poll, make_waves, &w, err));
    KITH_TRY(kith_i_project(n, 1, NULL, 2 * d, r, sums, threads, poll, err));
    w.sums = sums;
    KITH_TRY(kith_i_ranges(n, NULL, 4 * d, threads, poll, divide_rows, &w, err));

done:
    kith_i_free(turned);
    kith_i_free(sums);
    return status;
}
