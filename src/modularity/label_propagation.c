/* Label propagation [Raghavan2007], in batches.
 *
 *   paper                               here
 *   C_x, the label of node x            labels[x]
 *   one step, nodes in random order     a round of the queue
 *   ties broken uniformly at random     the largest hash of (seed, node, label)
 *   stop when every node has a label    the queue is empty: a node that has such a label keeps it,
 * and that most of its neighbours have    waits until a neighbour leaves */
#include "kith/label_propagation.h"

#include "core/spec.h"
#include "graph/partition.h"
#include "modularity/batches.h"
#include "modularity/split.h"

#include <inttypes.h>
#include <string.h>

typedef struct {
    const kith_graph *graph;
    uint32_t         *labels;
    uint32_t         *size;   /* of each label's community; NULL: free */
    int64_t           largest;
    uint64_t          seed;
} propagation;

static bool fits(const propagation *p, uint32_t label)
{
    return !p->size || p->size[label] < p->largest;
}

/* A label of the largest weight among the neighbours: the present one, or the tie of largest hash.
 */
static void choose(const void *self, uint32_t v, const kith_i_near *near, kith_i_choice *choice)
{
    const propagation *p = self;
    const uint32_t present = p->labels[v];
    const double own = near->own;
    uint32_t best = present;
    uint64_t best_hash = 0;
    double most = own;

    for (int64_t i = 0; i < near->count; i++) {
        const uint32_t label = near->labels[i];
        const double weight = near->weights[i];
        if (weight < most || (weight == most && best == present)) continue;
        const uint64_t hash = kith_i_hash(p->seed, v, label);
        if ((weight > most || hash > best_hash) && fits(p, label)) {
            most = weight;
            best = label;
            best_hash = hash;
        }
    }
    *choice = (kith_i_choice){ best, own, most };
}

/* Moves a node when its label still weighs more than the present one. Every move then adds to the
 * weight inside labels; without this, neighbours that exchange their labels could do so for ever.
 */
static bool move(void *self, uint32_t v, const kith_i_choice *choice)
{
    propagation *p = self;

    if (!fits(p, choice->label) || !(choice->other > choice->own)) return false;
    if (p->size) {
        p->size[p->labels[v]]--;
        p->size[choice->label]++;
    }
    p->labels[v] = choice->label;
    return true;
}

/* Every node a label of its own, or the labels of the initial partition, whose numbers are moved to
 * those of their first nodes. */
static kith_status read_labels(propagation *p, const kith_partition *initial, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = p->graph->nodes;
    uint32_t *first = NULL;

    for (int64_t v = 0; v < n; v++) p->labels[v] = (uint32_t)v;
    if (initial) {
        KITH_CHECK(initial->nodes == n, KITH_E_ARGUMENT,
                   "initial has %" PRId64 " nodes (expected %" PRId64 ", as the graph)",
                   initial->nodes, n);
        KITH_TRY(kith_i_alloc(&first, initial->communities, sizeof *first, err));
        for (int64_t v = n; v-- > 0;)
            if (initial->labels[v] >= 0) first[initial->labels[v]] = (uint32_t)v;
        for (int64_t v = 0; v < n; v++)
            if (initial->labels[v] >= 0 && initial->sizes[initial->labels[v]] <= p->largest)
                p->labels[v] = first[initial->labels[v]];
    }
    if (p->size)
        for (int64_t v = 0; v < n; v++) p->size[p->labels[v]]++;

done:
    kith_i_free(first);
    return status;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_label_propagation_options, iterations, I64, 0, INT64_MAX,
                "cap on sweeps; 0: until no label changes"),
    KITH_OPTION(kith_label_propagation_options, batches, I64, 0, INT64_MAX,
                "a sweep in that many parallel batches; 0: by size"),
    KITH_OPTION(kith_label_propagation_options, max_community_size, I64, 0, INT64_MAX,
                "largest community, in nodes; 0: no limit"),
    KITH_OPTION(kith_label_propagation_options, initial, PARTITION, 0, 0,
                "partition to start from"),
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    (void)options;
    return 40 * (double)graph->nodes;
}

KITH_I_ALGORITHM(partition, label_propagation, KITH_LABEL_PROPAGATION_OPTIONS_INIT, rows, bytes,
                 "communities in which every node has its neighbours' heaviest label");

/* Runs the rounds; a time limit leaves the labels as they stand. */
static kith_status propagate(propagation *p, const kith_label_propagation_options *o,
                             kith_i_poll *poll, kith_partition *end, kith_error *err)
{
    const kith_i_batching batching = { .batches = o->batches,
                                       .rounds = o->iterations,
                                       .exhaustive = true,
                                       .threads = kith_i_threads(&o->run),
                                       .seed = o->run.seed };
    const kith_i_mover mover = { choose, NULL, move, p, p->labels };
    int64_t moves = 0;
    const kith_status status = kith_i_batches_run(
        p->graph, &batching, &mover, poll, "propagating labels", &moves, &end->iterations, err);
    if (status == KITH_E_TIME) end->stop = KITH_STOP_TIME;
    else if (o->iterations && end->iterations == o->iterations) end->stop = KITH_STOP_ITERATIONS;
    else end->stop = KITH_STOP_CONVERGED;
    return status == KITH_E_TIME ? KITH_OK : status;
}

kith_status kith_label_propagation(const kith_graph *graph,
                                   const kith_label_propagation_options *options,
                                   kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_label_propagation_options o;
    propagation p = { .graph = graph };
    kith_graph *undirected = NULL;
    kith_partition end = { 0 };
    kith_i_poll poll;
    kith_run run; /* without the time limit, while there is nothing that it could end */
    int64_t parts;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_label_propagation_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.run);
    kith_i_poll patient = kith_i_poll_patient(&poll, &run);
    KITH_TRY(kith_i_graph_require_unsigned(graph, &poll, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, &o), "label propagation", err));
    const double began = kith_i_now();
    if (graph->directed) {
        KITH_TRY(kith_i_graph_symmetrise(graph, KITH_DUPLICATES_SUM, &patient, &undirected, err));
        p.graph = undirected;
    }
    p.seed = o.run.seed;
    p.largest = o.max_community_size ? o.max_community_size : INT64_MAX;
    KITH_TRY(kith_i_alloc(&p.labels, graph->nodes, sizeof *p.labels, err));
    if (o.max_community_size)
        KITH_TRY(kith_i_zeroed(&p.size, graph->nodes, sizeof *p.size, err));
    KITH_TRY(read_labels(&p, o.initial, err));
    KITH_TRY(propagate(&p, &o, &poll, &end, err));
    const double split = kith_i_now();
    KITH_TRY(kith_i_split_disconnected(p.graph, p.labels, NULL, p.labels, &parts, err));
    KITH_TRY(kith_i_partition_new(graph->nodes, p.labels, &poll, out, err));
    (*out)->iterations = end.iterations;
    (*out)->stop = end.stop;
    (*out)->converged = end.stop == KITH_STOP_CONVERGED;
    kith_i_partition_phase(*out, "propagation", split - began);
    kith_i_partition_phase(*out, "splitting", kith_i_now() - split);

done:
    kith_graph_free(undirected);
    kith_i_free(p.labels);
    kith_i_free(p.size);
    return status;
}
