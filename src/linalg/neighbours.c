/* Near rows. Dense ones are looked at sixteen by sixteen in float (linalg/panel.h); of sparse ones
 * all products with a row are added up column by column, and rows without a column in common with
 * it are known by their lengths. Either way, what may be near is measured in double. */
#include "linalg/neighbours.h"

#include "core/base.h"
#include "core/each.h"
#include "graph/features.h"
#include "linalg/distance.h"
#include "linalg/panel.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 64 }; /* that are looked at together */

/* Sparse rows, scaled, and the same by columns. */
typedef struct {
    int64_t *offsets, *column_offsets;
    uint32_t *columns, *rows;
    double *values, *column_values;
    double *norms;   /* squared lengths */
    uint32_t *order; /* rows from the shortest up */
} sparse_rows;

struct kith_i_points {
    int64_t n, d;
    int threads;
    bool *empty; /* rows of length 0, which are near none; NULL: all are points */
    double *x;   /* n rows of d numbers; NULL: sparse */
    kith_i_floats floats;
    float *panel_numbers, *panel_norms;
    sparse_rows sparse;
};

/* ---- Preparation ---- */

/* Work for all pairs as sparse rows, in additions. */
static double sparse_work(const kith_features *features, const int64_t *column_offsets)
{
    double work = 0;

    for (int64_t c = 0; c < features->columns; c++) {
        const double count = (double)(column_offsets[c + 1] - column_offsets[c]);
        work += count * count;
    }
    return work;
}

/* 1 / length of a row, or 1 where rows stay as they are; 0 of an empty row. */
static double scale_of(const kith_features *f, int64_t row, bool unit)
{
    const kith_i_feature_row entries = kith_i_features_row(f, row);
    double largest = 0, sum = 0;

    if (!unit) return 1;
    for (int64_t e = entries.begin; e < entries.end; e++)
        largest = fmax(largest, fabs(kith_i_feature(f, e)));
    if (!(largest > 0)) return 0;
    for (int64_t e = entries.begin; e < entries.end; e++) {
        const double part = kith_i_feature(f, e) / largest;
        sum += part * part;
    }
    return 1 / largest / sqrt(sum);
}

static kith_status fill_sparse(kith_i_points *p, const kith_features *f, bool unit,
                               kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    sparse_rows *s = &p->sparse;
    const int64_t entries = f->entries;
    int64_t *next = NULL;

    KITH_TRY(kith_i_alloc(&s->offsets, p->n + 1, sizeof *s->offsets, err));
    KITH_TRY(kith_i_alloc(&s->columns, entries, sizeof *s->columns, err));
    KITH_TRY(kith_i_alloc(&s->values, entries, sizeof *s->values, err));
    KITH_TRY(kith_i_alloc(&s->rows, entries, sizeof *s->rows, err));
    KITH_TRY(kith_i_alloc(&s->column_values, entries, sizeof *s->column_values, err));
    KITH_TRY(kith_i_zeroed(&s->norms, p->n, sizeof *s->norms, err));
    KITH_TRY(kith_i_alloc(&s->order, p->n, sizeof *s->order, err));
    KITH_TRY(kith_i_alloc(&next, p->d, sizeof *next, err));
    memcpy(next, s->column_offsets, (size_t)p->d * sizeof *next);
    memcpy(s->offsets, f->offsets, (size_t)(p->n + 1) * sizeof *s->offsets);
    for (int64_t i = 0; i < p->n; i++) {
        KITH_TRY(kith_i_poll_pass(poll, "reading features", i, p->n, err));
        const double scale = scale_of(f, i, unit);
        for (int64_t e = s->offsets[i]; e < s->offsets[i + 1]; e++) {
            const int64_t c = s->columns[e] = f->indices[e], at = next[c]++;
            s->values[e] = s->column_values[at] = kith_i_feature(f, e) * scale;
            s->rows[at] = (uint32_t)i;
            s->norms[i] += s->values[e] * s->values[e];
        }
        if (p->empty) p->empty[i] = scale == 0;
        if (unit) s->norms[i] = 1;
    }
    KITH_TRY(kith_i_sort_order(s->norms, p->n, s->order, poll, "reading features", err));

done:
    kith_i_free(next);
    return status;
}

