/* Random simple graphs of given degrees: the configuration model, repaired by switches.
 *
 * Stubs are paired at random [Molloy1995]. An edge that may not be (a loop, a repeat, within a
 * group) is switched with random others, u-v and x-y becoming u-x and v-y, until none is left: the
 * first LFR generator did so [Lancichinetti2008], and external-memory LFR does [Hamann2018]. The
 * later reference program realises the degrees greedily and randomises the whole graph by switches;
 * both aim at the uniform law over graphs with these degrees, and this way is several times faster,
 * as few edges need a switch. Since only the repairs are not uniform, random switches in their
 * number follow.
 *
 * A graph of more than half the possible edges is drawn as its complement, which has fewer repeats.
 * Where edges are left without a place, since hardly any or no simple graph has these degrees, the
 * greedy way serves after all [Havel1955, Hakimi1962], which leaves out as few as the reference
 * program does. */
#include "generate/wiring.h"

#include <stdlib.h>
#include <string.h>

enum {
    POLL_STEPS = 4096,   /* between two polls */
    TRIES = 100,         /* random switches for one misplaced edge before all are looked through */
    LOOKS = 20,          /* cap on edges looked at for misplaced ones, per edge of the graph */
    RANDOM_SWITCHES = 10 /* per repaired edge */
};

kith_status kith_i_wiring_init(kith_i_wiring *w, int64_t edges, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_alloc(&w->slots, kith_i_pair_slots(edges), sizeof *w->slots, err));
    if (!w->groups) {
        KITH_TRY(kith_i_alloc(&w->absent_sources, edges, sizeof(uint32_t), err));
        KITH_TRY(kith_i_alloc(&w->absent_targets, edges, sizeof(uint32_t), err));
    }

done:
    return status;
}

void kith_i_wiring_clear(kith_i_wiring *w)
{
    kith_i_free(w->slots);
    kith_i_free(w->absent_sources);
    kith_i_free(w->absent_targets);
}

/* Counts some work before it is done; whether to stop. From then on no loop begins another round,
 * since the set may be incomplete. */
static bool stopped(kith_i_wiring *w, int64_t work)
{
    w->steps += work;
    if (w->steps < POLL_STEPS || w->halted) return w->halted;
    w->steps = 0;
    if (w->asks) kith_i_poll_check(w->poll, w->stage, -1, NULL);
    return w->halted = kith_i_poll_stopped(w->poll);
}

/* Starts on a graph of that many edges, with an empty set. */
static void begin(kith_i_wiring *w, uint32_t *sources, uint32_t *targets, int64_t edges)
{
    const int64_t slots = kith_i_pair_slots(edges);

    w->sources = sources;
    w->targets = targets;
    w->edges = edges;
    w->set = (kith_i_pair_set){ w->slots, (uint64_t)slots };
    for (int64_t i = 0; i < slots && !stopped(w, POLL_STEPS / 8); i += POLL_STEPS)
        memset(w->slots + i, 0xff, /* KITH_I_NO_PAIR */
               (size_t)(slots - i < POLL_STEPS ? slots - i : POLL_STEPS) * sizeof *w->slots);
}

static uint32_t *stub(const kith_i_wiring *w, int64_t i)
{
    return (i % 2 ? w->targets : w->sources) + i / 2;
}

/* Pairs the stubs: each target, from the last on, with one that is drawn from all before it. */
static void pair_stubs(kith_i_wiring *w)
{
    for (int64_t e = w->edges - 1; e > 0 && !stopped(w, 1); e--) {
        uint32_t *other = stub(w, (int64_t)kith_i_random_below(&w->random, 2 * (uint64_t)e + 1));
        const uint32_t u = *other;
        *other = w->sources[e];
        w->sources[e] = u;
    }
}

static bool allowed(const kith_i_wiring *w, uint32_t u, uint32_t v)
{
    if (u == v || (w->groups && w->groups[u] == w->groups[v])) return false;
    return !kith_i_pair_has(&w->set, kith_i_pair(u, v));
}

static bool placed(const kith_i_wiring *w, int64_t e)
{
    return w->sources[e] < w->targets[e];
}

static void put(kith_i_wiring *w, int64_t e, uint32_t u, uint32_t v, bool place)
{
    w->sources[e] = place == (u < v) ? u : v;
    w->targets[e] = place == (u < v) ? v : u;
    if (place) kith_i_pair_add(&w->set, kith_i_pair(u, v));
}

/* Places the edge if it may be; whether it is placed. */
static bool place(kith_i_wiring *w, int64_t e)
{
    const uint32_t u = w->sources[e], v = w->targets[e];

    put(w, e, u, v, allowed(w, u, v));
    return placed(w, e);
}

/* Edges e = u-v and f = x-y (or y-x) become u-x and v-y, if that leaves at most so many of the two
 * misplaced. */
