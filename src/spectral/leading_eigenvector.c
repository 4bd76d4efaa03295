/* Communities by the leading eigenvectors of modularity [Newman2006].
 *
 *   paper           here
 *   g               a group: nodes of the graph that may be divided
 *   B^(g)           divide_operator(): B_ij - delta_ij sum_{l in g} B_il, eq. 51
 *   s               side: +1 and -1
 *   Delta Q         s^T B^(g) s / 4m, eq. 50 */
#include "kith/leading_eigenvector.h"

#include "core/spec.h"
#include "linalg/eigen.h"
#include "spectral/joined.h"

#include <math.h>
#include <string.h>

enum { SWEEPS = 100 };   /* of a refinement, at the most */
#define LEAST_GAIN 1e-12 /* of modularity: less may be rounding */

static const kith_option rows[] = {
    KITH_OPTION(kith_leading_eigenvector_options, k, I64, 0, KITH_I_MAX_NODES,
                "communities, at most; 0: as many as modularity makes"),
    KITH_OPTION(kith_leading_eigenvector_options, resolution, F64, 0, 1e9,
                "higher: smaller communities"),
    KITH_OPTION(kith_leading_eigenvector_options, refine, BOOL, 0, 0,
                "single nodes change sides after a division"),
    KITH_OPTION(kith_leading_eigenvector_options, tolerance, F64, 1e-14, 0.1,
                "residual of eigenpairs, relative; lower: slower"),
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    (void)options;
    return 8 * 110 * (double)graph->nodes + 8 * (double)graph->entries;
}

KITH_I_ALGORITHM(partition, leading_eigenvector, KITH_LEADING_EIGENVECTOR_OPTIONS_INIT, rows, bytes,
                 "communities by repeated division along the leading eigenvector of modularity");

typedef struct {
    const kith_leading_eigenvector_options *o;
    kith_i_poll *poll;
    int threads;
    const kith_graph *graph;
    double *degrees; /* k_i, strengths */
    double twice;    /* 2m */
    uint32_t *labels;
    int64_t communities;
    double modularity, eigenvalue;
    bool converged;
} division;

/* A group as a graph of its own, and what its modularity matrix is made of. */
typedef struct {
    kith_graph *graph;
    kith_i_operator adjacency;
    double *degrees;  /* of its nodes in the whole graph */
    double *diagonal; /* sum_{l in g} B_il */
    double scale;     /* gamma / 2m */
    double *sides;
} group;

static void group_clear(group *g)
{
    kith_i_operator_clear(&g->adjacency);
    kith_graph_free(g->graph);
    kith_i_free(g->degrees);
    kith_i_free(g->diagonal);
    kith_i_free(g->sides);
}

/* Y = B^(g) X. */
static kith_status apply(const kith_i_operator *self, int64_t b, const double *x, double *y,
                         kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    const group *g = self->state;

    KITH_TRY(g->adjacency.apply(&g->adjacency, b, x, y, poll, err));
    for (int64_t j = 0; j < b; j++) {
        double sum = 0;
        for (int64_t i = 0; i < self->rows; i++) sum += g->degrees[i] * x[i * b + j];
        sum *= g->scale;
        for (int64_t i = 0; i < self->rows; i++)
            y[i * b + j] -= g->degrees[i] * sum + g->diagonal[i] * x[i * b + j];
    }

done:
    return status;
}

static kith_status group_take(const division *s, int64_t count, const int64_t *nodes, group *g,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_matrix_options matrix = { .matrix = KITH_I_ADJACENCY };
    double volume = 0;

    *g = (group){ .scale = s->o->resolution / s->twice };
    KITH_TRY(kith_i_graph_subgraph(s->graph, count, nodes, s->poll, &g->graph, err));
    KITH_TRY(kith_i_graph_operator(g->graph, &matrix, s->threads, s->poll, &g->adjacency, err));
    KITH_TRY(kith_i_alloc(&g->degrees, count, sizeof *g->degrees, err));
    KITH_TRY(kith_i_alloc(&g->diagonal, count, sizeof *g->diagonal, err));
    KITH_TRY(kith_i_alloc(&g->sides, count, sizeof *g->sides, err));
    KITH_TRY(kith_i_graph_strengths(g->graph, s->poll, g->diagonal, NULL, err));
    for (int64_t i = 0; i < count; i++) volume += g->degrees[i] = s->degrees[nodes[i]];
    for (int64_t i = 0; i < count; i++) g->diagonal[i] -= g->scale * g->degrees[i] * volume;

done:
    return status;
}

