/* Small operators of one line each, for the tests of what uses operators. */
#ifndef KITH_TESTS_SUPPORT_OPERATORS_H
#define KITH_TESTS_SUPPORT_OPERATORS_H

#include "support/test.h"

#include "linalg/operator.h"

/** diag(d); d is borrowed. */
kith_i_operator test_diagonal(int64_t n, const double *d, int threads);

/** A matrix of m rows of n numbers, borrowed. */
kith_i_operator test_matrix(int64_t m, int64_t n, const double *a, int threads);

/** A or D - A of a graph without loops, borrowed. */
kith_i_operator test_adjacency(const kith_graph *graph, int threads);
kith_i_operator test_laplacian(const kith_graph *graph, int threads);

/** Products with one vector that operators of this file have made since they were last counted. */
int64_t test_products(void);

/** A poll of a run that nobody stops. */
kith_i_poll test_poll(void);

#endif
