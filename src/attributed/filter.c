/* Clustering of filtered features.
 *
 *   [Kulatilleke2025], [Pan2023], [Zheng2026]      here
 *   Ahat, NA                                       adjacency, normalised
 *   (I + Ahat)/2, (I - Ahat)/2, sum a^t NA^t       response: a series of it (attributed/series.h)
 *   H                                              filtered: the features after it, not stored
 *   F                                              along_features() */
#include "kith/filter.h"

#include "attributed/points.h"
#include "attributed/reduced.h"
#include "attributed/series.h"
#include "attributed/settle.h"
#include "attributed/stored.h"
#include "core/spec.h"
#include "linalg/block.h"
#include "linalg/kmeans.h"

#include <math.h>
#include <string.h>

enum { PASSES = 7, OVERSAMPLING = 10, ROUNDS = 300, MOST_HOPS = 1000, WIDTH = 64 };

static const char *const responses[] = { "walk", "diffusion", NULL }; /* as kith_response */

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_filter_options *o = options;

    if (!o->features) return 64 * (double)graph->nodes;
    const double least = (double)(o->features->rows < o->features->columns ? o->features->rows
                                                                           : o->features->columns);
    const double wanted = (double)(o->width ? o->width : o->k ? o->k : WIDTH) + OVERSAMPLING;
    return 8 * 10 * fmin(wanted, least) * ((double)graph->nodes + (double)o->features->columns);
}