static kith_status fill_dense(kith_i_points *p, const kith_features *f, bool unit,
                              kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t panels = (p->n + KITH_I_LANES - 1) / KITH_I_LANES;

    KITH_TRY(kith_i_memory_require((double)p->n * (double)p->d * 16, "dense features", err));
    KITH_TRY(kith_i_alloc(&p->x, p->n * p->d, sizeof *p->x, err));
    for (int64_t i = 0; i < p->n; i++) {
        double *row = p->x + i * p->d;
        KITH_TRY(kith_i_poll_check(poll, "reading features", -1, err));
        const double scale = scale_of(f, i, unit);
        kith_features_row(f, i, row);
        for (int64_t j = 0; unit && j < p->d; j++) row[j] *= scale;
        if (p->empty) p->empty[i] = scale == 0;
    }
    KITH_TRY(kith_i_floats_init(&p->floats, p->n, p->d, p->x, p->threads, poll, err));
    KITH_TRY(kith_i_alloc(&p->panel_numbers, panels * KITH_I_LANES * p->d, sizeof(float), err));
    KITH_TRY(kith_i_alloc(&p->panel_norms, panels * KITH_I_LANES, sizeof(float), err));
    for (int64_t i = 0; i < p->n; i += KITH_I_LANES) {
        const kith_i_panel panel = { p->panel_numbers + i * p->d, p->panel_norms + i };
        const int64_t count = p->n - i < KITH_I_LANES ? p->n - i : KITH_I_LANES;
        KITH_TRY(kith_i_poll_check(poll, "reading features", -1, err));
        kith_i_panel_fill(&p->floats, count, p->x + i * p->d, &panel);
    }

done:
    return status;
}

/* Counts the entries of columns, as offsets. */
static kith_status count_columns(const kith_features *f, int64_t **out, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *offsets;

    KITH_TRY(kith_i_zeroed(out, f->columns + 1, sizeof **out, err));
    offsets = *out;
    for (int64_t e = 0; e < f->entries; e++) offsets[f->indices[e] + 1]++;
    for (int64_t c = 0; c < f->columns; c++) offsets[c + 1] += offsets[c];

done:
    return status;
}

kith_status kith_i_points_init(const kith_features *features, bool unit, int threads,
                               kith_i_poll *poll, kith_i_points **out, kith_error *err)
{
    enum { DENSE_GAIN = 16 }; /* how many numbers a dense look takes in the time of one addition */
    kith_status status = KITH_OK;
    kith_i_points *p = NULL;
    bool sparse = false;

    *out = NULL;
    KITH_TRY(kith_i_zeroed(&p, 1, sizeof *p, err));
    p->n = features->rows;
    p->d = features->columns;
    p->threads = threads;
    if (unit) KITH_TRY(kith_i_zeroed(&p->empty, p->n, sizeof *p->empty, err));
    if (features->offsets) {
        KITH_TRY(count_columns(features, &p->sparse.column_offsets, err));
        sparse = DENSE_GAIN * sparse_work(features, p->sparse.column_offsets) <
                 (double)p->n * (double)p->n * (double)p->d;
    }
    if (sparse)
        KITH_TRY(fill_sparse(p, features, unit, poll, err));
    else
        KITH_TRY(fill_dense(p, features, unit, poll, err));
    *out = p;
    p = NULL;

done:
    kith_i_points_free(p);
    return status;
}

