/* The kernels of products, a table for each instruction set. */
#ifndef KITH_LINALG_PRODUCT_KERNELS_H
#define KITH_LINALG_PRODUCT_KERNELS_H

#include "linalg/product.h"

/** A product of some columns of X. */
typedef struct kith_i_kernel_job {
    const kith_i_product *product;
    int64_t       columns; /* that are wanted, at most the kernel's width */
    const double *z;       /* as wide as the kernel */
    int64_t       stride;  /* from one row of Z to the next */
    double       *y;
    int64_t       y_stride;
} kith_i_kernel_job;

/** Widths of kernels: 4, 8, 16 and 32 columns. */
enum { KITH_I_WIDTHS = 4, KITH_I_NARROW = 4, KITH_I_WIDE = KITH_I_NARROW << (KITH_I_WIDTHS - 1) };

/** The kernel of each width, to be called with a kith_i_kernel_job; NULL where vectors of another
 *  level fit it better. */
extern const kith_i_pass kith_i_kernels_base[KITH_I_WIDTHS];
extern const kith_i_pass kith_i_kernels_avx2[KITH_I_WIDTHS];
extern const kith_i_pass kith_i_kernels_avx512[KITH_I_WIDTHS];

/** The same for one column, on any machine. */
extern const kith_i_pass kith_i_kernel_single;

#endif
