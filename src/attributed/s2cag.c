/* Spectral subspace clustering of attributed graphs [Lin2025].
 *
 *   paper         here
 *   Z             attributed/representation.h
 *   U, Sigma      svd: the first k + 1 triplets of Z, or k without drop_first
 *   SNEM rounding kith_i_round_argmax() */
#include "kith/s2cag.h"

#include "attributed/choose.h"
#include "attributed/representation.h"
#include "attributed/settle.h"
#include "core/spec.h"
#include "linalg/svd.h"

#include <inttypes.h>
#include <string.h>

enum {
    OVERSAMPLING = 10, /* at least; products take as long for a multiple of 8 columns */
    ROUNDS = 100,
    STREAM = 1 /* of random numbers */
};

static const char *const sums[] = { "exact", "code", NULL }; /* in the order of kith_nsr */

/* How many singular values are used, and how many are found. */
typedef struct {
    int64_t most;  /* clusters; 0: there is no vector to tell any apart */
    int64_t first; /* of the vectors that are used */
    int64_t count; /* found: one more, for the gap, where there is one */
} widths;

static widths widths_of(const kith_s2cag_options *o)
{
    const int64_t n = o->features->rows, d = o->features->columns, least = n < d ? n : d;
    widths w = { .first = o->drop_first };

    w.most = least - w.first > 0 ? least - w.first : 0;
    if (o->k && o->k < w.most) w.most = o->k;
    if (!o->k && w.most > KITH_I_CHOICES) w.most = KITH_I_CHOICES;
    w.count = w.most + w.first + (w.most + w.first < least);
    return w;
}

/* Columns of the random block. */
static int64_t block_of(const kith_s2cag_options *o)
{
    return (widths_of(o).most + OVERSAMPLING + 7) / 8 * 8;
}

static kith_i_representation_options representation_of(const kith_s2cag_options *o)
{
    return (kith_i_representation_options){ .features = o->features,
                                            .tfidf = o->tfidf,
                                            .alpha = o->alpha,
                                            .hops = o->hops,
                                            .nsr = (kith_i_nsr)o->nsr,
                                            .vectors = 2 * (o->iterations + 1) * block_of(o) };
}

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_s2cag_options *o = options;

    if (!o->features) return 64 * (double)graph->nodes;
    const kith_i_representation_options r = representation_of(o);
    const double b = (double)block_of(o);
    return kith_i_representation_bytes(graph, &r, block_of(o)) +
           24 * b * (double)(graph->nodes + o->features->columns);
}

