/* MatrixMarket files and edge lists: what is read, what is refused and in which words, and that
 * what is written comes back. */
#include "support/files.h"
#include "support/graphs.h"

#include "core/random.h"
#include "graph/view.h"
#include "io/edge_list.h"

static kith_graph *read_text(void *state, const char *name, const char *text,
                             const kith_read_options *options)
{
    char *path = test_file(state, name, text);
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    assert_kith(kith_graph_read(path, options, &graph, &err), err);
    free(path);
    return graph;
}

/* The weight of the entry (u, v), 0 without one. */
static double entry(const kith_graph *g, int64_t u, int64_t v)
{
    for (int64_t e = kith_graph_offsets(g)[u]; e < kith_graph_offsets(g)[u + 1]; e++)
        if (kith_graph_targets(g)[e] == v) return kith_graph_weight(g, e);
    return 0;
}

static void assert_same_graph(const kith_graph *a, const kith_graph *b)
{
    assert_int_equal(kith_graph_nodes(a), kith_graph_nodes(b));
    assert_int_equal(kith_graph_entries(a), kith_graph_entries(b));
    assert_int_equal(kith_graph_directed(a), kith_graph_directed(b));
    assert_memory_equal(kith_graph_offsets(a), kith_graph_offsets(b),
                        (size_t)(kith_graph_nodes(a) + 1) * sizeof(int64_t));
    assert_memory_equal(kith_graph_targets(a), kith_graph_targets(b),
                        (size_t)kith_graph_entries(a) * sizeof(uint32_t));
    for (int64_t e = 0; e < kith_graph_entries(a); e++)
        assert_true(kith_graph_weight(a, e) == kith_graph_weight(b, e));
    for (int64_t v = 0; v < kith_graph_nodes(a); v++) {
        const char *x = kith_graph_name(a, v), *y = kith_graph_name(b, v);
        assert_int_equal(!x, !y);
        if (x) assert_string_equal(x, y);
    }
}

