/* Flow diffusion: how much mass, until when, what came of it.
 *
 * With a guess of the target's volume the masses of [Yang2023] are tried in turn, 1.5, 1.75, .. 5
 * times the guess. The solution for more mass is nowhere smaller, so that x goes on from one mass
 * to the next. A mass that the components of the seeds cannot hold would spread for ever: it is
 * refused, or in a grid cut down to what they hold, which ends the grid. */
#include "local/diffusion.h"

#include "local/spread.h"

#include <float.h>
#include <math.h>

const char *const kith_i_flow_orders[] = { "queue", "shuffle", NULL };

enum { X = KITH_I_SPREAD_X, M = KITH_I_SPREAD_M, T = KITH_I_SPREAD_T, LIMIT = KITH_I_SPREAD_LIMIT };
enum { SOLVE_EVERY = 10 }; /* passes */

static const double first_mass = 1.5, mass_step = 0.25, last_mass = 5; /* in volumes */
static const double usual_nodes = 100, usual_share = 0.25;
static const double large_share = 0.25; /* of the graph: the rest is looked at, too */

typedef struct {
    const kith_i_medium *medium;
    const kith_flow_diffusion_options *o;
    kith_i_poll *poll;
    kith_i_reach *reach;
    kith_i_spread spread;
    double strengths; /* of all nodes, in the graph's own weights */
    kith_query query; /* its rounding decided */
    kith_cluster *best;
} job;

/* ---- What the components hold ---- */

/* Floods from seeds, each through its component until that is known to hold the mass. */
typedef struct {
    uint32_t *owner;           /* by slot: 1 + the seed whose flood has it; 0: none */
    uint32_t *walked, *fringe; /* entered: slots whose rows are known, and slots to walk next */
    int64_t walked_count, fringe_count, room;
    double held;   /* by the slots of this flood */
    int64_t seeds; /* among them */
    bool joined;   /* one that came before and was not ended by its component */
} flood;

static void flood_clear(flood *f)
{
    kith_i_free(f->owner);
    kith_i_free(f->walked);
    kith_i_free(f->fringe);
}

static kith_status flood_reserve(flood *f, int64_t room, kith_error *err)
{
    kith_status status = KITH_OK;

    if (room <= f->room) return KITH_OK;
    KITH_TRY(kith_i_resize(&f->owner, room, sizeof *f->owner, err));
    KITH_TRY(kith_i_resize(&f->walked, room, sizeof *f->walked, err));
    KITH_TRY(kith_i_resize(&f->fringe, room, sizeof *f->fringe, err));
    for (; f->room < room; f->room++) f->owner[f->room] = 0;

done:
    return status;
}

static void flood_enter(flood *f, const kith_i_spread *s, uint32_t slot, uint32_t seed)
{
    if (f->owner[slot]) {
        f->joined |= f->owner[slot] != seed + 1;
        return;
    }
    f->owner[slot] = seed + 1;
    f->held += s->reach->field[T][slot];
    f->seeds += slot < s->seeds;
    if (s->reach->begin[slot] < 0) f->fringe[f->fringe_count++] = slot;
    else f->walked[f->walked_count++] = slot;
}

/* Rows that are not known yet are walked only when those that are do not hold the mass. */
static kith_status flood_from(job *j, flood *f, uint32_t seed, double mass, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_spread *s = &j->spread;
    kith_i_row row;

    f->walked_count = f->fringe_count = f->seeds = 0;
    f->held = 0;
    f->joined = false;
    flood_enter(f, s, seed, seed);
    while (!f->joined && f->held < mass && f->walked_count + f->fringe_count > 0) {
        const uint32_t v =
            f->walked_count ? f->walked[--f->walked_count] : f->fringe[--f->fringe_count];
        KITH_TRY(kith_i_reach_row(j->reach, v, &row, err));
        KITH_TRY(kith_i_spread_admit(s, err));
        KITH_TRY(flood_reserve(f, j->reach->room, err));
        for (int64_t i = 0; i < row.count; i++)
            if (kith_i_row_weight(&row, i) > 0) flood_enter(f, s, row.slots[i], seed);
        s->work += row.count;
        if (s->work < KITH_I_SPREAD_POLL) continue;
        s->work = 0;
        KITH_TRY(kith_i_poll_check(j->poll, "measuring the component", -1, err));
    }

done:
    return status;
}

