/* SC-ML, several relations merged on the Grassmann manifold [Dong2014].
 *
 *   paper        here
 *   M, L_i       views.count, I - N_i
 *   U_i          s->own, side by side
 *   alpha        alpha
 *   L_mod        sum_i L_i - alpha sum_i U_i U_i^T: its smallest are the largest of
 *                sum_i N_i + alpha sum_i U_i U_i^T, the operator that is solved */
#include "kith/multilayer.h"

#include "attributed/cloud.h"
#include "attributed/views.h"
#include "core/spec.h"
#include "graph/embedding.h"
#include "linalg/block.h"
#include "linalg/eigen.h"
#include "linalg/structure.h"

#include <math.h>
#include <string.h>

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_multilayer_options *o = options;
    const double k = (double)(o->k ? o->k : KITH_I_CHOICES), n = (double)graph->nodes;

    return 8 * n * (k * (double)kith_i_views_count(o->relations) + 4 * k + 64) +
           kith_i_cloud_bytes(graph->nodes, (int64_t)k, o->k);
}

static const kith_option rows[] = {
    KITH_OPTION(kith_multilayer_options, relations, RELATIONS, 0, 0, "relations over the nodes"),
    KITH_OPTION(kith_multilayer_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of eigenvalues"),
    KITH_OPTION(kith_multilayer_options, alpha, F64, 0, 1000,
                "higher: nearer to each relation's own vectors"),
    KITH_OPTION(kith_multilayer_options, tolerance, F64, 1e-14, 0.1,
                "residual of eigenpairs, relative; lower: slower"),
    KITH_OPTION(kith_multilayer_options, restarts, I64, 1, 1000,
                "seedings of k-means, the best of which is given"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, multilayer, KITH_MULTILAYER_OPTIONS_INIT, rows, bytes,
                           "clusters of several relations by a spectral space near to each");

/* What a call works with. */
typedef struct {
    kith_multilayer_options o;
    kith_i_poll poll;
    int threads;
    const kith_graph *graph;
    kith_i_views views;
    kith_i_operator *normalised; /* N_i */
    kith_i_operator sum;
    int64_t k;
    double gap;
    double *own; /* n rows of k numbers for each view */
    kith_i_eigen eigen;
    double solving; /* seconds */
} search;

static void search_clear(search *s)
{
    kith_i_operator_clear(&s->sum);
    for (int64_t i = 0; s->normalised && i < s->views.count; i++)
        kith_i_operator_clear(&s->normalised[i]);
    kith_i_free(s->normalised);
    kith_i_views_clear(&s->views);
    kith_i_free(s->own);
    kith_i_eigen_clear(&s->eigen);
}

static const kith_i_matrix_options normalised = { .matrix = KITH_I_NORMALISED };

static kith_i_eigen_options leading(const search *s, int64_t count)
{
    return (kith_i_eigen_options){ .count = count, .end = KITH_I_LARGEST,
                                   .tolerance = s->o.tolerance, .seed = s->o.run.seed };
}

/* sum_i N_i */
static kith_status make_sum(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_operator **terms = NULL;
    double *ones = NULL;

    KITH_TRY(kith_i_zeroed(&s->normalised, s->views.count, sizeof *s->normalised, err));
    KITH_TRY(kith_i_alloc(&terms, s->views.count, sizeof *terms, err));
    KITH_TRY(kith_i_alloc(&ones, s->views.count, sizeof *ones, err));
    for (int64_t i = 0; i < s->views.count; i++) {
        KITH_TRY(kith_i_graph_operator(s->views.graphs[i], &normalised, s->threads, &s->poll,
                                       &s->normalised[i], err));
        terms[i] = &s->normalised[i];
        ones[i] = 1;
    }
    KITH_TRY(kith_i_sum_operator(s->views.count, terms, ones, &s->sum, err));

done:
    kith_i_free(terms);
    kith_i_free(ones);
    return status;
}

static kith_status choose_k(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->views.nodes;
    kith_i_eigen e = { 0 };

    s->k = s->o.k;
    if (s->k) return KITH_OK;
    const kith_i_eigen_options how = leading(s, n <= KITH_I_CHOICES ? n : KITH_I_CHOICES + 1);
    KITH_TRY(kith_i_eigen_solve(&s->sum, &how, &s->poll, &e, err));
    s->k = kith_i_eigengap(e.count, e.values, KITH_I_CHOICES, &s->gap);
    if (s->k > n) s->k = n;

done:
    kith_i_eigen_clear(&e);
    return status;
}

/* U_i of every view. */
static kith_status find_own(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->views.nodes, columns = s->k * s->views.count;
    const kith_i_eigen_options how = leading(s, s->k);
    kith_i_eigen e = { 0 };

    KITH_TRY(kith_i_alloc(&s->own, n * columns, sizeof *s->own, err));
    for (int64_t i = 0; i < s->views.count; i++) {
        KITH_TRY(kith_i_graph_eigen(s->views.graphs[i], &normalised, &how, s->threads, &s->poll, &e,
                                    NULL, err));
        for (int64_t v = 0; v < n; v++)
            memcpy(s->own + v * columns + i * s->k, e.vectors + v * s->k,
                   (size_t)s->k * sizeof *e.vectors);
        kith_i_eigen_clear(&e);
    }

done:
    kith_i_eigen_clear(&e);
    return status;
}

/* U: the leading vectors of sum_i (N_i + alpha U_i U_i^T). */
static kith_status merge(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t columns = s->k * s->views.count;
    const kith_i_eigen_options how = leading(s, s->k);
    kith_i_operator merged = { 0 };
    double *alphas = NULL;

    KITH_TRY(kith_i_alloc(&alphas, columns, sizeof *alphas, err));
    for (int64_t j = 0; j < columns; j++) alphas[j] = s->o.alpha;
    KITH_TRY(kith_i_low_rank_operator(&s->sum, columns, s->own, alphas, &merged, err));
    KITH_TRY(kith_i_eigen_solve(&merged, &how, &s->poll, &s->eigen, err));

done:
    kith_i_operator_clear(&merged);
    kith_i_free(alphas);
    return status;
}

/* The mean of k - |U^T U_i|^2: how far U is from the views' own spaces. */
static kith_status distance(const search *s, double *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t k = s->k, columns = k * s->views.count;
    double *gram = NULL, shared = 0;

    KITH_TRY(kith_i_alloc(&gram, k * columns, sizeof *gram, err));
    KITH_TRY(kith_i_block_gram(s->views.nodes, k, s->eigen.vectors, columns, s->own, gram,
                               s->threads, err));
    for (int64_t j = 0; j < k * columns; j++) shared += gram[j] * gram[j];
    *out = (double)k - shared / (double)s->views.count;

done:
    kith_i_free(gram);
    return status;
}

static kith_status find(const kith_graph *graph, const kith_multilayer_options *options, search *s,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    const double began = kith_i_now();

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_multilayer_code.options, &s->o, options, err));
    KITH_TRY(kith_init(err));
    kith_i_poll_start(&s->poll, &s->o.run);
    s->graph = graph;
    s->gap = NAN;
    s->eigen.converged = true;
    KITH_TRY(kith_i_views_open(graph, s->o.relations, &s->poll, &s->views, err));
    KITH_TRY(kith_i_cloud_check(s->o.k, graph->nodes, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, &s->o), "spectral clustering of relations", err));
    s->threads = kith_i_threads_for(&s->o.run, kith_i_views_entries(graph, s->o.relations));
    if (graph->nodes == 0) goto done;
    KITH_TRY(make_sum(s, err));
    KITH_TRY(choose_k(s, err));
    KITH_TRY(find_own(s, err));
    KITH_TRY(merge(s, err));
    s->solving = kith_i_now() - began;

