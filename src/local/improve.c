/* Improvement of a set by least cuts [Lang2004] [Andersen2008] [Orecchia2014] [Veldt2016].
 *
 *   paper              here
 *   R                  slots 0 to members - 1
 *   S                  best
 *   alpha              alpha, the score that is to be beaten
 *   theta + delta      sigma
 *
 * The network for alpha, all capacities divided by it: s to i of R: d_i; i outside R to t: sigma
 * d_i; edges: w / alpha. For the source side S of a cut
 *
 *   alpha capacity = alpha vol(R) + cut(S) - alpha (vol(S and R) - sigma vol(S \ R)),
 *
 * so a least cut below alpha vol(R) has a source side of lower score [Andersen2008 lemma 2.1].
 * Since alpha falls, capacities only grow and each round goes on from the last flow. Only edges of
 * nodes that have joined are in the network; the source side of a cut joins and the flow goes on
 * until none is new, when the cut is least in the whole graph [Veldt2016 alg. 2]. Who joins from
 * outside R has its demand sigma d_i met, and all demands met are at most vol(R). */
#include "local/improve.h"

#include "local/maxflow.h"

#include <math.h>
#include <string.h>

enum { INSIDE, JOINED, EXITS }; /* fields; EXITS: weight of the edges that lead out of a closed R */
enum { POLL_EDGES = 1 << 16 };
static const double ROUNDING = 1e-12; /* of vol(R) */
static const double MOST_SCALE = 1e300;

/* A set of slots. */
typedef struct {
    uint32_t *slots;
    int64_t   count;
    double    cut, worth; /* numerator and denominator of the score */
} candidate;

typedef struct {
    kith_i_reach  *reach;
    kith_i_maxflow net;
    kith_i_poll   *poll;
    int64_t        work; /* entries since the last poll */
    int64_t        members, rounds;
    double         volume; /* of R */
    double         sigma, alpha, score, cut_value;
    candidate      best;
    bool           converged;
} improvement;

static kith_status look_up(improvement *m, int64_t entries, kith_error *err)
{
    m->work += entries;
    if (m->work < POLL_EDGES) return KITH_OK;
    m->work = 0;
    return kith_i_poll_check(m->poll, "improving the set", -1, err);
}

/* Cut and worth of a set of nodes that have joined. */
static kith_status measure(improvement *m, candidate *set, kith_error *err)
{
    kith_status status = KITH_OK;
    double *inside = m->reach->field[INSIDE], within = 0, outside = 0;
    kith_i_row row;

    set->cut = 0;
    for (int64_t i = 0; i < set->count; i++) inside[set->slots[i]] = 1;
    for (int64_t i = 0; i < set->count; i++) {
        const uint32_t v = set->slots[i];
        KITH_TRY(kith_i_reach_row(m->reach, v, &row, err));
        *(v < m->members ? &within : &outside) += m->reach->strength[v];
        for (int64_t e = 0; e < row.count; e++)
            if (row.slots[e] == KITH_I_NO_SLOT || inside[row.slots[e]] == 0)
                set->cut += kith_i_row_weight(&row, e);
        KITH_TRY(look_up(m, row.count, err));
    }
    for (int64_t i = 0; i < set->count; i++) inside[set->slots[i]] = 0;
    set->worth = outside > 0 ? within - m->sigma * outside : within;

done:
    return status;
}

/* Brings the edges of a node into the network. */
static kith_status join(improvement *m, uint32_t v, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = m->reach;
    kith_i_maxflow *net = &m->net;
    kith_i_row row;

    KITH_TRY(kith_i_reach_row(reach, v, &row, err));
    const int64_t before = net->count;
    KITH_TRY(kith_i_maxflow_nodes(net, reach->count, err));
    for (int64_t u = before; u < net->count; u++)
        kith_i_maxflow_demand(net, (uint32_t)u, m->sigma * reach->strength[u]);
    double *joined = reach->field[JOINED];
    for (int64_t e = 0; e < row.count; e++) {
        const uint32_t u = row.slots[e];
        const double weight = kith_i_row_weight(&row, e);
        if (u == KITH_I_NO_SLOT) reach->field[EXITS][v] += weight;
        else if (u != v && joined[u] == 0) KITH_TRY(kith_i_maxflow_edge(net, v, u, weight, err));
    }
    kith_i_maxflow_demand(net, v, reach->field[EXITS][v] * net->scale);
    joined[v] = 1;
    KITH_TRY(look_up(m, row.count, err));

done:
    return status;
}

/* Edges, and exits of a closed R, are divided by the new alpha. */
static void rescale(improvement *m)
{
    const double before = m->net.scale, after = fmin(1 / m->alpha, MOST_SCALE);

    kith_i_maxflow_rescale(&m->net, after);
    for (uint32_t v = 0; v < m->members; v++)
        kith_i_maxflow_demand(&m->net, v, m->reach->field[EXITS][v] * (after - before));
}

