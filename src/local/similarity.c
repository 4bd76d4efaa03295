/* Weights of edges by the features of their ends. */
#include "local/similarity.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { SAMPLE = 1000, AHEAD = 16 };    /* entries that gamma is chosen by; that are prefetched */
static const double usual_gamma = 0.1; /* over the median squared distance [Yang2023] */

/* A row of a matrix, times a factor. */
typedef struct {
    const kith_features *x;
    kith_i_feature_row row;
    double factor;
} vector;

/* 1 / |x|; 1 for a row of zeros. */
static double unit_factor(const kith_features *x, kith_i_feature_row row)
{
    double length = 0;

    for (int64_t e = row.begin; e < row.end; e++) length = hypot(length, kith_i_feature(x, e));
    return length > 0 && isfinite(1 / length) ? 1 / length : 1;
}

static vector vector_at(const kith_features *x, int64_t row, bool unit)
{
    vector v = { x, kith_i_features_row(x, row), 1 };

    if (unit) v.factor = unit_factor(x, v.row);
    return v;
}

static double value_at(const vector *v, int64_t entry)
{
    return v->factor * kith_i_feature(v->x, entry);
}

/* |a - b|^2, of rows of one matrix. */
static double distance2(const vector *a, const vector *b)
{
    int64_t i = a->row.begin, j = b->row.begin;
    double sum = 0;

    while (i < a->row.end || j < b->row.end) {
        const int64_t c = i < a->row.end ? kith_i_feature_column(a->x, a->row, i) : INT64_MAX;
        const int64_t d = j < b->row.end ? kith_i_feature_column(b->x, b->row, j) : INT64_MAX;
        const double x = c <= d ? value_at(a, i++) : 0, y = d <= c ? value_at(b, j++) : 0;
        sum += (x - y) * (x - y);
    }
    return sum;
}

/* ---- Means ---- */

/* Adds a row, times `weight`, to the sum. */
static kith_status add_row(kith_i_similarity *s, int64_t node, double weight, kith_error *err)
{
    kith_status status = KITH_OK;
    const vector v = vector_at(s->features, node, s->unit);

    for (int64_t e = v.row.begin; e < v.row.end; e++) {
        const int64_t column = kith_i_feature_column(v.x, v.row, e);
        const double value = value_at(&v, e);
        if (s->sum[column] == 0 && value != 0) {
            KITH_TRY(kith_i_grow(&s->columns, s->column_count, &s->column_room, sizeof *s->columns,
                                 err));
            s->columns[s->column_count++] = (uint32_t)column;
        }
        s->sum[column] += weight * value;
    }

done:
    return status;
}

static int ascending(const void *x, const void *y)
{
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return a < b ? -1 : a > b;
}

/* The sum over `total` becomes a row of `means`; the sum is 0 again. */
static kith_status file_mean(kith_i_similarity *s, double total, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_features *m = &s->means;
    uint32_t last = UINT32_MAX;

    KITH_TRY(kith_i_grow(&m->offsets, m->rows + 1, &s->offset_room, sizeof *m->offsets, err));
    m->offsets[0] = 0;
    qsort(s->columns, (size_t)s->column_count, sizeof *s->columns, ascending);
    for (int64_t i = 0; i < s->column_count; i++) {
        const uint32_t column = s->columns[i];
        if (column == last) continue; /* it had come to 0 in between */
        KITH_TRY(kith_i_grow(&m->indices, m->entries, &s->index_room, sizeof *m->indices, err));
        KITH_TRY(kith_i_grow(&m->values64, m->entries, &s->value_room, sizeof *m->values64, err));
        m->indices[m->entries] = last = column;
        m->values64[m->entries++] = s->sum[column] / total;
        s->sum[column] = 0;
    }
    s->column_count = 0;
    m->offsets[++m->rows] = m->entries;

done:
    return status;
}

/* The mean of a slot of `near`: its row. */
static kith_status mean_of(kith_i_similarity *s, uint32_t slot, int64_t *out, kith_error *err)
{
    kith_status status = KITH_OK;
    double total = 1;
    kith_i_row row;

    if (s->near->room > s->slots) {
        KITH_TRY(kith_i_resize(&s->mean_of, s->near->room, sizeof *s->mean_of, err));
        for (; s->slots < s->near->room; s->slots++) s->mean_of[s->slots] = -1;
    }
    if (s->mean_of[slot] < 0) {
        KITH_TRY(kith_i_reach_row(s->near, slot, &row, err));
        KITH_TRY(add_row(s, s->near->nodes[slot], 1, err));
        for (int64_t i = 0; i < row.count; i++) {
            if (row.slots[i] == slot) continue;
            KITH_TRY(add_row(s, s->near->nodes[row.slots[i]], kith_i_row_weight(&row, i), err));
            total += kith_i_row_weight(&row, i);
        }
        KITH_TRY(file_mean(s, total, err));
        s->mean_of[slot] = s->means.rows - 1;
    }
    *out = s->mean_of[slot];

done:
    return status;
}