static const kith_option rows[] = {
    KITH_OPTION(kith_s2cag_options, features, FEATURES, 0, 0, "attributes of nodes, a row each"),
    KITH_OPTION(kith_s2cag_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: at the largest gap of singular values"),
    KITH_OPTION(kith_s2cag_options, alpha, F64, 0, 100,
                "decay from hop to hop; above 1 later hops weigh more"),
    KITH_OPTION(kith_s2cag_options, hops, I64, 0, 1000, "how far features are smoothed"),
    KITH_OPTION(kith_s2cag_options, iterations, I64, 0, 1000, "iterations of the subspace"),
    KITH_OPTION(kith_s2cag_options, tfidf, BOOL, 0, 1, "weigh features by TF-IDF"),
    KITH_OPTION(kith_s2cag_options, drop_first, BOOL, 0, 1,
                "leave out the first singular vector, which is all but trivial"),
    KITH_OPTION_CHOICE(kith_s2cag_options, nsr, sums,
                       "sum over hops: exact, or as in the code of M-S2CAG"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, s2cag, KITH_S2CAG_OPTIONS_INIT, rows, bytes,
                           "clusters of nodes with like features and neighbourhoods");

/* What a call has found. */
typedef struct {
    kith_embedding *points;    /* NULL: no vector tells clusters apart */
    bool *empty;               /* nodes without features */
    double smoothing, solving; /* seconds */
} finding;

/* The vectors that are used, of all that were found. */
static kith_status to_points(const kith_s2cag_options *o, const kith_i_svd *svd,
                             kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const widths w = widths_of(o);
    const int64_t k = o->k ? o->k : kith_i_choose(w.count - w.first, svd->values + w.first, w.most);

    KITH_TRY(kith_i_embedding_new(svd->rows, k, svd->count, out, err));
    for (int64_t i = 0; i < svd->rows; i++)
        memcpy((*out)->values + i * k, svd->u + i * svd->count + w.first,
               (size_t)k * sizeof *svd->u);
    memcpy((*out)->eigenvalues, svd->values, (size_t)svd->count * sizeof *svd->values);
    if (svd->residuals)
        memcpy((*out)->residuals, svd->residuals, (size_t)svd->count * sizeof *svd->residuals);
    if (k + w.first < svd->count)
        (*out)->gap = svd->values[k + w.first - 1] - svd->values[k + w.first];
    (*out)->converged = svd->converged;

done:
    return status;
}

static kith_status find(const kith_graph *graph, const kith_s2cag_options *o, kith_i_poll *poll,
                        finding *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const widths w = widths_of(o);
    const kith_i_representation_options r = representation_of(o);
    const kith_i_svd_options s = { .count = w.count,
                                   .passes = o->iterations,
                                   .oversampling = block_of(o) - w.count,
                                   .seed = o->run.seed + STREAM };
    const int threads = kith_i_threads_for(&o->run, graph->entries + o->features->entries);
    kith_i_representation z = { 0 };
    kith_i_svd svd = { 0 };

    KITH_CHECK(o->k <= w.most, KITH_E_ARGUMENT,
               "k is %" PRId64 " (expected at most %" PRId64 ", what %" PRId64
               " columns of %" PRId64 " features allow)",
               o->k, w.most, o->features->columns, o->features->rows);
    const double began = kith_i_now();
    KITH_TRY(kith_i_representation_new(graph, &r, threads, poll, &z, err));
    out->empty = z.features.empty;
    z.features.empty = NULL;
    const double made = kith_i_now();
    out->smoothing = made - began;
    if (w.most == 0) goto done;
    KITH_TRY(kith_i_svd_solve(&z.z, &s, poll, &svd, err));
    KITH_TRY(to_points(o, &svd, &out->points, err));
    out->solving = kith_i_now() - made;

done:
    kith_i_svd_clear(&svd);
    kith_i_representation_clear(&z);
    return status;
}

static void finding_clear(finding *f)
{
    kith_embedding_free(f->points);
    kith_i_free(f->empty);
}

/* All options but the output are checked. */
static kith_status begin(const kith_graph *graph, const kith_s2cag_options *options,
                         kith_s2cag_options *o, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_s2cag_code.options, o, options, err));
    kith_i_poll_start(poll, &o->run);
    KITH_TRY(kith_i_attributed_check(graph, o->features, poll, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, o), "S2CAG", err));

done:
    return status;
}

kith_status kith_s2cag_embed(const kith_graph *graph, const kith_s2cag_options *options,
                             kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_s2cag_options o;
    kith_i_poll poll;
    finding f = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, err));
    KITH_TRY(find(graph, &o, &poll, &f, err));
    if (!f.points) KITH_TRY(kith_i_embedding_new(graph->nodes, 0, 0, &f.points, err));
    *out = f.points;
    f.points = NULL;

done:
    finding_clear(&f);
    return status;
}

kith_status kith_s2cag(const kith_graph *graph, const kith_s2cag_options *options,
                       kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_s2cag_options o;
    kith_i_poll poll;
    finding f = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, err));
    KITH_TRY(find(graph, &o, &poll, &f, err));
    KITH_TRY(kith_i_round_and_settle(graph, graph->nodes, f.empty, f.points, o.k == 0, ROUNDS,
                                     kith_i_threads_for(&o.run, graph->nodes), &poll, out, err));
    kith_i_partition_phase(*out, "smoothing", f.smoothing);
    kith_i_partition_phase(*out, "singular vectors", f.solving);

done:
    finding_clear(&f);
    return status;
}
