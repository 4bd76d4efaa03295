/* Roundings: indicators that were turned, worked examples, both methods without shortcuts. */
#include "support/test.h"

#include "core/random.h"
#include "linalg/rounding.h"

#include <stdlib.h>

enum { ROWS = 240, MOST = 12 };

typedef struct {
    int64_t n, k;
    double v[ROWS * MOST];
    int64_t labels[ROWS], expected[ROWS];
} sample;

static double normal(kith_i_random *r)
{
    const double u = 1 - kith_i_random_unit(r), v = kith_i_random_unit(r);

    return sqrt(-2 * log(u)) * cos(2 * acos(-1.0) * v);
}

/* A random orthogonal matrix of k rows, by Gram-Schmidt. */
static void orthogonal(int64_t k, double q[MOST][MOST], uint64_t seed)
{
    kith_i_random r = kith_i_random_at(seed, 7, 0);

    for (int64_t i = 0; i < k; i++) {
        for (int64_t j = 0; j < k; j++) q[i][j] = normal(&r);
        for (int64_t before = 0; before <= i; before++) {
            double along = 0;
            for (int64_t j = 0; j < k; j++) along += q[i][j] * q[before][j];
            for (int64_t j = 0; j < k; j++)
                if (before == i)
                    q[i][j] /= sqrt(along);
                else
                    q[i][j] -= along * q[before][j];
        }
    }
}

/* The indicator of labels i % k, its columns of length 1, plus noise, turned by Q. */
static void make(sample *s, int64_t n, int64_t k, double noise, bool turned, uint64_t seed)
{
    kith_i_random r = kith_i_random_at(seed, 3, 0);
    double q[MOST][MOST] = { { 0 } };

    s->n = n;
    s->k = k;
    orthogonal(k, q, seed);
    for (int64_t i = 0; i < n; i++) {
        const double length = 1 / sqrt((double)((n - i % k + k - 1) / k));
        double row[MOST] = { 0 };
        for (int64_t c = 0; c < k; c++) row[c] = length * ((c == i % k) + noise * normal(&r));
        for (int64_t j = 0; j < k; j++) {
            double sum = 0;
            for (int64_t c = 0; c < k; c++) sum += row[c] * q[c][j];
            s->v[i * k + j] = turned ? sum : row[j];
        }
    }
}

static void assert_classes(const sample *s)
{
    for (int64_t i = 0; i < s->n; i++)
        for (int64_t j = 0; j < i; j++)
            assert_true((s->labels[i] == s->labels[j]) == (i % s->k == j % s->k));
}

static void round_pivots(sample *s, int threads)
{
    kith_i_poll poll;
    kith_error err = { 0 };

    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_round_pivots(s->n, s->k, s->v, threads, &poll, s->labels, &err), err);
}

static int64_t round_argmax(sample *s, int64_t rounds, int threads)
{
    kith_i_poll poll;
    kith_error err = { 0 };
    int64_t passed;

    kith_i_poll_start(&poll, NULL);
    assert_kith(
        kith_i_round_argmax(s->n, s->k, s->v, rounds, threads, &poll, s->labels, &passed, &err),
        err);
    return passed;
}

static void pivots_find_an_indicator_however_it_is_turned(void **state)
{
    sample *s = malloc(sizeof *s);

    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        make(s, 200 + (int64_t)seed, 1 + (int64_t)seed % MOST, seed % 2 ? 0.02 : 0, true, seed);
        round_pivots(s, 1);
        assert_classes(s);
    }
    free(s);
}

/* Pivots by what is left of each row after those picked are projected out, and the polar factor by
 * the Newton iteration W = (W + W^-T) / 2: the method in other steps. */
