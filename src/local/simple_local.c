/* Improvement of a set by least cuts near it [Veldt2016] [Orecchia2014]. */
#include "kith/simple_local.h"

#include "core/spec.h"
#include "local/improve.h"

static const kith_option rows[] = {
    KITH_OPTION(kith_simple_local_options, delta, F64, 1e-4, 1e6,
                "what volume outside the set costs; higher: nearer to the set"),
    KITH_OPTION(kith_simple_local_options, max_iterations, I64, 1, INT64_MAX, "cap on rounds"),
    KITH_I_QUERY_ROWS,
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_simple_local_options *o = options;

    return kith_i_improve_bytes(graph, &o->query, o->delta);
}

KITH_I_ALGORITHM(local, simple_local, KITH_SIMPLE_LOCAL_OPTIONS_INIT, rows, bytes,
                 "a set improved by flows that stay near it");

kith_status kith_simple_local(const kith_graph *graph, const kith_simple_local_options *options,
                              kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_simple_local_options o;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_simple_local_code.options, &o, options, err));
    KITH_TRY(kith_i_improve(graph, &o.query, o.delta, o.max_iterations, out, err));

done:
    return status;
}
