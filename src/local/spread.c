/* Coordinate ascent on the dual of the flow problem [Fountoulakis2020, Yang2023].
 *
 *   papers       here
 *   x, m, T      fields X, M, T
 *   Delta        kith_i_spread_source()
 *   w_uv         weights of rows
 *   L_SS         fill(), for p = 2
 *
 * A node that holds more than it can is raised by itself. For p = 2 the mass it holds falls by the
 * weight of its edges for each unit of x, so that the step is known; otherwise it is searched for.
 * In both cases its neighbours get what it loses, and those that then hold too much wait for the
 * next pass. */
#include "local/spread.h"

#include "linalg/cholesky.h"

#include <float.h>
#include <math.h>

enum { X = KITH_I_SPREAD_X, M = KITH_I_SPREAD_M, T = KITH_I_SPREAD_T, LIMIT = KITH_I_SPREAD_LIMIT };
enum { SEARCH_STEPS = 300 };

/* A factorisation may cost as much as that many passes over the support, and never longer than a
 * long loop may go without a poll. Where nodes of the support have more neighbours in it than
 * twice factor_degree, it is not even analysed, as it would fill up; unless it is so small that it
 * may. */
static const double factor_passes = 40, factor_most = 5e7, factor_degree = 8;

/* What a pass costs for p > 2, in passes for p = 2. */
static const double search_cost = 50;

kith_status kith_i_spread_start(kith_i_spread *s, kith_i_reach *reach, kith_i_capacity capacity,
                                const kith_flow_diffusion_options *options, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_row row;

    *s = (kith_i_spread){
        .reach = reach,
        .capacity = capacity,
        .p = options->p,
        .epsilon = options->epsilon,
        .seeds = options->query.seeds.count,
        .shuffled = options->order == KITH_FLOW_SHUFFLE,
        .solvable = options->polish,
        .random = kith_i_random_at(options->query.run.seed, 0, 0),
    };
    KITH_TRY(kith_i_spread_admit(s, err));
    for (uint32_t seed = 0; seed < s->seeds; seed++) { /* weights there are checked in any case */
        KITH_TRY(kith_i_reach_row(reach, seed, &row, err));
        KITH_TRY(kith_i_spread_admit(s, err));
    }

done:
    return status;
}

void kith_i_spread_clear(kith_i_spread *s)
{
    kith_i_free(s->waiting);
    kith_i_free(s->batch);
    kith_i_free(s->near);
}

kith_status kith_i_spread_admit(kith_i_spread *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_reach *reach = s->reach;

    if (reach->room > s->room) {
        KITH_TRY(kith_i_resize(&s->waiting, reach->room + 1, sizeof *s->waiting, err));
        KITH_TRY(kith_i_resize(&s->batch, reach->room + 1, sizeof *s->batch, err));
        s->room = reach->room;
    }
    for (; s->admitted < reach->count; s->admitted++) {
        const bool one = s->capacity == KITH_I_CAPACITY_ONE;
        const double capacity = one ? 1 : reach->strength[s->admitted];
        reach->field[T][s->admitted] = capacity;
        reach->field[LIMIT][s->admitted] = capacity + s->epsilon * fmin(1, capacity);
    }

done:
    return status;
}

/* Mass for a node, which waits when that is the first to be too much. */
static inline void receive(kith_i_spread *s, uint32_t v, double mass)
{
    const double limit = s->reach->field[LIMIT][v], before = s->reach->field[M][v];
    const double after = before + mass;

    s->reach->field[M][v] = after;
    if (before <= limit && after > limit) s->waiting[s->count++] = v;
}

void kith_i_spread_pour(kith_i_spread *s, double mass)
{
    const double share = mass / (double)s->seeds;

    for (uint32_t seed = 0; seed < s->seeds; seed++) receive(s, seed, share - s->share);
    s->share = share;
}

void kith_i_spread_reset(kith_i_spread *s)
{
    for (int64_t slot = 0; slot < s->reach->count; slot++)
        s->reach->field[X][slot] = s->reach->field[M][slot] = 0;
    s->count = 0;
    s->share = 0;
}

/* ---- p = 2 ---- */

/* Weight of the edges of a node, loops aside. */
static double exits(const kith_i_row *row, uint32_t v)
{
    double weight = 0;

    if (!row->weights) return (double)row->count;
    for (int64_t i = 0; i < row->count; i++)
        if (row->slots[i] != v) weight += row->weights[i];
    return weight;
}

/* A node without edges of any weight, or whose x would be beyond all numbers, keeps its excess.
 * What receive() does stands here with its pointers at hand: this loop is all that takes time. */
