/* Operators against the matrices they stand for, written out from their definitions. */
#include "support/graphs.h"

#include "core/random.h"
#include "linalg/graph_operator.h"

#include <stdlib.h>

enum { WIDEST = 45 };

static kith_i_poll poll; /* without limits */

static double *zeros(int64_t count)
{
    return calloc((size_t)count + 1, sizeof(double));
}

static double *random_block(int64_t rows, int64_t b, uint64_t seed)
{
    double *x = zeros(rows * b);

    for (int64_t i = 0; i < rows * b; i++) {
        kith_i_random r = kith_i_random_at(seed, 7, (uint64_t)i);
        x[i] = kith_i_random_unit(&r) - 0.5;
    }
    return x;
}

/* ---- Any operator against a dense matrix ---- */

/* Y = M X, or M^T X, from the definition. */
static double *dense_product(const double *matrix, int64_t rows, int64_t columns, bool transposed,
                             int64_t b, const double *x)
{
    double *y = zeros((transposed ? columns : rows) * b);

    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) {
            const double a = matrix[i * columns + j];
            const int64_t to = transposed ? j : i, from = transposed ? i : j;
            for (int64_t c = 0; c < b; c++) y[to * b + c] += a * x[from * b + c];
        }
    }
    return y;
}

static void expect_product(const kith_i_operator *a, const double *matrix, bool transposed,
                           int64_t b)
{
    const int64_t in = transposed ? a->rows : a->columns, out = transposed ? a->columns : a->rows;
    double *x = random_block(in, b, (uint64_t)b), *y = zeros(out * b);
    double *wanted = dense_product(matrix, a->rows, a->columns, transposed, b, x);
    double *column = zeros(in), *single = zeros(out);
    kith_error err = { 0 };

    assert_kith((transposed ? a->apply_transposed : a->apply)(a, b, x, y, &poll, &err), err);
    for (int64_t i = 0; i < out * b; i++) assert_near(y[i], wanted[i], 1e-11);
    for (int64_t c = 0; c < b; c++) {
        for (int64_t i = 0; i < in; i++) column[i] = x[i * b + c];
        assert_kith(
            (transposed ? a->apply_transposed : a->apply)(a, 1, column, single, &poll, &err), err);
        for (int64_t i = 0; i < out; i++) assert_true(single[i] == y[i * b + c]);
    }
    free(x);
    free(y);
    free(wanted);
    free(column);
    free(single);
}

/* The operator is the matrix, on blocks of many widths, and a column is the same bits beside
 * others. */
static void expect_matrix(const kith_i_operator *a, const double *matrix)
{
    static const int64_t widths[] = { 1, 2, 3, 4, 5, 7, 8, 10, 13, 16, 24, 32, WIDEST };

    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        expect_product(a, matrix, false, widths[i]);
        expect_product(a, matrix, true, widths[i]);
    }
}

static void expect_symmetric(const kith_i_operator *a)
{
    assert_int_equal(a->rows, a->columns);
    assert_true(a->apply == a->apply_transposed);
}

/* Whether lower <= x^T M x / x^T x <= upper for random x and for unit vectors. */
static void expect_bounds(const kith_i_operator *a, const double *matrix)
{
    const int64_t n = a->rows;

    for (int64_t trial = 0; trial < 10 + n; trial++) {
        double *x = random_block(n, 1, (uint64_t)trial);
        for (int64_t i = 0; trial >= 10 && i < n; i++) x[i] = i == trial - 10;
        double *y = dense_product(matrix, n, n, false, 1, x), top = 0, below = 0;
        for (int64_t i = 0; i < n; i++) {
            top += x[i] * y[i];
            below += x[i] * x[i];
        }
        assert_true(top >= (a->lower - 1e-12) * below);
        assert_true(top <= (a->upper + 1e-12) * below);
        free(x);
        free(y);
    }
}

/* ---- Matrices of graphs ---- */

