/* Reading and writing of graphs: the format decides who does it. */
#include "kith/io.h"

#include "io/edge_list.h"
#include "io/matrix_market.h"
#include "io/npz_graph.h"
#include "io/output.h"

static const kith_option no_rows[] = { { 0 } };
static const kith_read_options defaults = KITH_READ_OPTIONS_INIT;
const kith_options_spec kith_i_read_options_spec = { no_rows, &defaults, sizeof defaults };

kith_status kith_graph_read(const char *path, const kith_read_options *options, kith_graph **out,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    kith_read_options o;
    kith_i_input input = { .fd = -1 };
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(path, KITH_E_ARGUMENT, "path must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_read_options_spec, &o, options, err));
    kith_i_poll_start(&poll, &o.graph.run);
    KITH_TRY(kith_i_input_open(&input, path, o.max_bytes, &poll, err));
    switch (o.format == KITH_FORMAT_AUTO ? kith_i_input_format(&input) : o.format) {
    case KITH_FORMAT_MATRIX_MARKET:
        KITH_TRY(kith_i_matrix_market_graph(&input, &o, out, err));
        break;
    case KITH_FORMAT_NPZ: KITH_TRY(kith_i_npz_graph_read(&input, &o, &poll, out, err)); break;
    default: KITH_TRY(kith_i_edge_list_graph(&input, &o, out, err)); break;
    }

done:
    kith_i_input_close(&input);
    return status;
}

/* The format that a name's ending stands for. */
static kith_format format_of_name(const char *path)
{
    size_t stem;

    kith_i_codec_of_name(path, &stem);
    if (kith_i_has_ending(path, stem, ".mtx")) return KITH_FORMAT_MATRIX_MARKET;
    if (kith_i_has_ending(path, stem, ".npz")) return KITH_FORMAT_NPZ;
    return KITH_FORMAT_EDGE_LIST;
}

kith_status kith_graph_write(const kith_graph *graph, const char *path, kith_format format,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_output *output = NULL;

    KITH_CHECK(graph && path, KITH_E_ARGUMENT, "graph and path must not be NULL");
    KITH_TRY(kith_output_open(path, &output, err));
    switch (format == KITH_FORMAT_AUTO ? format_of_name(path) : format) {
    case KITH_FORMAT_MATRIX_MARKET:
        KITH_TRY(kith_i_matrix_market_write(graph, output, err));
        break;
    case KITH_FORMAT_NPZ: KITH_TRY(kith_i_npz_graph_write(graph, output, err)); break;
    default: KITH_TRY(kith_i_edge_list_write(graph, output, err)); break;
    }
    status = kith_output_commit(output, err);
    output = NULL;

done:
    kith_output_abandon(output);
    return status;
}
