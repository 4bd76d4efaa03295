/* A hierarchical map. In the code of a tree, a module that holds modules has a codebook with a word
 * for each of them, as often used as it is entered, and one for the way out. So it costs what a
 * module costs whose nodes are visited as often as these modules are entered: the two-level search
 * finds levels above when it is told so, and levels below when it searches in parts. */
#include "flow/levels.h"

#include "graph/partition.h"

#include <string.h>

#define LEAST_GAIN 1e-10 /* bits that make a level worth having */

typedef struct {
    kith_i_climber *climber;
    const kith_i_network *network;
    uint32_t *bottom, *top;
    int64_t *modules;
    double *length;
} tree;

/* One level above the top: modules of the top's modules, unless that code is longer. `gained`: it
 * was not. */
static kith_status add_above(tree *t, int64_t *tops, bool *gained, kith_error *err)
{
    kith_status status = KITH_OK;
    static const kith_i_parts whole = { .count = 1 };
    const int64_t n = t->network->graph->nodes;
    kith_i_network above = { 0 };
    uint32_t *labels = NULL;
    double index = 0, told;
    int64_t count;

    *gained = false;
    KITH_TRY(kith_i_network_coarsen(t->network, t->top, *tops, t->climber->threads,
                                    t->climber->poll, &above, err));
    memcpy(above.flow, above.enter, (size_t)*tops * sizeof *above.flow);
    for (int64_t c = 0; c < *tops; c++) index += above.enter[c];
    KITH_TRY(kith_i_alloc(&labels, *tops, sizeof *labels, err));
    kith_i_map_singletons(labels, *tops);
    KITH_TRY(kith_i_map_climb(t->climber, &above, &whole, labels, &count, err));
    KITH_TRY(kith_i_map_lengths(&above, &whole, labels, &told, err));
    if (told > kith_i_plogp(index) - LEAST_GAIN) goto done;
    *gained = true;
    *t->length += told - kith_i_plogp(index);
    *tops = count;
    for (int64_t v = 0; v < n; v++) t->top[v] = labels[t->top[v]];

done:
    kith_i_network_clear(&above);
    kith_i_free(labels);
    return status;
}

/* One level below the bottom, in those modules whose code it shortens. */
static kith_status add_below(tree *t, bool *gained, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = t->network->graph->nodes, modules = *t->modules;
    kith_i_network above = { 0 };
    uint32_t *pieces = NULL, *number = NULL;
    double *told = NULL;
    int64_t count;

    *gained = false;
    KITH_TRY(kith_i_alloc(&pieces, n, sizeof *pieces, err));
    KITH_TRY(kith_i_alloc(&number, n, sizeof *number, err));
    KITH_TRY(kith_i_alloc(&told, modules, sizeof *told, err));
    KITH_TRY(kith_i_network_coarsen(t->network, t->bottom, modules, t->climber->threads,
                                    t->climber->poll, &above, err));
    const kith_i_parts parts = { modules, t->bottom, above.exit };
    kith_i_map_singletons(pieces, n);
    KITH_TRY(kith_i_map_climb(t->climber, t->network, &parts, pieces, &count, err));
    KITH_TRY(kith_i_map_lengths(t->network, &parts, pieces, told, err));
    for (int64_t c = 0; c < modules; c++) {
        told[c] -= kith_i_plogp(above.exit[c] + above.flow[c]);
        if (told[c] > -LEAST_GAIN) continue;
        *gained = true;
        *t->length += told[c];
    }
    /* A module that stays whole takes the number of its first piece. */
    memset(number, 0xff, (size_t)n * sizeof *number);
    for (int64_t v = 0; v < n; v++) {
        const uint32_t c = t->bottom[v];
        if (number[c] == UINT32_MAX) number[c] = pieces[v];
        if (told[c] > -LEAST_GAIN) pieces[v] = number[c];
    }
    if (*gained) {
        memcpy(t->bottom, pieces, (size_t)n * sizeof *pieces);
        *t->modules = kith_i_renumber(t->bottom, n, number);
    }

done:
    kith_i_network_clear(&above);
    kith_i_free(pieces);
    kith_i_free(number);
    kith_i_free(told);
    return status;
}

kith_status kith_i_map_levels(kith_i_climber *climber, const kith_i_network *network,
                              uint32_t *bottom, int64_t *modules, uint32_t *top, double *length,
                              int64_t *levels, kith_error *err)
{
    kith_status status = KITH_OK;
    tree t = { climber, network, bottom, top, modules, length };
    int64_t tops = *modules;
    bool gained = true;

    *levels = 2;
    memcpy(top, bottom, (size_t)network->graph->nodes * sizeof *top);
    while (gained) {
        KITH_TRY(add_above(&t, &tops, &gained, err));
        *levels += gained;
    }
    for (gained = true; gained; *levels += gained) KITH_TRY(add_below(&t, &gained, err));

done:
    return status;
}
