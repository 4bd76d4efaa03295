/* The queue that local moving and label propagation share [Traag2019 alg. A.2, MoveNodesFast].
 *
 * Nodes wait in a queue, in random order at first. They leave it in batches: every node of a batch
 * chooses its new label in parallel, against labels that stay as they are; then the choices are
 * carried out one after another, and the neighbours of a node that moved go back into the queue. A
 * batch of one node is the serial method. The size of a batch depends on the length of the queue
 * alone, so the result is the same on any number of threads. */
#ifndef KITH_MODULARITY_BATCHES_H
#define KITH_MODULARITY_BATCHES_H

#include "modularity/tally.h"

/** What a method does with a node. `self` is the method's own. */
typedef struct kith_i_mover {
    /* The label that each of the nodes would take, its present one to stay. Called in parallel;
     * changes nothing but the tally, which it finds and leaves empty. */
    void (*choose)(const void *self, const uint32_t *nodes, int64_t count, uint32_t *targets,
                   kith_i_tally *tally);
    /* Gives `node` its new label, unless other moves of its batch (`shared`) spoiled the choice;
     * says whether it moved. */
    bool (*move)(void *self, uint32_t node, uint32_t target, bool shared);
    void           *self;
    const uint32_t *labels; /* as they stand */
} kith_i_mover;

typedef struct kith_i_batching {
    int64_t  batches; /* into which a full queue is cut; 0: from the size of the graph */
    int64_t  rounds;  /* cap on passes through the queue; 0: none */
    bool exhaustive; /* until the queue is empty, also on large graphs where few nodes still move */
    int      threads;
    uint64_t seed, stage; /* of the random order */
} kith_i_batching;

/** Runs until the queue is empty, `rounds` are over, or, unless exhaustive, a large graph is almost
 *  still: what is left to gain there, the levels above and the next iteration gain for less.
 *
 *  moves   how often a node moved, added to
 *  rounds  how many passes it took, added to; may be NULL
 *  returns KITH_OK, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME (the labels are whole all the
 *  same)
 */
kith_status kith_i_batches_run(const kith_graph *graph, const kith_i_batching *batching,
                               const kith_i_mover *mover, kith_i_poll *poll, const char *stage,
                               int64_t *moves, int64_t *rounds, kith_error *err);

#endif
