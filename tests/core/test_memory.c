/* Allocation: what cannot be had is an error with a figure, and leaves what was there. */
#include "support/test.h"

#include "core/memory.h"

#include <stdlib.h>

static void no_items_still_have_an_address(void **state)
{
    kith_error err = { 0 };
    int *x = NULL, *y = NULL;

    (void)state;
    assert_kith(kith_i_alloc(&x, 0, sizeof *x, &err), err);
    assert_kith(kith_i_zeroed(&y, 0, sizeof *y, &err), err);
    assert_non_null(x);
    assert_non_null(y);
    assert_kith(kith_i_resize(&x, 0, sizeof *x, &err), err);
    assert_non_null(x);
    kith_i_free(x);
    kith_i_free(y);
    kith_i_free(NULL);
}

static void zeroed_room_is_zero(void **state)
{
    kith_error err = { 0 };
    int64_t *x = NULL;

    (void)state;
    assert_kith(kith_i_zeroed(&x, 1000, sizeof *x, &err), err);
    for (int i = 0; i < 1000; i++) assert_int_equal(x[i], 0);
    kith_i_free(x);
}

static void sizes_that_overflow_are_refused(void **state)
{
    static const int64_t counts[] = { -1, INT64_MAX, INT64_C(1) << 61, INT64_C(1) << 60 };
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < 4; i++) {
        double *x = (double *)&err, *y = (double *)&err;
        assert_kith_fails(kith_i_alloc(&x, counts[i], sizeof *x, &err), KITH_E_MEMORY,
                          "out of memory", err);
        assert_null(x);
        assert_kith_fails(kith_i_zeroed(&y, counts[i], sizeof *y, &err), KITH_E_MEMORY,
                          "out of memory", err);
        assert_null(y);
    }
}

static void a_failure_names_what_was_needed(void **state)
{
    kith_error err = { 0 };
    char *x = NULL;

    (void)state;
    assert_kith_fails(kith_i_alloc(&x, INT64_C(1) << 60, 16, &err), KITH_E_MEMORY,
                      "17592186044416.0 MiB", err);
    assert_int_equal(err.status, KITH_E_MEMORY);
    assert_int_equal(kith_i_alloc(&x, INT64_C(1) << 60, 16, NULL), KITH_E_MEMORY);
}

static void a_failed_resize_leaves_the_array(void **state)
{
    kith_error err = { 0 };
    int *x = NULL;

    (void)state;
    assert_kith(kith_i_alloc(&x, 3, sizeof *x, &err), err);
    x[2] = 7;
    int *const before = x;
    assert_int_equal(kith_i_resize(&x, INT64_C(1) << 61, sizeof *x, &err), KITH_E_MEMORY);
    assert_ptr_equal(x, before);
    assert_int_equal(x[2], 7);
    assert_kith(kith_i_resize(&x, 1000, sizeof *x, &err), err);
    assert_int_equal(x[2], 7);
    kith_i_free(x);
}

static void a_growing_array_keeps_its_items(void **state)
{
    kith_error err = { 0 };
    int64_t *x = NULL, capacity = 0, grown = 0;

    (void)state;
    for (int64_t count = 0; count < 10000; count++) {
        const int64_t before = capacity;
        assert_kith(kith_i_grow(&x, count, &capacity, sizeof *x, &err), err);
        grown += capacity != before;
        assert_true(count < capacity);
        x[count] = count;
    }
    for (int64_t i = 0; i < 10000; i++) assert_int_equal(x[i], i);
    assert_true(grown <= 12);
    capacity = INT64_C(1) << 60;
    assert_int_equal(kith_i_grow(&x, capacity, &capacity, sizeof *x, &err), KITH_E_MEMORY);
    assert_int_equal(capacity, INT64_C(1) << 60);
    kith_i_free(x);
}

static void a_text_is_copied(void **state)
{
    kith_error err = { 0 };
    char text[] = "abc", *copy = NULL;

    (void)state;
    assert_kith(kith_i_copy_text(&copy, text, &err), err);
    text[0] = 'x';
    assert_string_equal(copy, "abc");
    kith_i_free(copy);
}

static void what_the_machine_does_not_have_is_refused_at_once(void **state)
{
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_memory_require(1024, "a small thing", &err), err);
    assert_kith_fails(kith_i_memory_require(0x1p60, "a large thing", &err), KITH_E_MEMORY,
                      "a large thing needs 1099511627776 MiB of memory (the machine has ", err);
    assert_int_equal(kith_i_memory_require((double)NAN, "an unknown thing", &err), KITH_E_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_items_still_have_an_address),
        cmocka_unit_test(zeroed_room_is_zero),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(a_failure_names_what_was_needed),
        cmocka_unit_test(a_failed_resize_leaves_the_array),
        cmocka_unit_test(a_growing_array_keeps_its_items),
        cmocka_unit_test(a_text_is_copied),
        cmocka_unit_test(what_the_machine_does_not_have_is_refused_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
