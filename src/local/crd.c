/* Capacity releasing diffusion [Wang2017].
 *
 *   paper                  here
 *   f(v), l(v)             fields MASS and LEVEL
 *   current arc of v       field ARC, a place in its row
 *   f(v, u)                flow, by entry of the reach
 *   w, h, U                width, height, capacity
 *   ex(v)                  excess(): what v holds beyond d(v)
 *
 * A round is a flow by pushing and relabelling that begins with at most w d(v) at each node. Nodes
 * with excess wait in a heap, the one of lowest level (then lowest id) first, each once: a node
 * that gets excess is lower than the one that pushes, so it would have gone first if it had any. */
#include "kith/crd.h"

#include "core/spec.h"
#include "local/query.h"

#include <math.h>
#include <string.h>

enum { MASS, LEVEL, ARC, BEST }; /* fields; BEST: levels of the best round */
enum { POLL_EDGES = 1 << 16 };
static const double ROUNDING = 1e-12; /* excess below that, of a degree, is none */

/* A node that waits; `key` is its level and its id. */
typedef struct {
    uint64_t key;
    uint32_t slot;
} waiting;

typedef struct {
    const kith_crd_options *o;
    kith_i_reach *reach;
    kith_i_poll  *poll;
    int64_t       work;               /* entries since the last poll */
    double       *flow;               /* by entry: from the row's node */
    int64_t      *mate;               /* by entry: the reverse one; -1: its row was not walked */
    int64_t       entries, room;      /* of both */
    waiting      *heap;
    int64_t       count, heap_room;
    double       *cut, *volume;       /* by level */
    double        best;               /* conductance of a level cut of any round */
    double        begun;              /* mass that the round began with */
    double        mass, excess, full; /* that it ended with; volume of full nodes */
    int64_t       rounds;
    bool          done;               /* another round would find nothing new */
} diffusion;

static kith_status look_up(diffusion *d, kith_error *err)
{
    if (d->work < POLL_EDGES) return KITH_OK;
    d->work = 0;
    return kith_i_poll_check(d->poll, "releasing capacities", -1, err);
}

static double excess(const diffusion *d, uint32_t v)
{
    const double room = d->reach->strength[v], over = d->reach->field[MASS][v] - room;

    return over > ROUNDING * room ? over : 0;
}

/* The last of the heap, or the first, goes to where it belongs. */
static void sift_up(waiting *heap, int64_t at)
{
    const waiting w = heap[at];

    for (; at > 0 && heap[(at - 1) / 2].key > w.key; at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = w;
}

static void sift_down(waiting *heap, int64_t count)
{
    const waiting w = heap[0];
    int64_t at = 0;

    for (int64_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1].key < heap[child].key) child++;
        if (heap[child].key >= w.key) break;
        heap[at] = heap[child];
    }
    heap[at] = w;
}

static uint64_t key_of(const diffusion *d, uint32_t v)
{
    return (uint64_t)d->reach->field[LEVEL][v] << 32 | d->reach->nodes[v];
}

static kith_status wait_for(diffusion *d, uint32_t v, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_grow(&d->heap, d->count, &d->heap_room, sizeof *d->heap, err));
    d->heap[d->count] = (waiting){ key_of(d, v), v };
    sift_up(d->heap, d->count++);

done:
    return status;
}

static void leave(diffusion *d)
{
    d->heap[0] = d->heap[--d->count];
    if (d->count) sift_down(d->heap, d->count);
}

/* The entry of a row that names a slot, or -1; rows ascend by node. */
static int64_t entry_of(const kith_i_reach *reach, uint32_t row, uint32_t slot)
{
    int64_t low = reach->begin[row], high = low + (int64_t)reach->length[row] - 1;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const bool before = reach->nodes[reach->slots[middle]] < reach->nodes[slot];
        *(before ? &low : &high) = middle + before;
    }
    return low == high && reach->slots[low] == slot ? low : -1;
}

/* The row of a node, with flows along it. */
static kith_status open_row(diffusion *d, uint32_t v, kith_i_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = d->reach;

    KITH_TRY(kith_i_reach_row(reach, v, row, err));
    if (d->entries == reach->entries) goto done;
    if (reach->entries > d->room) {
        const int64_t room = reach->entries + reach->entries / 2;
        KITH_TRY(kith_i_resize(&d->flow, room, sizeof *d->flow, err));
        KITH_TRY(kith_i_resize(&d->mate, room, sizeof *d->mate, err));
        d->room = room;
    }
    for (; d->entries < reach->entries; d->entries++) {
        const uint32_t u = reach->slots[d->entries];
        const int64_t mate = u != v && reach->begin[u] >= 0 ? entry_of(reach, u, v) : -1;
        d->mate[d->entries] = mate;
        d->flow[d->entries] = mate >= 0 ? -d->flow[mate] : 0;
        if (mate >= 0) d->mate[mate] = d->entries;
    }

done:
    return status;
}

