/* Local clustering with noisy labels on graphs whose classes are known: F1 of what methods find
 * from a node of a class.
 *
 *   labels [-d DRAWS] [-s SEEDS] [-q QUERIES] [-v both|mean|own] FOLDER...
 *
 * A FOLDER holds graph.mtx (or graph_PAP.mtx), features.mtx and labels.txt, all but the labels
 * perhaps as .gz; its largest component is taken, without loops. Of each class SEEDS nodes (default
 * 20) are drawn, and DRAWS times (default 10) 25 nodes of it and 25 others, which a classifier is
 * trained on; each draw is tried from QUERIES of the seeds (default 10), in rotation. A method is
 * told the volume of the class. F1 is the mean over seeds and draws, then over classes; error is
 * its standard error, by the draws' means; cut_down is the same of the nodes of label 1 alone. One
 * JSON line per folder and method. */
#include "kith/kith.h"

#include "local/classifier.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EXAMPLES = 25, MOST_DRAWS = 100 };

typedef struct {
    char name[64];
    kith_graph *graph;
    kith_features *features;
    int64_t nodes, classes;
    int64_t *labels;
    double *lengths; /* of rows of features */
} data;

/* A class that is to be found from a node of it. */
typedef struct {
    const data *d;
    bool *in;
    int64_t size;
    double volume;
    kith_partition *train, *looks; /* labels of the examples, and predicted ones */
    kith_view view;                /* of the classifier */
    int64_t seed;
} target;

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "labels: %s: %s\n", what, why);
    exit(1);
}

static void *room(int64_t count, size_t size)
{
    void *memory = calloc((size_t)count + 1, size);

    if (!memory) stop("memory", "there is none left");
    return memory;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Below `bound`, by the upper half of a linear congruential generator. */
static int64_t draw(uint64_t *state, int64_t bound)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((*state >> 32) * (uint64_t)bound >> 32);
}

/* ---- Data ---- */

/* The file of a name in a folder, plain or compressed. */
static bool find(const char *folder, const char *name, char path[1024])
{
    snprintf(path, 1024, "%s/%s", folder, name);
    if (access(path, R_OK) == 0) return true;
    snprintf(path, 1024, "%s/%s.gz", folder, name);
    return access(path, R_OK) == 0;
}

static kith_graph *read_graph(const char *folder)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    char path[1024];

    if (!find(folder, "graph.mtx", path) && !find(folder, "graph_PAP.mtx", path))
        stop(folder, "there is no graph");
    o.graph.loops = KITH_LOOPS_DROP;
    if (kith_graph_read(path, &o, &graph, &err) != KITH_OK) stop(path, err.message);
    return graph;
}

/* The rows of some nodes. */
static kith_features *select_rows(const kith_features *all, const int64_t *nodes, int64_t count)
{
    const int64_t columns = kith_features_columns(all);
    double *row = room(columns, sizeof *row), *values = NULL;
    int64_t *offsets = room(count + 1, sizeof *offsets), *indices = NULL, entries = 0, most = 0;
    kith_features *out = NULL;
    kith_error err = { 0 };

    for (int64_t i = 0; i < count; i++) {
        kith_features_row(all, nodes[i], row);
        if (entries + columns > most) {
            most = 2 * (entries + columns);
            values = realloc(values, (size_t)most * sizeof *values);
            indices = realloc(indices, (size_t)most * sizeof *indices);
            if (!values || !indices) stop("memory", "there is none left");
        }
        for (int64_t c = 0; c < columns; c++)
            if (row[c] != 0) {
                values[entries] = row[c];
                indices[entries++] = c;
            }
        offsets[i + 1] = entries;
    }
    if (kith_features_from_csr(count, columns, offsets, indices, values, NULL, &out, &err) !=
        KITH_OK)
        stop("features", err.message);
    free(row);
    free(values);
    free(indices);
    free(offsets);
    return out;
}

static data load(const char *folder)
{
    kith_graph *whole = read_graph(folder);
    kith_features *features = NULL;
    int64_t *nodes = NULL, *labels = NULL, count;
    kith_error err = { 0 };
    char path[1024];
    data d = { 0 };

    const char *slash = strrchr(folder, '/');
    snprintf(d.name, sizeof d.name, "%s", slash ? slash + 1 : folder);
    if (kith_graph_largest_component(whole, NULL, &d.graph, &nodes, &err) != KITH_OK)
        stop(folder, err.message);
    if (!find(folder, "features.mtx", path)) stop(folder, "there is no features.mtx");
    if (kith_features_read(path, NULL, &features, &err) != KITH_OK) stop(path, err.message);
    if (!find(folder, "labels.txt", path)) stop(folder, "there is no labels.txt");
    if (kith_labels_read(path, NULL, NULL, &count, &labels, &err) != KITH_OK)
        stop(path, err.message);
    d.nodes = kith_graph_nodes(d.graph);
    d.features = select_rows(features, nodes, d.nodes);
    d.labels = room(d.nodes, sizeof *d.labels);
    d.lengths = room(d.nodes, sizeof *d.lengths);
    for (int64_t v = 0; v < d.nodes; v++) {
        d.labels[v] = labels[nodes[v]];
        if (d.labels[v] >= d.classes) d.classes = d.labels[v] + 1;
        const kith_i_feature_row row = kith_i_features_row(d.features, v);
        for (int64_t e = row.begin; e < row.end; e++)
            d.lengths[v] += pow(kith_i_feature(d.features, e), 2);
        d.lengths[v] = sqrt(d.lengths[v]);
    }
    kith_features_free(features);
    kith_graph_free(whole);
    free(nodes);
    free(labels);
    return d;
}

