/* Blocks of vectors: products against their definition, what is orthonormal, the same bits on any
 * number of threads. */
#include "support/test.h"

#include "core/base.h"
#include "linalg/block.h"
#include "linalg/tile_kernels.h"

#include <stdlib.h>

enum { ROWS = 5000 }; /* several chunks, the last not full */

static double *block(int64_t n, int64_t b, uint64_t seed)
{
    double *const x = malloc((size_t)(n * b + 1) * sizeof *x);

    kith_i_block_random(n, b, x, seed, 0, 1);
    return x;
}

static double dot(int64_t n, const double *x, int64_t a, int64_t i, const double *y, int64_t b,
                  int64_t j)
{
    double sum = 0;

    for (int64_t r = 0; r < n; r++) sum += x[r * a + i] * y[r * b + j];
    return sum;
}

static void assert_orthonormal(int64_t n, int64_t b, const double *x)
{
    for (int64_t i = 0; i < b; i++)
        for (int64_t j = 0; j <= i; j++)
            assert_near(dot(n, x, b, i, x, b, j), i == j ? 1 : 0, 1e-13);
}

static void a_gram_matrix_holds_inner_products(void **state)
{
    static const int64_t sizes[][3] = { { 1, 1, 1 },      { 3, 2, 5 },     { 1024, 4, 4 },
                                        { 1025, 8, 16 },  { ROWS, 7, 3 },  { ROWS, 16, 16 },
                                        { ROWS, 40, 33 }, { ROWS, 1, 24 }, { 0, 2, 2 } };
    kith_error err = { 0 };

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const int64_t n = sizes[s][0], a = sizes[s][1], b = sizes[s][2];
        double *x = block(n, a, 1), *y = block(n, b, 2);
        double *out = malloc((size_t)(a * b) * sizeof *out);
        assert_kith(kith_i_block_gram(n, a, x, b, y, out, 1, &err), err);
        for (int64_t i = 0; i < a; i++)
            for (int64_t j = 0; j < b; j++)
                assert_near(out[i * b + j], dot(n, x, a, i, y, b, j), 1e-11);
        free(x);
        free(y);
        free(out);
    }
}

static void a_product_is_added_to_a_multiple(void **state)
{
    static const int64_t sizes[][3] = { { 1, 1, 1 },    { 5, 3, 2 },      { ROWS, 20, 16 },
                                        { ROWS, 3, 7 }, { ROWS, 33, 40 }, { 1025, 9, 24 } };

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const int64_t n = sizes[s][0], a = sizes[s][1], b = sizes[s][2];
        double *x = block(n, a, 1), *c = block(a, b, 2), *y = block(n, b, 3);
        double *before = block(n, b, 3);
        const double betas[] = { 0, 1, -0.5 };
        for (int i = 0; i < 3; i++) {
            kith_i_block_times(n, a, x, b, c, betas[i], y, 1);
            for (int64_t r = 0; r < n; r++)
                for (int64_t j = 0; j < b; j++) {
                    double sum = betas[i] == 0 ? 0 : betas[i] * before[r * b + j];
                    for (int64_t k = 0; k < a; k++) sum += x[r * a + k] * c[k * b + j];
                    assert_near(y[r * b + j], sum, 1e-12);
                }
            memcpy(before, y, (size_t)(n * b) * sizeof *y);
        }
        free(x);
        free(c);
        free(y);
        free(before);
    }
}

/* Sums of products whose rounding is at most 1e-14. */
static void check_tiles(kith_i_tiles_fn multiply)
{
    enum { MOST = 40 };
    double *x = block(KITH_I_TERMS, MOST, 1), *y = block(KITH_I_TERMS, MOST, 2);
    double out[MOST * MOST];

    for (int64_t rows = 1; rows < MOST; rows += 7)
        for (int64_t columns = 1; columns < MOST; columns += 3) {
            for (int64_t i = 0; i < MOST * MOST; i++) out[i] = (double)i;
            multiply(
                &(kith_i_tiles){ KITH_I_TERMS, rows, columns, x, MOST, 1, y, MOST, out, MOST });
            for (int64_t i = 0; i < MOST; i++)
                for (int64_t j = 0; j < MOST; j++) {
                    const double sum = dot(KITH_I_TERMS, x, MOST, i, y, MOST, j);
                    const bool inside = i < rows && j < columns;
                    assert_near(out[i * MOST + j], (double)(i * MOST + j) + (inside ? sum : 0),
                                1e-11);
                }
        }
    free(x);
    free(y);
}

static void kernels_of_all_instruction_sets_agree(void **state)
{
    (void)state;
    check_tiles(kith_i_tiles_base);
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        check_tiles(kith_i_tiles_avx2);
    if (__builtin_cpu_supports("avx512f")) check_tiles(kith_i_tiles_avx512);
#endif
}

