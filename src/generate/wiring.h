/* Random simple graphs of given degrees. */
#ifndef KITH_GENERATE_WIRING_H
#define KITH_GENERATE_WIRING_H

#include "generate/pair_set.h"

/** What the wiring of one graph after another needs. One per thread. */
typedef struct kith_i_wiring {
    kith_i_poll    *poll;
    const char     *stage;  /* for the poll */
    bool            asks;   /* this is the thread that may call kith_i_poll_check() */
    const uint32_t *groups; /* by node: nodes of one group are never joined; NULL: any two may be */

    uint64_t *slots; /* memory of the set */
    uint32_t *absent_sources, *absent_targets; /* edges of a complement */

    /* The graph at hand. An edge that is in place stands as source < target, and its pair in the
     * set; one that is not (a loop, a repeat, within a group) as source >= target. */
    uint32_t       *sources, *targets;
    int64_t         edges;
    kith_i_pair_set set;
    kith_i_random   random;
    int64_t         steps;  /* of work since the last poll */
    bool            halted; /* it said stop */
} kith_i_wiring;

/** Memory for graphs of up to `edges` edges, each at most. */
kith_status kith_i_wiring_init(kith_i_wiring *w, int64_t edges, kith_error *err);
void        kith_i_wiring_clear(kith_i_wiring *w);

/** A random simple graph in which nodes[i] has degree[nodes[i]] neighbours.
 *
 *  nodes    distinct
 *  degree   by node, below `count`; the sum over `nodes` is even
 *  sources, targets  half the sum of degrees each, written. An edge that found no place is a loop
 *  returns  how many edges found none: 0, unless no graph or hardly any has these degrees. Anything
 *           when the poll has stopped
 *
 *  O(edges) expected time.
 */
int64_t kith_i_wire(kith_i_wiring *w, const uint32_t *nodes, int64_t count, const uint32_t *degree,
                    kith_i_random random, uint32_t *sources, uint32_t *targets);

#endif
