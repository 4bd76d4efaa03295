/* Kith: flow diffusion on edges weighed by attributes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_WFD_H
#define KITH_WFD_H

#include "kith/attributes.h"
#include "kith/flow_diffusion.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a node can hold. */
typedef enum kith_capacity {
    KITH_CAPACITY_DEGREE,  /* its strength in the graph as it is */
    KITH_CAPACITY_ONE,     /* 1 */
    KITH_CAPACITY_STRENGTH /* its strength in the weights of the attributes */
} kith_capacity;

typedef struct kith_wfd_options {
    kith_flow_diffusion_options flow; /* mass and volume are in units of the capacity */
    const kith_features *features;    /* of nodes: a row for each; borrowed, must be given */
    double gamma;    /* how fast weights fall with the squared distance; 0: flow diffusion without
                      * attributes; below 0: 0.1 over its median along edges near the seeds */
    bool   average;  /* the features of a node are the mean over it and its neighbours */
    bool   unit_length; /* each row is divided by its length first */
    int    capacity; /* a kith_capacity */
} kith_wfd_options;

#define KITH_WFD_OPTIONS_INIT                                                                      \
    { .flow = KITH_FLOW_DIFFUSION_INIT(kith_wfd_options), .gamma = -1 }

/** The community around seed nodes among nodes of like attributes: flow diffusion (see
 *  kith/flow_diffusion.h) on the graph with the weights
 *
 *    w_ij exp(-gamma |X_i - X_j|^2)                                              [Yang2023]
 *
 *  It finds targets that edges alone do not tell apart, where attributes do: on a planted target
 *  whose attributes have means 6 or more standard deviations from the others' it is far above flow
 *  diffusion. On real graphs it is seldom better; the choice of gamma decides. With a gamma too
 *  large the flow does not get far.
 *
 *  graph    undirected; weights finite, > 0
 *  options  seeds and features must be given; rounding is by default to the support
 *  out      scores, figures and iterations as of kith_flow_diffusion(); volume, cut and conductance
 *           in the weights of the attributes, also where they decide between masses. What the rest
 *           of the graph weighs is known only where the largest mass is at least a quarter of what
 *           the graph can hold, and all edges are weighed; otherwise the conductance is
 *           cut / volume. Free with kith_cluster_free()
 *  returns  KITH_OK, KITH_E_ARGUMENT (no features, or not a row for each node, a mass above what
 *           the component holds), KITH_E_INPUT, KITH_E_UNSUPPORTED (a directed graph),
 *           KITH_E_MEMORY, KITH_E_CANCELLED
 *
 *  As a flow diffusion, and the distance of features once for each edge of a node that is pushed
 *  (with --capacity strength, of a node that is touched); means read the rows of neighbours, too.
 *  Yang, Fountoulakis (2023), arXiv:2301.13187
 */
KITH_API kith_status kith_wfd(const kith_graph *graph, const kith_wfd_options *options,
                              kith_cluster **out, kith_error *err);

#ifdef __cplusplus
}
#endif

#endif
