/* Roundings without random starts.
 *
 *   papers              here
 *   V                   v
 *   Y, normalised NCI   labels; a column of Y is 1/sqrt(count) on its rows
 *   V^T Y, U            turn: k rows, one for each column of V, of one number per cluster
 *   Pi(:, 1:k)          picked */
#include "linalg/rounding.h"

#include "core/base.h"
#include "core/each.h"
#include "linalg/dense.h"
#include "linalg/label_sums.h"

#include <math.h>
#include <string.h>

enum { STRIP = 512 }; /* rows in an item of work */

typedef struct {
    int64_t n, k;
    const double *v;
    int threads;
    kith_i_poll *poll;
    int64_t clusters;
    bool absolute;    /* argmax of absolute values */
    double *turn;     /* k rows of `clusters` numbers */
    uint32_t *labels; /* n */
} rounding;

static kith_status each_strip(rounding *r, void (*work)(void *, int64_t), void *self,
                              kith_error *err)
{
    return kith_i_each((r->n + STRIP - 1) / STRIP, r->threads, r->poll, "rounding", work, self,
                       err);
}

static int64_t strip_end(const rounding *r, int64_t strip)
{
    return (strip + 1) * STRIP < r->n ? (strip + 1) * STRIP : r->n;
}

static uint32_t argmax(int64_t count, const double *row, bool absolute)
{
    int64_t best = 0;

    for (int64_t c = 1; c < count; c++)
        if (absolute ? fabs(row[c]) > fabs(row[best]) : row[c] > row[best]) best = c;
    return (uint32_t)best;
}

/* Labels of a strip of rows: argmax of V turned. */
static void assign(void *self, int64_t strip)
{
    const rounding *r = self;
    enum { PART = 256 };
    double turned[PART];

    for (int64_t i = strip * STRIP; i < strip_end(r, strip); i++) {
        double most = -INFINITY;
        for (int64_t first = 0; first < r->clusters; first += PART) {
            const int64_t count = r->clusters - first < PART ? r->clusters - first : PART;
            memset(turned, 0, sizeof turned);
            for (int64_t j = 0; j < r->k; j++) {
                const double by = r->v[i * r->k + j];
                const double *restrict row = r->turn + j * r->clusters + first;
                for (int64_t c = 0; c < count; c++) turned[c] += by * row[c];
            }
            const uint32_t best = argmax(count, turned, r->absolute);
            const double value = r->absolute ? fabs(turned[best]) : turned[best];
            if (!(value > most)) continue;
            most = value;
            r->labels[i] = (uint32_t)first + best;
        }
    }
}

/* ---- Argmax ---- */

static void assign_plainly(void *self, int64_t strip)
{
    const rounding *r = self;

    for (int64_t i = strip * STRIP; i < strip_end(r, strip); i++)
        r->labels[i] = argmax(r->k, r->v + i * r->k, false);
}

/* turn = V^T Y */
static void take_turn(rounding *r, const kith_i_label_sums *sums)
{
    for (int64_t c = 0; c < r->k; c++) {
        const double scale = sums->counts[c] ? 1 / sqrt((double)sums->counts[c]) : 1;
        for (int64_t j = 0; j < r->k; j++) r->turn[j * r->k + c] = scale * sums->sums[c * r->k + j];
    }
}

kith_status kith_i_round_argmax(int64_t n, int64_t k, const double *v, int64_t rounds, int threads,
                                kith_i_poll *poll, int64_t *labels, int64_t *passed,
                                kith_error *err)
{
    kith_status status = KITH_OK;
    rounding r = { .n = n, .k = k, .v = v, .threads = threads, .poll = poll, .clusters = k };
    const size_t bytes = (size_t)n * sizeof *r.labels;
    kith_i_label_sums sums = { 0 };
    uint32_t *before = NULL;
    bool changed = true;
    int64_t round = 0;

    KITH_TRY(kith_i_alloc(&r.labels, n, sizeof *r.labels, err));
    KITH_TRY(kith_i_alloc(&before, n, sizeof *before, err));
    KITH_TRY(kith_i_alloc(&r.turn, k * k, sizeof *r.turn, err));
    KITH_TRY(kith_i_label_sums_init(&sums, n, k, v, k, threads, err));
    KITH_TRY(each_strip(&r, assign_plainly, &r, err));
    for (; changed && round < rounds; round++) {
        KITH_TRY(kith_i_label_sums_take(&sums, r.labels, NULL, poll, err));
        take_turn(&r, &sums);
        memcpy(before, r.labels, bytes);
        KITH_TRY(each_strip(&r, assign, &r, err));
        changed = memcmp(before, r.labels, bytes) != 0;
    }
    for (int64_t i = 0; i < n; i++) labels[i] = r.labels[i];
    if (passed) *passed = round;

done:
    kith_i_free(r.labels);
    kith_i_free(before);
    kith_i_free(r.turn);
    kith_i_label_sums_clear(&sums);
    return status;
}

/* ---- Pivots ---- */

