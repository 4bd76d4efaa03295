/* Items of work on all threads. */
#include "core/each.h"

#include "core/parallel.h"

kith_status kith_i_each(int64_t count, int threads, kith_i_poll *poll, const char *stage,
                        void (*work)(void *self, int64_t item), void *self, kith_error *err)
{
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1 && count > 1)
    for (int64_t i = 0; i < count; i++) {
        if (omp_get_thread_num() == 0)
            kith_i_poll_check(poll, stage, (double)i / (double)count, NULL);
        if (!kith_i_poll_stopped(poll)) work(self, i);
    }
    return kith_i_poll_check(poll, stage, 1, err);
}
