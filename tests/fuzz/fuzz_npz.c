/* Graphs in npz archives: mapped, borrowed and built. */
#include "fuzz.h"

static void read_with(const char *path, const kith_read_options *options)
{
    kith_graph *graph;
    kith_error err = { 0 };

    const kith_status status = kith_graph_read(path, options, &graph, &err);
    fuzz_assert(status, graph, &err);
    if (graph) fuzz_walk(graph);
    kith_graph_free(graph);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    kith_read_options o = fuzz_options();

    o.format = KITH_FORMAT_NPZ;
    read_with(path, &o);
    o.graph.signed_weights = true;
    o.graph.loops = KITH_LOOPS_ADD;
    read_with(path, &o);
    o.graph.ignore_weights = true;
    o.graph.loops = KITH_LOOPS_KEEP;
    o.graph.direction = KITH_UNDIRECTED;
    read_with(path, &o);
    return 0;
}