static void columns_of_wider_blocks_are_read_and_written_alone(void **state)
{
    enum { WIDE = 11 };
    double *x = block(ROWS, WIDE, 1), *kept = block(ROWS, WIDE, 1), *c = block(4, 3, 2);
    const kith_i_columns all = kith_i_block_columns(x, WIDE);
    const kith_i_columns left = kith_i_columns_part(all, 1, 4);
    const kith_i_columns right = kith_i_columns_part(all, 6, 3);
    double gram[12], dots[4];
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_columns_gram(ROWS, left, right, gram, 1, &err), err);
    for (int64_t i = 0; i < 4; i++)
        for (int64_t j = 0; j < 3; j++)
            assert_near(gram[i * 3 + j], dot(ROWS, x, WIDE, 1 + i, x, WIDE, 6 + j), 1e-11);
    assert_kith(kith_i_columns_dots(ROWS, left, kith_i_columns_part(all, 2, 4), dots, 1, &err),
                err);
    for (int64_t i = 0; i < 4; i++)
        assert_near(dots[i], dot(ROWS, x, WIDE, 1 + i, x, WIDE, 2 + i), 1e-11);
    kith_i_columns_times(ROWS, left, c, 1, right, 1);
    for (int64_t r = 0; r < ROWS; r++)
        for (int64_t j = 0; j < WIDE; j++) {
            double sum = kept[r * WIDE + j];
            for (int64_t k = 0; k < 4 && j >= 6 && j < 9; k++)
                sum += kept[r * WIDE + 1 + k] * c[k * 3 + j - 6];
            assert_near(x[r * WIDE + j], sum, 1e-13);
        }
    memcpy(kept, x, ROWS * WIDE * sizeof *x);
    assert_kith(kith_i_columns_turn(ROWS, left, 3, c, 1, &err), err);
    for (int64_t r = 0; r < ROWS; r++)
        for (int64_t j = 0; j < WIDE; j++) {
            double sum = j >= 1 && j < 4 ? 0 : kept[r * WIDE + j];
            for (int64_t k = 0; k < 4 && j >= 1 && j < 4; k++)
                sum += kept[r * WIDE + 1 + k] * c[k * 3 + j - 1];
            assert_near(x[r * WIDE + j], sum, 1e-13);
        }
    free(x);
    free(kept);
    free(c);
}

static void orthonormal_columns_times_a_triangle_are_the_block(void **state)
{
    static const int64_t sizes[][2] = { { 1, 1 }, { 30, 30 }, { ROWS, 16 }, { 1024, 33 } };
    kith_error err = { 0 };

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const int64_t n = sizes[s][0], b = sizes[s][1];
        double *x = block(n, b, 1), *before = block(n, b, 1);
        double *r = malloc((size_t)(b * b) * sizeof *r);
        int64_t rank;
        for (int64_t i = 0; i < n * b; i++) x[i] = before[i] *= pow(10, (double)(i % b) - 8);
        assert_kith(kith_i_block_orthonormalise(n, b, x, r, &rank, 5, 1, &err), err);
        assert_int_equal(rank, b);
        assert_orthonormal(n, b, x);
        for (int64_t i = 0; i < b; i++)
            for (int64_t j = 0; j < b; j++)
                assert_true(j >= i ? i != j || r[i * b + j] > 0 : r[i * b + j] == 0);
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < b; j++) {
                double sum = 0;
                for (int64_t k = 0; k <= j; k++) sum += x[i * b + k] * r[k * b + j];
                assert_near(sum, before[i * b + j], 1e-13 * pow(10, (double)j - 7));
            }
        free(x);
        free(before);
        free(r);
    }
}

/* Columns 1, 3 and 4 are nothing, twice the first, and the sum of others. */
static void dependent_columns_become_others(void **state)
{
    enum { B = 6 };
    double *x = block(ROWS, B, 1), *before = block(ROWS, B, 1), r[B * B];
    kith_error err = { 0 };
    int64_t rank;

    (void)state;
    for (int64_t i = 0; i < ROWS; i++) {
        double *const row = before + i * B;
        row[1] = 0;
        row[3] = 2 * row[0];
        row[4] = row[0] - row[2] / 3;
        memcpy(x + i * B, row, B * sizeof *x);
    }
    assert_kith(kith_i_block_orthonormalise(ROWS, B, x, r, &rank, 5, 1, &err), err);
    assert_int_equal(rank, 3);
    assert_orthonormal(ROWS, B, x);
    for (int64_t j = 0; j < B; j++)
        assert_true((r[j * B + j] == 0) == (j == 1 || j == 3 || j == 4));
    for (int64_t i = 0; i < ROWS; i++)
        for (int64_t j = 0; j < B; j++) {
            double sum = 0;
            for (int64_t k = 0; k < B; k++) sum += x[i * B + k] * r[k * B + j];
            assert_near(sum, before[i * B + j], 1e-12);
        }
    free(x);
    free(before);
}

