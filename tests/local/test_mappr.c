/* Personalised PageRank over triangles: the worked example, brute force, exact vectors. */
#include "support/clusters.h"

#include "local/triangles.h"

static kith_cluster *mappr(const kith_graph *graph, const kith_mappr_options *options)
{
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    assert_kith(kith_mappr(graph, options, &cluster, &err), err);
    return cluster;
}

static kith_mappr_options from(const int64_t *seeds, int64_t count)
{
    kith_mappr_options o = KITH_MAPPR_OPTIONS_INIT;

    o.query.seeds = (kith_nodes){ seeds, count };
    return o;
}

/* The triangles 0 1 2, 1 2 3 and 3 4 5. */
static kith_graph *toy(void)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 1, 3 },
                                        { 2, 3 }, { 3, 4 }, { 3, 5 }, { 4, 5 } };

    return test_graph(6, 8, pairs, NULL);
}

static void finds_the_cluster_of_the_worked_example(void **state)
{
    const int64_t seed = 0;
    kith_graph *graph = toy();
    kith_mappr_options o = from(&seed, 1);

    (void)state;
    for (int minimum = 0; minimum < 2; minimum++) {
        o.minimum = minimum;
        kith_cluster *cluster = mappr(graph, &o);
        assert_int_equal(kith_cluster_size(cluster), 3);
        for (int i = 0; i < 3; i++) assert_true(kith_cluster_nodes(cluster)[i] < 3);
        assert_near(kith_cluster_cut(cluster), 2, 0);
        assert_near(kith_cluster_volume(cluster), 10, 0);
        assert_near(kith_cluster_conductance(cluster), 0.25, 0); /* 2 / 8, of the rest */
        assert_near(test_figure(cluster, "total"), 18, 0);
        kith_cluster_free(cluster);
    }
    kith_graph_free(graph);
}

static void finds_the_vector_of_the_worked_example(void **state)
{
    static const double near[] = { .131382, .227319, .227318, .210450, .101094, .101093 };
    static const double exact[] = { .131532, .227617, .227617, .210750, .101243, .101243 };
    static const double degree[] = { 2, 4, 4, 4, 2, 2 };
    const int64_t seed = 0;
    kith_graph *graph = toy();
    kith_mappr_options o = from(&seed, 1);
    double score[6];

    (void)state;
    o.query.round = KITH_ROUND_SUPPORT;
    kith_cluster *cluster = mappr(graph, &o);
    test_scores(graph, cluster, score);
    for (int v = 0; v < 6; v++) /* the last digit is that of another order of neighbours */
        assert_near(score[v] * degree[v], near[v], 2e-6);
    kith_cluster_free(cluster);
    o.epsilon = 1e-9;
    cluster = mappr(graph, &o);
    test_scores(graph, cluster, score);
    for (int v = 0; v < 6; v++) assert_near(score[v] * degree[v], exact[v], 5e-7 + 4e-9);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

/* The graph of triangles by trying all triples. */
typedef struct {
    int64_t n;
    double w[64][64], degree[64], total;
} motifs;

static bool joined(const kith_graph *graph, int64_t u, int64_t v)
{
    for (int64_t e = kith_graph_offsets(graph)[u]; e < kith_graph_offsets(graph)[u + 1]; e++)
        if (kith_graph_targets(graph)[e] == v) return true;
    return false;
}

static motifs motifs_of(const kith_graph *graph)
{
    motifs m = { .n = kith_graph_nodes(graph) };

    for (int64_t a = 0; a < m.n; a++)
        for (int64_t b = a + 1; b < m.n; b++)
            for (int64_t c = b + 1; c < m.n && joined(graph, a, b); c++)
                if (joined(graph, a, c) && joined(graph, b, c)) {
                    m.w[a][b] = ++m.w[b][a];
                    m.w[a][c] = ++m.w[c][a];
                    m.w[b][c] = ++m.w[c][b];
                    m.degree[a] += 2;
                    m.degree[b] += 2;
                    m.degree[c] += 2;
                    m.total += 6;
                }
    return m;
}

static void counts_the_triangles_through_every_edge(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        const test_random what = { .nodes = i % 3 ? 30 : 60,
                                   .density = i % 2 ? 0.15 : 0.6,
                                   .weighted = i & 4,
                                   .loops = i & 8,
                                   .seed = i };
        kith_graph *graph = test_random_graph(&what);
        const motifs m = motifs_of(graph);
        kith_i_poll poll;
        kith_i_triangles t = { graph, &poll, 0 };
        kith_error err = { 0 };
        double volume = 0;
        for (int64_t u = 0; u < m.n; u++)
            for (int64_t v = 0; v < m.n; v++)
                if (joined(graph, u, v))
                    assert_true((double)kith_i_triangles_through(graph, (uint32_t)u, (uint32_t)v) ==
                                m.w[u][v]);
        kith_i_poll_start(&poll, NULL);
        assert_kith(kith_i_triangles_volume(&t, &volume, &err), err);
        assert_near(volume, m.total, 0);
        kith_graph_free(graph);
    }
}

