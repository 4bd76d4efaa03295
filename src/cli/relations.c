/* Several relations over one node set, as one graph. */
#include "relations.h"

#include <stdlib.h>
#include <string.h>

/* Adds FILE under NAME. */
static kith_status add(kith_relations *relations, const char *name, const char *file,
                       const load_options *load, const run_options *run, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph *graph = NULL;

    TRY(load_graph(file, load, run, &graph, err));
    TRY(RUN_HELD(run, kith_relations_add(relations, name, graph, run_rest(run), err)));
    graph = NULL;

done:
    kith_graph_free(graph);
    return status;
}

/* NAME and FILE of "NAME=FILE"; free() the name. */
static kith_status split(const char *item, char **name, const char **file, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *equals = strchr(item, '=');

    CHECK(equals && equals > item && equals[1], CLI_USAGE,
          "--relation is '%.100s' (expected NAME=FILE)", item);
    TRY(cli_zeroed(name, equals - item + 1, 1, err));
    memcpy(*name, item, (size_t)(equals - item));
    *file = equals + 1;

done:
    return status;
}

kith_status relations_sum(const char *path, const argument_list *items, const load_options *load,
                          const run_options *run, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_relations *relations = NULL;
    const char *file = NULL;
    char *name = NULL;

    TRY(kith_relations_new(&relations, err));
    if (path) TRY(add(relations, "graph", path, load, run, err));
    for (int i = 0; i < items->count; i++) {
        free(name);
        name = NULL;
        TRY(split(items->items[i], &name, &file, err));
        TRY(add(relations, name, file, load, run, err));
    }
    TRY(RUN_HELD(run, kith_relations_sum(relations, NULL, run_rest(run), out, err)));

done:
    free(name);
    kith_relations_free(relations);
    return status;
}
