/* Louvain [Blondel2008]: the multilevel scheme, the communities of each level being the nodes of
 * the next. */
#include "kith/louvain.h"

#include "core/spec.h"
#include "modularity/multilevel.h"


static const kith_option rows[] = {
    KITH_I_MULTILEVEL_ROWS(kith_louvain_options),
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
    const kith_i_multilevel scheme = { KITH_I_MULTILEVEL(o) };
    KITH_TRY(kith_i_multilevel_run(graph, &scheme, out, err));

done:
    return status;
}
