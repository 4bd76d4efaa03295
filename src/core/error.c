/* Status texts and error messages. */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 8192, TAIL = 300 };

/* What does not fit is left out in the middle: a long path comes first, what is wrong last. */
static void shorten(char *message, size_t size, const char *text)
{
    const size_t length = strlen(text), head = size - TAIL - sizeof "...";

    if (length < size) snprintf(message, size, "%s", text);
    else snprintf(message, size, "%.*s...%s", (int)head, text, text + length - TAIL);
}

kith_status kith_i_fail(kith_error *err, kith_status code, const char *format, ...)
{
    if (err) {
        char text[LONGEST];
        va_list arguments;

        err->status = code;
        va_start(arguments, format);
        vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        shorten(err->message, sizeof err->message, text);
    }
    return code;
}

const char *kith_status_text(kith_status status)
{
    switch (status) {
    case KITH_OK: return "success";
    case KITH_E_ARGUMENT: return "argument out of range";
    case KITH_E_INPUT: return "bad input";
    case KITH_E_IO: return "input or output failed";
    case KITH_E_MEMORY: return "out of memory";
    case KITH_E_CANCELLED: return "cancelled";
    case KITH_E_TIME: return "time limit reached";
    case KITH_E_UNSUPPORTED: return "not supported";
    case KITH_E_INTERNAL: return "internal error";
    }
    return "unknown status";
}

const char *kith_version(void)
{
    return KITH_VERSION;
}
