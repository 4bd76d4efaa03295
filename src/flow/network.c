/* Where a random walk goes [Rosvall2008; Lambiotte2012]. */
#include "flow/network.h"

#include "graph/coarsen.h"

#include <math.h>
#include <string.h>

/* PageRank ends when it changes by less than this in all, or after so many steps. */
#define SETTLED 1e-15
enum { LEAST_STEPS = 50, MOST_STEPS = 400 };

static kith_status network_alloc(kith_i_network *network, int64_t nodes, bool directed,
                                 kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_zeroed(&network->flow, nodes, sizeof(double), err));
    KITH_TRY(kith_i_zeroed(&network->exit, nodes, sizeof(double), err));
    network->enter = network->exit;
    if (directed) {
        network->enter = NULL;
        KITH_TRY(kith_i_zeroed(&network->enter, nodes, sizeof(double), err));
    }

done:
    return status;
}

void kith_i_network_clear(kith_i_network *network)
{
    if (network->enter != network->exit) kith_i_free(network->enter);
    kith_i_free(network->exit);
    kith_i_free(network->flow);
    kith_graph_free(network->own);
    *network = (kith_i_network){ 0 };
}

/* Undirected: visits in proportion to strength, flow in proportion to weight. */
static kith_status walk_on_edges(kith_i_network *network, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *graph = network->graph;
    double total = 0;

    KITH_TRY(kith_i_graph_strengths(graph, poll, network->flow, NULL, err));
    for (int64_t v = 0; v < graph->nodes; v++) total += network->flow[v];
    const double share = total > 0 ? 1 / total : 0;
    network->scale = 2 * share; /* there and back */
    for (int64_t v = 0; v < graph->nodes; v++) {
        const int64_t loop = kith_i_graph_entry(graph, v, v);
        const bool has = loop < graph->offsets[v + 1] && graph->targets[loop] == v;
        network->exit[v] = (network->flow[v] - (has ? 2 * kith_i_weight(graph, loop) : 0)) * share;
        network->flow[v] *= share;
    }

done:
    return status;
}

/* A directed graph's flow along arcs, as a graph of its own. */
typedef struct {
    const kith_graph *graph;
    double *out;   /* strength of each node */
    double arcs;   /* their sum: a walker that teleports lands where a random arc begins */
    double *visit; /* PageRank */
    double *next;
} walk;

/* One step of the walk; returns how much the visits change. */
static double walk_step(walk *w, double teleportation)
{
    const kith_graph *g = w->graph;
    double gone = 0, change = 0;

    for (int64_t v = 0; v < g->nodes; v++)
        gone += w->out[v] > 0 ? teleportation * w->visit[v] : w->visit[v];
    for (int64_t v = 0; v < g->nodes; v++) w->next[v] = gone * w->out[v] / w->arcs;
    for (int64_t v = 0; v < g->nodes; v++) {
        if (!(w->out[v] > 0)) continue;
        const double goes = (1 - teleportation) * w->visit[v] / w->out[v];
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++)
            w->next[g->targets[e]] += goes * kith_i_weight(g, e);
    }
    for (int64_t v = 0; v < g->nodes; v++) change += fabs(w->next[v] - w->visit[v]);
    double *visit = w->visit;
    w->visit = w->next;
    w->next = visit;
    return change;
}

static kith_status walk_until_settled(walk *w, double teleportation, kith_i_poll *poll,
                                      kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = w->graph;

    KITH_TRY(kith_i_graph_strengths(g, poll, w->out, NULL, err));
    for (int64_t v = 0; v < g->nodes; v++) w->arcs += w->out[v];
    if (!(w->arcs > 0)) w->arcs = 1;
    for (int64_t v = 0; v < g->nodes; v++) w->visit[v] = w->out[v] / w->arcs;
    for (int step = 0; step < MOST_STEPS; step++) {
        KITH_TRY(kith_i_poll_check(poll, "PageRank", -1, err));
        if (walk_step(w, teleportation) < SETTLED && step >= LEAST_STEPS) break;
    }

done:
    return status;
}

