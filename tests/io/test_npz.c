/* Graphs in npz archives: what SciPy writes is read, what Kith writes mapped, damage is found. */
#include "support/archive.h"
#include "support/files.h"
#include "support/graphs.h"
#include "support/rows.h"

#include "graph/build.h"
#include "graph/names.h"

#include <inttypes.h>
#include <unistd.h>
#include <zlib.h>

/* The graph in a file of a folder. */
static kith_graph *read_in(const char *folder, const char *name, const kith_read_options *options)
{
    char *path = test_path_in(folder, name);
    kith_graph *graph;
    kith_error err = { 0 };

    assert_kith(kith_graph_read(path, options, &graph, &err), err);
    free(path);
    return graph;
}

static void write_in(const char *folder, const char *name, const kith_graph *graph)
{
    char *path = test_path_in(folder, name);
    kith_error err = { 0 };

    assert_kith(kith_graph_write(graph, path, KITH_FORMAT_AUTO, NULL, &err), err);
    free(path);
}

static bool mapped(const kith_graph *graph)
{
    return graph->release && !atomic_load(&graph->derived->checked);
}

static void assert_same_graph(const kith_graph *a, const kith_graph *b)
{
    kith_error err = { 0 };

    assert_kith(kith_graph_check(a, NULL, &err), err);
    assert_kith(kith_graph_check(b, NULL, &err), err);
    assert_int_equal(kith_graph_nodes(a), kith_graph_nodes(b));
    assert_int_equal(kith_graph_entries(a), kith_graph_entries(b));
    assert_int_equal(kith_graph_edges(a), kith_graph_edges(b));
    assert_int_equal(kith_graph_loops(a), kith_graph_loops(b));
    assert_int_equal(kith_graph_directed(a), kith_graph_directed(b));
    assert_int_equal(kith_graph_weighted(a), kith_graph_weighted(b));
    for (int64_t v = 0; v <= kith_graph_nodes(a); v++)
        assert_int_equal(kith_graph_offsets(a)[v], kith_graph_offsets(b)[v]);
    for (int64_t e = 0; e < kith_graph_entries(a); e++) {
        assert_int_equal(kith_graph_targets(a)[e], kith_graph_targets(b)[e]);
        assert_true(kith_graph_weight(a, e) == kith_graph_weight(b, e));
    }
    for (int64_t v = 0; v < kith_graph_nodes(a); v++) {
        const char *x = kith_graph_name(a, v), *y = kith_graph_name(b, v);
        assert_int_equal(x == NULL, y == NULL);
        if (x) assert_string_equal(x, y);
    }
}

/* ---- What SciPy writes: the matrices of tests/oracle/golden_npz.py ---- */

typedef struct {
    int64_t u, v;
    double  weight;
} triple;

static const triple edges[] = { { 0, 1, 1 }, { 0, 2, 2 }, { 1, 2, 3 }, { 2, 3, 1 },
                                { 3, 3, 2 }, { 3, 4, 1 }, { 4, 5, 3 } };
static const triple arcs[] = { { 0, 1, 1 }, { 1, 0, 2 }, { 1, 2, 3 },
                               { 2, 0, 4 }, { 3, 3, 5 }, { 5, 4, 6 } };

static kith_graph *golden_graph(bool directed, bool weighted)
{
    const triple *from = directed ? arcs : edges;
    const int64_t count = directed ? 6 : 7;
    int64_t sources[7], targets[7];
    double weights[7];
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph;
    kith_error err = { 0 };

    for (int64_t i = 0; i < count; i++) {
        sources[i] = from[i].u;
        targets[i] = from[i].v;
        weights[i] = from[i].weight;
    }
    o.direction = directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    assert_kith(kith_graph_from_edges(7, count, sources, targets, weighted ? weights : NULL, &o,
                                      &graph, &err), err);
    return graph;
}

static char *golden_path(const char *name)
{
    char file[256];

    snprintf(file, sizeof file, "datasets/golden/npz/%s.npz", name);
    return test_path_in(getenv("KITH_SOURCE"), file);
}

static kith_graph *read_golden(const char *name, const kith_read_options *options)
{
    char *path = golden_path(name);
    kith_graph *graph;
    kith_error err = { 0 };

    assert_kith(kith_graph_read(path, options, &graph, &err), err);
    free(path);
    return graph;
}

static void reads_every_format_and_type_that_scipy_writes(void **state)
{
    static const char *const names[] = {
        "csr-int32", "csr-int64", "csc-int32", "csc-int64", "coo-int32", "coo-int64", "bool",
        "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32",
        "float64", "array", "untidy", "unicode", "coords"
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        kith_graph *expected = golden_graph(false, strcmp(names[i], "bool") != 0);
        kith_graph *graph = read_golden(names[i], NULL);
        assert_same_graph(graph, expected);
        kith_graph_free(graph);
        kith_graph_free(expected);
    }
}

static void reads_directed_matrices_as_directed_graphs(void **state)
{
    static const char *const names[] = { "csr-directed", "csc-directed", "coo-directed" };
    kith_graph *expected = golden_graph(true, true), *graph;

    (void)state;
    for (int i = 0; i < 3; i++) {
        graph = read_golden(names[i], NULL);
        assert_same_graph(graph, expected);
        kith_graph_free(graph);
    }
    kith_graph_free(expected);
}

static void refuses_a_directed_matrix_where_an_undirected_graph_was_asked(void **state)
{
    static const char *const names[] = { "csr-directed", "csc-directed", "coo-directed" };
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_error err = { 0 };
    kith_graph *graph;

    (void)state;
    o.graph.direction = KITH_UNDIRECTED;
    for (int i = 0; i < 3; i++) {
        char *path = golden_path(names[i]);
        assert_kith_fails(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT, "directed", err);
        assert_null(graph);
        assert_int_equal(strncmp(err.message, path, strlen(path)), 0);
        free(path);
    }
}

static void an_empty_matrix_is_a_graph_without_edges(void **state)
{
    kith_graph *graph = read_golden("empty", NULL);

    (void)state;
    assert_int_equal(kith_graph_nodes(graph), 5);
    assert_int_equal(kith_graph_entries(graph), 0);
    assert_false(kith_graph_directed(graph));
    kith_graph_free(graph);
}

static void weights_are_left_out_on_request(void **state)
{
    static const char *const names[] = { "csr-int32", "csc-int64", "untidy" };
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_graph *expected = golden_graph(false, false);

    (void)state;
    o.graph.ignore_weights = true;
    for (int i = 0; i < 3; i++) {
        kith_graph *graph = read_golden(names[i], &o);
        assert_same_graph(graph, expected);
        kith_graph_free(graph);
    }
    kith_graph_free(expected);
}

