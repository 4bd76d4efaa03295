/* Eigenpairs of a matrix of a graph: of its components, put together.
 *
 * A matrix that is nothing between components has the eigenpairs of each. Solved as one, equal
 * eigenvalues of several would hide from the solver, and mix their vectors. So each component of
 * two nodes or more is solved apart, and an isolated node is an eigenvector as it stands.
 *
 * The first pair of a component is often known: Laplacians have the constant vector, at 0, and
 * normalised adjacencies the square roots of strengths, at 1. With as many components as pairs
 * are wanted nothing is left to solve. */
#include "linalg/eigen.h"

#include "graph/view.h"
#include "linalg/block.h"
#include "linalg/inverse.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char splitting[] = "splitting components"; /* stages */
static const char merging[] = "merging eigenpairs";

/* Where a pair comes from. */
typedef struct {
    double value, residual;
    int64_t piece, column; /* of what was solved there; -1: the known vector, or the node itself */
} pair;

typedef struct {
    const kith_graph *graph;
    kith_i_matrix_options matrix; /* a walk's is normalised: its vectors are scaled in the end */
    kith_i_eigen_options o;       /* its end is the matrix's */
    int threads;
    kith_i_poll *poll;

    kith_i_operator whole;
    int64_t pieces;         /* components, or one of all nodes; those of one node come last */
    int64_t joined;         /* pieces of two nodes or more */
    int64_t *first, *order; /* nodes of piece p: order[first[p]] to order[first[p + 1] - 1] */
    uint32_t *place;        /* of a node in its piece */
    double *known;          /* by node: unit vectors of all pieces in one; NULL: not known */
    double known_value;
    kith_i_eigen *solved; /* of each joined piece */

    pair *pairs;
    int64_t count, room;
    int64_t products;
    const char *method;
    bool converged;
} spectrum;

static void spectrum_clear(spectrum *s)
{
    for (int64_t p = 0; s->solved && p < s->joined; p++) kith_i_eigen_clear(&s->solved[p]);
    kith_i_operator_clear(&s->whole);
    kith_i_free(s->first);
    kith_i_free(s->order);
    kith_i_free(s->place);
    kith_i_free(s->known);
    kith_i_free(s->solved);
    kith_i_free(s->pairs);
}

static kith_i_end end_of(kith_i_matrix matrix)
{
    const bool largest = matrix == KITH_I_ADJACENCY || matrix == KITH_I_NORMALISED ||
                         matrix == KITH_I_WALK || matrix == KITH_I_MODULARITY;

    return largest ? KITH_I_LARGEST : KITH_I_SMALLEST;
}

/* Whether every entry of the matrix may be other than 0. */
static bool couples(const kith_i_matrix_options *m)
{
    return m->matrix == KITH_I_MODULARITY || (m->matrix == KITH_I_NORMALISED && m->uniform != 0);
}

/* ---- Pieces ---- */

/* Nodes by label, ascending in each. */
static kith_status gather(spectrum *s, const int64_t *labels, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->graph->nodes;
    int64_t *next = NULL;

    KITH_TRY(kith_i_zeroed(&s->first, s->pieces + 1, sizeof *s->first, err));
    KITH_TRY(kith_i_alloc(&s->order, n, sizeof *s->order, err));
    KITH_TRY(kith_i_alloc(&s->place, n, sizeof *s->place, err));
    KITH_TRY(kith_i_alloc(&next, s->pieces, sizeof *next, err));
    for (int64_t v = 0; v < n; v++) s->first[labels[v] + 1]++;
    for (int64_t p = 0; p < s->pieces; p++) {
        if (s->first[p + 1] > 1) s->joined = p + 1;
        s->first[p + 1] += s->first[p];
        next[p] = s->first[p];
    }
    for (int64_t v = 0; v < n; v++) {
        KITH_TRY(kith_i_poll_pass(s->poll, splitting, v, n, err));
        const int64_t p = labels[v];
        s->place[v] = (uint32_t)(next[p] - s->first[p]);
        s->order[next[p]++] = v;
    }

done:
    kith_i_free(next);
    return status;
}

