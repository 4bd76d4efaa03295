/* LPAwb+ and DIRTLPAwb+ [Beckett2016].
 *
 *   paper              here
 *   red, blue          the smaller side, which begins with labels, and the other
 *   D_k, F_k           mass[red][k], mass[blue][k]: strength of the label on either side
 *   N_ik               tally[k]
 *
 *   kith_lpawb_plus
 *     run_all          the first run, then those from random labels (DIRT)
 *       propagate        stage one: a side after the other takes labels, until Q does not rise
 *       merge            stage two: communities are joined in pairs; then stage one again
 *
 * The published code tries every pair of communities. Only those with an edge between can gain, so
 * here each community finds the best partner among those next to it, and two that have no better
 * one are joined: the same pairs. */
#include "kith/lpawb_plus.h"

#include "core/spec.h"
#include "graph/coarsen.h"
#include "modularity/barber.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define NONE UINT32_MAX

enum { FEWEST_LABELS = 4, POLL_NODES = 1 << 14 };

typedef struct {
    kith_i_sides sides;
    double       g; /* gamma / w */
    uint64_t     seed, draws;
    kith_i_poll  poll;
    int          red;     /* 0: rows, 1: columns */
    uint32_t    *labels;  /* by node, below the number of nodes */
    uint32_t    *before;  /* those of the round before */
    uint32_t    *best;    /* those of the best run */
    double      *mass[2]; /* by label: strength on the red and on the blue side */
    int64_t     *members[2];
    double      *tally;   /* by label */
    uint32_t    *touched;
    int64_t      rounds;
} propagation;

static kith_status propagation_init(propagation *p, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = p->sides.graph->nodes;

    p->red = p->sides.rows > n - p->sides.rows;
    KITH_TRY(kith_i_alloc(&p->labels, n, sizeof *p->labels, err));
    KITH_TRY(kith_i_alloc(&p->before, n, sizeof *p->before, err));
    KITH_TRY(kith_i_alloc(&p->best, n, sizeof *p->best, err));
    for (int side = 0; side < 2; side++) {
        KITH_TRY(kith_i_alloc(&p->mass[side], n, sizeof *p->mass[side], err));
        KITH_TRY(kith_i_alloc(&p->members[side], n, sizeof *p->members[side], err));
    }
    KITH_TRY(kith_i_zeroed(&p->tally, n, sizeof *p->tally, err));
    KITH_TRY(kith_i_alloc(&p->touched, n, sizeof *p->touched, err));

done:
    return status;
}

static void propagation_clear(propagation *p)
{
    kith_i_sides_clear(&p->sides);
    kith_i_free(p->labels);
    kith_i_free(p->before);
    kith_i_free(p->best);
    for (int side = 0; side < 2; side++) {
        kith_i_free(p->mass[side]);
        kith_i_free(p->members[side]);
    }
    kith_i_free(p->tally);
    kith_i_free(p->touched);
}

/* The nodes of the red (0) or the blue side. */
static void side_range(const propagation *p, int side, int64_t *begin, int64_t *end)
{
    const bool rows = side == p->red; /* red 0: rows are red */

    *begin = rows ? 0 : p->sides.rows;
    *end = rows ? p->sides.rows : p->sides.graph->nodes;
}

static void add(propagation *p, int side, int64_t v, int sign)
{
    const uint32_t k = p->labels[v];

    if (k == NONE) return;
    p->mass[side][k] += sign * p->sides.strength[v];
    p->members[side][k] += sign;
    if (!p->members[side][k]) p->mass[side][k] = 0; /* what rounding may have left */
}

/* Totals of the labels as they stand. */
static void add_up(propagation *p)
{
    const int64_t n = p->sides.graph->nodes;

    for (int side = 0; side < 2; side++) {
        int64_t begin, end;
        memset(p->mass[side], 0, (size_t)n * sizeof *p->mass[side]);
        memset(p->members[side], 0, (size_t)n * sizeof *p->members[side]);
        side_range(p, side, &begin, &end);
        for (int64_t v = begin; v < end; v++) add(p, side, v, 1);
    }
}

