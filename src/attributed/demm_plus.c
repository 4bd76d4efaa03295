/* DEMM+ [Lin2026]: smoothed features and weights of relations in turn, then k-means of the factor
 * of a doubly stochastic affinity of the features.
 *
 *   paper                 here
 *   X, after PCA   attributed/principal.h
 *   FAAO: H, w     attributed/relational.h, attributed/smoothing.h
 *   SSKC: R        attributed/sinkhorn.h
 *   K-means        attributed/cloud.h */
#include "kith/demm_plus.h"

#include "attributed/fit.h"
#include "attributed/principal.h"
#include "attributed/smoothing.h"
#include "core/spec.h"

static kith_i_preparation preparation(const kith_demm_plus_options *o)
{
    return (kith_i_preparation){ o->features, o->tfidf, o->standardise, o->width };
}

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_demm_plus_options *o = options;

    if (!o->features) return 64 * (double)graph->nodes;
    const kith_i_preparation how = preparation(o);
    const int64_t d = kith_i_principal_columns(o->features, o->width);
    return kith_i_fit_bytes(graph, o->relations, &how, d, o->sketch) +
           16 * (double)graph->nodes * (double)d + kith_i_cloud_bytes(graph->nodes, 2 * d, o->k);
}

static const kith_option rows[] = {
    KITH_OPTION(kith_demm_plus_options, relations, RELATIONS, 0, 0, "relations over the nodes"),
    KITH_OPTION(kith_demm_plus_options, features, FEATURES, 0, 0,
                "attributes of nodes, a row each"),
    KITH_OPTION(kith_demm_plus_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of eigenvalues"),
    KITH_OPTION(kith_demm_plus_options, alpha, F64, 0, 1e6, "higher: smoother along relations"),
    KITH_OPTION(kith_demm_plus_options, beta, F64, 0, 1e9,
                "higher: relations of large norm weigh less"),
    KITH_OPTION(kith_demm_plus_options, hops, I64, 0, 1000, "how far features are smoothed"),
    KITH_OPTION(kith_demm_plus_options, width, I64, 0, 1 << 16,
                "principal components of the features; 0: the features as they are"),
    KITH_OPTION(kith_demm_plus_options, tfidf, BOOL, 0, 1, "weigh sparse features by TF-IDF"),
    KITH_OPTION(kith_demm_plus_options, standardise, BOOL, 0, 1,
                "divide columns of features by their standard deviation"),
    KITH_OPTION(kith_demm_plus_options, rounds, I64, 1, 1000,
                "cap on rounds of features and weights in turn"),
    KITH_OPTION(kith_demm_plus_options, sketch, I64, 0, 4096,
                "columns of a sketch that estimates smoothness; 0: exactly"),
    KITH_OPTION(kith_demm_plus_options, orf_scale, F64, 1e-6, 1e6,
                "of random features; higher: a narrower kernel"),
    KITH_OPTION(kith_demm_plus_options, sinkhorn, I64, 0, 1000,
                "rounds towards a doubly stochastic affinity"),
    KITH_OPTION(kith_demm_plus_options, restarts, I64, 1, 1000,
                "seedings of k-means, the best of which is given"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(
    partition, demm_plus, KITH_DEMM_PLUS_OPTIONS_INIT, rows, bytes,
    "clusters of features smoothed along several relations, which it weighs");

/* What a call works with. */
typedef struct {
    kith_demm_plus_options o;
    kith_i_poll poll;
    kith_i_fit fit;
    int64_t clamped;
} search;

static kith_status find(const kith_graph *graph, const kith_demm_plus_options *options, search *s,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_demm_plus_options *o = &s->o;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_demm_plus_code.options, &s->o, options, err));
    kith_i_poll_start(&s->poll, &o->run);
    KITH_TRY(kith_i_attributed_check(graph, o->features, &s->poll, err));
    KITH_TRY(kith_i_fit_begin(graph, o->relations, &o->run, o->features->entries, &s->poll, &s->fit,
                              err));
    KITH_TRY(kith_i_cloud_check(o->k, graph->nodes, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, o), "DEMM+", err));
    const kith_i_preparation how = preparation(o);
    KITH_TRY(kith_i_fit_prepare(&s->fit, &how, err));
    const kith_i_relational_options learning = {
        .alpha = o->alpha, .beta = o->beta, .rounds = o->rounds, .sketch = o->sketch
    };
    kith_i_smoothing smoothing = { &s->fit.x, o->hops };
    KITH_TRY(kith_i_fit_learn(&s->fit, s->fit.x.d, learning, kith_i_smooth, &smoothing, err));
    KITH_TRY(kith_i_fit_affinity(&s->fit, o->orf_scale, o->sinkhorn, &s->clamped, err));

done:
    return status;
}

kith_status kith_demm_plus_embed(const kith_graph *graph, const kith_demm_plus_options *options,
                                 kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    *out = s.fit.points;
    s.fit.points = NULL;

done:
    kith_i_fit_clear(&s.fit);
    return status;
}

kith_status kith_demm_plus(const kith_graph *graph, const kith_demm_plus_options *options,
                           kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    KITH_TRY(kith_i_fit_cluster(&s.fit, s.o.k, false, s.o.restarts, out, err));
    kith_i_partition_figure(*out, "clamped", (double)s.clamped);

done:
    kith_i_fit_clear(&s.fit);
    return status;
}
