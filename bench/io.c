/* Reading graphs: text parsed into arrays, text into a finished graph, and a mapped graph file
 * opened.
 *
 *   io [EDGES [ROUNDS [THREADS]]]
 *
 * EDGES random edges (default 10^7) over a tenth as many nodes are written once in each format,
 * into a folder of the run's own. Each round measures every way once, one JSON line each. */
#include "kith/kith.h"

#include "core/poll.h"
#include "io/edge_list.h"
#include "io/matrix_market.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void stop(const char *what, const kith_error *err)
{
    fprintf(stderr, "io: %s: %s\n", what, err->message);
    exit(1);
}

/* Parsing alone: the arrays that a graph is built from. */
static void parse_text(const char *path, const kith_read_options *o, kith_error *err)
{
    kith_i_poll poll = { 0 };
    kith_i_input input;

    if (kith_i_input_open(&input, path, 0, &poll, err)) stop("open", err);
    if (kith_i_input_format(&input) == KITH_FORMAT_MATRIX_MARKET) {
        kith_i_matrix m;
        if (kith_i_matrix_market_read(&input, o, &m, err)) stop("parse", err);
        kith_i_matrix_clear(&m);
    } else {
        kith_i_edge_list list;
        if (kith_i_edge_list_read(&input, o, false, &list, err)) stop("parse", err);
        kith_i_edge_list_clear(&list);
    }
    kith_i_input_close(&input);
}

static void read_graph(const char *path, const kith_read_options *o, kith_error *err)
{
    kith_graph *graph;

    if (kith_graph_read(path, o, &graph, err)) stop("read", err);
    kith_graph_free(graph);
}

static void measure(const char *way, const char *path, int64_t edges, const kith_read_options *o,
                    void (*run)(const char *, const kith_read_options *, kith_error *))
{
    kith_error err = { 0 };
    struct stat file;
    const double begun = kith_i_now();
    const clock_t before = clock();

    run(path, o, &err);
    const double seconds = kith_i_now() - begun;
    const double cpu = (double)(clock() - before) / CLOCKS_PER_SEC;
    if (stat(path, &file)) exit(1);
    printf("{\"bench\":\"io\",\"way\":\"%s\",\"edges\":%" PRId64 ",\"threads\":%" PRId64
           ",\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"gb_per_second\":%.3f}\n",
           way, edges, o->graph.run.threads, seconds, cpu,
           (double)file.st_size / seconds / 1e9);
    fflush(stdout);
}

static kith_graph *draw_graph(int64_t edges)
{
    int64_t *ends = malloc(2 * (size_t)edges * sizeof *ends);
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    uint64_t state = 1;

    if (!ends) exit(1);
    for (int64_t i = 0; i < 2 * edges; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        ends[i] = (int64_t)((state >> 32) * (uint64_t)(edges / 10 + 1) >> 32);
    }
    if (kith_graph_from_edges(edges / 10 + 1, edges, ends, ends + edges, NULL, NULL, &graph, &err))
        stop("build", &err);
    free(ends);
    return graph;
}

int main(int argc, char **argv)
{
    static const char *const files[] = { "edges.txt", "graph.mtx", "graph.npz" };
    const int64_t edges = argc > 1 ? atoll(argv[1]) : 10000000;
    const int64_t rounds = argc > 2 ? atoll(argv[2]) : 3;
    char folder[] = "/tmp/kith-bench-XXXXXX";
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_error err = { 0 };

    o.graph.run.threads = argc > 3 ? atoll(argv[3]) : 1;
    if (!mkdtemp(folder) || chdir(folder)) return 1;
    kith_graph *graph = draw_graph(edges);
    for (int i = 0; i < 3; i++)
        if (kith_graph_write(graph, files[i], KITH_FORMAT_AUTO, NULL, &err)) stop("write", &err);
    kith_graph_free(graph);
    for (int64_t round = 0; round < rounds; round++) {
        measure("parse edge list", files[0], edges, &o, parse_text);
        measure("parse MatrixMarket", files[1], edges, &o, parse_text);
        measure("graph from edge list", files[0], edges, &o, read_graph);
        measure("graph from MatrixMarket", files[1], edges, &o, read_graph);
        measure("open npz", files[2], edges, &o, read_graph);
    }
    for (int i = 0; i < 3; i++) unlink(files[i]);
    rmdir(folder);
    return 0;
}
