/* The largest eigenpairs of a graph's normalised adjacency.
 *
 *   spectral GRAPH [K [TOLERANCE [THREADS [SOLVER]]]]
 *
 * GRAPH is a file. K pairs (default 10) to a residual of TOLERANCE (default 1e-6) on THREADS
 * threads (default 1). SOLVER is "graph", as methods use it: components apart, known vectors not
 * searched for; or "lanczos", "arpack" or "dense", on the matrix as it stands. One JSON line:
 * seconds on the clock and of the processor, those of products among the latter, how many products
 * with one vector there were, the worst residual, computed anew, and whether all are within the
 * tolerance. */
#include "kith/kith.h"

#include "core/base.h"
#include "linalg/eigen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "spectral: %s: %s\n", what, why);
    exit(1);
}

static double processor(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double multiplying;

/* An operator whose products are timed. */
static kith_status timed(const kith_i_operator *self, int64_t b, const double *x, double *y,
                         kith_i_poll *poll, kith_error *err)
{
    const kith_i_operator *const a = self->state;
    const double started = processor();
    const kith_status status = a->apply(a, b, x, y, poll, err);

    multiplying += processor() - started;
    return status;
}

static kith_status solve(const kith_graph *graph, const char *solver, int threads,
                         kith_i_eigen_options *o, kith_i_eigen *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_matrix_options matrix = { .matrix = KITH_I_NORMALISED };
    kith_i_operator a = { 0 };
    kith_i_poll poll;

    kith_i_poll_start(&poll, NULL);
    if (!strcmp(solver, "graph"))
        return kith_i_graph_eigen(graph, &matrix, o, threads, &poll, out, NULL, err);
    KITH_TRY(kith_i_graph_operator(graph, &matrix, threads, &poll, &a, err));
    kith_i_operator watched = a;
    watched.apply = watched.apply_transposed = timed;
    watched.state = &a;
    KITH_TRY(kith_i_eigen_solve(&watched, o, &poll, out, err));

done:
    kith_i_operator_clear(&a);
    return status;
}

static kith_i_eigen_method method_of(const char *solver)
{
    if (!strcmp(solver, "dense")) return KITH_I_EIGEN_DENSE;
    if (!strcmp(solver, "arpack")) return KITH_I_EIGEN_ARPACK;
    if (!strcmp(solver, "lanczos")) return KITH_I_EIGEN_LANCZOS;
    if (!strcmp(solver, "graph")) return KITH_I_EIGEN_AUTO;
    stop(solver, "no solver of that name");
    return KITH_I_EIGEN_AUTO;
}

int main(int argc, char **argv)
{
    if (argc < 2) stop("usage", "spectral GRAPH [K [TOLERANCE [THREADS [SOLVER]]]]");
    const char *const solver = argc > 5 ? argv[5] : "graph";
    const int threads = argc > 4 ? atoi(argv[4]) : 1;
    kith_i_eigen_options o = { .count = argc > 2 ? atoll(argv[2]) : 10,
                               .end = KITH_I_LARGEST,
                               .tolerance = argc > 3 ? atof(argv[3]) : 1e-6,
                               .method = method_of(solver) };
    kith_graph *graph = NULL;
    kith_i_eigen e = { 0 };
    struct rusage usage;
    double worst = 0;
    kith_error err = { 0 };

    if (kith_graph_read(argv[1], NULL, &graph, &err) != KITH_OK) stop(argv[1], err.message);
    const double started = kith_i_now(), worked = processor();
    if (solve(graph, solver, threads, &o, &e, &err) != KITH_OK) stop(argv[1], err.message);
    const double seconds = kith_i_now() - started, work = processor() - worked;
    for (int64_t j = 0; j < e.count; j++)
        if (!(e.residuals[j] <= worst)) worst = e.residuals[j];
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"bench\":\"spectral\",\"solver\":\"%s\",\"method\":\"%s\",\"graph\":\"%s\","
           "\"n\":%" PRId64 ",\"m\":%" PRId64 ",\"k\":%" PRId64 ",\"tolerance\":%g,"
           "\"threads\":%d,\"seconds\":%.6g,\"processor_seconds\":%.6g,",
           solver, e.method ? e.method : "known", argv[1], kith_graph_nodes(graph),
           kith_graph_edges(graph), e.count, o.tolerance, threads, seconds, work);
    if (multiplying > 0) printf("\"product_seconds\":%.6g,", multiplying);
    printf("\"products\":%" PRId64 ",\"residual\":%.3g,\"largest\":%.12g,\"last\":%.12g,"
           "\"converged\":%s,\"peak_mib\":%.1f}\n",
           e.products, worst, e.values[0], e.values[e.count - 1], e.converged ? "true" : "false",
           (double)usage.ru_maxrss / 1024);
    kith_i_eigen_clear(&e);
    kith_graph_free(graph);
    return 0;
}
