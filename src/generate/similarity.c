/* Graphs of similar rows [vonLuxburg2007]: who is near whom, how much an edge weighs. */
#include "kith/similarity.h"

#include "core/base.h"
#include "core/spec.h"
#include "generate/common.h"
#include "linalg/neighbours.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct {
    kith_similarity_options o;
    kith_i_poll poll;
    int64_t n;
    int threads;
    kith_i_points *points;
    int64_t count;      /* nearest rows that are looked for */
    int64_t joined;     /* of these, how many a row is joined to */
    kith_i_near *near;  /* n rows of `count` */
    kith_i_edges edges; /* weights: distances at first */
    bool *half;         /* edges of half the weight; NULL: none */
    double bandwidth;
    double *scale; /* of each node; NULL: one bandwidth */
} similarity;

static void similarity_clear(similarity *s)
{
    kith_i_points_free(s->points);
    kith_i_free(s->near);
    kith_i_edges_clear(&s->edges);
    kith_i_free(s->half);
    kith_i_free(s->scale);
}

/* ---- Who is near whom ---- */

/* The distance that the options ask for, from that of points, squared. */
static double distance_of(const similarity *s, double squared)
{
    return s->o.distance == KITH_SIMILARITY_COSINE ? squared / 2 : sqrt(squared);
}

static kith_status find_nearest(similarity *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t others = s->n > 0 ? s->n - 1 : 0;

    if (s->o.join != KITH_SIMILARITY_RADIUS) s->joined = s->o.neighbours;
    s->count = s->joined > s->o.local_scale ? s->joined : s->o.local_scale;
    if (s->joined > others) s->joined = others;
    if (s->count > others) s->count = others;
    KITH_TRY(kith_i_require_room((double)s->n, (double)s->n * (double)s->count, err));
    KITH_TRY(kith_i_alloc(&s->near, s->n * s->count, sizeof *s->near, err));
    KITH_TRY(kith_i_points_nearest(s->points, s->count, &s->poll, s->near, err));

done:
    return status;
}

/* Whether row j is one of the nearest that row i is joined to, being so far away. */
static bool is_near(const similarity *s, int64_t i, uint32_t j, double distance)
{
    const kith_i_near *last = s->near + i * s->count + s->joined - 1;

    return distance < last->distance || (distance == last->distance && j <= last->row);
}

/* Edges from nearest rows, each pair once. */
static kith_status join_nearest(similarity *s, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t count = 0;

    KITH_TRY(kith_i_edges_alloc(&s->edges, s->n, s->n * s->joined, err));
    KITH_TRY(kith_i_alloc(&s->edges.weights, s->n * s->joined, sizeof(double), err));
    if (s->o.join == KITH_SIMILARITY_MEAN)
        KITH_TRY(kith_i_alloc(&s->half, s->n * s->joined, sizeof *s->half, err));
    for (int64_t i = 0; i < s->n; i++) {
        KITH_TRY(kith_i_poll_pass(&s->poll, "joining neighbours", i, s->n, err));
        for (int64_t t = 0; t < s->joined; t++) {
            const kith_i_near near = s->near[i * s->count + t];
            if (near.row == KITH_I_NOBODY) break;
            const bool both = is_near(s, near.row, (uint32_t)i, near.distance);
            if (both ? near.row < i : s->o.join == KITH_SIMILARITY_MUTUAL) continue;
            s->edges.sources[count] = (uint32_t)i;
            s->edges.targets[count] = near.row;
            s->edges.weights[count] = distance_of(s, near.distance);
            if (s->half) s->half[count] = !both;
            count++;
        }
    }
    s->edges.count = count;

done:
    return status;
}

