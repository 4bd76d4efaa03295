/* Views weighed by agreement [Chen2025], without the networks that the paper trains: features
 * spread along each relation, and its weights.
 *
 *   paper                    here
 *   F(A_v, X)                spread: an operator, never stored
 *   Z_v                      a view's columns of s->own
 *   H = [w_v Z_v]            the points
 *   NMI(y_f, y_v)^p / max    agree() */
#include "kith/view_weighting.h"

#include "attributed/cloud.h"
#include "attributed/scaled.h"
#include "attributed/views.h"
#include "core/spec.h"
#include "kith/eval.h"
#include "linalg/block.h"
#include "linalg/svd.h"

#include <math.h>
#include <string.h>

enum { PASSES = 7, OVERSAMPLING = 10 }; /* of the iteration that finds singular vectors */

/* Columns of one view. */
static int64_t columns_of(const kith_view_weighting_options *o)
{
    const int64_t n = o->features->rows, d = o->features->columns, most = n < d ? n : d;

    return o->width < most ? o->width : most;
}

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_view_weighting_options *o = options;
    const double n = (double)graph->nodes;

    if (!o->features) return 64 * (double)graph->nodes;
    const int64_t b = columns_of(o), all = b * kith_i_views_count(o->relations);
    return 8 * (n + (double)o->features->columns) * (6 * (double)b + 6 * OVERSAMPLING) +
           16 * n * (double)all + 64 * n + kith_i_cloud_bytes(graph->nodes, all, o->k);
}

