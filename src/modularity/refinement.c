/* The refinement of Leiden [Traag2019 alg. A.2].
 *
 *   paper              here
 *   G, P, P_refined    level->graph, labels, refined
 *   S                  a community of P
 *   C, T               a refined community inside S, and those that v may join
 *   E(v, C)            tally->by_label[C]
 *   E(C, S - C)        outside[C]
 *   |v|, |C|, |S|      masses
 *   theta              randomness
 *
 * A refined community is known by the place, in the list of nodes by community, of the node that
 * founded it. Communities of P refine independently of one another, so they do in parallel. What is
 * asked for every edge is answered without a branch: those would be mispredicted often. */
#include "modularity/refinement.h"

#include "graph/visits.h"

#include <math.h>

enum {
    POLL_NODES = 1024,  /* weighed between two polls of the first thread */
    POLL_WORK = 1 << 16 /* entries read between two of them while it merges nodes */
};

typedef struct {
    const kith_i_objective *objective;
    const kith_i_level     *level;
    const uint32_t         *labels;
    double                  randomness;
    uint64_t                seed, stage;
    kith_i_poll            *poll;
    int64_t                *start;  /* of each community of P in `nodes` */
    uint32_t               *nodes;  /* by community, each community in random order */
    uint32_t *place; /* of each node in `nodes`, which also tells whether it is in S */
    uint32_t               *joined; /* by place: the refined community of the node there */
    bool                   *alone;  /* by place: still a singleton */
    double                 *value;  /* of v in C, by C */
    uint32_t               *near;   /* C next to v, from the start of S on */
    double                 *out, *in, *outside; /* of each C */
    uint32_t               *count; /* nodes of the input in each C; NULL: sizes are free */
    kith_i_tally           *tallies; /* by thread, over places */
    int                     threads;
} refinement;

/* Lists the nodes of each community in random order. */
static void list_nodes(refinement *r, int64_t communities)
{
    const int64_t n = r->level->graph->nodes;
    kith_i_random random = kith_i_random_at(r->seed, r->stage, 0);
    uint32_t *order = r->joined; /* not yet in use */

    kith_i_visiting_order(order, n, &random);
    for (int64_t v = 0; v < n; v++) r->start[r->labels[v] + 2]++;
    for (int64_t c = 0; c < communities; c++) r->start[c + 2] += r->start[c + 1];
    for (int64_t i = 0; i < n; i++) {
        const uint32_t v = order[i];
        r->place[v] = (uint32_t)r->start[r->labels[v] + 1]++;
        r->nodes[r->place[v]] = v;
    }
}

static kith_status refinement_init(refinement *r, int64_t communities, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = r->level->graph->nodes;

    KITH_TRY(kith_i_zeroed(&r->start, communities + 2, sizeof *r->start, err));
    KITH_TRY(kith_i_alloc(&r->nodes, n, sizeof *r->nodes, err));
    KITH_TRY(kith_i_alloc(&r->place, n, sizeof *r->place, err));
    KITH_TRY(kith_i_alloc(&r->joined, n, sizeof *r->joined, err));
    KITH_TRY(kith_i_alloc(&r->alone, n, sizeof *r->alone, err));
    KITH_TRY(kith_i_alloc(&r->value, n, sizeof *r->value, err));
    KITH_TRY(kith_i_alloc(&r->near, n, sizeof *r->near, err));
    KITH_TRY(kith_i_alloc(&r->out, n, sizeof *r->out, err));
    r->in = r->out;
    if (r->level->in != r->level->out) KITH_TRY(kith_i_alloc(&r->in, n, sizeof *r->in, err));
    KITH_TRY(kith_i_alloc(&r->outside, n, sizeof *r->outside, err));
    if (r->level->count) KITH_TRY(kith_i_alloc(&r->count, n, sizeof *r->count, err));
    KITH_TRY(kith_i_tallies_new(r->threads, r->level->graph, &r->tallies, err));
    list_nodes(r, communities);

done:
    return status;
}

static void refinement_clear(refinement *r)
{
    kith_i_free(r->start);
    kith_i_free(r->nodes);
    kith_i_free(r->place);
    kith_i_free(r->joined);
    kith_i_free(r->alone);
    kith_i_free(r->value);
    kith_i_free(r->near);
    if (r->in != r->out) kith_i_free(r->in);
    kith_i_free(r->out);
    kith_i_free(r->outside);
    kith_i_free(r->count);
    kith_i_tallies_free(r->tallies, r->threads);
}

