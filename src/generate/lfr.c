/* The LFR benchmark [Lancichinetti2008], undirected, unweighted, without overlaps.
 *
 *   paper                               here
 *   N, mu, <k>, k_max                   nodes, mixing, degree, max_degree
 *   gamma, beta (tau1, tau2)            degree_exponent, size_exponent
 *   s_min, s_max                        min_size, max_size
 *   k_min                               least
 *   internal, external degree           inner, outer
 *
 * Degrees are drawn, then split at mu; community sizes are drawn; nodes fall into communities
 * larger than their internal degree; communities are wired one by one, then everything between
 * them.
 *
 * Four things are done otherwise than by the reference program, to the same law or closer to it:
 * - The weight of the least degree is set so that the mean degree is the one asked for. The program
 *   takes the k_min whose mean comes nearest, which may miss it by more than 2 %. Draws are spread
 *   evenly over the law, where independent ones may miss the mean of 1000 nodes by 3 %.
 * - A node draws among the free places of all communities that are large enough, kept in a list as
 *   nodes come by falling internal degree, instead of drawing places until one will do.
 * - When the drawn sizes cannot hold the drawn degrees, small communities are dissolved into others
 *   that max_size still bounds, instead of merged.
 * How graphs are drawn stands in wiring.c. Node ids say nothing about communities or degrees. */
#include "kith/generate.h"

#include "core/spec.h"
#include "generate/common.h"
#include "generate/power_law.h"
#include "generate/wiring.h"
#include "graph/view.h"

#include <float.h>
#include <inttypes.h>

enum {
    LARGE_EDGES = 1 << 17, /* a community of more is wired alone, so that its thread can poll */
    LOSS = 50              /* at most one edge in that many, and two more, may find no place */
};

/* What each random stream is for. */
enum { DEGREES = 1, COMMUNITY_SIZES, PLACES, PARITY, INSIDE, BETWEEN };

typedef struct {
    kith_lfr_options o;
    kith_i_poll      poll;
    int              threads;
    int64_t          least;      /* degree */
    int64_t          largest;    /* internal degree */
    bool             automatic;  /* max_size was not given */
    int64_t          size_limit; /* then the nodes, else max_size */
    kith_i_power_law degrees;
    uint32_t        *inner, *outer; /* degrees, by node */
    int64_t         *at_least;      /* nodes of each internal degree or more */
    uint32_t        *with_size;     /* communities of each size */
    uint32_t        *label;         /* of each node; communities come by falling size */
    uint32_t        *member;        /* nodes by community */
    int64_t         *start;         /* of each community in `member` */
    int64_t         *first_edge;    /* of each community */
    int64_t         *leaving;       /* external degrees of each community, added */
    int64_t          communities;
    kith_i_edges     edges;
    int64_t          lost;     /* edge ends without a place */
    kith_i_wiring   *wirings; /* one per thread */
} lfr;

static void lfr_clear(lfr *g)
{
    kith_i_power_law_clear(&g->degrees);
    kith_i_free(g->inner);
    kith_i_free(g->outer);
    kith_i_free(g->at_least);
    kith_i_free(g->with_size);
    kith_i_free(g->label);
    kith_i_free(g->member);
    kith_i_free(g->start);
    kith_i_free(g->first_edge);
    kith_i_free(g->leaving);
    kith_i_edges_clear(&g->edges);
}