static void reads_every_sort_of_matrix(void **state)
{
    static const struct {
        const char *text;
        bool        directed, weighted;
        int64_t     nodes, edges;
        double      weight; /* of (0, 1) */
    } cases[] = {
        { "%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n2 1 0.5\n3 3 2\n", false, true,
          3, 2, 0.5 },
        { "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 2\n", false, false, 3,
          2, 1 },
        { "%%MatrixMarket matrix coordinate integer general\n3 3 2\n1 2 7\n2 1 7\n", false, true, 3,
          1, 7 },
        { "%%MatrixMarket matrix coordinate integer general\n3 3 2\n1 2 7\n2 1 6\n", true, true, 3,
          2, 7 },
        { "%%matrixmarket MATRIX Coordinate Pattern General\n% a comment\n\n2 2 1\n1 2\n", true,
          false, 2, 1, 1 },
        { "%%MatrixMarket matrix array real general\n2 2\n0\n3\n3\n0\n", false, true, 2, 1, 3 },
        { "%%MatrixMarket matrix array integer symmetric\n2 2\n1\n4\n0\n", false, true, 2, 2, 4 },
        { "%%MatrixMarket matrix coordinate real general\r\n2 2 2\r\n1 2 1e-3\r\n2 1 0.001", false,
          true, 2, 1, 0.001 },
        { "%%MatrixMarket matrix coordinate pattern general\n0 0 0\n", false, false, 0, 0, 0 },
        { "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 2\n1 2\n2 1\n", false, false, 2,
          1, 1 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_graph *g = read_text(*state, "m.mtx", cases[i].text, NULL);
        assert_int_equal(kith_graph_directed(g), cases[i].directed);
        assert_int_equal(kith_graph_weighted(g), cases[i].weighted);
        assert_int_equal(kith_graph_nodes(g), cases[i].nodes);
        assert_int_equal(kith_graph_edges(g), cases[i].edges);
        if (cases[i].nodes) assert_true(entry(g, 0, 1) == cases[i].weight);
        kith_graph_free(g);
    }
}

static void reads_every_sort_of_edge_list(void **state)
{
    static const struct {
        const char *text;
        int64_t     nodes, edges;
        double      weight; /* of (0, 1) */
    } cases[] = {
        { "0 1\n1 2\n", 3, 2, 1 },
        { "0\t1\t2.5\n1\t2\t1\n", 3, 2, 2.5 },
        { "0,1,2.5\n1,2,1", 3, 2, 2.5 },
        { "0, 1, 2.5\r\n1, 2, 1\r\n", 3, 2, 2.5 },
        { "# comment\n% another\n\n  0   1  \n1 2\n# in between\n4 4\n", 5, 3, 1 },
        { "source target weight\n0 1 3\n", 2, 1, 3 },
        { "FromNodeId\tToNodeId\n# between\n0\t1\n", 2, 1, 1 },
        { "\"src\",\"dst\"\n0,1\n", 2, 1, 1 },
        { "a,b,count\n0,1,3\n", 2, 1, 3 },
        { "0 1\n1 0\n0 1\n", 2, 1, 1 },
        { "0 1 1\n1 0 2\n", 2, 1, 3 },
        { "", 0, 0, 0 },
        { "# nothing\n", 0, 0, 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_graph *g = read_text(*state, "e.txt", cases[i].text, NULL);
        assert_int_equal(kith_graph_nodes(g), cases[i].nodes);
        assert_int_equal(kith_graph_edges(g), cases[i].edges);
        assert_false(kith_graph_directed(g));
        if (cases[i].nodes) assert_true(entry(g, 0, 1) == cases[i].weight);
        kith_graph_free(g);
    }
}

static void names_are_numbered_as_they_appear(void **state)
{
    static const char *const texts[] = {
        "ann bob\nbob cy\n",
        "ann\tbob\t1\nbob\tcy\t1\n",
        "Source,Target\nann,bob\nbob,cy\n",
        "from to\nann bob\nbob cy",
        "Source_ID\tTarget_ID\nann\tbob\nbob\tcy\n",
        "ann, bob\nbob , cy\n",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kith_graph *g = read_text(*state, "n.txt", texts[i], NULL);
        assert_int_equal(kith_graph_nodes(g), 3);
        assert_int_equal(kith_graph_edges(g), 2);
        assert_string_equal(kith_graph_name(g, 0), "ann");
        assert_string_equal(kith_graph_name(g, 1), "bob");
        assert_string_equal(kith_graph_name(g, 2), "cy");
        assert_int_equal(kith_graph_find(g, "cy"), 2);
        assert_int_equal(kith_graph_find(g, "dan"), -1);
        kith_graph_free(g);
    }
}

/* What heads columns elsewhere names nodes here: nothing says otherwise, or a declaration does. */
static void names_like_headings_stay_names(void **state)
{
    static const char *const texts[] = {
        "u v\nv w\n",
        "node1 node2\nnode2 node3\n",
        "source drain\ndrain target\n",
        ("# kith edges: 3 nodes, undirected\n# node\tsource\n# node\ttarget\n# node\t7\n"
         "source\ttarget\ntarget\t7\n"),
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kith_graph *g = read_text(*state, "n.txt", texts[i], NULL);
        assert_int_equal(kith_graph_nodes(g), 3);
        assert_int_equal(kith_graph_edges(g), 2);
        kith_graph_free(g);
    }
}

static void a_declaration_holds_for_ids_alone(void **state)
{
    static const char text[] = "# kith edges: 9 nodes, directed\n0\t1\n";
    kith_read_options o = KITH_READ_OPTIONS_INIT;

    kith_graph *g = read_text(*state, "n.txt", text, &o);
    assert_int_equal(kith_graph_nodes(g), 9);
    assert_true(kith_graph_directed(g));
    kith_graph_free(g);
    o.ids = KITH_IDS_STRING;
    g = read_text(*state, "n.txt", text, &o);
    assert_int_equal(kith_graph_nodes(g), 2);
    kith_graph_free(g);
}

static void numbers_are_names_when_asked(void **state)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;

    o.ids = KITH_IDS_STRING;
    kith_graph *g = read_text(*state, "n.txt", "4000000000 17\n17 -3\n", &o);
    assert_int_equal(kith_graph_nodes(g), 3);
    assert_string_equal(kith_graph_name(g, 0), "4000000000");
    kith_graph_free(g);
}

static void names_between_tabs_hold_blanks(void **state)
{
    kith_graph *g = read_text(*state, "n.tsv", "Ann Lee\tBob, Jr.\nBob, Jr.\t,x\n", NULL);

    assert_int_equal(kith_graph_nodes(g), 3);
    assert_string_equal(kith_graph_name(g, 1), "Bob, Jr.");
    assert_string_equal(kith_graph_name(g, 2), ",x");
    kith_graph_free(g);
}

/* A file and what is said of it, after its name. */
static const struct {
    const char *name, *text, *says;
} bad[] = {
    { "a.mtx", "", ":1: no MatrixMarket header" },
    { "a.mtx", "1 1 0\n", ":1: no MatrixMarket header" },
    { "a.mtx", "%%MatrixMarket tensor coordinate real general\n", ":1: the object is tensor" },
    { "a.mtx", "%%MatrixMarket matrix list real general\n", ":1: the format is list" },
    { "a.mtx", "%%MatrixMarket matrix coordinate complex general\n", ":1: the field is complex" },
    { "a.mtx", "%%MatrixMarket matrix array pattern general\n", ":1: the field is pattern" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real hermitian\n",
      ":1: the symmetry is hermitian" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n",
      "the file ends before its sizes" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 3\n",
      ":2: the number of entries" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 x 1\n",
      ":2: the number of columns is x" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n-3 3 1\n",
      ":2: the number of rows is -3" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n18446744073709551615 3 1\n",
      ":2: the number of rows is 18446744073709551615" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 18446744073709551617\n",
      ":2: the number of entries is 18446744073709551617" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 1 4\n",
      ":2: 4 follows the sizes" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real symmetric\n3 2 0\n",
      ":2: a symmetric matrix of 3 rows and 2 columns" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 2 0\n",
      ": a matrix of 3 rows and 2 columns (expected a square one" },
    { "a.mtx", "%%MatrixMarket matrix coordinate pattern general\n3 3 2\n1 2\n",
      ":4: the file ends after 1 entries (expected 2, as line 2 says)" },
    { "a.mtx", "%%MatrixMarket matrix coordinate pattern general\n3 3 1\n1 2\n\n2 1\n",
      ":5: there are more entries (expected 1, as line 2 says)" },
    { "a.mtx", "%%MatrixMarket matrix coordinate pattern general\n3 3 1\n4 2\n",
      ":3: the row is '4' (expected 1 to 3)" },
    { "a.mtx", "%%MatrixMarket matrix coordinate pattern general\n3 3 1\n0 2\n",
      ":3: the row is '0'" },
    { "a.mtx", "%%MatrixMarket matrix coordinate pattern general\n3 3 1\n1 -2\n",
      ":3: the column is '-2'" },
    { "a.mtx", "%%MatrixMarket matrix coordinate pattern general\n3 3 1\n1 2 0.5\n",
      ":3: '0.5' follows the entry" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 1\n1 2\n",
      ":3: the value is ''" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 2\n1 2 1\n2 2 nan\n",
      ":4: the value is 'nan'" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 1\n1 2 1e999\n",
      ":3: the value is '1e999'" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 1\n1 2 -1\n",
      ":3: the value is -1 (expected at least 0)" },
    { "a.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 1\n1 2 1x\n",
      ":3: the value is '1x'" },
    { "a.mtx", "%%MatrixMarket matrix array real general\n2 2\n1\n2 3\n4\n",
      ":4: '3' follows the value" },
    { "a.mtx", "%%MatrixMarket matrix array real general\n4000000000 4000000000\n1\n",
      ": 9223372036854775807 entries" },
    { "a.mtx", "%%MatrixMarket matrix coordinate pattern general\n50000000 50000000 0\n",
      ":2: 50000000 rows (expected at most 100" },
    { "a.txt", "0 1\n1\n", ":2: the node id is ''" },
    { "a.txt", "0 1\n1 x\n",
      ":2: the node id is 'x' (expected an integer from 0 on; --ids string" },
    { "a.txt", "0 1\n-1 2\n", ":2: the node id is '-1'" },
    { "a.txt", "0 1\n1 2.5\n", ":2: the node id is '2.5'" },
    { "a.txt", "0 1\n1 2 3\n", ":2: '3' follows the edge" },
    { "a.txt", "0 1 1\n1 2\n", ":2: the weight is ''" },
    { "a.txt", "0 1 1\n1 2 inf\n", ":2: the weight is 'inf'" },
    { "a.txt", "0 1 1\n1 2 -1\n", ":2: the weight is -1 (expected at least 0)" },
    { "a.txt", "0 1 1 1\n", ":1: '1' follows the edge" },
    { "a.txt", "0 4294967294\n", ":1: the node id is 4294967294 (expected 0 to " },
    { "a.txt", "0 1\n0 50000000\n0 2\n",
      ":2: the node id is 50000000 (expected 0 to 1000303 in a file of this size; --ids string" },
    { "a.txt", "0 99999999999999999999\n", ":1: the node id is 99999999999999999999 (expected" },
    { "a.txt", "ann bob\ncy\n", ":2: a node is missing" },
    { "a.txt", "# kith edges: 2 nodes, undirected\n0 5\n",
      ":2: the node id is 5 (expected 0 to 1; --ids" },
    { "a.txt", "# kith edges: 3 nodes, undirected\n# node\ta\n# node\tb\na\tb\n",
      ":1: 3 nodes are declared, but there are 2 names" },
    { "a.txt", "# kith edges: 2 nodes, undirected\n# node\ta\n# node\tb\na\tc\n",
      ":1: 2 nodes are declared, but there are 3 names" },
    { "a.txt", "# kith edges: 4000000000 nodes, undirected\n0\t1\n",
      ": 4000000000 nodes (expected" },
};

static void says_in_one_line_what_is_wrong(void **state)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *path = test_file(*state, bad[i].name, bad[i].text);
        kith_graph *graph = NULL;
        kith_error err = { 0 };
        assert_kith_fails(kith_graph_read(path, NULL, &graph, &err), KITH_E_INPUT, bad[i].says,
                          err);
        assert_int_equal(strncmp(err.message, path, strlen(path)), 0);
        assert_null(strchr(err.message, '\n'));
        assert_null(graph);
        free(path);
    }
}

