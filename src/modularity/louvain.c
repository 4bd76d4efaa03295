/* Louvain [Blondel2008]: the multilevel scheme, the communities of each level being the nodes of
 * the next. */
#include "kith/louvain.h"

#include "core/spec.h"
#include "modularity/multilevel.h"

#include <float.h>

static const kith_option rows[] = {
    KITH_OPTION_CHOICE(kith_louvain_options, objective, kith_i_objective_names,
                       "quality function: modularity, cpm or rb"),
    KITH_OPTION(kith_louvain_options, resolution, F64, 0, DBL_MAX, "higher: smaller communities"),
    KITH_OPTION(kith_louvain_options, iterations, I64, 0, INT64_MAX,
                "cap on iterations; 0: to stability"),
    KITH_OPTION(kith_louvain_options, tolerance, F64, 0, DBL_MAX,
                "gain of an iteration that is worth another one"),
    KITH_OPTION(kith_louvain_options, batches, I64, 0, INT64_MAX,
                "local moving in that many parallel batches; 0: by size"),
    KITH_OPTION(kith_louvain_options, max_community_size, I64, 0, INT64_MAX,
                "largest community, in nodes; 0: no limit"),
    KITH_OPTION(kith_louvain_options, node_sizes, NODES_F64, 0, 0, "node sizes, for cpm and rb"),
    KITH_OPTION(kith_louvain_options, initial, PARTITION, 0, 0, "partition to start from"),
    { 0 }
};

KITH_I_ALGORITHM(partition, louvain, KITH_LOUVAIN_OPTIONS_INIT, rows, kith_i_multilevel_bytes,
                 "communities of maximal modularity, CPM or RB, without Leiden's refinement");

kith_status kith_louvain(const kith_graph *graph, const kith_louvain_options *options,
                         kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_louvain_options o;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_louvain_code.options, &o, options, err));
    const kith_i_multilevel scheme = {
        .run = &o.run,
        .objective = o.objective,
        .resolution = o.resolution,
        .node_sizes = o.node_sizes,
        .largest = o.max_community_size,
        .iterations = o.iterations,
        .tolerance = o.tolerance,
        .batches = o.batches,
        .initial = o.initial,
    };
    KITH_TRY(kith_i_multilevel_run(graph, &scheme, out, err));

done:
    return status;
}