static double *adjacency(const kith_graph *graph, const kith_i_matrix_options *o)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    const uint32_t *targets = kith_graph_targets(graph);
    double *a = zeros(n * n);

    for (int64_t i = 0; i < n; i++) {
        for (int64_t e = offsets[i]; e < offsets[i + 1]; e++) {
            const bool twice = targets[e] == (uint32_t)i && !o->loops_once;
            a[i * n + targets[e]] = (twice ? 2 : 1) * kith_graph_weight(graph, e);
        }
        if (o->add_identity) a[i * n + i] += 1;
    }
    return a;
}

/* The row sums of A, or of its absolute values. */
static double *degrees(const double *a, int64_t n, bool absolute)
{
    double *d = zeros(n);

    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) d[i] += absolute ? fabs(a[i * n + j]) : a[i * n + j];
    return d;
}

static double inverse(double d)
{
    return d > 0 ? 1 / d : 0;
}

static double entry(const kith_i_matrix_options *o, double n, double a, double di, double dj,
                    double total, bool diagonal)
{
    switch (o->matrix) {
    case KITH_I_ADJACENCY: return a;
    case KITH_I_LAPLACIAN:
    case KITH_I_SIGNED_LAPLACIAN: return (diagonal ? di : 0) - a;
    case KITH_I_NORMALISED:
        return (a + o->uniform / n) * sqrt(inverse(di + o->degree + o->uniform)) *
               sqrt(inverse(dj + o->degree + o->uniform));
    case KITH_I_WALK: return a * inverse(di);
    case KITH_I_MODULARITY: return a - (total > 0 ? o->resolution * di * dj / total : 0);
    default: return (diagonal ? o->r * o->r - 1 + di : 0) - o->r * a;
    }
}

