/* What holds for every call that takes a run by itself: it can be cancelled at each of its polls
 * and then gives nothing, it heeds the time limit, it checks the run, and what it gives is the same
 * on 1, 2, 4 and 8 threads. Algorithms and generators have suites of their own. */
#include "support/files.h"
#include "support/graphs.h"

#include "core/random.h"

enum { NODES = 3000, ROWS = 1200, CLASSES = 40 };

/* What the calls are about. */
static struct {
    kith_graph *graph, *directed, *named; /* weighted */
    kith_relations *relations;
    kith_bipartite *bipartite;
    kith_partition *partition, *other;
    int64_t labels[NODES], truth[NODES], nodes[NODES], offsets[CLASSES + 1];
    double values[NODES];
    int64_t value_offsets[NODES + 1];
    const char *folder;
} given;

/* A call: what it gives is stirred into *hash; it gives nothing when it fails. */
typedef kith_status (*call)(const kith_run *run, uint64_t *hash, kith_error *err);

static void stir(uint64_t *hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *hash = (*hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
}

/* The same for what it gives through a pointer. */
static kith_status gave(kith_status status, const void *out)
{
    assert_true((status == KITH_OK) == (out != NULL));
    return status;
}

static kith_status take_graph(kith_status status, kith_graph *graph, uint64_t *hash)
{
    if (gave(status, graph) != KITH_OK) return status;
    const int64_t n = kith_graph_nodes(graph), entries = kith_graph_entries(graph);
    const bool directed = kith_graph_directed(graph);

    stir(hash, &directed, sizeof directed);
    stir(hash, kith_graph_offsets(graph), (size_t)(n + 1) * sizeof(int64_t));
    stir(hash, kith_graph_targets(graph), (size_t)entries * sizeof(uint32_t));
    for (int64_t e = 0; e < entries; e++) {
        const double weight = kith_graph_weight(graph, e);
        stir(hash, &weight, sizeof weight);
    }
    for (int64_t v = 0; v < n && kith_graph_name(graph, v); v++)
        stir(hash, kith_graph_name(graph, v), strlen(kith_graph_name(graph, v)) + 1);
    kith_graph_free(graph);
    return status;
}

static kith_status take_partition(kith_status status, kith_partition *p, uint64_t *hash)
{
    if (gave(status, p) != KITH_OK) return status;
    stir(hash, kith_partition_labels(p), (size_t)kith_partition_nodes(p) * sizeof(int64_t));
    kith_partition_free(p);
    return status;
}

/* ---- Calls ---- */

static void *const garbage = (void *)16; /* what an out pointer holds before the call */

static kith_status finds_components(const kith_run *run, uint64_t *hash, kith_error *err)
{
    int64_t labels[NODES], count;
    const kith_status status = kith_graph_components(given.graph, run, labels, &count, err);

    if (status == KITH_OK) stir(hash, labels, sizeof labels);
    return status;
}

static kith_status finds_components_of_arcs(const kith_run *run, uint64_t *hash, kith_error *err)
{
    int64_t labels[NODES], count;
    const kith_status status = kith_graph_components(given.directed, run, labels, &count, err);

    if (status == KITH_OK) stir(hash, labels, sizeof labels);
    return status;
}

static kith_status takes_the_largest_component(const kith_run *run, uint64_t *hash, kith_error *err)
{
    int64_t *original = garbage;
    kith_graph *out = garbage;
    kith_status status = kith_graph_largest_component(given.graph, run, &out, &original, err);

    assert_true((status == KITH_OK) == (original != NULL));
    if (status == KITH_OK) stir(hash, original, (size_t)kith_graph_nodes(out) * sizeof *original);
    free(original);
    return take_graph(status, out, hash);
}

static kith_status takes_a_subgraph(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_graph *out = garbage;
    const kith_status status =
        kith_graph_subgraph(given.named, NODES / 2, given.nodes, run, &out, err);

    return take_graph(status, out, hash);
}

static kith_status joins_arcs(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_graph *out = garbage;
    const kith_status status =
        kith_graph_symmetrise(given.directed, KITH_DUPLICATES_SUM, run, &out, err);

    return take_graph(status, out, hash);
}

static kith_status makes_coarse(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_graph *out = garbage;
    const kith_status status =
        kith_graph_coarsen(given.graph, given.labels, CLASSES, run, &out, err);

    return take_graph(status, out, hash);
}

static kith_status adds_up_strengths(const kith_run *run, uint64_t *hash, kith_error *err)
{
    double out[NODES], in[NODES];
    const kith_status status = kith_graph_strengths(given.directed, run, out, in, err);

    if (status != KITH_OK) return status;
    stir(hash, out, sizeof out);
    stir(hash, in, sizeof in);
    return status;
}

static kith_status looks_for_unpaired_arcs(const kith_run *run, uint64_t *hash, kith_error *err)
{
    const kith_status status = kith_graph_require_undirected(given.directed, run, err);

    if (status != KITH_E_INPUT) return status;
    stir(hash, err->message, strlen(err->message));
    return KITH_OK;
}

/* Opens the file, so that nothing is known of it. */
static kith_graph *open_mapped(void)
{
    char *path = test_path_in(given.folder, "graph.npz");
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    assert_kith(kith_graph_read(path, NULL, &graph, &err), err);
    free(path);
    return graph;
}

static kith_status checks_a_mapped_graph(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_graph *graph = open_mapped();
    const kith_status status = kith_graph_check(graph, run, err);

    (void)hash;
    kith_graph_free(graph);
    return status;
}

static kith_status checks_mapped_names(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_graph *graph = open_mapped();
    const kith_status status = kith_graph_require_names(graph, run, err);

    if (status == KITH_OK) stir(hash, kith_graph_name(graph, 7), 2);
    kith_graph_free(graph);
    return status;
}

static kith_status adds_up_all_weights(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_graph *graph = NULL; /* one that has not been asked before; a mapped one just knows */
    double total = -1;

    assert_int_equal(kith_graph_subgraph(given.graph, NODES, given.nodes, NULL, &graph, NULL),
                     KITH_OK);
    const kith_status status = kith_graph_total_weight(graph, run, &total, err);

    if (status == KITH_OK) stir(hash, &total, sizeof total);
    kith_graph_free(graph);
    return status;
}

static kith_status makes_a_matrix(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_graph *graph = open_mapped(), *out = NULL;
    struct GB_Matrix_opaque *matrix = garbage;
    const kith_status status = kith_graph_grb(graph, run, &matrix, err);

    if (gave(status, matrix) == KITH_OK) {
        assert_int_equal(kith_graph_from_grb(matrix, NULL, &out, err), KITH_OK);
        take_graph(status, out, hash);
    }
    kith_graph_free(graph);
    return status;
}

static kith_status adds_up_relations(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_graph *out = garbage;
    const kith_status status =
        kith_relations_sum(given.relations, (double[]){ 0.3, 1.7 }, run, &out, err);

    return take_graph(status, out, hash);
}

/* Names that come in another order, and more of them. */
static kith_status adds_a_relation(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_relations *relations = NULL;
    kith_graph *part = NULL;

    assert_int_equal(kith_relations_new(&relations, err), KITH_OK);
    assert_int_equal(kith_graph_subgraph(given.named, NODES / 2, given.nodes, NULL, &part, err),
                     KITH_OK);
    assert_int_equal(kith_relations_add(relations, "part", part, NULL, err), KITH_OK);
    kith_graph *whole = open_mapped();
    const kith_status status = kith_relations_add(relations, "whole", whole, run, err);
    if (status != KITH_OK) { /* nothing has changed */
        assert_int_equal(kith_relations_count(relations), 1);
        assert_int_equal(kith_graph_nodes(kith_relations_graph(relations, 0)), NODES / 2);
        kith_graph_free(whole);
    } else {
        const kith_graph *last = kith_relations_graph(relations, 1);
        stir(hash, kith_graph_targets(last), (size_t)kith_graph_entries(last) * 4);
    }
    kith_relations_free(relations);
    return status;
}

static kith_status projects_rows(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_graph *out = garbage;
    const kith_status status = kith_bipartite_project(given.bipartite, false, run, &out, err);

    return take_graph(status, out, hash);
}

static kith_status takes_dense_features(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_features *out = garbage;
    const kith_status status =
        kith_features_from_dense(NODES / 10, 10, given.values, run, &out, err);
    double row[10];

    if (gave(status, out) != KITH_OK) return status;
    kith_features_row(out, 7, row);
    stir(hash, row, sizeof row);
    kith_features_free(out);
    return status;
}

static kith_status takes_sparse_features(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_features *out = garbage;
    const kith_status status = kith_features_from_csr(NODES, NODES, given.value_offsets,
                                                      given.nodes, given.values, run, &out, err);
    double row[NODES];

    if (gave(status, out) != KITH_OK) return status;
    kith_features_row(out, 7, row);
    stir(hash, row, sizeof row);
    kith_features_free(out);
    return status;
}

static kith_status takes_labels(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_partition *out = garbage;
    const kith_status status = kith_partition_from_labels(NODES, given.labels, run, &out, err);

    return take_partition(status, out, hash);
}

static kith_status matches_partitions(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_partition *out = garbage;
    const kith_status status = kith_partition_match(given.partition, given.other, run, &out, err);

    return take_partition(status, out, hash);
}

static kith_status takes_a_cover(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_cover *out = garbage;
    const kith_status status =
        kith_cover_from_members(NODES, CLASSES, given.offsets, given.nodes, run, &out, err);

    if (gave(status, out) != KITH_OK) return status;
    stir(hash, kith_cover_members(out), (size_t)given.offsets[CLASSES] * sizeof(int64_t));
    kith_cover_free(out);
    return status;
}

static kith_status measures(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_quality q;
    const kith_status status = kith_evaluate(given.graph, given.partition, 1, run, &q, NULL, err);

    if (status == KITH_OK) stir(hash, &q, sizeof q);
    return status;
}

static kith_status compares(const kith_run *run, uint64_t *hash, kith_error *err)
{
    kith_comparison c;
    const kith_status status = kith_compare(NODES, given.labels, given.truth, run, &c, err);

    if (status == KITH_OK) stir(hash, &c, sizeof c);
    return status;
}

/* ---- Files ---- */

/* What was written; nothing is left of a file that was not. */
static kith_status take_file(kith_status status, char *path, uint64_t *hash)
{
    if (status == KITH_OK) {
        char *text = test_unpack(path);
        stir(hash, text, strlen(text));
        free(text);
        remove(path);
    }
    assert_int_equal(test_count_files(given.folder), 4); /* those that are read */
    free(path);
    return status;
}

static kith_status writes_a_graph(const char *name, const kith_run *run, uint64_t *hash,
                                  kith_error *err)
{
    char *path = test_path_in(given.folder, name);

    return take_file(kith_graph_write(given.named, path, KITH_FORMAT_AUTO, run, err), path, hash);
}

static kith_status writes_edges(const kith_run *run, uint64_t *hash, kith_error *err)
{
    return writes_a_graph("out.txt", run, hash, err);
}

static kith_status writes_packed_edges(const kith_run *run, uint64_t *hash, kith_error *err)
{
    return writes_a_graph("out.txt.gz", run, hash, err);
}

static kith_status writes_a_matrix_market_file(const kith_run *run, uint64_t *hash, kith_error *err)
{
    return writes_a_graph("out.mtx", run, hash, err);
}

static kith_status writes_a_graph_file(const kith_run *run, uint64_t *hash, kith_error *err)
{
    return writes_a_graph("out.npz", run, hash, err);
}

static kith_status writes_labels(const kith_run *run, uint64_t *hash, kith_error *err)
{
    char *path = test_path_in(given.folder, "out.labels");

    return take_file(kith_labels_write(path, given.named, NODES, given.labels, run, err), path,
                     hash);
}

static kith_status writes_a_cover(const kith_run *run, uint64_t *hash, kith_error *err)
{
    char *path = test_path_in(given.folder, "out.cover");
    kith_cover *cover = NULL;

    assert_int_equal(
        kith_cover_from_members(NODES, CLASSES, given.offsets, given.nodes, NULL, &cover, err),
        KITH_OK);
    const kith_status status = kith_cover_write(path, NULL, cover, run, err);
    kith_cover_free(cover);
    return take_file(status, path, hash);
}

static kith_status reads_labels(const kith_run *run, uint64_t *hash, kith_error *err)
{
    char *path = test_path_in(given.folder, "labels.txt");
    int64_t *out = garbage, count;
    const kith_status status = kith_labels_read(path, given.named, run, &count, &out, err);

    free(path);
    if (gave(status, out) == KITH_OK) stir(hash, out, (size_t)count * sizeof *out);
    free(out);
    return status;
}

static kith_status reads_two_files_of_labels(const kith_run *run, uint64_t *hash, kith_error *err)
{
    char *path = test_path_in(given.folder, "labels.txt");
    int64_t *out = garbage, *other = garbage, count;
    const kith_status status = kith_labels_read_pair(path, path, run, &count, &out, &other, err);

    free(path);
    assert_true((status == KITH_OK) == (other != NULL));
    if (gave(status, out) == KITH_OK) stir(hash, other, (size_t)count * sizeof *other);
    free(out);
    free(other);
    return status;
}

static kith_status reads_numbers(const kith_run *run, uint64_t *hash, kith_error *err)
{
    char *path = test_path_in(given.folder, "numbers.txt");
    double *out = garbage;
    const kith_status status = kith_numbers_read(path, given.graph, run, &out, err);

    free(path);
    if (gave(status, out) == KITH_OK) stir(hash, out, NODES * sizeof *out);
    free(out);
    return status;
}

static kith_status reads_a_cover(const kith_run *run, uint64_t *hash, kith_error *err)
{
    char *path = test_path_in(given.folder, "cover.txt");
    kith_cover *out = garbage;
    const kith_status status = kith_cover_read(path, given.graph, run, &out, err);

    free(path);
    if (gave(status, out) != KITH_OK) return status;
    stir(hash, kith_cover_members(out), (size_t)given.offsets[CLASSES] * sizeof(int64_t));
    kith_cover_free(out);
    return status;
}

#define CALL(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }

static const struct {
    const char *name;
    call run;
} calls[] = {
    CALL(finds_components),
    CALL(finds_components_of_arcs),
    CALL(takes_the_largest_component),
    CALL(takes_a_subgraph),
    CALL(joins_arcs),
    CALL(makes_coarse),
    CALL(adds_up_strengths),
    CALL(looks_for_unpaired_arcs),
    CALL(checks_a_mapped_graph),
    CALL(checks_mapped_names),
    CALL(adds_up_all_weights),
    CALL(makes_a_matrix),
    CALL(adds_up_relations),
    CALL(adds_a_relation),
    CALL(projects_rows),
    CALL(takes_dense_features),
    CALL(takes_sparse_features),
    CALL(takes_labels),
    CALL(matches_partitions),
    CALL(takes_a_cover),
    CALL(measures),
    CALL(compares),
    CALL(writes_edges),
    CALL(writes_packed_edges),
    CALL(writes_a_matrix_market_file),
    CALL(writes_a_graph_file),
    CALL(writes_labels),
    CALL(writes_a_cover),
    CALL(reads_labels),
    CALL(reads_two_files_of_labels),
    CALL(reads_numbers),
    CALL(reads_a_cover),
};

enum { CALLS = sizeof calls / sizeof *calls };

/* ---- What holds for all ---- */

static int count_down(const kith_progress *progress, void *payload)
{
    assert_true(progress->stage && *progress->stage && progress->fraction <= 1);
    return --*(int *)payload == 0;
}

static void a_cancelled_call_gives_nothing_whenever_it_is_cancelled(void **state)
{
    (void)state;
    for (int i = 0; i < CALLS; i++) {
        kith_run run = KITH_RUN_INIT(kith_run);
        kith_status status = KITH_E_CANCELLED;
        int polls;

        run.threads = 2;
        run.progress = count_down;
        run.interval = 0;
        for (polls = 1; status == KITH_E_CANCELLED; polls++) {
            kith_error err = { 0 };
            uint64_t hash = 0;
            int left = polls;
            run.payload = &left;
            status = calls[i].run(&run, &hash, &err);
            if (status != KITH_OK && status != KITH_E_CANCELLED)
                fail_msg("%s, poll %d: %s", calls[i].name, polls, err.message);
            if (status == KITH_E_CANCELLED && (left != 0 || !strstr(err.message, "cancelled")))
                fail_msg("%s, poll %d: asked again, or '%s'", calls[i].name, polls, err.message);
        }
        if (polls < 3) fail_msg("%s does not poll", calls[i].name);
    }
}

static void a_time_limit_that_is_over_ends_the_call(void **state)
{
    (void)state;
    for (int i = 0; i < CALLS; i++) {
        kith_run run = KITH_RUN_INIT(kith_run);
        kith_error err = { 0 };
        uint64_t hash = 0;

        run.time_limit = 1e-9;
        if (calls[i].run(&run, &hash, &err) != KITH_E_TIME || !strstr(err.message, "time limit"))
            fail_msg("%s: '%s'", calls[i].name, err.message);
    }
}

static void the_same_comes_on_1_2_4_and_8_threads(void **state)
{
    (void)state;
    for (int i = 0; i < CALLS; i++) {
        uint64_t first = 0;

        for (int threads = 1; threads <= 8; threads *= 2) {
            kith_run run = KITH_RUN_INIT(kith_run);
            kith_error err = { 0 };
            uint64_t hash = 0;

            run.threads = threads;
            if (calls[i].run(&run, &hash, &err) != KITH_OK)
                fail_msg("%s: %s", calls[i].name, err.message);
            if (threads == 1) first = hash;
            if (hash != first) fail_msg("%s is another on %d threads", calls[i].name, threads);
        }
    }
}

static void a_run_is_checked(void **state)
{
    (void)state;
    for (int i = 0; i < CALLS; i++)
        for (int wrong = 0; wrong < 4; wrong++) {
            static const char *const texts[] = { "threads is -1", "time-limit is -1",
                                                 "interval is -1", "the run has size 0" };
            kith_run run = KITH_RUN_INIT(kith_run);
            kith_error err = { 0 };
            uint64_t hash = 0;

            if (wrong == 0) run.threads = -1;
            if (wrong == 1) run.time_limit = -1;
            if (wrong == 2) run.interval = -1;
            if (wrong == 3) run.size = 0;
            if (calls[i].run(&run, &hash, &err) != KITH_E_ARGUMENT ||
                !strstr(err.message, texts[wrong]))
                fail_msg("%s: '%s' (expected '%s')", calls[i].name, err.message, texts[wrong]);
        }
}

/* ---- Set-up ---- */

static kith_graph *weighted(int64_t nodes, int64_t edges, bool directed, uint64_t seed)
{
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_i_random random = kith_i_random_at(seed, 1, 0);
    int64_t *ends = malloc((size_t)edges * 2 * sizeof *ends);
    double *weights = malloc((size_t)edges * sizeof *weights);
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    for (int64_t e = 0; e < 2 * edges; e++)
        ends[e] = (int64_t)kith_i_random_below(&random, (uint64_t)nodes);
    for (int64_t e = 0; e < edges; e++) weights[e] = 0.1 + kith_i_random_unit(&random);
    o.direction = directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    assert_kith(kith_graph_from_edges(nodes, edges, ends, ends + edges, weights, &o, &graph, &err),
                err);
    free(ends);
    free(weights);
    return graph;
}

/* The weighted graph again, with names, from a file; and the files that calls read. */
static void make_files(kith_error *err)
{
    char *graph = test_path_in(given.folder, "graph.npz"), text[64];
    char *edges = test_path_in(given.folder, "names.txt");
    char *paths[] = { test_path_in(given.folder, "labels.txt"),
                      test_path_in(given.folder, "numbers.txt"),
                      test_path_in(given.folder, "cover.txt") };
    FILE *files[3], *named = fopen(edges, "w");

    fprintf(named, "# kith edges: %d nodes, undirected\n", NODES);
    for (int v = 0; v < NODES; v++) fprintf(named, "# node\tn%d\n", v);
    for (int v = 0; v + 1 < NODES; v++)
        fprintf(named, "n%d\tn%d\t%d.5\n", v, (7 * v + 1) % NODES, 1 + v % 5);
    fclose(named);
    assert_kith(kith_graph_read(edges, NULL, &given.named, err), *err);
    assert_kith(kith_graph_write(given.named, graph, KITH_FORMAT_AUTO, NULL, err), *err);
    remove(edges);
    for (int i = 0; i < 3; i++) files[i] = fopen(paths[i], "w");
    for (int v = 0; v < NODES; v++) {
        snprintf(text, sizeof text, "n%d\t%d\n", v, v % CLASSES);
        fputs(text, files[0]);
        fprintf(files[1], "%d.25\n", v % 11);
    }
    for (int c = 0; c < CLASSES; c++)
        for (int64_t i = given.offsets[c]; i < given.offsets[c + 1]; i++)
            fprintf(files[2], "%d%c", (int)given.nodes[i],
                    i + 1 < given.offsets[c + 1] ? ' ' : '\n');
    for (int i = 0; i < 3; i++) {
        fclose(files[i]);
        free(paths[i]);
    }
    free(graph);
    free(edges);
}

static int make_all(void **state)
{
    kith_i_random random = kith_i_random_at(5, 1, 0);
    uint32_t order[NODES];
    int64_t rows[8 * ROWS], columns[8 * ROWS];
    double weights[8 * ROWS];
    kith_error err = { 0 };

    if (test_folder_make(state)) return -1;
    given.folder = *state;
    kith_i_random_order(order, NODES, &random);
    for (int v = 0; v < NODES; v++) {
        given.nodes[v] = order[v];
        given.labels[v] = (int64_t)kith_i_random_below(&random, CLASSES);
        given.truth[v] = v % CLASSES;
        given.values[v] = kith_i_random_unit(&random);
        given.value_offsets[v + 1] = v + 1;
    }
    for (int c = 0; c < CLASSES; c++) given.offsets[c + 1] = given.offsets[c] + NODES / CLASSES;
    for (int e = 0; e < 8 * ROWS; e++) {
        rows[e] = (int64_t)kith_i_random_below(&random, ROWS);
        columns[e] = (int64_t)kith_i_random_below(&random, ROWS / 4);
        weights[e] = 0.1 + kith_i_random_unit(&random);
    }
    given.graph = weighted(NODES, 2 * NODES, false, 1);
    given.directed = weighted(NODES, 2 * NODES, true, 2);
    assert_kith(kith_relations_new(&given.relations, &err), err);
    for (int i = 0; i < 2; i++)
        assert_kith(kith_relations_add(given.relations, i ? "b" : "a",
                                       weighted(NODES, 4 * NODES, false, 3 + (uint64_t)i), NULL,
                                       &err),
                    err);
    assert_kith(kith_bipartite_from_edges(ROWS, ROWS / 4, 8 * ROWS, rows, columns, weights, NULL,
                                          &given.bipartite, &err),
                err);
    assert_kith(kith_partition_from_labels(NODES, given.labels, NULL, &given.partition, &err), err);
    assert_kith(kith_partition_from_labels(NODES, given.truth, NULL, &given.other, &err), err);
    make_files(&err);
    return 0;
}

static int free_all(void **state)
{
    kith_graph_free(given.graph);
    kith_graph_free(given.directed);
    kith_graph_free(given.named);
    kith_relations_free(given.relations);
    kith_bipartite_free(given.bipartite);
    kith_partition_free(given.partition);
    kith_partition_free(given.other);
    *state = (void *)(uintptr_t)given.folder;
    return test_folder_remove(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cancelled_call_gives_nothing_whenever_it_is_cancelled),
        cmocka_unit_test(a_time_limit_that_is_over_ends_the_call),
        cmocka_unit_test(the_same_comes_on_1_2_4_and_8_threads),
        cmocka_unit_test(a_run_is_checked),
    };
    return cmocka_run_group_tests(tests, make_all, free_all);
}
