/* Threads that share loops of some ten microseconds, one after another, with serial work between.
 *
 * One thread leads: it opens the loops and does what is serial. The others watch for a loop and
 * take items from it. The leader takes items like the rest and then waits for those that somebody
 * has begun, never for a thread that has not come: where cores are busy with other things, the
 * leader does more of the work, and a loop costs nobody a time slice. */
#ifndef KITH_CORE_TEAM_H
#define KITH_CORE_TEAM_H

#include "core/base.h"

#include <stdatomic.h>

/** What is done with one item of a loop. thread: 0 .. threads - 1, 0 leads. */
typedef void (*kith_i_step)(void *self, int64_t item, int thread);

typedef struct kith_i_team {
    int                  threads;
    kith_i_step          step; /* of the loop that is open */
    void                *self;
    _Atomic uint64_t     ticket; /* items of the loop << 32 | the next of them to be taken */
    _Atomic uint32_t     done;   /* of the items */
    atomic_bool          over;
} kith_i_team;

/** Calls lead(team, self) on this thread, with `threads` - 1 others at hand. */
void kith_i_team_run(int threads, void (*lead)(kith_i_team *team, void *self), void *self);

/** For the leader: step(self, item, thread) for all items below `items`, in any order, on any
 *  thread. Returns when all of it is done and visible. */
void kith_i_team_loop(kith_i_team *team, int64_t items, kith_i_step step, void *self);

#endif
