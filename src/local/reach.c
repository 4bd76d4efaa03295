/* Touched nodes, their slots, and the rows walked. */
#include "local/reach.h"

#include <inttypes.h>
#include <math.h>

enum { LEAST_BITS = 8, AHEAD = 8 };

/* More than that is not kept for the next query. */
enum { SPARE_SLOTS = 1 << 20, SPARE_ENTRIES = 1 << 23 };

static void reach_free(kith_i_workspace *self)
{
    kith_i_reach *reach = (kith_i_reach *)self;

    kith_i_free(reach->nodes);
    kith_i_free(reach->length);
    kith_i_free(reach->strength);
    kith_i_free(reach->begin);
    for (int f = 0; f < KITH_I_FIELDS; f++) kith_i_free(reach->field[f]);
    kith_i_free(reach->slots);
    kith_i_free(reach->weights);
    kith_i_free(reach->table);
    kith_i_free(reach->scratch);
    kith_i_free(reach);
}

static kith_status reach_new(kith_i_reach **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = NULL;

    KITH_TRY(kith_i_zeroed(&reach, 1, sizeof *reach, err));
    reach->head.free = reach_free;
    reach->bits = LEAST_BITS;
    KITH_TRY(kith_i_zeroed(&reach->table, INT64_C(1) << reach->bits, sizeof *reach->table, err));
    *out = reach;
    reach = NULL;

done:
    if (reach) reach_free(&reach->head);
    return status;
}

/* Touched pages of a mapped file count as this process's memory, and rows that lie far from one
 * another would make that as large as the file; so they are let go when they may have come to
 * this. */
static const int64_t held_bytes[] = { [KITH_I_OFFSETS] = 48 << 20, [KITH_I_ROWS] = 24 << 20 };

static void limit_touches(kith_i_reach *reach)
{
    const kith_graph *g = reach->graph;
    const int64_t bytes[] = { [KITH_I_OFFSETS] = g->nodes * (int64_t)sizeof *g->offsets,
                              [KITH_I_ROWS] = g->entries * (int64_t)sizeof *g->targets };

    for (int part = 0; part < KITH_I_PARTS; part++) {
        const bool limited = g->mapped && !reach->trusted && bytes[part] > held_bytes[part];
        reach->touches_left[part] = limited ? held_bytes[part] / KITH_I_FAULT : INT64_MAX;
    }
}

static inline void count_touch(kith_i_reach *reach, kith_i_part part)
{
    if (--reach->touches_left[part] > 0) return;
    kith_i_graph_let_go(reach->graph, part);
    reach->touches_left[part] = held_bytes[part] / KITH_I_FAULT;
}

static kith_i_reach *take_spare(kith_i_derived *d)
{
    pthread_mutex_lock(&d->lock);
    kith_i_workspace *spare = d->spare;
    if (spare) d->spare = spare->next;
    pthread_mutex_unlock(&d->lock);
    return (kith_i_reach *)spare;
}

kith_status kith_i_reach_take(const kith_graph *graph, const kith_i_weighing *weighing,
                              kith_i_poll *poll, kith_i_reach **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t loops = kith_graph_loops(graph);
    const bool even = !kith_graph_weighted(graph) && loops == 0;
    double total = INFINITY;

    if (loops < 0) return kith_i_graph_check(graph, poll, err); /* which is why */
    if (!weighing) KITH_TRY(kith_i_graph_total_weight(graph, poll, &total, err));
    kith_i_reach *reach = take_spare(graph->derived);
    if (!reach) KITH_TRY(reach_new(&reach, err));
    reach->graph = graph;
    reach->weighing = weighing;
    reach->closed = false;
    reach->trusted = atomic_load_explicit(&graph->derived->checked, memory_order_acquire);
    limit_touches(reach);
    reach->plain = even && !weighing;
    reach->eager = !even || (weighing && !weighing->lazy);
    reach->total = 2 * total;
    *out = reach;

done:
    return status;
}

