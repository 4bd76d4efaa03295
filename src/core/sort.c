/* Integers by merging from below, runs of one item, of two, ...; numbers digit by digit. */
#include "core/sort.h"

#include "core/memory.h"

#include <string.h>

static bool ascending(const int64_t *items, int64_t count)
{
    bool ascends = true;

    for (int64_t i = 1; i < count; i++) ascends = ascends && items[i - 1] <= items[i];
    return ascends;
}

/* Merges each two runs of `run` items. */
static kith_status merge_runs(const int64_t *from, int64_t *to, int64_t count, int64_t run,
                              kith_i_poll *poll, const char *stage, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t begin = 0; begin < count; begin += 2 * run) {
        const int64_t middle = begin + run < count ? begin + run : count;
        const int64_t end = middle + run < count ? middle + run : count;
        int64_t i = begin, j = middle;
        for (int64_t k = begin; k < end; k++) {
            KITH_TRY(kith_i_poll_pass(poll, stage, k, count, err));
            to[k] = j == end || (i < middle && from[i] <= from[j]) ? from[i++] : from[j++];
        }
    }

done:
    return status;
}

kith_status kith_i_sort(int64_t *items, int64_t count, kith_i_poll *poll, const char *stage,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *spare = NULL, *from = items;

    if (ascending(items, count)) return KITH_OK;
    KITH_TRY(kith_i_alloc(&spare, count, sizeof *spare, err));
    for (int64_t run = 1; run < count; run *= 2) {
        int64_t *const to = from == items ? spare : items;
        KITH_TRY(merge_runs(from, to, count, run, poll, stage, err));
        from = to;
    }
    if (from != items) memcpy(items, from, (size_t)count * sizeof *items);

done:
    kith_i_free(spare);
    return status;
}

typedef struct {
    uint64_t key;
    uint32_t place;
} keyed;

/* Ascends with x; 0 and -0 are the same. */
static uint64_t key_of(double x)
{
    uint64_t bits;

    x += 0.0;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

/* Orders by one digit and leaves equal ones as they are; false where all have the same. */
static bool scatter(const keyed *from, keyed *to, int64_t count, int shift)
{
    int64_t begin[257] = { 0 };

    for (int64_t i = 0; i < count; i++) begin[(from[i].key >> shift & 255) + 1]++;
    for (int digit = 1; digit <= 256; digit++) {
        if (begin[digit] == count) return false;
        begin[digit] += begin[digit - 1];
    }
    for (int64_t i = 0; i < count; i++) to[begin[from[i].key >> shift & 255]++] = from[i];
    return true;
}

kith_status kith_i_sort_order(const double *values, int64_t count, uint32_t *order,
                              kith_i_poll *poll, const char *stage, kith_error *err)
{
    kith_status status = KITH_OK;
    keyed *room = NULL, *from, *to;

    KITH_TRY(kith_i_alloc(&room, 2 * count, sizeof *room, err));
    from = room;
    to = room + count;
    for (int64_t i = 0; i < count; i++) from[i] = (keyed){ key_of(values[i]), (uint32_t)i };
    for (int shift = 0; shift < 64; shift += 8) {
        KITH_TRY(kith_i_poll_check(poll, stage, shift / 64.0, err));
        if (!scatter(from, to, count, shift)) continue;
        keyed *const sorted = to;
        to = from;
        from = sorted;
    }
    for (int64_t i = 0; i < count; i++) order[i] = from[i].place;

done:
    kith_i_free(room);
    return status;
}
