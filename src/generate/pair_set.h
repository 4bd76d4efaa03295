/* A set of unordered pairs of nodes: open addressing with linear probing, at most half full. The
 * owner makes it and fills it with KITH_I_NO_PAIR. */
#ifndef KITH_GENERATE_PAIR_SET_H
#define KITH_GENERATE_PAIR_SET_H

#include "core/base.h"

#define KITH_I_NO_PAIR UINT64_MAX

typedef struct kith_i_pair_set {
    uint64_t *slots; /* pairs, or KITH_I_NO_PAIR */
    uint64_t  count; /* of slots: kith_i_pair_slots() of the pairs it is for */
} kith_i_pair_set;

/** The slots that a set of `pairs` pairs is given. */
static inline int64_t kith_i_pair_slots(int64_t pairs)
{
    return 2 * pairs + 16;
}

static inline uint64_t kith_i_pair(uint32_t u, uint32_t v)
{
    return u < v ? (uint64_t)u << 32 | v : (uint64_t)v << 32 | u;
}

static inline uint64_t kith_i_pair_home(const kith_i_pair_set *set, uint64_t pair)
{
    return (uint64_t)((kith_i_wide)kith_i_mix(pair) * set->count >> 64);
}

static inline uint64_t kith_i_pair_after(const kith_i_pair_set *set, uint64_t slot)
{
    return slot + 1 == set->count ? 0 : slot + 1;
}

/** The slot that holds the pair, or the empty one where it would stand. */
static inline uint64_t kith_i_pair_find(const kith_i_pair_set *set, uint64_t pair)
{
    uint64_t slot = kith_i_pair_home(set, pair);

    while (set->slots[slot] != pair && set->slots[slot] != KITH_I_NO_PAIR)
        slot = kith_i_pair_after(set, slot);
    return slot;
}

static inline bool kith_i_pair_has(const kith_i_pair_set *set, uint64_t pair)
{
    return set->slots[kith_i_pair_find(set, pair)] == pair;
}

/** Whether the pair was not there yet. */
static inline bool kith_i_pair_add(kith_i_pair_set *set, uint64_t pair)
{
    const uint64_t slot = kith_i_pair_find(set, pair);
    const bool added = set->slots[slot] != pair;

    set->slots[slot] = pair;
    return added;
}

/** Takes out a pair that is there, and moves later ones up to the gap where their probing would
 *  meet it [Knuth1998, algorithm 6.4 R]. */
static inline void kith_i_pair_remove(kith_i_pair_set *set, uint64_t pair)
{
    uint64_t gap = kith_i_pair_find(set, pair);

    for (uint64_t slot = kith_i_pair_after(set, gap); set->slots[slot] != KITH_I_NO_PAIR;
         slot = kith_i_pair_after(set, slot)) {
        const uint64_t home = kith_i_pair_home(set, set->slots[slot]);
        const bool stays = gap < slot ? gap < home && home <= slot : gap < home || home <= slot;
        if (stays) continue;
        set->slots[gap] = set->slots[slot];
        gap = slot;
    }
    set->slots[gap] = KITH_I_NO_PAIR;
}

#endif
