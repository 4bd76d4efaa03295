/* Flow diffusion on edges that noisy labels weaken [BackDeLuca2024].
 *
 *   paper          here
 *   y~_i           kith_i_label(): given, or predicted when a node is first touched
 *   eps            disagree
 *   w_ij           local/weighing.h
 *   the diffusion  kith_i_diffuse(), each node holding its degree in the graph as it is
 *
 * Without labels of any node the classifier trains itself: on the nodes that a diffusion without
 * labels puts most trust in, against nodes around its support. */
#include "kith/lfd.h"

#include "core/spec.h"
#include "local/diffusion.h"
#include "local/weighing.h"

#include <float.h>
#include <inttypes.h>
#include <string.h>

/* ---- Nodes to train on ---- */

typedef struct {
    uint32_t *nodes;
    bool *positive;
    int64_t count, node_room, positive_room;
} example_list;

static void example_list_clear(example_list *l)
{
    kith_i_free(l->nodes);
    kith_i_free(l->positive);
}

static kith_status add_example(example_list *l, uint32_t node, bool positive, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_grow(&l->nodes, l->count, &l->node_room, sizeof *l->nodes, err));
    KITH_TRY(kith_i_grow(&l->positive, l->count, &l->positive_room, sizeof *l->positive, err));
    l->nodes[l->count] = node;
    l->positive[l->count++] = positive;

done:
    return status;
}

/* Those whose labels are known. */
static kith_status known_examples(const kith_partition *train, kith_i_poll *poll, example_list *l,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t *labels = kith_partition_labels(train), n = kith_partition_nodes(train);

    for (int64_t v = 0; v < n; v++) {
        if (v % (1 << 20) == 0) KITH_TRY(kith_i_poll_check(poll, "reading labels", -1, err));
        KITH_CHECK(labels[v] <= 1, KITH_E_ARGUMENT,
                   "train has label %" PRId64 " (expected 1, 0, or -1 for unknown)", labels[v]);
        if (labels[v] >= 0) KITH_TRY(add_example(l, (uint32_t)v, labels[v] == 1, err));
    }

done:
    return status;
}

/* Touches the seeds, the support of a cluster by decreasing score, and then what lies around them.
 * The first *inside slots are the seeds' and the support's. */
static kith_status touch_around(const kith_nodes *seeds, const kith_cluster *support,
                                kith_i_reach *reach, int64_t *inside, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_row row;
    uint32_t slot;

    for (int64_t i = 0; i < seeds->count; i++)
        KITH_TRY(kith_i_reach_touch(reach, (uint32_t)seeds->ids[i], &slot, err));
    for (int64_t i = 0; i < support->size; i++)
        KITH_TRY(kith_i_reach_touch(reach, (uint32_t)support->nodes[i], &slot, err));
    *inside = reach->count;
    for (uint32_t i = 0; i < *inside; i++) KITH_TRY(kith_i_reach_row(reach, i, &row, err));

done:
    return status;
}

/* The first nodes of the support that a diffusion without labels finds, at most half of it, and as
 * many from the far end of what it touched. */
static kith_status own_examples(const kith_graph *graph, const kith_lfd_options *o,
                                kith_i_poll *poll, example_list *l, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_medium medium = { .graph = graph, .capacity = KITH_I_CAPACITY_DEGREE };
    kith_flow_diffusion_options plain = o->flow;
    kith_cluster *support = NULL;
    kith_i_reach *reach = NULL;
    int64_t inside;

    plain.query.round = KITH_ROUND_SUPPORT;
    plain.query.size = 0;
    KITH_TRY(kith_i_diffuse(&medium, &plain, poll, &support, err));
    KITH_TRY(kith_i_reach_take(graph, NULL, poll, &reach, err));
    KITH_TRY(touch_around(&plain.query.seeds, support, reach, &inside, err));
    const int64_t half = (inside + 1) / 2, rest = reach->count - half;
    const int64_t positive = o->examples < half ? o->examples : half;
    const int64_t negative = o->examples < rest ? o->examples : rest;
    for (int64_t i = 0; i < positive; i++) KITH_TRY(add_example(l, reach->nodes[i], true, err));
    for (int64_t i = 0; i < negative; i++)
        KITH_TRY(add_example(l, reach->nodes[reach->count - 1 - i], false, err));

done:
    kith_i_reach_give(reach);
    kith_cluster_free(support);
    return status;
}

