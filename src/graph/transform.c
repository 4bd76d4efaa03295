/* Graphs from graphs: the one on some of the nodes, the largest component, the undirected one.
 *
 * Rows are brought into ascending order by transposition: entries are filed by column while the
 * rows are walked in order. One transposition does for a symmetric adjacency, others take two. */
#include "graph/view.h"

#include "graph/build.h"
#include "graph/names.h"

#include <inttypes.h>
#include <string.h>

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
static kith_status finish(rows *r, bool directed, kith_i_names *names, kith_graph **out,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    float *narrow = NULL;

    if (r->weights)
        KITH_TRY(kith_i_narrow_weights(&r->weights, r->offsets[r->nodes], &narrow, err));
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

/* Some rows of a graph, their targets renumbered. */
typedef struct {
    int64_t         count;
    const int64_t  *nodes; /* row i is nodes[i]; NULL: i */
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

/* The transposed adjacency of the selection, each row in ascending order. */
static kith_status transpose(const kith_graph *g, const selection *s, rows *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t total = 0;

    *out = (rows){ .nodes = s->count };
    KITH_TRY(kith_i_zeroed(&out->offsets, s->count + 1, sizeof *out->offsets, err));
    for (int64_t i = 0; i < s->count; i++)
        for (int64_t v = row_of(s, i), e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const uint32_t u = rank_of(s, g->targets[e]);
            if (u != UINT32_MAX) out->offsets[u + INT64_C(1)]++;
        }
    /* While rows are filled, offsets[u + 1] is the place of the next entry of row u. */
    for (int64_t u = 0; u < s->count; u++) {
        const int64_t length = out->offsets[u + 1];
        out->offsets[u + 1] = total;
        total += length;
    }
    KITH_TRY(rows_reserve(out, total, kith_graph_weighted(g), err));
    for (int64_t i = 0; i < s->count; i++)
        for (int64_t v = row_of(s, i), e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const uint32_t u = rank_of(s, g->targets[e]);
            if (u == UINT32_MAX) continue;
            const int64_t at = out->offsets[u + INT64_C(1)]++;
            out->targets[at] = (uint32_t)i;
            if (out->weights) out->weights[at] = kith_i_weight(g, e);
        }

done:
    return status;
}

/* ---- Subgraph ---- */

static kith_status rank_nodes(const kith_graph *g, const int64_t *nodes, int64_t count,
                              uint32_t *rank, kith_error *err)
{
    kith_status status = KITH_OK;

    memset(rank, 0xff, (size_t)g->nodes * sizeof *rank);
    for (int64_t i = 0; i < count; i++) {
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

kith_status kith_graph_subgraph(const kith_graph *graph, int64_t count, const int64_t *nodes,
                                kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *rank = NULL;
    kith_i_names *names = NULL;
    rows columns = { 0 }, r = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_CHECK(count >= 0 && count <= graph->nodes, KITH_E_ARGUMENT,
               "count is %" PRId64 " (expected 0 to %" PRId64 ", the nodes of the graph)", count,
               graph->nodes);
    KITH_CHECK(nodes || !count, KITH_E_ARGUMENT, "nodes must not be NULL");
    KITH_TRY(kith_i_graph_require(graph, err));
    KITH_TRY(kith_i_alloc(&rank, graph->nodes, sizeof *rank, err));
    KITH_TRY(rank_nodes(graph, nodes, count, rank, err));
    if (graph->names) KITH_TRY(kith_i_names_select(graph->names, nodes, count, &names, err));
    KITH_TRY(transpose(graph, &(selection){ count, nodes, rank }, &r, err));
    if (graph->directed) { /* back */
        columns = r;
        r = (rows){ 0 };
        const kith_graph view = view_of(&columns);
        KITH_TRY(transpose(&view, &(selection){ .count = count }, &r, err));
    }
    KITH_TRY(finish(&r, graph->directed, names, out, err));

done:
    kith_i_free(rank);
    kith_i_names_free(names);
    rows_clear(&columns);
    rows_clear(&r);
    return status;
}

kith_status kith_graph_largest_component(const kith_graph *graph, kith_graph **out,
                                         int64_t **original, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *labels = NULL, size = 0;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    if (original) *original = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_alloc(&labels, graph->nodes, sizeof *labels, err));
    KITH_TRY(kith_graph_components(graph, labels, NULL, err));
    /* Its nodes take the place of the labels that have been read. */
    for (int64_t v = 0; v < graph->nodes; v++)
        if (labels[v] == 0) labels[size++] = v;
    KITH_TRY(kith_graph_subgraph(graph, size, labels, out, err));
    if (!original) goto done;
    KITH_TRY(kith_i_resize(&labels, size, sizeof *labels, err));
    *original = labels;
    labels = NULL;

done:
    if (status != KITH_OK && out) {
        kith_graph_free(*out);
        *out = NULL;
    }
    kith_i_free(labels);
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
static kith_status join_row(const joining *j, int64_t v, int64_t *kept, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *a = j->arcs, *t = j->reverse;
    int64_t e = a->offsets[v], f = t->offsets[v];

    while (e < a->offsets[v + 1] || f < t->offsets[v + 1]) {
        const uint32_t here = e < a->offsets[v + 1] ? a->targets[e] : UINT32_MAX;
        const uint32_t there = f < t->offsets[v + 1] ? t->targets[f] : UINT32_MAX;
        const uint32_t u = here < there ? here : there;
        const int64_t arc = here == u ? e++ : -1, reverse = there == u ? f++ : -1;
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

static kith_status join_all(const kith_graph *graph, kith_duplicates rule, rows *out,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    const bool weighted = kith_graph_weighted(graph);
    rows columns = { 0 };
    int64_t kept = 0;

    KITH_TRY(transpose(graph, &(selection){ .count = graph->nodes }, &columns, err));
    const kith_graph reverse = view_of(&columns);
    const bool sum = rule == KITH_DUPLICATES_SUM || (rule == KITH_DUPLICATES_AUTO && weighted);
    const joining j = { graph, &reverse, sum, rule == KITH_DUPLICATES_REFUSE, out };
    out->nodes = graph->nodes;
    KITH_TRY(kith_i_zeroed(&out->offsets, out->nodes + 1, sizeof *out->offsets, err));
    KITH_TRY(rows_reserve(out, 2 * graph->entries, weighted || sum, err));
    for (int64_t v = 0; v < graph->nodes; v++) KITH_TRY(join_row(&j, v, &kept, err));
    KITH_TRY(rows_trim(out, err));

done:
    rows_clear(&columns);
    return status;
}

kith_status kith_graph_symmetrise(const kith_graph *graph, kith_duplicates rule, kith_graph **out,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    rows r = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_CHECK(rule >= KITH_DUPLICATES_AUTO && rule <= KITH_DUPLICATES_REFUSE, KITH_E_ARGUMENT,
               "rule is %d (expected a kith_duplicates)", (int)rule);
    KITH_TRY(kith_i_graph_require(graph, err));
    if (graph->directed) KITH_TRY(join_all(graph, rule, &r, err));
    else KITH_TRY(transpose(graph, &(selection){ .count = graph->nodes }, &r, err)); /* itself */
    KITH_TRY(finish(&r, false, graph->names, out, err));

done:
    rows_clear(&r);
    return status;
}
