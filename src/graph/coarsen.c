/* The graph of communities, S^T A S for the indicator S of the labels.
 *
 * Nodes are grouped by community; then each community's row is tallied from its nodes' rows, in
 * parallel. A thread keeps the rows it made one behind the other in a buffer of its own, so that
 * the memory is that of the coarse graph. In the end those of several threads are brought
 * together. */
#include "graph/coarsen.h"

#include "graph/build.h"
#include "graph/visits.h"

#include <inttypes.h>
#include <string.h>

enum { ROWS = 64, /* communities that a thread takes at a time */ POLL_GROUPS = 64 };

/* What a thread tallies with, and the rows it has made. */
typedef struct {
    double   *weight;  /* by community; 0 but for the touched ones */
    uint32_t *targets; /* rows, one behind the other */
    double   *weights;
    int64_t   count, capacity;
} worker;

typedef struct {
    const kith_graph *graph;
    const uint32_t   *labels;
    int64_t           communities;
    int64_t          *start;  /* of each community in `nodes`; communities + 1 */
    uint32_t         *nodes;  /* by community, ascending */
    int64_t          *offsets; /* entry c + 1: first the length of row c, then its end */
    int64_t          *place;   /* of each row in the buffer of the thread that made it */
    uint16_t         *maker;
    worker           *workers;
    int               threads;
} coarsening;

static kith_status coarsening_init(coarsening *c, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = c->graph->nodes, k = c->communities;

    KITH_TRY(kith_i_zeroed(&c->start, k + 2, sizeof *c->start, err));
    KITH_TRY(kith_i_alloc(&c->nodes, n, sizeof *c->nodes, err));
    KITH_TRY(kith_i_zeroed(&c->offsets, k + 1, sizeof *c->offsets, err));
    KITH_TRY(kith_i_alloc(&c->place, k, sizeof *c->place, err));
    KITH_TRY(kith_i_alloc(&c->maker, k, sizeof *c->maker, err));
    KITH_TRY(kith_i_zeroed(&c->workers, c->threads, sizeof *c->workers, err));
    for (int t = 0; t < c->threads; t++)
        KITH_TRY(kith_i_zeroed(&c->workers[t].weight, k, sizeof(double), err));
    for (int64_t v = 0; v < n; v++) c->start[c->labels[v] + 2]++;
    for (int64_t i = 0; i < k; i++) c->start[i + 2] += c->start[i + 1];
    for (int64_t v = 0; v < n; v++) c->nodes[c->start[c->labels[v] + 1]++] = (uint32_t)v;

done:
    return status;
}

static void coarsening_clear(coarsening *c)
{
    for (int t = 0; c->workers && t < c->threads; t++) {
        kith_i_free(c->workers[t].weight);
        kith_i_free(c->workers[t].targets);
        kith_i_free(c->workers[t].weights);
    }
    kith_i_free(c->workers);
    kith_i_free(c->start);
    kith_i_free(c->nodes);
    kith_i_free(c->offsets);
    kith_i_free(c->place);
    kith_i_free(c->maker);
}

/* Room for `more` entries. */
static kith_status reserve(worker *w, int64_t more, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t capacity = w->capacity;

    if (w->count + more <= capacity) return KITH_OK;
    while (capacity < w->count + more) capacity += capacity / 2 + 1024;
    KITH_TRY(kith_i_resize(&w->targets, capacity, sizeof *w->targets, err));
    KITH_TRY(kith_i_resize(&w->weights, capacity, sizeof *w->weights, err));
    w->capacity = capacity;

done:
    return status;
}

