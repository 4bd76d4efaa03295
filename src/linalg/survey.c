/* Lanczos from several random vectors side by side, without orthogonalisation: quadrature does not
 * mind that Ritz values come again. Nothing but the last two vectors of each is kept. */
#include "linalg/survey.h"

#include "linalg/block.h"
#include "linalg/dense.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 8, MOST_STEPS = 30 };

typedef struct {
    kith_i_solver *s;
    int64_t n, steps, made;
    int threads;
    double *before, *now, *next; /* n rows of WIDTH */
    double *alpha, *beta;        /* steps rows of WIDTH: the tridiagonal matrices */
    double *matrix, *values;     /* one of them */
    double lower, upper;         /* what Ritz values and residuals say of the ends */
} walks;

static kith_i_columns block(double *x)
{
    return (kith_i_columns){ WIDTH, WIDTH, x };
}

/* x = x / lengths, column by column; 0 where the length is. */
static void scale(const walks *v, double *x, const double *lengths)
{
#pragma omp parallel for num_threads(v->threads) if (v->threads > 1)
    for (int64_t i = 0; i < v->n; i++)
        for (int64_t j = 0; j < WIDTH; j++)
            x[i * WIDTH + j] = lengths[j] > 0 ? x[i * WIDTH + j] / lengths[j] : 0;
}

static kith_status walks_init(walks *v, kith_i_solver *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->a->rows;
    double lengths[WIDTH];

    *v = (walks){ .s = s, .n = n, .threads = s->a->threads, .lower = INFINITY, .upper = -INFINITY };
    v->steps = n / 2 < MOST_STEPS ? n / 2 : MOST_STEPS;
    KITH_TRY(kith_i_alloc(&v->before, n * WIDTH, sizeof *v->before, err));
    KITH_TRY(kith_i_alloc(&v->now, n * WIDTH, sizeof *v->now, err));
    KITH_TRY(kith_i_alloc(&v->next, n * WIDTH, sizeof *v->next, err));
    KITH_TRY(kith_i_alloc(&v->alpha, v->steps * WIDTH, sizeof *v->alpha, err));
    KITH_TRY(kith_i_alloc(&v->beta, v->steps * WIDTH, sizeof *v->beta, err));
    KITH_TRY(kith_i_alloc(&v->matrix, v->steps * v->steps, sizeof *v->matrix, err));
    KITH_TRY(kith_i_alloc(&v->values, v->steps, sizeof *v->values, err));
    kith_i_block_random(n, WIDTH, v->now, s->options->seed, 1, v->threads);
    KITH_TRY(kith_i_solver_deflate(s, WIDTH, v->now, err));
    KITH_TRY(kith_i_columns_dots(n, block(v->now), block(v->now), lengths, v->threads, err));
    for (int64_t j = 0; j < WIDTH; j++) lengths[j] = sqrt(lengths[j]);
    scale(v, v->now, lengths);

done:
    return status;
}

static void walks_clear(walks *v)
{
    kith_i_free(v->before);
    kith_i_free(v->now);
    kith_i_free(v->next);
    kith_i_free(v->alpha);
    kith_i_free(v->beta);
    kith_i_free(v->matrix);
    kith_i_free(v->values);
}

/* next = A now - alpha now - beta before, scaled; all columns at once. */
static kith_status step(walks *v, kith_error *err)
{
    kith_status status = KITH_OK;
    static const double none[WIDTH] = { 0 };
    double *const alpha = v->alpha + v->made * WIDTH, *const beta = v->beta + v->made * WIDTH;
    const double *const last = v->made > 0 ? beta - WIDTH : none;

    KITH_TRY(kith_i_solver_apply(v->s, WIDTH, v->now, v->next, err));
    KITH_TRY(kith_i_solver_deflate(v->s, WIDTH, v->next, err));
    KITH_TRY(kith_i_columns_dots(v->n, block(v->now), block(v->next), alpha, v->threads, err));
    if (v->made == 0) memset(v->before, 0, (size_t)(v->n * WIDTH) * sizeof *v->before);
#pragma omp parallel for num_threads(v->threads) if (v->threads > 1)
    for (int64_t i = 0; i < v->n * WIDTH; i += WIDTH)
        for (int64_t j = 0; j < WIDTH; j++)
            v->next[i + j] -= alpha[j] * v->now[i + j] + last[j] * v->before[i + j];
    KITH_TRY(kith_i_columns_dots(v->n, block(v->next), block(v->next), beta, v->threads, err));
    for (int64_t j = 0; j < WIDTH; j++) beta[j] = sqrt(beta[j]);
    scale(v, v->next, beta);
    double *const oldest = v->before;
    v->before = v->now;
    v->now = v->next;
    v->next = oldest;
    v->made++;

done:
    return status;
}

