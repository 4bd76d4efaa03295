/* Features spread on graphs of similar nodes [Chen2024], without the networks that the paper trains
 * for it: these approximate matrices that are known.
 *
 *   paper        here
 *   S, top-k     attributed/similar.h
 *   That         p: rows of the similar nodes over their number
 *   Z            x, in rows of length 1
 *   H_v, H_f     spread(), add() */
#include "kith/similarity_fusion.h"

#include "attributed/cloud.h"
#include "attributed/principal.h"
#include "attributed/similar.h"
#include "attributed/views.h"
#include "core/spec.h"
#include "linalg/product.h"

#include <string.h>

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_similarity_fusion_options *o = options;
    const double n = (double)graph->nodes;

    if (!o->features) return 64 * (double)graph->nodes;
    const int64_t d = kith_i_principal_columns(o->features, o->width);
    const double neighbours = (double)(o->neighbours < graph->nodes ? o->neighbours : graph->nodes);
    return kith_i_principal_bytes(o->features, o->width) + 4 * n * neighbours + 64 * n +
           12 * (double)o->features->entries + 8 * n * (3 * (double)d + 2 * KITH_I_PANEL) +
           kith_i_cloud_bytes(graph->nodes, d, o->k);
}

static const kith_option rows[] = {
    KITH_OPTION(kith_similarity_fusion_options, relations, RELATIONS, 0, 0,
                "relations over the nodes"),
    KITH_OPTION(kith_similarity_fusion_options, features, FEATURES, 0, 0,
                "attributes of nodes, a row each"),
    KITH_OPTION(kith_similarity_fusion_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of singular values"),
    KITH_OPTION(kith_similarity_fusion_options, neighbours, I64, 1, 1 << 20,
                "similar nodes that each node keeps"),
    KITH_OPTION(kith_similarity_fusion_options, feature_weight, F64, 0, 1,
                "of similar features, against similar neighbourhoods"),
    KITH_OPTION(kith_similarity_fusion_options, hops, I64, 0, 1000,
                "how far features are spread among similar nodes"),
    KITH_OPTION(kith_similarity_fusion_options, width, I64, 0, 1 << 16,
                "singular vectors that features are spread on; 0: as they are"),
    KITH_OPTION(kith_similarity_fusion_options, tfidf, BOOL, 0, 1,
                "weigh sparse features by TF-IDF"),
    KITH_OPTION(kith_similarity_fusion_options, restarts, I64, 1, 1000,
                "seedings of k-means, the best of which is given"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, similarity_fusion, KITH_SIMILARITY_FUSION_OPTIONS_INIT, rows,
                           bytes, "clusters of features spread among similar nodes, joined or not");

/* What a call works with. */
typedef struct {
    kith_similarity_fusion_options o;
    kith_i_poll poll;
    int threads;
    kith_i_views views;
    kith_i_scaled features;
    kith_i_panels x, h;
    kith_embedding *points;
    double similar, spread; /* seconds */
} search;

static void search_clear(search *s)
{
    kith_i_views_clear(&s->views);
    kith_i_scaled_clear(&s->features);
    kith_i_panels_clear(&s->x);
    kith_i_panels_clear(&s->h);
    kith_embedding_free(s->points);
}

/* H = sum_i P^i X for i up to `hops`, in rows of length 1; P is the graph, its rows over their
 * number. */
static kith_status spread(search *s, const kith_graph *graph, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = graph->nodes;
    kith_i_scratch scratch = { 0 };
    double *shares = NULL, *next = NULL;

    KITH_TRY(kith_i_alloc(&shares, n, sizeof *shares, err));
    KITH_TRY(kith_i_alloc(&next, n * KITH_I_PANEL, sizeof *next, err));
    for (int64_t i = 0; i < n; i++) shares[i] = 1 / (double)kith_i_degree(graph, i);
    const kith_i_product p = {
        .m = { .rows = n, .columns = n, .offsets = graph->offsets, .targets = graph->targets },
        .left = shares
    };
    for (int64_t panel = 0; panel < kith_i_panels_count(&s->h); panel++) {
        const int64_t b = kith_i_panels_width(&s->h, panel);
        const double *x = kith_i_panels_at(&s->x, panel);
        double *h = kith_i_panels_at(&s->h, panel);
        memcpy(h, x, (size_t)(n * b) * sizeof *h);
        for (int64_t hop = 0; hop < s->o.hops; hop++) {
            KITH_TRY(kith_i_multiply(&p, b, h, next, s->threads, &scratch, &s->poll, err));
            for (int64_t i = 0; i < n * b; i++) h[i] = next[i] + x[i];
        }
    }
    KITH_TRY(kith_i_panels_unit_rows(&s->h, s->threads, &s->poll, err));

done:
    kith_i_free(scratch.memory);
    kith_i_free(shares);
    kith_i_free(next);
    return status;
}

/* The mean over the views grows by H. */
static void add(search *s)
{
    const int64_t d = s->h.d;

    for (int64_t p = 0; p < kith_i_panels_count(&s->h); p++) {
        const int64_t b = kith_i_panels_width(&s->h, p);
        const double *h = kith_i_panels_at(&s->h, p);
        for (int64_t i = 0; i < s->h.n; i++)
            for (int64_t c = 0; c < b; c++)
                s->points->values[i * d + p * KITH_I_PANEL + c] +=
                    h[i * b + c] / (double)s->views.count;
    }
}

static kith_status add_view(search *s, const kith_graph *view, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_similar_options options = { s->o.neighbours, s->o.feature_weight, s->threads };
    kith_graph *similar = NULL;
    const double began = kith_i_now();

    KITH_TRY(kith_i_similar(view, &s->features, &options, &s->poll, &similar, err));
    const double found = kith_i_now();
    KITH_TRY(spread(s, similar, err));
    add(s);
    s->similar += found - began;
    s->spread += kith_i_now() - found;

done:
    kith_graph_free(similar);
    return status;
}

static kith_status find(const kith_graph *graph, const kith_similarity_fusion_options *options,
                        search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_similarity_fusion_options *o = &s->o;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_similarity_fusion_code.options, &s->o, options, err));
    kith_i_poll_start(&s->poll, &o->run);
    KITH_TRY(kith_i_attributed_check(graph, o->features, &s->poll, err));
    KITH_TRY(kith_i_views_open(graph, o->relations, &s->poll, &s->views, err));
    KITH_TRY(kith_i_cloud_check(o->k, graph->nodes, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, o), "similarity fusion", err));
    s->threads = kith_i_threads_for(&o->run, kith_i_views_entries(graph, o->relations) +
                                                 o->features->entries);
    KITH_TRY(kith_i_scaled_new(o->features, o->tfidf && o->features->offsets, true, s->threads,
                               &s->poll, &s->features, err));
    KITH_TRY(kith_i_principal(&s->features, o->width, false, o->run.seed, s->threads, &s->poll,
                              &s->x, err));
    KITH_TRY(kith_i_panels_new(graph->nodes, s->x.d, &s->h, err));
    KITH_TRY(kith_i_embedding_new(graph->nodes, s->x.d, 0, &s->points, err));
    for (int64_t v = 0; v < s->views.count; v++) KITH_TRY(add_view(s, s->views.graphs[v], err));

done:
    return status;
}

kith_status kith_similarity_fusion_embed(const kith_graph *graph,
                                         const kith_similarity_fusion_options *options,
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

kith_status kith_similarity_fusion(const kith_graph *graph,
                                   const kith_similarity_fusion_options *options,
                                   kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    const kith_i_cloud cloud = { .graph = graph,
                                 .empty = s.features.empty,
                                 .d = s.points->dimensions,
                                 .values = s.points->values,
                                 .k = s.o.k,
                                 .restarts = s.o.restarts,
                                 .seed = s.o.run.seed,
                                 .threads = s.threads };
    KITH_TRY(kith_i_cloud_cluster(&cloud, &s.poll, out, err));
    kith_i_partition_phase(*out, "similarity", s.similar);
    kith_i_partition_phase(*out, "smoothing", s.spread);

done:
    search_clear(&s);
    return status;
}
