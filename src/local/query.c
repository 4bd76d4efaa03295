/* Seeds and rounding.
 *
 * The sweep adds nodes one by one in the order of their scores:
 *
 *   cut += d(v) - A_vv - 2 w(v, already in),   vol += d(v),   phi = cut / min(vol, vol(G) - vol) */
#include "local/query.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *const kith_i_round_names[] = { "sweep", "support", "auto", NULL };

kith_status kith_i_query_check(const kith_graph *graph, const kith_query *query, kith_i_poll *poll,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_nodes *seeds = &query->seeds;

    KITH_CHECK(!graph->directed, KITH_E_UNSUPPORTED,
               "the graph is directed (expected an undirected one)");
    KITH_CHECK(seeds->ids && seeds->count > 0, KITH_E_ARGUMENT,
               "there are no seeds (expected at least one)");
    for (int64_t i = 0; i < seeds->count; i++)
        KITH_CHECK(seeds->ids[i] >= 0 && seeds->ids[i] < graph->nodes, KITH_E_ARGUMENT,
                   "seed %" PRId64 " is no node (expected 0 to %" PRId64 ")", seeds->ids[i],
                   graph->nodes - 1);
    KITH_TRY(kith_i_poll_check(poll, "looking at the seeds", 0, err));

done:
    return status;
}

kith_status kith_i_query_begin(const kith_graph *graph, const kith_i_weighing *weighing,
                               const kith_query *query, kith_i_poll *poll, kith_i_reach **out,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *reach = NULL;
    const kith_nodes *seeds = &query->seeds;

    KITH_TRY(kith_i_query_check(graph, query, poll, err));
    KITH_TRY(kith_i_reach_take(graph, weighing, poll, &reach, err));
    for (int64_t i = 0; i < seeds->count; i++) {
        const int64_t seed = seeds->ids[i];
        uint32_t slot;
        KITH_TRY(kith_i_reach_touch(reach, (uint32_t)seed, &slot, err));
        KITH_CHECK(slot == i, KITH_E_ARGUMENT,
                   "seed %" PRId64 " is given twice (expected distinct seeds)", seed);
        KITH_CHECK(reach->length[slot] > 0, KITH_E_INPUT,
                   "seed %" PRId64 " has no edges (expected at least one)", seed);
        KITH_CHECK(reach->strength[slot] > 0 || (weighing && weighing->lazy), KITH_E_ARGUMENT,
                   "seed %" PRId64 " has edges of weight 0 alone (expected one above 0)", seed);
    }
    *out = reach;
    reach = NULL;

done:
    kith_i_reach_give(reach);
    return status;
}

/* A node of the support; `key` ascends as its score descends. */
typedef struct {
    uint64_t key;
    uint32_t node, slot;
} ranked;

/* Positive numbers are ordered as their bits are. */
static uint64_t key_of(double score)
{
    uint64_t bits;

    memcpy(&bits, &score, sizeof bits);
    return ~bits;
}

static double score_of(const ranked *r)
{
    const uint64_t bits = ~r->key;
    double score;

    memcpy(&score, &bits, sizeof score);
    return score;
}

static int best_first(const void *x, const void *y)
{
    const ranked *a = x, *b = y;

    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return a->node < b->node ? -1 : a->node > b->node;
}

/* Digits from sign and exponent down into the fraction; qsort() orders what they leave equal. */
enum { DIGITS = 3, DIGIT_BITS = 11, DIGIT_SHIFT = 64 - DIGITS * DIGIT_BITS };

static inline uint32_t digit_of(uint64_t key, int digit)
{
    return (uint32_t)(key >> (DIGIT_SHIFT + digit * DIGIT_BITS)) & ((1 << DIGIT_BITS) - 1);
}

static void scatter_by_digit(const ranked *from, ranked *to, int64_t count, int digit)
{
    int64_t at[1 << DIGIT_BITS] = { 0 }, before = 0;

    for (int64_t i = 0; i < count; i++) at[digit_of(from[i].key, digit)]++;
    for (int d = 0; d < 1 << DIGIT_BITS; d++) {
        const int64_t here = at[d];
        at[d] = before;
        before += here;
    }
    for (int64_t i = 0; i < count; i++) to[at[digit_of(from[i].key, digit)]++] = from[i];
}

/* Best first; the result is in `order`, and `spare` is as long. */
static void rank(ranked *order, ranked *spare, int64_t count)
{
    if (count < 1 << DIGIT_BITS / 2) {
        qsort(order, (size_t)count, sizeof *order, best_first);
        return;
    }
    scatter_by_digit(order, spare, count, 0);
    scatter_by_digit(spare, order, count, 1);
    scatter_by_digit(order, spare, count, 2);
    for (int64_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count; end++)
            if (spare[end].key >> DIGIT_SHIFT != spare[i].key >> DIGIT_SHIFT) break;
        if (end - i > 1) qsort(spare + i, (size_t)(end - i), sizeof *spare, best_first);
    }
    memcpy(order, spare, (size_t)count * sizeof *order);
}

