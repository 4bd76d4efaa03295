/* What every row of the table of algorithms must do, on every sort of graph. */
#include "support/graphs.h"
#include "support/rows.h"

#include "core/random.h"

#include <float.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* A graph of every sort. The last two are large enough for parallel local moving in one batch, and
 * for more than one block of a flow. */
typedef struct {
    const char *name;
    kith_graph *graph;
} sort;

enum { SORTS = 17, SMALL = 15 };
static sort sorts[SORTS];

static kith_graph *random_graph(int64_t nodes, double density, bool weighted, bool loops,
                                bool directed)
{
    const test_random what = { nodes, density, weighted, loops, directed, 4 };

    return test_random_graph(&what);
}

/* A clique, a triangle with a tail, an edge, and two nodes alone. */
static kith_graph *in_pieces(void)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 2 }, { 1, 3 }, { 2, 3 },
                                        { 5, 6 }, { 6, 7 }, { 5, 7 }, { 7, 8 }, { 9, 10 } };

    return test_graph(12, 11, pairs, NULL);
}

static kith_graph *weighted_far_apart(void)
{
    static const int64_t pairs[][2] = {
        { 0, 1 }, { 1, 2 }, { 0, 2 }, { 2, 3 }, { 3, 4 }, { 4, 4 }
    };
    static const double weights[] = { 1e-150, 1e150, 1, 1e-300, 3, 1e100 };

    return test_graph(5, 6, pairs, weights);
}

static int make_sorts(void **state)
{
    static const int64_t loop[][2] = { { 0, 0 } };
    const sort all[SORTS] = {
        { "an empty graph", test_graph(0, 0, NULL, NULL) },
        { "an edgeless graph", test_graph(5, 0, NULL, NULL) },
        { "a single node", test_graph(1, 0, NULL, NULL) },
        { "a single loop", test_graph(1, 1, loop, NULL) },
        { "a graph in pieces", in_pieces() },
        { "a path", test_path(10) },
        { "a star", test_star(10) },
        { "a ring of cliques", test_cliques(6, 4, true) },
        { "a looped graph", random_graph(20, 0.2, false, true, false) },
        { "a weighted graph", random_graph(24, 0.2, true, false, false) },
        { "a weighted, looped graph", random_graph(30, 0.15, true, true, false) },
        { "a directed graph", random_graph(20, 0.15, false, false, true) },
        { "a weighted, looped, directed graph", random_graph(25, 0.1, true, true, true) },
        { "a graph of weights far apart", weighted_far_apart() },
        { "karate", test_karate() },
        { "a large ring of cliques", test_cliques(60, 5, true) },
        { "a large weighted graph", random_graph(300, 0.05, true, true, false) },
    };

    (void)state;
    memcpy(sorts, all, sizeof all);
    return 0;
}

static int free_sorts(void **state)
{
    (void)state;
    for (int i = 0; i < SORTS; i++) kith_graph_free(sorts[i].graph);
    return 0;
}

/* Calls `check` for every row on the first `count` sorts of graphs. */
static void for_rows(int count, void (*check)(const kith_algorithm *, const kith_graph *))
{
    for (int64_t r = 0; r < kith_algorithm_count(); r++)
        for (int i = 0; i < count; i++) {
            test_now = (test_trial){ kith_algorithm_at(r)->name, sorts[i].name, "" };
            check(kith_algorithm_at(r), sorts[i].graph);
        }
}

/* Runs a row that must succeed. It gives nothing where it may refuse: a directed graph, and a graph
 * without edges when it is to begin at seeds. */
static bool runs(const kith_algorithm *row, const kith_graph *graph, const void *options,
                 kith_result *out)
{
    kith_error err = { 0 };
    const kith_status status = test_run(row, graph, options, out, &err);

    if (kith_graph_directed(graph) && status == KITH_E_UNSUPPORTED) return false;
    if (test_is_local(row) && kith_graph_entries(graph) == 0) {
        expect(status == KITH_E_INPUT || status == KITH_E_ARGUMENT);
        return false;
    }
    if (status != KITH_OK)
        fail_msg("%s on %s%s: %s", test_now.row, test_now.graph, test_now.option, err.message);
    test_expect_whole(graph, out);
    return true;
}

