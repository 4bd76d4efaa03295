/* Command lines: a verb describes its options in tables of rows, from which they are parsed,
 * checked and printed in the help. The options of an algorithm or a generator join them
 * (own_options.h). */
#ifndef KITH_CLI_ARGUMENTS_H
#define KITH_CLI_ARGUMENTS_H

#include "own_options.h"

typedef enum argument_kind {
    ARGUMENT_FLAG,    /* bool; takes no value */
    ARGUMENT_TEXT,    /* const char *, borrowed from argv */
    ARGUMENT_INTEGER, /* int64_t, at least 0 */
    ARGUMENT_SEED,    /* uint64_t */
    ARGUMENT_REAL,    /* double, at least 0 */
    ARGUMENT_CHOICE,  /* int, an index into choices */
    ARGUMENT_LIST     /* argument_list; may be given several times */
} argument_kind;

enum { ARGUMENT_LIST_ROOM = 64, ARGUMENT_OPERANDS = 2, ARGUMENT_GROUPS = 7 };

typedef struct argument_list {
    int         count;
    const char *items[ARGUMENT_LIST_ROOM];
} argument_list;

/** One option. Tables of rows end with a row whose name is NULL. */
typedef struct argument {
    const char        *name;   /* without the dashes in front */
    char               letter; /* '\0': none */
    argument_kind      kind;
    size_t             offset;  /* of the field in the struct that the group's base points to */
    const char        *value;   /* what the help calls its value */
    const char *const *choices; /* for ARGUMENT_CHOICE: names, NULL-terminated */
    const char        *help;
} argument;

/** A table and the struct that it fills; or the options of an algorithm or generator. */
typedef struct argument_group {
    const char     *title; /* of the group in the help; NULL: it follows on the group before */
    const argument *rows;
    void           *base;
    own_options    *own; /* instead of rows and base */
} argument_group;

/** What a verb's command line may be. */
typedef struct arguments {
    const char    *verb;                        /* "cluster" */
    const char    *operands[ARGUMENT_OPERANDS]; /* their names, NULL past the last one */
    int            required;                    /* how many of them must be there */
    const char    *purpose;                     /* a paragraph */
    const char    *examples;                    /* lines, each with its newline */
    void (*more)(void); /* prints what the help says in between; NULL: nothing */
    argument_group groups[ARGUMENT_GROUPS];     /* the last one is empty */
} arguments;

/** Fills what the groups point to, and `operands` (ARGUMENT_OPERANDS of them, NULL where not
 *  given).
 *
 *  returns KITH_OK; CLI_SHOWN when --help was there and has been printed; CLI_USAGE;
 *  KITH_E_ARGUMENT for a value out of range
 */
kith_status arguments_parse(const arguments *arguments, char **argv, const char **operands,
                            kith_error *err);

/** The value of an option that has to be known before the rest can be parsed, or NULL. The last one
 *  given counts. */
const char *arguments_peek(char **argv, const char *name, char letter);

#endif
