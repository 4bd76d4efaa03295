/* Sparse matrices in the archives that scipy.sparse.save_npz writes: csr, csc and coo. */
#ifndef KITH_IO_NPZ_MATRIX_H
#define KITH_IO_NPZ_MATRIX_H

#include "io/input.h"
#include "io/matrix_market.h"
#include "io/npy.h"

typedef enum kith_i_npz_layout { KITH_I_NPZ_CSR, KITH_I_NPZ_CSC, KITH_I_NPZ_COO } kith_i_npz_layout;

typedef struct kith_i_npz_matrix {
    kith_i_bytes      bytes; /* the archive, in which mapped arrays lie */
    kith_i_zip        zip;
    kith_i_npz_layout layout;
    int64_t           rows, columns, entries;
    kith_i_npy        offsets; /* csr: of rows, csc: of columns, coo: none */
    kith_i_npy        row_ids, column_ids; /* of entries; csr has no row_ids, csc no column_ids */
    kith_i_npy        values;
    int64_t           first_column_id; /* entries, where both ids are one array; else 0 */
} kith_i_npz_matrix;

/** Takes the archive out of the input and reads the headers of the matrix: its shape and the
 *  lengths and types of its arrays are then known, and within the limits of the options. Nothing of
 *  their size is allocated or read. */
kith_status kith_i_npz_matrix_open(kith_i_npz_matrix *matrix, kith_i_input *input,
                                   const kith_read_options *options, kith_error *err);

/** Loads the arrays: those that are stored stay where they lie. Checksums are compared, and offsets
 *  climb from 0 to the number of entries; ids and values are as they are. */
kith_status kith_i_npz_matrix_load(kith_i_npz_matrix *matrix, kith_error *err);

/** Brings a loaded csr matrix to the types of a graph: offsets int64, ids int32 or uint32, values
 *  float or double, or no data where integers are all 1. Arrays that are as they should be stay. */
kith_status kith_i_npz_matrix_conform(kith_i_npz_matrix *matrix, kith_error *err);

/** The entries of a loaded matrix, ids and values checked; a `pattern` has no values. To be cleared
 *  by kith_i_matrix_clear(). */
kith_status kith_i_npz_matrix_entries(const kith_i_npz_matrix *matrix, bool pattern,
                                      const kith_graph_options *options, kith_i_matrix *out,
                                      kith_error *err);

void kith_i_npz_matrix_clear(kith_i_npz_matrix *matrix);

/** All of that at once: the entries of the matrix in an archive. As kith_i_matrix_market_read(). */
kith_status kith_i_npz_matrix_read(kith_i_input *input, const kith_read_options *options,
                                   kith_i_matrix *out, kith_error *err);

/** Reads an array of no dimensions, a boolean or an integer; *value stays as it is when there is
 *  none. */
kith_status kith_i_npz_scalar(const kith_i_zip *zip, const char *name, int64_t *value, bool *found,
                              kith_error *err);

/** The same for a number with a fraction. */
kith_status kith_i_npz_real(const kith_i_zip *zip, const char *name, double *value, bool *found,
                            kith_error *err);

#endif
