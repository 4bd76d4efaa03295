/* Spectral clustering of repeated events, each pair of nodes weighed once [Liu2024, its baseline
 * without training]. */
#include "kith/temporal_spectral.h"

#include "core/spec.h"
#include "graph/view.h"
#include "spectral/spectral.h"

#include <math.h>

static const char *const repeats[] = { "logarithm", "once", "sum", NULL };

static const kith_option rows[] = {
    KITH_I_SPECTRAL_ROWS,
    KITH_OPTION_CHOICE(kith_temporal_spectral_options, repeats, repeats,
                       "what events of one pair weigh together"),
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    return kith_i_spectral_bytes(graph, options) + 20 * (double)graph->entries;
}

KITH_I_EMBEDDING_ALGORITHM(partition, temporal_spectral, KITH_TEMPORAL_SPECTRAL_OPTIONS_INIT, rows,
                           bytes, "communities over a history of events, by eigenvectors");

/* The options, and the graph with what pairs weigh. */
static kith_status begin(const kith_graph *graph, const kith_temporal_spectral_options *options,
                         kith_spectral_options *o, kith_i_poll *poll, kith_graph **weighed,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    kith_temporal_spectral_options all;
    double *weights = NULL;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_temporal_spectral_code.options, &all, options, err));
    *o = all.spectral;
    KITH_TRY(kith_init(err));
    kith_i_poll_start(poll, &o->run);
    KITH_TRY(kith_i_graph_require_unsigned(graph, poll, err));
    KITH_TRY(kith_i_alloc(&weights, graph->entries, sizeof *weights, err));
    for (int64_t e = 0; e < graph->entries; e++) {
        const double w = kith_i_weight(graph, e);
        KITH_TRY(kith_i_poll_pass(poll, "weighing events", e, graph->entries, err));
        weights[e] = all.repeats == KITH_REPEATS_SUM    ? w
                     : all.repeats == KITH_REPEATS_ONCE ? w > 0
                                                        : log1p(w);
    }
    KITH_TRY(kith_i_graph_reweigh(graph, weights, weighed, err));
    weights = NULL;

done:
    kith_i_free(weights);
    return status;
}

kith_status kith_temporal_spectral(const kith_graph *graph,
                                   const kith_temporal_spectral_options *options,
                                   kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_spectral_options o;
    kith_i_poll poll;
    kith_graph *weighed = NULL;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, &weighed, err));
    KITH_TRY(kith_i_spectral(weighed, &o, &poll, out, err));

done:
    kith_graph_free(weighed);
    return status;
}

kith_status kith_temporal_spectral_embed(const kith_graph *graph,
                                         const kith_temporal_spectral_options *options,
                                         kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_spectral_options o;
    kith_i_poll poll;
    kith_graph *weighed = NULL;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, &weighed, err));
    KITH_TRY(kith_i_spectral_embed(weighed, &o, &poll, out, err));

done:
    kith_graph_free(weighed);
    return status;
}