/* The matrix from its definition in linalg/operator.h. */
static double *definition(const kith_graph *graph, const kith_i_matrix_options *o)
{
    const int64_t n = kith_graph_nodes(graph);
    double *a = adjacency(graph, o), total = 0;
    double *d = degrees(a, n, o->matrix == KITH_I_SIGNED_LAPLACIAN);

    for (int64_t i = 0; i < n; i++) total += d[i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            a[i * n + j] = entry(o, (double)n, a[i * n + j], d[i], d[j], total, i == j);
    free(d);
    return a;
}

/* Options of every kind of matrix, with their parameters. */
static const kith_i_matrix_options kinds[] = {
    { .matrix = KITH_I_ADJACENCY },
    { .matrix = KITH_I_LAPLACIAN },
    { .matrix = KITH_I_NORMALISED },
    { .matrix = KITH_I_NORMALISED, .uniform = 1.5 },
    { .matrix = KITH_I_NORMALISED, .degree = 2.5 },
    { .matrix = KITH_I_NORMALISED, .uniform = 0.5, .degree = 1 },
    { .matrix = KITH_I_WALK },
    { .matrix = KITH_I_MODULARITY, .resolution = 1.25 },
    { .matrix = KITH_I_BETHE_HESSIAN, .r = 2.25 },
    { .matrix = KITH_I_SIGNED_LAPLACIAN },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Small graphs, some of them in pieces. */
static kith_graph *sample(int which)
{
    const test_random what = { .nodes = 40,
                               .density = which < 4 ? 0.04 : 0.2,
                               .weighted = which & 1,
                               .loops = which & 2,
                               .seed = (uint64_t)which };

    return test_random_graph(&what);
}
enum { SAMPLES = 8 };

static bool weighted_bethe(const kith_graph *graph, const kith_i_matrix_options *o)
{
    return o->matrix == KITH_I_BETHE_HESSIAN && kith_graph_weighted(graph);
}

static void try_graph(const kith_graph *graph, kith_i_matrix_options o)
{
    kith_i_operator a;
    kith_error err = { 0 };

    if (weighted_bethe(graph, &o)) return;
    for (int variant = 0; variant < 4; variant++) {
        o.loops_once = variant & 1;
        o.add_identity = variant & 2;
        double *matrix = definition(graph, &o);
        assert_kith(kith_i_graph_operator(graph, &o, 2, &poll, &a, &err), err);
        expect_matrix(&a, matrix);
        if (o.matrix != KITH_I_WALK) {
            expect_symmetric(&a);
            expect_bounds(&a, matrix);
        }
        kith_i_operator_clear(&a);
        free(matrix);
    }
}

static void every_matrix_of_a_graph_is_its_definition(void **state)
{
    (void)state;
    for (int which = 0; which < SAMPLES; which++) {
        kith_graph *graph = sample(which);
        for (int k = 0; k < KINDS; k++) try_graph(graph, kinds[k]);
        kith_graph_free(graph);
    }
}

static void graphs_without_edges_and_without_nodes_have_operators(void **state)
{
    kith_graph *graph = test_graph(3, 0, NULL, NULL);
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    for (int k = 0; k < KINDS; k++) try_graph(graph, kinds[k]);
    kith_graph_free(graph);
    graph = test_graph(0, 0, NULL, NULL);
    for (int k = 0; k < KINDS; k++) {
        double none = 0;
        assert_kith(kith_i_graph_operator(graph, &kinds[k], 1, &poll, &a, &err), err);
        assert_kith(a.apply(&a, 3, &none, &none, &poll, &err), err);
        kith_i_operator_clear(&a);
    }
    kith_graph_free(graph);
}

static bool adds_a_rank_one_term(const kith_i_matrix_options *o)
{
    return o->matrix == KITH_I_MODULARITY || o->uniform != 0;
}

static void matrices_are_written_out_by_their_lower_triangle(void **state)
{
    kith_i_operator a;
    kith_i_triangle t;
    kith_error err = { 0 };

    (void)state;
    for (int which = 0; which < SAMPLES; which++) {
        kith_graph *graph = sample(which);
        for (int k = 0; k < KINDS; k++) {
            if (adds_a_rank_one_term(&kinds[k]) || weighted_bethe(graph, &kinds[k])) continue;
            const int64_t n = kith_graph_nodes(graph);
            double *matrix = definition(graph, &kinds[k]);
            assert_kith(kith_i_graph_operator(graph, &kinds[k], 1, &poll, &a, &err), err);
            assert_kith(kith_i_graph_triangle(&a, -1, 0.75, &poll, &t, &err), err);
            assert_int_equal(t.size, n);
            for (int64_t i = 0; i < n; i++) {
                for (int64_t e = t.offsets[i]; e < t.offsets[i + 1]; e++) {
                    const int64_t j = t.columns[e];
                    assert_near(t.values[e], (i == j ? 0.75 : 0) - matrix[i * n + j], 1e-13);
                    matrix[i * n + j] = 0;
                }
                for (int64_t j = 0; j <= i; j++) assert_true(matrix[i * n + j] == 0);
                assert_int_equal(t.columns[t.offsets[i + 1] - 1], i);
            }
            kith_i_triangle_clear(&t);
            kith_i_operator_clear(&a);
            free(matrix);
        }
        kith_graph_free(graph);
    }
}

/* H_ij = d_ij (1 + sum_l w_il^2 / (r^2 - w_il^2)) - r w_ij / (r^2 - w_ij^2), a loop twice. */
static void a_weighted_bethe_hessian_is_its_definition(void **state)
{
    const kith_i_matrix_options o = { .matrix = KITH_I_BETHE_HESSIAN, .r = 5.3 };
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    for (int which = 1; which < SAMPLES; which += 2) {
        kith_graph *graph = sample(which);
        const int64_t n = kith_graph_nodes(graph);
        const kith_i_matrix_options plain = { .loops_once = true };
        double *matrix = adjacency(graph, &plain);
        for (int64_t i = 0; i < n; i++) {
            double sum = 1;
            for (int64_t j = 0; j < n; j++) {
                const double w = matrix[i * n + j], times = i == j ? 2 : 1;
                sum += times * w * w / (o.r * o.r - w * w);
                matrix[i * n + j] = -times * o.r * w / (o.r * o.r - w * w);
            }
            matrix[i * n + i] += sum;
        }
        assert_kith(kith_i_graph_operator(graph, &o, 1, &poll, &a, &err), err);
        expect_matrix(&a, matrix);
        expect_bounds(&a, matrix);
        kith_i_operator_clear(&a);
        kith_graph_free(graph);
        free(matrix);
    }
}

static void negative_weights_have_a_signed_laplacian(void **state)
{
    const int64_t sources[] = { 0, 1, 0, 3, 4 }, targets[] = { 1, 2, 2, 3, 5 };
    const double weights[] = { 1, -2, 0.5, -1, -3 };
    const kith_i_matrix_options signs = { .matrix = KITH_I_SIGNED_LAPLACIAN };
    const kith_i_matrix_options walk = { .matrix = KITH_I_WALK };
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_graph *graph;
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    o.signed_weights = true;
    assert_kith(kith_graph_from_edges(6, 5, sources, targets, weights, &o, &graph, &err), err);
    double *matrix = definition(graph, &signs);
    assert_kith(kith_i_graph_operator(graph, &signs, 1, &poll, &a, &err), err);
    expect_matrix(&a, matrix);
    expect_bounds(&a, matrix);
    assert_true(a.lower >= 0);
    kith_i_operator_clear(&a);
    assert_kith_fails(kith_i_graph_operator(graph, &walk, 1, &poll, &a, &err), KITH_E_INPUT,
                      "weight -2", err);
    assert_null(a.state);
    kith_graph_free(graph);
    free(matrix);
}

static void a_directed_graph_has_none(void **state)
{
    const test_random what = { .nodes = 10, .density = 0.3, .directed = true };
    kith_graph *graph = test_random_graph(&what);
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_i_graph_operator(graph, &kinds[0], 1, &poll, &a, &err),
                      KITH_E_UNSUPPORTED, "directed", err);
    assert_null(a.state);
    kith_graph_free(graph);
}

static void the_weight_of_an_edge_is_no_radius(void **state)
{
    const int64_t pairs[][2] = { { 0, 1 } };
    const double weight = 3;
    const kith_i_matrix_options o = { .matrix = KITH_I_BETHE_HESSIAN, .r = 3 };
    kith_graph *graph = test_graph(2, 1, pairs, &weight);
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_i_graph_operator(graph, &o, 1, &poll, &a, &err), KITH_E_INPUT, "r is 3",
                      err);
    assert_null(a.state);
    kith_graph_free(graph);
}

