/* k-medoids under shortest paths: FasterPAM [Schubert2021] asks for the paths from one node to all,
 * which breadth-first search or Dijkstra's algorithm finds. */
#include "kith/k_medoids.h"

#include "core/base.h"
#include "core/spec.h"
#include "graph/partition.h"
#include "graph/view.h"
#include "linalg/medoids.h"

#include <math.h>
#include <string.h>

enum {
    ALL_CANDIDATES = 30000, /* nodes up to which all are tried */
    FEW_CANDIDATES = 1000,  /* of more */
    POLL_NODES = 1 << 14
};

static const double longest_edge = 1e250; /* so that sums of paths are finite */

/* ---- Paths ---- */

/* What a search on one thread works in. */
typedef struct {
    uint32_t *heap;  /* nodes, the nearest on top; or the queue */
    uint32_t *place; /* of each node in the heap */
    int64_t waiting;
} finder;

typedef struct {
    const kith_graph *graph;
    int lengths;
    double unreachable; /* longer than every path */
    int threads;
    finder *finders; /* one for each thread */
} paths;

static inline double length_of(const paths *p, int64_t entry)
{
    const double w = kith_i_weight(p->graph, entry);
    const double length = p->lengths == KITH_K_MEDOIDS_HOPS      ? 1
                          : p->lengths == KITH_K_MEDOIDS_INVERSE ? 1 / w
                                                                 : w;
    return length < longest_edge ? length : longest_edge;
}

static bool all_equal(const paths *p)
{
    return p->lengths == KITH_K_MEDOIDS_HOPS || !kith_graph_weighted(p->graph);
}

static kith_status paths_init(paths *p, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = p->graph->nodes;
    double longest = 1;

    for (int64_t e = 0; e < p->graph->entries && !all_equal(p); e++) {
        KITH_TRY(kith_i_poll_pass(poll, "measuring edges", e, p->graph->entries, err));
        if (e == 0 || length_of(p, e) > longest) longest = length_of(p, e);
    }
    p->unreachable = (double)n * longest;
    KITH_TRY(kith_i_zeroed(&p->finders, p->threads, sizeof *p->finders, err));
    for (int t = 0; t < p->threads; t++) {
        KITH_TRY(kith_i_alloc(&p->finders[t].heap, n, sizeof(uint32_t), err));
        KITH_TRY(kith_i_alloc(&p->finders[t].place, n, sizeof(uint32_t), err));
    }

done:
    return status;
}

static void paths_clear(paths *p)
{
    for (int t = 0; p->finders && t < p->threads; t++) {
        kith_i_free(p->finders[t].heap);
        kith_i_free(p->finders[t].place);
    }
    kith_i_free(p->finders);
}

/* Whether to go on, after so many nodes. */
static bool goes_on(kith_i_poll *poll, int64_t nodes)
{
    if (nodes % POLL_NODES == 0 && omp_get_thread_num() == 0)
        kith_i_poll_check(poll, "searching paths", -1, NULL);
    return !kith_i_poll_stopped(poll);
}

static void search_breadth(const paths *p, uint32_t source, finder *f, double *row,
                           kith_i_poll *poll)
{
    const kith_graph *graph = p->graph;
    int64_t end = 0;

    row[source] = 0;
    f->heap[end++] = source;
    for (int64_t i = 0; i < end && goes_on(poll, i); i++) {
        const uint32_t v = f->heap[i];
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const uint32_t u = graph->targets[e];
            if (row[u] != p->unreachable) continue;
            row[u] = row[v] + 1;
            f->heap[end++] = u;
        }
    }
}

/* Brings a node, which stands at place i or is new there, up to where it belongs. */
static void rise(finder *f, const double *row, int64_t i, uint32_t v)
{
    for (; i > 0 && row[f->heap[(i - 1) / 2]] > row[v]; i = (i - 1) / 2) {
        f->heap[i] = f->heap[(i - 1) / 2];
        f->place[f->heap[i]] = (uint32_t)i;
    }
    f->heap[i] = v;
    f->place[v] = (uint32_t)i;
}