static void pivots_plainly(sample *s)
{
    double left[ROWS * MOST], w[MOST][MOST], inverse[MOST][2 * MOST];
    const int64_t k = s->k;

    memcpy(left, s->v, sizeof left);
    for (int64_t t = 0; t < k; t++) {
        int64_t most = 0;
        double length = -1, q[MOST];
        for (int64_t i = 0; i < s->n; i++) {
            double sum = 0;
            for (int64_t j = 0; j < k; j++) sum += left[i * k + j] * left[i * k + j];
            if (sum > length) length = sum, most = i;
        }
        for (int64_t j = 0; j < k; j++) w[t][j] = s->v[most * k + j];
        for (int64_t j = 0; j < k; j++) q[j] = left[most * k + j] / sqrt(length);
        for (int64_t i = 0; i < s->n; i++) {
            double along = 0;
            for (int64_t j = 0; j < k; j++) along += left[i * k + j] * q[j];
            for (int64_t j = 0; j < k; j++) left[i * k + j] -= along * q[j];
        }
    }
    for (int round = 0; round < 60; round++) {
        for (int64_t i = 0; i < k; i++)
            for (int64_t j = 0; j < k; j++) inverse[i][j] = w[i][j], inverse[i][k + j] = i == j;
        for (int64_t c = 0; c < k; c++) { /* Gauss-Jordan with pivots */
            int64_t p = c;
            for (int64_t i = c; i < k; i++)
                if (fabs(inverse[i][c]) > fabs(inverse[p][c])) p = i;
            for (int64_t j = 0; j < 2 * k; j++) {
                const double t = inverse[p][j];
                inverse[p][j] = inverse[c][j], inverse[c][j] = t;
            }
            const double by = inverse[c][c];
            for (int64_t j = 0; j < 2 * k; j++) inverse[c][j] /= by;
            for (int64_t i = 0; i < k; i++) {
                const double times = inverse[i][c];
                for (int64_t j = 0; j < 2 * k && i != c; j++)
                    inverse[i][j] -= times * inverse[c][j];
            }
        }
        for (int64_t i = 0; i < k; i++)
            for (int64_t j = 0; j < k; j++) w[i][j] = (w[i][j] + inverse[j][k + i]) / 2;
    }
    for (int64_t i = 0; i < s->n; i++) {
        double most = -1;
        for (int64_t t = 0; t < k; t++) {
            double sum = 0;
            for (int64_t j = 0; j < k; j++) sum += s->v[i * k + j] * w[t][j];
            if (fabs(sum) > most) most = fabs(sum), s->expected[i] = t;
        }
    }
}

static void pivots_are_those_of_the_method_without_shortcuts(void **state)
{
    sample *s = malloc(sizeof *s);

    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        make(s, 150 + (int64_t)seed, 2 + (int64_t)seed % (MOST - 1), 0.1 * (double)(1 + seed % 6),
             true, seed);
        pivots_plainly(s);
        round_pivots(s, 1);
        assert_memory_equal(s->labels, s->expected, (size_t)s->n * sizeof *s->labels);
    }
    free(s);
}

static void pivots_take_what_has_not_full_rank(void **state)
{
    sample *s = malloc(sizeof *s);

    (void)state;
    make(s, 100, 3, 0, true, 1);
    for (int64_t i = 0; i < s->n; i++) s->v[i * 3 + 2] = 2 * s->v[i * 3] - s->v[i * 3 + 1];
    round_pivots(s, 1);
    for (int64_t i = 0; i < s->n; i++) assert_in_range(s->labels[i], 0, 2);
    memset(s->v, 0, sizeof s->v);
    round_pivots(s, 1);
    for (int64_t i = 0; i < s->n; i++) assert_int_equal(s->labels[i], 0);
    make(s, 2, 5, 0.3, true, 1);
    round_pivots(s, 1);
    for (int64_t i = 0; i < s->n; i++) assert_in_range(s->labels[i], 0, 1);
    s->n = 0;
    round_pivots(s, 1);
    free(s);
}

/* The tiny example of bipartite clustering by random features: two columns of F, and the labels
 * that one pass moves. */
static void argmax_moves_the_row_that_the_first_look_misplaces(void **state)
{
    static const double f[][2] = { { 0.399271, 0.506539 },  { 0.403016, 0.469610 },
                                   { 0.419450, 0.219174 },  { 0.413667, -0.336805 },
                                   { 0.410377, -0.383454 }, { 0.403352, -0.463004 } };
    static const int64_t first[] = { 1, 1, 0, 0, 0, 0 }, last[] = { 1, 1, 1, 0, 0, 0 };
    sample *s = malloc(sizeof *s);

    (void)state;
    s->n = 6;
    s->k = 2;
    memcpy(s->v, f, sizeof f);
    assert_int_equal(round_argmax(s, 0, 1), 0);
    assert_memory_equal(s->labels, first, sizeof first);
    assert_int_equal(round_argmax(s, 20, 1), 2); /* the second finds nothing to move */
    assert_memory_equal(s->labels, last, sizeof last);
    free(s);
}

