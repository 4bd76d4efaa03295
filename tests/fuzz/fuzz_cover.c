/* Communities by id, and of nodes that have names. */
#include "fuzz.h"

#include <stdlib.h>

/* Four nodes with names that a line could take for something else. */
static kith_graph *named_graph(void)
{
    static const char text[] = "a\tb c\nb c\t#d\n#d\t0\n";
    kith_read_options o = fuzz_options();
    kith_graph *graph = NULL;

    o.ids = KITH_IDS_STRING;
    if (kith_graph_read(fuzz_file((const uint8_t *)text, sizeof text - 1), &o, &graph, NULL))
        abort();
    return graph;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kith_graph *named = named_graph();
    const char *path = fuzz_file(data, size);
    kith_error err = { 0 };

    for (int names = 0; names < 2; names++) {
        kith_cover *cover;
        const kith_status status = kith_cover_read(path, names ? named : NULL, NULL, &cover, &err);
        fuzz_assert(status, cover, &err);
        kith_cover_free(cover);
    }
    kith_graph_free(named);
    return 0;
}
