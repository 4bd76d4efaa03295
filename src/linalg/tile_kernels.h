/* Small products of dense matrices, which blocks of vectors are multiplied with, for each
 * instruction set. They may differ in the last bits: where there is an instruction that multiplies
 * and adds with one rounding, it is used. */
#ifndef KITH_LINALG_TILE_KERNELS_H
#define KITH_LINALG_TILE_KERNELS_H

#include <stdint.h>

/** out[t][c] += sum_p x[p][t] y[p][c] */
typedef struct kith_i_tiles {
    int64_t terms;   /* p; at most KITH_I_TERMS */
    int64_t rows;    /* t */
    int64_t columns; /* c */
    const double *x;
    int64_t x_term, x_row; /* from one p to the next, from one t to the next */
    const double *y;
    int64_t y_term;
    double *out;
    int64_t out_row;
} kith_i_tiles;

enum { KITH_I_TERMS = 256 };

typedef void (*kith_i_tiles_fn)(const kith_i_tiles *tiles);

void kith_i_tiles_base(const kith_i_tiles *tiles);
void kith_i_tiles_avx2(const kith_i_tiles *tiles);
void kith_i_tiles_avx512(const kith_i_tiles *tiles);

#endif
