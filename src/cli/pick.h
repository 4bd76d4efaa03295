/* Which algorithm a command line means. */
#ifndef KITH_CLI_PICK_H
#define KITH_CLI_PICK_H

#include "cli.h"

/** The algorithm of that name; KITH_E_ARGUMENT, with the likely name where there is one. */
kith_status pick_algorithm(const char *name, const kith_algorithm **out, kith_error *err);

/** The algorithm that the verb argv[0] is, or that --algorithm names, or the preset; of that kind,
 *  or CLI_USAGE with the verb that takes it. */
kith_status pick_for_verb(char **argv, kith_kind kind, const char *preset,
                          const kith_algorithm **out, kith_error *err);

/** Help rows: the algorithms that are something. */
void pick_list(bool (*are)(const kith_algorithm *algorithm));
bool pick_partitions(const kith_algorithm *algorithm);
bool pick_locals(const kith_algorithm *algorithm);
bool pick_embeddings(const kith_algorithm *algorithm);

/** The verb that runs algorithms of a kind. */
const char *pick_verb(kith_kind kind);

#endif
