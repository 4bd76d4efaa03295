/* The inside of a feature matrix, for the algorithms that multiply by it. */
#ifndef KITH_GRAPH_FEATURES_H
#define KITH_GRAPH_FEATURES_H

#include "kith/attributes.h"

#include "core/base.h"

struct kith_features {
    int64_t   rows, columns;
    int64_t   entries;  /* stored */
    int64_t  *offsets;  /* rows + 1; NULL: dense, row-major */
    uint32_t *indices;  /* ascending in each row; NULL: dense */
    float    *values32; /* at most one of the two; neither: all 1 */
    double   *values64;
};

static inline double kith_i_feature(const kith_features *features, int64_t entry)
{
    if (features->values64) return features->values64[entry];
    return features->values32 ? (double)features->values32[entry] : 1.0;
}

/** The entries of a row, begin to end - 1, in the order of their columns. */
typedef struct kith_i_feature_row {
    int64_t begin, end;
} kith_i_feature_row;

static inline kith_i_feature_row kith_i_features_row(const kith_features *features, int64_t row)
{
    const int64_t columns = features->columns;

    if (!features->offsets) return (kith_i_feature_row){ row * columns, (row + 1) * columns };
    return (kith_i_feature_row){ features->offsets[row], features->offsets[row + 1] };
}

/** Fetches what kith_i_features_row() and kith_i_feature() need first of a row. */
static inline void kith_i_features_prefetch(const kith_features *features, int64_t row)
{
    const int64_t first = row * features->columns; /* of a dense matrix */

    if (features->offsets) KITH_I_PREFETCH(&features->offsets[row]);
    else if (features->values64) KITH_I_PREFETCH(&features->values64[first]);
    else if (features->values32) KITH_I_PREFETCH(&features->values32[first]);
}

static inline int64_t kith_i_feature_column(const kith_features *features, kith_i_feature_row row,
                                            int64_t entry)
{
    return features->offsets ? (int64_t)features->indices[entry] : entry - row.begin;
}

/** Fails unless features that an option holds have a row for each node.
 *
 *  name    of the option
 *  returns KITH_OK, KITH_E_ARGUMENT
 */
kith_status kith_i_features_check(const kith_features *features, const char *name, int64_t nodes,
                                  kith_error *err);

#endif
