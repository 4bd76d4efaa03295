/* BRIM [Barber2007].
 *
 *   paper      here
 *   R, T       labels of rows and of columns
 *   B~         B - gamma d f^T / w, never made: a row chooses by N_ik - gamma d_i F_k / w
 *   c          count, the number of communities
 *
 *   kith_brim
 *     adapt      double c while Q rises, then bisect
 *       split      the largest communities in two, at random
 *       induce     sides in turn, until Q does not rise
 *
 * All nodes of a side choose at once: what one of them chooses changes nothing for the others, so
 * no round lowers Q. */
#include "kith/brim.h"

#include "core/spec.h"
#include "modularity/barber.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { POLL_NODES = 1 << 12 };

typedef struct {
    kith_i_sides sides;
    double       g; /* gamma / w */
    kith_i_poll  poll;
    int          threads;
    uint64_t     seed, draws;
    uint32_t    *labels, *best; /* by node, below `count` and below `best_count` */
    int64_t      count, best_count, largest;
    double       best_q;
    double      *mass;    /* by label: strength on the other side */
    double      *tallies; /* `largest` for each thread */
    int64_t      rounds;
} modules;

static kith_status modules_init(modules *s, const kith_brim_options *o, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->sides.graph->nodes, columns = n - s->sides.rows;
    const int64_t fewer = s->sides.rows < columns ? s->sides.rows : columns;

    s->threads = kith_i_threads_for(&o->run, s->sides.graph->entries);
    s->largest = o->k && o->k < fewer ? o->k : fewer > 1 ? fewer : 1;
    s->g = s->sides.weight > 0 ? o->resolution / s->sides.weight : 0;
    s->seed = o->run.seed;
    KITH_TRY(kith_i_zeroed(&s->labels, n, sizeof *s->labels, err));
    KITH_TRY(kith_i_zeroed(&s->best, n, sizeof *s->best, err));
    KITH_TRY(kith_i_alloc(&s->mass, s->largest, sizeof *s->mass, err));
    KITH_TRY(kith_i_zeroed(&s->tallies, s->threads * s->largest, sizeof *s->tallies, err));

done:
    return status;
}

static void modules_clear(modules *s)
{
    kith_i_sides_clear(&s->sides);
    kith_i_free(s->labels);
    kith_i_free(s->best);
    kith_i_free(s->mass);
    kith_i_free(s->tallies);
}

/* What the nodes begin to end - 1 weigh in each community; returns the lightest one. */
static uint32_t weigh(modules *s, int64_t begin, int64_t end)
{
    uint32_t lightest = 0;

    memset(s->mass, 0, (size_t)s->count * sizeof *s->mass);
    for (int64_t v = begin; v < end; v++) s->mass[s->labels[v]] += s->sides.strength[v];
    for (int64_t k = 1; k < s->count; k++)
        if (s->mass[k] < s->mass[lightest]) lightest = (uint32_t)k;
    return lightest;
}

/* The community of largest N_vk - gamma s_v M_k / w: one of a neighbour, or the lightest. Of equals
 * the lowest, but the present one before all. */
static uint32_t choose(const modules *s, int64_t v, uint32_t lightest, double *tally)
{
    const kith_graph *graph = s->sides.graph;
    const double strength = s->g * s->sides.strength[v];
    const uint32_t own = s->labels[v];
    uint32_t best = own;

    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
        tally[s->labels[graph->targets[e]]] += kith_i_weight(graph, e);
    double most = tally[own] - strength * s->mass[own];
    if (tally[lightest] - strength * s->mass[lightest] > most) {
        most = tally[lightest] - strength * s->mass[lightest];
        best = lightest;
    }
    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
        const uint32_t k = s->labels[graph->targets[e]];
        const double worth = tally[k] - strength * s->mass[k];
        if (worth > most || (worth == most && best != own && k < best)) {
            most = worth;
            best = k;
        }
    }
    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
        tally[s->labels[graph->targets[e]]] = 0;
    return best;
}

/* The nodes begin to end - 1 choose among the communities of the others. */
static kith_status choose_side(modules *s, int64_t begin, int64_t end, kith_error *err)
{
    const int64_t n = s->sides.graph->nodes;
    const uint32_t lightest = weigh(s, begin ? 0 : end, begin ? begin : n);

#pragma omp parallel for schedule(dynamic, 256) num_threads(s->threads) if (s->threads > 1)
    for (int64_t v = begin; v < end; v++) {
        const int thread = omp_get_thread_num();
        if (thread == 0 && (v - begin) % POLL_NODES == 0)
            kith_i_poll_check(&s->poll, "inducing modules", -1, err);
        if (!kith_i_poll_stopped(&s->poll))
            s->labels[v] = choose(s, v, lightest, s->tallies + thread * s->largest);
    }
    return kith_i_poll_check(&s->poll, "inducing modules", -1, err);
}