static void unload(data *d)
{
    kith_graph_free(d->graph);
    kith_features_free(d->features);
    free(d->labels);
    free(d->lengths);
}

/* ---- Targets ---- */

static target target_of(const data *d, int64_t number, kith_view view)
{
    target t = { .d = d, .view = view, .in = room(d->nodes, sizeof *t.in) };
    const int64_t *offsets = kith_graph_offsets(d->graph);

    for (int64_t v = 0; v < d->nodes; v++) {
        if (d->labels[v] != number) continue;
        t.in[v] = true;
        t.size++;
        t.volume += (double)(offsets[v + 1] - offsets[v]);
    }
    return t;
}

/* A node of the class, or one outside it, that is not taken; takes it. */
static int64_t draw_node(const target *t, bool in, bool *taken, uint64_t *state)
{
    int64_t v;

    do v = draw(state, t->d->nodes);
    while (t->in[v] != in || taken[v]);
    taken[v] = true;
    return v;
}

static kith_partition *partition(const int64_t *labels, int64_t nodes)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    if (kith_partition_from_labels(nodes, labels, NULL, &p, &err) != KITH_OK)
        stop("labels", err.message);
    return p;
}

/* Draws examples, and labels all nodes by a classifier that is trained on them. */
static void train(target *t, uint64_t *state)
{
    const int64_t n = t->d->nodes;
    int64_t *labels = room(n, sizeof *labels);
    uint32_t nodes[2 * EXAMPLES];
    bool *taken = room(n, sizeof *taken), positive[2 * EXAMPLES], answer;
    const kith_i_examples examples = { nodes, positive, 2 * EXAMPLES };
    kith_i_classifier *classifier = NULL;
    kith_i_poll poll = { 0 };
    kith_error err = { 0 };

    for (int64_t v = 0; v < n; v++) labels[v] = -1;
    for (int i = 0; i < 2 * EXAMPLES; i++) {
        positive[i] = i < EXAMPLES;
        nodes[i] = (uint32_t)draw_node(t, positive[i], taken, state);
        labels[nodes[i]] = positive[i];
    }
    kith_partition_free(t->train);
    t->train = partition(labels, n);
    if (kith_i_classifier_train(t->d->graph, t->d->features, t->view, &examples, &poll, &classifier,
                                &err) != KITH_OK)
        stop(t->d->name, err.message);
    for (int64_t v = 0; v < n; v++) {
        if (kith_i_classifier_ask(classifier, (uint32_t)v, &answer, &err) != KITH_OK)
            stop(t->d->name, err.message);
        labels[v] = answer;
    }
    kith_partition_free(t->looks);
    t->looks = partition(labels, n);
    kith_i_classifier_free(classifier);
    free(labels);
    free(taken);
}

static double f1(int64_t right, int64_t found, int64_t size)
{
    return found + size ? 2 * (double)right / (double)(found + size) : 0;
}

static bool looks_like_it(const target *t, int64_t v)
{
    return kith_partition_labels(t->looks)[v] == 1 || v == t->seed;
}

/* Of a cluster; of its nodes of label 1, when so asked. */
static double f1_of(const target *t, const kith_cluster *c, bool and_labels)
{
    int64_t right = 0, found = 0;

    for (int64_t i = 0; i < kith_cluster_size(c); i++) {
        const int64_t v = kith_cluster_nodes(c)[i];
        if (and_labels && !looks_like_it(t, v)) continue;
        found++;
        right += t->in[v];
    }
    return f1(right, found, t->size);
}

/* ---- Methods ---- */

