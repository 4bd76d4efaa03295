/* Each allocation of each call fails in turn, alone and with all that follow: the call says that
 * memory is out, gives nothing, and keeps nothing. */
#include "heap.h"

#include "support/graphs.h"
#include "support/rows.h"

#include "core/grb.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NODES = 30 };

/* Something that takes memory: makes everything it needs, calls what is tried, and frees what it
 * has. The first failure is its own. */
typedef kith_status (*scene)(kith_error *err);

static void fail_in_turn(const char *name, scene run, bool for_good)
{
    bool failed = true;

    for (int64_t spared = 0; failed; spared++) {
        kith_error err = { 0 };
        const int64_t before = heap_live();
        heap_fail_after(spared, for_good);
        const kith_status status = run(&err);
        failed = heap_recover();
        if (status != (failed ? KITH_E_MEMORY : KITH_OK))
            fail_msg("%s, allocation %d%s: %s (%s)", name, (int)spared, for_good ? " and on" : "",
                     kith_status_text(status), err.message);
        if (heap_live() != before)
            fail_msg("%s, allocation %d%s: %d blocks are left", name, (int)spared,
                     for_good ? " and on" : "", (int)(heap_live() - before));
        if (failed && (err.status != KITH_E_MEMORY || !strstr(err.message, "memory")))
            fail_msg("%s, allocation %d: '%s'", name, (int)spared, err.message);
        if (spared == 0 && !failed) fail_msg("%s takes no memory", name);
    }
}

static void fail_each(const char *name, scene run)
{
    kith_error err = { 0 };

    assert_kith(run(&err), err); /* what is made once per process is made now */
    fail_in_turn(name, run, false);
    fail_in_turn(name, run, true);
}

/* The status of a call, which gives something through the pointer at this address, or fails. */
static kith_status gave(kith_status status, const void *address)
{
    const void *out;

    memcpy(&out, address, sizeof out);
    assert_true((status == KITH_OK) == (out != NULL));
    return status;
}

static void *const garbage = (void *)16; /* what an out pointer holds before the call */

/* Thirty nodes in five cliques, joined, with weights, a loop, a repeated edge and an isolated
 * node. */
static int64_t sources[128], targets[128], edges;
static double weights[128];

static void add_edge(int64_t u, int64_t v)
{
    sources[edges] = u;
    targets[edges] = v;
    weights[edges] = (double)(1 + edges % 7) / 3;
    edges++;
}

static void list_edges(void)
{
    for (int64_t u = 0; u < NODES - 1; u++)
        for (int64_t v = u + 1; v < NODES - 1 && v / 6 == u / 6; v++) add_edge(u, v);
    for (int64_t c = 1; c < 5; c++) add_edge(6 * c - 1, 6 * c);
    add_edge(3, 3);
    add_edge(1, 0);
}

static kith_status make(bool weighted, bool directed, kith_graph **out, kith_error *err)
{
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;

    o.run.threads = 2;
    o.direction = directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    *out = garbage;
    return gave(kith_graph_from_edges(NODES, edges, sources, targets, weighted ? weights : NULL, &o,
                                      out, err), out);
}

static kith_status builds(bool weighted, bool directed, kith_error *err)
{
    kith_graph *graph;
    const kith_status status = make(weighted, directed, &graph, err);

    kith_graph_free(graph);
    return status;
}

static kith_status builds_an_unweighted_graph(kith_error *err)
{
    return builds(false, false, err);
}

static kith_status builds_a_weighted_graph(kith_error *err)
{
    return builds(true, false, err);
}

static kith_status builds_a_directed_graph(kith_error *err)
{
    return builds(true, true, err);
}

static int released;

static void release(void *owner)
{
    (void)owner;
    released++;
}

/* An edge twice in the rows of a path. `sorted` rows without repeats are borrowed. */
static kith_status takes_rows(bool sorted, kith_error *err)
{
    static const int64_t borrowed_offsets[] = { 0, 1, 3, 4 }, copied_offsets[] = { 0, 2, 4, 5 };
    static const int32_t borrowed_targets[] = { 1, 0, 2, 1 }, copied_targets[] = { 1, 1, 2, 0, 1 };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    const kith_csr csr = { 3, sorted ? borrowed_offsets : copied_offsets, KITH_I64,
                           sorted ? borrowed_targets : copied_targets, KITH_I32, NULL, KITH_NONE,
                           release, NULL };
    kith_graph *graph = garbage;

    released = 0;
    o.direction = KITH_DIRECTED;
    const kith_status status = gave(kith_graph_from_csr(&csr, &o, &graph, err), &graph);
    kith_graph_free(graph);
    assert_int_equal(released, status == KITH_OK);
    return status;
}

