/* p-norm flow diffusion on the weights of the graph [Fountoulakis2020]. */
#include "kith/flow_diffusion.h"

#include "core/spec.h"
#include "local/diffusion.h"

#include <float.h>

static const kith_option rows[] = { KITH_I_FLOW_ROWS, { 0 } };

KITH_I_ALGORITHM(local, flow_diffusion, KITH_FLOW_DIFFUSION_OPTIONS_INIT, rows,
                 kith_i_diffusion_bytes,
                 "the community around seeds by mass that spreads along a flow of least norm");

kith_status kith_flow_diffusion(const kith_graph *graph, const kith_flow_diffusion_options *options,
                                kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_flow_diffusion_options o;
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_flow_diffusion_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.query.run);
    const kith_i_medium medium = { .graph = graph, .capacity = KITH_I_CAPACITY_DEGREE };
    KITH_TRY(kith_i_diffuse(&medium, &o, &poll, out, err));

done:
    return status;
}
