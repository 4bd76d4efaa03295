/* What features alone, and edges alone, say of a truth: beside the result of a method that joins
 * both, so that its user sees what that brought. */
#ifndef KITH_CLI_BASELINES_H
#define KITH_CLI_BASELINES_H

#include "given.h"

typedef struct baselines {
    bool            known;
    kith_comparison features;  /* k-means of them */
    kith_comparison structure; /* Leiden, of both sides of a bipartite graph on Barber modularity */
} baselines;

/** Runs both and compares them with the truth.
 *
 *  k      communities that k-means makes
 *  truth  of in->labelled
 */
kith_status baselines_run(const given *in, const kith_features *features, int64_t k,
                          const int64_t *truth, const run_options *run, baselines *out,
                          kith_error *err);

/** "baselines"; nothing when they are not known. */
void baselines_summary(const baselines *b, summary *out);

/** The measures of a comparison. */
void comparison_summary(const char *key, const kith_comparison *c, summary *out);

#endif
