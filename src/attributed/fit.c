/* The common frame of DEMM, DEMM+ and DEMM-NA. */
#include "attributed/fit.h"

#include "attributed/principal.h"
#include "attributed/sinkhorn.h"

kith_status kith_i_fit_begin(const kith_graph *graph, const kith_relations *relations,
                             const kith_run *run, int64_t work, kith_i_poll *poll, kith_i_fit *fit,
                             kith_error *err)
{
    kith_status status = KITH_OK;

    *fit = (kith_i_fit){ .graph = graph, .run = run, .poll = poll };
    KITH_TRY(kith_i_views_open(graph, relations, poll, &fit->views, err));
    fit->threads = kith_i_threads_for(run, work + kith_i_views_entries(graph, relations));

done:
    return status;
}

void kith_i_fit_clear(kith_i_fit *fit)
{
    kith_i_relational_clear(&fit->state); /* it looks at the views */
    kith_i_views_clear(&fit->views);
    kith_i_scaled_clear(&fit->features);
    kith_i_panels_clear(&fit->x);
    kith_embedding_free(fit->points);
}

kith_status kith_i_fit_prepare(kith_i_fit *fit, const kith_i_preparation *how, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool words = how->tfidf && how->features->offsets;
    const double began = kith_i_now();

    KITH_TRY(kith_i_scaled_new(how->features, words, words, fit->threads, fit->poll, &fit->features,
                               err));
    if (how->standardise)
        KITH_TRY(kith_i_standardise_columns(&fit->features, fit->threads, fit->poll, err));
    KITH_TRY(kith_i_principal(&fit->features, how->width, true, fit->run->seed, fit->threads,
                              fit->poll, &fit->x, err));
    fit->prepared = kith_i_now() - began;

done:
    return status;
}

kith_status kith_i_fit_learn(kith_i_fit *fit, int64_t d, kith_i_relational_options options,
                             kith_i_make_features make, void *self, kith_error *err)
{
    kith_status status = KITH_OK;
    const double began = kith_i_now();

    options.seed = fit->run->seed;
    options.threads = fit->threads;
    KITH_TRY(kith_i_relational_new(&fit->views, d, &options, fit->poll, &fit->state, err));
    KITH_TRY(kith_i_relational_learn(&fit->state, make, self, fit->poll, err));
    kith_i_panels_clear(&fit->x);
    fit->learned = kith_i_now() - began;

done:
    return status;
}

kith_status kith_i_fit_affinity(kith_i_fit *fit, double scale, int64_t rounds, int64_t *clamped,
                                kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_doubly_options options = { scale, rounds, fit->run->seed, fit->threads };
    const double began = kith_i_now();

    KITH_TRY(kith_i_embedding_new(fit->views.nodes, 2 * fit->state.h.d, 0, &fit->points, err));
    KITH_TRY(kith_i_doubly_stochastic(&fit->state.h, &options, fit->poll, fit->points->values,
                                      clamped, err));
    kith_i_panels_clear(&fit->state.h);
    fit->made = kith_i_now() - began;

done:
    return status;
}

kith_status kith_i_fit_cluster(kith_i_fit *fit, int64_t k, bool chosen, int64_t restarts,
                               kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_cloud points = { .graph = fit->graph,
                                  .empty = fit->features.empty,
                                  .d = fit->points->dimensions,
                                  .values = fit->points->values,
                                  .k = k,
                                  .chosen = chosen,
                                  .restarts = restarts,
                                  .seed = fit->run->seed,
                                  .threads = fit->threads };

    KITH_TRY(kith_i_cloud_cluster(&points, fit->poll, out, err));
    kith_i_views_weights(fit->views.count, fit->state.weights, *out);
    kith_i_partition_figure(*out, "energy", fit->state.energy);
    if (fit->features.features) kith_i_partition_phase(*out, "features", fit->prepared);
    kith_i_partition_phase(*out, "smoothing", fit->learned);
    kith_i_partition_phase(*out, "affinity", fit->made);

done:
    return status;
}

double kith_i_fit_bytes(const kith_graph *graph, const kith_relations *relations,
                        const kith_i_preparation *how, int64_t d, int64_t sketch)
{
    const double n = (double)graph->nodes;
    const double learning =
        kith_i_relational_bytes(graph->nodes, kith_i_views_count(relations), d, sketch) +
        8 * n * ((double)d + 4 * KITH_I_PANEL);
    const double preparing = how ? kith_i_principal_bytes(how->features, how->width) : 0;

    return preparing > learning ? preparing : learning;
}
