/* Approximate personalised PageRank by pushing [Andersen2006].
 *
 *   paper          here
 *   p, r           field P, field R
 *   alpha          alpha, of the lazy walk (I + A D^-1) / 2
 *   epsilon        epsilon
 *   push(u)        push()
 *
 * p + pr_alpha(r) = pr_alpha(s) before and after each push, and it ends when r_u < epsilon d_u
 * everywhere. Nodes that hold too much wait in a queue, first in first out.
 *
 * With weights the row of a node would have to be read for its d as soon as it gets some r. Most
 * of what is touched never holds much, and the edges that r came along are a lower bound of d: a
 * row is read when r_u is not below epsilon times that. */
#include "kith/acl.h"

#include "core/spec.h"
#include "local/query.h"
#include "local/queue.h"
#include "local/similarity.h"
#include "local/weighing.h"

#include <math.h>

enum { P, R }; /* fields */
enum { POLL_EDGES = 1 << 16 };

/* Whether r_u, which was too little before, is enough to push. */
static inline kith_status fills(kith_i_reach *reach, uint32_t u, double before, double epsilon,
                                bool *out, kith_error *err)
{
    const double *d = reach->strength, r = reach->field[R][u];

    if (!reach->measured[u] && r >= epsilon * d[u]) {
        const kith_status status = kith_i_reach_measure(reach, u, err);
        if (status != KITH_OK) return status;
    }
    *out = before < epsilon * d[u] && r >= epsilon * d[u];
    return KITH_OK;
}

/* p_u += alpha r_u, half of the rest stays with u, half goes to its neighbours. */
static kith_status push(kith_i_reach *reach, kith_i_queue *queue, uint32_t u,
                        const kith_acl_options *o, int64_t *work, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_row row;

    KITH_TRY(kith_i_reach_row(reach, u, &row, err));
    KITH_TRY(kith_i_queue_reserve(queue, reach->room, err));
    double *r = reach->field[R], d = reach->strength[u];
    const double rest = (1 - o->alpha) / 2 * r[u], share = rest / d;
    reach->field[P][u] += o->alpha * r[u];
    r[u] = rest;
    if (r[u] >= o->epsilon * d) kith_i_queue_push(queue, u);
    for (int64_t i = 0; i < row.count; i++) {
        const uint32_t v = row.slots[i];
        const double before = r[v];
        bool full;
        r[v] = before + share * kith_i_row_weight(&row, i);
        KITH_TRY(fills(reach, v, before, o->epsilon, &full, err));
        if (full) kith_i_queue_push(queue, v);
    }
    *work += row.count;

done:
    return status;
}

static kith_status diffuse(kith_i_reach *reach, const kith_acl_options *o, kith_i_poll *poll,
                           int64_t *pushes, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t seeds = o->query.seeds.count;
    kith_i_queue queue = { 0 };
    int64_t work = 0;

    KITH_TRY(kith_i_queue_reserve(&queue, reach->room, err));
    for (uint32_t seed = 0; seed < seeds; seed++) {
        reach->field[R][seed] = 1 / (double)seeds;
        if (reach->field[R][seed] >= o->epsilon * reach->strength[seed])
            kith_i_queue_push(&queue, seed);
    }
    while (queue.length) {
        KITH_TRY(push(reach, &queue, kith_i_queue_pop(&queue), o, &work, err));
        ++*pushes;
        if (work < POLL_EDGES) continue;
        work = 0;
        KITH_TRY(kith_i_poll_check(poll, "pushing", -1, err));
    }

done:
    kith_i_free(queue.ring);
    return status;
}

/* From p to the scores p / d, and the figures. */
static kith_status certify(kith_i_reach *reach, double figures[3], kith_error *err)
{
    kith_status status = KITH_OK;
    double *p = reach->field[P], *r = reach->field[R], *d = reach->strength;

    for (uint32_t slot = 0; slot < reach->count; slot++) {
        if (p[slot] == 0 && r[slot] == 0) continue; /* perhaps it has no weight */
        figures[0] += p[slot];
        figures[1] += r[slot];
        if (p[slot] > 0) p[slot] /= d[slot];
        if (r[slot] / d[slot] <= figures[2]) continue;
        if (!reach->measured[slot]) KITH_TRY(kith_i_reach_measure(reach, slot, err));
        figures[2] = fmax(figures[2], r[slot] / d[slot]);
    }

done:
    return status;
}

