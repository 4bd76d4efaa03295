/* A block of numbers as an operator. */
#include "attributed/stored.h"

#include "core/base.h"
#include "linalg/block.h"

#include <math.h>

static kith_status apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                         kith_i_poll *poll, kith_error *err)
{
    kith_i_block_times(self->rows, self->columns, self->state, b, x, 0, y, self->threads);
    return kith_i_poll_check(poll, "multiplying", -1, err);
}

static kith_status apply_transposed(const kith_i_operator *self, int64_t b, const double *x,
                                    double *y, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(
        kith_i_block_gram(self->rows, self->columns, self->state, b, x, y, self->threads, err));
    KITH_TRY(kith_i_poll_check(poll, "multiplying", -1, err));

done:
    return status;
}

kith_i_operator kith_i_stored_operator(int64_t n, int64_t d, double *values, int threads)
{
    return (kith_i_operator){ .rows = n,
                              .columns = d,
                              .lower = NAN,
                              .upper = NAN,
                              .apply = apply,
                              .apply_transposed = apply_transposed,
                              .threads = threads,
                              .state = values };
}
