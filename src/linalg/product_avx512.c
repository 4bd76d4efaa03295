/* Kernels for vectors of 64 bytes. */
#include "linalg/product_kernels.h"

#ifdef __x86_64__

#define KERNEL_BYTES  64
#define KERNEL_TARGET __attribute__((target("avx512f")))
#include "linalg/product_kernel.inc"

KERNEL(1)
KERNEL(2)
KERNEL(4)

const kith_i_pass kith_i_kernels_avx512[KITH_I_WIDTHS] = { NULL, rows_1, rows_2, rows_4 };

#endif