static void limits_refuse_a_matrix_before_it_is_read(void **state)
{
    static const struct {
        int64_t     nodes, edges, bytes;
        const char *message;
    } cases[] = {
        { 6, 0, 0, "is a matrix of 7 x 7 (expected at most 6)" },
        { 0, 12, 0, "has 13 entries (expected at most 12)" },
        { 0, 0, 500, "is too large" },
    };
    char *path = golden_path("csr-int32");
    kith_graph *graph;
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        kith_read_options o = KITH_READ_OPTIONS_INIT;
        o.max_nodes = cases[i].nodes;
        o.max_edges = cases[i].edges;
        o.max_bytes = cases[i].bytes;
        assert_kith_fails(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT, cases[i].message,
                          err);
    }
    free(path);
}

/* ---- What Kith writes ---- */

/* Graphs of all kinds: both directions, loops, no weights, weights that are floats and others. */
static kith_graph *some_graph(int kind)
{
    const test_random what = { .nodes = 37, .density = 0.1, .weighted = kind & 4,
                               .loops = kind & 2, .directed = kind & 1, .seed = (uint64_t)kind };
    kith_graph *graph = test_random_graph(&what), *finer = NULL;
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_error err = { 0 };
    double weights[2000];

    if (kind < 8) return graph;
    for (int64_t e = 0; e < graph->entries; e++) weights[e] = 1 / 3.0;
    const kith_csr csr = { .nodes = graph->nodes, .offsets = graph->offsets,
                           .offset_type = KITH_I64, .targets = graph->targets,
                           .target_type = KITH_U32, .weights = weights, .weight_type = KITH_F64 };
    assert_kith(kith_graph_from_csr(&csr, &o, &finer, &err), err);
    kith_graph_free(graph);
    return finer;
}

/* The same with names, of 1 to 300 bytes, some beyond ASCII. */
static kith_graph *with_names(kith_graph *graph)
{
    kith_i_names *names;
    kith_error err = { 0 };
    char text[301];
    int64_t id;

    assert_kith(kith_i_names_new(&names, &err), err);
    for (int64_t v = 0; v < graph->nodes; v++) {
        memset(text, 'x', sizeof text);
        int length = snprintf(text, sizeof text, "%d\xc3\xa9", (int)v);
        if (v % 5 == 0) text[length] = 'x';
        if (v % 5 == 0) length = 300;
        assert_kith(kith_i_names_add(names, text, length, &id, &err), err);
    }
    graph->names = names;
    return graph;
}

static void what_is_written_is_mapped_and_the_same(void **state)
{
    for (int kind = 0; kind < 16; kind++)
        for (int named = 0; named < 2; named++) {
            kith_graph *graph = some_graph(kind), *again;
            if (named) with_names(graph);
            write_in(*state, "g.npz", graph);
            again = read_in(*state, "g.npz", NULL);
            assert_true(mapped(again));
            assert_int_equal(kith_graph_edges(again), kith_graph_edges(graph)); /* without a pass */
            assert_true(mapped(again));
            assert_same_graph(again, graph);
            if (named) assert_int_equal(kith_graph_find(again, "11\xc3\xa9"), 11);
            kith_graph_free(again);
            kith_graph_free(graph);
        }
}

static void the_smallest_graphs_are_written_and_read(void **state)
{
    for (int64_t nodes = 0; nodes < 3; nodes++) {
        kith_graph *graph = test_graph(nodes, 0, NULL, NULL);
        write_in(*state, "g.npz", graph);
        kith_graph *again = read_in(*state, "g.npz", NULL);
        assert_true(mapped(again));
        assert_same_graph(graph, again);
        kith_graph_free(again);
        kith_graph_free(graph);
    }
}

static void the_same_graph_gives_the_same_bytes(void **state)
{
    kith_graph *graph = some_graph(6);
    int64_t size[2];
    uint8_t *bytes[2];

    for (int i = 0; i < 2; i++) {
        write_in(*state, "g.npz", graph);
        char *path = test_path_in(*state, "g.npz");
        bytes[i] = test_file_bytes(path, &size[i]);
        free(path);
    }
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
    free(bytes[0]);
    free(bytes[1]);
    kith_graph_free(graph);
}

static void a_mapped_graph_is_that_which_is_read(void **state)
{
    /* signed_weights asks for a look at every weight, so the file is read. */
    kith_read_options o = KITH_READ_OPTIONS_INIT;

    o.graph.signed_weights = true;
    for (int kind = 0; kind < 16; kind++) {
        kith_graph *graph = some_graph(kind), *map, *copy;
        write_in(*state, "g.npz", with_names(graph));
        map = read_in(*state, "g.npz", NULL);
        copy = read_in(*state, "g.npz", &o);
        assert_true(mapped(map));
        assert_false(mapped(copy));
        assert_same_graph(map, copy);
        kith_graph_free(map);
        kith_graph_free(copy);
        kith_graph_free(graph);
    }
}

static void a_compressed_graph_file_is_the_same_graph(void **state)
{
    static const char *const names[] = { "g.npz.gz", "g.npz.zst" };

    for (int i = 0; i < 2; i++) {
        kith_graph *graph = with_names(some_graph(7));
        write_in(*state, names[i], graph);
        kith_graph *again = read_in(*state, names[i], NULL);
        assert_same_graph(again, graph);
        kith_graph_free(again);
        kith_graph_free(graph);
    }
}

static void options_change_a_mapped_graph_as_any_other(void **state)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_graph *graph = some_graph(6), *again;

    write_in(*state, "g.npz", graph); /* undirected, with loops and weights */
    o.graph.ignore_weights = true;
    again = read_in(*state, "g.npz", &o);
    assert_true(mapped(again));
    assert_false(kith_graph_weighted(again));
    assert_int_equal(kith_graph_entries(again), graph->entries);
    kith_graph_free(again);

    o.graph.ignore_weights = false;
    o.graph.direction = KITH_DIRECTED;
    again = read_in(*state, "g.npz", &o);
    assert_true(mapped(again) && kith_graph_directed(again));
    assert_int_equal(kith_graph_edges(again), graph->entries);
    kith_graph_free(again);

    o.graph.direction = KITH_DETECT;
    o.graph.loops = KITH_LOOPS_DROP;
    again = read_in(*state, "g.npz", &o);
    assert_int_equal(kith_graph_edges(again), kith_graph_edges(graph) - kith_graph_loops(graph));
    kith_graph_free(again);

    o.graph.loops = KITH_LOOPS_ADD;
    again = read_in(*state, "g.npz", &o);
    assert_int_equal(kith_graph_loops(again), graph->nodes);
    kith_graph_free(again);
    kith_graph_free(graph);
}