static kith_status split(spectrum *s, int64_t *components, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool whole = couples(&s->matrix);
    int64_t *labels = NULL;

    KITH_TRY(kith_i_zeroed(&labels, s->graph->nodes, sizeof *labels, err));
    if (!whole || components)
        KITH_TRY(kith_i_graph_components(s->graph, s->threads, s->poll, labels, &s->pieces, err));
    if (components) *components = s->pieces;
    if (whole) {
        s->pieces = 1;
        memset(labels, 0, (size_t)s->graph->nodes * sizeof *labels);
    }
    KITH_TRY(gather(s, labels, err));

done:
    kith_i_free(labels);
    return status;
}

static int64_t size_of(const spectrum *s, int64_t piece)
{
    return s->first[piece + 1] - s->first[piece];
}

/* The graph of a piece, its nodes numbered by their places. */
typedef struct {
    kith_graph graph;
    int64_t *offsets;
    uint32_t *targets;
    float *weights32;
    double *weights64;
} part;

static void part_clear(part *t)
{
    kith_i_free(t->offsets);
    kith_i_free(t->targets);
    kith_i_free(t->weights32);
    kith_i_free(t->weights64);
}

static kith_status copy_rows(const spectrum *s, const int64_t *nodes, part *t, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = s->graph;
    const int64_t size = t->graph.nodes;
    int64_t to = 0;

    for (int64_t i = 0; i < size; i++) {
        KITH_TRY(kith_i_poll_pass(s->poll, splitting, i, size, err));
        for (int64_t e = g->offsets[nodes[i]]; e < g->offsets[nodes[i] + 1]; e++, to++) {
            t->targets[to] = s->place[g->targets[e]];
            if (t->weights32) t->weights32[to] = g->weights32[e];
            if (t->weights64) t->weights64[to] = g->weights64[e];
        }
    }

done:
    return status;
}

/* The graph itself where the piece is all of it. */
static kith_status cut_out(const spectrum *s, int64_t piece, part *t, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = s->graph;
    const int64_t size = size_of(s, piece), *nodes = s->order + s->first[piece];

    *t = (part){ .graph = *g };
    if (size == g->nodes) goto done;
    KITH_TRY(kith_i_alloc(&t->offsets, size + 1, sizeof *t->offsets, err));
    t->offsets[0] = 0;
    for (int64_t i = 0; i < size; i++)
        t->offsets[i + 1] = t->offsets[i] + kith_i_degree(g, nodes[i]);
    const int64_t entries = t->offsets[size];
    KITH_TRY(kith_i_alloc(&t->targets, entries, sizeof *t->targets, err));
    if (g->weights32) KITH_TRY(kith_i_alloc(&t->weights32, entries, sizeof *t->weights32, err));
    if (g->weights64) KITH_TRY(kith_i_alloc(&t->weights64, entries, sizeof *t->weights64, err));
    t->graph.nodes = size;
    t->graph.entries = entries;
    t->graph.offsets = t->offsets;
    t->graph.targets = t->targets;
    t->graph.weights32 = t->weights32;
    t->graph.weights64 = t->weights64;
    KITH_TRY(copy_rows(s, nodes, t, err));

done:
    return status;
}

/* ---- What is known ---- */

static kith_status add_pair(spectrum *s, pair p, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_grow(&s->pairs, s->count, &s->room, sizeof *s->pairs, err));
    s->pairs[s->count++] = p;

done:
    return status;
}

/* The first vectors of all pieces; a node of strength 0 is no vector at 1. */
static kith_status find_known(spectrum *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool laplacian = s->matrix.matrix == KITH_I_LAPLACIAN;
    const double *scale = kith_i_operator_scale(&s->whole);

    if (!laplacian && (s->matrix.matrix != KITH_I_NORMALISED || s->matrix.degree != 0)) goto done;
    s->known_value = laplacian ? 0 : 1;
    KITH_TRY(kith_i_alloc(&s->known, s->graph->nodes, sizeof *s->known, err));
    for (int64_t p = 0; p < s->pieces; p++) {
        double square = 0;
        for (int64_t i = s->first[p]; i < s->first[p + 1]; i++) {
            const int64_t v = s->order[i];
            KITH_TRY(kith_i_poll_pass(s->poll, splitting, i, s->graph->nodes, err));
            s->known[v] = laplacian ? 1 : scale[v] > 0 ? 1 / scale[v] : 0;
            square += s->known[v] * s->known[v];
        }
        for (int64_t i = s->first[p]; square > 0 && i < s->first[p + 1]; i++)
            s->known[s->order[i]] /= sqrt(square);
    }

done:
    return status;
}

