/* k-means: seeding [Arthur2007] and the rounds of Lloyd [Lloyd1982].
 *
 *   paper        here
 *   D(x)^2       distance[i]: of row i to its centre, squared
 *   phi          inertia */
#include "linalg/kmeans.h"

#include "core/base.h"
#include "core/each.h"
#include "linalg/distance.h"
#include "linalg/label_sums.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef struct {
    int64_t n, d, k;
    const double *x;
    int threads;
    kith_i_poll *poll;
    int64_t rows;              /* in a strip, an item of work */
    int64_t seeded;            /* centres that there are */
    double *centres;           /* k rows of d numbers */
    double *distance;          /* n */
    uint32_t *labels, *before; /* n; before: those of the last round */
    kith_i_label_sums sums;
} kmeans;

static kith_status kmeans_init(kmeans *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t rows = (INT64_C(1) << 18) / (s->d * s->k);

    s->rows = rows < 64 ? 64 : rows > 4096 ? 4096 : rows;
    KITH_TRY(kith_i_alloc(&s->centres, s->k * s->d, sizeof *s->centres, err));
    KITH_TRY(kith_i_alloc(&s->distance, s->n, sizeof *s->distance, err));
    KITH_TRY(kith_i_alloc(&s->labels, s->n, sizeof *s->labels, err));
    KITH_TRY(kith_i_alloc(&s->before, s->n, sizeof *s->before, err));
    KITH_TRY(kith_i_label_sums_init(&s->sums, s->n, s->d, s->x, s->k, s->threads, err));

done:
    return status;
}

static void kmeans_clear(kmeans *s)
{
    kith_i_free(s->centres);
    kith_i_free(s->distance);
    kith_i_free(s->labels);
    kith_i_free(s->before);
    kith_i_label_sums_clear(&s->sums);
}

static kith_status each_strip(kmeans *s, const char *stage, void (*work)(void *, int64_t),
                              kith_error *err)
{
    return kith_i_each((s->n + s->rows - 1) / s->rows, s->threads, s->poll, stage, work, s, err);
}

static int64_t strip_end(const kmeans *s, int64_t strip)
{
    return (strip + 1) * s->rows < s->n ? (strip + 1) * s->rows : s->n;
}

/* ---- Seeding ---- */

/* Distances to the nearest centre, when another one has come. */
static void come_nearer(void *self, int64_t strip)
{
    const kmeans *s = self;
    const double *centre = s->centres + (s->seeded - 1) * s->d;

    for (int64_t i = strip * s->rows; i < strip_end(s, strip); i++) {
        const double to = kith_i_distance2(s->d, s->x + i * s->d, centre);
        if (s->seeded == 1 || to < s->distance[i]) s->distance[i] = to;
    }
}

/* A row drawn with a chance in proportion to its distance, which sum up to `total`. */
static int64_t draw(const kmeans *s, double total, kith_i_random *random)
{
    double left = kith_i_random_unit(random) * total;
    int64_t last = -1;

    for (int64_t i = 0; i < s->n; i++) {
        if (!(s->distance[i] > 0)) continue;
        last = i;
        left -= s->distance[i];
        if (left < 0) break;
    }
    return last;
}

static kith_status seed(kmeans *s, uint64_t seed, uint64_t start, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_random random = kith_i_random_at(seed, start, 0);
    int64_t row = (int64_t)kith_i_random_below(&random, (uint64_t)s->n);

    for (s->seeded = 0; s->seeded < s->k;) {
        memcpy(s->centres + s->seeded * s->d, s->x + row * s->d, (size_t)s->d * sizeof *s->centres);
        s->seeded++;
        if (s->seeded == s->k) break;
        KITH_TRY(each_strip(s, "seeding clusters", come_nearer, err));
        row = draw(s, kith_i_sum(s->distance, s->n, s->threads), &random);
        KITH_CHECK(row >= 0, KITH_E_ARGUMENT,
                   "k is %" PRId64 " (expected at most %" PRId64 ", the number of distinct rows)",
                   s->k, s->seeded);
    }

done:
    return status;
}

/* ---- Rounds ---- */

