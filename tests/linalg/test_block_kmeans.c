/* k-means: rounds as Lloyd makes them, optima by brute force, what seeding promises. */
#include "support/test.h"

#include "core/random.h"
#include "linalg/kmeans.h"

#include <stdlib.h>

enum { MOST = 8192 };

/* A problem, what k-means makes of it, and what Lloyd does. */
typedef struct {
    int64_t n, d, k;
    double x[MOST], centres[MOST], found[MOST], expected[MOST];
    int64_t labels[MOST], expected_labels[MOST];
    kith_i_kmeans_report report;
} sample;

static double distance2(int64_t d, const double *a, const double *b)
{
    double sum = 0;

    for (int64_t j = 0; j < d; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}

static double inertia(const sample *s, const int64_t *labels, const double *centres)
{
    double sum = 0;

    for (int64_t i = 0; i < s->n; i++)
        sum += distance2(s->d, s->x + i * s->d, centres + labels[i] * s->d);
    return sum;
}

/* Points in clouds around k places, or anywhere. */
static void make(sample *s, int64_t n, int64_t d, int64_t k, double spread, uint64_t seed)
{
    kith_i_random r = kith_i_random_at(seed, 0, 0);

    memset(s, 0, sizeof *s);
    s->n = n;
    s->d = d;
    s->k = k;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < d; j++) {
            kith_i_random place = kith_i_random_at(seed, 1 + (uint64_t)(i % k), (uint64_t)j);
            s->x[i * d + j] = kith_i_random_unit(&place) + spread * kith_i_random_unit(&r);
        }
}

static kith_status run(sample *s, const kith_i_kmeans_options *options, const kith_run *run_,
                       kith_error *err)
{
    kith_i_poll poll;

    kith_i_poll_start(&poll, run_);
    return kith_i_kmeans(s->n, s->d, s->x, options, &poll, s->labels, s->found, &s->report, err);
}

static kith_i_kmeans_options options_for(const sample *s)
{
    return (kith_i_kmeans_options){ .k = s->k, .restarts = 1, .rounds = 300, .threads = 1 };
}

/* Lloyd's rounds from the first k rows, without any shortcut; how many until nothing changed, or -1
 * when a cluster ran empty. */
static int64_t lloyd(sample *s)
{
    int64_t changed = 1, rounds = 0;

    memcpy(s->expected, s->x, (size_t)(s->k * s->d) * sizeof *s->x);
    for (int64_t i = 0; i < s->n; i++) s->expected_labels[i] = -1;
    for (; changed; rounds++) {
        changed = 0;
        for (int64_t i = 0; i < s->n; i++) {
            int64_t best = 0;
            for (int64_t c = 1; c < s->k; c++)
                if (distance2(s->d, s->x + i * s->d, s->expected + c * s->d) <
                    distance2(s->d, s->x + i * s->d, s->expected + best * s->d))
                    best = c;
            changed += best != s->expected_labels[i];
            s->expected_labels[i] = best;
        }
        for (int64_t c = 0; c < s->k; c++) {
            double sum[MOST] = { 0 }, count = 0;
            for (int64_t i = 0; i < s->n; i++) {
                if (s->expected_labels[i] != c) continue;
                count++;
                for (int64_t j = 0; j < s->d; j++) sum[j] += s->x[i * s->d + j];
            }
            if (count == 0) return -1;
            for (int64_t j = 0; j < s->d; j++) s->expected[c * s->d + j] = sum[j] / count;
        }
    }
    return rounds;
}

static void rounds_are_those_of_lloyd(void **state)
{
    static const int64_t shapes[][3] = { { 400, 2, 3 },   { 300, 5, 7 },   { 120, 32, 16 },
                                         { 200, 17, 40 }, { 1000, 4, 20 }, { 60, 64, 5 },
                                         { 1500, 1, 33 }, { 128, 9, 64 },  { 2000, 3, 530 } };
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; shape++)
        for (uint64_t seed = 0; seed < 4; seed++) {
            const int64_t *of = shapes[shape];
            make(s, of[0], of[1], of[2], seed < 2 ? 0.3 : 2, seed);
            kith_i_kmeans_options o = options_for(s);
            o.centres = s->x;
            assert_kith(run(s, &o, NULL, &err), err);
            const int64_t rounds = lloyd(s);
            assert_memory_equal(s->labels, s->expected_labels, (size_t)s->n * sizeof *s->labels);
            assert_int_equal(s->report.rounds, rounds);
            assert_true(s->report.converged);
            assert_near(s->report.inertia, inertia(s, s->expected_labels, s->expected),
                        1e-12 * s->report.inertia);
            for (int64_t c = 0; c < s->k * s->d; c++)
                assert_near(s->found[c], s->expected[c], 1e-13);
        }
    free(s);
}