/* A hub of 3000 leaves, leaves joined in pairs, and a node that is joined to the hub and to every
 * 299th leaf. */
static void counts_the_triangles_of_a_hub(void **state)
{
    enum { LEAVES = 3000, HUB = LEAVES, SMALL = LEAVES + 1 };
    static int64_t pairs[2 * LEAVES][2];
    int64_t edges = 0;

    (void)state;
    for (int64_t v = 0; v < LEAVES; v++) {
        pairs[edges][0] = v, pairs[edges++][1] = HUB;
        if (v % 2) pairs[edges][0] = v - 1, pairs[edges++][1] = v;
        if (v % 299 == 0) pairs[edges][0] = v, pairs[edges++][1] = SMALL;
    }
    pairs[edges][0] = HUB, pairs[edges++][1] = SMALL;
    kith_graph *graph = test_graph(SMALL + 1, edges, (const int64_t(*)[2])pairs, NULL);
    assert_int_equal(kith_i_triangles_through(graph, HUB, SMALL), 11); /* 0, 299, .. 2990 */
    assert_int_equal(kith_i_triangles_through(graph, SMALL, HUB), 11);
    assert_int_equal(kith_i_triangles_through(graph, HUB, 5), 1);
    assert_int_equal(kith_i_triangles_through(graph, HUB, 299), 2);
    assert_int_equal(kith_i_triangles_through(graph, LEAVES - 1, HUB), 1);
    assert_int_equal(kith_i_triangles_through(graph, 4, 5), 1);
    kith_graph_free(graph);
}

/* p = (1 - alpha) s + alpha W D_w^-1 p by iteration. */
static void exact_pagerank(const motifs *m, const kith_mappr_options *o, double *p)
{
    double next[64];

    memset(p, 0, 64 * sizeof *p);
    for (int round = 0; round < 1500; round++) {
        memset(next, 0, sizeof next);
        for (int64_t i = 0; i < o->query.seeds.count; i++)
            next[o->query.seeds.ids[i]] = (1 - o->alpha) / (double)o->query.seeds.count;
        for (int64_t v = 0; v < m->n; v++)
            for (int64_t u = 0; u < m->n && m->degree[v] > 0; u++)
                next[u] += o->alpha * p[v] * m->w[v][u] / m->degree[v];
        memcpy(p, next, sizeof next);
    }
}

/* Motif conductance from its definition. */
static double conductance_of(const motifs *m, const kith_cluster *cluster)
{
    bool in[64] = { false };
    double cut = 0, volume = 0;

    for (int64_t i = 0; i < kith_cluster_size(cluster); i++)
        in[kith_cluster_nodes(cluster)[i]] = true;
    for (int64_t v = 0; v < m->n; v++) {
        if (in[v]) volume += m->degree[v];
        for (int64_t u = 0; u < m->n; u++)
            if (in[v] && !in[u]) cut += m->w[v][u];
    }
    const double smaller = fmin(volume, m->total - volume);
    return smaller > 0 ? cut / smaller : 1;
}

