/* What DEMM, DEMM+ and DEMM-NA have in common: prepared features, then features and weights of
 * relations in turn, then k-means of points that a method makes of the features [Lin2026]. */
#ifndef KITH_ATTRIBUTED_FIT_H
#define KITH_ATTRIBUTED_FIT_H

#include "attributed/cloud.h"
#include "attributed/relational.h"
#include "attributed/scaled.h"

typedef struct kith_i_fit {
    const kith_graph *graph;
    const kith_run *run;
    int threads;
    kith_i_poll *poll;
    kith_i_views views;
    kith_i_scaled features;  /* of methods that have some */
    kith_i_panels x;         /* X */
    kith_i_relational state; /* H and w */
    kith_embedding *points;
    double prepared, learned, made; /* seconds */
} kith_i_fit;

/** How features become X. */
typedef struct kith_i_preparation {
    const kith_features *features;
    bool tfidf, standardise;
    int64_t width;
} kith_i_preparation;

/** The views of the relations. Begins the fit: `graph`, `run` and `poll` stay where they are.
 *
 *  work  steps, as kith_i_threads_for() takes them, beside the entries of the relations
 */
kith_status kith_i_fit_begin(const kith_graph *graph, const kith_relations *relations,
                             const kith_run *run, int64_t work, kith_i_poll *poll, kith_i_fit *fit,
                             kith_error *err);

void kith_i_fit_clear(kith_i_fit *fit);

/** Makes X: sparse features by TF-IDF, columns over their deviations, principal components, each
 *  where asked for. */
kith_status kith_i_fit_prepare(kith_i_fit *fit, const kith_i_preparation *how, kith_error *err);

/** Makes H of d columns, and w; X is freed. The options' seed and threads are the run's. */
kith_status kith_i_fit_learn(kith_i_fit *fit, int64_t d, kith_i_relational_options options,
                             kith_i_make_features make, void *self, kith_error *err);

/** Makes the points of DEMM+ and DEMM-NA, R of attributed/sinkhorn.h. */
kith_status kith_i_fit_affinity(kith_i_fit *fit, double scale, int64_t rounds, int64_t *clamped,
                                kith_error *err);

/** The partition by k-means of the points, with the figures "weight_1", ... and "energy".
 *
 *  k       0: kith_i_cloud_cluster() chooses it
 *  chosen  k is not the caller's
 */
kith_status kith_i_fit_cluster(kith_i_fit *fit, int64_t k, bool chosen, int64_t restarts,
                               kith_partition **out, kith_error *err);

/** The memory of preparation and learning, whichever takes more. */
double kith_i_fit_bytes(const kith_graph *graph, const kith_relations *relations,
                        const kith_i_preparation *how, int64_t d, int64_t sketch);

#endif
