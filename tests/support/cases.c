/* Reading of golden graphs. A file holds, for each: the line `graph NAME NODES EDGES
 * directed|undirected`, its edges `SOURCE TARGET WEIGHT`, `labels ...`, and perhaps `truth ...`. */
#include "support/cases.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static kith_graph *read_edges(FILE *f, int64_t nodes, int64_t edges, bool directed)
{
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    int64_t *sources = malloc((size_t)edges * sizeof *sources);
    int64_t *targets = malloc((size_t)edges * sizeof *targets);
    double *weights = malloc((size_t)edges * sizeof *weights);
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    for (int64_t e = 0; e < edges; e++)
        assert_int_equal(fscanf(f, "%" SCNd64 " %" SCNd64 " %lf ", &sources[e], &targets[e],
                                &weights[e]), 3);
    o.direction = directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    assert_kith(kith_graph_from_edges(nodes, edges, sources, targets, weights, &o, &graph, &err),
                err);
    free(sources);
    free(targets);
    free(weights);
    return graph;
}

static int64_t *read_labels(FILE *f, int64_t nodes)
{
    int64_t *labels = malloc((size_t)nodes * sizeof *labels);

    for (int64_t v = 0; v < nodes; v++) assert_int_equal(fscanf(f, "%" SCNd64 " ", &labels[v]), 1);
    return labels;
}

int64_t test_for_cases(const char *file, void (*check)(const test_case *))
{
    char path[4096], word[16];
    int64_t nodes, edges, count = 0;

    snprintf(path, sizeof path, "%s/datasets/golden/%s", getenv("KITH_SOURCE"), file);
    FILE *f = fopen(path, "r");
    if (!f) fail_msg("%s is not there", path);
    int found = fscanf(f, "%15s ", word);
    while (found == 1) {
        test_case c = { 0 };
        assert_string_equal(word, "graph");
        assert_int_equal(
            fscanf(f, "%63s %" SCNd64 " %" SCNd64 " %15s ", c.name, &nodes, &edges, word), 4);
        c.graph = read_edges(f, nodes, edges, !strcmp(word, "directed"));
        while ((found = fscanf(f, "%15s ", word)) == 1 && strcmp(word, "graph"))
            *(!strcmp(word, "truth") ? &c.truth : &c.labels) = read_labels(f, nodes);
        check(&c);
        count++;
        kith_graph_free(c.graph);
        free(c.labels);
        free(c.truth);
    }
    fclose(f);
    return count;
}
