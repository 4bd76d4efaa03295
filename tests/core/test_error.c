/* Status and message, the control macros, and the start of GraphBLAS. */
#include "support/test.h"

#include "core/base.h"
#include "core/grb.h"

#include <stdio.h>

#include <omp.h>

static void every_status_has_its_own_text(void **state)
{
    (void)state;
    for (int a = KITH_E_INTERNAL; a <= KITH_OK; a++) {
        assert_non_null(kith_status_text((kith_status)a));
        for (int b = KITH_E_INTERNAL; b < a; b++)
            assert_string_not_equal(kith_status_text((kith_status)a),
                                    kith_status_text((kith_status)b));
    }
    assert_string_equal(kith_status_text((kith_status)99), "unknown status");
}

static void a_failure_fills_status_and_message(void **state)
{
    kith_error err = { 0 };

    (void)state;
    assert_int_equal(kith_i_fail(&err, KITH_E_IO, "%s is %d", "x", 3), KITH_E_IO);
    assert_int_equal(err.status, KITH_E_IO);
    assert_string_equal(err.message, "x is 3");
    assert_int_equal(kith_i_fail(NULL, KITH_E_INPUT, "nobody reads this"), KITH_E_INPUT);
}

static void a_message_is_cut_at_its_size(void **state)
{
    char text[2000];
    kith_error err = { 0 };

    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    kith_i_fail(&err, KITH_E_INPUT, "%s", text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

/* Fails at the step that is named: 0 for none. */
static kith_status steps(int failing, int *done, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(failing != 1, KITH_E_ARGUMENT, "step %d", 1);
    KITH_TRY(failing == 2 ? kith_i_fail(err, KITH_E_INPUT, "step 2") : KITH_OK);
    KITH_GRB(failing == 3 ? GrB_OUT_OF_MEMORY : GrB_NO_VALUE);
    KITH_GRB(failing == 4 ? GrB_DIMENSION_MISMATCH : GrB_SUCCESS);
    *done += 100;

done:
    *done += 1;
    return status;
}

static void the_macros_leave_by_one_exit(void **state)
{
    static const kith_status expected[] = { KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY,
                                            KITH_E_INTERNAL };
    static const char *const texts[] = { "", "step 1", "step 2", "out of memory", "GraphBLAS" };

    (void)state;
    for (int failing = 0; failing < 5; failing++) {
        kith_error err = { 0 };
        int done = 0;
        assert_kith_fails(steps(failing, &done, &err), expected[failing], texts[failing], err);
        assert_int_equal(done, failing ? 1 : 101);
    }
}

static void the_version_is_three_numbers(void **state)
{
    int major, minor, patch;

    (void)state;
    assert_int_equal(sscanf(kith_version(), "%d.%d.%d", &major, &minor, &patch), 3);
}

static void graphblas_starts_once_from_any_thread(void **state)
{
    int failed = 0;

    (void)state;
#pragma omp parallel for num_threads(4) reduction(+ : failed)
    for (int i = 0; i < 16; i++) failed += kith_init(NULL) != KITH_OK || !kith_i_grb_ours();
    assert_int_equal(failed, 0);
}

static void a_descriptor_carries_the_threads_of_a_call(void **state)
{
    GrB_Descriptor descriptor = NULL;
    kith_error err = { 0 };
    int threads, everywhere, after;

    (void)state;
    assert_kith(kith_init(&err), err);
    GxB_Global_Option_get(GxB_GLOBAL_NTHREADS, &everywhere);
    assert_kith(kith_i_grb_threads(3, &descriptor, &err), err);
    GxB_Desc_get(descriptor, GxB_NTHREADS, &threads);
    GxB_Global_Option_get(GxB_GLOBAL_NTHREADS, &after);
    assert_int_equal(threads, 3);
    assert_int_equal(after, everywhere);
    GrB_Descriptor_free(&descriptor);
}

static void threads_are_those_of_the_run_or_all(void **state)
{
    kith_run run = { .threads = 3 };

    (void)state;
    assert_int_equal(kith_i_threads(&run), 3);
    run.threads = 0;
    assert_int_equal(kith_i_threads(&run), omp_get_max_threads());
    assert_int_equal(kith_i_threads(NULL), omp_get_max_threads());
    run.threads = INT64_MAX;
    assert_int_equal(kith_i_threads(&run), 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_own_text),
        cmocka_unit_test(a_failure_fills_status_and_message),
        cmocka_unit_test(a_message_is_cut_at_its_size),
        cmocka_unit_test(the_macros_leave_by_one_exit),
        cmocka_unit_test(the_version_is_three_numbers),
        cmocka_unit_test(graphblas_starts_once_from_any_thread),
        cmocka_unit_test(a_descriptor_carries_the_threads_of_a_call),
        cmocka_unit_test(threads_are_those_of_the_run_or_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
