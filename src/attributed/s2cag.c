/* Spectral subspace clustering of attributed graphs [Lin2025].
 *
 *   paper         here
 *   Z             attributed/representation.h
 *   U             attributed/points.h: the first k + 1 singular vectors of Z but the first
 *   SNEM rounding kith_i_round_argmax() */
#include "kith/s2cag.h"

#include "attributed/choose.h"
#include "attributed/points.h"
#include "attributed/representation.h"
#include "attributed/settle.h"
#include "core/spec.h"

#include <inttypes.h>

enum { OVERSAMPLING = 10, ROUNDS = 100 };

static const char *const sums[] = { "exact", "code", NULL }; /* in the order of kith_nsr */

/* The largest k that there are vectors for; 0: there is none to tell any clusters apart. */
static int64_t most_of(const kith_s2cag_options *o)
{
    const int64_t n = o->features->rows, d = o->features->columns;
    const int64_t most = (n < d ? n : d) - o->drop_first;

    return most > 0 ? most : 0;
}

/* Columns of the random block, about. */
static int64_t block_of(const kith_s2cag_options *o)
{
    return (o->k ? o->k : KITH_I_CHOICES) + OVERSAMPLING;
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

static kith_status find(const kith_graph *graph, const kith_s2cag_options *o, kith_i_poll *poll,
                        finding *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t most = most_of(o);
    const kith_i_representation_options r = representation_of(o);
    const kith_i_points_options points = { .k = o->k,
                                           .first = o->drop_first,
                                           .most = most,
                                           .passes = o->iterations,
                                           .block = OVERSAMPLING,
                                           .seed = o->run.seed };
    const int threads = kith_i_threads_for(&o->run, graph->entries + o->features->entries);
    kith_i_representation z = { 0 };

    const double began = kith_i_now();
    KITH_TRY(kith_i_representation_new(graph, &r, threads, poll, &z, err));
    out->empty = z.features.empty;
    z.features.empty = NULL;
    out->smoothing = kith_i_now() - began;
    if (most > 0) KITH_TRY(kith_i_points_find(&z.z, &points, poll, &out->points, err));
    out->solving = kith_i_now() - began - out->smoothing;

done:
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
    KITH_CHECK(o->k <= most_of(o), KITH_E_ARGUMENT,
               "k is %" PRId64 " (expected at most %" PRId64 ", what %" PRId64
               " columns of %" PRId64 " features allow)",
               o->k, most_of(o), o->features->columns, o->features->rows);
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