static void push(kith_i_spread *s, uint32_t v, const kith_i_row *row)
{
    const double *limit = s->reach->field[LIMIT];
    double *m = s->reach->field[M], *x = &s->reach->field[X][v];
    uint32_t *waiting = s->waiting + s->count;
    const double t = s->reach->field[T][v], step = (m[v] - t) / exits(row, v);

    if (!isfinite(*x + step)) return;
    *x += step;
    for (int64_t i = 0; i < row->count; i++) {
        const uint32_t u = row->slots[i];
        const double before = m[u], after = before + step * kith_i_row_weight(row, i);
        m[u] = after;
        *waiting = u;
        waiting += before <= limit[u] && after > limit[u];
    }
    m[v] = t; /* whatever a loop gave back */
    s->count = waiting - s->waiting;
}

/* ---- p > 2 ---- */

double kith_i_spread_flow(const kith_i_spread *s, double difference)
{
    const double size = fabs(difference);

    if (s->p == 2) return difference;
    return copysign(s->p == 3   ? sqrt(size)
                    : s->p == 4 ? cbrt(size)
                                : pow(size, 1 / (s->p - 1)),
                    difference);
}

/* The neighbours of a node: x and weight of each, those of x = 0 as one. */
typedef struct {
    const double *near;
    int64_t count;
    double weight; /* of all */
} around;

static kith_status look_around(kith_i_spread *s, uint32_t v, const kith_i_row *row, around *out,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    const double *x = s->reach->field[X];
    double *near, rest = 0;

    *out = (around){ 0 };
    if (2 * (row->count + 1) > s->near_room) {
        KITH_TRY(kith_i_resize(&s->near, 2 * (row->count + 1), sizeof *s->near, err));
        s->near_room = 2 * (row->count + 1);
    }
    near = s->near;
    for (int64_t i = 0; i < row->count; i++) {
        const uint32_t u = row->slots[i];
        if (u == v) continue;
        out->weight += kith_i_row_weight(row, i);
        if (x[u] == 0) {
            rest += kith_i_row_weight(row, i);
            continue;
        }
        *near++ = x[u];
        *near++ = kith_i_row_weight(row, i);
    }
    *near++ = 0;
    *near++ = rest;
    out->near = s->near;
    out->count = (near - s->near) / 2;

done:
    return status;
}

/* What flows out of a node at x, and how much more for each unit of x; 0 where that is infinite, as
 * it is next to a neighbour of the same x. */
static double outflow(const kith_i_spread *s, const around *a, double x, double *slope)
{
    double flow = 0;

    *slope = 0;
    for (int64_t i = 0; i < a->count; i++) {
        const double difference = x - a->near[2 * i], weight = a->near[2 * i + 1];
        const double part = weight * kith_i_spread_flow(s, difference);
        flow += part;
        if (difference != 0) *slope += part / difference / (s->p - 1);
    }
    return flow;
}

/* The x at which a node holds t, up to `most` more, found from below. Newton's method within a
 * bracket, which every third step halves: slopes are infinite where neighbours are. Where nothing
 * bounds it from above it at least triples, and goes as far as it must when all that it gains on
 * flows: an edge takes at most h^(1 / (p - 1)) more when x rises by h. */
static double search(const kith_i_spread *s, const around *a, double source, double t, double most,
                     double from, int64_t *steps)
{
    double low = from, high = INFINITY, x = from;

    for (*steps = 1; *steps < SEARCH_STEPS; ++*steps) {
        double slope;
        const double excess = source - outflow(s, a, x, &slope) - t - most / 2;
        if (fabs(excess) <= most / 2) break;
        if (excess > 0) low = x;
        else high = x;
        if (isfinite(high) && high - low <= 2 * DBL_EPSILON * high) return high;
        const double newton = slope > 0 ? x + excess / slope : low;
        if (isinf(high)) {
            const double least = pow(excess / a->weight, s->p - 1);
            x = fmax(fmax(newton, x + least), fmax(3 * x - 2 * from, x * (1 + 2 * DBL_EPSILON)));
        } else if (*steps % 3 && newton > low && newton < high) x = newton;
        else x = low + (high - low) / 2;
        if (!isfinite(x)) break;
    }
    return x;
}