static const kith_option rows[] = {
    KITH_OPTION(kith_view_weighting_options, relations, RELATIONS, 0, 0,
                "relations over the nodes"),
    KITH_OPTION(kith_view_weighting_options, features, FEATURES, 0, 0,
                "attributes of nodes, a row each"),
    KITH_OPTION(kith_view_weighting_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of singular values"),
    KITH_OPTION(kith_view_weighting_options, hops, I64, 0, 1000,
                "how far features are spread along each relation"),
    KITH_OPTION(kith_view_weighting_options, width, I64, 1, 1 << 16,
                "singular vectors that stand for each relation"),
    KITH_OPTION(kith_view_weighting_options, power, F64, 0, 100,
                "of agreements; higher: relations differ more"),
    KITH_OPTION(kith_view_weighting_options, rounds, I64, 0, 1000,
                "cap on rounds of weights and clusters in turn"),
    KITH_OPTION(kith_view_weighting_options, tfidf, BOOL, 0, 1, "weigh sparse features by TF-IDF"),
    KITH_OPTION(kith_view_weighting_options, restarts, I64, 1, 1000,
                "seedings of k-means, the best of which is given"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, view_weighting, KITH_VIEW_WEIGHTING_OPTIONS_INIT, rows, bytes,
                           "clusters of several relations, each weighed by how well it agrees");

/* What a call works with. */
typedef struct {
    kith_view_weighting_options o;
    kith_i_poll poll;
    int threads;
    const kith_graph *graph;
    kith_i_views views;
    kith_i_scaled features;
    int64_t b;       /* columns of a view */
    double *own;     /* points of each view after another, n rows of b numbers */
    double *weights; /* of views */
    kith_embedding *points;
    kith_partition **clusters; /* of each view */
    int64_t k;
    double spread; /* seconds */
} search;

static void search_clear(search *s)
{
    for (int64_t v = 0; s->clusters && v < s->views.count; v++) kith_partition_free(s->clusters[v]);
    kith_i_free(s->clusters);
    kith_i_views_clear(&s->views);
    kith_i_scaled_clear(&s->features);
    kith_i_free(s->own);
    kith_i_free(s->weights);
    kith_embedding_free(s->points);
}

/* ---- F(A, X) ---- */

/* sum_i P^i X for i up to `hops`. */
typedef struct {
    const kith_i_operator *walk, *features;
    int64_t hops;
} spreading;

/* y = sum_i P^i x, or with P^T: y <- P y + x over and over. */
static kith_status sum_powers(const spreading *s, bool transposed, int64_t b, const double *x,
                              double *y, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->walk->rows;
    const kith_i_apply apply = transposed ? s->walk->apply_transposed : s->walk->apply;
    double *next = NULL;

    KITH_TRY(kith_i_alloc(&next, n * b, sizeof *next, err));
    memcpy(y, x, (size_t)(n * b) * sizeof *y);
    for (int64_t hop = 0; hop < s->hops; hop++) {
        KITH_TRY(apply(s->walk, b, y, next, poll, err));
        for (int64_t i = 0; i < n * b; i++) y[i] = next[i] + x[i];
    }

done:
    kith_i_free(next);
    return status;
}

static kith_status apply_spread(const kith_i_operator *self, int64_t b, const double *x, double *y,
                                kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const spreading *s = self->state;
    double *product = NULL;

    KITH_TRY(kith_i_alloc(&product, self->rows * b, sizeof *product, err));
    KITH_TRY(s->features->apply(s->features, b, x, product, poll, err));
    KITH_TRY(sum_powers(s, false, b, product, y, poll, err));

done:
    kith_i_free(product);
    return status;
}

static kith_status apply_spread_transposed(const kith_i_operator *self, int64_t b, const double *x,
                                           double *y, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const spreading *s = self->state;
    double *spread = NULL;

    KITH_TRY(kith_i_alloc(&spread, self->rows * b, sizeof *spread, err));
    KITH_TRY(sum_powers(s, true, b, x, spread, poll, err));
    KITH_TRY(s->features->apply_transposed(s->features, b, spread, y, poll, err));

done:
    kith_i_free(spread);
    return status;
}

/* The points of a view: U diag(s) in rows of length 1. */
static kith_status make_view(search *s, int64_t v, const kith_i_operator *features, double *out,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_matrix_options matrix = { .matrix = KITH_I_WALK, .loops_once = true };
    const kith_i_svd_options options = {
        .count = s->b, .passes = PASSES, .oversampling = OVERSAMPLING, .seed = s->o.run.seed
    };
    const int64_t n = s->views.nodes;
    kith_i_operator walk = { 0 };
    kith_i_svd svd = { 0 };

    KITH_TRY(kith_i_graph_operator(s->views.graphs[v], &matrix, s->threads, &s->poll, &walk, err));
    spreading state = { &walk, features, s->o.hops };
    kith_i_operator spread = *features;
    spread.apply = apply_spread;
    spread.apply_transposed = apply_spread_transposed;
    spread.state = &state;
    KITH_TRY(kith_i_svd_solve(&spread, &options, &s->poll, &svd, err));
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < s->b; c++) out[i * s->b + c] = svd.u[i * s->b + c] * svd.values[c];
    kith_i_block_unit_rows(n, s->b, out, s->threads);

done:
    kith_i_operator_clear(&walk);
    kith_i_svd_clear(&svd);
    return status;
}

/* Rows over the sum of their absolute values. */
static void divide_by_sums(kith_i_scaled *features)
{
    const kith_features *x = features->features;

    for (int64_t i = 0; i < x->rows; i++) {
        const kith_i_feature_row row = kith_i_features_row(x, i);
        double sum = 0;
        for (int64_t e = row.begin; e < row.end; e++)
            sum += fabs(kith_i_scaled_entry(features, i, kith_i_feature_column(x, row, e), e));
        if (sum > 0) features->rows[i] /= sum;
    }
}

static kith_status make_views(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t size = s->views.nodes * s->b;
    const double began = kith_i_now();
    kith_i_operator features = { 0 };

    KITH_TRY(kith_i_scaled_new(s->o.features, s->o.tfidf && s->o.features->offsets, true,
                               s->threads, &s->poll, &s->features, err));
    divide_by_sums(&s->features);
    KITH_TRY(kith_i_alloc(&s->own, size * s->views.count, sizeof *s->own, err));
    KITH_TRY(kith_i_scaled_operator(&s->features, s->threads, &s->poll, &features, err));
    for (int64_t v = 0; v < s->views.count && size; v++)
        KITH_TRY(make_view(s, v, &features, s->own + v * size, err));
    s->spread = kith_i_now() - began;

done:
    kith_i_operator_clear(&features);
    return status;
}

/* ---- Weights ---- */

static kith_i_cloud cloud_of(const search *s, int64_t d, const double *values, bool chosen)
{
    return (kith_i_cloud){ .graph = s->graph,
                           .empty = s->features.empty,
                           .d = d,
                           .values = values,
                           .k = s->k,
                           .chosen = chosen,
                           .restarts = s->o.restarts,
                           .seed = s->o.run.seed,
                           .threads = s->threads };
}

/* The points: those of the views side by side, times their weights. */
static void weigh(search *s)
{
    const int64_t n = s->views.nodes, b = s->b;
    double *out = s->points->values;

    for (int64_t i = 0; i < n; i++)
        for (int64_t v = 0; v < s->views.count; v++)
            for (int64_t c = 0; c < b; c++) *out++ = s->weights[v] * s->own[(v * n + i) * b + c];
}

/* w_v = NMI(y_f, y_v)^p over the largest, for the clusters y_f of all and y_v of a view. Whether a
 * weight has changed. */
static kith_status agree(search *s, const kith_partition *all, bool *changed, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t count = s->views.count;
    double *agreement = NULL, largest = 0;

    KITH_TRY(kith_i_alloc(&agreement, count, sizeof *agreement, err));
    for (int64_t v = 0; v < count; v++) {
        kith_comparison c;
        KITH_TRY(
            kith_compare(s->views.nodes, s->clusters[v]->labels, all->labels, &s->o.run, &c, err));
        agreement[v] = pow(fmax(c.nmi, 0), s->o.power);
        largest = fmax(largest, agreement[v]);
    }
    *changed = false;
    for (int64_t v = 0; v < count; v++) {
        const double weight = largest > 0 ? agreement[v] / largest : 1;
        *changed = *changed || weight != s->weights[v];
        s->weights[v] = weight;
    }

done:
    kith_i_free(agreement);
    return status;
}

static kith_status choose_k(search *s, kith_error *err)
{
    kith_status status = KITH_OK;

    s->k = s->o.k;
    if (s->k) return KITH_OK;
    const kith_i_cloud cloud = cloud_of(s, s->points->dimensions, s->points->values, true);
    KITH_TRY(kith_i_cloud_choose(&cloud, &s->poll, &s->k, err));

done:
    return status;
}

/* Clusters of each view by itself: no more than it has distinct points. */
static kith_status cluster_views(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t size = s->views.nodes * s->b;

    KITH_TRY(kith_i_zeroed(&s->clusters, s->views.count, sizeof *s->clusters, err));
    for (int64_t v = 0; v < s->views.count; v++) {
        const kith_i_cloud cloud = cloud_of(s, s->b, s->own + v * size, true);
        KITH_TRY(kith_i_cloud_cluster(&cloud, &s->poll, &s->clusters[v], err));
    }

done:
    return status;
}

/* Weights and clusters in turn; the points are those of the last weights. */
static kith_status settle_weights(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_partition *all = NULL;
    bool changed = s->views.count > 1 && s->b > 0;

    if (changed && s->o.rounds) KITH_TRY(cluster_views(s, err));
    for (int64_t round = 0; round < s->o.rounds && changed; round++) {
        const kith_i_cloud cloud = cloud_of(s, s->points->dimensions, s->points->values, true);
        KITH_TRY(kith_i_cloud_cluster(&cloud, &s->poll, &all, err));
        KITH_TRY(agree(s, all, &changed, err));
        kith_partition_free(all);
        all = NULL;
        weigh(s);
    }

done:
    kith_partition_free(all);
    return status;
}

static kith_status find(const kith_graph *graph, const kith_view_weighting_options *options,
                        search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_view_weighting_options *o = &s->o;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_view_weighting_code.options, &s->o, options, err));
    kith_i_poll_start(&s->poll, &o->run);
    s->graph = graph;
    KITH_TRY(kith_i_attributed_check(graph, o->features, &s->poll, err));
    KITH_TRY(kith_i_views_open(graph, o->relations, &s->poll, &s->views, err));
    KITH_TRY(kith_i_cloud_check(o->k, graph->nodes, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, o), "view weighting", err));
    s->threads = kith_i_threads_for(&o->run, kith_i_views_entries(graph, o->relations) +
                                                 o->features->entries);
    s->b = columns_of(o);
    KITH_TRY(make_views(s, err));
    KITH_TRY(kith_i_alloc(&s->weights, s->views.count, sizeof *s->weights, err));
    for (int64_t v = 0; v < s->views.count; v++) s->weights[v] = 1;
    KITH_TRY(kith_i_embedding_new(graph->nodes, s->b * s->views.count, 0, &s->points, err));
    weigh(s);
    KITH_TRY(choose_k(s, err));
    KITH_TRY(settle_weights(s, err));

done:
    return status;
}

kith_status kith_view_weighting_embed(const kith_graph *graph,
                                      const kith_view_weighting_options *options,
                                      kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    *out = s.points;
    s.points = NULL;

done:
    search_clear(&s);
    return status;
}

kith_status kith_view_weighting(const kith_graph *graph, const kith_view_weighting_options *options,
                                kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    const kith_i_cloud cloud = cloud_of(&s, s.points->dimensions, s.points->values, s.o.k == 0);
    KITH_TRY(kith_i_cloud_cluster(&cloud, &s.poll, out, err));
    kith_i_views_weights(s.views.count, s.weights, *out);
    kith_i_partition_phase(*out, "smoothing", s.spread);

done:
    search_clear(&s);
    return status;
}
