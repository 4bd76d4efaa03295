/* kith local, and kith NAME for every local algorithm: the community around seed nodes. */
#include "help.h"
#include "rows.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char  *algorithm, *seed_node, *seeds, *set, *truth, *truth_nodes, *output;
    load_options load;
    run_options  run;
} settings;

#define FIELD(field) offsetof(settings, field)

static const argument rows[] = {
    { "algorithm", 'a', ARGUMENT_TEXT, FIELD(algorithm), "NAME", NULL,
      "acl when not given; see below" },
    { "seed-node", '\0', ARGUMENT_TEXT, FIELD(seed_node), "ID[,ID]", NULL,
      "where the community is to be found: nodes by number, or by name where they have names" },
    { "seeds", '\0', ARGUMENT_TEXT, FIELD(seeds), "FILE", NULL,
      "a query for each line of it, which holds the seeds; one JSON object per line is printed" },
    { "set", '\0', ARGUMENT_TEXT, FIELD(set), "FILE", NULL,
      "all nodes of a file are the seeds, or the set that is to be improved" },
    { "output", 'o', ARGUMENT_TEXT, FIELD(output), "FILE", NULL,
      "write the nodes found by decreasing score, a line each: NODE<TAB>SCORE" },
    { "truth", '\0', ARGUMENT_TEXT, FIELD(truth), "LABELS", NULL,
      "compare with the nodes that are labelled as the first seed is" },
    { "truth-nodes", '\0', ARGUMENT_TEXT, FIELD(truth_nodes), "FILE", NULL,
      "compare with the nodes of that file" },
    { 0 }
};
