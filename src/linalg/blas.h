/* The BLAS that is linked runs one thread in Kith's calls: OpenBLAS has a pool of its own, which
 * would stand in the way of ours, and sums in an order that depends on its size. */
#ifndef KITH_LINALG_BLAS_H
#define KITH_LINALG_BLAS_H

/** Between the two BLAS and LAPACK use one thread. Any number of host threads may be between them
 *  at once; when the last leaves, the number is what it was. */
void kith_i_blas_begin(void);
void kith_i_blas_end(void);

#endif
