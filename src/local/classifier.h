/* A classifier of nodes by their features, trained on a few of them: a logistic regression that is
 * evaluated on nodes that are asked for only, on each once. */
#ifndef KITH_LOCAL_CLASSIFIER_H
#define KITH_LOCAL_CLASSIFIER_H

#include "kith/lfd.h"

#include "graph/features.h"
#include "local/reach.h"

/** Names of kith_view, for option rows. */
extern const char *const kith_i_view_names[];

/** Means are over as many neighbours at most, spread evenly over the row, so that a node of high
 *  degree costs little more than others. */
enum { KITH_I_MEAN_MOST = 256 };

/** Nodes whose class is known. */
typedef struct kith_i_examples {
    const uint32_t *nodes;
    const bool     *positive;
    int64_t         count;
} kith_i_examples;

typedef struct kith_lfd_model kith_i_classifier;

/** Trains a classifier, C = 1.
 *
 *  graph, features  borrowed; a row of features for each node
 *  out              free with kith_i_classifier_free()
 *  returns          KITH_OK, KITH_E_ARGUMENT (no positive or no negative example), KITH_E_INPUT (a
 *                   damaged row), KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 *
 *  Reads the rows of the examples and of their neighbours. O(columns) memory.
 */
kith_status kith_i_classifier_train(const kith_graph *graph, const kith_features *features,
                                    kith_view view, const kith_i_examples *examples,
                                    kith_i_poll *poll, kith_i_classifier **out, kith_error *err);

void kith_i_classifier_free(kith_i_classifier *classifier);

/** A classifier that has learnt what `trained` has and read nothing yet. It borrows `trained`,
 *  which many threads may do at once.
 *  returns KITH_OK, KITH_E_ARGUMENT (another number of nodes), KITH_E_MEMORY, KITH_E_INPUT */
kith_status kith_i_classifier_share(const kith_i_classifier *trained, const kith_graph *graph,
                                    kith_i_poll *poll, kith_i_classifier **out, kith_error *err);

/** Whether a node is more probably positive than not. Of the graph its row is read, of the features
 *  its own and its neighbours'. */
kith_status kith_i_classifier_ask(kith_i_classifier *classifier, uint32_t node, bool *positive,
                                  kith_error *err);

/** Its nodes are those whose features were read so far, its read_edges the entries of the graph. */
const kith_i_reach *kith_i_classifier_seen(const kith_i_classifier *classifier);

#endif
