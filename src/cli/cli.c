/* Errors, memory and names for the command. */
#include "cli.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

kith_status cli_fail(kith_error *err, kith_status status, const char *format, ...)
{
    va_list arguments;

    err->status = status;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    return status;
}

kith_status cli_prefix(kith_error *err, kith_status status, const char *text)
{
    const kith_error inner = *err;

    return cli_fail(err, status, "%s%s", text, inner.message);
}

kith_status cli_zeroed(void *address, int64_t count, size_t size, kith_error *err)
{
    void *memory = calloc(count > 0 ? (size_t)count : 1, size);

    memcpy(address, &memory, sizeof memory);
    if (memory) return KITH_OK;
    return cli_fail(err, KITH_E_MEMORY, "out of memory: %lld items of %zu bytes",
                    (long long)count, size);
}

const char *cli_dashed(const char *name, char text[CLI_NAME])
{
    static const char plus[] = "_plus";
    const size_t length = strlen(name), end = sizeof plus - 1;

    snprintf(text, CLI_NAME, "%s", name);
    if (length > end && length < CLI_NAME && !strcmp(name + length - end, plus))
        strcpy(text + length - end, "+");
    for (char *c = text; *c; c++)
        if (*c == '_') *c = '-';
    return text;
}

/* Insertions, deletions and substitutions between two names, row by row [Levenshtein1966]. */
static int distance(const char *a, const char *b)
{
    int row[CLI_NAME];
    const int length = (int)strlen(b);

    if (length >= CLI_NAME) return INT_MAX;
    for (int j = 0; j <= length; j++) row[j] = j;
    for (int i = 0; a[i]; i++) {
        int diagonal = row[0]++;
        for (int j = 0; j < length; j++) {
            int best = diagonal + (a[i] != b[j]);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j + 1] + 1 < best) best = row[j + 1] + 1;
            diagonal = row[j + 1];
            row[j + 1] = best;
        }
    }
    return row[length];
}

void cli_guess_try(cli_guess *guess, const char *candidate)
{
    char name[CLI_NAME];
    const int d = distance(guess->wrong, cli_dashed(candidate, name));

    if (d < guess->distance && d <= 1 + (int)strlen(name) / 4) {
        guess->distance = d;
        memcpy(guess->best, name, sizeof name);
    }
}