/* ---- The classifier ---- */

static kith_status train_on(const example_list *l, const kith_graph *graph,
                            const kith_lfd_options *o, kith_i_poll *poll, kith_i_classifier **out,
                            kith_error *err)
{
    const kith_i_examples examples = { l->nodes, l->positive, l->count };

    return kith_i_classifier_train(graph, o->features, (kith_view)o->view, &examples, poll, out,
                                   err);
}

static kith_status train_on_known(const kith_graph *graph, const kith_lfd_options *o,
                                  kith_i_poll *poll, kith_i_classifier **out, kith_error *err)
{
    kith_status status = KITH_OK;
    example_list l = { 0 };

    KITH_TRY(known_examples(o->train, poll, &l, err));
    KITH_TRY(train_on(&l, graph, o, poll, out, err));

done:
    example_list_clear(&l);
    return status;
}

/* None where a diffusion without labels touches nothing but the seed. */
static kith_status train_itself(const kith_graph *graph, const kith_lfd_options *o,
                                kith_i_poll *poll, kith_i_classifier **out, kith_error *err)
{
    kith_status status = KITH_OK;
    example_list l = { 0 };

    KITH_TRY(own_examples(graph, o, poll, &l, err));
    if (!l.positive[l.count - 1]) KITH_TRY(train_on(&l, graph, o, poll, out, err));

done:
    example_list_clear(&l);
    return status;
}

/* One to ask in this query alone; *trained is what it borrows of, where nobody else holds that. */
static kith_status find_classifier(const kith_graph *graph, const kith_lfd_options *o,
                                   kith_i_poll *poll, kith_i_classifier **trained,
                                   kith_i_classifier **out, kith_error *err)
{
    kith_status status = KITH_OK;

    if (o->model) {
        KITH_TRY(kith_i_classifier_share(o->model, graph, poll, out, err));
    } else if (o->train) {
        KITH_TRY(train_on_known(graph, o, poll, trained, err));
        KITH_TRY(kith_i_classifier_share(*trained, graph, poll, out, err));
    } else {
        KITH_TRY(train_itself(graph, o, poll, out, err));
    }

done:
    return status;
}

/* ---- The cluster, cut down ---- */

/* Exchanges *cluster for its nodes of the target's label. */
static kith_status keep_target(const kith_i_medium *medium, const kith_i_labels *labels,
                               kith_i_poll *poll, kith_cluster **cluster, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_query support = { .round = KITH_ROUND_SUPPORT };
    kith_cluster *c = *cluster, *kept = NULL;
    kith_i_reach *reach = NULL;
    int64_t label;
    uint32_t slot;

    KITH_TRY(kith_i_reach_take(medium->graph, medium->weighing, poll, &reach, err));
    for (int64_t i = 0; i < c->size; i++) {
        KITH_TRY(kith_i_label(labels, (uint32_t)c->nodes[i], &label, err));
        if (label != KITH_I_LABEL_TARGET) continue;
        KITH_TRY(kith_i_reach_touch(reach, (uint32_t)c->nodes[i], &slot, err));
        reach->field[0][slot] = c->scores[i];
    }
    KITH_TRY(kith_i_query_end(reach, reach->field[0], &(kith_i_sweep){ 0 }, &support, &kept, err));
    kept->touched_nodes = c->touched_nodes;
    kept->touched_edges = c->touched_edges;
    kept->iterations = c->iterations;
    kept->converged = c->converged;
    kept->stop = c->stop;
    memcpy(kept->figures, c->figures, sizeof c->figures);
    kith_cluster_free(c);
    *cluster = kept;

done:
    kith_i_reach_give(reach);
    return status;
}

/* ---- The method ---- */

