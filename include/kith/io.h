/* Kith: readers and writers of graphs, labels, communities and features.
 *
 * Every path may be "-" (standard input or output) and every file plain, gzip or zstd: on reading
 * the first bytes tell, on writing the ending of the name (.gz, .zst). A written file appears under
 * its name when it is whole, never before. An error in a file reads "FILE:LINE: what is wrong (what
 * was expected)".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_IO_H
#define KITH_IO_H

#include "kith/attributes.h"
#include "kith/cover.h"
#include "kith/embedding.h"
#include "kith/graph.h"
#include "kith/partition.h"

#include <math.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum kith_format {
    KITH_FORMAT_AUTO,         /* from the ending of the name and the first bytes */
    KITH_FORMAT_MATRIX_MARKET, /* .mtx */
    KITH_FORMAT_EDGE_LIST,    /* .txt, .tsv, .csv, .edges, .el and anything else */
    KITH_FORMAT_NPZ           /* .npz, as scipy.sparse.save_npz writes it */
} kith_format;

typedef enum kith_ids {
    KITH_IDS_AUTO,   /* integers when the first edge has integers, else strings */
    KITH_IDS_INT,    /* zero-based node ids */
    KITH_IDS_STRING  /* names, numbered in order of appearance */
} kith_ids;

/** Lines of an edge list as events: the third column is when, in any unit. Several events of a pair
 *  become one edge that weighs what they do together. */
typedef struct kith_times {
    bool   given;        /* else the third column is a weight */
    double since, until; /* events with since <= t < until are edges; all lines tell nodes */
    double half_life;    /* an event so long before `until`, or before the last one where that is
                          * infinite, weighs 1/2, and so on; 0: each weighs 1 */
} kith_times;

/** How to read. The limits refuse a file before anything of their size is allocated. 0: edges and
 *  bytes (decompressed) as the machine's memory can hold them, and nodes a million and 16 more for
 *  each byte of the file, since it takes few bytes to ask for many; whoever sets max_nodes, up to
 *  2^32 - 2, gets as many. */
typedef struct kith_read_options {
    kith_graph_options graph;  /* its run carries the threads, the time limit and the progress */
    kith_format        format;
    kith_ids           ids;
    int64_t            max_nodes, max_edges, max_bytes;
    kith_times         times; /* of edge lists */
} kith_read_options;

#define KITH_READ_OPTIONS_INIT                                                                     \
    { .graph = { .run = KITH_RUN_INIT(kith_read_options), .direction = KITH_DETECT },              \
      .times = { .since = -INFINITY, .until = INFINITY } }

/** Reads a graph.
 *
 *  A MatrixMarket or npz file holds a matrix: it is undirected when its header or its entries are
 *  symmetric (KITH_DETECT), and refused when KITH_UNDIRECTED was asked and they are not. Each line
 *  of an edge list is an edge, undirected unless KITH_DIRECTED was asked or, under KITH_DETECT, its
 *  first line says so (see kith_graph_write()). An uncompressed npz that Kith wrote is mapped, not
 *  read.
 *
 *  An edge list has two ids or names in each line, and in all of them or none a weight, separated
 *  by blanks, tabs or a comma; where the first line with an edge has a tab or a comma, names are
 *  separated by that alone. Blank lines and comments ('#', '%') are left out, and so is a heading:
 *  a first line of words such as "source,target", or of any words above numbers.
 *
 *  options  NULL: defaults
 *  out      free with kith_graph_free()
 *  returns  KITH_OK, KITH_E_IO, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME,
 *           KITH_E_ARGUMENT
 */
KITH_API kith_status kith_graph_read(const char *path, const kith_read_options *options,
                                     kith_graph **out, kith_error *err);

/** Writes a graph; the format comes from the ending of the name (.mtx, .npz, else an edge list).
 *
 *  An edge list begins with comments that keep what edges cannot say, and that are heeded when it
 *  is read again: "# kith edges: 34 nodes, undirected" (or directed) and, when nodes have names, a
 *  line "# node<TAB>NAME" for each in its order. Names in it must not be empty, begin with '#', '%'
 *  or a blank, end with a blank, or hold tabs or line ends. A MatrixMarket file holds the lower
 *  triangle of an undirected graph and keeps no names. Weights get the fewest digits that read back
 *  the same.
 *
 *  A graph file (.npz) holds the arrays that scipy.sparse.save_npz writes of a CSR matrix, format,
 *  shape, indptr (int64), indices (int32, or int64 from 2^31 nodes on) and data (int8 ones, float32
 *  or float64), uncompressed and at multiples of 64 bytes, and of our own
 *
 *    kith_directed      bool: whether each entry is an arc
 *    kith_unweighted    bool: all weights are 1 and data need not be read
 *    kith_loops         int64: entries on the diagonal
 *    kith_total_weight  float64: what the weights add up to, each edge once
 *    kith_names         uint8: names of the nodes in UTF-8, each followed by a zero byte; left out
 *                       when nodes have none
 *    kith_name_offsets  int64, nodes + 1: where in kith_names each name begins, and where they end
 *
 *  returns KITH_OK, KITH_E_IO, KITH_E_MEMORY, KITH_E_INPUT (a name that the format cannot hold, a
 *          damaged mapped graph), and what a run ends in: then nothing is written */
