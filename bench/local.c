/* Local methods: one query after another on one thread.
 *
 *   local [GRAPH [SEEDS [METHOD...]]]
 *
 * GRAPH is a file or a number of edges, of an LFR graph of mean degree 20 (default 10^6). Each
 * METHOD is asked from the same SEEDS nodes (default 50), drawn at random, three times each. It is
 * the name of an algorithm with options of its own, "acl:epsilon=1e-5,alpha=0.1", or several such
 * names: the seeds of each after a '+' are the cluster that the one before found, and the last is
 * timed, "acl:epsilon=1e-5+mqi". Without METHODs those below run. One JSON line per method: medians
 * over the seeds, of the fastest of three for the seconds, whose ninth decile is slow_seconds. */
#include "kith/kith.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const char *const usual[] = {
    "acl:epsilon=1e-4",
    "acl:epsilon=1e-5",
    "acl:epsilon=1e-6",
    "l1:rho=1e-4",
    "l1:rho=1e-5",
    "heat-kernel:t=10,epsilon=1e-4",
    "heat-kernel",
    "nonlinear:epsilon=1e-5",
    "flow-diffusion:mass=20000",
    "flow-diffusion",
    "flow-diffusion:mass=20000,p=4",
    "mappr",
    "acl:epsilon=1e-5+mqi",
    "acl:epsilon=1e-5+simple_local",
    "crd",
};

enum { ROUNDS = 3, STEPS = 4, FIGURES = 6 };

/* A method with its options. */
typedef struct {
    const kith_algorithm *row;
    kith_query *options;
} step;

/* A query, and what is reported of it. */
typedef struct {
    double seconds, size, volume, conductance, touched_nodes, touched_edges, iterations;
    double figures[FIGURES];
} outcome;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "local: %s: %s\n", what, why);
    exit(1);
}

static void *room(size_t bytes)
{
    void *memory = malloc(bytes);

    if (!memory) stop("memory", "there is none left");
    return memory;
}

