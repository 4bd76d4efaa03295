/* Graphs from graphs: the one on some of the nodes, the largest component, the undirected one.
 *
 * Rows are brought into ascending order by transposition: entries are filed by column while the
 * rows are walked in order. One transposition does for a symmetric adjacency, others take two. */
#include "graph/view.h"

#include "graph/build.h"
#include "graph/names.h"

#include <inttypes.h>
#include <string.h>

static const char transposing[] = "transposing"; /* a stage */

/* Adjacency in the making. */
typedef struct {
    int64_t   nodes;
    int64_t  *offsets; /* nodes + 1 */
    uint32_t *targets;
    double   *weights; /* NULL: all 1 */
} rows;

static void rows_clear(rows *r)
{
    kith_i_free(r->offsets);
    kith_i_free(r->targets);
    kith_i_free(r->weights);
    *r = (rows){ 0 };
}

static kith_status rows_reserve(rows *r, int64_t entries, bool weighted, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(&r->targets, entries, sizeof *r->targets, err));
    if (weighted) KITH_TRY(kith_i_alloc(&r->weights, entries, sizeof *r->weights, err));

done:
    return status;
}

/* Gives back what rows_reserve() got too much. */
static kith_status rows_trim(rows *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t entries = r->offsets[r->nodes];

    KITH_TRY(kith_i_resize(&r->targets, entries, sizeof *r->targets, err));
    if (r->weights) KITH_TRY(kith_i_resize(&r->weights, entries, sizeof *r->weights, err));

done:
    return status;
}

/* The rows as a graph that is read and never freed. */
static kith_graph view_of(const rows *r)
{
    return (kith_graph){ .nodes = r->nodes, .entries = r->offsets[r->nodes], .offsets = r->offsets,
                         .targets = r->targets, .weights64 = r->weights };
}

/* The graph of the rows, which it takes over. */
static kith_status finish(rows *r, bool directed, kith_i_names *names, kith_i_poll *poll,
                          kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    float *narrow = NULL;

    if (r->weights)
        KITH_TRY(kith_i_narrow_weights(&r->weights, r->offsets[r->nodes], poll, &narrow, err));
    const kith_i_arrays arrays = {
        .nodes = r->nodes,
        .offsets = r->offsets,
        .targets = r->targets,
        .weights32 = narrow,
        .weights64 = r->weights,
        .directed = directed,
        .loops = -1,
        .names = names,
    };
    KITH_TRY(kith_i_graph_adopt(&arrays, out, err));
    narrow = NULL;
    *r = (rows){ 0 };

done:
    kith_i_free(narrow);
    rows_clear(r);
    return status;
}

kith_status kith_i_graph_reweigh(const kith_graph *graph, double *weights, kith_graph **out,
                                 kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = graph->nodes;
    int64_t *offsets = NULL;
    uint32_t *targets = NULL;

    KITH_TRY(kith_i_alloc(&offsets, n + 1, sizeof *offsets, err));
    KITH_TRY(kith_i_alloc(&targets, graph->entries, sizeof *targets, err));
    memcpy(offsets, graph->offsets, (size_t)(n + 1) * sizeof *offsets);
    if (graph->entries)
        memcpy(targets, graph->targets, (size_t)graph->entries * sizeof *targets);
    const kith_i_arrays arrays = { .nodes = n,
                                   .offsets = offsets,
                                   .targets = targets,
                                   .weights64 = weights,
                                   .directed = graph->directed,
                                   .loops = -1 };
    KITH_TRY(kith_i_graph_adopt(&arrays, out, err));
    offsets = NULL;
    targets = NULL;

done:
    kith_i_free(offsets);
    kith_i_free(targets);
    return status;
}

/* Some rows of a graph, their targets renumbered. */
typedef struct {
    int64_t         count;
    const int64_t *nodes; /* row i is nodes[i], none when that is -1; NULL: i */
    const uint32_t *rank; /* of a node of the graph among `nodes`, UINT32_MAX: none; NULL: itself */
} selection;

static inline int64_t row_of(const selection *s, int64_t i)
{
    return s->nodes ? s->nodes[i] : i;
}

