/* Kith: the network community profile.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_NCP_H
#define KITH_NCP_H

#include "kith/graph.h"
#include "kith/options.h"
#include "kith/partition.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where the communities of a profile are looked for. */
typedef enum kith_ncp_from {
    KITH_NCP_BOTH,
    KITH_NCP_NODES,         /* around single nodes */
    KITH_NCP_NEIGHBOURHOODS /* in and around the closed neighbourhoods of nodes */
} kith_ncp_from;

typedef struct kith_ncp_options {
    kith_run run;
    double   alpha;   /* of personalised PageRank, as kith_acl() has it */
    double   epsilon; /* the finer of two accuracies, the other is ten times as coarse */
    int64_t  queries; /* at most that many of them; 0: all there are */
    int64_t  bins;    /* sizes per factor of ten that are told apart; 0: every size */
    int      from;    /* a kith_ncp_from */
} kith_ncp_options;

#define KITH_NCP_OPTIONS_INIT                                                                      \
    { .run = KITH_RUN_INIT(kith_ncp_options), .alpha = 0.01, .epsilon = 1e-5,                      \
      .queries = 10000, .bins = 20 }

/** The set of least conductance that was found of all in a bin of sizes. */
typedef struct kith_ncp_entry {
    int64_t size;
    double  volume, cut, conductance;
} kith_ncp_entry;

typedef struct kith_ncp_profile kith_ncp_profile;

/** For each size the least conductance of any set that was found, of at most half the volume.
 *
 *  Found are the closed neighbourhood of each node, and every prefix of the sweeps of personalised
 *  PageRank from nodes and from neighbourhoods, those first that have a smaller conductance than
 *  their neighbours'. It is taken on the largest component.
 *
 *  graph    undirected; weights finite, > 0
 *  options  NULL: defaults
 *  out      free with kith_ncp_profile_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  A time limit ends it with the profile so far. O(queries / (epsilon alpha)) time at most, and
 *  that of counting triangles; O(n + m) memory. The same options and seed give the same profile on
 *  any number of threads. Leskovec, Lang, Dasgupta, Mahoney (2009),
 *  doi:10.1080/15427951.2009.10129177; neighbourhoods: Gleich, Seshadhri (2012),
 *  doi:10.1145/2339530.2339628
 */
KITH_API kith_status kith_ncp(const kith_graph *graph, const kith_ncp_options *options,
                              kith_ncp_profile **out, kith_error *err);

/** The options by rows, for whoever sets them from text. */
KITH_API const kith_options_spec *kith_ncp_spec(void);

KITH_API void    kith_ncp_profile_free(kith_ncp_profile *profile);
KITH_API int64_t kith_ncp_profile_count(const kith_ncp_profile *profile);

/** By ascending size; borrowed. */
KITH_API const kith_ncp_entry *kith_ncp_profile_entries(const kith_ncp_profile *profile);

/** Queries that were answered, and why there were no more. */
KITH_API int64_t   kith_ncp_profile_queries(const kith_ncp_profile *profile);
KITH_API kith_stop kith_ncp_profile_stop(const kith_ncp_profile *profile);

#ifdef __cplusplus
}
#endif

#endif
