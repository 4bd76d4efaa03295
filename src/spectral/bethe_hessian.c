/* Clusters by the eigenvectors of the Bethe Hessian whose eigenvalues lie below 0 [Saade2014]. */
#include "kith/bethe_hessian.h"

#include "core/spec.h"
#include "linalg/structure.h"
#include "spectral/joined.h"
#include "spectral/points.h"

#include <math.h>

static const kith_option rows[] = {
    KITH_OPTION(kith_bethe_hessian_options, restarts, I64, 1, 1000,
                "of k-means; the best of them stays"),
    KITH_OPTION(kith_bethe_hessian_options, tolerance, F64, 1e-14, 0.1,
                "residual of eigenpairs, relative; lower: slower"),
    { 0 }
};

/* How many vectors there will be is not known; a few dozen are usual. */
static double bytes(const kith_graph *graph, const void *options)
{
    (void)options;
    return 8 * 100 * (double)graph->nodes + 8 * (double)graph->entries;
}

KITH_I_ALGORITHM(partition, bethe_hessian, KITH_BETHE_HESSIAN_OPTIONS_INIT, rows, bytes,
                 "communities that can be told from chance, and how many there are");

/* Components that no vector reaches become communities behind the first k. */
static kith_status add_components(const kith_i_joined *joined, const kith_i_eigen *e, int threads,
                                  kith_i_poll *poll, uint32_t *labels, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = joined->graph->nodes;
    int64_t *component = NULL, *number = NULL, count, next = e->count;
    bool *reached = NULL;

    KITH_TRY(kith_i_alloc(&component, n, sizeof *component, err));
    KITH_TRY(kith_i_graph_components(joined->graph, threads, poll, component, &count, err));
    KITH_TRY(kith_i_zeroed(&reached, count, sizeof *reached, err));
    KITH_TRY(kith_i_alloc(&number, count, sizeof *number, err));
    for (int64_t v = 0; v < n; v++)
        for (int64_t j = 0; j < e->count; j++)
            if (e->vectors[v * e->count + j] != 0) reached[component[v]] = true;
    for (int64_t c = 0; c < count; c++) number[c] = reached[c] ? -1 : next++;
    for (int64_t v = 0; v < n; v++)
        if (number[component[v]] >= 0) labels[v] = (uint32_t)number[component[v]];

done:
    kith_i_free(component);
    kith_i_free(number);
    kith_i_free(reached);
    return status;
}

kith_status kith_bethe_hessian(const kith_graph *graph, const kith_bethe_hessian_options *options,
                               kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_bethe_hessian_options o;
    kith_i_poll poll;
    kith_i_joined joined = { 0 };
    kith_i_eigen e = { 0 };
    kith_i_grouped grouped = { .inertia = NAN, .converged = true };
    uint32_t *labels = NULL;
    double r = 0;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_bethe_hessian_code.options, &o, options, err));
    KITH_TRY(kith_init(err));
    kith_i_poll_start(&poll, &o.run);
    const int threads = kith_i_threads_for(&o.run, graph->entries);
    const double began = kith_i_now();
    KITH_TRY(kith_i_joined_take(graph, 0, &poll, &joined, err));
    KITH_TRY(kith_i_zeroed(&labels, joined.graph->nodes, sizeof *labels, err));
    KITH_TRY(kith_i_bethe_radius(joined.graph, &poll, &r, err));
    KITH_TRY(kith_i_bethe_negative(joined.graph, r, o.tolerance, o.run.seed, threads, &poll, &e,
                                   err));
    const double solved = kith_i_now();
    if (e.count) {
        const kith_i_points points = { e.count, e.vectors, &e };
        const kith_i_grouping how = { .rounding = KITH_ROUNDING_KMEANS,
                                      .k = e.count,
                                      .chosen = true,
                                      .restarts = o.restarts,
                                      .seed = o.run.seed,
                                      .threads = threads };
        KITH_TRY(kith_i_group(&points, &how, &poll, labels, &grouped, err));
    }
    if (joined.graph->nodes) KITH_TRY(add_components(&joined, &e, threads, &poll, labels, err));
    KITH_TRY(kith_i_joined_partition(&joined, labels, true, &poll, out, err));
    (*out)->iterations = grouped.rounds;
    (*out)->converged = e.converged && grouped.converged;
    (*out)->stop = (*out)->converged ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS;
    kith_i_partition_figure(*out, "k", (double)e.count);
    kith_i_partition_figure(*out, "r", r);
    kith_i_partition_phase(*out, "eigenvectors", solved - began);
    kith_i_partition_phase(*out, "rounding", kith_i_now() - solved);

done:
    kith_i_joined_clear(&joined);
    kith_i_eigen_clear(&e);
    kith_i_free(labels);
    return status;
}