static void assign(void *self, int64_t strip)
{
    const kmeans *s = self;

    for (int64_t i = strip * s->rows; i < strip_end(s, strip); i++) {
        const double *row = s->x + i * s->d;
        s->distance[i] = INFINITY;
        s->labels[i] = 0;
        for (int64_t c = 0; c < s->k; c++) {
            const double to = kith_i_distance2(s->d, row, s->centres + c * s->d);
            if (!(to < s->distance[i])) continue;
            s->distance[i] = to;
            s->labels[i] = (uint32_t)c;
        }
    }
}

/* Gives each empty cluster the row that is farthest from its centre, of those that are not alone in
 * theirs. */
static kith_status fill(kmeans *s, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *counts = s->sums.counts;
    int64_t filled = 0;

    for (int64_t c = 0; c < s->k; c++) {
        int64_t farthest = -1;
        if (counts[c]) continue;
        for (int64_t i = 0; i < s->n; i++)
            if (counts[s->labels[i]] > 1 && s->distance[i] > 0 &&
                (farthest < 0 || s->distance[i] > s->distance[farthest]))
                farthest = i;
        KITH_CHECK(farthest >= 0, KITH_E_ARGUMENT,
                   "k is %" PRId64 " (expected at most the number of distinct rows)", s->k);
        counts[s->labels[farthest]]--;
        counts[c]++;
        s->labels[farthest] = (uint32_t)c;
        s->distance[farthest] = 0;
        filled++;
    }
    if (filled) KITH_TRY(kith_i_label_sums_take(&s->sums, s->labels, NULL, s->poll, err));

done:
    return status;
}

static void take_means(kmeans *s)
{
    for (int64_t c = 0; c < s->k; c++)
        for (int64_t j = 0; j < s->d; j++)
            s->centres[c * s->d + j] = s->sums.sums[c * s->d + j] / (double)s->sums.counts[c];
}

static void measure(void *self, int64_t strip)
{
    const kmeans *s = self;

    for (int64_t i = strip * s->rows; i < strip_end(s, strip); i++)
        s->distance[i] = kith_i_distance2(s->d, s->x + i * s->d, s->centres + s->labels[i] * s->d);
}

static kith_status lloyd(kmeans *s, int64_t rounds, kith_i_kmeans_report *report, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t bytes = (size_t)s->n * sizeof *s->labels;

    *report = (kith_i_kmeans_report){ 0 };
    while (!report->converged && report->rounds < rounds) {
        memcpy(s->before, s->labels, bytes);
        KITH_TRY(each_strip(s, "k-means", assign, err));
        report->converged = report->rounds > 0 && !memcmp(s->before, s->labels, bytes);
        report->rounds++;
        if (report->converged) break;
        KITH_TRY(kith_i_label_sums_take(&s->sums, s->labels, NULL, s->poll, err));
        KITH_TRY(fill(s, err));
        take_means(s);
    }
    KITH_TRY(each_strip(s, "k-means", measure, err));
    report->inertia = kith_i_sum(s->distance, s->n, s->threads);

done:
    return status;
}

kith_status kith_i_kmeans(int64_t n, int64_t d, const double *x,
                          const kith_i_kmeans_options *options, kith_i_poll *poll, int64_t *labels,
                          double *centres, kith_i_kmeans_report *report, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t k = options->k;
    kmeans s = { .n = n, .d = d, .k = k, .x = x, .threads = options->threads, .poll = poll };
    kith_i_kmeans_report best = { .inertia = INFINITY };

    KITH_CHECK(k >= 1 && k <= n, KITH_E_ARGUMENT,
               "k is %" PRId64 " (expected 1 to %" PRId64 ", the number of rows)", k, n);
    KITH_TRY(kmeans_init(&s, err));
    for (int64_t start = 0; start < options->restarts; start++) {
        kith_i_kmeans_report now;
        if (start == 0 && options->centres)
            memcpy(s.centres, options->centres, (size_t)(k * d) * sizeof *s.centres);
        else
            KITH_TRY(seed(&s, options->seed, (uint64_t)start, err));
        KITH_TRY(lloyd(&s, options->rounds, &now, err));
        if (start > 0 && !(now.inertia < best.inertia)) continue;
        best = now;
        for (int64_t i = 0; i < n; i++) labels[i] = s.labels[i];
        if (centres) memcpy(centres, s.centres, (size_t)(k * d) * sizeof *centres);
    }
    if (report) *report = best;

done:
    kmeans_clear(&s);
    return status;
}
