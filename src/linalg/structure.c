/* How many clusters: gaps of a spectrum, and the Bethe Hessian's eigenvalues below 0. */
#include "linalg/structure.h"

#include <math.h>

enum { FIRST = 8 }; /* pairs of the Bethe Hessian that are looked at first */

int64_t kith_i_eigengap(int64_t count, const double *values, int64_t most, double *gap)
{
    int64_t best = most;

    *gap = NAN;
    for (int64_t j = 1; j <= most && j < count; j++) {
        const double here = fabs(values[j] - values[j - 1]);
        if (*gap >= here) continue;
        *gap = here;
        best = j;
    }
    return best;
}

/* The largest weight; 1 without weights. */
static kith_status largest_weight(const kith_graph *graph, kith_i_poll *poll, double *out,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    const bool weighted = kith_i_weighted(graph);

    *out = weighted ? 0 : 1;
    for (int64_t e = 0; weighted && e < graph->entries; e++) {
        KITH_TRY(kith_i_poll_pass(poll, "finding the largest weight", e, graph->entries, err));
        *out = fmax(*out, kith_i_weight(graph, e));
    }

done:
    return status;
}

/* In units of the largest weight, lest squares overflow; a loop counts twice. */
kith_status kith_i_bethe_radius(const kith_graph *graph, kith_i_poll *poll, double *radius,
                                kith_error *err)
{
    kith_status status = KITH_OK;
    double largest, squares = 0, branching = 0;

    KITH_TRY(largest_weight(graph, poll, &largest, err));
    for (int64_t v = 0; v < graph->nodes; v++) {
        double own = 0, fourth = 0;
        KITH_TRY(kith_i_poll_pass(poll, "finding the radius", v, graph->nodes, err));
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const double w = kith_i_weight(graph, e) / largest;
            const double times = graph->targets[e] == v ? 2 : 1;
            own += times * w * w;
            fourth += times * w * w * w * w;
        }
        squares += own;
        branching += own * own - fourth;
    }
    *radius = squares > 0 ? largest * fmax(sqrt(branching / squares), 1.001) : 0;

done:
    return status;
}

/* The graph with weights in units of the largest, which leaves H(r) as it was but for what
 * overflows. */
static kith_status scale_weights(const kith_graph *graph, double largest, kith_i_poll *poll,
                                 kith_graph *out, double **weights, kith_error *err)
{
    kith_status status = KITH_OK;

    *out = *graph;
    if (!graph->weights32 && !graph->weights64) goto done;
    KITH_TRY(kith_i_alloc(weights, graph->entries, sizeof **weights, err));
    for (int64_t e = 0; e < graph->entries; e++) {
        KITH_TRY(kith_i_poll_pass(poll, "scaling weights", e, graph->entries, err));
        (*weights)[e] = kith_i_weight(graph, e) / largest;
    }
    out->weights32 = NULL;
    out->weights64 = *weights;

done:
    return status;
}

/* How many of the values are below 0 without doubt: they are ascending. */
static int64_t count_negative(const kith_i_eigen *e)
{
    const double noise = e->count ? 1e-12 * fmax(fabs(e->values[0]), 1) : 0;
    int64_t negative = 0;

    while (negative < e->count && e->values[negative] < -fmax(e->residuals[negative], noise))
        negative++;
    return negative;
}

/* Keeps the first `count` pairs. */
static void keep_first(kith_i_eigen *e, int64_t count)
{
    for (int64_t i = 0; i < e->n; i++)
        for (int64_t j = 0; j < count; j++)
            e->vectors[i * count + j] = e->vectors[i * e->count + j];
    e->count = count;
}

kith_status kith_i_bethe_negative(const kith_graph *graph, double r, double tolerance,
                                  uint64_t seed, int threads, kith_i_poll *poll, kith_i_eigen *out,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = graph->nodes;
    double largest, *weights = NULL;
    kith_i_eigen last = { 0 };
    kith_graph scaled;

    *out = (kith_i_eigen){ .n = n, .converged = true };
    KITH_TRY(largest_weight(graph, poll, &largest, err));
    KITH_TRY(scale_weights(graph, largest, poll, &scaled, &weights, err));
    const kith_i_matrix_options matrix = { .matrix = KITH_I_BETHE_HESSIAN, .r = r / largest };
    kith_i_eigen_options o = { .tolerance = tolerance, .seed = seed };
    while (o.count < n && count_negative(&last) == last.count) {
        o.count = o.count ? 2 * o.count : FIRST;
        if (o.count > n) o.count = n;
        o.initial = last.vectors;
        o.initial_columns = last.count;
        KITH_TRY(kith_i_graph_eigen(&scaled, &matrix, &o, threads, poll, out, NULL, err));
        kith_i_eigen_clear(&last);
        last = *out;
        *out = (kith_i_eigen){ 0 };
    }
    keep_first(&last, count_negative(&last));
    *out = last;
    out->n = n;
    last = (kith_i_eigen){ 0 };

done:
    kith_i_eigen_clear(&last);
    if (status != KITH_OK) kith_i_eigen_clear(out);
    kith_i_free(weights);
    return status;
}
