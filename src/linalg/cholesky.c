/* The order by CHOLMOD, a workspace of its own for each factor, so that threads need not wait for
 * one another; the numbers by linalg/multifrontal.h, which is ten times as fast as CHOLMOD's
 * simplicial factorisation. (Its supernodal one is under the GPL.)
 *
 * Minimum degree takes long where it is of no use: on a graph that falls into no parts, a second
 * for a million entries. Counting the entries of a factor takes a tenth of that, so two simple
 * orders come first, by degree and breadth first. What they would take was seen to be up to 20
 * times `most` on graphs of neighbours, grids and webs, and hundreds to thousands of times on
 * graphs of communities. */
#include "linalg/cholesky.h"

#ifdef KITH_CHOLMOD

#include "linalg/multifrontal.h"

#include <suitesparse/cholmod.h>

#include <string.h>

struct kith_i_cholesky {
    cholmod_common common;
    cholmod_factor *order; /* what the analysis found */
    kith_i_multifrontal *factor;
    double *x; /* KITH_I_SOLVED columns, in that order */
};

enum { SOON_ORDERED = 100000 }; /* entries that minimum degree orders in some milliseconds */
static const double simple_orders = 50;      /* times the operations, and they are hopeless */
static const char factoring[] = "factoring"; /* a stage */

static kith_status fail(const kith_i_cholesky *c, const char *what, kith_error *err)
{
    if (c->common.status == CHOLMOD_OUT_OF_MEMORY || c->common.status == CHOLMOD_TOO_LARGE)
        return kith_i_fail(err, KITH_E_MEMORY, "out of memory (%s a sparse matrix)", what);
    return kith_i_fail(err, KITH_E_INTERNAL, "CHOLMOD failed with status %d (%s a sparse matrix)",
                       c->common.status, what);
}

static kith_status check(kith_i_poll *poll, const char *stage, double fraction, kith_error *err)
{
    return poll ? kith_i_poll_check(poll, stage, fraction, err) : KITH_OK;
}

