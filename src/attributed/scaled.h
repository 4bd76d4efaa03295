/* Features as the attributed methods take them: the matrix that was given between two diagonals.
 * Weighing by TF-IDF, rows of length 1 and whatever else multiplies rows or columns are two
 * vectors; no feature is copied, and what is sparse stays sparse. */
#ifndef KITH_ATTRIBUTED_SCALED_H
#define KITH_ATTRIBUTED_SCALED_H

#include "graph/features.h"
#include "linalg/operator.h"

typedef struct kith_i_scaled {
    const kith_features *features; /* borrowed */
    double *rows, *columns;        /* F = diag(rows) features diag(columns) */
    bool *empty;                   /* of each row: whether it holds nothing but zeros */
} kith_i_scaled;

/** The features, all scales 1, or by TF-IDF: column j times ln((1 + n) / (1 + df_j)) + 1, where
 *  df_j rows of n are not zero in it [Salton1988; as scikit-learn's TfidfTransformer].
 *
 *  unit_rows  each row is divided by its length; a zero row stays zero
 *  out        clear with kith_i_scaled_clear()
 *  returns    KITH_OK, KITH_E_MEMORY, and what a run ends in
 *
 *  O(entries) time, O(n + d) memory.
 */
kith_status kith_i_scaled_new(const kith_features *features, bool tfidf, bool unit_rows,
                              int threads, kith_i_poll *poll, kith_i_scaled *out, kith_error *err);

void kith_i_scaled_clear(kith_i_scaled *scaled);

/** Divides each row by the square root of its sum of similarities to all rows, g = F (F^T 1):
 *  diag(g)^-1/2 F F^T diag(g)^-1/2 is the normalised affinity of features. Where g is not positive,
 *  as of an empty row, the row stays as it is. */
kith_status kith_i_scaled_by_affinity(kith_i_scaled *scaled, int threads, kith_i_poll *poll,
                                      kith_error *err);

/** Columns first .. first + width - 1 as a block (linalg/block.h), n rows of `width` numbers. */
kith_status kith_i_scaled_block(const kith_i_scaled *scaled, int64_t first, int64_t width,
                                double *out, int threads, kith_i_poll *poll, kith_error *err);

/** F as an operator, and its transpose. It borrows the scales. */
kith_status kith_i_scaled_operator(const kith_i_scaled *scaled, int threads, kith_i_poll *poll,
                                   kith_i_operator *out, kith_error *err);

/** An entry of F; `entry` is one of row i, in column j. */
static inline double kith_i_scaled_entry(const kith_i_scaled *scaled, int64_t i, int64_t j,
                                         int64_t entry)
{
    return scaled->rows[i] * kith_i_feature(scaled->features, entry) * scaled->columns[j];
}

#endif