/* Column-pivoted Gram-Schmidt over the rows of V. */
typedef struct {
    rounding *r;
    double *q;     /* clusters rows of k numbers, orthonormal: of the rows that were picked */
    double *left;  /* n: what a row has outside the span of those, squared */
    int64_t count; /* picked */
    int64_t *picked;
} pivoting;

static double dot(int64_t k, const double *a, const double *b)
{
    double sum = 0;

    for (int64_t j = 0; j < k; j++) sum += a[j] * b[j];
    return sum;
}

static void take_out(void *self, int64_t strip)
{
    const pivoting *p = self;
    const int64_t k = p->r->k;
    const double *q = p->q + (p->count - 1) * k;

    for (int64_t i = strip * STRIP; i < strip_end(p->r, strip); i++) {
        const double *row = p->r->v + i * k;
        const double along = p->count ? dot(k, row, q) : 0;
        const double left = p->count ? p->left[i] - along * along : dot(k, row, row);
        p->left[i] = left > 0 ? left : 0;
    }
}

/* Takes up a row: its part outside the span becomes q's next. False where there is none. */
static bool take_up(pivoting *p, int64_t row)
{
    const int64_t k = p->r->k;
    double *q = p->q + p->count * k;

    memcpy(q, p->r->v + row * k, (size_t)k * sizeof *q);
    const double length = sqrt(dot(k, q, q));
    for (int twice = 0; twice < 2; twice++)
        for (int64_t t = 0; t < p->count; t++) {
            const double along = dot(k, q, p->q + t * k);
            for (int64_t j = 0; j < k; j++) q[j] -= along * p->q[t * k + j];
        }
    const double rest = sqrt(dot(k, q, q));
    if (!(rest > 1e-12 * length)) return false;
    for (int64_t j = 0; j < k; j++) q[j] /= rest;
    p->picked[p->count++] = row;
    return true;
}

static kith_status pick(pivoting *p, kith_error *err)
{
    kith_status status = KITH_OK;
    rounding *r = p->r;

    do {
        int64_t most = 0;
        KITH_TRY(each_strip(r, take_out, p, err));
        for (int64_t i = 1; i < r->n; i++)
            if (p->left[i] > p->left[most]) most = i;
        if (!take_up(p, most)) break;
    } while (p->count < r->clusters);

done:
    return status;
}

/* Turns V so that the rows that were picked, P, become as unit vectors: turn = Q for the orthogonal
 * polar factor Q^T of P, U W^T for P = U S W^T. */
static kith_status turn_to_picked(pivoting *p, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t count = p->count, k = p->r->k;
    double *rows = NULL, *u = NULL, *s = NULL, *w = NULL;

    KITH_TRY(kith_i_alloc(&rows, count * k, sizeof *rows, err));
    KITH_TRY(kith_i_alloc(&u, count * count, sizeof *u, err));
    KITH_TRY(kith_i_alloc(&s, count, sizeof *s, err));
    KITH_TRY(kith_i_alloc(&w, k * count, sizeof *w, err));
    for (int64_t t = 0; t < count; t++)
        memcpy(rows + t * k, p->r->v + p->picked[t] * k, (size_t)k * sizeof *rows);
    KITH_TRY(kith_i_dense_svd(count, k, rows, u, s, w, err));
    for (int64_t j = 0; j < k; j++)
        for (int64_t t = 0; t < count; t++)
            p->r->turn[j * count + t] = dot(count, u + t * count, w + j * count);

done:
    kith_i_free(rows);
    kith_i_free(u);
    kith_i_free(s);
    kith_i_free(w);
    return status;
}

kith_status kith_i_round_pivots(int64_t n, int64_t k, const double *v, int threads,
                                kith_i_poll *poll, int64_t *labels, kith_error *err)
{
    kith_status status = KITH_OK;
    rounding r = { .n = n, .k = k, .v = v, .threads = threads, .poll = poll, .absolute = true };
    pivoting p = { .r = &r };

    r.clusters = k < n ? k : n;
    KITH_TRY(kith_i_zeroed(&r.labels, n, sizeof *r.labels, err));
    KITH_TRY(kith_i_alloc(&r.turn, k * r.clusters, sizeof *r.turn, err));
    KITH_TRY(kith_i_alloc(&p.q, k * r.clusters, sizeof *p.q, err));
    KITH_TRY(kith_i_alloc(&p.left, n, sizeof *p.left, err));
    KITH_TRY(kith_i_alloc(&p.picked, r.clusters, sizeof *p.picked, err));
    if (n > 0) KITH_TRY(pick(&p, err));
    r.clusters = p.count;
    if (p.count > 0) {
        KITH_TRY(turn_to_picked(&p, err));
        KITH_TRY(each_strip(&r, assign, &r, err));
    }
    for (int64_t i = 0; i < n; i++) labels[i] = r.labels[i];

done:
    kith_i_free(r.labels);
    kith_i_free(r.turn);
    kith_i_free(p.q);
    kith_i_free(p.left);
    kith_i_free(p.picked);
    return status;
}
