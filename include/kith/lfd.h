/* Kith: flow diffusion on edges that labels of nodes weaken.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_LFD_H
#define KITH_LFD_H

#include "kith/attributes.h"
#include "kith/flow_diffusion.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a classifier looks at of a node. Rows of features are taken at unit length. Which is best
 *  depends on the graph: on nodes that were not trained on, means won on four of five public graphs
 *  and lost much on the fifth, and both together lost .003 of F1 to the better of the two at most
 *  (docs/local-labels.md). So that is the default. */
typedef enum kith_view {
    KITH_VIEW_BOTH, /* its own row, and beside it, weighed by itself, the mean row */
    KITH_VIEW_MEAN, /* the mean row of the node and its neighbours */
    KITH_VIEW_OWN   /* its own row */
} kith_view;

/** What kith_lfd_train() learnt. Immutable. */
typedef struct kith_lfd_model kith_lfd_model;

typedef struct kith_lfd_options {
    kith_flow_diffusion_options flow; /* its default is the support, not a sweep */

    /* Labels say which nodes look like the target: 1 does, 0 does not, -1 is unknown. The seeds
     * do, whatever their labels say. */
    const kith_partition *node_labels; /* of all nodes; of more values than 0 and 1 those of the
                                        * seeds are the target's. NULL: a classifier predicts */
    const kith_features  *features;    /* that it looks at */
    const kith_partition *train;       /* labels of some nodes that it is trained on, -1 of others;
                                        * NULL: what a flow diffusion without labels finds */
    int64_t examples; /* without train: nodes of each kind to train on; 1 to 10^6 */
    int     view;     /* a kith_view */

    double disagree;   /* factor on the weight of edges between different labels; 0 to 1 */
    double zero_zero;  /* between two nodes of label 0; 0 to 1, below 0: as disagree */
    bool   and_labels; /* leave nodes out that do not look like the target */

    const kith_lfd_model *model; /* a classifier that is trained already, in place of features and
                                  * train; borrowed */
} kith_lfd_options;

#define KITH_LFD_OPTIONS_INIT                                                                      \
    { .flow = KITH_FLOW_DIFFUSION_INIT(kith_lfd_options), .examples = 100, .disagree = 0.05,       \
      .zero_zero = -1 }

/** The community around seed nodes among nodes that look alike: flow diffusion (see
 *  kith/flow_diffusion.h) on the graph with the weights
 *
 *    w_ij  both labels 1: as they are;  one of them unknown: as they are;
 *          both 0: times zero_zero;  different: times disagree
 *
 *  while a node holds its strength in the graph as it is. Labels may be wrong: an edge that leaves
 *  the target keeps its weight only where the node outside is mistaken for one inside.
 *
 *  A classifier is a logistic regression with the ridge of C = 1 and a free intercept. It is asked
 *  about nodes that are touched only, once each, and looks at their rows of features and those of
 *  their neighbours (of 256 of them at most).
 *
 *  graph    undirected; weights finite, > 0
 *  options  seeds, and node_labels, features or a model must be given
 *  out      scores x_v; volume, cut and conductance in the weights w. Iterations and figures are
 *           those of the flow diffusion, before and_labels leaves nodes out, after which the
 *           conductance is cut / volume. What training on `train` reads is not among the touched
 *           nodes and edges. Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no labels, none to train on, a mass above what the component
 *           of w holds), KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph), KITH_E_MEMORY,
 *           KITH_E_CANCELLED, KITH_E_TIME (while training)
 *
 *  Cost as of a flow diffusion, and the features of the nodes around it once each. With train, all
 *  its labels are read through to find those that are known; kith_queries_run() does that, and
 *  trains, once for all of its queries.
 *  Back de Luca, Fountoulakis, Yang (2024), arXiv:2310.08031
 */
KITH_API kith_status kith_lfd(const kith_graph *graph, const kith_lfd_options *options,
                              kith_cluster **out, kith_error *err);

/** Trains the classifier that each query with these options would train, for the `model` of many.
 *
 *  options  features, which the model borrows, and train must be given; seeds are not used
 *  out      free with kith_lfd_model_free() after the last query
 *  returns  KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED, KITH_E_TIME
 */
KITH_API kith_status kith_lfd_train(const kith_graph *graph, const kith_lfd_options *options,
                                    kith_lfd_model **out, kith_error *err);

KITH_API void kith_lfd_model_free(kith_lfd_model *model);

#ifdef __cplusplus
}
#endif

#endif