static void a_directed_graph_file_stays_directed_unless_it_is_symmetric(void **state)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    const int64_t sources[] = { 0, 1 }, targets[] = { 1, 0 };
    kith_graph *graph, *again;
    kith_error err = { 0 };
    char *path = test_path_in(*state, "g.npz");

    o.graph.direction = KITH_DIRECTED;
    assert_kith(kith_graph_from_edges(2, 2, sources, targets, NULL, &o.graph, &graph, &err), err);
    write_in(*state, "g.npz", graph);
    kith_graph_free(graph);
    again = read_in(*state, "g.npz", NULL);
    assert_true(kith_graph_directed(again));
    kith_graph_free(again);
    o.graph.direction = KITH_UNDIRECTED;
    again = read_in(*state, "g.npz", &o);
    assert_false(kith_graph_directed(again));
    assert_int_equal(kith_graph_edges(again), 1);
    kith_graph_free(again);

    graph = golden_graph(true, true);
    write_in(*state, "g.npz", graph);
    kith_graph_free(graph);
    assert_kith_fails(kith_graph_read(path, &o, &again, &err), KITH_E_INPUT, "directed", err);
    free(path);
}

static void signed_graphs_are_read_when_they_are_welcome(void **state)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    const int64_t source = 0, target = 1;
    const double weight = -2;
    kith_graph *graph, *again;
    kith_error err = { 0 };

    o.graph.signed_weights = true;
    assert_kith(kith_graph_from_edges(2, 1, &source, &target, &weight, &o.graph, &graph, &err),
                err);
    write_in(*state, "g.npz", graph);
    again = read_in(*state, "g.npz", &o);
    assert_same_graph(graph, again);
    kith_graph_free(again);
    again = read_in(*state, "g.npz", NULL);
    assert_kith_fails(kith_graph_check(again, NULL, &err), KITH_E_INPUT, "has weight -2", err);
    kith_graph_free(again);
    kith_graph_free(graph);
}

static void a_mapped_graph_can_be_written_onto_its_own_file(void **state)
{
    kith_graph *graph = some_graph(5), *again, *third;

    write_in(*state, "g.npz", graph);
    again = read_in(*state, "g.npz", NULL);
    write_in(*state, "g.npz", again);
    third = read_in(*state, "g.npz", NULL);
    assert_same_graph(third, graph);
    assert_same_graph(again, graph);
    kith_graph_free(third);
    kith_graph_free(again);
    kith_graph_free(graph);
}

static void arrays_of_a_mapped_graph_can_be_copied_from_its_file(void **state)
{
    kith_graph *graph = some_graph(5), *again;
    uint32_t *copy = malloc((size_t)kith_graph_entries(graph) * sizeof *copy);
    char *path = test_path_in(*state, "g.npz");
    kith_error err = { 0 };

    write_in(*state, "g.npz", graph);
    again = read_in(*state, "g.npz", NULL);
    const int64_t bytes = kith_graph_entries(again) * 4;
    assert_kith(kith_i_graph_copy_bytes(again, again->targets, bytes, copy, &err), err);
    assert_memory_equal(copy, kith_graph_targets(graph), (size_t)bytes);
    assert_int_equal(truncate(path, 64), 0);
    assert_kith_fails(kith_i_graph_copy_bytes(again, again->targets, bytes, copy, &err), KITH_E_IO,
                      "it has become shorter", err);
    kith_graph_free(again);
    kith_graph_free(graph);
    free(copy);
    free(path);
}

/* Kilobytes of the mapping of the file that are resident in this process. */
static int64_t resident(const char *path)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[4096];
    bool inside = false;
    int64_t total = 0, kilobytes;

    if (!maps) return -1;
    while (fgets(line, sizeof line, maps)) {
        if (strstr(line, "-") && strstr(line, " r")) inside = strstr(line, path) != NULL;
        if (inside && sscanf(line, "Rss: %" SCNd64, &kilobytes) == 1) total += kilobytes;
    }
    fclose(maps);
    return total;
}

static void opening_touches_few_pages(void **state)
{
    enum { NODES = 200000, DEGREE = 8 };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    int64_t *sources = malloc(NODES * DEGREE * sizeof *sources);
    int64_t *targets = malloc(NODES * DEGREE * sizeof *targets);
    double *weights = malloc(NODES * DEGREE * sizeof *weights);
    kith_graph *graph;
    kith_error err = { 0 };

    for (int64_t i = 0; i < NODES * DEGREE; i++) {
        sources[i] = i / DEGREE;
        targets[i] = (i / DEGREE + i % DEGREE + 1) % NODES;
        weights[i] = 1 + (double)(i % 5);
    }
    assert_kith(kith_graph_from_edges(NODES, NODES * DEGREE, sources, targets, weights, &o, &graph,
                                      &err), err);
    write_in(*state, "large.npz", graph);
    kith_graph_free(graph);
    graph = read_in(*state, "large.npz", NULL);
    const int64_t opened = resident("large.npz");
    if (opened >= 0) {
        assert_int_equal(kith_graph_edges(graph), NODES * DEGREE);
        /* Headers stand in four places, and the kernel maps up to a megabyte around each. */
        assert_true(resident("large.npz") < 5 * 1024);
        assert_true(mapped(graph));
        assert_kith(kith_graph_check(graph, NULL, &err), err);
        assert_true(resident("large.npz") > 20 * 1024); /* so the measure is not blind */
    } else {
        print_message("skipped: there is no /proc/self/smaps\n");
    }
    kith_graph_free(graph);
    free(sources);
    free(targets);
    free(weights);
}

/* ---- Damage ---- */

/* What differs from a good archive: rows 0 and 1 joined by an edge, row 2 with a loop. */
typedef struct {
    const char     *format, *shape_type, *shape_shape, *offset_type, *id_type, *value_type;
    const uint64_t *shape, *offsets, *ids, *values;
    int             offset_count, id_count, value_count;
} parts;

#define NUMBERS(...) (const uint64_t[]){ __VA_ARGS__ }

static const uint64_t good_shape[] = { 3, 3, 3 }, good_offsets[] = { 0, 1, 2, 3 };
static const uint64_t good_ids[] = { 1, 0, 2 }, ones[] = { 1, 1, 1 };

static void add_numbers(test_archive *a, const char *name, const char *type, int count,
                        const uint64_t *numbers, int packing)
{
    const int width = type[2] - '0';
    uint8_t elements[32];
    char shape[16];

    for (int i = 0; i < count; i++) test_patch(elements, i * width, width, numbers[i]);
    snprintf(shape, sizeof shape, "(%d,)", count);
    test_archive_array(a, name, type, shape, elements, count * width, packing);
}

