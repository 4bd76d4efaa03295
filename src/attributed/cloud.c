/* k-means of the points of nodes. */
#include "attributed/cloud.h"

#include "linalg/block.h"
#include "linalg/dense.h"
#include "linalg/kmeans.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    SAMPLE = 1 << 15, /* points that restarts are compared on */
    ROUNDS = 300
};

typedef struct {
    const kith_i_cloud *p;
    kith_i_poll *poll;
    int64_t count;   /* of the points that are clustered: */
    uint32_t *nodes; /* ascending */
    double *copied;  /* those points side by side; NULL: all nodes', as they are */
    const double *values;
    int64_t k;
    int64_t *labels; /* count */
    kith_i_kmeans_report report;
} clustering;

static void clustering_clear(clustering *s)
{
    kith_i_free(s->nodes);
    kith_i_free(s->copied);
    kith_i_free(s->labels);
}

static bool blank(const kith_i_cloud *p, int64_t node)
{
    return (!p->empty || p->empty[node]) && kith_i_degree(p->graph, node) == 0;
}

/* Points that are not blank. */
static kith_status list(clustering *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_cloud *p = s->p;
    const int64_t n = p->graph->nodes, d = p->d;

    KITH_TRY(kith_i_alloc(&s->nodes, n, sizeof *s->nodes, err));
    for (int64_t v = 0; v < n; v++)
        if (!blank(p, v)) s->nodes[s->count++] = (uint32_t)v;
    KITH_TRY(kith_i_zeroed(&s->labels, s->count, sizeof *s->labels, err));
    s->values = p->values;
    if (s->count == n) return KITH_OK;
    KITH_TRY(kith_i_alloc(&s->copied, s->count * d, sizeof *s->copied, err));
    for (int64_t i = 0; i < s->count; i++)
        memcpy(s->copied + i * d, p->values + s->nodes[i] * d, (size_t)d * sizeof *s->copied);
    s->values = s->copied;

done:
    return status;
}

static bool chosen(const clustering *s)
{
    return s->p->chosen || s->p->k == 0;
}

/* How many distinct points there are, up to s->k. */
static int64_t count_distinct(const clustering *s)
{
    const int64_t d = s->p->d;
    int64_t seen[KITH_I_CHOICES], distinct = 0;

    for (int64_t i = 0; i < s->count && distinct < s->k; i++) {
        bool known = false;
        for (int64_t j = 0; j < distinct && !known; j++)
            known = !memcmp(s->values + i * d, s->values + seen[j] * d, (size_t)d * sizeof(double));
        if (!known) seen[distinct++] = i;
    }
    return distinct;
}

/* k, at the largest gap of the eigenvalues of V^T V. */
static kith_status choose(clustering *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t d = s->p->d, most = d < KITH_I_CHOICES ? d : KITH_I_CHOICES;
    double *gram = NULL, *values = NULL;

    s->k = 1;
    if (s->count == 0 || d == 0) return KITH_OK;
    KITH_TRY(kith_i_alloc(&gram, d * d, sizeof *gram, err));
    KITH_TRY(kith_i_alloc(&values, d, sizeof *values, err));
    KITH_TRY(kith_i_block_gram(s->count, d, s->values, d, s->values, gram, s->p->threads, err));
    KITH_TRY(kith_i_dense_eigen(d, gram, values, err));
    for (int64_t i = 0; i < d / 2; i++) { /* from the largest on */
        const double swapped = values[i];
        values[i] = values[d - 1 - i];
        values[d - 1 - i] = swapped;
    }
    s->k = kith_i_choose(d, values, most);

done:
    kith_i_free(gram);
    kith_i_free(values);
    return status;
}

/* The best centres of a sample of the points, spread over all. */
static kith_status sample(clustering *s, const kith_i_kmeans_options *options, double *centres,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t d = s->p->d;
    double *points = NULL;
    int64_t *labels = NULL;

    KITH_TRY(kith_i_alloc(&points, SAMPLE * d, sizeof *points, err));
    KITH_TRY(kith_i_alloc(&labels, SAMPLE, sizeof *labels, err));
    for (int64_t i = 0; i < SAMPLE; i++) {
        const int64_t begin = s->count / SAMPLE * i, end = s->count / SAMPLE * (i + 1);
        kith_i_random draw = kith_i_random_at(s->p->seed, 1, (uint64_t)i);
        const int64_t drawn = begin + (int64_t)kith_i_random_below(&draw, (uint64_t)(end - begin));
        memcpy(points + i * d, s->values + drawn * d, (size_t)d * sizeof *points);
    }
    KITH_TRY(kith_i_kmeans(SAMPLE, d, points, options, s->poll, labels, centres, NULL, err));

done:
    kith_i_free(points);
    kith_i_free(labels);
    return status;
}