/* Row c: weights by community of the other end, in the order they are met. */
static kith_status make_row(coarsening *s, int64_t c, worker *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = s->graph;
    int64_t most = 0, met = 0, length = 0;
    double loops = 0;

    for (int64_t i = s->start[c]; i < s->start[c + 1]; i++) most += kith_i_degree(g, s->nodes[i]);
    KITH_TRY(reserve(w, most + 1, err));
    uint32_t *row = w->targets + w->count;
    double *weights = w->weights + w->count, *tallied = w->weight;
    for (int64_t i = s->start[c]; i < s->start[c + 1]; i++) {
        const uint32_t v = s->nodes[i];
        kith_i_prefetch_rows(g, s->nodes, i, g->nodes, s->labels);
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const uint32_t u = g->targets[e], d = s->labels[u];
            const double weight = kith_i_weight(g, e), before = tallied[d];
            row[met] = d; /* without a branch, which would be mispredicted often */
            met += before == 0;
            tallied[d] = before + weight;
            loops += u == v ? weight : 0;
        }
    }
    if (!g->directed) tallied[c] = (tallied[c] + loops) / 2; /* others are met from both ends */
    for (int64_t i = 0; i < met; i++) {
        const uint32_t d = row[i];
        if (tallied[d] == 0) continue; /* signed weights that cancel */
        row[length] = d;
        weights[length++] = tallied[d];
        tallied[d] = 0;
    }
    s->place[c] = w->count;
    s->maker[c] = (uint16_t)(w - s->workers);
    s->offsets[c + 1] = length;
    w->count += length;

done:
    return status;
}

static kith_status make_rows(coarsening *s, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    atomic_int failed;

    atomic_init(&failed, KITH_OK);
#pragma omp parallel for schedule(dynamic, ROWS) num_threads(s->threads) if (s->threads > 1)
    for (int64_t c = 0; c < s->communities; c++) {
        const int t = omp_get_thread_num();
        if (atomic_load_explicit(&failed, memory_order_relaxed) || kith_i_poll_stopped(poll))
            continue;
        if (t == 0 && c % POLL_GROUPS == 0) kith_i_poll_check(poll, "aggregating", -1, err);
        if (make_row(s, c, &s->workers[t], t == 0 ? err : NULL) != KITH_OK)
            atomic_store(&failed, KITH_E_MEMORY);
    }
    KITH_CHECK(atomic_load(&failed) == KITH_OK, KITH_E_MEMORY, "out of memory while aggregating");
    KITH_TRY(kith_i_poll_check(poll, "aggregating", 1, err));

done:
    return status;
}

/* The rows of one thread lie in their places already. */
static kith_status take_rows(coarsening *s, uint32_t **targets, double **weights, kith_error *err)
{
    kith_status status = KITH_OK;
    worker *w = &s->workers[0];

    KITH_TRY(kith_i_resize(&w->targets, w->count, sizeof *w->targets, err));
    KITH_TRY(kith_i_resize(&w->weights, w->count, sizeof *w->weights, err));
    *targets = w->targets;
    *weights = w->weights;
    w->targets = NULL;
    w->weights = NULL;

done:
    return status;
}

/* Copies the rows of several threads to their places. */
static kith_status copy_rows(const coarsening *s, uint32_t **targets, double **weights,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t entries = s->offsets[s->communities];

    KITH_TRY(kith_i_alloc(targets, entries, sizeof **targets, err));
    KITH_TRY(kith_i_alloc(weights, entries, sizeof **weights, err));
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (int64_t c = 0; c < s->communities; c++) {
        const worker *w = &s->workers[s->maker[c]];
        const int64_t to = s->offsets[c];
        const size_t length = (size_t)(s->offsets[c + 1] - to);
        memcpy(*targets + to, w->targets + s->place[c], length * sizeof **targets);
        memcpy(*weights + to, w->weights + s->place[c], length * sizeof **weights);
    }

done:
    return status;
}

/* The rows as a graph. */
static kith_status gather_rows(coarsening *s, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *targets = NULL;
    double *weights = NULL;

    for (int64_t c = 0; c < s->communities; c++) s->offsets[c + 1] += s->offsets[c];
    if (s->threads == 1) KITH_TRY(take_rows(s, &targets, &weights, err));
    else KITH_TRY(copy_rows(s, &targets, &weights, err));
    const kith_i_arrays arrays = {
        .nodes = s->communities,
        .offsets = s->offsets,
        .targets = targets,
        .weights64 = weights,
        .directed = s->graph->directed,
        .loops = -1,
    };
    KITH_TRY(kith_i_graph_adopt(&arrays, out, err));
    s->offsets = NULL;
    targets = NULL;
    weights = NULL;

done:
    kith_i_free(targets);
    kith_i_free(weights);
    return status;
}

