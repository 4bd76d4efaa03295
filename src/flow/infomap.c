/* Infomap [Rosvall2008; Rosvall2010]: the modules that tell a random walk in the fewest bits.
 *
 * A partition is improved from three sides. Nodes move between modules, and modules, once none
 * does, as if they were nodes (flow/climb.h). Then nodes move again out of what they were moved
 * with (fine tuning), and so do the parts that a module falls into when it is told for itself
 * (coarse tuning). */
#include "kith/infomap.h"

#include "core/spec.h"
#include "flow/levels.h"
#include "graph/partition.h"

#include <float.h>
#include <string.h>

static const char *const maps[] = { "two-level", "top", "bottom", NULL };

static const kith_option rows[] = {
    KITH_OPTION_CHOICE(kith_infomap_options, map, maps,
                       "modules of nodes, or of a hierarchy the largest or smallest"),
    KITH_OPTION(kith_infomap_options, teleportation, F64, 0, 1 - DBL_EPSILON,
                "of a walker on directed graphs, per step"),
    KITH_OPTION(kith_infomap_options, trials, I64, 1, 1000,
                "from different random orders; the shortest code stays"),
    KITH_OPTION(kith_infomap_options, iterations, I64, 0, INT64_MAX,
                "cap on tunings of a trial; 0: to stability"),
    KITH_OPTION(kith_infomap_options, tolerance, F64, 0, DBL_MAX,
                "gain of a tuning that is worth another one, of the code length"),
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const double n = (double)graph->nodes, entries = (double)graph->entries;

    (void)options;
    return 160 * n + (graph->directed ? 36 : 12) * entries;
}

KITH_I_ALGORITHM(partition, infomap, KITH_INFOMAP_OPTIONS_INIT, rows, bytes,
                 "modules that tell a random walk in the fewest bits, the map equation");

typedef struct {
    const kith_infomap_options *options;
    kith_i_network network;
    kith_i_climber climber;
    uint32_t *labels; /* of this trial */
    uint32_t *best;   /* of all trials */
    int64_t modules, best_modules, levels;
    double nodes_length;     /* of the code: the nodes' share, - sum f(p) */
    double length, shortest; /* the other part, of these two partitions */
    double moving, tuning;   /* seconds */
} search;

static const kith_i_parts whole = { .count = 1 };

/* Each module is told for itself, as if its way out were one more of its parts; what it falls into
 * then moves. */
static kith_status tune_coarsely(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->network.graph->nodes;
    kith_i_network modules = { 0 }, pieces = { 0 };
    uint32_t *piece = NULL, *units = NULL;
    int64_t count;

    KITH_TRY(kith_i_alloc(&piece, n, sizeof *piece, err));
    KITH_TRY(kith_i_network_coarsen(&s->network, s->labels, s->modules, s->climber.threads,
                                    s->climber.poll, &modules, err));
    const kith_i_parts parts = { s->modules, s->labels, modules.exit };
    kith_i_map_singletons(piece, n);
    KITH_TRY(kith_i_map_climb(&s->climber, &s->network, &parts, piece, &count, err));
    KITH_TRY(kith_i_network_coarsen(&s->network, piece, count, s->climber.threads, s->climber.poll,
                                    &pieces, err));
    KITH_TRY(kith_i_alloc(&units, count, sizeof *units, err));
    for (int64_t v = 0; v < n; v++) units[piece[v]] = s->labels[v];
    status = kith_i_map_climb(&s->climber, &pieces, &whole, units, &s->modules, err);
    for (int64_t v = 0; v < n; v++) s->labels[v] = units[piece[v]];

done:
    kith_i_network_clear(&modules);
    kith_i_network_clear(&pieces);
    kith_i_free(piece);
    kith_i_free(units);
    return status;
}

/* One trial, until tuning gains too little. */
static kith_status try_once(search *s, kith_partition *end, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_infomap_options *o = s->options;
    double before, clock = kith_i_now();

    kith_i_map_singletons(s->labels, s->network.graph->nodes);
    KITH_TRY(kith_i_map_climb(&s->climber, &s->network, &whole, s->labels, &s->modules, err));
    s->moving += kith_i_now() - clock;
    KITH_TRY(kith_i_map_lengths(&s->network, &whole, s->labels, &s->length, err));
    end->stop = KITH_STOP_ITERATIONS;
    for (int64_t i = 0; !o->iterations || i < o->iterations; i++) {
        before = s->length;
        clock = kith_i_now();
        KITH_TRY(kith_i_map_climb(&s->climber, &s->network, &whole, s->labels, &s->modules, err));
        KITH_TRY(tune_coarsely(s, err));
        s->tuning += kith_i_now() - clock;
        end->iterations++;
        KITH_TRY(kith_i_map_lengths(&s->network, &whole, s->labels, &s->length, err));
        if (!(before - s->length > o->tolerance * (s->nodes_length + before))) {
            end->stop = KITH_STOP_CONVERGED;
            break;
        }
    }

done:
    return status;
}