/* Red labels: unique, or drawn from `guess` of them; blue nodes have none. */
static void begin_labels(propagation *p, int64_t guess)
{
    kith_i_random random = kith_i_random_at(p->seed, 0, p->draws++);
    int64_t begin, end;

    for (int64_t v = 0; v < p->sides.graph->nodes; v++) p->labels[v] = NONE;
    side_range(p, 0, &begin, &end);
    for (int64_t v = begin; v < end; v++)
        p->labels[v] = guess ? (uint32_t)kith_i_random_below(&random, (uint64_t)guess)
                             : (uint32_t)(v - begin);
}

/* Tallies the labels next to v; returns how many there are. */
static int64_t tally_near(propagation *p, int64_t v)
{
    const kith_graph *graph = p->sides.graph;
    int64_t count = 0;

    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
        const uint32_t k = p->labels[graph->targets[e]];
        if (k == NONE) continue;
        if (p->tally[k] == 0) p->touched[count++] = k;
        p->tally[k] += kith_i_weight(graph, e);
    }
    return count;
}

/* The label of the other side that makes N_vk - gamma s_v M_k / w largest, among those next to v;
 * of equals one at random. */
static uint32_t best_label(propagation *p, int side, int64_t v, kith_i_random *random)
{
    const int64_t count = tally_near(p, v);
    const double s = p->g * p->sides.strength[v], *mass = p->mass[!side];
    double most = -INFINITY;
    uint32_t best = p->labels[v];
    uint64_t equals = 0;

    for (int64_t i = 0; i < count; i++) {
        const uint32_t k = p->touched[i];
        const double worth = p->tally[k] - s * mass[k];
        p->tally[k] = 0;
        if (worth < most) continue;
        equals = worth > most ? 1 : equals + 1;
        if (equals == 1 || kith_i_random_below(random, equals) == 0) best = k;
        most = worth;
    }
    return best;
}

static kith_status relabel(propagation *p, int side, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_random random = kith_i_random_at(p->seed, 1, p->draws++);
    int64_t begin, end;

    side_range(p, side, &begin, &end);
    for (int64_t v = begin; v < end; v++) {
        if (v % POLL_NODES == 0)
            KITH_TRY(kith_i_poll_check(&p->poll, "propagating labels", -1, err));
        const uint32_t label = best_label(p, side, v, &random);
        if (label == p->labels[v]) continue;
        add(p, side, v, -1);
        p->labels[v] = label;
        add(p, side, v, 1);
    }

done:
    return status;
}

/* Q of the labels; a node without one counts for nothing. */
static double quality(const propagation *p)
{
    const kith_graph *graph = p->sides.graph;
    double inside = 0, expected = 0;

    for (int64_t v = 0; v < p->sides.rows; v++)
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
            if (p->labels[v] != NONE && p->labels[graph->targets[e]] == p->labels[v])
                inside += kith_i_weight(graph, e);
    for (int64_t k = 0; k < graph->nodes; k++) expected += p->mass[0][k] * p->mass[1][k];
    return (inside - p->g * expected) / p->sides.weight;
}

/* Stage one. On another status than KITH_OK labels and totals are whole. */
static kith_status propagate(propagation *p, double *q, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t size = (size_t)p->sides.graph->nodes * sizeof *p->labels;

    for (;;) {
        memcpy(p->before, p->labels, size);
        KITH_TRY(relabel(p, 1, err));
        KITH_TRY(relabel(p, 0, err));
        p->rounds++;
        const double now = quality(p);
        if (!(now > *q)) break;
        *q = now;
    }
    memcpy(p->labels, p->before, size);
    add_up(p);

done:
    return status;
}

/* What Q gains, times w, when labels k and l, which `weight` joins, become one. A node without a
 * label stays alone: there are such where nothing is worth anything. */
static double merger_gain(const propagation *p, uint32_t k, uint32_t l, double weight)
{
    const double *D = p->mass[0], *F = p->mass[1];

    if (k == l || k == NONE || l == NONE) return 0;
    return weight - p->g * (D[k] * F[l] + D[l] * F[k]);
}

