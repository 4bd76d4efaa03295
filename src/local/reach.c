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
    kith_i_free(reach->measured);
    kith_i_free(reach->open);
    kith_i_free(reach->begin);
    for (int f = 0; f < KITH_I_FIELDS; f++) kith_i_free(reach->field[f]);
    kith_i_free(reach->slots);
    kith_i_free(reach->weights);
    kith_i_free(reach->table);
    kith_i_free(reach->scratch);
    kith_i_free(reach->walked.targets);
    kith_i_free(reach->walked.weights);
    kith_i_free(reach->touched.targets);
    kith_i_free(reach->touched.weights);
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

/* What a query may bring in of the pages of a mapped graph, of offsets and of rows. */
enum { HELD_OFFSETS = 48 << 20, HELD_ROWS = 40 << 20 };

static void limit_touches(kith_i_reach *reach)
{
    const kith_graph *g = reach->graph;
    const bool whole = !g->mapped || reach->trusted || g->file < 0;
    const int64_t width =
        (int64_t)sizeof *g->targets + (g->weights32 ? 4 : 0) + (g->weights64 ? 8 : 0);

    reach->offsets_left = reach->rows_left = INT64_MAX;
    if (whole) return;
    if (!g->longer && g->nodes * (int64_t)sizeof *g->offsets > HELD_OFFSETS)
        reach->offsets_left = HELD_OFFSETS / KITH_I_FAULT;
    if (g->entries * width > HELD_ROWS) reach->rows_left = HELD_ROWS / KITH_I_FAULT;
}

/* Copies bytes of a mapped array into the room behind *copy. */
static kith_status copy_array(const kith_graph *g, const void *array, int64_t bytes, void **copy,
                              int64_t *room, kith_error *err)
{
    kith_status status = KITH_OK;

    if (bytes > *room) {
        KITH_TRY(kith_i_resize(copy, 2 * bytes, 1, err));
        *room = 2 * bytes;
    }
    KITH_TRY(kith_i_graph_copy_bytes(g, array, bytes, *copy, err));

done:
    return status;
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
    reach->closed = reach->patient = false;
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
        KITH_TRY(kith_i_resize(&reach->measured, room, sizeof *reach->measured, err));
        KITH_TRY(kith_i_resize(&reach->open, room, sizeof *reach->open, err));
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

/* A row of the graph, where it lies or as it was read. */
typedef struct {
    uint32_t node;
    int64_t count;
    const uint32_t *targets;
    const float *weights32; /* at most one of the two, as in the graph */
    const double *weights64;
} graph_row;

/* Ids in range and ascending. */
static kith_status check_ids(const kith_graph *g, const graph_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t *t = row->targets;

    for (int64_t i = 0; i < row->count; i++)
        KITH_CHECK(t[i] < g->nodes && (i == 0 || t[i - 1] < t[i]), KITH_E_INPUT,
                   "the graph is damaged: row %" PRIu32 " holds node %" PRIu32
                   " (expected ascending ids below %" PRId64 ")",
                   row->node, t[i], g->nodes);

done:
    return status;
}

/* The parts of a row become copies, read from the file. */
static kith_status copy_row(const kith_graph *g, graph_row *row, kith_i_reach_copy *copy,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t width = row->weights64 ? 8 : 4;
    const void *weights = row->weights64 ? (const void *)row->weights64 : row->weights32;

    KITH_TRY(copy_array(g, row->targets, row->count * 4, &copy->targets, &copy->target_room, err));
    row->targets = copy->targets;
    if (!weights) goto done;
    KITH_TRY(copy_array(g, weights, row->count * width, &copy->weights, &copy->weight_room, err));
    if (row->weights64)
        row->weights64 = copy->weights;
    else
        row->weights32 = copy->weights;

done:
    return status;
}

/* The row of a node, `count` entries from the first on; checked. Valid until the next is opened
 * with the same copy. */
static kith_status open_row(kith_i_reach *reach, uint32_t node, int64_t first, int64_t count,
                            kith_i_reach_copy *copy, graph_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = reach->graph;

    *row = (graph_row){ node, count, g->targets + first, g->weights32 ? g->weights32 + first : NULL,
                        g->weights64 ? g->weights64 + first : NULL };
    if (reach->rows_left > 0)
        reach->rows_left -= 1 + kith_graph_weighted(g);
    else
        KITH_TRY(copy_row(g, row, copy, err));
    if (!reach->trusted) KITH_TRY(check_ids(g, row, err));

done:
    return status;
}

static double weight_at(const graph_row *row, int64_t i)
{
    if (row->weights64) return row->weights64[i];
    return row->weights32 ? (double)row->weights32[i] : 1;
}

/* The weights of a row, a loop counting twice; without a weighing those of the graph. */
static kith_status weigh_row(const graph_row *row, const kith_i_weighing *weighing, double *weights,
                             kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t i = 0; i < row->count; i++) {
        const uint32_t v = row->targets[i];
        const double weight = weight_at(row, i);
        KITH_CHECK(isfinite(weight) && weight > 0, KITH_E_INPUT,
                   "entry (%" PRIu32 ", %" PRIu32
                   ") has weight %g (expected a finite number above 0)",
                   row->node, v, weight);
        weights[i] = v == row->node ? 2 * weight : weight;
    }
    if (weighing)
        KITH_TRY(
            weighing->row(weighing->context, row->node, row->targets, row->count, weights, err));

done:
    return status;
}

static double sum(const double *weights, int64_t count)
{
    double total = 0;

    for (int64_t i = 0; i < count; i++) total += weights[i];
    return total;
}

