/* Graphs and oracles that several tests share. */
#include "support/graphs.h"

#include "core/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Edges in the making. */
typedef struct {
    int64_t count, room;
    int64_t *sources, *targets;
    double *weights;
} edge_list;

static void add_edge(edge_list *l, int64_t u, int64_t v, double weight)
{
    if (l->count == l->room) {
        l->room = l->room ? 2 * l->room : 64;
        l->sources = realloc(l->sources, (size_t)l->room * sizeof *l->sources);
        l->targets = realloc(l->targets, (size_t)l->room * sizeof *l->targets);
        l->weights = realloc(l->weights, (size_t)l->room * sizeof *l->weights);
    }
    l->sources[l->count] = u;
    l->targets[l->count] = v;
    l->weights[l->count++] = weight;
}

static kith_graph *build(int64_t nodes, edge_list *l, bool directed)
{
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    o.direction = directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    assert_kith(kith_graph_from_edges(nodes, l->count, l->sources, l->targets, l->weights, &o,
                                      &graph, &err),
                err);
    free(l->sources);
    free(l->targets);
    free(l->weights);
    return graph;
}

kith_graph *test_graph(int64_t nodes, int64_t edges, const int64_t (*pairs)[2],
                       const double *weights)
{
    edge_list l = { 0 };

    for (int64_t i = 0; i < edges; i++)
        add_edge(&l, pairs[i][0], pairs[i][1], weights ? weights[i] : 1);
    return build(nodes, &l, false);
}

kith_graph *test_path(int64_t nodes)
{
    edge_list l = { 0 };

    for (int64_t v = 1; v < nodes; v++) add_edge(&l, v - 1, v, 1);
    return build(nodes, &l, false);
}

kith_graph *test_ring(int64_t nodes)
{
    edge_list l = { 0 };

    for (int64_t v = 0; v < nodes; v++) add_edge(&l, v, (v + 1) % nodes, 1);
    return build(nodes, &l, false);
}

kith_graph *test_star(int64_t leaves)
{
    edge_list l = { 0 };

    for (int64_t v = 1; v <= leaves; v++) add_edge(&l, 0, v, 1);
    return build(leaves + 1, &l, false);
}

kith_graph *test_cliques(int64_t cliques, int64_t size, bool ring)
{
    edge_list l = { 0 };

    for (int64_t c = 0; c < cliques; c++) {
        for (int64_t i = 0; i < size; i++)
            for (int64_t j = i + 1; j < size; j++) add_edge(&l, c * size + i, c * size + j, 1);
        if (ring) add_edge(&l, c * size, (c + 1) % cliques * size + 1, 1);
    }
    return build(cliques * size, &l, false);
}

kith_graph *test_two_k4(void)
{
    edge_list l = { 0 };

    for (int64_t c = 0; c < 8; c += 4)
        for (int64_t i = 0; i < 4; i++)
            for (int64_t j = i + 1; j < 4; j++) add_edge(&l, c + i, c + j, 1);
    add_edge(&l, 3, 4, 1);
    return build(8, &l, false);
}

kith_graph *test_karate(void)
{
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    char path[4096];

    snprintf(path, sizeof path, "%s/datasets/karate.txt", getenv("KITH_SOURCE"));
    assert_kith(kith_graph_read(path, NULL, &graph, &err), err);
    return graph;
}

kith_graph *test_random_graph(const test_random *what)
{
    kith_i_random r = kith_i_random_at(what->seed, 77, 0);
    edge_list l = { 0 };

    for (int64_t u = 0; u < what->nodes; u++)
        for (int64_t v = what->directed ? 0 : u; v < what->nodes; v++) {
            const double weight =
                what->weighted ? (double)(1 + kith_i_random_below(&r, 16)) / 4 : 1;
            if (kith_i_random_unit(&r) < what->density && (u != v || what->loops))
                add_edge(&l, u, v, weight);
        }
    return build(what->nodes, &l, what->directed);
}

