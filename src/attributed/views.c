/* Relations over one node set. */
#include "attributed/views.h"

#include <inttypes.h>

int64_t kith_i_views_count(const kith_relations *relations)
{
    return relations && kith_relations_count(relations) ? kith_relations_count(relations) : 1;
}

static const kith_graph *view_of(const kith_graph *graph, const kith_relations *relations,
                                 int64_t r)
{
    if (!relations || !kith_relations_count(relations)) return graph;
    return kith_relations_graph(relations, r);
}

int64_t kith_i_views_entries(const kith_graph *graph, const kith_relations *relations)
{
    int64_t entries = 0;

    for (int64_t r = 0; r < kith_i_views_count(relations); r++)
        entries += view_of(graph, relations, r)->entries;
    return entries;
}

kith_status kith_i_views_open(const kith_graph *graph, const kith_relations *relations,
                              kith_i_poll *poll, kith_i_views *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t count = kith_i_views_count(relations);

    *out = (kith_i_views){ .nodes = graph->nodes };
    KITH_TRY(kith_i_alloc(&out->graphs, count, sizeof *out->graphs, err));
    for (; out->count < count; out->count++) {
        const kith_graph *view = view_of(graph, relations, out->count);
        KITH_CHECK(view->nodes == graph->nodes, KITH_E_ARGUMENT,
                   "relations have %" PRId64 " nodes, the graph has %" PRId64
                   " (expected it to be their sum)",
                   view->nodes, graph->nodes);
        KITH_CHECK(!view->directed, KITH_E_UNSUPPORTED,
                   "the graph is directed (expected an undirected one)");
        KITH_TRY(kith_i_graph_require_unsigned(view, poll, err));
        out->graphs[out->count] = view;
    }

done:
    if (status != KITH_OK) kith_i_views_clear(out);
    return status;
}

void kith_i_views_clear(kith_i_views *views)
{
    kith_i_free(views->graphs);
    *views = (kith_i_views){ 0 };
}

void kith_i_views_weights(int64_t count, const double *weights, kith_partition *out)
{
    static const char *const names[] = { "weight_1", "weight_2", "weight_3",
                                         "weight_4", "weight_5", "weight_6" };
    const int64_t most = sizeof names / sizeof *names;

    for (int64_t r = 0; r < count && r < most; r++)
        kith_i_partition_figure(out, names[r], weights[r]);
}