static test_archive assemble(const parts *p, int packing)
{
    const char *format = p->format ? p->format : "csr";
    const char *type = p->shape_type ? p->shape_type : "<i8";
    const char *shape = p->shape_shape ? p->shape_shape : "(2,)";
    const bool coo = !strcmp(format, "coo");
    test_archive a = { 0 };

    test_archive_array(&a, "format.npy", "|S3", "()", format, 3, packing);
    test_archive_array(&a, "shape.npy", type, shape, p->shape ? p->shape : good_shape,
                       shape[1] == '3' ? 24 : 16, packing);
    add_numbers(&a, coo ? "row.npy" : "indptr.npy", p->offset_type ? p->offset_type : "<i4",
                p->offset_count ? p->offset_count : 4, p->offsets ? p->offsets : good_offsets,
                packing);
    add_numbers(&a, coo ? "col.npy" : "indices.npy", p->id_type ? p->id_type : "<i4",
                p->id_count ? p->id_count : 3, p->ids ? p->ids : good_ids, packing);
    add_numbers(&a, "data.npy", p->value_type ? p->value_type : "<i4",
                p->value_count ? p->value_count : 3, p->values ? p->values : ones, packing);
    test_archive_finish(&a, false);
    return a;
}

/* Reads the archive, and checks the graph when there is one. */
static kith_status read_archive(const char *folder, const uint8_t *bytes, int64_t size,
                                kith_graph **out, kith_error *err)
{
    char *path = test_file_of(folder, "bad.npz", bytes, (size_t)size);
    kith_status status = kith_graph_read(path, NULL, out, err);

    if (status == KITH_OK) status = kith_graph_check(*out, NULL, err);
    free(path);
    return status;
}

static const struct {
    parts       parts;
    const char *message;
} bad[] = {
    { { .format = "dia" }, "format.npy: is 'dia' (expected csr, csc or coo)" },
    { { .format = "\x01sr" }, "format.npy: is ''" },
    { { .shape_shape = "(3,)" }, "shape.npy: holds 3 entries (expected 2)" },
    { { .shape_shape = "(2, 1)" }, "shape.npy: has 2 dimensions" },
    { { .shape_type = "<f8" }, "shape.npy: has elements of type 'f8' (expected integers)" },
    { { .shape = NUMBERS(3, 4) }, "is a matrix of 3 x 4 (expected as many rows as columns)" },
    { { .shape = NUMBERS(-3, 3) }, "shape.npy: is -3 x 3" },
    { { .shape = NUMBERS(0x100000000, 0x100000000) }, "is 4294967296 x 4294967296" },
    { { .shape = NUMBERS(INT64_MAX, INT64_MAX) }, "expected at most 4294967294 rows" },
    { { .shape_type = "<u8", .shape = NUMBERS(-1, -1) }, "expected at most 4294967294 rows" },
    { { .shape = NUMBERS(4, 4) }, "indptr.npy: holds 4 entries (expected 5)" },
    { { .shape = NUMBERS(0xfffffffe, 0xfffffffe) }, "indptr.npy: holds 4 entries (expected "
                                                     "4294967295)" },
    { { .offset_type = "<f4" }, "indptr.npy: has elements of type 'f4'" },
    { { .offsets = NUMBERS(1, 1, 2, 3) }, "indptr.npy: starts with 1 (expected 0)" },
    { { .offsets = NUMBERS(0, 2, 1, 3) }, "indptr.npy: element 2 is 1 (expected 2 to 3)" },
    { { .offsets = NUMBERS(0, 1, 2, 4) }, "indptr.npy: element 3 is 4 (expected 2 to 3)" },
    { { .offset_type = "<i8", .offsets = NUMBERS(0, 1, UINT64_C(1) << 63, 3) },
      "indptr.npy: element 2 is -9223372036854775808 (expected 1 to 3)" },
    { { .offset_type = "<u8", .offsets = NUMBERS(0, UINT64_MAX, 2, 3) },
      "indptr.npy: element 1 is 9223372036854775807 (expected 0 to 3)" },
    { { .id_count = 2 }, "indices.npy: holds 2 entries (expected 3)" },
    { { .id_type = "<f4" }, "indices.npy: has elements of type 'f4'" },
    { { .ids = NUMBERS(1, 3, 2) }, "row 1 holds the id 3 (expected 0 to 2)" },
    { { .ids = NUMBERS(1, 0, 0xffffffff) }, "row 2 holds the id -1 (expected 0 to 2)" },
    { { .id_type = "<u4", .ids = NUMBERS(1, 0, 0xffffffff) }, "the id 4294967295" },
    { { .id_type = "<u8", .ids = NUMBERS(1, 0, UINT64_MAX) },
      "indices.npy: element 2 is 9223372036854775807 (expected 0 to 2)" },
    { { .value_count = 2 }, "indices.npy: holds 3 entries (expected 2)" },
    { { .value_type = "<f4", .values = NUMBERS(0x7fc00000, 0, 0) }, "has weight nan" },
    { { .value_type = "<f4", .values = NUMBERS(0x7f800000, 0, 0) }, "has weight inf" },
    { { .value_type = "<f8", .values = NUMBERS(UINT64_C(0xbff0000000000000), 0, 0) },
      "has weight -1 (expected a finite number, at least 0)" },
    { { .value_type = "<i4", .values = NUMBERS(1, 1, 0xffffffff) }, "has weight -1" },
    { { .value_type = "|S4" }, "data.npy: has elements of type 'S4' (expected numbers)" },
    { { .format = "csc", .ids = NUMBERS(1, 3, 2) },
      "indices.npy: element 1 is 3 (expected 0 to 2)" },
    { { .format = "csc", .offsets = NUMBERS(0, 2, 1, 3) }, "indptr.npy: element 2 is 1" },
    { { .format = "csc", .value_type = "<f4", .values = NUMBERS(0, 0x7fc00000, 0) },
      "data.npy: element 1 is nan (expected a finite number, at least 0)" },
    { { .format = "csc", .values = NUMBERS(0, 1, 0xffffffff) }, "data.npy: element 2 is -1" },
    { { .format = "coo" }, "row.npy: holds 4 entries (expected 3)" },
    { { .format = "coo", .offset_count = 3, .offsets = NUMBERS(0, 3, 1) },
      "row.npy: element 1 is 3 (expected 0 to 2)" },
    { { .format = "coo", .offset_count = 3, .ids = NUMBERS(0xffffffff, 0, 1) },
      "col.npy: element 0 is -1 (expected 0 to 2)" },
};

static void bad_arrays_give_one_clear_line(void **state)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (int packing = 0; packing < 2; packing++) {
            test_archive a = assemble(&bad[i].parts, packing);
            kith_graph *graph;
            kith_error err = { 0 };
            const kith_status status = read_archive(*state, a.bytes, a.size, &graph, &err);
            if (status != KITH_E_INPUT || !strstr(err.message, bad[i].message) || graph)
                fail_msg("case %zu: status %d, '%s' (expected '%s')", i, (int)status, err.message,
                         bad[i].message);
            assert_non_null(strstr(err.message, "bad.npz: "));
            test_archive_clear(&a);
        }
}

