/* Bootstrap AMG for attributed graphs [DAmbra2023].
 *
 *   paper               here
 *   A_aug               nodes, then values: augment()
 *   L' = L + u u^T      make_matrix()
 *   W, U                kith_i_bootstrap(), made orthonormal: k-means does not see how U is turned
 *   X_i                 a row of points: U of node i and of its values side by side
 *   Q                   modularity() */
#include "kith/bamg.h"

#include "attributed/settle.h"
#include "core/spec.h"
#include "linalg/amg.h"
#include "linalg/block.h"
#include "linalg/kmeans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 10, MOST_CHOSEN = 16, STARTS_TO_CHOOSE = 4 };
#define NONE UINT32_MAX

static int64_t attributes_of(const kith_features *x)
{
    int64_t most = 0;

    if (!x) return 0;
    for (int64_t i = 0; i < x->rows; i++) {
        const kith_i_feature_row row = kith_i_features_row(x, i);
        if (row.end - row.begin > most) most = row.end - row.begin;
    }
    return most;
}

/* The paper takes 40 of any graph. But as U is not scaled, vectors that say little weigh as much as
 * others; of small graphs that drowns the clusters: six cliques of six on a ring have a modularity
 * of .77 with 4 or 6 vectors and of .18 with 21, karate .35 with 4 and .26 with 11. */
static int64_t components_of(const kith_bamg_options *o, int64_t nodes)
{
    const int64_t share = nodes / 8 < 40 ? nodes / 8 : 40;

    if (o->components) return o->components;
    return share > 1 ? share : 1;
}

static double bytes(const kith_graph *graph, const void *options)
{
    const kith_bamg_options *o = options;
    const double n = (double)graph->nodes, l = (double)attributes_of(o->features);
    const double q = (double)components_of(o, graph->nodes) + 1;
    const double entries = (double)graph->entries + 2 * n * l;

    return 24 * q * (entries + 2 * n) + 8 * n * q * (l + 2) + 64 * n;
}

static const kith_option rows[] = {
    KITH_OPTION(kith_bamg_options, features, FEATURES, 0, 0, "categories of nodes, a row each"),
    KITH_OPTION(kith_bamg_options, k, I64, 0, KITH_I_MAX_NODES,
                "clusters; 0: as many as modularity gains by, to 16"),
    KITH_OPTION(kith_bamg_options, components, I64, 0, 50,
                "smooth vectors, at most; 0: 40, of small graphs fewer"),
    KITH_OPTION(kith_bamg_options, cycles, I64, 1, 100, "that a vector is smoothed by"),
    KITH_OPTION(kith_bamg_options, ratio, F64, 0, 1, "of a cycle that is good enough to end with"),
    KITH_OPTION(kith_bamg_options, starts, I64, 1, 200,
                "of k-means, of which that of largest modularity stays"),
    { 0 }
};

KITH_I_EMBEDDING_ALGORITHM(partition, bamg, KITH_BAMG_OPTIONS_INIT, rows, bytes,
                           "clusters of nodes by edges and categories, by multigrid");

typedef struct {
    kith_bamg_options o;
    kith_i_poll poll;
    int threads;
    const kith_graph *graph;
    int64_t attributes; /* of a node, at most */
    int64_t values;     /* of all attributes */
    uint32_t *holds;    /* nodes rows of `attributes` values, from 0 on; NONE where it lacks some */
    bool *empty;        /* nodes without any */
    kith_embedding *points;
    int64_t components;
    double ratio, smoothing; /* seconds */
} search;

static void search_clear(search *s)
{
    kith_i_free(s->holds);
    kith_i_free(s->empty);
    kith_embedding_free(s->points);
}

/* ---- The graph with values ---- */

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Numbers the values of one column, ascending, from s->values on. */
static void number_column(search *s, int64_t column, double *sorted)
{
    const kith_features *x = s->o.features;
    const int64_t n = x->rows;
    int64_t distinct = 0;

    for (int64_t i = 0; i < n; i++) sorted[i] = kith_i_feature(x, i * x->columns + column);
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    for (int64_t i = 0; i < n; i++)
        if (i == 0 || sorted[i] != sorted[distinct - 1]) sorted[distinct++] = sorted[i];
    for (int64_t i = 0; i < n; i++) {
        const double value = kith_i_feature(x, i * x->columns + column);
        const double *at = bsearch(&value, sorted, (size_t)distinct, sizeof *sorted, ascending);
        s->holds[i * s->attributes + column] = (uint32_t)(s->values + (at - sorted));
    }
    s->values += distinct;
}

