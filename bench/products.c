/* Products of a graph's matrices with blocks of vectors, by instruction set.
 *
 *   products [NODES | GRAPH [ROUNDS [THREADS]]]
 *
 * On an LFR graph of NODES nodes (default 10^5) and ten times as many edges, or on a graph file, as
 * it is and with weights of 4 and of 8 bytes. In each round every product runs once, one after
 * another; the best round counts. One JSON line per product: seconds per vector, and that as a
 * multiple of a plain pass over the rows, y_i = sum of x_j over neighbours j, one vector, in C.
 *
 *   adjacency   A X
 *   normalised  D^-1/2 A D^-1/2 X */
#include "kith/kith.h"

#include "graph/view.h"
#include "linalg/product.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDEST = 32 };

static const int64_t widths[] = { 1, 2, 4, 8, 10, 16, 32 };
enum { WIDTHS = sizeof widths / sizeof *widths };
static const char *const levels[] = { "best", "base", "avx2", "avx512" };

typedef struct {
    const char *graph_name, *weights;
    const kith_graph *graph;
    int threads;
    const double *scale, *x;
    double *y;
    kith_i_poll *poll;
    kith_i_scratch scratch;
    double pass; /* seconds; the best so far, like the rest */
    double seconds[2][KITH_I_LEVEL_AVX512 + 1][WIDTHS];
} bench;

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "products: %s: %s\n", what, why);
    exit(1);
}

static void keep_best(double *best, double started)
{
    *best = fmin(*best, kith_i_now() - started);
}

static void run_pass(bench *b)
{
    const int64_t n = b->graph->nodes, *offsets = b->graph->offsets;
    const uint32_t *targets = b->graph->targets;
    const double started = kith_i_now();

    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int64_t e = offsets[i]; e < offsets[i + 1]; e++) sum += b->x[targets[e]];
        b->y[i] = sum;
    }
    keep_best(&b->pass, started);
}

static void run_product(bench *b, bool normalised, kith_i_level level, int width)
{
    const kith_graph *g = b->graph;
    const kith_i_product product = { .m = { .rows = g->nodes,
                                            .columns = g->nodes,
                                            .offsets = g->offsets,
                                            .targets = g->targets,
                                            .weights32 = g->weights32,
                                            .weights64 = g->weights64 },
                                     .factor = 1,
                                     .left = normalised ? b->scale : NULL,
                                     .right = normalised ? b->scale : NULL,
                                     .level = level };
    kith_error err = { 0 };
    const double started = kith_i_now();

    if (kith_i_multiply(&product, widths[width], b->x, b->y, b->threads, &b->scratch, b->poll,
                        &err) != KITH_OK)
        stop("product", err.message);
    keep_best(&b->seconds[normalised][level][width], started);
}

static void print(const bench *b, const char *matrix, int level, int width, double seconds)
{
    const double each = seconds / (double)widths[width];

    printf("{\"bench\":\"products\",\"graph\":\"%s\",\"nodes\":%" PRId64 ",\"edges\":%" PRId64
           ",\"weights\":\"%s\",\"matrix\":\"%s\",\"level\":\"%s\",\"columns\":%" PRId64
           ",\"threads\":%d,\"seconds\":%.6f,\"seconds_per_vector\":%.6f,\"over_pass\":%.3f}\n",
           b->graph_name, b->graph->nodes, kith_graph_edges(b->graph), b->weights, matrix,
           levels[level], widths[width], b->threads, seconds, each, each / b->pass);
}

static void measure(bench *b, int rounds)
{
    const int best = (int)kith_i_level_best();

    b->pass = INFINITY;
    for (int m = 0; m < 2; m++)
        for (int l = 0; l <= best; l++)
            for (int w = 0; w < WIDTHS; w++) b->seconds[m][l][w] = INFINITY;
    for (int round = 0; round < rounds; round++) {
        run_pass(b);
        for (int m = 0; m < 2; m++)
            for (int l = KITH_I_LEVEL_BASE; l <= best; l++)
                for (int w = 0; w < WIDTHS; w++) run_product(b, m, (kith_i_level)l, w);
    }
    print(b, "pass", KITH_I_LEVEL_BASE, 0, b->pass);
    for (int m = 0; m < 2; m++)
        for (int l = KITH_I_LEVEL_BASE; l <= best; l++)
            for (int w = 0; w < WIDTHS; w++)
                print(b, m ? "normalised" : "adjacency", l, w, b->seconds[m][l][w]);
}

static kith_graph *make(int64_t nodes)
{
    kith_lfr_options o = KITH_LFR_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    o.nodes = nodes;
    o.degree = 20;
    if (kith_generate_lfr(&o, &graph, NULL, &err) != KITH_OK) stop("lfr", err.message);
    return graph;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "100000";
    const int rounds = argc > 2 ? atoi(argv[2]) : 5;
    const int64_t nodes = strtoll(what, NULL, 10);
    kith_graph *graph = NULL;
    kith_i_poll poll;
    kith_error err = { 0 };

    kith_i_poll_start(&poll, NULL);
    if (nodes > 0)
        graph = make(nodes);
    else if (kith_graph_read(what, NULL, &graph, &err) != KITH_OK)
        stop(what, err.message);
    const int64_t n = graph->nodes, entries = graph->entries;
    double *scale = malloc((size_t)n * sizeof *scale), *x = malloc((size_t)n * WIDEST * sizeof *x);
    double *y = malloc((size_t)n * WIDEST * sizeof *y);
    double *weights64 = malloc((size_t)entries * sizeof *weights64);
    float *weights32 = malloc((size_t)entries * sizeof *weights32);
    if (!scale || !x || !y || !weights64 || !weights32) stop("vectors", "out of memory");
    for (int64_t i = 0; i < n; i++) scale[i] = 1 / sqrt((double)kith_i_degree(graph, i) + 1);
    for (int64_t i = 0; i < n * WIDEST; i++) x[i] = (double)(i % 17) - 8;
    for (int64_t e = 0; e < entries; e++) weights32[e] = (float)(weights64[e] = 0.5);
    for (int kind = 0; kind < 3; kind++) {
        static const char *const names[] = { "none", "float", "double" };
        kith_graph weighted = *graph;
        weighted.weights32 = kind == 1 ? weights32 : NULL;
        weighted.weights64 = kind == 2 ? weights64 : NULL;
        bench b = { .graph_name = nodes > 0 ? "lfr" : what,
                    .weights = names[kind],
                    .graph = &weighted,
                    .threads = argc > 3 ? atoi(argv[3]) : 1,
                    .scale = scale,
                    .x = x,
                    .y = y,
                    .poll = &poll };
        measure(&b, rounds);
        kith_i_free(b.scratch.memory);
    }
    kith_graph_free(graph);
    free(scale);
    free(x);
    free(y);
    free(weights64);
    free(weights32);
    return 0;
}
