/* Sorting that can be cancelled: the C library's cannot. */
#ifndef KITH_CORE_SORT_H
#define KITH_CORE_SORT_H

#include "core/error.h"
#include "core/poll.h"

/** Sorts integers in ascending order. O(n) when they are so already, else O(n log n) time and n
 *  further integers for the while. Polls. */
kith_status kith_i_sort(int64_t *items, int64_t count, kith_i_poll *poll, const char *stage,
                        kith_error *err);

/** Writes the order of `count` numbers, the smallest first, equal ones by their place; none is NaN.
 *  O(n) time and 24 bytes for each number for the while. Polls. */
kith_status kith_i_sort_order(const double *values, int64_t count, uint32_t *order,
                              kith_i_poll *poll, const char *stage, kith_error *err);

#endif
