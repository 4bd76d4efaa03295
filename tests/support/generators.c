/* What every generator has to do, checked by name. */
#include "support/generators.h"

#include "support/graphs.h"

#include <stdlib.h>

static const kith_generator_code *code_of(const char *name)
{
    const kith_generator *generator = kith_generator_find(name);

    assert_non_null(generator);
    return generator->code;
}

/* A copy of the options, to be changed and freed. */
static void *copy(const kith_generator_code *code, const void *options)
{
    void *mine = malloc(code->options.size);

    assert_non_null(mine);
    memcpy(mine, options, code->options.size);
    return mine;
}

kith_graph *test_generate(const char *name, const void *options, kith_partition **truth)
{
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    assert_kith(code_of(name)->run(options, &graph, truth, &err), err);
    assert_non_null(graph);
    return graph;
}

static bool has_edge(const kith_graph *graph, int64_t u, int64_t v)
{
    int64_t low = kith_graph_offsets(graph)[u], high = kith_graph_offsets(graph)[u + 1];

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (kith_graph_targets(graph)[middle] < v) low = middle + 1;
        else high = middle;
    }
    return low < kith_graph_offsets(graph)[u + 1] && kith_graph_targets(graph)[low] == v;
}

void test_assert_simple(const kith_graph *graph)
{
    const int64_t *offsets = kith_graph_offsets(graph);
    const uint32_t *targets = kith_graph_targets(graph);

    assert_false(kith_graph_directed(graph));
    assert_false(kith_graph_weighted(graph));
    for (int64_t u = 0; u < kith_graph_nodes(graph); u++)
        for (int64_t e = offsets[u]; e < offsets[u + 1]; e++) {
            assert_true(targets[e] != u);
            assert_true(e == offsets[u] || targets[e - 1] < targets[e]);
            assert_true(has_edge(graph, targets[e], u));
        }
}

bool test_same_graph(const kith_graph *a, const kith_graph *b)
{
    const int64_t n = kith_graph_nodes(a), entries = kith_graph_entries(a);

    if (n != kith_graph_nodes(b) || entries != kith_graph_entries(b)) return false;
    return !memcmp(kith_graph_offsets(a), kith_graph_offsets(b), (size_t)(n + 1) * sizeof(int64_t))
           && !memcmp(kith_graph_targets(a), kith_graph_targets(b),
                      (size_t)entries * sizeof(uint32_t));
}

int64_t test_degree(const kith_graph *graph, int64_t node)
{
    return kith_graph_offsets(graph)[node + 1] - kith_graph_offsets(graph)[node];
}

int64_t test_inner_edges(const kith_graph *graph, const kith_partition *truth)
{
    const int64_t *offsets = kith_graph_offsets(graph), *labels = kith_partition_labels(truth);
    int64_t ends = 0;

    for (int64_t u = 0; u < kith_graph_nodes(graph); u++)
        for (int64_t e = offsets[u]; e < offsets[u + 1]; e++)
            ends += labels[u] == labels[kith_graph_targets(graph)[e]];
    return ends / 2;
}

void test_assert_reproducible(const char *name, const void *options, bool random)
{
    static const int64_t threads[] = { 2, 4, 8, 1 };
    kith_run *run = copy(code_of(name), options);
    kith_partition *truth = NULL, *again_truth = NULL;

    run->threads = 1;
    kith_graph *graph = test_generate(name, run, &truth);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        run->threads = threads[i];
        kith_graph *again = test_generate(name, run, &again_truth);
        assert_true(test_same_graph(graph, again));
        if (truth) test_assert_same(truth, again_truth);
        kith_graph_free(again);
        kith_partition_free(again_truth);
    }
    run->seed++;
    kith_graph *other = test_generate(name, run, NULL);
    assert_int_equal(test_same_graph(graph, other), !random);
    kith_graph_free(other);
    kith_graph_free(graph);
    kith_partition_free(truth);
    free(run);
}

/* Says stop when it is called the n-th time. */
static int count_down(const kith_progress *progress, void *payload)
{
    int64_t *left = payload;

    assert_non_null(progress->stage);
    return --*left < 0;
}

static void assert_fails_clean(const kith_generator_code *code, const kith_run *run,
                               kith_status status)
{
    kith_graph *graph = (kith_graph *)&status;
    kith_partition *truth = (kith_partition *)&status;
    kith_error err = { 0 };

    assert_int_equal(code->run(run, &graph, &truth, &err), status);
    assert_null(graph);
    assert_null(truth);
    assert_int_equal(err.status, status);
}

void test_assert_cancellable(const char *name, const void *options)
{
    const kith_generator_code *code = code_of(name);
    kith_run *run = copy(code, options);
    int64_t left = 0, polls = INT64_MAX;

    run->interval = 0;
    run->progress = count_down;
    run->payload = &left;
    run->threads = 1;
    left = polls;
    kith_graph_free(test_generate(name, run, NULL));
    polls -= left;
    assert_true(polls > 1);
    for (int64_t i = 0; i < polls; i += 1 + polls / 200) { /* each, but in long runs */
        left = i;
        assert_fails_clean(code, run, KITH_E_CANCELLED);
    }
    run->threads = 2;
    left = 1;
    assert_fails_clean(code, run, KITH_E_CANCELLED);
    run->progress = NULL;
    run->time_limit = 1e-9;
    assert_fails_clean(code, run, KITH_E_TIME);
    free(run);
}

void test_assert_refusals(const char *name, const test_refusal *refusals, size_t count)
{
    const kith_options_spec *spec = &code_of(name)->options;

    for (size_t i = 0; i < count; i++) {
        const kith_option *option = kith_option_find(spec, refusals[i].option);
        void *options = copy(code_of(name), spec->defaults);
        assert_non_null(option);
        void *field = (char *)options + option->offset;
        if (option->type == KITH_OPTION_F64) *(double *)field = refusals[i].value;
        else *(int64_t *)field = (int64_t)refusals[i].value;
        test_assert_refused(name, options, refusals[i].text);
        free(options);
    }
}

void test_assert_refused(const char *name, const void *options, const char *text)
{
    kith_graph *graph = NULL;
    kith_partition *truth = NULL;
    kith_error err = { 0 };

    assert_kith_fails(code_of(name)->run(options, &graph, &truth, &err), KITH_E_ARGUMENT, text,
                      err);
    assert_null(graph);
    assert_null(truth);
}
