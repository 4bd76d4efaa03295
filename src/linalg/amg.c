/* Bootstrap AMG [DAmbra2018].
 *
 *   paper                  here
 *   A, B_c = P^T B P       level.a, coarsen()
 *   P                      level.aggregate, level.weight: one entry in each row
 *   c_ij                   kith_i_amg_coupling()
 *   M                      match()
 *   rho                    ratio */
#include "linalg/amg.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum {
    LEVELS = 39,
    COARSEST = 10,       /* rows */
    LAST_SWEEPS = 10,    /* on them, there and back */
    POLL_WORK = 1 << 18, /* entries between two polls */
};
static const double least_reduction = 1.2; /* of rows from level to level */

#define NONE UINT32_MAX

typedef struct {
    kith_i_sparse own; /* of coarse levels */
    const kith_i_sparse *a;
    uint32_t *aggregate; /* of each row on the next level; NULL: the last one */
    double *weight;
    double *x, *b; /* of coarse levels */
    double *r;
} level;

typedef struct {
    int64_t count;
    level levels[LEVELS];
} hierarchy;

void kith_i_sparse_clear(kith_i_sparse *m)
{
    kith_i_free(m->offsets);
    kith_i_free(m->columns);
    kith_i_free(m->values);
    kith_i_free(m->diagonal);
    *m = (kith_i_sparse){ 0 };
}

static void hierarchy_clear(hierarchy *h)
{
    for (int64_t l = 0; l < h->count; l++) {
        level *v = &h->levels[l];
        kith_i_sparse_clear(&v->own);
        kith_i_free(v->aggregate);
        kith_i_free(v->weight);
        kith_i_free(v->x);
        kith_i_free(v->b);
        kith_i_free(v->r);
    }
    h->count = 0;
}

/* ---- Matching ---- */

double kith_i_amg_coupling(const kith_i_sparse *m, const double *w, int64_t i, int64_t j,
                           double value)
{
    const double scale = m->diagonal[i] * w[i] * w[i] + m->diagonal[j] * w[j] * w[j];

    return scale > DBL_EPSILON ? fabs(1 - 2 * value * w[i] * w[j] / scale) : DBL_EPSILON;
}

/* A matching of at least half the largest product of couplings: each row proposes to the best one
 * that does not have a better suitor, and who is pushed out proposes again [Manne2014]. Of equal
 * couplings the smaller suitor is the better one. */
static kith_status match(const kith_i_sparse *m, const double *w, uint32_t *suitor,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    double *best = NULL;

    KITH_TRY(kith_i_zeroed(&best, m->n, sizeof *best, err));
    for (int64_t i = 0; i < m->n; i++) suitor[i] = NONE;
    for (int64_t first = 0; first < m->n; first++) {
        uint32_t u = (uint32_t)first;
        while (u != NONE) {
            uint32_t to = NONE;
            double most = 0;
            for (int64_t e = m->offsets[u]; e < m->offsets[u + 1]; e++) {
                const uint32_t v = m->columns[e];
                const double c = u < v ? kith_i_amg_coupling(m, w, u, v, m->values[e])
                                       : kith_i_amg_coupling(m, w, v, u, m->values[e]);
                const bool wins = c > best[v] || (c == best[v] && u < suitor[v]);
                if (!wins || c < most || (c == most && v > to)) continue;
                most = c;
                to = v;
            }
            if (to == NONE) break;
            const uint32_t ousted = suitor[to];
            suitor[to] = u;
            best[to] = most;
            u = ousted;
        }
    }

done:
    kith_i_free(best);
    return status;
}

/* P of one sweep: pairs, in the order of their smaller rows, and rows alone; a row alone that w
 * does not reach is in none. P^T P = I, and w is in the range of P. */
static kith_status pair_up(const kith_i_sparse *m, const double *w, uint32_t *aggregate,
                           double *weight, int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *suitor = NULL;

    *count = 0;
    KITH_TRY(kith_i_alloc(&suitor, m->n, sizeof *suitor, err));
    KITH_TRY(match(m, w, suitor, err));
    for (int64_t i = 0; i < m->n; i++) {
        const uint32_t j = suitor[i];
        const bool paired = j != NONE && suitor[j] == (uint32_t)i;
        const double length = paired ? hypot(w[i], w[j]) : fabs(w[i]);
        if (paired && j < i) continue; /* done */
        const bool reached = length > DBL_EPSILON;
        aggregate[i] = reached ? (uint32_t)*count : NONE;
        weight[i] = reached ? w[i] / length : 0;
        if (paired) {
            aggregate[j] = aggregate[i];
            weight[j] = reached ? w[j] / length : 0;
        }
        *count += reached;
    }

done:
    kith_i_free(suitor);
    return status;
}

