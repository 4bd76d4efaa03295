/* Numbers as text.
 *
 * A decimal number is digits times a power of ten, w 10^e. Where w has 64 bits and |e| <= 27, the
 * power 5^|e| has 63 bits, so that product or quotient in 128 bits, with what is left over noted in
 * the lowest bit, rounds to the nearest double at once; that covers nearly every number in a file.
 * The C library does the others. */
#include "io/text.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum {
    MAX_DIGITS = 19,  /* fit 64 bits */
    MAX_POWER = 27,   /* 5^27 < 2^63 */
    EXACT_POWER = 22, /* 10^22 is a double */
    MAX_EXPONENT = 100000
};

#define EXACT_INTEGER (UINT64_C(1) << 53)

kith_status kith_i_text_fail(const char *name, int64_t line, kith_error *err, const char *format,
                             ...)
{
    char    text[320];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return kith_i_fail(err, KITH_E_INPUT, "%s:%lld: %s", name, (long long)line, text);
}

kith_i_shown kith_i_show(const char *at, const char *end)
{
    kith_i_shown shown = { "" };
    size_t length = 0;

    for (; at < end && length < sizeof shown.text - 4; at++) {
        if (memchr(" \t\r\n", *at, 4) || (*at == ',' && length)) break;
        shown.text[length++] = (unsigned char)*at < ' ' || *at == 127 ? '?' : *at;
    }
    if (at < end && length == sizeof shown.text - 4) memcpy(shown.text + length, "...", 4);
    return shown;
}

/* ---- Reading ---- */

const char *kith_i_take_int(const char *at, int64_t *value)
{
    const bool  negative = *at == '-';
    const char *from = at + negative;
    uint64_t    digits;
    const char *end = kith_i_take_digits(from, &digits);

    if (end == from) return at;
    if (digits > INT64_MAX) digits = INT64_MAX;
    *value = negative ? -(int64_t)digits : (int64_t)digits;
    return end;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The parts of a decimal number. */
typedef struct {
    uint64_t digits;
    int64_t  exponent;
    bool     cut; /* there were more digits than fit */
} decimal;

/* Takes digits and a point; `at` when there are no digits. */
static const char *take_decimal(const char *at, decimal *number)
{
    const char *p = at;
    int  taken = 0;
    bool any = false, point = false;

    *number = (decimal){ 0 };
    for (;; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*p)) return any ? p : at;
        any = true;
        if (taken < MAX_DIGITS) {
            number->digits = number->digits * 10 + (uint64_t)(*p - '0');
            taken += number->digits != 0;
            number->exponent -= point;
        } else {
            number->cut |= *p != '0';
            number->exponent += !point;
        }
    }
}

/* Takes "e-5" and adds it to the exponent. */
static const char *take_exponent(const char *at, decimal *number)
{
    const char *p = at;
    bool negative;
    int  value = 0;

    if (*p != 'e' && *p != 'E') return at;
    p++;
    negative = *p == '-';
    if (*p == '-' || *p == '+') p++;
    if (!is_digit(*p)) return at;
    for (; is_digit(*p); p++)
        if (value < MAX_EXPONENT) value = value * 10 + (*p - '0');
    number->exponent += negative ? -value : value;
    return p;
}

static uint64_t power_of_five(int power)
{
    uint64_t value = 1;

    while (power-- > 0) value *= 5;
    return value;
}

static double exact_power_of_ten(int power)
{
    static const double powers[EXACT_POWER + 1] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    return powers[power];
}

/* digits 10^exponent, rounded once; digits > 0, |exponent| <= MAX_POWER. */
static double scale(uint64_t digits, int exponent)
{
    const int power = abs(exponent);

    if (digits <= EXACT_INTEGER && power <= EXACT_POWER) {
        const double ten = exact_power_of_ten(power);
        return exponent < 0 ? (double)digits / ten : (double)digits * ten;
    }
    if (exponent >= 0)
        return ldexp((double)((kith_i_wide)digits * power_of_five(power)), exponent);

    const int shift = 64 + __builtin_clzll(digits);
    const kith_i_wide dividend = (kith_i_wide)digits << shift, divisor = power_of_five(power);
    const kith_i_wide quotient = dividend / divisor; /* 65 bits or more: the lowest only rounds */
    return ldexp((double)(quotient | (quotient * divisor != dividend)), exponent - shift);
}

