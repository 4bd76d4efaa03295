/* DEMM [Lin2026]: smoothed features and weights of relations in turn, then k-means of eigenvectors
 * of the affinity of the features, all of it exactly.
 *
 *   paper          here
 *   X, after PCA   attributed/principal.h
 *   H, w           solve_exactly(), attributed/relational.h
 *   S              apply_affinity()
 *   K-means        attributed/cloud.h */
#include "kith/demm.h"

#include "attributed/conjugate.h"
#include "attributed/fit.h"
#include "attributed/principal.h"
#include "attributed/sinkhorn.h"
#include "core/each.h"
#include "core/spec.h"
#include "linalg/distance.h"
#include "linalg/eigen.h"

#include <math.h>
#include <string.h>

enum { STRIP = 32 }; /* rows of the affinity in an item of work */

static kith_i_preparation preparation(const kith_demm_options *o)
{
    return (kith_i_preparation){ o->features, o->tfidf, o->standardise, o->width };
}

/* Eigenvectors: k, or all that k is chosen from. */
static int64_t vectors_of(const kith_demm_options *o)
{
    const int64_t n = o->features->rows, wanted = o->k ? o->k : KITH_I_CHOICES;

    return wanted < n ? wanted : n;
}

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_demm_options *o = options;

    if (!o->features) return 64 * (double)graph->nodes;
    const kith_i_preparation how = preparation(o);
    const double n = (double)graph->nodes, k = (double)vectors_of(o);
    const int64_t d = kith_i_principal_columns(o->features, o->width);
    return kith_i_fit_bytes(graph, o->relations, &how, d, 0) + 8 * n * ((double)d + 8 * k) +
           kith_i_cloud_bytes(graph->nodes, vectors_of(o), o->k);
}

