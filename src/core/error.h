/* Errors: a status, a message, one exit.
 *
 * A function that can fail declares `kith_status status = KITH_OK;`, takes `kith_error *err`, and
 * ends with a label `done:` that frees what it still holds and returns status. */
#ifndef KITH_CORE_ERROR_H
#define KITH_CORE_ERROR_H

#include "kith/core.h"

/** Fills err (when it is given) and returns `code`. */
__attribute__((format(printf, 3, 4), cold)) kith_status
kith_i_fail(kith_error *err, kith_status code, const char *format, ...);

/** Goes to done when the call failed. */
#define KITH_TRY(call)                                                                             \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != KITH_OK) goto done;                                                          \
    } while (0)

/** Fails with `code` and a message unless the condition holds. */
#define KITH_CHECK(condition, code, ...)                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            status = kith_i_fail(err, (code), __VA_ARGS__);                                        \
            goto done;                                                                             \
        }                                                                                          \
    } while (0)

/** A GraphBLAS call; needs "core/grb.h". */
#define KITH_GRB(call)                                                                             \
    do {                                                                                           \
        const int kith_grb_info = (int)(call);                                                     \
        if (kith_grb_info < 0) {                                                                   \
            status = kith_i_grb_fail(err, kith_grb_info, #call);                                   \
            goto done;                                                                             \
        }                                                                                          \
    } while (0)

#endif
