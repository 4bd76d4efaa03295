/* Heat kernel PageRank by relaxation of the Taylor series, hk-relax and hkgrow [Kloster2014].
 *
 *   paper                     here
 *   y / e^t                   x, a field
 *   r(v, j) j! / t^j          z, a field for even j and one for odd j
 *   N                         taylor.degree
 *   e^-t t^j / j! psi_j       taylor.tail[j]
 *   theta_j j! / t^j          limit = epsilon / (N taylor.tail[j])
 *
 * Scaled like this z is the distribution of a walk after j steps, less what was left behind, so
 * that no number grows with e^t. What is pushed from step j arrives at step j + 1: the queue holds
 * the nodes of one step and then those of the next, each is popped once in a step, and two fields
 * are all the residual that there is at a time.
 *
 * Walks sum to at most 1, so that at step j no more volume than 1 / limit is pushed: all together
 * N / epsilon sum_j tail[j] <= N (t + 1) / epsilon. */
#include "kith/heat_kernel.h"

#include "core/spec.h"
#include "local/query.h"
#include "local/queue.h"
#include "local/taylor.h"

#include <math.h>

enum { X, Z }; /* fields; Z and Z + 1 */
enum { POLL_EDGES = 1 << 16 };

/* What is to be found, and how well it was. */
typedef struct {
    double  t, epsilon;
    double  mass, error;
    int64_t terms;
} heat_run;

typedef struct {
    kith_i_reach *reach;
    kith_i_queue  queue; /* nodes with some z, of two steps */
    kith_i_taylor taylor;
    int64_t starts; /* slots that the walk starts from, the first ones */
    int64_t pushes, visits;
    int64_t work;   /* visits since the last poll */
} heat_state;

/* x gets the share of those who stop after j steps, the neighbours get the rest. */
static kith_status push(heat_state *s, uint32_t v, int64_t j, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = s->reach;
    const double *weight = s->taylor.weight;
    const bool last = j == s->taylor.degree - 1;
    kith_i_row row;

    KITH_TRY(kith_i_reach_row(reach, v, &row, err));
    KITH_TRY(kith_i_queue_reserve(&s->queue, 2 * reach->room, err));
    double *x = reach->field[X], *next = reach->field[Z + (j + 1) % 2];
    const double z = reach->field[Z + j % 2][v], share = z / reach->strength[v];
    x[v] += weight[j] * z;
    for (int64_t i = 0; i < row.count; i++) {
        const uint32_t u = row.slots[i];
        const double some = share * kith_i_row_weight(&row, i);
        if (last) {
            x[u] += weight[j + 1] * some;
        } else {
            const double before = next[u];
            next[u] = before + some;
            if (before == 0 && next[u] > 0) kith_i_queue_push(&s->queue, u);
        }
    }
    s->pushes++;
    s->visits += row.count;
    s->work += row.count;

done:
    return status;
}

/* All that waits for step j. What is below the limit stays behind: at most tail[j] max z / d of
 * (h - x) / d. With `stop` all does. */
static kith_status relax(heat_state *s, int64_t j, double limit, kith_i_poll *poll, bool *stop,
                         double *error, kith_error *err)
{
    kith_status status = KITH_OK;
    double left = 0;

    for (int64_t waiting = s->queue.length; waiting > 0; waiting--) {
        const uint32_t v = kith_i_queue_pop(&s->queue);
        const double z = s->reach->field[Z + j % 2][v], d = s->reach->strength[v];
        if (!*stop && (j == 0 || z >= limit * d)) KITH_TRY(push(s, v, j, err));
        else if (z > left * d)
            left = z / d;
        s->reach->field[Z + j % 2][v] = 0;
        if (s->work < POLL_EDGES) continue;
        s->work = 0;
        status = kith_i_poll_check(poll, "spreading heat", -1, err);
        *stop = status == KITH_E_TIME;
        if (!*stop) KITH_TRY(status);
    }
    *error += s->taylor.tail[j] * left;
    status = KITH_OK;

done:
    return status;
}

/* hk-relax: x in its field, which it clears first. *stop: the time is over. */
static kith_status diffuse(heat_state *s, heat_run *run, kith_i_poll *poll, bool *stop,
                           kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = s->reach;
    double densest = 0; /* max s / d */

    kith_i_taylor_clear(&s->taylor);
    KITH_TRY(kith_i_taylor_make(run->t, run->epsilon, &s->taylor, err));
    run->terms = s->taylor.degree;
    KITH_TRY(kith_i_queue_reserve(&s->queue, 2 * reach->room, err));
    for (int64_t slot = 0; slot < reach->count; slot++) reach->field[X][slot] = 0;
    for (uint32_t slot = 0; slot < s->starts; slot++) {
        reach->field[Z][slot] = 1 / (double)s->starts;
        densest = fmax(densest, reach->field[Z][slot] / reach->strength[slot]);
        kith_i_queue_push(&s->queue, slot);
    }
    run->error = s->taylor.rest * densest;
    for (int64_t j = 0; s->queue.length; j++) {
        const double limit = run->epsilon / ((double)run->terms * s->taylor.tail[j]);
        KITH_TRY(relax(s, j, limit, poll, stop, &run->error, err));
    }
    run->mass = 0;
    for (int64_t slot = 0; slot < reach->count; slot++) {
        run->mass += reach->field[X][slot];
        reach->field[X][slot] /= reach->strength[slot]; /* the scores */
    }

done:
    return status;
}