static inline uint64_t place_of(const kith_i_reach *reach, uint32_t node)
{
    return (node * KITH_I_GOLDEN) >> (64 - reach->bits);
}

/* Nodes leave the table in the opposite of the order in which they came, so that no search for one
 * meets a gap on its way. */
static void clear_table(kith_i_reach *reach)
{
    const uint64_t mask = (UINT64_C(1) << reach->bits) - 1;

    for (int64_t slot = reach->count; slot-- > 0;) {
        uint64_t at = place_of(reach, reach->nodes[slot]);
        while (reach->table[at] >> 32 != reach->nodes[slot] || !reach->table[at])
            at = (at + 1) & mask;
        reach->table[at] = 0;
    }
}

void kith_i_reach_give(kith_i_reach *reach)
{
    if (!reach) return;
    if (reach->room > SPARE_SLOTS || reach->entry_room > SPARE_ENTRIES) {
        reach_free(&reach->head);
        return;
    }
    clear_table(reach);
    reach->count = reach->entries = reach->read_edges = 0;

    kith_i_derived *d = reach->graph->derived;
    pthread_mutex_lock(&d->lock);
    reach->head.next = d->spare;
    d->spare = &reach->head;
    pthread_mutex_unlock(&d->lock);
}

static kith_status grow_table(kith_i_reach *reach, int bits, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    uint64_t *table = NULL;

    KITH_TRY(kith_i_zeroed(&table, INT64_C(1) << bits, sizeof *table, err));
    kith_i_free(reach->table);
    reach->table = table;
    reach->bits = bits;
    for (int64_t slot = 0; slot < reach->count; slot++) {
        uint64_t at = place_of(reach, reach->nodes[slot]);
        while (table[at]) at = (at + 1) & mask;
        table[at] = (uint64_t)reach->nodes[slot] << 32 | (uint64_t)(slot + 1);
    }

done:
    return status;
}

/* Room for `more` new slots, at most half of the table in use. */
static kith_status reserve_slots(kith_i_reach *reach, int64_t more, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t most = reach->graph->nodes, wanted = reach->count + more;
    const int64_t needed = wanted < most ? wanted : most;
    int64_t room = reach->room;
    int bits = reach->bits;

    if (needed > room) {
        while (room < needed) room += room / 2 + 64;
        if (room > most) room = most;
        KITH_TRY(kith_i_resize(&reach->nodes, room, sizeof *reach->nodes, err));
        KITH_TRY(kith_i_resize(&reach->length, room, sizeof *reach->length, err));
        KITH_TRY(kith_i_resize(&reach->strength, room, sizeof *reach->strength, err));
        KITH_TRY(kith_i_resize(&reach->begin, room, sizeof *reach->begin, err));
        for (int f = 0; f < KITH_I_FIELDS; f++)
            KITH_TRY(kith_i_resize(&reach->field[f], room, sizeof(double), err));
        reach->room = room;
    }
    while (INT64_C(1) << bits < 2 * needed) bits++;
    if (bits > reach->bits) KITH_TRY(grow_table(reach, bits, err));

done:
    return status;
}

static kith_status reserve_entries(kith_i_reach *reach, int64_t more, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t needed = reach->entries + more;
    int64_t room = reach->entry_room;

    while (room < needed) room += room / 2 + 256;
    if (room > reach->entry_room) {
        KITH_TRY(kith_i_resize(&reach->slots, room, sizeof *reach->slots, err));
        reach->entry_room = room;
    }
    if (!reach->plain && room > reach->weight_room) {
        KITH_TRY(kith_i_resize(&reach->weights, room, sizeof *reach->weights, err));
        reach->weight_room = room;
    }

done:
    return status;
}

