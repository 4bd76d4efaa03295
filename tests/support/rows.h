/* The rows of the table of algorithms, for the suites that run them all. */
#ifndef KITH_TESTS_SUPPORT_ROWS_H
#define KITH_TESTS_SUPPORT_ROWS_H

#include "support/test.h"

/** What is being tried; a failed expectation prints it. */
typedef struct test_trial {
    const char *row, *graph;
    char        option[96];
} test_trial;

extern test_trial test_now;

/** assert_true() that says which row, graph and option it is about. */
#define expect(condition)                                                                          \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("%s on %s%s: %s", test_now.row, test_now.graph, test_now.option, #condition); \
    } while (0)

/** The row's defaults in a struct of its size, which begins with a kith_run; free() it. */
void *test_options(const kith_algorithm *row);

/** Gives a row that can be trained what it refuses to do without: labels of nodes, of which every
 *  third looks like the target, unless the options hold something that serves. The labels, to be
 *  freed after the call; NULL when none were needed. */
kith_partition *test_give_labels(const kith_algorithm *row, void *options, int64_t nodes);

/** Whether a row is asked for the community around seeds: its options begin with a kith_query. */
bool test_is_local(const kith_algorithm *row);

/** Features of three columns for each node, in few clouds. */
kith_features *test_features(int64_t nodes, bool sparse);

/** Sets the features that a row cannot do without, where its options have none. */
void test_set_features(const kith_algorithm *row, void *options, const kith_features *features);

/** Calls a row; where it wants seeds and is given none, it gets the node with the most entries, and
 *  where it wants features and is given none, test_features(). */
kith_status test_call(const kith_algorithm *row, const kith_graph *graph, const void *options,
                      kith_result *out, kith_error *err);

/** Calls a row. `out` is nothing but what the row makes of it, also when it fails. */
kith_status test_run(const kith_algorithm *row, const kith_graph *graph, const void *options,
                     kith_result *out, kith_error *err);

/** Fails unless the result is what every result of its kind must be. */
void test_expect_whole(const kith_graph *graph, const kith_result *result);

/** Fails unless there is no result. */
void test_expect_nothing(const kith_result *result);

/** Fails unless two results are the same to the last bit, their times aside. */
void test_expect_same(const kith_result *a, const kith_result *b);

#endif
