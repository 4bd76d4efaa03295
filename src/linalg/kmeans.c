/* k-means: seeding [Arthur2007] and the rounds of Lloyd [Lloyd1982], with the bounds of [Ding2015].
 *
 *   papers           here
 *   D(x)^2           distance[i]: of row i to the nearest seed, squared
 *   phi              inertia
 *   ub(x)            upper[i]: row i is no farther from its centre
 *   lb(x, G)         lower[i * groups + g]: nor nearer to another centre of group g
 *   delta(c)         moved[c]: how far a centre went in the last round; of a group the farthest
 *
 * A row whose upper bound is below all lower ones keeps its label and is not looked at. Else the
 * groups whose bounds do not keep it off are looked at in float (linalg/panel.h), and what may be
 * nearest is measured in double: labels are those of Lloyd, however the bounds are rounded. Bounds
 * are in units of the scale of the rows in float. */
#include "linalg/kmeans.h"

#include "core/base.h"
#include "core/each.h"
#include "linalg/distance.h"
#include "linalg/label_sums.h"
#include "linalg/panel.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    MOST_GROUPS = 32,
    BATCH = 64,   /* rows that are looked at together */
    FRESH = 16,   /* rounds after which sums are taken anew */
    NO_BOUND = -1 /* below every distance */
};

/* A little more and a little less, which makes up for the rounding of floats. */
static inline float up(float x)
{
    return x * (1 + 0x1p-20f);
}

static inline float down(float x)
{
    return x * (1 - 0x1p-20f);
}

static inline float smaller(float x, float y)
{
    return x < y ? x : y;
}

typedef struct {
    int64_t n, d, k;
    const double *x;
    int threads;
    kith_i_poll *poll;
    int64_t rows, strips; /* rows in a strip, an item of work */
    kith_i_floats floats;
    double unit; /* 1 / scale of the rows in float */

    double *centres;           /* k rows of d numbers */
    double *distance;          /* n */
    uint32_t *labels, *before; /* n; before: those of the last round */
    double *strip_sum;         /* of distances */
    int64_t *changed;          /* labels in each strip */
    int64_t seeded;            /* centres that there are */
    double *between;           /* k: from the newest seed to the others, squared */

    int64_t per_group; /* centres, a multiple of KITH_I_LANES */
    int64_t groups;
    float *upper; /* n */
    float *lower; /* n rows of one number per group */
    float *moved; /* k */
    float *group_moved;
    float *panel_numbers, *panel_norms; /* of all centres, KITH_I_LANES of them after another */
    kith_i_label_sums sums;
    bool labelled; /* every row has been since the start */
} kmeans;

static kith_status kmeans_init(kmeans *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t panels = (s->k + KITH_I_LANES - 1) / KITH_I_LANES;
    const int64_t rows = (INT64_C(1) << 28) / (s->d * s->k + 1);

    s->rows = rows < 16 ? 16 : rows > 1024 ? 1024 : rows;
    s->strips = (s->n + s->rows - 1) / s->rows;
    s->per_group = (panels + MOST_GROUPS - 1) / MOST_GROUPS * KITH_I_LANES;
    s->groups = (s->k + s->per_group - 1) / s->per_group;
    KITH_TRY(kith_i_floats_init(&s->floats, s->n, s->d, s->x, s->threads, s->poll, err));
    s->unit = 1 / s->floats.scale;
    KITH_TRY(kith_i_alloc(&s->centres, s->k * s->d, sizeof *s->centres, err));
    KITH_TRY(kith_i_alloc(&s->distance, s->n, sizeof *s->distance, err));
    KITH_TRY(kith_i_alloc(&s->labels, s->n, sizeof *s->labels, err));
    KITH_TRY(kith_i_alloc(&s->before, s->n, sizeof *s->before, err));
    KITH_TRY(kith_i_alloc(&s->strip_sum, s->strips, sizeof *s->strip_sum, err));
    KITH_TRY(kith_i_alloc(&s->changed, s->strips, sizeof *s->changed, err));
    KITH_TRY(kith_i_alloc(&s->between, s->k, sizeof *s->between, err));
    KITH_TRY(kith_i_alloc(&s->upper, s->n, sizeof *s->upper, err));
    KITH_TRY(kith_i_alloc(&s->lower, s->n * s->groups, sizeof *s->lower, err));
    KITH_TRY(kith_i_alloc(&s->moved, s->k, sizeof *s->moved, err));
    KITH_TRY(kith_i_alloc(&s->group_moved, s->groups, sizeof *s->group_moved, err));
    KITH_TRY(kith_i_alloc(&s->panel_numbers, panels * KITH_I_LANES * s->d, sizeof(float), err));
    KITH_TRY(kith_i_alloc(&s->panel_norms, panels * KITH_I_LANES, sizeof(float), err));
    KITH_TRY(kith_i_label_sums_init(&s->sums, s->n, s->d, s->x, s->k, s->threads, err));

done:
    return status;
}

