/* Many queries of one local algorithm: answers in their order, the same whatever the threads, and
 * batches that end early. */
#include "support/graphs.h"
#include "support/rows.h"

#include <stdlib.h>

enum { CLIQUES = 60, SIZE = 5, NODES = CLIQUES * SIZE, QUERIES = 3 * NODES };

/* Answers as they come. */
typedef struct {
    int64_t count, last; /* answers, and after how many to end */
    int64_t failed;
    kith_receiver receiver;
    kith_result results[QUERIES];
} basket;

/* -1 where there is none. */
static int64_t size_of(const kith_answer *answer)
{
    return answer->cluster ? kith_cluster_size(answer->cluster) : -1;
}

static void *prepare_size(const kith_answer *answer, void *payload)
{
    int64_t *size = malloc(sizeof *size);

    (void)payload;
    if (size) *size = size_of(answer);
    return size;
}

/* Out of memory at one of the queries. */
static void *prepare_some(const kith_answer *answer, void *payload)
{
    return answer->query == 100 ? NULL : prepare_size(answer, payload);
}

static int keep(kith_answer *answer, void *payload)
{
    basket *b = payload;

    assert_int_equal(answer->query, b->count);
    assert_true(answer->seconds >= 0);
    assert_true((answer->cluster == NULL) == (answer->error.status != KITH_OK));
    assert_true((answer->prepared == NULL) == (b->receiver.prepare == NULL));
    if (answer->prepared) assert_int_equal(*(int64_t *)answer->prepared, size_of(answer));
    free(answer->prepared);
    b->failed += !answer->cluster;
    b->results[b->count++] = (kith_result){ KITH_KIND_local, .local = answer->cluster };
    return b->count == b->last;
}

static basket *basket_new(int64_t last)
{
    basket *b = calloc(1, sizeof *b);

    b->last = last;
    b->receiver = (kith_receiver){ .take = keep, .payload = b };
    return b;
}

static void basket_free(basket *b)
{
    for (int64_t i = 0; i < b->count; i++) kith_result_free(&b->results[i]);
    free(b);
}

/* Query i begins at node i / 3; `bad` ones at a node that there is not. */
static kith_status ask(const kith_graph *graph, const kith_acl_options *options, int64_t bad,
                       basket *b, kith_error *err)
{
    static int64_t ids[QUERIES];
    kith_nodes seeds[QUERIES];

    for (int64_t i = 0; i < QUERIES; i++) {
        ids[i] = bad && i % bad == 0 ? NODES : i / 3;
        seeds[i] = (kith_nodes){ &ids[i], 1 };
    }
    return kith_queries_run(kith_algorithm_find("acl"), graph, options, QUERIES, seeds,
                            &b->receiver, err);
}

static void answers_are_those_of_single_queries_on_any_number_of_threads(void **state)
{
    kith_graph *graph = test_cliques(CLIQUES, SIZE, true);
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    kith_error err = { 0 };

    (void)state;
    test_now = (test_trial){ "acl", "a ring of cliques", "" };
    for (o.query.run.threads = 1; o.query.run.threads <= 8; o.query.run.threads *= 2) {
        basket *b = basket_new(-1);
        assert_kith(ask(graph, &o, 0, b, &err), err);
        assert_int_equal(b->count, QUERIES);
        for (int64_t i = 0; i < QUERIES; i++) {
            const int64_t seed = i / 3;
            kith_acl_options single = KITH_ACL_OPTIONS_INIT;
            kith_result alone = { .kind = KITH_KIND_local };
            single.query.seeds = (kith_nodes){ &seed, 1 };
            assert_kith(kith_acl(graph, &single, &alone.local, &err), err);
            test_expect_same(&b->results[i], &alone);
            kith_result_free(&alone);
        }
        basket_free(b);
    }
    kith_graph_free(graph);
}

static void a_query_that_fails_says_why_and_the_others_go_on(void **state)
{
    kith_graph *graph = test_cliques(CLIQUES, SIZE, true);
    kith_error err = { 0 };
    basket *b = basket_new(-1);

    (void)state;
    assert_kith(ask(graph, NULL, 10, b, &err), err);
    assert_int_equal(b->count, QUERIES);
    assert_int_equal(b->failed, QUERIES / 10);
    basket_free(b);
    kith_graph_free(graph);
}

