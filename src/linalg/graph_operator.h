/* Matrices of a graph written out, for those who factor them. */
#ifndef KITH_LINALG_GRAPH_OPERATOR_H
#define KITH_LINALG_GRAPH_OPERATOR_H

#include "linalg/operator.h"

/** The lower triangle of shift I + sign A, for the operator A of a matrix of a graph that adds no
 *  rank-one term. kith_i_triangle_clear() it. */
typedef struct kith_i_triangle {
    int64_t size, *offsets, *columns;
    double *values;
} kith_i_triangle;

kith_status kith_i_graph_triangle(const kith_i_operator *a, double sign, double shift,
                                  kith_i_poll *poll, kith_i_triangle *out, kith_error *err);
void kith_i_triangle_clear(kith_i_triangle *triangle);

#endif
