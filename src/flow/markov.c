/* Markov clustering [vanDongen2000]: flow expands and inflates in turn until it stands still; nodes
 * whose flow ends in the same place are a community. */
#include "kith/markov.h"

#include "core/grb.h"
#include "core/spec.h"
#include "flow/flow.h"
#include "graph/partition.h"

#include <float.h>
#include <math.h>

static const kith_option rows[] = {
    KITH_OPTION(kith_markov_options, inflation, F64, 1.01, DBL_MAX,
                "higher: smaller communities"),
    KITH_OPTION(kith_markov_options, threshold, F64, 0, 1,
                "smaller entries of the expanded flow are dropped"),
    KITH_OPTION(kith_markov_options, max_entries, I64, 1, INT64_MAX,
                "of a column of the flow; the largest stay"),
    KITH_OPTION(kith_markov_options, iterations, I64, 1, INT64_MAX, "cap on iterations"),
    { 0 }
};

/* An entry of the flow stands three times, at 16 bytes: now, in the matrix that is multiplied, and
 * in the next flow. After the first expansion a column has at most the entries of its neighbours'.
 */
static double bytes(const kith_graph *graph, const void *options)
{
    const kith_markov_options *o = options;
    const double n = (double)graph->nodes, mean = n > 0 ? (double)graph->entries / n + 1 : 0;
    const double most = fmin(fmin((double)o->max_entries, 1 / o->threshold), n);

    return 48 * n * fmax(mean, fmin(most, mean * mean)) + 40 * n;
}

KITH_I_ALGORITHM(partition, markov, KITH_MARKOV_OPTIONS_INIT, rows, bytes,
                 "communities as the attractors of a flow that expands and inflates");

/* Steps until the flow stands still. A time limit ends it with the flow of the last whole step, and
 * is an error before there is one. */
static kith_status simulate(kith_i_flow *flow, const kith_markov_options *o, kith_i_poll *poll,
                            kith_partition *end, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_flow_rule rule = { .inflation = o->inflation, .threshold = o->threshold,
                                    .max_entries = o->max_entries,
                                    .threads = kith_i_threads(&o->run) };
    bool moved = flow->nodes > 0;

    end->stop = KITH_STOP_ITERATIONS;
    while (moved && end->iterations < o->iterations) {
        status = kith_i_flow_step(flow, &rule, poll, &moved, err);
        if (status == KITH_E_TIME && end->iterations > 0) {
            end->stop = KITH_STOP_TIME;
            return KITH_OK;
        }
        KITH_TRY(status);
        end->iterations++;
    }
    if (!moved) end->stop = KITH_STOP_CONVERGED;

done:
    return status;
}

kith_status kith_markov(const kith_graph *graph, const kith_markov_options *options,
                        kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_markov_options o;
    kith_graph *undirected = NULL;
    kith_i_flow flow = { 0 };
    uint32_t *labels = NULL;
    kith_partition end = { 0 };
    kith_i_poll poll;
    kith_run run; /* without the time limit, while there is nothing that it could end */

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_markov_code.options, &o, options, err));
    KITH_TRY(kith_init(err));
    kith_i_poll_start(&poll, &o.run);
    kith_i_poll patient = kith_i_poll_patient(&poll, &run);
    KITH_TRY(kith_i_graph_require_unsigned(graph, &poll, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, &o), "Markov clustering", err));
    const double began = kith_i_now();
    if (graph->directed)
        KITH_TRY(kith_i_graph_symmetrise(graph, KITH_DUPLICATES_SUM, &patient, &undirected, err));
    KITH_TRY(kith_i_alloc(&labels, graph->nodes, sizeof *labels, err));
    KITH_TRY(kith_i_flow_start(undirected ? undirected : graph, &flow, err));
    KITH_TRY(simulate(&flow, &o, &poll, &end, err));
    const double simulated = kith_i_now();
    KITH_TRY(kith_i_flow_basins(&flow, labels, err));
    KITH_TRY(kith_i_partition_new(graph->nodes, labels, &poll, out, err));
    (*out)->iterations = end.iterations;
    (*out)->stop = end.stop;
    (*out)->converged = end.stop == KITH_STOP_CONVERGED;
    kith_i_partition_phase(*out, "flow", simulated - began);
    kith_i_partition_phase(*out, "interpretation", kith_i_now() - simulated);

done:
    kith_graph_free(undirected);
    kith_i_flow_clear(&flow);
    kith_i_free(labels);
    return status;
}