static kith_status number_values(search *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_features *x = s->o.features;
    const int64_t n = s->graph->nodes;
    double *sorted = NULL;

    s->attributes = attributes_of(x);
    KITH_TRY(kith_i_alloc(&s->holds, n * s->attributes, sizeof *s->holds, err));
    KITH_TRY(kith_i_alloc(&s->empty, n, sizeof *s->empty, err));
    for (int64_t i = 0; i < n * s->attributes; i++) s->holds[i] = NONE;
    for (int64_t i = 0; i < n; i++) {
        const kith_i_feature_row row = x ? kith_i_features_row(x, i) : (kith_i_feature_row){ 0 };
        s->empty[i] = row.begin == row.end;
        for (int64_t e = row.begin; e < row.end && x->offsets; e++)
            s->holds[i * s->attributes + e - row.begin] = x->indices[e];
    }
    if (x && x->offsets) s->values = x->columns;
    if (!x || x->offsets) goto done;
    KITH_TRY(kith_i_alloc(&sorted, n, sizeof *sorted, err));
    for (int64_t l = 0; l < x->columns; l++) {
        KITH_TRY(kith_i_poll_check(&s->poll, "numbering values", -1, err));
        number_column(s, l, sorted);
    }

done:
    kith_i_free(sorted);
    return status;
}

static void add_entry(kith_i_sparse *m, int64_t *end, int64_t row, int64_t column, double weight)
{
    m->columns[end[row]] = (uint32_t)column;
    m->values[end[row]++] = -weight;
    m->diagonal[row] += weight;
}

/* L = D - A of the nodes and, behind them, the values, with weight 1 between a node and what it
 * holds. One pair of neighbours u gets (e_u + e_v)(e_u + e_v)^T, which makes it definite. */
static kith_status make_matrix(const search *s, kith_i_sparse *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_graph *g = s->graph;
    const int64_t n = g->nodes, all = n + s->values, l = s->attributes;
    int64_t *end = NULL;

    *m = (kith_i_sparse){ .n = all };
    KITH_TRY(kith_i_zeroed(&m->offsets, all + 1, sizeof *m->offsets, err));
    for (int64_t v = 0; v < n; v++) {
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++)
            m->offsets[v + 1] += g->targets[e] != v;
        for (int64_t a = 0; a < l; a++) {
            if (s->holds[v * l + a] == NONE) continue;
            m->offsets[v + 1]++;
            m->offsets[n + s->holds[v * l + a] + 1]++;
        }
    }
    for (int64_t v = 0; v < all; v++) m->offsets[v + 1] += m->offsets[v];
    KITH_TRY(kith_i_alloc(&m->columns, m->offsets[all], sizeof *m->columns, err));
    KITH_TRY(kith_i_alloc(&m->values, m->offsets[all], sizeof *m->values, err));
    KITH_TRY(kith_i_zeroed(&m->diagonal, all, sizeof *m->diagonal, err));
    KITH_TRY(kith_i_alloc(&end, all, sizeof *end, err));
    memcpy(end, m->offsets, (size_t)all * sizeof *end);
    for (int64_t v = 0; v < n; v++) {
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++)
            if (g->targets[e] != v) add_entry(m, end, v, g->targets[e], kith_i_weight(g, e));
        for (int64_t a = 0; a < l; a++) {
            if (s->holds[v * l + a] == NONE) continue;
            add_entry(m, end, v, n + s->holds[v * l + a], 1);
            add_entry(m, end, n + s->holds[v * l + a], v, 1);
        }
    }
    for (int64_t u = 0; u < all; u++) {
        if (m->offsets[u] == m->offsets[u + 1]) continue;
        const uint32_t v = m->columns[m->offsets[u]];
        m->diagonal[u]++;
        m->diagonal[v]++;
        m->values[m->offsets[u]]++;
        for (int64_t e = m->offsets[v]; e < m->offsets[v + 1]; e++)
            if (m->columns[e] == u) m->values[e]++;
        break;
    }

done:
    kith_i_free(end);
    return status;
}

/* ---- Points ---- */

