/* Lines of two short numbers, without a step that waits for the one before: where the numbers end
 * is found for a window of text at once, 64 bytes at a time, and then each pair of digit groups is
 * turned into two numbers by one sequence of vector operations [Langdale2019 does likewise for
 * JSON]. */
#include "io/short_lines.h"

#include <stdbool.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>

/* A file of other lines costs a look at FIRST bytes for each of them, no more. */
enum { WINDOW = 4096, FIRST = 64, DIGITS = 8 };

/* Which of 64 bytes are no digits, a bit each. */
static inline uint64_t find_others(const char *at)
{
    uint64_t found = 0;

    for (int i = 0; i < 4; i++) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at + i);
        const __m128i below = _mm_cmplt_epi8(bytes, _mm_set1_epi8('0')); /* 128 and on, too */
        const __m128i above = _mm_cmpgt_epi8(bytes, _mm_set1_epi8('9'));
        const int mask = _mm_movemask_epi8(_mm_or_si128(below, above));
        found |= (uint64_t)(uint32_t)mask << (16 * i);
    }
    return found;
}

/* The places of all bytes that are no digits; how many. */
static int find_places(const char *at, int size, uint16_t places[WINDOW])
{
    int count = 0;

    for (int from = 0; from < size; from += 64)
        for (uint64_t others = find_others(at + from); others; others &= others - 1)
            places[count++] = (uint16_t)(from + __builtin_ctzll(others));
    return count;
}

/* The numbers that two groups of 1 to 8 digits make: digits joined by twos, fours, all eight. */
static inline void two_numbers(const char *first, int first_length, const char *second,
                               int second_length, uint32_t numbers[2])
{
    uint64_t words[2];

    memcpy(&words[0], first, sizeof *words);
    memcpy(&words[1], second, sizeof *words);
    const __m128i text = _mm_set_epi64x((int64_t)(words[1] << (64 - 8 * second_length)),
                                        (int64_t)(words[0] << (64 - 8 * first_length)));
    const __m128i digits = _mm_subs_epu8(text, _mm_set1_epi8('0')); /* zero bytes stay */
    const __m128i tens =
        _mm_mullo_epi16(_mm_and_si128(digits, _mm_set1_epi16(255)), _mm_set1_epi16(10));
    const __m128i twos = _mm_add_epi16(tens, _mm_srli_epi16(digits, 8));
    const __m128i fours = _mm_madd_epi16(twos, _mm_set1_epi32(1 << 16 | 100));
    const __m128i eights =
        _mm_madd_epi16(_mm_packs_epi32(fours, fours), _mm_set1_epi32(1 << 16 | 10000));
    _mm_storel_epi64((__m128i *)(void *)numbers, eights);
}

/* A line at `at` whose first number ends at `middle` and second at `end`; false if it is another.
 * */
static inline bool take_line(const kith_i_short_lines *rule, const char *at, int middle, int end,
                             uint32_t *row, uint32_t *column)
{
    const int length = end - middle - 1;
    uint32_t numbers[2];

    if (middle < 1 || middle > DIGITS || length < 1 || length > DIGITS) return false;
    if (at[middle] != ' ' && at[middle] != '\t' && at[middle] != rule->comma) return false;
    if (at[end] != '\n') return false;
    two_numbers(at, middle, at + middle + 1, length, numbers);
    *row = numbers[0] - rule->base; /* 0 - 1 is above every limit */
    *column = numbers[1] - rule->base;
    return *row < rule->rows && *column < rule->columns;
}

int64_t kith_i_take_short_lines(const kith_i_short_lines *rule, const char **at, const char *end,
                                uint32_t *row_ids, uint32_t *column_ids)
{
    uint16_t places[WINDOW];
    const char *from = *at;
    int64_t taken = 0;
    bool common = true;

    for (int window = FIRST; common && from < end; window = WINDOW) {
        const int size = end - from < window ? (int)(end - from) : window;
        const int count = find_places(from, size, places);
        int start = 0;

        for (int i = 1; common && i < count && places[i] < size; i += 2) {
            common = take_line(rule, from + start, places[i - 1] - start, places[i] - start,
                               row_ids + taken, column_ids + taken);
            if (!common) break;
            start = places[i] + 1;
            taken++;
        }
        if (!start) break; /* one line fills the window, or it is another */
        from += start;
    }
    *at = from;
    return taken;
}

#else

int64_t kith_i_take_short_lines(const kith_i_short_lines *rule, const char **at, const char *end,
                                uint32_t *row_ids, uint32_t *column_ids)
{
    (void)rule, (void)at, (void)end, (void)row_ids, (void)column_ids;
    return 0;
}

#endif