static void row_runs(const kith_algorithm *row, const kith_graph *graph)
{
    kith_result result;

    if (runs(row, graph, NULL, &result)) kith_result_free(&result);
}

static void runs_on_every_sort_of_graph(void **state)
{
    (void)state;
    for_rows(SORTS, row_runs);
}

/* A sum over all that a graph holds. */
static uint64_t fingerprint(const kith_graph *graph)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    uint64_t print = (uint64_t)n;

    for (int64_t v = 0; v <= n; v++) print = kith_i_hash(print, 0, (uint64_t)offsets[v]);
    for (int64_t e = 0; e < kith_graph_entries(graph); e++) {
        const double weight = kith_graph_weight(graph, e);
        uint64_t bits;
        memcpy(&bits, &weight, sizeof bits);
        print = kith_i_hash(print, kith_graph_targets(graph)[e], bits);
    }
    return print;
}

static void graph_stays(const kith_algorithm *row, const kith_graph *graph)
{
    const uint64_t before = fingerprint(graph);

    row_runs(row, graph);
    expect(fingerprint(graph) == before);
}

static void leaves_the_graph_as_it_was(void **state)
{
    (void)state;
    for_rows(SORTS, graph_stays);
}

static void same_seed_same_result(const kith_algorithm *row, const kith_graph *graph)
{
    kith_run *options = test_options(row);
    kith_result a, b;

    for (options->seed = 0; options->seed < 3; options->seed++)
        if (runs(row, graph, options, &a) && runs(row, graph, options, &b)) {
            test_expect_same(&a, &b);
            kith_result_free(&a);
            kith_result_free(&b);
        }
    free(options);
}

static void gives_the_same_result_for_the_same_seed(void **state)
{
    (void)state;
    for_rows(SORTS, same_seed_same_result);
}

static void threads_agree(const kith_algorithm *row, const kith_graph *graph, kith_run *options)
{
    kith_result one, many;

    options->threads = 1;
    if (!runs(row, graph, options, &one)) return;
    for (options->threads = 2; options->threads <= 8; options->threads *= 2) {
        runs(row, graph, options, &many);
        test_expect_same(&one, &many);
        kith_result_free(&many);
    }
    kith_result_free(&one);
}

/* Where a row moves nodes in batches, one batch puts all of them on the parallel path. */
static void threads_agree_in_batches(const kith_algorithm *row, const kith_graph *graph)
{
    static const int64_t batches[] = { 1, 2, 7 };
    const kith_option *o = kith_option_find(&row->code->options, "batches");
    kith_run *options = test_options(row);

    threads_agree(row, graph, options);
    for (int i = 0; o && i < 3; i++) {
        memcpy((char *)options + o->offset, &batches[i], sizeof *batches);
        snprintf(test_now.option, sizeof test_now.option, ", batches %d", (int)batches[i]);
        threads_agree(row, graph, options);
    }
    free(options);
}

static void has_the_same_bits_on_1_2_4_and_8_threads(void **state)
{
    (void)state;
    for_rows(SORTS, threads_agree_in_batches);
}

/* What one host thread does. */
typedef struct {
    const kith_algorithm *row;
    const kith_graph *graph;
    kith_result result;
    kith_status status;
} host;

static void *host_runs(void *payload)
{
    host *h = payload;

    h->status = test_call(h->row, h->graph, NULL, &h->result, NULL);
    return NULL;
}

static void hosts_share(const kith_algorithm *row, const kith_graph *graph)
{
    host hosts[2] = { { .row = row, .graph = graph }, { .row = row, .graph = graph } };
    pthread_t threads[2];
    kith_result alone;

    if (!runs(row, graph, NULL, &alone)) return;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, host_runs, &hosts[i]), 0);
    for (int i = 0; i < 2; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < 2; i++) {
        expect(hosts[i].status == KITH_OK);
        test_expect_same(&alone, &hosts[i].result);
        kith_result_free(&hosts[i].result);
    }
    kith_result_free(&alone);
}