static void kmeans_clear(kmeans *s)
{
    kith_i_floats_clear(&s->floats);
    kith_i_free(s->centres);
    kith_i_free(s->distance);
    kith_i_free(s->labels);
    kith_i_free(s->before);
    kith_i_free(s->strip_sum);
    kith_i_free(s->changed);
    kith_i_free(s->between);
    kith_i_free(s->upper);
    kith_i_free(s->lower);
    kith_i_free(s->moved);
    kith_i_free(s->group_moved);
    kith_i_free(s->panel_numbers);
    kith_i_free(s->panel_norms);
    kith_i_label_sums_clear(&s->sums);
}

static kith_status each_strip(kmeans *s, const char *stage, void (*work)(void *, int64_t),
                              kith_error *err)
{
    return kith_i_each(s->strips, s->threads, s->poll, stage, work, s, err);
}

static int64_t strip_end(const kmeans *s, int64_t strip)
{
    return (strip + 1) * s->rows < s->n ? (strip + 1) * s->rows : s->n;
}

static inline double distance2(const kmeans *s, int64_t row, int64_t centre)
{
    return kith_i_distance2(s->d, s->x + row * s->d, s->centres + centre * s->d);
}

/* A squared distance in units of the scale. */
static inline float scaled(const kmeans *s, double distance)
{
    return (float)(distance * s->unit * s->unit);
}

/* A bound above a distance, of which this is the square, even one too small for a float. */
static inline float bound_above(const kmeans *s, double distance)
{
    return up(sqrtf(scaled(s, distance))) + 1e-18f;
}

/* ---- Seeding ---- */

/* Nearest seeds, when another one has come. A row is not nearer to it when its own seed is less
 * than half as far as the two are from each other. */
static void come_nearer(void *self, int64_t strip)
{
    const kmeans *s = self;
    const int64_t newest = s->seeded - 1;
    double sum = 0;

    for (int64_t i = strip * s->rows; i < strip_end(s, strip); i++) {
        if (newest == 0 || s->between[s->labels[i]] < 4 * s->distance[i]) {
            const double to = distance2(s, i, newest);
            if (newest == 0 || to < s->distance[i]) {
                s->distance[i] = to;
                s->labels[i] = (uint32_t)newest;
            }
        }
        sum += s->distance[i];
    }
    s->strip_sum[strip] = sum;
}

/* A row drawn with a chance in proportion to its distance; -1 when all of them are 0. */
static int64_t draw(const kmeans *s, kith_i_random *random)
{
    double left = kith_i_random_unit(random) * kith_i_sum(s->strip_sum, s->strips, 1);
    int64_t strip = 0, last = -1;

    while (strip + 1 < s->strips && left >= s->strip_sum[strip]) left -= s->strip_sum[strip++];
    for (int64_t i = strip * s->rows; i < s->n && (left >= 0 || last < 0); i++) {
        if (!(s->distance[i] > 0)) continue;
        last = i;
        left -= s->distance[i];
    }
    for (int64_t i = strip * s->rows; last < 0 && i-- > 0;)
        if (s->distance[i] > 0) last = i;
    return last;
}

