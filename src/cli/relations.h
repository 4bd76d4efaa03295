/* Several relations over one node set, as one graph. */
#ifndef KITH_CLI_RELATIONS_H
#define KITH_CLI_RELATIONS_H

#include "rows.h"

/** Reads the graph of `path` (NULL: none) and those of all items, "NAME=FILE", and adds them up.
 *  The nodes must be the same; where they have names, their order need not be. */
kith_status relations_sum(const char *path, const argument_list *items, const load_options *load,
                          const run_options *run, kith_graph **out, kith_error *err);

#endif
