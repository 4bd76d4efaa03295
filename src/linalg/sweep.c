/* Sweep cuts and recursive bisection [Shi2000]. */
#include "linalg/sweep.h"

#include "core/base.h"

#include <string.h>

/* ---- One cut ---- */

typedef struct {
    const kith_graph *graph;
    double *strength; /* of each node */
    double *after;    /* after[i]: volume of the nodes from place i on */
    uint32_t *order;  /* from the largest number down */
    uint32_t *place;  /* of each node in it */
} sweep;

static kith_status sweep_init(sweep *s, const double *vector, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->graph->nodes;

    KITH_TRY(kith_i_alloc(&s->strength, n, sizeof *s->strength, err));
    KITH_TRY(kith_i_alloc(&s->after, n + 1, sizeof *s->after, err));
    KITH_TRY(kith_i_alloc(&s->order, n, sizeof *s->order, err));
    KITH_TRY(kith_i_alloc(&s->place, n, sizeof *s->place, err));
    KITH_TRY(kith_i_graph_strengths(s->graph, poll, s->strength, NULL, err));
    for (int64_t v = 0; v < n; v++) s->after[v] = -vector[v];
    KITH_TRY(kith_i_sort_order(s->after, n, s->order, poll, "sweeping", err));
    s->after[n] = 0;
    for (int64_t i = n; i-- > 0;) {
        s->place[s->order[i]] = (uint32_t)i;
        s->after[i] = s->after[i + 1] + s->strength[s->order[i]];
    }

done:
    return status;
}

static void sweep_clear(sweep *s)
{
    kith_i_free(s->strength);
    kith_i_free(s->after);
    kith_i_free(s->order);
    kith_i_free(s->place);
}

/* Weight of a node's edges to nodes after it, less that of those to nodes before it. */
static double crossing(const sweep *s, uint32_t v)
{
    const int64_t *offsets = s->graph->offsets;
    double weight = 0;

    for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
        const uint32_t u = s->graph->targets[e];
        const double w = kith_i_weight(s->graph, e);
        if (s->place[u] > s->place[v])
            weight += w;
        else if (u != v)
            weight -= w;
    }
    return weight;
}

static double measured(kith_i_cut measure, double cut, double volume, double rest)
{
    if (measure == KITH_I_NORMALISED_CUT) return cut / volume + cut / rest;
    return cut / (volume < rest ? volume : rest);
}

/* The cut behind the first out->size nodes anew: what had been added up along the way has lost
 * digits where weights differ much. */
static void settle(const sweep *s, kith_i_cut measure, kith_i_sweep *out)
{
    const int64_t *offsets = s->graph->offsets;

    out->cut = 0;
    for (int64_t i = 0; i < out->size; i++)
        for (int64_t e = offsets[s->order[i]]; e < offsets[s->order[i] + 1]; e++)
            if (s->place[s->graph->targets[e]] >= out->size) out->cut += kith_i_weight(s->graph, e);
    out->value = measured(measure, out->cut, out->volume, s->after[out->size]);
}

kith_status kith_i_sweep_cut(const kith_graph *graph, const double *vector, kith_i_cut measure,
                             kith_i_poll *poll, uint32_t *side, kith_i_sweep *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = graph->nodes;
    sweep s = { .graph = graph };
    double cut = 0, volume = 0;

    *out = (kith_i_sweep){ .value = INFINITY };
    KITH_TRY(sweep_init(&s, vector, poll, err));
    for (int64_t i = 0; i + 1 < n; i++) {
        KITH_TRY(kith_i_poll_pass(poll, "sweeping", i, n, err));
        cut += crossing(&s, s.order[i]);
        volume += s.strength[s.order[i]];
        const double rest = s.after[i + 1];
        if (!(volume > 0 && rest > 0)) continue;
        const double value = measured(measure, cut > 0 ? cut : 0, volume, rest);
        if (value < out->value)
            *out = (kith_i_sweep){ .value = value, .volume = volume, .size = i + 1 };
    }
    if (out->size) settle(&s, measure, out);
    for (int64_t v = 0; v < n; v++) side[v] = s.place[v] < out->size;

done:
    sweep_clear(&s);
    return status;
}

/* ---- Recursive bisection ---- */

typedef struct {
    kith_graph *own; /* NULL: the whole graph */
    const kith_graph *graph;
    int64_t *nodes; /* in the whole graph */
    uint32_t *side;
    kith_i_sweep sweep;
} part;

