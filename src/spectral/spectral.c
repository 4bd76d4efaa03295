/* Spectral clustering [Ng2001]: the k leading eigenvectors of a matrix of the graph give each node
 * a point, and points near one another are a community.
 *
 *   paper   here
 *   L       a kith_i_matrix_options                    matrix_of()
 *   X       eigen.vectors
 *   Y       points                                     make_points()
 *   k       k; where it is not given, by               choose_k()
 */
#include "kith/spectral.h"

#include "core/spec.h"
#include "linalg/block.h"
#include "linalg/structure.h"
#include "spectral/joined.h"
#include "spectral/spectral.h"

#include <math.h>
#include <string.h>

const char *const kith_i_spectral_matrices[] = { "normalised",  "walk",    "unnormalised",
                                                 "regularised", "degrees", "score",
                                                 NULL };
const char *const kith_i_spectral_choices[] = { "eigengap", "bethe-hessian", NULL };

static const kith_option rows[] = { KITH_I_SPECTRAL_ROWS, { 0 } };

/* Vectors with a basis of two to three times as many, and points. */
double kith_i_spectral_bytes(const kith_graph *graph, const void *options)
{
    const kith_spectral_options *o = options;
    const double n = (double)graph->nodes, k = (double)(o->k ? o->k : o->most + 1);

    return 8 * n * (5 * fmin(k, n) + 8);
}

KITH_I_EMBEDDING_ALGORITHM(partition, spectral, KITH_SPECTRAL_OPTIONS_INIT, rows,
                           kith_i_spectral_bytes, "communities among points made of eigenvectors");

/* What is found of a graph. */
typedef struct {
    kith_i_joined joined;
    kith_i_eigen eigen; /* k pairs, perhaps more */
    double *points;
    int64_t k, dimensions;
    double gap;
    double solving; /* seconds */
} finding;

static void finding_clear(finding *f)
{
    kith_i_joined_clear(&f->joined);
    kith_i_eigen_clear(&f->eigen);
    kith_i_free(f->points);
}

static kith_status matrix_of(const kith_spectral_options *o, int matrix, const kith_graph *graph,
                             kith_i_poll *poll, kith_i_matrix_options *out, kith_error *err)
{
    kith_status status = KITH_OK;
    double weight;

    *out = (kith_i_matrix_options){ .matrix = KITH_I_NORMALISED };
    switch (matrix) {
    case KITH_SPECTRAL_WALK: out->matrix = KITH_I_WALK; break;
    case KITH_SPECTRAL_UNNORMALISED: out->matrix = KITH_I_LAPLACIAN; break;
    case KITH_SPECTRAL_SCORE: out->matrix = KITH_I_ADJACENCY; break;
    case KITH_SPECTRAL_REGULARISED:
    case KITH_SPECTRAL_DEGREES:
        KITH_TRY(kith_i_graph_total_weight(graph, poll, &weight, err));
        weight = o->tau * 2 * weight / (double)graph->nodes;
        *(matrix == KITH_SPECTRAL_DEGREES ? &out->degree : &out->uniform) = weight;
        break;
    default: break;
    }

done:
    return status;
}

/* Pairs of one of the matrices, `count` of them or as many as there are. */
static kith_status solve(finding *f, const kith_spectral_options *o, int matrix, int64_t count,
                         kith_i_poll *poll, int64_t *components, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *graph = f->joined.graph;
    kith_i_eigen_options how = { .tolerance = o->tolerance, .seed = o->run.seed };
    kith_i_matrix_options m;

    kith_i_eigen_clear(&f->eigen);
    how.count = count < graph->nodes ? count : graph->nodes;
    KITH_TRY(kith_i_memory_require(24.0 * (double)graph->nodes * (double)how.count, "eigenvectors",
                                   err));
    KITH_TRY(matrix_of(o, matrix, graph, poll, &m, err));
    KITH_TRY(kith_i_graph_eigen(graph, &m, &how, kith_i_threads_for(&o->run, graph->entries), poll,
                                &f->eigen, components, err));

done:
    return status;
}

