/* Points of nodes: the leading left singular vectors of an operator. */
#include "attributed/points.h"

#include "attributed/choose.h"

#include <string.h>

enum { TOGETHER = 8 }; /* columns: products take as long for a multiple of them */

kith_status kith_i_points_find(const kith_i_operator *a, const kith_i_points_options *options,
                               kith_i_poll *poll, kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t first = options->first, limit = first + options->most;
    int64_t k = options->k ? options->k : options->most;
    kith_i_svd_options o = { .passes = options->passes, .seed = options->seed };
    kith_i_svd svd = { 0 };

    if (!options->k && k > KITH_I_CHOICES) k = KITH_I_CHOICES;
    o.count = first + k + (first + k < limit);
    o.oversampling = (k + options->block + TOGETHER - 1) / TOGETHER * TOGETHER - o.count;
    KITH_TRY(kith_i_svd_solve(a, &o, poll, &svd, err));
    if (!options->k) k = kith_i_choose(o.count - first, svd.values + first, k);
    KITH_TRY(kith_i_embedding_new(svd.rows, k, svd.count, out, err));
    for (int64_t i = 0; i < svd.rows; i++)
        for (int64_t j = 0; j < k; j++)
            (*out)->values[i * k + j] =
                svd.u[i * svd.count + first + j] * (options->scaled ? svd.values[first + j] : 1);
    memcpy((*out)->eigenvalues, svd.values, (size_t)svd.count * sizeof *svd.values);
    if (svd.residuals)
        memcpy((*out)->residuals, svd.residuals, (size_t)svd.count * sizeof *svd.residuals);
    if (first + k < svd.count) (*out)->gap = svd.values[first + k - 1] - svd.values[first + k];
    (*out)->converged = svd.converged;

done:
    kith_i_svd_clear(&svd);
    return status;
}
