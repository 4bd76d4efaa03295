/* Embeddings. */
#include "graph/embedding.h"

#include "core/memory.h"

#include <math.h>

kith_status kith_i_embedding_new(int64_t nodes, int64_t dimensions, int64_t spectrum,
                                 kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_embedding *e = NULL;

    KITH_TRY(kith_i_zeroed(&e, 1, sizeof *e, err));
    *e = (kith_embedding){ .nodes = nodes,
                           .dimensions = dimensions,
                           .spectrum = spectrum,
                           .gap = NAN,
                           .converged = true };
    KITH_TRY(kith_i_zeroed(&e->values, nodes * dimensions, sizeof *e->values, err));
    KITH_TRY(kith_i_zeroed(&e->eigenvalues, spectrum, sizeof *e->eigenvalues, err));
    KITH_TRY(kith_i_zeroed(&e->residuals, spectrum, sizeof *e->residuals, err));
    *out = e;
    e = NULL;

done:
    kith_embedding_free(e);
    return status;
}

void kith_embedding_free(kith_embedding *e)
{
    if (!e) return;
    kith_i_free(e->values);
    kith_i_free(e->eigenvalues);
    kith_i_free(e->residuals);
    kith_i_free(e);
}

int64_t kith_embedding_nodes(const kith_embedding *e)
{
    return e->nodes;
}

int64_t kith_embedding_dimensions(const kith_embedding *e)
{
    return e->dimensions;
}

const double *kith_embedding_values(const kith_embedding *e)
{
    return e->values;
}

int64_t kith_embedding_spectrum(const kith_embedding *e)
{
    return e->spectrum;
}

const double *kith_embedding_eigenvalues(const kith_embedding *e)
{
    return e->eigenvalues;
}

const double *kith_embedding_residuals(const kith_embedding *e)
{
    return e->residuals;
}

double kith_embedding_gap(const kith_embedding *e)
{
    return e->gap;
}

bool kith_embedding_converged(const kith_embedding *e)
{
    return e->converged;
}