static void limits_refuse_more(void **state)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    char *path = test_file(*state, "a.txt", "0 1\n1 2\n2 3\n");
    kith_graph *graph = NULL;
    kith_error err;

    o.max_edges = 2;
    assert_kith_fails(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT,
                      ":3: there are more entries (expected at most 2)", err);
    o.max_edges = 0;
    o.max_nodes = 3;
    assert_kith_fails(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT,
                      ":3: the node id is 3 (expected 0 to 2", err);
    o.max_nodes = 0;
    o.max_bytes = 5;
    assert_int_equal(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT);
    o = (kith_read_options)KITH_READ_OPTIONS_INIT;
    o.max_nodes = 60000000; /* lifts the rule for small files */
    free(path);
    path = test_file(*state, "b.mtx",
                     "%%MatrixMarket matrix coordinate pattern symmetric\n50000000 50000000 0\n");
    assert_kith(kith_graph_read(path, &o, &graph, &err), err);
    assert_int_equal(kith_graph_nodes(graph), 50000000);
    kith_graph_free(graph);
    free(path);
}

static void what_is_written_comes_back(void **state)
{
    static const char *const names[] = { "g.txt", "g.txt.gz", "g.txt.zst", "g.mtx", "g.mtx.gz",
                                         "g.mtx.zst", "g.npz" };

    for (uint64_t seed = 0; seed < 8; seed++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const test_random what = {
                30, seed < 4 ? 0.02 : 0.3, seed & 1, seed & 2, seed & 4, seed
            };
            kith_graph *graph = test_random_graph(&what), *back = NULL;
            char *path = test_path_in(*state, names[i]);
            kith_read_options o = KITH_READ_OPTIONS_INIT;
            kith_error err = { 0 };
            o.graph.run.threads = 1 + (int64_t)(seed % 3);
            assert_kith(kith_graph_write(graph, path, KITH_FORMAT_AUTO, NULL, &err), err);
            if (kith_graph_directed(graph)) o.graph.direction = KITH_DIRECTED;
            assert_kith(kith_graph_read(path, &o, &back, &err), err);
            assert_same_graph(graph, back);
            free(path);
            kith_graph_free(graph);
            kith_graph_free(back);
        }
}

