/* Features from every kind of file, and files that are none. */
#include "support/archive.h"
#include "support/files.h"

/* The matrix of tests/oracle/golden_npz.py. */
static const double golden[4][3] = { { 0, 1.5, -2 }, { 0, 0, 0 }, { 3, 0, 0 }, { 0, -0.25, 4 } };

static kith_features *read_at(const char *path)
{
    kith_features *features;
    kith_error err = { 0 };

    assert_kith(kith_features_read(path, NULL, &features, &err), err);
    return features;
}

static void assert_rows(const kith_features *features, int64_t rows, int64_t columns,
                        const double *expected, double factor)
{
    double row[16];

    assert_int_equal(kith_features_rows(features), rows);
    assert_int_equal(kith_features_columns(features), columns);
    for (int64_t i = 0; i < rows; i++) {
        kith_features_row(features, i, row);
        for (int64_t j = 0; j < columns; j++)
            assert_true(row[j] == factor * expected[i * columns + j]);
    }
}

static char *golden_path(const char *name)
{
    char file[256];

    snprintf(file, sizeof file, "datasets/golden/npz/%s", name);
    return test_path_in(getenv("KITH_SOURCE"), file);
}

static void reads_what_numpy_and_scipy_write(void **state)
{
    static const struct {
        const char *name;
        bool        sparse;
        double      factor;
    } files[] = {
        { "rectangular-csr.npz", true, 1 }, { "rectangular-csc.npz", true, 1 },
        { "rectangular-coo.npz", true, 1 }, { "dense.npy", false, 1 },
        { "dense-fortran.npy", false, 1 },  { "dense-int16.npy", false, 4 },
    };

    (void)state;
    for (int i = 0; i < 6; i++) {
        char *path = golden_path(files[i].name);
        kith_features *features = read_at(path);
        assert_int_equal(kith_features_sparse(features), files[i].sparse);
        assert_int_equal(kith_features_entries(features), files[i].sparse ? 5 : 12);
        assert_rows(features, 4, 3, golden[0], files[i].factor);
        kith_features_free(features);
        free(path);
    }
}

static void a_vector_is_one_column(void **state)
{
    const double column[] = { -2, 0, 0, 4 };
    char *path = golden_path("vector.npy");
    kith_features *features = read_at(path);

    (void)state;
    assert_rows(features, 4, 1, column, 1);
    kith_features_free(features);
    free(path);
}

static void reads_matrix_market(void **state)
{
    static const struct {
        const char *text;
        bool        sparse;
        int64_t     rows, columns;
        double      values[6];
    } files[] = {
        { "%%MatrixMarket matrix coordinate real general\n2 3 3\n1 3 -0.5\n2 1 4\n2 1 1\n", true, 2,
          3, { 0, 0, -0.5, 5, 0, 0 } },
        { "%%MatrixMarket matrix coordinate pattern general\n3 2 2\n3 2\n1 1\n", true, 3, 2,
          { 1, 0, 0, 0, 0, 1 } },
        { "%%MatrixMarket matrix coordinate integer symmetric\n2 2 2\n1 1 7\n2 1 -3\n", true, 2, 2,
          { 7, -3, -3, 0 } },
        { "%%MatrixMarket matrix array real general\n2 3\n1\n2\n3\n4\n5\n6\n", false, 2, 3,
          { 1, 3, 5, 2, 4, 6 } },
        { "%%MatrixMarket matrix array integer symmetric\n2 2\n1\n-2\n3\n", false, 2, 2,
          { 1, -2, -2, 3 } },
    };

    for (int i = 0; i < 5; i++) {
        char *path = test_file(*state, "f.mtx", files[i].text);
        kith_features *features = read_at(path);
        assert_int_equal(kith_features_sparse(features), files[i].sparse);
        assert_rows(features, files[i].rows, files[i].columns, files[i].values, 1);
        kith_features_free(features);
        free(path);
    }
}

/* An npy file with that type and shape. */
static void write_npy(const char *folder, const char *type, const char *shape, const void *elements,
                      int64_t size)
{
    test_archive a = { 0 };

    test_archive_array(&a, "x", type, shape, elements, size, TEST_STORED);
    free(test_file_of(folder, "f.npy", a.bytes + a.size - 128 - size, (size_t)size + 128));
    test_archive_clear(&a);
}