static kith_status borrows_rows(kith_error *err)
{
    return takes_rows(true, err);
}

static kith_status copies_rows(kith_error *err)
{
    return takes_rows(false, err);
}

static kith_status goes_to_graphblas_and_back(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph *graph = NULL, *back = NULL;
    GrB_Matrix matrix = garbage;

    KITH_TRY(make(true, false, &graph, err));
    KITH_TRY(kith_graph_grb(graph, NULL, &matrix, err));
    back = garbage;
    KITH_TRY(gave(kith_graph_from_grb(matrix, NULL, &back, err), &back));

done:
    kith_graph_free(graph);
    kith_graph_free(back);
    return status;
}

static kith_status transforms(kith_error *err)
{
    kith_status status = KITH_OK;
    static const int64_t nodes[] = { 4, 3, 5, 0 };
    int64_t labels[NODES];
    kith_graph *graph = NULL, *part = NULL, *undirected = NULL, *coarse = NULL;

    for (int64_t v = 0; v < NODES; v++) labels[v] = v / 6;
    KITH_TRY(make(true, true, &graph, err));
    part = garbage;
    KITH_TRY(gave(kith_graph_subgraph(graph, 4, nodes, NULL, &part, err), &part));
    undirected = garbage;
    KITH_TRY(gave(kith_graph_symmetrise(graph, KITH_DUPLICATES_SUM, NULL, &undirected, err),
                  &undirected));
    coarse = garbage;
    KITH_TRY(gave(kith_graph_coarsen(undirected, labels, 5, NULL, &coarse, err), &coarse));

done:
    kith_graph_free(graph);
    kith_graph_free(part);
    kith_graph_free(undirected);
    kith_graph_free(coarse);
    return status;
}

static kith_status finds_components(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph *graph = NULL, *largest = NULL;
    int64_t labels[NODES], count, *original = NULL;

    KITH_TRY(make(false, false, &graph, err));
    KITH_TRY(kith_graph_components(graph, NULL, labels, &count, err));
    assert_int_equal(count, 2);
    largest = garbage;
    original = garbage;
    status = gave(kith_graph_largest_component(graph, NULL, &largest, &original, err), &largest);
    KITH_TRY(gave(status, &original));

done:
    kith_graph_free(graph);
    kith_graph_free(largest);
    free(original);
    return status;
}

static kith_status projects(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_bipartite *bipartite = garbage;
    kith_graph *rows = NULL;

    KITH_TRY(gave(kith_bipartite_from_edges(NODES, NODES, edges, sources, targets, weights, NULL,
                                            &bipartite, err), &bipartite));
    rows = garbage;
    KITH_TRY(gave(kith_bipartite_project(bipartite, false, NULL, &rows, err), &rows));

done:
    kith_bipartite_free(bipartite);
    kith_graph_free(rows);
    return status;
}

static kith_status adds_relations(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_relations *relations = garbage;
    kith_graph *one = NULL, *two = NULL, *sum = NULL;

    KITH_TRY(gave(kith_relations_new(&relations, err), &relations));
    KITH_TRY(make(true, false, &one, err));
    KITH_TRY(make(true, true, &two, err));
    KITH_TRY(kith_relations_add(relations, "one", one, NULL, err));
    one = NULL;
    KITH_TRY(kith_relations_add(relations, "two", two, NULL, err));
    two = NULL;
    sum = garbage;
    KITH_TRY(gave(kith_relations_sum(relations, NULL, NULL, &sum, err), &sum));

done:
    kith_graph_free(one);
    kith_graph_free(two);
    kith_graph_free(sum);
    kith_relations_free(relations);
    return status;
}

