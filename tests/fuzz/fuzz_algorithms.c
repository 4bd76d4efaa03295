/* Every row of the table of algorithms, with options of every sort, on graphs of up to 24 nodes.
 *
 * An input is: a byte for the number of nodes, one of flags, one for the seed, sixteen that the
 * options are taken from, and three for each edge: its ends and its weight, in sixteenths. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 24, MOST_EDGES = 400, OPTIONS = 16, HEADER = 3 + OPTIONS };
enum { DIRECTED = 1, WEIGHTED = 2 };

static kith_graph *make_graph(const uint8_t *data, size_t size)
{
    int64_t sources[MOST_EDGES], targets[MOST_EDGES], edges = 0;
    const int64_t nodes = data[0] % (MOST_NODES + 1);
    double weights[MOST_EDGES];
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph;
    kith_error err = { 0 };

    for (size_t at = HEADER; nodes && at + 3 <= size && edges < MOST_EDGES; at += 3) {
        sources[edges] = data[at] % nodes;
        targets[edges] = data[at + 1] % nodes;
        weights[edges++] = (1 + data[at + 2]) / 16.0;
    }
    o.direction = data[1] & DIRECTED ? KITH_DIRECTED : KITH_UNDIRECTED;
    const kith_status status =
        kith_graph_from_edges(nodes, edges, sources, targets, data[1] & WEIGHTED ? weights : NULL,
                              &o, &graph, &err);
    fuzz_assert(status, graph, &err);
    return graph;
}

/* A label for each node. */
static kith_partition *make_partition(int64_t nodes, uint8_t byte)
{
    int64_t labels[MOST_NODES];
    kith_partition *p = NULL;

    for (int64_t v = 0; v < nodes; v++) labels[v] = (v * byte + v / 3) % (nodes + 1) - 1;
    if (kith_partition_from_labels(nodes, labels, NULL, &p, NULL) != KITH_OK) abort();
    return p;
}

/* Two numbers for each node. */
static kith_features *make_features(int64_t nodes, uint8_t byte)
{
    double values[2 * MOST_NODES];
    kith_features *features = NULL;

    for (int64_t i = 0; i < 2 * nodes; i++) values[i] = (double)((i * byte) % 11) / 4 - 1;
    if (kith_features_from_dense(nodes, 2, values, NULL, &features, NULL) != KITH_OK) abort();
    return features;
}

/* What options borrow. */
typedef struct {
    kith_partition *partition;
    double          numbers[MOST_NODES];
    kith_features  *features;
} lent;

/* Sets an option from a byte: 0 leaves the default. */
static void set_option(const kith_option *o, void *options, uint8_t byte, const lent *l)
{
    void *field = (char *)options + o->offset;

    if (byte == 0) return;
    switch (o->type) {
    case KITH_OPTION_F64: *(double *)field = fmin(o->upper, o->lower + (byte - 1) / 32.0); break;
    case KITH_OPTION_I64:
        *(int64_t *)field = (int64_t)fmin(o->upper, o->lower + (byte - 1) % 9);
        break;
    case KITH_OPTION_BOOL: *(bool *)field = byte & 1; break;
    case KITH_OPTION_ENUM: *(int *)field = byte % 5 - 1; break;
    case KITH_OPTION_PARTITION: *(const kith_partition **)field = l->partition; break;
    case KITH_OPTION_NODES_F64: *(const double **)field = l->numbers; break;
    case KITH_OPTION_FEATURES: *(const kith_features **)field = l->features; break;
    case KITH_OPTION_RELATIONS:
    case KITH_OPTION_BIPARTITE: break; /* the graph by itself serves */
    }
}

/* Labels 0 .. k - 1 by decreasing size. */
static void check_partition(const kith_graph *graph, const kith_partition *p)
{
    if (kith_partition_nodes(p) != kith_graph_nodes(graph)) abort();
    for (int64_t v = 0; v < kith_partition_nodes(p); v++)
        if (kith_partition_labels(p)[v] >= kith_partition_communities(p)) abort();
    for (int64_t c = 1; c < kith_partition_communities(p); c++)
        if (kith_partition_sizes(p)[c] > kith_partition_sizes(p)[c - 1]) abort();
}

