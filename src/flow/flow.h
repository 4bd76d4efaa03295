/* The flow of Markov clustering: a column-stochastic matrix, and the step that takes it on. */
#ifndef KITH_FLOW_FLOW_H
#define KITH_FLOW_FLOW_H

#include "graph/view.h"

/** A sparse column-stochastic matrix M, by columns: where the flow of each node goes. */
typedef struct kith_i_flow {
    int64_t   nodes;
    uint64_t *offsets; /* nodes + 1 */
    uint64_t *rows;    /* of the entries of each column, ascending; no column is empty */
    double   *values;  /* > 0 */
} kith_i_flow;

typedef struct kith_i_flow_rule {
    double  inflation;   /* > 1 */
    double
        threshold; /* smaller entries of the expanded flow are dropped, a column's largest aside */
    int64_t max_entries; /* of a column; the largest stay, ties to the lowest rows */
    int     threads;
} kith_i_flow_rule;

/** The random walk on an undirected graph without negative weights. A node without a loop gets one
 *  as heavy as its heaviest edge, of weight 1 when it has none.
 *
 *  out      cleared with kith_i_flow_clear(), also on failure
 *  returns  KITH_OK, KITH_E_MEMORY
 */
kith_status kith_i_flow_start(const kith_graph *graph, kith_i_flow *out, kith_error *err);

/** Expansion M^2, pruning, inflation. The bits of the result do not depend on the number of
 *  threads.
 *
 *  moved    whether an entry came, went, or changed by more than rounding
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME; the flow is then as it was
 */
kith_status kith_i_flow_step(kith_i_flow *flow, const kith_i_flow_rule *rule, kith_i_poll *poll,
                             bool *moved, kith_error *err);

/** Where the flow of each node ends: numbers below `nodes`, the same for nodes of one community.
 *
 *  A node leads to the node that gets most of its flow, ties to the lowest; those joined by leads
 *  are a basin. A node whose flow ends in several basins belongs to the one that gets most of it,
 *  ties to the basin of the lowest node.
 */
kith_status kith_i_flow_basins(const kith_i_flow *flow, uint32_t *labels, kith_error *err);

void kith_i_flow_clear(kith_i_flow *flow);

#endif
