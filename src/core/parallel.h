/* Threads. Parallel regions name their count, num_threads(threads): global settings stay the
 * host's. */
#ifndef KITH_CORE_PARALLEL_H
#define KITH_CORE_PARALLEL_H

#include "kith/core.h"

#include <omp.h>

/** How many threads a run may use, at least 1. */
static inline int kith_i_threads(const kith_run *run)
{
    if (run && run->threads > 0) return run->threads < 1024 ? (int)run->threads : 1024;
    const int all = omp_get_max_threads();
    return all < 1 ? 1 : all;
}

enum { KITH_I_WORTH_WAKING = 1 << 16 }; /* steps of work; with less, waking threads takes longer */

/** The same for work of so many steps: where the run leaves the choice, little work gets one
 *  thread. */
static inline int kith_i_threads_for(const kith_run *run, int64_t steps)
{
    return run->threads == 0 && steps < KITH_I_WORTH_WAKING ? 1 : kith_i_threads(run);
}

#endif
