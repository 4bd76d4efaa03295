/* Personalised PageRank in the graph of triangles, MAPPR [Yin2017].
 *
 *   paper     here
 *   W         the weights of the reach: triangles through edges
 *   d_w(v)    strength, where the row of v is walked
 *   p, r      fields P, R
 *
 * Whether x enters the queue depends on d_w(x), for which all triangles at x must be counted. But
 * d_w(x) is at least the sum of W_vx over the nodes v pushed so far, field LEAST, and as long as
 * r_x < epsilon LEAST_x they need not be. */
#include "kith/mappr.h"

#include "core/spec.h"
#include "local/query.h"
#include "local/queue.h"
#include "local/triangles.h"

#include <math.h>

enum { P, R, LEAST }; /* fields */
enum { POLL_EDGES = 1 << 16 };

static const double rise = 1.2; /* out of a local minimum */

static bool walked(const kith_i_reach *reach, uint32_t slot)
{
    return reach->begin[slot] >= 0;
}

/* Walks those neighbours of v that may come to hold too much when each gets `share` of its weight.
 * Reading a row may move all others. */
static kith_status walk_heavy(kith_i_reach *reach, uint32_t v, double share, double epsilon,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_row row, other;

    KITH_TRY(kith_i_reach_row(reach, v, &row, err));
    for (int64_t i = 0; i < row.count; i++) {
        const uint32_t x = row.slots[i];
        const double weight = row.weights[i];
        if (weight == 0 || walked(reach, x)) continue;
        if (reach->field[R][x] + share * weight < epsilon * reach->field[LEAST][x]) continue;
        KITH_TRY(kith_i_reach_row(reach, x, &other, err));
        KITH_TRY(kith_i_reach_row(reach, v, &row, err));
    }

done:
    return status;
}

/* p_v gets 1 - alpha of what v holds above half of its limit, the neighbours get the rest. */
static kith_status push(kith_i_reach *reach, kith_i_queue *queue, uint32_t v,
                        const kith_mappr_options *o, int64_t *work, kith_error *err)
{
    kith_status status = KITH_OK;
    const double d = reach->strength[v], half = o->epsilon * d / 2;
    const double rho = reach->field[R][v] - half, share = o->alpha * rho / d;
    kith_i_row row;

    KITH_TRY(kith_i_reach_row(reach, v, &row, err));
    if (reach->field[P][v] == 0)
        for (int64_t i = 0; i < row.count; i++) reach->field[LEAST][row.slots[i]] += row.weights[i];
    KITH_TRY(walk_heavy(reach, v, share, o->epsilon, err));
    KITH_TRY(kith_i_queue_reserve(queue, reach->room, err));
    KITH_TRY(kith_i_reach_row(reach, v, &row, err));
    double *r = reach->field[R];
    reach->field[P][v] += (1 - o->alpha) * rho;
    r[v] = half;
    for (int64_t i = 0; i < row.count; i++) {
        const uint32_t x = row.slots[i];
        const double before = r[x], limit = o->epsilon * reach->strength[x];
        r[x] = before + share * row.weights[i];
        if (walked(reach, x) && before < limit && r[x] >= limit) kith_i_queue_push(queue, x);
    }
    *work += row.count;

done:
    return status;
}

/* The seeds' shares. A seed in no triangle keeps its own. */
static kith_status begin(kith_i_reach *reach, kith_i_queue *queue, const kith_mappr_options *o,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t seeds = o->query.seeds.count;
    const double share = 1 / (double)seeds;
    kith_i_row row;

    for (uint32_t seed = 0; seed < seeds; seed++)
        KITH_TRY(kith_i_reach_row(reach, seed, &row, err));
    KITH_TRY(kith_i_queue_reserve(queue, reach->room, err));
    for (uint32_t seed = 0; seed < seeds; seed++) {
        const double d = reach->strength[seed];
        reach->field[d > 0 ? R : P][seed] = share;
        if (d > 0 && o->epsilon * d < share) kith_i_queue_push(queue, seed);
    }

done:
    return status;
}

