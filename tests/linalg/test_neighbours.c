/* Near rows: every pair looked at, ties, rows of zeros. */
#include "support/test.h"

#include "core/memory.h"
#include "core/random.h"
#include "linalg/neighbours.h"

#include <stdlib.h>

enum { ROWS = 220, COLUMNS = 400 };

typedef struct {
    int64_t n, d;
    double x[ROWS * COLUMNS];
    double distance[ROWS][ROWS]; /* squared */
} sample;

/* Rows of small whole numbers, `share` of them not 0; some rows are repeated, one is all 0. */
static void make(sample *s, int64_t n, int64_t d, double share, bool whole, bool unit,
                 uint64_t seed)
{
    kith_i_random r = kith_i_random_at(seed, 0, 0);

    s->n = n;
    s->d = d;
    for (int64_t e = 0; e < n * d; e++) {
        const double value = kith_i_random_unit(&r) * 8 - 3;
        s->x[e] = kith_i_random_unit(&r) < share ? (whole ? floor(value) : value) : 0;
    }
    for (int64_t i = 7; i + 3 < n; i += 20)
        memcpy(s->x + (i + 3) * d, s->x + i * d, (size_t)d * sizeof *s->x);
    if (n > 5) memset(s->x + 5 * d, 0, (size_t)d * sizeof *s->x);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            double sum = 0, xx = 0, yy = 0, xy = 0;
            for (int64_t c = 0; c < d; c++) {
                const double x = s->x[i * d + c], y = s->x[j * d + c];
                sum += (x - y) * (x - y);
                xx += x * x, yy += y * y, xy += x * y;
            }
            s->distance[i][j] = unit ? 2 - 2 * xy / sqrt(xx * yy) : sum; /* of 0: NaN */
        }
}

static kith_features *features_of(const sample *s, bool sparse)
{
    kith_features *out = NULL;
    kith_error err = { 0 };
    int64_t *offsets = calloc((size_t)s->n + 1, sizeof *offsets), entries = 0;
    int64_t *indices = malloc((size_t)(s->n * s->d + 1) * sizeof *indices);
    double *values = malloc((size_t)(s->n * s->d + 1) * sizeof *values);

    for (int64_t i = 0; i < s->n; i++) {
        for (int64_t c = 0; c < s->d; c++)
            if (s->x[i * s->d + c] != 0) {
                indices[entries] = c;
                values[entries++] = s->x[i * s->d + c];
            }
        offsets[i + 1] = entries;
    }
    assert_kith(sparse
                    ? kith_features_from_csr(s->n, s->d, offsets, indices, values, NULL, &out, &err)
                    : kith_features_from_dense(s->n, s->d, s->x, NULL, &out, &err),
                err);
    free(offsets);
    free(indices);
    free(values);
    return out;
}

/* The j-th nearest of row i, by selection. */
static void assert_nearest(const sample *s, int64_t count, const kith_i_near *near,
                           double tolerance)
{
    for (int64_t i = 0; i < s->n; i++) {
        bool taken[ROWS] = { false };
        for (int64_t t = 0; t < count; t++) {
            int64_t best = -1;
            for (int64_t j = 0; j < s->n; j++)
                if (j != i && !taken[j] && !isnan(s->distance[i][j]) &&
                    (best < 0 || s->distance[i][j] < s->distance[i][best] - tolerance))
                    best = j;
            const kith_i_near found = near[i * count + t];
            if (best < 0) {
                assert_true(found.row == KITH_I_NOBODY && isinf(found.distance));
                continue;
            }
            assert_int_equal(found.row, best);
            assert_near(found.distance, s->distance[i][best], tolerance);
            taken[best] = true;
        }
    }
}

static void search(const sample *s, bool sparse, bool unit, int64_t count, int threads,
                   kith_i_near *near)
{
    kith_features *features = features_of(s, sparse);
    kith_i_points *points = NULL;
    kith_i_poll poll;
    kith_error err = { 0 };

    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_points_init(features, unit, threads, &poll, &points, &err), err);
    assert_kith(kith_i_points_nearest(points, count, &poll, near, &err), err);
    kith_i_points_free(points);
    kith_features_free(features);
}

