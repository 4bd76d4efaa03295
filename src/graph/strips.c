/* Strips of rows, made in any order and put together. */
#include "graph/strips.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

kith_status kith_i_strips_add(kith_i_strips *s, kith_i_place begin, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_grow(&s->begin, s->count, &s->room, sizeof *s->begin, err));
    s->begin[s->count++] = begin;

done:
    return status;
}

void kith_i_strips_clear(kith_i_strips *s)
{
    for (int64_t i = 0; s->made && i < s->count; i++) kith_i_rows_clear(&s->made[i]);
    kith_i_free(s->made);
    kith_i_free(s->begin);
    *s = (kith_i_strips){ 0 };
}

kith_i_place kith_i_strips_end(const kith_i_strips *s, int64_t i)
{
    return i + 1 < s->count ? s->begin[i + 1] : (kith_i_place){ s->rows, 0 };
}

int64_t kith_i_strips_rows(const kith_i_strips *s, int64_t i)
{
    const kith_i_place end = kith_i_strips_end(s, i);

    return end.row + (end.column > 0) - s->begin[i].row;
}

static kith_status each(int64_t count, int threads, kith_i_poll *poll, const char *stage,
                        kith_i_strip_fn work, void *self, kith_error *err)
{
    kith_status failure = KITH_OK;

#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1 && count > 1)
    for (int64_t i = 0; i < count; i++) {
        kith_status status = KITH_OK;
        kith_error error;
        if (omp_get_thread_num() == 0)
            kith_i_poll_check(poll, stage, (double)i / (double)count, NULL);
        if (!kith_i_poll_stopped(poll)) status = work(self, i, &error);
        if (status == KITH_OK) continue;
#pragma omp critical(kith_i_strips)
        failure = kith_i_fail(err, status, "%s", error.message);
    }
    return failure == KITH_OK ? kith_i_poll_check(poll, stage, 1, err) : failure;
}

kith_status kith_i_strips_make(kith_i_strips *s, int threads, kith_i_poll *poll, const char *stage,
                               kith_i_strip_fn make, void *self, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_zeroed(&s->made, s->count, sizeof *s->made, err));
    KITH_TRY(each(s->count, threads, poll, stage, make, self, err));

done:
    return status;
}

/* ---- Together ---- */

static const char placing[] = "placing rows"; /* a stage */

typedef struct {
    kith_i_strips *strips;
    int64_t *entry; /* strips + 1: where the entries of each go */
    kith_i_rows whole;
} assembly;

static double weight_of(const kith_i_rows *r, int64_t entry)
{
    if (r->weights64) return r->weights64[entry];
    return r->weights32 ? (double)r->weights32[entry] : 1.0;
}

/* The offsets of the whole: strips may share a row. */
static kith_status place_rows(assembly *a, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_strips *s = a->strips;
    int64_t *offsets;

    KITH_TRY(kith_i_zeroed(&a->whole.offsets, s->rows + 1, sizeof *a->whole.offsets, err));
    offsets = a->whole.offsets + 1;
    for (int64_t i = 0; i < s->count; i++) {
        const kith_i_rows *r = &s->made[i];
        for (int64_t v = 0; v < r->count; v++) {
            KITH_TRY(kith_i_poll_pass(poll, placing, v, r->count, err));
            offsets[s->begin[i].row + v] += r->offsets[v + 1] - r->offsets[v];
        }
        a->entry[i + 1] = a->entry[i] + r->offsets[r->count];
    }
    for (int64_t v = 1; v < s->rows; v++) {
        KITH_TRY(kith_i_poll_pass(poll, placing, v, s->rows, err));
        offsets[v] += offsets[v - 1];
    }

done:
    return status;
}

/* Room for the entries, their weights as wide as the widest strip needs. */
static kith_status reserve(assembly *a, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_strips *s = a->strips;
    const int64_t count = a->entry[s->count];
    bool wide = false, weighted = false;

    for (int64_t i = 0; i < s->count; i++) {
        wide = wide || s->made[i].weights64;
        weighted = weighted || s->made[i].weights32;
    }
    KITH_TRY(kith_i_alloc(&a->whole.targets, count, sizeof *a->whole.targets, err));
    if (wide)
        KITH_TRY(kith_i_alloc(&a->whole.weights64, count, sizeof(double), err));
    else if (weighted)
        KITH_TRY(kith_i_alloc(&a->whole.weights32, count, sizeof(float), err));

done:
    return status;
}

/* Moves the entries of strip i to their place. */
static kith_status place_entries(void *self, int64_t i, kith_error *err)
{
    kith_status status = KITH_OK;
    assembly *a = self;
    kith_i_rows *r = &a->strips->made[i], *whole = &a->whole;
    const int64_t count = r->offsets[r->count], at = a->entry[i];

    memcpy(whole->targets + at, r->targets, (size_t)count * sizeof *r->targets);
    for (int64_t e = 0; e < count && (whole->weights32 || whole->weights64); e++) {
        const double weight = weight_of(r, e);
        KITH_CHECK(isfinite(weight), KITH_E_INPUT,
                   "the weight of an edge to node %" PRIu32 " is %g (expected a finite number)",
                   r->targets[e], weight);
        if (whole->weights64)
            whole->weights64[at + e] = weight;
        else
            whole->weights32[at + e] = (float)weight;
    }

done:
    kith_i_rows_clear(r);
    return status;
}

kith_status kith_i_strips_graph(kith_i_strips *strips, bool directed, kith_i_names *names,
                                int threads, kith_i_poll *poll, kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    assembly a = { .strips = strips };

    KITH_TRY(kith_i_zeroed(&a.entry, strips->count + 1, sizeof *a.entry, err));
    KITH_TRY(place_rows(&a, poll, err));
    KITH_TRY(reserve(&a, err));
    KITH_TRY(each(strips->count, threads, poll, placing, place_entries, &a, err));
    const kith_i_arrays arrays = { .nodes = strips->rows,
                                   .offsets = a.whole.offsets,
                                   .targets = a.whole.targets,
                                   .weights32 = a.whole.weights32,
                                   .weights64 = a.whole.weights64,
                                   .directed = directed,
                                   .loops = -1,
                                   .names = names };
    KITH_TRY(kith_i_graph_adopt(&arrays, out, err));
    a.whole = (kith_i_rows){ 0 };

done:
    kith_i_rows_clear(&a.whole);
    kith_i_free(a.entry);
    return status;
}
