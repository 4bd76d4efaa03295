/* Status texts and error messages. */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>

kith_status kith_i_fail(kith_error *err, kith_status code, const char *format, ...)
{
    if (err) {
        va_list arguments;

        err->status = code;
        va_start(arguments, format);
        vsnprintf(err->message, sizeof err->message, format, arguments);
        va_end(arguments);
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
