/* kith info: what a graph is like, and what it takes to cluster it. */
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

/* Smallest, mean, median and largest of many numbers. */
typedef struct {
    double min, mean, median, max;
} spread;

static int ascending(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static spread spread_of(int64_t count, int64_t *numbers)
{
    spread s = { NAN, NAN, NAN, NAN };
    double sum = 0;

    if (count == 0) return s;
    qsort(numbers, (size_t)count, sizeof *numbers, ascending);
    for (int64_t i = 0; i < count; i++) sum += (double)numbers[i];
    s.min = (double)numbers[0];
    s.mean = sum / (double)count;
    s.median = (double)(numbers[(count - 1) / 2] + numbers[count / 2]) / 2;
    s.max = (double)numbers[count - 1];
    return s;
}

/* What the graph is like. */
typedef struct {
    spread  degrees, out_degrees, in_degrees;
    int64_t isolated, components, largest;
    double least, most, total; /* weights */
} facts;

/* How many edges leave each node, and those that come in at it; an undirected loop does both. */
static void count_degrees(const kith_graph *graph, int64_t *out, int64_t *in)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    const uint32_t *targets = kith_graph_targets(graph);
    const bool directed = kith_graph_directed(graph);

    for (int64_t v = 0; v < n; v++) out[v] = offsets[v + 1] - offsets[v];
    for (int64_t v = 0; v < n; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++)
            if (directed || targets[e] == v) in[targets[e]]++;
}

static kith_status find_degrees(const kith_graph *graph, facts *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = kith_graph_nodes(graph);
    int64_t *all = NULL, *out = NULL, *in = NULL;

    TRY(cli_zeroed(&all, n, sizeof *all, err));
    TRY(cli_zeroed(&out, n, sizeof *out, err));
    TRY(cli_zeroed(&in, n, sizeof *in, err));
    count_degrees(graph, out, in);
    for (int64_t v = 0; v < n; v++) all[v] = out[v] + in[v];
    for (int64_t v = 0; v < n; v++) f->isolated += all[v] == 0;
    f->degrees = spread_of(n, all);
    if (kith_graph_directed(graph)) {
        f->out_degrees = spread_of(n, out);
        f->in_degrees = spread_of(n, in);
    }

done:
    free(all);
    free(out);
    free(in);
    return status;
}

static kith_status find_components(const kith_graph *graph, const run_options *run, facts *f,
                                   kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = kith_graph_nodes(graph);
    int64_t *labels = NULL;

    TRY(cli_zeroed(&labels, n, sizeof *labels, err));
    TRY(RUN_HELD(run, kith_graph_components(graph, run_rest(run), labels, &f->components, err)));
    for (int64_t v = 0; v < n; v++) f->largest += labels[v] == 0;

done:
    free(labels);
    return status;
}

static kith_status find_weights(const kith_graph *graph, const run_options *run, facts *f,
                                kith_error *err)
{
    f->least = INFINITY;
    f->most = -INFINITY;
    for (int64_t e = 0; e < kith_graph_entries(graph); e++) {
        const double weight = kith_graph_weight(graph, e);
        f->least = fmin(f->least, weight);
        f->most = fmax(f->most, weight);
    }
    return RUN_HELD(run, kith_graph_total_weight(graph, run_rest(run), &f->total, err));
}

static void print_spread(summary *out, const char *key, const spread *s)
{
    summary_object(out, key);
    summary_real(out, "min", s->min);
    summary_real(out, "mean", s->mean);
    summary_real(out, "median", s->median);
    summary_real(out, "max", s->max);
    summary_close(out);
}

static void print_facts(summary *out, const kith_graph *graph, const facts *f)
{
    print_spread(out, "degrees", &f->degrees);
    if (kith_graph_directed(graph)) {
        print_spread(out, "out_degrees", &f->out_degrees);
        print_spread(out, "in_degrees", &f->in_degrees);
    }
    summary_integer(out, "isolated", f->isolated);
    summary_object(out, "components");
    summary_integer(out, "count", f->components);
    summary_integer(out, "largest", f->largest);
    summary_close(out);
    summary_object(out, "weights");
    summary_real(out, "min", f->least);
    summary_real(out, "max", f->most);
    summary_seconds(out, "total", f->total);
    summary_close(out);
}

static void print_memory(summary *out, const kith_graph *graph)
{
    summary_bytes(out, "graph_bytes", (double)kith_graph_bytes(graph));
    summary_object(out, "algorithm_bytes");
    for (int64_t i = 0; i < kith_algorithm_count(); i++) {
        const kith_algorithm *a = kith_algorithm_at(i);
        summary_bytes(out, a->name, a->code->bytes(graph, a->code->options.defaults));
    }
    summary_close(out);
}

static void print(const settings *s, const char *path, const kith_graph *graph, const facts *f,
                  double read)
{
    summary out;

    run_summary(&s->run, false, &out);
    summary_graph(&out, "graph", path, graph);
    summary_boolean(&out, "named", kith_graph_nodes(graph) && kith_graph_name(graph, 0));
    if (s->check) summary_boolean(&out, "checked", true);
    print_facts(&out, graph, f);
    print_memory(&out, graph);
    summary_object(&out, "seconds");
    summary_seconds(&out, "read", read);
    summary_seconds(&out, "total", run_seconds());
    summary_close(&out);
    run_summary_end(&out);
}

kith_status cli_info(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { 0 };
    kith_graph *graph = NULL;
    facts f = { 0 };
    double read;
    const char *operands[ARGUMENT_OPERANDS];
    const arguments command = {
        .verb = "info",
        .operands = { "GRAPH" },
        .required = 1,
        .purpose =
            "Says what a graph is like: size, degrees, components, weights, self-loops, and the\n"
            "memory that each algorithm takes on it. A self-loop counts twice in a degree, once\n"
            "each as an out-degree and an in-degree; isolated nodes have no edge at all.\n",
        .groups = { { "Options", rows, &s, NULL },
                    { "Reading", rows_load, &s.load, NULL },
                    { "Running", rows_run, &s.run, NULL } },
        .examples = "  kith info graph.mtx.gz\n  kith info graph.npz --check --json\n"
    };

    TRY(arguments_parse(&command, argv, operands, err));
    TRY(load_graph(operands[0], &s.load, &s.run, &graph, err));
    read = run_seconds();
    status = RUN_HELD(&s.run, kith_graph_check(graph, run_rest(&s.run), err));
    if (status == KITH_E_INPUT) TRY(cli_prefix(err, status, operands[0]));
    TRY(status);
    if (s.check) TRY(RUN_HELD(&s.run, kith_graph_require_names(graph, run_rest(&s.run), err)));
    TRY(find_degrees(graph, &f, err));
    TRY(find_components(graph, &s.run, &f, err));
    TRY(find_weights(graph, &s.run, &f, err));
    print(&s, operands[0], graph, &f, read);

done:
    kith_graph_free(graph);
    return status;
}
