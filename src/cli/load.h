/* Reading graphs and labels as the verbs do, with the options they share. */
#ifndef KITH_CLI_LOAD_H
#define KITH_CLI_LOAD_H

#include "run.h"

typedef struct load_options {
    bool directed, undirected, no_weights;
    int  self_loops; /* a kith_loops */
    int  ids;        /* a kith_ids */
    int  format;     /* a kith_format */
    bool times;      /* the third column of an edge list is when */
    const char *since, *until, *half_life; /* numbers; NULL: not given */
} load_options;

extern const char *const load_formats[]; /* names of kith_format */

/** Reads a graph; with `undirected`, arcs are taken both ways. */
kith_status load_graph(const char *path, const load_options *options, const run_options *run,
                       kith_graph **out, kith_error *err);

/** Reads a bipartite graph. */
kith_status load_bipartite(const char *path, const load_options *options, const run_options *run,
                           kith_bipartite **out, kith_error *err);

/** Reads labels of the graph's nodes; graph NULL: as many as there are. free() them. */
kith_status load_labels(const char *path, const kith_graph *graph, const run_options *run,
                        int64_t *count, int64_t **out, kith_error *err);

/** Reads labels of the same nodes from two files, matched by name where they have names. free()
 *  them. */
kith_status load_label_pair(const char *path, const char *other_path, const run_options *run,
                            int64_t *count, int64_t **out, int64_t **other, kith_error *err);

/** Reads features, one row for each node of the graph (NULL: of one that they make). */
kith_status load_features(const char *path, const kith_graph *graph, const run_options *run,
                          kith_features **out, kith_error *err);

/** A partition whose communities may have larger numbers in their file than it can hold. */
typedef struct load_partition {
    kith_partition *partition;
    int64_t        *numbers; /* of each community in the file; NULL: its own */
} load_partition;

kith_status load_partition_read(const char *path, const kith_graph *graph, const run_options *run,
                                load_partition *out, kith_error *err);
kith_status load_partition_from(int64_t count, const int64_t *values, const run_options *run,
                                load_partition *out, kith_error *err);
void        load_partition_clear(load_partition *partition);

/** Fails unless a file of that name can be written, before the work whose result it is to hold. */
kith_status load_writable(const char *path, kith_error *err);

#endif