static kith_status makes_features(kith_error *err)
{
    kith_status status = KITH_OK;
    static const double values[] = { 1, 2, 3, 4 };
    static const int64_t offsets[] = { 0, 3, 4 }, indices[] = { 2, 1, 2, 0 };
    kith_features *dense = garbage, *sparse = NULL;

    KITH_TRY(gave(kith_features_from_dense(2, 2, values, NULL, &dense, err), &dense));
    sparse = garbage;
    KITH_TRY(
        gave(kith_features_from_csr(2, 3, offsets, indices, values, NULL, &sparse, err), &sparse));

done:
    kith_features_free(dense);
    kith_features_free(sparse);
    return status;
}

static kith_status makes_partitions_and_covers(kith_error *err)
{
    kith_status status = KITH_OK;
    static const int64_t a[] = { 0, 0, 1, 1, -1, 2 }, b[] = { 3, 3, 0, 1, 1, 1 };
    static const int64_t offsets[] = { 0, 3, 5 }, members[] = { 0, 4, 2, 2, 5 };
    kith_partition *p = garbage, *q = NULL, *matched = NULL;
    kith_cover *cover = NULL;

    KITH_TRY(gave(kith_partition_from_labels(6, a, NULL, &p, err), &p));
    q = garbage;
    KITH_TRY(gave(kith_partition_from_labels(6, b, NULL, &q, err), &q));
    matched = garbage;
    KITH_TRY(gave(kith_partition_match(p, q, NULL, &matched, err), &matched));
    cover = garbage;
    KITH_TRY(gave(kith_cover_from_members(6, 2, offsets, members, NULL, &cover, err), &cover));

done:
    kith_partition_free(p);
    kith_partition_free(q);
    kith_partition_free(matched);
    kith_cover_free(cover);
    return status;
}

static kith_status evaluates(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph *graph = NULL;
    kith_partition *p = NULL;
    int64_t labels[NODES], truth[NODES];
    double conductance[8];
    kith_comparison comparison;
    kith_quality quality;

    for (int64_t v = 0; v < NODES; v++) {
        labels[v] = v % 7 - 1;
        truth[v] = v / 5 - 1;
    }
    KITH_TRY(kith_compare(NODES, labels, truth, NULL, &comparison, err));
    KITH_TRY(make(true, false, &graph, err));
    KITH_TRY(kith_partition_from_labels(NODES, labels, NULL, &p, err));
    KITH_TRY(kith_evaluate(graph, p, 1, NULL, &quality, conductance, err));

done:
    kith_graph_free(graph);
    kith_partition_free(p);
    return status;
}

static void building(void **state)
{
    (void)state;
    fail_each("an unweighted graph", builds_an_unweighted_graph);
    fail_each("a weighted graph", builds_a_weighted_graph);
    fail_each("a directed graph", builds_a_directed_graph);
    fail_each("borrowed rows", borrows_rows);
    fail_each("copied rows", copies_rows);
    fail_each("GraphBLAS", goes_to_graphblas_and_back);
}

static void transforming(void **state)
{
    (void)state;
    fail_each("transforms", transforms);
    fail_each("components", finds_components);
    fail_each("projection", projects);
    fail_each("relations", adds_relations);
    fail_each("features", makes_features);
    fail_each("partitions and covers", makes_partitions_and_covers);
}

static void evaluating(void **state)
{
    (void)state;
    fail_each("evaluation", evaluates);
}

/* What the rows run on, and how; made while memory lasts. */
static struct {
    const kith_algorithm *row;
    const kith_generator *generator;
    const kith_graph *graph;
    bool weighted, directed; /* a graph to be made */
    void *options;
} now;

/* On a graph of its own, as a graph keeps the memory of a query for the next one. */
static kith_status runs_the_row(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph *graph = NULL;
    kith_result result = { 0 };

    KITH_TRY(make(now.weighted, now.directed, &graph, err));
    KITH_TRY(test_run(now.row, graph, now.options, &result, err));
    kith_result_free(&result);

done:
    kith_graph_free(graph);
    return status;
}

/* Sets an option when the row has it. */
static void set(const kith_options_spec *spec, const char *name, const char *value)
{
    kith_error err = { 0 };

    if (kith_option_find(spec, name))
        assert_kith(kith_option_set(spec, now.options, name, value, &err), err);
}

