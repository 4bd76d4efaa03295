/* What a verb is given to work on. */
#include "given.h"

#include <stdlib.h>
#include <string.h>

#define FIELD(field) offsetof(given, field)

const argument given_rows[] = {
    { "relation", '\0', ARGUMENT_LIST, FIELD(relations), "NAME=FILE", NULL,
      "a further graph on the same nodes, may be repeated; methods for one graph get the sum" },
    { "bipartite", '\0', ARGUMENT_FLAG, FIELD(bipartite), NULL, NULL,
      "GRAPH joins rows to columns; methods for one graph get rows, joined by what they share" },
    { 0 }
};

kith_status given_check(const given *in, const char *verb, kith_error *err)
{
    kith_status status = KITH_OK;

    CHECK(in->path || in->relations.count, CLI_USAGE,
          "which graph? (kith %s GRAPH; kith %s --help)", verb, verb);
    CHECK(!in->bipartite || !in->relations.count, CLI_USAGE,
          "--bipartite and --relation exclude each other");

done:
    return status;
}

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

static kith_status read_relations(given *in, const load_options *load, const run_options *run,
                                  own_options *own, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *file = NULL;
    char *name = NULL;

    TRY(kith_relations_new(&in->named, err));
    if (in->path) TRY(add(in->named, "graph", in->path, load, run, err));
    for (int i = 0; i < in->relations.count; i++) {
        free(name);
        name = NULL;
        TRY(split(in->relations.items[i], &name, &file, err));
        TRY(add(in->named, name, file, load, run, err));
    }
    TRY(RUN_HELD(run, kith_relations_sum(in->named, NULL, run_rest(run), &in->own_graph, err)));
    own_options_lend(own, KITH_OPTION_RELATIONS, in->named);
    in->graph = in->own_graph;

done:
    free(name);
    return status;
}

/* The row nodes alone, for their names: no edge joins two of them. */
static kith_status take_rows(given *in, const run_options *run, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t rows = kith_bipartite_rows(in->sides);
    int64_t *nodes = NULL;

    TRY(cli_zeroed(&nodes, rows, sizeof *nodes, err));
    for (int64_t i = 0; i < rows; i++) nodes[i] = i;
    TRY(RUN_HELD(run, kith_graph_subgraph(in->graph, rows, nodes, run_rest(run), &in->own_rows,
                                          err)));
    in->labelled = in->own_rows;

done:
    free(nodes);
    return status;
}

static kith_status read_bipartite(given *in, const load_options *load, const run_options *run,
                                  own_options *own, kith_error *err)
{
    kith_status status = KITH_OK;

    TRY(load_bipartite(in->path, load, run, &in->sides, err));
    if (own_options_lend(own, KITH_OPTION_BIPARTITE, in->sides)) {
        in->graph = kith_bipartite_graph(in->sides);
        TRY(take_rows(in, run, err));
    } else {
        TRY(RUN_HELD(run, kith_bipartite_project(in->sides, false, run_rest(run), &in->own_graph,
                                                 err)));
        in->graph = in->own_graph;
    }

done:
    return status;
}

kith_status given_read(given *in, const load_options *load, const run_options *run,
                       own_options *own, kith_error *err)
{
    kith_status status = KITH_OK;

    if (in->relations.count) {
        TRY(read_relations(in, load, run, own, err));
    } else if (in->bipartite) {
        TRY(read_bipartite(in, load, run, own, err));
    } else {
        TRY(load_graph(in->path, load, run, &in->own_graph, err));
        in->graph = in->own_graph;
    }
    if (!in->labelled) in->labelled = in->graph;
    TRY(own_options_read(own, in->labelled, run, err));

done:
    return status;
}

void given_summary(const given *in, summary *out)
{
    summary_graph(out, "graph", in->path, in->graph);
    if (!in->relations.count) return;
    summary_array(out, "relations");
    for (int i = 0; i < in->relations.count; i++) summary_text(out, NULL, in->relations.items[i]);
    summary_close(out);
}

void given_clear(given *in)
{
    kith_graph_free(in->own_graph);
    kith_graph_free(in->own_rows);
    kith_relations_free(in->named);
    kith_bipartite_free(in->sides);
}
