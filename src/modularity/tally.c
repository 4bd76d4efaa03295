/* Sparse accumulators. */
#include "modularity/tally.h"

kith_status kith_i_tallies_new(int threads, int64_t nodes, kith_i_tally **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_tally *tallies = NULL;

    *out = NULL;
    KITH_TRY(kith_i_zeroed(&tallies, threads, sizeof *tallies, err));
    for (int t = 0; t < threads; t++) {
        KITH_TRY(kith_i_zeroed(&tallies[t].weight, nodes, sizeof(double), err));
        KITH_TRY(kith_i_alloc(&tallies[t].touched, nodes + 1, sizeof(uint32_t), err));
    }
    *out = tallies;
    tallies = NULL;

done:
    kith_i_tallies_free(tallies, threads);
    return status;
}

void kith_i_tallies_free(kith_i_tally *tallies, int threads)
{
    if (!tallies) return;
    for (int t = 0; t < threads; t++) {
        kith_i_free(tallies[t].weight);
        kith_i_free(tallies[t].touched);
    }
    kith_i_free(tallies);
}
