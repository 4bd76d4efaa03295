/* Leiden, Louvain and label propagation on one graph.
 *
 *   modularity [GRAPH [SEEDS [THREADS [METHOD...]]]]
 *
 * GRAPH is a file or a number of edges, of an LFR graph of mean degree 20 (default 10^6). Each
 * METHOD is the name of an algorithm with options of its own, "leiden:iterations=1"; without any,
 * those below run. For each of the SEEDS, "0-4" unless told otherwise, every method runs once, in a
 * process of its own, so that memory peaks do not add up. One JSON line per run; peak_mib is what
 * comes on top of the graph. bench/compare.py sets these figures beside those of other programs. */
#include "kith/kith.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const usual[] = { "leiden:iterations=1", "leiden", "louvain",
                                     "label-propagation" };

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "modularity: %s: %s\n", what, why);
    exit(1);
}

static double seconds_on(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double peak_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

/* On one thread, since the processes that follow could not use a team of this one. */
static kith_graph *graph_of(const char *text)
{
    kith_read_options read = KITH_READ_OPTIONS_INIT;
    kith_lfr_options lfr = KITH_LFR_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    char *end;

    const double edges = strtod(text, &end);
    read.graph.run.threads = lfr.run.threads = 1;
    if (*end) {
        if (kith_graph_read(text, &read, &graph, &err) != KITH_OK ||
            kith_graph_check(graph, &read.graph.run, &err) != KITH_OK)
            stop(text, err.message);
        return graph;
    }
    if (!(edges >= 1e4 && edges <= 1e10)) stop("usage", "at least 10000 edges");
    lfr.nodes = (int64_t)(edges / 10);
    lfr.mixing = 0.33;
    lfr.max_degree = 100;
    lfr.min_size = 100;
    lfr.max_size = 1000;
    if (kith_generate_lfr(&lfr, &graph, NULL, &err) != KITH_OK) stop("lfr", err.message);
    return graph;
}

/* The row and the options of "name:option=value,..."; the caller frees the options. */
static kith_run *read_method(const char *text, const kith_algorithm **row)
{
    char *copy = strdup(text), *rest = NULL, *name = copy ? strtok_r(copy, ":", &rest) : NULL;
    kith_error err = { 0 };

    *row = name ? kith_algorithm_find(name) : NULL;
    if (!*row || (*row)->kind != KITH_KIND_partition) stop(text, "no such method");
    const kith_options_spec *spec = &(*row)->code->options;
    kith_run *options = malloc(spec->size);
    if (!options) stop("memory", "there is none left");
    memcpy(options, spec->defaults, spec->size);
    for (char *o; (o = strtok_r(NULL, ",", &rest));) {
        char *value = strchr(o, '=');
        if (!value) stop(o, "expected option=value");
        *value = '\0';
        if (kith_option_set(spec, options, o, value + 1, &err) != KITH_OK) stop(name, err.message);
    }
    free(copy);
    return options;
}

static void print_phases(const kith_partition *p)
{
    const char *name;
    double seconds;

    printf("\"phases\":{");
    for (int64_t i = 0; (name = kith_partition_phase(p, i, &seconds)); i++)
        printf("%s\"%s\":%.4f", i ? "," : "", name, seconds);
    printf("}");
}

static void run(const kith_graph *graph, const char *method, int64_t seed, int64_t threads)
{
    const kith_algorithm *row;
    kith_run *options = read_method(method, &row);
    kith_result result = { 0 };
    kith_quality quality;
    kith_error err = { 0 };

    options->seed = (uint64_t)seed;
    options->threads = threads;
    const double before = peak_mib();
    const double begun = seconds_on(CLOCK_MONOTONIC), worked = seconds_on(CLOCK_PROCESS_CPUTIME_ID);
    if (row->code->run(graph, options, &result, &err) != KITH_OK) stop(method, err.message);
    const double seconds = seconds_on(CLOCK_MONOTONIC) - begun;
    const double cpu = seconds_on(CLOCK_PROCESS_CPUTIME_ID) - worked, peak = peak_mib() - before;
    const kith_partition *p = result.partition;
    if (kith_evaluate(graph, p, 1, NULL, &quality, NULL, &err) != KITH_OK)
        stop(method, err.message);
    printf("{\"bench\":\"modularity\",\"method\":\"%s\",\"n\":%" PRId64 ",\"edges\":%" PRId64
           ",\"threads\":%" PRId64 ",\"seed\":%" PRId64 ",\"seconds\":%.4f,\"cpu_seconds\":%.4f,",
           method, kith_graph_nodes(graph), kith_graph_edges(graph), threads, seed, seconds, cpu);
    print_phases(p);
    printf(",\"iterations\":%" PRId64 ",\"communities\":%" PRId64
           ",\"modularity\":%.6f,\"edges_per_second\":%.4g,\"peak_mib\":%.1f}\n",
           kith_partition_iterations(p), kith_partition_communities(p), quality.modularity,
           (double)kith_graph_edges(graph) / seconds, peak);
    kith_result_free(&result);
    free(options);
}

/* Runs in a process of its own. */
static void measure(const kith_graph *graph, const char *method, int64_t seed, int64_t threads)
{
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        run(graph, method, seed, threads);
        exit(fflush(stdout) != 0);
    }
    int ended = 0;
    if (child < 0 || waitpid(child, &ended, 0) < 0 || ended != 0) stop(method, "failed");
}

int main(int argc, char **argv)
{
    const char *const seeds = argc > 2 ? argv[2] : "0-4";
    const int64_t threads = argc > 3 ? atoll(argv[3]) : 1;
    const char *const *methods = argc > 4 ? (const char *const *)argv + 4 : usual;
    const int count = argc > 4 ? argc - 4 : (int)(sizeof usual / sizeof *usual);
    int64_t first, last;

    const int given = sscanf(seeds, "%" SCNd64 "-%" SCNd64, &first, &last);
    if (given < 1 || threads < 0) stop("usage", "modularity [GRAPH [SEEDS [THREADS [METHOD...]]]]");
    if (given == 1) last = first;
    kith_graph *graph = graph_of(argc > 1 ? argv[1] : "1e6");
    for (int64_t seed = first; seed <= last; seed++)
        for (int m = 0; m < count; m++) measure(graph, methods[m], seed, threads);
    kith_graph_free(graph);
    return 0;
}
