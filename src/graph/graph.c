/* The graph: its life, what it says of itself, and the check of one that lies in a mapped file. */
#include "graph/view.h"

#include "graph/companion.h"
#include "graph/names.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

kith_status kith_i_graph_adopt(const kith_i_arrays *a, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph *g = NULL;

    *out = NULL;
    KITH_TRY(kith_i_zeroed(&g, 1, sizeof *g, err));
    KITH_TRY(kith_i_zeroed(&g->derived, 1, sizeof *g->derived, err));
    pthread_mutex_init(&g->derived->lock, NULL);
    atomic_init(&g->derived->checked, !a->unchecked);
    g->derived->loops = a->loops;
    g->derived->total_weight = a->total_weight ? *a->total_weight : NAN;
    g->nodes = a->nodes;
    g->entries = a->offsets[a->nodes];
    g->directed = a->directed;
    g->offsets = a->offsets;
    g->targets = a->targets;
    g->weights32 = a->weights32;
    g->weights64 = a->weights64;
    g->names = kith_i_names_share(a->names);
    g->mapped = a->mapped;
    g->file = a->mapped ? a->file : -1;
    g->release = a->release;
    g->owner = a->owner;
    *out = g;
    g = NULL;

done:
    kith_i_free(g);
    return status;
}

/* The pages that hold an array; those of its neighbours in the file may be among them. */
static void advise(const void *array, int64_t bytes, int advice)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), at = (uintptr_t)array;
    const uintptr_t begin = at / page * page;

    if (array) (void)madvise((void *)begin, at + (uintptr_t)bytes - begin, advice);
}

static void let_go(const void *array, int64_t bytes)
{
    advise(array, bytes, MADV_DONTNEED);
}

void kith_i_read_ahead(const void *array, int64_t bytes)
{
    advise(array, bytes, MADV_NORMAL);
}

void kith_i_graph_let_go(const kith_graph *graph)
{
    if (!graph->mapped) return;
    let_go(graph->targets, graph->entries * (int64_t)sizeof *graph->targets);
    let_go(graph->weights32, graph->entries * (int64_t)sizeof *graph->weights32);
    let_go(graph->weights64, graph->entries * (int64_t)sizeof *graph->weights64);
}

kith_status kith_i_graph_copy_bytes(const kith_graph *graph, const void *from, int64_t bytes,
                                    void *to, kith_error *err)
{
    kith_status status = KITH_OK;
    const off_t begin = (const char *)from - (const char *)graph->mapped;
    int64_t copied = 0;

    while (copied < bytes) {
        const ssize_t got = pread(graph->file, (char *)to + copied, (size_t)(bytes - copied),
                                  begin + (off_t)copied);
        if (got < 0 && errno == EINTR) continue;
        KITH_CHECK(got > 0, KITH_E_IO, "the graph's file cannot be read (%s)",
                   got < 0 ? strerror(errno) : "it has become shorter");
        copied += got;
    }

done:
    return status;
}

void kith_i_keep(void *owner)
{
    (void)owner;
}

void kith_graph_free(kith_graph *graph)
{
    if (!graph) return;
    if (graph->release) {
        graph->release(graph->owner);
        kith_i_free(graph->longer);
    } else {
        kith_i_free(graph->offsets);
        kith_i_free(graph->targets);
        kith_i_free(graph->weights32);
        kith_i_free(graph->weights64);
    }
    kith_i_names_free(graph->names);
    kith_i_companion_free(graph->derived->companion);
    for (kith_i_workspace *w = graph->derived->spare, *next; w; w = next) {
        next = w->next;
        w->free(w);
    }
    pthread_mutex_destroy(&graph->derived->lock);
    kith_i_free(graph->derived);
    kith_i_free(graph);
}

kith_status kith_i_graph_longer(const kith_graph *graph, int64_t nodes, kith_i_poll *poll,
                                int64_t **out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *offsets = NULL;

    KITH_TRY(kith_i_alloc(&offsets, nodes + 1, sizeof *offsets, err));
    for (int64_t v = 0; v <= nodes; v++) {
        KITH_TRY(kith_i_poll_pass(poll, "adding nodes", v, nodes, err));
        offsets[v] = v <= graph->nodes ? graph->offsets[v] : graph->entries;
    }
    *out = offsets;
    offsets = NULL;

done:
    kith_i_free(offsets);
    return status;
}

