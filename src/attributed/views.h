/* Several relations over one node set, as the methods that weigh them take them. */
#ifndef KITH_ATTRIBUTED_VIEWS_H
#define KITH_ATTRIBUTED_VIEWS_H

#include "graph/partition.h"
#include "graph/view.h"
#include "kith/attributes.h"

typedef struct kith_i_views {
    int64_t nodes;
    int64_t count;             /* >= 1 */
    const kith_graph **graphs; /* borrowed */
} kith_i_views;

/** The relations; without any (NULL, or none in it) the graph by itself. Each has to have the nodes
 *  of the graph, no directions and no negative weights.
 *
 *  out      clear with kith_i_views_clear()
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_UNSUPPORTED, KITH_E_INPUT, KITH_E_MEMORY, and what a
 *           run ends in
 */
kith_status kith_i_views_open(const kith_graph *graph, const kith_relations *relations,
                              kith_i_poll *poll, kith_i_views *out, kith_error *err);

void kith_i_views_clear(kith_i_views *views);

/** Stored entries of all of them; how many there are, before they are looked at. */
int64_t kith_i_views_entries(const kith_graph *graph, const kith_relations *relations);
int64_t kith_i_views_count(const kith_relations *relations);

/** Adds the figures "weight_1", "weight_2", ... of so many relations, in their order. */
void kith_i_views_weights(int64_t count, const double *weights, kith_partition *out);

#endif