/* Signs of the leading eigenvector; none where its eigenvalue is not above 0. */
static kith_status take_signs(division *s, group *g, bool *divided, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = g->graph->nodes;
    const kith_i_operator modularity = { .rows = n,
                                         .columns = n,
                                         .lower = NAN,
                                         .upper = NAN,
                                         .apply = apply,
                                         .apply_transposed = apply,
                                         .threads = s->threads,
                                         .state = g };
    const kith_i_eigen_options how = {
        .count = 1, .end = KITH_I_LARGEST, .tolerance = s->o->tolerance, .seed = s->o->run.seed
    };
    kith_i_eigen e = { 0 };

    KITH_TRY(kith_i_eigen_solve(&modularity, &how, s->poll, &e, err));
    if (isnan(s->eigenvalue)) s->eigenvalue = e.values[0];
    s->converged &= e.converged;
    *divided = e.values[0] > e.residuals[0];
    for (int64_t i = 0; i < n; i++) g->sides[i] = e.vectors[i] > 0 ? 1 : -1;

done:
    kith_i_eigen_clear(&e);
    return status;
}

/* Each node in turn changes sides where that gains, until none does. */
static kith_status refine(const division *s, group *g, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *graph = g->graph;
    double balance = 0; /* sum_j k_j s_j */
    bool moved = true;

    for (int64_t i = 0; i < graph->nodes; i++) balance += g->degrees[i] * g->sides[i];
    for (int sweep = 0; moved && sweep < SWEEPS; sweep++) {
        moved = false;
        KITH_TRY(kith_i_poll_check(s->poll, "refining", -1, err));
        for (int64_t i = 0; i < graph->nodes; i++) {
            const double own = g->sides[i], k = g->degrees[i];
            double drawn = -g->scale * k * (balance - k * own); /* sum_{j != i} B_ij s_j */
            for (int64_t e = graph->offsets[i]; e < graph->offsets[i + 1]; e++)
                if (graph->targets[e] != i)
                    drawn += kith_i_weight(graph, e) * g->sides[graph->targets[e]];
            if (!(own * drawn < -LEAST_GAIN * s->twice)) continue;
            g->sides[i] = -own;
            balance -= 2 * k * own;
            moved = true;
        }
    }

done:
    return status;
}

/* Delta Q of the sides. */
static kith_status gain(const division *s, group *g, double *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_operator self = { .rows = g->graph->nodes, .state = g };
    double *product = NULL;

    *out = 0;
    KITH_TRY(kith_i_alloc(&product, self.rows, sizeof *product, err));
    KITH_TRY(apply(&self, 1, g->sides, product, s->poll, err));
    for (int64_t i = 0; i < self.rows; i++) *out += g->sides[i] * product[i];
    *out /= 2 * s->twice;

done:
    kith_i_free(product);
    return status;
}

/* Divides a group in two, if that gains: nodes are brought into order, those of side 1 to the
 * end, and *first says where they begin; it is `count` where the group stays. */
