/* How every reader of a graph or a matrix begins and ends. */
#include "io/reading.h"

#include <inttypes.h>

static const kith_option no_rows[] = { { 0 } };
static const kith_read_options defaults = KITH_READ_OPTIONS_INIT;
static const kith_options_spec spec = { no_rows, &defaults, sizeof defaults };

kith_status kith_i_reading_open(kith_i_reading *r, const char *path,
                                const kith_read_options *options, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_read_options *o = &r->options;

    KITH_CHECK(path && *path, KITH_E_ARGUMENT, "path must not be empty");
    KITH_TRY(kith_i_options_read(&spec, &r->options, options, err));
    KITH_CHECK(o->max_nodes >= 0 && o->max_edges >= 0 && o->max_bytes >= 0, KITH_E_ARGUMENT,
               "max-nodes, max-edges and max-bytes are %" PRId64 ", %" PRId64 " and %" PRId64
               " (expected at least 0)", o->max_nodes, o->max_edges, o->max_bytes);
    KITH_CHECK(!isnan(o->times.since) && !isnan(o->times.until) && o->times.half_life >= 0 &&
                   isfinite(o->times.half_life),
               KITH_E_ARGUMENT,
               "since, until and half-life are %g, %g and %g (expected two times, and a length of "
               "at least 0)", o->times.since, o->times.until, o->times.half_life);
    kith_i_poll_start(&r->poll, &r->options.graph.run);
    KITH_TRY(kith_i_input_open(&r->input, path, o->max_bytes, &r->poll, err));
    r->format = o->format == KITH_FORMAT_AUTO ? kith_i_input_format(&r->input) : o->format;
    if (o->times.given && r->format != KITH_FORMAT_EDGE_LIST) {
        kith_i_input_close(&r->input);
        KITH_CHECK(false, KITH_E_INPUT,
                   "%s: no edge list, so it has no times (expected lines of source, target, time)",
                   path);
    }

done:
    return status;
}

void kith_i_reading_close(kith_i_reading *r)
{
    kith_i_input_close(&r->input);
}
