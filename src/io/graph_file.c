/* Reading and writing of graphs: the format decides who does it. */
#include "kith/io.h"

#include "graph/names.h"
#include "graph/view.h"
#include "io/edge_list.h"
#include "io/matrix_market.h"
#include "io/npz_graph.h"
#include "io/output.h"
#include "io/reading.h"

kith_status kith_graph_read(const char *path, const kith_read_options *options, kith_graph **out,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reading r;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(kith_i_reading_open(&r, path, options, err));
    switch (r.format) {
    case KITH_FORMAT_MATRIX_MARKET:
        status = kith_i_matrix_market_graph(&r.input, &r.options, out, err);
        break;
    case KITH_FORMAT_NPZ:
        status = kith_i_npz_graph_read(&r.input, &r.options, &r.poll, out, err);
        break;
    default: status = kith_i_edge_list_graph(&r.input, &r.options, out, err); break;
    }
    kith_i_reading_close(&r);

done:
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
                             const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_output *output = NULL;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(graph && path, KITH_E_ARGUMENT, "graph and path must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_check(graph, &poll, err));
    if (graph->names) KITH_TRY(kith_i_names_check(graph->names, &poll, err));
    KITH_TRY(kith_i_output_open(path, &poll, &output, err));
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
