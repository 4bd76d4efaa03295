/* Progress, cancellation, the time limit. */
#include "support/test.h"

#include "core/poll.h"

/* What the callback was told, and when it is to cancel. */
typedef struct {
    int           calls, cancel_at;
    kith_progress last;
} listener;

static int listen_to(const kith_progress *progress, void *payload)
{
    listener *l = payload;

    l->last = *progress;
    return ++l->calls == l->cancel_at;
}

static void without_a_run_there_is_nothing_to_stop(void **state)
{
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_poll_check(&poll, "working", 0.5, &err), err);
    assert_false(kith_i_poll_stopped(&poll));
}

static void progress_is_told_stage_fraction_and_seconds(void **state)
{
    listener l = { 0 };
    const kith_run run = { .progress = listen_to, .payload = &l };
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, &run);
    assert_kith(kith_i_poll_check(&poll, "working", 0.25, &err), err);
    assert_kith(kith_i_poll_check(&poll, "resting", -1, &err), err);
    assert_int_equal(l.calls, 2);
    assert_string_equal(l.last.stage, "resting");
    assert_true(l.last.fraction == -1);
    assert_true(l.last.seconds >= 0 && l.last.seconds < 60);
}

static void calls_keep_their_interval(void **state)
{
    listener l = { 0 };
    const kith_run run = { .progress = listen_to, .payload = &l, .interval = 3600 };
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, &run);
    for (int i = 0; i < 100; i++)
        assert_kith(kith_i_poll_check(&poll, "working", 0, &err), err);
    assert_int_equal(l.calls, 1); /* the first is due at once */
}

static void a_callback_cancels_for_good(void **state)
{
    listener l = { .cancel_at = 3 };
    const kith_run run = { .progress = listen_to, .payload = &l };
    kith_i_poll poll;
    kith_error err = { 0 };

    (void)state;
    kith_i_poll_start(&poll, &run);
    for (int i = 0; i < 2; i++) {
        assert_kith(kith_i_poll_check(&poll, "working", 0, &err), err);
        assert_false(kith_i_poll_stopped(&poll));
    }
    for (int i = 0; i < 3; i++) {
        assert_kith_fails(kith_i_poll_check(&poll, "working", 0, &err), KITH_E_CANCELLED,
                          "cancelled while working", err);
        assert_true(kith_i_poll_stopped(&poll));
    }
    assert_int_equal(l.calls, 3);
}

static void the_time_limit_stops_for_good(void **state)
{
    const kith_run run = { .time_limit = 0.01 }, patient = { .time_limit = 3600 };
    kith_i_poll poll;
    kith_error err = { 0 };
    const double started = kith_i_now();

    (void)state;
    kith_i_poll_start(&poll, &patient);
    assert_kith(kith_i_poll_check(&poll, "working", 0, &err), err);
    kith_i_poll_start(&poll, &run);
    while (kith_i_poll_check(&poll, "working", 0, &err) == KITH_OK)
        assert_true(kith_i_now() < started + 60);
    assert_true(kith_i_now() >= started + 0.01);
    assert_kith_fails(kith_i_poll_check(&poll, "ending", 0, &err), KITH_E_TIME,
                      "the time limit of 0.01 s passed while ending", err);
    assert_true(kith_i_poll_stopped(&poll));
}

static void a_cancelled_call_does_not_turn_into_one_out_of_time(void **state)
{
    listener l = { .cancel_at = 1 };
    const kith_run run = { .progress = listen_to, .payload = &l, .time_limit = 1e-9 };
    kith_i_poll poll;

    (void)state;
    kith_i_poll_start(&poll, &run);
    for (int i = 0; i < 3; i++)
        assert_int_equal(kith_i_poll_check(&poll, "working", 0, NULL), KITH_E_CANCELLED);
}

static void the_clock_only_goes_forward(void **state)
{
    double before = kith_i_now();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        const double now = kith_i_now();
        assert_true(now >= before);
        before = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_run_there_is_nothing_to_stop),
        cmocka_unit_test(progress_is_told_stage_fraction_and_seconds),
        cmocka_unit_test(calls_keep_their_interval),
        cmocka_unit_test(a_callback_cancels_for_good),
        cmocka_unit_test(the_time_limit_stops_for_good),
        cmocka_unit_test(a_cancelled_call_does_not_turn_into_one_out_of_time),
        cmocka_unit_test(the_clock_only_goes_forward),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
