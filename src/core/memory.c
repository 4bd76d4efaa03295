/* Allocation with one error message, and the check against what the machine has. */
#include "core/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static kith_status exhausted(double bytes, kith_error *err)
{
    return kith_i_fail(err, KITH_E_MEMORY, "out of memory (%.1f MiB more were needed)",
                       bytes / (1024.0 * 1024.0));
}

/* Stores a pointer through the address of a pointer of any type. */
static void store(void *address, void *memory)
{
    memcpy(address, &memory, sizeof memory);
}

static bool overflows(int64_t count, size_t size)
{
    return count < 0 || (uint64_t)count > PTRDIFF_MAX / (size ? size : 1);
}

kith_status kith_i_alloc(void *address, int64_t count, size_t size, kith_error *err)
{
    void *memory = overflows(count, size) ? NULL : malloc(count ? (size_t)count * size : 1);

    store(address, memory);
    return memory ? KITH_OK : exhausted((double)count * (double)size, err);
}

kith_status kith_i_zeroed(void *address, int64_t count, size_t size, kith_error *err)
{
    void *memory = overflows(count, size) ? NULL : calloc(count ? (size_t)count : 1, size);

    store(address, memory);
    return memory ? KITH_OK : exhausted((double)count * (double)size, err);
}

kith_status kith_i_resize(void *address, int64_t count, size_t size, kith_error *err)
{
    void *old, *memory = NULL;

    memcpy(&old, address, sizeof old);
    if (!overflows(count, size)) memory = realloc(old, count ? (size_t)count * size : 1);
    if (!memory) return exhausted((double)count * (double)size, err);
    store(address, memory);
    return KITH_OK;
}

kith_status kith_i_grow(void *address, int64_t count, int64_t *capacity, size_t size,
                        kith_error *err)
{
    const int64_t wanted = *capacity < 16 ? 16 : *capacity * 2;

    if (count < *capacity) return KITH_OK;
    const kith_status status = kith_i_resize(address, wanted, size, err);
    if (status == KITH_OK) *capacity = wanted;
    return status;
}

kith_status kith_i_copy_text(char **out, const char *text, kith_error *err)
{
    const size_t size = strlen(text) + 1;
    const kith_status status = kith_i_alloc(out, (int64_t)size, 1, err);

    if (status == KITH_OK) memcpy(*out, text, size);
    return status;
}

void kith_i_free(const void *memory)
{
    free((void *)(uintptr_t)memory);
}

kith_status kith_i_memory_require(double bytes, const char *what, kith_error *err)
{
    const double mebi = 1024.0 * 1024.0;
    const double has = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);

    if (bytes <= has) return KITH_OK;
    return kith_i_fail(err, KITH_E_MEMORY, "%s needs %.0f MiB of memory (the machine has %.0f MiB)",
                       what, bytes / mebi, has / mebi);
}