/* The community S being refined: its places and its masses. */
typedef struct {
    int64_t begin, end;
    double  out, in;
} group;

/* Every node of S alone; the masses of S. */
static group begin_group(refinement *r, int64_t c)
{
    group s = { .begin = r->start[c], .end = r->start[c + 1] };

    for (int64_t i = s.begin; i < s.end; i++) {
        const uint32_t v = r->nodes[i];
        r->joined[i] = (uint32_t)i;
        r->alone[i] = true;
        s.out += r->out[i] = r->level->out[v];
        s.in += r->in[i] = r->level->in[v];
        if (r->count) r->count[i] = r->level->count[v];
    }
    return s;
}

static inline bool inside(const group *s, uint32_t place)
{
    return place - (uint32_t)s->begin < (uint32_t)(s->end - s->begin);
}

/* E(v, S - v) of every node, which is E(C, S - C) as long as it is alone; in the order of the
 * numbers, so that memory is read in sequence. */
static void weigh_nodes(refinement *r, int threads, kith_error *err)
{
    const kith_graph *graph = r->level->graph;

#pragma omp parallel for schedule(dynamic, 256) num_threads(threads) if (threads > 1)
    for (int64_t v = 0; v < graph->nodes; v++) {
        double weight = 0;
        if (v % POLL_NODES == 0 && omp_get_thread_num() == 0)
            kith_i_poll_check(r->poll, "refining", -1, err);
        if (kith_i_poll_stopped(r->poll)) continue;
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const uint32_t u = graph->targets[e];
            const bool both = (r->labels[u] == r->labels[v]) & (u != v);
            weight += both ? kith_i_weight(graph, e) : 0;
        }
        r->outside[r->place[v]] = weight;
    }
}

/* E(C, S - C) >= g |C| (|S| - |C|). */
static bool well_connected(const refinement *r, const group *s, uint32_t c)
{
    return r->outside[c] >= kith_i_penalty(r->objective, r->out[c], r->in[c], s->out - r->out[c],
                                           s->in - r->in[c]);
}

/* Tallies E(v, C) over the refined communities inside S; returns how many there are. */
static int64_t tally_near(refinement *r, const group *s, uint32_t own, kith_i_tally *tally)
{
    const kith_graph *graph = r->level->graph;
    const uint32_t v = r->nodes[own], *joined = r->joined;
    uint32_t *near = r->near + s->begin;
    double *weight = tally->by_label;
    int64_t found = 0;

    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
        const uint32_t place = r->place[graph->targets[e]];
        const bool counts = inside(s, place) & (place != own);
        const uint32_t c = joined[counts ? place : own];
        near[found] = c;
        found += counts & (weight[c] == 0);
        weight[c] += counts ? kith_i_weight(graph, e) : 0;
    }
    return found;
}

/* Keeps those of the near communities that v may join, T, and their values dH(v -> C) >= 0; the
 * weights of the others are cleared. */
static int64_t keep_candidates(refinement *r, const group *s, uint32_t own, kith_i_tally *tally,
                               int64_t found)
{
    uint32_t *near = r->near + s->begin;
    int64_t kept = 0;

    for (int64_t i = 0; i < found; i++) {
        const uint32_t c = near[i];
        const double value = tally->by_label[c] - kith_i_penalty(r->objective, r->out[own],
                                                                 r->in[own], r->out[c], r->in[c]);
        const bool fits = !r->count
                          || (int64_t)r->count[c] + r->count[own] <= r->objective->largest;
        if (value >= 0 && fits && well_connected(r, s, c)) {
            r->value[c] = value;
            near[kept++] = c;
        } else {
            tally->by_label[c] = 0;
        }
    }
    return kept;
}

/* exp((value - most) / theta), 0 where that is below what a sum of doubles can hold. */
static inline double chance(const refinement *r, double value, double most)
{
    const double exponent = (value - most) / r->randomness;

    return exponent < -50 ? 0 : exponent == 0 ? 1 : exp(exponent);
}

/* One of the candidates, with probability proportional to exp(value / theta), or `own`, of value 0.
 * The largest one when theta is 0. */
