/* FasterPAM: the worked example, optima by brute force. */
#include "support/test.h"

#include "core/random.h"
#include "linalg/medoids.h"

#include <stdlib.h>

enum { MOST = 40 };

typedef struct {
    int64_t n, k;
    double d[MOST][MOST];
    uint32_t medoids[MOST], labels[MOST];
    double nearest[MOST], second[MOST];
    kith_i_medoids_report report;
    int asked; /* rows that were asked for */
} sample;

static kith_status rows_of(void *self, int64_t count, const uint32_t *items, double *rows,
                           kith_i_poll *poll, kith_error *err)
{
    sample *s = self;

    for (int64_t i = 0; i < count; i++)
        memcpy(rows + i * s->n, s->d[items[i]], (size_t)s->n * sizeof *rows);
    s->asked += (int)count;
    return kith_i_poll_check(poll, "looking up", -1, err);
}

static kith_status run(sample *s, int64_t rounds, const kith_run *run_, kith_error *err)
{
    const kith_i_medoids_problem problem = { .n = s->n,
                                             .k = s->k,
                                             .dissimilarity = rows_of,
                                             .self = s,
                                             .candidates = s->n,
                                             .rounds = rounds };
    kith_i_poll poll;

    kith_i_poll_start(&poll, run_);
    return kith_i_medoids(&problem, &poll, s->medoids, s->labels, s->nearest, s->second, &s->report,
                          err);
}

static void make_example(sample *s)
{
    static const double lower[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 1 };

    memset(s, 0, sizeof *s);
    s->n = 5;
    for (int i = 1, e = 0; i < 5; i++)
        for (int j = 0; j < i; j++) s->d[i][j] = s->d[j][i] = lower[e++];
}

static double mean_silhouette(const sample *s)
{
    double sum = 0;

    for (int64_t i = 0; i < s->n; i++) {
        double to[MOST] = { 0 }, count[MOST] = { 0 }, outside = INFINITY;
        for (int64_t j = 0; j < s->n; j++) {
            to[s->labels[j]] += s->d[i][j];
            count[s->labels[j]] += j != i;
        }
        const uint32_t own = s->labels[i];
        for (int64_t c = 0; c < s->k; c++)
            if (c != own) outside = fmin(outside, to[c] / count[c]);
        const double inside = count[own] > 0 ? to[own] / count[own] : outside;
        sum += (outside - inside) / fmax(inside, outside);
    }
    return sum / (double)s->n;
}

static void the_worked_example_has_its_medoids(void **state)
{
    static const uint32_t labels[] = { 0, 0, 0, 1, 1 };
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    make_example(s);
    s->k = 2;
    s->medoids[0] = 0;
    s->medoids[1] = 1;
    assert_kith(run(s, 100, NULL, &err), err);
    assert_int_equal(s->medoids[0], 0);
    assert_int_equal(s->medoids[1], 3);
    assert_memory_equal(s->labels, labels, sizeof labels);
    assert_true(s->report.loss == 4);
    assert_int_equal(s->report.swaps, 2);
    assert_int_equal(s->report.rounds, 2);
    assert_true(s->report.converged);
    assert_near(mean_silhouette(s), 0.7522494172, 5e-11);
    free(s);
}

static void one_medoid_is_the_item_nearest_to_all(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    make_example(s);
    s->k = 1;
    s->medoids[0] = 1;
    assert_kith(run(s, 100, NULL, &err), err);
    assert_int_equal(s->medoids[0], 0);
    assert_true(s->report.loss == 14);
    assert_int_equal(s->report.swaps, 1);
    free(s);
}

static void make_points(sample *s, int64_t n, int64_t k, uint64_t seed)
{
    kith_i_random r = kith_i_random_at(seed, 0, 0);
    double x[MOST][2];

    memset(s, 0, sizeof *s);
    s->n = n;
    s->k = k;
    for (int64_t i = 0; i < n; i++)
        for (int j = 0; j < 2; j++)
            x[i][j] = seed % 2 ? kith_i_random_unit(&r) : (double)kith_i_random_below(&r, 6);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            s->d[i][j] = fabs(x[i][0] - x[j][0]) + fabs(x[i][1] - x[j][1]);
}

