/* Numbers as text: against the C library, and there and back. */
#include "support/test.h"

#include "core/random.h"
#include "io/text.h"

#include <stdio.h>
#include <stdlib.h>

/* Text with the padding that readers may look at. */
static const char *padded(const char *text)
{
    static char room[256];

    memset(room, 0, sizeof room);
    snprintf(room, 128, "%s", text);
    return room;
}

static double read_double(const char *text)
{
    const char *at = padded(text);
    double value = -12345;

    assert_ptr_equal(kith_i_take_double(at, &value), at + strlen(text));
    return value;
}

static void digits_are_read_up_to_their_end(void **state)
{
    (void)state;
    for (uint64_t n = 0, value; n < 20; n++) {
        char text[64] = "";
        for (uint64_t i = 0; i < n; i++) text[i] = (char)('1' + i % 9);
        strcat(text, ",7");
        const char *at = padded(text);
        assert_ptr_equal(kith_i_take_digits(at, &value), at + n);
        if (n && n < 19) assert_true(value == strtoull(text, NULL, 10));
    }
}

static void numbers_beyond_64_bits_are_the_largest(void **state)
{
    uint64_t digits;
    int64_t value;

    (void)state;
    kith_i_take_digits(padded("9223372036854775807"), &digits);
    assert_true(digits >= INT64_MAX);
    kith_i_take_digits(padded("99999999999999999999999999"), &digits);
    assert_true(digits == UINT64_MAX);
    kith_i_take_int(padded("-99999999999999999999"), &value);
    assert_true(value <= -INT64_MAX);
}

static void doubles_are_read_as_the_c_library_reads_them(void **state)
{
    static const char *const texts[] = {
        "0", "-0", "1", "+1.5", ".5", "5.", "1e10", "1E-10", "0.1",
        "123456789012345678901234567890", "1.7976931348623157e308", "4.9e-324",
        "2.2250738585072011e-308", "9007199254740993", "0.000000000000000000000000000001", "1e400",
        "1e-400", "3.14159265358979323846264338327950288", "8.98846567431158e307",
        "100000000000000000000000", "1.0000000000000002220446049250313",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const double mine = read_double(texts[i]), theirs = strtod(texts[i], NULL);
        assert_memory_equal(&mine, &theirs, sizeof mine);
    }
    assert_true(isnan(read_double("nan")) && isinf(read_double("-Infinity")));
}

static void random_doubles_survive_being_printed(void **state)
{
    kith_i_random r = kith_i_random_at(1, 2, 3);

    (void)state;
    for (int i = 0; i < 200000; i++) {
        const uint64_t bits = kith_i_random_next(&r);
        double value, shown;
        char text[KITH_I_NUMBER_TEXT + 1] = "";
        memcpy(&value, &bits, sizeof value);
        if (i & 1) value = (double)(int64_t)(bits >> 40) / (double)(1 + (bits & 1023));
        if (!isfinite(value)) continue;
        *kith_i_put_double(text, value) = '\0';
        shown = strtod(text, NULL);
        assert_memory_equal(&shown, &value, sizeof value);
        assert_true(read_double(text) == value);
    }
}

static void short_numbers_are_printed_short(void **state)
{
    static const struct {
        double      value;
        const char *text;
    } cases[] = { { 0, "0" },         { 1, "1" },       { -2.5, "-2.5" },    { 0.1, "0.1" },
                  { 1e-5, "0.00001" }, { 1e22, "1e22" }, { 1.25e-9, "1.25e-9" }, { -0.0, "-0" } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[KITH_I_NUMBER_TEXT + 1] = "";
        *kith_i_put_double(text, cases[i].value) = '\0';
        assert_string_equal(text, cases[i].text);
    }
}

static void integers_survive_being_printed(void **state)
{
    static const int64_t values[] = { 0, 7, -7, INT64_MAX, INT64_MIN, 1000000 };

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char text[KITH_I_NUMBER_TEXT + 1] = "";
        *kith_i_put_int(text, values[i]) = '\0';
        assert_true(strtoll(text, NULL, 10) == values[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_read_up_to_their_end),
        cmocka_unit_test(numbers_beyond_64_bits_are_the_largest),
        cmocka_unit_test(doubles_are_read_as_the_c_library_reads_them),
        cmocka_unit_test(random_doubles_survive_being_printed),
        cmocka_unit_test(short_numbers_are_printed_short),
        cmocka_unit_test(integers_survive_being_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
