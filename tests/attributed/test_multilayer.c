/* SC-ML: the worked example, what must hold of spaces, and relations that need each other. */
#include "support/embeddings.h"
#include "support/graphs.h"

#include "linalg/dense.h"

#include <stdio.h>

static kith_partition *cluster(const kith_relations *relations, const kith_graph *graph,
                               kith_multilayer_options o)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    o.relations = relations;
    assert_kith(kith_multilayer(graph, &o, &p, &err), err);
    return p;
}

/* Relations that are given up to the container, and their sum. */
static kith_relations *relate(int64_t count, kith_graph **graphs, kith_graph **sum)
{
    kith_relations *relations = NULL;
    kith_error err = { 0 };
    char name[8];

    assert_kith(kith_relations_new(&relations, &err), err);
    for (int64_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "r%d", (int)i);
        assert_kith(kith_relations_add(relations, name, graphs[i], NULL, &err), err);
    }
    assert_kith(kith_relations_sum(relations, NULL, NULL, sum, &err), err);
    return relations;
}

/* The toy of the report on the paper: two triangles with an edge between them, and a cycle of which
 * one edge weighs 1.01, so that its vectors are unique. */
static kith_graph *triangles(void)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 }, { 3, 4 },
                                        { 4, 5 }, { 3, 5 }, { 2, 3 } };

    return test_graph(6, 7, pairs, NULL);
}

static kith_graph *cycle(void)
{
    static const int64_t pairs[][2] = {
        { 0, 1 }, { 1, 2 }, { 3, 4 }, { 4, 5 }, { 0, 5 }, { 2, 3 }
    };
    static const double weights[] = { 1.01, 1, 1, 1, 1, 1 };

    return test_graph(6, 6, pairs, weights);
}

enum { N = 6 };

/* N_i as a dense matrix. */
static void dense_normalised(const kith_graph *graph, double *out)
{
    double d[N] = { 0 };

    memset(out, 0, N * N * sizeof *out);
    for (int64_t v = 0; v < N; v++)
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++)
            d[v] += kith_graph_weight(graph, e);
    for (int64_t v = 0; v < N; v++)
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++) {
            const int64_t u = kith_graph_targets(graph)[e];
            out[v * N + u] = kith_graph_weight(graph, e) / sqrt(d[v] * d[u]);
        }
}

/* Adds alpha U U^T for the two leading vectors of a. */
static void add_projector(const double *a, double alpha, double *out)
{
    double vectors[N * N], values[N];
    kith_error err = { 0 };

    memcpy(vectors, a, sizeof vectors);
    assert_kith(kith_i_dense_eigen(N, vectors, values, &err), err);
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j < N; j++)
            for (int64_t c = N - 2; c < N; c++)
                out[i * N + j] += alpha * vectors[i * N + c] * vectors[j * N + c];
}

static void the_merged_spectrum_is_that_of_the_dense_matrix(void **state)
{
    kith_graph *graphs[] = { triangles(), cycle() }, *sum = NULL;
    kith_relations *relations = relate(2, graphs, &sum);
    kith_multilayer_options o = KITH_MULTILAYER_OPTIONS_INIT;
    double a[2][N * N], merged[N * N], values[N];
    kith_embedding *points = NULL;
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < 2; i++) dense_normalised(graphs[i], a[i]);
    for (int i = 0; i < N * N; i++) merged[i] = a[0][i] + a[1][i];
    for (int i = 0; i < 2; i++) add_projector(a[i], 0.5, merged);
    assert_kith(kith_i_dense_eigen(N, merged, values, &err), err);
    o.relations = relations;
    o.k = 2;
    assert_kith(kith_multilayer_embed(sum, &o, &points, &err), err);
    assert_near(kith_embedding_eigenvalues(points)[0], values[N - 1], 1e-10);
    assert_near(kith_embedding_eigenvalues(points)[1], values[N - 2], 1e-10);
    kith_partition *p = cluster(relations, sum, o);
    for (int64_t v = 0; v < N; v++) assert_int_equal(kith_partition_labels(p)[v], v / 3);
    kith_partition_free(p);
    kith_embedding_free(points);
    kith_relations_free(relations);
    kith_graph_free(sum);
}

