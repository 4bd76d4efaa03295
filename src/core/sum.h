/* Sums in a fixed order: the same bits whatever the number of threads. */
#ifndef KITH_CORE_SUM_H
#define KITH_CORE_SUM_H

#include <stdint.h>

/** x[0] + ... + x[n - 1]: eight interleaved partial sums in each block of 4096, blocks in order. */
double kith_i_sum(const double *x, int64_t n, int threads);

#endif
