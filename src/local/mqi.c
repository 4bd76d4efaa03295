/* The best part of a set by least cuts [Lang2004]: what lies outside R costs infinitely much. */
#include "kith/mqi.h"

#include "core/spec.h"
#include "local/improve.h"

#include <math.h>

static const kith_option rows[] = {
    KITH_OPTION(kith_mqi_options, max_iterations, I64, 1, INT64_MAX, "cap on rounds"),
    KITH_I_QUERY_ROWS,
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_mqi_options *o = options;

    return kith_i_improve_bytes(graph, &o->query, INFINITY);
}

KITH_I_ALGORITHM(local, mqi, KITH_MQI_OPTIONS_INIT, rows, bytes,
                 "the part of a set with the least conductance, by flows");

kith_status kith_mqi(const kith_graph *graph, const kith_mqi_options *options, kith_cluster **out,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    kith_mqi_options o;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_mqi_code.options, &o, options, err));
    KITH_TRY(kith_i_improve(graph, &o.query, INFINITY, o.max_iterations, out, err));

done:
    return status;
}
