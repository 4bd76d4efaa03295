/* Similarity graphs, a row at a time.
 *
 *   paper                    here
 *   X X^T, A A^T             like_features(), like_neighbours()
 *   L2rows, wx, wa           mix()
 *   top-k                    keep(): a heap whose root is the least of the largest */
#include "attributed/similar.h"

#include "core/each.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STRIP = 16 }; /* rows in an item of work */

/* What a thread works in. */
typedef struct {
    double *features, *neighbours; /* rows of X X^T and of A A^T; n each */
    double *row;                   /* of dense X */
    uint32_t *seen;                /* n: the row that it was last touched in, plus 1 */
    uint32_t *touched;             /* n: nodes with numbers in the rows above */
    int64_t count;
} room;

typedef struct {
    const kith_graph *graph;
    const kith_i_scaled *x;
    kith_i_similar_options o;
    int64_t n;
    double *lengths;         /* of rows of A */
    int64_t *column_offsets; /* of sparse X by columns */
    uint32_t *column_rows;
    double *column_values;
    room *rooms;
    int64_t most;      /* entries of a row of the graph that is made */
    uint32_t *targets; /* n times `most` */
    int64_t *counts;   /* n */
} similarity;

/* ---- X by columns, lengths of rows of A ---- */

static kith_status transpose(similarity *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_features *x = s->x->features;

    if (!x->offsets) return KITH_OK;
    KITH_TRY(kith_i_zeroed(&s->column_offsets, x->columns + 2, sizeof *s->column_offsets, err));
    KITH_TRY(kith_i_alloc(&s->column_rows, x->entries, sizeof *s->column_rows, err));
    KITH_TRY(kith_i_alloc(&s->column_values, x->entries, sizeof *s->column_values, err));
    for (int64_t e = 0; e < x->entries; e++) s->column_offsets[x->indices[e] + 2]++;
    for (int64_t j = 0; j < x->columns; j++) s->column_offsets[j + 2] += s->column_offsets[j + 1];
    for (int64_t i = 0; i < x->rows; i++)
        for (int64_t e = x->offsets[i]; e < x->offsets[i + 1]; e++) {
            const int64_t at = s->column_offsets[x->indices[e] + 1]++;
            s->column_rows[at] = (uint32_t)i;
            s->column_values[at] = kith_i_scaled_entry(s->x, i, x->indices[e], e);
        }

done:
    return status;
}

/* The loop that node i is given. */
static double loop_of(const kith_graph *g, int64_t i)
{
    const int64_t e = kith_i_graph_entry(g, i, i);

    return e < g->offsets[i + 1] && (int64_t)g->targets[e] == i ? 0 : 1;
}

static void measure_strip(void *self, int64_t strip)
{
    const similarity *s = self;
    const kith_graph *g = s->graph;
    const int64_t end = (strip + 1) * STRIP < s->n ? (strip + 1) * STRIP : s->n;

    for (int64_t i = strip * STRIP; i < end; i++) {
        double sum = loop_of(g, i);
        for (int64_t e = g->offsets[i]; e < g->offsets[i + 1]; e++)
            sum += kith_i_weight(g, e) * kith_i_weight(g, e);
        s->lengths[i] = sqrt(sum);
    }
}

/* ---- A row ---- */

static void touch(room *r, int64_t i, uint32_t l)
{
    if (r->seen[l] == (uint32_t)i + 1) return;
    r->seen[l] = (uint32_t)i + 1;
    r->touched[r->count++] = l;
    r->features[l] = r->neighbours[l] = 0;
}

/* Row i of X X^T. */
static void like_features(const similarity *s, int64_t i, room *r)
{
    const kith_features *x = s->x->features;
    const kith_i_feature_row row = kith_i_features_row(x, i);

    if (x->offsets) {
        for (int64_t e = row.begin; e < row.end; e++) {
            const int64_t j = x->indices[e];
            const double value = kith_i_scaled_entry(s->x, i, j, e);
            for (int64_t c = s->column_offsets[j]; c < s->column_offsets[j + 1]; c++) {
                touch(r, i, s->column_rows[c]);
                r->features[s->column_rows[c]] += value * s->column_values[c];
            }
        }
        return;
    }
    for (int64_t e = row.begin; e < row.end; e++)
        r->row[e - row.begin] = kith_i_scaled_entry(s->x, i, e - row.begin, e);
    for (int64_t l = 0; l < s->n; l++) {
        double sum = 0;
        for (int64_t j = 0; j < x->columns; j++)
            sum += r->row[j] * kith_i_scaled_entry(s->x, l, j, l * x->columns + j);
        touch(r, i, (uint32_t)l);
        r->features[l] = sum;
    }
}

