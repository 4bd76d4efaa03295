/* Random streams that depend on nothing but (seed, stage, item): every draw is a hash of its
 * stream's key and its place in the stream, so that threads draw the same numbers in any order.
 *
 * The hash is the finaliser of SplitMix64 [Steele2014] over a Weyl sequence. */
#ifndef KITH_CORE_RANDOM_H
#define KITH_CORE_RANDOM_H

#include <math.h>
#include <stdint.h>

typedef struct kith_i_random {
    uint64_t state;
} kith_i_random;

__extension__ typedef unsigned __int128 kith_i_wide;

#define KITH_I_GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static inline uint64_t kith_i_mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/** A well-mixed 64-bit number that depends on all three. */
static inline uint64_t kith_i_hash(uint64_t seed, uint64_t stage, uint64_t item)
{
    const uint64_t key = kith_i_mix(kith_i_mix(seed + KITH_I_GOLDEN) + stage * KITH_I_GOLDEN + 1);

    return kith_i_mix(key ^ kith_i_mix(item + KITH_I_GOLDEN));
}

static inline kith_i_random kith_i_random_at(uint64_t seed, uint64_t stage, uint64_t item)
{
    return (kith_i_random){ kith_i_hash(seed, stage, item) };
}

static inline uint64_t kith_i_random_next(kith_i_random *r)
{
    return kith_i_mix(r->state += KITH_I_GOLDEN);
}

/** Uniform on [0, 1). */
static inline double kith_i_random_unit(kith_i_random *r)
{
    return (double)(kith_i_random_next(r) >> 11) * 0x1p-53;
}

/** Uniform on 0 .. bound - 1, without bias [Lemire2019]. bound > 0. */
static inline uint64_t kith_i_random_below(kith_i_random *r, uint64_t bound)
{
    kith_i_wide product = (kith_i_wide)kith_i_random_next(r) * bound;

    if ((uint64_t)product < bound) {
        const uint64_t least = -bound % bound;
        while ((uint64_t)product < least)
            product = (kith_i_wide)kith_i_random_next(r) * bound;
    }
    return (uint64_t)(product >> 64);
}

/** A random order of 0 .. n - 1, written to `order` [Fisher and Yates]. */
static inline void kith_i_random_order(uint32_t *order, int64_t n, kith_i_random *r)
{
    for (int64_t i = 0; i < n; i++) {
        const int64_t j = (int64_t)kith_i_random_below(r, (uint64_t)i + 1);
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
}

/** A random order of 0 .. n - 1 in which blocks of `block` numbers stay together, in their order.
 *  What is stored by number is then read mostly in sequence. */
static inline void kith_i_random_block_order(uint32_t *order, int64_t n, int64_t block,
                                             kith_i_random *r)
{
    const int64_t blocks = (n + block - 1) / block;

    /* Drawn into the end of the array: what is left to write never is less than what to read. */
    uint32_t *drawn = order + (n - blocks);
    kith_i_random_order(drawn, blocks, r);
    for (int64_t b = 0, filled = 0; b < blocks; b++) {
        const int64_t first = drawn[b] * block, end = first + block < n ? first + block : n;
        for (int64_t i = first; i < end; i++) order[filled++] = (uint32_t)i;
    }
}

#endif
