/* Tables of typed columns as features: .csv and .tsv files. */
#ifndef KITH_IO_TABLE_H
#define KITH_IO_TABLE_H

#include "io/matrix_market.h"
#include "io/reading.h"

/** Whether a name is that of a table, compressed or not. */
bool kith_i_is_table(const char *name);

/** Reads a table as the entries of a matrix; see kith_features_read(). kith_i_matrix_clear() it.
 *  returns KITH_OK, KITH_E_IO, KITH_E_INPUT, KITH_E_MEMORY, and what polling returns */
kith_status kith_i_table_read(kith_i_reading *reading, kith_i_matrix *out, kith_error *err);

#endif
