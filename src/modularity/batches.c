/* Batches of nodes, evaluated in parallel and applied in order. */
#include "modularity/batches.h"

#include "core/team.h"
#include "graph/visits.h"

#include <string.h>

/* Many small batches are as good as moving one node at a time, and faster on one thread too, since
 * the choices of a batch do not wait for one another's memory. */
enum {
    DEFAULT_BATCHES = 1024, /* so graphs of fewer than twice as many nodes move one at a time */
    LARGEST_BATCH = 65536,  /* so that polls stay less than 100 ms apart */
    RANGE = 32,             /* nodes that a thread takes at a time; smaller batches are serial */
    WORTH_ONE_IN = 64,      /* nodes must move in a round for another to be worth it */
    POLL_WORK = 1 << 16     /* entries tallied between two polls */
};

typedef struct {
    const kith_graph *graph;
    const kith_i_batching *batching;
    const kith_i_mover *mover;
    kith_i_poll *poll;
    const char *stage;
    kith_error *err;
    kith_status status;
    int64_t moves, rounds;
    int64_t size; /* of a batch */
    int threads;
    uint32_t *order; /* all nodes */
    uint32_t *nodes; /* those of the round, in that order */
    int64_t length;
    uint8_t *waiting;       /* by node: for the next round */
    int64_t begin, count;   /* of the batch, in `nodes` */
    kith_i_choice *choices; /* of its nodes */
    kith_i_tally *tallies;  /* by thread */
} rounds;

static int64_t batch_size(const kith_i_batching *b, int64_t nodes)
{
    const int64_t size = nodes / (b->batches ? b->batches : DEFAULT_BATCHES);
    return size < 1 ? 1 : size > LARGEST_BATCH ? LARGEST_BATCH : size;
}

static kith_status rounds_init(rounds *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = r->graph->nodes;
    kith_i_random random = kith_i_random_at(r->batching->seed, r->batching->stage, 0);

    r->size = batch_size(r->batching, n);
    r->threads = r->size > RANGE ? r->batching->threads : 1;
    KITH_TRY(kith_i_alloc(&r->order, n, sizeof *r->order, err));
    KITH_TRY(kith_i_alloc(&r->nodes, n, sizeof *r->nodes, err));
    KITH_TRY(kith_i_alloc(&r->waiting, n, sizeof *r->waiting, err));
    KITH_TRY(kith_i_alloc(&r->choices, r->size, sizeof *r->choices, err));
    KITH_TRY(kith_i_tallies_new(r->threads, r->graph, &r->tallies, err));
    kith_i_visiting_order(r->order, n, &random);
    memset(r->waiting, 1, (size_t)n);

done:
    return status;
}

static void rounds_clear(rounds *r)
{
    kith_i_free(r->order);
    kith_i_free(r->nodes);
    kith_i_free(r->waiting);
    kith_i_free(r->choices);
    kith_i_tallies_free(r->tallies, r->threads);
}

/* The nodes of the next round. */
static void begin_round(rounds *r)
{
    r->length = 0;
    for (int64_t i = 0; i < r->graph->nodes; i++) { /* without a branch on what is random */
        r->nodes[r->length] = r->order[i];
        r->length += r->waiting[r->order[i]];
    }
}

/* The end of range `range` of the batch. */
static inline int64_t range_end(const rounds *r, int64_t range)
{
    return (range + 1) * RANGE < r->count ? (range + 1) * RANGE : r->count;
}

/* Tallies the i-th node of the batch, and fetches what choosing will read. */
static inline void look(rounds *r, int64_t i, kith_i_tally *tally)
{
    const kith_i_mover *mover = r->mover;
    const uint32_t *nodes = r->nodes + r->begin;
    kith_i_near *near = &tally->near[i % 2];

    kith_i_prefetch_rows(r->graph, nodes, i, r->length - r->begin, mover->labels);
    kith_i_tally_row(tally, r->graph, mover->labels, nodes[i], near);
    if (mover->fetch) mover->fetch(mover->self, nodes[i], near);
}

static inline void decide(rounds *r, int64_t i, const kith_i_tally *tally)
{
    const uint32_t v = r->nodes[r->begin + i];

    r->mover->choose(r->mover->self, v, &tally->near[i % 2], &r->choices[i]);
    r->waiting[v] = 0;
}