/* Every option at something else than its default, so that all of a row's memory is taken. */
static void take_options(const kith_partition *initial)
{
    const kith_options_spec *spec = &now.row->code->options;
    const kith_option *o = kith_option_find(spec, "initial");

    set(spec, "batches", "2");
    set(spec, "max-community-size", "7");
    set(spec, "average", "yes");
    if (o) memcpy((char *)now.options + o->offset, &initial, sizeof initial);
}

/* Whether the row takes the directed graph at all. */
static bool takes_directed_graphs(void)
{
    kith_graph *graph = NULL;
    kith_result result = { 0 };
    kith_error err = { 0 };

    assert_kith(make(true, true, &graph, &err), err);
    const kith_status status = test_run(now.row, graph, now.options, &result, &err);
    kith_result_free(&result);
    kith_graph_free(graph);
    return status != KITH_E_UNSUPPORTED;
}

static void running_every_row(void **state)
{
    int64_t labels[NODES] = { 0 };
    kith_partition *initial = NULL;
    kith_features *features = test_features(NODES, true);
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_partition_from_labels(NODES, labels, NULL, &initial, &err), err);
    for (int64_t r = 0; r < kith_algorithm_count(); r++)
        for (int variant = 0; variant < 8; variant++) {
            now.row = kith_algorithm_at(r);
            now.options = test_options(now.row);
            kith_partition *looks = test_give_labels(now.row, now.options, NODES);
            test_set_features(now.row, now.options, features);
            if (kith_option_find(&now.row->code->options, "features"))
                set(&now.row->code->options, "iterations", "2"); /* the others take no other */
            ((kith_run *)now.options)->threads = 1 + variant / 4;
            if (variant % 4 == 2) take_options(initial);
            if (variant % 4 == 3) set(&now.row->code->options, "objective", "cpm");
            now.weighted = variant % 2;
            test_now = (test_trial){ now.row->name, "thirty nodes", "" };
            now.directed = variant % 4 == 1 && takes_directed_graphs();
            fail_each(now.row->name, runs_the_row);
            free(now.options);
            kith_partition_free(looks);
        }
    kith_features_free(features);
    kith_partition_free(initial);
}

static kith_status runs_the_generator(kith_error *err)
{
    kith_graph *graph = garbage;
    kith_partition *truth = garbage;
    const kith_status status =
        gave(now.generator->code->run(now.options, &graph, &truth, err), &graph);

    if (status != KITH_OK) assert_null(truth);
    kith_graph_free(graph);
    kith_partition_free(truth);
    return status;
}

/* Small sizes, by the names that generators give them. */
static const char *const sizes[][2] = {
    { "nodes", "30" }, { "blocks", "3" },  { "degree", "6" }, { "max_degree", "10" },
    { "scale", "5" },  { "cliques", "6" }, { "size", "5" },   { "rows", "6" },
    { "columns", "5" },
};

static void running_every_generator(void **state)
{
    kith_features *features = test_features(20, false);

    (void)state;
    for (int64_t g = 0; g < kith_generator_count(); g++)
        for (int64_t threads = 1; threads <= 2; threads++) {
            now.generator = kith_generator_at(g);
            const kith_options_spec *spec = &now.generator->code->options;
            now.options = malloc(spec->size);
            memcpy(now.options, spec->defaults, spec->size);
            ((kith_run *)now.options)->threads = threads;
            for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
                set(spec, sizes[i][0], sizes[i][1]);
            const kith_option *row = kith_option_find(spec, "features");
            if (row) memcpy((char *)now.options + row->offset, &features, sizeof features);
            fail_each(now.generator->name, runs_the_generator);
            free(now.options);
        }
    kith_features_free(features);
}

/* The file that is read or written. */
static char path[4096], folder[64] = "/tmp/kith-fault-XXXXXX";

static void name_file(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
}

static kith_status reads_a_graph(kith_error *err)
{
    kith_graph *graph = garbage;
    const kith_status status = gave(kith_graph_read(path, NULL, &graph, err), &graph);

    kith_graph_free(graph);
    return status;
}

static kith_status writes_a_graph(kith_error *err)
{
    unlink(path);
    const kith_status status = kith_graph_write(now.graph, path, KITH_FORMAT_AUTO, NULL, err);
    assert_int_equal(access(path, F_OK), status == KITH_OK ? 0 : -1);
    return status;
}