/* Quality is what kith_evaluate() says where that is modularity. */
static void check_quality(const kith_algorithm *row, const kith_graph *graph, const void *options,
                          const kith_partition *p)
{
    const kith_option *objective = kith_option_find(&row->code->options, "objective");
    const kith_option *resolution = kith_option_find(&row->code->options, "resolution");
    kith_quality q;

    if (!objective || *(const int *)((const char *)options + objective->offset) != 0) return;
    if (kith_evaluate(graph, p, *(const double *)((const char *)options + resolution->offset), NULL,
                      &q, NULL, NULL) != KITH_OK)
        abort();
    if (fabs(q.modularity - kith_partition_quality(p)) > 1e-9) abort();
}

static void expect_same_partition(const kith_partition *p, const kith_partition *q)
{
    if (memcmp(kith_partition_labels(p), kith_partition_labels(q),
               (size_t)kith_partition_nodes(p) * sizeof(int64_t)))
        abort();
}

/* A set of nodes of the graph, by decreasing score. */
static void check_cluster(const kith_graph *graph, const kith_cluster *c)
{
    bool in[MOST_NODES] = { false };

    if (kith_cluster_touched_edges(c) > kith_graph_entries(graph)) abort();
    for (int64_t i = 0; i < kith_cluster_size(c); i++) {
        const int64_t v = kith_cluster_nodes(c)[i];
        if (v < 0 || v >= kith_graph_nodes(graph) || in[v]) abort();
        if (i && !(kith_cluster_scores(c)[i - 1] >= kith_cluster_scores(c)[i])) abort();
        in[v] = true;
    }
}

static void expect_same_cluster(const kith_cluster *c, const kith_cluster *d)
{
    const size_t size = (size_t)kith_cluster_size(c);

    if (kith_cluster_size(d) != kith_cluster_size(c) ||
        memcmp(kith_cluster_nodes(c), kith_cluster_nodes(d), size * sizeof(int64_t)) ||
        memcmp(kith_cluster_scores(c), kith_cluster_scores(d), size * sizeof(double)))
        abort();
}

static const void *made(const kith_result *result)
{
    return result->kind == KITH_KIND_local ? (const void *)result->local : result->partition;
}

static void run(const kith_algorithm *row, const kith_graph *graph, void *options)
{
    kith_result one, two;
    kith_error err = { 0 };

    ((kith_run *)options)->threads = 1;
    const kith_status status = row->code->run(graph, options, &one, &err);
    fuzz_assert(status, made(&one), &err);
    ((kith_run *)options)->threads = 2;
    if (row->code->run(graph, options, &two, &err) != status) abort();
    if (status != KITH_OK) return;
    switch (row->kind) {
    case KITH_KIND_partition:
        check_partition(graph, one.partition);
        check_quality(row, graph, options, one.partition);
        expect_same_partition(one.partition, two.partition);
        break;
    case KITH_KIND_local:
        check_cluster(graph, one.local);
        expect_same_cluster(one.local, two.local);
        break;
    }
    kith_result_free(&one);
    kith_result_free(&two);
}

/* Seeds of a local row: some of the nodes, from a byte. */
static int64_t make_seeds(int64_t nodes, uint8_t byte, int64_t *seeds)
{
    int64_t count = 0;

    for (int64_t v = byte % (nodes + 1); v < nodes && count < 1 + byte % 3; v += 1 + byte / 16)
        seeds[count++] = v;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lent l;
    int64_t seeds[MOST_NODES];

    if (size < HEADER) return 0;
    kith_graph *graph = make_graph(data, size);
    l.partition = make_partition(kith_graph_nodes(graph), data[2]);
    l.features = make_features(kith_graph_nodes(graph), data[2]);
    for (int64_t v = 0; v < MOST_NODES; v++) l.numbers[v] = (double)((v * data[2]) % 7);
    for (int64_t r = 0; r < kith_algorithm_count(); r++) {
        const kith_options_spec *spec = &kith_algorithm_at(r)->code->options;
        void *options = malloc(spec->size);
        memcpy(options, spec->defaults, spec->size);
        ((kith_run *)options)->seed = data[2];
        for (int i = 0; spec->options[i].name; i++)
            set_option(&spec->options[i], options, data[3 + i % OPTIONS], &l);
        if (kith_algorithm_at(r)->kind == KITH_KIND_local)
            ((kith_query *)options)->seeds =
                (kith_nodes){ seeds, make_seeds(kith_graph_nodes(graph), data[2], seeds) };
        run(kith_algorithm_at(r), graph, options);
        free(options);
    }
    kith_features_free(l.features);
    kith_partition_free(l.partition);
    kith_graph_free(graph);
    return 0;
}