/* ---- Weights ---- */

/* Where the features of a node are: a row of `means`, or of the features themselves. */
static kith_status locate(kith_i_similarity *s, uint32_t node, int64_t *row, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t slot;

    *row = node;
    if (!s->average) goto done;
    KITH_TRY(kith_i_reach_touch(s->near, node, &slot, err));
    KITH_TRY(mean_of(s, slot, row, err));

done:
    return status;
}

static vector vector_of(const kith_i_similarity *s, int64_t row)
{
    return s->average ? vector_at(&s->means, row, false) : vector_at(s->features, row, s->unit);
}

/* Squared distance of the features of two nodes. */
static kith_status distance_of(kith_i_similarity *s, uint32_t u, uint32_t v, double *out,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t row_u, row_v;

    KITH_TRY(locate(s, u, &row_u, err));
    KITH_TRY(locate(s, v, &row_v, err));
    const vector a = vector_of(s, row_u), b = vector_of(s, row_v);
    *out = distance2(&a, &b);

done:
    return status;
}

static kith_status by_features(void *context, uint32_t node, const uint32_t *neighbours,
                               int64_t count, double *weights, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_similarity *s = context;
    double distance;

    for (int64_t i = 0; i < count && i < AHEAD; i++)
        kith_i_features_prefetch(s->features, neighbours[i]);
    for (int64_t i = 0; i < count && s->gamma > 0; i++) {
        if (i + AHEAD < count) kith_i_features_prefetch(s->features, neighbours[i + AHEAD]);
        if (neighbours[i] == node) continue;
        KITH_TRY(distance_of(s, node, neighbours[i], &distance, err));
        weights[i] *= exp(-s->gamma * distance);
        if (weights[i] < DBL_MIN) weights[i] = 0;
    }

done:
    return status;
}

kith_i_weighing kith_i_similarity_weighing(kith_i_similarity *similarity, bool lazy)
{
    return (kith_i_weighing){ .row = by_features, .context = similarity, .lazy = lazy };
}

/* ---- Gamma ---- */

static int by_size(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;

    return a < b ? -1 : a > b;
}

/* Squared distances along the first entries that a search from the seeds meets: slots are in that
 * order. */
static kith_status sample_distances(kith_i_similarity *s, kith_i_poll *poll, double *distances,
                                    int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_row row;

    *count = 0;
    for (uint32_t slot = 0; slot < s->near->count && *count < SAMPLE; slot++) {
        KITH_TRY(kith_i_poll_check(poll, "measuring distances", -1, err));
        KITH_TRY(kith_i_reach_row(s->near, slot, &row, err));
        for (int64_t i = 0; i < row.count && *count < SAMPLE; i++) {
            const uint32_t v = s->near->nodes[s->near->slots[s->near->begin[slot] + i]];
            if (v == s->near->nodes[slot]) continue;
            KITH_TRY(distance_of(s, s->near->nodes[slot], v, &distances[*count], err));
            ++*count;
        }
    }

done:
    return status;
}

/* Where most distances are 0 the mean takes the place of the median. */
static kith_status choose_gamma(kith_i_similarity *s, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    double *distances = NULL, mean = 0;
    int64_t count;

    KITH_TRY(kith_i_alloc(&distances, SAMPLE, sizeof *distances, err));
    KITH_TRY(sample_distances(s, poll, distances, &count, err));
    qsort(distances, (size_t)count, sizeof *distances, by_size);
    for (int64_t i = 0; i < count; i++) mean += distances[i] / (double)count;
    const double scale = count && distances[count / 2] > 0 ? distances[count / 2] : mean;
    s->gamma = scale > 0 ? usual_gamma / scale : 0;

done:
    kith_i_free(distances);
    return status;
}

kith_status kith_i_similarity_start(const kith_graph *graph, const kith_features *features,
                                    double gamma, bool average, bool unit, const kith_query *query,
                                    kith_i_poll *poll, kith_i_similarity *out, kith_error *err)
{
    kith_status status = KITH_OK;

    *out = (kith_i_similarity){ .features = features,
                                .gamma = gamma,
                                .average = average,
                                .unit = unit,
                                .means.columns = features->columns };
    if (average) KITH_TRY(kith_i_zeroed(&out->sum, features->columns, sizeof *out->sum, err));
    if (average || gamma < 0)
        KITH_TRY(kith_i_query_begin(graph, NULL, query, poll, &out->near, err));
    if (gamma < 0) KITH_TRY(choose_gamma(out, poll, err));

done:
    return status;
}

void kith_i_similarity_clear(kith_i_similarity *s)
{
    kith_i_reach_give(s->near);
    kith_i_free(s->means.offsets);
    kith_i_free(s->means.indices);
    kith_i_free(s->means.values64);
    kith_i_free(s->mean_of);
    kith_i_free(s->sum);
    kith_i_free(s->columns);
}
