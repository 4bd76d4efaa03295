/* CHOLMOD, a workspace of its own for each factor, so that threads need not wait for one another.
 *
 * CHOLMOD's supernodal factorisation is under the GPL: only the simplicial one is called. */
#include "linalg/cholesky.h"

#ifdef KITH_CHOLMOD

#include <suitesparse/cholmod.h>

#include <string.h>

struct kith_i_cholesky {
    cholmod_common common;
    cholmod_factor *factor;
    cholmod_dense *x, *y, *e; /* of solutions, kept from one to the next */
};

static kith_status fail(const kith_i_cholesky *c, const char *what, kith_error *err)
{
    if (c->common.status == CHOLMOD_OUT_OF_MEMORY || c->common.status == CHOLMOD_TOO_LARGE)
        return kith_i_fail(err, KITH_E_MEMORY, "out of memory (%s a sparse matrix)", what);
    return kith_i_fail(err, KITH_E_INTERNAL, "CHOLMOD failed with status %d (%s a sparse matrix)",
                       c->common.status, what);
}

static kith_status start(kith_i_cholesky **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_cholesky *c;

    KITH_TRY(kith_i_zeroed(&c, 1, sizeof *c, err));
    cholmod_l_start(&c->common);
    c->common.print = 0;
    c->common.supernodal = CHOLMOD_SIMPLICIAL;
    c->common.final_ll = true; /* L L^T, which tells that a matrix is not positive definite */
    c->common.nmethods = 1;
    c->common.method[0].ordering = CHOLMOD_AMD;
    *out = c;

done:
    return status;
}

/* CHOLMOD's view of a matrix: rows of the lower triangle are columns of the upper one. It reads
 * only. */
static cholmod_sparse view(const kith_i_symmetric *m)
{
    return (cholmod_sparse){
        .nrow = (size_t)m->size,
        .ncol = (size_t)m->size,
        .nzmax = (size_t)m->offsets[m->size],
        .p = (void *)(uintptr_t)m->offsets,
        .i = (void *)(uintptr_t)m->columns,
        .x = (void *)(uintptr_t)m->values,
        .stype = 1,
        .itype = CHOLMOD_LONG,
        .xtype = CHOLMOD_REAL,
        .dtype = CHOLMOD_DOUBLE,
        .sorted = true,
        .packed = true,
    };
}

kith_status kith_i_cholesky_factor(const kith_i_symmetric *matrix, double most,
                                   kith_i_cholesky **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_cholesky *c = NULL;
    cholmod_sparse a = view(matrix);

    *out = NULL;
    KITH_TRY(start(&c, err));
    c->factor = cholmod_l_analyze(&a, &c->common);
    if (!c->factor) {
        status = fail(c, "analysing", err);
        goto done;
    }
    if (c->common.fl > most) goto done;
    cholmod_l_factorize(&a, c->factor, &c->common);
    if (c->common.status == CHOLMOD_NOT_POSDEF) goto done;
    if (c->common.status < CHOLMOD_OK) {
        status = fail(c, "factoring", err);
        goto done;
    }
    *out = c;
    c = NULL;

done:
    kith_i_cholesky_free(c);
    return status;
}

kith_status kith_i_cholesky_solve(kith_i_cholesky *c, const double *b, double *x, kith_error *err)
{
    const size_t size = c->factor->n;
    cholmod_dense right = {
        .nrow = size,
        .ncol = 1,
        .nzmax = size,
        .d = size,
        .x = (void *)(uintptr_t)b,
        .xtype = CHOLMOD_REAL,
        .dtype = CHOLMOD_DOUBLE,
    };

    if (!cholmod_l_solve2(CHOLMOD_A, c->factor, &right, NULL, &c->x, NULL, &c->y, &c->e,
                          &c->common))
        return fail(c, "solving with", err);
    memcpy(x, c->x->x, size * sizeof *x);
    return KITH_OK;
}

void kith_i_cholesky_free(kith_i_cholesky *c)
{
    if (!c) return;
    cholmod_l_free_factor(&c->factor, &c->common);
    cholmod_l_free_dense(&c->x, &c->common);
    cholmod_l_free_dense(&c->y, &c->common);
    cholmod_l_free_dense(&c->e, &c->common);
    cholmod_l_finish(&c->common);
    kith_i_free(c);
}

#else

kith_status kith_i_cholesky_factor(const kith_i_symmetric *matrix, double most,
                                   kith_i_cholesky **out, kith_error *err)
{
    (void)matrix, (void)most, (void)err;
    *out = NULL;
    return KITH_OK;
}

kith_status kith_i_cholesky_solve(kith_i_cholesky *factor, const double *b, double *x,
                                  kith_error *err)
{
    (void)factor, (void)b, (void)x;
    return kith_i_fail(err, KITH_E_INTERNAL, "there is no factor");
}

void kith_i_cholesky_free(kith_i_cholesky *factor)
{
    (void)factor;
}

#endif