static void names_and_isolated_nodes_come_back_from_an_edge_list(void **state)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_graph *graph, *part = NULL, *back = NULL;
    const int64_t kept[] = { 3, 0, 1 };
    char *path = test_path_in(*state, "named.tsv");
    kith_error err = { 0 };

    o.graph.direction = KITH_DIRECTED;
    graph = read_text(*state, "n.tsv", "a b\tc\nd\te\nc\ta b\n", &o);
    assert_kith(kith_graph_subgraph(graph, 3, kept, NULL, &part, &err), err);
    assert_kith(kith_graph_write(part, path, KITH_FORMAT_AUTO, NULL, &err), err);
    assert_kith(kith_graph_read(path, NULL, &back, &err), err);
    assert_same_graph(part, back);
    assert_string_equal(kith_graph_name(back, 0), "e");
    kith_graph_free(graph);
    kith_graph_free(part);
    kith_graph_free(back);
    free(path);
}

static void names_that_a_list_cannot_keep_are_refused(void **state)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    char *path = test_path_in(*state, "out.txt");
    kith_error err = { 0 };

    o.ids = KITH_IDS_STRING;
    kith_graph *graph = read_text(*state, "n.txt", "a #b\n", &o);
    assert_kith_fails(kith_graph_write(graph, path, KITH_FORMAT_AUTO, NULL, &err), KITH_E_INPUT,
                      "the name of node 1 cannot stand in an edge list", err);
    assert_int_equal(test_count_files(*state), 1); /* nothing half-written */
    kith_graph_free(graph);
    free(path);
}

