/* Mass that spreads from seeds until no node holds more than it can: the iteration of every flow
 * diffusion.
 *
 * x starts at 0 and only grows, and stays below the solution: a node that holds too much is raised
 * until it holds what it can, or more. Masses may be raised in between, and x goes on from where it
 * was. */
#ifndef KITH_LOCAL_SPREAD_H
#define KITH_LOCAL_SPREAD_H

#include "local/diffusion.h"

/** The fields of the reach. */
enum {
    KITH_I_SPREAD_X,     /* x */
    KITH_I_SPREAD_M,     /* mass */
    KITH_I_SPREAD_T,     /* capacity */
    KITH_I_SPREAD_LIMIT, /* what may stay: a little more */
};

/** Entries of rows between two polls. */
enum { KITH_I_SPREAD_POLL = 1 << 16 };

typedef struct kith_i_spread {
    kith_i_reach   *reach;
    kith_i_capacity capacity;
    double   p, epsilon;
    double   share;   /* mass of each seed */
    int64_t  seeds;   /* slots 0 to seeds - 1 */
    int64_t  admitted; /* slots whose capacity is set */
    bool     shuffled;
    bool     solvable; /* on the support at a price worth paying, as far as is known */
    kith_i_random random;

    uint32_t *waiting, *batch; /* slots that hold too much: those of the next pass, of this one */
    int64_t   count, room;     /* of them waiting; of both */
    double   *near;            /* p > 2: x and weights of a row */
    int64_t   near_room;
    int64_t   pushes, work;
} kith_i_spread;

/** Nothing is poured yet. Clear it whatever this returns. */
kith_status kith_i_spread_start(kith_i_spread *spread, kith_i_reach *reach,
                                kith_i_capacity capacity,
                                const kith_flow_diffusion_options *options, kith_error *err);

void kith_i_spread_clear(kith_i_spread *spread);

/** Makes room for slots that were touched since this was last called, and sets their capacities. */
kith_status kith_i_spread_admit(kith_i_spread *spread, kith_error *err);

/** Raises the mass to `mass`, the same at each seed. */
void kith_i_spread_pour(kith_i_spread *spread, double mass);

/** Takes everything back: x = 0, no mass. */
void kith_i_spread_reset(kith_i_spread *spread);

/** Each node that waits gets rid of its excess. */
kith_status kith_i_spread_pass(kith_i_spread *spread, kith_i_poll *poll, kith_error *err);

/** Raises x to what it is when no other nodes than those of today's support may be raised: m = T
 *  there, for p = 2 L_SS x_S = (Delta - T)_S. By Newton's method, of one step for p = 2, with a
 *  sparse Cholesky factorisation for each step, where one costs no more than some passes do.
 *  Otherwise, and where Newton's method does not end, it does nothing, and spread->solvable is
 *  false from then on. */
kith_status kith_i_spread_solve(kith_i_spread *spread, kith_i_poll *poll, kith_error *err);

/** Flow along an edge of weight 1 between nodes whose x differ by `difference`. */
double kith_i_spread_flow(const kith_i_spread *spread, double difference);

/** What begins at a slot. */
static inline double kith_i_spread_source(const kith_i_spread *spread, int64_t slot)
{
    return slot < spread->seeds ? spread->share : 0;
}

#endif