static kith_status seed(kmeans *s, uint64_t seed, uint64_t start, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_random random = kith_i_random_at(seed, start, 0);
    int64_t row = (int64_t)kith_i_random_below(&random, (uint64_t)s->n);

    for (s->seeded = 0; s->seeded < s->k;) {
        double *centre = s->centres + s->seeded * s->d;
        memcpy(centre, s->x + row * s->d, (size_t)s->d * sizeof *centre);
        for (int64_t c = 0; c < s->seeded; c++)
            s->between[c] = kith_i_distance2(s->d, centre, s->centres + c * s->d);
        s->seeded++;
        KITH_TRY(each_strip(s, "seeding clusters", come_nearer, err));
        if (s->seeded == s->k) break;
        row = draw(s, &random);
        KITH_CHECK(row >= 0, KITH_E_ARGUMENT,
                   "k is %" PRId64 " (expected at most %" PRId64 ", the number of distinct rows)",
                   s->k, s->seeded);
    }

done:
    return status;
}

/* ---- Rounds ---- */

/* Rows that may have come nearer to another centre, on one thread. */
typedef struct {
    int count;
    uint32_t rows[BATCH];
    int looks; /* of those, at the present group */
    uint32_t looked[BATCH];
    float nearest[BATCH]; /* each of those to another centre of the group, squared, at least */
    float least[BATCH * KITH_I_LANES];
} batch;

/* Whether the bounds of a row, after the centres have moved, keep its label. */
static bool keeps(kmeans *s, int64_t i)
{
    const uint32_t label = s->labels[i];
    float *lower = s->lower + i * s->groups, least = INFINITY;

    for (int64_t g = 0; g < s->groups; g++) {
        lower[g] = lower[g] * (1 - 0x1p-22f) - s->group_moved[g];
        least = smaller(lower[g], least);
    }
    s->upper[i] = (s->upper[i] + s->moved[label]) * (1 + 0x1p-22f);
    if (s->upper[i] < least) return true;
    s->distance[i] = distance2(s, i, label);
    s->upper[i] = bound_above(s, s->distance[i]);
    return s->upper[i] < least;
}

/* A row has left a centre for a nearer one: it is one of the others now. */
static void leave(kmeans *s, int64_t i, uint32_t label, int64_t group, float *nearest)
{
    const float to = scaled(s, s->distance[i]);
    const int64_t g = label / s->per_group;
    float *lower = s->lower + i * s->groups + g;

    if (g == group)
        *nearest = smaller(*nearest, down(to));
    else
        *lower = smaller(*lower, down(sqrtf(to)));
}

static inline float smallest(const float *least)
{
    float half[KITH_I_LANES / 2];

    for (int l = 0; l < 8; l++) half[l] = smaller(least[l], least[l + 8]);
    for (int l = 0; l < 4; l++) half[l] = smaller(half[l], half[l + 4]);
    return smaller(smaller(half[0], half[1]), smaller(half[2], half[3]));
}

/* Takes a row to the centres of a panel that may be nearer than its own. */
static void choose(kmeans *s, int64_t i, int64_t panel, float *least, float *nearest)
{
    const int64_t first = panel * KITH_I_LANES, group = first / s->per_group;
    uint32_t label = s->labels[i];
    float limit = up(s->upper[i] * s->upper[i]);

    if (label >= first && label < first + KITH_I_LANES) least[label - first] = KITH_I_FAR;
    const float low = smallest(least);
    if (low > limit) {
        *nearest = smaller(*nearest, low);
        return;
    }
    for (int lane = 0; lane < KITH_I_LANES && first + lane < s->k; lane++) {
        const uint32_t c = (uint32_t)(first + lane);
        if (c == label) continue;
        if (least[lane] > limit) {
            *nearest = smaller(*nearest, least[lane]);
            continue;
        }
        const double to = distance2(s, i, c);
        if (to < s->distance[i] || (to == s->distance[i] && c < label)) {
            leave(s, i, label, group, nearest);
            s->distance[i] = to;
            s->labels[i] = label = c;
            s->upper[i] = bound_above(s, to);
            limit = up(s->upper[i] * s->upper[i]);
        } else {
            *nearest = smaller(*nearest, down(scaled(s, to)));
        }
    }
}

