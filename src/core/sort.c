/* Merge sort from below: runs of one item, of two, of four, ... */
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