static void two_host_threads_may_share_a_graph(void **state)
{
    (void)state;
    for_rows(SORTS, hosts_share);
}

/* A progress callback that cancels at its n-th call. */
typedef struct {
    int64_t calls, last;
    double seconds;
} patience;

static int count_down(const kith_progress *progress, void *payload)
{
    patience *p = payload;

    expect(progress->stage && *progress->stage);
    expect(progress->fraction <= 1);
    expect(progress->seconds >= p->seconds);
    p->seconds = progress->seconds;
    return ++p->calls == p->last;
}

static void cancel_at_each_poll(const kith_algorithm *row, const kith_graph *graph)
{
    kith_run *options = test_options(row);
    kith_result uninterrupted, result;
    kith_error err;
    kith_status status = KITH_E_CANCELLED;

    options->progress = count_down;
    options->interval = 0;
    for (int64_t i = 1; status == KITH_E_CANCELLED; i++) {
        patience p = { .last = i };
        options->payload = &p;
        snprintf(test_now.option, sizeof test_now.option, ", cancelled at poll %d", (int)i);
        status = test_run(row, graph, options, &result, &err);
        if (status == KITH_E_CANCELLED) expect(p.calls == i); /* not asked again */
    }
    if (kith_graph_entries(graph)) expect(test_now.option[0] && status != KITH_E_CANCELLED);
    if (status == KITH_OK && runs(row, graph, NULL, &uninterrupted)) {
        test_expect_same(&result, &uninterrupted);
        kith_result_free(&uninterrupted);
        kith_result_free(&result);
    }
    free(options);
}

static void a_cancelled_call_gives_nothing_whenever_it_is_cancelled(void **state)
{
    (void)state;
    for_rows(SMALL, cancel_at_each_poll);
}

/* Counts calls without cancelling. */
static void row_polls(const kith_algorithm *row, const kith_graph *graph)
{
    kith_run *options = test_options(row);
    patience p = { .last = -1 };
    kith_result result;

    options->progress = count_down;
    options->payload = &p;
    options->interval = 0;
    if (runs(row, graph, options, &result)) {
        if (kith_graph_nodes(graph)) expect(p.calls > 0);
        kith_result_free(&result);
    }
    free(options);
}

static void polls_wherever_there_is_work(void **state)
{
    (void)state;
    for_rows(SORTS, row_polls);
}

static void time_runs_out(const kith_algorithm *row, const kith_graph *graph)
{
    kith_run *options = test_options(row);
    kith_result result;
    kith_error err;

    options->time_limit = 1e-9;
    const kith_status status = test_run(row, graph, options, &result, &err);
    if (status == KITH_OK) {
        test_expect_whole(graph, &result);
        kith_result_free(&result);
    } else {
        expect(status == KITH_E_TIME || status == KITH_E_UNSUPPORTED ||
               (test_is_local(row) && kith_graph_entries(graph) == 0));
    }
    free(options);
}

static void a_time_limit_gives_the_best_so_far_or_says_that_there_is_none(void **state)
{
    (void)state;
    for_rows(SORTS, time_runs_out);
}

/* A row with an option set to a value within its bounds works, or says what is wrong. */
static void works_or_explains(const kith_algorithm *row, const kith_graph *graph,
                              const void *options)
{
    kith_result result;
    kith_error err;
    const kith_status status = test_run(row, graph, options, &result, &err);

    expect(status == KITH_OK || status == KITH_E_ARGUMENT || status == KITH_E_UNSUPPORTED ||
           (test_is_local(row) && kith_graph_entries(graph) == 0));
    if (status == KITH_OK) {
        test_expect_whole(graph, &result);
        kith_result_free(&result);
    }
}