/* Looks at the groups that the bounds do not keep the rows of a batch from. */
static void look(kmeans *s, batch *b)
{
    for (int64_t g = 0; g < s->groups; g++) {
        const int64_t end = (g + 1) * s->per_group < s->k ? (g + 1) * s->per_group : s->k;
        b->looks = 0;
        for (int r = 0; r < b->count; r++) {
            const uint32_t i = b->rows[r];
            b->nearest[b->looks] = KITH_I_FAR;
            b->looked[b->looks] = i;
            b->looks += s->lower[i * s->groups + g] <= s->upper[i];
        }
        for (int64_t c = g * s->per_group; c < end && b->looks; c += KITH_I_LANES) {
            const kith_i_panel panel = { s->panel_numbers + c * s->d, s->panel_norms + c };
            kith_i_panel_look(&s->floats, &panel, b->looks, b->looked, b->least);
            for (int r = 0; r < b->looks; r++)
                choose(s, b->looked[r], c / KITH_I_LANES, b->least + r * KITH_I_LANES,
                       &b->nearest[r]);
        }
        for (int r = 0; r < b->looks; r++)
            s->lower[b->looked[r] * s->groups + g] =
                b->nearest[r] > 0 ? down(sqrtf(b->nearest[r])) : 0;
    }
    b->count = 0;
}

static void assign(void *self, int64_t strip)
{
    kmeans *s = self;
    batch b = { .count = 0 };
    int64_t changed = 0;

    for (int64_t i = strip * s->rows; i < strip_end(s, strip); i++) {
        if (keeps(s, i)) continue;
        b.rows[b.count++] = (uint32_t)i;
        if (b.count == BATCH) look(s, &b);
    }
    look(s, &b);
    for (int64_t i = strip * s->rows; i < strip_end(s, strip); i++)
        changed += s->labels[i] != s->before[i];
    s->changed[strip] = changed;
}

static void forget_bounds(kmeans *s, int64_t i)
{
    s->upper[i] = INFINITY;
    for (int64_t g = 0; g < s->groups; g++) s->lower[i * s->groups + g] = NO_BOUND;
}

/* The exact distance of every row to its centre. */
static void measure(void *self, int64_t strip)
{
    const kmeans *s = self;

    for (int64_t i = strip * s->rows; i < strip_end(s, strip); i++)
        s->distance[i] = distance2(s, i, s->labels[i]);
}

/* Gives each empty cluster the row that is farthest from its centre, of those that are not alone in
 * theirs. */
static kith_status fill(kmeans *s, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *counts = s->sums.counts, empty = 0;

    for (int64_t c = 0; c < s->k; c++) empty += !counts[c];
    if (!empty) goto done;
    KITH_TRY(each_strip(s, "k-means", measure, err));
    for (int64_t c = 0; c < s->k; c++) {
        int64_t farthest = -1;
        if (counts[c]) continue;
        KITH_TRY(kith_i_poll_check(s->poll, "k-means", -1, err));
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
        forget_bounds(s, farthest);
    }
    KITH_TRY(kith_i_label_sums_take(&s->sums, s->labels, NULL, s->poll, err));

done:
    return status;
}

