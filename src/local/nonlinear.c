/* Nonlinear power diffusion, by steps of Euler's method [Ibrahim2019].
 *
 *   paper           here
 *   u               field U
 *   h u^power       field OUT: what leaves a node in this step, 0 where nothing flows
 *   h A D^-1 u^power  field IN: what arrives
 *
 * Where u < epsilon d nothing leaves, so that nodes of no more volume than sum u / epsilon are
 * walked in a step. The sum is 1 while no node gives more than it has: always for powers of 1 and
 * more, and from h^(1 / (1 - power)) on for others, 1e-6 by default. */
#include "kith/nonlinear.h"

#include "core/spec.h"
#include "local/query.h"

#include <math.h>

enum { U, OUT, IN }; /* fields */
enum { POLL_EDGES = 1 << 16 };

/* OUT = h u^power; IN = 0. */
static void release(kith_i_reach *reach, const kith_nonlinear_options *o)
{
    const double *u = reach->field[U], *d = reach->strength;
    double *out = reach->field[OUT], *in = reach->field[IN];

    for (int64_t v = 0; v < reach->count; v++) {
        const double flow = o->power == 0.5 ? sqrt(u[v]) : pow(u[v], o->power);
        out[v] = u[v] >= o->epsilon * d[v] ? o->step * flow : 0;
        in[v] = 0;
    }
}

/* IN = A D^-1 OUT. */
static kith_status flow(kith_i_reach *reach, kith_i_poll *poll, int64_t *work, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t known = reach->count;
    kith_i_row row;

    for (int64_t v = 0; v < known; v++) {
        const double share = reach->field[OUT][v] / reach->strength[v];
        if (share == 0) continue;
        KITH_TRY(kith_i_reach_row(reach, (uint32_t)v, &row, err));
        double *in = reach->field[IN];
        for (int64_t i = 0; i < row.count; i++)
            in[row.slots[i]] += share * kith_i_row_weight(&row, i);
        *work += row.count;
        if (*work < POLL_EDGES) continue;
        *work = 0;
        KITH_TRY(kith_i_poll_check(poll, "diffusing", -1, err));
    }
    *work += known;

done:
    return status;
}

/* u = clip(u - OUT + IN, 0, 1); returns the largest change of u / d. */
static double settle(kith_i_reach *reach)
{
    const double *out = reach->field[OUT], *in = reach->field[IN], *d = reach->strength;
    double *u = reach->field[U], change = 0;

    for (int64_t v = 0; v < reach->count; v++) {
        const double free = u[v] - out[v] + in[v], next = free < 0 ? 0 : free > 1 ? 1 : free;
        const double moved = fabs(next - u[v]) / d[v];
        if (moved > change) change = moved;
        u[v] = next;
    }
    return change;
}

/* Ends after the last step that is whole, whatever the status. */
static kith_status diffuse(kith_i_reach *reach, const kith_nonlinear_options *o, kith_i_poll *poll,
                           int64_t *steps, double *change, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t seeds = o->query.seeds.count;
    int64_t work = 0;

    for (int64_t seed = 0; seed < seeds; seed++) reach->field[U][seed] = 1 / (double)seeds;
    for (; *steps < o->iterations; ++*steps) {
        release(reach, o);
        KITH_TRY(flow(reach, poll, &work, err));
        *change = settle(reach);
    }

done:
    return status;
}

/* From u to the scores u / d; returns the mass. */
static double score(kith_i_reach *reach)
{
    double *u = reach->field[U], mass = 0;

    for (int64_t v = 0; v < reach->count; v++) {
        mass += u[v];
        u[v] /= reach->strength[v];
    }
    return mass;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_nonlinear_options, power, F64, 0.01, 100,
                "that u is raised to; below 1 little flows fast, above 1 slowly"),
    KITH_OPTION(kith_nonlinear_options, step, F64, 1e-9, 1, "of time"),
    KITH_OPTION(kith_nonlinear_options, iterations, I64, 1, 100000, "steps"),
    KITH_OPTION(kith_nonlinear_options, epsilon, F64, 0, 1,
                "u per unit of degree below which nothing flows; higher: nearer, and faster"),
    KITH_I_QUERY_ROWS,
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_nonlinear_options *o = options;
    const double most = 2 * (double)graph->entries;

    return 60 * fmin((double)o->iterations / o->epsilon, most);
}

KITH_I_ALGORITHM(local, nonlinear, KITH_NONLINEAR_OPTIONS_INIT, rows, bytes,
                 "the community around seeds by a nonlinear power diffusion");

kith_status kith_nonlinear(const kith_graph *graph, const kith_nonlinear_options *options,
                           kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_nonlinear_options o;
    kith_i_reach *reach = NULL;
    kith_i_poll poll;
    int64_t steps = 0;
    double change = 0;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_nonlinear_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.query.run);
    KITH_TRY(kith_i_query_begin(graph, NULL, &o.query, &poll, &reach, err));
    const kith_status end = diffuse(reach, &o, &poll, &steps, &change, err);
    if (end != KITH_E_TIME) KITH_TRY(end);
    const double mass = score(reach);
    KITH_TRY(kith_i_query_end(reach, reach->field[U], &(kith_i_sweep){ 0 }, &o.query, out, err));
    (*out)->iterations = steps;
    (*out)->converged = end == KITH_OK;
    (*out)->stop = end == KITH_OK ? KITH_STOP_CONVERGED : KITH_STOP_TIME;
    kith_i_cluster_figure(*out, "mass", mass);
    kith_i_cluster_figure(*out, "change", change);

done:
    kith_i_reach_give(reach);
    return status;
}
