/* What every file of the command includes: the library, and statuses with one exit as the library
 * has them. The command sees the public headers only. */
#ifndef KITH_CLI_CLI_H
#define KITH_CLI_CLI_H

#include "kith/kith.h"

/* Beside the library's statuses, which are zero or negative. */
#define CLI_USAGE ((kith_status)1) /* the command line makes no sense; exit code 2 */
#define CLI_SHOWN ((kith_status)2) /* help was asked for and printed; exit code 0 */

/** Fills err and returns `status`. */
__attribute__((format(printf, 3, 4))) kith_status cli_fail(kith_error *err, kith_status status,
                                                           const char *format, ...);

/** Puts "text" before a message that is there; returns `status`. */
kith_status cli_prefix(kith_error *err, kith_status status, const char *text);

#define TRY(call)                                                                                  \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != KITH_OK) goto done;                                                          \
    } while (0)

#define CHECK(condition, code, ...)                                                                \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            status = cli_fail(err, (code), __VA_ARGS__);                                           \
            goto done;                                                                             \
        }                                                                                          \
    } while (0)

/** Zeroed memory; KITH_E_MEMORY. */
kith_status cli_zeroed(void *address, int64_t count, size_t size, kith_error *err);

/** The command's spelling of a name in the library: '-' for '_', '+' for "_plus". Returns `text`.
 */
enum { CLI_NAME = 64 };
const char *cli_dashed(const char *name, char text[CLI_NAME]);

/** The name that a mistyped one was probably meant to be: `best` becomes `candidate` when that is
 *  nearer by edit distance than all before and near at all. Start with distance INT_MAX. */
typedef struct cli_guess {
    const char *wrong;
    char        best[CLI_NAME];
    int         distance;
} cli_guess;
void cli_guess_try(cli_guess *guess, const char *candidate);

/* The verbs. argv[0] is the verb's name (for `cluster` also an algorithm's); argv ends with NULL.
 */
kith_status cli_cluster(char **argv, kith_error *err);
kith_status cli_local(char **argv, kith_error *err);
kith_status cli_embed(char **argv, kith_error *err);
kith_status cli_ncp(char **argv, kith_error *err);
kith_status cli_eval(char **argv, kith_error *err);
kith_status cli_info(char **argv, kith_error *err);
kith_status cli_convert(char **argv, kith_error *err);
kith_status cli_generate(char **argv, kith_error *err);
kith_status cli_algorithms(char **argv, kith_error *err);

#endif