/* Some megabytes of edges with comments in between: several blocks. */
static char *large_list(const char *folder, const char *name, int64_t edges)
{
    char *path = test_path_in(folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    for (int64_t i = 0; i < edges; i++) {
        if (i % 1000 == 7) fprintf(file, "# comment %d\n", (int)i);
        fprintf(file, "%d %d %g\n", (int)(i * 7919 % 40009), (int)(i * 104729 % 39983),
                (double)(i % 17) / 8);
    }
    fclose(file);
    return path;
}

static void any_number_of_threads_reads_the_same(void **state)
{
    char *path = large_list(*state, "large.txt", 400000);
    kith_graph *first = NULL;
    kith_error err = { 0 };

    for (int64_t threads = 1; threads <= 8; threads *= 2) {
        kith_read_options o = KITH_READ_OPTIONS_INIT;
        kith_graph *graph = NULL;
        o.graph.run.threads = threads;
        assert_kith(kith_graph_read(path, &o, &graph, &err), err);
        if (first) {
            assert_same_graph(first, graph);
            kith_graph_free(graph);
        } else {
            first = graph;
        }
    }
    kith_graph_free(first);
    free(path);
}

static void the_first_error_counts_on_any_number_of_threads(void **state)
{
    char *path = large_list(*state, "large.txt", 300000);
    FILE *file = fopen(path, "a");
    kith_error err;

    fprintf(file, "1 2 3\nx 2 3\n");
    for (int i = 0; i < 300000; i++) fprintf(file, "%d y 1\n", i);
    fclose(file);
    for (int64_t threads = 1; threads <= 8; threads *= 2) {
        kith_read_options o = KITH_READ_OPTIONS_INIT;
        kith_graph *graph = NULL;
        o.graph.run.threads = threads;
        assert_kith_fails(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT,
                          ":300302: the node id is 'x'", err);
    }
    free(path);
}

/* Prints a line of two ids in one of the ways it may be written. */
static int print_line(char *at, uint32_t u, uint32_t v, uint64_t way)
{
    static const char *const between[] = { " ", "\t", ",", "  ", " , ", "\t\t" };
    static const char *const behind[] = { "\n", "\n", "\n", "\n", "\r\n", " \n", "\n\n",
                                          "\n# 1 2\n" };
    const bool common = way % 4 != 0;

    way /= 4;
    return sprintf(at, "%s%u%s%s%u%s", common || way % 5 ? "" : " ", u,
                   between[common ? way % 3 : way % 6], common || way % 7 ? "" : "0", v,
                   behind[common ? 0 : way % 8]);
}

/* Lines of every look, ids of every length, against the numbers they were printed from. */
static void lines_of_every_look_hold_the_same_edges(void **state)
{
    enum { EDGES = 200000 };
    static uint32_t ids[2][EDGES];
    char *text = malloc(EDGES * 48), *at = text;
    kith_i_random random = kith_i_random_at(5, 0, 0);

    for (int64_t i = 0; i < EDGES; i++) {
        for (int j = 0; j < 2; j++)
            ids[j][i] = (uint32_t)(kith_i_random_next(&random) % UINT32_C(4294967294) >>
                                   kith_i_random_below(&random, 32));
        at += print_line(at, ids[0][i], ids[1][i], kith_i_random_next(&random) >> 8);
    }
    char *path = test_file_of(*state, "list.txt", text, (size_t)(at - text - 1)); /* no newline */
    for (int threads = 1; threads <= 3; threads += 2) {
        kith_read_options o = KITH_READ_OPTIONS_INIT;
        kith_i_poll poll = { 0 };
        kith_i_input input;
        kith_i_edge_list list;
        kith_error err = { 0 };

        o.graph.run.threads = threads;
        o.max_nodes = INT64_C(4294967294);
        assert_kith(kith_i_input_open(&input, path, 0, &poll, &err), err);
        assert_kith(kith_i_edge_list_read(&input, &o, false, &list, &err), err);
        assert_int_equal(list.count, EDGES);
        assert_memory_equal(list.row_ids, ids[0], sizeof ids[0]);
        assert_memory_equal(list.column_ids, ids[1], sizeof ids[1]);
        kith_i_edge_list_clear(&list);
        kith_i_input_close(&input);
    }
    free(path);
    free(text);
}

static int cancel_at(const kith_progress *progress, void *payload)
{
    (void)progress;
    return --*(int *)payload <= 0;
}

static void can_be_cancelled_at_every_poll(void **state)
{
    static const char *const names[] = { "large.txt", "large.txt.gz" };
    char *plain = large_list(*state, names[0], 60000);

    for (int i = 0; i < 2; i++) {
        char *path = test_path_in(*state, names[i]);
        kith_status status = KITH_E_CANCELLED;
        if (i) {
            char command[1024];
            snprintf(command, sizeof command, "gzip -c %s > %s", plain, path);
            assert_int_equal(system(command), 0);
        }
        for (int at = 1; status == KITH_E_CANCELLED; at++) {
            kith_read_options o = KITH_READ_OPTIONS_INIT;
            kith_graph *graph = NULL;
            int left = at;
            o.graph.run.progress = cancel_at;
            o.graph.run.payload = &left;
            o.graph.run.interval = 0;
            o.graph.run.threads = 2;
            status = kith_graph_read(path, &o, &graph, NULL);
            assert_int_equal(graph != NULL, status == KITH_OK);
            kith_graph_free(graph);
        }
        assert_int_equal(status, KITH_OK);
        free(path);
    }
    free(plain);
}

#define IN_A_FOLDER(test) \
    cmocka_unit_test_setup_teardown(test, test_folder_make, test_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(reads_every_sort_of_matrix),
        IN_A_FOLDER(reads_every_sort_of_edge_list),
        IN_A_FOLDER(names_are_numbered_as_they_appear),
        IN_A_FOLDER(names_like_headings_stay_names),
        IN_A_FOLDER(a_declaration_holds_for_ids_alone),
        IN_A_FOLDER(numbers_are_names_when_asked),
        IN_A_FOLDER(names_between_tabs_hold_blanks),
        IN_A_FOLDER(says_in_one_line_what_is_wrong),
        IN_A_FOLDER(limits_refuse_more),
        IN_A_FOLDER(what_is_written_comes_back),
        IN_A_FOLDER(names_and_isolated_nodes_come_back_from_an_edge_list),
        IN_A_FOLDER(names_that_a_list_cannot_keep_are_refused),
        IN_A_FOLDER(any_number_of_threads_reads_the_same),
        IN_A_FOLDER(the_first_error_counts_on_any_number_of_threads),
        IN_A_FOLDER(lines_of_every_look_hold_the_same_edges),
        IN_A_FOLDER(can_be_cancelled_at_every_poll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
