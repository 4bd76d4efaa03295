/* Option rows that several verbs share. */
#include "rows.h"

#define LOAD(field) offsetof(load_options, field)
#define RUN(field) offsetof(run_options, field)

static const char *const loops[] = { "keep", "drop", "add", NULL };
static const char *const ids[] = { "auto", "int", "string", NULL };

const argument rows_load[] = {
    { "directed", '\0', ARGUMENT_FLAG, LOAD(directed), NULL, NULL,
      "each line or entry is an arc from its first node to its second" },
    { "undirected", '\0', ARGUMENT_FLAG, LOAD(undirected), NULL, NULL,
      "take the arcs of a directed graph both ways" },
    { "no-weights", '\0', ARGUMENT_FLAG, LOAD(no_weights), NULL, NULL, "every edge counts 1" },
    { "self-loops", '\0', ARGUMENT_CHOICE, LOAD(self_loops), "keep|drop|add", loops,
      "edges from a node to itself; add gives one to every node that has none (default keep)" },
    { "ids", '\0', ARGUMENT_CHOICE, LOAD(ids), "auto|int|string", ids,
      "nodes in edge lists: numbers from 0 on, or names (default auto)" },
    { "format", '\0', ARGUMENT_CHOICE, LOAD(format), "mtx|edges|npz", load_formats,
      "of the graph read (default: by its ending and first bytes)" },
    { "times", '\0', ARGUMENT_FLAG, LOAD(times), NULL, NULL,
      "the third column of an edge list is when, not how strong; repeated edges add up" },
    { "since", '\0', ARGUMENT_TEXT, LOAD(since), "T", NULL, "leave out what was before" },
    { "until", '\0', ARGUMENT_TEXT, LOAD(until), "T", NULL, "leave out what was then or later" },
    { "half-life", '\0', ARGUMENT_TEXT, LOAD(half_life), "T", NULL,
      "so long before the end an edge weighs 1/2, and so on (default: always 1)" },
    { 0 }
};

const argument rows_run[] = {
    { "threads", 't', ARGUMENT_INTEGER, RUN(threads), "N", NULL,
      "how many; never changes a result (default: all)" },
    { "time-limit", '\0', ARGUMENT_REAL, RUN(time_limit), "S", NULL,
      "seconds from the start on; then the best result so far is given" },
    { "json", '\0', ARGUMENT_FLAG, RUN(json), NULL, NULL, "print one JSON object" },
    { "progress", '\0', ARGUMENT_FLAG, RUN(progress), NULL, NULL,
      "show progress though standard error is not a terminal" },
    { "quiet", 'q', ARGUMENT_FLAG, RUN(quiet), NULL, NULL,
      "nothing but errors on standard error" },
    { 0 }
};

const argument rows_seed[] = {
    { "seed", '\0', ARGUMENT_SEED, RUN(seed), "N", NULL,
      "of all random choices; the same seed gives the same result (default 0)" },
    { 0 }
};