static kith_status check_degrees(lfr *g, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_lfr_options *o = &g->o;

    KITH_CHECK(o->max_degree < o->nodes, KITH_E_ARGUMENT,
               "max-degree is %" PRId64 " (expected less than nodes, %" PRId64 ")", o->max_degree,
               o->nodes);
    const double lowest = kith_i_power_law_continuous_mean(1, (double)o->max_degree,
                                                           o->degree_exponent);
    KITH_CHECK(o->degree >= lowest && o->degree <= (double)o->max_degree, KITH_E_ARGUMENT,
               "degree is %g (expected %g, the mean from least degree 1, to %" PRId64
               ", max-degree)", o->degree, lowest, o->max_degree);
    g->least = kith_i_power_law_least(o->degree, o->max_degree, o->degree_exponent);
    g->largest = (int64_t)ceil((1 - o->mixing) * (double)o->max_degree - 1e-9);

done:
    return status;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Fills in the automatic sizes, and checks the others. */
static kith_status check_sizes(lfr *g, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_lfr_options *o = &g->o;

    g->automatic = o->max_size == 0;
    if (g->automatic)
        o->max_size = smaller(larger(larger(o->max_degree, g->largest + 1), 3), o->nodes);
    if (!o->min_size) o->min_size = smaller(larger(g->least, 3), o->max_size);
    KITH_CHECK(o->max_size <= o->nodes, KITH_E_ARGUMENT,
               "max-size is %" PRId64 " (expected at most nodes, %" PRId64 ")", o->max_size,
               o->nodes);
    KITH_CHECK(o->max_size > g->largest, KITH_E_ARGUMENT,
               "max-size is %" PRId64 " (expected at least %" PRId64
               ": a node of max-degree has %" PRId64 " neighbours in its community)", o->max_size,
               g->largest + 1, g->largest);
    KITH_CHECK(o->min_size <= o->max_size, KITH_E_ARGUMENT,
               "min-size is %" PRId64 " (expected at most max-size, %" PRId64 ")", o->min_size,
               o->max_size);
    g->size_limit = g->automatic ? o->nodes : o->max_size;
    const int64_t fewest = (o->nodes + g->size_limit - 1) / g->size_limit;
    KITH_CHECK(o->min_size <= o->nodes / fewest, KITH_E_ARGUMENT,
               "min-size is %" PRId64 " (expected at most %" PRId64 ": %" PRId64
               " nodes make %" PRId64 " communities or more)", o->min_size, o->nodes / fewest,
               o->nodes, fewest);

done:
    return status;
}

/* The degrees of a block of nodes: draws are spread over equal shares of the law, dealt out at
 * random, so that the mean degree of few nodes comes near that of many. */
static void draw_degrees(void *self, int64_t block)
{
    lfr *g = self;
    const int64_t first = block * KITH_I_BLOCK;
    const int64_t count = kith_i_block_end(block, g->o.nodes) - first;
    kith_i_random random = kith_i_random_at(g->o.run.seed, DEGREES, (uint64_t)block);
    uint32_t shares[KITH_I_BLOCK];

    kith_i_random_order(shares, count, &random);
    for (int64_t i = 0; i < count; i++) {
        const double at = (shares[i] + kith_i_random_unit(&random)) / (double)count;
        const int64_t degree = kith_i_power_law_at(&g->degrees, at);
        const double share = (1 - g->o.mixing) * (double)degree;
        const int64_t below = (int64_t)floor(share);
        const bool up = kith_i_random_unit(&random) < share - (double)below;
        const int64_t inner = smaller(below + up, g->largest);
        g->inner[first + i] = (uint32_t)inner;
        g->outer[first + i] = (uint32_t)(degree - inner);
    }
}

/* Puts up to `nodes` nodes into communities smaller than `limit`, which grow to it, the largest
 * first. Returns how many found no room. */
static int64_t pour(lfr *g, int64_t nodes, int64_t limit)
{
    for (int64_t size = limit - 1; size > 0 && nodes > 0;) {
        if (!g->with_size[size]) {
            size--;
            continue;
        }
        const int64_t more = smaller(nodes, limit - size);
        g->with_size[size]--;
        g->with_size[size + more]++;
        nodes -= more;
    }
    return nodes;
}

/* A community of min_size for `nodes` nodes, which are fewer. The others, which have all reached
 * the limit, give the rest. */
static void found_from_others(lfr *g, int64_t nodes)
{
    int64_t missing = g->o.min_size - nodes;

    g->with_size[g->o.min_size]++;
    while (missing > 0) {
        const int64_t given = smaller(missing, g->size_limit - g->o.min_size);
        g->with_size[g->size_limit]--;
        g->with_size[g->size_limit - given]++;
        missing -= given;
    }
}

/* Draws community sizes until the nodes are used up. An automatic range begins with a community for
 * the largest internal degree that was drawn. */
static kith_status draw_sizes(lfr *g, int64_t most, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_lfr_options *o = &g->o;
    kith_i_random random = kith_i_random_at(o->run.seed, COMMUNITY_SIZES, 0);
    kith_i_power_law sizes = { 0 };
    int64_t left = o->nodes;

    KITH_TRY(kith_i_power_law_init(&sizes, o->min_size, o->max_size, o->size_exponent, 0, err));
    if (g->automatic && most + 1 > o->min_size) {
        g->with_size[most + 1]++;
        left -= most + 1;
    }
    for (int64_t i = 0; left >= o->min_size; i++) {
        const int64_t drawn = kith_i_power_law_at(&sizes, kith_i_random_unit(&random));
        const int64_t size = smaller(drawn, left); /* what is left may make the last one */
        g->with_size[size]++;
        left -= size;
        if (i % KITH_I_BLOCK == 0) KITH_TRY(kith_i_poll_check(&g->poll, "drawing sizes", -1, err));
    }
    left = pour(g, left, o->max_size);
    left = pour(g, left, g->size_limit);
    if (left) found_from_others(g, left);

done:
    kith_i_power_law_clear(&sizes);
    return status;
}

/* The largest internal degree d for which communities of more than d nodes have fewer places than
 * there are nodes of that degree or more; 0 when every node finds a place. */
static int64_t shortage(const lfr *g)
{
    int64_t places = g->o.nodes, worst = 0;

    for (int64_t d = 1; d <= g->largest; d++) {
        places -= d * g->with_size[d];
        if (places < g->at_least[d]) worst = d;
    }
    return worst;
}

/* Dissolves the smallest communities until every node finds a place. */
static kith_status fit_sizes(lfr *g, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t smallest = g->o.min_size, d;

    while ((d = shortage(g)) > 0) {
        KITH_TRY(kith_i_poll_check(&g->poll, "fitting sizes", -1, err));
        while (!g->with_size[smallest]) smallest++;
        g->with_size[smallest]--;
        int64_t left = pour(g, smallest, d + 1);
        left = pour(g, left, g->size_limit);
        KITH_CHECK(left == 0, KITH_E_ARGUMENT,
                   "max-size is %" PRId64 " (expected larger: %" PRId64 " nodes have %" PRId64
                   " neighbours or more in their community)", g->o.max_size, g->at_least[d], d);
    }

done:
    return status;
}

static kith_status size_communities(lfr *g, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t most = g->largest;

    KITH_TRY(kith_i_zeroed(&g->at_least, g->largest + 2, sizeof *g->at_least, err));
    KITH_TRY(kith_i_zeroed(&g->with_size, g->size_limit + 1, sizeof *g->with_size, err));
    for (int64_t v = 0; v < g->o.nodes; v++) {
        if (v % KITH_I_BLOCK == 0) KITH_TRY(kith_i_poll_check(&g->poll, "drawing sizes", -1, err));
        g->at_least[g->inner[v]]++;
    }
    for (int64_t d = g->largest; d-- > 0;) g->at_least[d] += g->at_least[d + 1];
    while (!g->at_least[most]) most--;
    KITH_TRY(draw_sizes(g, most, err));
    KITH_TRY(fit_sizes(g, err));

done:
    return status;
}

/* Lists the communities by falling size. */
static kith_status list_communities(lfr *g, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t c = 0;

    for (int64_t size = 1; size <= g->size_limit; size++) g->communities += g->with_size[size];
    KITH_TRY(kith_i_zeroed(&g->start, g->communities + 1, sizeof *g->start, err));
    KITH_TRY(kith_i_zeroed(&g->first_edge, g->communities + 1, sizeof *g->first_edge, err));
    KITH_TRY(kith_i_zeroed(&g->leaving, g->communities, sizeof *g->leaving, err));
    for (int64_t size = g->size_limit; size > 0; size--)
        for (uint32_t i = 0; i < g->with_size[size]; i++, c++) g->start[c + 1] = g->start[c] + size;

done:
    return status;
}

/* The nodes by falling internal degree: a counting sort, which uses up `at_least`. */
static kith_status sort_nodes(lfr *g, uint32_t *order, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t v = 0; v < g->o.nodes; v++) {
        if (v % KITH_I_BLOCK == 0) KITH_TRY(kith_i_poll_check(&g->poll, "sorting nodes", -1, err));
        order[g->at_least[g->inner[v] + 1]++] = (uint32_t)v;
    }

done:
    return status;
}

