/* DEMM-NA [Lin2026]: eigenvectors and weights of relations in turn, then k-means of the factor of a
 * doubly stochastic affinity of their rows.
 *
 *   paper                             here
 *   H, first d eigenvectors of A      make_vectors()
 *   w                                 attributed/relational.h
 *   SSKC: R                           attributed/sinkhorn.h
 *   K-means                           attributed/cloud.h */
#include "kith/demm_na.h"

#include "attributed/fit.h"
#include "core/spec.h"
#include "linalg/block.h"
#include "linalg/eigen.h"

#include <math.h>
#include <string.h>

/* An upper bound of d, before the number of vectors is known. */
static int64_t most_vectors(const kith_demm_na_options *o, int64_t nodes)
{
    const int64_t asked = o->width ? o->width : o->k, least = o->k ? 0 : KITH_I_CHOICES;
    const int64_t wanted = asked > least ? asked : least;

    return wanted < nodes ? wanted : nodes;
}

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_demm_na_options *o = options;
    const int64_t d = most_vectors(o, graph->nodes);

    return kith_i_fit_bytes(graph, o->relations, NULL, d, o->sketch) +
           8 * (double)graph->nodes * 6 * (double)d + kith_i_cloud_bytes(graph->nodes, 2 * d, o->k);
}

