/* Largest flows by blocking flows [Dinitz2006].
 *
 * A phase labels nodes with their distance from the source as far as the nearest open demands, and
 * then pushes along shortest paths until none is left. They are searched from the demands back to
 * the source, since every labelled node had a path from there when it got its label. A search keeps
 * an arc per node, before which all have failed. Each augmentation closes an arc for the rest of
 * its phase, and the distance grows from phase to phase, whatever the capacities. */
#include "local/maxflow.h"

enum { POLL_ARCS = 1 << 16 };
static const uint32_t NONE = UINT32_MAX;
static const double TINY = 1e-9; /* less than that of a capacity is nothing */

kith_status kith_i_maxflow_nodes(kith_i_maxflow *net, int64_t count, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t room = net->room;

    if (net->scale == 0) net->scale = 1;
    while (room < count) room += room / 2 + 64;
    if (room > net->room) {
        KITH_TRY(kith_i_resize(&net->first, room, sizeof *net->first, err));
        KITH_TRY(kith_i_resize(&net->current, room, sizeof *net->current, err));
        KITH_TRY(kith_i_resize(&net->level, room, sizeof *net->level, err));
        KITH_TRY(kith_i_resize(&net->supply, room, sizeof *net->supply, err));
        KITH_TRY(kith_i_resize(&net->demand, room, sizeof *net->demand, err));
        KITH_TRY(kith_i_resize(&net->queue, room, sizeof *net->queue, err));
        KITH_TRY(kith_i_resize(&net->path, room, sizeof *net->path, err));
        KITH_TRY(kith_i_resize(&net->sources, room, sizeof *net->sources, err));
        net->room = room;
    }
    for (; net->count < count; net->count++) {
        net->first[net->count] = NONE;
        net->supply[net->count] = net->demand[net->count] = (kith_i_terminal){ 0 };
    }

done:
    return status;
}

/* Capacities above twice all supplies make no difference. */
static inline double limited(const kith_i_maxflow *net, double capacity)
{
    return capacity < 2 * net->supplies ? capacity : 2 * net->supplies;
}

static inline double smaller(double a, double b)
{
    return a < b ? a : b;
}

void kith_i_maxflow_supply(kith_i_maxflow *net, uint32_t node, double amount)
{
    kith_i_terminal *supply = &net->supply[node];

    if (!(amount > 0)) return;
    if (supply->capacity == 0) net->sources[net->source_count++] = node;
    supply->capacity += amount;
    supply->residual += amount;
    net->supplies += amount;
}

void kith_i_maxflow_demand(kith_i_maxflow *net, uint32_t node, double amount)
{
    const double added = limited(net, amount);

    net->demand[node].capacity += added;
    net->demand[node].residual += added;
}

static void add_arc(kith_i_maxflow *net, uint32_t from, uint32_t to, double capacity)
{
    net->arc[net->arcs] = (kith_i_arc){ to, net->first[from], capacity };
    net->first[from] = (uint32_t)net->arcs++;
}

kith_status kith_i_maxflow_edge(kith_i_maxflow *net, uint32_t a, uint32_t b, double weight,
                                kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t room = net->arc_room;

    KITH_CHECK(net->arcs + 2 <= NONE, KITH_E_UNSUPPORTED,
               "a flow needs more than 2147483647 edges (expected a smaller set)");
    if (net->arcs + 2 > room) {
        room += room / 2 + 256;
        room -= room % 2;
        KITH_TRY(kith_i_resize(&net->arc, room, sizeof *net->arc, err));
        KITH_TRY(kith_i_resize(&net->weight, room / 2, sizeof *net->weight, err));
        net->arc_room = room;
    }
    net->weight[net->arcs / 2] = weight;
    add_arc(net, a, b, limited(net, weight * net->scale));
    add_arc(net, b, a, limited(net, weight * net->scale));

done:
    return status;
}

void kith_i_maxflow_rescale(kith_i_maxflow *net, double scale)
{
    for (int64_t i = 0; i < net->arcs; i += 2) {
        const double before = limited(net, net->weight[i / 2] * net->scale);
        const double more = limited(net, net->weight[i / 2] * scale) - before;
        net->arc[i].residual += more;
        net->arc[i + 1].residual += more;
    }
    net->scale = scale;
}

/* Work done since the last poll, in arcs. */
typedef struct {
    kith_i_poll *poll;
    int64_t      arcs;
} effort;

static inline kith_status look_up(effort *work, kith_error *err)
{
    if (work->arcs < POLL_ARCS) return KITH_OK;
    work->arcs = 0;
    return kith_i_poll_check(work->poll, "finding the largest flow", -1, err);
}