/* ---- Levels ---- */

static kith_status sparse_alloc(kith_i_sparse *m, int64_t n, int64_t entries, kith_error *err)
{
    kith_status status = KITH_OK;

    m->n = n;
    KITH_TRY(kith_i_zeroed(&m->offsets, n + 1, sizeof *m->offsets, err));
    KITH_TRY(kith_i_alloc(&m->columns, entries, sizeof *m->columns, err));
    KITH_TRY(kith_i_alloc(&m->values, entries, sizeof *m->values, err));
    KITH_TRY(kith_i_zeroed(&m->diagonal, n, sizeof *m->diagonal, err));

done:
    return status;
}

/* Rows by aggregate. */
static void list_rows(int64_t n, const uint32_t *aggregate, int64_t count, int64_t *start,
                      uint32_t *rows)
{
    for (int64_t i = 0; i < n; i++)
        if (aggregate[i] != NONE) start[aggregate[i] + 2]++;
    for (int64_t c = 0; c < count; c++) start[c + 2] += start[c + 1];
    for (int64_t i = 0; i < n; i++)
        if (aggregate[i] != NONE) rows[start[aggregate[i] + 1]++] = (uint32_t)i;
}

/* P^T A P. */
static kith_status coarsen(const kith_i_sparse *a, const uint32_t *aggregate, const double *weight,
                           int64_t count, kith_i_sparse *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *start = NULL, filled = 0;
    uint32_t *rows = NULL;
    double *sum = NULL;
    bool *met = NULL;

    KITH_TRY(kith_i_zeroed(&start, count + 2, sizeof *start, err));
    KITH_TRY(kith_i_alloc(&rows, a->n, sizeof *rows, err));
    KITH_TRY(kith_i_zeroed(&sum, count, sizeof *sum, err));
    KITH_TRY(kith_i_zeroed(&met, count, sizeof *met, err));
    KITH_TRY(sparse_alloc(out, count, a->offsets[a->n], err));
    list_rows(a->n, aggregate, count, start, rows);
    for (int64_t c = 0; c < count; c++) {
        const int64_t begin = filled;
        for (int64_t r = start[c]; r < start[c + 1]; r++) {
            const uint32_t i = rows[r];
            out->diagonal[c] += weight[i] * weight[i] * a->diagonal[i];
            for (int64_t e = a->offsets[i]; e < a->offsets[i + 1]; e++) {
                const uint32_t j = a->columns[e], d = aggregate[j];
                if (d == NONE) continue;
                const double value = weight[i] * a->values[e] * weight[j];
                if (d == c) {
                    out->diagonal[c] += value;
                    continue;
                }
                if (!met[d]) out->columns[filled++] = d;
                met[d] = true;
                sum[d] += value;
            }
        }
        for (int64_t e = begin; e < filled; e++) {
            const uint32_t d = out->columns[e];
            out->values[e] = sum[d];
            sum[d] = 0;
            met[d] = false;
        }
        out->offsets[c + 1] = filled;
    }

done:
    kith_i_free(start);
    kith_i_free(rows);
    kith_i_free(sum);
    kith_i_free(met);
    return status;
}

/* w = P^T w, in place: aggregates are numbered in the order of their first rows. */
static kith_status restrict_vector(int64_t n, const uint32_t *aggregate, const double *weight,
                                   int64_t count, double *w, kith_error *err)
{
    kith_status status = KITH_OK;
    double *coarse = NULL;

    KITH_TRY(kith_i_zeroed(&coarse, count, sizeof *coarse, err));
    for (int64_t i = 0; i < n; i++)
        if (aggregate[i] != NONE) coarse[aggregate[i]] += weight[i] * w[i];
    if (count) memcpy(w, coarse, (size_t)count * sizeof *w);

done:
    kith_i_free(coarse);
    return status;
}

