/* Several named graphs over one node set, the union of theirs: a graph that lacks nodes gets longer
 * offsets, and only one whose names come in another order is copied. */
#include "kith/attributes.h"

#include "core/grb.h"
#include "graph/names.h"
#include "graph/strips.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { FINDS = 1 << 16 }; /* of names, between two polls */

typedef struct {
    char       *name;
    kith_graph *graph;
} relation;

struct kith_relations {
    int64_t   count, capacity;
    relation *relations;
};

kith_status kith_relations_new(kith_relations **out, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    KITH_TRY(kith_i_zeroed(out, 1, sizeof **out, err));

done:
    return status;
}

void kith_relations_free(kith_relations *relations)
{
    if (!relations) return;
    for (int64_t i = 0; i < relations->count; i++) {
        kith_i_free(relations->relations[i].name);
        kith_graph_free(relations->relations[i].graph);
    }
    kith_i_free(relations->relations);
    kith_i_free(relations);
}

/* ---- One node set ---- */

/* What a further relation changes, made before anything is changed. */
typedef struct {
    int64_t count;       /* of graphs, the new one being the last */
    int64_t nodes;       /* of the union */
    kith_i_names *names; /* of its nodes; NULL: none */
    kith_graph *placed;  /* the new graph over the union; NULL: it is as it should be */
    int64_t **offsets;   /* of each graph in the union; NULL: as they are */
} uniting;

static void uniting_clear(uniting *u)
{
    for (int64_t i = 0; u->offsets && i < u->count; i++) kith_i_free(u->offsets[i]);
    kith_i_free(u->offsets);
    kith_graph_free(u->placed);
    kith_i_names_free(u->names);
}

/* Which node of `names` each node of the graph is, UINT32_MAX for new ones; how many are new. */
static kith_status find_nodes(kith_i_names *names, const kith_graph *graph, kith_i_poll *poll,
                              uint32_t *rank, int64_t *missing, kith_error *err)
{
    kith_status status = KITH_OK;

    *missing = 0;
    KITH_TRY(kith_i_names_require(names, poll, err));
    KITH_TRY(kith_i_names_require(graph->names, poll, err));
    for (int64_t v = 0; v < graph->nodes; v++) {
        const char *name = kith_i_names_text(graph->names, v);
        const int64_t node = kith_i_names_find(names, name, (int64_t)strlen(name));
        if (v % FINDS == 0)
            KITH_TRY(
                kith_i_poll_check(poll, "matching nodes", (double)v / (double)graph->nodes, err));
        rank[v] = node < 0 ? UINT32_MAX : (uint32_t)node;
        *missing += node < 0;
    }

done:
    return status;
}

/* The names of the first graph with the new ones behind them, which get their ranks. */
static kith_status add_names(uniting *u, const kith_graph *first, const kith_graph *graph,
                             kith_i_poll *poll, uint32_t *rank, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t id;

    KITH_TRY(kith_i_names_copy(first->names, poll, &u->names, err));
    for (int64_t v = 0; v < graph->nodes; v++) {
        const char *name = kith_i_names_text(graph->names, v);
        if (v % FINDS == 0)
            KITH_TRY(
                kith_i_poll_check(poll, "matching nodes", (double)v / (double)graph->nodes, err));
        if (rank[v] != UINT32_MAX) continue;
        KITH_TRY(kith_i_names_add(u->names, name, (int64_t)strlen(name), &id, err));
        rank[v] = (uint32_t)id;
    }

done:
    return status;
}

/* The union by names: nodes of the first graph keep their numbers, new ones come behind. */
static kith_status unite_names(uniting *u, const kith_graph *first, const kith_graph *graph,
                               kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *rank = NULL;
    int64_t missing;
    bool in_place = true;

    KITH_TRY(kith_i_alloc(&rank, graph->nodes, sizeof *rank, err));
    KITH_TRY(find_nodes(first->names, graph, poll, rank, &missing, err));
    u->nodes = first->nodes + missing;
    KITH_CHECK(u->nodes <= KITH_I_MAX_NODES, KITH_E_UNSUPPORTED,
               "the relations have %" PRId64 " nodes (a graph has at most %" PRId64 ")", u->nodes,
               KITH_I_MAX_NODES);
    if (missing)
        KITH_TRY(add_names(u, first, graph, poll, rank, err));
    else
        u->names = kith_i_names_share(first->names);
    for (int64_t v = 0; v < graph->nodes; v++) in_place = in_place && rank[v] == v;
    if (!in_place)
        KITH_TRY(kith_i_graph_arrange(graph, u->nodes, rank, u->names, poll, &u->placed, err));

done:
    kith_i_free(rank);
    return status;
}