done:
    return status;
}

/* Rows of U at length 1. */
static kith_status make_points(const search *s, kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_eigen *e = &s->eigen;

    KITH_TRY(kith_i_embedding_new(s->views.nodes, s->k, e->count, out, err));
    if (e->count) {
        memcpy((*out)->values, e->vectors, (size_t)(e->n * e->count) * sizeof *e->vectors);
        memcpy((*out)->eigenvalues, e->values, (size_t)e->count * sizeof *e->values);
        memcpy((*out)->residuals, e->residuals, (size_t)e->count * sizeof *e->residuals);
        kith_i_block_unit_rows(e->n, e->count, (*out)->values, s->threads);
    }
    (*out)->gap = s->gap;
    (*out)->converged = e->converged;

done:
    return status;
}

kith_status kith_multilayer_embed(const kith_graph *graph, const kith_multilayer_options *options,
                                  kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    KITH_TRY(make_points(&s, out, err));

done:
    search_clear(&s);
    return status;
}

static kith_status report(const search *s, kith_partition *out, kith_error *err)
{
    kith_status status = KITH_OK;
    double worst = 0, apart = 0;

    for (int64_t j = 0; j < s->eigen.count; j++) worst = fmax(worst, s->eigen.residuals[j]);
    if (s->eigen.count) KITH_TRY(distance(s, &apart, err));
    out->converged = out->converged && s->eigen.converged;
    if (!out->converged) out->stop = KITH_STOP_ITERATIONS;
    kith_i_partition_figure(out, "k", (double)s->k);
    kith_i_partition_figure(out, "gap", s->gap);
    kith_i_partition_figure(out, "residual", worst);
    kith_i_partition_figure(out, "distance", apart);
    kith_i_partition_phase(out, "eigenvectors", s->solving);

done:
    return status;
}

kith_status kith_multilayer(const kith_graph *graph, const kith_multilayer_options *options,
                            kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };
    kith_embedding *points = NULL;
    kith_partition *found = NULL;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    KITH_TRY(make_points(&s, &points, err));
    const kith_i_cloud cloud = { .graph = graph,
                                 .d = s.k,
                                 .values = points->values,
                                 .k = s.k,
                                 .chosen = s.o.k == 0,
                                 .restarts = s.o.restarts,
                                 .seed = s.o.run.seed,
                                 .threads = s.threads };
    KITH_TRY(kith_i_cloud_cluster(&cloud, &s.poll, &found, err));
    KITH_TRY(report(&s, found, err));
    *out = found;
    found = NULL;

done:
    search_clear(&s);
    kith_embedding_free(points);
    kith_partition_free(found);
    return status;
}
