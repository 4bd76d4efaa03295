/* The inside of a cluster, for the methods that make one. */
#ifndef KITH_GRAPH_CLUSTER_H
#define KITH_GRAPH_CLUSTER_H

#include "kith/cluster.h"

#include "core/base.h"
#include "graph/figures.h"

struct kith_cluster {
    int64_t   size;
    int64_t  *nodes;  /* size */
    double   *scores; /* size */
    double    volume, cut, conductance;
    int64_t   touched_nodes, touched_edges;
    int64_t   iterations;
    bool      converged;
    kith_stop stop;
    kith_i_figure figures[KITH_I_FIGURES + 1];
};

/** A cluster of `size` nodes, to be filled. */
kith_status kith_i_cluster_new(int64_t size, kith_cluster **out, kith_error *err);

/** Adds a figure. `name` is a constant. */
void kith_i_cluster_figure(kith_cluster *cluster, const char *name, double value);

#endif