static kith_status divide(division *s, int64_t count, int64_t *nodes, int64_t *first,
                          kith_error *err)
{
    kith_status status = KITH_OK;
    group g = { 0 };
    bool divided = false;
    double gained = 0;
    int64_t *rest = NULL, kept = 0, left = 0;

    *first = count;
    if (count < 2) goto done;
    KITH_TRY(group_take(s, count, nodes, &g, err));
    KITH_TRY(take_signs(s, &g, &divided, err));
    if (!divided) goto done;
    if (s->o->refine) KITH_TRY(refine(s, &g, err));
    KITH_TRY(gain(s, &g, &gained, err));
    if (!(gained > LEAST_GAIN)) goto done;
    s->modularity += gained;
    KITH_TRY(kith_i_alloc(&rest, count, sizeof *rest, err));
    for (int64_t i = 0; i < count; i++) {
        if (g.sides[i] < 0)
            nodes[kept++] = nodes[i];
        else
            rest[left++] = nodes[i];
    }
    memcpy(nodes + kept, rest, (size_t)left * sizeof *rest);
    *first = kept;

done:
    group_clear(&g);
    kith_i_free(rest);
    return status;
}

/* All groups, in the order in which they are made: a group that is divided gives way to its
 * halves. */
static kith_status divide_all(division *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->graph->nodes, most = s->o->k ? s->o->k : n;
    int64_t *nodes = NULL, *start = NULL, *end = NULL; /* of groups, in `nodes` */
    int64_t groups = 1;

    KITH_TRY(kith_i_alloc(&nodes, n, sizeof *nodes, err));
    KITH_TRY(kith_i_alloc(&start, 2 * n, sizeof *start, err));
    KITH_TRY(kith_i_alloc(&end, 2 * n, sizeof *end, err));
    for (int64_t v = 0; v < n; v++) nodes[v] = v;
    start[0] = 0;
    end[0] = n;
    for (int64_t i = 0; i < groups; i++) {
        const int64_t waiting = groups - i;
        int64_t first = end[i] - start[i];
        if (s->communities + waiting < most)
            KITH_TRY(divide(s, end[i] - start[i], nodes + start[i], &first, err));
        first += start[i];
        if (first < end[i]) {
            start[groups] = start[i];
            end[groups++] = first;
            start[groups] = first;
            end[groups++] = end[i];
            continue;
        }
        for (int64_t j = start[i]; j < end[i]; j++) s->labels[nodes[j]] = (uint32_t)s->communities;
        s->communities++;
    }

done:
    kith_i_free(nodes);
    kith_i_free(start);
    kith_i_free(end);
    return status;
}

kith_status kith_leading_eigenvector(const kith_graph *graph,
                                     const kith_leading_eigenvector_options *options,
                                     kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_leading_eigenvector_options o;
    kith_i_poll poll;
    kith_i_joined joined = { 0 };
    division s = { .o = &o, .poll = &poll, .eigenvalue = NAN, .converged = true };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_leading_eigenvector_code.options, &o, options, err));
    KITH_TRY(kith_init(err));
    kith_i_poll_start(&poll, &o.run);
    s.threads = kith_i_threads_for(&o.run, graph->entries);
    const double began = kith_i_now();
    KITH_TRY(kith_i_joined_take(graph, 0, &poll, &joined, err));
    s.graph = joined.graph;
    KITH_TRY(kith_i_alloc(&s.degrees, s.graph->nodes, sizeof *s.degrees, err));
    KITH_TRY(kith_i_alloc(&s.labels, s.graph->nodes, sizeof *s.labels, err));
    KITH_TRY(kith_i_graph_strengths(s.graph, &poll, s.degrees, NULL, err));
    for (int64_t v = 0; v < s.graph->nodes; v++) s.twice += s.degrees[v];
    if (s.twice > 0) s.modularity = 1 - o.resolution;
    if (s.graph->nodes) KITH_TRY(divide_all(&s, err));
    KITH_TRY(kith_i_joined_partition(&joined, s.labels, true, &poll, out, err));
    (*out)->quality = s.modularity;
    (*out)->converged = s.converged;
    (*out)->stop = s.converged ? KITH_STOP_CONVERGED : KITH_STOP_ITERATIONS;
    kith_i_partition_figure(*out, "eigenvalue", s.eigenvalue);
    kith_i_partition_phase(*out, "division", kith_i_now() - began);

done:
    kith_i_joined_clear(&joined);
    kith_i_free(s.degrees);
    kith_i_free(s.labels);
    return status;
}
