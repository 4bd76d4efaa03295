/* The inside of an embedding, for the methods that make one. */
#ifndef KITH_GRAPH_EMBEDDING_H
#define KITH_GRAPH_EMBEDDING_H

#include "kith/embedding.h"

#include "core/base.h"

struct kith_embedding {
    int64_t nodes, dimensions;
    double *values; /* nodes * dimensions, row-major */
    int64_t spectrum;
    double *eigenvalues, *residuals; /* spectrum each */
    double  gap;
    bool    converged;
};

/** An embedding to be filled: zeros, gap NaN, converged true. */
kith_status kith_i_embedding_new(int64_t nodes, int64_t dimensions, int64_t spectrum,
                                 kith_embedding **out, kith_error *err);

#endif
