/* What tests of local methods share: looking into a cluster, and its conductance by definition. */
#ifndef KITH_TESTS_SUPPORT_CLUSTERS_H
#define KITH_TESTS_SUPPORT_CLUSTERS_H

#include "support/cases.h"
#include "support/graphs.h"

/** A figure of the certificate; the test fails when there is none of that name. */
double test_figure(const kith_cluster *cluster, const char *name);

/** Scores by node, 0 of nodes that are not in the cluster; nodes long. */
void test_scores(const kith_graph *graph, const kith_cluster *cluster, double *scores);

/** The same times the strength of the node: the vector p of scores p / d. */
void test_masses(const kith_graph *graph, const kith_cluster *cluster, double *masses);

/** Conductance of the set from its definition. */
double test_conductance(const kith_graph *graph, const kith_cluster *cluster);

/** The first node with edges from `node` on, cyclically. */
int64_t test_seed(const kith_graph *graph, int64_t node);

/** Lets the time limit of a run pass at the poll number *polls, which counts down to it. */
void test_run_out_of_time(kith_run *run, int64_t *polls);

/** The numbers of the row GRAPH/KEY of datasets/golden/local.txt, at most `room`; how many. */
int64_t test_local_golden(const test_case *graph, const char *key, double *numbers, int64_t room);

/** Fails unless the scores, times the strengths if these are to be masses, are those of the row
 *  GRAPH/KEY. */
void test_expect_golden_scores(const test_case *graph, const char *key, bool masses,
                               const kith_cluster *cluster, double tolerance);

/** Fails unless the cluster is the set of the row GRAPH/KEY-sweep, of the same conductance. */
void test_expect_golden_sweep(const test_case *graph, const char *key, const kith_cluster *cluster);

#endif