/* The options of a row by their names: "name=value,...". */
static kith_query *options_of(const char *name, const char *text, const kith_algorithm **row)
{
    char copy[256], *rest = copy;
    kith_error err = { 0 };

    *row = kith_algorithm_find(name);
    if (!*row) return NULL;
    kith_query *options = room((int64_t)(*row)->code->options.size, 1);
    memcpy(options, (*row)->code->options.defaults, (*row)->code->options.size);
    snprintf(copy, sizeof copy, "%s", text);
    for (char *o; *rest && (o = strsep(&rest, ","));) {
        char *value = strchr(o, '=');
        *value = '\0';
        if (kith_option_set(&(*row)->code->options, options, o, value + 1, &err) != KITH_OK)
            stop(name, err.message);
        if (!rest) break;
    }
    options->run.threads = 1;
    return options;
}

static void set(const kith_algorithm *row, void *options, const char *name, const void *value,
                size_t size)
{
    const kith_option *o = kith_option_find(&row->code->options, name);

    if (o) memcpy((char *)options + o->offset, value, size);
}

/* What a method is given beside its options. */
typedef enum { NOTHING, LOOKS = 1, TRAIN = 2, FEATURES = 4 } inputs;

typedef struct {
    const char *name, *row, *options;
    int given; /* inputs */
} method;

static const method methods[] = {
    { "fd", "flow-diffusion", "", NOTHING },
    { "wfd", "wfd", "", FEATURES },
    { "lfd", "lfd", "", TRAIN | FEATURES },
    { "lfd-zero-zero-1", "lfd", "zero-zero=1", LOOKS },
    { "lfd-disagree-.01", "lfd", "disagree=0.01", LOOKS },
    { "lfd-own-examples", "lfd", "", FEATURES },
    { "acl", "acl", "alpha=0.05", NOTHING },
    { "acl-labels", "acl", "alpha=0.05", LOOKS },
};

/* Of a query: F1 of the cluster and of its nodes of label 1. */
typedef struct {
    double f1, cut_down, touched, seconds;
} outcome;

/* NaN where there is no such row. */
static outcome query(const target *t, const method *m)
{
    const kith_algorithm *row;
    kith_query *options = options_of(m->row, m->options, &row);
    const double push = 0.1 / t->volume;
    const int view = (int)t->view;
    kith_result result;
    kith_error err = { 0 };

    if (!options) return (outcome){ NAN, NAN, 0, 0 };
    options->seeds = (kith_nodes){ &t->seed, 1 };
    if (strcmp(m->row, "acl")) options->round = KITH_ROUND_SUPPORT;
    else set(row, options, "epsilon", &push, sizeof push);
    set(row, options, "volume", &t->volume, sizeof t->volume);
    set(row, options, "view", &view, sizeof view);
    if (m->given & LOOKS) set(row, options, "node_labels", &t->looks, sizeof t->looks);
    if (m->given & TRAIN) set(row, options, "train", &t->train, sizeof t->train);
    if (m->given & FEATURES) set(row, options, "features", &t->d->features, sizeof(void *));
    const double begun = now();
    if (row->code->run(t->d->graph, options, &result, &err) != KITH_OK) stop(m->name, err.message);
    const outcome out = { f1_of(t, result.local, false), f1_of(t, result.local, true),
                          (double)kith_cluster_touched_nodes(result.local), now() - begun };
    kith_result_free(&result);
    free(options);
    return out;
}

static double labels_alone(const target *t)
{
    int64_t right = 0, found = 0;

    for (int64_t v = 0; v < t->d->nodes; v++) {
        if (!looks_like_it(t, v)) continue;
        found++;
        right += t->in[v];
    }
    return f1(right, found, t->size);
}

static int downwards(const void *x, const void *y)
{
    const double *a = x, *b = y;

    if (*a != *b) return *a > *b ? -1 : 1;
    return a[1] < b[1] ? -1 : a[1] > b[1];
}

/* As many nodes as the class has, those whose features have the least angle with the seed's. */
static double features_alone(const target *t)
{
    const kith_features *x = t->d->features;
    double *row = room(kith_features_columns(x), sizeof *row);
    double(*order)[2] = room(t->d->nodes, sizeof *order);
    int64_t right = 0;

    kith_features_row(x, t->seed, row);
    for (int64_t v = 0; v < t->d->nodes; v++) {
        const kith_i_feature_row r = kith_i_features_row(x, v);
        order[v][1] = (double)v;
        for (int64_t e = r.begin; e < r.end; e++)
            order[v][0] += row[kith_i_feature_column(x, r, e)] * kith_i_feature(x, e);
        if (t->d->lengths[v] > 0) order[v][0] /= t->d->lengths[v];
    }
    qsort(order, (size_t)t->d->nodes, sizeof *order, downwards);
    for (int64_t i = 0; i < t->size; i++) right += t->in[(int64_t)order[i][1]];
    free(row);
    free(order);
    return f1(right, t->size, t->size);
}

/* ---- Runs ---- */

typedef struct {
    int64_t draws, seeds, queries;
    kith_view view;
} plan;

