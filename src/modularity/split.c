/* Splitting communities into connected parts: union-find over the edges inside them. */
#include "modularity/split.h"

#include "core/forest.h"

static inline bool together(const uint32_t *labels, uint32_t u, uint32_t v)
{
    return !labels || labels[u] == labels[v];
}

kith_status kith_i_split_disconnected(const kith_graph *graph, const uint32_t *labels,
                                      const uint32_t *others, uint32_t *parts_of, int64_t *parts,
                                      kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *parent = NULL;

    KITH_TRY(kith_i_alloc(&parent, graph->nodes, sizeof *parent, err));
    for (int64_t v = 0; v < graph->nodes; v++) parent[v] = (uint32_t)v;
    for (int64_t e = 0, v = 0; v < graph->nodes; v++)
        for (; e < graph->offsets[v + 1]; e++) {
            const uint32_t u = graph->targets[e];
            if (u > v || parent[u] == parent[v]) continue;
            if (together(labels, u, (uint32_t)v) && together(others, u, (uint32_t)v))
                kith_i_forest_join(parent, (uint32_t)v, u);
        }
    *parts = 0;
    for (int64_t v = 0; v < graph->nodes; v++) { /* a root comes before the rest of its part */
        const uint32_t root = kith_i_forest_find(parent, (uint32_t)v);
        parts_of[v] = root == v ? (uint32_t)(*parts)++ : parts_of[root];
    }

done:
    kith_i_free(parent);
    return status;
}
