/* Edge lists as graphs, with ids and with names, and as bipartite graphs. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    kith_read_options o = fuzz_options();
    kith_bipartite *bipartite;
    kith_graph *graph;
    kith_error err = { 0 };

    o.format = KITH_FORMAT_EDGE_LIST;
    for (int ids = KITH_IDS_AUTO; ids <= KITH_IDS_STRING; ids++) {
        o.ids = (kith_ids)ids;
        const kith_status status = kith_graph_read(path, &o, &graph, &err);
        fuzz_assert(status, graph, &err);
        if (graph) fuzz_walk(graph);
        kith_graph_free(graph);
    }
    o.ids = KITH_IDS_AUTO;
    const kith_status status = kith_bipartite_read(path, &o, &bipartite, &err);
    fuzz_assert(status, bipartite, &err);
    if (bipartite) fuzz_walk(kith_bipartite_graph(bipartite));
    kith_bipartite_free(bipartite);
    return 0;
}
