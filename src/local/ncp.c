/* The network community profile [Leskovec2009]: the closed neighbourhoods of all nodes
 * [Gleich2012], and all prefixes of the sweeps of many queries of personalised PageRank. */
#include "kith/ncp.h"

#include "kith/acl.h"
#include "kith/registry.h"

#include "core/option.h"
#include "core/random.h"
#include "local/neighbourhoods.h"

#include <math.h>
#include <string.h>

/* Of a node whose neighbourhood is a seed because it is a local minimum. */
enum { LEAST_DEGREE = 5 };

struct kith_ncp_profile {
    kith_ncp_entry *entries;
    int64_t         count, queries;
    kith_stop       stop;
};

/* What a profile is gathered in. */
typedef struct {
    const kith_graph *graph; /* connected */
    double            total; /* its volume */
    kith_ncp_entry   *best;  /* by size, of n + 1; conductance 2: none was found */
    bool             *in;    /* by node: in the prefix at hand */
    int64_t           answered, overtaken;
} gathering;

/* Volume and cut settle ties, so that the profile does not depend on the order of what is found. */
static bool better(const kith_ncp_entry *a, const kith_ncp_entry *b)
{
    if (a->conductance != b->conductance) return a->conductance < b->conductance;
    return a->volume != b->volume ? a->volume < b->volume : a->cut < b->cut;
}

/* Takes a set into account, unless it has more than half of the volume. */
static void found(gathering *g, int64_t size, double volume, double cut)
{
    const kith_ncp_entry entry = { size, volume, cut, volume > 0 ? cut / volume : 1 };

    if (2 * volume <= g->total && better(&entry, &g->best[size])) g->best[size] = entry;
}

/* All prefixes of a cluster in the order of its scores. */
static void sweep(gathering *g, const kith_cluster *cluster)
{
    const kith_graph *graph = g->graph;
    const int64_t *nodes = kith_cluster_nodes(cluster), size = kith_cluster_size(cluster);
    double volume = 0, cut = 0;

    for (int64_t i = 0; i < size; i++) {
        const int64_t v = nodes[i];
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const uint32_t u = graph->targets[e];
            const double weight = kith_i_weight(graph, e);
            volume += u == v ? 2 * weight : weight;
            if (u != v) cut += g->in[u] ? -weight : weight;
        }
        g->in[v] = true;
        found(g, i + 1, volume, cut);
    }
    for (int64_t i = 0; i < size; i++) g->in[nodes[i]] = false;
}

static int take(kith_answer *answer, void *payload)
{
    gathering *g = payload;

    if (!answer->cluster) {
        g->overtaken++;
        return 0;
    }
    g->answered++;
    sweep(g, answer->cluster);
    kith_cluster_free(answer->cluster);
    return 0;
}

/* ---- Seeds ---- */

/* Nodes in an order in which any number of the first ones is a fair sample. */
static kith_status shuffle(int64_t n, uint64_t seed, uint64_t stage, int64_t **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_random random = kith_i_random_at(seed, stage, 0);
    int64_t *order = NULL;

    KITH_TRY(kith_i_alloc(&order, n, sizeof *order, err));
    for (int64_t v = 0; v < n; v++) {
        const int64_t at = (int64_t)kith_i_random_below(&random, (uint64_t)v + 1);
        order[v] = order[at];
        order[at] = v;
    }
    *out = order;

done:
    return status;
}

static double phi(const double *volume, const double *cut, int64_t v, double total)
{
    const double smaller = fmin(volume[v], total - volume[v]);

    return smaller > 0 ? cut[v] / smaller : 1;
}

/* v and its neighbours. */
static int64_t closed_degree(const kith_graph *graph, int64_t v)
{
    int64_t others = 0;

    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
        others += graph->targets[e] != v;
    return others + 1;
}

/* Whether the neighbourhood of v has a smaller conductance than those of its neighbours. */
static bool is_minimum(const gathering *g, const double *volume, const double *cut, int64_t v)
{
    const kith_graph *graph = g->graph;
    const double mine = phi(volume, cut, v, g->total);

    if (kith_i_degree(graph, v) < LEAST_DEGREE) return false;
    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
        if (graph->targets[e] != v && phi(volume, cut, graph->targets[e], g->total) <= mine)
            return false;
    return true;
}

/* The local minima to the front; how many they are. The order among them and among the others
 * stays. */
