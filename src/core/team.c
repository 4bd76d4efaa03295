/* Loops shared by a team of threads. */
#include "core/team.h"

#include "core/parallel.h"

#include <sched.h>

enum { SPINS = 2000 }; /* looks for a loop, some 10 us, before others get the core */

/* Takes an item of the open loop, if there is one. The leader opens the next loop only when every
 * item that was taken is done, so step and self belong to the ticket that the exchange confirms. */
static bool take(kith_i_team *team, uint32_t *item)
{
    uint64_t ticket = atomic_load_explicit(&team->ticket, memory_order_acquire);

    do {
        *item = (uint32_t)ticket;
        if (*item >= ticket >> 32) return false;
    } while (!atomic_compare_exchange_weak_explicit(&team->ticket, &ticket, ticket + 1,
                                                    memory_order_acquire, memory_order_acquire));
    return true;
}

/* Does items of the open loop until none is left; returns whether there was any. */
static bool work(kith_i_team *team, int thread)
{
    uint32_t item;
    bool any = false;

    while (take(team, &item)) {
        team->step(team->self, item, thread);
        atomic_fetch_add_explicit(&team->done, 1, memory_order_release);
        any = true;
    }
    return any;
}

static inline void pause_core(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void help(kith_i_team *team, int thread)
{
    int idle = 0;

    while (!atomic_load_explicit(&team->over, memory_order_acquire)) {
        if (work(team, thread)) idle = 0;
        else if (++idle < SPINS) pause_core();
        else sched_yield();
    }
}

void kith_i_team_loop(kith_i_team *team, int64_t items, kith_i_step step, void *self)
{
    if (team->threads == 1 || items == 1) {
        for (int64_t i = 0; i < items; i++) step(self, i, 0);
        return;
    }
    team->step = step;
    team->self = self;
    atomic_store_explicit(&team->done, 0, memory_order_relaxed);
    atomic_store_explicit(&team->ticket, (uint64_t)items << 32, memory_order_release);
    work(team, 0);
    for (int idle = 0; atomic_load_explicit(&team->done, memory_order_acquire) < items;) {
        if (++idle < SPINS) pause_core();
        else sched_yield();
    }
}

void kith_i_team_run(int threads, void (*lead)(kith_i_team *team, void *self), void *self)
{
    kith_i_team team = { .threads = threads };

    atomic_init(&team.ticket, 0);
    atomic_init(&team.done, 0);
    atomic_init(&team.over, false);
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        if (omp_get_thread_num() == 0) {
            lead(&team, self);
            atomic_store_explicit(&team.over, true, memory_order_release);
        } else {
            help(&team, omp_get_thread_num());
        }
    }
}
