/* Kith: the tables of algorithms and of generators. Everything that lists, documents or runs them
 * by name goes through here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_REGISTRY_H
#define KITH_REGISTRY_H

#include "kith/cluster.h"
#include "kith/embedding.h"
#include "kith/graph.h"
#include "kith/options.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum kith_kind {
    KITH_KIND_partition, /* gives a kith_partition */
    KITH_KIND_local      /* gives a kith_cluster; its options begin with a kith_query */
} kith_kind;

/** What an algorithm gave; the member of its kind is set. */
typedef struct kith_result {
    kith_kind       kind;
    kith_partition *partition;
    kith_cluster   *local;
} kith_result;

KITH_API void kith_result_free(kith_result *result);

/** What an algorithm's source file says of it.
 *
 *  An algorithm whose options hold `bipartite` clusters the rows of that, or rows and columns: its
 *  partition has a node for each row, or for each node of the graph, rows first. Without it, it
 *  takes the adjacency of the graph for the biadjacency: each node is a row and a column. */
typedef struct kith_algorithm_code {
    const char       *summary; /* one line */
    kith_options_spec options; /* its struct begins with a kith_run */
    kith_status (*run)(const kith_graph *graph, const void *options, kith_result *out,
                       kith_error *err);
    /* the points that it finds its communities among; NULL: there are none */
    kith_status (*embed)(const kith_graph *graph, const void *options, kith_embedding **out,
                         kith_error *err);
    double (*bytes)(const kith_graph *graph, const void *options); /* memory it takes at the peak */
    /* Finds once what many queries have in common, and puts it into their options, which are not
     * the caller's own; release(*held) after the last, unless it is NULL. NULL: there is nothing */
    kith_status (*share)(const kith_graph *graph, void *options, void **held, kith_error *err);
    void (*release)(void *held);
} kith_algorithm_code;

/** One row of src/registry/algorithms.def. */
typedef struct kith_algorithm {
    const char *name;    /* "label_propagation"; the command writes '-' for '_', '+' for "_plus" */
    const char *subject; /* "modularity" */
    const char *title;   /* "Label propagation" */
    const char *paper;   /* key in docs/references.bib */
    kith_kind   kind;
    const kith_algorithm_code *code;
} kith_algorithm;

KITH_API int64_t               kith_algorithm_count(void);
KITH_API const kith_algorithm *kith_algorithm_at(int64_t i);

/** By name, as the table or the command writes it; NULL when there is none. */
KITH_API const kith_algorithm *kith_algorithm_find(const char *name);

/** The answer to one of many queries. */
typedef struct kith_answer {
    int64_t       query;   /* its number, from 0 on */
    kith_cluster *cluster; /* the receiver's: kith_cluster_free(); NULL: it failed */
    kith_error    error;   /* why */
    double        seconds; /* that it took */
    void         *prepared; /* what prepare() made of it; the receiver's: free() */
} kith_answer;

/** Where the answers of a batch go. */
typedef struct kith_receiver {
    /* Makes what take() needs of an answer, a text for instance, in memory of malloc(): on the
     * thread that found it, several at a time, in any order. NULL says that there is no memory and
     * ends the batch. Leave it out where take() does little. */
    void *(*prepare)(const kith_answer *answer, void *payload);
    /* Receives the answers on the calling thread, in the order of the queries. Return non-zero to
     * end the batch. */
    int (*take)(kith_answer *answer, void *payload);
    void *payload;
} kith_receiver;

/** Answers many queries with a local algorithm, on as many threads as the run of the options says,
 *  each query on one of them. A query that fails does not end the others.
 *
 *  algorithm  of kind KITH_KIND_local
 *  options    of the algorithm, NULL: its defaults; its seeds are not used; its time limit is that
 *             of the whole batch: a query under way ends with its best so far, the rest fail
 *  seeds      count of them, one for each query
 *  returns    KITH_OK, also when queries failed; KITH_E_ARGUMENT, KITH_E_MEMORY, KITH_E_CANCELLED
 *             (by progress or by the receiver), KITH_E_TIME (while that is found which all queries
 *             have in common, such as a trained classifier), and what finding it returns
 *
 *  The answers are the same on any number of threads, and those of single calls.
 */
KITH_API kith_status kith_queries_run(const kith_algorithm *algorithm, const kith_graph *graph,
                                      const void *options, int64_t count, const kith_nodes *seeds,
                                      const kith_receiver *receiver, kith_error *err);

/** What a generator's source file says of it. */
typedef struct kith_generator_code {
    const char       *summary;
    kith_options_spec options;
    /* truth may be NULL; *truth is set to NULL by generators that plant none */
    kith_status (*run)(const void *options, kith_graph **out, kith_partition **truth,
                       kith_error *err);
} kith_generator_code;

/** One row of src/generate/generators.def. */
typedef struct kith_generator {
    const char *name;
    const char *title;
    const char *paper;
    const kith_generator_code *code;
} kith_generator;

KITH_API int64_t               kith_generator_count(void);
KITH_API const kith_generator *kith_generator_at(int64_t i);
KITH_API const kith_generator *kith_generator_find(const char *name);

#ifdef __cplusplus
}
#endif

#endif
