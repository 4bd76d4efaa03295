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

#endif
