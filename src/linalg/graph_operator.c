/* Matrices of a graph as operators.
 *
 * Each is f L A' R + E R and perhaps a rank-one term, for the adjacency A' as it is stored. What A
 * has on its diagonal besides, loops a second time and the identity, goes into E. One pass over the
 * rows finds E, L and R, and bounds the spectrum by the circles of Gershgorin. */
#include "linalg/graph_operator.h"

#include "graph/view.h"
#include "linalg/product.h"

#include <math.h>

typedef struct {
    const kith_graph *graph;
    kith_i_matrix_options o;
    kith_i_product product, transposed; /* the same product where the matrix is symmetric */
    double *sums;                       /* D */
    double *scale;                      /* D^-1/2, shifted: of KITH_I_NORMALISED and KITH_I_WALK */
    double *inverse;                    /* D^-1: of KITH_I_WALK */
    double *diagonal;                   /* E */
    double *more;        /* E of the transposed product of KITH_I_WALK: A's diagonal beyond A' */
    double lower, upper; /* of the circles */
    bool beyond;         /* A has more on its diagonal than A' */
    double *weights;     /* w / (r^2 - w^2): of a weighted KITH_I_BETHE_HESSIAN */
    double rank_one; /* what `vector` times its transpose is multiplied by; 0: nothing is added */
    const double *vector;
    kith_i_scratch scratch;
} graph_state;

static void graph_free(void *state)
{
    graph_state *s = state;

    kith_i_free(s->sums);
    kith_i_free(s->scale);
    kith_i_free(s->inverse);
    kith_i_free(s->diagonal);
    kith_i_free(s->more);
    kith_i_free(s->weights);
    kith_i_free(s->scratch.memory);
    kith_i_free(s);
}

/* ---- What a pass over the rows finds ---- */

/* Of the weights of a row: their sum, that of their absolute values off the diagonal, and what A
 * holds on the diagonal. */
typedef struct {
    double sum, radius, diagonal;
    double beyond; /* of the diagonal, not stored */
} row_figures;

static row_figures read_row(const graph_state *s, int64_t i)
{
    const kith_graph *graph = s->graph;
    row_figures f = { 0 };

    for (int64_t e = graph->offsets[i]; e < graph->offsets[i + 1]; e++) {
        const double w = s->weights ? s->weights[e] : kith_i_weight(graph, e);
        f.sum += w;
        if (graph->targets[e] == (uint32_t)i)
            f.diagonal = w;
        else
            f.radius += fabs(w);
    }
    f.beyond = (s->o.loops_once ? 0 : f.diagonal) + (s->o.add_identity ? 1 : 0);
    f.diagonal += f.beyond;
    f.sum += f.beyond;
    return f;
}

/* w / (r^2 - w^2) of a row's weights in place of w; what they and w multiply to, a loop twice. */
static double weigh_row(graph_state *s, int64_t i)
{
    const kith_graph *graph = s->graph;
    const double r = s->o.r;
    double sum = 0;

    for (int64_t e = graph->offsets[i]; e < graph->offsets[i + 1]; e++) {
        const double w = kith_i_weight(graph, e);
        const bool twice = graph->targets[e] == (uint32_t)i && !s->o.loops_once;
        s->weights[e] = w / (r * r - w * w);
        sum += (twice ? 2 : 1) * w * s->weights[e];
    }
    return sum;
}

/* What the matrix has on its diagonal besides its multiple of A. */
static double apart(const graph_state *s, const row_figures *f, double weighed)
{
    switch (s->o.matrix) {
    case KITH_I_LAPLACIAN: return f->sum;
    case KITH_I_SIGNED_LAPLACIAN: return f->radius + fabs(f->diagonal);
    case KITH_I_BETHE_HESSIAN: return s->weights ? 1 + weighed : s->o.r * s->o.r - 1 + f->sum;
    default: return 0;
    }
}

/* L, R and E of a row, where they are not what A itself has. */
static void scale_row(graph_state *s, int64_t i, const row_figures *f)
{
    const bool normalised = s->o.matrix == KITH_I_NORMALISED;
    const double d = f->sum + (normalised ? s->o.degree + s->o.uniform : 0);

    if (s->scale) s->scale[i] = d > 0 ? 1 / sqrt(d) : 0;
    if (s->inverse) s->inverse[i] = d > 0 ? 1 / d : 0;
    if (s->more) s->more[i] = f->beyond;
    if (normalised) s->diagonal[i] = s->scale[i] * f->beyond;
    if (s->o.matrix == KITH_I_WALK) s->diagonal[i] = s->inverse[i] * f->beyond;
}

