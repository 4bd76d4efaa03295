/* Bipartite graphs from matrices and edge lists. */
#include "support/files.h"

/* The magnitudes of the matrix of tests/oracle/golden_npz.py. */
static const double golden[4][3] = { { 0, 1.5, 2 }, { 0, 0, 0 }, { 3, 0, 0 }, { 0, 0.25, 4 } };

static kith_bipartite *read_at(const char *path, const kith_read_options *options)
{
    kith_bipartite *bipartite;
    kith_error err = { 0 };

    assert_kith(kith_bipartite_read(path, options, &bipartite, &err), err);
    return bipartite;
}

/* The weight between row i and column j; 0 when they are not joined. */
static double weight_of(const kith_bipartite *b, int64_t i, int64_t j)
{
    const kith_graph *graph = kith_bipartite_graph(b);
    const int64_t *offsets = kith_graph_offsets(graph);

    for (int64_t e = offsets[i]; e < offsets[i + 1]; e++)
        if (kith_graph_targets(graph)[e] == kith_bipartite_rows(b) + j)
            return kith_graph_weight(graph, e);
    return 0;
}

static void assert_matrix(const kith_bipartite *b, int64_t rows, int64_t columns,
                          const double *expected)
{
    int64_t edges = 0;

    assert_int_equal(kith_bipartite_rows(b), rows);
    assert_int_equal(kith_bipartite_columns(b), columns);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            assert_true(weight_of(b, i, j) == expected[i * columns + j]);
            edges += expected[i * columns + j] != 0;
        }
    assert_int_equal(kith_graph_edges(kith_bipartite_graph(b)), edges);
}

static char *golden_path(const char *name)
{
    char file[256];

    snprintf(file, sizeof file, "datasets/golden/npz/%s", name);
    return test_path_in(getenv("KITH_SOURCE"), file);
}

static void reads_a_rectangular_matrix_of_scipy(void **state)
{
    char *path = golden_path("rectangular-positive.npz");
    kith_bipartite *b = read_at(path, NULL);

    (void)state;
    assert_matrix(b, 4, 3, golden[0]);
    kith_bipartite_free(b);
    free(path);
}

static void negative_weights_must_be_welcome(void **state)
{
    static const char *const names[] = { "rectangular-csr.npz", "rectangular-csc.npz",
                                         "rectangular-coo.npz" };
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_error err = { 0 };

    (void)state;
    o.graph.signed_weights = true;
    for (int i = 0; i < 3; i++) {
        char *path = golden_path(names[i]);
        kith_bipartite *b;
        assert_kith_fails(kith_bipartite_read(path, NULL, &b, &err), KITH_E_INPUT,
                          "(expected a finite number, at least 0)", err);
        assert_null(b);
        b = read_at(path, &o);
        assert_true(weight_of(b, 0, 2) == -2 && weight_of(b, 3, 2) == 4);
        kith_bipartite_free(b);
        free(path);
    }
}

static void reads_matrix_market(void **state)
{
    static const struct {
        const char *text;
        int64_t     rows, columns;
        double      values[6];
    } files[] = {
        { "%%MatrixMarket matrix coordinate real general\n2 3 3\n1 3 0.5\n2 1 4\n2 1 1\n", 2, 3,
          { 0, 0, 0.5, 5, 0, 0 } },
        { "%%MatrixMarket matrix coordinate pattern general\n3 2 2\n3 2\n1 1\n", 3, 2,
          { 1, 0, 0, 0, 0, 1 } },
        { "%%MatrixMarket matrix coordinate integer symmetric\n2 2 2\n1 1 7\n2 1 3\n", 2, 2,
          { 7, 3, 3, 0 } },
        { "%%MatrixMarket matrix array real general\n2 3\n1\n0\n3\n4\n5\n6\n", 2, 3,
          { 1, 3, 5, 0, 4, 6 } },
        { "%%MatrixMarket matrix array integer symmetric\n2 2\n1\n2\n0\n", 2, 2, { 1, 2, 2, 0 } },
    };

    for (int i = 0; i < 5; i++) {
        char *path = test_file(*state, "b.mtx", files[i].text);
        kith_bipartite *b = read_at(path, NULL);
        assert_matrix(b, files[i].rows, files[i].columns, files[i].values);
        kith_bipartite_free(b);
        free(path);
    }
}

static void reads_an_edge_list_of_row_and_column_ids(void **state)
{
    static const double expected[] = { 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
    char *path = test_file(*state, "b.txt", "0 0\n2 3\n0 2\n");
    kith_bipartite *b = read_at(path, NULL);

    assert_matrix(b, 3, 4, expected);
    assert_null(kith_graph_name(kith_bipartite_graph(b), 0));
    kith_bipartite_free(b);
    free(path);
}

static void names_of_both_sides_are_kept_apart(void **state)
{
    static const char *const expected[] = { "ann", "bob", "column:ann", "jazz", "column:column:ann",
                                            "column:bob" };
    char *path = test_file(*state, "b.txt", "ann ann\nbob jazz\nann column:ann\nann bob\n");
    kith_read_options o = KITH_READ_OPTIONS_INIT;

    o.ids = KITH_IDS_STRING;
    kith_bipartite *b = read_at(path, &o);
    const kith_graph *graph = kith_bipartite_graph(b);
    assert_int_equal(kith_bipartite_rows(b), 2);
    assert_int_equal(kith_bipartite_columns(b), 4);
    for (int v = 0; v < 6; v++) {
        assert_string_equal(kith_graph_name(graph, v), expected[v]);
        assert_int_equal(kith_graph_find(graph, expected[v]), v);
    }
    assert_true(weight_of(b, 0, 0) == 1 && weight_of(b, 1, 1) == 1 && weight_of(b, 1, 0) == 0);
    kith_bipartite_free(b);
    free(path);
}

static void errors_name_the_file(void **state)
{
    char *path = test_file(*state, "b.txt", "0 0\n0 0\n");
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_bipartite *b;
    kith_error err = { 0 };

    o.graph.duplicates = KITH_DUPLICATES_REFUSE;
    assert_kith_fails(kith_bipartite_read(path, &o, &b, &err), KITH_E_INPUT, "b.txt: the edge ",
                      err);
    assert_null(b);
    o.max_edges = -1;
    assert_kith_fails(kith_bipartite_read(path, &o, &b, &err), KITH_E_ARGUMENT, "max-edges", err);
    assert_kith_fails(kith_bipartite_read(NULL, NULL, &b, &err), KITH_E_ARGUMENT, "path", err);
    assert_kith_fails(kith_bipartite_read(path, NULL, NULL, &err), KITH_E_ARGUMENT, "out", err);
    free(path);
}

int main(void)
{
#define IN_A_FOLDER(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, test_folder_make, test_folder_remove)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_rectangular_matrix_of_scipy),
        cmocka_unit_test(negative_weights_must_be_welcome),
        IN_A_FOLDER(reads_matrix_market),
        IN_A_FOLDER(reads_an_edge_list_of_row_and_column_ids),
        IN_A_FOLDER(names_of_both_sides_are_kept_apart),
        IN_A_FOLDER(errors_name_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
