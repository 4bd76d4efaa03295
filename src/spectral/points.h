/* From points to communities, by one of three roundings. */
#ifndef KITH_SPECTRAL_POINTS_H
#define KITH_SPECTRAL_POINTS_H

#include "kith/embedding.h"

#include "linalg/eigen.h"

typedef struct kith_i_points {
    int64_t d;
    const double *values;      /* a row of d numbers for each node; what k-means groups */
    const kith_i_eigen *eigen; /* what the other two round: as many vectors as communities */
} kith_i_points;

typedef struct kith_i_grouping {
    int      rounding; /* a kith_rounding */
    int64_t  k;        /* at least 1 */
    bool     chosen;   /* k was the method's choice: fewer will do where rows are the same */
    int64_t  restarts; /* of k-means */
    uint64_t seed;
    int      threads;
} kith_i_grouping;

typedef struct kith_i_grouped {
    double  inertia; /* of k-means, else NaN */
    int64_t rounds;
    bool    converged;
} kith_i_grouped;

/** Labels below k for the rows of points. Nodes in which no eigenvector has weight, those of
 *  further components, are left out of k-means and then go to the nearest centre.
 *
 *  labels   one for each node, written
 *  returns  KITH_OK, KITH_E_ARGUMENT (k above the number of distinct rows), KITH_E_MEMORY, and what
 *           a run ends in
 */
kith_status kith_i_group(const kith_i_points *points, const kith_i_grouping *grouping,
                         kith_i_poll *poll, uint32_t *labels, kith_i_grouped *out,
                         kith_error *err);

/** Rows of the table of options, for structs with `rounding` and `restarts`. */
extern const char *const kith_i_rounding_names[];

#define KITH_I_ROUNDING_ROWS(struct_)                                                              \
    KITH_OPTION_CHOICE(struct_, rounding, kith_i_rounding_names,                                   \
                       "from eigenvectors to communities"),                                        \
    KITH_OPTION(struct_, restarts, I64, 1, 1000, "of k-means; the best of them stays")

#endif
