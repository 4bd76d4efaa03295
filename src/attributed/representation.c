/* The normalised smoothed representation of an attributed graph [Lin2025].
 *
 *   paper                     here
 *   D_B^-1/2                  s
 *   D_C^-1/2                  root
 *   M, similar to P           diag(h) A diag(h) + diag(h^2 + root^2), h = root s
 *   c alpha^t                 series */
#include "attributed/representation.h"

#include "attributed/stored.h"

#include <float.h>
#include <math.h>

enum { WIDTH = 16 }; /* columns of Z that are made at a time */

/* ---- M ---- */

typedef struct {
    const kith_graph *graph;
    const double *s; /* NULL: all 1 */
    double *sums;
} row_sums;

/* Sums of the rows of diag(s) (A + I) diag(s), each divided by s. */
static void add_rows(void *self, int64_t begin, int64_t end)
{
    const row_sums *r = self;
    const kith_graph *graph = r->graph;

    for (int64_t i = begin; i < end; i++) {
        double sum = r->s ? r->s[i] : 1;
        for (int64_t e = graph->offsets[i]; e < graph->offsets[i + 1]; e++)
            sum += kith_i_weight(graph, e) * (r->s ? r->s[graph->targets[e]] : 1);
        r->sums[i] = sum;
    }
}

static kith_status apply_m(const kith_i_operator *self, int64_t b, const double *x, double *y,
                           kith_i_poll *poll, kith_error *err)
{
    kith_i_representation *z = self->state;

    return kith_i_multiply(&z->product, b, x, y, self->threads, &z->of_m, poll, err);
}

/* The diagonals that make P symmetric, and M. */
static kith_status make_m(const kith_graph *graph, int threads, kith_i_poll *poll,
                          kith_i_representation *z, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = graph->nodes;
    double *s = NULL;

    KITH_TRY(kith_i_alloc(&s, n, sizeof *s, err));
    KITH_TRY(kith_i_alloc(&z->root, n, sizeof *z->root, err));
    KITH_TRY(kith_i_alloc(&z->h, n, sizeof *z->h, err));
    KITH_TRY(kith_i_alloc(&z->added, n, sizeof *z->added, err));
    row_sums r = { graph, NULL, s };
    KITH_TRY(kith_i_ranges(n, graph->offsets, 1, threads, poll, add_rows, &r, err));
    for (int64_t i = 0; i < n; i++) s[i] = 1 / sqrt(fmin(s[i], DBL_MAX));
    r = (row_sums){ graph, s, z->root };
    KITH_TRY(kith_i_ranges(n, graph->offsets, 1, threads, poll, add_rows, &r, err));
    for (int64_t i = 0; i < n; i++) {
        z->root[i] = 1 / sqrt(s[i] * z->root[i] + 1);
        z->h[i] = z->root[i] * s[i];
        z->added[i] = z->h[i] + z->root[i] / s[i];
    }
    z->product = (kith_i_product){ .m = { .rows = n,
                                          .columns = n,
                                          .offsets = graph->offsets,
                                          .targets = graph->targets,
                                          .weights32 = graph->weights32,
                                          .weights64 = graph->weights64 },
                                   .left = z->h,
                                   .right = z->h,
                                   .added = z->added };
    z->m = (kith_i_operator){ .rows = n,
                              .columns = n,
                              .lower = 0,
                              .upper = 1,
                              .apply = apply_m,
                              .apply_transposed = apply_m,
                              .threads = threads,
                              .state = z };

done:
    kith_i_free(s);
    return status;
}

/* c alpha^t; in the authors' code alpha^t+1, but for the last. */
static kith_status make_series(const kith_i_representation_options *o, kith_i_series *out,
                               kith_error *err)
{
    kith_status status = KITH_OK;
    double *powers = NULL;

    KITH_TRY(kith_i_alloc(&powers, o->hops + 1, sizeof *powers, err));
    kith_i_geometric(o->alpha, o->hops, powers);
    for (int64_t t = 0; t < o->hops && o->nsr == KITH_I_NSR_CODE; t++) powers[t] *= o->alpha;
    KITH_TRY(kith_i_series_new(o->hops + 1, powers, 0, 1, out, err));

done:
    kith_i_free(powers);
    return status;
}

/* ---- Z, not stored ---- */

/* Y = diag(root) X for blocks of b vectors; they may be the same. */
typedef struct {
    const double *root, *x;
    double *y;
    int64_t b;
} rooting;

static void root_rows(void *self, int64_t begin, int64_t end)
{
    const rooting *r = self;

    for (int64_t i = begin; i < end; i++)
        for (int64_t c = i * r->b; c < (i + 1) * r->b; c++) r->y[c] = r->root[i] * r->x[c];
}

static kith_status by_root(const kith_i_representation *z, int64_t b, const double *x, double *y,
                           kith_i_poll *poll, kith_error *err)
{
    rooting r = { z->root, x, y, b };

    return kith_i_ranges(z->m.rows, NULL, b, z->m.threads, poll, root_rows, &r, err);
}

static kith_status apply_z(const kith_i_operator *self, int64_t b, const double *x, double *y,
                           kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_representation *z = self->state;

    KITH_TRY(kith_i_scratch_reserve(&z->between, self->rows * b, err));
    double *product = z->between.memory;
    KITH_TRY(z->x.apply(&z->x, b, x, product, poll, err));
    KITH_TRY(kith_i_series_apply(&z->series, &z->m, b, product, y, &z->of_series, poll, err));
    KITH_TRY(by_root(z, b, y, y, poll, err));

done:
    return status;
}

