/* Several named graphs over one node set. */
#include "kith/attributes.h"

#include "core/grb.h"
#include "graph/companion.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

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

kith_status kith_relations_add(kith_relations *relations, const char *name, kith_graph *graph,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    char *copy = NULL;

    KITH_CHECK(relations && name && graph, KITH_E_ARGUMENT,
               "relations, name and graph must not be NULL");
    for (int64_t i = 0; i < relations->count; i++)
        KITH_CHECK(strcmp(relations->relations[i].name, name) != 0, KITH_E_ARGUMENT,
                   "there is a relation %s already", name);
    const int64_t nodes = relations->count ? relations->relations[0].graph->nodes : graph->nodes;
    KITH_CHECK(graph->nodes == nodes, KITH_E_ARGUMENT,
               "relation %s has %" PRId64 " nodes (expected %" PRId64 ", as relation %s)", name,
               graph->nodes, nodes, relations->relations[0].name);
    KITH_TRY(kith_i_copy_text(&copy, name, err));
    KITH_TRY(kith_i_grow(&relations->relations, relations->count, &relations->capacity,
                         sizeof *relations->relations, err));
    relations->relations[relations->count++] = (relation){ copy, graph };
    copy = NULL;

done:
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

/* sum_r w_r A_r. Each entry is added up in the order of the relations, whatever the threads. */
static kith_status add_up(const kith_relations *relations, const double *weights, GrB_Matrix total,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    GrB_Descriptor threads = NULL;
    GrB_Matrix adjacency; /* the graph's */

    KITH_TRY(kith_i_grb_threads(kith_i_threads(NULL), &threads, err));
    for (int64_t i = 0; i < relations->count; i++) {
        if (weight_of(weights, i) == 0) continue;
        KITH_TRY(kith_graph_grb(relations->relations[i].graph, &adjacency, err));
        KITH_GRB(GrB_Matrix_apply_BinaryOp1st_FP64(total, NULL, GrB_PLUS_FP64, GrB_TIMES_FP64,
                                                   weight_of(weights, i), adjacency, threads));
    }

done:
    GrB_Descriptor_free(&threads);
    return status;
}

kith_status kith_relations_sum(const kith_relations *relations, const double *weights,
                               kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_i_names *names = NULL; /* of a relation's graph */
    GrB_Matrix total = NULL;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(relations, KITH_E_ARGUMENT, "relations must not be NULL");
    KITH_CHECK(relations->count, KITH_E_ARGUMENT, "there are no relations (expected at least one)");
    o.direction = KITH_UNDIRECTED;
    o.signed_weights = true;
    for (int64_t i = 0; i < relations->count; i++) {
        const kith_graph *graph = relations->relations[i].graph;
        KITH_CHECK(isfinite(weight_of(weights, i)), KITH_E_ARGUMENT,
                   "the weight of relation %s is %g (expected a finite number)",
                   relations->relations[i].name, weight_of(weights, i));
        if (!names) names = graph->names;
        if (graph->directed && weight_of(weights, i) != 0) o.direction = KITH_DIRECTED;
    }
    const GrB_Index nodes = (GrB_Index)relations->relations[0].graph->nodes;
    KITH_TRY(kith_init(err));
    KITH_GRB(GrB_Matrix_new(&total, GrB_FP64, nodes, nodes));
    KITH_TRY(add_up(relations, weights, total, err));
    KITH_TRY(kith_i_graph_from_matrix(&total, &o, names, out, err));

done:
    GrB_Matrix_free(&total);
    return status;
}