/* All trials: the shortest code stays. Time that runs out ends the last one early. */
static kith_status try_all(search *s, kith_partition *end, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->network.graph->nodes;

    s->shortest = INFINITY;
    for (int64_t i = 0; i < s->options->trials && end->stop != KITH_STOP_TIME; i++) {
        kith_partition trial = { 0 };
        s->climber.random = kith_i_random_at(s->options->run.seed, 0, (uint64_t)i);
        status = try_once(s, &trial, err);
        if (status == KITH_E_TIME) {
            trial.stop = KITH_STOP_TIME;
            status = kith_i_map_lengths(&s->network, &whole, s->labels, &s->length, err);
        }
        KITH_TRY(status);
        end->iterations += trial.iterations;
        if (i == 0 || trial.stop == KITH_STOP_TIME) end->stop = trial.stop;
        if (s->length >= s->shortest) continue;
        s->shortest = s->length;
        memcpy(s->best, s->labels, (size_t)n * sizeof *s->best);
        s->best_modules = s->modules;
        if (trial.stop != KITH_STOP_TIME) end->stop = trial.stop;
    }

done:
    return status;
}

/* Levels above and below the best modules, of which the largest or the smallest are the result. */
static kith_status build_levels(search *s, kith_partition *end, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool top = s->options->map == KITH_INFOMAP_TOP;
    uint32_t *bottom = s->best;

    if (s->options->map == KITH_INFOMAP_TWO_LEVEL || end->stop == KITH_STOP_TIME) return KITH_OK;
    status = kith_i_map_levels(&s->climber, &s->network, bottom, &s->best_modules, s->labels,
                               &s->shortest, &s->levels, err);
    if (status == KITH_E_TIME) {
        end->stop = KITH_STOP_TIME;
        status = KITH_OK;
    }
    if (!top) return status;
    s->best = s->labels;
    s->labels = bottom;
    return status;
}

kith_status kith_infomap(const kith_graph *graph, const kith_infomap_options *options,
                         kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_infomap_options o;
    search s = { .options = &o, .levels = 2 };
    kith_partition end = { 0 };
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_infomap_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.run);
    s.climber.poll = &poll;
    s.climber.threads = kith_i_threads_for(&o.run, graph->entries);
    KITH_TRY(kith_i_graph_require_unsigned(graph, &poll, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, &o), "Infomap", err));
    double clock = kith_i_now();
    KITH_TRY(kith_i_network_init(graph, o.teleportation, &poll, &s.network, err));
    const double walking = kith_i_now() - clock;
    for (int64_t v = 0; v < graph->nodes; v++) s.nodes_length -= kith_i_plogp(s.network.flow[v]);
    KITH_TRY(kith_i_alloc(&s.labels, graph->nodes, sizeof *s.labels, err));
    KITH_TRY(kith_i_alloc(&s.best, graph->nodes, sizeof *s.best, err));
    KITH_TRY(try_all(&s, &end, err));
    clock = kith_i_now();
    KITH_TRY(build_levels(&s, &end, err));
    const double building = kith_i_now() - clock;
    KITH_TRY(kith_i_partition_new(graph->nodes, s.best, &poll, out, err));
    (*out)->quality = s.nodes_length + s.shortest;
    (*out)->iterations = end.iterations;
    (*out)->stop = end.stop;
    (*out)->converged = end.stop == KITH_STOP_CONVERGED;
    kith_i_partition_figure(*out, "one_level_length", s.nodes_length);
    kith_i_partition_figure(*out, "levels", (double)s.levels);
    kith_i_partition_phase(*out, "walk", walking);
    kith_i_partition_phase(*out, "moving", s.moving);
    kith_i_partition_phase(*out, "tuning", s.tuning);
    if (o.map != KITH_INFOMAP_TWO_LEVEL) kith_i_partition_phase(*out, "levels", building);

done:
    kith_i_network_clear(&s.network);
    kith_i_free(s.labels);
    kith_i_free(s.best);
    return status;
}
