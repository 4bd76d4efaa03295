/* Logistic regression on rows of features and on means of them.
 *
 * The decision of a node v is linear,
 *
 *   z_v = b + own . x_v + mean . 1/(|S| + 1) sum_{u in {v} + S} x_u,   S of the neighbours of v,
 *
 * so two dot products of each row x_u, kept by node, are all that is needed of it, however often
 * it is a neighbour. */
#include "local/classifier.h"

#include "local/logistic.h"

#include <math.h>

const char *const kith_i_view_names[] = { "both", "mean", "own", NULL };

enum { OWN, MEAN, PROJECTED, CLASS }; /* fields: dot products, whether they are known, 1 or -1 */

struct kith_lfd_model {
    const kith_features *features;
    int64_t columns;
    double length;            /* that mean rows are multiplied by */
    double *weights;          /* own, then mean; NULL: they are another's */
    const double *own, *mean; /* in weights; NULL: not in the view */
    double intercept;
    kith_i_reach *seen; /* nodes whose features, entries of the graph that were read */
};

/* 1 / |x| for a row of features, 0 for a row of zeros, whatever the size of the numbers: the
 * entries are to be multiplied by *scale first. */
static double unit(const kith_features *x, kith_i_feature_row row, double *scale)
{
    double largest = 0, sum = 0;

    for (int64_t e = row.begin; e < row.end; e++)
        largest = fmax(largest, fabs(kith_i_feature(x, e)));
    *scale = largest > 0 && isfinite(1 / largest) ? 1 / largest : 0;
    for (int64_t e = row.begin; e < row.end; e++) {
        const double value = *scale * kith_i_feature(x, e);
        sum += value * value;
    }
    return sum > 0 ? 1 / sqrt(sum) : 0;
}

/* The part of a node's row that its mean is taken over. */
typedef struct {
    const uint32_t *targets;
    int64_t length, count;
} sample;

static uint32_t sampled(const sample *s, int64_t i)
{
    return s->targets[i * s->length / s->count];
}

/* The slot of a node whose row is read, its neighbours to be looked at. */
static kith_status open_row(kith_i_classifier *c, uint32_t node, uint32_t *slot, sample *s,
                            kith_error *err)
{
    kith_status status = KITH_OK;

    *s = (sample){ 0 };
    KITH_TRY(kith_i_reach_touch(c->seen, node, slot, err));
    if (!c->mean) goto done;
    KITH_TRY(kith_i_reach_look(c->seen, *slot, &s->targets, err));
    s->length = c->seen->length[*slot];
    s->count = s->length < KITH_I_MEAN_MOST ? s->length : KITH_I_MEAN_MOST;

done:
    return status;
}

/* ---- Training ---- */

/* Rows of examples, as they grow; a row is added up in `sum` first. */
typedef struct {
    int64_t *offsets;
    uint32_t *indices;
    double *values;
    int64_t entries, index_room, value_room;
    double *sum;       /* by column, 0 between rows */
    bool *present;     /* by column, likewise */
    uint32_t *columns; /* those present */
    int64_t count;
} gathering;

static kith_status gathering_init(gathering *g, int64_t rows, int64_t columns, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_zeroed(&g->offsets, rows + 1, sizeof *g->offsets, err));
    KITH_TRY(kith_i_zeroed(&g->sum, columns, sizeof *g->sum, err));
    KITH_TRY(kith_i_zeroed(&g->present, columns, sizeof *g->present, err));
    KITH_TRY(kith_i_alloc(&g->columns, columns, sizeof *g->columns, err));

done:
    return status;
}

static void gathering_clear(gathering *g)
{
    kith_i_free(g->offsets);
    kith_i_free(g->indices);
    kith_i_free(g->values);
    kith_i_free(g->sum);
    kith_i_free(g->present);
    kith_i_free(g->columns);
}