static void bad_arrays_give_one_clear_line(void **state)
{
    static const double nan_behind[] = { 1, 2, NAN, 4 };
    static const struct {
        const char *type, *shape;
        int64_t     size;
        const char *message;
    } files[] = {
        { "<f8", "()", 8, "f.npy: is a single number (expected an array)" },
        { "|S8", "(4,)", 32, "f.npy: has elements of type 'S8' (expected numbers)" },
        { "<f8", "(2, 2)", 32, "f.npy: feature (1, 0) is nan (expected a finite number)" },
        { "<f8", "(2, 3)", 32, "f.npy: holds 4 entries (its shape says 6)" },
        { "<f8", "(4294967296, 4294967296)", 32, "f.npy: has a header that is not understood" },
        { "<f8", "(0, 4611686018427387904)", 0,
          "f.npy: is an array of 0 x 4611686018427387904 (expected at most 1002048 in"
          " a file of this size)" },
        { "<c8", "(4,)", 32, "f.npy: has elements of type '<c8'" },
    };
    char *path = test_path_in(*state, "f.npy");
    kith_features *features;
    kith_error err = { 0 };

    for (int i = 0; i < 7; i++) {
        write_npy(*state, files[i].type, files[i].shape, nan_behind, files[i].size);
        assert_kith_fails(kith_features_read(path, NULL, &features, &err), KITH_E_INPUT,
                          files[i].message, err);
        assert_null(features);
    }
    free(path);
}

static void limits_hold_for_features(void **state)
{
    static const struct {
        const char *name;
        int64_t     nodes, edges, bytes;
        const char *message;
    } cases[] = {
        { "dense.npy", 3, 0, 0, "is an array of 4 x 3 (expected at most 3)" },
        { "dense.npy", 0, 11, 0, "has 12 entries (expected at most 11)" },
        { "dense.npy", 0, 0, 200, "is too large" },
        { "rectangular-csr.npz", 3, 0, 0, "is a matrix of 4 x 3 (expected at most 3)" },
        { "rectangular-csr.npz", 0, 4, 0, "has 5 entries (expected at most 4)" },
    };

    (void)state;
    for (int i = 0; i < 5; i++) {
        kith_read_options o = KITH_READ_OPTIONS_INIT;
        char *path = golden_path(cases[i].name);
        kith_features *features;
        kith_error err = { 0 };
        o.max_nodes = cases[i].nodes;
        o.max_edges = cases[i].edges;
        o.max_bytes = cases[i].bytes;
        assert_kith_fails(kith_features_read(path, &o, &features, &err), KITH_E_INPUT,
                          cases[i].message, err);
        free(path);
    }
}

static void refuses_what_holds_no_features(void **state)
{
    char *path = test_file(*state, "f.txt", "0 1\n1 2\n");
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_features *features;
    kith_error err = { 0 };

    assert_kith_fails(kith_features_read(path, NULL, &features, &err), KITH_E_INPUT,
                      "f.txt: holds no features (expected a MatrixMarket, npz or npy file, or a "
                      "table, .csv or .tsv)", err);
    o.max_bytes = -1;
    assert_kith_fails(kith_features_read(path, &o, &features, &err), KITH_E_ARGUMENT, "max-bytes",
                      err);
    assert_kith_fails(kith_features_read("", NULL, &features, &err), KITH_E_ARGUMENT, "path", err);
    assert_kith_fails(kith_features_read(path, NULL, NULL, &err), KITH_E_ARGUMENT, "out", err);
    free(path);
    path = test_path_in(*state, "absent.npy");
    assert_kith_fails(kith_features_read(path, NULL, &features, &err), KITH_E_IO,
                      "cannot be opened", err);
    free(path);
}

/* Every cut and every wrong byte of a file gives features or an error. */
static void try_all_damage(const char *folder, const char *name)
{
    char *path = golden_path(name);
    int64_t size;
    uint8_t *bytes = test_file_bytes(path, &size);
    kith_features *features;
    kith_error err = { 0 };

    free(path);
    for (int64_t i = 0; i < size; i++) {
        path = test_file_of(folder, "f", bytes, (size_t)i);
        assert_int_not_equal(kith_features_read(path, NULL, &features, &err), KITH_OK);
        assert_null(features);
        free(path);
        bytes[i] ^= 0x91;
        path = test_file_of(folder, "f", bytes, (size_t)size);
        kith_features_read(path, NULL, &features, &err);
        kith_features_free(features);
        free(path);
        bytes[i] ^= 0x91;
    }
    free(bytes);
}

static void damaged_files_do_no_harm(void **state)
{
    try_all_damage(*state, "dense.npy");
    try_all_damage(*state, "dense-fortran.npy");
    try_all_damage(*state, "rectangular-csc.npz");
    try_all_damage(*state, "rectangular-coo.npz");
}

int main(void)
{
#define IN_A_FOLDER(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, test_folder_make, test_folder_remove)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_numpy_and_scipy_write),
        cmocka_unit_test(a_vector_is_one_column),
        IN_A_FOLDER(reads_matrix_market),
        IN_A_FOLDER(bad_arrays_give_one_clear_line),
        cmocka_unit_test(limits_hold_for_features),
        IN_A_FOLDER(refuses_what_holds_no_features),
        IN_A_FOLDER(damaged_files_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
