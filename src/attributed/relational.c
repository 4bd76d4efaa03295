/* Features and weights of relations in turn [Lin2026].
 *
 *   paper                     here
 *   w, RTW                    weights
 *   |A_r|^2                   norms
 *   DE_r(H)                   energies
 *   E~_r, sketched incidence  sketch_rows() */
#include "attributed/relational.h"

#include "core/each.h"
#include "linalg/block.h"

#include <math.h>
#include <string.h>

enum { STRIP = 1024 }; /* rows in an item of work */

static const double still = 1e-12; /* a change of weights that is none */

static int64_t strips_of(int64_t n)
{
    return (n + STRIP - 1) / STRIP;
}

static int64_t strip_end(int64_t strip, int64_t n)
{
    return (strip + 1) * STRIP < n ? (strip + 1) * STRIP : n;
}

/* ---- |A_r|^2 ---- */

typedef struct {
    const kith_graph *graph;
    const double *scale;
    double *squares; /* of each row */
} norm;

static void square_rows(void *self, int64_t strip)
{
    const norm *s = self;
    const kith_graph *g = s->graph;

    for (int64_t i = strip * STRIP; i < strip_end(strip, g->nodes); i++) {
        double sum = 0;
        for (int64_t e = g->offsets[i]; e < g->offsets[i + 1]; e++) {
            const double a = kith_i_weight(g, e) * s->scale[i] * s->scale[g->targets[e]];
            sum += a * a;
        }
        s->squares[i] = sum;
    }
}

static kith_status find_norm(const kith_i_relational *s, int64_t r, double *room, kith_i_poll *poll,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->views->nodes;
    norm task = { s->views->graphs[r], kith_i_operator_scale(&s->normalised[r]), room };

    KITH_TRY(kith_i_each(strips_of(n), s->o.threads, poll, "measuring relations", square_rows,
                         &task, err));
    s->norms[r] = kith_i_sum(room, n, s->o.threads);

done:
    return status;
}

/* ---- Begin and end ---- */

kith_status kith_i_relational_new(const kith_i_views *views, int64_t d,
                                  const kith_i_relational_options *options, kith_i_poll *poll,
                                  kith_i_relational *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_matrix_options matrix = { .matrix = KITH_I_NORMALISED, .loops_once = true };
    const int64_t count = views->count;
    double *room = NULL;

    *out = (kith_i_relational){ .o = *options, .views = views };
    KITH_TRY(kith_i_zeroed(&out->normalised, count, sizeof *out->normalised, err));
    KITH_TRY(kith_i_alloc(&out->norms, count, sizeof *out->norms, err));
    KITH_TRY(kith_i_zeroed(&out->energies, count, sizeof *out->energies, err));
    KITH_TRY(kith_i_alloc(&out->weights, count, sizeof *out->weights, err));
    KITH_TRY(kith_i_alloc(&room, views->nodes, sizeof *room, err));
    for (int64_t r = 0; r < count; r++) {
        KITH_TRY(kith_i_graph_operator(views->graphs[r], &matrix, options->threads, poll,
                                       &out->normalised[r], err));
        KITH_TRY(find_norm(out, r, room, poll, err));
        out->weights[r] = 1 / (double)count;
    }
    KITH_TRY(kith_i_panels_new(views->nodes, d, &out->h, err));

done:
    kith_i_free(room);
    if (status != KITH_OK) kith_i_relational_clear(out);
    return status;
}

void kith_i_relational_clear(kith_i_relational *state)
{
    for (int64_t r = 0; state->normalised && r < state->views->count; r++)
        kith_i_operator_clear(&state->normalised[r]);
    kith_i_free(state->normalised);
    kith_i_free(state->norms);
    kith_i_free(state->energies);
    kith_i_free(state->weights);
    kith_i_panels_clear(&state->h);
    *state = (kith_i_relational){ 0 };
}

double kith_i_relational_bytes(int64_t nodes, int64_t relations, int64_t d, int64_t sketch)
{
    const double width = (double)(sketch ? sketch : KITH_I_PANEL);

    return 8 * (double)nodes * (2 * (double)relations + 2 + (double)d + width);
}

kith_status kith_i_relational_sum(const kith_i_relational *state, double factor,
                                  kith_i_operator *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t count = state->views->count;
    const kith_i_operator **terms = NULL;
    double *weights = NULL;

    KITH_TRY(kith_i_alloc(&terms, count, sizeof *terms, err));
    KITH_TRY(kith_i_alloc(&weights, count, sizeof *weights, err));
    for (int64_t r = 0; r < count; r++) {
        terms[r] = &state->normalised[r];
        weights[r] = factor * state->weights[r];
    }
    KITH_TRY(kith_i_sum_operator(count, terms, weights, out, err));

done:
    kith_i_free(terms);
    kith_i_free(weights);
    return status;
}

/* ---- Energies ---- */

/* trace(H^T (I - A_r) H) */
static kith_status energy_of(const kith_i_relational *s, int64_t r, double *product,
                             kith_i_poll *poll, double *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_operator *a = &s->normalised[r];
    double lengths[KITH_I_PANEL], inner[KITH_I_PANEL];

    *out = 0;
    for (int64_t p = 0; p < kith_i_panels_count(&s->h); p++) {
        const int64_t b = kith_i_panels_width(&s->h, p);
        const kith_i_columns h = kith_i_block_columns(kith_i_panels_at(&s->h, p), b);
        KITH_TRY(a->apply(a, b, h.at, product, poll, err));
        KITH_TRY(kith_i_columns_dots(a->rows, h, h, lengths, s->o.threads, err));
        KITH_TRY(kith_i_columns_dots(a->rows, h, kith_i_block_columns(product, b), inner,
                                     s->o.threads, err));
        for (int64_t c = 0; c < b; c++) *out += lengths[c] - inner[c];
    }
    *out = fmax(*out, 0); /* but for rounding */

done:
    return status;
}