/* Vectors that depend on those before them are left out: a random one would say nothing. */
static kith_status orthonormalise(search *s, int64_t n, double **u, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t q = s->components < n ? s->components : n;
    double *r = NULL;
    int64_t kept = 0;

    for (int64_t i = 0; i < n; i++)
        memmove(*u + i * q, *u + i * s->components, (size_t)q * sizeof **u);
    if (q == 0) goto done;
    KITH_TRY(kith_i_alloc(&r, q * q, sizeof *r, err));
    KITH_TRY(kith_i_block_orthonormalise(n, q, *u, r, NULL, s->o.run.seed, s->threads, err));
    for (int64_t j = 0; j < q; j++) {
        if (r[j * q + j] == 0) continue;
        for (int64_t i = 0; i < n; i++) (*u)[i * q + kept] = (*u)[i * q + j];
        kept++;
    }
    for (int64_t i = 0; i < n; i++)
        memmove(*u + i * kept, *u + i * q, (size_t)kept * sizeof **u);
    s->components = kept;

done:
    kith_i_free(r);
    return status;
}

/* X_i: the rows of U of a node and of its values. */
static kith_status gather(search *s, const double *u, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->graph->nodes, l = s->attributes, q = s->components;

    KITH_TRY(kith_i_embedding_new(n, q * (l + 1), 0, &s->points, err));
    for (int64_t v = 0; v < n; v++)
        for (int64_t a = -1; a < l; a++) {
            const bool own = a < 0 || s->holds[v * l + a] == NONE;
            const int64_t row = own ? v : n + s->holds[v * l + a];
            memcpy(s->points->values + (v * (l + 1) + a + 1) * q, u + row * q,
                   (size_t)q * sizeof *u);
        }

done:
    return status;
}

static kith_status find(const kith_graph *graph, const kith_bamg_options *options, search *s,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    const double began = kith_i_now();
    kith_i_sparse matrix = { 0 };
    double *u = NULL;

    KITH_CHECK(graph, KITH_E_ARGUMENT, "graph must not be NULL");
    KITH_TRY(kith_i_options_read(&kith_i_bamg_code.options, &s->o, options, err));
    kith_i_poll_start(&s->poll, &s->o.run);
    s->graph = graph;
    s->threads = kith_i_threads_for(&s->o.run, graph->entries);
    KITH_CHECK(!graph->directed, KITH_E_UNSUPPORTED,
               "the graph is directed (expected an undirected one)");
    KITH_TRY(kith_i_graph_require_unsigned(graph, &s->poll, err));
    if (s->o.features)
        KITH_TRY(kith_i_features_check(s->o.features, "features", graph->nodes, err));
    KITH_TRY(kith_i_memory_require(bytes(graph, &s->o), "bootstrap AMG", err));
    KITH_TRY(number_values(s, err));
    KITH_TRY(make_matrix(s, &matrix, err));
    const kith_i_bootstrap_options o = { components_of(&s->o, graph->nodes), s->o.cycles,
                                         s->o.ratio, s->o.run.seed };
    KITH_TRY(kith_i_bootstrap(&matrix, &o, &s->poll, &s->components, &u, &s->ratio, err));
    KITH_TRY(orthonormalise(s, matrix.n, &u, err));
    KITH_TRY(gather(s, u, err));

done:
    s->smoothing = kith_i_now() - began;
    kith_i_sparse_clear(&matrix);
    kith_i_free(u);
    return status;
}

/* ---- Clusters ---- */

/* Of labels below k, by edges alone. */
static double modularity(const kith_graph *g, const int64_t *labels, int64_t k, double *volume)
{
    double all = 0, inside = 0, expected = 0;

    memset(volume, 0, (size_t)k * sizeof *volume);
    for (int64_t v = 0; v < g->nodes; v++)
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            const double w = kith_i_weight(g, e) * (g->targets[e] == v ? 2 : 1);
            volume[labels[v]] += w;
            all += w;
            inside += labels[g->targets[e]] == labels[v] ? w : 0;
        }
    if (!(all > 0)) return 0;
    for (int64_t c = 0; c < k; c++) expected += volume[c] / all * (volume[c] / all);
    return inside / all - expected;
}

/* The best labelling so far. */
typedef struct {
    int64_t *labels, *trial;
    double *volume;
    int64_t k;
    double quality;
    int64_t rounds;
} best;

static kith_status try_k(const search *s, kith_i_poll *poll, int64_t k, int64_t starts, best *b,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->graph->nodes;

    for (int64_t start = 0; start < starts; start++) {
        const kith_i_kmeans_options o = { .k = k, .restarts = 1, .rounds = ROUNDS,
                                          .seed = kith_i_hash(s->o.run.seed, 1, (uint64_t)start),
                                          .threads = s->threads };
        kith_i_kmeans_report report;
        KITH_TRY(kith_i_kmeans(n, s->points->dimensions, s->points->values, &o, poll, b->trial,
                               NULL, &report, err));
        const double quality = modularity(s->graph, b->trial, k, b->volume);
        if (b->k && !(quality > b->quality)) continue;
        memcpy(b->labels, b->trial, (size_t)n * sizeof *b->labels);
        b->quality = quality;
        b->k = k;
        b->rounds = report.rounds;
    }

done:
    return status;
}

