/* The sort that polls, against the C library's. */
#include "support/test.h"

#include "core/memory.h"
#include "core/random.h"
#include "core/sort.h"

#include <stdlib.h>

enum { MOST = 3000 };

static int ascending(const void *x, const void *y)
{
    const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return a < b ? -1 : a > b;
}

static void sorts_as_the_c_library_does(void **state)
{
    int64_t items[MOST], expected[MOST];

    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        kith_i_random random = kith_i_random_at(seed, 1, 0);
        const int64_t count =
            seed < 20 ? (int64_t)seed : (int64_t)kith_i_random_below(&random, MOST);
        const uint64_t values = seed % 3 ? UINT64_MAX : 5; /* many of them equal */
        kith_i_poll poll = { 0 };
        kith_error err = { 0 };

        for (int64_t i = 0; i < count; i++)
            expected[i] = items[i] = (int64_t)kith_i_random_below(&random, values);
        qsort(expected, (size_t)count, sizeof *expected, ascending);
        assert_kith(kith_i_sort(items, count, &poll, "sorting", &err), err);
        assert_memory_equal(items, expected, (size_t)count * sizeof *items);
    }
}

static int refuse(const kith_progress *progress, void *payload)
{
    assert_string_equal(progress->stage, "sorting");
    ++*(int *)payload;
    return 1;
}

static void can_be_cancelled_unless_there_is_nothing_to_do(void **state)
{
    int64_t sorted[] = { 1, 2, 2, 3 }, unsorted[] = { 1, 3, 2 };
    int asked = 0;
    const kith_run run = { .progress = refuse, .payload = &asked };
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, &run);
    assert_kith(kith_i_sort(sorted, 4, &poll, "sorting", &err), err);
    assert_int_equal(asked, 0);
    assert_kith_fails(kith_i_sort(unsorted, 3, &poll, "sorting", &err), KITH_E_CANCELLED, "sorting",
                      err);
    assert_int_equal(asked, 1);
}

static void numbers_are_ordered_and_equal_ones_by_place(void **state)
{
    static const double few[] = { 0.0, -0.0, INFINITY, -INFINITY, 1e-310, -1e-310, 3, -7, 3 };
    enum { SIZE = 500 };
    double values[SIZE];
    uint32_t order[SIZE];

    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        kith_i_random random = kith_i_random_at(seed, 2, 0);
        const int64_t count = 1 + (int64_t)kith_i_random_below(&random, SIZE);
        kith_i_poll poll = { 0 };
        kith_error err = { 0 };

        for (int64_t i = 0; i < count; i++)
            values[i] = seed % 2 ? few[kith_i_random_below(&random, 9)]
                                 : ldexp(kith_i_random_unit(&random) - 0.5, (int)(i % 90) - 45);
        assert_kith(kith_i_sort_order(values, count, order, &poll, "sorting", &err), err);
        for (int64_t i = 1; i < count; i++) {
            const double a = values[order[i - 1]], b = values[order[i]];
            assert_true(a < b || (a == b && order[i - 1] < order[i]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_as_the_c_library_does),
        cmocka_unit_test(numbers_are_ordered_and_equal_ones_by_place),
        cmocka_unit_test(can_be_cancelled_unless_there_is_nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
