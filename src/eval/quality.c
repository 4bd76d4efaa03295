/* Quality of a partition on its graph.
 *
 *   e_c           inner weight, both directions         inner
 *   Kout_c, Kin_c strengths of a community              inner + leaving, inner + entering
 *   n_c           nodes                                 size
 *
 * An undirected graph is the directed one with an arc each way (a loop standing for two): every
 * measure is then the same formula, and W = 2m. Only CPM is by convention halved.
 *
 *   modularity = 1/W sum_c (e_c - gamma Kout_c Kin_c / W)           [Newman2004, Leicht2008]
 *   cpm        = sum_c (e_c - gamma n_c (n_c - 1))                  [Traag2011]
 *   cut(c)     = leaving + entering,  vol(c) = Kout_c + Kin_c,  those of A + A^T
 *
 * One pass over the entries in their order, so the sums are the same everywhere. */
#include "kith/eval.h"

#include "graph/partition.h"
#include "graph/view.h"

#include <inttypes.h>
#include <math.h>

static const char measuring[] = "measuring"; /* a stage */

typedef struct {
    double size, inner, leaving, entering;
} community;

static double cut(const community *c)
{
    return c->leaving + c->entering;
}

static double volume(const community *c)
{
    return c->inner + c->leaving + (c->inner + c->entering);
}

/* Gives each unassigned node a community of its own behind the others. */
static kith_status separate(const kith_partition *p, kith_i_poll *poll, int64_t *labels,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t next = p->communities;

    for (int64_t v = 0; v < p->nodes; v++) {
        KITH_TRY(kith_i_poll_pass(poll, measuring, v, p->nodes, err));
        labels[v] = p->labels[v] < 0 ? next++ : p->labels[v];
    }

done:
    return status;
}

static kith_status tally(const kith_graph *g, const int64_t *labels, kith_i_poll *poll,
                         community *communities, kith_error *err)
{
    kith_status status = KITH_OK;
    const double loop = g->directed ? 1 : 2;

    for (int64_t u = 0; u < g->nodes; u++) {
        community *mine = &communities[labels[u]];
        mine->size++;
        KITH_TRY(kith_i_poll_pass(poll, measuring, u, g->nodes, err));
        for (int64_t e = g->offsets[u]; e < g->offsets[u + 1]; e++) {
            const int64_t v = g->targets[e];
            const double weight = kith_i_weight(g, e);
            KITH_TRY(kith_i_poll_pass(poll, measuring, e, g->entries, err));
            if (labels[v] == labels[u]) {
                mine->inner += v == u ? loop * weight : weight;
            } else {
                mine->leaving += weight;
                communities[labels[v]].entering += weight;
            }
        }
    }

done:
    return status;
}

static double cpm(const community *c, int64_t count, double gamma, bool directed)
{
    double sum = 0;

    for (int64_t i = 0; i < count; i++) sum += c[i].inner - gamma * c[i].size * (c[i].size - 1);
    return directed ? sum : sum / 2;
}

/* The measures of a graph that has edges, and the conductance of each community. */
static kith_status measure(const community *c, int64_t count, double gamma, kith_i_poll *poll,
                           kith_quality *q, double *conductance, kith_error *err)
{
    kith_status status = KITH_OK;
    double total = 0, inner = 0, expected = 0, sum = 0, max = 0;
    int64_t defined = 0;

    for (int64_t i = 0; i < count; i++) {
        total += volume(&c[i]); /* 2W */
        inner += c[i].inner;
    }
    if (!(total > 0)) goto done;
    q->normalized_cut = 0;
    for (int64_t i = 0; i < count; i++) {
        const double inside = volume(&c[i]), smaller = fmin(inside, total - inside);
        KITH_TRY(kith_i_poll_pass(poll, measuring, i, count, err));
        expected += (c[i].inner + c[i].leaving) * ((c[i].inner + c[i].entering) / (total / 2));
        if (inside > 0) q->normalized_cut += cut(&c[i]) / inside;
        if (!(smaller > 0)) continue;
        conductance[i] = cut(&c[i]) / smaller;
        sum += conductance[i];
        max = fmax(max, conductance[i]);
        defined++;
    }
    q->coverage = inner / (total / 2);
    q->modularity = (inner - gamma * expected) / (total / 2);
    if (!defined) goto done;
    q->conductance_mean = sum / (double)defined;
    q->conductance_max = max;

done:
    return status;
}

kith_status kith_evaluate(const kith_graph *graph, const kith_partition *partition,
                          double resolution, const kith_run *run, kith_quality *out,
                          double *conductance, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_quality q = { NAN, NAN, NAN, NAN, NAN, NAN };
    int64_t *labels = NULL;
    community *communities = NULL;
    double *each = NULL;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(graph && partition && out, KITH_E_ARGUMENT,
               "graph, partition and out must not be NULL");
    KITH_CHECK(partition->nodes == graph->nodes, KITH_E_ARGUMENT,
               "the partition has %" PRId64 " nodes (expected %" PRId64 ", as the graph)",
               partition->nodes, graph->nodes);
    KITH_CHECK(isfinite(resolution) && resolution >= 0, KITH_E_ARGUMENT,
               "resolution is %g (expected a number of at least 0)", resolution);
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_graph_check(graph, &poll, err));
    const int64_t count = partition->communities + partition->unassigned;
    KITH_TRY(kith_i_alloc(&labels, graph->nodes, sizeof *labels, err));
    KITH_TRY(kith_i_zeroed(&communities, count, sizeof *communities, err));
    KITH_TRY(kith_i_alloc(&each, count, sizeof *each, err));
    for (int64_t i = 0; i < count; i++) each[i] = NAN;
    KITH_TRY(separate(partition, &poll, labels, err));
    KITH_TRY(tally(graph, labels, &poll, communities, err));
    q.cpm = cpm(communities, count, resolution, graph->directed);
    KITH_TRY(measure(communities, count, resolution, &poll, &q, each, err));
    for (int64_t i = 0; conductance && i < partition->communities; i++) conductance[i] = each[i];
    *out = q;

done:
    kith_i_free(labels);
    kith_i_free(communities);
    kith_i_free(each);
    return status;
}
