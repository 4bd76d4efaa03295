/* Graphs and labels from files, for every verb. */
#include "load.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const load_formats[] = { "auto", "mtx", "edges", "npz", NULL };

/* Standard input can be read once. */
static kith_status claim(const char *path, kith_error *err)
{
    static bool taken;

    if (strcmp(path, "-") != 0) return KITH_OK;
    if (taken) return cli_fail(err, CLI_USAGE, "standard input (-) can stand for one file only");
    taken = true;
    return KITH_OK;
}

/* A number, where it is given. */
static kith_status take_number(const char *text, const char *name, bool times, double *out,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    char *end;

    if (!text) return KITH_OK;
    CHECK(times, CLI_USAGE, "--%s needs --times", name);
    *out = strtod(text, &end);
    CHECK(*text && !*end && isfinite(*out), CLI_USAGE, "--%s is '%s' (expected a number)", name,
          text);

done:
    return status;
}

static kith_status take_times(const load_options *options, kith_times *out, kith_error *err)
{
    kith_status status = KITH_OK;

    out->given = options->times;
    TRY(take_number(options->since, "since", out->given, &out->since, err));
    TRY(take_number(options->until, "until", out->given, &out->until, err));
    TRY(take_number(options->half_life, "half-life", out->given, &out->half_life, err));
    CHECK(out->half_life >= 0, CLI_USAGE, "--half-life is %g (expected at least 0)",
          out->half_life);

done:
    return status;
}

static kith_status prepare(const load_options *options, const run_options *run,
                           kith_read_options *read, kith_error *err)
{
    kith_status status = KITH_OK;

    *read = (kith_read_options)KITH_READ_OPTIONS_INIT;
    read->graph.direction = options->directed ? KITH_DIRECTED : KITH_DETECT;
    read->graph.loops = (kith_loops)options->self_loops;
    read->graph.ignore_weights = options->no_weights;
    read->ids = (kith_ids)options->ids;
    read->format = (kith_format)options->format;
    TRY(take_times(options, &read->times, err));
    TRY(run_fill(run, &read->graph.run, err));

done:
    return status;
}

kith_status load_graph(const char *path, const load_options *options, const run_options *run,
                       kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_read_options read;
    kith_graph *graph = NULL;

    *out = NULL;
    CHECK(!options->directed || !options->undirected, CLI_USAGE,
          "--directed and --undirected exclude each other");
    TRY(claim(path, err));
    TRY(prepare(options, run, &read, err));
    TRY(RUN_HELD(run, kith_graph_read(path, &read, &graph, err)));
    if (options->undirected && kith_graph_directed(graph)) {
        TRY(RUN_HELD(run,
                     kith_graph_symmetrise(graph, KITH_DUPLICATES_AUTO, run_rest(run), out, err)));
    } else {
        *out = graph;
        graph = NULL;
    }

done:
    kith_graph_free(graph);
    return status;
}

kith_status load_bipartite(const char *path, const load_options *options, const run_options *run,
                           kith_bipartite **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_read_options read;

    *out = NULL;
    CHECK(!options->directed && !options->undirected && options->self_loops == KITH_LOOPS_KEEP,
          CLI_USAGE,
          "a bipartite graph takes neither --directed nor --undirected nor --self-loops");
    TRY(claim(path, err));
    TRY(prepare(options, run, &read, err));
    TRY(RUN_HELD(run, kith_bipartite_read(path, &read, out, err)));

done:
    return status;
}

kith_status load_labels(const char *path, const kith_graph *graph, const run_options *run,
                        int64_t *count, int64_t **out, kith_error *err)
{
    kith_status status = KITH_OK;

    *out = NULL;
    TRY(claim(path, err));
    TRY(RUN_HELD(run, kith_labels_read(path, graph, run_rest(run), count, out, err)));

done:
    return status;
}

kith_status load_label_pair(const char *path, const char *other_path, const run_options *run,
                            int64_t *count, int64_t **out, int64_t **other, kith_error *err)
{
    kith_status status = KITH_OK;

    *out = *other = NULL;
    TRY(claim(path, err));
    TRY(claim(other_path, err));
    TRY(RUN_HELD(run,
                 kith_labels_read_pair(path, other_path, run_rest(run), count, out, other, err)));

done:
    return status;
}

kith_status load_features(const char *path, const kith_graph *graph, const run_options *run,
                          kith_features **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_read_options read = KITH_READ_OPTIONS_INIT;
    kith_features *features = NULL;

    *out = NULL;
    TRY(claim(path, err));
    TRY(run_fill(run, &read.graph.run, err));
    TRY(RUN_HELD(run, kith_features_read(path, &read, &features, err)));
    CHECK(!graph || kith_features_rows(features) == kith_graph_nodes(graph), KITH_E_INPUT,
          "%s: %" PRId64 " rows of features (expected %" PRId64 ", one for each node)", path,
          kith_features_rows(features), kith_graph_nodes(graph));
    *out = features;
    features = NULL;

done:
    kith_features_free(features);
    return status;
}

static int ascending(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The distinct labels, in ascending order; -1 is none. */
static kith_status distinct(int64_t count, const int64_t *values, int64_t **out, int64_t *found,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *sorted = NULL, kept = 0;

    TRY(cli_zeroed(&sorted, count, sizeof *sorted, err));
    memcpy(sorted, values, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, ascending);
    for (int64_t i = 0; i < count; i++)
        if (sorted[i] >= 0 && (kept == 0 || sorted[i] != sorted[kept - 1]))
            sorted[kept++] = sorted[i];
    *out = sorted;
    *found = kept;

done:
    return status;
}

/* Every label as its rank among the distinct ones. */
static kith_status rank(int64_t count, const int64_t *values, int64_t **ranks, int64_t **numbers,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t found = 0;

    TRY(distinct(count, values, numbers, &found, err));
    TRY(cli_zeroed(ranks, count, sizeof **ranks, err));
    for (int64_t i = 0; i < count; i++) {
        const int64_t *at =
            bsearch(&values[i], *numbers, (size_t)found, sizeof **numbers, ascending);
        (*ranks)[i] = at ? at - *numbers : -1;
    }

done:
    return status;
}

kith_status load_partition_from(int64_t count, const int64_t *values, const run_options *run,
                                load_partition *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *ranks = NULL, largest = -1;

    *out = (load_partition){ 0 };
    for (int64_t i = 0; i < count; i++)
        if (values[i] > largest) largest = values[i];
    if (largest >= count) TRY(rank(count, values, &ranks, &out->numbers, err));
    TRY(RUN_HELD(run, kith_partition_from_labels(count, ranks ? ranks : values, run_rest(run),
                                                 &out->partition, err)));

done:
    free(ranks);
    return status;
}

kith_status load_partition_read(const char *path, const kith_graph *graph, const run_options *run,
                                load_partition *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *values = NULL, count;

    *out = (load_partition){ 0 };
    TRY(load_labels(path, graph, run, &count, &values, err));
    TRY(load_partition_from(count, values, run, out, err));

done:
    free(values);
    return status;
}

void load_partition_clear(load_partition *partition)
{
    kith_partition_free(partition->partition);
    free(partition->numbers);
    *partition = (load_partition){ 0 };
}

kith_status load_writable(const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_output *output = NULL;

    if (!path || !strcmp(path, "-")) return KITH_OK;
    TRY(kith_output_open(path, &output, err));
    kith_output_abandon(output);

done:
    return status;
}
