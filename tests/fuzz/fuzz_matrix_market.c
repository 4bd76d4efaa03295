/* MatrixMarket files as graphs. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kith_read_options o = fuzz_options();
    kith_graph *graph;
    kith_error err = { 0 };

    o.format = KITH_FORMAT_MATRIX_MARKET;
    const kith_status status = kith_graph_read(fuzz_file(data, size), &o, &graph, &err);
    fuzz_assert(status, graph, &err);
    if (graph) fuzz_walk(graph);
    kith_graph_free(graph);
    return 0;
}