/* The most mass that the components of the seeds hold when it starts at them in equal shares;
 * infinite when that is at least `mass`. */
static kith_status most_mass(job *j, double mass, double *most, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t seeds = j->spread.seeds;
    flood f = { 0 };

    *most = INFINITY;
    KITH_TRY(flood_reserve(&f, j->reach->room, err));
    for (uint32_t seed = 0; seed < seeds; seed++) {
        if (f.owner[seed]) continue;
        KITH_TRY(flood_from(j, &f, seed, mass, err));
        if (!f.joined && f.held < mass)
            *most = fmin(*most, f.held * (double)seeds / (double)f.seeds);
    }
    if (*most >= mass) *most = INFINITY;

done:
    flood_clear(&f);
    return status;
}

/* ---- Certificates ---- */

/* Of today's x, from its definition. `m` is by slot. */
typedef struct {
    double *m;
    double energy; /* sum_uv w_uv |x_u - x_v|^q */
    double linear; /* sum_v x_v (Delta_v - T_v) */
} state;

static kith_status look(const job *j, state *now, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_spread *s = &j->spread;
    const double *x = j->reach->field[X], *t = j->reach->field[T];
    kith_i_row row;

    for (int64_t v = 0; v < j->reach->count; v++) now->m[v] = kith_i_spread_source(s, v);
    for (int64_t v = 0; v < j->reach->count; v++) {
        if (x[v] == 0) continue;
        now->linear += x[v] * (kith_i_spread_source(s, v) - t[v]);
        KITH_TRY(kith_i_reach_row(j->reach, (uint32_t)v, &row, err));
        for (int64_t i = 0; i < row.count; i++) {
            const uint32_t u = row.slots[i];
            const double difference = x[v] - x[u];
            const double flow = kith_i_row_weight(&row, i) * kith_i_spread_flow(s, difference);
            now->m[v] -= flow;
            if (x[u] == 0) now->m[u] += flow;
            now->energy += x[u] == 0 ? flow * difference : flow * difference / 2;
        }
    }

done:
    return status;
}

/* What holds too much although it does not wait. */
static double stuck_mass(const kith_i_spread *s)
{
    const double *m = s->reach->field[M], *t = s->reach->field[T];
    double stuck = 0;

    for (int64_t v = 0; v < s->admitted; v++)
        if (m[v] > s->reach->field[LIMIT][v]) stuck += m[v] - t[v];
    for (int64_t i = 0; i < s->count; i++) stuck -= m[s->waiting[i]] - t[s->waiting[i]];
    return stuck;
}

static kith_status certify(const job *j, double mass, kith_cluster *cluster, kith_error *err)
{
    kith_status status = KITH_OK;
    const double *t = j->reach->field[T], p = j->o->p;
    double kkt = -INFINITY, slackness = 0, held = 0;
    state now = { 0 };

    KITH_TRY(kith_i_alloc(&now.m, j->reach->count, sizeof *now.m, err));
    KITH_TRY(look(j, &now, err));
    for (int64_t v = 0; v < j->reach->count; v++) {
        kkt = fmax(kkt, now.m[v] - t[v]);
        if (j->reach->field[X][v] > 0) slackness = fmax(slackness, fabs(now.m[v] - t[v]));
        held += j->reach->field[M][v];
    }
    kith_i_cluster_figure(cluster, "mass", mass);
    kith_i_cluster_figure(cluster, "kkt", kkt);
    kith_i_cluster_figure(cluster, "slackness", slackness);
    kith_i_cluster_figure(cluster, "gap", now.energy / p - (now.linear - now.energy * (1 - 1 / p)));
    kith_i_cluster_figure(cluster, "balance", held - mass);
    kith_i_cluster_figure(cluster, "stuck", stuck_mass(&j->spread));

done:
    kith_i_free(now.m);
    return status;
}

