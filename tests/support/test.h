/* What every test includes: cmocka, and assertions that print Kith's error text. */
#ifndef KITH_TESTS_SUPPORT_TEST_H
#define KITH_TESTS_SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kith/kith.h"

/** The call succeeded. */
#define assert_kith(call, err)                                                                     \
    do {                                                                                           \
        const kith_status status_ = (call);                                                        \
        if (status_ != KITH_OK)                                                                    \
            fail_msg("%s: %s (%s)", #call, kith_status_text(status_), (err).message);              \
    } while (0)

/** The call failed with this status, and its message contains this text. */
#define assert_kith_fails(call, status, text, err)                                                 \
    do {                                                                                           \
        (err).message[0] = '\0';                                                                   \
        assert_int_equal((call), (status));                                                        \
        if (!strstr((err).message, (text)))                                                        \
            fail_msg("the message is '%s', not '...%s...'", (err).message, (text));                \
    } while (0)

#define assert_near(a, b, tolerance)                                                               \
    do {                                                                                           \
        const double a_ = (a), b_ = (b);                                                           \
        if (!(fabs(a_ - b_) <= (tolerance)))                                                       \
            fail_msg("%s is %.17g, %s is %.17g", #a, a_, #b, b_);                                  \
    } while (0)

#include <math.h>
#include <string.h>

#endif
