/* Labels and numbers, by position and by name. */
#include "fuzz.h"

#include <stdlib.h>

/* Three nodes named a, b and c. */
static kith_graph *named_graph(void)
{
    static const char text[] = "a b\nb c\n";
    kith_graph *graph = NULL;

    if (kith_graph_read(fuzz_file((const uint8_t *)text, sizeof text - 1), NULL, &graph, NULL))
        abort();
    return graph;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kith_graph *named = named_graph();
    const char *path = fuzz_file(data, size);
    int64_t *labels, *others, count;
    double *numbers;
    kith_error err = { 0 };

    kith_status status = kith_labels_read(path, NULL, NULL, &count, &labels, &err);
    fuzz_assert(status, labels, &err);
    free(labels);
    status = kith_labels_read(path, named, NULL, &count, &labels, &err);
    fuzz_assert(status, labels, &err);
    free(labels);
    status = kith_labels_read_pair(path, path, NULL, &count, &labels, &others, &err);
    fuzz_assert(status, labels, &err);
    free(labels);
    free(others);
    status = kith_numbers_read(path, named, NULL, &numbers, &err);
    fuzz_assert(status, numbers, &err);
    free(numbers);
    kith_graph_free(named);
    return 0;
}