/* Rows about several places, in units that floats cannot hold or have no digits for. */
static void rounds_are_those_of_lloyd_in_any_unit(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };
    int compared = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 24; seed++) {
        const double units[] = { 1e-120, 1e-30, 1e30, 1e140 };
        make(s, 600, 4, 6, 0.3, seed);
        for (int64_t e = 0; e < s->n * s->d; e++) {
            if (seed % 3 == 1) s->x[e] = (s->x[e] - 0.6) * pow(1e-4, (double)(e / s->d % 5));
            s->x[e] *= units[seed % 4];
        }
        kith_i_kmeans_options o = options_for(s);
        o.centres = s->x;
        assert_kith(run(s, &o, NULL, &err), err);
        if (lloyd(s) < 0) continue;
        assert_memory_equal(s->labels, s->expected_labels, (size_t)s->n * sizeof *s->labels);
        compared++;
    }
    assert_true(compared > 12);
    free(s);
}

static void ties_go_to_the_smaller_label(void **state)
{
    sample *s = malloc(sizeof *s);
    static const double line[] = { 0, 4, 2 };
    kith_error err = { 0 };

    (void)state;
    make(s, 3, 1, 2, 0, 0);
    memcpy(s->x, line, sizeof line);
    kith_i_kmeans_options o = options_for(s);
    o.rounds = 1;
    o.centres = s->x;
    assert_kith(run(s, &o, NULL, &err), err);
    assert_int_equal(s->labels[2], 0);
    assert_false(s->report.converged);
    free(s);
}

static void what_lies_far_from_zero_is_told_apart(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    make(s, 200, 3, 4, 0.4, 5);
    for (int64_t e = 0; e < s->n * s->d; e++) s->x[e] = round(s->x[e] * 1024) + 1e9;
    kith_i_kmeans_options o = options_for(s);
    o.centres = s->x;
    assert_kith(run(s, &o, NULL, &err), err);
    assert_true(lloyd(s) > 0);
    assert_memory_equal(s->labels, s->expected_labels, (size_t)s->n * sizeof *s->labels);
    free(s);
}

/* The least sum of squares over all partitions of few points into k clusters. */
static double optimum(sample *s)
{
    double best = INFINITY;
    int64_t ways = 1;

    for (int64_t i = 0; i < s->n; i++) ways *= s->k;
    for (int64_t way = 0; way < ways; way++) {
        double counts[8] = { 0 }, sum = 0;
        memset(s->expected, 0, (size_t)(s->k * s->d) * sizeof *s->expected);
        for (int64_t i = 0, rest = way; i < s->n; i++, rest /= s->k) {
            const int64_t c = s->expected_labels[i] = rest % s->k;
            counts[c]++;
            for (int64_t j = 0; j < s->d; j++) s->expected[c * s->d + j] += s->x[i * s->d + j];
        }
        for (int64_t c = 0; c < s->k; c++)
            for (int64_t j = 0; j < s->d; j++) s->expected[c * s->d + j] /= counts[c];
        for (int64_t c = 0; c < s->k; c++) sum += counts[c];
        if (sum == (double)s->n) best = fmin(best, inertia(s, s->expected_labels, s->expected));
    }
    return best;
}

static void many_starts_find_the_optimum(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        make(s, 9, 2, 3, 1, seed);
        kith_i_kmeans_options o = options_for(s);
        o.restarts = 50;
        o.seed = seed;
        assert_kith(run(s, &o, NULL, &err), err);
        assert_near(s->report.inertia, optimum(s), 1e-12);
        assert_near(s->report.inertia, inertia(s, s->labels, s->found), 1e-12);
    }
    free(s);
}

static void clouds_far_apart_are_seeded_apart(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        make(s, 600, 3, 12, 1e-7, seed);
        kith_i_kmeans_options o = options_for(s);
        o.seed = seed;
        assert_kith(run(s, &o, NULL, &err), err);
        for (int64_t i = 0; i < s->n; i++)
            for (int64_t j = 0; j < i; j++)
                assert_true((s->labels[i] == s->labels[j]) == (i % 12 == j % 12));
    }
    free(s);
}

static void an_empty_cluster_gets_the_farthest_row(void **state)
{
    static const double line[] = { 0, 1, 2, 3, 10 }, centres[] = { 1, 100, 200 };
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    make(s, 5, 1, 3, 0, 0);
    memcpy(s->x, line, sizeof line);
    kith_i_kmeans_options o = options_for(s);
    o.centres = centres;
    o.rounds = 1;
    assert_kith(run(s, &o, NULL, &err), err);
    assert_int_equal(s->labels[0], 0);
    assert_int_equal(s->labels[1], 0);
    assert_int_equal(s->labels[2], 0);
    assert_int_equal(s->labels[4], 1);
    assert_int_equal(s->labels[3], 2);
    assert_near(s->found[0], 1, 1e-15);
    assert_near(s->found[1], 10, 1e-15);
    assert_near(s->found[2], 3, 1e-15);
    free(s);
}