/* ---- Masses ---- */

/* Spreads until no node holds too much, or the passes are used up. *most is less than the mass when
 * that is why. */
static kith_status settle(job *j, double mass, double *most, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_spread *s = &j->spread;
    const int64_t look_at = j->o->passes < SOLVE_EVERY ? j->o->passes : SOLVE_EVERY;

    *most = INFINITY;
    kith_i_spread_pour(s, mass);
    for (int64_t pass = 1; s->count && pass <= j->o->passes; pass++) {
        KITH_TRY(kith_i_spread_pass(s, j->poll, err));
        if (s->count && pass == look_at) {
            KITH_TRY(most_mass(j, mass, most, err));
            if (*most < mass) break;
        }
        if (s->count && pass % SOLVE_EVERY == 0) KITH_TRY(kith_i_spread_solve(s, j->poll, err));
    }

done:
    return status;
}

/* The cluster of today's x, if it is better than the best so far. */
static kith_status judge(job *j, double mass, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cluster *cluster = NULL;

    KITH_TRY(kith_i_query_end(j->reach, j->reach->field[X], &(kith_i_sweep){ 0 }, &j->query,
                              &cluster, err));
    if (j->best && cluster->conductance >= j->best->conductance) goto done;
    KITH_TRY(certify(j, mass, cluster, err));
    cluster->converged = j->spread.count == 0;
    cluster->stop = cluster->converged ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS;
    kith_cluster_free(j->best);
    j->best = cluster;
    cluster = NULL;

done:
    kith_cluster_free(cluster);
    return status;
}

/* One mass; `cut` to what there is room for, where it may be. */
static kith_status try_mass(job *j, double mass, bool may_cut, bool *cut, kith_error *err)
{
    kith_status status = KITH_OK;
    double most;

    KITH_TRY(settle(j, mass, &most, err));
    *cut = most < mass;
    KITH_CHECK(!*cut || may_cut, KITH_E_ARGUMENT,
               "mass is %.10g (expected at most %.10g, the volume of the component of the seeds)",
               mass, most);
    if (*cut) {
        kith_i_spread_reset(&j->spread);
        mass = most;
        KITH_TRY(settle(j, mass, &most, err));
    }
    KITH_TRY(judge(j, mass, err));

done:
    if (status == KITH_E_TIME && !j->best) {
        const kith_status last = judge(j, mass, err);
        return last == KITH_OK ? status : last;
    }
    return status;
}

static double guessed_volume(const job *j, double room)
{
    const double nodes = (double)j->medium->graph->nodes;

    if (j->o->volume > 0) return j->o->volume;
    return fmin(usual_nodes, usual_share * nodes) * room / nodes;
}

/* The weights of the whole graph, for a weighing. */
static kith_status weigh_all(job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    double total = 0;
    kith_i_row row;
    uint32_t slot;

    for (int64_t v = 0; v < j->medium->graph->nodes; v++) {
        KITH_TRY(kith_i_reach_touch(j->reach, (uint32_t)v, &slot, err));
        KITH_TRY(kith_i_spread_admit(&j->spread, err));
        KITH_TRY(kith_i_reach_row(j->reach, slot, &row, err));
        KITH_TRY(kith_i_spread_admit(&j->spread, err));
        total += j->reach->strength[slot];
        j->spread.work += row.count;
        if (j->spread.work < KITH_I_SPREAD_POLL) continue;
        j->spread.work = 0;
        KITH_TRY(kith_i_poll_check(j->poll, "weighing edges", -1, err));
    }
    j->reach->total = total;

done:
    return status;
}