static kith_status reads_a_bipartite_graph(kith_error *err)
{
    kith_bipartite *bipartite = garbage;
    const kith_status status = gave(kith_bipartite_read(path, NULL, &bipartite, err), &bipartite);

    kith_bipartite_free(bipartite);
    return status;
}

static kith_status reads_features(kith_error *err)
{
    kith_features *features = garbage;
    const kith_status status = gave(kith_features_read(path, NULL, &features, err), &features);

    kith_features_free(features);
    return status;
}

static kith_status reads_labels(kith_error *err)
{
    int64_t count, *labels = garbage;
    const kith_status status =
        gave(kith_labels_read(path, now.graph, NULL, &count, &labels, err), &labels);

    free(labels);
    return status;
}

static kith_status reads_a_pair_of_labels(kith_error *err)
{
    int64_t count, *labels = garbage, *others = garbage;
    kith_status status = kith_labels_read_pair(path, path, NULL, &count, &labels, &others, err);

    status = gave(gave(status, &labels), &others);
    free(labels);
    free(others);
    return status;
}

static kith_status writes_labels(kith_error *err)
{
    static const int64_t labels[NODES] = { 0, 0, 1, -1 };

    return kith_labels_write(path, now.graph, NODES, labels, NULL, err);
}

static kith_status reads_numbers(kith_error *err)
{
    double *numbers = garbage;
    const kith_status status =
        gave(kith_numbers_read(path, now.graph, NULL, &numbers, err), &numbers);

    free(numbers);
    return status;
}

static kith_status reads_a_cover(kith_error *err)
{
    kith_cover *cover = garbage;
    const kith_status status = gave(kith_cover_read(path, now.graph, NULL, &cover, err), &cover);

    kith_cover_free(cover);
    return status;
}

static kith_status writes_a_cover(kith_error *err)
{
    static const int64_t offsets[] = { 0, 3, 5 }, members[] = { 0, 4, 2, 2, 5 };
    kith_status status = KITH_OK;
    kith_cover *cover = NULL;

    KITH_TRY(kith_cover_from_members(NODES, 2, offsets, members, NULL, &cover, err));
    KITH_TRY(kith_cover_write(path, now.graph, cover, NULL, err));

done:
    kith_cover_free(cover);
    return status;
}

static void reading_and_writing_graphs(void **state)
{
    static const char *const names[] = { "graph.txt", "graph.mtx", "graph.npz", "graph.tsv.gz",
                                         "graph.mtx.zst" };
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    (void)state;
    for (int weighted = 0; weighted < 2; weighted++) {
        assert_kith(make(weighted, false, &graph, &err), err);
        now.graph = graph;
        for (int i = 0; i < 5; i++) {
            name_file(names[i]);
            fail_each(names[i], writes_a_graph);
            fail_each(names[i], reads_a_graph);
        }
        kith_graph_free(graph);
    }
}