static void label_members(void *self, int64_t c)
{
    lfr *g = self;

    for (int64_t p = g->start[c]; p < g->start[c + 1]; p++) g->label[g->member[p]] = (uint32_t)c;
}

/* Gives every node a place in a community larger than its internal degree: each such place that is
 * free is as likely as another. */
static kith_status place_nodes(lfr *g, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = g->o.nodes;
    kith_i_random random = kith_i_random_at(g->o.run.seed, PLACES, 0);
    uint32_t *order = NULL, *free_places = NULL;
    int64_t c = 0, count = 0;

    KITH_TRY(kith_i_alloc(&g->member, n, sizeof *g->member, err));
    KITH_TRY(kith_i_alloc(&g->label, n, sizeof *g->label, err));
    KITH_TRY(kith_i_alloc(&order, n, sizeof *order, err));
    KITH_TRY(kith_i_alloc(&free_places, n, sizeof *free_places, err));
    KITH_TRY(sort_nodes(g, order, err));
    for (int64_t i = 0; i < n; i++) {
        const uint32_t v = order[i];
        for (; c < g->communities && g->start[c + 1] - g->start[c] > g->inner[v]; c++)
            for (int64_t p = g->start[c]; p < g->start[c + 1]; p++)
                free_places[count++] = (uint32_t)p;
        const int64_t drawn = (int64_t)kith_i_random_below(&random, (uint64_t)count);
        g->member[free_places[drawn]] = v;
        free_places[drawn] = free_places[--count];
        if (i % KITH_I_BLOCK == 0)
            KITH_TRY(kith_i_poll_check(&g->poll, "placing nodes", (double)i / (double)n, err));
    }
    KITH_TRY(kith_i_each(g->communities, g->threads, &g->poll, "placing nodes", label_members, g,
                         err));

done:
    kith_i_free(order);
    kith_i_free(free_places);
    return status;
}

