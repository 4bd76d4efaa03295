/* The quality functions of kith_objective in one form [base algorithms: modularity as CPM].
 *
 *   H(P) = sum_c ( E_c - (g/2) N_c^2 )                    undirected
 *   H(P) = sum_c ( E_c - g Nout_c Nin_c )                 directed
 *
 * E_c is the weight inside c, each edge and each loop once. N_c is the sum over the nodes of c of a
 * mass: the strength for modularity, the node size for CPM and RB. What is reported is
 * scale * H + offset.
 *
 *   objective    mass         g             scale  offset
 *   modularity   k_i          gamma / 2m    1/m    0
 *     directed   kout, kin    gamma / W     1/W    0          on A + A^T, whose E_c are the arcs
 *     Barber     kout, kin    gamma / w     1/w    0          modularity/barber.h: kout of rows
 *   CPM          n_i          gamma         1      (gamma/2) sum_i n_i
 *   RB           n_i          gamma p       1      (gamma p/2) sum_i n_i
 *
 * so moving v from a to b changes H by (k_vb - k_va) - g n_v (N_b - N_a), N_a without v. */
#ifndef KITH_MODULARITY_OBJECTIVE_H
#define KITH_MODULARITY_OBJECTIVE_H

#include "kith/objective.h"

#include "graph/view.h"

/** The names of kith_objective, for option rows. */
extern const char *const kith_i_objective_names[];

typedef struct kith_i_objective {
    bool    directed;
    double  g, scale, offset;
    double weight;      /* of all edges */
    double  least_gain; /* of H; a move must gain more, so that rounding never makes a cycle */
    int64_t largest;    /* community, in nodes of the input; INT64_MAX: no limit */
} kith_i_objective;

/** A graph of the multilevel scheme with what its nodes stand for. */
typedef struct kith_i_level {
    const kith_graph *graph;
    kith_graph       *owned; /* NULL: graph is the caller's */
    double           *out;   /* mass of each node */
    double           *in;    /* directed: mass of the other side; else the same array as `out` */
    uint32_t         *count; /* nodes of the input in each; NULL where community sizes are free */
} kith_i_level;

/** The objective on a graph and its finest level. `level` is cleared with kith_i_level_clear().
 *
 *  node_sizes  NULL: 1
 *  poll        a time limit is left to later polls
 *  returns     KITH_OK, KITH_E_ARGUMENT, KITH_E_INPUT, KITH_E_MEMORY, KITH_E_CANCELLED
 */
kith_status kith_i_objective_init(const kith_graph *graph, int objective, double resolution,
                                  const double *node_sizes, int64_t largest, kith_i_poll *poll,
                                  kith_i_objective *out, kith_i_level *level, kith_error *err);

/** The level whose nodes are the communities of `fine`. labels: 0 .. communities - 1. */
kith_status kith_i_level_coarsen(const kith_i_level *fine, const uint32_t *labels,
                                 int64_t communities, int threads, kith_i_poll *poll,
                                 kith_i_level *coarse, kith_error *err);

void kith_i_level_clear(kith_i_level *level);

/** scale * H + offset of the partition in which every node of the level is alone; NaN for the
 *  modularity of an edgeless graph. */
double kith_i_objective_value(const kith_i_objective *objective, const kith_i_level *level);

/** g times what the masses of a node and of a community make of each other. */
static inline double kith_i_penalty(const kith_i_objective *o, double out, double in,
                                    double community_out, double community_in)
{
    return o->g * (o->directed ? out * community_in + in * community_out : out * community_out);
}

#endif