static const kith_option rows[] = {
    KITH_I_LABEL_ROWS(kith_lfd_options),
    KITH_OPTION(kith_lfd_options, features, FEATURES, 0, 0,
                "of nodes: without --node-labels a classifier predicts labels from them"),
    KITH_OPTION(kith_lfd_options, train, PARTITION, 0, 0,
                "labels it is trained on: 1, 0, and -1 of nodes that have none"),
    KITH_OPTION(kith_lfd_options, examples, I64, 1, 1000000,
                "without --train: nodes of each kind that it trains itself on"),
    KITH_OPTION_CHOICE(kith_lfd_options, view, kith_i_view_names,
                       "it looks at: a node's own features, their mean around it, both"),
    KITH_OPTION(kith_lfd_options, and_labels, BOOL, 0, 1, "leave out nodes of another label"),
    KITH_I_FLOW_ROWS,
    { 0 }
};

/* Queries on the same examples have their classifier in common. */
static kith_status share(const kith_graph *graph, void *options, void **held, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_lfd_options *o = options;
    kith_lfd_model *model = NULL;

    if (!o->train || o->node_labels || o->model) goto done;
    KITH_TRY(kith_lfd_train(graph, o, &model, err));
    o->model = *held = model;
    o->train = NULL;

done:
    return status;
}

static void release(void *held)
{
    kith_lfd_model_free(held);
}

KITH_I_SHARING_ALGORITHM(local, lfd, KITH_LFD_OPTIONS_INIT, rows, kith_i_diffusion_bytes,
                         "the community around seeds by mass that spreads among nodes that look "
                         "alike",
                         share, release);

static kith_status check(const kith_graph *graph, const kith_lfd_options *o, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_labels_check(o->node_labels, "node-labels", graph->nodes, err));
    KITH_TRY(kith_i_labels_check(o->train, "train", graph->nodes, err));
    if (o->features) KITH_TRY(kith_i_features_check(o->features, "features", graph->nodes, err));
    KITH_CHECK(o->node_labels || o->features || o->model, KITH_E_ARGUMENT,
               "there are no labels (expected node-labels, or features to predict them from)");
    KITH_CHECK(!o->node_labels || !o->train, KITH_E_ARGUMENT,
               "node-labels and train are both given (expected one of them)");
    KITH_CHECK(!o->model || (!o->node_labels && !o->train), KITH_E_ARGUMENT,
               "a model is given, and labels too (expected one of them)");

done:
    return status;
}

kith_status kith_lfd(const kith_graph *graph, const kith_lfd_options *options, kith_cluster **out,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    kith_lfd_options o;
    kith_i_poll poll;
    kith_i_classifier *trained = NULL, *classifier = NULL;
    kith_i_labels labels = { 0 };
    kith_i_likeness likeness = { .labels = &labels };
    const kith_i_weighing weighing = kith_i_weighing_by(&likeness, true);
    kith_i_medium medium = { .graph = graph,
                             .weighing = &weighing,
                             .capacity = KITH_I_CAPACITY_DEGREE };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_lfd_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.flow.query.run);
    KITH_TRY(kith_i_query_check(graph, &o.flow.query, &poll, err));
    KITH_TRY(check(graph, &o, err));
    if (!o.node_labels) KITH_TRY(find_classifier(graph, &o, &poll, &trained, &classifier, err));
    KITH_TRY(kith_i_labels_init(&labels, o.node_labels, classifier, &o.flow.query.seeds, err));
    likeness.disagree = o.disagree;
    likeness.zero_zero = o.zero_zero;
    if (classifier) medium.beside = kith_i_classifier_seen(classifier);
    KITH_TRY(kith_i_diffuse(&medium, &o.flow, &poll, out, err));
    if (o.and_labels) KITH_TRY(keep_target(&medium, &labels, &poll, out, err));

done:
    if (status != KITH_OK && out) {
        kith_cluster_free(*out);
        *out = NULL;
    }
    kith_i_labels_clear(&labels);
    kith_i_classifier_free(classifier);
    kith_i_classifier_free(trained);
    return status;
}

kith_status kith_lfd_train(const kith_graph *graph, const kith_lfd_options *options,
                           kith_lfd_model **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_lfd_options o;
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_lfd_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.flow.query.run);
    KITH_TRY(check(graph, &o, err));
    KITH_CHECK(o.features && o.train, KITH_E_ARGUMENT,
               "there is nothing to train on (expected features and train)");
    KITH_TRY(train_on_known(graph, &o, &poll, out, err));

done:
    return status;
}

void kith_lfd_model_free(kith_lfd_model *model)
{
    kith_i_classifier_free(model);
}