/* The union of the nodes of the relations and of a further graph. */
static kith_status unite(uniting *u, const kith_relations *relations, const char *name,
                         const kith_graph *graph, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *first = relations->count ? relations->relations[0].graph : graph;

    KITH_CHECK(!first->nodes || !graph->nodes || !first->names == !graph->names, KITH_E_ARGUMENT,
               "the nodes of relation %s have %s, those of relation %s %s (expected names in all "
               "relations, or in none)",
               name, graph->names ? "names" : "no names", relations->relations[0].name,
               first->names ? "have some" : "have none");
    if (graph != first && first->names && graph->names) {
        KITH_TRY(unite_names(u, first, graph, poll, err));
    } else {
        u->nodes = first->nodes > graph->nodes ? first->nodes : graph->nodes;
        u->names = kith_i_names_share(first->names ? first->names : graph->names);
    }
    KITH_TRY(kith_i_zeroed(&u->offsets, u->count, sizeof *u->offsets, err));
    for (int64_t i = 0; i < u->count; i++) {
        const kith_graph *g = i + 1 < u->count ? relations->relations[i].graph
                              : u->placed      ? u->placed
                                               : graph;
        if (g->nodes < u->nodes)
            KITH_TRY(kith_i_graph_longer(g, u->nodes, poll, &u->offsets[i], err));
    }

done:
    return status;
}

kith_status kith_relations_add(kith_relations *relations, const char *name, kith_graph *graph,
                               const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    char *copy = NULL;
    uniting u = { 0 };
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(relations && name && graph, KITH_E_ARGUMENT,
               "relations, name and graph must not be NULL");
    for (int64_t i = 0; i < relations->count; i++)
        KITH_CHECK(strcmp(relations->relations[i].name, name) != 0, KITH_E_ARGUMENT,
                   "there is a relation %s already", name);
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_copy_text(&copy, name, err));
    KITH_TRY(kith_i_grow(&relations->relations, relations->count, &relations->capacity,
                         sizeof *relations->relations, err));
    u.count = relations->count + 1;
    KITH_TRY(unite(&u, relations, name, graph, &poll, err));
    if (u.placed) {
        kith_graph_free(graph);
        graph = u.placed;
        u.placed = NULL;
    }
    relations->relations[relations->count++] = (relation){ copy, graph };
    copy = NULL;
    for (int64_t i = 0; i < u.count; i++)
        kith_i_graph_extend(relations->relations[i].graph, u.nodes, &u.offsets[i], u.names);

done:
    uniting_clear(&u);
    kith_i_free(copy);
    return status;
}

int64_t kith_relations_count(const kith_relations *relations)
{
    return relations->count;
}

const char *kith_relations_name(const kith_relations *relations, int64_t i)
{
    return relations->relations[i].name;
}

const kith_graph *kith_relations_graph(const kith_relations *relations, int64_t i)
{
    return relations->relations[i].graph;
}

static double weight_of(const double *weights, int64_t i)
{
    return weights ? weights[i] : 1;
}

/* ---- The sum ---- */

enum { STRIP = 1 << 19 }; /* entries of all relations in a strip */

typedef struct {
    const kith_relations *relations;
    const double *weights;
    kith_i_strips strips;
} sum;

static const kith_graph *graph_of(const sum *s, int64_t i)
{
    return s->relations->relations[i].graph;
}

/* Entries of row v in all relations, and the relation that has most of them. */
static int64_t count_row(const sum *s, int64_t v, const kith_graph **longest)
{
    int64_t count = 0;

    *longest = graph_of(s, 0);
    for (int64_t i = 0; i < s->relations->count; i++) {
        if (weight_of(s->weights, i) == 0) continue;
        count += kith_i_degree(graph_of(s, i), v);
        if (kith_i_degree(graph_of(s, i), v) > kith_i_degree(*longest, v))
            *longest = graph_of(s, i);
    }
    return count;
}

/* Cuts the rows into strips, long rows at columns of theirs, however many threads there are. */
static kith_status cut(sum *s, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->strips.rows;
    int64_t inside = STRIP;

    for (int64_t v = 0; v < n; v++) {
        const kith_graph *longest;
        const int64_t count = count_row(s, v, &longest), parts = 1 + count / STRIP;
        KITH_TRY(kith_i_poll_pass(poll, "cutting rows", v, n, err));
        if (inside + count > STRIP) {
            KITH_TRY(kith_i_strips_add(&s->strips, (kith_i_place){ v, 0 }, err));
            inside = 0;
        }
        inside += count;
        const uint32_t *columns = longest->targets + longest->offsets[v];
        for (int64_t part = 1; part < parts; part++) {
            const int64_t at = kith_i_degree(longest, v) / parts * part;
            KITH_TRY(kith_i_strips_add(&s->strips, (kith_i_place){ v, columns[at] }, err));
        }
    }

done:
    return status;
}