static void part_clear(part *p)
{
    kith_graph_free(p->own);
    kith_i_free(p->nodes);
    kith_i_free(p->side);
    *p = (part){ 0 };
}

/* Finds a part's best cut. */
static kith_status look(part *p, const kith_i_bisection *how, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = p->graph->nodes;
    double *vector = NULL;

    p->sweep = (kith_i_sweep){ .value = INFINITY };
    if (n < 2) goto done;
    KITH_TRY(kith_i_alloc(&vector, n, sizeof *vector, err));
    KITH_TRY(kith_i_alloc(&p->side, n, sizeof *p->side, err));
    KITH_TRY(how->bisect(how->self, p->graph, p->nodes, poll, vector, err));
    KITH_TRY(kith_i_sweep_cut(p->graph, vector, how->measure, poll, p->side, &p->sweep, err));

done:
    kith_i_free(vector);
    return status;
}

/* One side of a part as a part of its own. */
static kith_status take_side(const part *p, uint32_t side, int64_t size, kith_i_poll *poll,
                             part *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *inner = NULL, count = 0;

    KITH_TRY(kith_i_alloc(&inner, size, sizeof *inner, err));
    KITH_TRY(kith_i_alloc(&out->nodes, size, sizeof *out->nodes, err));
    for (int64_t i = 0; i < p->graph->nodes; i++) {
        if (p->side[i] != side) continue;
        out->nodes[count] = p->nodes[i];
        inner[count++] = i;
    }
    KITH_TRY(kith_i_graph_subgraph(p->graph, count, inner, poll, &out->own, err));
    out->graph = out->own;

done:
    kith_i_free(inner);
    return status;
}

/* Cuts a part: side 0 takes its place, side 1 becomes `other`. */
static kith_status cut_in_two(part *p, const kith_i_bisection *how, bool look_on, kith_i_poll *poll,
                              part *other, kith_error *err)
{
    kith_status status = KITH_OK;
    part sides[2] = { { 0 }, { 0 } };

    KITH_TRY(take_side(p, 0, p->graph->nodes - p->sweep.size, poll, &sides[0], err));
    KITH_TRY(take_side(p, 1, p->sweep.size, poll, &sides[1], err));
    for (int i = 0; i < 2 && look_on; i++) KITH_TRY(look(&sides[i], how, poll, err));
    part_clear(p);
    *p = sides[0];
    *other = sides[1];
    memset(sides, 0, sizeof sides);

done:
    part_clear(&sides[0]);
    part_clear(&sides[1]);
    return status;
}

static kith_status begin(const kith_graph *graph, part *whole, kith_error *err)
{
    kith_status status = KITH_OK;

    whole->graph = graph;
    KITH_TRY(kith_i_alloc(&whole->nodes, graph->nodes, sizeof *whole->nodes, err));
    for (int64_t v = 0; v < graph->nodes; v++) whole->nodes[v] = v;

done:
    return status;
}

static int64_t best_to_cut(const part *parts, int64_t count)
{
    int64_t best = 0;

    for (int64_t i = 1; i < count; i++)
        if (parts[i].sweep.value < parts[best].sweep.value) best = i;
    return best;
}

kith_status kith_i_bisect(const kith_graph *graph, const kith_i_bisection *how, kith_i_poll *poll,
                          uint32_t *labels, int64_t *count, kith_i_sweep *first, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = graph->nodes;
    part *parts = NULL;
    int64_t most = how->k < n ? how->k : n;

    *count = 0;
    if (first) *first = (kith_i_sweep){ .value = INFINITY };
    if (n == 0) goto done;
    KITH_TRY(kith_i_zeroed(&parts, most, sizeof *parts, err));
    KITH_TRY(begin(graph, &parts[(*count)++], err));
    if (most > 1) {
        KITH_TRY(look(&parts[0], how, poll, err));
        if (first) *first = parts[0].sweep;
    }
    while (*count < most) {
        part *p = parts + best_to_cut(parts, *count);
        if (p->sweep.value > how->limit || !p->sweep.size) break;
        KITH_TRY(cut_in_two(p, how, *count + 1 < most, poll, &parts[*count], err));
        ++*count;
    }
    for (int64_t c = 0; c < *count; c++)
        for (int64_t i = 0; i < parts[c].graph->nodes; i++) labels[parts[c].nodes[i]] = (uint32_t)c;

done:
    for (int64_t c = 0; parts && c < most; c++) part_clear(&parts[c]);
    kith_i_free(parts);
    return status;
}