static const char *take_word(const char *at, double *value)
{
    if (!strncasecmp(at, "nan", 3)) {
        *value = NAN;
        return at + 3;
    }
    if (!strncasecmp(at, "inf", 3)) {
        *value = INFINITY;
        return at + (strncasecmp(at, "infinity", 8) ? 3 : 8);
    }
    return at;
}

/* In the locale "C", which the library keeps ready: this allocates nothing. */
static double read_by_library(const char *at)
{
    const locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const double value = strtod_l(at, NULL, locale);

    freelocale(locale);
    return value;
}

const char *kith_i_take_double(const char *at, double *value)
{
    const bool  negative = *at == '-';
    const char *from = at + (*at == '-' || *at == '+');
    decimal     number;
    const char *end = take_decimal(from, &number);

    if (end == from) {
        end = take_word(from, value);
        if (end == from) return at;
    } else {
        end = take_exponent(end, &number);
        if (!number.digits)
            *value = 0;
        else if (!number.cut && llabs(number.exponent) <= MAX_POWER)
            *value = scale(number.digits, (int)number.exponent);
        else
            *value = read_by_library(from);
    }
    if (negative) *value = -*value;
    return end;
}

/* ---- Printing ---- */

char *kith_i_put_int(char *at, int64_t value)
{
    char     digits[20];
    int      count = 0;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

    if (value < 0) *at++ = '-';
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    while (count) *at++ = digits[--count];
    return at;
}

/* The significant digits of a positive number, `precision` of them at most, and the power of ten of
 * the first. The C library rounds them; the point it puts in depends on the locale and is not used.
 */
static int significant_digits(double value, int precision, char *digits, int *power)
{
    char text[48];
    int  count = 0;

    snprintf(text, sizeof text, "%.*e", precision - 1, value);
    const char *exponent = strchr(text, 'e');
    for (const char *p = text; p < exponent; p++)
        if (is_digit(*p)) digits[count++] = *p;
    while (count > 1 && digits[count - 1] == '0') count--;
    *power = atoi(exponent + 1);
    return count;
}

/* The digits of a positive number that is a short decimal fraction, digits / 10^places, and the
 * power of ten of the first; 0 for others. Both operands are exact and the quotient is rounded
 * once, as it is in reading: what divides to the number reads back as it, and the fewest places
 * come first. */
static int fraction_digits(double value, char *digits, int *power)
{
    for (int places = 1; places <= EXACT_POWER; places++) {
        const double ten = exact_power_of_ten(places), integer = nearbyint(value * ten);

        if (integer >= (double)EXACT_INTEGER) break;
        if (integer / ten != value) continue;
        const int count = (int)(kith_i_put_int(digits, (int64_t)integer) - digits);
        *power = count - 1 - places;
        return count;
    }
    return 0;
}

/* "1234", "12.5", "0.0125" or "1.25e-9". */
static char *place_point(char *at, const char *digits, int count, int power)
{
    const bool scientific = power < -5 || power > 16;
    const int  point = scientific ? 1 : power + 1; /* digits before it */

    if (point <= 0) {
        *at++ = '0';
        *at++ = '.';
        for (int i = point; i < 0; i++) *at++ = '0';
    }
    for (int i = 0; i < count || i < point; i++) {
        if (i > 0 && i == point) *at++ = '.';
        *at++ = i < count ? digits[i] : '0';
    }
    if (!scientific) return at;
    *at++ = 'e';
    return kith_i_put_int(at, power);
}

char *kith_i_put_double(char *at, double value)
{
    char digits[20], check[KITH_I_NUMBER_TEXT + 8] = { 0 };
    int  count, power;

    if (fabs(value) < (double)EXACT_INTEGER && value == nearbyint(value) &&
        (value != 0 || !signbit(value)))
        return kith_i_put_int(at, (int64_t)value);
    if (signbit(value)) *at++ = '-';
    value = fabs(value);
    if (value == 0) {
        *at++ = '0';
        return at;
    }
    count = fraction_digits(value, digits, &power);
    if (count) return place_point(at, digits, count, power);
    for (int precision = value < DBL_MIN ? 1 : 15;; precision++) { /* seventeen always read back */
        double back;
        count = significant_digits(value, precision, digits, &power);
        *place_point(check, digits, count, power) = '\0';
        kith_i_take_double(check, &back);
        if (back == value || precision == 17) break;
    }
    return place_point(at, digits, count, power);
}
