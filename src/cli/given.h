/* What a verb that runs an algorithm is given to work on: a graph, several relations, or a
 * bipartite graph, with the options that say so. */
#ifndef KITH_CLI_GIVEN_H
#define KITH_CLI_GIVEN_H

#include "rows.h"

typedef struct given {
    /* set by the command line */
    const char   *path; /* GRAPH; NULL: relations only */
    argument_list relations;
    bool          bipartite;
    /* read */
    const kith_graph *graph;    /* that is clustered */
    const kith_graph *labelled; /* whose nodes features and truth are of: rows, when bipartite */
    kith_graph       *own_graph, *own_rows;
    kith_relations   *named;
    kith_bipartite   *sides;
} given;

extern const argument given_rows[];

/** Fails for what excludes one another, and without a graph. */
kith_status given_check(const given *in, const char *verb, kith_error *err);

/** Reads the graph. Algorithms that know relations or bipartite graphs are lent them; for others
 *  relations are added up, and rows are joined by the columns that they share. Then reads what the
 *  algorithm's options name. */
kith_status given_read(given *in, const load_options *load, const run_options *run,
                       own_options *own, kith_error *err);

/** "graph", and "relations" when there are any. */
void given_summary(const given *in, summary *out);

void given_clear(given *in);

#endif