static void the_nearest_rows_are_found_and_ties_go_by_number(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_i_near *near = malloc(ROWS * ROWS * sizeof *near);

    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        make(s, 120 + (int64_t)seed * 12, 1 + (int64_t)(seed * 7), 0.8, true, false, seed);
        for (int64_t count = 1; count <= 33; count += 8) {
            search(s, seed % 2, false, count, 1, near);
            assert_nearest(s, count, near, 0);
        }
        make(s, 200, COLUMNS, 0.008, true, false, seed); /* sparse for good */
        search(s, true, false, 12, 1, near);
        assert_nearest(s, 12, near, 0);
    }
    free(near);
    free(s);
}

static void directions_are_compared_when_asked(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_i_near *near = malloc(ROWS * ROWS * sizeof *near);

    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        make(s, 150, 6, 1, false, true, seed);
        search(s, seed % 2, true, 9, 1, near);
        assert_nearest(s, 9, near, 1e-12);
        make(s, 180, COLUMNS, 0.006, false, true, seed);
        search(s, true, true, 9, 1, near);
        assert_nearest(s, 9, near, 1e-12);
    }
    free(near);
    free(s);
}

static void where_there_are_too_few_the_rest_is_nobody(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_i_near *near = malloc(ROWS * ROWS * sizeof *near);

    (void)state;
    for (int64_t n = 0; n < 20; n++)
        for (int unit = 0; unit < 2; unit++) {
            make(s, n, 3, 1, !unit, unit, 1);
            search(s, false, unit, 21, 1, near);
            assert_nearest(s, 21, near, 1e-12);
        }
    free(near);
    free(s);
}

static void what_lies_far_from_zero_is_told_apart(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_i_near *near = malloc(ROWS * ROWS * sizeof *near);

    (void)state;
    make(s, 100, 5, 1, true, false, 3);
    for (int64_t e = 0; e < s->n * s->d; e++) s->x[e] += 1e9;
    search(s, false, false, 10, 1, near);
    assert_nearest(s, 10, near, 0);
    free(near);
    free(s);
}

static void all_pairs_within_a_distance_are_found(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, NULL);
    for (uint64_t seed = 0; seed < 6; seed++) {
        const bool sparse = seed % 2;
        const double most = sparse ? 30 : 20;
        make(s, 150, sparse ? COLUMNS : 3, sparse ? 0.008 : 1, true, false, seed);
        kith_features *features = features_of(s, sparse);
        kith_i_points *points = NULL;
        kith_i_pair_near *pairs = NULL;
        int64_t count, expected = 0;
        assert_kith(kith_i_points_init(features, false, 2, &poll, &points, &err), err);
        assert_kith(kith_i_points_within(points, most, &poll, &pairs, &count, &err), err);
        for (int64_t i = 0; i < s->n; i++)
            for (int64_t j = i + 1; j < s->n; j++) expected += s->distance[i][j] <= most;
        assert_int_equal(count, expected);
        for (int64_t e = 0; e < count; e++) {
            const uint32_t *rows = pairs[e].rows;
            assert_true(rows[0] < rows[1] && pairs[e].distance == s->distance[rows[0]][rows[1]]);
            s->distance[rows[0]][rows[1]] = -1; /* each once */
            assert_true(pairs[e].distance >= 0);
        }
        kith_i_free(pairs);
        kith_i_points_free(points);
        kith_features_free(features);
    }
    free(s);
}

static void threads_change_no_bit(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_i_near *one = calloc(ROWS * 9, sizeof *one), *more = calloc(ROWS * 9, sizeof *more);

    (void)state;
    for (int unit = 0; unit < 2; unit++)
        for (int sparse = 0; sparse < 2; sparse++) {
            make(s, ROWS, COLUMNS, 0.01, false, unit, 2);
            search(s, sparse, unit, 9, 1, one);
            search(s, sparse, unit, 9, 3, more);
            for (int t = 0; t < ROWS * 9; t++)
                assert_true(one[t].row == more[t].row && one[t].distance == more[t].distance);
        }
    free(one);
    free(more);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_rows_are_found_and_ties_go_by_number),
        cmocka_unit_test(directions_are_compared_when_asked),
        cmocka_unit_test(where_there_are_too_few_the_rest_is_nobody),
        cmocka_unit_test(what_lies_far_from_zero_is_told_apart),
        cmocka_unit_test(all_pairs_within_a_distance_are_found),
        cmocka_unit_test(threads_change_no_bit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
