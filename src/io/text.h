/* Numbers as text: reading and printing them. Nothing here depends on the locale.
 *
 * What reads a number may look at KITH_I_PADDING bytes behind it: see io/input.h. */
#ifndef KITH_IO_TEXT_H
#define KITH_IO_TEXT_H

#include "core/base.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first digit is in the lowest byte");

/** Fails with KITH_E_INPUT, "NAME:LINE: ...". */
__attribute__((format(printf, 4, 5), cold)) kith_status
kith_i_text_fail(const char *name, int64_t line, kith_error *err, const char *format, ...);

/** A piece of a file as a message can show it: up to a blank, a comma or the end of the line, cut
 *  to a length that fits, what cannot be printed as '?'. "" is the end of the line. */
typedef struct kith_i_shown {
    char text[48];
} kith_i_shown;

kith_i_shown kith_i_show(const char *at, const char *end);

/** The number that eight digits make, of which the highest may be zero bytes. */
static inline uint64_t kith_i_eight_digits(uint64_t digits)
{
    digits = (digits * 10 + (digits >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * 100 + (digits >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (digits * 10000 + (digits >> 32)) & UINT64_C(0xffffffff);
}

/** Takes the digits at `at`; returns the place behind them (`at` when there are none). Numbers
 *  beyond 2^63 - 1 become UINT64_MAX. */
static inline const char *kith_i_take_digits(const char *at, uint64_t *value)
{
    uint64_t word, other;

    memcpy(&word, at, sizeof word);
    word ^= UINT64_C(0x3030303030303030);
    other = ((word + UINT64_C(0x7676767676767676)) | word) & UINT64_C(0x8080808080808080);
    if (__builtin_expect(other != 0, 1)) {
        const int bits = __builtin_ctzll(other) & ~7; /* of the digits before any other byte */

        *value = bits ? kith_i_eight_digits(word << (64 - bits)) : 0;
        return at + bits / 8;
    }
    *value = kith_i_eight_digits(word);
    for (at += 8; *at >= '0' && *at <= '9'; at++)
        *value = *value > (INT64_MAX - 9) / 10 ? UINT64_MAX : *value * 10 + (uint64_t)(*at - '0');
    return at;
}

/** Takes a signed integer; `at` when there is none. Beyond 64 bits it becomes the nearest of them.
 */
const char *kith_i_take_int(const char *at, int64_t *value);

/** Takes a decimal number, rounded to the nearest double, or "inf" or "nan" (in any case, signed);
 *  `at` when there is none. */
const char *kith_i_take_double(const char *at, double *value);

/** Room that a printed number takes at most. */
enum { KITH_I_NUMBER_TEXT = 32 };

/** Prints a number and returns the place behind it; no final zero. A double gets the fewest digits
 *  that read back the same. */
char *kith_i_put_int(char *at, int64_t value);
char *kith_i_put_double(char *at, double value);

#endif
