/* Methods for attributed graphs: seconds for each phase, memory, and agreement with known classes.
 *
 *   attributed [-r RUNS] [-t THREADS] ALGORITHM GRAPH FEATURES LABELS [NAME=VALUE...]
 *   attributed [-r RUNS] [-t THREADS] -n NODES [-d COLUMNS] ALGORITHM [NAME=VALUE...]
 *
 * GRAPH is a biadjacency for algorithms of bipartite graphs. With -n the graph is planted: ten
 * edges for each node, seven of them inside one of ten classes, and COLUMNS (default 256) dense
 * features that are 1 larger, of 16, in the columns of the class. One JSON line per run. */
#include "kith/kith.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { CLASSES = 10, DEGREE = 10 };

typedef struct {
    kith_graph *graph;
    kith_bipartite *bipartite;
    kith_features *features;
    int64_t *truth, rows;
} data;

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "attributed: %s: %s\n", what, why);
    exit(1);
}

static void check(kith_status status, const char *what, const kith_error *err)
{
    if (status != KITH_OK) stop(what, err->message);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Below `bound`, by the upper half of a linear congruential generator. */
static int64_t draw(uint64_t *state, int64_t bound)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((*state >> 32) * (uint64_t)bound >> 32);
}

static void read_files(char **files, bool bipartite, data *d)
{
    kith_error err = { 0 };
    int64_t count;

    if (bipartite)
        check(kith_bipartite_read(files[0], NULL, &d->bipartite, &err), files[0], &err);
    else
        check(kith_graph_read(files[0], NULL, &d->graph, &err), files[0], &err);
    check(kith_features_read(files[1], NULL, &d->features, &err), files[1], &err);
    check(kith_labels_read(files[2], NULL, NULL, &count, &d->truth, &err), files[2], &err);
    d->rows = kith_features_rows(d->features);
    if (count != d->rows) stop(files[2], "another number of labels than features");
}

static void plant(int64_t n, int64_t columns, data *d)
{
    const int64_t edges = n * DEGREE;
    int64_t *from = malloc((size_t)(2 * edges + 1) * sizeof *from), *to = from + edges;
    double *values = malloc((size_t)(n * columns + 1) * sizeof *values);
    uint64_t state = 7;
    kith_error err = { 0 };

    d->rows = n;
    d->truth = malloc((size_t)(n + 1) * sizeof *d->truth);
    if (!from || !values || !d->truth) stop("memory", "there is none left");
    for (int64_t v = 0; v < n; v++) d->truth[v] = v % CLASSES;
    for (int64_t e = 0; e < edges; e++) {
        from[e] = draw(&state, n);
        to[e] = draw(&state, n);
        if (draw(&state, 10) < 7) to[e] += from[e] % CLASSES - to[e] % CLASSES;
        if (to[e] >= n) to[e] -= CLASSES;
    }
    for (int64_t i = 0; i < n * columns; i++)
        values[i] = (double)draw(&state, 16) + (i % columns % CLASSES == i / columns % CLASSES);
    check(kith_graph_from_edges(n, edges, from, to, NULL, NULL, &d->graph, &err), "graph", &err);
    check(kith_features_from_dense(n, columns, values, NULL, &d->features, &err), "features", &err);
    free(from);
    free(values);
}

/* Sets what an algorithm borrows, and the options of the command line. */
static void *set_options(const kith_algorithm *row, const data *d, int count, char **settings)
{
    const kith_options_spec *spec = &row->code->options;
    const kith_option *features = kith_option_find(spec, "features");
    const kith_option *bipartite = kith_option_find(spec, "bipartite");
    char *options = malloc(spec->size);
    kith_error err = { 0 };

    if (!options || !features) stop(row->name, "it takes no features");
    memcpy(options, spec->defaults, spec->size);
    memcpy(options + features->offset, &d->features, sizeof d->features);
    if (bipartite && d->bipartite)
        memcpy(options + bipartite->offset, &d->bipartite, sizeof d->bipartite);
    for (int i = 0; i < count; i++) {
        char *value = strchr(settings[i], '=');
        if (!value) stop(settings[i], "expected NAME=VALUE");
        *value++ = '\0';
        check(kith_option_set(spec, options, settings[i], value, &err), settings[i], &err);
        value[-1] = '=';
    }
    return options;
}

static void print_run(const kith_algorithm *row, const data *d, const kith_graph *graph,
                      const kith_run *run, const kith_partition *p, double seconds)
{
    kith_comparison c;
    struct rusage usage;
    kith_error err = { 0 };
    const char *name;
    double phase;

    check(kith_compare(d->rows, kith_partition_labels(p), d->truth, NULL, &c, &err), "truth", &err);
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"algorithm\":\"%s\",\"n\":%" PRId64 ",\"m\":%" PRId64 ",\"columns\":%" PRId64
           ",\"threads\":%" PRId64 ",\"seed\":%" PRIu64 ",\"communities\":%" PRId64
           ",\"accuracy\":%.4f,\"nmi\":%.4f,\"ari\":%.4f,\"seconds\":%.4f,\"phases\":{",
           row->name, d->rows, kith_graph_edges(graph), kith_features_columns(d->features),
           run->threads, run->seed, kith_partition_communities(p), c.accuracy, c.nmi, c.ari,
           seconds);
    for (int64_t i = 0; (name = kith_partition_phase(p, i, &phase)); i++)
        printf("%s\"%s\":%.4f", i ? "," : "", name, phase);
    printf("},\"peak_rss_mib\":%.1f}\n", (double)usage.ru_maxrss / 1024);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int64_t runs = 1, threads = 0, nodes = 0, columns = 256;
    data d = { 0 };

    for (int option; (option = getopt(argc, argv, "r:t:n:d:")) != -1;) {
        if (option == '?') return 2;
        *(option == 'r'   ? &runs
          : option == 't' ? &threads
          : option == 'n' ? &nodes
                          : &columns) = atoll(optarg);
    }
    const int first = optind + (nodes ? 1 : 4);
    if (argc < first) stop("usage", "ALGORITHM GRAPH FEATURES LABELS, or -n NODES ALGORITHM");
    const kith_algorithm *row = kith_algorithm_find(argv[optind]);
    if (!row) stop(argv[optind], "no such algorithm");
    if (nodes)
        plant(nodes, columns, &d);
    else
        read_files(argv + optind + 1, kith_option_find(&row->code->options, "bipartite"), &d);
    kith_run *options = set_options(row, &d, argc - first, argv + first);
    const kith_graph *graph = d.bipartite ? kith_bipartite_graph(d.bipartite) : d.graph;
    options->threads = threads;
    for (int64_t r = 0; r < runs; r++) {
        kith_result result = { 0 };
        kith_error err = { 0 };
        options->seed = (uint64_t)r;
        const double began = now();
        check(row->code->run(graph, options, &result, &err), row->name, &err);
        print_run(row, &d, graph, options, result.partition, now() - began);
        kith_result_free(&result);
    }
    free(options);
    free(d.truth);
    kith_graph_free(d.graph);
    kith_bipartite_free(d.bipartite);
    kith_features_free(d.features);
    return 0;
}