static void read_rows(void *self, int64_t begin, int64_t end)
{
    graph_state *s = self;
    const double factor = s->product.factor;
    double lower = INFINITY, upper = -INFINITY;
    bool beyond = false;

    for (int64_t i = begin; i < end; i++) {
        const double weighed = s->weights ? weigh_row(s, i) : 0;
        const row_figures f = read_row(s, i);
        const double rest = apart(s, &f, weighed), radius = fabs(factor) * f.radius;
        s->sums[i] = f.sum;
        s->diagonal[i] = factor * f.beyond + rest;
        scale_row(s, i, &f);
        lower = fmin(lower, factor * f.diagonal + rest - radius);
        upper = fmax(upper, factor * f.diagonal + rest + radius);
        if (s->weights && !isfinite(f.sum)) lower = -INFINITY;
        beyond = beyond || f.beyond != 0;
    }
#pragma omp critical(kith_i_graph_operator)
    {
        s->lower = fmin(s->lower, lower);
        s->upper = fmax(s->upper, upper);
        s->beyond = s->beyond || beyond;
    }
}

/* ---- Products ---- */

static kith_status either(const kith_i_operator *self, const kith_i_product *product, int64_t b,
                          const double *x, double *y, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    graph_state *s = self->state;
    const int64_t n = self->rows;

    KITH_TRY(kith_i_multiply(product, b, x, y, self->threads, &s->scratch, poll, err));
    if (s->rank_one == 0) goto done;
    KITH_TRY(kith_i_scratch_reserve(&s->scratch, b, err));
    double *c = s->scratch.memory;
    KITH_TRY(kith_i_project(n, 1, s->vector, b, x, c, self->threads, poll, err));
    for (int64_t j = 0; j < b; j++) c[j] *= s->rank_one;
    KITH_TRY(kith_i_spread_rows(n, 1, s->vector, b, c, y, self->threads, poll, err));

done:
    return status;
}

static kith_status graph_apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                               kith_i_poll *poll, kith_error *err)
{
    const graph_state *s = self->state;

    return either(self, &s->product, b, x, y, poll, err);
}

static kith_status walk_apply_transposed(const kith_i_operator *self, int64_t b, const double *x,
                                         double *y, kith_i_poll *poll, kith_error *err)
{
    const graph_state *s = self->state;

    return either(self, &s->transposed, b, x, y, poll, err);
}

/* ---- Making one ---- */

static kith_status check(const kith_graph *graph, const kith_i_matrix_options *o, kith_i_poll *poll,
                         kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(!graph->directed, KITH_E_UNSUPPORTED,
               "the graph is directed (the matrices of undirected graphs are symmetric)");
    if (o->matrix == KITH_I_NORMALISED || o->matrix == KITH_I_WALK)
        KITH_TRY(kith_i_graph_require_unsigned(graph, poll, err));
    else
        KITH_TRY(kith_i_graph_check(graph, poll, err));

done:
    return status;
}

static kith_status reserve(graph_state *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *graph = s->graph;
    const kith_i_matrix matrix = s->o.matrix;
    const int64_t n = graph->nodes;

    KITH_TRY(kith_i_alloc(&s->sums, n, sizeof *s->sums, err));
    KITH_TRY(kith_i_alloc(&s->diagonal, n, sizeof *s->diagonal, err));
    if (matrix == KITH_I_NORMALISED || matrix == KITH_I_WALK)
        KITH_TRY(kith_i_alloc(&s->scale, n, sizeof *s->scale, err));
    if (matrix == KITH_I_WALK) {
        KITH_TRY(kith_i_alloc(&s->inverse, n, sizeof *s->inverse, err));
        KITH_TRY(kith_i_alloc(&s->more, n, sizeof *s->more, err));
    }
    if (matrix == KITH_I_BETHE_HESSIAN && kith_i_weighted(graph))
        KITH_TRY(kith_i_alloc(&s->weights, graph->entries, sizeof *s->weights, err));

done:
    return status;
}

/* The product that a matrix is, once its parts have been found. */
static void compose(graph_state *s)
{
    kith_i_product *p = &s->product;

    if (s->product.factor != 1 || s->beyond) p->added = s->diagonal;
    if (s->o.matrix == KITH_I_NORMALISED) p->left = p->right = s->scale;
    if (s->o.matrix == KITH_I_WALK) {
        s->transposed = *p;
        s->transposed.right = s->inverse;
        s->transposed.added = s->beyond ? s->more : NULL;
        p->left = s->inverse;
    }
}

/* The rank-one term, and the bounds of the spectrum with it. */
static void complete(graph_state *s, kith_i_operator *out)
{
    const int64_t n = s->graph->nodes;
    double square = 0;

    out->lower = n ? s->lower : 0;
    out->upper = n ? s->upper : 0;
    if (s->o.matrix == KITH_I_NORMALISED || s->o.matrix == KITH_I_WALK) {
        out->lower = -1;
        out->upper = 1;
    }
    if (s->o.matrix == KITH_I_NORMALISED && n) {
        s->rank_one = s->o.uniform / (double)n;
        s->vector = s->scale;
    }
    if (s->o.matrix == KITH_I_MODULARITY) {
        const double total = kith_i_sum(s->sums, n, out->threads);
        s->rank_one = total != 0 ? -s->o.resolution / total : 0;
        s->vector = s->sums;
        for (int64_t i = 0; i < n; i++) square += s->sums[i] * s->sums[i];
        out->lower += fmin(0, s->rank_one * square);
        out->upper += fmax(0, s->rank_one * square);
    }
}

