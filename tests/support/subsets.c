/* Every set of nodes of a small graph. */
#include "support/subsets.h"

#include "core/random.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 16, MOST_ROUNDS = 64 };

/* Weights between the nodes of a graph, and strengths. */
typedef struct {
    int nodes;
    double weight[MOST][MOST], strength[MOST];
} dense;

static dense dense_of(const kith_graph *graph)
{
    const int64_t *offsets = kith_graph_offsets(graph);
    dense d = { .nodes = (int)kith_graph_nodes(graph) };

    assert_true(d.nodes <= MOST);
    assert_int_equal(kith_graph_strengths(graph, NULL, d.strength, NULL, NULL), KITH_OK);
    for (int v = 0; v < d.nodes; v++)
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++)
            d.weight[v][kith_graph_targets(graph)[e]] = kith_graph_weight(graph, e);
    return d;
}

static double cut_of(const dense *d, test_bits set)
{
    double cut = 0;

    for (int v = 0; v < d->nodes; v++)
        for (int u = 0; u < d->nodes; u++)
            if ((set >> v & 1) && !(set >> u & 1)) cut += d->weight[v][u];
    return cut;
}

static double volume_of(const dense *d, test_bits set)
{
    double volume = 0;

    for (int v = 0; v < d->nodes; v++)
        if (set >> v & 1) volume += d->strength[v];
    return volume;
}

test_measures test_measures_of(const kith_graph *graph, test_bits set)
{
    const dense d = dense_of(graph);
    const double cut = cut_of(&d, set), volume = volume_of(&d, set);
    const double smaller = fmin(volume, volume_of(&d, ~set));

    return (test_measures){ cut, volume, smaller > 0 ? cut / smaller : 1 };
}

double test_least_score(const kith_graph *graph, test_bits R, double delta, test_bits *best)
{
    const dense d = dense_of(graph);
    const double volume = volume_of(&d, R), theta = volume / volume_of(&d, ~R);
    test_bits allowed = 0;
    double least = INFINITY, most = 0;

    for (int v = 0; v < d.nodes; v++)
        if (isinf(delta) ? R >> v & 1 : d.strength[v] > 0) allowed |= UINT32_C(1) << v;
    *best = 0;
    for (test_bits S = allowed; S; S = (S - 1) & allowed) {
        const double outside = volume_of(&d, S & ~R);
        const double worth = volume_of(&d, S & R) - (outside > 0 ? (theta + delta) * outside : 0);
        if (worth <= 1e-9 * volume) continue;
        const double score = cut_of(&d, S) / worth;
        if (score > least + 1e-9) continue;
        if (score < least - 1e-9 || worth > most + 1e-9) {
            least = score;
            most = worth;
            *best = S;
        } else if (worth > most - 1e-9) {
            *best &= S;
        }
    }
    return least;
}

test_bits test_bits_of(const kith_cluster *cluster)
{
    test_bits set = 0;

    for (int64_t i = 0; i < kith_cluster_size(cluster); i++)
        set |= UINT32_C(1) << kith_cluster_nodes(cluster)[i];
    return set;
}

int64_t test_random_set(const kith_graph *graph, uint64_t seed, int64_t *nodes)
{
    kith_i_random r = kith_i_random_at(seed, 0, 0);
    const int64_t *offsets = kith_graph_offsets(graph);
    int64_t count = 0;

    for (int64_t v = 0; v < kith_graph_nodes(graph); v++)
        if (kith_i_random_below(&r, 2) && offsets[v + 1] > offsets[v]) nodes[count++] = v;
    if (count == 0) nodes[count++] = test_seed(graph, 0);
    return count;
}

void test_assert_best(const kith_graph *graph, kith_nodes R, double delta,
                      const kith_cluster *cluster)
{
    test_bits given = 0, best;

    for (int64_t i = 0; i < R.count; i++) given |= UINT32_C(1) << R.ids[i];
    const test_bits found = test_bits_of(cluster);
    const test_measures before = test_measures_of(graph, given);
    const test_measures after = test_measures_of(graph, found);
    const double least = test_least_score(graph, given, delta, &best);
    const double unit = least * before.volume;

    assert_true(kith_cluster_converged(cluster));
    assert_near(test_figure(cluster, "score"), least, 1e-9);
    assert_near(test_figure(cluster, "flow_value"), unit, 1e-8 * unit);
    assert_near(test_figure(cluster, "cut_value"), unit, 1e-8 * unit);
    assert_near(kith_cluster_cut(cluster), after.cut, 1e-9);
    assert_near(kith_cluster_volume(cluster), after.volume, 1e-9);
    assert_true(after.conductance <= before.conductance + 1e-12);
    if (least > 0) assert_int_equal(found, best);
    else assert_near(after.cut, 0, 0);
}

/* The nodes with edges of the set of a row. */
static kith_nodes golden_nodes(const test_case *graph, const char *key, int64_t *nodes)
{
    const int64_t n = kith_graph_nodes(graph->graph), *offsets = kith_graph_offsets(graph->graph);
    double *numbers = calloc((size_t)n, sizeof *numbers);
    const int64_t count = test_local_golden(graph, key, numbers, n);
    int64_t kept = 0;

    for (int64_t i = 0; i < count; i++) {
        const int64_t v = (int64_t)numbers[i];
        if (offsets[v + 1] > offsets[v]) nodes[kept++] = v;
    }
    free(numbers);
    return (kith_nodes){ nodes, kept };
}

kith_nodes test_golden_set(const test_case *graph, int64_t *nodes)
{
    return golden_nodes(graph, "set", nodes);
}

void test_expect_golden_set(const test_case *graph, const char *key, const kith_cluster *cluster)
{
    const int64_t n = kith_graph_nodes(graph->graph), size = kith_cluster_size(cluster);
    int64_t *nodes = calloc((size_t)n, sizeof *nodes);
    double scores[MOST_ROUNDS];
    char row[64];

    snprintf(row, sizeof row, "%s-set", key);
    const int64_t rounds = test_local_golden(graph, key, scores, MOST_ROUNDS);
    const kith_nodes golden = golden_nodes(graph, row, nodes);
    if (size != golden.count ||
        memcmp(kith_cluster_nodes(cluster), golden.ids, (size_t)size * sizeof *golden.ids))
        fail_msg("%s/%s: another set, of %lld nodes", graph->name, row, (long long)size);
    assert_near(test_figure(cluster, "score"), scores[rounds - 1], 1e-9);
    free(nodes);
}