/* A row with an option set to a value outside its bounds names the option. */
static void refuses(const kith_algorithm *row, const kith_graph *graph, const void *options,
                    const char *name)
{
    char dashed[64];
    kith_result result;
    kith_error err;

    snprintf(dashed, sizeof dashed, "%s", name);
    for (char *c = dashed; *c; c++)
        if (*c == '_') *c = '-';
    expect(test_run(row, graph, options, &result, &err) == KITH_E_ARGUMENT);
    expect(strstr(err.message, dashed));
    expect(test_call(row, graph, options, &result, NULL) == KITH_E_ARGUMENT);
}

static void try_number(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                       void *options)
{
    double *field = (double *)((char *)options + o->offset);
    const double inside[] = { o->lower, o->upper, nextafter(o->lower, INFINITY),
                              nextafter(o->upper, -INFINITY) };
    const double outside[] = { nextafter(o->lower, -INFINITY), nextafter(o->upper, INFINITY), NAN,
                               INFINITY, -INFINITY };

    for (int i = 0; i < 4; i++) {
        *field = inside[i];
        snprintf(test_now.option, sizeof test_now.option, ", %s %.17g", o->name, *field);
        works_or_explains(row, graph, options);
    }
    for (int i = 0; i < 5; i++) {
        *field = outside[i];
        snprintf(test_now.option, sizeof test_now.option, ", %s %.17g", o->name, *field);
        refuses(row, graph, options, o->name);
    }
}

/* The bound of an integer option, which its row holds as a double. */
static int64_t integer_bound(double bound)
{
    return bound >= 0x1p63 ? INT64_MAX : bound <= -0x1p63 ? INT64_MIN : (int64_t)bound;
}

static void try_integer(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                        void *options)
{
    int64_t *field = (int64_t *)((char *)options + o->offset);
    const int64_t lower = integer_bound(o->lower), upper = integer_bound(o->upper);
    const int64_t inside[] = { lower, upper, lower + 1, upper - 1 };
    const int64_t outside[] = { INT64_MIN, lower - (lower > INT64_MIN), INT64_MAX,
                                upper + (upper < INT64_MAX) };

    for (int i = 0; i < 4; i++) {
        *field = inside[i];
        snprintf(test_now.option, sizeof test_now.option, ", %s %lld", o->name, (long long)*field);
        works_or_explains(row, graph, options);
    }
    for (int i = 0; i < 4; i++) {
        *field = outside[i];
        snprintf(test_now.option, sizeof test_now.option, ", %s %lld", o->name, (long long)*field);
        if (*field < lower || *field > upper) refuses(row, graph, options, o->name);
    }
}

static void try_choices(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                        void *options)
{
    int *field = (int *)((char *)options + o->offset);

    for (*field = 0; o->choices[*field]; ++*field) {
        snprintf(test_now.option, sizeof test_now.option, ", %s %s", o->name, o->choices[*field]);
        works_or_explains(row, graph, options);
    }
    snprintf(test_now.option, sizeof test_now.option, ", %s out of range", o->name);
    refuses(row, graph, options, o->name);
    *field = -1;
    refuses(row, graph, options, o->name);
}

static void try_switch(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                       void *options)
{
    bool *field = (bool *)((char *)options + o->offset);

    for (int value = 0; value < 2; value++) {
        *field = value;
        snprintf(test_now.option, sizeof test_now.option, ", %s %d", o->name, value);
        works_or_explains(row, graph, options);
    }
}

static kith_partition *partition_of(int64_t nodes, int64_t (*label)(int64_t))
{
    int64_t *labels = malloc((size_t)(nodes + 1) * sizeof *labels);
    kith_partition *p = NULL;
    kith_error err = { 0 };

    for (int64_t v = 0; v < nodes; v++) labels[v] = label(v);
    assert_kith(kith_partition_from_labels(nodes, labels, NULL, &p, &err), err);
    free(labels);
    return p;
}

static int64_t all_in_one(int64_t v)
{
    (void)v;
    return 0;
}