/* One step more, along arcs only: what flows along each is counted, and what flows into a node is
 * how often it is visited. */
static kith_status count_flow(const walk *w, kith_i_network *network, kith_i_poll *poll,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = w->graph;
    kith_graph *arcs = NULL;
    double *flows = NULL, total = 0;

    KITH_TRY(kith_i_alloc(&flows, g->entries, sizeof *flows, err));
    for (int64_t v = 0; v < g->nodes; v++)
        if (w->out[v] > 0) total += w->visit[v];
    for (int64_t v = 0; v < g->nodes; v++)
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const uint32_t u = g->targets[e];
            flows[e] = w->visit[v] / total * (kith_i_weight(g, e) / w->out[v]);
            network->flow[u] += flows[e];
            network->exit[v] += u == v ? 0 : flows[e];
            network->enter[u] += u == v ? 0 : flows[e];
        }
    KITH_TRY(kith_i_graph_reweigh(g, flows, &arcs, err));
    flows = NULL;
    KITH_TRY(kith_i_graph_symmetrise(arcs, KITH_DUPLICATES_SUM, poll, &network->own, err));
    network->graph = network->own;
    network->scale = 1;

done:
    kith_graph_free(arcs);
    kith_i_free(flows);
    return status;
}

static kith_status walk_on_arcs(const kith_graph *graph, double teleportation, kith_i_poll *poll,
                                kith_i_network *network, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = graph->nodes;
    walk w = { .graph = graph };

    KITH_TRY(kith_i_alloc(&w.out, n, sizeof(double), err));
    KITH_TRY(kith_i_alloc(&w.visit, n, sizeof(double), err));
    KITH_TRY(kith_i_alloc(&w.next, n, sizeof(double), err));
    KITH_TRY(walk_until_settled(&w, teleportation, poll, err));
    KITH_TRY(count_flow(&w, network, poll, err));

done:
    kith_i_free(w.out);
    kith_i_free(w.visit);
    kith_i_free(w.next);
    return status;
}

kith_status kith_i_network_init(const kith_graph *graph, double teleportation, kith_i_poll *poll,
                                kith_i_network *out, kith_error *err)
{
    kith_status status = KITH_OK;

    *out = (kith_i_network){ .graph = graph };
    KITH_TRY(network_alloc(out, graph->nodes, graph->directed, err));
    if (graph->directed)
        KITH_TRY(walk_on_arcs(graph, teleportation, poll, out, err));
    else
        KITH_TRY(walk_on_edges(out, poll, err));

done:
    return status;
}

kith_status kith_i_network_coarsen(const kith_i_network *network, const uint32_t *labels,
                                   int64_t modules, int threads, kith_i_poll *poll,
                                   kith_i_network *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool directed = network->enter != network->exit;
    double *excess; /* how much more a module is left than entered */

    *out = (kith_i_network){ .scale = network->scale };
    KITH_TRY(kith_i_graph_coarsen(network->graph, labels, modules, threads, poll, &out->own, err));
    out->graph = out->own;
    KITH_TRY(network_alloc(out, modules, directed, err));
    excess = out->enter;
    for (int64_t v = 0; v < network->graph->nodes; v++) {
        out->flow[labels[v]] += network->flow[v];
        if (directed) excess[labels[v]] += network->exit[v] - network->enter[v];
    }
    for (int64_t c = 0; c < modules; c++) {
        double both = 0;
        for (int64_t e = out->graph->offsets[c]; e < out->graph->offsets[c + 1]; e++)
            both += out->graph->targets[e] == c ? 0 : kith_i_weight(out->graph, e);
        both *= network->scale;
        const double more = directed ? excess[c] : 0;
        out->exit[c] = (both + more) / 2;
        if (directed) out->enter[c] = (both - more) / 2;
    }

done:
    return status;
}