/* The same without shortcuts; returns the rounds. */
static int64_t argmax_plainly(sample *s, int64_t rounds)
{
    const int64_t k = s->k;
    double turn[MOST][MOST];
    int64_t round = 0;

    for (int64_t i = 0; i < s->n; i++) s->expected[i] = 0;
    for (bool first = true;; first = false) {
        bool changed = false;
        for (int64_t i = 0; i < s->n; i++) {
            double most = -INFINITY;
            int64_t best = 0;
            for (int64_t c = 0; c < k; c++) {
                double sum = first ? s->v[i * k + c] : 0;
                for (int64_t j = 0; j < k && !first; j++) sum += s->v[i * k + j] * turn[j][c];
                if (sum > most) most = sum, best = c;
            }
            changed |= best != s->expected[i];
            s->expected[i] = best;
        }
        if (!first) round++;
        if ((!first && !changed) || round == rounds) return round;
        for (int64_t c = 0; c < k; c++) {
            double count = 0;
            for (int64_t i = 0; i < s->n; i++) count += s->expected[i] == c;
            for (int64_t j = 0; j < k; j++) {
                turn[j][c] = 0;
                for (int64_t i = 0; i < s->n; i++)
                    if (s->expected[i] == c) turn[j][c] += s->v[i * k + j] / sqrt(count);
            }
        }
    }
}

static void argmax_is_the_method_without_shortcuts(void **state)
{
    sample *s = malloc(sizeof *s);

    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        make(s, 180 + (int64_t)seed, 1 + (int64_t)seed % MOST, 0.1 * (double)(seed % 5), true,
             seed);
        const int64_t most = seed % 3 ? 100 : 2, rounds = argmax_plainly(s, most);
        assert_int_equal(round_argmax(s, most, 1), rounds);
        assert_memory_equal(s->labels, s->expected, (size_t)s->n * sizeof *s->labels);
    }
    free(s);
}

static void ties_go_to_the_smaller_column(void **state)
{
    sample *s = malloc(sizeof *s);

    (void)state;
    s->n = 10;
    s->k = 4;
    for (int64_t e = 0; e < 40; e++) s->v[e] = 0.5;
    round_argmax(s, 5, 1);
    for (int64_t i = 0; i < 10; i++) assert_int_equal(s->labels[i], 0);
    free(s);
}

static void threads_change_no_bit(void **state)
{
    enum { N = 3000, K = 9 };
    double *v = malloc(N * K * sizeof *v);
    int64_t *one = malloc(N * sizeof *one), *more = malloc(N * sizeof *more);
    kith_i_random r = kith_i_random_at(4, 0, 0);
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, NULL);
    for (int e = 0; e < N * K; e++) v[e] = normal(&r);
    for (int threads = 2; threads < 5; threads++) {
        assert_kith(kith_i_round_pivots(N, K, v, 1, &poll, one, &err), err);
        assert_kith(kith_i_round_pivots(N, K, v, threads, &poll, more, &err), err);
        assert_memory_equal(one, more, N * sizeof *one);
        assert_kith(kith_i_round_argmax(N, K, v, 10, 1, &poll, one, NULL, &err), err);
        assert_kith(kith_i_round_argmax(N, K, v, 10, threads, &poll, more, NULL, &err), err);
        assert_memory_equal(one, more, N * sizeof *one);
    }
    free(v);
    free(one);
    free(more);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pivots_find_an_indicator_however_it_is_turned),
        cmocka_unit_test(pivots_are_those_of_the_method_without_shortcuts),
        cmocka_unit_test(pivots_take_what_has_not_full_rank),
        cmocka_unit_test(argmax_moves_the_row_that_the_first_look_misplaces),
        cmocka_unit_test(argmax_is_the_method_without_shortcuts),
        cmocka_unit_test(ties_go_to_the_smaller_column),
        cmocka_unit_test(threads_change_no_bit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
