/* malloc and its kin, wrapped by the linker (--wrap=malloc makes calls to malloc calls to
 * __wrap_malloc, and __real_malloc the C library's). */
#include "heap.h"

#include <stdatomic.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void  __real_free(void *memory);
char *__real_realpath(const char *path, char *resolved);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void  __wrap_free(void *memory);
char *__wrap_realpath(const char *path, char *resolved);

static atomic_bool armed, for_good_too;
static atomic_int_least64_t left, live, asked;

void heap_fail_after(int64_t spared, bool for_good)
{
    atomic_store(&left, spared);
    atomic_store(&for_good_too, for_good);
    atomic_store(&armed, true);
}

bool heap_recover(void)
{
    atomic_store(&armed, false);
    return atomic_load(&left) < 0;
}

int64_t heap_live(void)
{
    return atomic_load(&live);
}

int64_t heap_asked(void)
{
    return atomic_load(&asked);
}

static bool fails(void)
{
    if (!atomic_load(&armed)) return false;
    const int64_t spared = atomic_fetch_sub(&left, 1);
    return spared == 0 || (spared < 0 && atomic_load(&for_good_too));
}

static void *counted(void *memory)
{
    if (memory) atomic_fetch_add(&live, 1);
    return memory;
}

void *__wrap_malloc(size_t size)
{
    atomic_fetch_add(&asked, (int64_t)size);
    return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    atomic_fetch_add(&asked, (int64_t)(count * size));
    return fails() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *memory, size_t size)
{
    if (!memory) return __wrap_malloc(size);
    atomic_fetch_add(&asked, (int64_t)size);
    return fails() ? NULL : __real_realloc(memory, size);
}

void __wrap_free(void *memory)
{
    if (memory) atomic_fetch_sub(&live, 1);
    __real_free(memory);
}

/* Its memory is the C library's own, but is given back by free(). */
char *__wrap_realpath(const char *path, char *resolved)
{
    char *found = __real_realpath(path, resolved);

    return resolved ? found : counted(found);
}
