/* Spectral subspace clustering of attributed graphs by modularity [Lin2025].
 *
 *   paper         here
 *   Z             attributed/representation.h
 *   D = Z 1       root: its square roots
 *   omega, w      omega, total
 *   Q             q: the block whose columns become the points */
#include "kith/m_s2cag.h"

#include "attributed/choose.h"
#include "attributed/representation.h"
#include "attributed/settle.h"
#include "core/spec.h"
#include "linalg/block.h"
#include "linalg/dense.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { ROUNDS = 100 };

static const double tolerance = 1e-6; /* of residuals, in units of the largest eigenvalue */

static const char *const sums[] = { "exact", "code", NULL }; /* in the order of kith_nsr */

/* The largest k that there are vectors for, and the columns of Q: k, or all that k = 0 is chosen
 * from and one more. */
static int64_t most_of(const kith_m_s2cag_options *o)
{
    return o->features->rows < o->features->columns ? o->features->rows : o->features->columns;
}

static int64_t columns_of(const kith_m_s2cag_options *o)
{
    const int64_t most = most_of(o);

    if (o->k) return o->k;
    return most < KITH_I_CHOICES ? most : KITH_I_CHOICES;
}

static kith_i_representation_options representation_of(const kith_m_s2cag_options *o)
{
    const int64_t products = 2 * (o->iterations + 2);

    return (kith_i_representation_options){ .features = o->features,
                                            .tfidf = o->tfidf,
                                            .alpha = o->alpha,
                                            .hops = o->hops,
                                            .nsr = (kith_i_nsr)o->nsr,
                                            .vectors = products * columns_of(o) };
}

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_m_s2cag_options *o = options;

    if (!o->features) return 64 * (double)graph->nodes;
    const kith_i_representation_options r = representation_of(o);
    const double b = (double)columns_of(o);
    return kith_i_representation_bytes(graph, &r, columns_of(o)) +
           8 * b * (3 * (double)graph->nodes + (double)o->features->columns);
}

