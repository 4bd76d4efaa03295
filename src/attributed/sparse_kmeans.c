/* k-means of sparse rows: seeding [Arthur2007] and the rounds of Lloyd [Lloyd1982].
 *
 *   paper        here
 *   D(x)^2       distance[i]: of row i to its centre, squared
 *   phi          inertia
 *
 * |x - c|^2 = |x|^2 + |c|^2 - 2 x.c, and x.c takes the entries of x alone. Centres lie column by
 * column, k numbers side by side, so that an entry meets all of them at once. */
#include "attributed/sparse_kmeans.h"

#include "core/each.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { STRIP = 256 }; /* rows, an item of work */

typedef struct {
    const kith_i_scaled *f;
    int64_t n, d, k;
    const uint32_t *rows;
    int threads;
    kith_i_poll *poll;
    double *centres;           /* d rows of k numbers */
    double *centre2;           /* k: |c|^2 */
    double *products;          /* for each strip k: x.c of a row */
    double *row2;              /* n: |x|^2 */
    double *distance;          /* n */
    double *seed;              /* d: the last row that was drawn */
    double seed2;              /* its |x|^2 */
    bool first;                /* of the seeds */
    int64_t *counts;           /* k */
    uint32_t *labels, *before; /* n; before: those of the last round */
} sparse;

static int64_t strips(const sparse *s)
{
    return (s->n + STRIP - 1) / STRIP;
}

static kith_status sparse_init(sparse *s, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(&s->centres, s->d * s->k, sizeof *s->centres, err));
    KITH_TRY(kith_i_alloc(&s->centre2, s->k, sizeof *s->centre2, err));
    KITH_TRY(kith_i_alloc(&s->products, strips(s) * s->k, sizeof *s->products, err));
    KITH_TRY(kith_i_alloc(&s->row2, s->n, sizeof *s->row2, err));
    KITH_TRY(kith_i_alloc(&s->distance, s->n, sizeof *s->distance, err));
    KITH_TRY(kith_i_zeroed(&s->seed, s->d, sizeof *s->seed, err));
    KITH_TRY(kith_i_alloc(&s->counts, s->k, sizeof *s->counts, err));
    KITH_TRY(kith_i_zeroed(&s->labels, s->n, sizeof *s->labels, err));
    KITH_TRY(kith_i_alloc(&s->before, s->n, sizeof *s->before, err));

done:
    return status;
}

static void sparse_clear(sparse *s)
{
    kith_i_free(s->centres);
    kith_i_free(s->centre2);
    kith_i_free(s->products);
    kith_i_free(s->row2);
    kith_i_free(s->distance);
    kith_i_free(s->seed);
    kith_i_free(s->counts);
    kith_i_free(s->labels);
    kith_i_free(s->before);
}

static kith_status each_strip(sparse *s, const char *stage, void (*work)(void *, int64_t),
                              kith_error *err)
{
    return kith_i_each(strips(s), s->threads, s->poll, stage, work, s, err);
}

static int64_t strip_end(const sparse *s, int64_t strip)
{
    return (strip + 1) * STRIP < s->n ? (strip + 1) * STRIP : s->n;
}

static kith_i_feature_row entries_of(const sparse *s, int64_t i)
{
    return kith_i_features_row(s->f->features, s->rows[i]);
}

/* The value of an entry of row i, and its column. */
static double value_at(const sparse *s, int64_t i, kith_i_feature_row row, int64_t entry,
                       int64_t *column)
{
    *column = kith_i_feature_column(s->f->features, row, entry);
    return kith_i_scaled_entry(s->f, s->rows[i], *column, entry);
}

static void square(void *self, int64_t strip)
{
    const sparse *s = self;
    int64_t j;

    for (int64_t i = strip * STRIP; i < strip_end(s, strip); i++) {
        const kith_i_feature_row row = entries_of(s, i);
        s->row2[i] = 0;
        for (int64_t e = row.begin; e < row.end; e++) {
            const double value = value_at(s, i, row, e, &j);
            s->row2[i] += value * value;
        }
    }
}

/* ---- Seeding ---- */

/* Distances to the nearest seed, when another one has come: exactly 0 where rows are the same. */
static void come_nearer(void *self, int64_t strip)
{
    const sparse *s = self;
    int64_t j;

    for (int64_t i = strip * STRIP; i < strip_end(s, strip); i++) {
        const kith_i_feature_row row = entries_of(s, i);
        double product = 0;
        for (int64_t e = row.begin; e < row.end; e++) {
            const double value = value_at(s, i, row, e, &j);
            product += value * s->seed[j];
        }
        const double to = fmax(s->row2[i] + s->seed2 - 2 * product, 0);
        if (s->first || to < s->distance[i]) s->distance[i] = to;
    }
}

/* A row drawn with a chance in proportion to its distance, which sum up to `total`; -1 when none is
 * left. */
static int64_t draw(const sparse *s, double total, kith_i_random *random)
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

/* Makes row i centre c. */
static void take_seed(sparse *s, int64_t c, int64_t i)
{
    const kith_i_feature_row row = entries_of(s, i);
    int64_t j;

    memset(s->seed, 0, (size_t)s->d * sizeof *s->seed);
    for (int64_t e = row.begin; e < row.end; e++) {
        const double value = value_at(s, i, row, e, &j);
        s->seed[j] = s->centres[j * s->k + c] = value;
    }
    s->seed2 = s->centre2[c] = s->row2[i];
    s->first = c == 0;
}

