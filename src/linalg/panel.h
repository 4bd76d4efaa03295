/* A first look at distances, in float: which of sixteen rows may be near another row, and how near
 * at least. What it lets through is then measured in double, so that no result depends on how the
 * sums here are rounded, nor on the instruction set, which is chosen at run time.
 *
 *   |x - y|^2 = |x|^2 + |y|^2 - 2 x.y   with an error of at most slack * (|x|^2 + |y|^2)
 *
 * Rows are shifted by a common centre and scaled to numbers within [-1, 1], lest digits be lost. */
#ifndef KITH_LINALG_PANEL_H
#define KITH_LINALG_PANEL_H

#include "core/poll.h"

enum { KITH_I_LANES = 16 };

#define KITH_I_FAR 1e30f /* a squared distance above all that there are */

/** Rows in float. Row i is (x_i - centre) / scale. */
typedef struct kith_i_floats {
    int64_t n, d;
    double *centre; /* d */
    double scale;
    float *rows;  /* n rows of d numbers */
    float *norms; /* |row|^2 */
    float slack;
} kith_i_floats;

/** x: n rows of d numbers, finite; read once. kith_i_floats_clear() it.
 *  returns KITH_OK, KITH_E_MEMORY, and what a run ends in. O(n d) */
kith_status kith_i_floats_init(kith_i_floats *f, int64_t n, int64_t d, const double *x, int threads,
                               kith_i_poll *poll, kith_error *err);

void kith_i_floats_clear(kith_i_floats *f);

/** Sixteen rows side by side: number j of the row in a lane is at j * KITH_I_LANES + lane. */
typedef struct kith_i_panel {
    float *numbers; /* d times KITH_I_LANES */
    float *norms;   /* KITH_I_LANES; KITH_I_FAR where a lane is empty */
} kith_i_panel;

/** Writes up to KITH_I_LANES rows, `count` rows of d numbers, shifted and scaled as f's rows. */
void kith_i_panel_fill(const kith_i_floats *f, int64_t count, const double *rows,
                       const kith_i_panel *panel);

/** For some rows of f: what the squared distance, in units of scale^2, to each row of the panel is
 *  at least.
 *
 *  count  of the rows
 *  rows   their numbers
 *  least  count times KITH_I_LANES, written
 */
void kith_i_panel_look(const kith_i_floats *f, const kith_i_panel *panel, int64_t count,
                       const uint32_t *rows, float *least);

#endif