/* The neighbourhood of the seeds: their slots and those that their rows bring. */
static kith_status find_starts(heat_state *s, const kith_heat_kernel_options *o, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t seeds = o->query.seeds.count;
    kith_i_row row;

    if (o->neighbourhood)
        for (uint32_t seed = 0; seed < seeds; seed++)
            KITH_TRY(kith_i_reach_row(s->reach, seed, &row, err));
    s->starts = s->reach->count;

done:
    return status;
}

/* One more run; its cluster stays in *best when it is better than what is there. */
static kith_status improve(heat_state *s, heat_run *run, const kith_query *query, kith_i_poll *poll,
                           bool *stop, kith_cluster **best, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_sweep sweep = { 0 };
    kith_cluster *cluster = NULL;

    KITH_TRY(diffuse(s, run, poll, stop, err));
    KITH_TRY(kith_i_query_end(s->reach, s->reach->field[X], &sweep, query, &cluster, err));
    if (!*best || cluster->conductance < (*best)->conductance) {
        kith_i_cluster_figure(cluster, "mass", run->mass);
        kith_i_cluster_figure(cluster, "error", run->error);
        kith_i_cluster_figure(cluster, "t", run->t);
        kith_i_cluster_figure(cluster, "epsilon", run->epsilon);
        kith_i_cluster_figure(cluster, "terms", (double)run->terms);
        kith_cluster_free(*best);
        *best = cluster;
        cluster = NULL;
    }

done:
    kith_cluster_free(cluster);
    return status;
}

/* The four of hkgrow, and their end. */
static const struct {
    double t, epsilon;
} grow[] = { { 10, 1e-4 }, { 20, 1e-3 }, { 40, 5e-3 }, { 80, 1e-2 }, { 0, 0 } };

/* The i-th run that the options ask for; t is 0 past the last. */
static heat_run run_at(const kith_heat_kernel_options *o, int64_t i)
{
    heat_run run = { .t = grow[i].t, .epsilon = grow[i].epsilon };

    if (o->t > 0) run.t = i == 0 ? o->t : 0;
    if (o->epsilon > 0) run.epsilon = o->epsilon;
    return run;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_heat_kernel_options, t, F64, 0, KITH_I_TAYLOR_MOST,
                "time that heat flows; 0: the best of 10, 20, 40 and 80"),
    KITH_OPTION(kith_heat_kernel_options, epsilon, F64, 0, 1,
                "error per unit of degree; 0: 1e-4, less strict at the later times"),
    KITH_OPTION(kith_heat_kernel_options, neighbourhood, BOOL, 0, 1,
                "begin at the neighbours of the seeds too"),
    KITH_I_QUERY_ROWS,
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const double most = 2 * (double)graph->entries;
    double bound = 0;

    for (int64_t i = 0; run_at(options, i).t > 0; i++) {
        const heat_run run = run_at(options, i);
        bound = fmax(bound, (run.t + 10 * sqrt(run.t) + 40) * (run.t + 1) / run.epsilon);
    }
    return 60 * fmin(bound, most);
}

KITH_I_ALGORITHM(local, heat_kernel, KITH_HEAT_KERNEL_OPTIONS_INIT, rows, bytes,
                 "the community around seeds by heat that flows from them");

kith_status kith_heat_kernel(const kith_graph *graph, const kith_heat_kernel_options *options,
                             kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_heat_kernel_options o;
    heat_state s = { 0 };
    kith_cluster *best = NULL;
    kith_i_poll poll;
    bool stop = false;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_heat_kernel_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.query.run);
    KITH_TRY(kith_i_query_begin(graph, NULL, &o.query, &poll, &s.reach, err));
    KITH_TRY(find_starts(&s, &o, err));
    for (int64_t i = 0; !stop && run_at(&o, i).t > 0; i++) {
        heat_run run = run_at(&o, i);
        KITH_TRY(improve(&s, &run, &o.query, &poll, &stop, &best, err));
    }
    kith_i_cluster_figure(best, "visits", (double)s.visits);
    best->touched_nodes = s.reach->count;
    best->touched_edges = s.reach->read_edges;
    best->iterations = s.pushes;
    best->converged = !stop;
    best->stop = stop ? KITH_STOP_TIME : KITH_STOP_CONVERGED;
    *out = best;
    best = NULL;

done:
    kith_cluster_free(best);
    kith_i_free(s.queue.ring);
    kith_i_taylor_clear(&s.taylor);
    kith_i_reach_give(s.reach);
    return status;
}