static const kith_option rows[] = {
    KITH_OPTION(kith_demm_na_options, relations, RELATIONS, 0, 0, "relations over the nodes"),
    KITH_OPTION(kith_demm_na_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of eigenvalues"),
    KITH_OPTION(kith_demm_na_options, alpha, F64, 0, 1e6, "higher: smoothness weighs more"),
    KITH_OPTION(kith_demm_na_options, beta, F64, 0, 1e9,
                "higher: relations of large norm weigh less"),
    KITH_OPTION(kith_demm_na_options, width, I64, 0, 1 << 16,
                "eigenvectors; 0: as many as clusters"),
    KITH_OPTION(kith_demm_na_options, rounds, I64, 1, 1000,
                "cap on rounds of vectors and weights in turn"),
    KITH_OPTION(kith_demm_na_options, sketch, I64, 0, 4096,
                "columns of a sketch that estimates smoothness; 0: exactly"),
    KITH_OPTION(kith_demm_na_options, tolerance, F64, 1e-14, 1, "of residuals of eigenvectors"),
    KITH_OPTION(kith_demm_na_options, orf_scale, F64, 1e-6, 1e6,
                "of random features; higher: a narrower kernel"),
    KITH_OPTION(kith_demm_na_options, sinkhorn, I64, 0, 1000,
                "rounds towards a doubly stochastic affinity"),
    KITH_OPTION(kith_demm_na_options, restarts, I64, 1, 1000,
                "seedings of k-means, the best of which is given"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, demm_na, KITH_DEMM_NA_OPTIONS_INIT, rows, bytes,
                           "clusters along several relations, which it weighs");

/* What a call works with. */
typedef struct {
    kith_demm_na_options o;
    kith_i_poll poll;
    kith_i_fit fit;
    int64_t k, d;
    double *vectors; /* of the last weights: n rows of d numbers; NULL: none yet */
    bool converged;
    int64_t clamped;
} search;

static void search_clear(search *s)
{
    kith_i_fit_clear(&s->fit);
    kith_i_free(s->vectors);
}

/* Leading eigenvectors of the weighed sum. */
static kith_status solve(search *s, const kith_i_relational *state, int64_t count,
                         kith_i_eigen *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_eigen_options options = { .count = count,
                                           .end = KITH_I_LARGEST,
                                           .tolerance = s->o.tolerance,
                                           .initial_columns = s->vectors ? s->d : 0,
                                           .initial = s->vectors,
                                           .seed = s->o.run.seed };
    kith_i_operator a = { 0 };

    KITH_TRY(kith_i_relational_sum(state, 1, &a, err));
    KITH_TRY(kith_i_eigen_solve(&a, &options, &s->poll, out, err));

done:
    kith_i_operator_clear(&a);
    return status;
}

/* H: rows of d eigenvectors. */
static kith_status make_vectors(void *self, const kith_i_relational *state, kith_i_panels *h,
                                kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    search *s = self;
    kith_i_eigen eigen = { 0 };

    KITH_TRY(kith_i_poll_check(poll, "eigenvectors", -1, err));
    if (h->n == 0) return KITH_OK;
    KITH_TRY(solve(s, state, s->d, &eigen, err));
    s->converged = s->converged && eigen.converged;
    for (int64_t p = 0; p < kith_i_panels_count(h); p++) {
        const int64_t b = kith_i_panels_width(h, p);
        kith_i_columns_copy(
            h->n,
            kith_i_columns_part(kith_i_block_columns(eigen.vectors, s->d), p * KITH_I_PANEL, b),
            kith_i_block_columns(kith_i_panels_at(h, p), b), state->o.threads);
    }
    kith_i_free(s->vectors);
    s->vectors = eigen.vectors;
    eigen.vectors = NULL;

done:
    kith_i_eigen_clear(&eigen);
    return status;
}

/* k, where it is not given: at the largest gap of eigenvalues of equally weighed relations. */
static kith_status choose(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_relational_options options = { .threads = s->fit.threads };
    const int64_t n = s->fit.views.nodes, most = KITH_I_CHOICES < n ? KITH_I_CHOICES : n;
    kith_i_relational state = { 0 };
    kith_i_eigen eigen = { 0 };

    s->k = s->o.k ? s->o.k : 1;
    if (s->o.k || n == 0) return KITH_OK;
    KITH_TRY(kith_i_relational_new(&s->fit.views, 0, &options, &s->poll, &state, err));
    KITH_TRY(solve(s, &state, most, &eigen, err));
    for (int64_t i = 0; i < most; i++) eigen.values[i] = fmax(eigen.values[i], 0);
    s->k = kith_i_choose(most, eigen.values, most < n ? most - 1 : most);

done:
    kith_i_relational_clear(&state);
    kith_i_eigen_clear(&eigen);
    return status;
}

static kith_status find(const kith_graph *graph, const kith_demm_na_options *options, search *s,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_demm_na_options *o = &s->o;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_demm_na_code.options, &s->o, options, err));
    kith_i_poll_start(&s->poll, &o->run);
    KITH_TRY(kith_i_fit_begin(graph, o->relations, &o->run, 0, &s->poll, &s->fit, err));
    KITH_TRY(kith_i_cloud_check(o->k, graph->nodes, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, o), "DEMM-NA", err));
    KITH_TRY(choose(s, err));
    s->d = o->width ? o->width : s->k;
    if (s->d > graph->nodes) s->d = graph->nodes;
    const kith_i_relational_options learning = {
        .alpha = o->alpha, .beta = o->beta, .rounds = o->rounds, .sketch = o->sketch
    };
    s->converged = true;
    KITH_TRY(kith_i_fit_learn(&s->fit, s->d, learning, make_vectors, s, err));
    KITH_TRY(kith_i_fit_affinity(&s->fit, o->orf_scale, o->sinkhorn, &s->clamped, err));
    s->fit.points->converged = s->converged;

done:
    return status;
}

kith_status kith_demm_na_embed(const kith_graph *graph, const kith_demm_na_options *options,
                               kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    *out = s.fit.points;
    s.fit.points = NULL;

done:
    search_clear(&s);
    return status;
}

kith_status kith_demm_na(const kith_graph *graph, const kith_demm_na_options *options,
                         kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    KITH_TRY(kith_i_fit_cluster(&s.fit, s.k, s.o.k == 0, s.o.restarts, out, err));
    kith_i_partition_figure(*out, "clamped", (double)s.clamped);

done:
    search_clear(&s);
    return status;
}