static bool exchange(kith_i_wiring *w, int64_t e, int64_t f, bool flip, int most)
{
    const uint32_t u = w->sources[e], v = w->targets[e];
    const uint32_t x = flip ? w->targets[f] : w->sources[f];
    const uint32_t y = flip ? w->sources[f] : w->targets[f];

    if (e == f) return false;
    const bool first = allowed(w, u, x);
    const bool second = allowed(w, v, y) && !(first && kith_i_pair(u, x) == kith_i_pair(v, y));
    if (!first + !second > most) return false;
    if (placed(w, e)) kith_i_pair_remove(&w->set, kith_i_pair(u, v));
    if (placed(w, f)) kith_i_pair_remove(&w->set, kith_i_pair(x, y));
    put(w, e, u, x, first);
    put(w, f, v, y, second);
    return true;
}

static int64_t random_edge(kith_i_wiring *w)
{
    return (int64_t)kith_i_random_below(&w->random, (uint64_t)w->edges);
}

static bool coin(kith_i_wiring *w)
{
    return kith_i_random_next(&w->random) >> 63;
}

/* The switched edge that is misplaced, of e and f; -1 when none is. */
static int64_t misplaced_of(const kith_i_wiring *w, int64_t e, int64_t f)
{
    return !placed(w, e) ? e : !placed(w, f) ? f : -1;
}

/* Random switches for the misplaced edge e. One that only passes the misfortune on to another edge
 * is welcome, so that chains of switches are found. Returns the edge that is misplaced in the end,
 * or -1. */
static int64_t try_random(kith_i_wiring *w, int64_t e)
{
    for (int i = 0; i < TRIES; i++) {
        if (place(w, e)) return -1;
        const int64_t f = random_edge(w);
        if (exchange(w, e, f, coin(w), placed(w, f) ? 1 : 2)) e = misplaced_of(w, e, f);
        if (e < 0) return e;
    }
    return e;
}

/* Looks through all edges, from a random one on, for a switch that leaves fewer misplaced; whether
 * there was one. *e is then the one that remains, or -1. */
static bool try_all(kith_i_wiring *w, int64_t *e, int64_t *looks)
{
    const int64_t start = random_edge(w);

    for (int64_t i = 0; i < w->edges && !stopped(w, 1); i++, --*looks) {
        const int64_t f = start + i < w->edges ? start + i : start + i - w->edges;
        const int most = placed(w, f) ? 0 : 1;
        if (!exchange(w, *e, f, false, most) && !exchange(w, *e, f, true, most)) continue;
        *e = misplaced_of(w, *e, f);
        return true;
    }
    return false;
}

/* Places the misplaced edges, as far as there are places and the cap goes; returns how many edges
 * were misplaced. */
static int64_t repair(kith_i_wiring *w)
{
    int64_t repaired = 0, looks = LOOKS * (w->edges + TRIES);

    for (int64_t i = 0; i < w->edges && !stopped(w, 1); i++) {
        if (placed(w, i)) continue;
        repaired++;
        for (int64_t e = try_random(w, i); e >= 0 && looks > 0; e = try_random(w, e)) {
            if (!try_all(w, &e, &looks) || e < 0) break;
            looks -= TRIES;
        }
        if (stopped(w, TRIES)) break;
    }
    return repaired;
}

static void randomise(kith_i_wiring *w, int64_t switches)
{
    for (int64_t i = 0; i < switches && !stopped(w, 1); i++) {
        const int64_t e = random_edge(w), f = random_edge(w);
        if (placed(w, e) && placed(w, f)) exchange(w, e, f, coin(w), 0);
    }
}

/* The graph of the stubs in w->sources and w->targets; whether every edge has a place. */
static bool wire_stubs(kith_i_wiring *w)
{
    pair_stubs(w);
    for (int64_t e = 0; e < w->edges && !stopped(w, 1); e++) place(w, e);
    const int64_t repaired = repair(w);
    randomise(w, RANDOM_SWITCHES * repaired);
    for (int64_t e = 0; repaired && e < w->edges && !stopped(w, 1); e++)
        if (!placed(w, e)) return false;
    return true;
}

/* Writes `node` as the next `times` stubs, from place `at` on; returns the place after them. */
static int64_t add_stubs(kith_i_wiring *w, int64_t at, uint32_t node, int64_t times)
{
    for (int64_t i = 0; i < times; i++) *stub(w, at++) = node;
    return at;
}

/* Makes the edges that found no place loops; returns how many there are. */
static int64_t mark_misplaced(kith_i_wiring *w)
{
    int64_t count = 0;

    for (int64_t e = 0; e < w->edges && !stopped(w, 1); e++)
        if (!placed(w, e)) {
            w->targets[e] = w->sources[e];
            count++;
        }
    return count;
}

/* ---- The complement ---- */

