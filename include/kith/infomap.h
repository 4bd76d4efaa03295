/* Kith: Infomap, modules of the map equation.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_INFOMAP_H
#define KITH_INFOMAP_H

#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the walk is told, and which modules are the result. */
typedef enum kith_infomap_map {
    KITH_INFOMAP_TWO_LEVEL, /* modules of nodes */
    KITH_INFOMAP_TOP,       /* modules of modules of ... of nodes: the largest of them */
    KITH_INFOMAP_BOTTOM     /* the smallest of them */
} kith_infomap_map;

typedef struct kith_infomap_options {
    kith_run run;
    int      map;           /* a kith_infomap_map */
    double   teleportation; /* of a walker on directed graphs, per step; 0 to 1, below 1 */
    int64_t  trials;        /* from different random orders; the shortest code stays; >= 1 */
    int64_t  iterations;    /* cap on tunings of a trial, fine and coarse; 0: to stability */
    double   tolerance;     /* least gain of a tuning that is worth another, of the code length */
} kith_infomap_options;

#define KITH_INFOMAP_OPTIONS_INIT                                                                  \
    { .run = KITH_RUN_INIT(kith_infomap_options), .teleportation = 0.15, .trials = 1,              \
      .iterations = 10, .tolerance = 1e-3 }

/** Modules that let a random walk be told in the fewest bits: each has a codebook for its nodes and
 *  for the way out, and one index codebook tells which module is entered.
 *
 *  graph    weights finite, >= 0; on a directed one the walk is PageRank's, whose steps to anywhere
 *           are not recorded
 *  options  NULL: defaults
 *  out      one label per node; free with kith_partition_free(). Its quality is the code length in
 *           bits per step of the walk, the lower the better (of the whole hierarchy, where one was
 *           asked for); its figures: one_level_length, what the same walk takes in one module (the
 *           entropy of the visits), and levels, those of the hierarchy, nodes included
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *           (before there is any partition)
 *
 *  Nodes move between modules, modules merge, and in turn single nodes (fine tuning) and parts of
 *  modules (coarse tuning) move again. A hierarchy is built on what is then found, as long as
 *  levels above and below shorten the code. A time limit ends it with the shortest code so far.
 *  O(m) time per iteration, O(n + m) memory. One thread moves nodes; the same options and seed
 *  give the same partition on any number of threads.
 *  Rosvall, Bergstrom (2008), doi:10.1073/pnas.0706851105; tuning: Rosvall, Bergstrom (2010),
 *  doi:10.1371/journal.pone.0008694; hierarchies: Rosvall, Bergstrom (2011),
 *  doi:10.1371/journal.pone.0018209; unrecorded steps: Lambiotte, Rosvall (2012),
 *  doi:10.1103/PhysRevE.85.056107
 */
KITH_API kith_status kith_infomap(const kith_graph *graph, const kith_infomap_options *options,
                                  kith_partition **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