static inline uint32_t rank_of(const selection *s, uint32_t node)
{
    return s->rank ? s->rank[node] : node;
}

/* Row -1 has no entries. */
static inline int64_t begin_of(const kith_graph *g, int64_t v)
{
    return v < 0 ? 0 : g->offsets[v];
}

static inline int64_t end_of(const kith_graph *g, int64_t v)
{
    return v < 0 ? 0 : g->offsets[v + 1];
}

/* How many entries go to each rank: offsets[rank + 1]. */
static kith_status count_targets(const kith_graph *g, const selection *s, kith_i_poll *poll,
                                 int64_t *offsets, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t i = 0; i < s->count; i++) {
        const int64_t v = row_of(s, i), end = end_of(g, v);
        KITH_TRY(kith_i_poll_pass(poll, transposing, i, s->count, err));
        for (int64_t e = begin_of(g, v); e < end; e++) {
            const uint32_t u = rank_of(s, g->targets[e]);
            KITH_TRY(kith_i_poll_pass(poll, transposing, e, g->entries, err));
            if (u != UINT32_MAX) offsets[u + INT64_C(1)]++;
        }
    }

done:
    return status;
}

/* Files the entries by their ranks; out->offsets[u + 1] is where row u begins, and in the end where
 * it ends. */
static kith_status file_entries(const kith_graph *g, const selection *s, kith_i_poll *poll,
                                rows *out, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t i = 0; i < s->count; i++) {
        const int64_t v = row_of(s, i), end = end_of(g, v);
        KITH_TRY(kith_i_poll_pass(poll, transposing, i, s->count, err));
        for (int64_t e = begin_of(g, v); e < end; e++) {
            const uint32_t u = rank_of(s, g->targets[e]);
            KITH_TRY(kith_i_poll_pass(poll, transposing, e, g->entries, err));
            if (u == UINT32_MAX) continue;
            const int64_t at = out->offsets[u + INT64_C(1)]++;
            out->targets[at] = (uint32_t)i;
            if (out->weights) out->weights[at] = kith_i_weight(g, e);
        }
    }

done:
    return status;
}

/* The transposed adjacency of the selection, each row in ascending order. */
static kith_status transpose(const kith_graph *g, const selection *s, kith_i_poll *poll, rows *out,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t total = 0;

    *out = (rows){ .nodes = s->count };
    KITH_TRY(kith_i_zeroed(&out->offsets, s->count + 1, sizeof *out->offsets, err));
    KITH_TRY(count_targets(g, s, poll, out->offsets, err));
    for (int64_t u = 0; u < s->count; u++) {
        const int64_t length = out->offsets[u + 1];
        out->offsets[u + 1] = total;
        total += length;
    }
    KITH_TRY(rows_reserve(out, total, kith_graph_weighted(g), err));
    KITH_TRY(file_entries(g, s, poll, out, err));

done:
    return status;
}

/* The graph on the selected rows, which keeps the direction; `names` are of its nodes. */
static kith_status select_rows(const kith_graph *g, const selection *s, kith_i_names *names,
                               kith_i_poll *poll, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    rows columns = { 0 }, r = { 0 };

    KITH_TRY(transpose(g, s, poll, &r, err));
    if (g->directed) { /* back */
        columns = r;
        r = (rows){ 0 };
        const kith_graph view = view_of(&columns);
        KITH_TRY(transpose(&view, &(selection){ .count = s->count }, poll, &r, err));
    }
    KITH_TRY(finish(&r, g->directed, names, poll, out, err));

done:
    rows_clear(&columns);
    rows_clear(&r);
    return status;
}

/* ---- Subgraph ---- */