/* Pushes the excess of the first node that waits, until it has none, another node goes before it,
 * or no arc is left and it rises. */
static kith_status discharge(diffusion *d, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t v = d->heap[0].slot;
    kith_i_row row;

    KITH_TRY(open_row(d, v, &row, err));
    kith_i_reach *reach = d->reach;
    double *mass = reach->field[MASS], *level = reach->field[LEVEL];
    const double released = fmin(level[v], d->o->capacity);
    double *flow = d->flow + reach->begin[v], over = excess(d, v);
    int64_t arc = (int64_t)reach->field[ARC][v];
    for (; arc < row.count; arc++) {
        const uint32_t u = row.slots[arc];
        d->work++;
        if (level[u] >= level[v]) continue;
        const double residual = released * kith_i_row_weight(&row, arc) - flow[arc];
        const double room = d->o->width * reach->strength[u] - mass[u];
        const double psi = fmin(over, fmin(residual, room));
        if (psi <= 0) continue;
        const int64_t mate = d->mate[reach->begin[v] + arc];
        flow[arc] += psi;
        if (mate >= 0) d->flow[mate] -= psi;
        mass[v] -= psi;
        mass[u] += psi;
        over = excess(d, v);
        reach->field[ARC][v] = (double)arc;
        if (over == 0) leave(d);
        if (excess(d, u) > 0) {
            KITH_TRY(wait_for(d, u, err));
            goto done;
        }
        if (over == 0) goto done;
    }
    level[v]++;
    reach->field[ARC][v] = 0;
    if (level[v] >= (double)d->o->height) {
        leave(d);
    } else {
        d->heap[0].key = key_of(d, v);
        sift_down(d->heap, d->count);
    }

done:
    return status;
}

static kith_status spread(diffusion *d, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = d->reach;

    d->count = 0;
    d->begun = 0;
    if (d->entries) memset(d->flow, 0, (size_t)d->entries * sizeof *d->flow);
    for (uint32_t v = 0; v < reach->count; v++) {
        d->begun += reach->field[MASS][v];
        reach->field[ARC][v] = 0;
        reach->field[LEVEL][v] = excess(d, v) > 0;
        if (reach->field[LEVEL][v] > 0) KITH_TRY(wait_for(d, v, err));
    }
    while (d->count) {
        KITH_TRY(discharge(d, err));
        KITH_TRY(look_up(d, err));
    }

done:
    return status;
}

/* The least conductance of a level cut; where no round had a lower one, its levels are kept. A time
 * limit that has passed does not end it. */
static kith_status cut_levels(diffusion *d, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = d->reach;
    const int64_t levels = d->o->height + 1, known = reach->count;
    double cut = 0, volume = 0, least = INFINITY;
    kith_i_row row;

    memset(d->cut, 0, (size_t)levels * sizeof *d->cut);
    memset(d->volume, 0, (size_t)levels * sizeof *d->volume);
    for (uint32_t v = 0; v < known; v++) { /* differences from one level to the next lower one */
        const int64_t at = (int64_t)reach->field[LEVEL][v];
        if (at == 0) continue;
        KITH_TRY(open_row(d, v, &row, err));
        d->volume[at] += reach->strength[v];
        d->work += row.count;
        for (int64_t i = 0; i < row.count; i++) {
            const int64_t below = (int64_t)reach->field[LEVEL][row.slots[i]];
            if (below >= at) continue;
            d->cut[at] += kith_i_row_weight(&row, i);
            d->cut[below] -= kith_i_row_weight(&row, i);
        }
        if (look_up(d, err) == KITH_E_CANCELLED) KITH_TRY(KITH_E_CANCELLED);
    }
    for (int64_t at = levels; at-- > 1;) {
        if (d->volume[at] == 0) continue;
        cut += d->cut[at];
        volume += d->volume[at];
        const double smaller = fmin(volume, reach->total - volume);
        least = fmin(least, smaller > 0 ? cut / smaller : 1);
    }
    if (least < d->best) {
        d->best = least;
        for (int64_t v = 0; v < reach->count; v++) reach->field[BEST][v] = reach->field[LEVEL][v];
    }

done:
    return status;
}

