/* The assignment problem against all matchings, against duality, and on sizes where k^2 would not
 * do. */
#include "support/test.h"

#include "core/random.h"
#include "eval/hungarian.h"

#include <stdlib.h>

/* A sparse problem of up to 7 rows. */
typedef struct {
    int64_t  rows, columns, offsets[9];
    uint32_t targets[64];
    int64_t  weights[64];
} small;

static kith_i_assignment problem_of(const small *s)
{
    return (kith_i_assignment){ s->rows, s->columns, s->offsets, s->targets, s->weights };
}

static small random_small(uint64_t seed)
{
    kith_i_random r = kith_i_random_at(seed, 0, 0);
    const double density = kith_i_random_unit(&r);
    const uint64_t most[] = { 2, 4, 100, UINT64_C(1) << 61 };
    small s = { (int64_t)kith_i_random_below(&r, 8),
                (int64_t)kith_i_random_below(&r, 8),
                { 0 },
                { 0 },
                { 0 } };

    for (int64_t i = 0; i < s.rows; i++) {
        int64_t next = s.offsets[i];
        for (int64_t j = 0; j < s.columns; j++) {
            if (kith_i_random_unit(&r) >= density) continue;
            s.targets[next] = (uint32_t)j;
            s.weights[next++] = (int64_t)kith_i_random_below(&r, most[seed % 4] + 1);
        }
        s.offsets[i + 1] = next;
    }
    return s;
}

/* The largest weight of a matching of rows i, i + 1, ... with the columns not yet taken: every way
 * to match or to leave out each row. */
static double best_by_trying(const small *s, int64_t i, unsigned taken)
{
    if (i == s->rows) return 0;
    double best = best_by_trying(s, i + 1, taken);
    for (int64_t e = s->offsets[i]; e < s->offsets[i + 1]; e++)
        if (!(taken >> s->targets[e] & 1))
            best = fmax(best, (double)s->weights[e]
                                  + best_by_trying(s, i + 1, taken | 1u << s->targets[e]));
    return best;
}

/* The weight of a matching, which must be one. */
static double weight_of(const kith_i_assignment *p, const int64_t *column_of)
{
    char *taken = calloc((size_t)p->columns + 1, 1);
    double sum = 0;

    for (int64_t i = 0; i < p->rows; i++) {
        if (column_of[i] < 0) continue;
        assert_in_range(column_of[i], 0, p->columns - 1);
        assert_false(taken[column_of[i]]);
        taken[column_of[i]] = 1;
        int64_t e = p->offsets[i];
        while (e < p->offsets[i + 1] && p->targets[e] != column_of[i]) e++;
        assert_true(e < p->offsets[i + 1]);
        sum += (double)p->weights[e];
    }
    free(taken);
    return sum;
}

static void the_matching_is_the_heaviest_of_all(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        const small s = random_small(seed);
        const kith_i_assignment p = problem_of(&s);
        int64_t column_of[8];
        kith_error err = { 0 };
        assert_kith(kith_i_assign(&p, &(kith_i_poll){ 0 }, column_of, &err), err);
        const double best = best_by_trying(&s, 0, 0);
        assert_near(weight_of(&p, column_of), best, best * 1e-15);
    }
}

static void a_square_dense_problem_needs_its_permutation(void **state)
{
    /* weights n^2 - (i - p_i)^2 with p a known permutation: the only optimum */
    enum { N = 60 };
    static int64_t offsets[N + 1], weights[N * N], column_of[N];
    static uint32_t targets[N * N], order[N];
    kith_i_random r = kith_i_random_at(9, 0, 0);
    const kith_i_assignment p = { N, N, offsets, targets, weights };
    kith_error err = { 0 };

    (void)state;
    kith_i_random_order(order, N, &r);
    for (int64_t i = 0; i < N; i++) {
        offsets[i + 1] = (i + 1) * N;
        for (int64_t j = 0; j < N; j++) {
            const int64_t apart = (int64_t)order[i] - j;
            targets[i * N + j] = (uint32_t)j;
            weights[i * N + j] = N * N - apart * apart;
        }
    }
    assert_kith(kith_i_assign(&p, &(kith_i_poll){ 0 }, column_of, &err), err);
    for (int64_t i = 0; i < N; i++) assert_int_equal(column_of[i], order[i]);
}

/* The heaviest matching of a path whose edges have these weights. */
static int64_t best_of_path(const int64_t *weights, int64_t edges)
{
    int64_t with = 0, without = 0; /* the last edge taken, or not */

    for (int64_t e = 0; e < edges; e++) {
        const int64_t best = with > without ? with : without;
        with = without + weights[e];
        without = best;
    }
    return with > without ? with : without;
}

static void a_ring_of_a_million_rows_has_the_matching_of_its_recurrence(void **state)
{
    /* Row i may have column i or i + 1: a ring of 2n edges. Its paths make long searches. */
    enum { N = 1000000 };
    int64_t *offsets = malloc((N + 1) * sizeof *offsets),
            *weights = malloc(2 * N * sizeof *weights);
    int64_t *column_of = malloc(N * sizeof *column_of);
    uint32_t *targets = malloc(2 * N * sizeof *targets);
    kith_i_random r = kith_i_random_at(1, 0, 0);
    const kith_i_assignment p = { N, N, offsets, targets, weights };
    kith_error err = { 0 };

    (void)state;
    for (int64_t e = 0; e < 2 * N; e++) {
        offsets[e / 2] = e - e % 2;
        targets[e] = (uint32_t)((e + 1) / 2 % N);
        weights[e] = 10 + (int64_t)kith_i_random_below(&r, 4);
    }
    offsets[N] = 2 * N;
    assert_kith(kith_i_assign(&p, &(kith_i_poll){ 0 }, column_of, &err), err);
    const int64_t without = best_of_path(weights + 1, 2 * N - 1);
    const int64_t with = weights[0] + best_of_path(weights + 2, 2 * N - 3);
    assert_near(weight_of(&p, column_of), (double)(with > without ? with : without), 0);
    free(offsets);
    free(weights);
    free(column_of);
    free(targets);
}

static void nothing_is_matched_with_nothing(void **state)
{
    static const int64_t offsets[] = { 0, 0, 0 };
    const kith_i_assignment none = { 0, 0, offsets, NULL, NULL },
                            bare = { 2, 3, offsets, NULL, NULL };
    int64_t column_of[2] = { 7, 7 };
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_assign(&none, &(kith_i_poll){ 0 }, column_of, &err), err);
    assert_kith(kith_i_assign(&bare, &(kith_i_poll){ 0 }, column_of, &err), err);
    assert_int_equal(column_of[0], -1);
    assert_int_equal(column_of[1], -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matching_is_the_heaviest_of_all),
        cmocka_unit_test(a_square_dense_problem_needs_its_permutation),
        cmocka_unit_test(a_ring_of_a_million_rows_has_the_matching_of_its_recurrence),
        cmocka_unit_test(nothing_is_matched_with_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
