/* Construction of a graph from unsorted edges, against GraphBLAS's own.
 *
 *   construct [EDGES [ROUNDS [THREADS]]]
 *
 * EDGES tuples (default 10^7) over a tenth as many nodes are drawn at random; every hundredth
 * repeats an earlier one. In each round every method builds from the same arrays, one after
 * another, each in a process of its own, so that memory peaks do not add up. One JSON line per run;
 * peak_mib is what comes on top of the caller's arrays, the result included; cpu_seconds, of all
 * threads, is what to compare on a busy machine.
 *
 *   kith           kith_graph_from_edges(), unweighted: both directions of every edge
 *   kith-weights   the same with weights, repeated edges summed
 *   grb            GrB_Matrix_build_FP64() of the tuples as they are: one direction
 *   grb-both       of the tuples and their reverses: the matrix that kith-weights holds */
#include "kith/kith.h"

#include <GraphBLAS.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    int64_t nodes, edges, threads;
    int64_t *sources, *targets; /* 2 edges: the second half holds the reverses */
    double *weights;            /* 2 edges, all 1 */
} tuples;

typedef struct {
    double seconds, cpu_seconds;
    int64_t entries, bytes;
} outcome;

static double now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "construct: %s: %s\n", what, why);
    exit(1);
}

/* A 64-bit linear congruential generator's upper half, below `bound`. */
static int64_t draw(uint64_t *state, int64_t bound)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((*state >> 32) * (uint64_t)bound >> 32);
}

static tuples draw_tuples(int64_t edges, int64_t threads)
{
    const size_t room = 2 * (size_t)edges;
    tuples t = { edges / 10 + 2,
                 edges,
                 threads,
                 malloc(room * sizeof *t.sources),
                 malloc(room * sizeof *t.targets),
                 malloc(room * sizeof *t.weights) };
    uint64_t state = 1;

    if (!t.sources || !t.targets || !t.weights) stop("tuples", "out of memory");
    for (int64_t i = 0; i < edges; i++) {
        const int64_t old = i % 100 == 99 ? draw(&state, i) : i;
        t.sources[i] = old < i ? t.sources[old] : draw(&state, t.nodes);
        t.targets[i] = old < i ? t.targets[old] : draw(&state, t.nodes);
    }
    memcpy(t.sources + edges, t.targets, (size_t)edges * sizeof *t.sources);
    memcpy(t.targets + edges, t.sources, (size_t)edges * sizeof *t.targets);
    for (int64_t i = 0; i < 2 * edges; i++) t.weights[i] = 1;
    return t;
}

static outcome build_kith(const tuples *t, bool weighted)
{
    kith_graph_options options = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    outcome o = { 0 };

    options.direction = KITH_UNDIRECTED;
    options.run.threads = t->threads;
    const double started = now(CLOCK_MONOTONIC), used = now(CLOCK_PROCESS_CPUTIME_ID);
    if (kith_graph_from_edges(t->nodes, t->edges, t->sources, t->targets,
                              weighted ? t->weights : NULL, &options, &graph, &err) != KITH_OK)
        stop("kith", err.message);
    o.seconds = now(CLOCK_MONOTONIC) - started;
    o.cpu_seconds = now(CLOCK_PROCESS_CPUTIME_ID) - used;
    o.entries = kith_graph_entries(graph);
    o.bytes = kith_graph_bytes(graph);
    kith_graph_free(graph);
    return o;
}

static outcome build_grb(const tuples *t, bool both)
{
    const GrB_Index n = (GrB_Index)t->nodes, count = (GrB_Index)t->edges * (both ? 2 : 1);
    GrB_Matrix matrix = NULL;
    GrB_Index entries = 0;
    kith_error err = { 0 };
    size_t bytes = 0;
    outcome o = { 0 };

    if (kith_init(&err) != KITH_OK) stop("GraphBLAS", err.message);
    if (t->threads > 0) GxB_set(GxB_NTHREADS, (int)t->threads); /* ours to set: a program */
    const double started = now(CLOCK_MONOTONIC), used = now(CLOCK_PROCESS_CPUTIME_ID);
    if (GrB_Matrix_new(&matrix, GrB_FP64, n, n) != GrB_SUCCESS ||
        GrB_Matrix_build_FP64(matrix, (const GrB_Index *)t->sources, (const GrB_Index *)t->targets,
                              t->weights, count, GrB_PLUS_FP64) != GrB_SUCCESS ||
        GrB_Matrix_wait(matrix, GrB_MATERIALIZE) != GrB_SUCCESS)
        stop("GraphBLAS", "could not build");
    o.seconds = now(CLOCK_MONOTONIC) - started;
    o.cpu_seconds = now(CLOCK_PROCESS_CPUTIME_ID) - used;
    GrB_Matrix_nvals(&entries, matrix);
    GxB_Matrix_memoryUsage(&bytes, matrix);
    o.entries = (int64_t)entries;
    o.bytes = (int64_t)bytes;
    GrB_free(&matrix);
    return o;
}

static double peak_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

/* Builds in a process of its own and prints the line. */
static void measure(const tuples *t, const char *method)
{
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const double before = peak_mib();
        const outcome o = strncmp(method, "kith", 4) == 0
                              ? build_kith(t, strcmp(method, "kith-weights") == 0)
                              : build_grb(t, strcmp(method, "grb-both") == 0);
        printf("{\"bench\":\"construct\",\"method\":\"%s\",\"n\":%" PRId64 ",\"tuples\":%" PRId64
               ",\"entries\":%" PRId64 ",\"threads\":%" PRId64 ",\"seconds\":%.4f,"
               "\"cpu_seconds\":%.4f,"
               "\"edges_per_second\":%.4g,\"result_mib\":%.1f,\"peak_mib\":%.1f}\n",
               method, t->nodes, t->edges, o.entries, t->threads, o.seconds, o.cpu_seconds,
               (double)t->edges / o.seconds, (double)o.bytes / (1 << 20), peak_mib() - before);
        exit(fflush(stdout) != 0);
    }
    int ended = 0;
    if (child < 0 || waitpid(child, &ended, 0) < 0 || ended != 0) stop(method, "failed");
}

int main(int argc, char **argv)
{
    static const char *const methods[] = { "kith", "grb", "kith-weights", "grb-both" };
    const int64_t edges = argc > 1 ? atoll(argv[1]) : 10 * 1000 * 1000;
    const int64_t rounds = argc > 2 ? atoll(argv[2]) : 3;
    const int64_t threads = argc > 3 ? atoll(argv[3]) : 0; /* 0: all */

    if (edges < 1 || edges > INT64_C(1) << 32 || rounds < 1 || threads < 0)
        stop("usage", "construct [EDGES [ROUNDS [THREADS]]]");
    const tuples t = draw_tuples(edges, threads);
    for (int64_t r = 0; r < rounds; r++)
        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) measure(&t, methods[m]);
    free(t.sources);
    free(t.targets);
    free(t.weights);
    return 0;
}
