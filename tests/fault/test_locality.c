/* What a query takes does not grow with the graph: not its touched nodes and edges, not the memory
 * that it asks for, not the pages of a mapped file that it brings in. */
#include "heap.h"

#include "support/files.h"
#include "support/graphs.h"
#include "support/rows.h"

#include <stdio.h>
#include <stdlib.h>

enum { CLIQUE = 8, FEW = 500, MANY = 50000 };

/* Rows that look at the whole graph, as their definition has it. */
static bool is_global(const kith_algorithm *row)
{
    return !strcmp(row->name, "flow_improve");
}

static void for_local_rows(void (*check)(const kith_algorithm *row))
{
    for (int64_t r = 0; r < kith_algorithm_count(); r++) {
        const kith_algorithm *row = kith_algorithm_at(r);
        test_now = (test_trial){ row->name, "a ring of cliques", "" };
        if (test_is_local(row) && !is_global(row)) check(row);
    }
}

/* Rings of cliques look the same from any of their cliques, however many there are. */
static kith_graph *few, *many;

static int make_rings(void **state)
{
    (void)state;
    few = test_cliques(FEW, CLIQUE, true);
    many = test_cliques(MANY, CLIQUE, true);
    return 0;
}

static int free_rings(void **state)
{
    (void)state;
    kith_graph_free(few);
    kith_graph_free(many);
    return 0;
}

/* A query from a node of the middle clique, and the bytes that it asked for. */
static kith_result ask(const kith_algorithm *row, const kith_graph *graph, int64_t *bytes)
{
    const int64_t seed = kith_graph_nodes(graph) / 2 + 1;
    kith_query *options = test_options(row);
    kith_features *features = test_features(kith_graph_nodes(graph), false);
    kith_error err = { 0 };
    kith_result result;

    options->seeds = (kith_nodes){ &seed, 1 };
    kith_partition *looks = test_give_labels(row, options, kith_graph_nodes(graph));
    test_set_features(row, options, features);
    const int64_t before = heap_asked();
    assert_kith(test_run(row, graph, options, &result, &err), err);
    *bytes = heap_asked() - before;
    kith_features_free(features);
    kith_partition_free(looks);
    free(options);
    return result;
}

static void takes_the_same(const kith_algorithm *row)
{
    int64_t bytes, more;
    kith_result a = ask(row, few, &bytes), b = ask(row, many, &more);

    expect(kith_cluster_size(a.local) == kith_cluster_size(b.local));
    expect(kith_cluster_touched_nodes(a.local) == kith_cluster_touched_nodes(b.local));
    expect(kith_cluster_touched_edges(a.local) == kith_cluster_touched_edges(b.local));
    expect(kith_cluster_touched_nodes(a.local) < FEW * CLIQUE / 2); /* else it says nothing */
    expect(more <= bytes);
    kith_result_free(&a);
    kith_result_free(&b);
}

static void a_hundred_times_the_graph_takes_no_more_memory_and_no_more_edges(void **state)
{
    (void)state;
    for_local_rows(takes_the_same);
}

static void asks_for_less(const kith_algorithm *row)
{
    int64_t first, second;
    kith_graph *graph = test_cliques(FEW, CLIQUE, true);
    kith_result a = ask(row, graph, &first), b = ask(row, graph, &second);

    test_expect_same(&a, &b);
    expect(second < first);
    kith_result_free(&a);
    kith_result_free(&b);
    kith_graph_free(graph);
}

static void the_second_query_works_in_the_memory_of_the_first(void **state)
{
    (void)state;
    for_local_rows(asks_for_less);
}

/* Bytes of a file that this process has mapped and touched. */
static int64_t resident(const char *path)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    int64_t total = 0, kib;
    bool inside = false;
    char line[4096];

    assert_non_null(maps);
    while (fgets(line, sizeof line, maps)) {
        if (strchr(line, '-') && strchr(line, ':') && strstr(line, " r")) {
            line[strcspn(line, "\n")] = '\0';
            inside = strlen(line) >= strlen(path) &&
                     !strcmp(line + strlen(line) - strlen(path), path);
        } else if (inside && sscanf(line, "Rss: %ld kB", &kib) == 1) {
            total += kib << 10;
        }
    }
    fclose(maps);
    return total;
}

static const char *mapped_path;

