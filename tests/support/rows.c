/* The rows of the table of algorithms. A kind of result is one case in each of three functions. */
#include "support/rows.h"

#include <stdlib.h>

test_trial test_now;

void *test_options(const kith_algorithm *row)
{
    void *options = malloc(row->code->options.size);

    memcpy(options, row->code->options.defaults, row->code->options.size);
    return options;
}

kith_status test_run(const kith_algorithm *row, const kith_graph *graph, const void *options,
                     kith_result *out, kith_error *err)
{
    memset(out, 0xff, sizeof *out);
    err->message[0] = '\0';
    const kith_status status = row->code->run(graph, options, out, err);
    expect(out->kind == row->kind);
    if (status == KITH_OK) return status;
    expect(err->status == status);
    expect(err->message[0] != '\0' && !strchr(err->message, '\n'));
    expect(err->message[strlen(err->message) - 1] != '.');
    test_expect_nothing(out);
    return status;
}

/* Labels 0 .. k - 1 by decreasing size, ties by the lowest node; -1 unassigned. */
static void expect_canonical(const kith_partition *p)
{
    const int64_t n = kith_partition_nodes(p), k = kith_partition_communities(p);
    const int64_t *labels = kith_partition_labels(p), *sizes = kith_partition_sizes(p);
    int64_t *count = calloc((size_t)k + 1, sizeof *count),
            *first = calloc((size_t)k + 1, sizeof *first);
    int64_t unassigned = 0;

    for (int64_t v = n; v-- > 0;) {
        expect(labels[v] >= -1 && labels[v] < k);
        if (labels[v] < 0) {
            unassigned++;
            continue;
        }
        count[labels[v]]++;
        first[labels[v]] = v;
    }
    expect(unassigned == kith_partition_unassigned(p));
    for (int64_t c = 0; c < k; c++) {
        expect(count[c] == sizes[c] && count[c] > 0);
        if (c)
            expect(sizes[c - 1] > sizes[c] ||
                   (sizes[c - 1] == sizes[c] && first[c - 1] < first[c]));
    }
    free(count);
    free(first);
}

static void expect_partition(const kith_graph *graph, const kith_partition *p)
{
    const char *name;
    double seconds = -1;

    expect(p != NULL);
    expect(kith_partition_nodes(p) == kith_graph_nodes(graph));
    expect_canonical(p);
    expect(kith_partition_iterations(p) >= 0);
    expect(kith_partition_converged(p) == (kith_partition_stop(p) == KITH_STOP_CONVERGED));
    for (int64_t i = 0; (name = kith_partition_phase(p, i, &seconds)); i++)
        expect(*name != '\0' && seconds >= 0);
}

void test_expect_whole(const kith_graph *graph, const kith_result *result)
{
    switch (result->kind) {
    case KITH_KIND_partition: expect_partition(graph, result->partition); break;
    }
}

void test_expect_nothing(const kith_result *result)
{
    switch (result->kind) {
    case KITH_KIND_partition: expect(result->partition == NULL); break;
    }
}

static void expect_same_partition(const kith_partition *a, const kith_partition *b)
{
    const double q = kith_partition_quality(a), r = kith_partition_quality(b);

    expect(kith_partition_nodes(a) == kith_partition_nodes(b));
    expect(!memcmp(kith_partition_labels(a), kith_partition_labels(b),
                   (size_t)kith_partition_nodes(a) * sizeof(int64_t)));
    expect(q == r || (isnan(q) && isnan(r)));
    expect(kith_partition_iterations(a) == kith_partition_iterations(b));
    expect(kith_partition_stop(a) == kith_partition_stop(b));
}

void test_expect_same(const kith_result *a, const kith_result *b)
{
    expect(a->kind == b->kind);
    switch (a->kind) {
    case KITH_KIND_partition: expect_same_partition(a->partition, b->partition); break;
    }
}
