/* The inside of a partition, for the algorithms that make one. */
#ifndef KITH_GRAPH_PARTITION_H
#define KITH_GRAPH_PARTITION_H

#include "kith/partition.h"

#include "core/base.h"
#include "graph/figures.h"

enum { KITH_I_PHASES = 8 };

struct kith_partition {
    int64_t   nodes, communities, unassigned;
    int64_t  *labels; /* nodes */
    int64_t  *sizes;  /* communities */
    double    quality;
    int64_t   iterations;
    bool      converged;
    kith_stop stop;
    struct {
        const char *name; /* constant */
        double      seconds;
    } phases[KITH_I_PHASES + 1]; /* ends with a NULL name */
    kith_i_figure figures[KITH_I_FIGURES + 1];
};

/** A partition whose communities are numbered by decreasing size, ties by the lowest node. `labels`
 *  holds any numbers from 0 to nodes - 1, or UINT32_MAX for unassigned; copied. It is the end of a
 *  call: a cancelled poll stops it, a time limit does not. O(n). */
kith_status kith_i_partition_new(int64_t nodes, const uint32_t *labels, kith_i_poll *poll,
                                 kith_partition **out, kith_error *err);

/** Makes labels below n 0 .. k - 1 in the order in which they appear; returns k. `number`: scratch
 *  for n. */
int64_t kith_i_renumber(uint32_t *labels, int64_t n, uint32_t *number);

/** Adds seconds to a phase, which is made on its first use. `name` is a constant. */
void kith_i_partition_phase(kith_partition *partition, const char *name, double seconds);

/** Adds a figure. `name` is a constant. */
void kith_i_partition_figure(kith_partition *partition, const char *name, double value);

#endif
