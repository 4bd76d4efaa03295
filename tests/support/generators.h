/* What every generator has to do, checked by name. `options` is the generator's own struct. */
#ifndef KITH_TESTS_SUPPORT_GENERATORS_H
#define KITH_TESTS_SUPPORT_GENERATORS_H

#include "support/test.h"

/** The graph, and its truth unless NULL; they are the caller's. */
kith_graph *test_generate(const char *name, const void *options, kith_partition **truth);

/** An undirected unweighted graph without loops or repeats, whose rows are sorted and symmetric. */
void test_assert_simple(const kith_graph *graph);

bool test_same_graph(const kith_graph *a, const kith_graph *b);

int64_t test_degree(const kith_graph *graph, int64_t node);

/** Edges whose ends have the same label. */
int64_t test_inner_edges(const kith_graph *graph, const kith_partition *truth);

/** The same graph and truth on 1, 2, 4 and 8 threads and the second time; a random generator gives
 *  another graph for another seed. */
void test_assert_reproducible(const char *name, const void *options, bool random);

/** Cancelled at any of its polls it leaves nothing behind; a time limit that is over ends it. */
void test_assert_cancellable(const char *name, const void *options);

/** Each of these values is refused, and the message holds the text. */
typedef struct test_refusal {
    const char *option;
    double      value;
    const char *text;
} test_refusal;

void test_assert_refusals(const char *name, const test_refusal *refusals, size_t count);

/** The call with these options is refused as an argument, and the message holds the text. */
void test_assert_refused(const char *name, const void *options, const char *text);

#endif
