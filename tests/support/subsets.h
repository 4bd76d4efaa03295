/* Every set of nodes of a small graph: the oracle of what improves a set. */
#ifndef KITH_TESTS_SUPPORT_SUBSETS_H
#define KITH_TESTS_SUPPORT_SUBSETS_H

#include "support/cases.h"
#include "support/clusters.h"

/** A set of nodes as bits. */
typedef uint32_t test_bits;

/** Cut, volume and conductance of a set, from the definition. */
typedef struct test_measures {
    double cut, volume, conductance;
} test_measures;

test_measures test_measures_of(const kith_graph *graph, test_bits set);

/** The least cut(S) / (vol(S and R) - (theta + delta) vol(S \ R)), theta = vol(R) / vol(V \ R), of
 *  all sets for which the denominator is positive, and what the best ones of largest denominator
 *  have in common. delta INFINITY: of the subsets of R. */
double test_least_score(const kith_graph *graph, test_bits R, double delta, test_bits *best);

/** The nodes of a cluster as bits. */
test_bits test_bits_of(const kith_cluster *cluster);

/** A random set of nodes with edges, ascending, at least one; returns their number. */
int64_t test_random_set(const kith_graph *graph, uint64_t seed, int64_t *nodes);

/** The nodes with edges of the row GRAPH/set of datasets/golden/local.txt; `nodes` has room for
 *  those of the graph. */
kith_nodes test_golden_set(const test_case *graph, int64_t *nodes);

/** Fails unless the cluster is the set of the row GRAPH/KEY-set, isolated nodes apart, and its
 *  score the last of the row GRAPH/KEY. */
void test_expect_golden_set(const test_case *graph, const char *key, const kith_cluster *cluster);

/** Fails unless the cluster is the best set and the certificate has its score, flow and cut agree
 *  on it, and the conductance has not risen. */
void test_assert_best(const kith_graph *graph, kith_nodes R, double delta,
                      const kith_cluster *cluster);

#endif
