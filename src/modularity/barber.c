/* Barber modularity and the sides it is defined on. */
#include "modularity/barber.h"

#include "graph/bipartite.h"

#include <math.h>

/* The entries of the adjacency as edges from row nodes to column nodes. */
static kith_status adjacency_sides(const kith_graph *graph, kith_i_poll *poll, kith_bipartite **out,
                                   kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph_options options = KITH_GRAPH_OPTIONS_INIT;
    const int64_t n = graph->nodes, m = graph->entries;
    kith_i_edges edges = { .count = m };

    KITH_TRY(kith_i_alloc(&edges.sources, m, sizeof *edges.sources, err));
    KITH_TRY(kith_i_alloc(&edges.targets, m, sizeof *edges.targets, err));
    if (kith_graph_weighted(graph))
        KITH_TRY(kith_i_alloc(&edges.weights, m, sizeof *edges.weights, err));
    for (int64_t v = 0; v < n; v++) {
        KITH_TRY(kith_i_poll_pass(poll, "splitting sides", v, n, err));
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            edges.sources[e] = (uint32_t)v;
            edges.targets[e] = graph->targets[e];
            if (edges.weights) edges.weights[e] = kith_i_weight(graph, e);
        }
    }
    KITH_TRY(kith_i_bipartite_build(&edges, n, n, &options, poll, NULL, out, err));

done:
    kith_i_edges_clear(&edges);
    return status;
}

kith_status kith_i_sides_init(const kith_graph *graph, const kith_bipartite *bipartite,
                              kith_i_poll *poll, kith_i_sides *out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_run run;
    kith_i_poll patient = kith_i_poll_patient(poll, &run);

    *out = (kith_i_sides){ .whole = bipartite != NULL };
    KITH_CHECK(!bipartite || kith_bipartite_graph(bipartite) == graph, KITH_E_ARGUMENT,
               "bipartite is not the one whose graph is given (expected kith_bipartite_graph())");
    KITH_TRY(kith_i_graph_require_unsigned(graph, poll, err));
    if (!bipartite) KITH_TRY(adjacency_sides(graph, &patient, &out->owned, err));
    out->graph = bipartite ? graph : kith_bipartite_graph(out->owned);
    out->rows = kith_bipartite_rows(bipartite ? bipartite : out->owned);
    KITH_TRY(kith_i_alloc(&out->strength, out->graph->nodes, sizeof *out->strength, err));
    KITH_TRY(kith_i_graph_strengths(out->graph, &patient, out->strength, NULL, err));
    KITH_TRY(kith_i_graph_total_weight(out->graph, &patient, &out->weight, err));

done:
    if (status != KITH_OK) kith_i_sides_clear(out);
    return status;
}

void kith_i_sides_clear(kith_i_sides *sides)
{
    kith_bipartite_free(sides->owned);
    kith_i_free(sides->strength);
    *sides = (kith_i_sides){ 0 };
}

kith_status kith_i_barber_init(const kith_i_sides *sides, double resolution, kith_i_objective *out,
                               kith_i_level *level, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = sides->graph->nodes;

    *out = (kith_i_objective){ .directed = true,
                               .g = sides->weight > 0 ? resolution / sides->weight : 0,
                               .scale = 1 / sides->weight,
                               .weight = sides->weight,
                               .least_gain = 1e-12 * sides->weight,
                               .largest = INT64_MAX };
    *level = (kith_i_level){ .graph = sides->graph };
    KITH_TRY(kith_i_zeroed(&level->out, n, sizeof *level->out, err));
    KITH_TRY(kith_i_zeroed(&level->in, n, sizeof *level->in, err));
    for (int64_t v = 0; v < n; v++)
        (v < sides->rows ? level->out : level->in)[v] = sides->strength[v];

done:
    if (status != KITH_OK) kith_i_level_clear(level);
    return status;
}

kith_status kith_i_barber(const kith_i_sides *sides, const uint32_t *labels, double resolution,
                          double *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *graph = sides->graph;
    const int64_t n = graph->nodes;
    double *d = NULL, *f = NULL, inside = 0, expected = 0;

    KITH_TRY(kith_i_zeroed(&d, n, sizeof *d, err));
    KITH_TRY(kith_i_zeroed(&f, n, sizeof *f, err));
    for (int64_t v = 0; v < n; v++) (v < sides->rows ? d : f)[labels[v]] += sides->strength[v];
    for (int64_t k = 0; k < n; k++) expected += d[k] * f[k];
    for (int64_t v = 0; v < sides->rows; v++)
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++)
            if (labels[graph->targets[e]] == labels[v]) inside += kith_i_weight(graph, e);
    *out = sides->weight > 0
               ? (inside - resolution * expected / sides->weight) / sides->weight
               : NAN;

done:
    kith_i_free(d);
    kith_i_free(f);
    return status;
}

/* How many labels there are among nodes begin to end - 1; `seen` is theirs to write. */
static int64_t count_labels(const uint32_t *labels, int64_t begin, int64_t end, uint8_t *seen,
                            uint8_t side)
{
    int64_t count = 0;

    for (int64_t v = begin; v < end; v++) {
        count += !(seen[labels[v]] & side);
        seen[labels[v]] |= side;
    }
    return count;
}

kith_status kith_i_sides_partition(const kith_i_sides *sides, const uint32_t *labels,
                                   kith_i_poll *poll, kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = sides->graph->nodes;
    uint32_t *rows = NULL;
    uint8_t *seen = NULL;

    KITH_TRY(kith_i_zeroed(&seen, n, 1, err));
    const int64_t row_communities = count_labels(labels, 0, sides->rows, seen, 1);
    const int64_t column_communities = count_labels(labels, sides->rows, n, seen, 2);
    if (!sides->whole) { /* labels below the number of rows: the lowest row of each */
        uint32_t *first;
        KITH_TRY(kith_i_alloc(&rows, sides->rows + n, sizeof *rows, err));
        first = rows + sides->rows;
        for (int64_t v = sides->rows; v-- > 0;) first[labels[v]] = (uint32_t)v;
        for (int64_t v = 0; v < sides->rows; v++) rows[v] = first[labels[v]];
    }
    KITH_TRY(kith_i_partition_new(sides->whole ? n : sides->rows, rows ? rows : labels, poll, out,
                                  err));
    kith_i_partition_figure(*out, "row_communities", (double)row_communities);
    kith_i_partition_figure(*out, "column_communities", (double)column_communities);

done:
    kith_i_free(rows);
    kith_i_free(seen);
    return status;
}