KITH_API kith_status kith_graph_write(const kith_graph *graph, const char *path, kith_format format,
                                      const kith_run *run, kith_error *err);

/** Reads a bipartite graph: a rectangular MatrixMarket or npz matrix, or an edge list of row and
 *  column ids, or of names. A column whose name a row has, too, is called "column:NAME" in the
 *  graph. returns as kith_graph_read() */
KITH_API kith_status kith_bipartite_read(const char *path, const kith_read_options *options,
                                         kith_bipartite **out, kith_error *err);

/** Reads features, a row for each node: MatrixMarket, coordinate (sparse) or array (dense), npz
 *  (sparse), npy (dense), or a table (.csv, .tsv) with a line of headings, its cells quoted as in
 *  RFC 4180. Values may be negative.
 *
 *  A column of a table is numeric where all its cells are numbers, text where they hold three words
 *  or more on average, and else a category; a heading NAME:numeric, NAME:text, NAME:category or
 *  NAME:skip says so. Numbers are scaled to mean 0 and variance 1; each category becomes a column
 *  of ones, unless no two cells are alike; each word of two characters or more becomes a column
 *  with its TF-IDF, ln((1 + n) / (1 + df)) + 1 times the count, such that the words of a cell have
 *  length 1. An empty cell says nothing.
 *
 *  returns as kith_graph_read() */
KITH_API kith_status kith_features_read(const char *path, const kith_read_options *options,
                                        kith_features **out, kith_error *err);

/** Reads labels: one integer per line, line i for node i; or `name<TAB>label`, when `graph` has
 *  node names. -1 is "unassigned" or "unknown". Labels may be any integers from -1 on; they are
 *  kept.
 *
 *  graph   whose nodes they are: the number of labels must fit; NULL: as many as there are lines
 *  count   how many labels
 *  out     malloc'ed; free() it
 *  returns KITH_OK, KITH_E_IO, KITH_E_INPUT, KITH_E_MEMORY, and what a run ends in
 */
KITH_API kith_status kith_labels_read(const char *path, const kith_graph *graph,
                                      const kith_run *run, int64_t *count, int64_t **out,
                                      kith_error *err);

/** Reads two files of labels of the same nodes, whose graph is not at hand. Line i of one goes with
 *  line i of the other; but where both give `name<TAB>label`, lines of the same name go together.
 *
 *  count       how many labels
 *  out, other  malloc'ed, in the order of the first file; free() them
 *  returns     as kith_labels_read()
 */
KITH_API kith_status kith_labels_read_pair(const char *path, const char *other_path,
                                           const kith_run *run, int64_t *count, int64_t **out,
                                           int64_t **other, kith_error *err);

/** Writes labels, one per line; `name<TAB>label` when `graph` is given and has names.
 *  returns KITH_OK, KITH_E_IO, KITH_E_MEMORY, KITH_E_INPUT (a name that does not fit a line), and
 *          what a run ends in: then nothing is written */
KITH_API kith_status kith_labels_write(const char *path, const kith_graph *graph, int64_t count,
                                       const int64_t *labels, const kith_run *run, kith_error *err);

/** Writes an embedding as a NumPy array (.npy) of float64, a row for each node.
 *  returns KITH_OK, KITH_E_ARGUMENT, KITH_E_IO, KITH_E_MEMORY, and what a run ends in: then nothing
 *          is written */
KITH_API kith_status kith_embedding_write(const char *path, const kith_embedding *embedding,
                                          const kith_run *run, kith_error *err);

/** Reads one number per line, as many as the graph has nodes (node sizes, scores).
 *  out     malloc'ed; free() it
 *  returns KITH_OK, KITH_E_IO, KITH_E_INPUT, KITH_E_MEMORY, and what a run ends in */
KITH_API kith_status kith_numbers_read(const char *path, const kith_graph *graph,
                                       const kith_run *run, double **out, kith_error *err);

/** Reads communities, one per line, node ids (or names) separated by white space or commas; names
 *  in a line with a tab by tabs alone. Blank lines and comments ('#', '%') are left out.
 *  graph   whose nodes they are; NULL: ids up to the largest
 *  returns KITH_OK, KITH_E_IO, KITH_E_INPUT, KITH_E_MEMORY, and what a run ends in */
KITH_API kith_status kith_cover_read(const char *path, const kith_graph *graph, const kith_run *run,
                                     kith_cover **out, kith_error *err);

/** Writes communities so. returns as kith_labels_write() */
KITH_API kith_status kith_cover_write(const char *path, const kith_graph *graph,
                                      const kith_cover *cover, const kith_run *run,
                                      kith_error *err);

/** A text file in the making: what the command writes besides graphs (JSON, tables). Bytes go to a
 *  file beside the target, which takes the target's name on commit. */
typedef struct kith_output kith_output;

KITH_API kith_status kith_output_open(const char *path, kith_output **out, kith_error *err);
KITH_API kith_status kith_output_write(kith_output *output, const void *bytes, size_t size,
                                       kith_error *err);

/** Finishes the file and frees `output`, whatever it returns. */
KITH_API kith_status kith_output_commit(kith_output *output, kith_error *err);

/** Gives up the file and frees `output`; nothing is left behind. NULL is fine. */
KITH_API void kith_output_abandon(kith_output *output);

#ifdef __cplusplus
}
#endif

#endif