/* Nothing is wrong with these; the last has room to spare. */
static const parts good[] = {
    { 0 },
    { .format = "csc" },
    { .format = "coo", .offset_count = 3, .offsets = NUMBERS(0, 1, 2) },
    { .offset_type = "<u2", .id_type = "<i2", .value_type = "<u8" },
    { .id_count = 4, .value_count = 4, .ids = NUMBERS(1, 0, 2, 9), .values = NUMBERS(1, 1, 1, 9) },
};

static void the_archive_of_those_arrays_is_read_when_nothing_is_wrong_with_it(void **state)
{
    for (int i = 0; i < 5; i++)
        for (int packing = 0; packing < 8; packing++) {
            test_archive a = assemble(&good[i], packing);
            kith_graph *graph;
            kith_error err = { 0 };
            assert_kith(read_archive(*state, a.bytes, a.size, &graph, &err), err);
            assert_int_equal(kith_graph_edges(graph), 2);
            assert_int_equal(kith_graph_loops(graph), 1);
            assert_false(kith_graph_directed(graph) || kith_graph_weighted(graph));
            kith_graph_free(graph);
            test_archive_clear(&a);
        }
}

static void missing_members_are_named(void **state)
{
    static const char *const names[] = { "format.npy", "shape.npy", "data.npy", "indptr.npy",
                                         "indices.npy" };

    for (int i = 0; i < 5; i++) {
        test_archive a = assemble(&good[0], TEST_STORED);
        kith_graph *graph;
        kith_error err = { 0 };
        const int64_t length = (int64_t)strlen(names[i]);
        for (int64_t at = 0; at + length < a.size; at++) /* another name for it, everywhere */
            if (!memcmp(a.bytes + at, names[i], (size_t)length)) a.bytes[at] = 'x';
        assert_kith_fails(read_archive(*state, a.bytes, a.size, &graph, &err), KITH_E_INPUT,
                          names[i], err);
        assert_non_null(strstr(err.message, "has no "));
        test_archive_clear(&a);
    }
}

static void the_format_is_one_string(void **state)
{
    static const struct {
        const char *type, *shape;
        int64_t     size;
        const char *message;
    } cases[] = {
        { "|S3", "(2,)", 6, "format.npy: has 2 elements of type 'S3' (expected one string)" },
        { "<i4", "()", 4, "format.npy: has 1 elements of type 'i4' (expected one string)" },
        { "|S9", "()", 9, "format.npy: is 'csrcsrc' (expected csr, csc or coo)" },
    };

    for (int i = 0; i < 3; i++) {
        test_archive a = { 0 };
        kith_graph *graph;
        kith_error err = { 0 };
        test_archive_array(&a, "format.npy", cases[i].type, cases[i].shape, "csrcsrcsr",
                           cases[i].size, TEST_STORED);
        test_archive_finish(&a, false);
        assert_kith_fails(read_archive(*state, a.bytes, a.size, &graph, &err), KITH_E_INPUT,
                          cases[i].message, err);
        test_archive_clear(&a);
    }
}

static void coordinates_in_one_array_must_have_two_rows(void **state)
{
    static const char *const shapes[] = { "(3, 2)", "(6,)", "(1, 6)" };
    const int32_t coords[] = { 0, 1, 2, 1, 0, 2 };
    const int64_t shape[] = { 3, 3 };
    const double data[] = { 1, 1, 1 };

    for (int i = 0; i < 3; i++) {
        test_archive a = { 0 };
        kith_graph *graph;
        kith_error err = { 0 };
        test_archive_array(&a, "format.npy", "|S3", "()", "coo", 3, TEST_STORED);
        test_archive_array(&a, "shape.npy", "<i8", "(2,)", shape, sizeof shape, TEST_STORED);
        test_archive_array(&a, "coords.npy", "<i4", shapes[i], coords, sizeof coords, TEST_STORED);
        test_archive_array(&a, "data.npy", "<f8", "(3,)", data, sizeof data, TEST_STORED);
        test_archive_finish(&a, false);
        assert_kith_fails(read_archive(*state, a.bytes, a.size, &graph, &err), KITH_E_INPUT,
                          "coords.npy: is not understood (expected integers in 2 rows and 3 "
                          "columns, in C order)", err);
        test_archive_clear(&a);
    }
}

static void a_bomb_is_refused_unless_it_is_welcome(void **state)
{
    /* 40 MB of zeros in 40 KB: a matrix of 10^7 empty rows. */
    enum { ROWS = 10000000 };
    const int64_t shape[] = { ROWS, ROWS };
    int32_t *offsets = calloc(ROWS + 1, sizeof *offsets);
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    test_archive a = { 0 };
    kith_graph *graph;
    kith_error err = { 0 };
    char number[32];

    test_archive_array(&a, "format.npy", "|S3", "()", "csr", 3, TEST_STORED);
    test_archive_array(&a, "shape.npy", "<i8", "(2,)", shape, sizeof shape, TEST_STORED);
    snprintf(number, sizeof number, "(%d,)", ROWS + 1);
    test_archive_array(&a, "indptr.npy", "<i4", number, offsets, (ROWS + 1) * 4, TEST_DEFLATED);
    test_archive_array(&a, "indices.npy", "<i4", "(0,)", NULL, 0, TEST_STORED);
    test_archive_array(&a, "data.npy", "<i4", "(0,)", NULL, 0, TEST_STORED);
    test_archive_finish(&a, false);
    assert_true(a.size < 50000);
    char *path = test_file_of(*state, "bomb.npz", a.bytes, (size_t)a.size);
    assert_kith_fails(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT,
                      "is a matrix of 10000000 x 10000000 (expected at most 1", err);
    assert_non_null(strstr(err.message, "in a file of this size"));
    o.max_nodes = ROWS;
    assert_kith(kith_graph_read(path, &o, &graph, &err), err);
    kith_graph_free(graph);
    o.max_nodes--;
    assert_kith_fails(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT,
                      "(expected at most 9999999)", err);
    free(path);
    free(offsets);
    test_archive_clear(&a);
}

/* The archive of a graph that Kith writes: weights in double precision, a loop, names. */
static uint8_t *graph_file(const char *folder, int64_t *size)
{
    const int64_t sources[] = { 0, 1, 2, 3 }, targets[] = { 1, 2, 0, 3 };
    const double weights[] = { 0.1, 0.2, 0.3, 0.4 };
    kith_graph *graph;
    kith_error err = { 0 };
    char *path = test_path_in(folder, "good.npz");

    assert_kith(kith_graph_from_edges(4, 4, sources, targets, weights, NULL, &graph, &err), err);
    write_in(folder, "good.npz", with_names(graph));
    kith_graph_free(graph);
    uint8_t *bytes = test_file_bytes(path, size);
    free(path);
    return bytes;
}

/* Where the elements of a member lie in an archive that Kith wrote: behind the member's name, an
 * extra field whose length stands before the name, and NumPy's header of 128 bytes. */