static kith_status raise(kith_i_spread *s, uint32_t v, const kith_i_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    double *x = s->reach->field[X], *m = s->reach->field[M];
    const double t = s->reach->field[T][v], most = (s->reach->field[LIMIT][v] - t) / 2;
    const double before = x[v], source = kith_i_spread_source(s, v);
    around a;
    int64_t steps;

    KITH_TRY(look_around(s, v, row, &a, err));
    const double after = search(s, &a, source, t, most, before, &steps);
    s->work += steps * a.count;
    if (!isfinite(after)) goto done;
    x[v] = after;
    m[v] = source;
    for (int64_t i = 0; i < row->count; i++) {
        const uint32_t u = row->slots[i];
        if (u == v) continue;
        const double weight = kith_i_row_weight(row, i);
        const double flow = weight * kith_i_spread_flow(s, after - x[u]);
        m[v] -= flow;
        receive(s, u, flow - weight * kith_i_spread_flow(s, before - x[u]));
    }

done:
    return status;
}

/* ---- Passes ---- */

static void shuffle(kith_i_spread *s, uint32_t *slots, int64_t count)
{
    for (int64_t i = count - 1; i > 0; i--) {
        const int64_t j = (int64_t)kith_i_random_below(&s->random, (uint64_t)i + 1);
        const uint32_t slot = slots[i];
        slots[i] = slots[j];
        slots[j] = slot;
    }
}

kith_status kith_i_spread_pass(kith_i_spread *s, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *now = s->waiting;
    int64_t count = s->count, done = 0;
    kith_i_row row;

    s->waiting = s->batch;
    s->batch = now;
    s->count = 0;
    if (s->shuffled) shuffle(s, s->batch, count);
    while (done < count) {
        const uint32_t v = s->batch[done++];
        KITH_TRY(kith_i_reach_row(s->reach, v, &row, err));
        KITH_TRY(kith_i_spread_admit(s, err));
        if (s->p == 2) push(s, v, &row);
        else KITH_TRY(raise(s, v, &row, err));
        s->pushes++;
        s->work += row.count;
        if (s->work < KITH_I_SPREAD_POLL) continue;
        s->work = 0;
        KITH_TRY(kith_i_poll_check(poll, "spreading mass", -1, err));
    }

done:
    while (done < count) s->waiting[s->count++] = s->batch[done++];
    return status;
}

/* ---- Solving on the support ---- */

enum { OUTSIDE = -1, NEWTON_STEPS = 60 };

/* Shares of x: differences below the one count as that when an edge is weighed, and steps below
 * the other end it, as they are those of rounding. */
static const double least_share = 4 * DBL_EPSILON, rounding_share = 64 * DBL_EPSILON;

/* The support: its slots, the place of every slot among them, and a matrix on it. */
typedef struct {
    int64_t size, entries;
    uint32_t *slots;
    int32_t *place;         /* by slot, or OUTSIDE */
    int64_t *offsets, *end; /* of the lower triangle; what is filled of each row */
    int64_t *columns;
    double *values;
    double *before, *from, *step; /* x at first, and before a step */
} support;

static void support_clear(support *u)
{
    kith_i_free(u->slots);
    kith_i_free(u->place);
    kith_i_free(u->offsets);
    kith_i_free(u->end);
    kith_i_free(u->columns);
    kith_i_free(u->values);
    kith_i_free(u->before);
    kith_i_free(u->from);
    kith_i_free(u->step);
}

static kith_status find_support(const kith_i_spread *s, support *u, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t count = s->reach->count;

    KITH_TRY(kith_i_alloc(&u->slots, count, sizeof *u->slots, err));
    KITH_TRY(kith_i_alloc(&u->place, count, sizeof *u->place, err));
    for (int64_t slot = 0; slot < count; slot++) {
        u->place[slot] = OUTSIDE;
        if (s->reach->field[X][slot] == 0) continue;
        u->place[slot] = (int32_t)u->size;
        u->slots[u->size++] = (uint32_t)slot;
        u->entries += s->reach->length[slot];
    }

done:
    return status;
}

/* Room for the lower triangle of a matrix with an entry for each edge within the support. */
static kith_status lower_triangle(const kith_i_spread *s, support *u, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_row row;

    KITH_TRY(kith_i_zeroed(&u->offsets, u->size + 1, sizeof *u->offsets, err));
    for (int64_t j = 0; j < u->size; j++) {
        KITH_TRY(kith_i_reach_row(s->reach, u->slots[j], &row, err));
        u->offsets[j + 1]++;
        for (int64_t i = 0; i < row.count; i++)
            if (u->place[row.slots[i]] > j) u->offsets[u->place[row.slots[i]] + 1]++;
    }
    for (int64_t j = 0; j < u->size; j++) u->offsets[j + 1] += u->offsets[j];
    KITH_TRY(kith_i_alloc(&u->columns, u->offsets[u->size], sizeof *u->columns, err));
    KITH_TRY(kith_i_alloc(&u->values, u->offsets[u->size], sizeof *u->values, err));
    KITH_TRY(kith_i_alloc(&u->end, u->size, sizeof *u->end, err));
    KITH_TRY(kith_i_alloc(&u->before, u->size, sizeof *u->before, err));
    KITH_TRY(kith_i_alloc(&u->from, u->size, sizeof *u->from, err));
    KITH_TRY(kith_i_alloc(&u->step, u->size, sizeof *u->step, err));

done:
    return status;
}

