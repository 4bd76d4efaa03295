/* The GraphBLAS companion under a host that has started GraphBLAS on allocators of its own, whose
 * memory free() cannot take: arrays are copied in and out. */
#include "companion_tests.h"

enum { HEAD = 64 };

static void *host_malloc(size_t size)
{
    char *memory = malloc(size + HEAD);

    return memory ? memory + HEAD : NULL;
}

static void host_free(void *memory)
{
    if (memory) free((char *)memory - HEAD);
}

int main(void)
{
    if (GxB_init(GrB_NONBLOCKING, host_malloc, NULL, NULL, host_free) != GrB_SUCCESS) return 1;
    if (kith_init(NULL) != KITH_OK || kith_i_grb_ours()) return 1;
    return run_companion_tests();
}
