/* The bulk of most graphs: lines of two short numbers and nothing else. */
#ifndef KITH_IO_SHORT_LINES_H
#define KITH_IO_SHORT_LINES_H

#include <stdint.h>

/** Which lines count: two numbers of up to eight digits with one blank, tab or `comma` between and
 *  a newline behind, from `base` on and below base + `rows` and base + `columns`. */
typedef struct kith_i_short_lines {
    char     comma; /* ',', or a blank where commas do not separate */
    uint32_t base;
    uint64_t rows, columns;
} kith_i_short_lines;

/** Takes such lines from *at on and stops at the first other line, which is for the caller to look
 *  at, or at `end`. The numbers less `base` go to row_ids and column_ids. Returns how many lines;
 *  *at is where it stopped. KITH_I_PADDING bytes behind `end` may be read. */
int64_t kith_i_take_short_lines(const kith_i_short_lines *rule, const char **at, const char *end,
                                uint32_t *row_ids, uint32_t *column_ids);

#endif
