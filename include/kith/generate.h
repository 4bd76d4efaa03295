/* Kith: generators of benchmark graphs with known communities. All are undirected and unweighted,
 * reproducible by seed, and the same on any number of threads.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_GENERATE_H
#define KITH_GENERATE_H

#include "kith/graph.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Every generator returns KITH_OK, KITH_E_ARGUMENT (names the option, its value and what is
 * allowed), KITH_E_MEMORY, KITH_E_CANCELLED or KITH_E_TIME. *out is freed with kith_graph_free(),
 * *truth with kith_partition_free(); truth may be NULL. */

/** The LFR benchmark [Lancichinetti2008]. The least degree is the one that gives the mean. Ids say
 *  nothing about communities or degrees. Options that leave hardly a simple graph are refused,
 *  those by which more than 2 % of the edges find no place. */
typedef struct kith_lfr_options {
    kith_run run;
    int64_t  nodes;           /* >= 1 */
    double   mixing;          /* mu: expected share of a node's edges that leave its community */
    double   degree;          /* mean */
    int64_t  max_degree;
    double   degree_exponent; /* tau1: the density of degree d falls as d^-tau1 */
    double   size_exponent;   /* tau2, of community sizes */
    int64_t  min_size;        /* of a community; 0: the least degree, at least 3 */
    int64_t  max_size;        /* of a community; 0: max_degree, or what the degrees need */
} kith_lfr_options;

#define KITH_LFR_OPTIONS_INIT                                                                      \
    { .run = KITH_RUN_INIT(kith_lfr_options), .nodes = 1000, .mixing = 0.3, .degree = 20,          \
      .max_degree = 50, .degree_exponent = 2, .size_exponent = 1 }

/** O(m) expected time, memory proportional to the graph. */
KITH_API kith_status kith_generate_lfr(const kith_lfr_options *options, kith_graph **out,
                                       kith_partition **truth, kith_error *err);

/** The planted partition: `blocks` groups of equal size (the first nodes % blocks one larger) in
 *  which every pair is joined with one probability inside and another across [Holland1983,
 *  Condon2001]. Nodes are numbered block by block. */
typedef struct kith_sbm_options {
    kith_run run;
    int64_t  nodes;
    int64_t  blocks;
    double   degree; /* expected mean degree */
    double   mixing; /* expected share of edges between blocks */
    /* A general stochastic block model: block sizes and connection probabilities instead of nodes,
     * degree and mixing; both NULL or both given; borrowed. */
    const int64_t *sizes;         /* blocks numbers */
    const double  *probabilities; /* blocks x blocks, symmetric, row-major, 0 to 1 */
} kith_sbm_options;

#define KITH_SBM_OPTIONS_INIT                                                                      \
    { .run = KITH_RUN_INIT(kith_sbm_options), .nodes = 1000, .blocks = 10, .degree = 20,           \
      .mixing = 0.3 }

/** O(n + m + blocks^2) time. */
KITH_API kith_status kith_generate_sbm(const kith_sbm_options *options, kith_graph **out,
                                       kith_partition **truth, kith_error *err);

/** R-MAT: 2^scale nodes, edge_factor * 2^scale draws, of which loops and repeats are dropped; no
 *  planted truth [Chakrabarti2004]. Ids are permuted at random. */
typedef struct kith_rmat_options {
    kith_run run;
    int64_t  scale;       /* 0 to 31 */
    double   edge_factor; /* draws per node */
    double   a, b, c;     /* quadrant probabilities; the fourth is the rest */
} kith_rmat_options;

#define KITH_RMAT_OPTIONS_INIT                                                                     \
    { .run = KITH_RUN_INIT(kith_rmat_options), .scale = 16, .edge_factor = 16, .a = 0.57,          \
      .b = 0.19, .c = 0.19 }

KITH_API kith_status kith_generate_rmat(const kith_rmat_options *options, kith_graph **out,
                                        kith_partition **truth, kith_error *err);

/** Cliques joined in a ring by one edge each [Fortunato2007]: node i of clique c is c * size + i,
 *  and the last of each is joined to the first of the next. */
typedef struct kith_ring_options {
    kith_run run;
    int64_t  cliques;
    int64_t  size;
} kith_ring_options;

#define KITH_RING_OPTIONS_INIT                                                                     \
    { .run = KITH_RUN_INIT(kith_ring_options), .cliques = 30, .size = 5 }

KITH_API kith_status kith_generate_ring(const kith_ring_options *options, kith_graph **out,
                                        kith_partition **truth, kith_error *err);

/** A rows x columns grid, node r * columns + c; no planted truth. */
typedef struct kith_grid_options {
    kith_run run;
    int64_t  rows;
    int64_t  columns;
    bool     periodic; /* a torus */
} kith_grid_options;

#define KITH_GRID_OPTIONS_INIT                                                                     \
    { .run = KITH_RUN_INIT(kith_grid_options), .rows = 100, .columns = 100 }

KITH_API kith_status kith_generate_grid(const kith_grid_options *options, kith_graph **out,
                                        kith_partition **truth, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
