/* From points to communities. */
#include "spectral/points.h"

#include "core/base.h"
#include "linalg/kmeans.h"
#include "linalg/rounding.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 300 };

const char *const kith_i_rounding_names[] = { "kmeans", "pivots", "argmax", NULL };

/* What k-means is given: the points of nodes in which an eigenvector has weight. */
typedef struct {
    const kith_i_points *points;
    int64_t count;
    int64_t *nodes;
    double *rows, *centres;
    int64_t *labels;
} reached;

static bool has_weight(const kith_i_eigen *e, int64_t node)
{
    for (int64_t j = 0; j < e->count; j++)
        if (e->vectors[node * e->count + j] != 0) return true;
    return false;
}

static kith_status reach(reached *r, int64_t k, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = r->points->eigen->n, d = r->points->d;

    KITH_TRY(kith_i_alloc(&r->nodes, n, sizeof *r->nodes, err));
    KITH_TRY(kith_i_alloc(&r->rows, n * d, sizeof *r->rows, err));
    KITH_TRY(kith_i_alloc(&r->centres, k * d, sizeof *r->centres, err));
    for (int64_t v = 0; v < n; v++) {
        KITH_TRY(kith_i_poll_pass(poll, "k-means", v, n, err));
        if (!has_weight(r->points->eigen, v)) continue;
        memcpy(r->rows + r->count * d, r->points->values + v * d, (size_t)d * sizeof *r->rows);
        r->nodes[r->count++] = v;
    }
    KITH_TRY(kith_i_alloc(&r->labels, r->count, sizeof *r->labels, err));

done:
    return status;
}

static void reached_clear(reached *r)
{
    kith_i_free(r->nodes);
    kith_i_free(r->rows);
    kith_i_free(r->centres);
    kith_i_free(r->labels);
}

/* The centre nearest to 0, where the nodes are that were not reached. */
static uint32_t nearest_to_zero(const double *centres, int64_t k, int64_t d)
{
    double least = INFINITY;
    int64_t nearest = 0;

    for (int64_t c = 0; c < k; c++) {
        double square = 0;
        for (int64_t j = 0; j < d; j++) square += centres[c * d + j] * centres[c * d + j];
        if (!(square < least)) continue;
        least = square;
        nearest = c;
    }
    return (uint32_t)nearest;
}

static kith_status by_kmeans(const kith_i_points *points, const kith_i_grouping *g,
                             kith_i_poll *poll, uint32_t *labels, kith_i_grouped *out,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_kmeans_options o = {
        .k = g->k, .restarts = g->restarts, .rounds = ROUNDS, .seed = g->seed, .threads = g->threads
    };
    reached r = { .points = points };
    kith_i_kmeans_report report;

    KITH_TRY(reach(&r, g->k, poll, err));
    do { /* a choice is not to be more than there are distinct rows */
        status =
            kith_i_kmeans(r.count, points->d, r.rows, &o, poll, r.labels, r.centres, &report, err);
    } while (status == KITH_E_ARGUMENT && g->chosen && --o.k > 0);
    KITH_TRY(status);
    const uint32_t rest = nearest_to_zero(r.centres, o.k, points->d);
    for (int64_t v = 0; v < points->eigen->n; v++) labels[v] = rest;
    for (int64_t i = 0; i < r.count; i++) labels[r.nodes[i]] = (uint32_t)r.labels[i];
    *out = (kith_i_grouped){ report.inertia, report.rounds, report.converged };

done:
    reached_clear(&r);
    return status;
}

static kith_status by_vectors(const kith_i_eigen *e, const kith_i_grouping *g, kith_i_poll *poll,
                              uint32_t *labels, kith_i_grouped *out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *wide = NULL;

    *out = (kith_i_grouped){ .inertia = NAN, .converged = true };
    KITH_TRY(kith_i_alloc(&wide, e->n, sizeof *wide, err));
    if (g->rounding == KITH_ROUNDING_PIVOTS)
        KITH_TRY(kith_i_round_pivots(e->n, e->count, e->vectors, g->threads, poll, wide, err));
    else
        KITH_TRY(kith_i_round_argmax(e->n, e->count, e->vectors, ROUNDS, g->threads, poll, wide,
                                     &out->rounds, err));
    out->converged = out->rounds < ROUNDS;
    for (int64_t v = 0; v < e->n; v++) labels[v] = (uint32_t)wide[v];

done:
    kith_i_free(wide);
    return status;
}

kith_status kith_i_group(const kith_i_points *points, const kith_i_grouping *grouping,
                         kith_i_poll *poll, uint32_t *labels, kith_i_grouped *out, kith_error *err)
{
    if (grouping->k == 1) { /* nothing to tell apart */
        *out = (kith_i_grouped){ .inertia = NAN, .converged = true };
        memset(labels, 0, (size_t)points->eigen->n * sizeof *labels);
        return KITH_OK;
    }
    if (grouping->rounding == KITH_ROUNDING_KMEANS)
        return by_kmeans(points, grouping, poll, labels, out, err);
    return by_vectors(points->eigen, grouping, poll, labels, out, err);
}