static int64_t each_alone(int64_t v)
{
    return v;
}

static int64_t unassigned(int64_t v)
{
    (void)v;
    return -1;
}

static int64_t third_unassigned(int64_t v)
{
    return v % 3 ? v / 4 : -1;
}

static void try_partition(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                          void *options)
{
    int64_t (*const labels[])(int64_t) = { all_in_one, each_alone, unassigned, third_unassigned };
    const kith_partition **field = (const kith_partition **)((char *)options + o->offset);
    const int64_t n = kith_graph_nodes(graph);

    for (int i = 0; i < 4; i++) {
        kith_partition *p = partition_of(n, labels[i]);
        *field = p;
        snprintf(test_now.option, sizeof test_now.option, ", %s %d", o->name, i);
        works_or_explains(row, graph, options);
        kith_partition_free(p);
    }
    kith_partition *more = partition_of(n + 1, each_alone);
    *field = more;
    snprintf(test_now.option, sizeof test_now.option, ", %s of another graph", o->name);
    refuses(row, graph, options, o->name);
    kith_partition_free(more);
}

/* Numbers of nodes are refused by rows that use them; others may overlook them. */
static void try_numbers(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                        void *options)
{
    static const double values[] = { 0, 1, 2.5, 1e300, -1, NAN, INFINITY };
    const double **field = (const double **)((char *)options + o->offset);
    const int64_t n = kith_graph_nodes(graph);
    double *numbers = malloc((size_t)(n + 1) * sizeof *numbers);
    kith_result result;
    kith_error err;

    *field = numbers;
    for (int i = 0; i < 7; i++) {
        for (int64_t v = 0; v < n; v++) numbers[v] = values[i];
        snprintf(test_now.option, sizeof test_now.option, ", %s %g", o->name, values[i]);
        const kith_status status = test_run(row, graph, options, &result, &err);
        expect(status == KITH_OK || status == KITH_E_ARGUMENT || status == KITH_E_INPUT);
        if (status == KITH_OK) kith_result_free(&result);
    }
    free(numbers);
}

static void try_features(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                         void *options)
{
    const kith_features **field = (const kith_features **)((char *)options + o->offset);
    const int64_t n = kith_graph_nodes(graph);

    for (int sparse = 0; sparse < 2; sparse++) {
        kith_features *features = test_features(n, sparse);
        *field = features;
        snprintf(test_now.option, sizeof test_now.option, ", %s, %s", o->name,
                 sparse ? "sparse" : "dense");
        works_or_explains(row, graph, options);
        kith_features_free(features);
    }
    kith_features *more = test_features(n + 1, true);
    *field = more;
    snprintf(test_now.option, sizeof test_now.option, ", %s of another graph", o->name);
    refuses(row, graph, options, o->name);
    kith_features_free(more);
}

/* The graph once more. */
static kith_graph *copy_of(const kith_graph *graph)
{
    const int64_t n = kith_graph_nodes(graph);
    int64_t *all = malloc((size_t)(n + 1) * sizeof *all);
    kith_graph *copy = NULL;
    kith_error err = { 0 };

    for (int64_t v = 0; v < n; v++) all[v] = v;
    assert_kith(kith_graph_subgraph(graph, n, all, NULL, &copy, &err), err);
    free(all);
    return copy;
}

static kith_relations *relations_of(const kith_graph *graph, int count)
{
    static const char *const names[] = { "one", "two", "three" };
    kith_relations *relations = NULL;
    kith_error err = { 0 };

    assert_kith(kith_relations_new(&relations, &err), err);
    for (int i = 0; i < count; i++)
        assert_kith(kith_relations_add(relations, names[i], copy_of(graph), NULL, &err), err);
    return relations;
}