static void nearly_dependent_columns_are_told_apart(void **state)
{
    enum { B = 5 };
    double *x = block(ROWS, B, 1);
    kith_error err = { 0 };
    int64_t rank;

    (void)state;
    for (int64_t i = 0; i < ROWS; i++)
        for (int64_t j = 1; j < B; j++) x[i * B + j] = x[i * B] + 1e-7 * x[i * B + j];
    assert_kith(kith_i_block_orthonormalise(ROWS, B, x, NULL, &rank, 5, 1, &err), err);
    assert_int_equal(rank, B);
    assert_orthonormal(ROWS, B, x);
    free(x);
}

static void random_numbers_are_standard_normal(void **state)
{
    enum { N = 100000 };
    double *x = block(N, 3, 11), *wide = block(N, 5, 11), moments[4] = { 0 };

    (void)state;
    for (int64_t i = 0; i < N * 3; i++)
        for (int p = 0; p < 4; p++) moments[p] += pow(x[i], p + 1) / (N * 3);
    assert_near(moments[0], 0, 0.01); /* 5 standard deviations */
    assert_near(moments[1], 1, 0.013);
    assert_near(moments[2], 0, 0.036);
    assert_near(moments[3], 3, 0.09);
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j < 3; j++) assert_true(x[i * 3 + j] == wide[i * 5 + j]);
    free(x);
    free(wide);
}

static void rows_get_length_one(void **state)
{
    double x[] = { 3, 4, 0, 0, 1e-200, 0, 1e200, 1e200 };

    (void)state;
    kith_i_block_unit_rows(4, 2, x, 1);
    assert_near(x[0], 0.6, 1e-15);
    assert_near(x[1], 0.8, 1e-15);
    assert_true(x[2] == 0 && x[3] == 0);
    assert_near(x[4], 1, 1e-15);
    assert_near(x[6], sqrt(0.5), 1e-15);
}

static void the_first_of_the_largest_entries_is_positive(void **state)
{
    double x[] = { 1, -2, 0, -3, 2, 0, 3, 1, 0 };
    const double expected[] = { -1, 2, 0, 3, -2, 0, -3, -1, 0 };

    (void)state;
    kith_i_block_signs(3, 3, x, 1);
    for (int i = 0; i < 9; i++) assert_true(x[i] == expected[i]);
}

/* Everything above, on a number of threads. */
static void all(int threads, double *x, double *y, double *out)
{
    kith_error err = { 0 };

    kith_i_block_random(ROWS, 70, x, 3, 0, threads);
    kith_i_block_random(ROWS, 70, y, 3, 1, threads);
    assert_kith(kith_i_block_gram(ROWS, 70, x, 70, y, out, threads, &err), err);
    kith_i_block_times(ROWS, 70, x, 70, out, 0.5, y, threads);
    assert_kith(kith_i_columns_turn(ROWS, kith_i_block_columns(x, 70), 70, out, threads, &err),
                err);
    assert_kith(kith_i_block_orthonormalise(ROWS, 70, y, out, NULL, 1, threads, &err), err);
    kith_i_block_signs(ROWS, 70, y, threads);
    kith_i_block_unit_rows(ROWS, 70, x, threads);
}

static void threads_give_the_same_bits(void **state)
{
    const size_t bytes = ROWS * 70 * sizeof(double), small = 70 * 70 * sizeof(double);
    double *x = malloc(bytes), *y = malloc(bytes), *out = malloc(small);
    double *x1 = malloc(bytes), *y1 = malloc(bytes), *out1 = malloc(small);

    (void)state;
    all(1, x1, y1, out1);
    for (int threads = 2; threads <= 8; threads *= 2) {
        all(threads, x, y, out);
        assert_memory_equal(x, x1, bytes);
        assert_memory_equal(y, y1, bytes);
        assert_memory_equal(out, out1, small);
    }
    free(x);
    free(y);
    free(out);
    free(x1);
    free(y1);
    free(out1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gram_matrix_holds_inner_products),
        cmocka_unit_test(a_product_is_added_to_a_multiple),
        cmocka_unit_test(kernels_of_all_instruction_sets_agree),
        cmocka_unit_test(columns_of_wider_blocks_are_read_and_written_alone),
        cmocka_unit_test(orthonormal_columns_times_a_triangle_are_the_block),
        cmocka_unit_test(dependent_columns_become_others),
        cmocka_unit_test(nearly_dependent_columns_are_told_apart),
        cmocka_unit_test(random_numbers_are_standard_normal),
        cmocka_unit_test(rows_get_length_one),
        cmocka_unit_test(the_first_of_the_largest_entries_is_positive),
        cmocka_unit_test(threads_give_the_same_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
