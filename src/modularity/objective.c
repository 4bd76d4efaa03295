/* Quality functions in one form, and the levels they are defined on. */
#include "modularity/objective.h"

#include "graph/coarsen.h"

#include <inttypes.h>
#include <math.h>

const char *const kith_i_objective_names[] = { "modularity", "cpm", "rb", NULL };

/* Strengths as masses; a directed graph is replaced by A + A^T. */
static kith_status modularity_init(const kith_graph *graph, double resolution, kith_i_poll *poll,
                                   kith_i_objective *o, kith_i_level *level, kith_error *err)
{
    kith_status status = KITH_OK;
    const double m = o->weight;

    if (graph->directed) {
        KITH_TRY(kith_i_alloc(&level->in, graph->nodes, sizeof *level->in, err));
        KITH_TRY(kith_i_graph_strengths(graph, poll, level->out, level->in, err));
        KITH_TRY(kith_i_graph_symmetrise(graph, KITH_DUPLICATES_SUM, poll, &level->owned, err));
        level->graph = level->owned;
    } else {
        KITH_TRY(kith_i_graph_strengths(graph, poll, level->out, NULL, err));
    }
    o->scale = 1 / m;
    o->g = m > 0 ? resolution / (graph->directed ? m : 2 * m) : 0;

done:
    return status;
}

/* Node sizes as masses. */
static kith_status potts_init(const kith_graph *graph, bool relative, double resolution,
                              const double *sizes, kith_i_objective *o, kith_i_level *level,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    double total = 0;

    for (int64_t v = 0; v < graph->nodes; v++) {
        level->out[v] = sizes ? sizes[v] : 1;
        KITH_CHECK(isfinite(level->out[v]) && level->out[v] >= 0, KITH_E_INPUT,
                   "size %g of node %" PRId64 " (expected a finite number of at least 0)",
                   level->out[v], v);
        total += level->out[v];
    }
    const double pairs = total * (total - 1) / 2;
    const double density = pairs > 0 ? o->weight / pairs : 0;
    o->g = relative ? resolution * density : resolution;
    o->scale = 1;
    o->offset = o->g / 2 * total;

done:
    return status;
}

kith_status kith_i_objective_init(const kith_graph *graph, int objective, double resolution,
                                  const double *node_sizes, int64_t largest, kith_i_poll *poll,
                                  kith_i_objective *out, kith_i_level *level, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_objective o = { .directed = graph->directed, .largest = largest ? largest : INT64_MAX };
    kith_run run;
    kith_i_poll patient = kith_i_poll_patient(poll, &run);

    *level = (kith_i_level){ .graph = graph };
    KITH_CHECK(objective == KITH_OBJECTIVE_MODULARITY || !graph->directed, KITH_E_ARGUMENT,
               "objective is %s on a directed graph (expected modularity)",
               kith_i_objective_names[objective]);
    KITH_TRY(kith_i_graph_total_weight(graph, &patient, &o.weight, err));
    o.least_gain = 1e-12 * o.weight;
    KITH_TRY(kith_i_alloc(&level->out, graph->nodes, sizeof *level->out, err));
    if (objective == KITH_OBJECTIVE_MODULARITY)
        KITH_TRY(modularity_init(graph, resolution, &patient, &o, level, err));
    else
        KITH_TRY(potts_init(graph, objective == KITH_OBJECTIVE_RB, resolution, node_sizes, &o,
                            level, err));
    if (!level->in) level->in = level->out;
    if (largest) {
        KITH_TRY(kith_i_alloc(&level->count, graph->nodes, sizeof *level->count, err));
        for (int64_t v = 0; v < graph->nodes; v++) level->count[v] = 1;
    }
    *out = o;

done:
    if (status != KITH_OK) kith_i_level_clear(level);
    return status;
}

/* coarse[label] = sum of fine over the nodes of that label, in the order of the nodes. */
static kith_status add_masses(const double *fine, const uint32_t *labels, int64_t nodes,
                              int64_t communities, double **coarse, kith_error *err)
{
    const kith_status status = kith_i_zeroed(coarse, communities, sizeof **coarse, err);

    if (status == KITH_OK)
        for (int64_t v = 0; v < nodes; v++) (*coarse)[labels[v]] += fine[v];
    return status;
}

kith_status kith_i_level_coarsen(const kith_i_level *fine, const uint32_t *labels,
                                 int64_t communities, int threads, kith_i_poll *poll,
                                 kith_i_level *coarse, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = fine->graph->nodes;
    kith_i_level level = {0};

    *coarse = level;
    KITH_TRY(kith_i_graph_coarsen(fine->graph, labels, communities, threads, poll,
                                  &level.owned, err));
    level.graph = level.owned;
    KITH_TRY(add_masses(fine->out, labels, n, communities, &level.out, err));
    if (fine->in == fine->out) level.in = level.out;
    else KITH_TRY(add_masses(fine->in, labels, n, communities, &level.in, err));
    if (fine->count) {
        KITH_TRY(kith_i_zeroed(&level.count, communities, sizeof *level.count, err));
        for (int64_t v = 0; v < n; v++) level.count[labels[v]] += fine->count[v];
    }
    *coarse = level;
    level = (kith_i_level){0};

done:
    kith_i_level_clear(&level);
    return status;
}

void kith_i_level_clear(kith_i_level *level)
{
    kith_graph_free(level->owned);
    if (level->in != level->out) kith_i_free(level->in);
    kith_i_free(level->out);
    kith_i_free(level->count);
    *level = (kith_i_level){0};
}

/* The weight of the loop of a node, 0 without one. Coarse rows may be unsorted. */
static double loop_weight(const kith_graph *graph, int64_t v)
{
    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
        if (graph->targets[e] == v) return kith_i_weight(graph, e);
    return 0;
}

double kith_i_objective_value(const kith_i_objective *o, const kith_i_level *level)
{
    double inside = 0, pairs = 0;

    for (int64_t v = 0; v < level->graph->nodes; v++) {
        inside += loop_weight(level->graph, v);
        pairs += o->directed ? level->out[v] * level->in[v] : level->out[v] * level->out[v] / 2;
    }
    return isfinite(o->scale) ? o->scale * (inside - o->g * pairs) + o->offset : NAN;
}
