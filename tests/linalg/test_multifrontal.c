/* Multifrontal factors: solutions of matrices whose elimination trees are known. */
#include "support/test.h"

#include "core/random.h"
#include "linalg/multifrontal.h"

#include <stdlib.h>

enum { DEPTH = 8, SIZE = (1 << DEPTH) - 1 };

/* A matrix with entries between nodes of a binary tree, in postorder, and their ancestors, parents
 * always: the tree is its elimination tree. */
typedef struct {
    double full[SIZE][SIZE];
    int64_t below_offsets[SIZE + 1], below_rows[SIZE * DEPTH];
    double below_values[SIZE * DEPTH];
    int64_t above_offsets[SIZE + 1], above_rows[SIZE * DEPTH];
    int64_t counts[SIZE];
} sample;

/* The tree of `depth` levels whose last node is `root`. */
static void fill_tree(sample *s, int depth, int root, const int *ancestors, int count,
                      kith_i_random *r)
{
    int with_root[DEPTH];

    for (int i = 0; i < count; i++) {
        if (i < count - 1 && kith_i_random_unit(r) < 0.4) continue;
        s->full[root][ancestors[i]] = s->full[ancestors[i]][root] = kith_i_random_unit(r) - 0.5;
    }
    memcpy(with_root, ancestors, (size_t)count * sizeof *ancestors);
    with_root[count] = root;
    if (depth == 1) return;
    const int half = (1 << (depth - 1)) - 1;
    fill_tree(s, depth - 1, root - 1 - half, with_root, count + 1, r);
    fill_tree(s, depth - 1, root - 1, with_root, count + 1, r);
}

static kith_i_columns_both make(sample *s, uint64_t seed, double diagonal)
{
    kith_i_random r = kith_i_random_at(seed, 0, 0);
    bool(*filled)[SIZE] = calloc(SIZE, sizeof *filled);
    int64_t below = 0, above = 0;
    const int none[1] = { 0 };

    memset(s, 0, sizeof *s);
    fill_tree(s, DEPTH, SIZE - 1, none, 0, &r);
    for (int j = 0; j < SIZE; j++) s->full[j][j] = diagonal;
    for (int j = 0; j < SIZE; j++) {
        for (int i = 0; i < SIZE; i++) {
            if (s->full[i][j] == 0) continue;
            filled[i][j] = true;
            if (i <= j) s->above_rows[above++] = i;
            if (i < j) continue;
            s->below_rows[below] = i;
            s->below_values[below++] = s->full[i][j];
        }
        s->above_offsets[j + 1] = above;
        s->below_offsets[j + 1] = below;
    }
    for (int k = 0; k < SIZE; k++)
        for (int i = k; i < SIZE; i++) {
            if (!filled[i][k]) continue;
            s->counts[k]++;
            for (int j = k + 1; j < SIZE; j++) filled[i][j] |= filled[j][k];
        }
    free(filled);
    return (kith_i_columns_both){
        SIZE, s->below_offsets, s->below_rows, s->below_values, s->above_offsets, s->above_rows
    };
}

static void every_instruction_set_solves_with_the_same_bits(void **state)
{
    sample *s = malloc(sizeof *s);
    double x[SIZE * KITH_I_SOLVED], first[SIZE * KITH_I_SOLVED];
    kith_error err = { 0 };

    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        const kith_i_columns_both m = make(s, seed, 8);
        for (int level = KITH_I_LEVEL_BEST; level <= (int)kith_i_level_best(); level++) {
            kith_i_multifrontal *f = NULL;
            for (int i = 0; i < SIZE * KITH_I_SOLVED; i++) x[i] = sin(i);
            assert_kith(
                kith_i_multifrontal_factor(&m, s->counts, (kith_i_level)level, NULL, &f, &err),
                err);
            assert_non_null(f);
            kith_i_multifrontal_solve(f, x);
            kith_i_multifrontal_free(f);
            if (level == KITH_I_LEVEL_BEST) memcpy(first, x, sizeof x);
            assert_memory_equal(first, x, sizeof x);
        }
        for (int i = 0; i < SIZE; i++)
            for (int c = 0; c < KITH_I_SOLVED; c++) {
                double product = 0;
                for (int j = 0; j < SIZE; j++) product += s->full[i][j] * x[j * KITH_I_SOLVED + c];
                assert_near(product, sin(i * KITH_I_SOLVED + c), 1e-13);
            }
    }
    free(s);
}

static void there_is_no_factor_of_an_indefinite_matrix(void **state)
{
    sample *s = malloc(sizeof *s);
    const kith_i_columns_both m = make(s, 1, 0.1);
    kith_i_multifrontal *f = (void *)s;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_multifrontal_factor(&m, s->counts, KITH_I_LEVEL_BEST, NULL, &f, &err), err);
    assert_null(f);
    kith_i_multifrontal_free(NULL);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_instruction_set_solves_with_the_same_bits),
        cmocka_unit_test(there_is_no_factor_of_an_indefinite_matrix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