static const kith_option rows[] = {
    KITH_OPTION(kith_filter_options, features, FEATURES, 0, 0, "attributes of nodes, a row each"),
    KITH_OPTION(kith_filter_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of singular values"),
    KITH_OPTION_CHOICE(kith_filter_options, response, responses,
                       "steps of a lazy walk, or a diffusion of strength alpha"),
    KITH_OPTION(kith_filter_options, hops, I64, -1, MOST_HOPS,
                "how far features are smoothed; -1: to the widest gap of singular values"),
    KITH_OPTION(kith_filter_options, high_pass, F64, 0, 1,
                "share of the filter that sets neighbours apart"),
    KITH_OPTION(kith_filter_options, alpha, F64, 0, 1e6, "strength of a diffusion"),
    KITH_OPTION(kith_filter_options, beta, F64, 0, 1e6,
                "strength of a diffusion along features; best at most 1"),
    KITH_OPTION(kith_filter_options, width, I64, 0, 100000,
                "columns of singular vectors; 0: k of a walk, 64 of a diffusion"),
    KITH_OPTION(kith_filter_options, tfidf, BOOL, 0, 1, "weigh features by TF-IDF"),
    KITH_OPTION(kith_filter_options, restarts, I64, 1, 1000, "of k-means"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, filter, KITH_FILTER_OPTIONS_INIT, rows, bytes,
                           "k-means among features that edges smooth or sharpen");

/* What a call works with. */
typedef struct {
    const kith_filter_options *o;
    const kith_graph *graph;
    kith_i_poll *poll;
    int threads;
    int64_t n, k;
    kith_i_operator adjacency, features;
    kith_i_scaled scaled;
    kith_i_series response;
    kith_i_scratch of_series, between; /* what products work in */
    kith_embedding *points;            /* NULL: there are no features */
    int64_t *labels;
    int64_t hops; /* that were taken */
    kith_i_kmeans_report report;
    double filtering, clustering; /* seconds */
} search;

static void search_clear(search *s)
{
    kith_i_operator_clear(&s->adjacency);
    kith_i_operator_clear(&s->features);
    kith_i_scaled_clear(&s->scaled);
    kith_i_series_clear(&s->response);
    kith_i_free(s->of_series.memory);
    kith_i_free(s->between.memory);
    kith_embedding_free(s->points);
    kith_i_free(s->labels);
}

/* ---- Responses ---- */

/* Adds share times the response of the high-pass filter, ((1 - x)/2)^hops, to (1 - share) times
 * the one that there is: T_j(-x) = (-1)^j T_j(x). */
static kith_status mix(search *s, int64_t hops, const double *steps, kith_error *err)
{
    kith_status status = KITH_OK;
    const double share = s->o->high_pass;
    kith_i_series high = { 0 }, *low = &s->response;

    if (share == 0) return KITH_OK;
    KITH_TRY(kith_i_series_new(hops + 1, steps, 0, 1, &high, err));
    if (high.degree > low->degree) {
        KITH_TRY(
            kith_i_resize(&low->coefficients, high.degree + 1, sizeof *low->coefficients, err));
        while (low->degree < high.degree) low->coefficients[++low->degree] = 0;
    }
    for (int64_t j = 0; j <= low->degree; j++) {
        const double c = j <= high.degree ? high.coefficients[j] : 0;
        low->coefficients[j] = (1 - share) * low->coefficients[j] + share * (j % 2 ? -c : c);
    }

done:
    kith_i_series_clear(&high);
    return status;
}

static kith_status make_response(search *s, int64_t hops, kith_error *err)
{
    kith_status status = KITH_OK;
    const double a = s->o->alpha / (1 + s->o->alpha);
    double *powers = NULL;

    kith_i_series_clear(&s->response);
    KITH_TRY(kith_i_alloc(&powers, hops + 1, sizeof *powers, err));
    if (s->o->response == KITH_RESPONSE_DIFFUSION) {
        for (int64_t t = 0; t <= hops; t++) powers[t] = pow(a, (double)t) / (1 + s->o->alpha);
        KITH_TRY(kith_i_series_new(hops + 1, powers, -1, 1, &s->response, err));
    }
    memset(powers, 0, (size_t)(hops + 1) * sizeof *powers);
    powers[hops] = 1; /* of (1 + x) / 2 from 0 to 1: the same Chebyshev series as x from -1 to 1 */
    if (s->o->response == KITH_RESPONSE_WALK)
        KITH_TRY(kith_i_series_new(hops + 1, powers, 0, 1, &s->response, err));
    s->response.lower = -1;
    s->response.upper = 1;
    KITH_TRY(mix(s, hops, powers, err));

done:
    kith_i_free(powers);
    return status;
}

static kith_status apply_filtered(const kith_i_operator *self, int64_t b, const double *x,
                                  double *y, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    search *s = self->state;

    KITH_TRY(kith_i_scratch_reserve(&s->between, s->n * b, err));
    KITH_TRY(s->features.apply(&s->features, b, x, s->between.memory, poll, err));
    KITH_TRY(kith_i_series_apply(&s->response, &s->adjacency, b, s->between.memory, y,
                                 &s->of_series, poll, err));

done:
    return status;
}

static kith_status apply_filtered_transposed(const kith_i_operator *self, int64_t b,
                                             const double *x, double *y, kith_i_poll *poll,
                                             kith_error *err)
{
    kith_status status = KITH_OK;
    search *s = self->state;

    KITH_TRY(kith_i_scratch_reserve(&s->between, s->n * b, err));
    KITH_TRY(kith_i_series_apply(&s->response, &s->adjacency, b, x, s->between.memory,
                                 &s->of_series, poll, err));
    KITH_TRY(s->features.apply_transposed(&s->features, b, s->between.memory, y, poll, err));

done:
    return status;
}

/* ---- Points ---- */

/* U S of the filtered features. */
static kith_status walk_points(search *s, kith_error *err)
{
    const int64_t d = s->scaled.features->columns, most = s->n < d ? s->n : d;
    const int64_t wanted = s->o->width ? s->o->width : s->o->k;
    const kith_i_points_options o = { .k = wanted < most ? wanted : most,
                                      .most = most,
                                      .passes = PASSES,
                                      .block = OVERSAMPLING,
                                      .scaled = true,
                                      .seed = s->o->run.seed };
    const kith_i_operator filtered = { .rows = s->n,
                                       .columns = d,
                                       .lower = NAN,
                                       .upper = NAN,
                                       .apply = apply_filtered,
                                       .apply_transposed = apply_filtered_transposed,
                                       .threads = s->threads,
                                       .state = s };

    return kith_i_points_find(&filtered, &o, s->poll, &s->points, err);
}

/* Z times sum_t b^t F^t, t below hops, F = D^-1/2 E D^-1/2 of E = exp(Z^T Z / sqrt(n)). */
static kith_status along_features(search *s, int64_t hops, int64_t d, double *z, double *out,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    const double b = s->o->beta / (1 + s->o->beta);
    double *f = NULL, *sum = NULL, *next = NULL, *root = NULL, largest = -INFINITY;

    KITH_TRY(kith_i_alloc(&f, d * d, sizeof *f, err));
    KITH_TRY(kith_i_zeroed(&sum, d * d, sizeof *sum, err));
    KITH_TRY(kith_i_alloc(&next, d * d, sizeof *next, err));
    KITH_TRY(kith_i_zeroed(&root, d, sizeof *root, err));
    KITH_TRY(kith_i_block_gram(s->n, d, z, d, z, f, s->threads, err));
    for (int64_t i = 0; i < d * d; i++) largest = fmax(largest, f[i]);
    for (int64_t i = 0; i < d * d; i++) {
        f[i] = exp((f[i] - largest) / sqrt((double)s->n));
        root[i / d] += f[i];
    }
    for (int64_t i = 0; i < d * d; i++) f[i] /= sqrt(root[i / d] * root[i % d]);
    for (int64_t t = 0; t < (hops > 0 ? hops : 1); t++) { /* sum = I + b F sum */
        kith_i_block_times(d, d, f, d, sum, 0, next, 1);
        for (int64_t i = 0; i < d * d; i++) sum[i] = b * next[i] + (i / d == i % d);
    }
    kith_i_block_times(s->n, d, z, d, sum, 0, out, s->threads);

done:
    kith_i_free(f);
    kith_i_free(sum);
    kith_i_free(next);
    kith_i_free(root);
    return status;
}

/* Rows of length 1 of few columns, filtered. */
static kith_status diffusion_points(search *s, int64_t hops, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t d = kith_i_reduced_width(s->o->features, s->o->width ? s->o->width : WIDTH);
    double *z = NULL;

    KITH_TRY(kith_i_alloc(&z, s->n * d, sizeof *z, err));
    KITH_TRY(kith_i_embedding_new(s->n, d, 0, &s->points, err));
    KITH_TRY(kith_i_reduced(&s->scaled, d, s->o->run.seed, s->threads, s->poll, z, err));
    kith_i_block_unit_rows(s->n, d, z, s->threads);
    KITH_TRY(kith_i_series_apply(&s->response, &s->adjacency, d, z, s->points->values,
                                 &s->of_series, s->poll, err));
    if (s->o->beta > 0) {
        memcpy(z, s->points->values, (size_t)(s->n * d) * sizeof *z);
        KITH_TRY(along_features(s, hops, d, z, s->points->values, err));
    }

done:
    kith_i_free(z);
    return status;
}

/* How many clusters: the singular values of the points tell, or what a walk took of them. */
static kith_status choose_k(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t d = s->points->dimensions;
    const kith_i_points_options o = {
        .most = s->n < d ? s->n : d, .passes = PASSES, .block = OVERSAMPLING, .seed = s->o->run.seed
    };
    kith_embedding *found = NULL;

    s->k = s->o->k;
    if (s->k) return KITH_OK;
    s->k = d;
    if (s->o->response == KITH_RESPONSE_WALK && !s->o->width) return KITH_OK;
    const kith_i_operator points = kith_i_stored_operator(s->n, d, s->points->values, s->threads);
    KITH_TRY(kith_i_points_find(&points, &o, s->poll, &found, err));
    s->k = found->dimensions;

done:
    kith_embedding_free(found);
    return status;
}

static kith_status find_points(search *s, int64_t hops, kith_error *err)
{
    kith_status status = KITH_OK;
    const double began = kith_i_now();

    kith_embedding_free(s->points);
    s->points = NULL;
    s->hops = hops;
    KITH_TRY(make_response(s, hops, err));
    if (s->o->response == KITH_RESPONSE_WALK)
        KITH_TRY(walk_points(s, err));
    else
        KITH_TRY(diffusion_points(s, hops, err));
    KITH_TRY(choose_k(s, err));
    kith_i_block_unit_rows(s->n, s->points->dimensions, s->points->values, s->threads);
    s->filtering += kith_i_now() - began;

done:
    return status;
}

static kith_status cluster(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_kmeans_options o = { .k = s->k,
                                      .restarts = s->o->restarts,
                                      .rounds = ROUNDS,
                                      .seed = s->o->run.seed,
                                      .threads = s->threads };
    const double began = kith_i_now();

    KITH_TRY(kith_i_kmeans(s->n, s->points->dimensions, s->points->values, &o, s->poll, s->labels,
                           NULL, &s->report, err));
    s->clustering += kith_i_now() - began;

done:
    return status;
}

/* How far to smooth: a diffusion until 1 % of it is left out; a walk where the gap behind the last
 * singular value that is used becomes widest. */
static kith_status choose_hops(search *s, int64_t *hops, kith_error *err)
{
    kith_status status = KITH_OK;
    static const int64_t tried[] = { 2, 3, 4, 6, 8, 12, 16, 20 };
    const double a = s->o->alpha / (1 + s->o->alpha);
    double widest = -INFINITY;

    *hops = s->o->hops;
    if (*hops >= 0) return KITH_OK;
    *hops = 0;
    if (s->o->response == KITH_RESPONSE_DIFFUSION) {
        if (a > 0) *hops = (int64_t)fmin(ceil(log(0.01) / log(a)), MOST_HOPS);
        return KITH_OK;
    }
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        KITH_TRY(find_points(s, tried[i], err));
        const double gap = isfinite(s->points->gap) ? s->points->gap : 0;
        if (!(gap > widest)) continue;
        widest = gap;
        *hops = tried[i];
    }

done:
    return status;
}

static kith_status find(search *s, bool label, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_matrix_options matrix = { .matrix = KITH_I_NORMALISED,
                                           .loops_once = true,
                                           .add_identity = s->o->response == KITH_RESPONSE_WALK };
    int64_t hops;

    KITH_TRY(kith_i_scaled_new(s->o->features, s->o->tfidf, s->o->tfidf, s->threads, s->poll,
                               &s->scaled, err));
    KITH_TRY(kith_i_zeroed(&s->labels, s->n, sizeof *s->labels, err));
    if (s->n == 0 || s->o->features->columns == 0) goto done;
    KITH_TRY(kith_i_scaled_operator(&s->scaled, s->threads, s->poll, &s->features, err));
    KITH_TRY(kith_i_graph_operator(s->graph, &matrix, s->threads, s->poll, &s->adjacency, err));
    KITH_TRY(choose_hops(s, &hops, err));
    KITH_TRY(find_points(s, hops, err));
    if (label) KITH_TRY(cluster(s, err));

done:
    return status;
}

static kith_status begin(const kith_graph *graph, const kith_filter_options *options,
                         kith_filter_options *o, kith_i_poll *poll, search *s, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_filter_code.options, o, options, err));
    kith_i_poll_start(poll, &o->run);
    KITH_TRY(kith_i_attributed_check(graph, o->features, poll, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, o), "filtering", err));
    *s = (search){ .o = o,
                   .graph = graph,
                   .poll = poll,
                   .threads = kith_i_threads_for(&o->run, o->features->entries + graph->entries),
                   .n = graph->nodes };