kith_status kith_i_graph_coarsen(const kith_graph *graph, const uint32_t *labels,
                                 int64_t communities, int threads, kith_i_poll *poll,
                                 kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    coarsening s = { .graph = graph, .labels = labels, .communities = communities,
                     .threads = threads };

    *out = NULL;
    KITH_TRY(coarsening_init(&s, err));
    KITH_TRY(make_rows(&s, poll, err));
    KITH_TRY(gather_rows(&s, out, err));

done:
    coarsening_clear(&s);
    return status;
}

/* Labels in 32 bits, each in range. */
static kith_status narrow_labels(const int64_t *labels, int64_t nodes, int64_t communities,
                                 kith_i_poll *poll, uint32_t **out, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(out, nodes, sizeof **out, err));
    for (int64_t v = 0; v < nodes; v++) {
        KITH_TRY(kith_i_poll_pass(poll, "reading labels", v, nodes, err));
        KITH_CHECK(labels[v] >= 0 && labels[v] < communities, KITH_E_INPUT,
                   "label %" PRId64 " of node %" PRId64 " (expected 0 to %" PRId64 ")", labels[v],
                   v, communities - 1);
        (*out)[v] = (uint32_t)labels[v];
    }

done:
    return status;
}

/* The edges of a coarse graph. An undirected one is taken from one of its two entries, whose
 * weights were added up in different orders. */
static kith_status list_edges(const kith_graph *graph, kith_i_poll *poll, kith_i_edges *edges,
                              kith_error *err)
{
    kith_status status = KITH_OK;

    edges->nodes = graph->nodes;
    KITH_TRY(kith_i_alloc(&edges->sources, graph->entries, sizeof *edges->sources, err));
    KITH_TRY(kith_i_alloc(&edges->targets, graph->entries, sizeof *edges->targets, err));
    KITH_TRY(kith_i_alloc(&edges->weights, graph->entries, sizeof *edges->weights, err));
    for (int64_t v = 0; v < graph->nodes; v++)
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            KITH_TRY(kith_i_poll_pass(poll, "listing edges", e, graph->entries, err));
            if (!graph->directed && graph->targets[e] < v) continue;
            edges->sources[edges->count] = (uint32_t)v;
            edges->targets[edges->count] = graph->targets[e];
            edges->weights[edges->count++] = graph->weights64[e];
        }

done:
    return status;
}

kith_status kith_graph_coarsen(const kith_graph *graph, const int64_t *labels, int64_t communities,
                               const kith_run *run, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *coarse = NULL;
    kith_i_edges edges = { 0 };
    uint32_t *narrow = NULL;
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph && (labels || !graph->nodes), KITH_E_ARGUMENT,
               "graph and labels must not be NULL");
    KITH_CHECK(communities >= 0 && communities <= KITH_I_MAX_NODES, KITH_E_ARGUMENT,
               "communities is %" PRId64 " (expected 0 to %" PRId64 ")", communities,
               KITH_I_MAX_NODES);
    KITH_TRY(kith_i_run_start(run, &o.run, &poll, err));
    KITH_TRY(kith_i_graph_check(graph, &poll, err));
    KITH_TRY(narrow_labels(labels, graph->nodes, communities, &poll, &narrow, err));
    KITH_TRY(kith_i_graph_coarsen(graph, narrow, communities, kith_i_threads(&o.run), &poll,
                                  &coarse, err));
    KITH_TRY(list_edges(coarse, &poll, &edges, err));
    o.direction = graph->directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    KITH_TRY(kith_i_graph_build(&edges, &o, &poll, NULL, out, err));

done:
    kith_i_edges_clear(&edges);
    kith_graph_free(coarse);
    kith_i_free(narrow);
    return status;
}
