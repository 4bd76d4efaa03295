/* Kernels for vectors of 16 bytes, which every machine has or the compiler makes do without. */
#define KERNEL_BYTES 16
#define KERNEL_TARGET
#define KERNEL_ADD(x, y, sum) ((sum) + (x) * (y))
#include "linalg/tile_kernel.inc"

void kith_i_tiles_base(const kith_i_tiles *tiles)
{
    all_strips(tiles);
}