static kith_status join_within(similarity *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool cosine = s->o.distance == KITH_SIMILARITY_COSINE;
    kith_i_pair_near *pairs = NULL;
    int64_t count;

    KITH_TRY(kith_i_points_within(s->points, cosine ? 2 * s->o.radius : s->o.radius * s->o.radius,
                                  &s->poll, &pairs, &count, err));
    KITH_TRY(kith_i_require_room((double)s->n, (double)count, err));
    KITH_TRY(kith_i_edges_alloc(&s->edges, s->n, count, err));
    KITH_TRY(kith_i_alloc(&s->edges.weights, count, sizeof(double), err));
    for (int64_t e = 0; e < count; e++) {
        KITH_TRY(kith_i_poll_pass(&s->poll, "joining neighbours", e, count, err));
        s->edges.sources[e] = pairs[e].rows[0];
        s->edges.targets[e] = pairs[e].rows[1];
        s->edges.weights[e] = distance_of(s, pairs[e].distance);
    }

done:
    kith_i_free(pairs);
    return status;
}

/* ---- How much an edge weighs ---- */

/* The median of numbers >= 0, whose bits are in the same order as they. */
static kith_status median(const double *x, int64_t count, kith_i_poll *poll, double *out,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *bits = NULL;
    double middle[2];

    KITH_TRY(kith_i_alloc(&bits, count, sizeof *bits, err));
    memcpy(bits, x, (size_t)count * sizeof *bits);
    KITH_TRY(kith_i_sort(bits, count, poll, "weighing edges", err));
    memcpy(&middle[0], &bits[(count - 1) / 2], sizeof *middle);
    memcpy(&middle[1], &bits[count / 2], sizeof *middle);
    *out = middle[0] + (middle[1] - middle[0]) / 2;

done:
    kith_i_free(bits);
    return status;
}

/* The bandwidth: that of the options, the median, or where that is 0 the mean. */
static kith_status take_bandwidth(similarity *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const double *distances = s->edges.weights;
    const int64_t count = s->edges.count;

    s->bandwidth = s->o.bandwidth;
    if (s->bandwidth > 0 || count == 0) goto done;
    KITH_TRY(median(distances, count, &s->poll, &s->bandwidth, err));
    if (!(s->bandwidth > 0))
        s->bandwidth = kith_i_sum(distances, count, s->threads) / (double)count;

done:
    return status;
}

/* s_i: how far the s-th nearest row is, or the farthest where there are fewer. */
static kith_status take_scales(similarity *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t wanted = s->o.local_scale < s->count ? s->o.local_scale : s->count;

    KITH_TRY(kith_i_alloc(&s->scale, s->n, sizeof *s->scale, err));
    for (int64_t i = 0; i < s->n; i++) {
        int64_t t = wanted;
        while (t > 0 && s->near[i * s->count + t - 1].row == KITH_I_NOBODY) t--;
        s->scale[i] = t > 0 ? distance_of(s, s->near[i * s->count + t - 1].distance) : 0;
        if (!(s->scale[i] > 0)) s->scale[i] = s->bandwidth;
    }

done:
    return status;
}

/* The kernel at a distance of r bandwidths. */
static double kernel(const similarity *s, double r)
{
    switch ((kith_similarity_kernel)s->o.kernel) {
    case KITH_SIMILARITY_GAUSSIAN: return exp(-r * r);
    case KITH_SIMILARITY_LAPLACIAN: return exp(-r);
    case KITH_SIMILARITY_MIXTURE: return s->o.mixture * exp(-r) + (1 - s->o.mixture) * exp(-r * r);
    case KITH_SIMILARITY_NONE: break;
    }
    return 1;
}

/* Distances become weights. */
static void weigh(void *self, int64_t block)
{
    const similarity *s = self;
    const kith_i_edges *edges = &s->edges;

    for (int64_t e = block * KITH_I_BLOCK; e < kith_i_block_end(block, edges->count); e++) {
        const double distance = edges->weights[e];
        double t = s->bandwidth;
        if (s->scale) t = sqrt(s->scale[edges->sources[e]]) * sqrt(s->scale[edges->targets[e]]);
        const double weight = distance > 0 ? kernel(s, distance / t) : 1;
        edges->weights[e] = s->half && s->half[e] ? weight / 2 : weight;
    }
}