static void comes_as_near_to_the_exact_vector_as_it_says(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        const test_random what = {
            .nodes = 40, .density = 0.2, .weighted = i & 1, .loops = i & 2, .seed = i
        };
        kith_graph *graph = test_random_graph(&what);
        const motifs m = motifs_of(graph);
        const int64_t first = test_seed(graph, (int64_t)(i % 40));
        const int64_t seeds[] = { first, test_seed(graph, (first + 1) % 40) };
        kith_mappr_options o = from(seeds, 1 + (i / 4) % 2);
        double exact[64], score[64], mass = 0;
        o.alpha = 0.5 + 0.02 * (double)(i % 25);
        o.epsilon = pow(10, -2 - (double)(i % 5) / 2);
        o.total = true;
        o.query.round = KITH_ROUND_SUPPORT;
        kith_cluster *cluster = mappr(graph, &o);
        exact_pagerank(&m, &o, exact);
        test_scores(graph, cluster, score);
        assert_near(test_figure(cluster, "mass") + test_figure(cluster, "residual_mass"), 1, 1e-12);
        assert_true(test_figure(cluster, "residual") < o.epsilon * (1 + 1e-12) || m.total == 0);
        for (int64_t v = 0; v < m.n; v++) {
            if (m.degree[v] == 0) continue;
            const double missing = exact[v] / m.degree[v] - score[v];
            assert_true(missing >= -1e-12);
            assert_true(missing <= test_figure(cluster, "residual") + 1e-12);
            mass += score[v] * m.degree[v];
        }
        assert_true(mass <= test_figure(cluster, "mass") + 1e-12);
        assert_near(kith_cluster_conductance(cluster), conductance_of(&m, cluster), 1e-12);
        kith_cluster_free(cluster);
        kith_graph_free(graph);
    }
}

/* Conductance of the first `size` nodes of an order. */
static double profile_at(const motifs *m, const kith_cluster *order, int64_t size)
{
    bool in[64] = { false };
    double cut = 0, volume = 0;

    for (int64_t i = 0; i < size; i++) in[kith_cluster_nodes(order)[i]] = true;
    for (int64_t v = 0; v < m->n; v++) {
        if (in[v]) volume += m->degree[v];
        for (int64_t u = 0; u < m->n; u++)
            if (in[v] && !in[u]) cut += m->w[v][u];
    }
    const double smaller = fmin(volume, m->total - volume);
    return smaller > 0 ? cut / smaller : 1;
}

/* The first index whose value is below its left neighbour's and that rises above 1.2 times its
 * value before it is as low again; else the first of the least. */
static int64_t first_minimum(const double *value, int64_t count)
{
    int64_t least = 0;

    for (int64_t i = 0; i < count; i++) {
        if (value[i] < value[least]) least = i;
        if (!(value[i] < (i ? value[i - 1] : 1))) continue;
        for (int64_t j = i + 1; j < count && value[j] > value[i]; j++)
            if (value[j] > 1.2 * value[i]) return i + 1;
    }
    return least + 1;
}

static void takes_the_first_local_minimum_when_asked(void **state)
{
    int64_t smaller = 0;

    (void)state;
    for (uint64_t i = 0; i < 60; i++) {
        const test_random what = { .nodes = 60, .density = 0.1, .seed = i };
        kith_graph *graph = test_random_graph(&what);
        const motifs m = motifs_of(graph);
        const int64_t seed = test_seed(graph, (int64_t)i);
        kith_mappr_options o = from(&seed, 1);
        double value[64];
        o.total = true;
        kith_cluster *global = mappr(graph, &o);
        o.minimum = KITH_MINIMUM_LOCAL;
        kith_cluster *local = mappr(graph, &o);
        o.query.round = KITH_ROUND_SUPPORT;
        kith_cluster *order = mappr(graph, &o);
        for (int64_t size = 1; size <= kith_cluster_size(order); size++)
            value[size - 1] = profile_at(&m, order, size);
        if (kith_cluster_size(order) > 0)
            assert_int_equal(kith_cluster_size(local),
                             first_minimum(value, kith_cluster_size(order)));
        smaller += kith_cluster_size(local) < kith_cluster_size(global);
        kith_cluster_free(global);
        kith_cluster_free(local);
        kith_cluster_free(order);
        kith_graph_free(graph);
    }
    assert_true(smaller > 0);
}

