/* GraphHash [Wu2025]: the multilevel scheme on Barber modularity.
 *
 * The paper runs Louvain in the order of the nodes and stops at a gain of 1e-3. Visits here are in
 * random order and go on, and Leiden's refinement keeps communities connected: both raise Q. */
#include "kith/graphhash.h"

#include "core/spec.h"
#include "modularity/refinement.h"

static const kith_option rows[] = {
    KITH_OPTION(kith_graphhash_options, bipartite, BIPARTITE, 0, 0, "rows and columns"),
    KITH_OPTION(kith_graphhash_options, resolution, F64, 0, DBL_MAX,
                "higher: smaller communities"),
    KITH_OPTION(kith_graphhash_options, refine, BOOL, 0, 1,
                "as Leiden, so that communities are connected; no: as Louvain"),
    KITH_OPTION(kith_graphhash_options, iterations, I64, 0, INT64_MAX,
                "cap on iterations; 0: to stability"),
    KITH_OPTION(kith_graphhash_options, tolerance, F64, 0, DBL_MAX,
                "gain of an iteration that is worth another one"),
    { 0 }
};

KITH_I_ALGORITHM(partition, graphhash, KITH_GRAPHHASH_OPTIONS_INIT, rows, kith_i_multilevel_bytes,
                 "communities of rows and columns of maximal Barber modularity");

kith_status kith_graphhash(const kith_graph *graph, const kith_graphhash_options *options,
                           kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graphhash_options o;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_graphhash_code.options, &o, options, err));
    const kith_i_multilevel scheme = { .run = &o.run,
                                       .barber = true,
                                       .bipartite = o.bipartite,
                                       .resolution = o.resolution,
                                       .iterations = o.iterations,
                                       .tolerance = o.tolerance,
                                       .refine = o.refine ? kith_i_refine : NULL,
                                       .randomness = 0.01 };
    KITH_TRY(kith_i_multilevel_run(graph, &scheme, out, err));

done:
    return status;
}