static kith_graph *graph_of(const char *text)
{
    kith_lfr_options lfr = KITH_LFR_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    char *end;

    const double edges = strtod(text, &end);
    if (*end) {
        if (kith_graph_read(text, NULL, &graph, &err) != KITH_OK) stop(text, err.message);
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

/* Nodes with edges, by a linear congruential generator's upper half. */
static void draw_seeds(const kith_graph *graph, int64_t count, int64_t *seeds)
{
    const int64_t *offsets = kith_graph_offsets(graph);
    uint64_t state = 1;

    if (kith_graph_entries(graph) == 0) stop("graph", "it has no edges");
    for (int64_t i = 0; i < count;) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        seeds[i] = (int64_t)((state >> 32) * (uint64_t)kith_graph_nodes(graph) >> 32);
        i += offsets[seeds[i] + 1] > offsets[seeds[i]];
    }
}

/* A step from "name:option=value,..." */
static step read_step(char *text)
{
    char *rest = NULL, *name = strtok_r(text, ":", &rest);
    kith_error err = { 0 };
    step s = { .row = name ? kith_algorithm_find(name) : NULL };

    if (!s.row || s.row->kind != KITH_KIND_local) stop(text, "no local method of that name");
    const kith_options_spec *spec = &s.row->code->options;
    s.options = room(spec->size);
    memcpy(s.options, spec->defaults, spec->size);
    s.options->run.threads = 1;
    for (char *o; (o = strtok_r(NULL, ",", &rest));) {
        char *value = strchr(o, '=');
        if (!value) stop(o, "expected option=value");
        *value = '\0';
        if (kith_option_set(spec, s.options, o, value + 1, &err) != KITH_OK)
            stop(name, err.message);
    }
    return s;
}

/* The steps of "METHOD+METHOD..."; returns their number. */
static int read_steps(const char *text, step steps[STEPS])
{
    char *copy = strdup(text), *rest = NULL;
    int count = 0;

    for (char *s = strtok_r(copy, "+", &rest); s; s = strtok_r(NULL, "+", &rest)) {
        if (count == STEPS) stop(text, "too many steps");
        steps[count++] = read_step(s);
    }
    free(copy);
    if (count == 0) stop("usage", "a method has a name");
    return count;
}

static outcome outcome_of(const kith_cluster *c, double seconds)
{
    outcome o = { seconds,
                  (double)kith_cluster_size(c),
                  kith_cluster_volume(c),
                  kith_cluster_conductance(c),
                  (double)kith_cluster_touched_nodes(c),
                  (double)kith_cluster_touched_edges(c),
                  (double)kith_cluster_iterations(c),
                  { 0 } };

    for (int i = 0; i < FIGURES && kith_cluster_figure(c, i, &o.figures[i]); i++) continue;
    return o;
}

/* Asks one step after the other; the last is timed. The names of its figures go to `names`. */
static outcome ask(const kith_graph *graph, const step *steps, int count, int64_t seed,
                   const char *names[FIGURES])
{
    kith_result before = { 0 };
    outcome o = { 0 };
    kith_error err = { 0 };
    double value;

    for (int i = 0; i < count; i++) {
        kith_query *query = steps[i].options;
        kith_result result;
        query->seeds = (kith_nodes){ &seed, 1 };
        if (before.local)
            query->seeds =
                (kith_nodes){ kith_cluster_nodes(before.local), kith_cluster_size(before.local) };
        const double started = now();
        if (steps[i].row->code->run(graph, query, &result, &err) != KITH_OK)
            stop(steps[i].row->name, err.message);
        o = outcome_of(result.local, now() - started);
        kith_result_free(&before);
        before = result;
    }
    for (int i = 0; i < FIGURES; i++) names[i] = kith_cluster_figure(before.local, i, &value);
    kith_result_free(&before);
    return o;
}

static int ascending(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;

    return (a > b) - (a < b);
}

/* A quantile of the field at `offset` of the outcomes. */
static double quantile(const outcome *outcomes, int64_t count, size_t offset, double share)
{
    double *values = room((size_t)count * sizeof *values);

    for (int64_t i = 0; i < count; i++)
        memcpy(&values[i], (const char *)&outcomes[i] + offset, sizeof *values);
    qsort(values, (size_t)count, sizeof *values, ascending);
    const double value = values[(int64_t)(share * (double)(count - 1) + 0.5)];
    free(values);
    return value;
}

static void print_medians(const outcome *outcomes, int64_t count, const char *const *names)
{
    static const struct {
        const char *name;
        size_t offset;
    } fields[] = {
        { "seconds", offsetof(outcome, seconds) },
        { "size", offsetof(outcome, size) },
        { "volume", offsetof(outcome, volume) },
        { "conductance", offsetof(outcome, conductance) },
        { "touched_nodes", offsetof(outcome, touched_nodes) },
        { "touched_edges", offsetof(outcome, touched_edges) },
        { "iterations", offsetof(outcome, iterations) },
    };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        printf(",\"%s\":%.6g", fields[i].name, quantile(outcomes, count, fields[i].offset, 0.5));
    printf(",\"slow_seconds\":%.6g", quantile(outcomes, count, offsetof(outcome, seconds), 0.9));
    for (int i = 0; i < FIGURES && names[i]; i++)
        printf(",\"%s\":%.6g", names[i],
               quantile(outcomes, count, offsetof(outcome, figures) + (size_t)i * sizeof(double),
                        0.5));
}

static void measure(const kith_graph *graph, const int64_t *seeds, int64_t count,
                    const char *method)
{
    outcome *outcomes = room((size_t)count * sizeof *outcomes);
    const char *names[FIGURES];
    step steps[STEPS];
    struct rusage usage;

    const int steps_count = read_steps(method, steps);
    for (int64_t i = 0; i < count; i++)
        for (int round = 0; round < ROUNDS; round++) {
            const outcome o = ask(graph, steps, steps_count, seeds[i], names);
            if (round == 0 || o.seconds < outcomes[i].seconds) outcomes[i] = o;
        }
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"bench\":\"local\",\"method\":\"%s\",\"n\":%" PRId64 ",\"m\":%" PRId64
           ",\"threads\":1,\"seeds\":%" PRId64,
           method, kith_graph_nodes(graph), kith_graph_edges(graph), count);
    print_medians(outcomes, count, names);
    printf(",\"peak_mib\":%.1f}\n", (double)usage.ru_maxrss / 1024);
    fflush(stdout);
    for (int i = 0; i < steps_count; i++) free(steps[i].options);
    free(outcomes);
}

int main(int argc, char **argv)
{
    const int64_t count = argc > 2 ? atoll(argv[2]) : 50;

    if (count < 1) stop("usage", "local [GRAPH or EDGES [SEEDS [METHOD...]]]");
    kith_graph *graph = graph_of(argc > 1 ? argv[1] : "1e6");
    int64_t *seeds = room((size_t)count * sizeof *seeds);
    draw_seeds(graph, count, seeds);
    for (int i = 3; i < argc; i++) measure(graph, seeds, count, argv[i]);
    if (argc <= 3)
        for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
            measure(graph, seeds, count, usual[i]);
    free(seeds);
    kith_graph_free(graph);
    return 0;
}
