/* Small operators. */
#include "support/operators.h"

#include "graph/view.h"

#include <stdatomic.h>

static atomic_int_least64_t products;

static kith_i_operator make(int64_t rows, int64_t columns, int threads, kith_i_apply apply,
                            kith_i_apply transposed, const void *state)
{
    return (kith_i_operator){ .rows = rows,
                              .columns = columns,
                              .lower = NAN,
                              .upper = NAN,
                              .apply = apply,
                              .apply_transposed = transposed,
                              .threads = threads,
                              .state = (void *)(uintptr_t)state };
}

static kith_status count(int64_t b, kith_i_poll *poll, kith_error *err)
{
    atomic_fetch_add(&products, b);
    return kith_i_poll_check(poll, "multiplying", -1, err);
}

static kith_status scale(const kith_i_operator *self, int64_t b, const double *x, double *y,
                         kith_i_poll *poll, kith_error *err)
{
    const double *const d = self->state;

    for (int64_t i = 0; i < self->rows; i++)
        for (int64_t j = 0; j < b; j++) y[i * b + j] = d[i] * x[i * b + j];
    return count(b, poll, err);
}

kith_i_operator test_diagonal(int64_t n, const double *d, int threads)
{
    return make(n, n, threads, scale, scale, d);
}

static kith_status multiply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                            kith_i_poll *poll, kith_error *err)
{
    const double *const a = self->state;

    memset(y, 0, (size_t)(self->rows * b) * sizeof *y);
    for (int64_t i = 0; i < self->rows; i++)
        for (int64_t k = 0; k < self->columns; k++)
            for (int64_t j = 0; j < b; j++) y[i * b + j] += a[i * self->columns + k] * x[k * b + j];
    return count(b, poll, err);
}

static kith_status multiply_transposed(const kith_i_operator *self, int64_t b, const double *x,
                                       double *y, kith_i_poll *poll, kith_error *err)
{
    const double *const a = self->state;

    memset(y, 0, (size_t)(self->columns * b) * sizeof *y);
    for (int64_t i = 0; i < self->rows; i++)
        for (int64_t k = 0; k < self->columns; k++)
            for (int64_t j = 0; j < b; j++) y[k * b + j] += a[i * self->columns + k] * x[i * b + j];
    return count(b, poll, err);
}

kith_i_operator test_matrix(int64_t m, int64_t n, const double *a, int threads)
{
    return make(m, n, threads, multiply, multiply_transposed, a);
}

/* y = sign A x + diagonal x, the diagonal being the strength where `laplacian`. */
static void walk(const kith_graph *graph, bool laplacian, int64_t b, const double *x, double *y,
                 int threads)
{
#pragma omp parallel for num_threads(threads) if (threads > 1)
    for (int64_t i = 0; i < graph->nodes; i++) {
        double strength = 0;
        for (int64_t j = 0; j < b; j++) y[i * b + j] = 0;
        for (int64_t e = graph->offsets[i]; e < graph->offsets[i + 1]; e++) {
            const double w = kith_i_weight(graph, e);
            strength += w;
            for (int64_t j = 0; j < b; j++) y[i * b + j] += w * x[graph->targets[e] * b + j];
        }
        for (int64_t j = 0; laplacian && j < b; j++)
            y[i * b + j] = strength * x[i * b + j] - y[i * b + j];
    }
}

static kith_status adjacent(const kith_i_operator *self, int64_t b, const double *x, double *y,
                            kith_i_poll *poll, kith_error *err)
{
    walk(self->state, false, b, x, y, self->threads);
    return count(b, poll, err);
}

static kith_status differ(const kith_i_operator *self, int64_t b, const double *x, double *y,
                          kith_i_poll *poll, kith_error *err)
{
    walk(self->state, true, b, x, y, self->threads);
    return count(b, poll, err);
}

kith_i_operator test_adjacency(const kith_graph *graph, int threads)
{
    return make(graph->nodes, graph->nodes, threads, adjacent, adjacent, graph);
}

kith_i_operator test_laplacian(const kith_graph *graph, int threads)
{
    return make(graph->nodes, graph->nodes, threads, differ, differ, graph);
}

int64_t test_products(void)
{
    return atomic_exchange(&products, 0);
}

kith_i_poll test_poll(void)
{
    kith_i_poll poll;

    kith_i_poll_start(&poll, NULL);
    return poll;
}
