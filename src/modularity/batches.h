/* The rounds that local moving and label propagation share, after [Traag2019 alg. A.2,
 * MoveNodesFast].
 *
 * In the first round every node is visited, in the next ones those that have had a neighbour leave.
 * A round is cut into batches. The nodes of a batch choose new labels in parallel, against labels
 * that stay as they are; then the choices are carried out one after another. A batch of one node is
 * the serial method. What a batch is depends on the graph and the seed alone, so the result is the
 * same on any number of threads.
 */
#ifndef KITH_MODULARITY_BATCHES_H
#define KITH_MODULARITY_BATCHES_H

#include "modularity/tally.h"

/** A label for a node, with its weight to the others of its present label and to those of this. */
typedef struct kith_i_choice {
    uint32_t label;
    double   own, other;
} kith_i_choice;

/** What a method does with a node. `self` is the method's own. */
typedef struct kith_i_mover {
    /* The best label for `node`, its present one to stay, given those of its neighbours. Called in
     * parallel; changes nothing. */
    void (*choose)(const void *self, uint32_t node, const kith_i_near *near, kith_i_choice *choice);
    /* Fetches what choose() is going to read. NULL: nothing is worth it */
    void (*fetch)(const void *self, uint32_t node, const kith_i_near *near);
    /* Gives `node` its new label, unless earlier moves of its batch spoiled the choice, whose
     * weights are up to date; says whether it moved. */
    bool (*move)(void *self, uint32_t node, const kith_i_choice *choice);
    void           *self;
    const uint32_t *labels; /* as they stand */
} kith_i_mover;

typedef struct kith_i_batching {
    int64_t  batches; /* into which a round of all nodes is cut; 0: from the size of the graph */
    int64_t  rounds;  /* cap; 0: none */
    bool exhaustive; /* until no node waits, also on large graphs where few still move */
    int      threads;
    uint64_t seed, stage; /* of the random order */
} kith_i_batching;

/** Runs until no node waits, `rounds` are over, or, unless exhaustive, a large graph is almost
 *  still: what is left to gain there, the levels above and the next iteration gain for less.
 *
 *  moves   how often a node moved, added to
 *  rounds  how many rounds it took, added to; may be NULL
 *  returns KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME (the labels are whole all the
 *  same)
 */
kith_status kith_i_batches_run(const kith_graph *graph, const kith_i_batching *batching,
                               const kith_i_mover *mover, kith_i_poll *poll, const char *stage,
                               int64_t *moves, int64_t *rounds, kith_error *err);

#endif
