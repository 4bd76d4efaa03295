/* What the fuzz targets share. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char *fuzz_file(const uint8_t *data, size_t size)
{
    static char path[64];
    static int file = -1;

    if (file < 0) file = memfd_create("input", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (file < 0 || ftruncate(file, 0) || pwrite(file, data, size, 0) != (ssize_t)size) abort();
    return path;
}

static char link_folder[] = "/tmp/kith-fuzz-XXXXXX", link_path[64];

static void remove_link(void)
{
    unlink(link_path);
    rmdir(link_folder);
}

const char *fuzz_named(const char *path, const char *ending)
{
    if (!*link_path) {
        if (!mkdtemp(link_folder)) abort();
        snprintf(link_path, sizeof link_path, "%s/input%s", link_folder, ending);
        if (symlink(path, link_path) || atexit(remove_link)) abort();
    }
    return link_path;
}

kith_read_options fuzz_options(void)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;

    o.graph.run.threads = 1;
    o.max_nodes = 1 << 16;
    o.max_edges = 1 << 20;
    o.max_bytes = 1 << 22;
    return o;
}

void fuzz_assert(kith_status status, const void *out, const kith_error *err)
{
    if ((status == KITH_OK) != (out != NULL)) abort();
    if (status == KITH_OK) return;
    if (err->status != status || !*err->message || strchr(err->message, '\n')) abort();
}

void fuzz_walk(const kith_graph *graph)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    int64_t loops = 0;
    kith_error err = { 0 };

    if (kith_graph_check(graph, NULL, &err) != KITH_OK) return;
    if (offsets[0] != 0 || offsets[n] != kith_graph_entries(graph)) abort();
    for (int64_t v = 0; v < n; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            const double weight = kith_graph_weight(graph, e);
            if (u >= n || !(weight - weight == 0) || weight == 0) abort();
            if (e > offsets[v] && kith_graph_targets(graph)[e - 1] >= u) abort();
            loops += u == v;
        }
    if (loops != kith_graph_loops(graph) || kith_graph_edges(graph) < loops) abort();
    if (kith_graph_require_names(graph, NULL, &err) != KITH_OK) return;
    for (int64_t v = 0; v < n && kith_graph_name(graph, v); v++)
        if (kith_graph_find(graph, kith_graph_name(graph, v)) != v) abort();
}