/* k = 0: upwards, until two more clusters do not gain, or there are not so many distinct points. */
static kith_status try_all(const search *s, kith_i_poll *poll, best *b, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t starts = s->o.starts < STARTS_TO_CHOOSE ? s->o.starts : STARTS_TO_CHOOSE;
    const int64_t most = s->graph->nodes < MOST_CHOSEN ? s->graph->nodes : MOST_CHOSEN;
    kith_error none;

    if (s->o.k) return try_k(s, poll, s->o.k, s->o.starts, b, err);
    KITH_TRY(try_k(s, poll, 1, 1, b, err));
    for (int64_t k = 2; k <= most && k <= b->k + 2; k++) {
        status = try_k(s, poll, k, starts, b, &none);
        if (status == KITH_E_ARGUMENT) return KITH_OK;
        if (status != KITH_OK) *err = none;
        KITH_TRY(status);
    }

done:
    return status;
}

/* sum_c n_c / n sum_l H(values of attribute l in c), in bits. NaN where there are none. */
static kith_status entropy(const search *s, const best *b, double *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = s->graph->nodes, l = s->attributes;
    double *count = NULL, *held = NULL;

    *out = l ? 0 : NAN;
    if (!l) goto done;
    KITH_TRY(kith_i_zeroed(&count, b->k * s->values, sizeof *count, err));
    KITH_TRY(kith_i_zeroed(&held, b->k, sizeof *held, err));
    for (int64_t v = 0; v < n; v++) {
        held[b->labels[v]]++;
        for (int64_t a = 0; a < l; a++)
            if (s->holds[v * l + a] != NONE)
                count[b->labels[v] * s->values + s->holds[v * l + a]]++;
    }
    for (int64_t c = 0; c < b->k; c++)
        for (int64_t v = 0; v < s->values; v++) {
            const double share = count[c * s->values + v] / fmax(held[c], 1);
            if (share > 0) *out -= held[c] / (double)n * share * log2(share);
        }

done:
    kith_i_free(count);
    kith_i_free(held);
    return status;
}

kith_status kith_bamg_embed(const kith_graph *graph, const kith_bamg_options *options,
                            kith_embedding **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    *out = s.points;
    s.points = NULL;

done:
    search_clear(&s);
    return status;
}

kith_status kith_bamg(const kith_graph *graph, const kith_bamg_options *options,
                      kith_partition **out, kith_error *err)
{
    kith_status status = KITH_OK;
    search s = { 0 };
    best b = { 0 };
    double spread = NAN;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    *out = NULL;
    KITH_TRY(find(graph, options, &s, err));
    const int64_t n = graph->nodes, most = s.o.k > MOST_CHOSEN ? s.o.k : MOST_CHOSEN;
    const double began = kith_i_now();
    KITH_CHECK(s.o.k <= n, KITH_E_ARGUMENT, "k is %lld (expected at most %lld, the nodes)",
               (long long)s.o.k, (long long)n);
    KITH_TRY(kith_i_zeroed(&b.labels, n, sizeof *b.labels, err));
    KITH_TRY(kith_i_alloc(&b.trial, n, sizeof *b.trial, err));
    KITH_TRY(kith_i_alloc(&b.volume, most, sizeof *b.volume, err));
    if (n) {
        KITH_TRY(try_all(&s, &s.poll, &b, err));
        KITH_TRY(entropy(&s, &b, &spread, err));
    }
    KITH_TRY(kith_i_settle(graph, n, s.empty, b.labels, s.o.k == 0, &s.poll, out, err));
    (*out)->quality = b.quality;
    (*out)->iterations = b.rounds;
    (*out)->converged = true;
    kith_i_partition_figure(*out, "k", (double)b.k);
    kith_i_partition_figure(*out, "components", (double)s.components);
    kith_i_partition_figure(*out, "ratio", s.ratio);
    kith_i_partition_figure(*out, "entropy", spread);
    kith_i_partition_phase(*out, "multigrid", s.smoothing);
    kith_i_partition_phase(*out, "k-means", kith_i_now() - began);

done:
    search_clear(&s);
    kith_i_free(b.labels);
    kith_i_free(b.trial);
    kith_i_free(b.volume);
    return status;
}
