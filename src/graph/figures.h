/* Named figures of a result: residuals, gaps, bounds, as its method's header lists them. */
#ifndef KITH_GRAPH_FIGURES_H
#define KITH_GRAPH_FIGURES_H

#include <stddef.h>
#include <stdint.h>

enum { KITH_I_FIGURES = 8 };

typedef struct kith_i_figure {
    const char *name; /* constant */
    double      value;
} kith_i_figure;

/** Adds a figure to an array of KITH_I_FIGURES + 1, which ends with a NULL name; beyond the last
 *  place it is let go. `name` is a constant. */
static inline void kith_i_figure_add(kith_i_figure *figures, const char *name, double value)
{
    int i = 0;

    while (i < KITH_I_FIGURES && figures[i].name) i++;
    if (i < KITH_I_FIGURES) figures[i] = (kith_i_figure){ name, value };
}

/** The name of the i-th figure, and its value; NULL past the last one. */
static inline const char *kith_i_figure_at(const kith_i_figure *figures, int64_t i, double *value)
{
    if (i < 0 || i >= KITH_I_FIGURES || !figures[i].name) return NULL;
    if (value) *value = figures[i].value;
    return figures[i].name;
}

#endif
