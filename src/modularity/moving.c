/* Local moving of nodes between communities [Traag2019 alg. A.2, MoveNodesFast].
 *
 *   paper       here
 *   v           node
 *   C           community, a number below n
 *   E(v, C)     tally->weight[C]
 *   |v|, |C|    mass of a node, total of a community (two of each for directed modularity) */
#include "modularity/moving.h"

#include "graph/prefetch.h"

#define EMPTY UINT32_MAX /* the choice of a community of its own */

typedef struct {
    const kith_i_objective *objective;
    const kith_i_level     *level;
    uint32_t               *labels;
    double                 *out, *in; /* totals of the communities; one array when undirected */
    uint32_t               *members;  /* nodes of the level in each community */
    uint32_t               *count;    /* nodes of the input in each; NULL: sizes are free */
    uint32_t               *empty;    /* stack of communities without members */
    int64_t                 empties;
} moving;

/* Adds a node to the totals of a community (sign 1) or takes it away (-1). */
static void shift(moving *m, uint32_t v, uint32_t c, int sign)
{
    m->out[c] += sign * m->level->out[v];
    if (m->in != m->out) m->in[c] += sign * m->level->in[v];
    if (m->count) m->count[c] += (uint32_t)sign * m->level->count[v];
    m->members[c] += (uint32_t)sign;
}

static kith_status moving_init(moving *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = m->level->graph->nodes;

    KITH_TRY(kith_i_zeroed(&m->out, n, sizeof *m->out, err));
    m->in = m->out;
    if (m->level->in != m->level->out) KITH_TRY(kith_i_zeroed(&m->in, n, sizeof *m->in, err));
    KITH_TRY(kith_i_zeroed(&m->members, n, sizeof *m->members, err));
    if (m->level->count) KITH_TRY(kith_i_zeroed(&m->count, n, sizeof *m->count, err));
    KITH_TRY(kith_i_alloc(&m->empty, n, sizeof *m->empty, err));
    for (int64_t v = 0; v < n; v++) shift(m, (uint32_t)v, m->labels[v], 1);
    for (int64_t c = n; c-- > 0;)
        if (!m->members[c]) m->empty[m->empties++] = (uint32_t)c;

done:
    return status;
}

static void moving_clear(moving *m)
{
    if (m->in != m->out) kith_i_free(m->in);
    kith_i_free(m->out);
    kith_i_free(m->members);
    kith_i_free(m->count);
    kith_i_free(m->empty);
}

/* What v adds to H by being in community c, of which it is no member, at weight w to it. */
static inline double worth(const moving *m, uint32_t v, uint32_t c, double w)
{
    return w - kith_i_penalty(m->objective, m->level->out[v], m->level->in[v], m->out[c], m->in[c]);
}

/* The same for its own community, at weight w to the others there. */
static inline double own_worth(const moving *m, uint32_t v, double w)
{
    const double out = m->level->out[v], in = m->level->in[v];
    const uint32_t a = m->labels[v];

    return w - kith_i_penalty(m->objective, out, in, m->out[a] - out, m->in[a] - in);
}

static inline bool fits(const moving *m, uint32_t v, uint32_t c)
{
    return !m->count || (int64_t)m->count[c] + m->level->count[v] <= m->objective->largest;
}

/* The best choice so far. */
typedef struct {
    uint32_t community;
    double   worth;
} choice;

/* Takes c, at weight w, when it is worth more than the best so far; equals go to the lowest
 * number, but none replaces the node's own community a. Since no community is worth more than w,
 * most of them are passed over without a look at their totals. */
static inline void consider(const moving *m, uint32_t v, uint32_t a, uint32_t c, double w,
                            choice *best)
{
    if (c == a || w < best->worth) return;
    const double gain = worth(m, v, c, w);
    const bool better = gain > best->worth ||
                        (gain == best->worth && best->community != a && c < best->community);
    if (better && fits(m, v, c)) *best = (choice){ c, gain };
}