static kith_status weigh_edges(similarity *s, kith_error *err)
{
    kith_status status = KITH_OK;

    if (s->o.kernel != KITH_SIMILARITY_NONE) KITH_TRY(take_bandwidth(s, err));
    if (s->o.local_scale > 0) KITH_TRY(take_scales(s, err));
    KITH_TRY(kith_i_each(kith_i_blocks(s->edges.count), s->threads, &s->poll, "weighing edges",
                         weigh, s, err));

done:
    return status;
}

static const char *const distances[] = { "euclidean", "cosine", NULL };
static const char *const joins[] = { "either", "mutual", "mean", "radius", NULL };
static const char *const kernels[] = { "none", "gaussian", "laplacian", "mixture", NULL };

static const kith_option rows[] = {
    KITH_OPTION(kith_similarity_options, features, FEATURES, 0, 0,
                "the matrix whose rows become nodes"),
    KITH_OPTION_CHOICE(kith_similarity_options, distance, distances,
                       "|x - y|, or 1 - cos (rows of zeros are near none)"),
    KITH_OPTION_CHOICE(kith_similarity_options, join, joins,
                       "nearest rows of one, of both; mean: at half weight where of one"),
    KITH_OPTION(kith_similarity_options, neighbours, I64, 1, INT64_MAX, "nearest rows of each row"),
    KITH_OPTION(kith_similarity_options, radius, F64, 0, DBL_MAX,
                "how far apart joined rows are at most, when joined by radius"),
    KITH_OPTION_CHOICE(kith_similarity_options, kernel, kernels,
                       "weight at distance d: 1, exp(-d^2/t^2), exp(-d/t), a mixture of both"),
    KITH_OPTION(kith_similarity_options, bandwidth, F64, 0, DBL_MAX,
                "t; 0: the median distance of rows that are joined"),
    KITH_OPTION(kith_similarity_options, local_scale, I64, 0, INT64_MAX,
                "s: t^2 is the product of distances to the s-th nearest row; 0: one t"),
    KITH_OPTION(kith_similarity_options, mixture, F64, 0, 1, "share of exp(-d/t) in the mixture"),
    { 0 }
};

KITH_I_GENERATOR(similarity, KITH_SIMILARITY_OPTIONS_INIT, rows,
                 "joins similar rows of a feature matrix; no planted truth");

kith_status kith_generate_similarity(const kith_similarity_options *options, kith_graph **out,
                                     kith_partition **truth, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph_options build = KITH_GRAPH_OPTIONS_INIT;
    similarity s = { .n = 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    if (truth) *truth = NULL;
    KITH_TRY(kith_i_options_read(&kith_i_similarity_code.options, &s.o, options, err));
    KITH_CHECK(s.o.features, KITH_E_ARGUMENT, "features is missing (expected a row for each node)");
    kith_i_poll_start(&s.poll, &s.o.run);
    s.n = kith_features_rows(s.o.features);
    s.threads = kith_i_threads_for(&s.o.run, s.n * s.n);
    KITH_TRY(kith_i_points_init(s.o.features, s.o.distance == KITH_SIMILARITY_COSINE, s.threads,
                                &s.poll, &s.points, err));
    KITH_TRY(find_nearest(&s, err));
    if (s.o.join == KITH_SIMILARITY_RADIUS)
        KITH_TRY(join_within(&s, err));
    else
        KITH_TRY(join_nearest(&s, err));
    KITH_TRY(weigh_edges(&s, err));
    build.run = s.o.run;
    build.run.size = sizeof build;
    build.direction = KITH_UNDIRECTED;
    KITH_TRY(kith_i_graph_build(&s.edges, &build, &s.poll, NULL, out, err));

done:
    similarity_clear(&s);
    return status;
}