void kith_i_points_free(kith_i_points *p)
{
    if (!p) return;
    kith_i_free(p->empty);
    kith_i_free(p->x);
    kith_i_floats_clear(&p->floats);
    kith_i_free(p->panel_numbers);
    kith_i_free(p->panel_norms);
    kith_i_free(p->sparse.offsets);
    kith_i_free(p->sparse.column_offsets);
    kith_i_free(p->sparse.columns);
    kith_i_free(p->sparse.rows);
    kith_i_free(p->sparse.values);
    kith_i_free(p->sparse.column_values);
    kith_i_free(p->sparse.norms);
    kith_i_free(p->sparse.order);
    kith_i_free(p);
}

/* ---- What is found of one row ---- */

/* Either the nearest `count`, the farthest of them on top of a heap, or all within a distance of
 * those that come after the row. */
typedef struct {
    int64_t row, count, held;
    kith_i_near *heap;       /* NULL: within */
    double limit;            /* what is farther is not asked for */
    kith_i_pair_near *pairs; /* from kith_i_grow() */
    int64_t capacity;
    kith_status status; /* of kith_i_grow() */
} finder;

static inline bool farther(kith_i_near a, kith_i_near b)
{
    return a.distance > b.distance || (a.distance == b.distance && a.row > b.row);
}

/* Puts `near` into the heap of `held` from place i down. */
static void sink(kith_i_near *heap, int64_t held, int64_t i, kith_i_near near)
{
    for (int64_t child; (child = 2 * i + 1) < held; i = child) {
        if (child + 1 < held && farther(heap[child + 1], heap[child])) child++;
        if (!farther(heap[child], near)) break;
        heap[i] = heap[child];
    }
    heap[i] = near;
}