static void try_relations(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                          void *options)
{
    const kith_relations **field = (const kith_relations **)((char *)options + o->offset);

    for (int count = 0; count <= 3; count++) {
        kith_relations *relations = relations_of(graph, count);
        *field = relations;
        snprintf(test_now.option, sizeof test_now.option, ", %d %s", count, o->name);
        works_or_explains(row, graph, options);
        kith_relations_free(relations);
    }
    kith_graph *more = test_path(kith_graph_nodes(graph) + 1);
    kith_relations *others = relations_of(more, 2);
    *field = others;
    snprintf(test_now.option, sizeof test_now.option, ", %s of another graph", o->name);
    refuses(row, graph, options, o->name);
    kith_relations_free(others);
    kith_graph_free(more);
}

/* The adjacency of a graph as a biadjacency. */
static kith_bipartite *bipartite_of(const kith_graph *graph)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    const int64_t entries = kith_graph_entries(graph);
    int64_t *rows = malloc((size_t)(entries + 1) * sizeof *rows),
            *columns = malloc((size_t)(entries + 1) * sizeof *columns);
    double *weights = malloc((size_t)(entries + 1) * sizeof *weights);
    kith_bipartite *out = NULL;
    kith_error err = { 0 };

    for (int64_t v = 0; v < n; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            rows[e] = v;
            columns[e] = kith_graph_targets(graph)[e];
            weights[e] = kith_graph_weight(graph, e);
        }
    assert_kith(kith_bipartite_from_edges(n, n, entries, rows, columns, weights, NULL, &out, &err),
                err);
    free(rows);
    free(columns);
    free(weights);
    return out;
}

static void try_bipartite(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                          void *options)
{
    const kith_bipartite **field = (const kith_bipartite **)((char *)options + o->offset);
    const int64_t n = kith_graph_nodes(graph);
    kith_bipartite *bipartite = bipartite_of(graph);
    kith_features *features = test_features(n, true); /* of the rows */
    kith_result result;
    kith_error err;

    *field = bipartite;
    snprintf(test_now.option, sizeof test_now.option, ", %s", o->name);
    refuses(row, graph, options, o->name); /* it is another graph than that of the sides */
    test_set_features(row, options, features);
    const kith_status status =
        test_run(row, kith_bipartite_graph(bipartite), options, &result, &err);
    expect(status == KITH_OK || status == KITH_E_ARGUMENT || status == KITH_E_UNSUPPORTED);
    if (status == KITH_OK) {
        const int64_t nodes = kith_partition_nodes(result.partition);
        expect(nodes == n || nodes == 2 * n);
        kith_result_free(&result);
    }
    kith_features_free(features);
    kith_bipartite_free(bipartite);
}

static void try_option(const kith_algorithm *row, const kith_graph *graph, const kith_option *o,
                       void *options)
{
    switch (o->type) {
    case KITH_OPTION_F64: try_number(row, graph, o, options); break;
    case KITH_OPTION_I64: try_integer(row, graph, o, options); break;
    case KITH_OPTION_BOOL: try_switch(row, graph, o, options); break;
    case KITH_OPTION_ENUM: try_choices(row, graph, o, options); break;
    case KITH_OPTION_PARTITION: try_partition(row, graph, o, options); break;
    case KITH_OPTION_NODES_F64: try_numbers(row, graph, o, options); break;
    case KITH_OPTION_FEATURES: try_features(row, graph, o, options); break;
    case KITH_OPTION_RELATIONS: try_relations(row, graph, o, options); break;
    case KITH_OPTION_BIPARTITE: try_bipartite(row, graph, o, options); break;
    }
}

/* The defaults with one of the choices of an option made, or NULL when that is nothing for this
 * graph. */
static void *options_with_choice(const kith_algorithm *row, const kith_graph *graph,
                                 const kith_option *choice, int value)
{
    void *options = test_options(row);
    kith_result result;
    kith_error err;

    if (choice->name) memcpy((char *)options + choice->offset, &value, sizeof value);
    const kith_status status = test_run(row, graph, options, &result, &err);
    if (status == KITH_OK) {
        kith_result_free(&result);
        return options;
    }
    expect(status == KITH_E_ARGUMENT || status == KITH_E_UNSUPPORTED ||
           (test_is_local(row) && kith_graph_entries(graph) == 0));
    free(options);
    return NULL;
}

