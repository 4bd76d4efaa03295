/* Kernels for vectors of 32 bytes. */
#include "linalg/product_kernels.h"

#ifdef __x86_64__

#define KERNEL_BYTES  32
#define KERNEL_TARGET __attribute__((target("avx2")))
#include "linalg/product_kernel.inc"

KERNEL(1)
KERNEL(2)
KERNEL(4)
KERNEL(8)

const kith_i_pass kith_i_kernels_avx2[KITH_I_WIDTHS] = { rows_1, rows_2, rows_4, rows_8 };

#endif
