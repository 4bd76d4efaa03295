/* Entries as text has them, a line each: read block by block into arrays that grow with what was
 * really there. Where the file is mapped all blocks are read at once, by all threads. */
#ifndef KITH_IO_ENTRIES_H
#define KITH_IO_ENTRIES_H

#include "io/lines.h"
#include "io/text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

#ifdef __SSE2__
/** Which of 32 bytes are no digits, a bit each. */
static inline uint32_t kith_i_find_others(const char *at)
{
    uint32_t found[2];

    for (int i = 0; i < 2; i++) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at + i);
        const __m128i below = _mm_cmplt_epi8(bytes, _mm_set1_epi8('0')); /* 128 and on, too */
        const __m128i above = _mm_cmpgt_epi8(bytes, _mm_set1_epi8('9'));
        found[i] = (uint32_t)_mm_movemask_epi8(_mm_or_si128(below, above));
    }
    return found[0] | found[1] << 16;
}

/** The numbers that two groups of 1 to 8 digits make: joined two by two, four by four, all eight.
 *  */
static inline void kith_i_two_numbers(const char *first, int first_length, const char *second,
                                      int second_length, uint32_t numbers[2])
{
    uint64_t words[2];

    memcpy(&words[0], first, sizeof *words);
    memcpy(&words[1], second, sizeof *words);
    const __m128i text = _mm_set_epi64x((int64_t)(words[1] << (64 - 8 * second_length)),
                                        (int64_t)(words[0] << (64 - 8 * first_length)));
    const __m128i digits = _mm_subs_epu8(text, _mm_set1_epi8('0')); /* zero bytes stay */
    const __m128i tens = _mm_mullo_epi16(_mm_and_si128(digits, _mm_set1_epi16(255)),
                                         _mm_set1_epi16(10));
    const __m128i twos = _mm_add_epi16(tens, _mm_srli_epi16(digits, 8));
    const __m128i fours = _mm_madd_epi16(twos, _mm_set1_epi32(1 << 16 | 100));
    const __m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours),
                                          _mm_set1_epi32(1 << 16 | 10000));
    _mm_storel_epi64((__m128i *)(void *)numbers, eights);
}
#endif

/** Takes two numbers of up to eight digits with one separator between, at one look instead of digit
 *  by digit: what nearly every line begins with. Returns the place behind them, or NULL where the
 *  line is another. `comma` separates as blanks do; give a blank for none. */
static inline const char *kith_i_take_short_pair(const char *at, char comma, uint32_t numbers[2])
{
#ifdef __SSE2__
    const uint32_t others = kith_i_find_others(at), behind = others & (others - 1);

    if (!behind) return NULL;
    const int middle = __builtin_ctz(others), end = __builtin_ctz(behind);
    const int length = end - middle - 1;
    const char separator = at[middle];

    if (middle < 1 || middle > 8 || length < 1 || length > 8) return NULL;
    if (separator != ' ' && separator != '\t' && separator != comma) return NULL;
    kith_i_two_numbers(at, middle, at + middle + 1, length, numbers);
    return at + end;
#else
    (void)at, (void)comma, (void)numbers;
    return NULL;
#endif
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