static int64_t elements_of(const uint8_t *bytes, int64_t size, const char *name)
{
    const int64_t length = (int64_t)strlen(name);

    for (int64_t at = 30; at + length < size; at++)
        if (!memcmp(bytes + at, name, (size_t)length)) /* in its local header */
            return at + length + bytes[at - 2] + (bytes[at - 1] << 8) + 128;
    fail();
    return 0;
}

static void a_damaged_mapped_file_is_found_out_by_its_check(void **state)
{
    static const struct {
        const char *member;
        int64_t     offset;
        int         width;
        uint64_t    value;
        const char *message;
    } cases[] = {
        { "indptr.npy", 0, 8, 1, "indptr.npy: runs from 1 to 7 (expected 0 to 7)" },
        { "indptr.npy", 32, 8, 6, "indptr.npy: runs from 0 to 6 (expected 0 to 7)" },
        { "indptr.npy", 32, 8, UINT64_MAX, "indptr.npy: runs from 0 to -1 (expected 0 to 7)" },
        { "indptr.npy", 8, 8, 5, "row 1 ends before it begins" },
        { "indptr.npy", 8, 8, UINT64_C(1) << 62, "row 1 ends before it begins" },
        { "indptr.npy", 8, 8, UINT64_C(1) << 63, "row 0 ends before it begins" },
        { "indptr.npy", 8, 8, 1, "row 1 is not in ascending order" },
        { "indices.npy", 4, 4, 4, "row 0 holds node 4 (expected below 4)" },
        { "indices.npy", 4, 4, 0xffffffff, "row 0 holds node 4294967295 (expected below 4)" },
        { "indices.npy", 4, 4, 1, "row 0 is not in ascending order" },
        { "indices.npy", 4, 4, 3, "the entries (0, 3) and (3, 0) differ" },
        { "indices.npy", 24, 4, 2, "it holds 0 self-loops (expected 1)" },
        { "data.npy", 0, 8, 0, "entry (0, 1) has weight 0" },
        { "data.npy", 0, 8, UINT64_C(0x7ff8000000000000), "entry (0, 1) has weight nan" },
        { "data.npy", 0, 8, UINT64_C(0xfff0000000000000), "entry (0, 1) has weight -inf" },
        { "data.npy", 0, 8, UINT64_C(0x3ff0000000000000), "the entries (0, 1) and (1, 0) differ" },
        { "kith_loops.npy", 0, 8, 3, "the graph is damaged: it holds 1 self-loops (expected 3)" },
        { "kith_total_weight.npy", 0, 8, UINT64_C(0x4059000000000000), "(expected 100)" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t size;
        uint8_t *bytes = graph_file(*state, &size);
        kith_graph *graph;
        kith_error err = { 0 };
        const int64_t at = elements_of(bytes, size, cases[i].member);
        test_patch(bytes, at + cases[i].offset, cases[i].width, cases[i].value);
        if (!strncmp(cases[i].member, "kith_", 5)) { /* its checksum is compared */
            const uint32_t crc = (uint32_t)crc32(0, bytes + at - 128, 128 + 8);
            const size_t length = strlen(cases[i].member);
            for (int64_t j = at; j + (int64_t)length <= size; j++)
                if (!memcmp(bytes + j, cases[i].member, length)) test_patch(bytes, j - 30, 4, crc);
        }
        const kith_status status = read_archive(*state, bytes, size, &graph, &err);
        if (status != KITH_E_INPUT || !strstr(err.message, cases[i].message))
            fail_msg("case %zu: status %d, '%s' (expected '%s')", i, (int)status, err.message,
                     cases[i].message);
        kith_graph_free(graph);
        free(bytes);
    }
}

/* Names of three nodes and what is wrong with them. */
static const struct {
    const char *type, *block;
    int         size;
    const char *offset_type;
    int         offset_count;
    uint64_t    offsets[4];
    const char *message;
} names[] = {
    { "|u1", "a\0bc\0d", 7, "<i8", 4, { 0, 2, 5, 7 }, NULL },
    { "|u1", "a\0bc\0a", 7, "<i8", 4, { 0, 2, 5, 7 }, "nodes 0 and 2 have one name, 'a'" },
    { "|u1", "a\0b\0\0d", 7, "<i8", 4, { 0, 2, 5, 7 }, "the name of node 1 is damaged" },
    { "|u1", "a\0bcdd", 7, "<i8", 4, { 0, 2, 5, 7 }, "the name of node 1 is damaged" },
    { "|u1", "a\0bc\0d", 7, "<i8", 4, { 0, 2, 2, 7 }, "the name of node 1 is damaged" },
    { "|u1", "a\0bc\0d", 7, "<i8", 4, { 0, 5, 2, 7 }, "the name of node 0 is damaged" },
    { "|u1", "a\0bc\0d", 7, "<i8", 4, { 0, 2, 5, 8 }, "the name of node 2 is damaged" },
    { "|u1", "a\0bc\0d", 7, "<i8", 4, { 0, 2, 5, INT64_MAX }, "the name of node 2 is damaged" },
    { "|u1", "a\0bc\0d", 7, "<i8", 4, { 0, 2, UINT64_MAX, 7 }, "the name of node 1 is damaged" },
    { "|u1", "a\0bc\0d", 7, "<i8", 3, { 0, 2, 5 }, "holds 3 entries (expected 4)" },
    { "|u1", "a\0bc\0d", 7, "<u8", 4, { 0, 2, 5, 7 }, "offsets.npy: has elements of type 'u8'" },
    { "<u2", "a\0bc\0d\0", 8, "<i8", 4, { 0, 2, 5, 7 }, "has elements of type 'u2' (expected u1)" },
    { "|i1", "a\0bc\0d", 7, "<i8", 4, { 0, 2, 5, 7 }, "kith_names.npy: has elements of type 'i1'" },
    { "|u1", "a\0bc\0d", 7, NULL, 0, { 0 }, "has no kith_name_offsets.npy" },
};

/* An archive with the i-th names, which lie there as they are or compressed. */
static test_archive named_archive(size_t i, int packing)
{
    test_archive a = assemble(&good[0], TEST_STORED);
    char shape[16];

    a.size -= a.directory_size + 22; /* without the directory, to add more */
    snprintf(shape, sizeof shape, "(%d,)", names[i].size / (names[i].type[2] - '0'));
    test_archive_array(&a, "kith_names.npy", names[i].type, shape, names[i].block, names[i].size,
                       packing);
    if (names[i].offset_type)
        add_numbers(&a, "kith_name_offsets.npy", names[i].offset_type, names[i].offset_count,
                    names[i].offsets, TEST_STORED);
    test_archive_finish(&a, false);
    return a;
}

static void names_are_read_unless_they_are_damaged(void **state)
{
    for (size_t i = 0; i < 2 * (sizeof names / sizeof *names); i++) {
        const char *message = names[i / 2].message;
        test_archive a = named_archive(i / 2, i % 2 ? TEST_STORED : TEST_DEFLATED);
        kith_graph *graph;
        kith_error err = { 0 };

        kith_status status = read_archive(*state, a.bytes, a.size, &graph, &err);
        if (status == KITH_OK) { /* those that lie there are looked at when they are asked for */
            assert_true(i % 2 || !message);
            status = kith_graph_require_names(graph, NULL, &err);
        }
        if (status != (message ? KITH_E_INPUT : KITH_OK) ||
            (message && (!strstr(err.message, message) || !strstr(err.message, "bad.npz: "))))
            fail_msg("case %zu: status %d, '%s'", i, (int)status, err.message);
        if (graph && message) assert_int_equal(kith_graph_find(graph, "a"), -1);
        if (graph && !message) assert_string_equal(kith_graph_name(graph, 1), "bc");
        if (graph && !message) assert_int_equal(kith_graph_find(graph, "bc"), 1);
        kith_graph_free(graph);
        test_archive_clear(&a);
    }
}

static void a_damaged_name_is_none_and_leaves_the_others(void **state)
{
    test_archive a = named_archive(3, TEST_STORED); /* the second has no end */
    kith_graph *graph;
    int64_t count, *labels;
    kith_error err = { 0 };
    char *path = test_path_in(*state, "out.txt"), *read = test_file(*state, "in.txt", "a\t1\n");

    assert_kith(read_archive(*state, a.bytes, a.size, &graph, &err), err);
    assert_string_equal(kith_graph_name(graph, 0), "a");
    assert_null(kith_graph_name(graph, 1));
    /* Whoever walks or searches them says what is wrong. */
    assert_kith_fails(kith_graph_write(graph, path, KITH_FORMAT_AUTO, NULL, &err), KITH_E_INPUT,
                      "bad.npz: kith_names.npy: the name of node 1 is damaged", err);
    assert_kith_fails(kith_labels_write(path, graph, 3, (int64_t[3]){ 0 }, NULL, &err),
                      KITH_E_INPUT, "the name of node 1 is damaged", err);
    assert_kith_fails(kith_labels_read(read, graph, NULL, &count, &labels, &err), KITH_E_INPUT,
                      "the name of node 1 is damaged", err);
    kith_graph *part = NULL;
    assert_kith_fails(kith_graph_subgraph(graph, 1, (int64_t[]){ 0 }, NULL, &part, &err),
                      KITH_E_INPUT, "the name of node 1 is damaged", err);
    assert_null(part);
    kith_graph_free(graph);
    test_archive_clear(&a);
    free(path);
    free(read);
}

static void the_checksum_of_names_is_compared_when_they_are_read(void **state)
{
    int64_t size;
    uint8_t *bytes = graph_file(*state, &size);
    kith_graph *graph;
    kith_error err = { 0 };

    bytes[elements_of(bytes, size, "kith_names.npy")] ^= 2;
    assert_kith(read_archive(*state, bytes, size, &graph, &err), err);
    assert_non_null(kith_graph_name(graph, 0));
    assert_kith_fails(kith_graph_require_names(graph, NULL, &err), KITH_E_INPUT,
                      "bad.npz: kith_names.npy: is damaged (its checksum is", err);
    kith_graph_free(graph);
    free(bytes);
}

static void names_outlive_the_graph_that_they_were_read_with(void **state)
{
    kith_graph *graph = with_names(some_graph(7)), *other = NULL;
    kith_error err = { 0 };

    write_in(*state, "g.npz", graph);
    kith_graph_free(graph);
    graph = read_in(*state, "g.npz", NULL);
    assert_kith(kith_graph_symmetrise(graph, KITH_DUPLICATES_AUTO, NULL, &other, &err), err);
    char *name = strdup(kith_graph_name(graph, 3));
    kith_graph_free(graph);
    assert_string_equal(kith_graph_name(other, 3), name);
    assert_int_equal(kith_graph_find(other, name), 3);
    kith_graph_free(other);
    free(name);
}

/* A graph of so many nodes, called by their squares, in a file. */
static kith_graph *squares(const char *folder, int64_t nodes)
{
    kith_graph *graph = test_path(nodes);
    kith_i_names *list;
    kith_error err = { 0 };
    int64_t id;

    assert_kith(kith_i_names_new(&list, &err), err);
    for (int64_t v = 0; v < nodes; v++) {
        char text[32];
        const int length = snprintf(text, sizeof text, "%" PRId64, v * v);
        assert_kith(kith_i_names_add(list, text, length, &id, &err), err);
    }
    graph->names = list;
    write_in(folder, "squares.npz", graph);
    kith_graph_free(graph);
    return read_in(folder, "squares.npz", NULL);
}

static void threads_may_ask_for_names_at_once(void **state)
{
    enum { NODES = 20000, THREADS = 8 };
    kith_graph *graph = squares(*state, NODES);
    int64_t wrong = 0;

#pragma omp parallel for num_threads(THREADS) schedule(static, 1) reduction(+ : wrong)
    for (int t = 0; t < THREADS; t++)
        for (int64_t v = t; v < NODES; v += 97) {
            char text[32];
            snprintf(text, sizeof text, "%" PRId64, v * v);
            wrong += kith_graph_find(graph, text) != v;
            wrong += strcmp(kith_graph_name(graph, v), text) != 0;
        }
    assert_int_equal(wrong, 0);
    assert_int_equal(kith_graph_find(graph, "2"), -1);
    kith_graph_free(graph);
}

/* Reads the archive if it can be read; a graph that stands its check can be walked. */
static void read_if_possible(const char *folder, const uint8_t *bytes, int64_t size)
{
    kith_graph *graph;
    kith_error err = { 0 };
    double total = 0;

    if (read_archive(folder, bytes, size, &graph, &err) == KITH_OK) {
        for (int64_t v = 0; v < graph->nodes; v++)
            for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
                total += kith_graph_weight(graph, e) * (graph->targets[e] < graph->nodes);
        assert_true(total >= 0);
        for (int64_t v = 0; v < graph->nodes; v++) {
            const char *name = kith_graph_name(graph, v); /* damaged ones are none */
            total += name ? (double)strlen(name) : 0;
        }
        if (kith_graph_require_names(graph, NULL, &err) == KITH_OK && graph->names)
            for (int64_t v = 0; v < graph->nodes; v++)
                assert_int_equal(kith_graph_find(graph, kith_graph_name(graph, v)), v);
    } else {
        assert_true(strlen(err.message) > 0 && !strchr(err.message, '\n'));
    }
    kith_graph_free(graph);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    int64_t size;
    uint8_t *bytes = graph_file(*state, &size);

    for (int64_t cut = 0; cut < size; cut++) {
        kith_graph *graph;
        kith_error err = { 0 };
        assert_int_equal(read_archive(*state, bytes, cut, &graph, &err), KITH_E_INPUT);
        assert_null(graph);
    }
    free(bytes);
}

static void no_wrong_byte_does_harm(void **state)
{
    static const uint8_t changes[] = { 0x01, 0x80, 0xff };
    int64_t size;
    uint8_t *bytes = graph_file(*state, &size);

    for (int64_t i = 0; i < size; i++)
        for (int c = 0; c < 3; c++) {
            bytes[i] ^= changes[c];
            read_if_possible(*state, bytes, size);
            bytes[i] ^= changes[c];
        }
    free(bytes);
}

static int stop_at(const kith_progress *progress, void *payload)
{
    (void)progress;
    return --*(int *)payload < 0;
}

static void reading_can_be_cancelled_at_every_poll(void **state)
{
    static const char *const files[] = { "csr-int64", "csc-int64", "coo-int32" };

    (void)state;
    for (int i = 0; i < 3; i++) {
        char *path = golden_path(files[i]);
        kith_read_options o = KITH_READ_OPTIONS_INIT;
        kith_status status = KITH_E_CANCELLED;
        o.graph.run.progress = stop_at;
        o.graph.run.interval = 0;
        for (int polls = 0; status == KITH_E_CANCELLED; polls++) {
            int left = polls;
            kith_graph *graph;
            kith_error err = { 0 };
            o.graph.run.payload = &left;
            status = kith_graph_read(path, &o, &graph, &err);
            assert_true(status == KITH_OK || status == KITH_E_CANCELLED);
            assert_int_equal(graph == NULL, status != KITH_OK);
            assert_true(polls < 1000);
            kith_graph_free(graph);
        }
        free(path);
    }
}

static void reading_names_can_be_cancelled_at_every_poll(void **state)
{
    kith_run run = KITH_RUN_INIT(kith_run);
    kith_status status = KITH_E_CANCELLED;
    kith_graph *graph = squares(*state, 100000);
    int polls;

    run.progress = stop_at;
    run.interval = 0;
    for (polls = 0; status == KITH_E_CANCELLED; polls++) {
        int left = polls;
        kith_error err = { 0 };
        run.payload = &left;
        status = kith_graph_require_names(graph, &run, &err);
        assert_true(status == KITH_OK || status == KITH_E_CANCELLED);
    }
    assert_true(polls > 4); /* twice for the names, and for their checksums */
    assert_int_equal(kith_graph_find(graph, "144"), 12);
    kith_graph_free(graph);
}

/* Cancels when a graph is being checked. */
static int cancel_the_check(const kith_progress *progress, void *payload)
{
    bool *met = payload;

    *met = *met || !strcmp(progress->stage, "checking the graph");
    return *met;
}

static void the_check_of_a_mapped_graph_can_be_cancelled(void **state)
{
    kith_grid_options grid = KITH_GRID_OPTIONS_INIT;
    char *path = test_path_in(*state, "grid.npz");
    kith_graph *graph = NULL, *mapped = NULL;
    kith_result result = { 0 };
    kith_error err = { 0 };

    grid.rows = grid.columns = 800; /* more entries than lie between two polls */
    assert_kith(kith_generate_grid(&grid, &graph, NULL, &err), err);
    assert_kith(kith_graph_write(graph, path, KITH_FORMAT_AUTO, NULL, &err), err);
    kith_features *features = test_features(kith_graph_nodes(graph), false);
    for (int64_t i = 0; i < kith_algorithm_count(); i++) {
        const kith_algorithm *a = kith_algorithm_at(i);
        bool met = false;
        if (a->kind == KITH_KIND_local) continue; /* checks the rows that it reads, no more */
        assert_kith(kith_graph_read(path, NULL, &mapped, &err), err);
        kith_run *run = test_options(a);
        test_set_features(a, run, features);
        run->progress = cancel_the_check;
        run->payload = &met;
        run->interval = 0;
        test_now = (test_trial){ a->name, "a mapped grid", "" };
        expect(a->code->run(mapped, run, &result, &err) == KITH_E_CANCELLED);
        expect(met);
        kith_result_free(&result);
        kith_graph_free(mapped);
        free(run);
    }
    kith_features_free(features);
    kith_graph_free(graph);
    free(path);
}

int main(void)
{
#define IN_A_FOLDER(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, test_folder_make, test_folder_remove)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_format_and_type_that_scipy_writes),
        cmocka_unit_test(reads_directed_matrices_as_directed_graphs),
        cmocka_unit_test(refuses_a_directed_matrix_where_an_undirected_graph_was_asked),
        cmocka_unit_test(an_empty_matrix_is_a_graph_without_edges),
        cmocka_unit_test(weights_are_left_out_on_request),
        cmocka_unit_test(limits_refuse_a_matrix_before_it_is_read),
        IN_A_FOLDER(what_is_written_is_mapped_and_the_same),
        IN_A_FOLDER(the_smallest_graphs_are_written_and_read),
        IN_A_FOLDER(the_same_graph_gives_the_same_bytes),
        IN_A_FOLDER(a_mapped_graph_is_that_which_is_read),
        IN_A_FOLDER(a_compressed_graph_file_is_the_same_graph),
        IN_A_FOLDER(options_change_a_mapped_graph_as_any_other),
        IN_A_FOLDER(a_directed_graph_file_stays_directed_unless_it_is_symmetric),
        IN_A_FOLDER(signed_graphs_are_read_when_they_are_welcome),
        IN_A_FOLDER(a_mapped_graph_can_be_written_onto_its_own_file),
        IN_A_FOLDER(arrays_of_a_mapped_graph_can_be_copied_from_its_file),
        IN_A_FOLDER(opening_touches_few_pages),
        IN_A_FOLDER(bad_arrays_give_one_clear_line),
        IN_A_FOLDER(the_archive_of_those_arrays_is_read_when_nothing_is_wrong_with_it),
        IN_A_FOLDER(missing_members_are_named),
        IN_A_FOLDER(the_format_is_one_string),
        IN_A_FOLDER(coordinates_in_one_array_must_have_two_rows),
        IN_A_FOLDER(a_bomb_is_refused_unless_it_is_welcome),
        IN_A_FOLDER(a_damaged_mapped_file_is_found_out_by_its_check),
        IN_A_FOLDER(names_are_read_unless_they_are_damaged),
        IN_A_FOLDER(a_damaged_name_is_none_and_leaves_the_others),
        IN_A_FOLDER(the_checksum_of_names_is_compared_when_they_are_read),
        IN_A_FOLDER(names_outlive_the_graph_that_they_were_read_with),
        IN_A_FOLDER(threads_may_ask_for_names_at_once),
        IN_A_FOLDER(reading_names_can_be_cancelled_at_every_poll),
        IN_A_FOLDER(a_file_cut_anywhere_is_refused),
        IN_A_FOLDER(no_wrong_byte_does_harm),
        cmocka_unit_test(reading_can_be_cancelled_at_every_poll),
        IN_A_FOLDER(the_check_of_a_mapped_graph_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