static void as_many_clusters_as_rows_have_no_inertia(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    make(s, 40, 3, 40, 1, 1);
    kith_i_kmeans_options o = options_for(s);
    assert_kith(run(s, &o, NULL, &err), err);
    assert_true(s->report.inertia == 0);
    make(s, 40, 3, 1, 1, 1);
    o.k = 1;
    assert_kith(run(s, &o, NULL, &err), err);
    for (int64_t i = 0; i < s->n; i++) assert_int_equal(s->labels[i], 0);
    free(s);
}

static void more_clusters_than_distinct_rows_are_refused(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    make(s, 60, 2, 5, 0, 3);
    kith_i_kmeans_options o = options_for(s);
    assert_kith(run(s, &o, NULL, &err), err);
    assert_near(s->report.inertia, 0, 1e-28);
    o.k = 6;
    assert_kith_fails(run(s, &o, NULL, &err), KITH_E_ARGUMENT, "k is 6 (expected at most 5", err);
    o.centres = s->x;
    assert_kith_fails(run(s, &o, NULL, &err), KITH_E_ARGUMENT, "k is 6 (expected at most", err);
    o.k = 61;
    assert_kith_fails(run(s, &o, NULL, &err), KITH_E_ARGUMENT, "k is 61 (expected 1 to 60", err);
    free(s);
}

static void threads_change_no_bit(void **state)
{
    sample *one = malloc(sizeof *one), *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    make(one, 2500, 3, 25, 1, 8);
    kith_i_kmeans_options o = options_for(one);
    o.restarts = 3;
    assert_kith(run(one, &o, NULL, &err), err);
    for (int threads = 2; threads < 6; threads++) {
        make(s, 2500, 3, 25, 1, 8);
        o.threads = threads;
        assert_kith(run(s, &o, NULL, &err), err);
        assert_memory_equal(s->labels, one->labels, sizeof s->labels);
        assert_memory_equal(s->found, one->found, sizeof s->found);
        assert_true(s->report.inertia == one->report.inertia);
    }
    free(one);
    free(s);
}

static int cancel_at(const kith_progress *progress, void *payload)
{
    int *left = payload;

    (void)progress;
    return --*left == 0;
}

static void is_cancelled_at_any_poll(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_status status = KITH_E_CANCELLED;
    kith_error err = { 0 };

    (void)state;
    make(s, 300, 2, 6, 1, 2);
    kith_i_kmeans_options o = options_for(s);
    o.restarts = 2;
    for (int at = 1; status == KITH_E_CANCELLED; at++) {
        int left = at;
        const kith_run run_ = { .progress = cancel_at, .payload = &left };
        status = run(s, &o, &run_, &err);
        assert_true(status == KITH_E_CANCELLED || (status == KITH_OK && at > 10));
    }
    assert_kith(status, err);
    free(s);
}

/* A run whose time is up at a certain poll. */
typedef struct {
    int left;
    kith_run run;
} limited;

static int count_down(const kith_progress *progress, void *payload)
{
    limited *l = payload;

    (void)progress;
    if (--l->left == 0) l->run.time_limit = 1e-9;
    return 0;
}

static void when_time_is_up_the_best_so_far_is_given(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };
    double before = INFINITY;
    int ended = 0, whole = 0;

    (void)state;
    make(s, 300, 2, 6, 1, 2);
    kith_i_kmeans_options o = options_for(s);
    o.restarts = 2;
    for (int at = 1; !whole; at++) {
        limited l = { .left = at, .run = { .progress = count_down, .payload = &l } };
        const kith_status status = run(s, &o, &l.run, &err);
        if (status == KITH_E_TIME) {
            assert_int_equal(ended, 0); /* no labels yet */
            continue;
        }
        assert_kith(status, err);
        ended++;
        whole = l.left > 0;
        assert_true(s->report.inertia <= before);
        before = s->report.inertia;
        assert_near(s->report.inertia, inertia(s, s->labels, s->found), 1e-12);
    }
    assert_true(ended > 10);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_are_those_of_lloyd),
        cmocka_unit_test(rounds_are_those_of_lloyd_in_any_unit),
        cmocka_unit_test(ties_go_to_the_smaller_label),
        cmocka_unit_test(what_lies_far_from_zero_is_told_apart),
        cmocka_unit_test(many_starts_find_the_optimum),
        cmocka_unit_test(clouds_far_apart_are_seeded_apart),
        cmocka_unit_test(an_empty_cluster_gets_the_farthest_row),
        cmocka_unit_test(as_many_clusters_as_rows_have_no_inertia),
        cmocka_unit_test(more_clusters_than_distinct_rows_are_refused),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(is_cancelled_at_any_poll),
        cmocka_unit_test(when_time_is_up_the_best_so_far_is_given),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
