/* The rows of the table of algorithms. A kind of result is one case in each of three functions. */
#include "support/rows.h"

#include <stdlib.h>

test_trial test_now;

void *test_options(const kith_algorithm *row)
{
    void *options = malloc(row->code->options.size);

    memcpy(options, row->code->options.defaults, row->code->options.size);
    return options;
}

bool test_is_local(const kith_algorithm *row)
{
    return row->kind == KITH_KIND_local;
}

/* The node with the most entries, the first of several. */
static int64_t seed_of(const kith_graph *graph)
{
    const int64_t *offsets = kith_graph_offsets(graph);
    int64_t best = 0;

    for (int64_t v = 1; v < kith_graph_nodes(graph); v++)
        if (offsets[v + 1] - offsets[v] > offsets[best + 1] - offsets[best]) best = v;
    return best;
}

kith_partition *test_give_labels(const kith_algorithm *row, void *options, int64_t nodes)
{
    static const char *const names[] = { "node_labels", "train", "features" };
    const kith_options_spec *spec = &row->code->options;
    kith_partition *labels = NULL;

    if (!kith_option_find(spec, "train")) return NULL;
    for (int i = 0; i < 3; i++)
        if (*(void **)((char *)options + kith_option_find(spec, names[i])->offset)) return NULL;
    int64_t *every_third = malloc((size_t)(nodes + 1) * sizeof *every_third);
    for (int64_t v = 0; v < nodes; v++) every_third[v] = v % 3 == 1;
    expect(kith_partition_from_labels(nodes, every_third, NULL, &labels, NULL) == KITH_OK);
    free(every_third);
    memcpy((char *)options + kith_option_find(spec, names[0])->offset, &labels, sizeof labels);
    ((kith_run *)options)->size = spec->size;
    return labels;
}

/* Where the features that a row cannot do without stand in its options; NULL: it can. */
static const kith_features **features_in(const kith_algorithm *row, void *options)
{
    const kith_option *o = kith_option_find(&row->code->options, "features");

    if (!o || kith_option_find(&row->code->options, "node_labels")) return NULL;
    return (const kith_features **)((char *)options + o->offset);
}

kith_features *test_features(int64_t nodes, bool sparse)
{
    double *values = calloc((size_t)(3 * nodes + 1), sizeof *values);
    int64_t *offsets = calloc((size_t)(nodes + 1), sizeof *offsets);
    int64_t *columns = calloc((size_t)(nodes + 1), sizeof *columns);
    kith_features *features = NULL;

    for (int64_t v = 0; v < nodes; v++) {
        offsets[v + 1] = v + 1;
        columns[v] = v % 3;
        values[sparse ? v : 3 * v + v % 3] = 1 + 0.25 * (double)(v % 5);
    }
    if (sparse)
        kith_features_from_csr(nodes, 3, offsets, columns, values, NULL, &features, NULL);
    else
        kith_features_from_dense(nodes, 3, values, NULL, &features, NULL);
    free(values);
    free(offsets);
    free(columns);
    return features;
}

void test_set_features(const kith_algorithm *row, void *options, const kith_features *features)
{
    const kith_features **field = features_in(row, options);

    if (!field || *field) return;
    *field = features;
    if (((kith_run *)options)->size < row->code->options.size)
        ((kith_run *)options)->size = row->code->options.size;
}

kith_status test_call(const kith_algorithm *row, const kith_graph *graph, const void *options,
                      kith_result *out, kith_error *err)
{
    const size_t given = options ? ((const kith_run *)options)->size : row->code->options.size;
    _Alignas(max_align_t) char room[2048];
    kith_query *query = (kith_query *)room;
    kith_features *features = NULL;
    int64_t seed = 0;

    const size_t least = test_is_local(row) ? sizeof *query : sizeof(kith_run);
    if (given < least || given > sizeof room)
        return row->code->run(graph, options, out, err);
    memcpy(room, row->code->options.defaults, row->code->options.size);
    if (options) memcpy(room, options, given);
    if (test_is_local(row) && query->seeds.count == 0) {
        if (graph) seed = seed_of(graph);
        query->seeds = (kith_nodes){ &seed, 1 };
    }
    kith_partition *labels = test_give_labels(row, room, graph ? kith_graph_nodes(graph) : 0);
    if (features_in(row, room) && !*features_in(row, room)) {
        features = test_features(graph ? kith_graph_nodes(graph) : 0, false);
        test_set_features(row, room, features);
    }
    const kith_status status = row->code->run(graph, room, out, err);
    kith_partition_free(labels);
    kith_features_free(features);
    return status;
}

kith_status test_run(const kith_algorithm *row, const kith_graph *graph, const void *options,
                     kith_result *out, kith_error *err)
{
    memset(out, 0xff, sizeof *out);
    err->message[0] = '\0';
    const kith_status status = test_call(row, graph, options, out, err);
    expect(out->kind == row->kind);
    if (status == KITH_OK) return status;
    expect(err->status == status);
    expect(err->message[0] != '\0' && !strchr(err->message, '\n'));
    expect(err->message[strlen(err->message) - 1] != '.');
    test_expect_nothing(out);
    return status;
}