/* sum += factor x_node, at unit length */
static void add_row(gathering *g, const kith_features *x, uint32_t node, double factor)
{
    const kith_i_feature_row row = kith_i_features_row(x, node);
    double scale;
    const double length = factor * unit(x, row, &scale);

    for (int64_t e = row.begin; e < row.end; e++) {
        const int64_t column = kith_i_feature_column(x, row, e);
        if (!g->present[column]) {
            g->present[column] = true;
            g->columns[g->count++] = (uint32_t)column;
        }
        g->sum[column] += length * (scale * kith_i_feature(x, e));
    }
}

/* Appends what was added up to the row that grows, its columns counted from `first`. */
static kith_status flush(gathering *g, int64_t first, kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t i = 0; i < g->count; i++) {
        const uint32_t column = g->columns[i];
        KITH_TRY(kith_i_grow(&g->indices, g->entries, &g->index_room, sizeof *g->indices, err));
        KITH_TRY(kith_i_grow(&g->values, g->entries, &g->value_room, sizeof *g->values, err));
        g->indices[g->entries] = (uint32_t)(first + column);
        g->values[g->entries++] = g->sum[column];
        g->sum[column] = 0;
        g->present[column] = false;
    }
    g->count = 0;

done:
    return status;
}

/* The rows of an example: its own, and the mean. */
static kith_status gather(kith_i_classifier *c, gathering *g, uint32_t node, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t slot;
    sample s;

    KITH_TRY(open_row(c, node, &slot, &s, err));
    if (c->own) {
        add_row(g, c->features, node, 1);
        KITH_TRY(flush(g, c->own - c->weights, err));
    }
    if (!c->mean) goto done;
    const double share = 1 / (double)(s.count + 1);
    add_row(g, c->features, node, share);
    for (int64_t i = 0; i < s.count; i++) add_row(g, c->features, sampled(&s, i), share);
    KITH_TRY(flush(g, c->mean - c->weights, err));

done:
    return status;
}

/* Mean rows are shorter the less their rows agree: stretches those of the examples, and all later
 * ones as much, to a mean square of 4, own rows having 1. */
static void stretch(kith_i_classifier *c, gathering *g, int64_t rows)
{
    const uint32_t first = (uint32_t)(c->mean - c->weights);
    double squares = 0;

    for (int64_t e = 0; e < g->entries; e++)
        if (g->indices[e] >= first) squares += g->values[e] * g->values[e];
    c->length = squares > 0 ? 2 / sqrt(squares / (double)rows) : 1;
    for (int64_t e = 0; e < g->entries; e++)
        if (g->indices[e] >= first) g->values[e] *= c->length;
}

static kith_status train(kith_i_classifier *c, const kith_i_examples *examples, kith_i_poll *poll,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t blocks = (c->own != NULL) + (c->mean != NULL);
    gathering g = { 0 };

    KITH_TRY(gathering_init(&g, examples->count, c->columns, err));
    for (int64_t i = 0; i < examples->count; i++) {
        if (i % 64 == 0) KITH_TRY(kith_i_poll_check(poll, "reading features", -1, err));
        KITH_TRY(gather(c, &g, examples->nodes[i], err));
        g.offsets[i + 1] = g.entries;
    }
    if (c->mean) stretch(c, &g, examples->count);
    const kith_i_samples samples = { examples->count, blocks * c->columns, g.offsets, g.indices,
                                     g.values,        examples->positive };
    KITH_TRY(kith_i_logistic_fit(&samples, 1, poll, c->weights, &c->intercept, err));

done:
    gathering_clear(&g);
    return status;
}

static kith_status check(const kith_i_examples *examples, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t positive = 0;

    for (int64_t i = 0; i < examples->count; i++) positive += examples->positive[i];
    KITH_CHECK(positive > 0, KITH_E_ARGUMENT,
               "there is no positive node to train on (expected at least one)");
    KITH_CHECK(positive < examples->count, KITH_E_ARGUMENT,
               "there is no negative node to train on (expected at least one)");

done:
    return status;
}