/* The number of clusters, and the pairs of `matrix` that have been found on the way. */
static kith_status choose_k(finding *f, const kith_spectral_options *o, kith_i_poll *poll,
                            kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *graph = f->joined.graph;
    const bool own = o->matrix == KITH_SPECTRAL_NORMALISED || o->matrix == KITH_SPECTRAL_WALK;
    int64_t components = 0;
    double r;

    if (o->choose == KITH_SPECTRAL_BETHE_HESSIAN) {
        KITH_TRY(kith_i_bethe_radius(graph, poll, &r, err));
        KITH_TRY(kith_i_bethe_negative(graph, r, o->tolerance, o->run.seed,
                                       kith_i_threads_for(&o->run, graph->entries), poll, &f->eigen,
                                       err));
        f->k = f->eigen.count ? f->eigen.count : 1;
        kith_i_eigen_clear(&f->eigen);
        goto done;
    }
    KITH_TRY(solve(f, o, own ? o->matrix : KITH_SPECTRAL_NORMALISED, o->most + 1, poll, &components,
                   err));
    f->k = kith_i_eigengap(f->eigen.count, f->eigen.values, o->most, &f->gap);
    if (f->k > f->eigen.count) f->k = f->eigen.count;
    if (f->gap == 0) { /* components fill the spectrum as far as it was looked at */
        f->k = components;
        f->gap = NAN;
    }
    if (!own || f->k > f->eigen.count) kith_i_eigen_clear(&f->eigen);

done:
    return status;
}

/* Each vector over the first, cut off at log n [Jin2015 eq. 2.5]. */
static void to_ratios(const kith_i_eigen *e, double *points, int64_t k)
{
    const double most = log((double)e->n);

    for (int64_t i = 0; i < e->n; i++) {
        const double *row = e->vectors + i * e->count;
        for (int64_t j = 1; j < k; j++) {
            const double ratio = row[j] == 0 ? 0 : row[j] / row[0];
            points[i * (k - 1) + j - 1] = fmin(fmax(ratio, -most), most);
        }
    }
}

static kith_status make_points(finding *f, const kith_spectral_options *o, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_eigen *e = &f->eigen;
    const int threads = kith_i_threads_for(&o->run, e->n * f->k);
    const bool score = o->matrix == KITH_SPECTRAL_SCORE;

    f->dimensions = score ? f->k - 1 : f->k;
    KITH_TRY(kith_i_alloc(&f->points, e->n * f->dimensions, sizeof *f->points, err));
    if (score) {
        to_ratios(e, f->points, f->k);
        goto done;
    }
    for (int64_t i = 0; i < e->n; i++)
        memcpy(f->points + i * f->k, e->vectors + i * e->count, (size_t)f->k * sizeof *f->points);
    if (o->matrix != KITH_SPECTRAL_WALK && o->matrix != KITH_SPECTRAL_UNNORMALISED)
        kith_i_block_unit_rows(e->n, f->k, f->points, threads);

done:
    return status;
}

/* The first k pairs alone: what lies behind was for the gap. */
static void keep_k(kith_i_eigen *e, int64_t k)
{
    for (int64_t i = 0; i < e->n; i++)
        for (int64_t j = 0; j < k; j++) e->vectors[i * k + j] = e->vectors[i * e->count + j];
    e->count = k;
}

/* further: pairs that are found beyond k, where k is known beforehand. */
static kith_status find(const kith_graph *graph, const kith_spectral_options *o, int64_t further,
                        kith_i_poll *poll, finding *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const double began = kith_i_now();

    f->gap = NAN;
    KITH_TRY(kith_i_memory_require(kith_i_spectral_bytes(graph, o), "spectral clustering", err));
    KITH_TRY(kith_i_joined_take(graph, o->k, poll, &f->joined, err));
    if (f->joined.graph->nodes == 0) goto done;
    f->k = o->k;
    if (f->k == 0) KITH_TRY(choose_k(f, o, poll, err));
    if (!f->eigen.values) {
        KITH_TRY(solve(f, o, o->matrix, f->k + further, poll, NULL, err));
        if (further && f->k < f->eigen.count)
            f->gap = fabs(f->eigen.values[f->k - 1] - f->eigen.values[f->k]);
    }
    KITH_TRY(make_points(f, o, err));
    f->solving = kith_i_now() - began;

done:
    return status;
}