static kith_status rank_nodes(const kith_graph *g, const int64_t *nodes, int64_t count,
                              kith_i_poll *poll, uint32_t *rank, kith_error *err)
{
    kith_status status = KITH_OK;

    memset(rank, 0xff, (size_t)g->nodes * sizeof *rank);
    for (int64_t i = 0; i < count; i++) {
        KITH_TRY(kith_i_poll_pass(poll, "selecting nodes", i, count, err));
        KITH_CHECK(nodes[i] >= 0 && nodes[i] < g->nodes, KITH_E_ARGUMENT,
                   "node %" PRId64 " is not in the graph (expected 0 to %" PRId64 ")", nodes[i],
                   g->nodes - 1);
        KITH_CHECK(rank[nodes[i]] == UINT32_MAX, KITH_E_ARGUMENT,
                   "node %" PRId64 " is given twice (expected once)", nodes[i]);
        rank[nodes[i]] = (uint32_t)i;
    }

done:
    return status;
}

kith_status kith_i_graph_subgraph(const kith_graph *graph, int64_t count, const int64_t *nodes,
                                  kith_i_poll *poll, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *rank = NULL;
    kith_i_names *names = NULL;

    KITH_TRY(kith_i_graph_check(graph, poll, err));
    KITH_TRY(kith_i_alloc(&rank, graph->nodes, sizeof *rank, err));
    KITH_TRY(rank_nodes(graph, nodes, count, poll, rank, err));
    if (graph->names) KITH_TRY(kith_i_names_select(graph->names, nodes, count, poll, &names, err));
    KITH_TRY(select_rows(graph, &(selection){ count, nodes, rank }, names, poll, out, err));

done:
    kith_i_free(rank);
    kith_i_names_free(names);
    return status;
}

kith_status kith_graph_subgraph(const kith_graph *graph, int64_t count, const int64_t *nodes,
                                const kith_run *run, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_CHECK(count >= 0 && count <= graph->nodes, KITH_E_ARGUMENT,
               "count is %" PRId64 " (expected 0 to %" PRId64 ", the nodes of the graph)", count,
               graph->nodes);
    KITH_CHECK(nodes || !count, KITH_E_ARGUMENT, "nodes must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_subgraph(graph, count, nodes, &poll, out, err));

done:
    return status;
}

kith_status kith_i_graph_arrange(const kith_graph *graph, int64_t count, const uint32_t *rank,
                                 kith_i_names *names, kith_i_poll *poll, kith_graph **out,
                                 kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *nodes = NULL;

    KITH_TRY(kith_i_graph_check(graph, poll, err));
    KITH_TRY(kith_i_alloc(&nodes, count, sizeof *nodes, err));
    memset(nodes, 0xff, (size_t)count * sizeof *nodes); /* -1 */
    for (int64_t v = 0; v < graph->nodes; v++) nodes[rank[v]] = v;
    KITH_TRY(select_rows(graph, &(selection){ count, nodes, rank }, names, poll, out, err));

done:
    kith_i_free(nodes);
    return status;
}

kith_status kith_i_graph_largest_component(const kith_graph *graph, int threads, kith_i_poll *poll,
                                           kith_graph **out, int64_t **original, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *labels = NULL, size = 0;

    KITH_TRY(kith_i_alloc(&labels, graph->nodes, sizeof *labels, err));
    KITH_TRY(kith_i_graph_components(graph, threads, poll, labels, NULL, err));
    /* Its nodes take the place of the labels that have been read. */
    for (int64_t v = 0; v < graph->nodes; v++)
        if (labels[v] == 0) labels[size++] = v;
    if (original) KITH_TRY(kith_i_resize(&labels, size, sizeof *labels, err));
    KITH_TRY(kith_i_graph_subgraph(graph, size, labels, poll, out, err));
    if (!original) goto done;
    *original = labels;
    labels = NULL;

done:
    kith_i_free(labels);
    return status;
}

kith_status kith_graph_largest_component(const kith_graph *graph, const kith_run *run,
                                         kith_graph **out, int64_t **original, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    if (original) *original = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_largest_component(graph, kith_i_threads(&own), &poll, out, original,
                                            err));

done:
    return status;
}

/* ---- Symmetrise ---- */

/* What becomes of an arc and its reverse. */
typedef struct {
    const kith_graph *arcs, *reverse; /* A and its transpose */
    bool              sum, refuse;
    rows             *out;
} joining;

/* The weight of {v, u}, given the entries of row v in A and in A^T, -1 for none. The first of two
 * arcs is the one from the lower node. */