/* Adds `weight` times row j of A, whose own loop is among its entries. */
static void add_neighbours(const similarity *s, int64_t i, int64_t j, double weight, room *r)
{
    const kith_graph *g = s->graph;
    const double loop = loop_of(g, j);

    for (int64_t e = g->offsets[j]; e < g->offsets[j + 1]; e++) {
        const uint32_t l = g->targets[e];
        touch(r, i, l);
        r->neighbours[l] += weight * kith_i_weight(g, e) / s->lengths[l];
    }
    if (loop == 0) return;
    touch(r, i, (uint32_t)j);
    r->neighbours[j] += weight * loop / s->lengths[j];
}

/* Row i of A A^T. */
static void like_neighbours(const similarity *s, int64_t i, room *r)
{
    const kith_graph *g = s->graph;
    const double loop = loop_of(g, i);

    for (int64_t e = g->offsets[i]; e < g->offsets[i + 1]; e++)
        add_neighbours(s, i, g->targets[e], kith_i_weight(g, e) / s->lengths[i], r);
    if (loop != 0) add_neighbours(s, i, i, loop / s->lengths[i], r);
}

/* Writes the similarities of row i over those by features. */
static void mix(const similarity *s, room *r)
{
    double features = 0, neighbours = 0;

    for (int64_t t = 0; t < r->count; t++) {
        const uint32_t l = r->touched[t];
        features += r->features[l] * r->features[l];
        neighbours += r->neighbours[l] * r->neighbours[l];
    }
    const double wx = features > 0 ? s->o.feature_weight / sqrt(features) : 0;
    const double wa = neighbours > 0 ? (1 - s->o.feature_weight) / sqrt(neighbours) : 0;
    for (int64_t t = 0; t < r->count; t++) {
        const uint32_t l = r->touched[t];
        r->features[l] = wx * r->features[l] + wa * r->neighbours[l];
    }
}

/* ---- The largest ---- */

/* Whether node a comes before b among the most similar ones. */
static bool ahead(const double *like, uint32_t a, uint32_t b)
{
    return like[a] > like[b] || (like[a] == like[b] && a < b);
}