/* The choices of a range of the batch; each waits for memory while the next node is tallied. */
static void choose(void *self, int64_t range, int thread)
{
    rounds *r = self;
    kith_i_tally *tally = &r->tallies[thread];
    const int64_t begin = range * RANGE, end = range_end(r, range);

    for (int64_t i = begin; i < end; i++) {
        look(r, i, tally);
        if (i > begin) decide(r, i - 1, tally);
    }
    decide(r, end - 1, tally);
}

/* Brings the weights of a choice up to date; on the way the neighbours wake, but for those that the
 * node will be with. */
static inline void weigh_and_wake(rounds *r, uint32_t v, kith_i_choice *choice, bool weighted)
{
    const kith_graph *graph = r->graph;
    const uint32_t *targets = graph->targets, *labels = r->mover->labels;
    const uint32_t own = labels[v], other = choice->label;
    uint8_t *waiting = r->waiting;
    double to_own = 0, to_other = 0;

    for (int64_t e = graph->offsets[v], end = graph->offsets[v + 1]; e < end; e++) {
        const uint32_t u = targets[e], c = labels[u];
        const double weight = u == v ? 0 : weighted ? kith_i_weight(graph, e) : 1;
        to_own += c == own ? weight : 0;
        to_other += c == other ? weight : 0;
        waiting[u] |= c != other;
    }
    choice->own = to_own;
    choice->other = to_other;
}

/* Carries out the choice of a node. */
static void apply(rounds *r, uint32_t v, kith_i_choice *choice)
{
    if (kith_i_weighted(r->graph))
        weigh_and_wake(r, v, choice, true);
    else
        weigh_and_wake(r, v, choice, false);
    const bool moved = r->mover->move(r->mover->self, v, choice);
    r->moves += moved;
    r->waiting[v] |= !moved;
}

/* Carries out the choices of the batch in their order. */
static void apply_all(rounds *r)
{
    for (int64_t i = 0; i < r->count; i++) {
        const uint32_t v = r->nodes[r->begin + i];
        if (r->choices[i].label != r->mover->labels[v]) apply(r, v, &r->choices[i]);
    }
}

/* Polls when enough work has been done since the last time. */
static kith_status poll(rounds *r)
{
    int64_t work = 0;

    for (int t = 0; t < r->threads; t++) work += r->tallies[t].work;
    if (work < POLL_WORK) return KITH_OK;
    for (int t = 0; t < r->threads; t++) r->tallies[t].work = 0;
    return kith_i_poll_check(r->poll, r->stage, -1, r->err);
}

static kith_status run_round(rounds *r, kith_i_team *team)
{
    kith_status status = KITH_OK;

    for (r->begin = 0; r->begin < r->length; r->begin += r->count) {
        r->count = r->length - r->begin < r->size ? r->length - r->begin : r->size;
        const int64_t ranges = (r->count + RANGE - 1) / RANGE;
        kith_i_team_loop(team, ranges, choose, r);
        apply_all(r);
        KITH_TRY(poll(r));
    }

done:
    return status;
}

static void lead(kith_i_team *team, void *self)
{
    rounds *r = self;
    const kith_i_batching *b = r->batching;
    const int64_t n = r->graph->nodes;

    r->status = kith_i_poll_check(r->poll, r->stage, -1, r->err);
    for (int64_t i = 0; r->status == KITH_OK && (!b->rounds || i < b->rounds); i++) {
        const int64_t before = r->moves;
        begin_round(r);
        if (r->length == 0) break;
        r->rounds++;
        r->status = run_round(r, team);
        const bool still = n > KITH_I_SMALL_NODES && r->moves - before < n / WORTH_ONE_IN;
        if (still && !b->exhaustive) break;
    }
}

kith_status kith_i_batches_run(const kith_graph *graph, const kith_i_batching *batching,
                               const kith_i_mover *mover, kith_i_poll *poll, const char *stage,
                               int64_t *moves, int64_t *rounds_done, kith_error *err)
{
    kith_status status = KITH_OK;
    rounds r = { .graph = graph,
                 .batching = batching,
                 .mover = mover,
                 .poll = poll,
                 .stage = stage,
                 .err = err };

    KITH_TRY(rounds_init(&r, err));
    kith_i_team_run(r.threads, lead, &r);
    *moves += r.moves;
    if (rounds_done) *rounds_done += r.rounds;
    status = r.status;

done:
    rounds_clear(&r);
    return status;
}