static const kith_option rows[] = {
    KITH_OPTION(kith_m_s2cag_options, features, FEATURES, 0, 0, "attributes of nodes, a row each"),
    KITH_OPTION(kith_m_s2cag_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of eigenvalues"),
    KITH_OPTION(kith_m_s2cag_options, alpha, F64, 0, 100,
                "decay from hop to hop; above 1 later hops weigh more"),
    KITH_OPTION(kith_m_s2cag_options, hops, I64, 0, 1000, "how far features are smoothed"),
    KITH_OPTION(kith_m_s2cag_options, iterations, I64, 0, 1000, "iterations of the subspace"),
    KITH_OPTION(kith_m_s2cag_options, resolution, F64, 0, 1000, "higher: smaller clusters"),
    KITH_OPTION(kith_m_s2cag_options, tfidf, BOOL, 0, 1, "weigh features by TF-IDF"),
    KITH_OPTION_CHOICE(kith_m_s2cag_options, nsr, sums,
                       "sum over hops: exact, or as in the authors' code"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, m_s2cag, KITH_M_S2CAG_OPTIONS_INIT, rows, bytes,
                           "clusters of large modularity among smoothed features");

/* What a call works with. */
typedef struct {
    const kith_m_s2cag_options *o;
    kith_i_representation z;
    kith_i_poll *poll;
    int threads;
    int64_t n, d, b; /* b: columns of q */
    double *root, *omega, total;
    double *q, *h;   /* n rows of b numbers */
    double *scaled;  /* the same: diag(root) q */
    double *between; /* d rows of b numbers */
    double *column;  /* b: sums */
    kith_embedding *points;
    double smoothing, solving; /* seconds */
} search;

static void search_clear(search *s)
{
    kith_i_representation_clear(&s->z);
    kith_i_free(s->root);
    kith_i_free(s->omega);
    kith_i_free(s->q);
    kith_i_free(s->h);
    kith_i_free(s->scaled);
    kith_i_free(s->between);
    kith_i_free(s->column);
    kith_embedding_free(s->points);
}

static void by_root(const search *s, int64_t b, const double *x, double *y)
{
    for (int64_t i = 0; i < s->n; i++)
        for (int64_t c = i * b; c < (i + 1) * b; c++) y[c] = s->root[i] * x[c];
}

/* h = Y Y^T x for a block of b vectors, Y = diag(root) Z. */
static kith_status multiply(search *s, int64_t b, const double *x, double *h, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_operator *z = &s->z.z;

    by_root(s, b, x, s->scaled);
    KITH_TRY(z->apply_transposed(z, b, s->scaled, s->between, s->poll, err));
    KITH_TRY(z->apply(z, b, s->between, h, s->poll, err));
    by_root(s, b, h, h);

done:
    return status;
}

/* h = B q: the sums of the columns of Y Y^T q are omega^T q. */
static kith_status multiply_by_modularity(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    double *column = s->column;

    KITH_TRY(multiply(s, s->b, s->q, s->h, err));
    KITH_TRY(kith_i_project(s->n, 1, NULL, s->b, s->h, column, s->threads, s->poll, err));
    for (int64_t j = 0; j < s->b; j++) column[j] *= s->total > 0 ? -s->o->resolution / s->total : 0;
    KITH_TRY(kith_i_spread_rows(s->n, 1, s->omega, s->b, column, s->h, s->threads, s->poll, err));

done:
    return status;
}

/* D, omega and w. */
static kith_status weigh(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    double *ones = NULL;

    KITH_TRY(kith_i_alloc(&ones, s->n > s->d ? s->n : s->d, sizeof *ones, err));
    for (int64_t i = 0; i < s->n || i < s->d; i++) ones[i] = 1;
    KITH_TRY(s->z.z.apply(&s->z.z, 1, ones, s->root, s->poll, err));
    for (int64_t i = 0; i < s->n; i++) s->root[i] = sqrt(fmax(s->root[i], 0));
    KITH_TRY(multiply(s, 1, ones, s->omega, err));
    s->total = kith_i_sum(s->omega, s->n, s->threads);

done:
    kith_i_free(ones);
    return status;
}

/* Rounding begins at the largest entry of each row, so signs matter. They become those of a QR
 * factorisation by Householder reflections, as the authors have it: Q - S has an LU factorisation
 * for the signs S that are opposite to its pivots [Ballard2014]. */
static kith_status choose_signs(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t b = s->b;
    double *lu = NULL, *signs = NULL;

    KITH_TRY(kith_i_alloc(&lu, b * b, sizeof *lu, err));
    KITH_TRY(kith_i_alloc(&signs, b, sizeof *signs, err));
    memcpy(lu, s->q, (size_t)(b * b) * sizeof *lu); /* the first rows of Q */
    for (int64_t j = 0; j < b; j++) {
        double *pivot = &lu[j * b + j];
        signs[j] = *pivot >= 0 ? -1 : 1;
        *pivot -= signs[j]; /* at least 1 in absolute value */
        for (int64_t i = j + 1; i < b; i++) {
            const double factor = lu[i * b + j] / *pivot;
            for (int64_t c = j + 1; c < b; c++) lu[i * b + c] -= factor * lu[j * b + c];
        }
    }
    for (int64_t i = 0; i < s->n; i++)
        for (int64_t j = 0; j < b; j++) s->q[i * b + j] *= signs[j];

done:
    kith_i_free(lu);
    kith_i_free(signs);
    return status;
}

static kith_status iterate(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t seed = s->o->run.seed;

    kith_i_block_random(s->n, s->b, s->q, seed, 1, s->threads);
    KITH_TRY(kith_i_block_orthonormalise(s->n, s->b, s->q, NULL, NULL, seed, s->threads, err));
    for (int64_t t = 0; t < s->o->iterations; t++) {
        KITH_TRY(multiply_by_modularity(s, err));
        double *next = s->h;
        s->h = s->q;
        s->q = next;
        KITH_TRY(kith_i_block_orthonormalise(s->n, s->b, s->q, NULL, NULL, seed, s->threads, err));
    }
    KITH_TRY(choose_signs(s, err));
    KITH_TRY(multiply_by_modularity(s, err));

done:
    return status;
}

/* Turns q and h = B q to eigenvectors of B within their span, the largest eigenvalue first. */
static kith_status turn(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t b = s->b;
    double *small = NULL, *values = NULL, *turned = NULL;

    KITH_TRY(kith_i_alloc(&small, b * b, sizeof *small, err));
    KITH_TRY(kith_i_alloc(&turned, b * b, sizeof *turned, err));
    KITH_TRY(kith_i_alloc(&values, b, sizeof *values, err));
    KITH_TRY(kith_i_block_gram(s->n, b, s->q, b, s->h, small, s->threads, err));
    KITH_TRY(kith_i_dense_eigen(b, small, values, err));
    for (int64_t i = 0; i < b; i++)
        for (int64_t j = 0; j < b; j++) turned[i * b + j] = small[i * b + b - 1 - j];
    kith_i_block_times(s->n, b, s->q, b, turned, 0, s->scaled, s->threads);
    memcpy(s->q, s->scaled, (size_t)(s->n * b) * sizeof *s->q);
    kith_i_block_times(s->n, b, s->h, b, turned, 0, s->scaled, s->threads);
    memcpy(s->h, s->scaled, (size_t)(s->n * b) * sizeof *s->h);

done:
    kith_i_free(small);
    kith_i_free(values);
    kith_i_free(turned);
    return status;
}

/* v^T B v of each column, and how far B v lies from its multiple of v. */
static void measure(const search *s, double *values, double *residuals)
{
    for (int64_t j = 0; j < s->b; j++) {
        double value = 0, square = 0;
        for (int64_t i = 0; i < s->n; i++) value += s->q[i * s->b + j] * s->h[i * s->b + j];
        for (int64_t i = 0; i < s->n; i++) {
            const double rest = s->h[i * s->b + j] - value * s->q[i * s->b + j];
            square += rest * rest;
        }
        values[j] = value;
        residuals[j] = sqrt(square);
    }
}

/* The first k columns, of k = 0 as many as are chosen: one more than have a large eigenvalue, since
 * clusters of large modularity need one vector less than there are of them. */
static kith_status to_points(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    double *values = NULL, *residuals = NULL;
    int64_t k = s->o->k;

    KITH_TRY(kith_i_alloc(&values, s->b, sizeof *values, err));
    KITH_TRY(kith_i_alloc(&residuals, s->b, sizeof *residuals, err));
    if (k == 0) KITH_TRY(turn(s, err));
    measure(s, values, residuals);
    if (k == 0) k = 1;
    if (s->o->k == 0) {
        double widest = 0;
        for (int64_t i = 1; i < s->b; i++)
            if (values[i - 1] - values[i] > widest && values[i - 1] > 0) {
                widest = values[i - 1] - values[i];
                k = i + 1;
            }
    }
    KITH_TRY(kith_i_embedding_new(s->n, k, s->b, &s->points, err));
    for (int64_t i = 0; i < s->n; i++)
        memcpy(s->points->values + i * k, s->q + i * s->b, (size_t)k * sizeof *s->q);
    memcpy(s->points->eigenvalues, values, (size_t)s->b * sizeof *values);
    memcpy(s->points->residuals, residuals, (size_t)s->b * sizeof *residuals);
    if (k < s->b) s->points->gap = values[k - 1] - values[k];
    for (int64_t j = 0; j < k; j++)
        if (residuals[j] > tolerance * fabs(values[0])) s->points->converged = false;

done:
    kith_i_free(values);
    kith_i_free(residuals);
    return status;
}

static kith_status find(const kith_graph *graph, search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_representation_options r = representation_of(s->o);
    const double began = kith_i_now();

    s->n = graph->nodes;
    s->d = s->o->features->columns;
    s->b = columns_of(s->o);
    s->threads = kith_i_threads_for(&s->o->run, graph->entries + s->o->features->entries);
    KITH_TRY(kith_i_representation_new(graph, &r, s->threads, s->poll, &s->z, err));
    s->smoothing = kith_i_now() - began;
    if (s->b == 0) goto done;
    KITH_TRY(kith_i_alloc(&s->root, s->n, sizeof *s->root, err));
    KITH_TRY(kith_i_alloc(&s->omega, s->n, sizeof *s->omega, err));
    KITH_TRY(kith_i_alloc(&s->q, s->n * s->b, sizeof *s->q, err));
    KITH_TRY(kith_i_alloc(&s->h, s->n * s->b, sizeof *s->h, err));
    KITH_TRY(kith_i_alloc(&s->scaled, s->n * s->b, sizeof *s->scaled, err));
    KITH_TRY(kith_i_alloc(&s->between, s->d * s->b, sizeof *s->between, err));
    KITH_TRY(kith_i_alloc(&s->column, s->b, sizeof *s->column, err));
    KITH_TRY(weigh(s, err));
    KITH_TRY(iterate(s, err));
    KITH_TRY(to_points(s, err));
    s->solving = kith_i_now() - began - s->smoothing;

done:
    return status;
}

static kith_status begin(const kith_graph *graph, const kith_m_s2cag_options *options,
                         kith_m_s2cag_options *o, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_m_s2cag_code.options, o, options, err));
    kith_i_poll_start(poll, &o->run);
    KITH_TRY(kith_i_attributed_check(graph, o->features, poll, err));
    KITH_CHECK(o->k <= most_of(o), KITH_E_ARGUMENT,
               "k is %" PRId64 " (expected at most %" PRId64 ", what %" PRId64
               " columns of %" PRId64 " features allow)",
               o->k, most_of(o), o->features->columns, o->features->rows);
    KITH_TRY(kith_i_memory_require(bytes(graph, o), "M-S2CAG", err));

done:
    return status;
}

kith_status kith_m_s2cag_embed(const kith_graph *graph, const kith_m_s2cag_options *options,
                               kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_m_s2cag_options o;
    kith_i_poll poll;
    search s = { .o = &o, .poll = &poll };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, err));
    KITH_TRY(find(graph, &s, err));
    if (!s.points) KITH_TRY(kith_i_embedding_new(graph->nodes, 0, 0, &s.points, err));
    *out = s.points;
    s.points = NULL;

done:
    search_clear(&s);
    return status;
}

kith_status kith_m_s2cag(const kith_graph *graph, const kith_m_s2cag_options *options,
                         kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_m_s2cag_options o;
    kith_i_poll poll;
    search s = { .o = &o, .poll = &poll };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, err));
    KITH_TRY(find(graph, &s, err));
    KITH_TRY(kith_i_round_and_settle(graph, graph->nodes, s.z.features.empty, s.points, o.k == 0,
                                     ROUNDS, kith_i_threads_for(&o.run, graph->nodes), &poll, out,
                                     err));
    kith_i_partition_phase(*out, "smoothing", s.smoothing);
    kith_i_partition_phase(*out, "subspace", s.solving);

done:
    search_clear(&s);
    return status;
}