static kith_status apply_z_transposed(const kith_i_operator *self, int64_t b, const double *x,
                                      double *y, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_representation *z = self->state;

    KITH_TRY(kith_i_scratch_reserve(&z->between, 2 * self->rows * b, err));
    double *rooted = z->between.memory, *smooth = rooted + self->rows * b;
    KITH_TRY(by_root(z, b, x, rooted, poll, err));
    KITH_TRY(kith_i_series_apply(&z->series, &z->m, b, rooted, smooth, &z->of_series, poll, err));
    KITH_TRY(z->x.apply_transposed(&z->x, b, smooth, y, poll, err));

done:
    return status;
}

/* ---- Z, stored ---- */

/* Columns first to first + width - 1 of Z, from a block of that width. */
typedef struct {
    kith_i_representation *z;
    const double *block;
    int64_t first, width;
} storing;

static void store_rows(void *self, int64_t begin, int64_t end)
{
    const storing *s = self;

    for (int64_t i = begin; i < end; i++) {
        double *row = s->z->stored + i * s->z->z.columns + s->first;
        for (int64_t c = 0; c < s->width; c++) row[c] = s->z->root[i] * s->block[i * s->width + c];
    }
}

static kith_status store(kith_i_representation *z, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = z->z.rows, d = z->z.columns;
    double *block = NULL, *smooth = NULL;

    KITH_TRY(kith_i_alloc(&z->stored, n * d, sizeof *z->stored, err));
    KITH_TRY(kith_i_alloc(&block, n * WIDTH, sizeof *block, err));
    KITH_TRY(kith_i_alloc(&smooth, n * WIDTH, sizeof *smooth, err));
    for (int64_t first = 0; first < d; first += WIDTH) {
        const int64_t width = first + WIDTH < d ? WIDTH : d - first;
        storing s = { z, smooth, first, width };
        KITH_TRY(kith_i_scaled_block(&z->features, first, width, block, z->z.threads, poll, err));
        KITH_TRY(
            kith_i_series_apply(&z->series, &z->m, width, block, smooth, &z->of_series, poll, err));
        KITH_TRY(kith_i_ranges(n, NULL, width, z->z.threads, poll, store_rows, &s, err));
    }
    z->z = kith_i_stored_operator(n, d, z->stored, z->z.threads);

done:
    kith_i_free(block);
    kith_i_free(smooth);
    return status;
}

/* Whether storing Z takes fewer operations [Lin2025]: `degree` products of M with d columns and one
 * pass over Z for each vector, against as many products and a pass over the features for each. */
static bool cheaper_stored(const kith_graph *graph, const kith_i_representation_options *o,
                           int64_t degree)
{
    const double n = (double)graph->nodes, d = (double)o->features->columns;
    const double smoothing = ((double)graph->entries + n) * (double)degree;
    const double vectors = (double)o->vectors;

    return smoothing * d + vectors * n * d < vectors * ((double)o->features->entries + smoothing);
}

kith_status kith_i_representation_new(const kith_graph *graph,
                                      const kith_i_representation_options *options, int threads,
                                      kith_i_poll *poll, kith_i_representation *out,
                                      kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_representation_options *o = options;

    *out = (kith_i_representation){ 0 };
    KITH_TRY(make_series(o, &out->series, err));
    KITH_TRY(make_m(graph, threads, poll, out, err));
    KITH_TRY(kith_i_scaled_new(o->features, o->tfidf, true, threads, poll, &out->features, err));
    KITH_TRY(kith_i_scaled_by_affinity(&out->features, threads, poll, err));
    for (int64_t i = 0; i < graph->nodes; i++) out->features.rows[i] /= out->root[i];
    out->z = (kith_i_operator){ .rows = graph->nodes,
                                .columns = o->features->columns,
                                .lower = NAN,
                                .upper = NAN,
                                .apply = apply_z,
                                .apply_transposed = apply_z_transposed,
                                .threads = threads,
                                .state = out };
    if (cheaper_stored(graph, o, out->series.degree))
        KITH_TRY(store(out, poll, err));
    else
        KITH_TRY(kith_i_scaled_operator(&out->features, threads, poll, &out->x, err));

done:
    if (status != KITH_OK) kith_i_representation_clear(out);
    return status;
}

void kith_i_representation_clear(kith_i_representation *representation)
{
    kith_i_operator_clear(&representation->x);
    kith_i_scaled_clear(&representation->features);
    kith_i_series_clear(&representation->series);
    kith_i_free(representation->root);
    kith_i_free(representation->stored);
    kith_i_free(representation->h);
    kith_i_free(representation->added);
    kith_i_free(representation->of_m.memory);
    kith_i_free(representation->of_series.memory);
    kith_i_free(representation->between.memory);
    *representation = (kith_i_representation){ 0 };
}

double kith_i_representation_bytes(const kith_graph *graph,
                                   const kith_i_representation_options *options, int64_t b)
{
    const double n = (double)graph->nodes, d = (double)options->features->columns;
    const bool stored = cheaper_stored(graph, options, options->hops);

    return n * 64 + d * 8 + n * 8 * (stored ? d + 5 * WIDTH : 6 * (double)b);
}
