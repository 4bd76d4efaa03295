/* l1-regularised PageRank by accelerated proximal gradient steps, FISTA [Fountoulakis2019].
 *
 *   paper                    here
 *   D^-1/2 q = p / d         x, a field
 *   D^-1/2 A D^-1/2 q        ax / d^1/2: the field ax holds sums of neighbours' x
 *   grad / d^1/2             (1 + alpha) / 2 x - (1 - alpha) / 2 ax / d - alpha s / d
 *   rho alpha                price
 *   y = q + beta (q - q_old) x and ax of two generations, mixed
 *
 * Written in x, a step needs no square roots, and the sums of y are those of two generations, mixed
 * likewise, so that the gradient at x itself is known after every step. */
#include "kith/l1.h"

#include "core/spec.h"
#include "local/query.h"

#include <float.h>
#include <math.h>

enum { X, AX = X + 2 }; /* fields, two generations of each */
enum { POLL_EDGES = 1 << 16, ROUNDING = 16 };

typedef struct {
    kith_i_reach *reach;
    double  alpha, beta, price;
    double  share; /* of a seed */
    int64_t seeds;
    int     now;   /* the generation that is whole */
} l1_state;

/* How far a generation is from the optimum. */
typedef struct {
    double mass, kkt, gap;
    double excess; /* kkt beyond what rounding explains */
} l1_figures;

/* What a slot is given, alpha s. */
static double source(const l1_state *s, int64_t slot)
{
    return slot < s->seeds ? s->alpha * s->share : 0;
}

/* The optimality conditions: grad = -price d^1/2 where q > 0, from there to 0 elsewhere. As x >= 0,
 * no gradient is above 0 where x is 0. The objective is alpha-convex, so that it is at most
 * |subgradient|^2 / 2 alpha above its minimum. Most slots hold nothing and are content, which is
 * seen without a division. */
static l1_figures measure(const l1_state *s)
{
    const double own = (1 + s->alpha) / 2, half = (1 - s->alpha) / 2, *d = s->reach->strength;
    const double *x = s->reach->field[X + s->now], *ax = s->reach->field[AX + s->now];
    l1_figures f = { 0 };

    for (int64_t slot = 0; slot < s->reach->count; slot++) {
        const double slope =
            d[slot] * (own * x[slot] + s->price) - half * ax[slot] - source(s, slot);
        if (x[slot] == 0 && slope >= 0) continue;
        const double wrong = fabs(slope) / d[slot];
        const double excess = wrong - ROUNDING * DBL_EPSILON * x[slot];
        f.mass += d[slot] * x[slot];
        f.gap += d[slot] * wrong * wrong / (2 * s->alpha);
        if (wrong > f.kkt) f.kkt = wrong;
        if (excess > f.excess) f.excess = excess;
    }
    return f;
}

/* x_next = max(0, y - grad(y) - price), in the place of x_old. */
static void step(const l1_state *s)
{
    const double beta = s->beta, half = (1 - s->alpha) / 2, *d = s->reach->strength;
    const double *x = s->reach->field[X + s->now], *ax = s->reach->field[AX + s->now];
    const double *ax_old = s->reach->field[AX + !s->now];
    double *x_old = s->reach->field[X + !s->now];

    for (int64_t slot = 0; slot < s->reach->count; slot++) {
        const double y = x[slot] + beta * (x[slot] - x_old[slot]);
        const double ay = ax[slot] + beta * (ax[slot] - ax_old[slot]);
        const double mass = half * (d[slot] * y + ay) + source(s, slot) - d[slot] * s->price;
        x_old[slot] = mass > 0 ? mass / d[slot] : 0;
    }
}

