/* The generators, in time and memory.
 *
 *   generate [NODES [ROUNDS [THREADS]]]
 *
 * Each makes a graph of NODES nodes (default 10^6; R-MAT the power of two below) and, but for the
 * grid, about ten times as many edges, in a process of its own, so that memory peaks do not add up.
 * One JSON line per run; peak_mib is the whole process, the graph included. */
#include "kith/kith.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A generator and the options that are not its defaults. */
typedef struct {
    const char *generator;
    struct {
        const char *name;
        double      value;
    } options[9];
} setting;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "generate: %s: %s\n", what, why);
    exit(1);
}

/* The options struct of a setting; freed by the end of the process. */
static kith_run *options_of(const kith_generator_code *code, const setting *s, int64_t threads)
{
    char *options = malloc(code->options.size);
    kith_error err = { 0 };

    if (!options) stop(s->generator, "out of memory");
    memcpy(options, code->options.defaults, code->options.size);
    for (int i = 0; s->options[i].name; i++) {
        char text[32];
        snprintf(text, sizeof text, "%.17g", s->options[i].value);
        if (kith_option_set(&code->options, options, s->options[i].name, text, &err) != KITH_OK)
            stop(s->generator, err.message);
    }
    kith_run *run = (kith_run *)options;
    run->threads = threads;
    return run;
}

static void run(const setting *s, int64_t threads)
{
    const kith_generator_code *code = kith_generator_find(s->generator)->code;
    const kith_run *options = options_of(code, s, threads);
    kith_graph *graph = NULL;
    kith_partition *truth = NULL;
    kith_error err = { 0 };
    struct rusage usage;

    const double started = now();
    if (code->run(options, &graph, &truth, &err) != KITH_OK) stop(s->generator, err.message);
    const double seconds = now() - started;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"bench\":\"generate\",\"generator\":\"%s\",\"nodes\":%" PRId64 ",\"edges\":%" PRId64
           ",\"communities\":%" PRId64 ",\"threads\":%" PRId64 ",\"seconds\":%.4f,"
           "\"edges_per_second\":%.4g,\"result_mib\":%.1f,\"peak_mib\":%.1f}\n",
           s->generator, kith_graph_nodes(graph), kith_graph_edges(graph),
           truth ? kith_partition_communities(truth) : 0, threads, seconds,
           (double)kith_graph_edges(graph) / seconds, (double)kith_graph_bytes(graph) / (1 << 20),
           (double)usage.ru_maxrss / 1024);
}

/* Runs in a process of its own. */
static void measure(const setting *s, int64_t threads)
{
    int ended = 0;

    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        run(s, threads);
        exit(fflush(stdout) != 0);
    }
    if (child < 0 || waitpid(child, &ended, 0) < 0 || ended != 0) stop(s->generator, "failed");
}

int main(int argc, char **argv)
{
    const double nodes = argc > 1 ? atof(argv[1]) : 1e6;
    const int64_t rounds = argc > 2 ? atoll(argv[2]) : 3;
    const int64_t threads = argc > 3 ? atoll(argv[3]) : 0; /* 0: all */

    if (!(nodes >= 10000 && nodes <= 1e9) || rounds < 1 || threads < 0)
        stop("usage", "generate [NODES (10000 or more) [ROUNDS [THREADS]]]");
    const double side = floor(sqrt(nodes));
    const setting settings[] = {
        { "lfr", { { "nodes", floor(nodes) }, { "mixing", .3 }, { "degree", 19.3 },
                   { "max-degree", 500 }, { "degree-exponent", 2.5 }, { "size-exponent", 1.5 },
                   { "min-size", 20 }, { "max-size", 2000 } } },
        { "sbm", { { "nodes", floor(nodes) }, { "blocks", floor(nodes / 1000) } } },
        { "rmat", { { "scale", floor(log2(nodes)) }, { "edge-factor", 16 } } },
        { "ring", { { "cliques", floor(nodes / 20) }, { "size", 20 } } },
        { "grid", { { "rows", side }, { "columns", side } } },
    };
    for (int64_t r = 0; r < rounds; r++)
        for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
            measure(&settings[i], threads);
    return 0;
}