/* Moves the root of a heap whose root is behind all others down to where it belongs. */
static void sink(const double *like, uint32_t *heap, int64_t count)
{
    for (int64_t at = 0;;) {
        int64_t last = at;
        for (int64_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            if (ahead(like, heap[last], heap[child])) last = child;
        if (last == at) return;
        const uint32_t swapped = heap[at];
        heap[at] = heap[last];
        heap[last] = swapped;
        at = last;
    }
}

static void rise(const double *like, uint32_t *heap, int64_t at)
{
    while (at > 0 && ahead(like, heap[(at - 1) / 2], heap[at])) {
        const uint32_t swapped = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = swapped;
        at = (at - 1) / 2;
    }
}

/* The most similar nodes, and node i; how many. */
static int64_t keep(const similarity *s, int64_t i, const room *r, uint32_t *heap)
{
    int64_t count = 0;
    bool itself = false;

    for (int64_t t = 0; t < r->count; t++) {
        const uint32_t l = r->touched[t];
        if (!(r->features[l] > 0)) continue;
        if (count < s->o.neighbours) {
            heap[count] = l;
            rise(r->features, heap, count++);
        } else if (count > 0 && ahead(r->features, l, heap[0])) {
            heap[0] = l;
            sink(r->features, heap, count);
        }
    }
    for (int64_t t = 0; t < count; t++) itself = itself || heap[t] == (uint32_t)i;
    if (!itself) heap[count++] = (uint32_t)i;
    return count;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void make_strip(void *self, int64_t strip)
{
    const similarity *s = self;
    const int64_t end = (strip + 1) * STRIP < s->n ? (strip + 1) * STRIP : s->n;
    room *r = &s->rooms[omp_get_thread_num()];

    for (int64_t i = strip * STRIP; i < end; i++) {
        uint32_t *row = s->targets + i * s->most;
        r->count = 0;
        if (s->o.feature_weight > 0) like_features(s, i, r);
        if (s->o.feature_weight < 1) like_neighbours(s, i, r);
        mix(s, r);
        s->counts[i] = keep(s, i, r, row);
        qsort(row, (size_t)s->counts[i], sizeof *row, by_number);
    }
}

/* ---- The graph ---- */

static kith_status rooms_new(similarity *s, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_zeroed(&s->rooms, s->o.threads, sizeof *s->rooms, err));
    for (int t = 0; t < s->o.threads; t++) {
        room *r = &s->rooms[t];
        KITH_TRY(kith_i_alloc(&r->features, s->n, sizeof *r->features, err));
        KITH_TRY(kith_i_alloc(&r->neighbours, s->n, sizeof *r->neighbours, err));
        KITH_TRY(kith_i_zeroed(&r->seen, s->n, sizeof *r->seen, err));
        KITH_TRY(kith_i_alloc(&r->touched, s->n, sizeof *r->touched, err));
        if (!s->x->features->offsets)
            KITH_TRY(kith_i_alloc(&r->row, s->x->features->columns, sizeof *r->row, err));
    }

done:
    return status;
}

static void similarity_clear(similarity *s)
{
    for (int t = 0; s->rooms && t < s->o.threads; t++) {
        kith_i_free(s->rooms[t].features);
        kith_i_free(s->rooms[t].neighbours);
        kith_i_free(s->rooms[t].seen);
        kith_i_free(s->rooms[t].touched);
        kith_i_free(s->rooms[t].row);
    }
    kith_i_free(s->rooms);
    kith_i_free(s->lengths);
    kith_i_free(s->column_offsets);
    kith_i_free(s->column_rows);
    kith_i_free(s->column_values);
    kith_i_free(s->targets);
    kith_i_free(s->counts);
}

/* The rows side by side, as a graph. */
static kith_status to_graph(similarity *s, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *offsets = NULL;

    KITH_TRY(kith_i_alloc(&offsets, s->n + 1, sizeof *offsets, err));
    offsets[0] = 0;
    for (int64_t i = 0; i < s->n; i++) {
        memmove(s->targets + offsets[i], s->targets + i * s->most,
                (size_t)s->counts[i] * sizeof *s->targets);
        offsets[i + 1] = offsets[i] + s->counts[i];
    }
    const kith_i_arrays arrays = {
        .nodes = s->n, .offsets = offsets, .targets = s->targets, .directed = true, .loops = s->n
    };
    KITH_TRY(kith_i_graph_adopt(&arrays, out, err));
    offsets = NULL;
    s->targets = NULL;

done:
    kith_i_free(offsets);
    return status;
}

kith_status kith_i_similar(const kith_graph *graph, const kith_i_scaled *features,
                           const kith_i_similar_options *options, kith_i_poll *poll,
                           kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    similarity s = { .graph = graph, .x = features, .o = *options, .n = graph->nodes };
    const int64_t strips = (s.n + STRIP - 1) / STRIP;

    if (s.o.neighbours > s.n) s.o.neighbours = s.n;
    s.most = s.o.neighbours + 1;
    KITH_TRY(kith_i_alloc(&s.lengths, s.n, sizeof *s.lengths, err));
    KITH_TRY(kith_i_alloc(&s.targets, s.n * s.most, sizeof *s.targets, err));
    KITH_TRY(kith_i_alloc(&s.counts, s.n, sizeof *s.counts, err));
    KITH_TRY(transpose(&s, err));
    KITH_TRY(rooms_new(&s, err));
    KITH_TRY(kith_i_each(strips, s.o.threads, poll, "similarities", measure_strip, &s, err));
    KITH_TRY(kith_i_each(strips, s.o.threads, poll, "similarities", make_strip, &s, err));
    KITH_TRY(to_graph(&s, out, err));

done:
    similarity_clear(&s);
    return status;
}