/* ax = A x of the generation that is being made. */
static kith_status sum_neighbours(const l1_state *s, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = s->reach;
    const int64_t known = reach->count;
    int64_t work = 0;
    kith_i_row row;

    for (int64_t slot = 0; slot < known; slot++) reach->field[AX + !s->now][slot] = 0;
    for (int64_t slot = 0; slot < known; slot++) {
        const double x = reach->field[X + !s->now][slot];
        if (x == 0) continue;
        KITH_TRY(kith_i_reach_row(reach, (uint32_t)slot, &row, err));
        double *ax = reach->field[AX + !s->now];
        for (int64_t i = 0; i < row.count; i++) ax[row.slots[i]] += x * kith_i_row_weight(&row, i);
        work += row.count;
        if (work < POLL_EDGES) continue;
        work = 0;
        KITH_TRY(kith_i_poll_check(poll, "descending", -1, err));
    }
    KITH_TRY(kith_i_poll_check(poll, "descending", -1, err));

done:
    return status;
}

/* Ends with the last generation that is whole, whatever the status. */
static kith_status descend(l1_state *s, const kith_l1_options *o, kith_i_poll *poll,
                           l1_figures *figures, int64_t *steps, bool *converged, kith_error *err)
{
    kith_status status = KITH_OK;

    for (;;) {
        *figures = measure(s);
        *converged = figures->excess <= o->tolerance * s->price;
        if (*converged || *steps == o->iterations) break;
        step(s);
        KITH_TRY(sum_neighbours(s, poll, err));
        s->now = !s->now;
        ++*steps;
    }

done:
    return status;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_l1_options, alpha, F64, 1e-4, 1 - 1e-9,
                "teleportation of the lazy walk; higher: nearer to the seeds"),
    KITH_OPTION(kith_l1_options, rho, F64, 1e-15, 1,
                "price of a unit of degree; lower: farther, and slower"),
    KITH_OPTION(kith_l1_options, tolerance, F64, 1e-12, 1,
                "of the optimality conditions, in units of rho alpha"),
    KITH_OPTION(kith_l1_options, iterations, I64, 1, INT64_MAX, "cap on steps"),
    KITH_I_QUERY_ROWS,
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_l1_options *o = options;
    const double most = 2 * (double)graph->entries, bound = 2 / o->rho;

    return 60 * (bound < most ? bound : most);
}

KITH_I_ALGORITHM(local, l1, KITH_L1_OPTIONS_INIT, rows, bytes,
                 "the community around seeds by PageRank with a price on its support");

kith_status kith_l1(const kith_graph *graph, const kith_l1_options *options, kith_cluster **out,
                    kith_error *err)
{
    kith_status status = KITH_OK;
    kith_l1_options o;
    l1_state s = { 0 };
    l1_figures figures;
    kith_i_poll poll;
    int64_t steps = 0;
    bool converged = false;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_l1_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.query.run);
    KITH_TRY(kith_i_query_begin(graph, NULL, &o.query, &poll, &s.reach, err));
    s.alpha = o.alpha;
    s.beta = (1 - sqrt(o.alpha)) / (1 + sqrt(o.alpha));
    s.price = o.rho * o.alpha;
    s.seeds = o.query.seeds.count;
    s.share = 1 / (double)s.seeds;
    const kith_status end = descend(&s, &o, &poll, &figures, &steps, &converged, err);
    if (end != KITH_E_TIME) KITH_TRY(end);
    KITH_TRY(kith_i_query_end(s.reach, s.reach->field[X + s.now], &(kith_i_sweep){ 0 }, &o.query,
                              out, err));
    (*out)->iterations = steps;
    (*out)->converged = converged;
    (*out)->stop = converged            ? KITH_STOP_CONVERGED
                   : end == KITH_E_TIME ? KITH_STOP_TIME
                                        : KITH_STOP_ITERATIONS;
    kith_i_cluster_figure(*out, "mass", figures.mass);
    kith_i_cluster_figure(*out, "kkt", figures.kkt);
    kith_i_cluster_figure(*out, "gap", figures.gap);

done:
    kith_i_reach_give(s.reach);
    return status;
}
