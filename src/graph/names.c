/* Names of nodes, found by an index with open addressing.
 *
 * A slot holds 32 bits of a name's hash beside its id: a search compares those before it looks at a
 * string, and the index grows without reading the strings. The hash is the product of 64-bit words,
 * high half upon low half, begun from a number that differs from table to table and run to run, so
 * that no file is written to collide. Ids are given in the order of addition: the hash never shows.
 *
 * Names that lie in a file are looked at when somebody asks: one name by itself, all of them before
 * they are walked, and the index is made when one is searched for. Several threads may make it; the
 * first one's stays. */
#include "graph/names.h"

#include "graph/view.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

enum { STEPS = 1 << 16, AHEAD = 16 }; /* names between two polls; between hash and search */

static const char naming[] = "reading names"; /* a stage */

typedef struct {
    uint32_t hash, id; /* id UINT32_MAX: free */
} slot;

typedef struct {
    int64_t slots;
    slot at[];
} table;

struct kith_i_names {
    atomic_llong references;
    uint64_t seed;
    int64_t count, count_room;
    int64_t used, used_room; /* bytes of block */
    const int64_t *offsets;  /* count + 1, into block */
    const char *block;       /* names, each with its final zero */
    int64_t *own_offsets;    /* both, where they are ours; NULL: the file's */
    char *own_block;
    _Atomic(table *) index; /* NULL: not made yet, of names in a file */
    atomic_bool checked;    /* offsets and final zeros are as they should be */
    kith_i_names_file file;
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

static int64_t home_of(const table *t, uint32_t hash)
{
    return (int64_t)((uint64_t)hash * (kith_i_wide)t->slots >> 32);
}

/* The slot of a name, or the free one where it belongs. */
static slot *place(const kith_i_names *names, table *t, const char *text, int64_t length,
                   uint32_t hash)
{
    for (int64_t i = home_of(t, hash);; i = i + 1 < t->slots ? i + 1 : 0) {
        slot *s = &t->at[i];
        if (s->id == UINT32_MAX) return s;
        if (s->hash == hash && length_of(names, s->id) == length &&
            !memcmp(names->block + names->offsets[s->id], text, (size_t)length))
            return s;
    }
}

static kith_status new_table(int64_t slots, table **out, kith_error *err)
{
    table *t = NULL;
    const kith_status status =
        kith_i_alloc(&t, (int64_t)sizeof *t + slots * (int64_t)sizeof *t->at, 1, err);

    *out = t;
    if (status != KITH_OK) return status;
    t->slots = slots;
    memset(t->at, 0xff, (size_t)slots * sizeof *t->at);
    return status;
}

/* Doubles the index. Homes are hash * slots / 2^32, so slots keep their order. */
static kith_status grow_index(kith_i_names *names, kith_error *err)
{
    table *const old = atomic_load(&names->index);
    table *t;
    const kith_status status = new_table(old ? old->slots * 2 : 32, &t, err);

    if (status != KITH_OK) return status;
    for (int64_t from = 0; old && from < old->slots; from++) {
        const slot s = old->at[from];
        int64_t i = home_of(t, s.hash);
        if (s.id == UINT32_MAX) continue;
        while (t->at[i].id != UINT32_MAX) i = i + 1 < t->slots ? i + 1 : 0;
        t->at[i] = s;
    }
    kith_i_free(old);
    atomic_store(&names->index, t);
    return status;
}

static kith_status allocate(kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_names *names = NULL;

    KITH_TRY(kith_i_zeroed(&names, 1, sizeof *names, err));
    atomic_init(&names->references, 1);
    names->seed = kith_i_hash((uint64_t)(kith_i_now() * 1e9), (uintptr_t)names, 0);
    *out = names;

done:
    return status;
}

kith_status kith_i_names_borrow(const kith_i_names_file *file, kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;

    *out = NULL;
    KITH_TRY(allocate(out, err));
    (*out)->count = file->count;
    (*out)->used = file->size;
    (*out)->offsets = file->offsets;
    (*out)->block = file->block;
    (*out)->file = *file;

done:
    return status;
}

/* Room for one more name in all three arrays. */
static kith_status make_room(kith_i_names *names, int64_t length, kith_error *err)
{
    kith_status status = KITH_OK;
    const table *t = atomic_load_explicit(&names->index, memory_order_relaxed);

    KITH_CHECK(names->count < KITH_I_MAX_NODES, KITH_E_UNSUPPORTED,
               "more than %" PRId64 " names (a graph has at most as many nodes)", KITH_I_MAX_NODES);
    KITH_TRY(kith_i_grow(&names->own_offsets, names->count + 1, &names->count_room,
                         sizeof *names->own_offsets, err));
    names->offsets = names->own_offsets;
    while (names->used_room - names->used <= length)
        KITH_TRY(kith_i_grow(&names->own_block, names->used_room, &names->used_room, 1, err));
    names->block = names->own_block;
    if (!t || names->count >= t->slots / 4 * 3) KITH_TRY(grow_index(names, err));

done:
    return status;
}

kith_status kith_i_names_new(kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_names *names = NULL;

    *out = NULL;
    KITH_TRY(allocate(&names, err));
    atomic_init(&names->checked, true);
    KITH_TRY(make_room(names, 0, err));
    names->own_offsets[0] = 0;
    *out = names;
    names = NULL;

done:
    kith_i_names_free(names);
    return status;
}

static table *table_of(const kith_i_names *names)
{
    return atomic_load_explicit(&names->index, memory_order_acquire);
}

kith_status kith_i_names_add(kith_i_names *names, const char *text, int64_t length, int64_t *id,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t hash = hash_of(names->seed, text, length);
    slot *s = place(names, table_of(names), text, length, hash);

    if (s->id == UINT32_MAX) {
        KITH_TRY(make_room(names, length, err));
        s = place(names, table_of(names), text, length, hash);
        *s = (slot){ hash, (uint32_t)names->count };
        memcpy(names->own_block + names->used, text, (size_t)length);
        names->used += length;
        names->own_block[names->used++] = '\0';
        names->own_offsets[++names->count] = names->used;
    }
    *id = s->id;

done:
    return status;
}

/* ---- Names in a file ---- */

/* Whether a name ends with the only zero in it, before the next begins. */
static bool is_sound(const kith_i_names *names, int64_t id)
{
    const int64_t begin = names->offsets[id], end = names->offsets[id + 1];

    return begin >= 0 && end > begin && end <= names->used &&
           (int64_t)strnlen(names->block + begin, (size_t)(end - begin)) == end - begin - 1;
}

kith_status kith_i_names_check(kith_i_names *names, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *where = names->file.where;

    if (atomic_load_explicit(&names->checked, memory_order_acquire)) return KITH_OK;
    kith_i_read_ahead(names->offsets, (names->count + 1) * 8);
    kith_i_read_ahead(names->block, names->used);
    KITH_CHECK(names->offsets[0] == 0, KITH_E_INPUT,
               "%s: the first name begins at %" PRId64 " (expected 0)", where, names->offsets[0]);
    for (int64_t id = 0; id < names->count; id++) {
        if (id % STEPS == 0)
            KITH_TRY(kith_i_poll_check(poll, naming, (double)id / (double)names->count, err));
        KITH_CHECK(is_sound(names, id), KITH_E_INPUT, "%s: the name of node %" PRId64 " is damaged",
                   where, id);
    }
    KITH_TRY(names->file.verify(names->file.owner, poll, err));
    atomic_store_explicit(&names->checked, true, memory_order_release);

done:
    return status;
}

static kith_status same_name(const kith_i_names *names, int64_t a, int64_t b, kith_error *err)
{
    return kith_i_fail(err, KITH_E_INPUT,
                       "%s%snodes %" PRId64 " and %" PRId64
                       " have one name, '%s' (expected one for each)",
                       names->file.where ? names->file.where : "", names->file.where ? ": " : "", a,
                       b, names->block + names->offsets[a]);
}

/* Files all names in a table. Homes are far from one another, so each is fetched some names before
 * it is looked at. */
static kith_status fill_table(const kith_i_names *names, kith_i_poll *poll, table *t,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t hash[AHEAD];

    for (int64_t next = 0; next < names->count + AHEAD; next++) {
        const int64_t id = next - AHEAD;
        uint32_t *kept = &hash[next % AHEAD];
        if (next % STEPS == 0)
            KITH_TRY(kith_i_poll_check(poll, naming, (double)id / (double)names->count, err));
        if (id >= 0) {
            const char *text = names->block + names->offsets[id];
            slot *s = place(names, t, text, length_of(names, id), *kept);
            if (s->id != UINT32_MAX) return same_name(names, s->id, id, err);
            *s = (slot){ *kept, (uint32_t)id };
        }
        if (next >= names->count) continue;
        *kept = hash_of(names->seed, names->block + names->offsets[next], length_of(names, next));
        KITH_I_PREFETCH(&t->at[home_of(t, *kept)]);
    }

done:
    return status;
}

kith_status kith_i_names_require(kith_i_names *names, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    table *t = NULL, *none = NULL;

    if (table_of(names)) return KITH_OK;
    KITH_TRY(kith_i_names_check(names, poll, err));
    KITH_TRY(new_table(names->count + names->count / 2 + 32, &t, err));
    KITH_TRY(fill_table(names, poll, t, err));
    if (atomic_compare_exchange_strong(&names->index, &none, t)) t = NULL;

done:
    kith_i_free(t);
    return status;
}

/* ---- All of them, some, one ---- */

kith_status kith_i_names_select(kith_i_names *names, const int64_t *nodes, int64_t count,
                                kith_i_poll *poll, kith_i_names **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_names *chosen = NULL;
    int64_t id;

    *out = NULL;
    KITH_TRY(kith_i_names_check(names, poll, err));
    KITH_TRY(kith_i_names_new(&chosen, err));
    for (int64_t i = 0; i < count; i++) {
        const char *text = names->block + names->offsets[nodes[i]];
        if (i % STEPS == 0)
            KITH_TRY(kith_i_poll_check(poll, "naming nodes", (double)i / (double)count, err));
        KITH_TRY(kith_i_names_add(chosen, text, length_of(names, nodes[i]), &id, err));
        if (id != i) KITH_TRY(same_name(names, nodes[id], nodes[i], err));
    }
    *out = chosen;
    chosen = NULL;

done:
    kith_i_names_free(chosen);
    return status;
}

kith_status kith_i_names_copy(kith_i_names *names, kith_i_poll *poll, kith_i_names **out,
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
    const bool checked = atomic_load_explicit(&names->checked, memory_order_acquire);

    return checked || is_sound(names, id) ? names->block + names->offsets[id] : NULL;
}

int64_t kith_i_names_find(kith_i_names *names, const char *text, int64_t length)
{
    const uint32_t hash = hash_of(names->seed, text, length);

    if (kith_i_names_require(names, &(kith_i_poll){ 0 }, NULL) != KITH_OK) return -1;
    const slot *s = place(names, table_of(names), text, length, hash);
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
    kith_i_free(names->own_offsets);
    kith_i_free(names->own_block);
    kith_i_free(atomic_load(&names->index));
    if (names->file.release) names->file.release(names->file.owner);
    kith_i_free(names);
}