static kith_status cluster(clustering *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_kmeans_options o = { .k = s->k,
                                .restarts = s->p->restarts,
                                .rounds = ROUNDS,
                                .seed = s->p->seed,
                                .threads = s->p->threads };
    double *centres = NULL;

    if (s->count >= 2 * SAMPLE && s->k <= SAMPLE / 32 && o.restarts > 1) {
        KITH_TRY(kith_i_alloc(&centres, s->k * s->p->d, sizeof *centres, err));
        KITH_TRY(sample(s, &o, centres, err));
        o.centres = centres;
        o.restarts = 1;
    }
    KITH_TRY(
        kith_i_kmeans(s->count, s->p->d, s->values, &o, s->poll, s->labels, NULL, &s->report, err));

done:
    kith_i_free(centres);
    return status;
}

/* Labels of all nodes from those of the points. */
static kith_status to_partition(const clustering *s, kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->p->graph->nodes;
    int64_t *labels = NULL;
    bool *known = NULL;

    KITH_TRY(kith_i_alloc(&labels, n, sizeof *labels, err));
    KITH_TRY(kith_i_zeroed(&known, n, sizeof *known, err));
    for (int64_t v = 0; v < n; v++) labels[v] = -1;
    for (int64_t i = 0; i < s->count; i++) labels[s->nodes[i]] = s->labels[i];
    KITH_TRY(kith_i_settle(s->p->graph, n, known, labels, chosen(s), s->poll, out, err));
    (*out)->quality = s->count ? -s->report.inertia : NAN;
    (*out)->iterations = s->report.rounds;
    (*out)->converged = s->count == 0 || s->report.converged;
    (*out)->stop = (*out)->converged ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS;

done:
    kith_i_free(labels);
    kith_i_free(known);
    return status;
}

kith_status kith_i_cloud_cluster(const kith_i_cloud *cloud, kith_i_poll *poll, kith_partition **out,
                                 kith_error *err)
{
    kith_status status = KITH_OK;
    clustering s = { .p = cloud, .poll = poll };
    const double began = kith_i_now();

    KITH_TRY(list(&s, err));
    s.k = cloud->k;
    KITH_CHECK(chosen(&s) || s.k <= s.count, KITH_E_ARGUMENT,
               "k is %" PRId64 " (expected at most %" PRId64 ", the nodes with edges or features)",
               s.k, s.count);
    if (s.k == 0) KITH_TRY(choose(&s, err));
    if (chosen(&s)) s.k = count_distinct(&s);
    if (s.count && s.k > 1) KITH_TRY(cluster(&s, err));
    KITH_TRY(to_partition(&s, out, err));
    kith_i_partition_phase(*out, "k-means", kith_i_now() - began);

done:
    clustering_clear(&s);
    return status;
}

kith_status kith_i_cloud_choose(const kith_i_cloud *cloud, kith_i_poll *poll, int64_t *k,
                                kith_error *err)
{
    kith_status status = KITH_OK;
    clustering s = { .p = cloud, .poll = poll };

    KITH_TRY(list(&s, err));
    KITH_TRY(choose(&s, err));
    *k = s.k > 0 && s.count ? count_distinct(&s) : 1;

done:
    clustering_clear(&s);
    return status;
}

kith_status kith_i_cloud_check(int64_t k, int64_t nodes, kith_error *err)
{
    if (k <= nodes) return KITH_OK;
    return kith_i_fail(err, KITH_E_ARGUMENT,
                       "k is %" PRId64 " (expected at most %" PRId64 ", the number of nodes)", k,
                       nodes);
}

double kith_i_cloud_bytes(int64_t nodes, int64_t d, int64_t k)
{
    const double n = (double)nodes, columns = (double)d;

    return n * (64 + 4 * columns) + 8 * columns * (k ? (double)k : columns + KITH_I_CHOICES);
}