/* Pairs that need no solving: known vectors, and nodes that stand alone. One product with all of
 * them tells how good they are, and what the diagonal holds. */
static kith_status add_known(spectrum *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->graph->nodes;
    double *x = NULL, *y = NULL;

    KITH_TRY(kith_i_zeroed(&x, n, sizeof *x, err));
    KITH_TRY(kith_i_alloc(&y, n, sizeof *y, err));
    if (s->known) memcpy(x, s->known, (size_t)n * sizeof *x);
    for (int64_t p = s->joined; p < s->pieces; p++) x[s->order[s->first[p]]] = 1;
    KITH_TRY(s->whole.apply(&s->whole, 1, x, y, s->poll, err));
    s->products++;
    for (int64_t p = 0; p < s->pieces; p++) {
        const bool known = s->known && s->known[s->order[s->first[p]]] != 0;
        const double value = known ? s->known_value : y[s->order[s->first[p]]];
        double square = 0;
        KITH_TRY(kith_i_poll_pass(s->poll, splitting, p, s->pieces, err));
        if (p < s->joined && !known) continue;
        for (int64_t i = s->first[p]; i < s->first[p + 1]; i++) {
            const double r = y[s->order[i]] - value * x[s->order[i]];
            square += r * r;
        }
        KITH_TRY(add_pair(s, (pair){ value, sqrt(square), p, -1 }, err));
    }

done:
    kith_i_free(x);
    kith_i_free(y);
    return status;
}

/* ---- What is solved ---- */

/* The rows of a block that belong to a piece. */
static kith_status rows_of(const spectrum *s, int64_t piece, int64_t b, const double *x,
                           double **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t size = size_of(s, piece), *nodes = s->order + s->first[piece];

    *out = NULL;
    if (!x) goto done;
    KITH_TRY(kith_i_alloc(out, size * b, sizeof **out, err));
    for (int64_t i = 0; i < size; i++)
        memcpy(*out + i * b, x + nodes[i] * b, (size_t)b * sizeof **out);

done:
    return status;
}

static kith_status solve_piece(spectrum *s, int64_t piece, int64_t count, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_eigen *out = &s->solved[piece];
    kith_i_eigen_options o = s->o;
    kith_i_operator a = { 0 };
    double *deflation = NULL, *initial = NULL;
    bool solved = false;
    part t = { 0 };

    KITH_TRY(cut_out(s, piece, &t, err));
    KITH_TRY(kith_i_graph_operator(&t.graph, &s->matrix, s->threads, s->poll, &a, err));
    KITH_TRY(rows_of(s, piece, 1, s->known, &deflation, err));
    KITH_TRY(rows_of(s, piece, o.initial_columns, o.initial, &initial, err));
    o.count = count;
    o.deflation = deflation;
    o.deflated = deflation ? 1 : 0;
    o.initial = initial;
    if (deflation && !couples(&s->matrix))
        KITH_TRY(
            kith_i_inverse_solve(&a, deflation, s->known_value, &o, s->poll, out, &solved, err));
    if (!solved) KITH_TRY(kith_i_eigen_solve(&a, &o, s->poll, out, err));
    for (int64_t c = 0; c < count; c++)
        KITH_TRY(add_pair(s, (pair){ out->values[c], out->residuals[c], piece, c }, err));
    s->products += out->products;
    s->converged = s->converged && out->converged;
    if (piece == 0) s->method = out->method;

done:
    kith_i_operator_clear(&a);
    kith_i_free(deflation);
    kith_i_free(initial);
    part_clear(&t);
    return status;
}

/* So many pairs of each piece as may be among those wanted: known ones all are, for they lie at the
 * very end. */
static kith_status solve_pieces(spectrum *s, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t wanted = s->o.count;

    for (int64_t i = 0; s->known && i < s->count; i++)
        wanted -= s->pairs[i].value == s->known_value;
    KITH_TRY(kith_i_zeroed(&s->solved, s->joined, sizeof *s->solved, err));
    for (int64_t p = 0; p < s->joined && wanted > 0; p++) {
        const int64_t left = size_of(s, p) - (s->known ? 1 : 0);
        KITH_TRY(solve_piece(s, p, wanted < left ? wanted : left, err));
    }

done:
    return status;
}

/* ---- Together ---- */