/* Ids in range and ascending. */
static kith_status check_ids(const kith_graph *g, uint32_t node, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t begin = g->offsets[node], end = g->offsets[(int64_t)node + 1];

    for (int64_t e = begin; e < end; e++)
        KITH_CHECK(g->targets[e] < g->nodes && (e == begin || g->targets[e - 1] < g->targets[e]),
                   KITH_E_INPUT, "the graph is damaged: row %" PRIu32 " holds node %" PRIu32
                   " (expected ascending ids below %" PRId64 ")", node, g->targets[e], g->nodes);

done:
    return status;
}

/* The weights of a row, a loop counting twice; without a weighing those of the graph. */
static kith_status weigh_row(const kith_i_reach *reach, const kith_i_weighing *weighing,
                             uint32_t node, double *weights, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = reach->graph;
    const int64_t begin = g->offsets[node], count = g->offsets[(int64_t)node + 1] - begin;

    for (int64_t i = 0; i < count; i++) {
        const uint32_t v = g->targets[begin + i];
        const double weight = kith_i_weight(g, begin + i);
        KITH_CHECK(isfinite(weight) && weight > 0, KITH_E_INPUT, "entry (%" PRIu32 ", %" PRIu32
                   ") has weight %g (expected a finite number above 0)", node, v, weight);
        weights[i] = v == node ? 2 * weight : weight;
    }
    if (weighing)
        KITH_TRY(weighing->row(weighing->context, node, g->targets + begin, count, weights, err));

done:
    return status;
}

static double sum(const double *weights, int64_t count)
{
    double total = 0;

    for (int64_t i = 0; i < count; i++) total += weights[i];
    return total;
}

/* The strength of a node whose row is not walked. */
static kith_status find_strength(kith_i_reach *reach, uint32_t node, int64_t length,
                                 double *strength, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_weighing *w = reach->weighing;

    *strength = (double)length;
    if (!reach->eager) goto done;
    count_touch(reach, KITH_I_ROWS);
    if (!reach->trusted) KITH_TRY(check_ids(reach->graph, node, err));
    if (length > reach->scratch_room) {
        KITH_TRY(kith_i_resize(&reach->scratch, length, sizeof *reach->scratch, err));
        reach->scratch_room = length;
    }
    KITH_TRY(weigh_row(reach, w && w->lazy ? NULL : w, node, reach->scratch, err));
    *strength = sum(reach->scratch, length);
    reach->read_edges += length;

done:
    return status;
}

/* Files a node under its slot, for which there is room. */
static kith_status file(kith_i_reach *reach, uint32_t node, uint64_t place, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = reach->graph;
    const int64_t begin = g->offsets[node], end = g->offsets[(int64_t)node + 1];
    const int64_t slot = reach->count;

    if (!reach->trusted)
        KITH_CHECK(begin >= 0 && begin <= end && end <= g->entries && end - begin <= g->nodes,
                   KITH_E_INPUT, "the graph is damaged: row %" PRIu32 " has the entries %" PRId64
                   " to %" PRId64 " (expected 0 to %" PRId64 ", in order)", node, begin, end,
                   g->entries);
    count_touch(reach, KITH_I_OFFSETS);
    KITH_TRY(find_strength(reach, node, end - begin, &reach->strength[slot], err));
    reach->nodes[slot] = node;
    reach->length[slot] = (uint32_t)(end - begin);
    reach->begin[slot] = -1;
    for (int f = 0; f < KITH_I_FIELDS; f++) reach->field[f][slot] = 0;
    reach->table[place] = (uint64_t)node << 32 | (uint64_t)(slot + 1);
    reach->count++;

done:
    return status;
}

/* Where a node is in the table, or may be put. */
static inline uint64_t locate(const kith_i_reach *reach, uint32_t node)
{
    const uint64_t mask = (UINT64_C(1) << reach->bits) - 1;
    uint64_t at = place_of(reach, node);

    while (reach->table[at] && reach->table[at] >> 32 != node) at = (at + 1) & mask;
    return at;
}