/* Two sweeps of pairs make a level: P = P_1 P_2. w becomes P^T w. */
static kith_status add_level(hierarchy *h, double *w, kith_error *err)
{
    kith_status status = KITH_OK;
    level *fine = &h->levels[h->count - 1], *coarse = fine + 1;
    const int64_t n = fine->a->n;
    kith_i_sparse half = { 0 };
    uint32_t *second = NULL;
    double *second_weight = NULL;
    int64_t pairs, count;

    KITH_TRY(kith_i_alloc(&fine->aggregate, n, sizeof *fine->aggregate, err));
    KITH_TRY(kith_i_alloc(&fine->weight, n, sizeof *fine->weight, err));
    KITH_TRY(pair_up(fine->a, w, fine->aggregate, fine->weight, &pairs, err));
    KITH_TRY(coarsen(fine->a, fine->aggregate, fine->weight, pairs, &half, err));
    KITH_TRY(restrict_vector(n, fine->aggregate, fine->weight, pairs, w, err));
    KITH_TRY(kith_i_alloc(&second, pairs, sizeof *second, err));
    KITH_TRY(kith_i_alloc(&second_weight, pairs, sizeof *second_weight, err));
    KITH_TRY(pair_up(&half, w, second, second_weight, &count, err));
    *coarse = (level){ 0 };
    h->count++;
    KITH_TRY(coarsen(&half, second, second_weight, count, &coarse->own, err));
    KITH_TRY(restrict_vector(pairs, second, second_weight, count, w, err));
    for (int64_t i = 0; i < n; i++) {
        const uint32_t c = fine->aggregate[i];
        if (c == NONE) continue;
        fine->weight[i] *= second_weight[c];
        fine->aggregate[i] = second[c];
    }
    coarse->a = &coarse->own;
    KITH_TRY(kith_i_alloc(&coarse->x, count, sizeof *coarse->x, err));
    KITH_TRY(kith_i_alloc(&coarse->b, count, sizeof *coarse->b, err));

done:
    kith_i_sparse_clear(&half);
    kith_i_free(second);
    kith_i_free(second_weight);
    return status;
}

static kith_status hierarchy_new(const kith_i_sparse *a, const double *smooth, hierarchy **out,
                                 kith_error *err)
{
    kith_status status = KITH_OK;
    hierarchy *h = NULL;
    double *w = NULL;

    KITH_TRY(kith_i_zeroed(&h, 1, sizeof *h, err));
    KITH_TRY(kith_i_alloc(&w, a->n, sizeof *w, err));
    if (a->n) memcpy(w, smooth, (size_t)a->n * sizeof *w);
    h->levels[0].a = a;
    h->count = 1;
    for (;;) {
        level *last = &h->levels[h->count - 1];
        KITH_TRY(kith_i_alloc(&last->r, last->a->n, sizeof *last->r, err));
        if (last->a->n <= COARSEST || h->count == LEVELS) break;
        if (h->count > 1 && (double)last[-1].a->n < least_reduction * (double)last->a->n) break;
        KITH_TRY(add_level(h, w, err));
    }
    *out = h;
    h = NULL;

done:
    if (h) hierarchy_clear(h);
    kith_i_free(h);
    kith_i_free(w);
    return status;
}

/* ---- Cycles ---- */

/* b_i less what the others have of row i; b NULL: 0. */
static inline double remainder_of(const kith_i_sparse *a, const double *b, const double *x,
                                  int64_t i)
{
    double sum = b ? b[i] : 0;

    for (int64_t e = a->offsets[i]; e < a->offsets[i + 1]; e++)
        sum -= a->values[e] * x[a->columns[e]];
    return sum;
}

static void sweep_down(const kith_i_sparse *a, const double *b, double *x)
{
    for (int64_t i = 0; i < a->n; i++)
        if (a->diagonal[i] > 0) x[i] = remainder_of(a, b, x, i) / a->diagonal[i];
}

static void sweep_up(const kith_i_sparse *a, const double *b, double *x)
{
    for (int64_t i = a->n; i-- > 0;)
        if (a->diagonal[i] > 0) x[i] = remainder_of(a, b, x, i) / a->diagonal[i];
}