/* The eigenvalues of N of the two triangles are 1, 1 - 0.204666, ... */
static void a_relation_by_itself_keeps_its_own_space_for_every_alpha(void **state)
{
    kith_graph *graph = triangles();
    kith_multilayer_options o = KITH_MULTILAYER_OPTIONS_INIT;
    kith_embedding *e = NULL;
    kith_error err = { 0 };

    (void)state;
    o.k = 2;
    for (o.alpha = 0; o.alpha < 2; o.alpha += 0.5) {
        assert_kith(kith_multilayer_embed(graph, &o, &e, &err), err);
        assert_near(kith_embedding_eigenvalues(e)[0], 1 + o.alpha, 1e-12);
        assert_near(kith_embedding_eigenvalues(e)[1], 1 - 0.204666 + o.alpha, 5e-7);
        kith_embedding_free(e);
        kith_partition *p = cluster(NULL, graph, o);
        assert_near(test_partition_figure(p, "distance"), 0, 1e-9);
        kith_partition_free(p);
    }
    kith_graph_free(graph);
}

static void the_order_of_relations_does_not_matter(void **state)
{
    kith_graph *graphs[] = { triangles(), cycle() }, *back[] = { cycle(), triangles() };
    kith_graph *sum = NULL, *other = NULL;
    kith_relations *relations = relate(2, graphs, &sum), *turned = relate(2, back, &other);
    kith_multilayer_options o = KITH_MULTILAYER_OPTIONS_INIT;

    (void)state;
    o.k = 2;
    kith_partition *p = cluster(relations, sum, o), *q = cluster(turned, other, o);
    for (int64_t v = 0; v < N; v++)
        assert_int_equal(kith_partition_labels(p)[v], kith_partition_labels(q)[v]);
    assert_near(test_partition_figure(p, "distance"), test_partition_figure(q, "distance"), 1e-9);
    kith_partition_free(p);
    kith_partition_free(q);
    kith_relations_free(relations);
    kith_relations_free(turned);
    kith_graph_free(sum);
    kith_graph_free(other);
}

/* Four blocks of 100 nodes. One relation joins blocks 0 and 1, and 2 and 3; the other one 0 and 2,
 * and 1 and 3: each tells two halves, both together the four. */
static kith_graph *pairs_of_blocks(int64_t apart, uint64_t seed)
{
    enum { NODES = 400, EDGES = 4000 };
    static int64_t pairs[EDGES][2];
    kith_i_random random = kith_i_random_at(seed, 0, 0);

    for (int64_t e = 0; e < EDGES; e++) {
        pairs[e][0] = (int64_t)kith_i_random_below(&random, NODES);
        const int64_t block = pairs[e][0] / 100, other = block ^ (kith_i_random_unit(&random) < 0.5
                                                                      ? apart
                                                                      : 0);
        pairs[e][1] = other * 100 + (int64_t)kith_i_random_below(&random, 100);
        if (kith_i_random_unit(&random) < 0.1)
            pairs[e][1] = (int64_t)kith_i_random_below(&random, NODES);
    }
    return test_graph(NODES, EDGES, (const int64_t(*)[2])pairs, NULL);
}

static void relations_that_each_tell_half_tell_all_together(void **state)
{
    kith_graph *graphs[] = { pairs_of_blocks(1, 1), pairs_of_blocks(2, 2) }, *sum = NULL;
    kith_relations *relations = relate(2, graphs, &sum);
    kith_multilayer_options o = KITH_MULTILAYER_OPTIONS_INIT;
    int64_t truth[400];

    (void)state;
    for (int64_t v = 0; v < 400; v++) truth[v] = v / 100;
    o.k = 4;
    kith_partition *both = cluster(relations, sum, o), *one = cluster(NULL, graphs[0], o);
    assert_true(test_agreement(both, truth).nmi > 0.9);
    assert_true(test_agreement(one, truth).nmi < 0.6);
    kith_partition_free(both);
    kith_partition_free(one);
    kith_relations_free(relations);
    kith_graph_free(sum);
}

static void the_number_of_clusters_is_found_at_the_gap(void **state)
{
    kith_graph *graphs[] = { test_cliques(5, 8, true), test_cliques(5, 8, true) }, *sum = NULL;
    kith_relations *relations = relate(2, graphs, &sum);
    kith_multilayer_options o = KITH_MULTILAYER_OPTIONS_INIT;
    kith_partition *p = cluster(relations, sum, o);

    (void)state;
    assert_near(test_partition_figure(p, "k"), 5, 0);
    assert_true(test_partition_figure(p, "gap") > 0.5);
    for (int64_t v = 0; v < 40; v++) assert_int_equal(kith_partition_labels(p)[v], v / 8);
    kith_partition_free(p);
    kith_relations_free(relations);
    kith_graph_free(sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_merged_spectrum_is_that_of_the_dense_matrix),
        cmocka_unit_test(a_relation_by_itself_keeps_its_own_space_for_every_alpha),
        cmocka_unit_test(the_order_of_relations_does_not_matter),
        cmocka_unit_test(relations_that_each_tell_half_tell_all_together),
        cmocka_unit_test(the_number_of_clusters_is_found_at_the_gap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
