/* Items of work on all threads. */
#ifndef KITH_CORE_EACH_H
#define KITH_CORE_EACH_H

#include "core/poll.h"

/** Calls work(self, i) for every i below `count`, on `threads` threads in any order, and polls
 *  between items: each may take some milliseconds. */
kith_status kith_i_each(int64_t count, int threads, kith_i_poll *poll, const char *stage,
                        void (*work)(void *self, int64_t item), void *self, kith_error *err);

#endif