/* Sides in turn, until Q does not rise; the best labels are kept. */
static kith_status induce(modules *s, double gamma, double *q, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t rows = s->sides.rows, n = s->sides.graph->nodes;
    double now = -INFINITY;

    do {
        *q = now;
        KITH_TRY(choose_side(s, rows, n, err));
        KITH_TRY(choose_side(s, 0, rows, err));
        KITH_TRY(kith_i_barber(&s->sides, s->labels, gamma, &now, err));
        s->rounds++;
    } while (now > *q + 1e-12);
    *q = now;

done:
    return status;
}

/* Splits each of the first `more` of `count` communities of the best labels in two, at random. */
static void split(modules *s, int64_t more)
{
    kith_i_random random = kith_i_random_at(s->seed, 0, s->draws++);

    for (int64_t v = 0; v < s->sides.graph->nodes; v++) {
        const uint32_t k = s->best[v];
        const bool moves = kith_i_random_next(&random) >> 63;
        s->labels[v] = moves && k < more ? (uint32_t)(s->best_count + k) : k;
    }
    s->count = s->best_count + more;
}

/* Induces from the best labels with `more` communities split; keeps what is better. */
static kith_status try_more(modules *s, int64_t more, double gamma, bool *better, kith_error *err)
{
    kith_status status = KITH_OK;
    double q;

    split(s, more);
    KITH_TRY(induce(s, gamma, &q, err));
    *better = q > s->best_q + 1e-12;
    if (!*better) goto done;
    s->best_q = q;
    s->best_count = s->count;
    memcpy(s->best, s->labels, (size_t)s->sides.graph->nodes * sizeof *s->best);

done:
    return status;
}

/* Doubles the number of communities while Q rises, then halves what is added. */
static kith_status adapt(modules *s, double gamma, kith_error *err)
{
    kith_status status = KITH_OK;
    bool better = true;

    s->best_count = 1;
    KITH_TRY(kith_i_barber(&s->sides, s->best, gamma, &s->best_q, err));
    while (better && s->best_count < s->largest) {
        const int64_t room = s->largest - s->best_count;
        KITH_TRY(try_more(s, room < s->best_count ? room : s->best_count, gamma, &better, err));
    }
    for (int64_t more = s->best_count / 2; more > 0; more = better ? more : more / 2) {
        if (more > s->largest - s->best_count) more = s->largest - s->best_count;
        if (more == 0) break;
        KITH_TRY(try_more(s, more, gamma, &better, err));
    }

done:
    return status;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_brim_options, bipartite, BIPARTITE, 0, 0, "rows and columns"),
    KITH_OPTION(kith_brim_options, k, I64, 0, INT64_MAX,
                "at most so many communities; 0: as many as raise the quality"),
    KITH_OPTION(kith_brim_options, resolution, F64, 0, DBL_MAX, "higher: smaller communities"),
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const int64_t threads = kith_i_threads(options);

    return (28 + 8 * (double)threads) * (double)graph->nodes;
}

KITH_I_ALGORITHM(partition, brim, KITH_BRIM_OPTIONS_INIT, rows, bytes,
                 "communities of rows and columns that choose one another's in turn");

kith_status kith_brim(const kith_graph *graph, const kith_brim_options *options,
                      kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_brim_options o;
    modules s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_brim_code.options, &o, options, err));
    kith_i_poll_start(&s.poll, &o.run);
    KITH_TRY(kith_i_sides_init(graph, o.bipartite, &s.poll, &s.sides, err));
    KITH_TRY(kith_i_memory_require(bytes(s.sides.graph, &o), "BRIM", err));
    KITH_TRY(modules_init(&s, &o, err));
    status = adapt(&s, o.resolution, err);
    const kith_stop stop = status == KITH_E_TIME ? KITH_STOP_TIME : KITH_STOP_CONVERGED;
    if (status != KITH_E_TIME) KITH_TRY(status);
    KITH_TRY(kith_i_sides_partition(&s.sides, s.best, &s.poll, out, err));
    (*out)->quality = s.best_q;
    (*out)->iterations = s.rounds;
    (*out)->stop = stop;
    (*out)->converged = stop == KITH_STOP_CONVERGED;

done:
    modules_clear(&s);
    return status;
}
