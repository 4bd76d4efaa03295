/* Local methods: one query after another on one thread.
 *
 *   local [GRAPH [SEEDS [METHOD...]]]
 *
 * GRAPH is a file, a number of edges, of an LFR graph of mean degree 20 (default 10^6), or
 * "planted:EDGES": a planted partition into blocks of 100 nodes of mean degree 20, a fifth of the
 * edges between blocks, mapped from a file that is deleted. Of a planted graph blocks are the same
 * whatever its size.
 *
 * Each METHOD is asked from the same SEEDS nodes (default 50), drawn at random, three times each.
 * It is the name of an algorithm with options of its own, "acl:epsilon=1e-5,alpha=0.1", or several
 * such names: the seeds of each after a '+' are the cluster that the one before found, and the last
 * is timed, "acl:epsilon=1e-5+mqi". An option without a value, "wfd:features", is what a planted
 * graph has for it: features (4 columns, by block, with noise) or node-labels (blocks, a tenth of
 * them wrong). Without METHODs those below run. One JSON line per method: medians over the seeds,
 * of the fastest of three for the seconds, whose ninth decile is slow_seconds, and for the
 * processor's, cpu_seconds; first_seconds are the processor's for the first time, when pages of a
 * mapped file are touched. */
#include "kith/kith.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

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

/* On planted graphs: every local row, its target a block. */
static const char *const of_planted[] = {
    "acl:epsilon=1e-5",
    "l1:rho=1e-4",
    "heat-kernel:t=10,epsilon=1e-3",
    "heat-kernel:t=10,epsilon=1e-4",
    "nonlinear:epsilon=1e-5",
    "flow-diffusion:volume=2000",
    "flow-diffusion:mass=6000,p=4",
    "wfd:volume=2000,features",
    "lfd:volume=2000,node-labels",
    "lfd:volume=2000,features",
    "acl:epsilon=1e-4,features",
    "acl:epsilon=1e-5,features",
    "mappr",
    "acl:epsilon=1e-5+mqi",
    "acl:epsilon=1e-5+simple_local",
    "acl:epsilon=1e-5+flow_improve:delta=0.3",
    "crd",
};

enum { ROUNDS = 3, STEPS = 4, FIGURES = 6, BLOCK = 100, COLUMNS = 4 };

/* A graph, and what options may be of its nodes: a planted one's. */
typedef struct {
    kith_graph *graph;
    kith_features *features;
    kith_partition *looks;
} data;

/* A method with its options. */
typedef struct {
    const kith_algorithm *row;
    kith_query *options;
} step;

/* A query, and what is reported of it. */
typedef struct {
    double seconds, cpu_seconds, first_seconds, size, volume, conductance, touched_nodes,
        touched_edges, iterations;
    double figures[FIGURES];
} outcome;

static double now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
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

/* Below 1, by hashing. */
static double chance(int64_t item, int64_t stage)
{
    uint64_t x = (uint64_t)item * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)stage;

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((x ^ x >> 31) >> 11) * 0x1p-53;
}

/* Features and labels of nodes that stand block by block. */
static void dress(data *d)
{
    const int64_t n = kith_graph_nodes(d->graph);
    double *values = room((size_t)(n * COLUMNS) * sizeof *values);
    int64_t *labels = room((size_t)n * sizeof *labels);
    kith_error err = { 0 };

    for (int64_t v = 0; v < n; v++) {
        const bool wrong = chance(v, COLUMNS) < 0.1;
        labels[v] = wrong ? (int64_t)(chance(v, COLUMNS + 1) * (double)(n / BLOCK)) : v / BLOCK;
        for (int64_t c = 0; c < COLUMNS; c++)
            values[v * COLUMNS + c] = chance(v / BLOCK, -1 - c) + 0.5 * chance(v, c);
    }
    if (kith_features_from_dense(n, COLUMNS, values, NULL, &d->features, &err) != KITH_OK ||
        kith_partition_from_labels(n, labels, NULL, &d->looks, &err) != KITH_OK)
        stop("planted", err.message);
    free(values);
    free(labels);
}

/* A graph in a file that is gone but for its pages. */
static kith_graph *mapped(kith_graph *graph)
{
    char path[] = "kith-bench-XXXXXX.npz";
    kith_error err = { 0 };

    const int file = mkstemps(path, 4);
    if (file < 0) stop(path, "no file can be made here");
    close(file);
    if (kith_graph_write(graph, path, KITH_FORMAT_NPZ, NULL, &err) != KITH_OK)
        stop(path, err.message);
    kith_graph_free(graph);
    if (kith_graph_read(path, NULL, &graph, &err) != KITH_OK) stop(path, err.message);
    unlink(path);
    return graph;
}

static double edges_of(const char *text)
{
    char *end;
    const double edges = strtod(text, &end);

    if (*end || !(edges >= 1e4 && edges <= 1e10)) stop("usage", "at least 10000 edges");
    return edges;
}

static data planted(double edges)
{
    kith_sbm_options sbm = KITH_SBM_OPTIONS_INIT;
    data d = { 0 };
    kith_error err = { 0 };

    sbm.blocks = (int64_t)(edges / 10 / BLOCK);
    sbm.nodes = sbm.blocks * BLOCK;
    sbm.mixing = 0.2;
    if (kith_generate_sbm(&sbm, &d.graph, NULL, &err) != KITH_OK) stop("sbm", err.message);
    d.graph = mapped(d.graph);
    dress(&d);
    return d;
}

