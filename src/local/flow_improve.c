/* Improvement of a set by least cuts in the whole graph [Andersen2008]. */
#include "kith/flow_improve.h"

#include "core/spec.h"
#include "local/improve.h"

static const kith_option rows[] = {
    KITH_OPTION(kith_flow_improve_options, delta, F64, 0, 1e6,
                "what volume outside the set costs; higher: nearer to the set"),
    KITH_OPTION(kith_flow_improve_options, max_iterations, I64, 1, INT64_MAX, "cap on rounds"),
    KITH_I_QUERY_ROWS,
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_flow_improve_options *o = options;

    return kith_i_improve_bytes(graph, &o->query, o->delta);
}

KITH_I_ALGORITHM(local, flow_improve, KITH_FLOW_IMPROVE_OPTIONS_INIT, rows, bytes,
                 "a set improved by flows, as far as it takes");

kith_status kith_flow_improve(const kith_graph *graph, const kith_flow_improve_options *options,
                              kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_flow_improve_options o;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_flow_improve_code.options, &o, options, err));
    KITH_TRY(kith_i_improve(graph, &o.query, o.delta, o.max_iterations, out, err));

done:
    return status;
}