/* Adds what the choice of gamma looked at, which the diffusion may not have reached. */
static kith_status count_near(const kith_i_reach *reach, const kith_i_reach *near,
                              kith_i_poll *poll, kith_cluster *cluster, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_reach *table = NULL;
    uint32_t slot;

    if (!near) goto done;
    KITH_TRY(kith_i_reach_table(reach->graph, poll, &table, err));
    for (int64_t i = 0; i < reach->count; i++)
        KITH_TRY(kith_i_reach_touch(table, reach->nodes[i], &slot, err));
    for (int64_t i = 0; i < near->count; i++) {
        KITH_TRY(kith_i_reach_touch(table, near->nodes[i], &slot, err));
        if (slot >= reach->count && near->begin[i] >= 0) cluster->touched_edges += near->length[i];
    }
    cluster->touched_nodes = table->count;

done:
    kith_i_reach_give(table);
    return status;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_acl_options, alpha, F64, 1e-4, 1 - 1e-9,
                "teleportation of the lazy walk; higher: nearer to the seeds"),
    KITH_OPTION(kith_acl_options, epsilon, F64, 1e-15, 1,
                "residual per unit of degree; lower: farther, and slower"),
    KITH_I_LABEL_ROWS(kith_acl_options),
    KITH_OPTION(kith_acl_options, features, FEATURES, 0, 0,
                "attributes of nodes: edges between unlike ones count less"),
    KITH_OPTION(kith_acl_options, gamma, F64, -1, 1e12,
                "by exp(-X d^2); -1: 0.1 over the median near the seeds"),
    KITH_I_QUERY_ROWS,
    { 0 }
};

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_acl_options *o = options;
    const double most = 2 * (double)graph->entries, bound = 2 / ((1 - o->alpha) * o->epsilon);

    return 60 * (bound < most ? bound : most);
}

KITH_I_ALGORITHM(local, acl, KITH_ACL_OPTIONS_INIT, rows, bytes,
                 "the community around seeds by approximate personalised PageRank");

kith_status kith_acl(const kith_graph *graph, const kith_acl_options *options, kith_cluster **out,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    kith_acl_options o;
    kith_i_reach *reach = NULL;
    kith_i_labels labels = { 0 };
    kith_i_similarity similarity = { 0 };
    const kith_i_weighing near = kith_i_similarity_weighing(&similarity, false);
    kith_i_likeness likeness = { 0 };
    const kith_i_weighing weighing = kith_i_weighing_by(&likeness, false);
    kith_i_poll poll;
    double figures[3] = { 0 };
    int64_t pushes = 0;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_acl_code.options, &o, options, err));
    kith_i_poll_start(&poll, &o.query.run);
    KITH_TRY(kith_i_query_check(graph, &o.query, &poll, err));
    KITH_TRY(kith_i_labels_check(o.node_labels, "node-labels", graph->nodes, err));
    KITH_TRY(kith_i_labels_init(&labels, o.node_labels, NULL, &o.query.seeds, err));
    if (o.features) {
        KITH_TRY(kith_i_features_check(o.features, "features", graph->nodes, err));
        KITH_TRY(kith_i_similarity_start(graph, o.features, o.gamma, false, false, &o.query, &poll,
                                         &similarity, err));
    }
    likeness = (kith_i_likeness){ o.node_labels ? &labels : NULL, o.disagree, o.zero_zero,
                                  o.features ? &near : NULL };
    KITH_TRY(kith_i_query_begin(graph, o.node_labels || o.features ? &weighing : NULL, &o.query,
                                &poll, &reach, err));
    reach->patient = true;
    const kith_status end = diffuse(reach, &o, &poll, &pushes, err);
    if (end != KITH_E_TIME) KITH_TRY(end);
    KITH_TRY(certify(reach, figures, err));
    KITH_TRY(kith_i_query_end(reach, reach->field[P], &(kith_i_sweep){ 0 }, &o.query, out, err));
    KITH_TRY(count_near(reach, similarity.near, &poll, *out, err));
    (*out)->iterations = pushes;
    (*out)->converged = end == KITH_OK;
    (*out)->stop = end == KITH_OK ? KITH_STOP_CONVERGED : KITH_STOP_TIME;
    kith_i_cluster_figure(*out, "mass", figures[0]);
    kith_i_cluster_figure(*out, "residual_mass", figures[1]);
    kith_i_cluster_figure(*out, "residual", figures[2]);

done:
    if (status != KITH_OK && out) {
        kith_cluster_free(*out);
        *out = NULL;
    }
    kith_i_reach_give(reach);
    kith_i_similarity_clear(&similarity);
    kith_i_labels_clear(&labels);
    return status;
}