/* Points and weights of column j: Ritz values, and squares of what their vectors have of the first
 * one. The steps end where the space is invariant. */
static kith_status quadrature(walks *v, int64_t j, double share, kith_i_survey *out,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    const double sign = v->s->options->end == KITH_I_LARGEST ? 1 : -1;
    double *const t = v->matrix;
    int64_t m = 1;

    while (m < v->made && v->beta[(m - 1) * WIDTH + j] > 1e-12 * fabs(v->alpha[j])) m++;
    memset(t, 0, (size_t)(m * m) * sizeof *t);
    for (int64_t i = 0; i < m; i++) {
        t[i * m + i] = v->alpha[i * WIDTH + j];
        if (i + 1 < m) t[i * m + i + 1] = t[(i + 1) * m + i] = v->beta[i * WIDTH + j];
    }
    KITH_TRY(kith_i_dense_eigen(m, t, v->values, err));
    for (int64_t i = 0; i < m; i++) {
        const double first = t[i],
                     residual = fabs(t[(m - 1) * m + i]) * v->beta[(m - 1) * WIDTH + j];
        out->points[out->count] = sign * v->values[i];
        out->weights[out->count++] = share * first * first;
        v->lower = fmin(v->lower, v->values[i] - residual);
        v->upper = fmax(v->upper, v->values[i] + residual);
    }

done:
    return status;
}

/* By descending point; there are a few hundred. */
static void sort(kith_i_survey *s)
{
    for (int64_t i = 1; i < s->count; i++) {
        const double point = s->points[i], weight = s->weights[i];
        int64_t j = i;
        for (; j > 0 && s->points[j - 1] < point; j--) {
            s->points[j] = s->points[j - 1];
            s->weights[j] = s->weights[j - 1];
        }
        s->points[j] = point;
        s->weights[j] = weight;
    }
}

kith_status kith_i_survey_make(kith_i_solver *s, kith_i_survey *out, kith_error *err)
{
    kith_status status = KITH_OK;
    walks v;

    *out = (kith_i_survey){ 0 };
    KITH_TRY(walks_init(&v, s, err));
    KITH_TRY(kith_i_alloc(&out->points, v.steps * WIDTH, sizeof *out->points, err));
    KITH_TRY(kith_i_alloc(&out->weights, v.steps * WIDTH, sizeof *out->weights, err));
    while (v.made < v.steps) KITH_TRY(step(&v, err));
    for (int64_t j = 0; j < WIDTH; j++)
        KITH_TRY(quadrature(&v, j, (double)(v.n - s->options->deflated) / WIDTH, out, err));
    sort(out);
    const double margin = 0.01 * (v.upper - v.lower);
    if (!isfinite(s->lower)) s->lower = v.lower - margin;
    if (!isfinite(s->upper)) s->upper = v.upper + margin;

done:
    walks_clear(&v);
    if (status != KITH_OK) kith_i_survey_clear(out);
    return status;
}

double kith_i_survey_above(const kith_i_survey *s, int64_t above)
{
    double sum = 0;

    for (int64_t i = 0; i < s->count; i++) {
        sum += s->weights[i];
        if (sum - s->weights[i] / 2 >= (double)above - 0.5) return s->points[i];
    }
    return s->points[s->count - 1];
}

void kith_i_survey_clear(kith_i_survey *spectrum)
{
    kith_i_free(spectrum->points);
    kith_i_free(spectrum->weights);
    *spectrum = (kith_i_survey){ 0 };
}