void kith_i_graph_extend(kith_graph *graph, int64_t nodes, int64_t **offsets, kith_i_names *names)
{
    kith_i_names *const before = graph->names;

    graph->names = kith_i_names_share(names);
    kith_i_names_free(before);
    if (!*offsets) return;
    if (graph->release) {
        kith_i_free(graph->longer);
        graph->longer = *offsets;
    } else {
        kith_i_free(graph->offsets);
    }
    graph->offsets = *offsets;
    *offsets = NULL;
    graph->nodes = nodes;
    kith_i_companion_free(graph->derived->companion);
    graph->derived->companion = NULL;
}

enum { SEARCHES = 1 << 16 }; /* in rows, between two polls */

static const char checking[] = "checking the graph"; /* a stage */

/* Offsets that climb from 0 to the number of entries. */
static kith_status check_offsets(const kith_graph *g, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(g->offsets[0] == 0, KITH_E_INPUT,
               "the graph is damaged: its first offset is %" PRId64 " (expected 0)", g->offsets[0]);
    for (int64_t v = 0; v < g->nodes; v++) {
        KITH_TRY(kith_i_poll_pass(poll, checking, v, g->nodes, err));
        KITH_CHECK(g->offsets[v] <= g->offsets[v + 1], KITH_E_INPUT,
                   "the graph is damaged: row %" PRId64 " ends before it begins", v);
    }

done:
    return status;
}

/* Rows of ascending ids in range, with finite weights above 0; counts the loops. */
static kith_status check_rows(const kith_graph *g, int64_t *loops, kith_i_poll *poll,
                              kith_error *err)
{
    kith_status status = KITH_OK;

    *loops = 0;
    for (int64_t v = 0; v < g->nodes; v++) {
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const int64_t u = g->targets[e];
            const double w = kith_i_weight(g, e);
            KITH_TRY(kith_i_poll_pass(poll, checking, e, g->entries, err));
            KITH_CHECK(u < g->nodes, KITH_E_INPUT,
                       "the graph is damaged: row %" PRId64 " holds node %" PRId64
                       " (expected below %" PRId64 ")", v, u, g->nodes);
            KITH_CHECK(e == g->offsets[v] || g->targets[e - 1] < u, KITH_E_INPUT,
                       "the graph is damaged: row %" PRId64 " is not in ascending order", v);
            KITH_CHECK(isfinite(w) && w > 0, KITH_E_INPUT,
                       "the graph is damaged: entry (%" PRId64 ", %" PRId64 ") has weight %g "
                       "(expected a finite number above 0)", v, u, w);
            *loops += u == v;
        }
    }

done:
    return status;
}

/* The entry (v, u), or -1. */
static int64_t find_entry(const kith_graph *g, int64_t v, int64_t u)
{
    const int64_t e = kith_i_graph_entry(g, v, u);

    return e < g->offsets[v + 1] && g->targets[e] == u ? e : -1;
}

/* The first entry without an equal reverse, by rows. There is one. */
static kith_status find_unpaired(const kith_graph *g, kith_i_poll *poll, int64_t *row,
                                 int64_t *column, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t v = 0; v < g->nodes; v++)
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const int64_t reverse = find_entry(g, g->targets[e], v);
            if (e % SEARCHES == 0) KITH_TRY(kith_i_poll_check(poll, checking, -1, err));
            if (reverse >= 0 && kith_i_weight(g, reverse) == kith_i_weight(g, e)) continue;
            *row = v;
            *column = g->targets[e];
            goto done;
        }

done:
    return status;
}

/* A number for the edge between two nodes, the smaller one first. */
static inline uint64_t edge_hash(const kith_graph *g, uint64_t key, int64_t u, int64_t v, int64_t e)
{
    const uint64_t hash = kith_i_mix(key + ((uint64_t)u << 32 | (uint64_t)v));
    const double weight = kith_i_weight(g, e);
    uint64_t bits;

    if (!kith_graph_weighted(g)) return hash;
    memcpy(&bits, &weight, sizeof bits);
    return kith_i_mix(hash ^ bits);
}

kith_status kith_i_graph_symmetric(const kith_graph *g, kith_i_poll *poll, bool *symmetric,
                                   int64_t *row, int64_t *column, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t key = kith_i_hash((uint64_t)(kith_i_now() * 1e9), (uintptr_t)g, 0);
    uint64_t above = 0, below = 0;

    for (int64_t v = 0; v < g->nodes; v++)
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const int64_t u = g->targets[e];
            KITH_TRY(kith_i_poll_pass(poll, checking, e, g->entries, err));
            if (u < v)
                below += edge_hash(g, key, u, v, e);
            else if (u > v)
                above += edge_hash(g, key, v, u, e);
        }
    *symmetric = above == below;
    if (!*symmetric) KITH_TRY(find_unpaired(g, poll, row, column, err));

done:
    return status;
}

kith_status kith_graph_check(const kith_graph *graph, const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_check(graph, &poll, err));

done:
    return status;
}