static kith_status rank_support(const kith_i_reach *reach, const double *score, ranked **out,
                                int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    ranked *order = NULL;
    int64_t kept = 0;

    KITH_TRY(kith_i_alloc(&order, 2 * reach->count, sizeof *order, err));
    for (int64_t slot = 0; slot < reach->count; slot++)
        if (score[slot] > 0)
            order[kept++] = (ranked){ key_of(score[slot]), reach->nodes[slot], (uint32_t)slot };
    rank(order, order + kept, kept);
    *out = order;
    *count = kept;

done:
    return status;
}

/* Volume and cut of the first nodes of an order. */
typedef struct {
    int64_t size;
    double  volume, cut, conductance;
} prefix;

/* Sums of weights in two orders differ: a rest that they explain is none. */
static const double rounding = 1e-13;

static double conductance(double cut, double volume, double total)
{
    const double rest = total - volume, smaller = volume < rest ? volume : rest;

    return smaller > rounding * volume ? cut / smaller : 1;
}

/* The prefix grown by one node; `in` says which slots it has. */
static kith_status grow(prefix *p, kith_i_reach *reach, uint32_t slot, bool *in, int64_t known,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    double inside = 0;
    kith_i_row row;

    KITH_TRY(kith_i_reach_row(reach, slot, &row, err));
    for (int64_t i = 0; i < row.count; i++) {
        const uint32_t v = row.slots[i];
        if (v == slot) inside += kith_i_row_weight(&row, i) / 2;
        else if (v < known && in[v]) inside += kith_i_row_weight(&row, i);
    }
    in[slot] = true;
    p->size++;
    p->volume += reach->strength[slot];
    p->cut += reach->strength[slot] - 2 * inside;
    p->conductance = conductance(p->cut, p->volume, reach->total);

done:
    return status;
}

/* Where conductance was lower than one step before and has not been as low since; of size 0:
 * nowhere. */
typedef struct {
    prefix bottom;
    double left; /* of the prefix before; 1 of the empty one */
} valley;

/* Whether conductance has risen out of the valley. */
static bool leaves(valley *v, const prefix *now, double rise)
{
    if (v->bottom.size && now->conductance > rise * v->bottom.conductance) return true;
    if (!v->bottom.size || now->conductance <= v->bottom.conductance)
        v->bottom = now->conductance < v->left ? *now : (prefix){ 0 };
    v->left = now->conductance;
    return false;
}

/* *chosen is the prefix that the query asks for. */
static kith_status choose(kith_i_reach *reach, const ranked *order, int64_t count,
                          const kith_i_sweep *sweep, const kith_query *query, prefix *chosen,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t known = reach->count; /* slots that came later are in no prefix */
    const bool whole = query->size > 0 || query->round == KITH_ROUND_SUPPORT;
    bool *in = NULL;
    prefix now = { .conductance = 1 };
    valley low = { .left = 1 };

    *chosen = now;
    if (query->size > 0 && query->size < count) count = query->size;
    KITH_TRY(kith_i_zeroed(&in, known, sizeof *in, err));
    for (int64_t i = 0; i < count; i++) {
        KITH_TRY(grow(&now, reach, order[i].slot, in, known, err));
        if (sweep->levels && i + 1 < count && order[i].key == order[i + 1].key) continue;
        const bool better = now.conductance < chosen->conductance ||
                            (sweep->last && now.conductance == chosen->conductance);
        if (whole || chosen->size == 0 || better) *chosen = now;
        if (!whole && sweep->rise > 0 && leaves(&low, &now, sweep->rise)) {
            *chosen = low.bottom;
            break;
        }
    }

done:
    kith_i_free(in);
    return status;
}

kith_status kith_i_query_end(kith_i_reach *reach, const double *score, const kith_i_sweep *sweep,
                             const kith_query *query, kith_cluster **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cluster *cluster = NULL;
    ranked *order = NULL;
    prefix chosen;
    int64_t count = 0;

    KITH_TRY(rank_support(reach, score, &order, &count, err));
    KITH_TRY(choose(reach, order, count, sweep, query, &chosen, err));
    KITH_TRY(kith_i_cluster_new(chosen.size, &cluster, err));
    for (int64_t i = 0; i < chosen.size; i++) {
        cluster->nodes[i] = order[i].node;
        cluster->scores[i] = score_of(&order[i]);
    }
    cluster->volume = chosen.volume;
    cluster->cut = chosen.cut;
    cluster->conductance = chosen.conductance;
    cluster->touched_nodes = reach->count;
    cluster->touched_edges = reach->read_edges;
    *out = cluster;

done:
    kith_i_free(order);
    return status;
}