/* The slot of a node, for which there is room. */
static inline kith_status slot_of(kith_i_reach *reach, uint32_t node, uint32_t *slot,
                                  kith_error *err)
{
    const uint64_t at = locate(reach, node);

    if (!reach->table[at]) {
        *slot = (uint32_t)reach->count;
        return file(reach, node, at, err);
    }
    *slot = (uint32_t)reach->table[at] - 1;
    return KITH_OK;
}

kith_status kith_i_reach_touch(kith_i_reach *reach, uint32_t node, uint32_t *slot, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(reserve_slots(reach, 1, err));
    KITH_TRY(slot_of(reach, node, slot, err));

done:
    return status;
}

kith_status kith_i_reach_table(const kith_graph *graph, kith_i_poll *poll, kith_i_reach **out,
                               kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_reach_take(graph, NULL, poll, out, err));
    (*out)->plain = true;
    (*out)->eager = false;

done:
    return status;
}

kith_status kith_i_reach_look(kith_i_reach *table, uint32_t slot, const uint32_t **neighbours,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t node = table->nodes[slot];

    if (table->begin[slot] < 0) {
        count_touch(table, KITH_I_ROWS);
        if (!table->trusted) KITH_TRY(check_ids(table->graph, node, err));
        table->read_edges += table->length[slot];
        table->begin[slot] = 0;
    }
    *neighbours = table->graph->targets + table->graph->offsets[node];

done:
    return status;
}

/* What slot_of() needs of the entry AHEAD. */
static inline void prefetch(const kith_i_reach *reach, int64_t entry)
{
    const uint32_t node = reach->graph->targets[entry];

    __builtin_prefetch(&reach->table[place_of(reach, node)]);
    __builtin_prefetch(&reach->graph->offsets[node]);
}

/* The nodes of a row as slots: all touched, or those that are already. */
static kith_status write_slots(kith_i_reach *reach, int64_t first, int64_t length, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t *targets = reach->graph->targets + first;

    KITH_TRY(reserve_slots(reach, reach->closed ? 0 : length, err));
    KITH_TRY(reserve_entries(reach, length, err));
    uint32_t *slots = reach->slots + reach->entries;
    if (reach->closed) {
        for (int64_t i = 0; i < length; i++) {
            const uint64_t found = reach->table[locate(reach, targets[i])];
            slots[i] = found ? (uint32_t)found - 1 : KITH_I_NO_SLOT;
        }
        goto done;
    }
    for (int64_t i = 0; i < length; i++) {
        if (i + AHEAD < length) prefetch(reach, first + i + AHEAD);
        KITH_TRY(slot_of(reach, targets[i], &slots[i], err));
    }

done:
    return status;
}

/* The rows that a wide weighing reads, whose nodes are all touched. */
static kith_status check_neighbours(kith_i_reach *reach, uint32_t node, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = reach->graph;

    for (int64_t e = g->offsets[node]; !reach->trusted && e < g->offsets[(int64_t)node + 1]; e++) {
        count_touch(reach, KITH_I_ROWS);
        KITH_TRY(check_ids(g, g->targets[e], err));
    }

done:
    return status;
}

kith_status kith_i_reach_walk(kith_i_reach *reach, uint32_t slot, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t node = reach->nodes[slot];
    const int64_t length = reach->length[slot], first = reach->graph->offsets[node];

    count_touch(reach, KITH_I_ROWS);
    if (!reach->trusted) KITH_TRY(check_ids(reach->graph, node, err));
    KITH_TRY(write_slots(reach, first, length, err));
    if (!reach->plain) {
        double *weights = reach->weights + reach->entries;
        if (reach->weighing && reach->weighing->wide) KITH_TRY(check_neighbours(reach, node, err));
        KITH_TRY(weigh_row(reach, reach->weighing, node, weights, err));
        reach->strength[slot] = sum(weights, length);
    }
    if (!reach->eager) reach->read_edges += length;
    reach->begin[slot] = reach->entries;
    reach->entries += length;

done:
    return status;
}
