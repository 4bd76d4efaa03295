/* Nodes with edges, and back to all of them. */
#include "spectral/joined.h"

#include <inttypes.h>
#include <string.h>

static const char choosing[] = "taking nodes with edges"; /* a stage */

/* The nodes that have edges; NULL where all have. */
static kith_status list_joined(const kith_graph *graph, kith_i_poll *poll, int64_t **out,
                               int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = graph->nodes;
    int64_t *nodes = NULL;

    *count = 0;
    KITH_TRY(kith_i_alloc(&nodes, n, sizeof *nodes, err));
    for (int64_t v = 0; v < n; v++) {
        KITH_TRY(kith_i_poll_pass(poll, choosing, v, n, err));
        if (kith_i_degree(graph, v) > 0) nodes[(*count)++] = v;
    }
    if (*count == n) goto done;
    *out = nodes;
    nodes = NULL;

done:
    kith_i_free(nodes);
    return status;
}

kith_status kith_i_joined_take(const kith_graph *graph, int64_t k, kith_i_poll *poll,
                               kith_i_joined *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t count;

    *out = (kith_i_joined){ .whole = graph, .graph = graph };
    KITH_CHECK(!graph->directed, KITH_E_UNSUPPORTED,
               "the graph is directed (expected an undirected one)");
    KITH_TRY(kith_i_graph_require_unsigned(graph, poll, err));
    KITH_TRY(kith_i_poll_check(poll, choosing, -1, err));
    KITH_TRY(list_joined(graph, poll, &out->nodes, &count, err));
    KITH_CHECK(k <= count, KITH_E_ARGUMENT,
               "k is %" PRId64 " (expected at most %" PRId64 ", the nodes with edges)", k, count);
    if (!out->nodes) goto done;
    KITH_TRY(kith_i_graph_subgraph(graph, count, out->nodes, poll, &out->own, err));
    out->graph = out->own;

done:
    return status;
}

void kith_i_joined_clear(kith_i_joined *joined)
{
    kith_graph_free(joined->own);
    kith_i_free(joined->nodes);
}

kith_status kith_i_joined_partition(const kith_i_joined *joined, const uint32_t *labels,
                                    bool chosen, kith_i_poll *poll, kith_partition **out,
                                    kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = joined->whole->nodes, count = joined->graph->nodes;
    uint32_t *all = NULL, next = 0;

    if (!joined->nodes) return kith_i_partition_new(n, labels, poll, out, err);
    KITH_TRY(kith_i_alloc(&all, n, sizeof *all, err));
    for (int64_t v = 0; v < n; v++) all[v] = UINT32_MAX;
    for (int64_t i = 0; i < count; i++) {
        all[joined->nodes[i]] = labels[i];
        if (labels[i] >= next) next = labels[i] + 1;
    }
    for (int64_t v = 0; chosen && v < n; v++)
        if (all[v] == UINT32_MAX) all[v] = next++;
    KITH_TRY(kith_i_partition_new(n, all, poll, out, err));

done:
    kith_i_free(all);
    return status;
}

kith_status kith_i_joined_embedding(const kith_i_joined *joined, int64_t d, const double *points,
                                    const kith_i_eigen *eigen, double gap, kith_embedding **out,
                                    kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t row = (size_t)d * sizeof *points;

    KITH_TRY(kith_i_embedding_new(joined->whole->nodes, d, eigen->count, out, err));
    for (int64_t i = 0; i < joined->graph->nodes && row; i++)
        memcpy((*out)->values + (joined->nodes ? joined->nodes[i] : i) * d, points + i * d, row);
    for (int64_t j = 0; j < eigen->count; j++) {
        (*out)->eigenvalues[j] = eigen->values[j];
        (*out)->residuals[j] = eigen->residuals[j];
    }
    (*out)->gap = gap;
    (*out)->converged = eigen->converged;

done:
    return status;
}