/* What the round has come to, and the mass of the next. */
static void take_stock(diffusion *d)
{
    kith_i_reach *reach = d->reach;
    double *mass = reach->field[MASS];

    d->mass = d->excess = d->full = 0;
    for (uint32_t v = 0; v < reach->count; v++) {
        const double most = reach->strength[v], over = excess(d, v);
        d->mass += mass[v];
        d->excess += over;
        if (mass[v] >= most * (1 - ROUNDING)) d->full += most;
        mass[v] = d->o->width * (mass[v] - over);
    }
}

static kith_status release(diffusion *d, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = d->reach;
    double limit = 0;

    for (uint32_t seed = 0; seed < d->o->query.seeds.count; seed++) {
        reach->field[MASS][seed] = d->o->width * reach->strength[seed];
        limit += reach->strength[seed] / 10;
    }
    for (; !d->done && d->rounds < d->o->iterations; limit *= d->o->width) {
        const kith_status end = spread(d, err);
        if (end != KITH_E_TIME) KITH_TRY(end);
        KITH_TRY(cut_levels(d, err));
        take_stock(d);
        KITH_TRY(end);
        d->rounds++;
        d->done = d->excess > limit || d->full > reach->total / 3;
    }

done:
    return status;
}

/* The most flow along an edge, per unit of weight. */
static double largest_flow(const diffusion *d)
{
    double largest = 0;

    for (int64_t e = 0; e < d->entries; e++) {
        const double weight = d->reach->plain ? 1 : d->reach->weights[e];
        largest = fmax(largest, fabs(d->flow[e]) / weight);
    }
    return largest;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_crd_options, width, F64, 1.01, 1000,
                "what a node may hold, per unit of degree; higher: faster, and coarser"),
    KITH_OPTION(kith_crd_options, height, I64, 2, 1000,
                "level at which a node gives up; higher: keeps better to bottlenecks, slower"),
    KITH_OPTION(kith_crd_options, capacity, F64, 1, 1e9,
                "most flow along an edge, per unit of weight"),
    KITH_OPTION(kith_crd_options, iterations, I64, 1, 1000,
                "cap on the rounds, each with width times the mass; lower: smaller clusters"),
    KITH_I_QUERY_ROWS,
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    (void)options;
    return 80 * (double)graph->entries / 3; /* it ends when a third of the graph is full */
}

KITH_I_ALGORITHM(local, crd, KITH_CRD_OPTIONS_INIT, rows, bytes,
                 "the community around seeds by capacity releasing diffusion");

kith_status kith_crd(const kith_graph *graph, const kith_crd_options *options, kith_cluster **out,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    kith_crd_options o;
    kith_i_poll poll;
    diffusion d = { .o = &o, .poll = &poll, .best = INFINITY };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_crd_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.query.run);
    KITH_TRY(kith_i_query_begin(graph, NULL, &o.query, &poll, &d.reach, err));
    KITH_TRY(kith_i_alloc(&d.cut, o.height + 1, sizeof *d.cut, err));
    KITH_TRY(kith_i_alloc(&d.volume, o.height + 1, sizeof *d.volume, err));
    const kith_status end = release(&d, err);
    if (end != KITH_E_TIME) KITH_TRY(end);
    KITH_TRY(kith_i_query_end(d.reach, d.reach->field[BEST], &(kith_i_sweep){ .levels = true },
                              &o.query, out, err));
    (*out)->iterations = d.rounds;
    (*out)->converged = d.done;
    (*out)->stop = end == KITH_E_TIME ? KITH_STOP_TIME
                   : d.done           ? KITH_STOP_CONVERGED
                                      : KITH_STOP_ITERATIONS;
    kith_i_cluster_figure(*out, "mass", d.mass);
    kith_i_cluster_figure(*out, "imbalance", fabs(d.mass - d.begun));
    kith_i_cluster_figure(*out, "excess", d.excess);
    kith_i_cluster_figure(*out, "flow", largest_flow(&d));

done:
    kith_i_free(d.flow);
    kith_i_free(d.mate);
    kith_i_free(d.heap);
    kith_i_free(d.cut);
    kith_i_free(d.volume);
    kith_i_reach_give(d.reach);
    return status;
}
