/* FasterPAM [Schubert2021].
 *
 *   paper            here
 *   nearest(o)       near[o], a place among the medoids
 *   d_nearest(o)     first[o]
 *   second(o)        other[o]
 *   d_second(o)      next[o]
 *   Delta TD^-m_i    removal[i]: what the loss grows by without medoid i
 *   Delta TD^+x_c    what candidate c takes off it, in `gained`
 *   TD               loss */
#include "linalg/medoids.h"

#include "core/base.h"

#include <math.h>
#include <string.h>

typedef struct {
    const kith_i_medoids_problem *problem;
    kith_i_poll *poll;
    int64_t n, k;
    uint32_t *medoids; /* k */
    double *rows;      /* k rows of n: from each medoid to all */
    double *ahead;     /* rows of the next candidates */
    uint32_t *near, *other;
    double *first, *next;
    double *removal, *change; /* k */
    bool *is_medoid;
    kith_i_medoids_report report;
} pam;

static kith_status pam_init(pam *p, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_memory_require(8.0 * (double)p->n * (double)(p->k + KITH_I_MEDOID_BATCH),
                                   "distances to medoids", err));
    KITH_TRY(kith_i_alloc(&p->rows, p->k * p->n, sizeof *p->rows, err));
    KITH_TRY(kith_i_alloc(&p->ahead, KITH_I_MEDOID_BATCH * p->n, sizeof *p->ahead, err));
    KITH_TRY(kith_i_alloc(&p->near, p->n, sizeof *p->near, err));
    KITH_TRY(kith_i_alloc(&p->other, p->n, sizeof *p->other, err));
    KITH_TRY(kith_i_alloc(&p->first, p->n, sizeof *p->first, err));
    KITH_TRY(kith_i_alloc(&p->next, p->n, sizeof *p->next, err));
    KITH_TRY(kith_i_alloc(&p->removal, p->k, sizeof *p->removal, err));
    KITH_TRY(kith_i_alloc(&p->change, p->k, sizeof *p->change, err));
    KITH_TRY(kith_i_zeroed(&p->is_medoid, p->n, sizeof *p->is_medoid, err));

done:
    return status;
}

static void pam_clear(pam *p)
{
    kith_i_free(p->rows);
    kith_i_free(p->ahead);
    kith_i_free(p->near);
    kith_i_free(p->other);
    kith_i_free(p->first);
    kith_i_free(p->next);
    kith_i_free(p->removal);
    kith_i_free(p->change);
    kith_i_free(p->is_medoid);
}

static kith_status distances(pam *p, int64_t count, const uint32_t *items, double *rows,
                             kith_error *err)
{
    return p->problem->dissimilarity(p->problem->self, count, items, rows, p->poll, err);
}

/* The second nearest medoid of an item, from all of them. */
static void find_second(pam *p, int64_t o)
{
    p->next[o] = INFINITY;
    for (int64_t i = 0; i < p->k; i++) {
        const double x = p->rows[i * p->n + o];
        if (i == p->near[o] || x >= p->next[o]) continue;
        p->next[o] = x;
        p->other[o] = (uint32_t)i;
    }
}

/* What follows from nearest and second nearest: loss and losses of removal. Of one medoid any
 * second will do that is no nearer than all that there is: it cancels. */
static void add_up(pam *p)
{
    double loss = 0;

    memset(p->removal, 0, (size_t)p->k * sizeof *p->removal);
    for (int64_t o = 0; o < p->n; o++) {
        loss += p->first[o];
        p->removal[p->near[o]] += p->next[o] - p->first[o];
    }
    p->report.loss = loss;
}

static kith_status assign(pam *p, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t i = 0; i < p->k; i += KITH_I_MEDOID_BATCH) {
        const int64_t count = p->k - i < KITH_I_MEDOID_BATCH ? p->k - i : KITH_I_MEDOID_BATCH;
        KITH_TRY(distances(p, count, p->medoids + i, p->rows + i * p->n, err));
    }
    for (int64_t i = 0; i < p->k; i++) p->is_medoid[p->medoids[i]] = true;
    for (int64_t o = 0; o < p->n; o++) {
        KITH_TRY(kith_i_poll_pass(p->poll, "assigning to medoids", o, p->n, err));
        p->near[o] = 0;
        for (int64_t i = 1; i < p->k; i++)
            if (p->rows[i * p->n + o] < p->rows[p->near[o] * p->n + o]) p->near[o] = (uint32_t)i;
        p->first[o] = p->rows[p->near[o] * p->n + o];
        find_second(p, o);
    }
    add_up(p);

done:
    return status;
}

