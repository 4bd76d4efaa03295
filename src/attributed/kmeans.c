/* k-means on the features of nodes alone [Lloyd1982].
 *
 * Dense features go to linalg/kmeans.h, sparse ones to attributed/sparse_kmeans.h. */
#include "kith/kmeans.h"

#include "attributed/choose.h"
#include "attributed/settle.h"
#include "attributed/sparse_kmeans.h"
#include "core/spec.h"
#include "linalg/svd.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_kmeans_options *o = options;
    const double n = (double)graph->nodes;

    if (!o->features) return 64 * (double)graph->nodes;
    const double d = (double)o->features->columns, k = (double)(o->k ? o->k : KITH_I_CHOICES);
    return n * (64 + (o->features->offsets ? 0 : 8 * d)) + 16 * k * d;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_kmeans_options, features, FEATURES, 0, 0, "attributes of nodes, a row each"),
    KITH_OPTION(kith_kmeans_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of singular values"),
    KITH_OPTION(kith_kmeans_options, tfidf, BOOL, 0, 1, "weigh features by TF-IDF"),
    KITH_OPTION(kith_kmeans_options, unit_rows, BOOL, 0, 1, "divide each row by its length"),
    KITH_OPTION(kith_kmeans_options, restarts, I64, 1, 1000,
                "seedings, the best of which is given"),
    KITH_OPTION(kith_kmeans_options, iterations, I64, 1, 1000000, "cap on the rounds of each"),
    { 0 }
};

KITH_I_ALGORITHM(partition, kmeans, KITH_KMEANS_OPTIONS_INIT, rows, bytes,
                 "clusters of nodes with like features, whatever the edges");

typedef struct {
    const kith_graph *graph;
    const kith_kmeans_options *o;
    kith_i_scaled f;
    kith_i_poll *poll;
    int threads;
    int64_t count;   /* of the rows that are clustered: */
    uint32_t *rows;  /* ascending */
    int64_t *labels; /* count */
    kith_i_kmeans_report report;
} clustering;

/* Nodes that are not blank. */
static kith_status list_rows(clustering *s, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(&s->rows, s->graph->nodes, sizeof *s->rows, err));
    for (int64_t v = 0; v < s->graph->nodes; v++)
        if (!kith_i_blank(s->graph, s->f.empty, v)) s->rows[s->count++] = (uint32_t)v;
    KITH_TRY(kith_i_alloc(&s->labels, s->count, sizeof *s->labels, err));

done:
    return status;
}

static kith_status choose_k(clustering *s, int64_t *k, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->f.features->rows, d = s->f.features->columns, least = n < d ? n : d;
    const int64_t most = least < KITH_I_CHOICES ? least : KITH_I_CHOICES;
    const int64_t count = most < least ? most + 1 : most;
    const kith_i_svd_options o = {
        .count = count, .passes = 7, .oversampling = 10, .seed = s->o->run.seed
    };
    kith_i_operator features = { 0 };
    kith_i_svd svd = { 0 };

    *k = s->o->k ? s->o->k : 1;
    if (s->o->k || count == 0) return KITH_OK;
    KITH_TRY(kith_i_scaled_operator(&s->f, s->threads, s->poll, &features, err));
    KITH_TRY(kith_i_svd_solve(&features, &o, s->poll, &svd, err));
    *k = kith_i_choose(count, svd.values, most);

done:
    kith_i_svd_clear(&svd);
    kith_i_operator_clear(&features);
    return status;
}

/* The dense rows, side by side. */
static kith_status cluster_dense(clustering *s, const kith_i_kmeans_options *o, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t d = s->f.features->columns;
    double *x = NULL;

    KITH_TRY(kith_i_alloc(&x, s->f.features->rows * d, sizeof *x, err));
    KITH_TRY(kith_i_scaled_block(&s->f, 0, d, x, s->threads, s->poll, err));
    for (int64_t i = 0; i < s->count; i++)
        memmove(x + i * d, x + s->rows[i] * d, (size_t)d * sizeof *x);
    KITH_TRY(kith_i_kmeans(s->count, d, x, o, s->poll, s->labels, NULL, &s->report, err));

done:
    kith_i_free(x);
    return status;
}

static kith_status cluster(clustering *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_kmeans_options o = { .restarts = s->o->restarts,
                                .rounds = s->o->iterations,
                                .seed = s->o->run.seed,
                                .threads = s->threads };

    KITH_TRY(choose_k(s, &o.k, err));
    if (s->f.features->offsets || s->f.features->columns == 0)
        KITH_TRY(kith_i_sparse_kmeans(&s->f, s->count, s->rows, &o, s->poll, s->labels, &s->report,
                                      err));
    else
        KITH_TRY(cluster_dense(s, &o, err));

done:
    return status;
}

/* Labels of all nodes from those of the rows. */
static kith_status to_partition(const clustering *s, kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *labels = NULL;

    KITH_TRY(kith_i_alloc(&labels, s->graph->nodes, sizeof *labels, err));
    for (int64_t v = 0; v < s->graph->nodes; v++) labels[v] = -1;
    for (int64_t i = 0; i < s->count; i++) labels[s->rows[i]] = s->labels[i];
    KITH_TRY(kith_i_settle(s->graph, s->graph->nodes, s->f.empty, labels, s->o->k == 0, s->poll,
                           out, err));
    (*out)->quality = s->count ? -s->report.inertia : NAN;
    (*out)->iterations = s->report.rounds;
    (*out)->converged = s->count == 0 || s->report.converged;
    (*out)->stop = (*out)->converged ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS;

done:
    kith_i_free(labels);
    return status;
}

kith_status kith_kmeans(const kith_graph *graph, const kith_kmeans_options *options,
                        kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_kmeans_options o;
    kith_i_poll poll;
    clustering s = { .graph = graph, .o = &o, .poll = &poll };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_kmeans_code.options, &o, options, err));
    KITH_CHECK(o.features, KITH_E_ARGUMENT, "features is missing (expected a row for each node)");
    KITH_TRY(kith_i_features_check(o.features, "features", graph->nodes, err));
    KITH_CHECK(o.k <= graph->nodes, KITH_E_ARGUMENT,
               "k is %" PRId64 " (expected at most %" PRId64 ", the number of nodes)", o.k,
               graph->nodes);
    kith_i_poll_start(&poll, &o.run);
    s.threads = kith_i_threads_for(&o.run, o.features->entries);
    KITH_TRY(kith_i_graph_require_unsigned(graph, &poll, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, &o), "k-means", err));
    const double began = kith_i_now();
    KITH_TRY(kith_i_scaled_new(o.features, o.tfidf, o.unit_rows, s.threads, &poll, &s.f, err));
    KITH_TRY(list_rows(&s, err));
    const double prepared = kith_i_now();
    if (s.count) KITH_TRY(cluster(&s, err));
    KITH_TRY(to_partition(&s, out, err));
    kith_i_partition_phase(*out, "features", prepared - began);
    kith_i_partition_phase(*out, "k-means", kith_i_now() - prepared);

done:
    kith_i_scaled_clear(&s.f);
    kith_i_free(s.rows);
    kith_i_free(s.labels);
    return status;
}
