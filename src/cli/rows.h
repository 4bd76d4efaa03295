/* Option rows that several verbs share. */
#ifndef KITH_CLI_ROWS_H
#define KITH_CLI_ROWS_H

#include "arguments.h"

extern const argument rows_load[];    /* of a load_options: direction, weights, loops, ids */
extern const argument rows_run[];     /* of a run_options: threads, time limit, JSON, progress */
extern const argument rows_seed[];    /* of a run_options: the seed */

#endif
