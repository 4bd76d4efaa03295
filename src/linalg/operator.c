/* Operators made of others. */
#include "linalg/operator.h"

#include "linalg/product.h"

#include <math.h>

void kith_i_operator_clear(kith_i_operator *a)
{
    if (a->free) a->free(a->state);
    *a = (kith_i_operator){ 0 };
}

static bool symmetric(const kith_i_operator *a)
{
    return a->apply == a->apply_transposed;
}

/* Moves the bounds of a spectrum by those of what is added. */
static void widen(kith_i_operator *a, double one, double other)
{
    a->lower += fmin(one, other);
    a->upper += fmax(one, other);
}

/* ---- Sums ---- */

typedef struct {
    int64_t count;
    const kith_i_operator **terms;
    double *weights;
    kith_i_scratch scratch;
} sum_state;

static void sum_free(void *state)
{
    sum_state *s = state;

    kith_i_free(s->terms);
    kith_i_free(s->weights);
    kith_i_free(s->scratch.memory);
    kith_i_free(s);
}

/* Y = w T, or Y += w T for the terms behind the first. */
typedef struct {
    double *y;
    const double *term;
    double weight;
    bool first;
} addition;

static void add(void *self, int64_t begin, int64_t end)
{
    const addition *a = self;

    for (int64_t i = begin; i < end; i++)
        a->y[i] = (a->first ? 0 : a->y[i]) + a->weight * a->term[i];
}

static kith_status sum_either(const kith_i_operator *self, bool transposed, int64_t b,
                              const double *x, double *y, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    sum_state *s = self->state;
    const int64_t size = (transposed ? self->columns : self->rows) * b;

    KITH_TRY(kith_i_scratch_reserve(&s->scratch, size, err));
    for (int64_t t = 0; t < s->count; t++) {
        const kith_i_operator *term = s->terms[t];
        addition a = { y, s->scratch.memory, s->weights[t], t == 0 };
        KITH_TRY((transposed ? term->apply_transposed : term->apply)(term, b, x, s->scratch.memory,
                                                                     poll, err));
        KITH_TRY(kith_i_ranges(size, NULL, 1, self->threads, poll, add, &a, err));
    }

done:
    return status;
}

static kith_status sum_apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                             kith_i_poll *poll, kith_error *err)
{
    return sum_either(self, false, b, x, y, poll, err);
}

static kith_status sum_apply_transposed(const kith_i_operator *self, int64_t b, const double *x,
                                        double *y, kith_i_poll *poll, kith_error *err)
{
    return sum_either(self, true, b, x, y, poll, err);
}

kith_status kith_i_sum_operator(int64_t count, const kith_i_operator *const *terms,
                                const double *weights, kith_i_operator *out, kith_error *err)
{
    kith_status status = KITH_OK;
    bool all_symmetric = true;
    sum_state *s = NULL;

    *out = (kith_i_operator){ 0 };
    KITH_TRY(kith_i_zeroed(&s, 1, sizeof *s, err));
    *out = (kith_i_operator){ .rows = terms[0]->rows,
                              .columns = terms[0]->columns,
                              .threads = terms[0]->threads,
                              .state = s,
                              .free = sum_free };
    s->count = count;
    KITH_TRY(kith_i_alloc(&s->terms, count, sizeof *s->terms, err));
    KITH_TRY(kith_i_alloc(&s->weights, count, sizeof *s->weights, err));
    for (int64_t t = 0; t < count; t++) {
        const double weight = weights ? weights[t] : 1;
        s->terms[t] = terms[t];
        s->weights[t] = weight;
        all_symmetric = all_symmetric && symmetric(terms[t]);
        widen(out, weight * terms[t]->lower, weight * terms[t]->upper);
    }
    out->apply = sum_apply;
    out->apply_transposed = all_symmetric ? sum_apply : sum_apply_transposed;

done:
    if (status != KITH_OK) kith_i_operator_clear(out);
    return status;
}

/* ---- A + U diag(w) U^T ---- */

typedef struct {
    const kith_i_operator *a;
    int64_t r;
    const double *u;
    double *w;
    kith_i_scratch scratch; /* U^T X */
} low_rank_state;

static void low_rank_free(void *state)
{
    low_rank_state *s = state;

    kith_i_free(s->w);
    kith_i_free(s->scratch.memory);
    kith_i_free(s);
}

static kith_status low_rank_either(const kith_i_operator *self, bool transposed, int64_t b,
                                   const double *x, double *y, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    low_rank_state *s = self->state;
    const int64_t n = self->rows;

    KITH_TRY((transposed ? s->a->apply_transposed : s->a->apply)(s->a, b, x, y, poll, err));
    KITH_TRY(kith_i_scratch_reserve(&s->scratch, s->r * b, err));
    double *c = s->scratch.memory;
    KITH_TRY(kith_i_project(n, s->r, s->u, b, x, c, self->threads, poll, err));
    for (int64_t i = 0; i < s->r * b; i++) c[i] *= s->w[i / b];
    KITH_TRY(kith_i_spread_rows(n, s->r, s->u, b, c, y, self->threads, poll, err));

done:
    return status;
}

static kith_status low_rank_apply(const kith_i_operator *self, int64_t b, const double *x,
                                  double *y, kith_i_poll *poll, kith_error *err)
{
    return low_rank_either(self, false, b, x, y, poll, err);
}

static kith_status low_rank_apply_transposed(const kith_i_operator *self, int64_t b,
                                             const double *x, double *y, kith_i_poll *poll,
                                             kith_error *err)
{
    return low_rank_either(self, true, b, x, y, poll, err);
}

kith_status kith_i_low_rank_operator(const kith_i_operator *a, int64_t b, const double *u,
                                     const double *w, kith_i_operator *out, kith_error *err)
{
    kith_status status = KITH_OK;
    low_rank_state *s = NULL;

    *out = (kith_i_operator){ 0 };
    KITH_TRY(kith_i_zeroed(&s, 1, sizeof *s, err));
    *out = *a;
    out->state = s;
    out->free = low_rank_free;
    out->apply = low_rank_apply;
    out->apply_transposed = symmetric(a) ? low_rank_apply : low_rank_apply_transposed;
    s->a = a;
    s->r = b;
    s->u = u;
    KITH_TRY(kith_i_alloc(&s->w, b, sizeof *s->w, err));
    for (int64_t j = 0; j < b; j++) {
        double square = 0;
        for (int64_t i = 0; i < a->rows; i++) square += u[i * b + j] * u[i * b + j];
        s->w[j] = w ? w[j] : 1;
        widen(out, 0, s->w[j] * square);
    }

done:
    if (status != KITH_OK) kith_i_operator_clear(out);
    return status;
}
