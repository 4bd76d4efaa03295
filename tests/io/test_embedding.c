/* Embeddings as files. */
#include "support/files.h"
#include "support/test.h"

#include "graph/embedding.h"

#include <math.h>

static kith_embedding *counted(int64_t nodes, int64_t dimensions)
{
    kith_embedding *e = NULL;
    kith_error err = { 0 };

    assert_kith(kith_i_embedding_new(nodes, dimensions, 2, &e, &err), err);
    for (int64_t i = 0; i < nodes * dimensions; i++) e->values[i] = (double)i / 7 - 3;
    return e;
}

static void reads_back_as_it_was_written(void **state)
{
    static const int64_t shapes[][2] = { { 1, 1 }, { 5, 3 }, { 70000, 2 } };
    char *path = test_path_in(*state, "points.npy");
    kith_error err = { 0 };

    for (int s = 0; s < 3; s++) {
        kith_embedding *e = counted(shapes[s][0], shapes[s][1]);
        kith_features *f = NULL;
        double row[3];
        assert_kith(kith_embedding_write(path, e, NULL, &err), err);
        assert_kith(kith_features_read(path, NULL, &f, &err), err);
        assert_int_equal(kith_features_rows(f), kith_embedding_nodes(e));
        assert_int_equal(kith_features_columns(f), kith_embedding_dimensions(e));
        for (int64_t v = 0; v < shapes[s][0]; v++) {
            kith_features_row(f, v, row);
            assert_memory_equal(row, kith_embedding_values(e) + v * shapes[s][1],
                                (size_t)shapes[s][1] * sizeof *row);
        }
        kith_features_free(f);
        kith_embedding_free(e);
    }
    free(path);
}

static void begins_without_a_gap_and_with_a_spectrum(void **state)
{
    kith_embedding *e = counted(4, 2);

    (void)state;
    assert_int_equal(kith_embedding_spectrum(e), 2);
    assert_true(kith_embedding_eigenvalues(e)[1] == 0 && kith_embedding_residuals(e)[1] == 0);
    assert_true(isnan(kith_embedding_gap(e)));
    assert_true(kith_embedding_converged(e));
    kith_embedding_free(e);
    kith_embedding_free(NULL);
}

static void refuses_what_is_not_there(void **state)
{
    kith_embedding *e = counted(1, 1);
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_embedding_write(NULL, e, NULL, &err), KITH_E_ARGUMENT, "NULL", err);
    assert_kith_fails(kith_embedding_write("x.npy", NULL, NULL, &err), KITH_E_ARGUMENT, "NULL",
                      err);
    assert_kith_fails(kith_embedding_write("/nowhere/x.npy", e, NULL, &err), KITH_E_IO, "/nowhere",
                      err);
    kith_embedding_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_back_as_it_was_written, test_folder_make,
                                        test_folder_remove),
        cmocka_unit_test(begins_without_a_gap_and_with_a_spectrum),
        cmocka_unit_test(refuses_what_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
