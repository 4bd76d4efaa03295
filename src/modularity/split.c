/* Splitting communities into their connected parts: union-find over the edges inside them. */
#include "modularity/split.h"

#include "core/forest.h"

kith_status kith_i_split_disconnected(const kith_graph *graph, const uint32_t *labels,
                                      uint32_t *parts_of, int64_t *parts, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *parent = NULL;

    KITH_TRY(kith_i_alloc(&parent, graph->nodes, sizeof *parent, err));
    for (int64_t v = 0; v < graph->nodes; v++) parent[v] = (uint32_t)v;
    for (int64_t v = 0; v < graph->nodes; v++)
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
            if (labels[graph->targets[e]] == labels[v])
                kith_i_forest_join(parent, (uint32_t)v, graph->targets[e]);
    *parts = 0;
    for (int64_t v = 0; v < graph->nodes; v++) { /* a root comes before the rest of its part */
        const uint32_t root = kith_i_forest_find(parent, (uint32_t)v);
        parts_of[v] = root == v ? (uint32_t)(*parts)++ : parts_of[root];
    }

done:
    kith_i_free(parent);
    return status;
}
