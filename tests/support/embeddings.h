/* What tests of embeddings share. */
#ifndef KITH_TESTS_SUPPORT_EMBEDDINGS_H
#define KITH_TESTS_SUPPORT_EMBEDDINGS_H

#include "support/graphs.h"

#include <stdlib.h>

/** A figure of a partition; the test fails when there is none of that name. */
static inline double test_partition_figure(const kith_partition *p, const char *name)
{
    const char *found;
    double value;

    for (int64_t i = 0; (found = kith_partition_figure(p, i, &value)); i++)
        if (!strcmp(found, name)) return value;
    fail_msg("there is no figure %s", name);
    return NAN;
}

/** How far a partition agrees with the truth, nodes that it leaves out aside. */
static inline kith_comparison test_agreement(const kith_partition *p, const int64_t *truth)
{
    const int64_t n = kith_partition_nodes(p), *labels = kith_partition_labels(p);
    int64_t *known = malloc((size_t)(n + 1) * sizeof *known);
    kith_comparison c;
    kith_error err = { 0 };

    for (int64_t v = 0; v < n; v++) known[v] = labels[v] < 0 ? -1 : truth[v];
    assert_kith(kith_compare(n, labels, known, NULL, &c, &err), err);
    free(known);
    return c;
}

/** A planted partition: `blocks` of equal size, mean degree, share of edges between blocks. */
static inline kith_graph *test_planted(int64_t nodes, int64_t blocks, double degree, double mixing,
                                       kith_partition **truth)
{
    kith_sbm_options o = KITH_SBM_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    o.nodes = nodes;
    o.blocks = blocks;
    o.degree = degree;
    o.mixing = mixing;
    assert_kith(kith_generate_sbm(&o, &graph, truth, &err), err);
    return graph;
}

#endif