/* In the order of the entries, an undirected edge at its first one. */
static kith_status sum_weights(const kith_graph *g, kith_i_poll *poll, double *total,
                               kith_error *err)
{
    kith_status status = KITH_OK;

    *total = 0;
    for (int64_t v = 0; v < g->nodes; v++) {
        double row = 0;
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            KITH_TRY(kith_i_poll_pass(poll, "adding up weights", e, g->entries, err));
            if (g->directed || g->targets[e] >= v) row += kith_i_weight(g, e);
        }
        *total += row;
    }

done:
    return status;
}

/* The total that a file states is what its weights add up to. */
static kith_status check_total(const kith_graph *g, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const double stated = g->derived->total_weight;
    double total;

    if (!kith_graph_weighted(g) || isnan(stated)) goto done;
    KITH_TRY(sum_weights(g, poll, &total, err));
    KITH_CHECK(total == stated, KITH_E_INPUT,
               "the graph is damaged: its weights add up to %.17g (expected %.17g)", total, stated);

done:
    return status;
}

/* From now on the arrays of a mapped graph are walked from end to end. */
static void read_ahead(const kith_graph *g)
{
    const int64_t weight = g->weights64 ? 8 : 4;

    if (!g->longer) kith_i_read_ahead(g->offsets, (g->nodes + 1) * 8);
    kith_i_read_ahead(g->targets, g->entries * 4);
    kith_i_read_ahead(g->weights64 ? (const void *)g->weights64 : g->weights32,
                      g->entries * weight);
}

kith_status kith_i_graph_check(const kith_graph *graph, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t row = 0, column = 0, loops;
    bool symmetric = true;

    if (atomic_load_explicit(&graph->derived->checked, memory_order_acquire)) return KITH_OK;
    if (graph->mapped) read_ahead(graph);
    KITH_TRY(check_offsets(graph, poll, err));
    KITH_TRY(check_rows(graph, &loops, poll, err));
    KITH_CHECK(graph->derived->loops == loops, KITH_E_INPUT,
               "the graph is damaged: it holds %" PRId64 " self-loops (expected %" PRId64 ")",
               loops, graph->derived->loops);
    if (!graph->directed)
        KITH_TRY(kith_i_graph_symmetric(graph, poll, &symmetric, &row, &column, err));
    KITH_CHECK(symmetric, KITH_E_INPUT,
               "the graph is damaged: it is called undirected, but the entries (%" PRId64
               ", %" PRId64 ") and (%" PRId64 ", %" PRId64 ") differ",
               row, column, column, row);
    KITH_TRY(check_total(graph, poll, err));
    atomic_store_explicit(&graph->derived->checked, true, memory_order_release);

done:
    return status;
}

kith_status kith_i_graph_require_unsigned(const kith_graph *graph, kith_i_poll *poll,
                                          kith_error *err)
{
    kith_status status = KITH_OK;
    kith_run run;
    kith_i_poll patient = kith_i_poll_patient(poll, &run); /* half a check is worth nothing */

    KITH_TRY(kith_i_graph_check(graph, &patient, err));
    if (!kith_graph_weighted(graph)) goto done;
    for (int64_t v = 0; v < graph->nodes; v++)
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            KITH_TRY(kith_i_poll_pass(&patient, checking, e, graph->entries, err));
            KITH_CHECK(kith_i_weight(graph, e) >= 0, KITH_E_INPUT,
                       "edge (%" PRId64 ", %" PRIu32 ") has weight %g (expected at least 0)", v,
                       graph->targets[e], kith_i_weight(graph, e));
        }

done:
    return status;
}

kith_status kith_graph_require_undirected(const kith_graph *graph, const kith_run *run,
                                          kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t row, column;
    kith_i_poll poll;
    bool symmetric;
    kith_run own;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    if (!graph->directed) goto done;
    KITH_TRY(kith_i_graph_check(graph, &poll, err));
    KITH_TRY(kith_i_graph_symmetric(graph, &poll, &symmetric, &row, &column, err));
    if (!symmetric) status = kith_i_graph_unpaired(row, column, err);

done:
    return status;
}

kith_status kith_i_graph_unpaired(int64_t row, int64_t column, kith_error *err)
{
    return kith_i_fail(
        err, KITH_E_INPUT,
        "entry (%" PRId64 ", %" PRId64 ") has no equal entry (%" PRId64 ", %" PRId64
        "): the graph is directed (--undirected joins the two, --directed keeps them)",
        row, column, column, row);
}

static int64_t count_loops(const kith_graph *g)
{
    int64_t loops = 0;

    for (int64_t v = 0; v < g->nodes; v++)
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) loops += g->targets[e] == v;
    return loops;
}