static void write_text(const char *name, const char *text)
{
    name_file(name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void reading_a_graph_with_names(void **state)
{
    (void)state;
    write_text("names.csv", "from,to,weight\nann,bob,1\nbob,cyd,2.5\nann,dan,1\n");
    fail_each("names.csv", reads_a_graph);
}

static void reading_attributes(void **state)
{
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    (void)state;
    write_text("graph.mtx",
               "%%MatrixMarket matrix coordinate real general\n3 4 3\n1 4 2\n2 1 1\n3 3 .5\n");
    fail_each("a bipartite matrix", reads_a_bipartite_graph);
    fail_each("sparse features", reads_features);
    write_text("graph.mtx", "%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n4\n");
    fail_each("dense features", reads_features);
    write_text("graph.txt", "0 1\n1 0\n2 1\n");
    fail_each("bipartite edges", reads_a_bipartite_graph);
    assert_kith(make(true, false, &graph, &err), err);
    now.graph = graph;
    name_file("graph.npz");
    assert_kith(writes_a_graph(&err), err);
    fail_each("a bipartite archive", reads_a_bipartite_graph);
    fail_each("an archive of features", reads_features);
    kith_graph_free(graph);
}

/* A graph file with names in `path`, to be mapped. */
static void write_named_graph(void)
{
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    write_text("names.csv", "from,to,weight\nann,bob,1\nbob,cyd,2.5\nann,dan,1\n");
    assert_kith(kith_graph_read(path, NULL, &graph, &err), err);
    name_file("graph.npz");
    assert_kith(kith_graph_write(graph, path, KITH_FORMAT_NPZ, NULL, &err), err);
    kith_graph_free(graph);
}

static void reading_files_of_scipy_and_numpy(void **state)
{
    static const struct {
        const char *name;
        kith_status (*read)(kith_error *err);
    } files[] = {
        { "csr-int32.npz", reads_a_graph },
        { "csr-int64.npz", reads_a_graph },
        { "uint16.npz", reads_a_graph },
        { "untidy.npz", reads_a_graph },
        { "csc-directed.npz", reads_a_graph },
        { "coords.npz", reads_a_graph },
        { "rectangular-csc.npz", reads_features },
        { "dense.npy", reads_features },
        { "dense-fortran.npy", reads_features },
        { "rectangular-positive.npz", reads_a_bipartite_graph },
    };

    (void)state;
    write_named_graph();
    fail_each("a graph file with names", reads_a_graph);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/datasets/golden/npz/%s", getenv("KITH_SOURCE"),
                 files[i].name);
        fail_each(files[i].name, files[i].read);
    }
    write_text("names.csv", "ann ann\nbob jazz\nann jazz\n");
    fail_each("a bipartite list of names", reads_a_bipartite_graph);
    write_text("graph.mtx", "%%MatrixMarket matrix array real general\n2 2\n1\n0\n3\n4\n");
    fail_each("an array as features", reads_features);
    fail_each("an array as a bipartite graph", reads_a_bipartite_graph);
}

static void reading_and_writing_labels_and_covers(void **state)
{
    static const char *const names[] = { "labels.txt", "labels.gz", "labels.zst" };

    (void)state;
    now.graph = NULL;
    for (int i = 0; i < 3; i++) {
        name_file(names[i]);
        fail_each(names[i], writes_labels);
        fail_each(names[i], reads_labels);
        fail_each(names[i], writes_a_cover);
        fail_each(names[i], reads_a_cover);
    }
}

static void reading_what_belongs_to_named_nodes(void **state)
{
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    (void)state;
    write_text("names.csv", "ann bob\nbob cyd\n");
    assert_kith(kith_graph_read(path, NULL, &graph, &err), err);
    now.graph = graph;
    write_text("labels.txt", "cyd\t1\nann\t0\nbob\t0\n");
    fail_each("labels of names", reads_labels);
    fail_each("labels of names, twice", reads_a_pair_of_labels);
    write_text("cover.txt", "ann cyd\nbob\n");
    fail_each("communities of names", reads_a_cover);
    write_text("numbers.txt", "1\n2.5\n3\n");
    fail_each("numbers", reads_numbers);
    kith_graph_free(graph);
}

/* GraphBLAS keeps freed blocks for later, which would hide most failures and look like leaks. */
static int prepare(void **state)
{
    int64_t no_pool[64] = { 0 };
    kith_error err = { 0 };

    (void)state;
    list_edges();
    assert_kith(kith_init(&err), err);
    assert_int_equal(GxB_Global_Option_set(GxB_MEMORY_POOL, no_pool), GrB_SUCCESS);
    assert_non_null(mkdtemp(folder));
    return 0;
}

static int clean(void **state)
{
    static const char *const names[] = { "graph.txt", "graph.mtx", "graph.npz", "graph.tsv.gz",
                                         "graph.mtx.zst", "labels.txt", "labels.gz", "labels.zst",
                                         "names.csv", "cover.txt", "numbers.txt" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        name_file(names[i]);
        unlink(path);
    }
    return rmdir(folder); /* fails when something else was left behind */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(building),
        cmocka_unit_test(transforming),
        cmocka_unit_test(evaluating),
        cmocka_unit_test(running_every_row),
        cmocka_unit_test(running_every_generator),
        cmocka_unit_test(reading_and_writing_graphs),
        cmocka_unit_test(reading_a_graph_with_names),
        cmocka_unit_test(reading_attributes),
        cmocka_unit_test(reading_files_of_scipy_and_numpy),
        cmocka_unit_test(reading_and_writing_labels_and_covers),
        cmocka_unit_test(reading_what_belongs_to_named_nodes),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
