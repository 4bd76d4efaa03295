/* A tall matrix in panels: columns in groups of KITH_I_PANEL, each group a block (linalg/block.h)
 * of its own, so that a sparse matrix is multiplied by some columns at a time without copies, and
 * the products' rows stay in the caches. */
#ifndef KITH_ATTRIBUTED_PANELS_H
#define KITH_ATTRIBUTED_PANELS_H

#include "core/base.h"

enum { KITH_I_PANEL = 32 };

typedef struct kith_i_panels {
    int64_t n, d;
    double *values; /* panel p begins at values + n p KITH_I_PANEL */
} kith_i_panels;

/** Room for n rows of d numbers, undefined; kith_i_panels_clear() it. */
kith_status kith_i_panels_new(int64_t n, int64_t d, kith_i_panels *out, kith_error *err);

void kith_i_panels_clear(kith_i_panels *panels);

static inline int64_t kith_i_panels_count(const kith_i_panels *x)
{
    return (x->d + KITH_I_PANEL - 1) / KITH_I_PANEL;
}

/** Columns of a panel. */
static inline int64_t kith_i_panels_width(const kith_i_panels *x, int64_t p)
{
    return (p + 1) * KITH_I_PANEL <= x->d ? KITH_I_PANEL : x->d - p * KITH_I_PANEL;
}

static inline double *kith_i_panels_at(const kith_i_panels *x, int64_t p)
{
    return x->values + x->n * p * KITH_I_PANEL;
}

/** Writes row i, d numbers side by side. */
static inline void kith_i_panels_row(const kith_i_panels *x, int64_t i, double *out)
{
    for (int64_t p = 0; p < kith_i_panels_count(x); p++) {
        const int64_t width = kith_i_panels_width(x, p);
        const double *row = kith_i_panels_at(x, p) + i * width;
        for (int64_t c = 0; c < width; c++) out[p * KITH_I_PANEL + c] = row[c];
    }
}

/** Each row scaled to length 1; a zero row stays zero. */
kith_status kith_i_panels_unit_rows(kith_i_panels *x, int threads, kith_i_poll *poll,
                                    kith_error *err);

#endif
