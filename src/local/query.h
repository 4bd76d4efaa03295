/* What every local method begins and ends with: seeds become slots, scores become a cluster. */
#ifndef KITH_LOCAL_QUERY_H
#define KITH_LOCAL_QUERY_H

#include "core/option.h"
#include "core/poll.h"
#include "graph/cluster.h"
#include "local/reach.h"

/** The names of kith_round, for option rows. */
extern const char *const kith_i_round_names[];

/** The option rows of kith_query. */
#define KITH_I_QUERY_ROWS                                                                          \
    KITH_OPTION_CHOICE(kith_query, round, kith_i_round_names,                                      \
                       "of scores: the prefix of least conductance, all above 0, or as usual"),    \
    KITH_OPTION(kith_query, size, I64, 0, INT64_MAX,                                               \
                "as many nodes, those of highest score; 0: as --round says")

/** Which prefix a sweep takes. */
typedef struct kith_i_sweep {
    bool   last;   /* of several of least conductance the last, not the first */
    bool   levels; /* none that holds a part of the nodes of one score */
    double rise;   /* above 0: the first local minimum, one after which conductance gets above so
                    * many times its value before it is as low again; where there is none, and
                    * with 0, the least of all */
} kith_i_sweep;

/** Checks that the graph is undirected and that there are seeds, all of them nodes. Polls once.
 *
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_UNSUPPORTED, KITH_E_CANCELLED
 */
kith_status kith_i_query_check(const kith_graph *graph, const kith_query *query, kith_i_poll *poll,
                               kith_error *err);

/** Checks the query as kith_i_query_check() does, and its seeds; gives each seed a slot: seed i has
 *  slot i.
 *
 *  weighing  NULL: the weights of the graph; borrowed by the reach
 *  out       give it back with kith_i_reach_give()
 *  returns   KITH_OK, KITH_E_ARGUMENT (no seed, an unknown one, one twice), KITH_E_UNSUPPORTED (a
 *            directed graph), KITH_E_INPUT (a damaged row, a seed without edges), KITH_E_MEMORY,
 *            KITH_E_CANCELLED
 */
kith_status kith_i_query_begin(const kith_graph *graph, const kith_i_weighing *weighing,
                               const kith_query *query, kith_i_poll *poll, kith_i_reach **out,
                               kith_error *err);

/** The cluster of the slots whose score is above 0, rounded as the query says; reads their rows.
 *
 *  score  by slot; may be a field of the reach
 */
kith_status kith_i_query_end(kith_i_reach *reach, const double *score, const kith_i_sweep *sweep,
                             const kith_query *query, kith_cluster **out, kith_error *err);

#endif