/* Each option at its bounds and beyond, under each choice of the first option that has choices. */
static void bounds_hold(const kith_algorithm *row, const kith_graph *graph)
{
    const kith_option *rows = row->code->options.options, *choice = rows;

    while (choice->name && choice->type != KITH_OPTION_ENUM) choice++;
    for (int c = 0; c == 0 || (choice->name && choice->choices[c]); c++)
        for (const kith_option *o = rows; o->name; o++) {
            void *options = options_with_choice(row, graph, choice, c);
            if (options) try_option(row, graph, o, options);
            free(options);
        }
}

static void every_option_works_at_its_bounds_and_is_refused_beyond(void **state)
{
    (void)state;
    for_rows(SMALL, bounds_hold);
}

static void run_is_checked(const kith_algorithm *row, const kith_graph *graph)
{
    static const double bad[] = { -1, NAN };
    kith_run *options = test_options(row);

    options->threads = -1;
    refuses(row, graph, options, "threads");
    options->threads = 1;
    for (int i = 0; i < 2; i++) {
        options->time_limit = bad[i];
        refuses(row, graph, options, "time-limit");
        options->time_limit = 0;
        options->interval = bad[i];
        refuses(row, graph, options, "interval");
        options->interval = 0;
    }
    options->size = sizeof(kith_run) - 1;
    refuses(row, graph, options, "size");
    free(options);
}

static void checks_what_every_call_is_given(void **state)
{
    (void)state;
    for_rows(SMALL, run_is_checked);
}

static void sizes_agree(const kith_algorithm *row, const kith_graph *graph)
{
    const size_t size = row->code->options.size;
    const size_t least = test_is_local(row) ? sizeof(kith_query) : sizeof(kith_run);
    kith_run *options = calloc(1, size + 64);
    kith_result usual, result;

    memcpy(options, row->code->options.defaults, size);
    if (runs(row, graph, NULL, &usual)) {
        for (options->size = least; options->size <= size + 64; options->size += 8) {
            snprintf(test_now.option, sizeof test_now.option, ", options of %zu bytes",
                     options->size);
            if (options->size < size) /* what an older struct has not got is not read */
                memset((char *)options + options->size, 0xee, size - options->size);
            runs(row, graph, options, &result);
            test_expect_same(&usual, &result);
            kith_result_free(&result);
            memcpy((char *)options + least, (const char *)row->code->options.defaults + least,
                   size - least);
        }
        kith_result_free(&usual);
    }
    free(options);
}

static void takes_an_older_and_a_newer_struct(void **state)
{
    (void)state;
    for_rows(SMALL, sizes_agree);
}

static void refuses_a_missing_graph(void **state)
{
    (void)state;
    for (int64_t r = 0; r < kith_algorithm_count(); r++) {
        kith_result result;
        kith_error err;
        test_now = (test_trial){ kith_algorithm_at(r)->name, "no graph", "" };
        expect(test_run(kith_algorithm_at(r), NULL, NULL, &result, &err) == KITH_E_ARGUMENT);
    }
}

static void refuses_negative_weights(void **state)
{
    static const int64_t sources[] = { 0, 1, 0 }, targets[] = { 1, 2, 2 };
    static const double weights[] = { -2, 1, 3 };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };
    kith_result result;

    (void)state;
    o.signed_weights = true;
    assert_kith(kith_graph_from_edges(3, 3, sources, targets, weights, &o, &graph, &err), err);
    for (int64_t r = 0; r < kith_algorithm_count(); r++) {
        test_now = (test_trial){ kith_algorithm_at(r)->name, "a signed graph", "" };
        expect(test_run(kith_algorithm_at(r), graph, NULL, &result, &err) == KITH_E_INPUT);
        expect(strstr(err.message, "-2"));
    }
    kith_graph_free(graph);
}