kith_status kith_i_reach_measure(kith_i_reach *reach, uint32_t slot, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_weighing *w = reach->weighing;
    const int64_t length = reach->length[slot];
    graph_row row;

    KITH_TRY(open_row(reach, reach->nodes[slot], -1 - reach->begin[slot], length, &reach->touched,
                      &row, err));
    if (length > reach->scratch_room) {
        KITH_TRY(kith_i_resize(&reach->scratch, length, sizeof *reach->scratch, err));
        reach->scratch_room = length;
    }
    KITH_TRY(weigh_row(&row, w && w->lazy ? NULL : w, reach->scratch, err));
    reach->strength[slot] = sum(reach->scratch, length);
    reach->measured[slot] = true;
    reach->read_edges += length;

done:
    return status;
}

/* Where the row of a node begins and ends in the graph; checked. */
static kith_status find_row(kith_i_reach *reach, uint32_t node, int64_t *begin, int64_t *end,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = reach->graph;
    const int64_t *at = g->offsets + node;
    int64_t read[2];

    if (reach->offsets_left > 0) {
        reach->offsets_left--;
    } else {
        KITH_TRY(kith_i_graph_copy_bytes(g, at, sizeof read, read, err));
        at = read;
    }
    *begin = at[0];
    *end = at[1];
    if (!reach->trusted)
        KITH_CHECK(*begin >= 0 && *begin <= *end && *end <= g->entries && *end - *begin <= g->nodes,
                   KITH_E_INPUT,
                   "the graph is damaged: row %" PRIu32 " has the entries %" PRId64 " to %" PRId64
                   " (expected 0 to %" PRId64 ", in order)",
                   node, *begin, *end, g->entries);

done:
    return status;
}

/* Files a node under its slot, for which there is room. */
static kith_status file(kith_i_reach *reach, uint32_t node, uint64_t place, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t slot = (uint32_t)reach->count;
    int64_t begin, end;

    KITH_TRY(find_row(reach, node, &begin, &end, err));
    reach->nodes[slot] = node;
    reach->length[slot] = (uint32_t)(end - begin);
    reach->strength[slot] = reach->eager ? 0 : (double)(end - begin);
    reach->measured[slot] = !reach->eager;
    reach->open[slot] = false;
    reach->begin[slot] = -1 - begin;
    if (reach->eager && !reach->patient) KITH_TRY(kith_i_reach_measure(reach, slot, err));
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
    const bool first_time = table->begin[slot] < 0;
    const int64_t first = first_time ? -1 - table->begin[slot] : table->begin[slot];
    graph_row row;

    KITH_TRY(
        open_row(table, table->nodes[slot], first, table->length[slot], &table->walked, &row, err));
    if (first_time) table->read_edges += row.count;
    table->begin[slot] = first;
    *neighbours = row.targets;

done:
    return status;
}

/* What slot_of() needs of a node that will be touched soon. */
static inline void prefetch(const kith_i_reach *reach, uint32_t node)
{
    KITH_I_PREFETCH(&reach->table[place_of(reach, node)]);
    KITH_I_PREFETCH(&reach->graph->offsets[node]);
}

/* The nodes of a row as slots: all touched, or those that are already. */
static kith_status write_slots(kith_i_reach *reach, const graph_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t *targets = row->targets;
    const int64_t length = row->count;

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
        if (i + AHEAD < length) prefetch(reach, targets[i + AHEAD]);
        KITH_TRY(slot_of(reach, targets[i], &slots[i], err));
    }

done:
    return status;
}

/* What the last `count` entries say of strengths that are not measured: a little less than their
 * weights, since sums in two orders differ. */
static void add_to_strengths(kith_i_reach *reach, int64_t count)
{
    const double rounding = 0x1p-32;

    for (int64_t i = reach->entries; i < reach->entries + count; i++) {
        const uint32_t v = reach->slots[i];
        if (!reach->measured[v]) reach->strength[v] += (1 - rounding) * reach->weights[i];
    }
}

/* Checks the rows that a wide weighing reads: those of the last `count` entries. It reads them
 * where they lie, so that pages are let go when there are too many. */
static kith_status open_neighbours(kith_i_reach *reach, int64_t count, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = reach->graph;
    const uint32_t *slots = reach->slots + reach->entries;

    for (int64_t i = 0; !reach->trusted && i < count; i++) {
        if (reach->open[slots[i]]) continue;
        const uint32_t node = reach->nodes[slots[i]];
        const graph_row row = { .node = node,
                                .count = reach->length[slots[i]],
                                .targets = g->targets + g->offsets[node] };
        reach->open[slots[i]] = true;
        if (reach->rows_left-- <= 0) {
            kith_i_graph_let_go(g);
            reach->rows_left = HELD_ROWS / KITH_I_FAULT;
        }
        KITH_TRY(check_ids(g, &row, err));
    }

done:
    return status;
}

kith_status kith_i_reach_walk(kith_i_reach *reach, uint32_t slot, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_weighing *weighing = reach->weighing;
    graph_row row;

    KITH_TRY(open_row(reach, reach->nodes[slot], -1 - reach->begin[slot], reach->length[slot],
                      &reach->walked, &row, err));
    KITH_TRY(write_slots(reach, &row, err));
    if (!reach->plain) {
        double *weights = reach->weights + reach->entries;
        if (weighing && weighing->wide) KITH_TRY(open_neighbours(reach, row.count, err));
        KITH_TRY(weigh_row(&row, weighing, weights, err));
        if (reach->patient) add_to_strengths(reach, row.count);
        reach->strength[slot] = sum(weights, row.count);
    }
    if (!reach->eager || !reach->measured[slot]) reach->read_edges += row.count;
    reach->measured[slot] = true;
    reach->begin[slot] = reach->entries;
    reach->entries += row.count;

done:
    return status;
}
