/* Bipartite graphs for tests. */
#include "support/sides.h"

#include "core/random.h"

#include <stdio.h>
#include <stdlib.h>

kith_bipartite *test_small_sides(double scale)
{
    static const int64_t rows[] = { 0, 0, 1, 1, 2, 2, 2, 3, 3 };
    static const int64_t columns[] = { 0, 1, 0, 1, 1, 2, 3, 2, 3 };
    double weights[9];
    kith_bipartite *b = NULL;
    kith_error err = { 0 };

    for (int i = 0; i < 9; i++) weights[i] = scale;
    assert_kith(kith_bipartite_from_edges(4, 4, 9, rows, columns, weights, NULL, &b, &err), err);
    return b;
}

kith_bipartite *test_southern_women(void)
{
    char path[1024];
    kith_bipartite *b = NULL;
    kith_error err = { 0 };

    snprintf(path, sizeof path, "%s/datasets/southern-women.txt", getenv("KITH_SOURCE"));
    assert_kith(kith_bipartite_read(path, NULL, &b, &err), err);
    return b;
}

kith_bipartite *test_planted_sides(int64_t rows, int64_t columns, int64_t blocks, double inside,
                                   double between, uint64_t seed)
{
    int64_t *from = malloc((size_t)(rows * columns) * sizeof *from),
            *to = malloc((size_t)(rows * columns) * sizeof *to), count = 0;
    kith_i_random random = kith_i_random_at(seed, 0, 0);
    kith_bipartite *b = NULL;
    kith_error err = { 0 };

    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            if (kith_i_random_unit(&random) < (i % blocks == j % blocks ? inside : between)) {
                from[count] = i;
                to[count++] = j;
            }
    assert_kith(kith_bipartite_from_edges(rows, columns, count, from, to, NULL, NULL, &b, &err),
                err);
    free(from);
    free(to);
    return b;
}

double test_barber(const kith_bipartite *b, const int64_t *labels, double gamma)
{
    const kith_graph *graph = kith_bipartite_graph(b);
    const int64_t n = kith_graph_nodes(graph), rows = kith_bipartite_rows(b);
    const int64_t *offsets = kith_graph_offsets(graph);
    double *strength = malloc((size_t)n * sizeof *strength), w, q = 0;
    kith_error err = { 0 };

    assert_kith(kith_graph_strengths(graph, NULL, strength, NULL, &err), err);
    assert_kith(kith_graph_total_weight(graph, NULL, &w, &err), err);
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = rows; j < n; j++)
            if (labels[i] == labels[j]) q -= gamma * strength[i] * strength[j] / w;
        for (int64_t e = offsets[i]; e < offsets[i + 1]; e++)
            if (labels[i] == labels[kith_graph_targets(graph)[e]]) q += kith_graph_weight(graph, e);
    }
    free(strength);
    return q / w;
}