kith_graph *test_dataset(const char *name)
{
    static const char *const endings[] = { "mtx", "mtx.gz", "mtx.zst" };
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    char path[4096];

    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s/graph.%s", getenv("KITH_DATASETS"), name, endings[i]);
        if (access(path, R_OK) != 0) continue;
        assert_kith(kith_graph_read(path, NULL, &graph, &err), err);
        return graph;
    }
    printf("skipped: the data set %s is not in %s\n", name, getenv("KITH_DATASETS"));
    return NULL;
}

int64_t *test_dataset_labels(const char *name, const kith_graph *graph)
{
    int64_t *labels = NULL, count;
    kith_error err = { 0 };
    char path[4096];

    snprintf(path, sizeof path, "%s/%s/labels.txt", getenv("KITH_DATASETS"), name);
    if (access(path, R_OK) != 0) return NULL;
    assert_kith(kith_labels_read(path, graph, NULL, &count, &labels, &err), err);
    return labels;
}

void test_assert_connected(const kith_graph *graph, const kith_partition *partition)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    const int64_t *labels = kith_partition_labels(partition);
    const uint32_t *targets = kith_graph_targets(graph);
    int64_t *parent = malloc((size_t)(n + 1) * sizeof *parent), parts = n, communities = 0;

    for (int64_t v = 0; v < n; v++) parent[v] = v;
    for (int64_t v = 0; v < n; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            int64_t a = v, b = targets[e];
            if (labels[a] != labels[b]) continue;
            while (parent[a] != a) a = parent[a] = parent[parent[a]];
            while (parent[b] != b) b = parent[b] = parent[parent[b]];
            if (a == b) continue;
            parent[a] = b;
            parts--;
        }
    for (int64_t c = 0; c < kith_partition_communities(partition); c++)
        communities += kith_partition_sizes(partition)[c] > 0;
    free(parent);
    assert_int_equal(parts, communities + kith_partition_unassigned(partition));
}

void test_assert_same(const kith_partition *a, const kith_partition *b)
{
    assert_int_equal(kith_partition_nodes(a), kith_partition_nodes(b));
    for (int64_t v = 0; v < kith_partition_nodes(a); v++)
        assert_int_equal(kith_partition_labels(a)[v], kith_partition_labels(b)[v]);
}

/* A_uv with an undirected loop counting twice, as a sum over the rows. */
static double *dense(const kith_graph *graph)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    double *a = calloc((size_t)(n * n + 1), sizeof *a);

    for (int64_t v = 0; v < n; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            const bool twice = u == v && !kith_graph_directed(graph);
            a[v * n + u] = kith_graph_weight(graph, e) * (twice ? 2 : 1);
        }
    return a;
}

double test_modularity(const kith_graph *graph, const int64_t *labels, double resolution)
{
    const int64_t n = kith_graph_nodes(graph);
    double *a = dense(graph), *row = calloc((size_t)n + 1, sizeof *row);
    double *column = calloc((size_t)n + 1, sizeof *column), total = 0, q = 0;

    for (int64_t u = 0; u < n; u++)
        for (int64_t v = 0; v < n; v++) {
            row[u] += a[u * n + v];
            column[v] += a[u * n + v];
            total += a[u * n + v];
        }
    for (int64_t u = 0; u < n; u++)
        for (int64_t v = 0; v < n; v++)
            if (labels[u] == labels[v]) q += a[u * n + v] - resolution * row[u] * column[v] / total;
    free(a);
    free(row);
    free(column);
    return q / total;
}

double test_cpm(const kith_graph *graph, const int64_t *labels, const double *sizes, double gamma)
{
    const int64_t n = kith_graph_nodes(graph);
    double *a = dense(graph), h = 0;

    for (int64_t c = 0; c < n; c++) {
        double size = 0;
        for (int64_t u = 0; u < n; u++) {
            if (labels[u] != c) continue;
            size += sizes ? sizes[u] : 1;
            for (int64_t v = 0; v < n; v++)
                if (labels[v] == c) h += a[u * n + v] / 2;
        }
        h -= gamma * size * (size - 1) / 2;
    }
    free(a);
    return h;
}

double test_total_weight(const kith_graph *graph)
{
    kith_error err = { 0 };
    double total = NAN;

    assert_kith(kith_graph_total_weight(graph, NULL, &total, &err), err);
    return total;
}