static void touches_few_pages(const kith_algorithm *row)
{
    kith_graph *mapped = NULL;
    kith_error err = { 0 };
    int64_t bytes;

    assert_kith(kith_graph_read(mapped_path, NULL, &mapped, &err), err);
    const int64_t opened = resident(mapped_path);
    kith_result a = ask(row, few, &bytes), b = ask(row, mapped, &bytes);
    expect(opened > 0 && resident(mapped_path) >= opened);
    expect(resident(mapped_path) < 2 << 20); /* of more than 15 */
    expect(kith_cluster_touched_edges(a.local) == kith_cluster_touched_edges(b.local));
    kith_result_free(&a);
    kith_result_free(&b);
    kith_graph_free(mapped);
}

/* The same graph, each edge of weight 2. */
static kith_graph *weighted_copy(const kith_graph *graph)
{
    const int64_t entries = kith_graph_entries(graph), nodes = kith_graph_nodes(graph);
    float *weights = malloc((size_t)entries * sizeof *weights);
    const kith_csr csr = { nodes, kith_graph_offsets(graph), KITH_I64, kith_graph_targets(graph),
                           KITH_U32, weights, KITH_F32, NULL, NULL };
    kith_graph *copy = NULL;
    kith_error err = { 0 };

    for (int64_t e = 0; e < entries; e++) weights[e] = 2;
    assert_kith(kith_graph_from_csr(&csr, NULL, &copy, &err), err);
    free(weights);
    return copy;
}

static void a_query_of_a_mapped_file_touches_the_pages_it_needs(void **state)
{
    char *path = test_path_in(*state, "ring.npz");
    kith_error err = { 0 };

    mapped_path = path;
    assert_kith(kith_graph_write(many, path, KITH_FORMAT_AUTO, NULL, &err), err);
    for_local_rows(touches_few_pages);

    kith_graph *heavy = weighted_copy(many), *light = few;
    few = weighted_copy(light); /* which the mapped one is compared with */
    assert_kith(kith_graph_write(heavy, path, KITH_FORMAT_AUTO, NULL, &err), err);
    for_local_rows(touches_few_pages);
    kith_graph_free(few);
    kith_graph_free(heavy);
    few = light;
    free(path);
}

/* A ring of cliques of 200, weights 1.1 and between cliques 0.7, their nodes far apart among others
 * without edges: 51 MB of offsets and 43 of rows. */
static kith_graph *wide_ring(void)
{
    enum { SIZE = 200, COUNT = 90, APART = 356, NODES = SIZE * COUNT, EDGES = NODES * SIZE / 2 };
    int64_t *sources = malloc(EDGES * sizeof *sources), edges = 0;
    int64_t *targets = malloc(EDGES * sizeof *targets);
    double *weights = malloc(EDGES * sizeof *weights);
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    for (int64_t v = 0; v < NODES; v++) {
        const int64_t last = v / SIZE * SIZE + SIZE - 1;
        for (int64_t u = v + 1; u <= last + (v == last); u++) {
            sources[edges] = v * APART;
            targets[edges] = u % NODES * APART;
            weights[edges++] = v == last ? 0.7 : 1.1;
        }
    }
    assert_kith(
        kith_graph_from_edges(NODES * APART, edges, sources, targets, weights, NULL, &graph, &err),
        err);
    free(sources);
    free(targets);
    free(weights);
    return graph;
}

static void a_query_that_may_hold_no_more_pages_reads_the_file(void **state)
{
    const kith_algorithm *row = kith_algorithm_find("acl");
    const int64_t seed = 0;
    char *path = test_path_in(*state, "wide.npz");
    kith_graph *graph = wide_ring(), *mapped = NULL;
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;
    kith_error err = { 0 };
    kith_result a, b;

    assert_kith(kith_graph_write(graph, path, KITH_FORMAT_AUTO, NULL, &err), err);
    assert_kith(kith_graph_read(path, NULL, &mapped, &err), err);
    test_now = (test_trial){ row->name, "a wide ring of cliques", "" };
    o.query.seeds = (kith_nodes){ &seed, 1 };
    o.epsilon = 1e-13;
    assert_kith(test_run(row, graph, &o, &a, &err), err);
    assert_kith(test_run(row, mapped, &o, &b, &err), err);
    expect(kith_cluster_touched_nodes(a.local) > 1000); /* beyond both limits */
    test_expect_same(&a, &b);
    kith_result_free(&a);
    kith_result_free(&b);
    kith_graph_free(graph);
    kith_graph_free(mapped);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_times_the_graph_takes_no_more_memory_and_no_more_edges),
        cmocka_unit_test(the_second_query_works_in_the_memory_of_the_first),
        cmocka_unit_test_setup_teardown(a_query_of_a_mapped_file_touches_the_pages_it_needs,
                                        test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(a_query_that_may_hold_no_more_pages_reads_the_file,
                                        test_folder_make, test_folder_remove),
    };
    return cmocka_run_group_tests(tests, make_rings, free_rings);
}
