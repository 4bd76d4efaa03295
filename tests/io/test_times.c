/* Edge lists of events: windows, fading, repeats, and what is wrong with them. */
#include "support/files.h"
#include "support/graphs.h"

#include <stdlib.h>

static kith_graph *read_events(const char *path, double since, double until, double half_life)
{
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    o.times = (kith_times){ true, since, until, half_life };
    assert_kith(kith_graph_read(path, &o, &graph, &err), err);
    return graph;
}

/* The weight of the edge from 0 to v; 0 without one. */
static double weight_to(const kith_graph *graph, int64_t v)
{
    for (int64_t e = 0; e < kith_graph_offsets(graph)[1]; e++)
        if (kith_graph_targets(graph)[e] == v) return kith_graph_weight(graph, e);
    return 0;
}

static const char events[] = "# who, whom, when\n0 1 -4\n1 0 2\n0 2 3.5\n0 1 6\n0 3 10\n";

static void repeated_events_add_up(void **state)
{
    char *path = test_file(*state, "events.txt", events);
    kith_graph *graph = read_events(path, -INFINITY, INFINITY, 0);

    assert_int_equal(kith_graph_nodes(graph), 4);
    assert_int_equal(kith_graph_edges(graph), 3);
    assert_near(weight_to(graph, 1), 3, 0);
    assert_near(weight_to(graph, 2), 1, 0);
    kith_graph_free(graph);
    free(path);
}

static void a_window_leaves_edges_out_and_no_nodes(void **state)
{
    char *path = test_file(*state, "events.txt", events);
    kith_graph *graph = read_events(path, 2, 6, 0);

    assert_int_equal(kith_graph_nodes(graph), 4);
    assert_int_equal(kith_graph_edges(graph), 2);
    assert_near(weight_to(graph, 1), 1, 0); /* at 2, not at 6 */
    assert_near(weight_to(graph, 3), 0, 0);
    kith_graph_free(graph);
    free(path);
}

static void old_events_weigh_less(void **state)
{
    char *path = test_file(*state, "events.txt", events);
    kith_graph *graph = read_events(path, -INFINITY, INFINITY, 2);
    kith_graph *early = read_events(path, -INFINITY, 8, 2);

    assert_near(weight_to(graph, 1), exp2(-7) + exp2(-4) + exp2(-2), 1e-15);
    assert_near(weight_to(graph, 3), 1, 0);
    assert_near(weight_to(early, 1), exp2(-6) + exp2(-3) + exp2(-1), 1e-15);
    kith_graph_free(graph);
    kith_graph_free(early);
    free(path);
}

static void what_is_wrong_is_said(void **state)
{
    static const struct {
        const char *text, *message;
    } wrong[] = {
        { "0 1\n1 2\n", "1: there is no time (expected a third column)" },
        { "0 1 3\n1 2 soon\n", "2: the time is 'soon' (expected a finite number)" },
        { "0 1 3\n1 2\n", "2: the time is" },
        { "0 1 inf\n", "1: the time is 'inf' (expected a finite number)" },
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *path = test_file(*state, "events.txt", wrong[i].text);
        kith_read_options o = KITH_READ_OPTIONS_INIT;
        kith_graph *graph = NULL;
        kith_error err = { 0 };
        o.times.given = true;
        assert_int_equal(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT);
        assert_non_null(strstr(err.message, wrong[i].message));
        free(path);
    }
}

static void a_matrix_has_no_times(void **state)
{
    char *path = test_file(*state, "m.mtx",
                              "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n2 1 5\n");
    kith_read_options o = KITH_READ_OPTIONS_INIT;
    kith_graph *graph = NULL;
    kith_error err = { 0 };

    o.times.given = true;
    assert_int_equal(kith_graph_read(path, &o, &graph, &err), KITH_E_INPUT);
    assert_non_null(strstr(err.message, "m.mtx: no edge list, so it has no times (expected"));
    o.times.half_life = -1;
    assert_int_equal(kith_graph_read(path, &o, &graph, &err), KITH_E_ARGUMENT);
    free(path);
}

static void contacts_of_a_school_are_its_graph(void **state)
{
    const char *folder = getenv("KITH_DATASETS");
    char path[4096];
    kith_graph *school = test_dataset("school");
    if (!school) skip();

    (void)state;
    snprintf(path, sizeof path, "%s/school/events.tsv.gz", folder);
    kith_graph *graph = read_events(path, -INFINITY, INFINITY, 0);
    assert_int_equal(kith_graph_edges(graph), 5818);
    assert_int_equal(kith_graph_entries(graph), kith_graph_entries(school));
    for (int64_t e = 0; e < kith_graph_entries(graph); e++) {
        assert_int_equal(kith_graph_targets(graph)[e], kith_graph_targets(school)[e]);
        assert_near(kith_graph_weight(graph, e), kith_graph_weight(school, e), 0);
    }
    kith_graph_free(graph);
    kith_graph_free(school);
}

int main(void)
{
#define IN_A_FOLDER(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, test_folder_make, test_folder_remove)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(repeated_events_add_up),
        IN_A_FOLDER(a_window_leaves_edges_out_and_no_nodes),
        IN_A_FOLDER(old_events_weigh_less),
        IN_A_FOLDER(what_is_wrong_is_said),
        IN_A_FOLDER(a_matrix_has_no_times),
        cmocka_unit_test(contacts_of_a_school_are_its_graph),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