static double loss_of(const sample *s, const uint32_t *medoids)
{
    double loss = 0;

    for (int64_t o = 0; o < s->n; o++) {
        double least = INFINITY;
        for (int64_t i = 0; i < s->k; i++) least = fmin(least, s->d[medoids[i]][o]);
        loss += least;
    }
    return loss;
}

static void at_the_end_no_swap_lowers_the_loss(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        make_points(s, 10 + (int64_t)seed % 30, 1 + (int64_t)seed % 9, seed);
        for (int64_t i = 0; i < s->k; i++) s->medoids[i] = (uint32_t)i;
        const double before = loss_of(s, s->medoids);
        assert_kith(run(s, 100, NULL, &err), err);
        assert_true(s->report.converged && s->report.loss <= before);
        assert_near(s->report.loss, loss_of(s, s->medoids), 1e-12);
        for (int64_t i = 0; i < s->k; i++)
            for (uint32_t c = 0; c < s->n; c++) {
                uint32_t other[MOST];
                memcpy(other, s->medoids, sizeof other);
                other[i] = c;
                assert_true(loss_of(s, other) >= s->report.loss - 1e-12);
            }
        for (int64_t o = 0; o < s->n; o++) {
            double second = INFINITY;
            for (int64_t i = 0; i < s->k; i++) {
                assert_true(s->d[s->medoids[i]][o] >= s->nearest[o]);
                if (i != s->labels[o]) second = fmin(second, s->d[s->medoids[i]][o]);
            }
            assert_true(s->nearest[o] == s->d[s->medoids[s->labels[o]]][o]);
            assert_true(s->second[o] == (s->k > 1 ? second : s->nearest[o]));
        }
    }
    free(s);
}

static void a_cap_on_rounds_ends_it(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    make_example(s);
    s->k = 2;
    s->medoids[1] = 1;
    assert_kith(run(s, 1, NULL, &err), err);
    assert_int_equal(s->report.rounds, 1);
    assert_false(s->report.converged);
    free(s);
}

/* A run that is cancelled, or whose time is up, at a certain poll. */
typedef struct {
    int left;
    bool cancels;
    kith_run run;
} ending;

static int count_down(const kith_progress *progress, void *payload)
{
    ending *e = payload;

    (void)progress;
    if (--e->left > 0) return 0;
    e->run.time_limit = 1e-9;
    return e->cancels;
}

static void ends_when_asked_with_the_best_so_far_when_time_is_up(void **state)
{
    sample *s = malloc(sizeof *s);
    kith_error err = { 0 };

    (void)state;
    for (int cancels = 0; cancels < 2; cancels++)
        for (int at = 1, given = 0; given < 2; at++) {
            make_points(s, 40, 4, 1);
            for (uint32_t i = 0; i < 4; i++) s->medoids[i] = i;
            ending e = { .left = at,
                         .cancels = cancels,
                         .run = { .progress = count_down, .payload = &e } };
            const kith_status status = run(s, 100, &e.run, &err);
            if (status == KITH_OK && e.left <= 0) assert_false(cancels);
            if (status == KITH_OK)
                assert_near(s->report.loss, loss_of(s, s->medoids), 1e-12);
            else
                assert_int_equal(status, cancels ? KITH_E_CANCELLED : KITH_E_TIME);
            given += e.left > 0;
        }
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_has_its_medoids),
        cmocka_unit_test(one_medoid_is_the_item_nearest_to_all),
        cmocka_unit_test(at_the_end_no_swap_lowers_the_loss),
        cmocka_unit_test(a_cap_on_rounds_ends_it),
        cmocka_unit_test(ends_when_asked_with_the_best_so_far_when_time_is_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