static void gives_the_golden_vector(const test_case *c)
{
    const int64_t n = kith_graph_nodes(c->graph);
    double exact[1024], degree[1024], score[1024], number;
    kith_mappr_options o = KITH_MAPPR_OPTIONS_INIT;

    test_local_golden(c, "seed", &number, 1);
    const int64_t seed = (int64_t)number;
    assert_int_equal(test_local_golden(c, "mappr-degrees", degree, 1024), n);
    if (degree[seed] == 0) return;
    assert_int_equal(test_local_golden(c, "mappr", exact, 1024), n);
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.epsilon = 1e-12;
    o.total = true;
    kith_cluster *cluster = mappr(c->graph, &o);
    test_expect_golden_sweep(c, "mappr", cluster);
    kith_cluster_free(cluster);
    o.query.round = KITH_ROUND_SUPPORT;
    cluster = mappr(c->graph, &o);
    test_scores(c->graph, cluster, score);
    for (int64_t v = 0; v < n; v++)
        assert_near(score[v] * (degree[v] > 0 ? degree[v] : 1), exact[v], 1e-9);
    kith_cluster_free(cluster);
}

static void agrees_with_dense_algebra(void **state)
{
    (void)state;
    assert_true(test_for_cases("local-graphs.txt", gives_the_golden_vector) > 20);
}

static void a_seed_in_no_triangle_is_a_cluster_of_its_own(void **state)
{
    const int64_t seed = 4;
    kith_graph *star = test_star(10);
    kith_mappr_options o = from(&seed, 1);

    (void)state;
    kith_cluster *cluster = mappr(star, &o);
    assert_int_equal(kith_cluster_size(cluster), 1);
    assert_int_equal(kith_cluster_nodes(cluster)[0], 4);
    assert_near(kith_cluster_scores(cluster)[0], 1, 0);
    assert_near(kith_cluster_conductance(cluster), 1, 0);
    kith_cluster_free(cluster);
    kith_graph_free(star);
}

static void gives_nothing_when_the_limit_is_above_what_the_seed_holds(void **state)
{
    const int64_t seed = 1;
    kith_graph *graph = toy();
    kith_mappr_options o = from(&seed, 1);

    (void)state;
    o.epsilon = 0.25; /* d_w is 4 */
    kith_cluster *cluster = mappr(graph, &o);
    assert_int_equal(kith_cluster_size(cluster), 0);
    kith_cluster_free(cluster);
    o.epsilon = 0.24;
    cluster = mappr(graph, &o);
    assert_true(kith_cluster_size(cluster) > 0);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

static void gives_what_has_been_pushed_when_time_runs_out(void **state)
{
    const int64_t seed = 7;
    const test_random what = { .nodes = 60, .density = 0.7, .seed = 3 };
    kith_graph *graph = test_random_graph(&what);
    kith_mappr_options o = from(&seed, 1);
    int64_t polls = 2;

    (void)state;
    o.epsilon = 1e-14;
    test_run_out_of_time(&o.query.run, &polls);
    kith_cluster *cluster = mappr(graph, &o);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_TIME);
    assert_near(test_figure(cluster, "mass") + test_figure(cluster, "residual_mass"), 1, 1e-12);
    assert_true(test_figure(cluster, "residual") > o.epsilon);
    kith_cluster_free(cluster);
    kith_graph_free(graph);
}