static uint32_t draw(const refinement *r, const uint32_t *candidates, int64_t count, uint32_t own)
{
    uint32_t best = own;
    double most = 0, total;

    for (int64_t i = 0; i < count; i++)
        if (r->value[candidates[i]] > most || best == own) {
            most = r->value[candidates[i]];
            best = candidates[i];
        }
    if (r->randomness == 0 || count == 0) return best;

    total = chance(r, 0, most);
    for (int64_t i = 0; i < count; i++) total += chance(r, r->value[candidates[i]], most);
    if (total == 1) return best;
    kith_i_random random = kith_i_random_at(r->seed, r->stage ^ UINT64_C(1) << 63, r->nodes[own]);
    double left = kith_i_random_unit(&random) * total;
    for (int64_t i = 0; i < count; i++) {
        left -= chance(r, r->value[candidates[i]], most);
        if (left < 0) return candidates[i];
    }
    return own;
}

/* Lets the node at place `own`, which is alone, join a refined community of S. */
static void merge_node(refinement *r, const group *s, uint32_t own, kith_i_tally *tally)
{
    const uint32_t *near = r->near + s->begin;
    const int64_t found = tally_near(r, s, own, tally);
    const int64_t kept = keep_candidates(r, s, own, tally, found);
    const uint32_t c = draw(r, near, kept, own);

    if (c != own) {
        r->joined[own] = c;
        r->alone[own] = r->alone[c] = false;
        r->out[c] += r->out[own];
        if (r->in != r->out) r->in[c] += r->in[own];
        if (r->count) r->count[c] += r->count[own];
        r->outside[c] += r->outside[own] - 2 * tally->by_label[c];
    }
    for (int64_t i = 0; i < kept; i++) tally->by_label[near[i]] = 0;
}

static void refine_group(refinement *r, int64_t c, kith_error *err)
{
    const kith_graph *graph = r->level->graph;
    const int thread = omp_get_thread_num();
    const group s = begin_group(r, c);
    kith_i_tally *tally = &r->tallies[thread];

    if (s.end - s.begin < 2) return;
    for (int64_t i = s.begin; i < s.end; i++) {
        if (thread == 0 && tally->work > POLL_WORK) {
            tally->work = 0;
            kith_i_poll_check(r->poll, "refining", -1, err);
        }
        if (kith_i_poll_stopped(r->poll)) return;
        kith_i_prefetch_rows(graph, r->nodes, i, graph->nodes, r->place);
        tally->work += kith_i_degree(graph, r->nodes[i]) + 1;
        if (r->alone[i] && well_connected(r, &s, (uint32_t)i))
            merge_node(r, &s, (uint32_t)i, tally);
    }
}

/* Numbers the refined communities in the order of their places. */
static int64_t number_refined(refinement *r, uint32_t *refined)
{
    const int64_t n = r->level->graph->nodes;
    uint32_t *number = r->near;
    int64_t count = 0;

    for (int64_t i = 0; i < n; i++)
        if (r->joined[i] == i) number[i] = (uint32_t)count++;
    for (int64_t i = 0; i < n; i++) refined[r->nodes[i]] = number[r->joined[i]];
    return count;
}

/* MergeNodesSubset for every community of P [Traag2019 alg. A.2]. */
kith_status kith_i_refine(const kith_i_objective *objective, const kith_i_level *level,
                          const uint32_t *labels, int64_t communities, uint64_t seed,
                          uint64_t stage, double randomness, int threads, kith_i_poll *poll,
                          uint32_t *refined, int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    refinement r = { .objective = objective, .level = level, .labels = labels,
                     .randomness = randomness, .seed = seed, .stage = stage, .poll = poll,
                     .threads = threads };

    KITH_TRY(refinement_init(&r, communities, err));
    weigh_nodes(&r, threads, err);
    KITH_TRY(kith_i_poll_check(poll, "refining", 0, err));
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (threads > 1)
    for (int64_t c = 0; c < communities; c++)
        if (!kith_i_poll_stopped(poll)) refine_group(&r, c, err);
    KITH_TRY(kith_i_poll_check(poll, "refining", 1, err));
    *count = number_refined(&r, refined);

done:
    refinement_clear(&r);
    return status;
}