kith_status kith_i_spectral_embed(const kith_graph *graph, const kith_spectral_options *o,
                                  kith_i_poll *poll, kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    finding f = { 0 };

    KITH_TRY(find(graph, o, 1, poll, &f, err));
    KITH_TRY(kith_i_joined_embedding(&f.joined, f.dimensions, f.points, &f.eigen, f.gap, out, err));

done:
    finding_clear(&f);
    return status;
}

static double worst_residual(const kith_i_eigen *e)
{
    double worst = 0;

    for (int64_t j = 0; j < e->count; j++) worst = fmax(worst, e->residuals[j]);
    return worst;
}

/* What the run says of itself. */
static void report(const finding *f, const kith_i_grouped *grouped, double grouping,
                   kith_partition *out)
{
    out->iterations = grouped->rounds;
    out->converged = f->eigen.converged && grouped->converged;
    out->stop = out->converged ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS;
    kith_i_partition_figure(out, "k", (double)f->k);
    kith_i_partition_figure(out, "gap", f->gap);
    kith_i_partition_figure(out, "residual", worst_residual(&f->eigen));
    kith_i_partition_figure(out, "inertia", grouped->inertia);
    kith_i_partition_phase(out, "eigenvectors", f->solving);
    kith_i_partition_phase(out, "rounding", grouping);
}

kith_status kith_i_spectral(const kith_graph *graph, const kith_spectral_options *o,
                            kith_i_poll *poll, kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    finding f = { 0 };
    kith_i_grouped grouped = { .inertia = NAN, .converged = true };
    uint32_t *labels = NULL;

    KITH_TRY(find(graph, o, 0, poll, &f, err));
    const double began = kith_i_now();
    KITH_TRY(kith_i_alloc(&labels, graph->nodes, sizeof *labels, err));
    if (f.k) {
        const kith_i_grouping how = { .rounding = o->rounding,
                                      .k = f.k,
                                      .chosen = o->k == 0,
                                      .restarts = o->restarts,
                                      .seed = o->run.seed,
                                      .threads = kith_i_threads_for(&o->run, f.eigen.n * f.k) };
        const kith_i_points points = { f.dimensions, f.points, &f.eigen };
        keep_k(&f.eigen, f.k);
        KITH_TRY(kith_i_group(&points, &how, poll, labels, &grouped, err));
    }
    KITH_TRY(kith_i_joined_partition(&f.joined, labels, o->k == 0, poll, out, err));
    f.eigen.converged |= f.k == 0;
    report(&f, &grouped, kith_i_now() - began, *out);

done:
    finding_clear(&f);
    kith_i_free(labels);
    return status;
}

static kith_status begin(const kith_graph *graph, const kith_spectral_options *options,
                         kith_spectral_options *o, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_spectral_code.options, o, options, err));
    KITH_TRY(kith_init(err));
    kith_i_poll_start(poll, &o->run);

done:
    return status;
}

kith_status kith_spectral(const kith_graph *graph, const kith_spectral_options *options,
                          kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_spectral_options o;
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, err));
    KITH_TRY(kith_i_spectral(graph, &o, &poll, out, err));

done:
    return status;
}

kith_status kith_spectral_embed(const kith_graph *graph, const kith_spectral_options *options,
                                kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_spectral_options o;
    kith_i_poll poll;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(begin(graph, options, &o, &poll, err));
    KITH_TRY(kith_i_spectral_embed(graph, &o, &poll, out, err));

done:
    return status;
}
