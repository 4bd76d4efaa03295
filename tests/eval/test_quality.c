/* Quality of partitions: each measure from its definition over pairs of nodes, and against igraph,
 * networkx and leidenalg. */
#include "support/cases.h"
#include "support/golden.h"
#include "support/graphs.h"

#include "core/random.h"
#include "kith/eval.h"

#include <stdio.h>

enum { MOST = 48 };

static kith_quality evaluate(const kith_graph *graph, const int64_t *labels, double resolution,
                             double *conductance)
{
    kith_partition *p = NULL;
    kith_quality q;
    kith_error err = { 0 };

    assert_kith(kith_partition_from_labels(kith_graph_nodes(graph), labels, NULL, &p, &err), err);
    assert_kith(kith_evaluate(graph, p, resolution, NULL, &q, conductance, &err), err);
    kith_partition_free(p);
    return q;
}

/* The weight from u to v: both ways for an undirected edge, a loop of which counts twice. */
static double adjacency(const kith_graph *graph, int64_t u, int64_t v)
{
    for (int64_t e = kith_graph_offsets(graph)[u]; e < kith_graph_offsets(graph)[u + 1]; e++)
        if (kith_graph_targets(graph)[e] == v)
            return kith_graph_weight(graph, e) * (u == v && !kith_graph_directed(graph) ? 2 : 1);
    return 0;
}

/* Sums over a set S of nodes, the members of one community: A(S, S), A(S, V - S) + A(V - S, S), and
 * the volume of S in A + A^T. */
typedef struct {
    double inner, cut, volume, size;
} set_sums;

static set_sums sums_of(const kith_graph *graph, const int64_t *labels, int64_t c)
{
    const int64_t n = kith_graph_nodes(graph);
    set_sums s = { 0 };

    for (int64_t u = 0; u < n; u++) {
        s.size += labels[u] == c;
        for (int64_t v = 0; v < n; v++) {
            const double a = adjacency(graph, u, v);
            const int ends = (labels[u] == c) + (labels[v] == c);
            s.volume += ends * a;
            if (ends == 2) s.inner += a;
            if (ends == 1) s.cut += a;
        }
    }
    return s;
}

/* Communities 0 .. n - 1 of labels that may be -1: unassigned nodes alone, with numbers from the
 * end. */
static void separate(const int64_t *labels, int64_t n, int64_t *alone)
{
    int64_t next = 2 * n;

    for (int64_t v = 0; v < n; v++) alone[v] = labels[v] < 0 ? --next : labels[v];
}

static void check_definitions(const kith_graph *graph, const int64_t *labels, double gamma)
{
    const int64_t n = kith_graph_nodes(graph);
    double conductance[MOST], total = 0, inner = 0, cpm = 0, sum = 0, most = 0, cuts = 0,
                              defined = 0;
    int64_t alone[MOST];
    const kith_quality q = evaluate(graph, labels, gamma, conductance);

    separate(labels, n, alone);
    for (int64_t c = 0; c < 2 * n; c++) total += sums_of(graph, alone, c).volume;
    for (int64_t c = 0; c < 2 * n; c++) {
        const set_sums s = sums_of(graph, alone, c);
        inner += s.inner;
        cpm += s.inner - gamma * s.size * (s.size - 1);
        if (s.volume > 0) cuts += s.cut / s.volume;
        const double smaller = fmin(s.volume, total - s.volume);
        if (smaller > 0) {
            defined++;
            sum += s.cut / smaller;
            most = fmax(most, s.cut / smaller);
        }
        if (c >= n || s.size == 0) continue;
        if (smaller > 0) assert_near(conductance[c], s.cut / smaller, 1e-12);
        else assert_true(isnan(conductance[c]));
    }
    assert_near(q.cpm, kith_graph_directed(graph) ? cpm : cpm / 2, 1e-9);
    assert_near(q.modularity, test_modularity(graph, alone, gamma), 1e-12);
    assert_near(q.coverage, inner / (total / 2), 1e-12);
    assert_near(q.normalized_cut, cuts, 1e-12);
    if (defined > 0) assert_near(q.conductance_mean, sum / defined, 1e-12);
    else assert_true(isnan(q.conductance_mean) && isnan(q.conductance_max));
    if (defined > 0) assert_near(q.conductance_max, most, 1e-12);
}

static void measures_are_their_definitions(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 80; seed++) {
        const test_random what = {
            2 + (int64_t)(seed % 14), 0.3, seed & 1, seed & 2, seed & 4, seed
        };
        kith_graph *graph = test_random_graph(&what);
        kith_i_random r = kith_i_random_at(seed, 2, 0);
        int64_t labels[MOST];
        for (int64_t v = 0; v < what.nodes; v++)
            labels[v] = (int64_t)kith_i_random_below(&r, what.nodes < 3 ? 3 : 4) - 1;
        if (kith_graph_edges(graph))
            check_definitions(graph, labels, 0.5 + 0.25 * (double)(seed % 4));
        kith_graph_free(graph);
    }
}

static void check_measure(const test_case *c, const char *measure, double value)
{
    char key[96];

    snprintf(key, sizeof key, "%s/%s", c->name, measure);
    const test_golden row = golden_row("eval.csv", key);
    if (!(fabs(value - row.value) <= row.tolerance))
        fail_msg("%s is %.17g (expected %.17g)", key, value, row.value);
}