/* Levels as far as the nearest open demand, whose level *last is; NONE when none can be reached. */
static kith_status find_levels(kith_i_maxflow *net, effort *work, uint32_t *last, kith_error *err)
{
    kith_status status = KITH_OK;

    *last = NONE;
    net->reached = 0;
    for (int64_t v = 0; v < net->count; v++) net->level[v] = NONE;
    for (int64_t i = 0; i < net->source_count; i++) {
        const uint32_t v = net->sources[i];
        if (net->supply[v].residual <= 0) continue;
        net->level[v] = 0;
        net->current[v] = net->first[v];
        net->queue[net->reached++] = v;
        if (net->demand[v].residual > 0) *last = 0;
    }
    for (int64_t head = 0; head < net->reached; head++) {
        const uint32_t v = net->queue[head], next = net->level[v] + 1;
        if (next > *last) break;
        for (uint32_t a = net->first[v]; a != NONE; a = net->arc[a].next, work->arcs++) {
            const uint32_t u = net->arc[a].to;
            if (net->arc[a].residual <= 0 || net->level[u] != NONE) continue;
            net->level[u] = next;
            net->current[u] = net->first[u];
            net->queue[net->reached++] = u;
            if (net->demand[u].residual > 0) *last = next;
        }
        KITH_TRY(look_up(work, err));
    }

done:
    return status;
}

/* Less than TINY of the capacity is nothing. */
static double what_is_left(double residual, double capacity)
{
    return residual < TINY * capacity ? 0 : residual;
}

/* Pushes as much as a path takes, whose arcs lead from `to` back to `from`. The length of what is
 * left of it before the first arc that closed. */
static int64_t augment(kith_i_maxflow *net, uint32_t from, uint32_t to, int64_t length)
{
    kith_i_terminal *supply = &net->supply[from], *demand = &net->demand[to];
    kith_i_arc *arc = net->arc;
    double amount = smaller(supply->residual, demand->residual);
    int64_t open = length;

    for (int64_t i = 0; i < length; i++) amount = smaller(amount, arc[net->path[i] ^ 1].residual);
    supply->residual = what_is_left(supply->residual - amount, supply->capacity);
    demand->residual = what_is_left(demand->residual - amount, demand->capacity);
    for (int64_t i = length; i-- > 0;) {
        const uint32_t back = net->path[i], a = back ^ 1;
        arc[back].residual += amount;
        arc[a].residual = what_is_left(arc[a].residual - amount, arc[back].residual);
        if (arc[a].residual == 0) open = i;
    }
    net->value += amount;
    return open;
}

/* The next arc by which a node can be reached from one level nearer to the source. */
static uint32_t retreat(kith_i_maxflow *net, uint32_t v, effort *work)
{
    uint32_t a = net->current[v];

    for (; a != NONE; a = net->arc[a].next, work->arcs++)
        if (net->level[net->arc[a].to] == net->level[v] - 1 && net->arc[a ^ 1].residual > 0) break;
    net->current[v] = a;
    return a;
}

/* Pushes what one demand can take along shortest paths. */
static kith_status fill(kith_i_maxflow *net, uint32_t sink, effort *work, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t v = sink;
    int64_t length = 0;

    while (net->demand[sink].residual > 0) {
        const uint32_t a = net->level[v] > 0 ? retreat(net, v, work) : NONE;
        if (a != NONE) {
            net->path[length++] = a;
            v = net->arc[a].to;
        } else if (net->level[v] == 0 && net->supply[v].residual > 0) {
            work->arcs += length;
            length = augment(net, v, sink, length);
            v = length ? net->arc[net->path[length - 1]].to : sink;
        } else { /* nothing comes through v in this phase any more */
            net->level[v] = NONE;
            if (length == 0) break;
            v = net->arc[net->path[--length] ^ 1].to;
        }
        KITH_TRY(look_up(work, err));
    }

done:
    return status;
}

kith_status kith_i_maxflow_run(kith_i_maxflow *net, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    effort work = { .poll = poll };
    uint32_t last;

    for (;;) {
        KITH_TRY(find_levels(net, &work, &last, err));
        if (last == NONE) break;
        for (int64_t i = net->reached; i-- > 0;) { /* the last level was reached last */
            if (net->level[net->queue[i]] < last) break;
            KITH_TRY(fill(net, net->queue[i], &work, err));
        }
    }

done:
    return status;
}

void kith_i_maxflow_clear(kith_i_maxflow *net)
{
    kith_i_free(net->first);
    kith_i_free(net->current);
    kith_i_free(net->level);
    kith_i_free(net->supply);
    kith_i_free(net->demand);
    kith_i_free(net->queue);
    kith_i_free(net->path);
    kith_i_free(net->sources);
    kith_i_free(net->arc);
    kith_i_free(net->weight);
    *net = (kith_i_maxflow){ 0 };
}