static uint32_t take_nearest(finder *f, const double *row)
{
    const uint32_t nearest = f->heap[0], last = f->heap[--f->waiting];
    int64_t i = 0;

    for (int64_t child; (child = 2 * i + 1) < f->waiting; i = child) {
        if (child + 1 < f->waiting && row[f->heap[child + 1]] < row[f->heap[child]]) child++;
        if (row[f->heap[child]] >= row[last]) break;
        f->heap[i] = f->heap[child];
        f->place[f->heap[i]] = (uint32_t)i;
    }
    f->heap[i] = last;
    f->place[last] = (uint32_t)i;
    return nearest;
}

static void search_lengths(const paths *p, uint32_t source, finder *f, double *row,
                           kith_i_poll *poll)
{
    const kith_graph *graph = p->graph;

    row[source] = 0;
    f->waiting = 0;
    rise(f, row, f->waiting++, source);
    for (int64_t taken = 0; f->waiting && goes_on(poll, taken); taken++) {
        const uint32_t v = take_nearest(f, row);
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const uint32_t u = graph->targets[e];
            const double path = row[v] + length_of(p, e);
            if (path >= row[u]) continue;
            const bool known = row[u] != p->unreachable;
            row[u] = path;
            rise(f, row, known ? f->place[u] : f->waiting++, u);
        }
    }
}

/* kith_i_dissimilarity */
static kith_status find_paths(void *self, int64_t count, const uint32_t *items, double *rows,
                              kith_i_poll *poll, kith_error *err)
{
    const paths *p = self;
    const int64_t n = p->graph->nodes;
    const bool breadth = all_equal(p);

#pragma omp parallel for schedule(dynamic) num_threads(p->threads) if (p->threads > 1 && count > 1)
    for (int64_t i = 0; i < count; i++) {
        finder *f = &p->finders[omp_get_thread_num()];
        double *row = rows + i * n;
        for (int64_t v = 0; v < n; v++) row[v] = p->unreachable;
        (breadth ? search_breadth : search_lengths)(p, items[i], f, row, poll);
    }
    return kith_i_poll_check(poll, "searching paths", -1, err);
}

/* ---- The method ---- */

typedef struct {
    kith_k_medoids_options o;
    kith_i_poll poll;
    const kith_graph *graph;
    int64_t *nodes; /* with edges */
    int64_t count;
    kith_graph *joined; /* of these */
    paths paths;
    uint32_t *order, *medoids, *labels;
    double *nearest, *second;
    kith_i_medoids_report report;
} k_medoids;

static void k_medoids_clear(k_medoids *m)
{
    kith_i_free(m->nodes);
    kith_graph_free(m->joined);
    paths_clear(&m->paths);
    kith_i_free(m->order);
    kith_i_free(m->medoids);
    kith_i_free(m->labels);
    kith_i_free(m->nearest);
    kith_i_free(m->second);
}

/* The graph without nodes that have no edges. */
static kith_status take_joined(k_medoids *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *graph = m->graph;

    KITH_TRY(kith_i_alloc(&m->nodes, graph->nodes, sizeof *m->nodes, err));
    for (int64_t v = 0; v < graph->nodes; v++)
        if (kith_i_degree(graph, v) > 0) m->nodes[m->count++] = v;
    KITH_TRY(kith_i_graph_subgraph(graph, m->count, m->nodes, &m->poll, &m->joined, err));

done:
    return status;
}

static kith_status solve(k_medoids *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = m->count, k = m->o.k < n ? m->o.k : n;
    kith_i_random random = kith_i_random_at(m->o.run.seed, 0, 0);
    int64_t candidates = m->o.candidates;

    KITH_TRY(kith_i_alloc(&m->order, n, sizeof *m->order, err));
    KITH_TRY(kith_i_alloc(&m->medoids, k, sizeof *m->medoids, err));
    KITH_TRY(kith_i_alloc(&m->labels, n, sizeof *m->labels, err));
    KITH_TRY(kith_i_alloc(&m->nearest, n, sizeof *m->nearest, err));
    KITH_TRY(kith_i_alloc(&m->second, n, sizeof *m->second, err));
    kith_i_random_order(m->order, n, &random);
    memcpy(m->medoids, m->order, (size_t)k * sizeof *m->medoids);
    kith_i_random_order(m->order, n, &random);
    if (candidates == 0) candidates = n > ALL_CANDIDATES ? FEW_CANDIDATES : n;
    const kith_i_medoids_problem problem = { .n = n,
                                             .k = k,
                                             .dissimilarity = find_paths,
                                             .self = &m->paths,
                                             .candidates = candidates < n ? candidates : n,
                                             .order = m->order,
                                             .rounds = m->o.rounds };
    KITH_TRY(kith_i_medoids(&problem, &m->poll, m->medoids, m->labels, m->nearest, m->second,
                            &m->report, err));

done:
    return status;
}

