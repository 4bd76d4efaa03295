/* CHOLMOD, a workspace of its own for each factor, so that threads need not wait for one another.
 *
 * Minimum degree takes long where it is of no use: on a graph that falls into no parts, a second
 * for a million entries. Counting the entries of a factor takes a tenth of that, so two simple orders
 * come first, by degree and breadth first. They were seen to take up to 20 times the operations of
 * minimum degree on graphs of neighbours, grids and webs, and thousands of times what a factor may
 * take on graphs of communities.
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
    double *right;            /* GROUP columns, one after another */
};

enum { GROUP = 4 };             /* columns that CHOLMOD solves in one pass over the factor */
enum { SOON_ORDERED = 100000 }; /* entries that minimum degree orders in some milliseconds */
static const double simple_orders = 50;      /* times the operations, and they are hopeless */
static const double soon = 0.01;             /* seconds */
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

/* The numbers of the factor, some rows after others, so many as take some milliseconds. */
static kith_status fill(kith_i_cholesky *c, cholmod_sparse *a, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    cholmod_common *common = &c->common;
    cholmod_sparse *lower = cholmod_l_ptranspose(a, 2, c->factor->Perm, NULL, 0, common);
    cholmod_sparse *upper = lower ? cholmod_l_transpose(lower, 2, common) : NULL;
    const int64_t n = (int64_t)a->nrow;
    double nothing[2] = { 0 };

    if (!upper) status = fail(c, "permuting", err);
    KITH_TRY(status);
    c->factor->is_ll = true; /* which tells that a matrix is not positive definite */
    for (int64_t i = 0, rows = 1; i < n && common->status != CHOLMOD_NOT_POSDEF;) {
        const int64_t end = i + rows < n ? i + rows : n;
        const double started = kith_i_now();
        KITH_TRY(check(poll, factoring, (double)i / (double)n, err));
        cholmod_l_rowfac(upper, NULL, nothing, (size_t)i, (size_t)end, c->factor, common);
        if (common->status < CHOLMOD_OK) status = fail(c, "factoring", err);
        KITH_TRY(status);
        rows = kith_i_now() - started < soon ? 2 * rows : (rows + 1) / 2;
        i = end;
    }

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
    c->factor = cholmod_l_analyze(&a, &c->common);
    if (!c->factor) status = fail(c, "analysing", err);
    KITH_TRY(status);
    if (c->common.fl > most) goto done;
    KITH_TRY(fill(c, &a, poll, err));
    if (c->common.status == CHOLMOD_NOT_POSDEF) goto done;
    *out = c;
    c = NULL;

done:
    kith_i_cholesky_free(c);
    return status;
}

/* Up to GROUP columns of X and B, from column `first` on. */
static kith_status solve_group(kith_i_cholesky *c, int64_t columns, int64_t first, const double *b,
                               double *x, kith_error *err)
{
    const int64_t n = (int64_t)c->factor->n;
    const int64_t group = columns - first < GROUP ? columns - first : GROUP;
    cholmod_dense right = {
        .nrow = (size_t)n,
        .ncol = (size_t)group,
        .nzmax = (size_t)(n * group),
        .d = (size_t)n,
        .x = c->right,
        .xtype = CHOLMOD_REAL,
        .dtype = CHOLMOD_DOUBLE,
    };

    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < group; j++) c->right[j * n + i] = b[i * columns + first + j];
    if (!cholmod_l_solve2(CHOLMOD_A, c->factor, &right, NULL, &c->x, NULL, &c->y, &c->e,
                          &c->common))
        return fail(c, "solving with", err);
    const double *solution = c->x->x;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < group; j++) x[i * columns + first + j] = solution[j * n + i];
    return KITH_OK;
}

kith_status kith_i_cholesky_solve(kith_i_cholesky *c, int64_t columns, const double *b, double *x,
                                  kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    if (!c->right)
        KITH_TRY(kith_i_alloc(&c->right, (int64_t)c->factor->n * GROUP, sizeof *c->right, err));
    for (int64_t first = 0; first < columns; first += GROUP) {
        KITH_TRY(check(poll, "solving", (double)first / (double)columns, err));
        KITH_TRY(solve_group(c, columns, first, b, x, err));
    }

done:
    return status;
}

void kith_i_cholesky_free(kith_i_cholesky *c)
{
    if (!c) return;
    cholmod_l_free_factor(&c->factor, &c->common);
    cholmod_l_free_dense(&c->x, &c->common);
    cholmod_l_free_dense(&c->y, &c->common);
    cholmod_l_free_dense(&c->e, &c->common);
    cholmod_l_finish(&c->common);
    kith_i_free(c->right);
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