/* A CountSketch of D_r^-1/2 times the incidence matrix: each edge has a random column of the sketch
 * and a random sign, and stands in the rows of its ends with opposite ones. */
typedef struct {
    const kith_i_relational *s;
    int64_t r;
    double *rows; /* n rows of s->o.sketch numbers */
} sketch;

static void sketch_rows(void *self, int64_t strip)
{
    const sketch *k = self;
    const kith_graph *g = k->s->views->graphs[k->r];
    const double *scale = kith_i_operator_scale(&k->s->normalised[k->r]);
    const int64_t m = k->s->o.sketch;

    for (int64_t i = strip * STRIP; i < strip_end(strip, g->nodes); i++) {
        memset(k->rows + i * m, 0, (size_t)m * sizeof *k->rows);
        for (int64_t e = g->offsets[i]; e < g->offsets[i + 1]; e++) {
            const int64_t j = g->targets[e];
            if (i == j) continue;
            const uint64_t edge = ((uint64_t)(i < j ? i : j) << 32) | (uint64_t)(i < j ? j : i);
            kith_i_random draw = kith_i_random_at(k->s->o.seed, 16 + (uint64_t)k->r, edge);
            const uint64_t number = kith_i_random_next(&draw);
            const double sign = ((number & 1) != 0) == (i < j) ? 1 : -1;
            k->rows[i * m + (int64_t)((number >> 1) % (uint64_t)m)] +=
                sign * scale[i] * sqrt(kith_i_weight(g, e));
        }
    }
}

/* |H^T E|^2 for the sketch E. */
static kith_status estimate(const kith_i_relational *s, int64_t r, double *room, kith_i_poll *poll,
                            double *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->views->nodes, m = s->o.sketch;
    sketch task = { s, r, room };
    double *product = NULL;

    *out = 0;
    KITH_TRY(kith_i_alloc(&product, KITH_I_PANEL * m, sizeof *product, err));
    KITH_TRY(kith_i_each(strips_of(n), s->o.threads, poll, "sketching relations", sketch_rows,
                         &task, err));
    for (int64_t p = 0; p < kith_i_panels_count(&s->h); p++) {
        const int64_t b = kith_i_panels_width(&s->h, p);
        KITH_TRY(kith_i_block_gram(n, b, kith_i_panels_at(&s->h, p), m, room, product, s->o.threads,
                                   err));
        for (int64_t c = 0; c < b * m; c++) *out += product[c] * product[c];
        KITH_TRY(kith_i_poll_check(poll, "sketching relations", -1, err));
    }

done:
    kith_i_free(product);
    return status;
}

static kith_status find_energies(kith_i_relational *s, double *room, kith_i_poll *poll,
                                 kith_error *err)
{
    kith_status status = KITH_OK;

    for (int64_t r = 0; r < s->views->count; r++)
        KITH_TRY((s->o.sketch ? estimate : energy_of)(s, r, room, poll, &s->energies[r], err));

done:
    return status;
}

/* ---- Weights ---- */

/* w_r = c_r^-2 / sum_s c_s^-2. The largest change of a weight. Relations of c = 0, if there are,
 * share the weight: the limit. */
static double weigh(kith_i_relational *s)
{
    double least = INFINITY, sum = 0, change = 0;

    for (int64_t r = 0; r < s->views->count; r++)
        least = fmin(least, s->o.beta * s->norms[r] + s->o.alpha * s->energies[r]);
    for (int64_t pass = 0; pass < 2; pass++)
        for (int64_t r = 0; r < s->views->count; r++) {
            const double c = s->o.beta * s->norms[r] + s->o.alpha * s->energies[r];
            const double share = c > least ? least / c : 1;
            if (pass == 0) {
                sum += share * share;
            } else {
                const double weight = share * share / sum;
                change = fmax(change, fabs(weight - s->weights[r]));
                s->weights[r] = weight;
            }
        }
    return change;
}

static double energy(const kith_i_relational *s)
{
    double sum = 0;

    for (int64_t r = 0; r < s->views->count; r++) sum += s->weights[r] * s->energies[r];
    return sum;
}

kith_status kith_i_relational_learn(kith_i_relational *state, kith_i_make_features make, void *self,
                                    kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_relational *s = state;
    const int64_t width = s->o.sketch ? s->o.sketch : KITH_I_PANEL;
    double *room = NULL;

    KITH_TRY(kith_i_alloc(&room, s->views->nodes * width, sizeof *room, err));
    while (s->rounds < s->o.rounds && !s->still) {
        KITH_TRY(make(self, s, &s->h, poll, err));
        KITH_TRY(kith_i_panels_unit_rows(&s->h, s->o.threads, poll, err));
        KITH_TRY(find_energies(s, room, poll, err));
        s->still = weigh(s) <= still;
        s->rounds++;
    }
    s->energy = energy(s);

done:
    kith_i_free(room);
    return status;
}
