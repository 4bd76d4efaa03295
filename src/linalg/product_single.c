/* The kernel for one column. */
#define KERNEL_BYTES 8
#define KERNEL_TARGET
#include "linalg/product_kernel.inc"

KERNEL(1)

const kith_i_pass kith_i_kernel_single = rows_1;
