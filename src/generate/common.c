/* What the generators share. */
#include "generate/common.h"

#include "graph/partition.h"
#include "graph/view.h"

#include <inttypes.h>

kith_status kith_i_require_room(double nodes, double edges, kith_error *err)
{
    if (nodes > (double)KITH_I_MAX_NODES)
        return kith_i_fail(err, KITH_E_ARGUMENT,
                           "the graph has %.0f nodes (expected at most %" PRId64 ")", nodes,
                           KITH_I_MAX_NODES);
    return kith_i_memory_require(24 * nodes + 24 * edges, "this graph", err);
}

kith_status kith_i_edges_alloc(kith_i_edges *edges, int64_t nodes, int64_t count, kith_error *err)
{
    kith_status status = KITH_OK;

    *edges = (kith_i_edges){ .nodes = nodes, .count = count };
    KITH_TRY(kith_i_alloc(&edges->sources, count, sizeof *edges->sources, err));
    KITH_TRY(kith_i_alloc(&edges->targets, count, sizeof *edges->targets, err));

done:
    return status;
}

kith_status kith_i_generated(kith_i_edges *edges, const uint32_t *labels, const kith_run *run,
                             kith_i_poll *poll, kith_graph **out, kith_partition **truth,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph_options o = KITH_GRAPH_OPTIONS_INIT;
    kith_partition *p = NULL;

    if (truth && labels) KITH_TRY(kith_i_partition_new(edges->nodes, labels, poll, &p, err));
    o.run = *run;
    o.run.size = sizeof o;
    o.direction = KITH_UNDIRECTED;
    o.duplicates = KITH_DUPLICATES_FIRST;
    o.loops = KITH_LOOPS_DROP;
    KITH_TRY(kith_i_graph_build(edges, &o, poll, NULL, out, err));
    if (truth) *truth = p;
    p = NULL;

done:
    kith_partition_free(p);
    return status;
}