static kith_status minima_first(const gathering *g, const double *volume, const double *cut,
                                int64_t *order, int64_t *minima, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = g->graph->nodes;
    int64_t *others = NULL, front = 0, back = 0;

    KITH_TRY(kith_i_alloc(&others, n, sizeof *others, err));
    for (int64_t i = 0; i < n; i++)
        if (is_minimum(g, volume, cut, order[i])) order[front++] = order[i];
        else others[back++] = order[i];
    memcpy(order + front, others, (size_t)back * sizeof *others);
    *minima = front;

done:
    kith_i_free(others);
    return status;
}

/* ---- Queries ---- */

/* Queries from the first `count` nodes of an order, or from their closed neighbourhoods. */
static kith_status ask(gathering *g, const kith_ncp_options *o, double epsilon,
                       const int64_t *order, int64_t count, bool neighbourhoods, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *graph = g->graph;
    kith_acl_options acl = KITH_ACL_OPTIONS_INIT;
    const kith_receiver receiver = { .take = take, .payload = g };
    kith_nodes *seeds = NULL;
    int64_t *ids = NULL, room = 0, used = 0;

    for (int64_t i = 0; i < count; i++)
        room += neighbourhoods ? kith_i_degree(graph, order[i]) + 1 : 1;
    KITH_TRY(kith_i_alloc(&seeds, count, sizeof *seeds, err));
    KITH_TRY(kith_i_alloc(&ids, room, sizeof *ids, err));
    for (int64_t i = 0; i < count; i++) {
        const int64_t v = order[i], first = used;
        ids[used++] = v;
        for (int64_t e = graph->offsets[v]; neighbourhoods && e < graph->offsets[v + 1]; e++)
            if (graph->targets[e] != v) ids[used++] = graph->targets[e];
        seeds[i] = (kith_nodes){ ids + first, used - first };
    }
    acl.query.run = o->run;
    acl.query.run.size = sizeof acl;
    acl.query.round = KITH_ROUND_SUPPORT;
    acl.alpha = o->alpha;
    acl.epsilon = epsilon;
    KITH_TRY(
        kith_queries_run(kith_algorithm_find("acl"), graph, &acl, count, seeds, &receiver, err));

done:
    kith_i_free(seeds);
    kith_i_free(ids);
    return status;
}

/* The recipe of four rounds, [Leskovec2009]'s two accuracies for each sort of seeds. */
static kith_status ask_all(gathering *g, const kith_ncp_options *options, const double *volume,
                           const double *cut, const kith_i_poll *poll, kith_error *err)
{
    static const struct {
        double factor; /* of epsilon */
        bool   neighbourhoods;
    } rounds[] = { { 10, false }, { 1, false }, { 100, true }, { 10, true } };
    kith_status status = KITH_OK;
    const int64_t n = g->graph->nodes, most = options->queries;
    const int64_t share = (most + (options->from ? 1 : 3)) / (options->from ? 2 : 4);
    kith_ncp_options o = *options;
    int64_t *order = NULL, minima = 0;

    for (int i = 0; i < 4; i++) {
        const bool hoods = rounds[i].neighbourhoods;
        if (o.from == (hoods ? KITH_NCP_NODES : KITH_NCP_NEIGHBOURHOODS)) continue;
        if (options->run.time_limit > 0) {
            o.run.time_limit = options->run.time_limit - (kith_i_now() - poll->started);
            if (o.run.time_limit <= 0) {
                g->overtaken++;
                break;
            }
        }
        kith_i_free(order);
        order = NULL;
        KITH_TRY(shuffle(n, o.run.seed, (uint64_t)i, &order, err));
        if (hoods) KITH_TRY(minima_first(g, volume, cut, order, &minima, err));
        KITH_TRY(ask(g, &o, fmin(1, o.epsilon * rounds[i].factor), order,
                     most && share < n ? share : n, hoods, err));
    }

done:
    kith_i_free(order);
    return status;
}

/* ---- The profile ---- */

static int64_t bin_of(const kith_ncp_options *o, int64_t size)
{
    return o->bins ? (int64_t)floor((double)o->bins * log10((double)size) + 1e-9) : size;
}

/* The best entry of each bin that has one. */
static kith_status bin(const gathering *g, const kith_ncp_options *o, kith_ncp_profile *profile,
                       kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t last = -1;

    KITH_TRY(kith_i_alloc(&profile->entries, g->graph->nodes, sizeof *profile->entries, err));
    for (int64_t size = 1; size <= g->graph->nodes; size++) {
        const kith_ncp_entry *entry = &g->best[size];
        kith_ncp_entry *kept = profile->entries + profile->count;
        if (entry->conductance > 1) continue;
        if (bin_of(o, size) != last) {
            last = bin_of(o, size);
            *kept = *entry;
            profile->count++;
        } else if (better(entry, kept - 1)) {
            kept[-1] = *entry;
        }
    }

done:
    return status;
}

