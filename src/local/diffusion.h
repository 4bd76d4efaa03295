/* Flow diffusion, for every method that spreads mass along edges weighed in one way or another. */
#ifndef KITH_LOCAL_DIFFUSION_H
#define KITH_LOCAL_DIFFUSION_H

#include "kith/flow_diffusion.h"

#include "local/query.h"

/** What a node can hold. */
typedef enum kith_i_capacity {
    KITH_I_CAPACITY_DEGREE,  /* its strength in the graph's own weights */
    KITH_I_CAPACITY_ONE,     /* 1 */
    KITH_I_CAPACITY_STRENGTH /* its strength in the weights of the weighing, which is not lazy */
} kith_i_capacity;

/** What mass spreads on. */
typedef struct kith_i_medium {
    const kith_graph      *graph;
    const kith_i_weighing *weighing; /* its weights are at most the graph's; NULL: those */
    kith_i_capacity        capacity;
    const kith_i_reach    *beside; /* nodes and rows that the weighing looked at; NULL: none */
} kith_i_medium;

/** The names of kith_flow_order, for option rows. */
extern const char *const kith_i_flow_orders[];

/** The option rows of kith_flow_diffusion_options. */
#define KITH_I_FLOW_ROWS                                                                           \
    KITH_OPTION(kith_flow_diffusion_options, mass, F64, 0, DBL_MAX,                                \
                "mass that starts at the seeds; 0: as --volume says"),                             \
    KITH_OPTION(kith_flow_diffusion_options, volume, F64, 0, DBL_MAX,                              \
                "guess of the target's volume, from which masses follow; 0: 100 nodes"),           \
    KITH_OPTION(kith_flow_diffusion_options, p, F64, 2, 32,                                        \
                "norm of the flow; higher leaks less, and is slower"),                             \
    KITH_OPTION(kith_flow_diffusion_options, epsilon, F64, 1e-15, 1,                               \
                "mass above a node's capacity that may stay there"),                               \
    KITH_OPTION(kith_flow_diffusion_options, passes, I64, 1, 1000000, "cap, for each mass"),       \
    KITH_OPTION_CHOICE(kith_flow_diffusion_options, order, kith_i_flow_orders,                     \
                       "of the nodes in a pass"),                                                  \
    KITH_OPTION(kith_flow_diffusion_options, polish, BOOL, 0, 1,                                   \
                "solve on the support exactly where that is cheap"),                               \
    KITH_I_QUERY_ROWS

/** A cluster by flow diffusion, complete with its figures. Begins the query. Rounding is by default
 *  a sweep where the mass is given and the weights are the graph's, and the support elsewhere.
 *
 *  Conductances are in the weights of the weighing. What the rest of the graph has of those is
 *  summed up when the largest mass is at least a quarter of what the graph can hold; otherwise it
 *  is taken to be the larger part, as the volume of a support is at most the mass.
 *
 *  options  checked; of the method, whose struct begins with it
 *  returns  as kith_flow_diffusion()
 */
kith_status kith_i_diffuse(const kith_i_medium *medium, const kith_flow_diffusion_options *options,
                           kith_i_poll *poll, kith_cluster **out, kith_error *err);

/** An upper bound of the memory that takes. */
double kith_i_diffusion_bytes(const kith_graph *graph, const void *options);

#endif
