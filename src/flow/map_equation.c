/* Moving nodes between modules so that the map equation falls. A move changes two modules and one
 * index codebook; nodes wait in a queue, and a move calls those of its neighbours that are in other
 * modules [Traag2019 alg. A.2, as for modularity]. */
#include "flow/map_equation.h"

#include "graph/visits.h"

#include <string.h>

enum {
    SWEEPS = 10, /* a node is looked at so often, in the mean, at the most */
    POLL_NODES = 1 << 12
};
#define LEAST_GAIN 1e-13 /* bits; less may be rounding, which would go round for ever */

typedef struct {
    double flow, exit, enter;
    double cost; /* f(exit + flow) - f(exit) - f(enter) */
} module;

typedef struct {
    const kith_i_network *network;
    const kith_i_parts *parts;
    uint32_t *labels;
    module *modules;
    uint32_t *members; /* of each module, how many */
    double *index;     /* rate of each part's index codebook */
    uint32_t *empty;   /* modules without members, a stack */
    int64_t empties;
    double *weight; /* of the links from one node to each module; 0 but for the touched ones */
    uint32_t *touched;
    uint32_t *queue; /* a ring with room for every node */
    bool *waiting;   /* by node: it is in the queue */
    bool directed;
} settling;

/* What a module costs: without that of its nodes, and of the index. */
static inline double module_cost(const settling *s, const module *m)
{
    const double out = kith_i_plogp(m->exit);
    const double in = s->directed ? kith_i_plogp(m->enter) : out;

    return kith_i_plogp(m->exit + m->flow) - out - in;
}

static inline int64_t part_of(const settling *s, uint32_t v)
{
    return s->parts->of ? s->parts->of[v] : 0;
}

/* Flows of modules and rates of indices, from the labels. */
static void add_up(settling *s, const uint32_t *labels)
{
    const kith_i_network *net = s->network;
    const kith_graph *g = net->graph;

    for (int64_t i = 0; i < s->parts->count; i++)
        s->index[i] = s->parts->exit ? s->parts->exit[i] : 0;
    for (int64_t v = 0; v < g->nodes; v++) {
        module *m = &s->modules[labels[v]];
        double inside = 0; /* each link twice */
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const uint32_t u = g->targets[e];
            inside += labels[u] == labels[v] && u != v ? kith_i_weight(g, e) : 0;
        }
        inside *= net->scale / 2;
        m->flow += net->flow[v];
        m->exit += net->exit[v] - inside;
        m->enter += net->enter[v] - inside;
        s->members[labels[v]]++;
        s->index[part_of(s, (uint32_t)v)] += net->enter[v] - inside;
    }
    for (int64_t c = 0; c < g->nodes; c++) s->modules[c].cost = module_cost(s, &s->modules[c]);
}

static kith_status settling_init(settling *s, const uint32_t *labels, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->network->graph->nodes;

    s->directed = s->network->enter != s->network->exit;
    KITH_TRY(kith_i_zeroed(&s->modules, n, sizeof *s->modules, err));
    KITH_TRY(kith_i_zeroed(&s->members, n, sizeof *s->members, err));
    KITH_TRY(kith_i_alloc(&s->index, s->parts->count, sizeof *s->index, err));
    add_up(s, labels);

done:
    return status;
}

static kith_status settling_prepare(settling *s, kith_i_random *random, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->network->graph->nodes;

    KITH_TRY(kith_i_alloc(&s->empty, n, sizeof *s->empty, err));
    KITH_TRY(kith_i_zeroed(&s->weight, n, sizeof *s->weight, err));
    KITH_TRY(kith_i_alloc(&s->touched, n + 1, sizeof *s->touched, err));
    KITH_TRY(kith_i_alloc(&s->queue, n, sizeof *s->queue, err));
    KITH_TRY(kith_i_alloc(&s->waiting, n, sizeof *s->waiting, err));
    for (int64_t c = n; c-- > 0;)
        if (!s->members[c]) s->empty[s->empties++] = (uint32_t)c;
    kith_i_visiting_order(s->queue, n, random);
    memset(s->waiting, true, (size_t)n * sizeof *s->waiting);

done:
    return status;
}

static void settling_clear(settling *s)
{
    kith_i_free(s->modules);
    kith_i_free(s->members);
    kith_i_free(s->index);
    kith_i_free(s->empty);
    kith_i_free(s->weight);
    kith_i_free(s->touched);
    kith_i_free(s->queue);
    kith_i_free(s->waiting);
}