static double joined(const joining *j, int64_t v, int64_t u, int64_t arc, int64_t reverse)
{
    if (reverse < 0 || u == v) return kith_i_weight(j->arcs, arc);
    if (arc < 0) return kith_i_weight(j->reverse, reverse);
    if (j->sum) return kith_i_weight(j->arcs, arc) + kith_i_weight(j->reverse, reverse);
    return v < u ? kith_i_weight(j->arcs, arc) : kith_i_weight(j->reverse, reverse);
}

/* Merges the rows of v in A and A^T, both ascending, to the end of what is there. */
static kith_status join_row(const joining *j, int64_t v, int64_t *kept, kith_i_poll *poll,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *a = j->arcs, *t = j->reverse;
    int64_t e = a->offsets[v], f = t->offsets[v];

    while (e < a->offsets[v + 1] || f < t->offsets[v + 1]) {
        const uint32_t here = e < a->offsets[v + 1] ? a->targets[e] : UINT32_MAX;
        const uint32_t there = f < t->offsets[v + 1] ? t->targets[f] : UINT32_MAX;
        const uint32_t u = here < there ? here : there;
        const int64_t arc = here == u ? e++ : -1, reverse = there == u ? f++ : -1;
        KITH_TRY(kith_i_poll_pass(poll, "joining arcs", *kept, 2 * a->entries, err));
        KITH_CHECK(!j->refuse || arc < 0 || reverse < 0 || u == v, KITH_E_INPUT,
                   "there are arcs (%" PRId64 ", %" PRIu32 ") and (%" PRIu32 ", %" PRId64
                   ") (expected one of them)", v, u, u, v);
        if (j->out->weights) {
            const double weight = joined(j, v, u, arc, reverse);
            if (weight == 0) continue; /* of opposite signs */
            j->out->weights[*kept] = weight;
        }
        j->out->targets[(*kept)++] = u;
    }
    j->out->offsets[v + 1] = *kept;

done:
    return status;
}

static kith_status join_all(const kith_graph *graph, kith_duplicates rule, kith_i_poll *poll,
                            rows *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool weighted = kith_graph_weighted(graph);
    rows columns = { 0 };
    int64_t kept = 0;

    KITH_TRY(transpose(graph, &(selection){ .count = graph->nodes }, poll, &columns, err));
    const kith_graph reverse = view_of(&columns);
    const bool sum = rule == KITH_DUPLICATES_SUM || (rule == KITH_DUPLICATES_AUTO && weighted);
    const joining j = { graph, &reverse, sum, rule == KITH_DUPLICATES_REFUSE, out };
    out->nodes = graph->nodes;
    KITH_TRY(kith_i_zeroed(&out->offsets, out->nodes + 1, sizeof *out->offsets, err));
    KITH_TRY(rows_reserve(out, 2 * graph->entries, weighted || sum, err));
    for (int64_t v = 0; v < graph->nodes; v++) KITH_TRY(join_row(&j, v, &kept, poll, err));
    KITH_TRY(rows_trim(out, err));

done:
    rows_clear(&columns);
    return status;
}

kith_status kith_i_graph_symmetrise(const kith_graph *graph, kith_duplicates rule,
                                    kith_i_poll *poll, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    rows r = { 0 };

    KITH_TRY(kith_i_graph_check(graph, poll, err));
    if (graph->directed)
        KITH_TRY(join_all(graph, rule, poll, &r, err));
    else
        KITH_TRY(transpose(graph, &(selection){ .count = graph->nodes }, poll, &r, err)); /* it */
    KITH_TRY(finish(&r, false, graph->names, poll, out, err));

done:
    rows_clear(&r);
    return status;
}

kith_status kith_graph_symmetrise(const kith_graph *graph, kith_duplicates rule,
                                  const kith_run *run, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_CHECK(rule >= KITH_DUPLICATES_AUTO && rule <= KITH_DUPLICATES_REFUSE, KITH_E_ARGUMENT,
               "rule is %d (expected a kith_duplicates)", (int)rule);
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_symmetrise(graph, rule, &poll, out, err));

done:
    return status;
}
