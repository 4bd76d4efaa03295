/* The multilevel search of the map equation [Rosvall2010]. */
#include "flow/climb.h"

#include "graph/partition.h"

void kith_i_map_singletons(uint32_t *labels, int64_t nodes)
{
    for (int64_t v = 0; v < nodes; v++) labels[v] = (uint32_t)v;
}

kith_status kith_i_map_climb(kith_i_climber *climber, const kith_i_network *finest,
                             const kith_i_parts *parts, uint32_t *labels, int64_t *modules,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = finest->graph->nodes;
    const kith_i_network *level = finest;
    const uint32_t *of_level = labels; /* the modules of its nodes */
    kith_i_network coarse = { 0 }, next = { 0 };
    uint32_t *units = NULL, *part = NULL, *number = NULL;

    *modules = n;
    KITH_TRY(kith_i_alloc(&number, n, sizeof *number, err));
    KITH_TRY(kith_i_alloc(&units, n, sizeof *units, err));
    if (parts->of) KITH_TRY(kith_i_alloc(&part, n, sizeof *part, err));
    const kith_i_parts within = { parts->count, part, parts->exit };
    status = kith_i_map_settle(level, parts, &climber->random, climber->poll, labels, err);
    *modules = kith_i_renumber(labels, n, number);
    KITH_TRY(status);
    for (int64_t nodes = n; *modules < nodes;) {
        nodes = *modules;
        KITH_TRY(kith_i_network_coarsen(level, of_level, nodes, climber->threads, climber->poll,
                                        &next, err));
        kith_i_network_clear(&coarse);
        coarse = next;
        next = (kith_i_network){ 0 };
        level = &coarse;
        of_level = units;
        for (int64_t v = 0; part && v < n; v++) part[labels[v]] = parts->of[v];
        kith_i_map_singletons(units, nodes);
        status = kith_i_map_settle(level, &within, &climber->random, climber->poll, units, err);
        *modules = kith_i_renumber(units, nodes, number);
        for (int64_t v = 0; v < n; v++) labels[v] = units[labels[v]];
        KITH_TRY(status);
    }

done:
    kith_i_network_clear(&next);
    kith_i_network_clear(&coarse);
    kith_i_free(units);
    kith_i_free(part);
    kith_i_free(number);
    return status;
}
