/* Methods that look at features and at one or several relations, on planted groups of any size.
 *
 *   relational METHOD [N [D [K [RELATIONS [THREADS [OPTION=VALUE...]]]]]]
 *
 * N nodes (default 10^6) in K groups (8), D dense features (256) about a place for each group, 10 N
 * edges in all relations together (1), of which seven in ten join nodes of one group. One line of
 * JSON: seconds of the phases, the most memory that the process had (the features included: 8 N D
 * bytes), agreement with the groups. */
#include "kith/kith.h"

#include "core/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef struct {
    int64_t n, d, k, count;
    kith_relations *relations;
    kith_graph *graph;
    kith_features *features;
    int64_t *truth;
} data;

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "relational: %s: %s\n", what, why);
    exit(1);
}

static void *room(int64_t count, size_t size)
{
    void *memory = malloc((size_t)(count + 1) * size);

    if (!memory) stop("memory", "there is none left");
    return memory;
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Node v is of group v mod k. */
static kith_graph *make_graph(const data *s, int64_t edges, uint64_t stage)
{
    int64_t *from = room(edges, sizeof *from), *to = room(edges, sizeof *to);
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    for (int64_t e = 0; e < edges; e++) {
        kith_i_random r = kith_i_random_at(1, stage, (uint64_t)e);
        from[e] = (int64_t)kith_i_random_below(&r, (uint64_t)s->n);
        to[e] = (int64_t)kith_i_random_below(&r, (uint64_t)s->n);
        if (kith_i_random_unit(&r) < 0.7) to[e] = to[e] / s->k * s->k + from[e] % s->k;
        if (to[e] >= s->n) to[e] = from[e] % s->k;
    }
    if (kith_graph_from_edges(s->n, edges, from, to, NULL, NULL, &graph, &err) != KITH_OK)
        stop("graph", err.message);
    free(from);
    free(to);
    return graph;
}

static void make_features(data *s)
{
    double *x = room(s->n * s->d, sizeof *x);
    kith_error err = { 0 };

    for (int64_t i = 0; i < s->n; i++) {
        kith_i_random r = kith_i_random_at(2, 0, (uint64_t)i);
        kith_i_random place = kith_i_random_at(2, 1, (uint64_t)(i % s->k));
        s->truth[i] = i % s->k;
        for (int64_t j = 0; j < s->d; j++)
            x[i * s->d + j] = 0.5 * kith_i_random_unit(&place) + kith_i_random_unit(&r);
    }
    if (kith_features_from_dense(s->n, s->d, x, NULL, &s->features, &err) != KITH_OK)
        stop("features", err.message);
    free(x);
}

static void make(data *s)
{
    kith_error err = { 0 };

    s->truth = room(s->n, sizeof *s->truth);
    make_features(s);
    if (kith_relations_new(&s->relations, &err) != KITH_OK) stop("relations", err.message);
    for (int64_t r = 0; r < s->count; r++) {
        char name[32];
        snprintf(name, sizeof name, "relation%d", (int)r);
        kith_graph *graph = make_graph(s, 10 * s->n / s->count, (uint64_t)(16 + r));
        if (kith_relations_add(s->relations, name, graph, NULL, &err) != KITH_OK)
            stop(name, err.message);
    }
    if (kith_relations_sum(s->relations, NULL, NULL, &s->graph, &err) != KITH_OK)
        stop("graph", err.message);
}

/* The method's options: its defaults, the data, k, and what the arguments say. */
static void *options_for(const kith_algorithm *method, const data *s, int64_t threads, char **said)
{
    const kith_options_spec *spec = &method->code->options;
    char *options = room(1, spec->size);
    char k[32];
    kith_error err = { 0 };

    memcpy(options, spec->defaults, spec->size);
    ((kith_run *)options)->threads = threads;
    for (const kith_option *o = spec->options; o->name; o++) {
        const void *lent = o->type == KITH_OPTION_FEATURES    ? (const void *)s->features
                           : o->type == KITH_OPTION_RELATIONS ? (const void *)s->relations
                                                              : NULL;
        if (lent) memcpy(options + o->offset, &lent, sizeof lent);
    }
    snprintf(k, sizeof k, "%lld", (long long)s->k);
    if (kith_option_set(spec, options, "k", k, &err) != KITH_OK) stop("k", err.message);
    for (; *said; said++) {
        char *value = strchr(*said, '=');
        if (!value) stop(*said, "expected OPTION=VALUE");
        *value = '\0';
        if (kith_option_set(spec, options, *said, value + 1, &err) != KITH_OK)
            stop(*said, err.message);
    }
    return options;
}

int main(int argc, char **argv)
{
    const kith_algorithm *method = argc > 1 ? kith_algorithm_find(argv[1]) : NULL;
    const int64_t threads = argc > 6 ? atoll(argv[6]) : 1;
    data s = { .n = argc > 2 ? (int64_t)strtod(argv[2], NULL) : 1000000,
               .d = argc > 3 ? atoll(argv[3]) : 256,
               .k = argc > 4 ? atoll(argv[4]) : 8,
               .count = argc > 5 ? atoll(argv[5]) : 1 };
    kith_result result;
    kith_comparison c;
    struct rusage usage;
    kith_error err = { 0 };
    double phase;

    if (!method) stop(argc > 1 ? argv[1] : "METHOD", "there is no such method");
    make(&s);
    void *options = options_for(method, &s, threads, argc > 7 ? argv + 7 : argv + argc);
    const double begun = seconds(), cpu = cpu_seconds();
    if (method->code->run(s.graph, options, &result, &err) != KITH_OK) stop(argv[1], err.message);
    const double took = seconds() - begun, used = cpu_seconds() - cpu;
    const int64_t *labels = kith_partition_labels(result.partition);
    if (kith_compare(s.n, labels, s.truth, NULL, &c, &err) != KITH_OK) stop(argv[1], err.message);
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"algorithm\":\"%s\",\"n\":%lld,\"m\":%lld,\"d\":%lld,\"k\":%lld,\"relations\":%lld,"
           "\"threads\":%lld,\"accuracy\":%.4f,\"seconds\":%.2f,\"cpu_seconds\":%.2f,"
           "\"peak_mib\":%.0f,\"phases\":{",
           argv[1], (long long)s.n, (long long)kith_graph_edges(s.graph), (long long)s.d,
           (long long)s.k, (long long)s.count, (long long)threads, c.accuracy, took, used,
           (double)usage.ru_maxrss / 1024);
    for (int64_t i = 0; kith_partition_phase(result.partition, i, &phase); i++)
        printf("%s\"%s\":%.2f", i ? "," : "", kith_partition_phase(result.partition, i, NULL),
               phase);
    printf("}}\n");
    kith_result_free(&result);
    kith_relations_free(s.relations);
    kith_graph_free(s.graph);
    kith_features_free(s.features);
    free(s.truth);
    free(options);
    return 0;
}