/* The entry of a graph at a place. */
static int64_t entry_at(const kith_graph *g, kith_i_place place)
{
    return place.column ? kith_i_graph_entry(g, place.row, place.column) : g->offsets[place.row];
}

/* total += w_r A_r in a strip. */
static kith_status add_block(const sum *s, int64_t strip, int64_t i, GrB_Descriptor one,
                             GrB_Matrix total, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = graph_of(s, i);
    kith_i_poll none = { 0 };
    GrB_Matrix block = NULL;
    const kith_i_block part = {
        .first = s->strips.begin[strip].row,
        .rows = kith_i_strips_rows(&s->strips, strip),
        .begin = entry_at(g, s->strips.begin[strip]),
        .end = entry_at(g, kith_i_strips_end(&s->strips, strip)),
        .columns = g->nodes,
    };

    KITH_TRY(kith_i_matrix_from_graph(g, &part, &none, &block, err));
    KITH_GRB(GrB_Matrix_apply_BinaryOp1st_FP64(total, NULL, GrB_PLUS_FP64, GrB_TIMES_FP64,
                                               weight_of(s->weights, i), block, one));

done:
    GrB_Matrix_free(&block);
    return status;
}

/* sum_r w_r A_r in a strip, without zeros. Each entry is added up in the order of the relations. */
static kith_status add_strip(void *self, int64_t strip, kith_error *err)
{
    kith_status status = KITH_OK;
    sum *s = self;
    kith_i_poll none = { 0 };
    GrB_Descriptor one = NULL;
    GrB_Matrix total = NULL;

    KITH_TRY(kith_i_grb_threads(1, &one, err));
    KITH_GRB(GrB_Matrix_new(&total, GrB_FP64, (GrB_Index)kith_i_strips_rows(&s->strips, strip),
                            (GrB_Index)s->strips.rows));
    KITH_GRB(GxB_Matrix_Option_set(total, GxB_SPARSITY_CONTROL, GxB_SPARSE));
    for (int64_t i = 0; i < s->relations->count; i++)
        if (weight_of(s->weights, i) != 0) KITH_TRY(add_block(s, strip, i, one, total, err));
    KITH_GRB(GrB_Matrix_select_FP64(total, NULL, NULL, GrB_VALUENE_FP64, total, 0, one));
    KITH_TRY(kith_i_rows_from_matrix(&total, &none, &s->strips.made[strip], err));

done:
    GrB_Matrix_free(&total);
    GrB_Descriptor_free(&one);
    return status;
}

/* Checks relations and weights; whether the sum is directed. */
static kith_status check(const sum *s, kith_i_poll *poll, bool *directed, kith_error *err)
{
    kith_status status = KITH_OK;

    *directed = false;
    for (int64_t i = 0; i < s->relations->count; i++) {
        const double weight = weight_of(s->weights, i);
        KITH_CHECK(isfinite(weight), KITH_E_ARGUMENT,
                   "the weight of relation %s is %g (expected a finite number)",
                   s->relations->relations[i].name, weight);
        if (weight == 0) continue;
        KITH_TRY(kith_i_graph_check(graph_of(s, i), poll, err));
        *directed = *directed || graph_of(s, i)->directed;
    }

done:
    return status;
}

kith_status kith_relations_sum(const kith_relations *relations, const double *weights,
                               const kith_run *run, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    sum s = { relations, weights, { 0 } };
    bool directed;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(relations, KITH_E_ARGUMENT, "relations must not be NULL");
    KITH_CHECK(relations->count, KITH_E_ARGUMENT, "there are no relations (expected at least one)");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_init(err));
    KITH_TRY(check(&s, &poll, &directed, err));
    s.strips.rows = graph_of(&s, 0)->nodes;
    const int threads = kith_i_threads(&own);
    KITH_TRY(cut(&s, &poll, err));
    KITH_TRY(kith_i_strips_make(&s.strips, threads, &poll, "adding relations", add_strip, &s, err));
    KITH_TRY(
        kith_i_strips_graph(&s.strips, directed, graph_of(&s, 0)->names, threads, &poll, out, err));

done:
    kith_i_strips_clear(&s.strips);
    return status;
}
