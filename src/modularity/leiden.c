/* Leiden [Traag2019]: the multilevel scheme, with a refinement that keeps communities connected. */
#include "kith/leiden.h"

#include "core/spec.h"
#include "modularity/refinement.h"

static const kith_option rows[] = {
    KITH_I_MULTILEVEL_ROWS(kith_leiden_options),
    KITH_OPTION(kith_leiden_options, randomness, F64, DBL_MIN, DBL_MAX,
                "of the refinement, in units of edge weight"),
    { 0 }
};

KITH_I_ALGORITHM(partition, leiden, KITH_LEIDEN_OPTIONS_INIT, rows, kith_i_multilevel_bytes,
                 "communities of maximal modularity, CPM or RB, each of them connected");

kith_status kith_leiden(const kith_graph *graph, const kith_leiden_options *options,
                        kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_leiden_options o;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_leiden_code.options, &o, options, err));
    const kith_i_multilevel scheme = { KITH_I_MULTILEVEL(o), .refine = kith_i_refine,
                                       .randomness = o.randomness };
    KITH_TRY(kith_i_multilevel_run(graph, &scheme, out, err));

done:
    return status;
}