/* The flow along an edge for each unit of the difference between its ends. */
static double conductance(const kith_i_spread *s, double weight, double x, double y)
{
    if (s->p == 2) return weight;
    const double difference = fmax(fabs(x - y), least_share * fmax(x, y));
    return weight * kith_i_spread_flow(s, difference) / difference;
}

/* The Laplacian of the conductances on the support. Columns are gone through in order, so that
 * those of a row ascend, the diagonal last. */
static kith_status fill(const kith_i_spread *s, support *u, kith_error *err)
{
    kith_status status = KITH_OK;
    const double *x = s->reach->field[X];
    kith_i_row row;

    for (int64_t j = 0; j < u->size; j++) u->end[j] = u->offsets[j];
    for (int64_t j = 0; j < u->size; j++) {
        const uint32_t v = u->slots[j];
        double all = 0;
        KITH_TRY(kith_i_reach_row(s->reach, v, &row, err));
        for (int64_t i = 0; i < row.count; i++) {
            const int64_t below = u->place[row.slots[i]];
            if (row.slots[i] == v) continue;
            const double weight = kith_i_row_weight(&row, i);
            const double part = conductance(s, weight, x[v], x[row.slots[i]]);
            all += part;
            if (below <= j) continue;
            u->columns[u->end[below]] = j;
            u->values[u->end[below]++] = -part;
        }
        u->columns[u->end[j]] = j;
        u->values[u->end[j]] = all;
    }

done:
    return status;
}

/* m = Delta - (what flows out at x), and who holds too much. */
static kith_status spread_anew(kith_i_spread *s, const support *u, kith_error *err)
{
    kith_status status = KITH_OK;
    double *x = s->reach->field[X], *m = s->reach->field[M];
    kith_i_row row;

    for (int64_t slot = 0; slot < s->reach->count; slot++) m[slot] = kith_i_spread_source(s, slot);
    for (int64_t j = 0; j < u->size; j++) {
        const uint32_t v = u->slots[j];
        KITH_TRY(kith_i_reach_row(s->reach, v, &row, err));
        for (int64_t i = 0; i < row.count; i++) {
            const uint32_t to = row.slots[i];
            const double flow = kith_i_row_weight(&row, i) * kith_i_spread_flow(s, x[v] - x[to]);
            m[v] -= flow;
            if (u->place[to] == OUTSIDE) m[to] += flow;
        }
    }
    s->count = 0;
    for (int64_t slot = 0; slot < s->reach->count; slot++)
        if (m[slot] > s->reach->field[LIMIT][slot]) s->waiting[s->count++] = (uint32_t)slot;

done:
    return status;
}

/* x = from + length * step, and what comes of it. */
static kith_status go(kith_i_spread *s, const support *u, double length, kith_error *err)
{
    double *x = s->reach->field[X];

    for (int64_t j = 0; j < u->size; j++) x[u->slots[j]] = u->from[j] + length * u->step[j];
    return spread_anew(s, u, err);
}

/* How much more than it can the support holds, along the step: 0 where the dual is largest. */
static double climb(const kith_i_spread *s, const support *u)
{
    double sum = 0;

    for (int64_t j = 0; j < u->size; j++) {
        const uint32_t v = u->slots[j];
        sum += u->step[j] * (s->reach->field[M][v] - s->reach->field[T][v]);
    }
    return sum;
}

/* A step of Newton's method towards m = T on the support: p - 1 times the way to what would be the
 * solution if conductances stayed as they are, which for p = 2 they do. Where that leads too far
 * the step is halved, down to that solution: the dual is larger there in any case, since
 * |x_u - x_v|^q is concave in the square of the difference. */