static kith_graph *graph_of(const char *text)
{
    kith_lfr_options lfr = KITH_LFR_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    char *end;

    if (strtod(text, &end) == 0 || *end) {
        if (kith_graph_read(text, NULL, &graph, &err) != KITH_OK) stop(text, err.message);
        return graph;
    }
    const double edges = edges_of(text);
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

/* Sets an option, "name=value", or to what the data has of that name. */
static void set(const kith_algorithm *row, kith_query *options, char *text, const data *d)
{
    char *value = strchr(text, '=');
    const kith_option *o = kith_option_find(&row->code->options, text);
    kith_error err = { 0 };

    if (value) {
        *value = '\0';
        if (kith_option_set(&row->code->options, options, text, value + 1, &err) != KITH_OK)
            stop(row->name, err.message);
        return;
    }
    if (!o || !d->looks) stop(text, "expected option=value");
    void *field = (char *)options + o->offset;
    if (o->type == KITH_OPTION_FEATURES)
        memcpy(field, &d->features, sizeof d->features);
    else
        memcpy(field, &d->looks, sizeof d->looks);
}

/* A step from "name:option=value,..." */
static step read_step(char *text, const data *d)
{
    char *rest = NULL, *name = strtok_r(text, ":", &rest);
    step s = { .row = name ? kith_algorithm_find(name) : NULL };

    if (!s.row || s.row->kind != KITH_KIND_local) stop(text, "no local method of that name");
    const kith_options_spec *spec = &s.row->code->options;
    s.options = room(spec->size);
    memcpy(s.options, spec->defaults, spec->size);
    s.options->run.threads = 1;
    for (char *o; (o = strtok_r(NULL, ",", &rest));) set(s.row, s.options, o, d);
    return s;
}

/* The steps of "METHOD+METHOD..."; returns their number. */
static int read_steps(const char *text, const data *d, step steps[STEPS])
{
    char *copy = strdup(text), *rest = NULL;
    int count = 0;

    for (char *s = strtok_r(copy, "+", &rest); s; s = strtok_r(NULL, "+", &rest)) {
        if (count == STEPS) stop(text, "too many steps");
        steps[count++] = read_step(s, d);
    }
    free(copy);
    if (count == 0) stop("usage", "a method has a name");
    return count;
}

static outcome outcome_of(const kith_cluster *c, double seconds, double cpu_seconds)
{
    outcome o = { seconds,
                  cpu_seconds,
                  cpu_seconds,
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
        const double started = now(CLOCK_MONOTONIC), begun = now(CLOCK_THREAD_CPUTIME_ID);
        if (steps[i].row->code->run(graph, query, &result, &err) != KITH_OK)
            stop(steps[i].row->name, err.message);
        const double cpu_seconds = now(CLOCK_THREAD_CPUTIME_ID) - begun;
        o = outcome_of(result.local, now(CLOCK_MONOTONIC) - started, cpu_seconds);
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
        { "cpu_seconds", offsetof(outcome, cpu_seconds) },
        { "first_seconds", offsetof(outcome, first_seconds) },
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

static void measure(const data *d, const int64_t *seeds, int64_t count, const char *method)
{
    const kith_graph *graph = d->graph;
    outcome *outcomes = room((size_t)count * sizeof *outcomes);
    const char *names[FIGURES];
    step steps[STEPS];
    struct rusage usage;

    const int steps_count = read_steps(method, d, steps);
    for (int64_t i = 0; i < count; i++)
        for (int round = 0; round < ROUNDS; round++) {
            outcome o = ask(graph, steps, steps_count, seeds[i], names);
            if (round > 0) {
                o.cpu_seconds = fmin(o.cpu_seconds, outcomes[i].cpu_seconds);
                o.first_seconds = outcomes[i].first_seconds;
            }
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
    static const char prefix[] = "planted:";
    const char *text = argc > 1 ? argv[1] : "1e6";
    const int64_t count = argc > 2 ? atoll(argv[2]) : 50;
    const bool is_planted = !strncmp(text, prefix, strlen(prefix));
    const char *const *methods = is_planted ? of_planted : usual;
    size_t number =
        is_planted ? sizeof of_planted / sizeof *of_planted : sizeof usual / sizeof *usual;
    data d = { 0 };

    if (count < 1) stop("usage", "local [GRAPH, EDGES or planted:EDGES [SEEDS [METHOD...]]]");
    if (is_planted)
        d = planted(edges_of(text + strlen(prefix)));
    else
        d.graph = graph_of(text);
    int64_t *seeds = room((size_t)count * sizeof *seeds);
    draw_seeds(d.graph, count, seeds);
    if (argc > 3) {
        methods = (const char *const *)argv + 3;
        number = (size_t)argc - 3;
    }
    for (size_t i = 0; i < number; i++) measure(&d, seeds, count, methods[i]);
    free(seeds);
    kith_graph_free(d.graph);
    kith_features_free(d.features);
    kith_partition_free(d.looks);
    return 0;
}
