/* Graphs and oracles that several tests share. Graphs are the caller's to free. */
#ifndef KITH_TESTS_SUPPORT_GRAPHS_H
#define KITH_TESTS_SUPPORT_GRAPHS_H

#include "support/test.h"

/** An undirected graph from pairs of node ids; weights may be NULL. */
kith_graph *test_graph(int64_t nodes, int64_t edges, const int64_t (*pairs)[2],
                       const double *weights);

kith_graph *test_path(int64_t nodes);
kith_graph *test_ring(int64_t nodes);
kith_graph *test_star(int64_t leaves); /* node 0 is the centre */
kith_graph *test_cliques(int64_t cliques, int64_t size, bool ring); /* joined in a ring, or not */
kith_graph *test_two_k4(void);         /* 0-3 and 4-7, joined by {3, 4} */
kith_graph *test_karate(void);         /* the bundled file */

typedef struct test_random {
    int64_t  nodes;
    double   density;
    bool     weighted; /* weights 0.25 to 4, in quarters */
    bool     loops;
    bool     directed;
    uint64_t seed;
} test_random;

/** A G(n, p) graph. */
kith_graph *test_random_graph(const test_random *what);

/** A graph of the shared data sets, or NULL after printing why it is not there. */
kith_graph *test_dataset(const char *name);

/** Its labels, malloc'ed; NULL without. */
int64_t *test_dataset_labels(const char *name, const kith_graph *graph);

/** Fails unless every community is connected. */
void test_assert_connected(const kith_graph *graph, const kith_partition *partition);

/** Fails unless both partitions give every node the same label. */
void test_assert_same(const kith_partition *a, const kith_partition *b);

/** Modularity (directed for directed graphs) from its definition as a sum over all pairs of nodes.
 */
double test_modularity(const kith_graph *graph, const int64_t *labels, double resolution);

/** Sum of the weights, each edge counted once. */
double test_total_weight(const kith_graph *graph);

/** CPM from its definition over pairs of nodes of one community; sizes NULL: 1. */
double test_cpm(const kith_graph *graph, const int64_t *labels, const double *sizes, double gamma);

#endif