/* Moves one unit between the internal and the external degree of a node, if it can. */
static bool add_inner(lfr *g, uint32_t v, int64_t size)
{
    if (g->inner[v] + 1 >= size || !g->outer[v]) return false;
    g->inner[v]++;
    g->outer[v]--;
    return true;
}

static bool remove_inner(lfr *g, uint32_t v)
{
    if (!g->inner[v] || g->o.mixing == 0) return false;
    g->inner[v]--;
    g->outer[v]++;
    return true;
}

/* Makes the internal degrees of a community add up to an even number: a random member gains or
 * loses one. Without mixing, where nothing may become external, it loses that edge. */
static void even_out(lfr *g, int64_t c)
{
    const uint32_t *member = g->member + g->start[c];
    const int64_t size = g->start[c + 1] - g->start[c];
    kith_i_random random = kith_i_random_at(g->o.run.seed, PARITY, (uint64_t)c);
    const int64_t first = (int64_t)kith_i_random_below(&random, (uint64_t)size);
    const bool add = kith_i_random_next(&random) >> 63;

    for (int64_t i = 0; i < 2 * size; i++) { /* once around for the drawn way, once for the other */
        const uint32_t v = member[(first + i) % size];
        if (add == (i < size) ? add_inner(g, v, size) : remove_inner(g, v)) return;
    }
    for (int64_t i = 0; i < size; i++) {
        const uint32_t v = member[(first + i) % size];
        if (g->inner[v]) {
            g->inner[v]--;
            break;
        }
    }
#pragma omp atomic
    g->lost++;
}

/* Counts the edges inside a community and those that leave it. */
static void count_edges(void *self, int64_t c)
{
    lfr *g = self;
    int64_t inside = 0, leaving = 0;

    for (int64_t p = g->start[c]; p < g->start[c + 1]; p++) inside += g->inner[g->member[p]];
    if (inside % 2) even_out(g, c);
    inside = 0;
    for (int64_t p = g->start[c]; p < g->start[c + 1]; p++) {
        inside += g->inner[g->member[p]];
        leaving += g->outer[g->member[p]];
    }
    g->first_edge[c + 1] = inside / 2;
    g->leaving[c] = leaving;
}

