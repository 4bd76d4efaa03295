/* kith info: what a graph is like. */
#include "rows.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    bool         check;
    load_options load;
    run_options  run;
} settings;

static const argument rows[] = {
    { "check", '\0', ARGUMENT_FLAG, offsetof(settings, check), NULL, NULL,
      "check every offset and id of a graph file, and say so" },
    { 0 }
};

static int ascending(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Lengths of the rows; of a directed graph, out-degrees. */
static kith_status print_degrees(const kith_graph *graph, summary *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    int64_t *degrees = NULL, isolated = 0;

    TRY(cli_zeroed(&degrees, n, sizeof *degrees, err));
    for (int64_t v = 0; v < n; v++) degrees[v] = offsets[v + 1] - offsets[v];
    qsort(degrees, (size_t)n, sizeof *degrees, ascending);
    while (isolated < n && degrees[isolated] == 0) isolated++;
    summary_object(out, kith_graph_directed(graph) ? "out_degrees" : "degrees");
    summary_real(out, "min", n ? (double)degrees[0] : NAN);
    summary_real(out, "mean", n ? (double)kith_graph_entries(graph) / (double)n : NAN);
    summary_real(out, "median", n ? (double)(degrees[(n - 1) / 2] + degrees[n / 2]) / 2 : NAN);
    summary_real(out, "max", n ? (double)degrees[n - 1] : NAN);
    summary_close(out);
    if (!kith_graph_directed(graph)) summary_integer(out, "isolated", isolated);

done:
    free(degrees);
    return status;
}

static kith_status print_components(const kith_graph *graph, summary *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *labels = NULL, count = 0, largest = 0;

    TRY(cli_zeroed(&labels, kith_graph_nodes(graph), sizeof *labels, err));
    TRY(kith_graph_components(graph, labels, &count, err));
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++) largest += labels[v] == 0;
    summary_object(out, "components");
    summary_integer(out, "count", count);
    summary_integer(out, "largest", largest);
    summary_close(out);

done:
    free(labels);
    return status;
}

static void print_weights(const kith_graph *graph, summary *out)
{
    double least = INFINITY, most = -INFINITY;

    for (int64_t e = 0; e < kith_graph_entries(graph); e++) {
        const double weight = kith_graph_weight(graph, e);
        least = weight < least ? weight : least;
        most = weight > most ? weight : most;
    }
    summary_object(out, "weights");
    summary_real(out, "min", least);
    summary_real(out, "max", most);
    summary_real(out, "total", kith_graph_total_weight(graph));
    summary_close(out);
}

/* What each algorithm takes beyond the graph, with its default options. */
static void print_memory(const kith_graph *graph, summary *out)
{
    summary_bytes(out, "graph_bytes", (double)kith_graph_bytes(graph));
    summary_object(out, "algorithm_bytes");
    for (int64_t i = 0; i < kith_algorithm_count(); i++) {
        const kith_algorithm *a = kith_algorithm_at(i);
        summary_bytes(out, a->name, a->code->bytes(graph, a->code->options.defaults));
    }
    summary_close(out);
}

static kith_status print(const settings *s, const char *path, const kith_graph *graph,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    summary out;

    run_summary(&s->run, false, &out);
    summary_graph(&out, "graph", path, graph);
    summary_boolean(&out, "named",
                    kith_graph_name(graph, 0) != NULL && kith_graph_nodes(graph) > 0);
    if (s->check) summary_boolean(&out, "checked", true);
    TRY(print_degrees(graph, &out, err));
    TRY(print_components(graph, &out, err));
    print_weights(graph, &out);
    print_memory(graph, &out);
    run_summary_end(&out);

done:
    return status;
}

kith_status cli_info(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { 0 };
    kith_graph *graph = NULL;
    const char *operands[ARGUMENT_OPERANDS];
    const arguments command = {
        .verb = "info",
        .operands = { "GRAPH" },
        .required = 1,
        .purpose =
            "Says what a graph is like: size, degrees, components, weights, self-loops, and the\n"
            "memory that each algorithm takes on it.\n",
        .groups = { { "Options", rows, &s, NULL },
                    { "Reading", rows_load, &s.load, NULL },
                    { "Running", rows_run, &s.run, NULL } },
        .examples = "  kith info graph.mtx.gz\n  kith info graph.npz --check --json\n"
    };

    TRY(arguments_parse(&command, argv, operands, err));
    TRY(load_graph(operands[0], &s.load, &s.run, &graph, err));
    status = kith_graph_check(graph, err);
    if (status == KITH_E_INPUT) TRY(cli_prefix(err, status, operands[0]));
    TRY(status);
    TRY(print(&s, operands[0], graph, err));

done:
    kith_graph_free(graph);
    return status;
}
