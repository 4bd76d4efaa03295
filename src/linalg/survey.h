/* Where the eigenvalues of an operator lie, about. */
#ifndef KITH_LINALG_SURVEY_H
#define KITH_LINALG_SURVEY_H

#include "linalg/solver.h"

/** Points and how many eigenvalues each of them stands for, from the end that is asked for inwards;
 *  of the smallest it is the negative ones, so that points descend. */
typedef struct kith_i_survey {
    int64_t count;
    double *points, *weights;
} kith_i_survey;

/** Surveys the spectrum beside the deflated vectors by quadrature from random vectors, and sets
 *  s->lower and s->upper where the operator does not know them: Ritz values, widened by their
 *  residuals [Zhou2011].
 *
 *  out      free with kith_i_survey_clear()
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL, and what a run ends in
 *
 *  Some hundred products.
 *  Lin, Saad, Yang (2016), doi:10.1137/130934283
 */
kith_status kith_i_survey_make(kith_i_solver *s, kith_i_survey *out, kith_error *err);

/** The point above which about `above` - 1/2 eigenvalues lie. */
double kith_i_survey_above(const kith_i_survey *spectrum, int64_t above);

void kith_i_survey_clear(kith_i_survey *spectrum);

#endif
