/* Fixed-order sums. */
#include "core/sum.h"

enum { BLOCK = 4096, LANES = 8, GROUP = 256 };

static double block_sum(const double *x, int64_t n)
{
    double lane[LANES] = {0};
    int64_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++) lane[l] += x[i + l];
    for (int l = 0; i < n; i++, l++) lane[l] += x[i];
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
           ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

double kith_i_sum(const double *x, int64_t n, int threads)
{
    const int64_t blocks = (n + BLOCK - 1) / BLOCK;
    double partial[GROUP], total = 0;

    for (int64_t first = 0; first < blocks; first += GROUP) {
        const int64_t count = blocks - first < GROUP ? blocks - first : GROUP;
#pragma omp parallel for num_threads(threads) if (threads > 1 && count > 8)
        for (int64_t b = 0; b < count; b++) {
            const int64_t begin = (first + b) * BLOCK;
            partial[b] = block_sum(x + begin, n - begin < BLOCK ? n - begin : BLOCK);
        }
        for (int64_t b = 0; b < count; b++) total += partial[b];
    }
    return total;
}
