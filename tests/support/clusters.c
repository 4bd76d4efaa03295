/* What tests of local methods share. */
#include "support/clusters.h"

#include "support/golden.h"

#include <stdlib.h>
#include <time.h>

double test_figure(const kith_cluster *cluster, const char *name)
{
    const char *found;
    double value;

    for (int64_t i = 0; (found = kith_cluster_figure(cluster, i, &value)); i++)
        if (!strcmp(found, name)) return value;
    fail_msg("there is no figure %s", name);
    return NAN;
}

void test_scores(const kith_graph *graph, const kith_cluster *cluster, double *scores)
{
    memset(scores, 0, (size_t)kith_graph_nodes(graph) * sizeof *scores);
    for (int64_t i = 0; i < kith_cluster_size(cluster); i++)
        scores[kith_cluster_nodes(cluster)[i]] = kith_cluster_scores(cluster)[i];
}

static double *strengths_of(const kith_graph *graph)
{
    double *strengths = calloc((size_t)kith_graph_nodes(graph), sizeof *strengths);

    assert_int_equal(kith_graph_strengths(graph, NULL, strengths, NULL, NULL), KITH_OK);
    return strengths;
}

void test_masses(const kith_graph *graph, const kith_cluster *cluster, double *masses)
{
    double *strengths = strengths_of(graph);

    test_scores(graph, cluster, masses);
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++) masses[v] *= strengths[v];
    free(strengths);
}

double test_conductance(const kith_graph *graph, const kith_cluster *cluster)
{
    const int64_t n = kith_graph_nodes(graph), *offsets = kith_graph_offsets(graph);
    double *strengths = strengths_of(graph), cut = 0, volume = 0, rest = 0;
    bool *in = calloc((size_t)n, sizeof *in);

    for (int64_t i = 0; i < kith_cluster_size(cluster); i++)
        in[kith_cluster_nodes(cluster)[i]] = true;
    for (int64_t v = 0; v < n; v++) {
        *(in[v] ? &volume : &rest) += strengths[v];
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++)
            if (in[v] && !in[kith_graph_targets(graph)[e]]) cut += kith_graph_weight(graph, e);
    }
    free(strengths);
    free(in);
    return fmin(volume, rest) > 0 ? cut / fmin(volume, rest) : 1;
}

int64_t test_seed(const kith_graph *graph, int64_t node)
{
    const int64_t *offsets = kith_graph_offsets(graph);

    while (offsets[node] == offsets[node + 1]) node = (node + 1) % kith_graph_nodes(graph);
    return node;
}

static int dawdle(const kith_progress *progress, void *payload)
{
    const struct timespec longer_than_the_limit = { .tv_nsec = 250 * 1000 * 1000 };

    (void)progress;
    if (--*(int64_t *)payload == 0) nanosleep(&longer_than_the_limit, NULL);
    return 0;
}

void test_run_out_of_time(kith_run *run, int64_t *polls)
{
    run->time_limit = 0.2;
    run->interval = 0;
    run->progress = dawdle;
    run->payload = polls;
}

int64_t test_local_golden(const test_case *graph, const char *key, double *numbers, int64_t room)
{
    char row[128];

    snprintf(row, sizeof row, "%s/%s", graph->name, key);
    const int64_t count = golden_numbers("local.txt", row, numbers, room);
    if (count < 0) fail_msg("there is no row %s", row);
    return count;
}

void test_expect_golden_scores(const test_case *graph, const char *key, bool masses,
                               const kith_cluster *cluster, double tolerance)
{
    const int64_t n = kith_graph_nodes(graph->graph);
    double *golden = calloc((size_t)n, sizeof *golden), *found = calloc((size_t)n, sizeof *found);

    assert_int_equal(test_local_golden(graph, key, golden, n), n);
    if (masses) test_masses(graph->graph, cluster, found);
    else test_scores(graph->graph, cluster, found);
    for (int64_t v = 0; v < n; v++)
        if (fabs(found[v] - golden[v]) > tolerance)
            fail_msg("%s/%s: node %lld has %.12g, not %.12g", graph->name, key, (long long)v,
                     found[v], golden[v]);
    free(golden);
    free(found);
}

void test_expect_golden_sweep(const test_case *graph, const char *key, const kith_cluster *cluster)
{
    const int64_t n = kith_graph_nodes(graph->graph), size = kith_cluster_size(cluster);
    double *golden = calloc((size_t)n + 1, sizeof *golden),
           *found = calloc((size_t)n, sizeof *found);
    char row[64];

    snprintf(row, sizeof row, "%s-sweep", key);
    const int64_t count = test_local_golden(graph, row, golden, n + 1);
    test_scores(graph->graph, cluster, found);
    bool same = size == count - 1;
    for (int64_t i = 1; i < count; i++) same &= found[(int64_t)golden[i]] > 0;
    if (!same || fabs(kith_cluster_conductance(cluster) - golden[0]) > 1e-9)
        fail_msg("%s/%s: another cluster, of %lld nodes and conductance %.12g", graph->name, row,
                 (long long)size, kith_cluster_conductance(cluster));
    free(golden);
    free(found);
}