static void rise(kith_i_near *heap, int64_t i, kith_i_near near)
{
    for (; i > 0 && farther(near, heap[(i - 1) / 2]); i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = near;
}

static void find(finder *f, uint32_t row, double distance)
{
    const kith_i_near near = { distance, row };

    if (!(distance <= f->limit)) return;
    if (!f->heap) {
        if (f->status == KITH_OK)
            f->status = kith_i_grow(&f->pairs, f->held, &f->capacity, sizeof *f->pairs, NULL);
        if (f->status == KITH_OK)
            f->pairs[f->held++] = (kith_i_pair_near){ distance, { (uint32_t)f->row, row } };
        return;
    }
    if (f->held < f->count)
        rise(f->heap, f->held++, near);
    else if (farther(f->heap[0], near))
        sink(f->heap, f->held, 0, near);
    if (f->held == f->count) f->limit = f->heap[0].distance;
}

/* The heap in order. */
static void finish(finder *f)
{
    for (int64_t held = f->held; held-- > 1;) {
        const kith_i_near last = f->heap[held];
        f->heap[held] = f->heap[0];
        sink(f->heap, held, 0, last);
    }
    for (int64_t i = f->held; i < f->count; i++)
        f->heap[i] = (kith_i_near){ INFINITY, KITH_I_NOBODY };
}

/* ---- Dense rows ---- */

/* A little more than a squared distance in units of the scale. */
static inline float limit_above(const kith_i_points *p, double distance)
{
    const double unit = 1 / p->floats.scale;

    return (float)(distance * unit * unit) * (1 + 0x1p-20f) + 1e-36f;
}

static void look_dense(const kith_i_points *p, finder *finders, int64_t count)
{
    uint32_t rows[MOST_ROWS];
    float least[MOST_ROWS * KITH_I_LANES], limit[MOST_ROWS];

    for (int64_t r = 0; r < count; r++) {
        rows[r] = (uint32_t)finders[r].row;
        limit[r] = limit_above(p, finders[r].limit);
    }
    const int64_t begin = count && !finders[0].heap ? rows[0] / KITH_I_LANES * KITH_I_LANES : 0;
    for (int64_t first = begin; first < p->n; first += KITH_I_LANES) {
        const kith_i_panel panel = { p->panel_numbers + first * p->d, p->panel_norms + first };
        kith_i_panel_look(&p->floats, &panel, count, rows, least);
        for (int64_t r = 0; r < count; r++) {
            const float *low = least + r * KITH_I_LANES;
            for (int64_t lane = 0; lane < KITH_I_LANES && first + lane < p->n; lane++) {
                const int64_t other = first + lane, row = rows[r];
                if (low[lane] > limit[r] || other == row || (p->empty && p->empty[other]) ||
                    (!finders[r].heap && other < row))
                    continue;
                find(&finders[r], (uint32_t)other,
                     kith_i_distance2(p->d, p->x + row * p->d, p->x + other * p->d));
                limit[r] = limit_above(p, finders[r].limit);
            }
        }
    }
}

/* ---- Sparse rows ---- */

/* On one thread. */
typedef struct {
    double *product; /* of the row with every other */
    bool *touched;
    uint32_t *list; /* of those touched */
    int64_t count;
} products;

/* |x - y|^2 from the entries of both. */
static double sparse_distance(const sparse_rows *s, int64_t x, int64_t y)
{
    int64_t i = s->offsets[x], j = s->offsets[y];
    double sum = 0;

    while (i < s->offsets[x + 1] || j < s->offsets[y + 1]) {
        const int64_t left = i < s->offsets[x + 1] ? (int64_t)s->columns[i] : INT64_MAX;
        const int64_t right = j < s->offsets[y + 1] ? (int64_t)s->columns[j] : INT64_MAX;
        const double by =
            (left <= right ? s->values[i++] : 0) - (right <= left ? s->values[j++] : 0);
        sum += by * by;
    }
    return sum;
}

static void multiply(const kith_i_points *p, int64_t row, products *out)
{
    const sparse_rows *s = &p->sparse;

    out->count = 0;
    for (int64_t e = s->offsets[row]; e < s->offsets[row + 1]; e++) {
        const int64_t c = s->columns[e];
        for (int64_t o = s->column_offsets[c]; o < s->column_offsets[c + 1]; o++) {
            const uint32_t other = s->rows[o];
            if (!out->touched[other]) {
                out->touched[other] = true;
                out->product[other] = 0;
                out->list[out->count++] = other;
            }
            out->product[other] += s->values[e] * s->column_values[o];
        }
    }
}

static void look_sparse(const kith_i_points *p, finder *f, products *with)
{
    const sparse_rows *s = &p->sparse;
    const int64_t row = f->row;
    const double slack = (double)(s->offsets[row + 1] - s->offsets[row] + 8) * 0x1p-52;

    multiply(p, row, with);
    for (int64_t t = 0; t < with->count; t++) {
        const int64_t other = with->list[t];
        const double norms = s->norms[row] + s->norms[other];
        if (other == row || (!f->heap && other < row)) continue;
        if (norms * (1 - slack) - 2 * with->product[other] > f->limit) continue;
        find(f, (uint32_t)other, sparse_distance(s, row, other));
    }
    for (int64_t r = 0; r < p->n; r++) {
        const uint32_t other = s->order[r];
        const double distance = s->norms[row] + s->norms[other];
        if (distance > f->limit) break;
        if (with->touched[other] || other == row || (p->empty && p->empty[other]) ||
            (!f->heap && other < row))
            continue;
        find(f, other, distance);
    }
    for (int64_t t = 0; t < with->count; t++) with->touched[with->list[t]] = false;
}

/* ---- All rows ---- */

typedef struct {
    const kith_i_points *points;
    int64_t rows, strips; /* rows in a strip, an item of work */
    int64_t count;
    kith_i_near *near; /* NULL: within */
    double most;
    finder *found;      /* within: all that was found in a strip */
    products *products; /* of each thread; NULL: dense */
} search;

/* Hands over what was found of a row to its strip. */
static void gather(finder *strip, finder *row)
{
    if (strip->status == KITH_OK) strip->status = row->status;
    for (int64_t i = 0; i < row->held && strip->status == KITH_OK; i++) {
        strip->status =
            kith_i_grow(&strip->pairs, strip->held, &strip->capacity, sizeof *strip->pairs, NULL);
        if (strip->status == KITH_OK) strip->pairs[strip->held++] = row->pairs[i];
    }
    kith_i_free(row->pairs);
}

static void search_strip(void *self, int64_t strip)
{
    const search *s = self;
    const kith_i_points *p = s->points;
    const int64_t end = (strip + 1) * s->rows < p->n ? (strip + 1) * s->rows : p->n;
    finder finders[MOST_ROWS];
    int64_t count = 0;

    for (int64_t i = strip * s->rows; i < end; i++) {
        finder *f = &finders[count];
        *f = (finder){ .row = i, .count = s->count, .limit = s->most };
        if (s->near) f->heap = s->near + i * s->count;
        if (!p->empty || !p->empty[i])
            count++;
        else if (s->near)
            finish(f);
    }
    if (p->x) look_dense(p, finders, count);
    for (int64_t r = 0; r < count; r++) {
        if (!p->x) look_sparse(p, &finders[r], &s->products[omp_get_thread_num()]);
        if (s->near)
            finish(&finders[r]);
        else
            gather(&s->found[strip], &finders[r]);
    }
}

static kith_status products_init(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->points->n;

    KITH_TRY(kith_i_zeroed(&s->products, s->points->threads, sizeof *s->products, err));
    for (int t = 0; t < s->points->threads; t++) {
        KITH_TRY(kith_i_alloc(&s->products[t].product, n, sizeof(double), err));
        KITH_TRY(kith_i_zeroed(&s->products[t].touched, n, sizeof(bool), err));
        KITH_TRY(kith_i_alloc(&s->products[t].list, n, sizeof(uint32_t), err));
    }

done:
    return status;
}

static void search_clear(search *s)
{
    for (int t = 0; s->products && t < s->points->threads; t++) {
        kith_i_free(s->products[t].product);
        kith_i_free(s->products[t].touched);
        kith_i_free(s->products[t].list);
    }
    kith_i_free(s->products);
    for (int64_t i = 0; s->found && i < s->strips; i++) kith_i_free(s->found[i].pairs);
    kith_i_free(s->found);
}

static kith_status search_run(search *s, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_points *p = s->points;
    const int64_t rows = (INT64_C(1) << 29) / ((p->n + 1) * (p->d + 1));

    s->rows = rows < 1 ? 1 : rows > MOST_ROWS ? MOST_ROWS : rows;
    s->strips = (p->n + s->rows - 1) / s->rows;
    if (!p->x) KITH_TRY(products_init(s, err));
    if (!s->near) KITH_TRY(kith_i_zeroed(&s->found, s->strips, sizeof *s->found, err));
    KITH_TRY(
        kith_i_each(s->strips, p->threads, poll, "looking for neighbours", search_strip, s, err));

done:
    return status;
}

kith_status kith_i_points_nearest(const kith_i_points *points, int64_t count, kith_i_poll *poll,
                                  kith_i_near *near, kith_error *err)
{
    search s = { .points = points, .count = count, .near = near, .most = INFINITY };
    const kith_status status = count > 0 ? search_run(&s, poll, err) : KITH_OK;

    search_clear(&s);
    return status;
}

kith_status kith_i_points_within(const kith_i_points *points, double most, kith_i_poll *poll,
                                 kith_i_pair_near **pairs, int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { .points = points, .most = most };
    int64_t at = 0;

    *pairs = NULL;
    *count = 0;
    KITH_TRY(search_run(&s, poll, err));
    for (int64_t i = 0; i < s.strips; i++) {
        KITH_CHECK(s.found[i].status == KITH_OK, KITH_E_MEMORY, "out of memory (pairs of rows)");
        *count += s.found[i].held;
    }
    KITH_TRY(kith_i_alloc(pairs, *count, sizeof **pairs, err));
    for (int64_t i = 0; i < s.strips; i++) {
        if (s.found[i].held)
            memcpy(*pairs + at, s.found[i].pairs, (size_t)s.found[i].held * sizeof **pairs);
        at += s.found[i].held;
    }

done:
    search_clear(&s);
    return status;
}
