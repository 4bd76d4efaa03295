/* Tallies, and the kernel for short rows. */
#include "modularity/tally.h"

enum { CACHED = 1 << 17 }; /* labels: the cache holds their weights */

#ifdef __x86_64__

#include <immintrin.h>

#define KERNEL        __attribute__((target("avx2,bmi,popcnt")))
#define KERNEL_INLINE KERNEL static inline __attribute__((always_inline))

enum { LANES = 8, BLOCKS = KITH_I_SHORT_ROW / LANES };

/* Where a label stands in a row, as bits. */
KERNEL_INLINE uint64_t find(const __m256i *row, int blocks, uint32_t label)
{
    const __m256i all = _mm256_set1_epi32((int)label);
    uint64_t found = 0;

    for (int b = 0; b < blocks; b++) {
        const __m256i equal = _mm256_cmpeq_epi32(row[b], all);
        const uint32_t bits = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(equal));
        found |= (uint64_t)bits << LANES * b;
    }
    return found;
}

/* The first label that is left is looked for everywhere, and struck out. */
KERNEL_INLINE void count(const uint32_t *labels, int blocks, uint64_t left, uint32_t own,
                         kith_i_near *near)
{
    __m256i row[BLOCKS];
    int64_t met = 0;

    for (int b = 0; b < blocks; b++) row[b] = _mm256_loadu_si256((const __m256i *)labels + b);
    const uint64_t mine = find(row, blocks, own) & left;
    near->own = (double)__builtin_popcountll(mine);
    left ^= mine;
    while (left) {
        const uint32_t label = labels[__builtin_ctzll(left)];
        const uint64_t found = find(row, blocks, label) & left;
        near->labels[met] = label;
        near->weights[met++] = (double)__builtin_popcountll(found);
        left ^= found;
    }
    near->count = met;
}

KERNEL static void count_short(const uint32_t *row, int64_t length, uint64_t loop, uint32_t own,
                               kith_i_near *near)
{
    const uint64_t all = length ? UINT64_MAX >> (KITH_I_SHORT_ROW - length) : 0;

    if (length <= LANES)
        count(row, 1, all & ~loop, own, near);
    else if (length <= 2 * LANES)
        count(row, 2, all & ~loop, own, near);
    else if (length <= 4 * LANES)
        count(row, 4, all & ~loop, own, near);
    else
        count(row, BLOCKS, all & ~loop, own, near);
}

static kith_i_short_row short_row_kernel(void)
{
    const bool runs = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                      __builtin_cpu_supports("popcnt");

    return runs ? count_short : NULL;
}

#else

static kith_i_short_row short_row_kernel(void)
{
    return NULL;
}

#endif

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
        KITH_TRY(kith_i_zeroed(&t->by_label, graph->nodes, sizeof *t->by_label, err));
        for (int j = 0; j < 2; j++) {
            KITH_TRY(kith_i_alloc(&t->near[j].labels, longest, sizeof(uint32_t), err));
            KITH_TRY(kith_i_alloc(&t->near[j].weights, longest, sizeof(double), err));
        }
        if (graph->nodes > CACHED) t->count_short = short_row_kernel();
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
        kith_i_free(tallies[i].by_label);
        for (int j = 0; j < 2; j++) {
            kith_i_free(tallies[i].near[j].labels);
            kith_i_free(tallies[i].near[j].weights);
        }
    }
    kith_i_free(tallies);
}
