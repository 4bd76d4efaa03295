/* Progress, cancellation and the time limit, and wall-clock phases.
 *
 * A long loop calls kith_i_poll_check() at least every 100 ms of work, from the thread that the
 * caller called on. Inside a parallel region the first thread does, and the others look at
 * kith_i_poll_stopped(). */
#ifndef KITH_CORE_POLL_H
#define KITH_CORE_POLL_H

#include "core/error.h"

#include <stdatomic.h>

typedef struct kith_i_poll {
    const kith_run *run; /* NULL: neither progress nor limit */
    double          started;
    double          reported; /* when progress was last called */
    atomic_int      reason;   /* KITH_OK, KITH_E_CANCELLED or KITH_E_TIME: once set it stays */
} kith_i_poll;

/** Seconds on a clock that only goes forward. */
double kith_i_now(void);

void kith_i_poll_start(kith_i_poll *poll, const kith_run *run);

/** KITH_OK: go on. KITH_E_CANCELLED: leave nothing behind. KITH_E_TIME: end with the best so far,
 *  or return this when there is none. `err` holds the message for the caller in both cases.
 *
 *  fraction  of the stage, 0 to 1; negative when unknown
 */
kith_status kith_i_poll_check(kith_i_poll *poll, const char *stage, double fraction,
                              kith_error *err);

/** For a pass through memory, before item i of `count`: polls at every 2^20th, so that a step which
 *  takes 50 ns is polled twice in 100 ms. */
static inline kith_status kith_i_poll_pass(kith_i_poll *poll, const char *stage, int64_t i,
                                           int64_t count, kith_error *err)
{
    if (i & ((1 << 20) - 1)) return KITH_OK;
    return kith_i_poll_check(poll, stage, (double)i / (double)count, err);
}

/** The same poll, which now heeds no time limit: for the end of work whose result is at hand, which
 *  only a cancelled call gives up. `run` is room for its options, and lives as long as it. */
kith_i_poll kith_i_poll_patient(const kith_i_poll *poll, kith_run *run);

static inline bool kith_i_poll_stopped(const kith_i_poll *poll)
{
    return atomic_load_explicit(&poll->reason, memory_order_relaxed) != KITH_OK;
}

#endif