/* Draws the edges that are not there into the set; whether all of them have a place. */
static bool wire_complement(kith_i_wiring *w, const uint32_t *nodes, int64_t count,
                            const uint32_t *degree, int64_t edges)
{
    int64_t at = 0;

    begin(w, w->absent_sources, w->absent_targets, count * (count - 1) / 2 - edges);
    for (int64_t i = 0; i < count; i++)
        at = add_stubs(w, at, nodes[i], count - 1 - degree[nodes[i]]);
    return wire_stubs(w);
}

/* The pairs of nodes that are not in the set, as edges. */
static void write_present(kith_i_wiring *w, const uint32_t *nodes, int64_t count, uint32_t *sources,
                          uint32_t *targets)
{
    int64_t e = 0;

    for (int64_t i = 0; i < count && !stopped(w, i); i++)
        for (int64_t j = 0; j < i; j++) {
            if (kith_i_pair_has(&w->set, kith_i_pair(nodes[i], nodes[j]))) continue;
            sources[e] = nodes[i];
            targets[e++] = nodes[j];
        }
}

/* ---- The greedy way ---- */

/* A node with its number of stubs that are left, above it so that numbers sort. */
static uint32_t stubs_left(uint64_t ranked)
{
    return (uint32_t)(ranked >> 32);
}

static int more_stubs_first(const void *x, const void *y)
{
    const uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

    return a > b ? -1 : a < b;
}

/* The first place from `from` on, up to `end`, where at most so many stubs are left. */
static int64_t first_with(const uint64_t *ranked, int64_t from, int64_t end, uint32_t at_most)
{
    while (from < end) {
        const int64_t middle = from + (end - from) / 2;
        if (stubs_left(ranked[middle]) <= at_most) end = middle;
        else from = middle + 1;
    }
    return from;
}

/* Joins the ranked nodes: each, from the first on, to those with most stubs left, and of the last
 * kind of these to the last ones, so that the ranking stays one. Returns how many edges that
 * were. */
static int64_t join_ranked(kith_i_wiring *w, uint64_t *ranked, int64_t end)
{
    int64_t e = 0;

    for (int64_t i = 0; i < end; i++) {
        while (end > i + 1 && !stubs_left(ranked[end - 1])) end--;
        const int64_t wanted = stubs_left(ranked[i]);
        const int64_t joined = wanted < end - i - 1 ? wanted : end - i - 1;
        if (joined == 0 || stopped(w, joined)) break;
        const uint32_t least = stubs_left(ranked[i + joined]);
        const int64_t run = first_with(ranked, i + 1, end, least);
        const int64_t run_end = first_with(ranked, run, end, least - 1);
        for (int64_t k = 0; k < joined; k++, e++) {
            const int64_t j = i + 1 + k < run ? i + 1 + k : run_end - (joined - k);
            w->sources[e] = (uint32_t)ranked[i];
            w->targets[e] = (uint32_t)ranked[j];
            ranked[j] -= UINT64_C(1) << 32;
        }
    }
    return e;
}

/* The graph that joining the nodes of most stubs gives, randomised. The ranking stands in the
 * memory of the set, which is not in use yet: at most two nodes per edge have stubs. */
static void wire_greedily(kith_i_wiring *w, const uint32_t *nodes, int64_t count,
                          const uint32_t *degree, uint32_t *sources, uint32_t *targets,
                          int64_t edges)
{
    uint64_t *ranked = w->slots;
    int64_t end = 0;

    w->sources = sources;
    w->targets = targets;
    for (int64_t i = 0; i < count; i++)
        if (degree[nodes[i]]) ranked[end++] = (uint64_t)degree[nodes[i]] << 32 | nodes[i];
    qsort(ranked, (size_t)end, sizeof *ranked, more_stubs_first);
    for (int64_t e = join_ranked(w, ranked, end); e < edges; e++)
        sources[e] = targets[e] = nodes[0];
    begin(w, sources, targets, edges);
    for (int64_t e = 0; e < edges && !stopped(w, 1); e++) place(w, e);
    randomise(w, RANDOM_SWITCHES * edges);
}

int64_t kith_i_wire(kith_i_wiring *w, const uint32_t *nodes, int64_t count, const uint32_t *degree,
                    kith_i_random random, uint32_t *sources, uint32_t *targets)
{
    int64_t sum = 0, at = 0;

    w->random = random;
    for (int64_t i = 0; i < count; i++) sum += degree[nodes[i]];
    if (!w->groups && 2.0 * (double)sum > (double)count * (double)(count - 1)) {
        if (wire_complement(w, nodes, count, degree, sum / 2)) {
            write_present(w, nodes, count, sources, targets);
            return 0;
        }
    } else {
        begin(w, sources, targets, sum / 2);
        for (int64_t i = 0; i < count && !stopped(w, degree[nodes[i]]); i++)
            at = add_stubs(w, at, nodes[i], degree[nodes[i]]);
        if (wire_stubs(w) || w->groups) return mark_misplaced(w);
    }
    if (w->halted) return 0;
    wire_greedily(w, nodes, count, degree, sources, targets, sum / 2);
    return mark_misplaced(w);
}