static kith_status newton(kith_i_spread *s, support *u, double most, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_cholesky *factor = NULL;
    double length = s->p - 1;

    KITH_TRY(fill(s, u, err));
    const kith_i_symmetric matrix = { u->size, u->offsets, u->columns, u->values };
    KITH_TRY(kith_i_cholesky_factor(&matrix, most, NULL, &factor, err));
    s->solvable = factor;
    if (!factor) goto done;
    for (int64_t j = 0; j < u->size; j++) {
        const uint32_t v = u->slots[j];
        u->from[j] = s->reach->field[X][v];
        u->step[j] = s->reach->field[M][v] - s->reach->field[T][v];
    }
    KITH_TRY(kith_i_cholesky_solve(factor, 1, u->step, u->step, NULL, err));
    const double start = climb(s, u);
    KITH_TRY(go(s, u, length, err));
    while (length > 1 && !(fabs(climb(s, u)) <= start / 2)) {
        length = fmax(1, length / 2);
        KITH_TRY(go(s, u, length, err));
    }

done:
    kith_i_cholesky_free(factor);
    return status;
}

/* Whether all of the support holds what it can, as nearly as it must. */
static bool solved(const kith_i_spread *s, const support *u)
{
    for (int64_t j = 0; j < u->size; j++) {
        const uint32_t v = u->slots[j];
        const double t = s->reach->field[T][v];
        if (!(fabs(s->reach->field[M][v] - t) <= (s->reach->field[LIMIT][v] - t) / 2)) return false;
    }
    return true;
}

/* Whether the last step changed no x by more than its rounding. */
static bool exhausted(const kith_i_spread *s, const support *u)
{
    for (int64_t j = 0; j < u->size; j++) {
        const double moved = fabs(s->reach->field[X][u->slots[j]] - u->from[j]);
        if (!(moved <= rounding_share * u->from[j])) return false;
    }
    return true;
}

/* Nothing waits if nothing does but what cannot be said in double precision: nodes of the support
 * whose x is right to its rounding. */
static void release(kith_i_spread *s, const support *u)
{
    for (int64_t i = 0; i < s->count; i++)
        if (u->place[s->waiting[i]] == OUTSIDE) return;
    s->count = 0;
}

/* Newton's method until m = T on the support, or x is that solution to its rounding. */
static kith_status climb_up(kith_i_spread *s, support *u, double most, kith_i_poll *poll,
                            bool *there, kith_error *err)
{
    kith_status status = KITH_OK;

    *there = false;
    for (int step = 0; step < NEWTON_STEPS && s->solvable && !*there; step++) {
        KITH_TRY(kith_i_poll_check(poll, "solving on the support", -1, err));
        KITH_TRY(newton(s, u, most, err));
        *there = s->solvable && (s->p == 2 || solved(s, u) || exhausted(s, u));
    }

done:
    return status;
}

/* Keeps what of x is above what it was before; nothing when it is not the solution, which it may be
 * beyond. */
static kith_status keep(kith_i_spread *s, const support *u, bool there, kith_error *err)
{
    double *x = s->reach->field[X];
    bool changed = false;

    for (int64_t j = 0; j < u->size; j++) {
        const uint32_t v = u->slots[j];
        if (there && x[v] >= u->before[j] && isfinite(x[v])) continue;
        changed |= x[v] != u->before[j];
        x[v] = u->before[j];
    }
    return changed ? spread_anew(s, u, err) : KITH_OK;
}

/* The solution on the support, between today's x and the solution; or today's x. */
static kith_status solve(kith_i_spread *s, support *u, double most, kith_i_poll *poll,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    bool there;

    for (int64_t j = 0; j < u->size; j++) u->before[j] = s->reach->field[X][u->slots[j]];
    const kith_status end = climb_up(s, u, most, poll, &there, err);
    KITH_TRY(keep(s, u, there, err));
    KITH_TRY(end);
    s->solvable = there;
    if (there && s->p > 2) release(s, u);

done:
    return status;
}

kith_status kith_i_spread_solve(kith_i_spread *s, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    support u = { 0 };

    if (!s->solvable) return KITH_OK;
    KITH_TRY(find_support(s, &u, err));
    const double pass = (s->p == 2 ? 1 : search_cost) * (double)u.entries;
    const double most = fmin(factor_most, factor_passes * pass);
    s->solvable = u.size > 0 && (double)u.entries <= most;
    if (!s->solvable) goto done;
    KITH_TRY(lower_triangle(s, &u, err));
    const double size = (double)u.size;
    s->solvable =
        (double)u.offsets[u.size] <= factor_degree * size || size * size * size <= 3 * most;
    if (s->solvable) KITH_TRY(solve(s, &u, most, poll, err));

done:
    support_clear(&u);
    return status;
}