/* The pairs from the end inwards; equal ones by their pieces, the largest first. */
static kith_status choose(spectrum *s, uint32_t **order, kith_error *err)
{
    kith_status status = KITH_OK;
    double *keys = NULL;

    *order = NULL;
    KITH_TRY(kith_i_alloc(&keys, s->count, sizeof *keys, err));
    KITH_TRY(kith_i_alloc(order, s->count, sizeof **order, err));
    for (int64_t i = 0; i < s->count; i++)
        keys[i] = s->o.end == KITH_I_LARGEST ? -s->pairs[i].value : s->pairs[i].value;
    KITH_TRY(kith_i_sort_order(keys, s->count, *order, s->poll, merging, err));

done:
    kith_i_free(keys);
    return status;
}

/* Writes the vector of a pair into a column of zeros. */
static void place_vector(const spectrum *s, const pair *p, kith_i_eigen *out, int64_t column)
{
    const int64_t *nodes = s->order + s->first[p->piece], size = size_of(s, p->piece);
    const kith_i_eigen *e = p->column >= 0 ? &s->solved[p->piece] : NULL;

    for (int64_t i = 0; i < size; i++) {
        double *to = out->vectors + nodes[i] * out->count + column;
        if (e)
            *to = e->vectors[i * e->count + p->column];
        else
            *to = size == 1 ? 1 : s->known[nodes[i]];
    }
}

static kith_status merge(spectrum *s, kith_i_eigen *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->graph->nodes, count = s->o.count;
    uint32_t *order = NULL;

    *out = (kith_i_eigen){ .n = n,
                           .count = count,
                           .converged = s->converged,
                           .products = s->products,
                           .method = s->method };
    KITH_TRY(choose(s, &order, err));
    KITH_TRY(kith_i_alloc(&out->values, count, sizeof *out->values, err));
    KITH_TRY(kith_i_alloc(&out->residuals, count, sizeof *out->residuals, err));
    KITH_TRY(kith_i_zeroed(&out->vectors, n * count, sizeof *out->vectors, err));
    for (int64_t c = 0; c < count; c++) {
        const pair *p = &s->pairs[order[c]];
        KITH_TRY(kith_i_poll_check(s->poll, merging, (double)c / (double)count, err));
        out->values[c] = p->value;
        out->residuals[c] = p->residual;
        place_vector(s, p, out, c);
    }

done:
    kith_i_free(order);
    return status;
}

/* D^-1/2 u; a node of strength 0 stays as it is. */
static void to_walk(const spectrum *s, kith_i_eigen *out)
{
    const double *scale = kith_i_operator_scale(&s->whole);

    for (int64_t v = 0; v < out->n; v++)
        for (int64_t c = 0; scale[v] > 0 && c < out->count; c++)
            out->vectors[v * out->count + c] *= scale[v];
}

kith_status kith_i_graph_eigen(const kith_graph *graph, const kith_i_matrix_options *matrix,
                               const kith_i_eigen_options *options, int threads, kith_i_poll *poll,
                               kith_i_eigen *out, int64_t *components, kith_error *err)
{
    kith_status status = KITH_OK;
    spectrum s = { .graph = graph,
                   .matrix = *matrix,
                   .o = *options,
                   .threads = threads,
                   .poll = poll,
                   .method = "closed form",
                   .converged = true };

    *out = (kith_i_eigen){ 0 };
    KITH_CHECK(options->count >= 1 && options->count <= graph->nodes, KITH_E_ARGUMENT,
               "%" PRId64 " eigenpairs were asked for (expected 1 to %" PRId64 ")", options->count,
               graph->nodes);
    s.o.end = end_of(matrix->matrix);
    if (matrix->matrix == KITH_I_WALK) {
        s.matrix.matrix = KITH_I_NORMALISED;
        s.matrix.uniform = s.matrix.degree = 0;
    }
    KITH_TRY(kith_i_graph_operator(graph, &s.matrix, threads, poll, &s.whole, err));
    KITH_TRY(split(&s, components, err));
    KITH_TRY(find_known(&s, err));
    KITH_TRY(add_known(&s, err));
    KITH_TRY(solve_pieces(&s, err));
    KITH_TRY(merge(&s, out, err));
    if (matrix->matrix == KITH_I_WALK) to_walk(&s, out);
    kith_i_block_signs(out->n, out->count, out->vectors, threads);

done:
    if (status != KITH_OK) kith_i_eigen_clear(out);
    spectrum_clear(&s);
    return status;
}
