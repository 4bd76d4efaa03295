/* Features of few columns.
 *
 * For V that spans the leading right singular vectors, F V is U Sigma but for a rotation, which the
 * eigenvectors of its Gram matrix undo. So subspace iteration on F^T F is enough [Halko2011]. */
#include "attributed/reduced.h"

#include "linalg/block.h"
#include "linalg/dense.h"

enum { PASSES = 7, OVERSAMPLING = 10 };

static int64_t least_of(const kith_features *features)
{
    return features->rows < features->columns ? features->rows : features->columns;
}

int64_t kith_i_reduced_width(const kith_features *features, int64_t width)
{
    return width > 0 && width < least_of(features) ? width : features->columns;
}

/* out = the `width` leading columns of X turned to eigenvectors of its Gram matrix. */
static kith_status turn(int64_t n, int64_t b, const double *x, int64_t width, double *out,
                        int threads, kith_error *err)
{
    kith_status status = KITH_OK;
    double *gram = NULL, *values = NULL, *leading = NULL;

    KITH_TRY(kith_i_alloc(&gram, b * b, sizeof *gram, err));
    KITH_TRY(kith_i_alloc(&values, b, sizeof *values, err));
    KITH_TRY(kith_i_alloc(&leading, b * width, sizeof *leading, err));
    KITH_TRY(kith_i_block_gram(n, b, x, b, x, gram, threads, err));
    KITH_TRY(kith_i_dense_eigen(b, gram, values, err));
    for (int64_t i = 0; i < b; i++)
        for (int64_t j = 0; j < width; j++) leading[i * width + j] = gram[i * b + b - 1 - j];
    kith_i_block_times(n, b, x, width, leading, 0, out, threads);

done:
    kith_i_free(gram);
    kith_i_free(values);
    kith_i_free(leading);
    return status;
}

kith_status kith_i_reduced(const kith_i_scaled *features, int64_t width, uint64_t seed, int threads,
                           kith_i_poll *poll, double *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = features->features->rows, d = features->features->columns;
    const int64_t least = least_of(features->features);
    const int64_t b = width + OVERSAMPLING < least ? width + OVERSAMPLING : least;
    kith_i_operator f = { 0 };
    double *v = NULL, *x = NULL;

    if (width == d) return kith_i_scaled_block(features, 0, width, out, threads, poll, err);
    KITH_TRY(kith_i_scaled_operator(features, threads, poll, &f, err));
    KITH_TRY(kith_i_alloc(&v, d * b, sizeof *v, err));
    KITH_TRY(kith_i_alloc(&x, n * b, sizeof *x, err));
    kith_i_block_random(d, b, v, seed, 5, threads);
    for (int64_t pass = 0; pass <= PASSES; pass++) {
        KITH_TRY(f.apply(&f, b, v, x, poll, err));
        KITH_TRY(f.apply_transposed(&f, b, x, v, poll, err));
        KITH_TRY(kith_i_block_orthonormalise(d, b, v, NULL, NULL, seed, threads, err));
    }
    KITH_TRY(f.apply(&f, b, v, x, poll, err));
    KITH_TRY(turn(n, b, x, width, out, threads, err));

done:
    kith_i_operator_clear(&f);
    kith_i_free(v);
    kith_i_free(x);
    return status;
}
