/* An input as text: lines, and blocks of whole lines with the number of their first.
 *
 * A plain mapped file lies there as a whole, and may be parsed by many threads at once. Otherwise
 * blocks come one after the other, and with two threads or more one of them decompresses ahead. */
#ifndef KITH_IO_LINES_H
#define KITH_IO_LINES_H

#include "io/input.h"

#include <pthread.h>

/** Whole lines; only the last of the file may lack its newline, and a zero byte follows it. Behind
 *  `end` KITH_I_PADDING bytes may be read. */
typedef struct kith_i_block {
    const char *at, *end; /* at == end: nothing is left */
    int64_t     line;     /* the number of the first, from 1 */
} kith_i_block;

enum { KITH_I_BLOCK = 1 << 20, KITH_I_RING = 4 };

/** A buffer that decompression fills. */
typedef struct kith_i_chunk {
    uint8_t *bytes;
    int64_t  capacity;
    int64_t  whole, rest; /* bytes of whole lines, and of the line that has begun behind them */
    double   fraction;    /* of the file, when it was filled */
    bool     last, too_long;
} kith_i_chunk;

typedef struct kith_i_lines {
    kith_i_input *input;  /* borrowed */
    bool          mapped; /* `left` is all there is */
    kith_i_block  left;   /* lines at hand and not taken */
    int64_t       bytes;  /* of the whole file when mapped, else those that came so far */

    /* A stream: chunk i is ring[i % KITH_I_RING]. The lock guards what follows the ring. */
    kith_i_chunk    ring[KITH_I_RING];
    bool            threaded;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    int64_t         filled, taken; /* chunks */
    bool            stop;
    kith_status     status; /* of decompression */
    kith_error      failed;
} kith_i_lines;

/** Borrows the input. Only with KITH_OK it needs closing. */
kith_status kith_i_lines_open(kith_i_lines *lines, kith_i_input *input, int threads,
                              kith_error *err);
void        kith_i_lines_close(kith_i_lines *lines);

/** Takes one line, its newline included. Before the lines of a block are taken, all lines before it
 *  must have been dealt with: a block lives until the next call. */
kith_status kith_i_lines_one(kith_i_lines *lines, kith_i_block *line, kith_error *err);

/** Takes a block of about KITH_I_BLOCK bytes. Polls. */
kith_status kith_i_lines_next(kith_i_lines *lines, kith_i_block *block, kith_error *err);

/** Shows what kith_i_lines_next() would give, or more. */
kith_status kith_i_lines_peek(kith_i_lines *lines, kith_i_block *block, kith_error *err);

/** How many lines the bytes are, the last with or without its newline. */
int64_t kith_i_count_lines(const char *at, const char *end);

/** The place behind the first newline, or `end`. */
static inline const char *kith_i_next_line(const char *at, const char *end)
{
    const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

    return newline ? newline + 1 : end;
}

#endif