/* The best partner of each community of the coarse graph, NONE where no merger gains. */
static void find_partners(const propagation *p, const kith_graph *coarse, const uint32_t *label,
                          uint32_t *partner, double *gains)
{

    for (int64_t a = 0; a < coarse->nodes; a++) {
        partner[a] = NONE;
        gains[a] = 0;
        for (int64_t e = coarse->offsets[a]; e < coarse->offsets[a + 1]; e++) {
            const uint32_t b = coarse->targets[e];
            const double gain = merger_gain(p, label[a], label[b], kith_i_weight(coarse, e));
            if (!(gain > 0) || gain < gains[a]) continue;
            if (gain == gains[a] && b > partner[a]) continue;
            gains[a] = gain;
            partner[a] = b;
        }
    }
}

/* Numbers the labels in use from 0 on, in the order of their nodes: `number` by label, `label` by
 * number; a node without a label is a community too. Returns how many. */
static int64_t number_labels(const propagation *p, uint32_t *number, uint32_t *label,
                             uint32_t *community)
{
    int64_t count = 0;

    for (int64_t k = 0; k < p->sides.graph->nodes; k++) number[k] = NONE;
    for (int64_t v = 0; v < p->sides.graph->nodes; v++) {
        const uint32_t k = p->labels[v];
        if (k == NONE || number[k] == NONE) {
            label[count] = k;
            if (k != NONE) number[k] = (uint32_t)count;
            community[v] = (uint32_t)count++;
        } else {
            community[v] = number[k];
        }
    }
    return count;
}

/* Joins pairs of communities of which neither has a better partner: into[a] is what a becomes. A
 * gain may differ in its last bits seen from either side. How many pairs. */
static int64_t join_pairs(int64_t count, const uint32_t *partner, const double *gains,
                          uint32_t *into)
{
    int64_t joined = 0;

    for (int64_t a = 0; a < count; a++) into[a] = NONE;
    for (int64_t a = 0; a < count; a++) {
        const uint32_t b = partner[a];
        if (b == NONE || into[a] != NONE || into[b] != NONE) continue;
        if (gains[a] < gains[b] * (1 - 1e-12)) continue;
        into[a] = into[b] = (uint32_t)a < b ? (uint32_t)a : b;
        joined++;
    }
    for (int64_t a = 0; a < count; a++)
        if (into[a] == NONE) into[a] = (uint32_t)a;
    return joined;
}

/* Stage two: joins communities in pairs; how many. */
static kith_status merge(propagation *p, int64_t *joined, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = p->sides.graph->nodes;
    uint32_t *number = NULL, *label = NULL, *community = NULL, *partner = NULL;
    double *gains = NULL;
    kith_graph *coarse = NULL;

    *joined = 0;
    KITH_TRY(kith_i_alloc(&number, n, sizeof *number, err));
    KITH_TRY(kith_i_alloc(&label, n, sizeof *label, err));
    KITH_TRY(kith_i_alloc(&community, n, sizeof *community, err));
    const int64_t count = number_labels(p, number, label, community);
    KITH_TRY(kith_i_alloc(&partner, count, sizeof *partner, err));
    KITH_TRY(kith_i_alloc(&gains, count, sizeof *gains, err));
    KITH_TRY(kith_i_graph_coarsen(p->sides.graph, community, count, 1, &p->poll, &coarse, err));
    find_partners(p, coarse, label, partner, gains);
    *joined = join_pairs(count, partner, gains, number);
    for (int64_t v = 0; v < n; v++) p->labels[v] = label[number[community[v]]];
    add_up(p);

done:
    kith_i_free(number);
    kith_i_free(label);
    kith_i_free(community);
    kith_i_free(partner);
    kith_i_free(gains);
    kith_graph_free(coarse);
    return status;
}

/* One run from labels as they stand. On KITH_E_TIME they are whole. */
static kith_status run(propagation *p, double *q, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t joined;

    *q = -INFINITY;
    p->rounds = 0;
    add_up(p);
    do {
        KITH_TRY(propagate(p, q, err));
        KITH_TRY(merge(p, &joined, err));
        if (joined) *q = quality(p);
    } while (joined);

done:
    return status;
}

/* The best so far: labels, quality, rounds. */
typedef struct {
    double    q;
    int64_t   rounds;
    kith_stop stop;
} outcome;

