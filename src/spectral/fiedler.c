/* Bisection along the second eigenvector of the random walk [Fiedler1975; Chung1997 ch. 2]. */
#include "kith/fiedler.h"

#include "core/spec.h"
#include "linalg/sweep.h"
#include "spectral/joined.h"

#include <math.h>

static const kith_option rows[] = { KITH_OPTION(kith_fiedler_options, k, I64, 2, KITH_I_MAX_NODES,
                                                "parts, at most"),
                                    KITH_OPTION(kith_fiedler_options, tolerance, F64, 1e-14, 0.1,
                                                "residual of eigenpairs; lower: slower"),
                                    { 0 } };

static double bytes(const kith_graph *graph, const void *options)
{
    (void)options;
    return 8 * 100 * (double)graph->nodes + 8 * (double)graph->entries;
}

KITH_I_EMBEDDING_ALGORITHM(partition, fiedler, KITH_FIEDLER_OPTIONS_INIT, rows, bytes,
                           "two communities by the best cut along the Fiedler vector, certified");

typedef struct {
    kith_fiedler_options o;
    kith_i_poll poll;
    int threads;
    kith_i_joined joined;
    double lambda, residual; /* of the whole graph, the first that is asked for */
    bool converged;          /* all of them */
} bisection;

/* The first two pairs of a part. */
static kith_status solve(bisection *s, const kith_graph *part, kith_i_eigen *e, kith_error *err)
{
    const kith_i_matrix_options walk = { .matrix = KITH_I_WALK };
    const kith_i_eigen_options how = { .count = part->nodes < 2 ? part->nodes : 2,
                                       .tolerance = s->o.tolerance,
                                       .seed = s->o.run.seed };

    return kith_i_graph_eigen(part, &walk, &how, s->threads, &s->poll, e, NULL, err);
}

static kith_status fiedler_vector(void *self, const kith_graph *part, const int64_t *nodes,
                                  kith_i_poll *poll, double *vector, kith_error *err)
{
    kith_status status = KITH_OK;
    bisection *s = self;
    kith_i_eigen e = { 0 };

    (void)nodes;
    (void)poll;
    KITH_TRY(solve(s, part, &e, err));
    for (int64_t v = 0; v < part->nodes; v++) vector[v] = e.vectors[2 * v + 1];
    if (isnan(s->lambda)) {
        s->lambda = fmax(1 - e.values[1], 0);
        s->residual = e.residuals[1];
    }
    s->converged &= e.converged;

done:
    kith_i_eigen_clear(&e);
    return status;
}

static kith_status begin(const kith_graph *graph, const kith_fiedler_options *options, bisection *s,
                         kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_fiedler_code.options, &s->o, options, err));
    KITH_TRY(kith_init(err));
    kith_i_poll_start(&s->poll, &s->o.run);
    s->threads = kith_i_threads_for(&s->o.run, graph->entries);
    s->lambda = s->residual = NAN;
    s->converged = true;
    KITH_TRY(kith_i_joined_take(graph, 0, &s->poll, &s->joined, err));

done:
    return status;
}

/* Cheeger: lambda / 2 <= the least conductance <= that of the cut <= sqrt(2 lambda). */
static void certify(const bisection *s, const kith_i_sweep *cut, kith_partition *out)
{
    out->quality = cut->size ? cut->value : NAN;
    kith_i_partition_figure(out, "lambda", s->lambda);
    kith_i_partition_figure(out, "residual", s->residual);
    kith_i_partition_figure(out, "lower", fmax(s->lambda - s->residual, 0) / 2);
    kith_i_partition_figure(out, "conductance", out->quality);
    kith_i_partition_figure(out, "upper", sqrt(2 * s->lambda));
}

kith_status kith_fiedler(const kith_graph *graph, const kith_fiedler_options *options,
                         kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    bisection s = { 0 };
    kith_i_sweep cut;
    uint32_t *labels = NULL;
    int64_t parts;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &s, err));
    const double began = kith_i_now();
    const kith_i_bisection how = { .k = s.o.k,
                                   .limit = INFINITY,
                                   .measure = KITH_I_CONDUCTANCE,
                                   .bisect = fiedler_vector,
                                   .self = &s };
    KITH_TRY(kith_i_alloc(&labels, s.joined.graph->nodes, sizeof *labels, err));
    KITH_TRY(kith_i_bisect(s.joined.graph, &how, &s.poll, labels, &parts, &cut, err));
    KITH_TRY(kith_i_joined_partition(&s.joined, labels, true, &s.poll, out, err));
    (*out)->converged = s.converged;
    (*out)->stop = s.converged ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS;
    certify(&s, &cut, *out);
    kith_i_partition_phase(*out, "bisection", kith_i_now() - began);

done:
    kith_i_joined_clear(&s.joined);
    kith_i_free(labels);
    return status;
}

kith_status kith_fiedler_embed(const kith_graph *graph, const kith_fiedler_options *options,
                               kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    bisection s = { 0 };
    kith_i_eigen e = { .converged = true };
    double *vector = NULL;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &s, err));
    const int64_t n = s.joined.graph->nodes;
    if (n > 0) KITH_TRY(solve(&s, s.joined.graph, &e, err));
    KITH_TRY(kith_i_zeroed(&vector, n, sizeof *vector, err));
    for (int64_t v = 0; v < n && e.count == 2; v++) vector[v] = e.vectors[2 * v + 1];
    KITH_TRY(kith_i_joined_embedding(&s.joined, 1, vector, &e, NAN, out, err));

done:
    kith_i_joined_clear(&s.joined);
    kith_i_eigen_clear(&e);
    kith_i_free(vector);
    return status;
}