/* R is the best so far, and its nodes are in the network. */
static kith_status start(improvement *m, double delta, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = m->reach;
    kith_i_row row;

    m->members = reach->count;
    reach->closed = delta == INFINITY; /* what lies outside R is never looked at */
    KITH_TRY(kith_i_alloc(&m->best.slots, m->members, sizeof *m->best.slots, err));
    m->best.count = m->members;
    for (uint32_t v = 0; v < m->members; v++) {
        m->best.slots[v] = v;
        KITH_TRY(kith_i_reach_row(reach, v, &row, err));
        KITH_TRY(look_up(m, row.count, err));
    }
    KITH_TRY(measure(m, &m->best, err));
    m->volume = m->best.worth;
    m->score = m->best.cut / m->volume;
    m->converged = m->score == 0;
    m->sigma = m->volume / fmax(reach->total - m->volume, 0) + delta;
    KITH_TRY(kith_i_maxflow_nodes(&m->net, m->members, err));
    for (uint32_t v = 0; v < m->members; v++) kith_i_maxflow_supply(&m->net, v, reach->strength[v]);
    for (uint32_t v = 0; v < m->members; v++) KITH_TRY(join(m, v, err));

done:
    return status;
}

/* A least cut for alpha. */
static kith_status find_cut(improvement *m, kith_error *err)
{
    kith_status status = KITH_OK;
    bool grown;

    do {
        KITH_TRY(kith_i_maxflow_run(&m->net, m->poll, err));
        grown = false;
        for (int64_t i = 0; i < m->net.reached; i++) {
            const uint32_t v = m->net.queue[i];
            if (m->reach->field[JOINED][v] != 0) continue;
            KITH_TRY(join(m, v, err));
            grown = true;
        }
    } while (grown);

done:
    return status;
}

static kith_status keep(improvement *m, const candidate *found, kith_error *err)
{
    kith_status status = KITH_OK;
    candidate *best = &m->best;

    KITH_TRY(kith_i_resize(&best->slots, found->count, sizeof *best->slots, err));
    memcpy(best->slots, found->slots, (size_t)found->count * sizeof *best->slots);
    best->count = found->count;
    m->score = found->cut / found->worth;
    if (m->score == 0) { /* which no flow has to prove the least */
        m->converged = true;
        m->alpha = m->cut_value = 0;
    }

done:
    return status;
}

/* Lower scores until there is none. */
static kith_status descend(improvement *m, int64_t most_flows, kith_error *err)
{
    kith_status status = KITH_OK;

    while (!m->converged && m->rounds < most_flows) {
        m->alpha = m->score;
        m->cut_value = m->alpha * m->volume;
        rescale(m);
        KITH_TRY(find_cut(m, err));
        candidate found = { .slots = m->net.queue, .count = m->net.reached };
        KITH_TRY(measure(m, &found, err));
        m->rounds++;
        m->cut_value += found.cut - m->alpha * found.worth;
        m->converged = found.cut / m->alpha >= found.worth - ROUNDING * m->volume;
        if (!m->converged) KITH_TRY(keep(m, &found, err));
    }

done:
    return status;
}

double kith_i_improve_bytes(const kith_graph *graph, const kith_query *query, double delta)
{
    const double total = (double)graph->entries, nodes = (double)graph->nodes;
    const double members = query->seeds.count > 0 ? (double)query->seeds.count : 1;
    const double volume = nodes > 0 ? total * members / nodes : 0;
    const double bound = volume + volume / (volume / total + delta);

    return 110 * (bound < total ? bound : total);
}

kith_status kith_i_improve(const kith_graph *graph, const kith_query *query, double delta,
                           int64_t most_flows, kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK, end;
    improvement m = { 0 };
    kith_i_poll poll;

    kith_i_poll_start(&poll, &query->run);
    m.poll = &poll;
    KITH_TRY(kith_i_query_begin(graph, NULL, query, &poll, &m.reach, err));
    KITH_TRY(start(&m, delta, err));
    end = descend(&m, most_flows, err);
    if (end != KITH_E_TIME) KITH_TRY(end);
    double *inside = m.reach->field[INSIDE];
    for (int64_t v = 0; v < m.reach->count; v++) inside[v] = 0;
    for (int64_t i = 0; i < m.best.count; i++) inside[m.best.slots[i]] = 1;
    KITH_TRY(kith_i_query_end(m.reach, inside, &(kith_i_sweep){ .levels = true }, query, out, err));
    (*out)->iterations = m.rounds;
    (*out)->converged = m.converged;
    (*out)->stop = end == KITH_E_TIME ? KITH_STOP_TIME
                   : m.converged      ? KITH_STOP_CONVERGED
                                      : KITH_STOP_ITERATIONS;
    kith_i_cluster_figure(*out, "score", m.score);
    kith_i_cluster_figure(*out, "flow_value", m.alpha * m.net.value);
    kith_i_cluster_figure(*out, "cut_value", m.cut_value);

done:
    kith_i_maxflow_clear(&m.net);
    kith_i_free(m.best.slots);
    kith_i_reach_give(m.reach);
    return status;
}
