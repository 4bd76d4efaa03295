/* Bipartite graphs for tests, and Barber modularity by its definition. */
#ifndef KITH_TESTS_SUPPORT_SIDES_H
#define KITH_TESTS_SUPPORT_SIDES_H

#include "support/test.h"

/** B = [[1,1,0,0],[1,1,0,0],[0,1,1,1],[0,0,1,1]], every entry times `scale`. */
kith_bipartite *test_small_sides(double scale);

/** Davis' Southern Women, the bundled file: 18 women, 14 events, 89 ties. */
kith_bipartite *test_southern_women(void);

/** Rows and columns in `blocks` groups, joined with one chance inside and another between. */
kith_bipartite *test_planted_sides(int64_t rows, int64_t columns, int64_t blocks, double inside,
                                   double between, uint64_t seed);

/** Q = 1/w sum_ij (B_ij - gamma d_i f_j / w) [r_i = c_j], over all pairs; labels of rows, then of
 *  columns. */
double test_barber(const kith_bipartite *b, const int64_t *labels, double gamma);

#endif