/* Whether so many edges may find no place. */
static bool acceptable(int64_t lost, int64_t edges)
{
    return lost / 2 <= 2 + edges / LOSS;
}

/* Makes the number of external stubs even: a node that has most of them loses one. */
static void even_out_leaving(lfr *g)
{
    int64_t v = 0;

    for (int64_t u = 1; u < g->o.nodes; u++)
        if (g->outer[u] > g->outer[v]) v = u;
    g->outer[v]--;
    g->leaving[g->label[v]]--;
}

/* Counts the edges of each kind, and allocates them. */
static kith_status plan_edges(lfr *g, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t stubs = 0, c = 0;

    KITH_TRY(kith_i_each(g->communities, g->threads, &g->poll, "counting edges", count_edges, g,
                         err));
    for (int64_t i = 0; i < g->communities; i++) {
        g->first_edge[i + 1] += g->first_edge[i];
        stubs += g->leaving[i];
    }
    if (stubs % 2) even_out_leaving(g);
    for (int64_t i = 1; i < g->communities; i++)
        if (g->leaving[i] > g->leaving[c]) c = i;
    const int64_t edges = g->first_edge[g->communities] + stubs / 2;
    KITH_CHECK(acceptable(2 * g->leaving[c] - stubs, edges), KITH_E_ARGUMENT,
               "mixing is %g (expected less, or smaller communities: %" PRId64 " of the %" PRId64
               " nodes are in one, and %" PRId64 " of the %" PRId64 " external edge ends)",
               g->o.mixing, g->start[c + 1] - g->start[c], g->o.nodes, g->leaving[c], stubs);
    KITH_TRY(kith_i_edges_alloc(&g->edges, g->o.nodes, edges, err));

done:
    return status;
}

static int64_t inside_edges(const lfr *g, int64_t c)
{
    return g->first_edge[c + 1] - g->first_edge[c];
}

static void wire_community(lfr *g, kith_i_wiring *w, int64_t c)
{
    const int64_t first = g->first_edge[c];
    const int64_t lost = kith_i_wire(w, g->member + g->start[c], g->start[c + 1] - g->start[c],
                                     g->inner, kith_i_random_at(g->o.run.seed, INSIDE, (uint64_t)c),
                                     g->edges.sources + first, g->edges.targets + first);
#pragma omp atomic
    g->lost += 2 * lost;
}

static void wire_small_community(void *self, int64_t c)
{
    lfr *g = self;

    if (inside_edges(g, c) <= LARGE_EDGES) wire_community(g, &g->wirings[omp_get_thread_num()], c);
}

/* Wires the large communities one after another, then the small ones in parallel. */
static kith_status wire_inside(lfr *g, kith_error *err)
{
    static const char *const stage = "wiring communities";
    kith_status status = KITH_OK;
    kith_i_wiring alone = { .poll = &g->poll, .stage = stage, .asks = true };
    int64_t most = 0;

    for (int64_t c = 0; c < g->communities; c++) most = larger(most, inside_edges(g, c));
    if (most > LARGE_EDGES) {
        KITH_TRY(kith_i_wiring_init(&alone, most, err));
        for (int64_t c = 0; c < g->communities; c++)
            if (inside_edges(g, c) > LARGE_EDGES) wire_community(g, &alone, c);
    }
    KITH_TRY(kith_i_zeroed(&g->wirings, g->threads, sizeof *g->wirings, err));
    for (int t = 0; t < g->threads; t++) {
        g->wirings[t] = (kith_i_wiring){ .poll = &g->poll, .stage = stage, .asks = t == 0 };
        KITH_TRY(kith_i_wiring_init(&g->wirings[t], smaller(most, LARGE_EDGES), err));
    }
    KITH_TRY(kith_i_each(g->communities, g->threads, &g->poll, stage, wire_small_community, g,
                         err));

done:
    kith_i_wiring_clear(&alone);
    for (int t = 0; g->wirings && t < g->threads; t++) kith_i_wiring_clear(&g->wirings[t]);
    kith_i_free(g->wirings);
    return status;
}

