/* Several relations over one node set, as one graph. */
#include "relations.h"

#include <stdlib.h>
#include <string.h>

/* Names say which node is which: puts the nodes of `*graph` in the order of `first`. Without names
 * the numbers say it. */
static kith_status align(const kith_graph *first, const char *file, kith_graph **graph,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = kith_graph_nodes(first);
    int64_t *nodes = NULL;
    kith_graph *aligned = NULL;
    bool same = true;

    if (n == 0 || n != kith_graph_nodes(*graph)) return KITH_OK; /* for the container to refuse */
    CHECK(!kith_graph_name(first, 0) == !kith_graph_name(*graph, 0), KITH_E_INPUT,
          "%s: nodes %s names, those of the first relation %s", file,
          kith_graph_name(*graph, 0) ? "have" : "have no",
          kith_graph_name(first, 0) ? "have" : "have none");
    if (!kith_graph_name(first, 0)) return KITH_OK;
    TRY(cli_zeroed(&nodes, n, sizeof *nodes, err));
    for (int64_t v = 0; v < n; v++) {
        nodes[v] = kith_graph_find(*graph, kith_graph_name(first, v));
        CHECK(nodes[v] >= 0, KITH_E_INPUT, "%s: there is no node '%.60s', as in the first relation",
              file, kith_graph_name(first, v));
        same &= nodes[v] == v;
    }
    if (same) goto done;
    TRY(kith_graph_subgraph(*graph, n, nodes, &aligned, err));
    kith_graph_free(*graph);
    *graph = aligned;

done:
    free(nodes);
    return status;
}

/* Adds FILE under NAME. */
static kith_status add(kith_relations *relations, const char *name, const char *file,
                       const load_options *load, const run_options *run, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph *graph = NULL;

    TRY(load_graph(file, load, run, &graph, err));
    if (kith_relations_count(relations))
        TRY(align(kith_relations_graph(relations, 0), file, &graph, err));
    TRY(kith_relations_add(relations, name, graph, err));
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
    TRY(kith_relations_sum(relations, NULL, out, err));

done:
    free(name);
    kith_relations_free(relations);
    return status;
}
