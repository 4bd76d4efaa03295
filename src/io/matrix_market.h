/* MatrixMarket files: coordinate and array; real, integer and pattern; general and symmetric.
 * https://math.nist.gov/MatrixMarket/formats.html */
#ifndef KITH_IO_MATRIX_MARKET_H
#define KITH_IO_MATRIX_MARKET_H

#include "io/input.h"

/** A matrix as a file has it. Duplicates and explicit zeros are still there. */
typedef struct kith_i_matrix {
    int64_t   rows, columns;
    bool      symmetric; /* entries off the diagonal stand for their mirror images too */
    bool      dense;     /* values of all entries (symmetric: of the lower triangle), by columns */
    int64_t   count;     /* of entries */
    uint32_t *row_ids, *column_ids; /* zero-based; NULL when dense */
    double   *values;               /* finite; NULL: all 1 */
} kith_i_matrix;

/** Reads a matrix. Of the options it heeds the limits, the run (its threads) and signed_weights,
 *  without which a negative value is an error. The input's poll is asked.
 *
 *  The limit of nodes holds for rows and columns; by default they may number a million, and 16 more
 *  for each byte of the file (kith_i_check_nodes()).
 *
 *  out      to be cleared by kith_i_matrix_clear()
 *  returns  KITH_OK, KITH_E_INPUT, KITH_E_IO, KITH_E_MEMORY, and what polling returns
 */
kith_status kith_i_matrix_market_read(kith_i_input *input, const kith_read_options *options,
                                      kith_i_matrix *out, kith_error *err);
void        kith_i_matrix_clear(kith_i_matrix *matrix);

/** Turns an array into a list of its entries; zeros are left out. Nothing to do for others. */
kith_status kith_i_matrix_sparsify(kith_i_matrix *matrix, kith_i_poll *poll, kith_error *err);

/** Writes out the mirror images of a symmetric list of entries. Nothing to do for general ones. */
kith_status kith_i_matrix_unfold(kith_i_matrix *matrix, kith_i_poll *poll, kith_error *err);

/** A square matrix as a graph. */
kith_status kith_i_matrix_market_graph(kith_i_input *input, const kith_read_options *options,
                                       kith_graph **out, kith_error *err);

/** Writes a graph: the lower triangle when it is undirected, a pattern when it has no weights.
 *  Names have no place there. */
kith_status kith_i_matrix_market_write(const kith_graph *graph, kith_output *output,
                                       kith_error *err);

#endif