static double factor_of(const kith_i_matrix_options *o)
{
    switch (o->matrix) {
    case KITH_I_LAPLACIAN:
    case KITH_I_SIGNED_LAPLACIAN: return -1;
    case KITH_I_BETHE_HESSIAN: return -o->r;
    default: return 1;
    }
}

kith_status kith_i_graph_operator(const kith_graph *graph, const kith_i_matrix_options *options,
                                  int threads, kith_i_poll *poll, kith_i_operator *out,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    graph_state *s = NULL;
    const int64_t n = graph->nodes;

    *out = (kith_i_operator){ 0 };
    KITH_TRY(check(graph, options, poll, err));
    KITH_TRY(kith_i_zeroed(&s, 1, sizeof *s, err));
    *out = (kith_i_operator){ .rows = n,
                              .columns = n,
                              .apply = graph_apply,
                              .apply_transposed = graph_apply,
                              .threads = threads,
                              .state = s,
                              .free = graph_free };
    if (options->matrix == KITH_I_WALK) out->apply_transposed = walk_apply_transposed;
    s->graph = graph;
    s->o = *options;
    s->lower = INFINITY;
    s->upper = -INFINITY;
    s->product.factor = factor_of(options);
    KITH_TRY(reserve(s, err));
    s->product.m = (kith_i_matrix_rows){ .rows = n,
                                         .columns = n,
                                         .offsets = graph->offsets,
                                         .targets = graph->targets,
                                         .weights32 = s->weights ? NULL : graph->weights32,
                                         .weights64 = s->weights ? s->weights : graph->weights64 };
    KITH_TRY(kith_i_ranges(n, graph->offsets, 1, threads, poll, read_rows, s, err));
    KITH_CHECK(!s->weights || s->lower > -INFINITY, KITH_E_INPUT,
               "r is %g (expected another number than the weight of an edge)", options->r);
    compose(s);
    complete(s, out);

done:
    if (status != KITH_OK) kith_i_operator_clear(out);
    return status;
}

const double *kith_i_operator_scale(const kith_i_operator *a)
{
    const graph_state *s = a->state;

    return s->scale;
}

/* ---- Written out ---- */

/* Row i of shift I + sign A up to its diagonal, from entry `at` on; where it ends. */
static int64_t write_row(const kith_i_product *p, int64_t i, double sign, double shift, int64_t at,
                         kith_i_triangle *out)
{
    const kith_i_matrix_rows *m = &p->m;
    const double left = sign * (p->left ? p->left[i] : p->factor);
    const double right = p->right ? p->right[i] : 1;
    double diagonal = shift + (p->added ? sign * p->added[i] * right : 0);

    for (int64_t e = m->offsets[i]; e < m->offsets[i + 1] && m->targets[e] <= (uint32_t)i; e++) {
        const int64_t j = m->targets[e];
        const double w = m->weights64   ? m->weights64[e]
                         : m->weights32 ? (double)m->weights32[e]
                                        : 1;
        const double value = left * w * (p->right ? p->right[j] : 1);
        if (j == i) {
            diagonal += value;
        } else {
            out->columns[at] = j;
            out->values[at++] = value;
        }
    }
    out->columns[at] = i;
    out->values[at++] = diagonal;
    return at;
}

void kith_i_triangle_clear(kith_i_triangle *t)
{
    kith_i_free(t->offsets);
    kith_i_free(t->columns);
    kith_i_free(t->values);
    *t = (kith_i_triangle){ 0 };
}

kith_status kith_i_graph_triangle(const kith_i_operator *a, double sign, double shift,
                                  kith_i_poll *poll, kith_i_triangle *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const graph_state *s = a->state;
    const int64_t n = a->rows, most = s->graph->entries / 2 + 2 * n; /* loops stand once */

    *out = (kith_i_triangle){ .size = n };
    KITH_TRY(kith_i_alloc(&out->offsets, n + 1, sizeof *out->offsets, err));
    KITH_TRY(kith_i_alloc(&out->columns, most, sizeof *out->columns, err));
    KITH_TRY(kith_i_alloc(&out->values, most, sizeof *out->values, err));
    out->offsets[0] = 0;
    for (int64_t i = 0; i < n; i++) {
        KITH_TRY(kith_i_poll_pass(poll, "factoring", i, n, err));
        out->offsets[i + 1] = write_row(&s->product, i, sign, shift, out->offsets[i], out);
    }

done:
    if (status != KITH_OK) kith_i_triangle_clear(out);
    return status;
}