/* Labels 0 .. k - 1 by decreasing size, ties by the lowest node; -1 unassigned. */
static void expect_canonical(const kith_partition *p)
{
    const int64_t n = kith_partition_nodes(p), k = kith_partition_communities(p);
    const int64_t *labels = kith_partition_labels(p), *sizes = kith_partition_sizes(p);
    int64_t *count = calloc((size_t)k + 1, sizeof *count),
            *first = calloc((size_t)k + 1, sizeof *first);
    int64_t unassigned = 0;

    for (int64_t v = n; v-- > 0;) {
        expect(labels[v] >= -1 && labels[v] < k);
        if (labels[v] < 0) {
            unassigned++;
            continue;
        }
        count[labels[v]]++;
        first[labels[v]] = v;
    }
    expect(unassigned == kith_partition_unassigned(p));
    for (int64_t c = 0; c < k; c++) {
        expect(count[c] == sizes[c] && count[c] > 0);
        if (c)
            expect(sizes[c - 1] > sizes[c] ||
                   (sizes[c - 1] == sizes[c] && first[c - 1] < first[c]));
    }
    free(count);
    free(first);
}

static void expect_partition(const kith_graph *graph, const kith_partition *p)
{
    const char *name;
    double seconds = -1;

    expect(p != NULL);
    expect(kith_partition_nodes(p) == kith_graph_nodes(graph));
    expect_canonical(p);
    expect(kith_partition_iterations(p) >= 0);
    expect(kith_partition_converged(p) == (kith_partition_stop(p) == KITH_STOP_CONVERGED));
    for (int64_t i = 0; (name = kith_partition_phase(p, i, &seconds)); i++)
        expect(*name != '\0' && seconds >= 0);
    for (int64_t i = 0; (name = kith_partition_figure(p, i, NULL)); i++) expect(*name != '\0');
}

/* A set of distinct nodes by decreasing score, ties by the lower id, with the volume, cut and
 * conductance of its definition. */
static void expect_cluster(const kith_graph *graph, const kith_cluster *c)
{
    const int64_t n = kith_graph_nodes(graph), size = kith_cluster_size(c);
    const int64_t *nodes = kith_cluster_nodes(c);
    const double *scores = kith_cluster_scores(c);
    bool *in = calloc((size_t)n + 1, sizeof *in);

    expect(size >= 0 && size <= n);
    for (int64_t i = 0; i < size; i++) {
        expect(nodes[i] >= 0 && nodes[i] < n && !in[nodes[i]]);
        expect(scores[i] > 0 && isfinite(scores[i]));
        if (i)
            expect(scores[i - 1] > scores[i] ||
                   (scores[i - 1] == scores[i] && nodes[i - 1] < nodes[i]));
        in[nodes[i]] = true;
    }
    expect(kith_cluster_conductance(c) >= -1e-9 && kith_cluster_conductance(c) <= 1 + 1e-9);
    expect(kith_cluster_touched_nodes(c) >= size && kith_cluster_touched_nodes(c) <= n);
    expect(kith_cluster_touched_edges(c) <= kith_graph_entries(graph));
    expect(kith_cluster_iterations(c) >= 0);
    expect(kith_cluster_converged(c) == (kith_cluster_stop(c) == KITH_STOP_CONVERGED));
    free(in);
}

void test_expect_whole(const kith_graph *graph, const kith_result *result)
{
    switch (result->kind) {
    case KITH_KIND_partition: expect_partition(graph, result->partition); break;
    case KITH_KIND_local: expect_cluster(graph, result->local); break;
    }
}

void test_expect_nothing(const kith_result *result)
{
    switch (result->kind) {
    case KITH_KIND_partition: expect(result->partition == NULL); break;
    case KITH_KIND_local: expect(result->local == NULL); break;
    }
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void expect_same_partition(const kith_partition *a, const kith_partition *b)
{
    const char *name;
    double x = 0, y = 0;

    expect(kith_partition_nodes(a) == kith_partition_nodes(b));
    expect(!memcmp(kith_partition_labels(a), kith_partition_labels(b),
                   (size_t)kith_partition_nodes(a) * sizeof(int64_t)));
    expect(same_number(kith_partition_quality(a), kith_partition_quality(b)));
    expect(kith_partition_iterations(a) == kith_partition_iterations(b));
    expect(kith_partition_stop(a) == kith_partition_stop(b));
    for (int64_t i = 0; (name = kith_partition_figure(a, i, &x)); i++)
        expect(kith_partition_figure(b, i, &y) == name && same_number(x, y));
}

static void expect_same_cluster(const kith_cluster *a, const kith_cluster *b)
{
    const int64_t size = kith_cluster_size(a);

    expect(size == kith_cluster_size(b));
    expect(!memcmp(kith_cluster_nodes(a), kith_cluster_nodes(b), (size_t)size * sizeof(int64_t)));
    expect(!memcmp(kith_cluster_scores(a), kith_cluster_scores(b), (size_t)size * sizeof(double)));
    expect(kith_cluster_conductance(a) == kith_cluster_conductance(b));
    expect(kith_cluster_touched_nodes(a) == kith_cluster_touched_nodes(b));
    expect(kith_cluster_touched_edges(a) == kith_cluster_touched_edges(b));
    expect(kith_cluster_iterations(a) == kith_cluster_iterations(b));
    expect(kith_cluster_stop(a) == kith_cluster_stop(b));
}

void test_expect_same(const kith_result *a, const kith_result *b)
{
    expect(a->kind == b->kind);
    switch (a->kind) {
    case KITH_KIND_partition: expect_same_partition(a->partition, b->partition); break;
    case KITH_KIND_local: expect_same_cluster(a->local, b->local); break;
    }
}
