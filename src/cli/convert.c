/* kith convert: a graph in another format, or a part of it. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    bool         largest_component;
    int          project, to;
    const char  *original;
    load_options load;
    run_options  run;
} settings;

#define FIELD(field) offsetof(settings, field)

enum { PROJECT_NOT, PROJECT_ROWS, PROJECT_COLUMNS };
static const char *const sides[] = { "no", "rows", "columns", NULL };

static const argument rows[] = {
    { "largest-component", '\0', ARGUMENT_FLAG, FIELD(largest_component), NULL, NULL,
      "keep the largest connected component only" },
    { "original", '\0', ARGUMENT_TEXT, FIELD(original), "FILE", NULL,
      "with --largest-component: write the old id of each node, one per line" },
    { "project", '\0', ARGUMENT_CHOICE, FIELD(project), "rows|columns", sides,
      "IN joins rows to columns: write the graph of one side, whose nodes are joined by what they "
      "share on the other" },
    { "to", '\0', ARGUMENT_CHOICE, FIELD(to), "mtx|edges|npz", load_formats,
      "format of OUT (default: by its ending; .mtx, .npz, else an edge list)" },
    { 0 }
};

/* Replaces the graph by its largest component; free() the old ids. */
static kith_status keep_largest(kith_graph **graph, const run_options *run, int64_t **original,
                                kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph *part = NULL;

    TRY(RUN_HELD(run, kith_graph_largest_component(*graph, run_rest(run), &part, original, err)));
    kith_graph_free(*graph);
    *graph = part;

done:
    return status;
}

/* How large a graph is. */
typedef struct {
    int64_t nodes, edges;
} size;

static void print(const settings *s, const char *const operands[2], const size *in,
                  const kith_graph *graph)
{
    const bool taken = !strcmp(operands[1], "-") || (s->original && !strcmp(s->original, "-"));
    summary out;

    run_summary(&s->run, taken, &out);
    summary_object(&out, "input");
    summary_text(&out, "path", operands[0]);
    summary_integer(&out, "nodes", in->nodes);
    summary_integer(&out, "edges", in->edges);
    summary_close(&out);
    summary_graph(&out, "graph", operands[1], graph);
    summary_text(&out, "original", s->original);
    summary_object(&out, "seconds");
    summary_seconds(&out, "total", run_seconds());
    summary_close(&out);
    run_summary_end(&out);
}

static kith_status check(const settings *s, const char *const operands[2], kith_error *err)
{
    kith_status status = KITH_OK;

    CHECK(!s->original || s->largest_component, CLI_USAGE, "--original needs --largest-component");
    CHECK(!s->original || strcmp(s->original, operands[1]) != 0, CLI_USAGE,
          "OUT and --original are both %.200s", s->original);
    TRY(load_writable(operands[1], err));
    TRY(load_writable(s->original, err));

done:
    return status;
}

/* Rows, or columns, of a bipartite graph, joined by what they share. */
static kith_status project(const settings *s, const char *path, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool columns = s->project == PROJECT_COLUMNS;
    kith_bipartite *bipartite = NULL;

    TRY(load_bipartite(path, &s->load, &s->run, &bipartite, err));
    TRY(RUN_HELD(&s->run, kith_bipartite_project(bipartite, columns, run_rest(&s->run), out, err)));

done:
    kith_bipartite_free(bipartite);
    return status;
}

kith_status cli_convert(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { 0 };
    kith_graph *graph = NULL;
    int64_t *original = NULL;
    const char *operands[ARGUMENT_OPERANDS];
    const arguments command = {
        .verb = "convert",
        .operands = { "IN", "OUT" },
        .required = 2,
        .purpose =
            "Writes the graph IN as OUT. Formats are edge lists, MatrixMarket (.mtx) and the "
            "graph\n"
            "file (.npz), which opens at once however large it is and which SciPy reads too; .gz\n"
            "and .zst compress. - is standard input or output.\n",
        .groups = { { "Options", rows, &s, NULL },
                    { "Reading", rows_load, &s.load, NULL },
                    { "Running", rows_run, &s.run, NULL } },
        .examples = "  kith convert graph.txt.gz graph.npz\n"
                    "  kith convert web.mtx core.npz --undirected --largest-component\n"
                    "  kith convert ratings.mtx users.npz --project rows\n"
    };

    TRY(arguments_parse(&command, argv, operands, err));
    TRY(check(&s, operands, err));
    if (s.project) TRY(project(&s, operands[0], &graph, err));
    else TRY(load_graph(operands[0], &s.load, &s.run, &graph, err));
    const size in = { kith_graph_nodes(graph), kith_graph_edges(graph) };
    if (s.largest_component) TRY(keep_largest(&graph, &s.run, &original, err));
    TRY(RUN_HELD(&s.run,
                 kith_graph_write(graph, operands[1], (kith_format)s.to, run_rest(&s.run), err)));
    if (s.original)
        TRY(RUN_HELD(&s.run, kith_labels_write(s.original, NULL, kith_graph_nodes(graph), original,
                                               run_rest(&s.run), err)));
    print(&s, operands, &in, graph);

done:
    kith_graph_free(graph);
    free(original);
    return status;
}
