/* Entries as text has them, a line each: read block by block into arrays that grow with what was
 * really there. Where the file is mapped all blocks are read at once, by all threads. */
#ifndef KITH_IO_ENTRIES_H
#define KITH_IO_ENTRIES_H

#include "io/lines.h"
#include "io/text.h"

typedef struct kith_i_entries {
    int64_t   count, room;
    bool      located, weighted;
    uint32_t *row_ids, *column_ids; /* NULL unless located */
    double   *values;               /* NULL unless weighted */
} kith_i_entries;

void kith_i_entries_clear(kith_i_entries *entries);

/** Parses the lines of a block into places `first` and on of the arrays, which have room for one
 *  entry a line. Called in parallel unless there is one thread; errors name file and line. */
typedef kith_status (*kith_i_parse_fn)(void *self, const kith_i_block *block,
                                       kith_i_entries *entries, int64_t first, int64_t *count,
                                       kith_error *err);

typedef struct kith_i_entry_reader {
    kith_i_parse_fn parse;
    void           *self;
    int             threads; /* 1: blocks come in order, one at a time */
    int64_t         most;    /* entries; one more is an error */
    const char     *excess;  /* what that error says was expected */
} kith_i_entry_reader;

/** Reads all lines that are left. The same entries, and the same error, on any number of threads.
 */
kith_status kith_i_entries_read(kith_i_lines *lines, const kith_i_entry_reader *reader,
                                kith_i_entries *entries, kith_error *err);

/** How many nodes a file of that size may have: few bytes must not make arrays of many. `limit` is
 *  the caller's, 0 for the rule of kith_i_matrix_market_read(). */
int64_t kith_i_most_nodes(int64_t limit, int64_t bytes);

/** Refuses more of them. */
kith_status kith_i_check_nodes(const kith_i_lines *lines, int64_t line, const char *what,
                               int64_t nodes, int64_t limit, kith_error *err);

/** Whether a line holds nothing but blanks, or a comment that begins with '%' or '#'. */
bool kith_i_line_is_empty(const char *at, const char *end);

static inline const char *kith_i_skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t') at++;
    return at;
}

/** The place behind the end of the line when nothing but blanks comes before it; else NULL. */
static inline const char *kith_i_end_line(const char *at, const char *end)
{
    at = kith_i_skip_blanks(at);
    if (*at == '\r') at++;
    if (at >= end) return end;
    return *at == '\n' ? at + 1 : NULL;
}

/** The number of the line in which `at` lies. */
static inline int64_t kith_i_line_of(const kith_i_block *block, const char *at)
{
    return block->line + kith_i_count_lines(block->at, at) - (at > block->at && at[-1] != '\n');
}

/** Takes the number at `*at`, the value of an entry or the weight of an edge: finite, and negative
 *  only where the options allow. `what` is how the error calls it. */
kith_status kith_i_take_weight(const char *name, const kith_read_options *options,
                               const kith_i_block *block, const char **at, const char *what,
                               double *weight, kith_error *err);

#endif