done:
    return status;
}

kith_status kith_filter_embed(const kith_graph *graph, const kith_filter_options *options,
                              kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_filter_options o;
    kith_i_poll poll;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, &s, err));
    KITH_TRY(find(&s, false, err));
    if (!s.points) KITH_TRY(kith_i_embedding_new(s.n, 0, 0, &s.points, err));
    *out = s.points;
    s.points = NULL;

done:
    search_clear(&s);
    return status;
}

kith_status kith_filter(const kith_graph *graph, const kith_filter_options *options,
                        kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_filter_options o;
    kith_i_poll poll;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, &s, err));
    KITH_TRY(find(&s, true, err));
    KITH_TRY(kith_i_settle(graph, s.n, s.scaled.empty, s.labels, o.k == 0, &poll, out, err));
    (*out)->iterations = s.report.rounds;
    (*out)->converged = s.report.converged || !s.points;
    (*out)->stop = (*out)->converged ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS;
    kith_i_partition_figure(*out, "hops", (double)s.hops);
    if (s.points && isfinite(s.points->gap)) kith_i_partition_figure(*out, "gap", s.points->gap);
    kith_i_partition_phase(*out, "filtering", s.filtering);
    kith_i_partition_phase(*out, "k-means", s.clustering);

done:
    search_clear(&s);
    return status;
}
