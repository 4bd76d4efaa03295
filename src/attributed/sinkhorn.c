/* Random features and their scaling.
 *
 *   paper            here
 *   Z_0              z
 *   L, R             diag(left) z, diag(right) z
 *   v = L (R^T 1)    left_i (z_i . s) for s = Z^T right */
#include "attributed/sinkhorn.h"

#include "core/each.h"
#include "linalg/block.h"

#include <math.h>
#include <string.h>

enum { STRIP = 256 }; /* rows in an item of work */

static const double least = 1e-12;

static int64_t strips_of(int64_t n)
{
    return (n + STRIP - 1) / STRIP;
}

static int64_t strip_end(int64_t strip, int64_t n)
{
    return (strip + 1) * STRIP < n ? (strip + 1) * STRIP : n;
}

/* ---- Standardised rows ---- */

static void centre_strip(void *self, int64_t strip)
{
    const kith_i_panels *h = self;

    for (int64_t i = strip * STRIP; i < strip_end(strip, h->n); i++) {
        double sum = 0, largest = 0;
        for (int64_t p = 0; p < kith_i_panels_count(h); p++) {
            const double *row = kith_i_panels_at(h, p) + i * kith_i_panels_width(h, p);
            for (int64_t c = 0; c < kith_i_panels_width(h, p); c++) {
                sum += row[c];
                largest = fmax(largest, fabs(row[c]));
            }
        }
        const double mean = sum / (double)h->d;
        for (int64_t p = 0; p < kith_i_panels_count(h); p++) {
            double *row = kith_i_panels_at(h, p) + i * kith_i_panels_width(h, p);
            for (int64_t c = 0; c < kith_i_panels_width(h, p); c++) {
                row[c] -= mean;
                if (fabs(row[c]) <= 1e-15 * (double)h->d * largest) row[c] = 0; /* rounding */
            }
        }
    }
}

kith_status kith_i_standardise(kith_i_panels *h, int threads, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_each(strips_of(h->n), threads, poll, "scaling rows", centre_strip, h, err));
    KITH_TRY(kith_i_panels_unit_rows(h, threads, poll, err));

done:
    return status;
}

/* ---- Random features ---- */

typedef struct {
    const kith_i_panels *x;
    const double *turn; /* s Q^T, d rows of d numbers */
    double *z;
    double *rooms; /* of each thread: STRIP rows of x and of x Q^T */
} spreading;

static void spread_strip(void *self, int64_t strip)
{
    const spreading *s = self;
    const int64_t d = s->x->d, begin = strip * STRIP, end = strip_end(strip, s->x->n);
    double *rows = s->rooms + omp_get_thread_num() * 2 * STRIP * d, *turned = rows + STRIP * d;

    for (int64_t i = begin; i < end; i++) kith_i_panels_row(s->x, i, rows + (i - begin) * d);
    kith_i_block_times(end - begin, d, rows, d, s->turn, 0, turned, 1);
    for (int64_t i = begin; i < end; i++)
        for (int64_t j = 0; j < d; j++) {
            const double y = turned[(i - begin) * d + j];
            s->z[i * 2 * d + j] = sin(y);
            s->z[i * 2 * d + d + j] = cos(y);
        }
}

kith_status kith_i_random_features(const kith_i_panels *x, double scale, uint64_t seed, int threads,
                                   kith_i_poll *poll, double *z, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t d = x->d;
    spreading s = { .x = x, .z = z };
    double *turn = NULL;

    KITH_TRY(kith_i_alloc(&turn, d * d, sizeof *turn, err));
    KITH_TRY(kith_i_alloc(&s.rooms, threads * 2 * STRIP * d, sizeof *s.rooms, err));
    kith_i_block_random(d, d, turn, seed, 2, threads);
    KITH_TRY(kith_i_block_orthonormalise(d, d, turn, NULL, NULL, seed, threads, err));
    for (int64_t i = 0; i < d * d; i++) turn[i] *= scale;
    s.turn = turn; /* Q and Q^T are as likely */
    KITH_TRY(kith_i_each(strips_of(x->n), threads, poll, "random features", spread_strip, &s, err));

done:
    kith_i_free(turn);
    kith_i_free(s.rooms);
    return status;
}

/* ---- Sinkhorn's rounds ---- */

/* scaled_i = 1 / (z_i . Z^T other), or by the steps of the paper, which are that but for sums that
 * are clamped. */
static kith_status half_round(int64_t n, int64_t d, const double *z, const double *other,
                              double *scaled, double *sums, double *v, int threads,
                              int64_t *clamped, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_block_gram(n, d, z, 1, other, sums, threads, err));
    kith_i_block_times(n, d, z, 1, sums, 0, v, threads);
    for (int64_t i = 0; i < n; i++) {
        const double sum = scaled[i] * v[i];
        *clamped += !(sum > least);
        scaled[i] /= sum > least ? sum : least;
    }

done:
    return status;
}

kith_status kith_i_sinkhorn(int64_t n, int64_t d, const double *z, int64_t rounds, int threads,
                            kith_i_poll *poll, double *left, double *right, int64_t *clamped,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    double *sums = NULL, *v = NULL;

    *clamped = 0;
    for (int64_t i = 0; i < n; i++) left[i] = right[i] = 1;
    if (n == 0 || d == 0) return KITH_OK;
    KITH_TRY(kith_i_alloc(&sums, d, sizeof *sums, err));
    KITH_TRY(kith_i_alloc(&v, n, sizeof *v, err));
    for (int64_t round = 0; round < rounds; round++) {
        KITH_TRY(kith_i_poll_check(poll, "scaling", (double)round / (double)rounds, err));
        KITH_TRY(half_round(n, d, z, right, left, sums, v, threads, clamped, err));
        KITH_TRY(half_round(n, d, z, left, right, sums, v, threads, clamped, err));
    }

done:
    kith_i_free(sums);
    kith_i_free(v);
    return status;
}

kith_status kith_i_doubly_stochastic(kith_i_panels *h, const kith_i_doubly_options *options,
                                     kith_i_poll *poll, double *r, int64_t *clamped,
                                     kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = h->n, d = 2 * h->d;
    const int threads = options->threads;
    double *left = NULL, *right = NULL;

    KITH_TRY(kith_i_alloc(&left, n, sizeof *left, err));
    KITH_TRY(kith_i_alloc(&right, n, sizeof *right, err));
    KITH_TRY(kith_i_standardise(h, threads, poll, err));
    KITH_TRY(kith_i_random_features(h, options->scale, options->seed, threads, poll, r, err));
    KITH_TRY(kith_i_sinkhorn(n, d, r, options->rounds, threads, poll, left, right, clamped, err));
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i * d; j < (i + 1) * d; j++) r[j] *= right[i];

done:
    kith_i_free(left);
    kith_i_free(right);
    return status;
}