static void cycle(hierarchy *h, int64_t l, const double *b, double *x)
{
    level *v = &h->levels[l];
    const kith_i_sparse *a = v->a;

    if (l == h->count - 1) {
        for (int i = 0; i < LAST_SWEEPS; i++) {
            sweep_down(a, b, x);
            sweep_up(a, b, x);
        }
        return;
    }
    level *coarse = v + 1;
    sweep_down(a, b, x);
    for (int64_t c = 0; c < coarse->a->n; c++) coarse->b[c] = coarse->x[c] = 0;
    for (int64_t i = 0; i < a->n; i++) v->r[i] = remainder_of(a, b, x, i) - a->diagonal[i] * x[i];
    for (int64_t i = 0; i < a->n; i++)
        if (v->aggregate[i] != NONE) coarse->b[v->aggregate[i]] += v->weight[i] * v->r[i];
    cycle(h, l + 1, coarse->b, coarse->x);
    for (int64_t i = 0; i < a->n; i++)
        if (v->aggregate[i] != NONE) x[i] += v->weight[i] * coarse->x[v->aggregate[i]];
    sweep_up(a, b, x);
}

/* ---- Bootstrap ---- */

/* |x| in the norm of A. */
static double energy_norm(const kith_i_sparse *a, const double *x)
{
    double sum = 0;

    for (int64_t i = 0; i < a->n; i++)
        sum += x[i] * (a->diagonal[i] * x[i] - remainder_of(a, NULL, x, i));
    return sqrt(fmax(sum, 0));
}

/* What cycles of all hierarchies leave of a random vector, at length 1 in the norm of A, and by how
 * much the last one still made it shorter. */
static kith_status smooth(const kith_i_sparse *a, hierarchy **all, int64_t count,
                          const kith_i_bootstrap_options *o, kith_i_poll *poll, double *x,
                          double *ratio, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_random random = kith_i_random_at(o->seed, 0, (uint64_t)count);
    double before = 0, now = 0;
    int64_t work = 0;

    for (int64_t i = 0; i < a->n; i++) x[i] = kith_i_random_unit(&random);
    for (int64_t c = 0; c < o->cycles; c++) {
        before = energy_norm(a, x);
        for (int64_t r = 0; r < count; r++) {
            cycle(all[r], 0, NULL, x);
            work += a->offsets[a->n] + a->n;
            if (work < POLL_WORK) continue;
            work = 0;
            KITH_TRY(kith_i_poll_check(poll, "smoothing", -1, err));
        }
        now = energy_norm(a, x);
    }
    *ratio = before > 0 ? now / before : 0;
    for (int64_t i = 0; i < a->n && now > 0; i++) x[i] /= now;

done:
    return status;
}

kith_status kith_i_bootstrap(const kith_i_sparse *a, const kith_i_bootstrap_options *o,
                             kith_i_poll *poll, int64_t *count, double **out, double *ratio,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t most = o->components + 1;
    hierarchy **all = NULL;
    double *x = NULL, *vectors = NULL, last = 1;
    int64_t made = 0;

    *count = 0;
    *out = NULL;
    KITH_TRY(kith_i_zeroed(&all, o->components, sizeof *all, err));
    KITH_TRY(kith_i_alloc(&x, a->n, sizeof *x, err));
    KITH_TRY(kith_i_alloc(&vectors, a->n * most, sizeof *vectors, err));
    for (int64_t i = 0; i < a->n; i++) x[i] = 1;
    for (;; made++) {
        for (int64_t i = 0; i < a->n; i++) vectors[i * most + made] = x[i];
        if (made == o->components || last <= o->ratio) break;
        KITH_TRY(kith_i_poll_check(poll, "coarsening", (double)made / (double)o->components, err));
        KITH_TRY(hierarchy_new(a, x, &all[made], err));
        KITH_TRY(smooth(a, all, made + 1, o, poll, x, &last, err));
    }
    *count = made + 1;
    for (int64_t i = 0; i < a->n; i++)
        memmove(vectors + i * *count, vectors + i * most, (size_t)*count * sizeof *vectors);
    *out = vectors;
    vectors = NULL;
    if (ratio) *ratio = last;

done:
    for (int64_t r = 0; all && r < o->components; r++) {
        if (all[r]) hierarchy_clear(all[r]);
        kith_i_free(all[r]);
    }
    kith_i_free(all);
    kith_i_free(x);
    kith_i_free(vectors);
    return status;
}