/* Weighs the links from v to each module of its part; returns how many there are. */
static int64_t tally(settling *s, uint32_t v)
{
    const kith_graph *g = s->network->graph;
    const uint32_t *part = s->parts->of;
    const int64_t begin = g->offsets[v], end = g->offsets[v + 1];
    int64_t count = 0;

    for (int64_t e = begin; e < end; e++) {
        const uint32_t u = g->targets[e], c = s->labels[u];
        if (u == v || (part && part[u] != part[v])) continue;
        if (s->weight[c] == 0) s->touched[count++] = c;
        s->weight[c] += s->network->scale * kith_i_weight(g, e);
    }
    return count;
}

/* The module with v (sign 1) or without it (-1), when `linked` flows between v and its other
 * nodes. */
static module changed(const settling *s, const module *m, uint32_t v, double sign, double linked)
{
    const kith_i_network *net = s->network;
    module to = { .flow = m->flow + sign * net->flow[v],
                  .exit = m->exit + sign * (net->exit[v] - linked),
                  .enter = m->enter + sign * (net->enter[v] - linked) };

    to.cost = module_cost(s, &to);
    return to;
}

/* Moves v to where the code gets shortest; whether it moved. */
static bool move(settling *s, uint32_t v)
{
    const uint32_t own = s->labels[v];
    const module *before = &s->modules[own];
    double *index = &s->index[part_of(s, v)];
    int64_t count = tally(s, v);
    const bool alone = s->members[own] == 1;
    const module left = alone ? (module){ 0 } : changed(s, before, v, -1, s->weight[own]);
    const double rate = *index - before->enter + left.enter;
    const double fixed = left.cost - before->cost - kith_i_plogp(*index);
    double best = -LEAST_GAIN;
    module joined = { 0 };
    uint32_t to = own;

    if (!alone && s->empties) s->touched[count++] = s->empty[s->empties - 1];
    for (int64_t i = 0; i < count; i++) {
        const uint32_t c = s->touched[i];
        const module *m = &s->modules[c];
        if (c == own) continue;
        const module with = changed(s, m, v, 1, s->weight[c]);
        const double change =
            fixed + with.cost - m->cost + kith_i_plogp(rate + with.enter - m->enter);
        if (change >= best) continue;
        best = change;
        joined = with;
        to = c;
    }
    for (int64_t i = 0; i < count; i++) s->weight[s->touched[i]] = 0;
    if (to == own) return false;
    *index = rate + joined.enter - s->modules[to].enter;
    if (s->members[to]++ == 0) s->empties--;
    if (--s->members[own] == 0) s->empty[s->empties++] = own;
    s->modules[own] = left;
    s->modules[to] = joined;
    s->labels[v] = to;
    return true;
}

kith_status kith_i_map_settle(const kith_i_network *network, const kith_i_parts *parts,
                              kith_i_random *random, kith_i_poll *poll, uint32_t *labels,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = network->graph;
    const int64_t n = g->nodes;
    settling s = { .network = network, .parts = parts, .labels = labels };
    int64_t waiting = n;

    KITH_TRY(settling_init(&s, labels, err));
    KITH_TRY(settling_prepare(&s, random, err));
    for (int64_t i = 0, at = 0; waiting && i < SWEEPS * n; i++) {
        if (i % POLL_NODES == 0) KITH_TRY(kith_i_poll_check(poll, "moving", -1, err));
        const uint32_t v = s.queue[at];
        kith_i_prefetch_rows(g, s.queue, at, n, labels);
        s.waiting[v] = false;
        waiting--;
        at = at + 1 < n ? at + 1 : 0;
        if (!move(&s, v)) continue;
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const uint32_t u = g->targets[e];
            if (s.waiting[u] || labels[u] == labels[v]) continue;
            s.queue[at + waiting < n ? at + waiting : at + waiting - n] = u;
            s.waiting[u] = true;
            waiting++;
        }
    }

done:
    settling_clear(&s);
    return status;
}

kith_status kith_i_map_lengths(const kith_i_network *network, const kith_i_parts *parts,
                               const uint32_t *labels, double *lengths, kith_error *err)
{
    kith_status status = KITH_OK;
    settling s = { .network = network, .parts = parts };
    const int64_t n = network->graph->nodes;

    KITH_TRY(settling_init(&s, labels, err));
    for (int64_t i = 0; i < parts->count; i++) lengths[i] = kith_i_plogp(s.index[i]);
    for (int64_t v = 0; v < n; v++) {
        module *m = &s.modules[labels[v]];
        lengths[part_of(&s, (uint32_t)v)] += m->cost;
        m->cost = 0; /* it is told once */
    }

done:
    settling_clear(&s);
    return status;
}
