/* Biadjacency matrices as operators: the rows of one side of a bipartite graph, whose targets are
 * numbered behind them, and those of the other for the transpose. */
#include "linalg/operator.h"

#include "graph/view.h"
#include "linalg/product.h"

#include <math.h>

typedef struct {
    kith_i_product product, transposed;
    double *scale; /* of rows, then of columns; NULL: not normalised */
    kith_i_scratch scratch;
} bipartite_state;

static void bipartite_free(void *state)
{
    bipartite_state *s = state;

    kith_i_free(s->scale);
    kith_i_free(s->scratch.memory);
    kith_i_free(s);
}

static kith_status apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                         kith_i_poll *poll, kith_error *err)
{
    bipartite_state *s = self->state;

    return kith_i_multiply(&s->product, b, x, y, self->threads, &s->scratch, poll, err);
}

static kith_status apply_transposed(const kith_i_operator *self, int64_t b, const double *x,
                                    double *y, kith_i_poll *poll, kith_error *err)
{
    bipartite_state *s = self->state;

    return kith_i_multiply(&s->transposed, b, x, y, self->threads, &s->scratch, poll, err);
}

/* Nodes `from` on, whose targets begin at node `to`. */
static kith_i_product side(const kith_graph *graph, int64_t from, int64_t rows, int64_t to,
                           int64_t columns, const double *scale)
{
    return (kith_i_product){ .m = { .rows = rows,
                                    .columns = columns,
                                    .offsets = graph->offsets + from,
                                    .targets = graph->targets,
                                    .first = (uint32_t)to,
                                    .weights32 = graph->weights32,
                                    .weights64 = graph->weights64 },
                             .factor = 1,
                             .left = scale ? scale + from : NULL,
                             .right = scale ? scale + to : NULL };
}

kith_status kith_i_biadjacency_operator(const kith_bipartite *bipartite, bool normalised,
                                        int threads, kith_i_poll *poll, kith_i_operator *out,
                                        kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *graph = kith_bipartite_graph(bipartite);
    const int64_t rows = kith_bipartite_rows(bipartite);
    const int64_t columns = kith_bipartite_columns(bipartite);
    bipartite_state *s = NULL;

    *out = (kith_i_operator){ 0 };
    KITH_TRY(kith_i_graph_check(graph, poll, err));
    KITH_TRY(kith_i_zeroed(&s, 1, sizeof *s, err));
    *out = (kith_i_operator){ .rows = rows,
                              .columns = columns,
                              .lower = NAN,
                              .upper = NAN,
                              .apply = apply,
                              .apply_transposed = apply_transposed,
                              .threads = threads,
                              .state = s,
                              .free = bipartite_free };
    if (normalised) {
        KITH_TRY(kith_i_graph_require_unsigned(graph, poll, err));
        KITH_TRY(kith_i_alloc(&s->scale, rows + columns, sizeof *s->scale, err));
        KITH_TRY(kith_i_graph_strengths(graph, poll, s->scale, NULL, err));
        for (int64_t i = 0; i < rows + columns; i++)
            s->scale[i] = s->scale[i] > 0 ? 1 / sqrt(s->scale[i]) : 1;
    }
    s->product = side(graph, 0, rows, rows, columns, s->scale);
    s->transposed = side(graph, rows, columns, 0, rows, s->scale);

done:
    if (status != KITH_OK) kith_i_operator_clear(out);
    return status;
}