static const kith_option rows[] = {
    KITH_OPTION(kith_demm_options, relations, RELATIONS, 0, 0, "relations over the nodes"),
    KITH_OPTION(kith_demm_options, features, FEATURES, 0, 0, "attributes of nodes, a row each"),
    KITH_OPTION(kith_demm_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of eigenvalues"),
    KITH_OPTION(kith_demm_options, alpha, F64, 0, 1e5, "higher: smoother along relations"),
    KITH_OPTION(kith_demm_options, beta, F64, 0, 1e9, "higher: relations of large norm weigh less"),
    KITH_OPTION(kith_demm_options, width, I64, 0, 1 << 16,
                "principal components of the features; 0: the features as they are"),
    KITH_OPTION(kith_demm_options, tfidf, BOOL, 0, 1, "weigh sparse features by TF-IDF"),
    KITH_OPTION(kith_demm_options, standardise, BOOL, 0, 1,
                "divide columns of features by their standard deviation"),
    KITH_OPTION(kith_demm_options, rounds, I64, 1, 1000,
                "cap on rounds of features and weights in turn"),
    KITH_OPTION(kith_demm_options, sigma, F64, 1e-6, 1e6,
                "of the affinity; lower: only close features are alike"),
    KITH_OPTION(kith_demm_options, tolerance, F64, 1e-14, 1e-2, "of residuals"),
    KITH_OPTION(kith_demm_options, restarts, I64, 1, 1000,
                "seedings of k-means, the best of which is given"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, demm, KITH_DEMM_OPTIONS_INIT, rows, bytes,
                           "demm+ with exact features and all pairs of nodes: small graphs");

/* What a call works with. */
typedef struct {
    kith_demm_options o;
    kith_i_poll poll;
    kith_i_fit fit;
} search;

/* ---- H ---- */

/* H = ((1 + alpha) I - alpha sum_r w_r A_r)^-1 X */
static kith_status solve_exactly(void *self, const kith_i_relational *state, kith_i_panels *h,
                                 kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const search *s = self;
    kith_i_operator a = { 0 };

    KITH_TRY(kith_i_relational_sum(state, s->o.alpha, &a, err));
    for (int64_t p = 0; p < kith_i_panels_count(h); p++)
        KITH_TRY(kith_i_conjugate(&a, 1 + s->o.alpha, kith_i_panels_width(h, p),
                                  kith_i_panels_at(&s->fit.x, p), s->o.tolerance, poll,
                                  kith_i_panels_at(h, p), err));

done:
    kith_i_operator_clear(&a);
    return status;
}

/* ---- S ---- */

typedef struct {
    int64_t n, d;
    double *h; /* n rows of d numbers */
    double sigma;
} affinity;

typedef struct {
    const affinity *s;
    int64_t b;
    const double *x;
    double *y;
} product;

static void multiply_strip(void *self, int64_t strip)
{
    const product *t = self;
    const affinity *s = t->s;
    const int64_t b = t->b, end = (strip + 1) * STRIP < s->n ? (strip + 1) * STRIP : s->n;

    memset(t->y + strip * STRIP * b, 0, (size_t)((end - strip * STRIP) * b) * sizeof *t->y);
    for (int64_t j = 0; j < s->n; j++)
        for (int64_t i = strip * STRIP; i < end; i++) {
            const double apart = kith_i_distance2(s->d, s->h + i * s->d, s->h + j * s->d);
            const double alike = exp(-apart / s->sigma);
            for (int64_t c = 0; c < b; c++) t->y[i * b + c] += alike * t->x[j * b + c];
        }
}

static kith_status apply_affinity(const kith_i_operator *self, int64_t b, const double *x,
                                  double *y, kith_i_poll *poll, kith_error *err)
{
    const affinity *s = self->state;
    product t = { s, b, x, y };

    return kith_i_each((s->n + STRIP - 1) / STRIP, self->threads, poll, "affinities",
                       multiply_strip, &t, err);
}

static void take_points(const kith_i_eigen *eigen, kith_embedding *out)
{
    const size_t count = (size_t)eigen->count;

    memcpy(out->values, eigen->vectors, count * (size_t)eigen->n * sizeof *out->values);
    memcpy(out->eigenvalues, eigen->values, count * sizeof *out->eigenvalues);
    memcpy(out->residuals, eigen->residuals, count * sizeof *out->residuals);
    out->converged = eigen->converged;
}

/* The leading eigenvectors of S. */
static kith_status find_points(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_panels *h = &s->fit.state.h;
    const double began = kith_i_now();
    const int64_t n = h->n, count = vectors_of(&s->o);
    affinity state = { .n = n, .d = h->d, .sigma = s->o.sigma };
    kith_i_operator a = { .rows = n,
                          .columns = n,
                          .lower = 0,
                          .upper = (double)n,
                          .apply = apply_affinity,
                          .apply_transposed = apply_affinity,
                          .threads = s->fit.threads,
                          .state = &state };
    const kith_i_eigen_options options = {
        .count = count, .end = KITH_I_LARGEST, .tolerance = s->o.tolerance, .seed = s->o.run.seed
    };
    kith_i_eigen eigen = { 0 };

    KITH_TRY(kith_i_embedding_new(n, count, count, &s->fit.points, err));
    KITH_TRY(kith_i_standardise(h, s->fit.threads, &s->poll, err));
    KITH_TRY(kith_i_alloc(&state.h, n * h->d, sizeof *state.h, err));
    for (int64_t i = 0; i < n; i++) kith_i_panels_row(h, i, state.h + i * h->d);
    if (n) {
        KITH_TRY(kith_i_eigen_solve(&a, &options, &s->poll, &eigen, err));
        take_points(&eigen, s->fit.points);
    }
    s->fit.made = kith_i_now() - began;

done:
    kith_i_free(state.h);
    kith_i_eigen_clear(&eigen);
    return status;
}

static kith_status find(const kith_graph *graph, const kith_demm_options *options, search *s,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_demm_options *o = &s->o;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_demm_code.options, &s->o, options, err));
    kith_i_poll_start(&s->poll, &o->run);
    KITH_TRY(kith_i_attributed_check(graph, o->features, &s->poll, err));
    KITH_TRY(kith_i_fit_begin(graph, o->relations, &o->run, o->features->entries, &s->poll, &s->fit,
                              err));
    KITH_TRY(kith_i_cloud_check(o->k, graph->nodes, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, o), "DEMM", err));
    const kith_i_preparation how = preparation(o);
    KITH_TRY(kith_i_fit_prepare(&s->fit, &how, err));
    const kith_i_relational_options learning = { .alpha = o->alpha,
                                                 .beta = o->beta,
                                                 .rounds = o->rounds };
    KITH_TRY(kith_i_fit_learn(&s->fit, s->fit.x.d, learning, solve_exactly, s, err));
    KITH_TRY(find_points(s, err));

done:
    return status;
}

kith_status kith_demm_embed(const kith_graph *graph, const kith_demm_options *options,
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
    kith_i_fit_clear(&s.fit);
    return status;
}

/* The leading k of the vectors side by side. */
static void keep_leading(int64_t k, kith_embedding *points)
{
    for (int64_t i = 0; i < points->nodes; i++)
        for (int64_t c = 0; c < k; c++)
            points->values[i * k + c] = points->values[i * points->dimensions + c];
    points->dimensions = k;
}

kith_status kith_demm(const kith_graph *graph, const kith_demm_options *options,
                      kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    const bool chosen = s.o.k == 0;
    const int64_t count = s.fit.points->dimensions;
    if (chosen && count)
        keep_leading(kith_i_choose(count, s.fit.points->eigenvalues,
                                   count < s.fit.points->nodes ? count - 1 : count),
                     s.fit.points);
    KITH_TRY(kith_i_fit_cluster(&s.fit, chosen ? s.fit.points->dimensions : s.o.k, chosen,
                                s.o.restarts, out, err));

done:
    kith_i_fit_clear(&s.fit);
    return status;
}