/* ---- Closed forms ---- */

static void known_vectors_are_eigenvectors(void **state)
{
    const kith_i_matrix_options laplacian = { .matrix = KITH_I_LAPLACIAN };
    const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };
    const kith_i_matrix_options walk = { .matrix = KITH_I_WALK };
    kith_graph *graph = test_karate();
    const int64_t n = kith_graph_nodes(graph);
    double *x = zeros(n), *y = zeros(n), *d = zeros(n);
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_graph_strengths(graph, NULL, d, NULL, &err), err);
    for (int64_t i = 0; i < n; i++) x[i] = 1;
    assert_kith(kith_i_graph_operator(graph, &laplacian, 1, &poll, &a, &err), err);
    assert_kith(a.apply(&a, 1, x, y, &poll, &err), err);
    for (int64_t i = 0; i < n; i++) assert_near(y[i], 0, 1e-14);
    kith_i_operator_clear(&a);
    assert_kith(kith_i_graph_operator(graph, &walk, 1, &poll, &a, &err), err);
    assert_kith(a.apply(&a, 1, x, y, &poll, &err), err);
    for (int64_t i = 0; i < n; i++) assert_near(y[i], 1, 1e-14);
    for (int64_t i = 0; i < n; i++)
        assert_near(kith_i_operator_scale(&a)[i] * sqrt(d[i]), 1, 1e-15);
    kith_i_operator_clear(&a);
    assert_kith(kith_i_graph_operator(graph, &normalised, 1, &poll, &a, &err), err);
    for (int64_t i = 0; i < n; i++) x[i] = sqrt(d[i]);
    assert_kith(a.apply(&a, 1, x, y, &poll, &err), err);
    for (int64_t i = 0; i < n; i++) assert_near(y[i], x[i], 1e-14);
    kith_i_operator_clear(&a);
    kith_graph_free(graph);
    free(x);
    free(y);
    free(d);
}

/* ---- Features ---- */

