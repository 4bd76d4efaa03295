/* Kernels for vectors of 64 bytes. */
#ifdef __x86_64__

#include <immintrin.h>

#define KERNEL_BYTES          64
#define KERNEL_TARGET         __attribute__((target("avx512f")))
#define KERNEL_ADD(x, y, sum) ((wide)_mm512_fmadd_pd((__m512d)(x), (__m512d)(y), (__m512d)(sum)))
#include "linalg/tile_kernel.inc"

KERNEL_TARGET void kith_i_tiles_avx512(const kith_i_tiles *tiles)
{
    all_strips(tiles);
}

#endif