static kith_status seed(sparse *s, uint64_t seed, uint64_t start, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_random random = kith_i_random_at(seed, start, 0);
    int64_t row = (int64_t)kith_i_random_below(&random, (uint64_t)s->n);

    memset(s->centres, 0, (size_t)(s->d * s->k) * sizeof *s->centres);
    for (int64_t c = 0; c < s->k; c++) {
        take_seed(s, c, row);
        if (c == s->k - 1) break;
        KITH_TRY(each_strip(s, "seeding clusters", come_nearer, err));
        row = draw(s, kith_i_sum(s->distance, s->n, s->threads), &random);
        KITH_CHECK(row >= 0, KITH_E_ARGUMENT,
                   "k is %" PRId64 " (expected at most %" PRId64 ", the number of distinct rows)",
                   s->k, c + 1);
    }

done:
    return status;
}

/* ---- Rounds ---- */

static void assign(void *self, int64_t strip)
{
    const sparse *s = self;
    double *products = s->products + strip * s->k;
    int64_t j;

    for (int64_t i = strip * STRIP; i < strip_end(s, strip); i++) {
        const kith_i_feature_row row = entries_of(s, i);
        memset(products, 0, (size_t)s->k * sizeof *products);
        for (int64_t e = row.begin; e < row.end; e++) {
            const double value = value_at(s, i, row, e, &j);
            const double *centres = s->centres + j * s->k;
            for (int64_t c = 0; c < s->k; c++) products[c] += value * centres[c];
        }
        double least = INFINITY;
        for (int64_t c = 0; c < s->k; c++) {
            const double to = s->centre2[c] - 2 * products[c];
            if (!(to < least)) continue;
            least = to;
            s->labels[i] = (uint32_t)c;
        }
        s->distance[i] = fmax(s->row2[i] + least, 0);
    }
}

/* Gives each empty cluster the row that is farthest from its centre, of those that are not alone in
 * theirs. */
static kith_status fill(sparse *s, kith_error *err)
{
    kith_status status = KITH_OK;

    memset(s->counts, 0, (size_t)s->k * sizeof *s->counts);
    for (int64_t i = 0; i < s->n; i++) s->counts[s->labels[i]]++;
    for (int64_t c = 0; c < s->k; c++) {
        int64_t farthest = -1;
        if (s->counts[c]) continue;
        for (int64_t i = 0; i < s->n; i++)
            if (s->counts[s->labels[i]] > 1 &&
                (farthest < 0 || s->distance[i] > s->distance[farthest]))
                farthest = i;
        KITH_CHECK(farthest >= 0 && s->distance[farthest] > 0, KITH_E_ARGUMENT,
                   "k is %" PRId64 " (expected at most the number of distinct rows)", s->k);
        s->counts[s->labels[farthest]]--;
        s->counts[c]++;
        s->labels[farthest] = (uint32_t)c;
        s->distance[farthest] = 0;
    }

done:
    return status;
}

static kith_status take_means(sparse *s, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t j;

    memset(s->centres, 0, (size_t)(s->d * s->k) * sizeof *s->centres);
    for (int64_t i = 0; i < s->n; i++) {
        const kith_i_feature_row row = entries_of(s, i);
        const uint32_t c = s->labels[i];
        if (i % STRIP == 0)
            KITH_TRY(kith_i_poll_check(s->poll, "k-means", (double)i / (double)s->n, err));
        for (int64_t e = row.begin; e < row.end; e++) {
            const double value = value_at(s, i, row, e, &j);
            s->centres[j * s->k + c] += value;
        }
    }
    memset(s->centre2, 0, (size_t)s->k * sizeof *s->centre2);
    for (j = 0; j < s->d; j++)
        for (int64_t c = 0; c < s->k; c++) {
            double *centre = &s->centres[j * s->k + c];
            *centre /= (double)s->counts[c];
            s->centre2[c] += *centre * *centre;
        }

done:
    return status;
}

static kith_status lloyd(sparse *s, int64_t rounds, kith_i_kmeans_report *report, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t bytes = (size_t)s->n * sizeof *s->labels;

    *report = (kith_i_kmeans_report){ 0 };
    while (!report->converged && report->rounds < rounds) {
        memcpy(s->before, s->labels, bytes);
        KITH_TRY(each_strip(s, "k-means", assign, err));
        KITH_TRY(fill(s, err));
        report->converged = report->rounds > 0 && !memcmp(s->before, s->labels, bytes);
        report->rounds++;
        if (!report->converged) KITH_TRY(take_means(s, err));
    }
    report->inertia = kith_i_sum(s->distance, s->n, s->threads);

done:
    return status;
}

kith_status kith_i_sparse_kmeans(const kith_i_scaled *features, int64_t count, const uint32_t *rows,
                                 const kith_i_kmeans_options *options, kith_i_poll *poll,
                                 int64_t *labels, kith_i_kmeans_report *report, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t k = options->k;
    sparse s = { .f = features,
                 .n = count,
                 .d = features->features->columns,
                 .k = k,
                 .rows = rows,
                 .threads = options->threads,
                 .poll = poll };
    kith_i_kmeans_report best = { .inertia = INFINITY };

    KITH_CHECK(k >= 1 && k <= count, KITH_E_ARGUMENT,
               "k is %" PRId64 " (expected 1 to %" PRId64 ", the number of rows)", k, count);
    KITH_TRY(sparse_init(&s, err));
    KITH_TRY(each_strip(&s, "k-means", square, err));
    for (int64_t start = 0; start < options->restarts; start++) {
        kith_i_kmeans_report now;
        KITH_TRY(seed(&s, options->seed, (uint64_t)start, err));
        KITH_TRY(lloyd(&s, options->rounds, &now, err));
        if (start > 0 && !(now.inertia < best.inertia)) continue;
        best = now;
        for (int64_t i = 0; i < count; i++) labels[i] = s.labels[i];
    }
    *report = best;

done:
    sparse_clear(&s);
    return status;
}
