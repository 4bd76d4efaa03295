/* Clustering of one side of an attributed bipartite graph [Yang2024].
 *
 *   paper      here
 *   X          features, reduced to `width` columns
 *   L          l
 *   Zu         z
 *   R          r: attributed/affinity.h
 *   F          the left singular vectors of R */
#include "kith/tpo.h"

#include "attributed/affinity.h"
#include "attributed/choose.h"
#include "attributed/points.h"
#include "attributed/reduced.h"
#include "attributed/settle.h"
#include "attributed/stored.h"
#include "core/spec.h"
#include "linalg/block.h"

#include <inttypes.h>
#include <math.h>

enum { ROUNDS = 20, PASSES = 20, OVERSAMPLING = 10 };

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_tpo_options *o = options;

    if (!o->features) return 64 * (double)graph->nodes;
    const double d = (double)kith_i_reduced_width(o->features, o->width);
    const double n = (double)o->features->rows;
    return 8 * d * (8 * n + (double)(graph->nodes - o->features->rows)) + 16 * d * d;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_tpo_options, bipartite, BIPARTITE, 0, 0, "graph whose rows are clustered"),
    KITH_OPTION(kith_tpo_options, features, FEATURES, 0, 0, "attributes of rows, a row each"),
    KITH_OPTION(kith_tpo_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of singular values"),
    KITH_OPTION(kith_tpo_options, alpha, F64, 0, 100,
                "decay from hop to hop; above 1 later hops weigh more"),
    KITH_OPTION(kith_tpo_options, hops, I64, 0, 1000, "how far features are smoothed"),
    KITH_OPTION(kith_tpo_options, width, I64, 0, 100000,
                "columns that features are reduced to; 0: all are used"),
    KITH_OPTION(kith_tpo_options, bandwidth, F64, 0, 1000,
                "of random features; 0: the root of the columns"),
    KITH_OPTION(kith_tpo_options, tfidf, BOOL, 0, 1, "weigh features by TF-IDF"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, tpo, KITH_TPO_OPTIONS_INIT, rows, bytes,
                           "clusters of the rows of a bipartite graph with features");

/* What a call works with. */
typedef struct {
    const kith_tpo_options *o;
    const kith_graph *graph; /* rows first */
    kith_i_poll *poll;
    int threads;
    int64_t n, d; /* rows, columns of reduced features */
    kith_i_operator l;
    kith_i_scaled features;
    double *x, *z, *rotation, *r;
    kith_embedding *points;    /* NULL: no vector tells clusters apart */
    double smoothing, solving; /* seconds */
} search;

static void search_clear(search *s)
{
    kith_i_operator_clear(&s->l);
    kith_i_scaled_clear(&s->features);
    kith_i_free(s->x);
    kith_i_free(s->z);
    kith_i_free(s->rotation);
    kith_i_free(s->r);
    kith_embedding_free(s->points);
}

static kith_status make_l(search *s, kith_error *err)
{
    const kith_i_matrix_options matrix = { .matrix = KITH_I_NORMALISED, .loops_once = true };

    if (s->o->bipartite)
        return kith_i_biadjacency_operator(s->o->bipartite, true, s->threads, s->poll, &s->l, err);
    return kith_i_graph_operator(s->graph, &matrix, s->threads, s->poll, &s->l, err);
}

/* Zu. */
static kith_status smooth(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t seed = s->o->run.seed;

    KITH_TRY(make_l(s, err));
    KITH_TRY(kith_i_scaled_new(s->o->features, s->o->tfidf, false, s->threads, s->poll,
                               &s->features, err));
    KITH_TRY(kith_i_alloc(&s->x, s->n * s->d, sizeof *s->x, err));
    KITH_TRY(kith_i_alloc(&s->z, s->n * s->d, sizeof *s->z, err));
    KITH_TRY(kith_i_reduced(&s->features, s->d, seed, s->threads, s->poll, s->x, err));
    KITH_TRY(
        kith_i_affinity_smooth(&s->l, s->o->alpha, s->o->hops, s->d, s->x, s->z, s->poll, err));

done:
    return status;
}

/* R, of a random rotation. */
static kith_status factor(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t seed = s->o->run.seed;
    const double bandwidth = s->o->bandwidth > 0 ? s->o->bandwidth : sqrt((double)s->d);

    KITH_TRY(kith_i_alloc(&s->rotation, s->d * s->d, sizeof *s->rotation, err));
    KITH_TRY(kith_i_alloc(&s->r, 2 * s->n * s->d, sizeof *s->r, err));
    kith_i_block_random(s->d, s->d, s->rotation, seed, 4, s->threads);
    KITH_TRY(
        kith_i_block_orthonormalise(s->d, s->d, s->rotation, NULL, NULL, seed, s->threads, err));
    KITH_TRY(kith_i_affinity_factor(s->n, s->d, s->z, s->rotation, bandwidth, s->r, s->threads,
                                    s->poll, err));

done:
    return status;
}

/* The largest k that there are vectors for. */
static int64_t most_of(const search *s)
{
    return s->n < 2 * s->d ? s->n : 2 * s->d;
}

static kith_status find(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t most = most_of(s);
    const kith_i_points_options o = {
        .k = s->o->k, .most = most, .passes = PASSES, .block = OVERSAMPLING, .seed = s->o->run.seed
    };
    const double began = kith_i_now();

    KITH_CHECK(s->o->k <= most, KITH_E_ARGUMENT,
               "k is %" PRId64 " (expected at most %" PRId64 ", what %" PRId64
               " rows of width %" PRId64 " allow)",
               s->o->k, most, s->n, s->d);
    KITH_TRY(smooth(s, err));
    s->smoothing = kith_i_now() - began;
    if (most == 0) goto done;
    KITH_TRY(factor(s, err));
    const kith_i_operator r = kith_i_stored_operator(s->n, 2 * s->d, s->r, s->threads);
    KITH_TRY(kith_i_points_find(&r, &o, s->poll, &s->points, err));
    s->solving = kith_i_now() - began - s->smoothing;

done:
    return status;
}

static kith_status begin(const kith_graph *graph, const kith_tpo_options *options,
                         kith_tpo_options *o, kith_i_poll *poll, search *s, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_tpo_code.options, o, options, err));
    kith_i_poll_start(poll, &o->run);
    *s = (search){ .o = o, .graph = graph, .poll = poll };
    KITH_CHECK(!o->bipartite || graph == kith_bipartite_graph(o->bipartite), KITH_E_ARGUMENT,
               "the graph is not that of bipartite (expected kith_bipartite_graph() of it)");
    s->n = o->bipartite ? kith_bipartite_rows(o->bipartite) : graph->nodes;
    KITH_TRY(kith_i_attributed_check_side(s->graph, s->n, o->features, poll, err));
    s->d = kith_i_reduced_width(o->features, o->width);
    s->threads = kith_i_threads_for(&o->run, o->features->entries + s->graph->entries);
    KITH_TRY(kith_i_memory_require(bytes(s->graph, o), "TPO", err));

done:
    return status;
}

kith_status kith_tpo_embed(const kith_graph *graph, const kith_tpo_options *options,
                           kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tpo_options o;
    kith_i_poll poll;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, &s, err));
    KITH_TRY(find(&s, err));
    if (!s.points) KITH_TRY(kith_i_embedding_new(s.n, 0, 0, &s.points, err));
    *out = s.points;
    s.points = NULL;

done:
    search_clear(&s);
    return status;
}

kith_status kith_tpo(const kith_graph *graph, const kith_tpo_options *options, kith_partition **out,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tpo_options o;
    kith_i_poll poll;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, &s, err));
    KITH_TRY(find(&s, err));
    KITH_TRY(kith_i_round_and_settle(s.graph, s.n, s.features.empty, s.points, o.k == 0, ROUNDS,
                                     s.threads, &poll, out, err));
    kith_i_partition_phase(*out, "smoothing", s.smoothing);
    kith_i_partition_phase(*out, "singular vectors", s.solving);

done:
    search_clear(&s);
    return status;
}