static kith_status gather(gathering *g, const kith_ncp_options *o, kith_i_poll *poll,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = g->graph->nodes;
    double *volume = NULL, *cut = NULL;

    KITH_TRY(kith_i_alloc(&g->best, n + 1, sizeof *g->best, err));
    for (int64_t size = 0; size <= n; size++) g->best[size] = (kith_ncp_entry){ .conductance = 2 };
    KITH_TRY(kith_i_zeroed(&g->in, n, sizeof *g->in, err));
    KITH_TRY(kith_i_alloc(&volume, n, sizeof *volume, err));
    KITH_TRY(kith_i_alloc(&cut, n, sizeof *cut, err));
    KITH_TRY(kith_i_neighbourhoods(g->graph, volume, cut, poll, err));
    for (int64_t v = 0; v < n && o->from != KITH_NCP_NODES; v++)
        found(g, closed_degree(g->graph, v), volume[v], cut[v]);
    KITH_TRY(ask_all(g, o, volume, cut, poll, err));

done:
    kith_i_free(volume);
    kith_i_free(cut);
    return status;
}

static const char *const from_names[] = { "both", "nodes", "neighbourhoods", NULL };

static const kith_option rows[] = {
    KITH_OPTION(kith_ncp_options, alpha, F64, 1e-4, 1 - 1e-9, "of personalised PageRank"),
    KITH_OPTION(kith_ncp_options, epsilon, F64, 1e-15, 1,
                "accuracy of the finer queries; lower: larger sets, and slower"),
    KITH_OPTION(kith_ncp_options, queries, I64, 0, INT64_MAX, "at most that many; 0: all"),
    KITH_OPTION(kith_ncp_options, bins, I64, 0, 1000,
                "sizes per factor of ten that are told apart; 0: every size"),
    KITH_OPTION_CHOICE(kith_ncp_options, from, from_names, "where communities are looked for"),
    { 0 }
};

static const kith_ncp_options defaults = KITH_NCP_OPTIONS_INIT;
static const kith_options_spec spec = { rows, &defaults, sizeof defaults };

const kith_options_spec *kith_ncp_spec(void)
{
    return &spec;
}

kith_status kith_ncp(const kith_graph *graph, const kith_ncp_options *options,
                     kith_ncp_profile **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_ncp_options o;
    kith_ncp_profile *profile = NULL;
    kith_graph *component = NULL;
    gathering g = { 0 };
    kith_i_poll poll;
    kith_run run; /* without the time limit, while there is nothing that it could end */

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&spec, &o, options, err));
    KITH_CHECK(!graph->directed, KITH_E_UNSUPPORTED,
               "the graph is directed (expected an undirected one)");
    kith_i_poll_start(&poll, &o.run);
    KITH_TRY(kith_i_graph_require_unsigned(graph, &poll, err));
    KITH_TRY(kith_i_zeroed(&profile, 1, sizeof *profile, err));
    kith_i_poll patient = kith_i_poll_patient(&poll, &run);
    KITH_TRY(kith_i_graph_largest_component(graph, kith_i_threads(&o.run), &patient, &component,
                                            NULL, err));
    g.graph = component;
    KITH_TRY(kith_i_graph_total_weight(component, &patient, &g.total, err));
    g.total *= 2;
    if (component->entries) KITH_TRY(gather(&g, &o, &poll, err));
    if (g.best) KITH_TRY(bin(&g, &o, profile, err));
    profile->queries = g.answered;
    profile->stop = g.overtaken ? KITH_STOP_TIME : KITH_STOP_CONVERGED;
    *out = profile;
    profile = NULL;

done:
    kith_ncp_profile_free(profile);
    kith_graph_free(component);
    kith_i_free(g.best);
    kith_i_free(g.in);
    return status;
}

void kith_ncp_profile_free(kith_ncp_profile *profile)
{
    if (!profile) return;
    kith_i_free(profile->entries);
    kith_i_free(profile);
}

int64_t kith_ncp_profile_count(const kith_ncp_profile *profile)
{
    return profile->count;
}

const kith_ncp_entry *kith_ncp_profile_entries(const kith_ncp_profile *profile)
{
    return profile->entries;
}

int64_t kith_ncp_profile_queries(const kith_ncp_profile *profile)
{
    return profile->queries;
}

kith_stop kith_ncp_profile_stop(const kith_ncp_profile *profile)
{
    return profile->stop;
}