static void case_agrees(const test_case *c)
{
    const kith_quality q = evaluate(c->graph, c->labels, 1, NULL);

    check_measure(c, "modularity", q.modularity);
    check_measure(c, "coverage", q.coverage);
    check_measure(c, "conductance_mean", q.conductance_mean);
    check_measure(c, "conductance_max", q.conductance_max);
    check_measure(c, "normalized_cut", q.normalized_cut);
    check_measure(c, "modularity-0.7", evaluate(c->graph, c->labels, 0.7, NULL).modularity);
    check_measure(c, "cpm-0.05", evaluate(c->graph, c->labels, 0.05, NULL).cpm);
}

static void measures_are_those_of_igraph_networkx_and_leidenalg_on_twenty_graphs(void **state)
{
    (void)state;
    assert_int_equal(test_for_cases("eval-graphs.txt", case_agrees), 20);
}

static void the_factions_of_zachary_have_their_published_modularity(void **state)
{
    static const int64_t factions[34] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0,
                                          0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    kith_graph *karate = test_karate();
    int64_t alone[34];

    (void)state;
    for (int64_t v = 0; v < 34; v++) alone[v] = v;
    assert_near(evaluate(karate, factions, 1, NULL).modularity, 0.358235, 1e-6);
    assert_near(evaluate(karate, alone, 1, NULL).modularity, -0.049803, 1e-6);
    kith_graph_free(karate);
}

static void one_community_covers_everything_and_has_no_conductance(void **state)
{
    kith_graph *karate = test_karate();
    const int64_t one[34] = { 0 };
    double conductance[1];

    (void)state;
    const kith_quality q = evaluate(karate, one, 1, conductance);
    assert_near(q.coverage, 1, 0);
    assert_near(q.modularity, 0, 1e-15);
    assert_near(q.normalized_cut, 0, 0);
    assert_true(isnan(conductance[0]) && isnan(q.conductance_mean) && isnan(q.conductance_max));
    kith_graph_free(karate);
}

static void an_edgeless_graph_has_nothing_but_cpm(void **state)
{
    static const int64_t labels[] = { 0, 0, 1, -1 };

    (void)state;
    for (int64_t n = 0; n <= 4; n += 4) {
        kith_graph *graph = test_graph(n, 0, NULL, NULL);
        const kith_quality q = evaluate(graph, labels, 0.5, NULL);
        assert_true(isnan(q.modularity) && isnan(q.coverage) && isnan(q.normalized_cut));
        assert_true(isnan(q.conductance_mean) && isnan(q.conductance_max));
        assert_near(q.cpm, n ? -0.5 : 0, 0);
        kith_graph_free(graph);
    }
}

static void communities_without_nodes_or_edges_are_passed_over(void **state)
{
    /* An edge, two nodes without; community 1 is empty. */
    static const int64_t pairs[][2] = { { 0, 1 } }, labels[] = { 0, 2, 3, 3 };
    kith_graph *graph = test_graph(4, 1, pairs, NULL);
    double conductance[4];

    (void)state;
    const kith_quality q = evaluate(graph, labels, 1, conductance);
    assert_near(q.conductance_mean, 1, 0);
    assert_near(conductance[0], 1, 0);
    assert_near(conductance[2], 1, 0);
    assert_true(isnan(conductance[1]) && isnan(conductance[3]));
    kith_graph_free(graph);
}

static void refuses_what_it_cannot_evaluate(void **state)
{
    kith_graph *graph = test_path(3);
    kith_partition *p = NULL, *other = NULL;
    const int64_t labels[] = { 0, 0, 1, 1 };
    kith_quality q;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_partition_from_labels(3, labels, NULL, &p, &err), err);
    assert_kith(kith_partition_from_labels(4, labels, NULL, &other, &err), err);
    assert_kith_fails(kith_evaluate(graph, other, 1, NULL, &q, NULL, &err), KITH_E_ARGUMENT,
                      "4 nodes", err);
    assert_kith_fails(kith_evaluate(graph, p, -1, NULL, &q, NULL, &err), KITH_E_ARGUMENT,
                      "resolution is -1", err);
    assert_kith_fails(kith_evaluate(graph, p, NAN, NULL, &q, NULL, &err), KITH_E_ARGUMENT,
                      "resolution", err);
    assert_kith_fails(kith_evaluate(graph, p, 1, NULL, NULL, NULL, &err), KITH_E_ARGUMENT, "NULL",
                      err);
    assert_kith_fails(kith_evaluate(NULL, p, 1, NULL, &q, NULL, &err), KITH_E_ARGUMENT, "NULL",
                      err);
    assert_kith_fails(kith_evaluate(graph, NULL, 1, NULL, &q, NULL, &err), KITH_E_ARGUMENT, "NULL",
                      err);
    kith_partition_free(p);
    kith_partition_free(other);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_are_their_definitions),
        cmocka_unit_test(measures_are_those_of_igraph_networkx_and_leidenalg_on_twenty_graphs),
        cmocka_unit_test(the_factions_of_zachary_have_their_published_modularity),
        cmocka_unit_test(one_community_covers_everything_and_has_no_conductance),
        cmocka_unit_test(an_edgeless_graph_has_nothing_but_cpm),
        cmocka_unit_test(communities_without_nodes_or_edges_are_passed_over),
        cmocka_unit_test(refuses_what_it_cannot_evaluate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