/* A features matrix, sparse or dense, and the same written out; `single` values are floats. */
static kith_features *features(int64_t rows, int64_t columns, bool sparse, bool single,
                               double **matrix)
{
    double *f = random_block(rows, columns, 5), *values = zeros(rows * columns);
    int64_t *offsets = calloc((size_t)rows + 1, sizeof *offsets), entries = 0;
    int64_t *indices = calloc((size_t)(rows * columns), sizeof *indices);
    kith_features *out = NULL;
    kith_error err = { 0 };

    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) {
            double *value = &f[i * columns + j];
            if (single) *value = (double)(float)*value;
            if (sparse && *value < 0.2) *value = 0;
            if (*value == 0) continue;
            indices[entries] = j;
            values[entries++] = *value;
        }
        offsets[i + 1] = entries;
    }
    if (sparse)
        assert_kith(
            kith_features_from_csr(rows, columns, offsets, indices, values, NULL, &out, &err), err);
    else
        assert_kith(kith_features_from_dense(rows, columns, f, NULL, &out, &err), err);
    free(values);
    free(offsets);
    free(indices);
    *matrix = f;
    return out;
}

static void centre(double *matrix, int64_t rows, int64_t columns)
{
    for (int64_t j = 0; j < columns; j++) {
        double mean = 0;
        for (int64_t i = 0; i < rows; i++) mean += matrix[i * columns + j] / (double)rows;
        for (int64_t i = 0; i < rows; i++) matrix[i * columns + j] -= mean;
    }
}

static void features_and_their_gram_matrix_are_operators(void **state)
{
    enum { ROWS = 30, COLUMNS = 75 };
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    for (int variant = 0; variant < 8; variant++) {
        const bool centred = variant & 4;
        double *matrix = NULL, *gram = zeros(ROWS * ROWS);
        kith_features *f = features(ROWS, COLUMNS, variant & 1, variant & 2, &matrix);
        if (centred) centre(matrix, ROWS, COLUMNS);
        assert_kith(kith_i_features_operator(f, centred, 2, &poll, &a, &err), err);
        expect_matrix(&a, matrix);
        kith_i_operator_clear(&a);
        for (int64_t i = 0; i < ROWS; i++)
            for (int64_t j = 0; j < ROWS; j++)
                for (int64_t c = 0; c < COLUMNS; c++)
                    gram[i * ROWS + j] += matrix[i * COLUMNS + c] * matrix[j * COLUMNS + c];
        assert_kith(kith_i_features_gram_operator(f, centred, 2, &poll, &a, &err), err);
        expect_matrix(&a, gram);
        expect_symmetric(&a);
        kith_i_operator_clear(&a);
        kith_features_free(f);
        free(matrix);
        free(gram);
    }
}

static void features_that_are_all_one_are_operators(void **state)
{
    double ones[12];
    kith_features *f = NULL;
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < 12; i++) ones[i] = 1;
    assert_kith(kith_features_from_dense(4, 3, ones, NULL, &f, &err), err);
    assert_kith(kith_i_features_operator(f, false, 1, &poll, &a, &err), err);
    expect_matrix(&a, ones);
    kith_i_operator_clear(&a);
    kith_features_free(f);
}

/* ---- Bipartite graphs ---- */

static void a_biadjacency_matrix_is_an_operator(void **state)
{
    enum { ROWS = 13, COLUMNS = 9, EDGES = 40 };
    int64_t rows[EDGES], columns[EDGES];
    double weights[EDGES], sums[ROWS] = { 0 }, across[COLUMNS] = { 0 };
    kith_bipartite *b = NULL;
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    for (int weighted = 0; weighted < 2; weighted++) {
        double *matrix = zeros(ROWS * COLUMNS);
        kith_i_random r = kith_i_random_at(3, 1, 1);
        for (int e = 0; e < EDGES; e++) { /* 5 does not divide 13: pairs differ. Row 12 has none */
            rows[e] = e % (ROWS - 1);
            columns[e] = (e / 3 + 5 * e) % (COLUMNS - 1);
            weights[e] = weighted ? 0.5 + kith_i_random_unit(&r) : 1;
        }
        kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
        o.duplicates = KITH_DUPLICATES_FIRST;
        assert_kith(kith_bipartite_from_edges(ROWS, COLUMNS, EDGES, rows, columns,
                                              weighted ? weights : NULL, &o, &b, &err),
                    err);
        for (int e = EDGES - 1; e >= 0; e--) matrix[rows[e] * COLUMNS + columns[e]] = weights[e];
        assert_kith(kith_i_biadjacency_operator(b, false, 2, &poll, &a, &err), err);
        expect_matrix(&a, matrix);
        kith_i_operator_clear(&a);
        memset(sums, 0, sizeof sums);
        memset(across, 0, sizeof across);
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            sums[i / COLUMNS] += matrix[i];
            across[i % COLUMNS] += matrix[i];
        }
        for (int i = 0; i < ROWS * COLUMNS; i++)
            matrix[i] *= sqrt(inverse(sums[i / COLUMNS])) * sqrt(inverse(across[i % COLUMNS]));
        assert_kith(kith_i_biadjacency_operator(b, true, 2, &poll, &a, &err), err);
        expect_matrix(&a, matrix);
        kith_i_operator_clear(&a);
        kith_bipartite_free(b);
        free(matrix);
    }
}

