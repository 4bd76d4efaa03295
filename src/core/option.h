/* Option rows, and the reading of a caller's options struct. */
#ifndef KITH_CORE_OPTION_H
#define KITH_CORE_OPTION_H

#include "kith/options.h"

#include "core/error.h"
#include "core/poll.h"

/** One row: struct, field, type (F64, I64, BOOL, PARTITION ...), bounds, help. */
#define KITH_OPTION(struct_, field, type_, lower_, upper_, help_)                                  \
    { .name = #field, .type = KITH_OPTION_##type_, .offset = offsetof(struct_, field),             \
      .lower = (double)(lower_), .upper = (double)(upper_), .help = help_ }

/** A row whose value is one of a NULL-terminated list of names. */
#define KITH_OPTION_CHOICE(struct_, field, choices_, help_)                                        \
    { .name = #field, .type = KITH_OPTION_ENUM, .offset = offsetof(struct_, field),                \
      .choices = choices_, .help = help_ }

/** Whether two names are the same but for '-' and '_', and for "+" and "_plus" at their end. */
bool kith_i_same_name(const char *a, const char *b);

/** The caller's options over the defaults, every bound checked. `options` may be NULL, or an older
 *  struct, shorter than today's: it begins with a kith_run that knows its size. `out` has
 *  spec->size bytes. */
kith_status kith_i_options_read(const kith_options_spec *spec, void *out, const void *options,
                                kith_error *err);

/** Checks what every call is given: threads, time limit, interval. */
kith_status kith_i_run_check(const kith_run *run, kith_error *err);

/** How a call begins that takes a run alone: `out` becomes the caller's, checked, or the defaults
 *  (NULL), and `poll` begins on it. */
kith_status kith_i_run_start(const kith_run *run, kith_run *out, kith_i_poll *poll,
                             kith_error *err);

#endif