int64_t kith_graph_loops(const kith_graph *graph)
{
    kith_i_derived *d = graph->derived;

    pthread_mutex_lock(&d->lock);
    if (d->loops < 0 && kith_graph_check(graph, NULL, NULL) == KITH_OK)
        d->loops = count_loops(graph);
    const int64_t loops = d->loops;
    pthread_mutex_unlock(&d->lock);
    return loops;
}

int64_t kith_graph_edges(const kith_graph *graph)
{
    if (graph->directed) return graph->entries;
    const int64_t loops = kith_graph_loops(graph);
    return loops < 0 ? -1 : loops + (graph->entries - loops) / 2;
}

kith_status kith_i_graph_total_weight(const kith_graph *graph, kith_i_poll *poll, double *out,
                                      kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_derived *d = graph->derived;

    if (!kith_graph_weighted(graph)) { /* a graph file knows its loops: nothing need be read */
        const int64_t edges = kith_graph_edges(graph);
        if (edges < 0) KITH_TRY(kith_i_graph_check(graph, poll, err)); /* says why */
        *out = (double)edges;
        goto done;
    }
    pthread_mutex_lock(&d->lock);
    *out = d->total_weight;
    pthread_mutex_unlock(&d->lock);
    if (!isnan(*out)) goto done;
    KITH_TRY(kith_i_graph_check(graph, poll, err));
    KITH_TRY(sum_weights(graph, poll, out, err)); /* not under the lock: the poll may call us */
    pthread_mutex_lock(&d->lock);
    d->total_weight = *out;
    pthread_mutex_unlock(&d->lock);

done:
    return status;
}

kith_status kith_graph_total_weight(const kith_graph *graph, const kith_run *run, double *out,
                                    kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(graph && out, KITH_E_ARGUMENT, "graph and out must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_total_weight(graph, &poll, out, err));

done:
    return status;
}

kith_status kith_i_graph_strengths(const kith_graph *graph, kith_i_poll *poll, double *out,
                                   double *in, kith_error *err)
{
    kith_status status = KITH_OK;
    const double loop = graph->directed ? 1 : 2;

    KITH_TRY(kith_i_graph_check(graph, poll, err));
    if (in && graph->directed) memset(in, 0, (size_t)graph->nodes * sizeof *in);
    for (int64_t v = 0; v < graph->nodes; v++) {
        out[v] = 0;
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const uint32_t u = graph->targets[e];
            const double w = kith_i_weight(graph, e);
            KITH_TRY(kith_i_poll_pass(poll, "adding up weights", e, graph->entries, err));
            out[v] += u == v ? loop * w : w;
            if (in && graph->directed) in[u] += w;
        }
    }
    if (in && !graph->directed) memcpy(in, out, (size_t)graph->nodes * sizeof *in);

done:
    return status;
}

kith_status kith_graph_strengths(const kith_graph *graph, const kith_run *run, double *out,
                                 double *in, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_CHECK(out || !graph->nodes, KITH_E_ARGUMENT, "out must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_strengths(graph, &poll, out, in, err));

done:
    return status;
}

int64_t kith_graph_bytes(const kith_graph *graph)
{
    const int64_t weight = graph->weights64 ? 8 : graph->weights32 ? 4 : 0;

    return (graph->nodes + 1) * 8 + graph->entries * (4 + weight) + (int64_t)sizeof *graph +
           (int64_t)sizeof *graph->derived;
}

int64_t kith_graph_nodes(const kith_graph *graph)
{
    return graph->nodes;
}

int64_t kith_graph_entries(const kith_graph *graph)
{
    return graph->entries;
}

bool kith_graph_directed(const kith_graph *graph)
{
    return graph->directed;
}

bool kith_graph_weighted(const kith_graph *graph)
{
    return kith_i_weighted(graph);
}

const int64_t *kith_graph_offsets(const kith_graph *graph)
{
    return graph->offsets;
}

const uint32_t *kith_graph_targets(const kith_graph *graph)
{
    return graph->targets;
}

double kith_graph_weight(const kith_graph *graph, int64_t entry)
{
    return kith_i_weight(graph, entry);
}

kith_status kith_graph_require_names(const kith_graph *graph, const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    if (graph->names) KITH_TRY(kith_i_names_require(graph->names, &poll, err));

done:
    return status;
}

const char *kith_graph_name(const kith_graph *graph, int64_t node)
{
    return graph->names ? kith_i_names_text(graph->names, node) : NULL;
}

int64_t kith_graph_find(const kith_graph *graph, const char *name)
{
    return graph->names ? kith_i_names_find(graph->names, name, (int64_t)strlen(name)) : -1;
}