static kith_status start(kith_i_cholesky **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_cholesky *c;

    KITH_TRY(kith_i_zeroed(&c, 1, sizeof *c, err));
    cholmod_l_start(&c->common);
    c->common.print = 0;
    c->common.supernodal = CHOLMOD_SIMPLICIAL;
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

/* ---- Whether it is hopeless ---- */

/* Operations that a factor takes in this order. */
static kith_status count(kith_i_cholesky *c, cholmod_sparse *a, int64_t *order, double *operations,
                         kith_error *err)
{
    kith_status status = KITH_OK;

    c->common.method[0].ordering = CHOLMOD_GIVEN;
    cholmod_factor *factor = cholmod_l_analyze_p(a, order, NULL, 0, &c->common);
    c->common.method[0].ordering = CHOLMOD_AMD;
    if (!factor) {
        status = fail(c, "analysing", err);
        goto done;
    }
    *operations = c->common.fl;

done:
    cholmod_l_free_factor(&factor, &c->common);
    return status;
}

/* Entries of the full matrix: row i of both triangles together is offsets[i] to offsets[i + 1]. */
typedef struct {
    int64_t size, *offsets, *columns;
} pattern;

static kith_status both_triangles(const kith_i_symmetric *m, pattern *p, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = m->size;

    p->size = n;
    KITH_TRY(kith_i_zeroed(&p->offsets, n + 2, sizeof *p->offsets, err));
    KITH_TRY(kith_i_alloc(&p->columns, 2 * m->offsets[n], sizeof *p->columns, err));
    int64_t *const next = p->offsets + 1; /* where row i goes on, its beginning in the end */
    for (int64_t i = 0; i < n; i++)
        for (int64_t e = m->offsets[i]; e < m->offsets[i + 1]; e++) {
            if (m->columns[e] == i) continue;
            next[i + 1]++;
            next[m->columns[e] + 1]++;
        }
    for (int64_t i = 0; i < n; i++) next[i + 1] += next[i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t e = m->offsets[i]; e < m->offsets[i + 1]; e++) {
            const int64_t j = m->columns[e];
            if (j == i) continue;
            p->columns[next[i]++] = j;
            p->columns[next[j]++] = i;
        }

done:
    return status;
}

/* By degree, ascending. */
static kith_status order_by_degree(const pattern *p, int64_t *order, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *next = NULL;

    KITH_TRY(kith_i_zeroed(&next, p->size + 1, sizeof *next, err));
    for (int64_t i = 0; i < p->size; i++) next[p->offsets[i + 1] - p->offsets[i] + 1]++;
    for (int64_t d = 0; d < p->size; d++) next[d + 1] += next[d];
    for (int64_t i = 0; i < p->size; i++) order[next[p->offsets[i + 1] - p->offsets[i]]++] = i;

done:
    kith_i_free(next);
    return status;
}

/* Breadth first from the first row of each component, backwards. */
static kith_status order_by_distance(const pattern *p, int64_t *order, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t head = p->size, tail = p->size;
    bool *seen = NULL;

    KITH_TRY(kith_i_zeroed(&seen, p->size, sizeof *seen, err));
    for (int64_t start = 0; start < p->size; start++) {
        if (seen[start]) continue;
        seen[start] = true;
        order[--tail] = start;
        while (head > tail) {
            const int64_t i = order[--head];
            for (int64_t e = p->offsets[i]; e < p->offsets[i + 1]; e++) {
                if (seen[p->columns[e]]) continue;
                seen[p->columns[e]] = true;
                order[--tail] = p->columns[e];
            }
        }
    }

done:
    kith_i_free(seen);
    return status;
}

static kith_status look(kith_i_cholesky *c, const kith_i_symmetric *m, double most,
                        kith_i_poll *poll, bool *hopeless, kith_error *err)
{
    kith_status status = KITH_OK;
    cholmod_sparse a = view(m);
    int64_t *order = NULL;
    double operations = 0;
    pattern p = { 0 };

    *hopeless = false;
    if (m->offsets[m->size] < SOON_ORDERED) return KITH_OK;
    KITH_TRY(both_triangles(m, &p, err));
    KITH_TRY(kith_i_alloc(&order, m->size, sizeof *order, err));
    for (int which = 0; which < 2; which++) {
        KITH_TRY(check(poll, factoring, -1, err));
        KITH_TRY((which ? order_by_distance : order_by_degree)(&p, order, err));
        KITH_TRY(count(c, &a, order, &operations, err));
        if (operations <= most * simple_orders) goto done;
    }
    *hopeless = true;

done:
    kith_i_free(p.offsets);
    kith_i_free(p.columns);
    kith_i_free(order);
    return status;
}

/* ---- Factors ---- */

static kith_status factor(kith_i_cholesky *c, cholmod_sparse *a, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    cholmod_common *common = &c->common;
    cholmod_sparse *mixed = cholmod_l_ptranspose(a, 1, c->order->Perm, NULL, 0, common);
    cholmod_sparse *upper = mixed ? cholmod_l_transpose(mixed, 1, common) : NULL;
    cholmod_sparse *lower = upper ? cholmod_l_transpose(upper, 1, common) : NULL;

    cholmod_l_free_sparse(&mixed, common); /* its columns are in no order, their transposes' are */
    if (!lower) status = fail(c, "permuting", err);
    KITH_TRY(status);
    const kith_i_columns_both both = { .size = (int64_t)a->nrow,
                                       .below_offsets = lower->p,
                                       .below_rows = lower->i,
                                       .below_values = lower->x,
                                       .above_offsets = upper->p,
                                       .above_rows = upper->i };
    KITH_TRY(kith_i_multifrontal_factor(&both, c->order->ColCount, KITH_I_LEVEL_BEST, poll,
                                        &c->factor, err));

done:
    cholmod_l_free_sparse(&lower, common);
    cholmod_l_free_sparse(&upper, common);
    return status;
}

kith_status kith_i_cholesky_factor(const kith_i_symmetric *matrix, double most, kith_i_poll *poll,
                                   kith_i_cholesky **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_cholesky *c = NULL;
    cholmod_sparse a = view(matrix);
    bool hopeless;

    *out = NULL;
    KITH_TRY(start(&c, err));
    KITH_TRY(look(c, matrix, most, poll, &hopeless, err));
    if (hopeless) goto done;
    c->order = cholmod_l_analyze(&a, &c->common);
    if (!c->order) status = fail(c, "analysing", err);
    KITH_TRY(status);
    if (c->common.fl > most) goto done;
    KITH_TRY(factor(c, &a, poll, err));
    if (!c->factor) goto done;
    KITH_TRY(kith_i_alloc(&c->x, matrix->size * KITH_I_SOLVED, sizeof *c->x, err));
    *out = c;
    c = NULL;

done:
    kith_i_cholesky_free(c);
    return status;
}

kith_status kith_i_cholesky_solve(kith_i_cholesky *c, int64_t columns, const double *b, double *x,
                                  kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = (int64_t)c->order->n, *order = c->order->Perm;

    for (int64_t first = 0; first < columns; first += KITH_I_SOLVED) {
        const int64_t left = columns - first, count = left < KITH_I_SOLVED ? left : KITH_I_SOLVED;
        KITH_TRY(check(poll, "solving", (double)first / (double)columns, err));
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < KITH_I_SOLVED; j++)
                c->x[i * KITH_I_SOLVED + j] = j < count ? b[order[i] * columns + first + j] : 0;
        kith_i_multifrontal_solve(c->factor, c->x);
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < count; j++)
                x[order[i] * columns + first + j] = c->x[i * KITH_I_SOLVED + j];
    }

done:
    return status;
}

void kith_i_cholesky_free(kith_i_cholesky *c)
{
    if (!c) return;
    kith_i_multifrontal_free(c->factor);
    cholmod_l_free_factor(&c->order, &c->common);
    cholmod_l_finish(&c->common);
    kith_i_free(c->x);
    kith_i_free(c);
}

#else

kith_status kith_i_cholesky_factor(const kith_i_symmetric *matrix, double most, kith_i_poll *poll,
                                   kith_i_cholesky **out, kith_error *err)
{
    (void)matrix, (void)most, (void)poll, (void)err;
    *out = NULL;
    return KITH_OK;
}

kith_status kith_i_cholesky_solve(kith_i_cholesky *factor, int64_t columns, const double *b,
                                  double *x, kith_i_poll *poll, kith_error *err)
{
    (void)factor, (void)columns, (void)b, (void)x, (void)poll;
    return kith_i_fail(err, KITH_E_INTERNAL, "there is no factor");
}

void kith_i_cholesky_free(kith_i_cholesky *factor)
{
    (void)factor;
}

#endif
