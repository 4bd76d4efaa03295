/* Closed neighbourhoods without a look at each of them: the edges inside that of v are those of v
 * and, of each triangle at v, the one opposite to v.
 *
 * Triangles are listed once each by directing every edge to the end of higher degree, which leaves
 * few to each node, and intersecting what is left. */
#include "local/neighbourhoods.h"

#include <string.h>

enum { POLL_ENTRIES = 1 << 20 };

/* The edges, each at its end of lower degree (ties: lower id). */
typedef struct {
    int64_t  *offsets;
    uint32_t *targets;
    double   *weights;
} forward;

static bool before(const kith_graph *g, uint32_t u, uint32_t v)
{
    const int64_t du = kith_i_degree(g, u), dv = kith_i_degree(g, v);

    return du < dv || (du == dv && u < v);
}

static void forward_clear(forward *f)
{
    kith_i_free(f->offsets);
    kith_i_free(f->targets);
    kith_i_free(f->weights);
}

static kith_status direct(const kith_graph *g, forward *f, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t kept = 0;

    KITH_TRY(kith_i_alloc(&f->offsets, g->nodes + 1, sizeof *f->offsets, err));
    KITH_TRY(kith_i_alloc(&f->targets, g->entries / 2 + 1, sizeof *f->targets, err));
    KITH_TRY(kith_i_alloc(&f->weights, g->entries / 2 + 1, sizeof *f->weights, err));
    for (int64_t v = 0; v < g->nodes; v++) {
        f->offsets[v] = kept;
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            if (!before(g, (uint32_t)v, g->targets[e])) continue;
            f->targets[kept] = g->targets[e];
            f->weights[kept++] = kith_i_weight(g, e);
        }
    }
    f->offsets[g->nodes] = kept;

done:
    return status;
}

/* Adds the weight of the edge opposite to each corner of each triangle. `at` is by node 0, and
 * while u is looked at its place in u's row plus one. */
static kith_status add_triangles(const kith_graph *g, const forward *f, int64_t *at, double *inside,
                                 kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t work = 0;

    for (int64_t u = 0; u < g->nodes; u++) {
        const int64_t begin = f->offsets[u], end = f->offsets[u + 1];
        for (int64_t e = begin; e < end; e++) at[f->targets[e]] = e + 1;
        for (int64_t e = begin; e < end; e++) {
            const uint32_t v = f->targets[e];
            for (int64_t d = f->offsets[v]; d < f->offsets[v + 1]; d++) {
                const uint32_t w = f->targets[d];
                if (at[w] == 0) continue;
                inside[u] += f->weights[d];
                inside[v] += f->weights[at[w] - 1];
                inside[w] += f->weights[e];
            }
            work += f->offsets[v + 1] - f->offsets[v];
        }
        for (int64_t e = begin; e < end; e++) at[f->targets[e]] = 0;
        if (work < POLL_ENTRIES) continue;
        work = 0;
        KITH_TRY(kith_i_poll_check(poll, "listing triangles", (double)u / (double)g->nodes, err));
    }

done:
    return status;
}

kith_status kith_i_neighbourhoods(const kith_graph *graph, double *volume, double *cut,
                                  kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    forward f = { 0 };
    int64_t *at = NULL;
    double *strength = NULL, *inside = NULL, *loop = NULL;

    KITH_TRY(kith_i_alloc(&strength, graph->nodes, sizeof *strength, err));
    KITH_TRY(kith_i_zeroed(&inside, graph->nodes, sizeof *inside, err));
    KITH_TRY(kith_i_zeroed(&loop, graph->nodes, sizeof *loop, err));
    KITH_TRY(kith_i_zeroed(&at, graph->nodes, sizeof *at, err));
    KITH_TRY(kith_i_graph_strengths(graph, poll, strength, NULL, err));
    KITH_TRY(direct(graph, &f, err));
    KITH_TRY(add_triangles(graph, &f, at, inside, poll, err));
    for (int64_t v = 0; v < graph->nodes; v++)
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
            if (graph->targets[e] == v) loop[v] = kith_i_weight(graph, e);
            else inside[v] += kith_i_weight(graph, e);
    for (int64_t v = 0; v < graph->nodes; v++) {
        double loops = loop[v];
        volume[v] = strength[v];
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const uint32_t u = graph->targets[e];
            if (u == v) continue;
            volume[v] += strength[u];
            loops += loop[u];
        }
        cut[v] = volume[v] - 2 * (inside[v] + loops);
    }

done:
    forward_clear(&f);
    kith_i_free(strength);
    kith_i_free(inside);
    kith_i_free(loop);
    kith_i_free(at);
    return status;
}