static void does_without_the_total_when_there_is_no_time_to_count(void **state)
{
    const int64_t seed = 100;
    kith_graph *ring = test_cliques(4000, 12, true);
    kith_mappr_options o = from(&seed, 1);
    const char *name;
    double value;
    int64_t polls = 2;

    (void)state;
    o.total = true;
    test_run_out_of_time(&o.query.run, &polls);
    kith_cluster *cluster = mappr(ring, &o);
    assert_int_equal(kith_cluster_stop(cluster), KITH_STOP_TIME);
    assert_int_equal(kith_cluster_size(cluster), 12);
    assert_near(kith_cluster_conductance(cluster), 0, 0); /* no triangle leaves a clique */
    for (int64_t i = 0; (name = kith_cluster_figure(cluster, i, &value)); i++)
        assert_string_not_equal(name, "total");
    kith_cluster_free(cluster);
    kith_graph_free(ring);
}

static void the_rows_of_a_damaged_file_are_checked_before_they_are_compared(void **state)
{
    static const int64_t offsets[] = { 0, 2, 4, 6 };
    static const uint32_t targets[] = { 1, 2, 0, 2, 1, 0 }; /* the last row is out of order */
    const kith_i_arrays arrays = { .nodes = 3,
                                   .offsets = offsets,
                                   .targets = targets,
                                   .unchecked = true,
                                   .release = kith_i_keep };
    const int64_t seed = 0;
    kith_mappr_options o = from(&seed, 1);
    kith_graph *graph = NULL;
    kith_cluster *cluster = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_graph_adopt(&arrays, &graph, &err), err);
    assert_kith_fails(kith_mappr(graph, &o, &cluster, &err), KITH_E_INPUT, "row 2 holds node 0",
                      err);
    kith_graph_free(graph);
}

static void touches_as_much_of_a_large_graph_as_of_a_small_one(void **state)
{
    int64_t touched[2];

    (void)state;
    for (int large = 0; large < 2; large++) { /* a ring of nodes joined to the next three */
        static int64_t pairs[3 * 40000][2];
        const int64_t n = large ? 40000 : 4000;
        int64_t edges = 0;
        for (int64_t v = 0; v < n; v++)
            for (int64_t k = 1; k <= 3; k++) pairs[edges][0] = v, pairs[edges++][1] = (v + k) % n;
        kith_graph *ring = test_graph(n, edges, (const int64_t(*)[2])pairs, NULL);
        const int64_t seed = 1000;
        kith_mappr_options o = from(&seed, 1);
        kith_cluster *cluster = mappr(ring, &o);
        touched[large] = kith_cluster_touched_edges(cluster);
        assert_true(touched[large] > 60 && touched[large] < kith_graph_entries(ring) / 2);
        kith_cluster_free(cluster);
        kith_graph_free(ring);
    }
    assert_int_equal(touched[0], touched[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_cluster_of_the_worked_example),
        cmocka_unit_test(finds_the_vector_of_the_worked_example),
        cmocka_unit_test(counts_the_triangles_through_every_edge),
        cmocka_unit_test(counts_the_triangles_of_a_hub),
        cmocka_unit_test(comes_as_near_to_the_exact_vector_as_it_says),
        cmocka_unit_test(takes_the_first_local_minimum_when_asked),
        cmocka_unit_test(agrees_with_dense_algebra),
        cmocka_unit_test(a_seed_in_no_triangle_is_a_cluster_of_its_own),
        cmocka_unit_test(gives_nothing_when_the_limit_is_above_what_the_seed_holds),
        cmocka_unit_test(gives_what_has_been_pushed_when_time_runs_out),
        cmocka_unit_test(does_without_the_total_when_there_is_no_time_to_count),
        cmocka_unit_test(the_rows_of_a_damaged_file_are_checked_before_they_are_compared),
        cmocka_unit_test(touches_as_much_of_a_large_graph_as_of_a_small_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
