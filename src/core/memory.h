/* Memory: every allocation of the library goes through here, so that a failure has one message and
 * a test can make each of them fail. */
#ifndef KITH_CORE_MEMORY_H
#define KITH_CORE_MEMORY_H

#include "core/error.h"

/** Room for `count` items of `size` bytes, never NULL on success, contents undefined. `address` is
 *  the address of a pointer: kith_i_alloc(&labels, n, sizeof *labels, err). */
kith_status kith_i_alloc(void *address, int64_t count, size_t size, kith_error *err);

/** The same, zeroed. */
kith_status kith_i_zeroed(void *address, int64_t count, size_t size, kith_error *err);

/** Changes the room behind *address; on failure it stays as it was. */
kith_status kith_i_resize(void *address, int64_t count, size_t size, kith_error *err);

/** Doubles the room behind *address when `count` items fill *capacity. */
kith_status kith_i_grow(void *address, int64_t count, int64_t *capacity, size_t size,
                        kith_error *err);

/** A copy of a string. */
kith_status kith_i_copy_text(char **out, const char *text, kith_error *err);

void kith_i_free(const void *memory);

/** Fails with the figure when `bytes` for `what` cannot fit the machine's memory. */
kith_status kith_i_memory_require(double bytes, const char *what, kith_error *err);

/** Asks for the cache line of an address that is read soon.
 *
 *  To GCC a prefetch is no effect: it takes a function that does nothing else for a pure one and
 *  drops every call. The empty statement is the effect that keeps them. */
#define KITH_I_PREFETCH(address)                                                                   \
    do {                                                                                           \
        __builtin_prefetch(address);                                                               \
        __asm__ volatile("");                                                                      \
    } while (0)

#endif