static void communities_connect(const kith_graph *graph, uint64_t seeds)
{
    static const char *const names[] = { "leiden", "label_propagation" };
    kith_result result;

    for (int i = 0; i < 2; i++) {
        const kith_algorithm *row = kith_algorithm_find(names[i]);
        kith_run *options = test_options(row);
        for (options->seed = 0; options->seed < seeds; options->seed++) {
            runs(row, graph, options, &result);
            test_assert_connected(graph, result.partition);
            kith_result_free(&result);
        }
        free(options);
    }
}

static void communities_of_leiden_and_label_propagation_are_connected(void **state)
{
    (void)state;
    for (int i = 0; i < SORTS; i++) communities_connect(sorts[i].graph, 20);
}

/* Leiden from a partition of every sort, at resolutions that join everything and nothing. */
static void leiden_connects(const kith_graph *graph, const kith_partition *initial)
{
    static const double resolutions[] = { 0, 1, 50 };
    kith_leiden_options o = KITH_LEIDEN_OPTIONS_INIT;
    const int objectives = kith_graph_directed(graph) ? 1 : 3;

    o.initial = initial;
    for (int i = 0; i < 3 * 3 * 3; i++)
        for (o.objective = 0; o.objective < objectives; o.objective++) {
            kith_partition *p = NULL;
            kith_error err = { 0 };
            o.resolution = resolutions[i % 3];
            o.iterations = i / 3 % 3;
            o.batches = i / 9;
            o.run.seed++;
            assert_kith(kith_leiden(graph, &o, &p, &err), err);
            test_assert_connected(graph, p);
            kith_partition_free(p);
        }
}

static void communities_of_leiden_are_connected_whatever_it_starts_from(void **state)
{
    int64_t (*const labels[])(int64_t) = { all_in_one, each_alone, unassigned, third_unassigned };

    (void)state;
    for (int i = 0; i < SMALL; i++)
        for (int l = 0; l < 4; l++) {
            kith_partition *initial = partition_of(kith_graph_nodes(sorts[i].graph), labels[l]);
            test_now = (test_trial){ "leiden", sorts[i].name, "" };
            leiden_connects(sorts[i].graph, initial);
            kith_partition_free(initial);
        }
}

static void communities_of_public_graphs_are_connected(void **state)
{
    static const char *const names[] = { "karate",        "dolphins",  "football",
                                         "polbooks",      "jazz",      "celegans-metabolic",
                                         "email-eu-core", "power",     "minnesota",
                                         "ca-grqc-cc",    "wiki-vote", "pgp",
                                         "cora",          "citeseer" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        kith_graph *graph = test_dataset(names[i]);
        if (!graph) skip();
        communities_connect(graph, 2);
        kith_graph_free(graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_on_every_sort_of_graph),
        cmocka_unit_test(leaves_the_graph_as_it_was),
        cmocka_unit_test(gives_the_same_result_for_the_same_seed),
        cmocka_unit_test(has_the_same_bits_on_1_2_4_and_8_threads),
        cmocka_unit_test(two_host_threads_may_share_a_graph),
        cmocka_unit_test(a_cancelled_call_gives_nothing_whenever_it_is_cancelled),
        cmocka_unit_test(polls_wherever_there_is_work),
        cmocka_unit_test(a_time_limit_gives_the_best_so_far_or_says_that_there_is_none),
        cmocka_unit_test(every_option_works_at_its_bounds_and_is_refused_beyond),
        cmocka_unit_test(checks_what_every_call_is_given),
        cmocka_unit_test(takes_an_older_and_a_newer_struct),
        cmocka_unit_test(refuses_a_missing_graph),
        cmocka_unit_test(refuses_negative_weights),
        cmocka_unit_test(communities_of_leiden_and_label_propagation_are_connected),
        cmocka_unit_test(communities_of_leiden_are_connected_whatever_it_starts_from),
        cmocka_unit_test(communities_of_public_graphs_are_connected),
    };
    return cmocka_run_group_tests(tests, make_sorts, free_sorts);
}