/* The result; a time limit that has passed does not end it. */
static kith_status give(k_medoids *m, kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t nodes = m->graph->nodes;
    kith_run run;
    kith_i_poll patient = kith_i_poll_patient(&m->poll, &run);
    uint32_t *labels = NULL;
    double loss = 0, silhouette = 0, reached = 0;

    KITH_TRY(kith_i_alloc(&labels, nodes, sizeof *labels, err));
    memset(labels, 0xff, (size_t)nodes * sizeof *labels); /* unassigned */
    for (int64_t i = 0; i < m->count; i++) {
        if (m->nearest[i] >= m->paths.unreachable) continue;
        labels[m->nodes[i]] = m->labels[i];
        loss += m->nearest[i];
        silhouette += m->second[i] > 0 ? 1 - m->nearest[i] / m->second[i] : 0;
        reached++;
    }
    KITH_TRY(kith_i_partition_new(nodes, labels, &patient, out, err));
    (*out)->quality = loss;
    (*out)->iterations = m->report.rounds;
    (*out)->converged = m->count == 0 || m->report.converged;
    (*out)->stop = (*out)->converged               ? KITH_STOP_CONVERGED
                   : kith_i_poll_stopped(&m->poll) ? KITH_STOP_TIME
                                                   : KITH_STOP_ITERATIONS;
    if (reached > 0) kith_i_partition_figure(*out, "medoid_silhouette", silhouette / reached);

done:
    kith_i_free(labels);
    return status;
}

static const char *const lengths[] = { "inverse", "weights", "hops", NULL };

static const kith_option rows[] = {
    KITH_OPTION(kith_k_medoids_options, k, I64, 1, INT64_MAX, "medoids"),
    KITH_OPTION_CHOICE(kith_k_medoids_options, lengths, lengths,
                       "of edges: 1 / weight, weight or 1"),
    KITH_OPTION(kith_k_medoids_options, rounds, I64, 1, INT64_MAX, "cap on rounds"),
    KITH_OPTION(kith_k_medoids_options, candidates, I64, 0, INT64_MAX,
                "nodes that may become medoids; 0: all, but 1000 of over 30000"),
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const double n = (double)graph->nodes;
    const kith_k_medoids_options *o = options;
    const double k = (double)o->k < n ? (double)o->k : n;

    return 8 * n * (k + KITH_I_MEDOID_BATCH) + 80 * n + 12 * (double)graph->entries;
}

KITH_I_ALGORITHM(partition, k_medoids, KITH_K_MEDOIDS_OPTIONS_INIT, rows, bytes,
                 "nodes by their shortest path to one of k central ones");

kith_status kith_k_medoids(const kith_graph *graph, const kith_k_medoids_options *options,
                           kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    k_medoids m = { .graph = graph };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_k_medoids_code.options, &m.o, options, err));
    kith_i_poll_start(&m.poll, &m.o.run);
    KITH_CHECK(!graph->directed, KITH_E_UNSUPPORTED,
               "the graph is directed (expected an undirected one)");
    KITH_TRY(kith_i_graph_require_unsigned(graph, &m.poll, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, &m.o), "k-medoids", err));
    KITH_TRY(take_joined(&m, err));
    m.paths = (paths){ .graph = m.joined,
                       .lengths = m.o.lengths,
                       .threads = kith_i_threads_for(&m.o.run, m.joined->entries) };
    KITH_TRY(paths_init(&m.paths, &m.poll, err));
    if (m.count > 0) KITH_TRY(solve(&m, err));
    KITH_TRY(give(&m, out, err));

done:
    k_medoids_clear(&m);
    return status;
}