/* Sums over the classes of means over queries, by draw. */
typedef struct {
    double f1[MOST_DRAWS], cut_down[MOST_DRAWS], seconds, touched;
    int64_t calls;
} tally;

enum { OTHERS = 2, ROWS = (int)(sizeof methods / sizeof *methods) + OTHERS };

static void try_all(const target *t, const plan *p, int64_t i, tally *tallies)
{
    const double share = 1 / (double)p->queries / (double)t->d->classes;

    tallies[0].f1[i] += share * labels_alone(t);
    tallies[1].f1[i] += share * features_alone(t);
    for (int m = OTHERS; m < ROWS; m++) {
        const outcome o = query(t, &methods[m - OTHERS]);
        tallies[m].f1[i] += share * o.f1;
        tallies[m].cut_down[i] += share * o.cut_down;
        tallies[m].seconds += o.seconds;
        tallies[m].touched += o.touched;
        tallies[m].calls++;
    }
}

static void run_class(const data *d, int64_t number, const plan *p, tally *tallies)
{
    target t = target_of(d, number, p->view);
    uint64_t state = 12345 + (uint64_t)number;
    int64_t *seeds = room(p->seeds, sizeof *seeds), next = 0;
    bool *taken = room(d->nodes, sizeof *taken);

    for (int64_t i = 0; i < p->seeds; i++) seeds[i] = draw_node(&t, true, taken, &state);
    for (int64_t i = 0; i < p->draws; i++) {
        train(&t, &state);
        for (int64_t q = 0; q < p->queries; q++) {
            t.seed = seeds[next++ % p->seeds];
            try_all(&t, p, i, tallies);
        }
    }
    kith_partition_free(t.train);
    kith_partition_free(t.looks);
    free(t.in);
    free(seeds);
    free(taken);
}

/* Mean over the draws, and its standard error. */
static double mean_of(const double *values, int64_t count, double *error)
{
    double mean = 0, squares = 0;

    for (int64_t i = 0; i < count; i++) mean += values[i] / (double)count;
    for (int64_t i = 0; i < count; i++) squares += pow(values[i] - mean, 2);
    *error = sqrt(squares / (double)count / (double)(count - 1));
    return mean;
}

static void print(const data *d, const plan *p, const char *name, const tally *t)
{
    double error, cut_error;
    const double mean = mean_of(t->f1, p->draws, &error);
    const double cut_down = mean_of(t->cut_down, p->draws, &cut_error);

    if (isnan(mean)) return;
    printf("{\"bench\":\"labels\",\"data\":\"%s\",\"n\":%" PRId64 ",\"m\":%" PRId64
           ",\"method\":\"%s\",\"view\":\"%s\",\"draws\":%" PRId64 ",\"queries\":%" PRId64
           ",\"f1\":%.4f,\"error\":%.4f",
           d->name, d->nodes, kith_graph_edges(d->graph), name, kith_i_view_names[p->view],
           p->draws, p->queries, mean, error);
    if (t->calls)
        printf(",\"f1_cut_down\":%.4f,\"error_cut_down\":%.4f,\"seconds\":%.3g"
               ",\"touched_nodes\":%.0f",
               cut_down, cut_error, t->seconds / (double)t->calls, t->touched / (double)t->calls);
    printf("}\n");
    fflush(stdout);
}

static void run(const char *folder, const plan *p)
{
    tally *tallies = room(ROWS, sizeof *tallies);
    data d = load(folder);

    for (int64_t c = 0; c < d.classes; c++) run_class(&d, c, p, tallies);
    print(&d, p, "labels-alone", &tallies[0]);
    print(&d, p, "features-alone", &tallies[1]);
    for (int m = OTHERS; m < ROWS; m++) print(&d, p, methods[m - OTHERS].name, &tallies[m]);
    unload(&d);
    free(tallies);
}

int main(int argc, char **argv)
{
    plan p = { .draws = 10, .seeds = 20, .queries = 10, .view = KITH_VIEW_BOTH };
    bool right = true;
    int option;

    while ((option = getopt(argc, argv, "d:s:q:v:")) != -1) switch (option) {
        case 'd': p.draws = atoll(optarg); break;
        case 's': p.seeds = atoll(optarg); break;
        case 'q': p.queries = atoll(optarg); break;
        case 'v':
            while (strcmp(optarg, kith_i_view_names[p.view]))
                if (!kith_i_view_names[++p.view]) stop(optarg, "expected both, mean or own");
            break;
        default: right = false;
        }
    if (!right || p.draws < 2 || p.draws > MOST_DRAWS || p.seeds < 1 || p.queries < 1)
        stop("usage", "labels [-d DRAWS] [-s SEEDS] [-q QUERIES] [-v both|mean|own] FOLDER...");
    for (int i = optind; i < argc; i++) run(argv[i], &p);
    return 0;
}
