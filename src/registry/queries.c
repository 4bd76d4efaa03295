/* Many queries of a local algorithm, in parallel. */
#include "kith/registry.h"

#include "core/memory.h"
#include "core/option.h"
#include "core/parallel.h"
#include "core/poll.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Queries are answered a window at a time, and then handed over in their order. */
enum { WINDOW = 512 };

typedef struct {
    const kith_algorithm *algorithm;
    const kith_graph     *graph;
    const kith_query     *options; /* of the batch, whole */
    const kith_receiver  *receiver;
    double                limit;   /* seconds for all of it; 0: none */
    kith_i_poll           poll;    /* without it: a query ends with its best so far */
    int64_t               done, count; /* queries */
} batch;

static kith_status check_poll(batch *b, kith_error *err)
{
    const double fraction = (double)b->done / (double)b->count;

    return kith_i_poll_check(&b->poll, "answering queries", fraction, err);
}

/* A query polls as the batch does: the calling thread asks the caller, the others look whether the
 * batch was stopped. */
static int query_polls(const kith_progress *progress, void *payload)
{
    batch *b = payload;

    (void)progress;
    if (omp_get_thread_num() == 0) check_poll(b, NULL);
    return kith_i_poll_stopped(&b->poll);
}

/* Runs a query; its options are a copy of the batch's. */
static void ask(batch *b, const kith_nodes *seeds, void *options, kith_answer *out)
{
    const double begun = kith_i_now();
    kith_query *query = options;
    kith_result result = { 0 };

    memcpy(options, b->options, b->algorithm->code->options.size);
    query->seeds = *seeds;
    query->run.threads = 1;
    query->run.time_limit = b->limit;
    if (b->limit > 0) {
        query->run.time_limit -= begun - b->poll.started;
        if (query->run.time_limit <= 0) {
            kith_i_fail(&out->error, KITH_E_TIME, "the time limit passed");
            return;
        }
    }
    query->run.interval = 0;
    query->run.progress = query_polls;
    query->run.payload = b;
    b->algorithm->code->run(b->graph, options, &result, &out->error);
    out->cluster = result.local;
    out->seconds = kith_i_now() - begun;
}

static void answer(batch *b, const kith_nodes *seeds, void *options, kith_answer *out)
{
    ask(b, seeds, options, out);
    if (b->receiver->prepare) out->prepared = b->receiver->prepare(out, b->receiver->payload);
}

/* Answers queries first .. first + count - 1. */
static kith_status answer_window(batch *b, const kith_nodes *seeds, int64_t first, int64_t count,
                                 char *options, int threads, kith_answer *answers, kith_error *err)
{
    const size_t size = b->algorithm->code->options.size;

#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (int64_t i = 0; i < count; i++) {
        answers[i] = (kith_answer){ .query = first + i };
        if (!kith_i_poll_stopped(&b->poll))
            answer(b, &seeds[first + i], options + (size_t)omp_get_thread_num() * size,
                   &answers[i]);
    }
    b->done += count;
    return check_poll(b, err);
}

/* Answers that were given before the batch was stopped are dropped with it. */
static void drop(kith_answer *answers, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        kith_cluster_free(answers[i].cluster);
        free(answers[i].prepared);
    }
}

static kith_status hand_over(const kith_receiver *receiver, kith_answer *answers, int64_t count,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t taken = 0;

    while (taken < count) {
        kith_answer *a = &answers[taken];
        KITH_CHECK(!receiver->prepare || a->prepared, KITH_E_MEMORY,
                   "out of memory (for the answer to query %" PRId64 ")", a->query);
        taken++;
        KITH_CHECK(receiver->take(a, receiver->payload) == 0, KITH_E_CANCELLED,
                   "the receiver of the answers ended it");
    }

done:
    drop(answers + taken, count - taken);
    return status;
}

static kith_status run(batch *b, const kith_nodes *seeds, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t window = b->count < WINDOW ? b->count : WINDOW;
    const int all = kith_i_threads(&b->options->run);
    const int threads = all < window ? all : (int)window;
    kith_answer *answers = NULL;
    char *options = NULL;

    KITH_TRY(kith_i_alloc(&answers, window, sizeof *answers, err));
    KITH_TRY(kith_i_alloc(&options, threads, b->algorithm->code->options.size, err));
    for (int64_t first = 0; first < b->count; first += window) {
        const int64_t count = b->count - first < window ? b->count - first : window;
        status = answer_window(b, seeds, first, count, options, threads, answers, err);
        if (status != KITH_OK) drop(answers, count);
        KITH_TRY(status);
        KITH_TRY(hand_over(b->receiver, answers, count, err));
    }

done:
    kith_i_free(answers);
    kith_i_free(options);
    return status;
}

kith_status kith_queries_run(const kith_algorithm *algorithm, const kith_graph *graph,
                             const void *options, int64_t count, const kith_nodes *seeds,
                             const kith_receiver *receiver, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_query *o = NULL;
    void *held = NULL;

    KITH_CHECK(algorithm && algorithm->kind == KITH_KIND_local, KITH_E_ARGUMENT,
               "the algorithm is not a local one (expected one that takes seeds)");
    KITH_CHECK(graph && receiver && receiver->take, KITH_E_ARGUMENT,
               "graph, receiver and its take must not be NULL");
    KITH_CHECK(count >= 0 && (count == 0 || seeds), KITH_E_ARGUMENT,
               "there are no seeds (expected some for each query)");
    KITH_TRY(kith_i_alloc(&o, 1, (int64_t)algorithm->code->options.size, err));
    KITH_TRY(kith_i_options_read(&algorithm->code->options, o, options, err));
    const double begun = kith_i_now();
    if (count && algorithm->code->share) KITH_TRY(algorithm->code->share(graph, o, &held, err));
    batch b = { .algorithm = algorithm,
                .graph = graph,
                .options = o,
                .receiver = receiver,
                .count = count,
                .limit = o->run.time_limit };
    o->run.time_limit = 0;
    kith_i_poll_start(&b.poll, &o->run);
    b.poll.started = begun;
    if (count) KITH_TRY(run(&b, seeds, err));

done:
    if (held) algorithm->code->release(held);
    kith_i_free(o);
    return status;
}