/* Centres become means; how far they went. */
static void take_means(kmeans *s)
{
    memset(s->group_moved, 0, (size_t)s->groups * sizeof *s->group_moved);
    for (int64_t c = 0; c < s->k; c++) {
        const double *sum = s->sums.sums + c * s->d, count = (double)s->sums.counts[c];
        double *centre = s->centres + c * s->d, went = 0;
        float *group_moved = s->group_moved + c / s->per_group;
        for (int64_t j = 0; j < s->d; j++) {
            const double mean = sum[j] / count;
            went += (mean - centre[j]) * (mean - centre[j]);
            centre[j] = mean;
        }
        s->moved[c] = bound_above(s, went);
        *group_moved = s->moved[c] > *group_moved ? s->moved[c] : *group_moved;
    }
}

static void fill_panels(kmeans *s)
{
    for (int64_t c = 0; c < s->k; c += KITH_I_LANES) {
        const kith_i_panel panel = { s->panel_numbers + c * s->d, s->panel_norms + c };
        const int64_t count = s->k - c < KITH_I_LANES ? s->k - c : KITH_I_LANES;
        kith_i_panel_fill(&s->floats, count, s->centres + c * s->d, &panel);
    }
}

static int64_t add_changed(const kmeans *s)
{
    int64_t changed = 0;

    for (int64_t strip = 0; strip < s->strips; strip++) changed += s->changed[strip];
    return changed;
}

/* Rounds from the centres that there are. Labels may be any that are below k. */
static kith_status lloyd(kmeans *s, int64_t rounds, kith_i_kmeans_report *report, kith_error *err)
{
    kith_status status = KITH_OK;

    memset(s->moved, 0, (size_t)s->k * sizeof *s->moved);
    memset(s->group_moved, 0, (size_t)s->groups * sizeof *s->group_moved);
    for (int64_t i = 0; i < s->n; i++) forget_bounds(s, i);
    while (report->rounds < rounds) {
        memcpy(s->before, s->labels, (size_t)s->n * sizeof *s->labels);
        fill_panels(s);
        KITH_TRY(each_strip(s, "k-means", assign, err));
        s->labelled = true;
        const int64_t changed = add_changed(s);
        report->converged = report->rounds > 0 && changed == 0;
        const bool moves = report->rounds++ % FRESH > 0 && changed < s->n / 4;
        if (report->converged) break;
        KITH_TRY(
            kith_i_label_sums_take(&s->sums, s->labels, moves ? s->before : NULL, s->poll, err));
        KITH_TRY(fill(s, err));
        take_means(s);
    }

done:
    return status;
}

/* One start to its end, or as far as time allows; centres and inertia are those of its labels. */
static kith_status run_start(kmeans *s, const kith_i_kmeans_options *options, int64_t start,
                             kith_i_kmeans_report *report, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll *const poll = s->poll;
    kith_run patience;
    kith_i_poll patient;

    *report = (kith_i_kmeans_report){ 0 };
    if (start == 0 && options->centres) {
        memcpy(s->centres, options->centres, (size_t)(s->k * s->d) * sizeof *s->centres);
        memset(s->labels, 0, (size_t)s->n * sizeof *s->labels);
    } else {
        KITH_TRY(seed(s, options->seed, (uint64_t)start, err));
    }
    s->labelled = false;
    status = lloyd(s, options->rounds, report, err);
    if (status != KITH_OK && !(status == KITH_E_TIME && s->labelled)) goto done;
    patient = kith_i_poll_patient(poll, &patience);
    s->poll = &patient;
    KITH_TRY(kith_i_label_sums_take(&s->sums, s->labels, NULL, s->poll, err));
    KITH_TRY(fill(s, err));
    take_means(s);
    KITH_TRY(each_strip(s, "k-means", measure, err));
    report->inertia = kith_i_sum(s->distance, s->n, s->threads);

done:
    s->poll = poll;
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
        if (start > 0 && kith_i_poll_stopped(poll)) break;
        status = run_start(&s, options, start, &now, err);
        if (start > 0 && status == KITH_E_TIME) {
            status = KITH_OK; /* there is a start to fall back on */
            break;
        }
        if (status != KITH_OK) goto done;
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