static void what_is_prepared_on_any_thread_comes_with_its_answer(void **state)
{
    kith_graph *graph = test_cliques(CLIQUES, SIZE, true);
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    kith_error err = { 0 };

    (void)state;
    for (o.query.run.threads = 1; o.query.run.threads <= 8; o.query.run.threads *= 2) {
        basket *b = basket_new(-1);
        b->receiver.prepare = prepare_size;
        assert_kith(ask(graph, &o, 10, b, &err), err);
        assert_int_equal(b->count, QUERIES);
        assert_int_equal(b->failed, QUERIES / 10);
        basket_free(b);
    }
    kith_graph_free(graph);
}

static void an_answer_that_cannot_be_prepared_ends_the_batch(void **state)
{
    kith_graph *graph = test_cliques(CLIQUES, SIZE, true);
    kith_error err = { 0 };
    basket *b = basket_new(-1);

    (void)state;
    b->receiver.prepare = prepare_some;
    assert_kith_fails(ask(graph, NULL, 0, b, &err), KITH_E_MEMORY, "the answer to query 100", err);
    assert_int_equal(b->count, 100);
    basket_free(b);
    kith_graph_free(graph);
}

static void the_receiver_may_end_the_batch(void **state)
{
    kith_graph *graph = test_cliques(CLIQUES, SIZE, true);
    kith_error err = { 0 };

    (void)state;
    for (int64_t last = 1; last < QUERIES; last += 100) {
        basket *b = basket_new(last);
        if (last % 200 == 1) b->receiver.prepare = prepare_size;
        assert_kith_fails(ask(graph, NULL, 0, b, &err), KITH_E_CANCELLED, "receiver", err);
        assert_int_equal(b->count, last);
        basket_free(b);
    }
    kith_graph_free(graph);
}

static int cancel(const kith_progress *progress, void *payload)
{
    int64_t *patience = payload;

    assert_true(progress->fraction >= 0 && progress->fraction <= 1);
    return --*patience == 0;
}

static void progress_may_cancel_it_at_any_call(void **state)
{
    kith_graph *graph = test_cliques(CLIQUES, SIZE, true);
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    kith_error err = { 0 };

    (void)state;
    o.query.run.progress = cancel;
    for (int64_t last = 1; last < 200; last += 13) {
        int64_t patience = last;
        basket *b = basket_new(-1);
        o.query.run.payload = &patience;
        o.query.run.threads = 1 + last % 2;
        const kith_status status = ask(graph, &o, 0, b, &err);
        assert_int_equal(status, patience > 0 ? KITH_OK : KITH_E_CANCELLED);
        basket_free(b);
    }
    kith_graph_free(graph);
}

static void queries_that_the_time_limit_overtakes_fail(void **state)
{
    kith_graph *graph = test_cliques(CLIQUES, SIZE, true);
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    kith_error err = { 0 };
    basket *b = basket_new(-1);

    (void)state;
    o.query.run.time_limit = 1e-9;
    assert_kith(ask(graph, &o, 0, b, &err), err);
    assert_int_equal(b->count, QUERIES);
    assert_int_equal(b->failed, QUERIES);
    basket_free(b);
    kith_graph_free(graph);
}

static void refuses_what_is_no_batch(void **state)
{
    const kith_algorithm *acl = kith_algorithm_find("acl");
    kith_graph *graph = test_karate();
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    basket *b = basket_new(-1);
    kith_error err;

    (void)state;
    assert_kith_fails(
        kith_queries_run(kith_algorithm_find("leiden"), graph, NULL, 0, NULL, &b->receiver, &err),
        KITH_E_ARGUMENT, "not a local one", err);
    assert_kith_fails(kith_queries_run(acl, graph, NULL, 1, NULL, &b->receiver, &err),
                      KITH_E_ARGUMENT, "no seeds", err);
    assert_kith_fails(kith_queries_run(acl, graph, NULL, 0, NULL, &(kith_receiver){ 0 }, &err),
                      KITH_E_ARGUMENT, "must not be NULL", err);
    o.alpha = 2;
    assert_kith_fails(ask(graph, &o, 0, b, &err), KITH_E_ARGUMENT, "alpha is 2", err);
    assert_kith(kith_queries_run(acl, graph, NULL, 0, NULL, &b->receiver, &err), err);
    assert_int_equal(b->count, 0);
    basket_free(b);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_single_queries_on_any_number_of_threads),
        cmocka_unit_test(a_query_that_fails_says_why_and_the_others_go_on),
        cmocka_unit_test(what_is_prepared_on_any_thread_comes_with_its_answer),
        cmocka_unit_test(an_answer_that_cannot_be_prepared_ends_the_batch),
        cmocka_unit_test(the_receiver_may_end_the_batch),
        cmocka_unit_test(progress_may_cancel_it_at_any_call),
        cmocka_unit_test(queries_that_the_time_limit_overtakes_fail),
        cmocka_unit_test(refuses_what_is_no_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
