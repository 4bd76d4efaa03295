/* Batches of nodes, evaluated in parallel and applied in order. */
#include "modularity/batches.h"

#include "core/team.h"
#include "graph/prefetch.h"

/* Many small batches are as good as moving one node at a time, and faster on one thread too, since
 * the choices of a batch do not wait for one another's memory. */
enum {
    DEFAULT_BATCHES = 1024, /* so graphs of fewer than twice as many nodes move one at a time */
    LARGEST_BATCH = 65536,  /* so that polls stay less than 100 ms apart */
    RANGE = KITH_I_TALLY_ROWS, /* nodes that a thread takes at a time; smaller batches are serial */
    WORTH_ONE_IN = 64,      /* nodes must move in a round for another to be worth it */
    POLL_WORK = 1 << 16     /* entries tallied between two polls */
};

typedef struct {
    const kith_graph      *graph;
    const kith_i_batching *batching;
    const kith_i_mover    *mover;
    kith_i_poll           *poll;
    const char            *stage;
    kith_error            *err;
    kith_status            status;
    int64_t                moves, rounds;
    int64_t                size; /* of a batch */
    int                    threads;
    uint32_t              *order; /* all nodes */
    uint32_t              *nodes; /* those of the round, in that order */
    int64_t                length;
    _Atomic uint8_t       *waiting; /* by node: for the next round */
    uint8_t               *leaving; /* by node: has chosen another label in this batch */
    int64_t                begin, count; /* of the batch, in `nodes` */
    kith_i_choice         *choices; /* of its nodes */
    bool                  *contested; /* choices of nodes whose neighbours are leaving too */
    kith_i_tally          *tallies; /* by thread */
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
    KITH_TRY(kith_i_zeroed(&r->leaving, n, sizeof *r->leaving, err));
    KITH_TRY(kith_i_alloc(&r->choices, r->size, sizeof *r->choices, err));
    KITH_TRY(kith_i_alloc(&r->contested, r->size, sizeof *r->contested, err));
    KITH_TRY(kith_i_tallies_new(r->threads, r->graph, &r->tallies, err));
    kith_i_random_block_order(r->order, n, kith_i_visiting_block(n), &random);
    for (int64_t v = 0; v < n; v++) atomic_init(&r->waiting[v], 1);

done:
    return status;
}

static void rounds_clear(rounds *r)
{
    kith_i_free(r->order);
    kith_i_free(r->nodes);
    kith_i_free(r->waiting);
    kith_i_free(r->leaving);
    kith_i_free(r->choices);
    kith_i_free(r->contested);
    kith_i_tallies_free(r->tallies, r->threads);
}

/* The nodes of the next round. */
static void begin_round(rounds *r)
{
    r->length = 0;
    for (int64_t i = 0; i < r->graph->nodes; i++) { /* without a branch on what is random */
        r->nodes[r->length] = r->order[i];
        r->length += atomic_load_explicit(&r->waiting[r->order[i]], memory_order_relaxed);
    }
}

/* The end of range `range` of the batch. */
static inline int64_t range_end(const rounds *r, int64_t range)
{
    return (range + 1) * RANGE < r->count ? (range + 1) * RANGE : r->count;
}

/* The choices of a range of the batch. */
static void choose(void *self, int64_t range, int thread)
{
    rounds *r = self;
    const kith_i_mover *mover = r->mover;
    const uint32_t *nodes = r->nodes + r->begin;
    const int64_t end = range_end(r, range);
    kith_i_tally *tally = &r->tallies[thread];

    for (int64_t i = range * RANGE; i < end;) {
        const int64_t rows =
            kith_i_tally_gather(tally, r->graph, mover->labels, nodes + i, end - i);
        for (int64_t row = 0; row < rows; row++, i++) {
            const uint32_t v = nodes[i];
            kith_i_prefetch_rows(r->graph, nodes, i, r->length - r->begin);
            kith_i_tally_row(tally, row);
            mover->choose(mover->self, v, tally, &r->choices[i]);
            r->leaving[v] = r->choices[i].label != mover->labels[v];
            atomic_store_explicit(&r->waiting[v], 0, memory_order_relaxed);
        }
    }
}

/* Wakes the neighbours of the leaving nodes of a range, but for those they will be with, and finds
 * out which of the choices depend on one another. */
static void announce(void *self, int64_t range, int thread)
{
    rounds *r = self;
    const kith_graph *graph = r->graph;
    const uint32_t *nodes = r->nodes + r->begin, *labels = r->mover->labels;
    _Atomic uint8_t nobody;

    (void)thread;
    for (int64_t i = range * RANGE; i < range_end(r, range); i++) {
        const uint32_t v = nodes[i], label = r->choices[i].label;
        uint8_t contested = 0;
        if (!r->leaving[v]) continue;
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const uint32_t u = graph->targets[e];
            const bool stays = (labels[u] == label) & !r->leaving[u];
            const bool wake = (u != v) & !stays;
            contested |= (u != v) & r->leaving[u];
            atomic_store_explicit(wake ? &r->waiting[u] : &nobody, 1, memory_order_relaxed);
        }
        r->contested[i] = contested;
    }
}

/* Brings the weights of a choice up to date. */
static void weigh_again(const rounds *r, uint32_t v, kith_i_choice *choice)
{
    const kith_graph *graph = r->graph;
    const uint32_t *labels = r->mover->labels, own = labels[v];

    choice->own = choice->other = 0;
    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
        const uint32_t u = graph->targets[e];
        const double weight = u == v ? 0 : kith_i_weight(graph, e);
        choice->own += labels[u] == own ? weight : 0;
        choice->other += labels[u] == choice->label ? weight : 0;
    }
}

/* Carries out the choices of the batch in their order. */
static void apply(rounds *r)
{
    for (int64_t i = 0; i < r->count; i++) {
        const uint32_t v = r->nodes[r->begin + i];
        if (!r->leaving[v]) continue;
        r->leaving[v] = 0;
        if (r->contested[i]) weigh_again(r, v, &r->choices[i]);
        if (r->mover->move(r->mover->self, v, &r->choices[i])) r->moves++;
        else atomic_store_explicit(&r->waiting[v], 1, memory_order_relaxed);
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
        kith_i_team_loop(team, ranges, announce, r);
        apply(r);
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
    rounds r = { .graph = graph, .batching = batching, .mover = mover, .poll = poll,
                 .stage = stage, .err = err };

    KITH_TRY(rounds_init(&r, err));
    kith_i_team_run(r.threads, lead, &r);
    *moves += r.moves;
    if (rounds_done) *rounds_done += r.rounds;
    status = r.status;

done:
    rounds_clear(&r);
    return status;
}
