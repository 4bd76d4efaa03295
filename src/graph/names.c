/* Names of nodes, found by an index with open addressing.
 *
 * A slot holds 32 bits of a name's hash beside its id: a search compares those before it looks at a
 * string, and the index grows without reading the strings. The hash is the product of 64-bit words,
 * high half upon low half, begun from a number that differs from table to table and run to run, so
 * that no file is written to collide. Ids are given in the order of addition: the hash never shows.
 */
#include "graph/names.h"

#include "graph/view.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

enum { ADDITIONS = 1 << 16 }; /* between two polls */

typedef struct {
    uint32_t hash, id; /* id UINT32_MAX: free */
} slot;

struct kith_i_names {
    atomic_llong references;
    uint64_t     seed;
    int64_t      count, count_room;
    int64_t      used, used_room; /* bytes of block */
    int64_t     *offsets;         /* count + 1, into block */
    char        *block;           /* names, each with its final zero */
    int64_t      slots;
    slot        *index;
};

static uint64_t fold(uint64_t a, uint64_t b)
{
    const kith_i_wide product = (kith_i_wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t hash_of(uint64_t seed, const char *text, int64_t length)
{
    uint64_t hash = seed ^ (uint64_t)length, word = 0;

    for (; length > 8; text += 8, length -= 8) {
        memcpy(&word, text, 8);
        hash = fold(hash ^ word, KITH_I_GOLDEN);
    }
    word = 0;
    memcpy(&word, text, (size_t)length);
    return (uint32_t)(kith_i_mix(fold(hash ^ word, KITH_I_GOLDEN)) >> 32);
}

static int64_t length_of(const kith_i_names *names, int64_t id)
{
    return names->offsets[id + 1] - names->offsets[id] - 1;
}

/* The slot of a name, or the free one where it belongs. */
static slot *place(const kith_i_names *names, const char *text, int64_t length, uint32_t hash)
{
    int64_t i = (int64_t)((uint64_t)hash * (kith_i_wide)names->slots >> 32);

    for (;; i = i + 1 < names->slots ? i + 1 : 0) {
        slot *s = &names->index[i];
        if (s->id == UINT32_MAX) return s;
        if (s->hash == hash && length_of(names, s->id) == length &&
            !memcmp(kith_i_names_text(names, s->id), text, (size_t)length))
            return s;
    }
}

/* Doubles the index. Homes are hash * slots / 2^32, so slots keep their order. */
static kith_status grow_index(kith_i_names *names, kith_error *err)
{
    const int64_t slots = names->slots ? names->slots * 2 : 32;
    slot *index;
    const kith_status status = kith_i_alloc(&index, slots, sizeof *index, err);

    if (status != KITH_OK) return status;
    memset(index, 0xff, (size_t)slots * sizeof *index);
    for (int64_t old = 0; old < names->slots; old++) {
        const slot s = names->index[old];
        int64_t i = (int64_t)((uint64_t)s.hash * (kith_i_wide)slots >> 32);
        if (s.id == UINT32_MAX) continue;
        while (index[i].id != UINT32_MAX) i = i + 1 < slots ? i + 1 : 0;
        index[i] = s;
    }
    kith_i_free(names->index);
    names->index = index;
    names->slots = slots;
    return status;
}

kith_status kith_i_names_new(kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_names *names = NULL;

    *out = NULL;
    KITH_TRY(kith_i_zeroed(&names, 1, sizeof *names, err));
    atomic_init(&names->references, 1);
    names->seed = kith_i_hash((uint64_t)(kith_i_now() * 1e9), (uintptr_t)names, 0);
    KITH_TRY(kith_i_grow(&names->offsets, 0, &names->count_room, sizeof *names->offsets, err));
    names->offsets[0] = 0;
    KITH_TRY(grow_index(names, err));
    *out = names;
    names = NULL;

done:
    kith_i_names_free(names);
    return status;
}

/* Room for one more name in all three arrays. */
static kith_status make_room(kith_i_names *names, int64_t length, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(names->count < KITH_I_MAX_NODES, KITH_E_UNSUPPORTED,
               "more than %" PRId64 " names (a graph has at most as many nodes)", KITH_I_MAX_NODES);
    KITH_TRY(kith_i_grow(&names->offsets, names->count + 1, &names->count_room,
                         sizeof *names->offsets, err));
    while (names->used_room - names->used <= length)
        KITH_TRY(kith_i_grow(&names->block, names->used_room, &names->used_room, 1, err));
    if (names->count >= names->slots / 4 * 3) KITH_TRY(grow_index(names, err));

done:
    return status;
}

kith_status kith_i_names_add(kith_i_names *names, const char *text, int64_t length, int64_t *id,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t hash = hash_of(names->seed, text, length);
    slot *s = place(names, text, length, hash);

    if (s->id == UINT32_MAX) {
        KITH_TRY(make_room(names, length, err));
        s = place(names, text, length, hash);
        *s = (slot){ hash, (uint32_t)names->count };
        memcpy(names->block + names->used, text, (size_t)length);
        names->used += length;
        names->block[names->used++] = '\0';
        names->offsets[++names->count] = names->used;
    }
    *id = s->id;

done:
    return status;
}

kith_status kith_i_names_select(const kith_i_names *names, const int64_t *nodes, int64_t count,
                                kith_i_poll *poll, kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_names *chosen = NULL;
    int64_t id;

    *out = NULL;
    KITH_TRY(kith_i_names_new(&chosen, err));
    for (int64_t i = 0; i < count; i++) {
        if (i % ADDITIONS == 0)
            KITH_TRY(kith_i_poll_check(poll, "naming nodes", (double)i / (double)count, err));
        KITH_TRY(kith_i_names_add(chosen, kith_i_names_text(names, nodes[i]),
                                  length_of(names, nodes[i]), &id, err));
    }
    *out = chosen;
    chosen = NULL;

done:
    kith_i_names_free(chosen);
    return status;
}

kith_status kith_i_names_copy(const kith_i_names *names, kith_i_poll *poll, kith_i_names **out,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *nodes = NULL;

    KITH_TRY(kith_i_alloc(&nodes, names->count, sizeof *nodes, err));
    for (int64_t i = 0; i < names->count; i++) nodes[i] = i;
    KITH_TRY(kith_i_names_select(names, nodes, names->count, poll, out, err));

done:
    kith_i_free(nodes);
    return status;
}

int64_t kith_i_names_count(const kith_i_names *names)
{
    return names->count;
}

const char *kith_i_names_text(const kith_i_names *names, int64_t id)
{
    return names->block + names->offsets[id];
}

int64_t kith_i_names_find(const kith_i_names *names, const char *text, int64_t length)
{
    const slot *s = place(names, text, length, hash_of(names->seed, text, length));

    return s->id == UINT32_MAX ? -1 : (int64_t)s->id;
}

kith_i_names *kith_i_names_share(kith_i_names *names)
{
    if (names) atomic_fetch_add_explicit(&names->references, 1, memory_order_relaxed);
    return names;
}

void kith_i_names_free(kith_i_names *names)
{
    if (!names || atomic_fetch_sub_explicit(&names->references, 1, memory_order_acq_rel) > 1)
        return;
    kith_i_free(names->offsets);
    kith_i_free(names->block);
    kith_i_free(names->index);
    kith_i_free(names);
}