static kith_status diffuse(kith_i_reach *reach, kith_i_queue *queue, const kith_mappr_options *o,
                           kith_i_poll *poll, int64_t *pushes, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t work = 0;

    while (queue->length) {
        KITH_TRY(push(reach, queue, kith_i_queue_pop(queue), o, &work, err));
        ++*pushes;
        if (work < POLL_EDGES) continue;
        work = 0;
        KITH_TRY(kith_i_poll_check(poll, "pushing", -1, err));
    }

done:
    return status;
}

/* Entries of walked rows and of their neighbours', which the weighing reads. */
static int64_t entries_read(const kith_i_reach *reach)
{
    int64_t entries = 0;

    for (int64_t slot = 0; slot < reach->count; slot++) entries += reach->length[slot];
    return entries;
}

/* From p to the scores p / d, and the figures. */
static void certify(kith_i_reach *reach, double figures[3])
{
    double *p = reach->field[P], *r = reach->field[R];

    for (int64_t slot = 0; slot < reach->count; slot++) {
        const double d =
            walked(reach, (uint32_t)slot) ? reach->strength[slot] : reach->field[LEAST][slot];
        figures[0] += p[slot];
        figures[1] += r[slot];
        if (d == 0) continue;
        if (r[slot] > figures[2] * d) figures[2] = r[slot] / d;
        p[slot] /= d;
    }
}

static const char *const minima[] = { "global", "local", NULL };

static const kith_option rows[] = {
    KITH_OPTION(kith_mappr_options, alpha, F64, 0, 0.999,
                "continuation of the walk; lower: nearer to the seeds"),
    KITH_OPTION(kith_mappr_options, epsilon, F64, 1e-15, 1,
                "residual per unit of motif degree; lower: farther, and slower"),
    KITH_OPTION_CHOICE(kith_mappr_options, minimum, minima,
                       "of the sweep: the prefix of least conductance, or the first local one"),
    KITH_OPTION(kith_mappr_options, total, BOOL, 0, 1,
                "count all triangles, for a cluster of more than half of them"),
    KITH_I_QUERY_ROWS,
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_mappr_options *o = options;
    const double most = 2 * (double)graph->entries, bound = 2 / ((1 - o->alpha) * o->epsilon);

    return 60 * fmin(bound, most);
}

KITH_I_ALGORITHM(local, mappr, KITH_MAPPR_OPTIONS_INIT, rows, bytes,
                 "the community around seeds in the graph of triangles");

kith_status kith_mappr(const kith_graph *graph, const kith_mappr_options *options,
                       kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_mappr_options o;
    kith_i_poll poll;
    kith_i_triangles triangles = { graph, &poll, 0 };
    const kith_i_weighing weighing = kith_i_triangles_weighing(&triangles);
    kith_i_reach *reach = NULL;
    kith_i_queue queue = { 0 };
    double figures[3] = { 0 };
    int64_t pushes = 0;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_mappr_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.query.run);
    KITH_TRY(kith_i_query_begin(graph, &weighing, &o.query, &poll, &reach, err));
    KITH_TRY(begin(reach, &queue, &o, err));
    kith_status end = diffuse(reach, &queue, &o, &poll, &pushes, err);
    const int64_t read = entries_read(reach);
    const bool whole = o.total || read >= graph->entries / 2;
    if (end == KITH_OK && whole) end = kith_i_triangles_volume(&triangles, &reach->total, err);
    if (end != KITH_E_TIME) KITH_TRY(end);
    certify(reach, figures);
    const kith_i_sweep sweep = { .rise = o.minimum == KITH_MINIMUM_LOCAL ? rise : 0 };
    KITH_TRY(kith_i_query_end(reach, reach->field[P], &sweep, &o.query, out, err));
    (*out)->touched_edges = whole ? graph->entries : read;
    if (whole) (*out)->touched_nodes = graph->nodes;
    (*out)->iterations = pushes;
    (*out)->converged = end == KITH_OK;
    (*out)->stop = end == KITH_OK ? KITH_STOP_CONVERGED : KITH_STOP_TIME;
    kith_i_cluster_figure(*out, "mass", figures[0]);
    kith_i_cluster_figure(*out, "residual_mass", figures[1]);
    kith_i_cluster_figure(*out, "residual", figures[2]);
    if (isfinite(reach->total)) kith_i_cluster_figure(*out, "total", reach->total);

done:
    kith_i_free(queue.ring);
    kith_i_reach_give(reach);
    return status;
}