/* The medoid whose place a candidate had better take, and what the loss changes by. */
static double best_swap(pam *p, const double *row, int64_t *best)
{
    double gained = 0;

    memcpy(p->change, p->removal, (size_t)p->k * sizeof *p->change);
    for (int64_t o = 0; o < p->n; o++) {
        const double x = row[o];
        if (x < p->first[o]) {
            gained += x - p->first[o];
            p->change[p->near[o]] += p->first[o] - p->next[o];
        } else if (x < p->next[o]) {
            p->change[p->near[o]] += x - p->next[o];
        }
    }
    *best = 0;
    for (int64_t i = 1; i < p->k; i++)
        if (p->change[i] < p->change[*best]) *best = i;
    return p->change[*best] + gained;
}

/* The same for the only medoid. */
static double change_of_one(const pam *p, const double *row)
{
    double change = 0;

    for (int64_t o = 0; o < p->n; o++) change += row[o] - p->first[o];
    return change;
}

static void swap(pam *p, int64_t i, uint32_t candidate, const double *row)
{
    p->is_medoid[p->medoids[i]] = false;
    p->is_medoid[candidate] = true;
    p->medoids[i] = candidate;
    memcpy(p->rows + i * p->n, row, (size_t)p->n * sizeof *row);
    for (int64_t o = 0; o < p->n; o++) {
        const double x = row[o];
        if (p->near[o] == i && x <= p->next[o]) {
            p->first[o] = x;
        } else if (p->near[o] == i) {
            p->near[o] = p->other[o];
            p->first[o] = p->next[o];
            find_second(p, o);
        } else if (x < p->first[o]) {
            p->other[o] = p->near[o];
            p->next[o] = p->first[o];
            p->near[o] = (uint32_t)i;
            p->first[o] = x;
        } else if (p->other[o] == i && x > p->next[o]) {
            find_second(p, o);
        } else if (x <= p->next[o]) {
            p->other[o] = (uint32_t)i;
            p->next[o] = x;
        }
    }
    add_up(p);
}

/* Tries one candidate; whether it became a medoid. A gain that rounding may have made is none. */
static bool try_candidate(pam *p, uint32_t candidate, const double *row)
{
    int64_t i = 0;
    const double change = p->k > 1 ? best_swap(p, row, &i) : change_of_one(p, row);

    if (!(change < -1e-12 * p->report.loss)) return false;
    swap(p, i, candidate, row);
    p->report.swaps++;
    return true;
}

/* Rounds over the candidates until all have been tried since the last swap, or a round does not
 * lower the loss: where dissimilarities differ by many digits, swaps that seem to may go in
 * circles. */
static kith_status improve(pam *p, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_medoids_problem *problem = p->problem;
    int64_t since = 0; /* candidates tried since the last swap */
    bool swapped = true;

    while (swapped && p->report.rounds < problem->rounds) {
        const double before = p->report.loss;
        swapped = false;
        p->report.rounds++;
        for (int64_t t = 0; t < problem->candidates && since < problem->candidates;) {
            uint32_t items[KITH_I_MEDOID_BATCH];
            int64_t count = 0;
            for (; count < KITH_I_MEDOID_BATCH && t < problem->candidates; t++, since++) {
                const uint32_t item = problem->order ? problem->order[t] : (uint32_t)t;
                if (!p->is_medoid[item]) items[count++] = item;
            }
            KITH_TRY(distances(p, count, items, p->ahead, err));
            for (int64_t c = 0; c < count; c++)
                if (try_candidate(p, items[c], p->ahead + c * p->n)) {
                    swapped = true;
                    since = count - 1 - c;
                }
            KITH_TRY(kith_i_poll_check(p->poll, "swapping medoids", -1, err));
        }
        swapped = swapped && p->report.loss < before;
    }
    p->report.converged = since >= problem->candidates || !swapped;

done:
    return status;
}

kith_status kith_i_medoids(const kith_i_medoids_problem *problem, kith_i_poll *poll,
                           uint32_t *medoids, uint32_t *labels, double *nearest, double *second,
                           kith_i_medoids_report *report, kith_error *err)
{
    kith_status status = KITH_OK;
    pam p = {
        .problem = problem, .poll = poll, .n = problem->n, .k = problem->k, .medoids = medoids
    };
    const size_t bytes = (size_t)p.n * sizeof(double);

    KITH_TRY(pam_init(&p, err));
    KITH_TRY(assign(&p, err));
    status = improve(&p, err);
    if (status == KITH_E_TIME) status = KITH_OK; /* the best so far */
    if (status != KITH_OK) goto done;
    memcpy(labels, p.near, (size_t)p.n * sizeof *labels);
    if (nearest) memcpy(nearest, p.first, bytes);
    if (second) memcpy(second, p.k > 1 ? p.next : p.first, bytes);
    if (report) *report = p.report;

done:
    pam_clear(&p);
    return status;
}
