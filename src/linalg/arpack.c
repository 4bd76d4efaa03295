/* ARPACK: implicitly restarted Lanczos [Lehoucq1998].
 *
 * It keeps numbers between calls in variables of its own, so one solve runs at a time in the whole
 * process, and always from a start vector of ours. It runs on A - c I for c at the far end of the
 * spectrum: its tolerance is relative to each eigenvalue, and those of deflated vectors become 0,
 * which then is the end that nobody asked for. */
#include "linalg/blas.h"
#include "linalg/block.h"
#include "linalg/solver.h"
#include "linalg/survey.h"

#include <arpack/arpack.h>

#include <math.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

enum { FEWEST_VECTORS = 40 };

typedef struct {
    int n, count, vectors;
    double far;       /* c */
    double tolerance; /* relative to eigenvalues of A - c I */
    double *start, *basis, *work, *small, *values;
    int *select;
    int parameters[11], places[11];
} run;

static kith_status run_init(run *r, kith_i_solver *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_eigen_options *o = s->options;
    const int64_t n = s->a->rows;
    int64_t vectors = 2 * o->count + 1;

    kith_i_survey spectrum = { 0 };

    *r = (run){ 0 };
    if (o->deflated && !(isfinite(s->lower) && isfinite(s->upper)))
        KITH_TRY(kith_i_survey_make(s, &spectrum, err));
    if (vectors < FEWEST_VECTORS) vectors = FEWEST_VECTORS;
    if (vectors > n) vectors = n;
    *r = (run){ .n = (int)n, .count = (int)o->count, .vectors = (int)vectors };
    r->tolerance = o->tolerance / 2;
    if (isfinite(s->lower) && isfinite(s->upper)) {
        const double width = s->upper - s->lower, scale = fmax(fabs(s->lower), fabs(s->upper));
        r->far = o->end == KITH_I_LARGEST ? s->lower : s->upper;
        if (width > 0) r->tolerance *= scale / width;
    }
    KITH_TRY(kith_i_alloc(&r->start, n, sizeof *r->start, err));
    KITH_TRY(kith_i_alloc(&r->basis, n * vectors, sizeof *r->basis, err));
    KITH_TRY(kith_i_zeroed(&r->work, 3 * n, sizeof *r->work, err));
    KITH_TRY(kith_i_zeroed(&r->small, vectors * (vectors + 8), sizeof *r->small, err));
    KITH_TRY(kith_i_alloc(&r->values, o->count, sizeof *r->values, err));
    KITH_TRY(kith_i_zeroed(&r->select, vectors, sizeof *r->select, err));
    if (o->initial) /* all that is known of where to look, in one vector */
        for (int64_t i = 0; i < n; i++) {
            r->start[i] = 0;
            for (int64_t j = 0; j < o->initial_columns; j++)
                r->start[i] += o->initial[i * o->initial_columns + j];
        }
    else
        kith_i_block_random(n, 1, r->start, o->seed, 0, s->a->threads);
    KITH_TRY(kith_i_solver_deflate(s, 1, r->start, err));
    KITH_TRY(kith_i_block_orthonormalise(n, 1, r->start, NULL, NULL, o->seed, 1, err));
    r->parameters[0] = 1; /* its own shifts */
    r->parameters[2] = (int)(s->most / vectors < INT32_MAX ? s->most / vectors : INT32_MAX);
    if (r->parameters[2] < 1) r->parameters[2] = 1;
    r->parameters[3] = 1;
    r->parameters[6] = 1; /* A x = l x */

done:
    kith_i_survey_clear(&spectrum);
    return status;
}

static void run_clear(run *r)
{
    kith_i_free(r->start);
    kith_i_free(r->basis);
    kith_i_free(r->work);
    kith_i_free(r->small);
    kith_i_free(r->values);
    kith_i_free(r->select);
}

/* y = P (A - c I) P x; x is the solver's own and stays as it is. */
static kith_status product(run *r, kith_i_solver *s, double *projected, double *x, double *y,
                           kith_error *err)
{
    kith_status status = KITH_OK;
    double *from = x;

    if (s->options->deflated > 0) {
        from = projected;
        memcpy(from, x, (size_t)r->n * sizeof *x);
        KITH_TRY(kith_i_solver_deflate(s, 1, from, err));
    }
    KITH_TRY(kith_i_solver_apply(s, 1, from, y, err));
    for (int i = 0; i < r->n; i++) y[i] -= r->far * from[i];
    KITH_TRY(kith_i_solver_deflate(s, 1, y, err));

done:
    return status;
}

/* Under the lock, from the first call of dsaupd to the end of dseupd. */
static kith_status iterate(run *r, kith_i_solver *s, double *projected, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *const which = s->options->end == KITH_I_LARGEST ? "LA" : "SA";
    const int size = r->vectors * (r->vectors + 8);
    int todo = 0, info = 1;

    for (;;) {
        dsaupd_c(&todo, "I", r->n, which, r->count, r->tolerance, r->start, r->vectors, r->basis,
                 r->n, r->parameters, r->places, r->work, r->small, size, &info);
        if (todo != 1 && todo != -1) break;
        KITH_TRY(
            product(r, s, projected, r->work + r->places[0] - 1, r->work + r->places[1] - 1, err));
    }
    KITH_CHECK(info >= 0, KITH_E_INTERNAL, "ARPACK's dsaupd ended with %d (expected 0)", info);
    dseupd_c(1, "A", r->select, r->values, r->basis, r->n, 0, "I", r->n, which, r->count,
             r->tolerance, r->start, r->vectors, r->basis, r->n, r->parameters, r->places, r->work,
             r->small, size, &info);
    KITH_CHECK(info >= 0 || info == -14, KITH_E_INTERNAL,
               "ARPACK's dseupd ended with %d (expected 0)", info);

done:
    return status;
}

/* The vectors that were found, by rows; random ones in place of those that were not. */
static kith_status take(const run *r, kith_i_solver *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = r->n, count = r->count, found = r->parameters[4];

    KITH_TRY(kith_i_alloc(&s->vectors, n * count, sizeof *s->vectors, err));
    kith_i_block_random(n, count, s->vectors, s->options->seed, 2, s->a->threads);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < found && j < count; j++)
            s->vectors[i * count + j] = r->basis[j * n + i];
    KITH_TRY(kith_i_block_orthonormalise(n, count, s->vectors, NULL, NULL, s->options->seed,
                                         s->a->threads, err));

done:
    return status;
}

kith_status kith_i_solve_arpack(kith_i_solver *s, kith_error *err)
{
    kith_status status = KITH_OK;
    run r = { 0 };
    double *projected = NULL;

    KITH_CHECK(s->a->rows <= INT32_MAX / 3, KITH_E_ARGUMENT,
               "ARPACK takes up to %d rows (%lld were given)", INT32_MAX / 3,
               (long long)s->a->rows);
    KITH_TRY(run_init(&r, s, err));
    KITH_TRY(kith_i_alloc(&projected, r.n, sizeof *projected, err));
    pthread_mutex_lock(&lock);
    kith_i_blas_begin();
    status = iterate(&r, s, projected, err);
    kith_i_blas_end();
    pthread_mutex_unlock(&lock);
    KITH_TRY(status);
    KITH_TRY(take(&r, s, err));

done:
    kith_i_free(projected);
    run_clear(&r);
    return status;
}
