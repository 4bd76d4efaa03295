/* Progress, cancellation and the time limit. */
#include "core/poll.h"

#include <math.h>
#include <time.h>

double kith_i_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void kith_i_poll_start(kith_i_poll *poll, const kith_run *run)
{
    poll->run = run;
    poll->started = kith_i_now();
    poll->reported = -INFINITY;
    atomic_init(&poll->reason, KITH_OK);
}

kith_i_poll kith_i_poll_patient(const kith_i_poll *poll, kith_run *run)
{
    kith_i_poll patient = { .started = poll->started, .reported = poll->reported };

    if (!poll->run) return patient;
    *run = *poll->run;
    run->time_limit = 0;
    patient.run = run;
    return patient;
}

/* Asks the callback when it is due. */
static kith_status ask(kith_i_poll *poll, const char *stage, double fraction, double now)
{
    const kith_run *run = poll->run;
    const kith_progress progress = { stage, fraction, now - poll->started };

    if (run->progress && now - poll->reported >= run->interval) {
        poll->reported = now;
        if (run->progress(&progress, run->payload)) return KITH_E_CANCELLED;
    }
    if (run->time_limit > 0 && now - poll->started >= run->time_limit) return KITH_E_TIME;
    return KITH_OK;
}

kith_status kith_i_poll_check(kith_i_poll *poll, const char *stage, double fraction,
                              kith_error *err)
{
    kith_status reason = (kith_status)atomic_load_explicit(&poll->reason, memory_order_relaxed);

    if (!poll->run) return KITH_OK;
    if (reason == KITH_OK) {
        reason = ask(poll, stage, fraction, kith_i_now());
        if (reason != KITH_OK) atomic_store(&poll->reason, reason);
    }
    if (reason == KITH_E_CANCELLED) return kith_i_fail(err, reason, "cancelled while %s", stage);
    if (reason == KITH_E_TIME)
        return kith_i_fail(err, reason, "the time limit of %g s passed while %s",
                           poll->run->time_limit, stage);
    return KITH_OK;
}
