/* How the attributed methods begin and end. */
#include "attributed/settle.h"

#include "linalg/rounding.h"

#include <math.h>

kith_status kith_i_attributed_check_side(const kith_graph *graph, int64_t nodes,
                                         const kith_features *features, kith_i_poll *poll,
                                         kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(features, KITH_E_ARGUMENT, "features is missing (expected a row for each node)");
    KITH_TRY(kith_i_features_check(features, "features", nodes, err));
    KITH_CHECK(!graph->directed, KITH_E_UNSUPPORTED,
               "the graph is directed (expected an undirected one)");
    KITH_TRY(kith_i_graph_require_unsigned(graph, poll, err));

done:
    return status;
}

kith_status kith_i_attributed_check(const kith_graph *graph, const kith_features *features,
                                    kith_i_poll *poll, kith_error *err)
{
    return kith_i_attributed_check_side(graph, graph->nodes, features, poll, err);
}

kith_status kith_i_settle(const kith_graph *graph, int64_t nodes, const bool *empty,
                          const int64_t *labels, bool chosen, kith_i_poll *poll,
                          kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *settled = NULL;
    int64_t next = 0;

    KITH_TRY(kith_i_alloc(&settled, nodes, sizeof *settled, err));
    for (int64_t v = 0; v < nodes; v++) {
        const bool known = labels[v] >= 0 && !kith_i_blank(graph, empty, v);
        settled[v] = known ? (uint32_t)labels[v] : UINT32_MAX;
        if (known && labels[v] >= next) next = labels[v] + 1;
    }
    for (int64_t v = 0; v < nodes && chosen; v++)
        if (settled[v] == UINT32_MAX) settled[v] = (uint32_t)next++;
    KITH_TRY(kith_i_partition_new(nodes, settled, poll, out, err));

done:
    kith_i_free(settled);
    return status;
}

kith_status kith_i_round_and_settle(const kith_graph *graph, int64_t nodes, const bool *empty,
                                    const kith_embedding *points, bool chosen, int64_t rounds,
                                    int threads, kith_i_poll *poll, kith_partition **out,
                                    kith_error *err)
{
    kith_status status = KITH_OK;
    const double began = kith_i_now();
    int64_t *labels = NULL, passed = 0;

    KITH_TRY(kith_i_zeroed(&labels, nodes, sizeof *labels, err));
    if (points && points->dimensions)
        KITH_TRY(kith_i_round_argmax(nodes, points->dimensions, points->values, rounds, threads,
                                     poll, labels, &passed, err));
    KITH_TRY(kith_i_settle(graph, nodes, empty, labels, chosen, poll, out, err));
    (*out)->iterations = passed;
    (*out)->converged = passed < rounds;
    (*out)->stop = (*out)->converged ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS;
    if (points && isfinite(points->gap)) kith_i_partition_figure(*out, "gap", points->gap);
    kith_i_partition_phase(*out, "rounding", kith_i_now() - began);

done:
    kith_i_free(labels);
    return status;
}
