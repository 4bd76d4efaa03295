/* Sparse accumulators. */
#include "modularity/tally.h"

static int64_t longest_row(const kith_graph *graph)
{
    int64_t longest = 0;

    for (int64_t v = 0; v < graph->nodes; v++)
        if (kith_i_degree(graph, v) > longest) longest = kith_i_degree(graph, v);
    return longest;
}

kith_status kith_i_tallies_new(int threads, const kith_graph *graph, kith_i_tally **out,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t longest = longest_row(graph) + 1;
    kith_i_tally *tallies = NULL;

    *out = NULL;
    KITH_TRY(kith_i_zeroed(&tallies, threads, sizeof *tallies, err));
    for (int i = 0; i < threads; i++) {
        kith_i_tally *t = &tallies[i];
        KITH_TRY(kith_i_zeroed(&t->weight, graph->nodes, sizeof *t->weight, err));
        KITH_TRY(kith_i_alloc(&t->touched, longest, sizeof *t->touched, err));
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
    for (int i = 0; i < threads; i++) {
        kith_i_free(tallies[i].weight);
        kith_i_free(tallies[i].touched);
    }
    kith_i_free(tallies);
}
