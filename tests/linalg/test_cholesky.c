/* Sparse Cholesky factors: residuals of solutions, what is not factored. */
#include "support/test.h"

#include "core/random.h"
#include "linalg/cholesky.h"

#include <stdlib.h>

enum { SIZE = 60 };

/* A matrix of given diagonal with random entries off it, about four in each row. */
typedef struct {
    int64_t offsets[SIZE + 1], columns[SIZE * SIZE];
    double values[SIZE * SIZE], full[SIZE][SIZE];
} sample;

static kith_i_symmetric make(sample *s, uint64_t seed, double diagonal)
{
    kith_i_random r = kith_i_random_at(seed, 0, 0);
    int64_t entries = 0;

    memset(s, 0, sizeof *s);
    for (int64_t i = 0; i < SIZE; i++) {
        for (int64_t j = 0; j <= i; j++) {
            const bool present = kith_i_random_unit(&r) < 4.0 / SIZE;
            if (i != j && !present) continue;
            s->full[i][j] = s->full[j][i] = i == j ? diagonal : kith_i_random_unit(&r) - 0.5;
            s->columns[entries] = j;
            s->values[entries++] = s->full[i][j];
        }
        s->offsets[i + 1] = entries;
    }
    return (kith_i_symmetric){ SIZE, s->offsets, s->columns, s->values };
}

static void solves_what_it_factored(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        const kith_i_symmetric a = make(s, seed, 6);
        kith_i_cholesky *factor = NULL;
        double b[SIZE], x[SIZE];
        assert_kith(kith_i_cholesky_factor(&a, INFINITY, NULL, &factor, &err), err);
        if (!factor) skip(); /* built without CHOLMOD */
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < SIZE; i++) b[i] = x[i] = sin(i + round + (double)seed);
            assert_kith(kith_i_cholesky_solve(factor, 1, x, x, NULL, &err), err);
            for (int i = 0; i < SIZE; i++) {
                double product = 0;
                for (int j = 0; j < SIZE; j++) product += s->full[i][j] * x[j];
                assert_near(product, b[i], 1e-13);
            }
        }
        kith_i_cholesky_free(factor);
    }
    free(s);
}

static void blocks_are_solved_column_by_column(void **state)
{
    enum { COLUMNS = 11 };
    sample *s = malloc(sizeof *s);
    const kith_i_symmetric a = make(s, 5, 6);
    kith_i_cholesky *factor = NULL;
    double b[SIZE * COLUMNS], x[SIZE * COLUMNS], column[SIZE];
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_cholesky_factor(&a, INFINITY, &poll, &factor, &err), err);
    if (!factor) skip(); /* built without CHOLMOD */
    for (int i = 0; i < SIZE * COLUMNS; i++) b[i] = sin(i);
    assert_kith(kith_i_cholesky_solve(factor, COLUMNS, b, x, &poll, &err), err);
    for (int c = 0; c < COLUMNS; c++) {
        for (int i = 0; i < SIZE; i++) column[i] = b[i * COLUMNS + c];
        assert_kith(kith_i_cholesky_solve(factor, 1, column, column, &poll, &err), err);
        for (int i = 0; i < SIZE; i++) assert_near(column[i], x[i * COLUMNS + c], 1e-15);
    }
    kith_i_cholesky_free(factor);
    free(s);
}

/* A random matrix of degree 10 fills up: whatever the order, its factor has most of the entries
 * that there can be, size^2 / 2, and takes a good part of size^3 / 3 operations. */
static void a_hopeless_matrix_is_not_ordered(void **state)
{
    enum { N = 30000, EACH = 5 };
    int64_t *offsets = calloc(N + 1, sizeof *offsets);
    int64_t *columns = calloc(N * (EACH + 1), sizeof *columns), entries = 0;
    double *values = calloc(N * (EACH + 1), sizeof *values);
    kith_i_cholesky *factor = (void *)offsets;
    kith_error err = { 0 };

    (void)state;
    for (int64_t i = 0; i < N; i++) {
        kith_i_random r = kith_i_random_at(1, 1, (uint64_t)i);
        for (int64_t j = 0; j < EACH && i >= 10 * EACH; j++) { /* in each fifth of those before */
            const int64_t step = i / EACH;
            columns[entries] = j * step + (int64_t)kith_i_random_below(&r, (uint64_t)step);
            values[entries++] = -0.1;
        }
        columns[entries] = i;
        values[entries++] = 100;
        offsets[i + 1] = entries;
    }
    const kith_i_symmetric a = { N, offsets, columns, values };
    assert_kith(kith_i_cholesky_factor(&a, 1e8, NULL, &factor, &err), err);
    assert_null(factor);
    free(offsets);
    free(columns);
    free(values);
}

static void there_is_no_factor_of_an_indefinite_matrix(void **state)
{
    sample *s = malloc(sizeof *s);
    const kith_i_symmetric a = make(s, 3, 0.1);
    kith_i_cholesky *factor = (void *)s;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_cholesky_factor(&a, INFINITY, NULL, &factor, &err), err);
    assert_null(factor);
    free(s);
}

static void there_is_no_factor_that_costs_too_much(void **state)
{
    sample *s = malloc(sizeof *s);
    const kith_i_symmetric a = make(s, 3, 6);
    kith_i_cholesky *factor = (void *)s;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_cholesky_factor(&a, SIZE, NULL, &factor, &err), err);
    assert_null(factor);
    kith_i_cholesky_free(NULL);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solves_what_it_factored),
        cmocka_unit_test(blocks_are_solved_column_by_column),
        cmocka_unit_test(a_hopeless_matrix_is_not_ordered),
        cmocka_unit_test(there_is_no_factor_of_an_indefinite_matrix),
        cmocka_unit_test(there_is_no_factor_that_costs_too_much),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