/* Wires the nodes of different communities, and checks that nearly every edge has found a place. */
static kith_status wire_between(lfr *g, kith_error *err)
{
    static const char *const stage = "wiring between communities";
    kith_status status = KITH_OK;
    const int64_t first = g->first_edge[g->communities], edges = g->edges.count;
    kith_i_wiring w = { .poll = &g->poll, .stage = stage, .asks = true, .groups = g->label };

    KITH_TRY(kith_i_wiring_init(&w, edges - first, err));
    g->lost += 2 * kith_i_wire(&w, g->member, g->o.nodes, g->outer,
                               kith_i_random_at(g->o.run.seed, BETWEEN, 0),
                               g->edges.sources + first, g->edges.targets + first);
    KITH_TRY(kith_i_poll_check(&g->poll, stage, 1, err));
    KITH_CHECK(acceptable(g->lost, edges), KITH_E_ARGUMENT,
               "degree is %g (expected another, or other sizes of communities: %" PRId64
               " of the %" PRId64 " edges find no place)", g->o.degree, g->lost / 2,
               edges);

done:
    kith_i_wiring_clear(&w);
    return status;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_lfr_options, nodes, I64, 1, KITH_I_MAX_NODES, "how many"),
    KITH_OPTION(kith_lfr_options, mixing, F64, 0, 1,
                "expected share of a node's edges that leave its community"),
    KITH_OPTION(kith_lfr_options, degree, F64, 1, DBL_MAX, "mean degree"),
    KITH_OPTION(kith_lfr_options, max_degree, I64, 1, KITH_I_MAX_NODES, "largest degree"),
    KITH_OPTION(kith_lfr_options, degree_exponent, F64, 0, 100,
                "minus the exponent of the degrees' power law"),
    KITH_OPTION(kith_lfr_options, size_exponent, F64, 0, 100,
                "minus the exponent of the community sizes' power law"),
    KITH_OPTION(kith_lfr_options, min_size, I64, 0, KITH_I_MAX_NODES,
                "smallest community; 0: the least degree, at least 3"),
    KITH_OPTION(kith_lfr_options, max_size, I64, 0, KITH_I_MAX_NODES,
                "largest community; 0: max-degree"),
    { 0 }
};

KITH_I_GENERATOR(lfr, KITH_LFR_OPTIONS_INIT, rows,
                 "communities and degrees of power-law sizes, and a chosen mixing");

/* Internal and external degrees of all nodes. */
static kith_status split_degrees(lfr *g, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_lfr_options *o = &g->o;

    KITH_TRY(kith_i_power_law_init(&g->degrees, g->least, o->max_degree, o->degree_exponent,
                                   o->degree, err));
    KITH_TRY(kith_i_alloc(&g->inner, o->nodes, sizeof *g->inner, err));
    KITH_TRY(kith_i_alloc(&g->outer, o->nodes, sizeof *g->outer, err));
    KITH_TRY(kith_i_each(kith_i_blocks(o->nodes), g->threads, &g->poll, "drawing degrees",
                         draw_degrees, g, err));

done:
    return status;
}

kith_status kith_generate_lfr(const kith_lfr_options *options, kith_graph **out,
                              kith_partition **truth, kith_error *err)
{
    kith_status status = KITH_OK;
    lfr g = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    if (truth) *truth = NULL;
    KITH_TRY(kith_i_options_read(&kith_i_lfr_code.options, &g.o, options, err));
    kith_i_poll_start(&g.poll, &g.o.run);
    g.threads = kith_i_threads(&g.o.run);
    KITH_TRY(check_degrees(&g, err));
    KITH_TRY(check_sizes(&g, err));
    KITH_TRY(kith_i_require_room((double)g.o.nodes, (double)g.o.nodes * g.o.degree / 2, err));
    KITH_TRY(split_degrees(&g, err));
    KITH_TRY(size_communities(&g, err));
    KITH_TRY(list_communities(&g, err));
    KITH_TRY(place_nodes(&g, err));
    KITH_TRY(plan_edges(&g, err));
    KITH_TRY(wire_inside(&g, err));
    KITH_TRY(wire_between(&g, err));
    KITH_TRY(kith_i_generated(&g.edges, g.label, &g.o.run, &g.poll, out, truth, err));

done:
    lfr_clear(&g);
    return status;
}