kith_status kith_i_classifier_train(const kith_graph *graph, const kith_features *features,
                                    kith_view view, const kith_i_examples *examples,
                                    kith_i_poll *poll, kith_i_classifier **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_classifier *c = NULL;
    const int64_t blocks = view == KITH_VIEW_BOTH ? 2 : 1;

    *out = NULL;
    KITH_TRY(check(examples, err));
    KITH_TRY(kith_i_zeroed(&c, 1, sizeof *c, err));
    c->features = features;
    c->columns = features->columns;
    KITH_TRY(kith_i_zeroed(&c->weights, blocks * c->columns, sizeof *c->weights, err));
    if (view != KITH_VIEW_MEAN) c->own = c->weights;
    if (view != KITH_VIEW_OWN) c->mean = c->weights + (blocks - 1) * c->columns;
    KITH_TRY(kith_i_reach_table(graph, poll, &c->seen, err));
    KITH_TRY(train(c, examples, poll, err));
    *out = c;
    c = NULL;

done:
    kith_i_classifier_free(c);
    return status;
}

void kith_i_classifier_free(kith_i_classifier *c)
{
    if (!c) return;
    kith_i_reach_give(c->seen);
    kith_i_free(c->weights);
    kith_i_free(c);
}

kith_status kith_i_classifier_share(const kith_i_classifier *trained, const kith_graph *graph,
                                    kith_i_poll *poll, kith_i_classifier **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_classifier *c = NULL;

    *out = NULL;
    KITH_TRY(kith_i_features_check(trained->features, "features", graph->nodes, err));
    KITH_TRY(kith_i_zeroed(&c, 1, sizeof *c, err));
    *c = *trained;
    c->weights = NULL;
    c->seen = NULL;
    KITH_TRY(kith_i_reach_table(graph, poll, &c->seen, err));
    *out = c;
    c = NULL;

done:
    kith_i_classifier_free(c);
    return status;
}

/* ---- Asking ---- */

/* The dot products of a node's row, found once. */
static void project(const kith_i_classifier *c, uint32_t slot)
{
    const kith_features *x = c->features;
    const kith_i_feature_row row = kith_i_features_row(x, c->seen->nodes[slot]);
    double scale, own = 0, mean = 0;

    if (c->seen->field[PROJECTED][slot] > 0) return;
    c->seen->field[PROJECTED][slot] = 1;
    const double length = unit(x, row, &scale);
    for (int64_t e = row.begin; e < row.end; e++) {
        const int64_t column = kith_i_feature_column(x, row, e);
        const double value = scale * kith_i_feature(x, e);
        if (c->own) own += c->own[column] * value;
        if (c->mean) mean += c->mean[column] * value;
    }
    c->seen->field[OWN][slot] = length * own;
    c->seen->field[MEAN][slot] = length * mean;
}

static kith_status decide(kith_i_classifier *c, uint32_t node, uint32_t *slot, double *z,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    sample s;

    KITH_TRY(open_row(c, node, slot, &s, err));
    project(c, *slot);
    double mean = c->seen->field[MEAN][*slot];
    for (int64_t i = 0; i < s.count; i++) {
        uint32_t neighbour;
        KITH_TRY(kith_i_reach_touch(c->seen, sampled(&s, i), &neighbour, err));
        project(c, neighbour);
        mean += c->seen->field[MEAN][neighbour];
    }
    *z = c->intercept + c->seen->field[OWN][*slot] + c->length * mean / (double)(s.count + 1);

done:
    return status;
}

kith_status kith_i_classifier_ask(kith_i_classifier *c, uint32_t node, bool *positive,
                                  kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t slot;
    double z;

    KITH_TRY(kith_i_reach_touch(c->seen, node, &slot, err));
    if (c->seen->field[CLASS][slot] == 0) {
        KITH_TRY(decide(c, node, &slot, &z, err));
        c->seen->field[CLASS][slot] = z > 0 ? 1 : -1;
    }
    *positive = c->seen->field[CLASS][slot] > 0;

done:
    return status;
}

const kith_i_reach *kith_i_classifier_seen(const kith_i_classifier *c)
{
    return c->seen;
}
