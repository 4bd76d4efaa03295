/* Kernels for vectors of 32 bytes. */
#ifdef __x86_64__

#include <immintrin.h>

#define KERNEL_BYTES          32
#define KERNEL_TARGET         __attribute__((target("avx2,fma")))
#define KERNEL_ADD(x, y, sum) ((wide)_mm256_fmadd_pd((__m256d)(x), (__m256d)(y), (__m256d)(sum)))
#include "linalg/tile_kernel.inc"

KERNEL_TARGET void kith_i_tiles_avx2(const kith_i_tiles *tiles)
{
    all_strips(tiles);
}

#endif