static kith_status try_masses(job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool one = j->medium->capacity == KITH_I_CAPACITY_ONE;
    const double room = one ? (double)j->medium->graph->nodes : j->strengths; /* or less */
    const double volume = guessed_volume(j, room);
    const bool fixed = j->o->mass > 0;
    const double largest = fixed ? j->o->mass : last_mass * volume;
    bool cut = false;

    KITH_CHECK(!fixed || largest <= room, KITH_E_ARGUMENT,
               "mass is %.10g (expected at most %.10g, the volume of the graph)", largest, room);
    if (j->medium->weighing && largest >= large_share * room)
        KITH_TRY(weigh_all(j, err));
    if (fixed) KITH_TRY(try_mass(j, largest, false, &cut, err));
    for (double times = first_mass; !fixed && !cut && times <= last_mass; times += mass_step) {
        const double mass = fmin(times * volume, room);
        KITH_TRY(try_mass(j, mass, true, &cut, err));
        cut |= mass == room;
    }

done:
    return status;
}

/* Nodes and rows that were looked at beside those of the reach, counted with its. */
static kith_status count_touched(job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_reach *beside = j->medium->beside;
    uint32_t slot;

    for (int64_t b = 0; beside && b < beside->count; b++) {
        KITH_TRY(kith_i_reach_touch(j->reach, beside->nodes[b], &slot, err));
        if (!j->reach->eager && beside->begin[b] >= 0 && j->reach->begin[slot] < 0)
            j->reach->read_edges += beside->length[b];
    }
    j->best->touched_nodes = j->reach->count;
    j->best->touched_edges = j->reach->read_edges;

done:
    return status;
}

kith_status kith_i_diffuse(const kith_i_medium *medium, const kith_flow_diffusion_options *options,
                           kith_i_poll *poll, kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK;
    job j = { .medium = medium, .o = options, .poll = poll, .query = options->query };

    if (j.query.round == KITH_ROUND_AUTO)
        j.query.round = options->mass > 0 && !medium->weighing ? KITH_ROUND_SWEEP
                                                               : KITH_ROUND_SUPPORT;
    KITH_CHECK(options->mass == 0 || options->volume == 0, KITH_E_ARGUMENT,
               "mass is %g and volume is %g (expected one of them, the other 0)", options->mass,
               options->volume);
    KITH_TRY(
        kith_i_query_begin(medium->graph, medium->weighing, &options->query, poll, &j.reach, err));
    KITH_TRY(kith_i_graph_total_weight(medium->graph, poll, &j.strengths, err));
    j.strengths *= 2;
    KITH_TRY(kith_i_spread_start(&j.spread, j.reach, medium->capacity, options, err));
    const kith_status end = try_masses(&j, err);
    if (end != KITH_E_TIME) KITH_TRY(end);
    if (!j.best) KITH_TRY(judge(&j, 0, err));
    KITH_TRY(count_touched(&j, err));
    j.best->iterations = j.spread.pushes;
    if (end == KITH_E_TIME) {
        j.best->converged = false;
        j.best->stop = KITH_STOP_TIME;
    }
    *out = j.best;
    j.best = NULL;

done:
    kith_cluster_free(j.best);
    kith_i_spread_clear(&j.spread);
    kith_i_reach_give(j.reach);
    return status;
}

double kith_i_diffusion_bytes(const kith_graph *graph, const void *options)
{
    const kith_flow_diffusion_options *o = options;
    const double entries = (double)graph->entries, nodes = (double)graph->nodes;
    const double usual = fmin(usual_nodes / nodes, usual_share) * entries;
    const double volume = o->volume > 0 ? o->volume : usual;
    const double mass = o->mass > 0 ? o->mass : last_mass * volume;

    return 100 * (kith_graph_weighted(graph) ? entries : fmin(mass, entries));
}
