/* Kernels for vectors of 16 bytes, which every processor has that Kith is built for. */
#define KERNEL_BYTES 16
#define KERNEL_TARGET
#include "linalg/product_kernel.inc"

KERNEL(2)
KERNEL(4)
KERNEL(8)

const kith_i_pass kith_i_kernels_base[KITH_I_WIDTHS] = { rows_2, rows_4, rows_8, NULL };