/* The neighbouring community of largest worth; the present one unless another gains. */
static inline uint32_t choose_one(const moving *m, uint32_t v, kith_i_tally *tally)
{
    const uint32_t a = m->labels[v];

    kith_i_tally_row(tally, m->level->graph, m->labels, v);
    choice best = { a, own_worth(m, v, tally->weight[a]) + m->objective->least_gain };
    for (int64_t i = 0; i < tally->count; i++)
        consider(m, v, a, tally->touched[i], tally->weight[tally->touched[i]], &best);
    kith_i_tally_clear(tally);
    return best.worth < 0 && m->members[a] > 1 ? EMPTY : best.community;
}

/* Asks for what choose_one() will need of the communities next to a node whose labels are there. */
static inline void prefetch_communities(const moving *m, uint32_t v, const kith_i_tally *tally)
{
    const kith_graph *graph = m->level->graph;
    const int64_t begin = graph->offsets[v], end = kith_i_prefetch_end(graph, v);

    __builtin_prefetch(&m->out[m->labels[v]]);
    for (int64_t e = begin; e < end; e++) {
        const uint32_t c = m->labels[graph->targets[e]];
        __builtin_prefetch(&m->out[c]);
        __builtin_prefetch(&tally->weight[c]);
    }
}

static void choose(const void *self, const uint32_t *nodes, int64_t count, uint32_t *targets,
                   kith_i_tally *tally)
{
    const moving *m = self;

    for (int64_t i = 0; i < count; i++) {
        kith_i_prefetch_labels(m->level->graph, m->labels, nodes, i, count);
        if (i + KITH_I_AHEAD_LABELS < count)
            __builtin_prefetch(&m->level->out[nodes[i + KITH_I_AHEAD_LABELS]]);
        if (i + KITH_I_AHEAD_VALUES < count)
            prefetch_communities(m, nodes[i + KITH_I_AHEAD_VALUES], tally);
        targets[i] = choose_one(m, nodes[i], tally);
    }
}

/* Whether moving v to b still gains, now that others of its batch have moved. */
static bool still_gains(const moving *m, uint32_t v, uint32_t b)
{
    const kith_graph *graph = m->level->graph;
    const uint32_t a = m->labels[v];
    double to_a = 0, to_b = 0;

    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
        const uint32_t u = graph->targets[e];
        if (u == v) continue;
        if (m->labels[u] == a) to_a += kith_i_weight(graph, e);
        else if (m->labels[u] == b) to_b += kith_i_weight(graph, e);
    }
    const double gain = b == EMPTY ? 0 : worth(m, v, b, to_b);
    return gain > own_worth(m, v, to_a) + m->objective->least_gain;
}

static bool move(void *self, uint32_t v, uint32_t b, bool shared)
{
    moving *m = self;
    const uint32_t a = m->labels[v];

    if (shared) {
        if (b == EMPTY ? m->members[a] == 1 : !m->members[b] || !fits(m, v, b)) return false;
        if (!still_gains(m, v, b)) return false;
    }
    if (b == EMPTY) b = m->empty[--m->empties];
    shift(m, v, a, -1);
    shift(m, v, b, 1);
    m->labels[v] = b;
    if (!m->members[a]) {
        m->out[a] = m->in[a] = 0; /* what rounding may have left */
        m->empty[m->empties++] = a;
    }
    return true;
}

kith_status kith_i_move_nodes(const kith_i_objective *objective, const kith_i_level *level,
                              const kith_i_batching *batching, kith_i_poll *poll, uint32_t *labels,
                              int64_t *moves, kith_error *err)
{
    kith_status status = KITH_OK;
    moving m = { .objective = objective, .level = level, .labels = labels };
    const kith_i_mover mover = { choose, move, &m, labels };

    KITH_TRY(moving_init(&m, err));
    KITH_TRY(kith_i_batches_run(level->graph, batching, &mover, poll, "moving nodes", moves, NULL,
                                err));

done:
    moving_clear(&m);
    return status;
}