/* One run from `guess` labels (0: each red node its own), kept if it is better. On KITH_E_TIME too,
 * with whatever it has come to. */
static kith_status try_run(propagation *p, int64_t guess, outcome *best, kith_error *err)
{
    double q;

    begin_labels(p, guess);
    const kith_status status = run(p, &q, err);
    if (status != KITH_OK && status != KITH_E_TIME) return status;
    q = quality(p);
    if (best->rounds < 0 || q > best->q) {
        best->q = q;
        best->rounds = p->rounds;
        memcpy(p->best, p->labels, (size_t)p->sides.graph->nodes * sizeof *p->labels);
    }
    if (status == KITH_E_TIME) best->stop = KITH_STOP_TIME;
    return KITH_OK;
}

/* Labels that rows and columns share. */
static int64_t count_shared(const propagation *p)
{
    int64_t count = 0;

    for (int64_t k = 0; k < p->sides.graph->nodes; k++)
        count += p->members[0][k] && p->members[1][k];
    return count;
}

static kith_status run_all(propagation *p, int64_t starts, outcome *best, kith_error *err)
{
    kith_status status = KITH_OK;

    *best = (outcome){ .rounds = -1, .stop = KITH_STOP_CONVERGED };
    KITH_TRY(try_run(p, 0, best, err));
    const int64_t most = starts ? count_shared(p) : 0;
    for (int64_t guess = FEWEST_LABELS; guess <= most; guess++)
        for (int64_t i = 0; i < starts && best->stop != KITH_STOP_TIME; i++)
            KITH_TRY(try_run(p, guess, best, err));

done:
    return status;
}

/* A label of its own for each node of `best` that has none: there are as many that nobody has. */
static void name_the_rest(propagation *p)
{
    const int64_t n = p->sides.graph->nodes;
    int64_t *taken = p->members[0], next = 0;

    memset(taken, 0, (size_t)n * sizeof *taken);
    for (int64_t v = 0; v < n; v++)
        if (p->best[v] != NONE) taken[p->best[v]] = 1;
    for (int64_t v = 0; v < n; v++) {
        if (p->best[v] != NONE) continue;
        while (taken[next]) next++;
        p->best[v] = (uint32_t)next++;
    }
}

static const kith_option rows[] = {
    KITH_OPTION(kith_lpawb_plus_options, bipartite, BIPARTITE, 0, 0, "rows and columns"),
    KITH_OPTION(kith_lpawb_plus_options, resolution, F64, 0, DBL_MAX,
                "higher: smaller communities"),
    KITH_OPTION(kith_lpawb_plus_options, starts, I64, 0, 100,
                "random runs with each number of labels (DIRTLPAwb+: 10)"),
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    (void)options;
    return 92 * (double)graph->nodes + 12 * (double)graph->entries;
}

KITH_I_ALGORITHM(partition, lpawb_plus, KITH_LPAWB_PLUS_OPTIONS_INIT, rows, bytes,
                 "communities of rows and columns by bipartite label propagation");

kith_status kith_lpawb_plus(const kith_graph *graph, const kith_lpawb_plus_options *options,
                            kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_lpawb_plus_options o;
    propagation p = { 0 };
    outcome best;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_lpawb_plus_code.options, &o, options, err));
    kith_i_poll_start(&p.poll, &o.run);
    KITH_TRY(kith_i_memory_require(bytes(graph, &o), "bipartite label propagation", err));
    KITH_TRY(kith_i_sides_init(graph, o.bipartite, &p.poll, &p.sides, err));
    p.g = p.sides.weight > 0 ? o.resolution / p.sides.weight : 0;
    p.seed = o.run.seed;
    KITH_TRY(propagation_init(&p, err));
    KITH_TRY(run_all(&p, o.starts, &best, err));
    name_the_rest(&p);
    KITH_TRY(kith_i_sides_partition(&p.sides, p.best, &p.poll, out, err));
    (*out)->quality = best.q;
    (*out)->iterations = best.rounds;
    (*out)->stop = best.stop;
    (*out)->converged = best.stop == KITH_STOP_CONVERGED;

done:
    propagation_clear(&p);
    return status;
}