/* ---- Operators of operators ---- */

static void sums_of_operators_are_operators(void **state)
{
    const double weights[] = { 0.5, -2 };
    kith_error err = { 0 };

    (void)state;
    for (int walk = 0; walk < 2; walk++) {
        const kith_i_matrix_options one = { .matrix = KITH_I_NORMALISED };
        const kith_i_matrix_options other = { .matrix = walk ? KITH_I_WALK : KITH_I_LAPLACIAN };
        kith_graph *g = sample(5), *h = sample(2);
        const int64_t n = kith_graph_nodes(g);
        double *matrix = definition(g, &one), *second = definition(h, &other);
        kith_i_operator terms[2], a;
        assert_kith(kith_i_graph_operator(g, &one, 1, &poll, &terms[0], &err), err);
        assert_kith(kith_i_graph_operator(h, &other, 1, &poll, &terms[1], &err), err);
        const kith_i_operator *both[] = { &terms[0], &terms[1] };
        for (int64_t i = 0; i < n * n; i++)
            matrix[i] = weights[0] * matrix[i] + weights[1] * second[i];
        assert_kith(kith_i_sum_operator(2, both, weights, &a, &err), err);
        expect_matrix(&a, matrix);
        if (!walk) expect_symmetric(&a);
        if (!walk) expect_bounds(&a, matrix);
        kith_i_operator_clear(&a);
        for (int64_t i = 0; i < n * n; i++)
            matrix[i] = 2 * (matrix[i] - weights[1] * second[i]) + second[i];
        assert_kith(kith_i_sum_operator(2, both, NULL, &a, &err), err);
        expect_matrix(&a, matrix);
        kith_i_operator_clear(&a);
        kith_i_operator_clear(&terms[0]);
        kith_i_operator_clear(&terms[1]);
        kith_graph_free(g);
        kith_graph_free(h);
        free(matrix);
        free(second);
    }
}

static void low_rank_terms_are_added(void **state)
{
    enum { RANK = 3 };
    const double weights[RANK] = { 1.5, -0.25, 3 };
    kith_error err = { 0 };

    (void)state;
    for (int variant = 0; variant < 4; variant++) {
        const kith_i_matrix_options o = { .matrix = variant & 1 ? KITH_I_WALK : KITH_I_ADJACENCY };
        const double *w = variant & 2 ? weights : NULL;
        kith_graph *g = sample(7);
        const int64_t n = kith_graph_nodes(g);
        double *matrix = definition(g, &o), *u = random_block(n, RANK, 9);
        kith_i_operator plain, a;
        assert_kith(kith_i_graph_operator(g, &o, 1, &poll, &plain, &err), err);
        for (int64_t i = 0; i < n * n; i++)
            for (int j = 0; j < RANK; j++)
                matrix[i] += (w ? w[j] : 1) * u[i / n * RANK + j] * u[i % n * RANK + j];
        assert_kith(kith_i_low_rank_operator(&plain, RANK, u, w, &a, &err), err);
        expect_matrix(&a, matrix);
        if (o.matrix == KITH_I_ADJACENCY) {
            expect_symmetric(&a);
            expect_bounds(&a, matrix);
        }
        kith_i_operator_clear(&a);
        kith_i_operator_clear(&plain);
        kith_graph_free(g);
        free(matrix);
        free(u);
    }
}

