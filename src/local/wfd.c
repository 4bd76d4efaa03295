/* Flow diffusion on edges weighed by attributes [Yang2023].
 *
 *   paper         here
 *   w_ij          local/similarity.h
 *   x, m, T       local/spread.h
 *   alpha grid    local/diffusion.c
 *
 * The sink capacities of the paper's experiments are degrees in the graph as it is, so that mass
 * fills as much of the graph whatever the attributes; they say where it goes. */
#include "kith/wfd.h"

#include "core/spec.h"
#include "local/diffusion.h"
#include "local/similarity.h"

#include <float.h>

/* In the order of kith_capacity, which is that of kith_i_capacity. */
static const char *const capacities[] = { "degree", "one", "strength", NULL };

static const kith_option rows[] = {
    KITH_OPTION(kith_wfd_options, features, FEATURES, 0, 0, "attributes of nodes, a row for each"),
    KITH_OPTION(kith_wfd_options, gamma, F64, -1, 1e12,
                "weights fall by exp(-X d^2); -1: 0.1 over the median near the seeds"),
    KITH_OPTION(kith_wfd_options, average, BOOL, 0, 1,
                "take means of attributes over each node and its neighbours"),
    KITH_OPTION(kith_wfd_options, unit_length, BOOL, 0, 1,
                "divide the attributes of each node by their length first"),
    KITH_OPTION_CHOICE(kith_wfd_options, capacity, capacities,
                       "of a node for mass: degree without attributes, 1, strength with them"),
    KITH_I_FLOW_ROWS,
    { 0 }
};

KITH_I_ALGORITHM(local, wfd, KITH_WFD_OPTIONS_INIT, rows, kith_i_diffusion_bytes,
                 "the community around seeds by mass that spreads among nodes of like attributes");

kith_status kith_wfd(const kith_graph *graph, const kith_wfd_options *options, kith_cluster **out,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    kith_wfd_options o;
    kith_i_similarity similarity = { 0 };
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_wfd_code.options, &o, options, err));
    KITH_CHECK(o.features, KITH_E_ARGUMENT, "features is missing (expected a row for each node)");
    KITH_TRY(kith_i_features_check(o.features, "features", graph->nodes, err));
    kith_i_poll_start(&poll, &o.flow.query.run);
    KITH_TRY(kith_i_similarity_start(graph, o.features, o.gamma, o.average, o.unit_length,
                                     &o.flow.query, &poll, &similarity, err));
    const bool lazy = o.capacity != KITH_CAPACITY_STRENGTH;
    const kith_i_weighing weighing = kith_i_similarity_weighing(&similarity, lazy);
    const kith_i_medium medium = { .graph = graph,
                                   .weighing = &weighing,
                                   .capacity = (kith_i_capacity)o.capacity,
                                   .beside = similarity.near };
    KITH_TRY(kith_i_diffuse(&medium, &o.flow, &poll, out, err));

done:
    kith_i_similarity_clear(&similarity);
    return status;
}
