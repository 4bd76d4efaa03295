/* Local moving of nodes between communities [Traag2019 alg. A.2, MoveNodesFast].
 *
 *   paper       here
 *   v           node
 *   C           community, a number below n
 *   E(v, C)     near->weights, and near->own
 *   |v|, |C|    mass of a node, total of a community (two of each for directed modularity) */
#include "modularity/moving.h"

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

/* The masses that choose() reads. */
static void fetch(const void *self, uint32_t v, const kith_i_near *near)
{
    const moving *m = self;

    KITH_I_PREFETCH(&m->level->out[v]);
    KITH_I_PREFETCH(&m->out[m->labels[v]]);
    for (int64_t i = 0; i < near->count; i++) KITH_I_PREFETCH(&m->out[near->labels[i]]);
}

/* The neighbouring community of largest worth; the present one unless another gains. Of equals the
 * first that was met. What gains here gains in move(), to the last bit, or it would be chosen and
 * refused for ever. A community that even without its penalty is not worth enough costs no look at
 * its total, which is seldom in the cache. */
static void choose(const void *self, uint32_t v, const kith_i_near *near, kith_i_choice *choice)
{
    const moving *m = self;
    const uint32_t a = m->labels[v];
    const double to_a = near->own;
    double most = own_worth(m, v, to_a) + m->objective->least_gain, to_best = to_a;
    uint32_t best = a;

    for (int64_t i = 0; i < near->count; i++) {
        const uint32_t c = near->labels[i];
        const double w = near->weights[i];
        if (!(w > most) || !fits(m, v, c)) continue;
        const double gain = worth(m, v, c, w);
        const bool better = gain > most;
        best = better ? c : best;
        most = better ? gain : most;
        to_best = better ? w : to_best;
    }
    if (best != a) { /* for move() */
        KITH_I_PREFETCH(&m->members[a]);
        KITH_I_PREFETCH(&m->members[best]);
    }
    if (most < 0 && m->members[a] > 1) *choice = (kith_i_choice){ EMPTY, to_a, 0 };
    else *choice = (kith_i_choice){ best, to_a, to_best };
}

static bool move(void *self, uint32_t v, const kith_i_choice *choice)
{
    moving *m = self;
    const uint32_t a = m->labels[v];
    uint32_t b = choice->label;

    if (b == EMPTY ? m->members[a] == 1 : !m->members[b] || !fits(m, v, b)) return false;
    const double gain = b == EMPTY ? 0 : worth(m, v, b, choice->other);
    if (!(gain > own_worth(m, v, choice->own) + m->objective->least_gain)) return false;
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
    const kith_i_mover mover = { choose, fetch, move, &m, labels };

    KITH_TRY(moving_init(&m, err));
    KITH_TRY(kith_i_batches_run(level->graph, batching, &mover, poll, "moving nodes", moves, NULL,
                                err));

done:
    moving_clear(&m);
    return status;
}