/* ---- Threads, cancellation ---- */

static kith_graph *large_graph(int64_t n, int64_t edges)
{
    int64_t *sources = calloc((size_t)edges, sizeof *sources), *targets = calloc((size_t)edges, 8);
    double *weights = zeros(edges);
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    for (int64_t e = 0; e < edges; e++) {
        kith_i_random r = kith_i_random_at(1, 2, (uint64_t)e);
        sources[e] = (int64_t)kith_i_random_below(&r, (uint64_t)n);
        targets[e] = e % 3 ? (int64_t)kith_i_random_below(&r, (uint64_t)n) : e % 17;
        weights[e] = kith_i_random_unit(&r) + 0.1;
    }
    assert_kith(kith_graph_from_edges(n, edges, sources, targets, weights, NULL, &graph, &err),
                err);
    free(sources);
    free(targets);
    free(weights);
    return graph;
}

static void threads_give_the_same_bits(void **state)
{
    enum { N = 20000, B = 11 };
    kith_graph *graph = large_graph(N, 60000);
    double *x = random_block(N, B, 1), *y = zeros(N * B), *first = zeros(N * B);
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    for (int k = 0; k < KINDS; k++) {
        for (int threads = 1; threads <= 4; threads *= 2) {
            assert_kith(kith_i_graph_operator(graph, &kinds[k], threads, &poll, &a, &err), err);
            assert_kith(a.apply(&a, B, x, y, &poll, &err), err);
            kith_i_operator_clear(&a);
            if (threads == 1) memcpy(first, y, N * B * sizeof *y);
            assert_memory_equal(first, y, N * B * sizeof *y);
        }
    }
    kith_graph_free(graph);
    free(x);
    free(y);
    free(first);
}

static int stop(const kith_progress *progress, void *payload)
{
    (void)progress, (void)payload;
    return 1;
}

static void a_product_can_be_cancelled(void **state)
{
    enum { N = 2000 };
    kith_graph *graph = large_graph(N, 5000);
    double *x = random_block(N, 4, 1), *y = zeros(N * 4);
    kith_run run = KITH_RUN_INIT(kith_run);
    kith_i_poll stopping;
    kith_i_operator a;
    kith_error err = { 0 };

    (void)state;
    run.progress = stop;
    run.interval = 0;
    kith_i_poll_start(&stopping, &run);
    assert_kith(kith_i_graph_operator(graph, &kinds[2], 1, &poll, &a, &err), err);
    assert_int_equal(a.apply(&a, 4, x, y, &stopping, &err), KITH_E_CANCELLED);
    assert_string_not_equal(err.message, "");
    kith_i_operator_clear(&a);
    assert_int_equal(kith_i_graph_operator(graph, &kinds[2], 1, &stopping, &a, &err),
                     KITH_E_CANCELLED);
    assert_null(a.state);
    kith_graph_free(graph);
    free(x);
    free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_matrix_of_a_graph_is_its_definition),
        cmocka_unit_test(graphs_without_edges_and_without_nodes_have_operators),
        cmocka_unit_test(matrices_are_written_out_by_their_lower_triangle),
        cmocka_unit_test(a_weighted_bethe_hessian_is_its_definition),
        cmocka_unit_test(negative_weights_have_a_signed_laplacian),
        cmocka_unit_test(a_directed_graph_has_none),
        cmocka_unit_test(the_weight_of_an_edge_is_no_radius),
        cmocka_unit_test(known_vectors_are_eigenvectors),
        cmocka_unit_test(features_and_their_gram_matrix_are_operators),
        cmocka_unit_test(features_that_are_all_one_are_operators),
        cmocka_unit_test(a_biadjacency_matrix_is_an_operator),
        cmocka_unit_test(sums_of_operators_are_operators),
        cmocka_unit_test(low_rank_terms_are_added),
        cmocka_unit_test(threads_give_the_same_bits),
        cmocka_unit_test(a_product_can_be_cancelled),
    };

    kith_i_poll_start(&poll, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
