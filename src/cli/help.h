/* How help pages print options. */
#ifndef KITH_CLI_HELP_H
#define KITH_CLI_HELP_H

#include "cli.h"

/** One row on standard output: "  -k, --name VALUE    text", the text broken into lines. letter
 *  '\0' or value NULL: none. */
void help_row(char letter, const char *name, const char *value, const char *text);

/** A row without dashes: a verb, an algorithm. */
void help_entry(const char *name, const char *text);

#endif
