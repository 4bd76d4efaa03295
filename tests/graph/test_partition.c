/* Partitions: canonical numbering, labels as given, numbering after another partition. */
#include "support/graphs.h"

#include "core/random.h"
#include "graph/partition.h"

enum { NODES = 40 };

static kith_partition *from_labels(int64_t nodes, const int64_t *labels)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_partition_from_labels(nodes, labels, NULL, &p, &err), err);
    return p;
}

static kith_partition *canonical(int64_t nodes, const uint32_t *labels)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_i_partition_new(nodes, labels, &(kith_i_poll){ 0 }, &p, &err), err);
    return p;
}

static kith_partition *matched(const kith_partition *partition, const kith_partition *reference)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_partition_match(partition, reference, NULL, &p, &err), err);
    return p;
}

static void assert_labels(const kith_partition *p, const int64_t *expected)
{
    for (int64_t v = 0; v < kith_partition_nodes(p); v++)
        assert_int_equal(kith_partition_labels(p)[v], expected[v]);
}

/* The sizes and the number of unassigned nodes are those of the labels. */
static void assert_consistent(const kith_partition *p)
{
    int64_t unassigned = 0, largest = -1;

    for (int64_t c = 0; c < kith_partition_communities(p); c++) {
        int64_t size = 0;
        for (int64_t v = 0; v < kith_partition_nodes(p); v++)
            size += kith_partition_labels(p)[v] == c;
        assert_int_equal(kith_partition_sizes(p)[c], size);
    }
    for (int64_t v = 0; v < kith_partition_nodes(p); v++) {
        const int64_t label = kith_partition_labels(p)[v];
        unassigned += label == -1;
        if (label > largest) largest = label;
    }
    assert_int_equal(kith_partition_unassigned(p), unassigned);
    assert_int_equal(kith_partition_communities(p), largest + 1);
}

/* ---- Canonical numbering ---- */

static int64_t first_of(const kith_partition *p, int64_t community)
{
    int64_t v = 0;

    while (kith_partition_labels(p)[v] != community) v++;
    return v;
}

static void communities_are_numbered_by_size_then_by_lowest_node(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        kith_i_random r = kith_i_random_at(seed, 0, 0);
        const uint64_t kinds = 1 + kith_i_random_below(&r, NODES);
        uint32_t labels[NODES];
        for (int v = 0; v < NODES; v++) {
            labels[v] = (uint32_t)(NODES - 1 - kith_i_random_below(&r, kinds));
            if (seed % 3 == 0 && kith_i_random_below(&r, 5) == 0) labels[v] = UINT32_MAX;
        }
        kith_partition *p = canonical(NODES, labels);
        const int64_t *sizes = kith_partition_sizes(p);
        assert_consistent(p);
        for (int u = 0; u < NODES; u++) { /* the same communities */
            assert_int_equal(kith_partition_labels(p)[u] == -1, labels[u] == UINT32_MAX);
            for (int v = 0; v < NODES; v++)
                assert_int_equal(kith_partition_labels(p)[u] == kith_partition_labels(p)[v],
                                 labels[u] == labels[v]);
        }
        for (int64_t c = 1; c < kith_partition_communities(p); c++)
            assert_true(sizes[c - 1] > sizes[c] ||
                        (sizes[c - 1] == sizes[c] && first_of(p, c - 1) < first_of(p, c)));
        kith_partition_free(p);
    }
}

static void a_new_partition_says_nothing_of_its_quality(void **state)
{
    const uint32_t labels[] = { 2, 0, 2 };
    kith_partition *p = canonical(3, labels);
    double seconds;

    (void)state;
    assert_labels(p, (int64_t[]){ 0, 1, 0 });
    assert_true(isnan(kith_partition_quality(p)));
    assert_true(kith_partition_converged(p));
    assert_int_equal(kith_partition_stop(p), KITH_STOP_CONVERGED);
    assert_int_equal(kith_partition_iterations(p), 0);
    assert_null(kith_partition_phase(p, 0, &seconds));
    kith_partition_free(p);
    kith_partition_free(NULL);
}

static void a_partition_may_be_empty_or_unassigned(void **state)
{
    const uint32_t none[] = { UINT32_MAX, UINT32_MAX };
    kith_partition *p = canonical(0, NULL);

    (void)state;
    assert_int_equal(kith_partition_nodes(p), 0);
    assert_int_equal(kith_partition_communities(p), 0);
    kith_partition_free(p);
    p = canonical(2, none);
    assert_int_equal(kith_partition_communities(p), 0);
    assert_int_equal(kith_partition_unassigned(p), 2);
    kith_partition_free(p);
    p = from_labels(0, NULL);
    assert_int_equal(kith_partition_nodes(p), 0);
    kith_partition_free(p);
}

/* ---- Labels as given ---- */

static void given_labels_keep_their_numbers(void **state)
{
    const int64_t labels[] = { 3, -1, 3, 1, -1, 3 };
    kith_partition *p = from_labels(6, labels);

    (void)state;
    assert_labels(p, labels);
    assert_consistent(p);
    assert_int_equal(kith_partition_communities(p), 4);
    assert_int_equal(kith_partition_sizes(p)[0], 0);
    assert_int_equal(kith_partition_sizes(p)[3], 3);
    assert_int_equal(kith_partition_unassigned(p), 2);
    kith_partition_free(p);
}

static void labels_out_of_range_are_refused(void **state)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_partition_from_labels(2, (int64_t[]){ 0, 2 }, NULL, &p, &err),
                      KITH_E_INPUT, "label 2 of node 1 (expected -1 to 1)", err);
    assert_kith_fails(kith_partition_from_labels(2, (int64_t[]){ -2, 0 }, NULL, &p, &err),
                      KITH_E_INPUT, "label -2 of node 0", err);
    assert_kith_fails(kith_partition_from_labels(-1, NULL, NULL, &p, &err), KITH_E_ARGUMENT,
                      "nodes is -1", err);
    assert_kith_fails(kith_partition_from_labels(2, NULL, NULL, &p, &err), KITH_E_ARGUMENT,
                      "labels", err);
    assert_kith_fails(kith_partition_from_labels(0, NULL, NULL, NULL, &err), KITH_E_ARGUMENT, "out",
                      err);
    assert_null(p);
}

/* ---- Matching ---- */

/* The rule of kith_partition_match(), by looking at all pairs of communities again and again. */
static void match_by_definition(const kith_partition *p, const kith_partition *reference,
                                int64_t *labels)
{
    const int64_t *mine = kith_partition_labels(p), *theirs = kith_partition_labels(reference);
    const int64_t k = kith_partition_communities(p), l = kith_partition_communities(reference);
    int64_t number[NODES], next = l;
    bool taken[NODES] = { false };

    for (int64_t c = 0; c < k; c++) number[c] = -1;
    for (;;) {
        int64_t most = 0, best_mine = -1, best_theirs = -1;
        for (int64_t d = 0; d < l; d++)
            for (int64_t c = 0; c < k; c++) {
                int64_t shared = 0;
                for (int v = 0; v < NODES; v++) shared += mine[v] == c && theirs[v] == d;
                if (taken[d] || number[c] >= 0 || shared <= most) continue;
                most = shared;
                best_mine = c;
                best_theirs = d;
            }
        if (!most) break;
        number[best_mine] = best_theirs;
        taken[best_theirs] = true;
    }
    for (int64_t c = 0; c < k; c++)
        if (number[c] < 0 && kith_partition_sizes(p)[c] > 0) number[c] = next++;
    for (int v = 0; v < NODES; v++) labels[v] = mine[v] < 0 ? -1 : number[mine[v]];
}

static kith_partition *random_partition(uint64_t seed, uint64_t item)
{
    kith_i_random r = kith_i_random_at(seed, 4, item);
    const uint64_t kinds = 1 + kith_i_random_below(&r, 12);
    int64_t labels[NODES];

    for (int v = 0; v < NODES; v++)
        labels[v] = (int64_t)kith_i_random_below(&r, kinds) - (int64_t)(seed & 1);
    return from_labels(NODES, labels);
}

static void matching_follows_the_largest_overlaps(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        kith_partition *p = random_partition(seed, 0), *reference = random_partition(seed, 1);
        kith_partition *out = matched(p, reference);
        int64_t expected[NODES];
        match_by_definition(p, reference, expected);
        assert_labels(out, expected);
        kith_partition_free(p);
        kith_partition_free(reference);
        kith_partition_free(out);
    }
}

static void matching_itself_changes_nothing(void **state)
{
    kith_partition *p = random_partition(1, 0), *out = matched(p, p);

    (void)state;
    test_assert_same(p, out);
    assert_consistent(out);
    kith_partition_free(p);
    kith_partition_free(out);
}

static void matching_keeps_what_the_run_said(void **state)
{
    const uint32_t labels[] = { 0, 1, 1 };
    kith_partition *p = canonical(3, labels), *reference = from_labels(3, (int64_t[]){ 0, 1, 1 });
    double seconds;

    (void)state;
    p->quality = 0.25;
    p->iterations = 3;
    p->converged = false;
    p->stop = KITH_STOP_TIME;
    kith_i_partition_phase(p, "moving", 2);
    kith_partition *out = matched(p, reference);
    assert_labels(out, (int64_t[]){ 0, 1, 1 });
    assert_true(kith_partition_quality(out) == 0.25);
    assert_int_equal(kith_partition_iterations(out), 3);
    assert_false(kith_partition_converged(out));
    assert_int_equal(kith_partition_stop(out), KITH_STOP_TIME);
    assert_string_equal(kith_partition_phase(out, 0, &seconds), "moving");
    assert_true(seconds == 2);
    kith_partition_free(p);
    kith_partition_free(reference);
    kith_partition_free(out);
}

static void matching_refuses_another_number_of_nodes(void **state)
{
    kith_partition *p = from_labels(2, (int64_t[]){ 0, 1 }), *q = from_labels(1, (int64_t[]){ 0 });
    kith_partition *out = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_partition_match(p, q, NULL, &out, &err), KITH_E_ARGUMENT,
                      "2 and 1 nodes", err);
    assert_kith_fails(kith_partition_match(p, NULL, NULL, &out, &err), KITH_E_ARGUMENT, "both",
                      err);
    assert_kith_fails(kith_partition_match(p, q, NULL, NULL, &err), KITH_E_ARGUMENT, "out", err);
    assert_null(out);
    kith_partition_free(p);
    kith_partition_free(q);
}

/* Its numbers may lie beyond the number of nodes. */
static void a_matched_partition_is_a_start_for_louvain(void **state)
{
    kith_graph *graph = test_cliques(1, 4, false);
    kith_partition *p = from_labels(4, (int64_t[]){ 0, 1, 2, 3 }), *out = NULL;
    kith_partition *reference = from_labels(4, (int64_t[]){ 3, 3, 3, 3 });
    kith_partition *start = matched(p, reference);
    kith_louvain_options o = KITH_LOUVAIN_OPTIONS_INIT;
    kith_error err = { 0 };

    (void)state;
    assert_labels(start, (int64_t[]){ 3, 4, 5, 6 });
    assert_int_equal(kith_partition_communities(start), 7);
    o.initial = start;
    assert_kith(kith_louvain(graph, &o, &out, &err), err);
    assert_int_equal(kith_partition_communities(out), 1);
    kith_partition_free(out);
    kith_partition_free(start);
    kith_partition_free(reference);
    kith_partition_free(p);
    kith_graph_free(graph);
}

/* ---- Phases ---- */

static void phases_add_up_their_seconds_in_order_of_first_use(void **state)
{
    const uint32_t labels[] = { 0 };
    kith_partition *p = canonical(1, labels);
    double seconds = 0;

    (void)state;
    kith_i_partition_phase(p, "moving", 1);
    kith_i_partition_phase(p, "refinement", 2);
    kith_i_partition_phase(p, "moving", 4);
    assert_string_equal(kith_partition_phase(p, 0, &seconds), "moving");
    assert_true(seconds == 5);
    assert_string_equal(kith_partition_phase(p, 1, NULL), "refinement");
    assert_null(kith_partition_phase(p, 2, &seconds));
    assert_null(kith_partition_phase(p, -1, &seconds));
    assert_null(kith_partition_phase(p, 1000, &seconds));
    kith_partition_free(p);
}

static void phases_beyond_the_last_place_are_let_go(void **state)
{
    static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" };
    const uint32_t labels[] = { 0 };
    kith_partition *p = canonical(1, labels);

    (void)state;
    for (int i = 0; i < 10; i++) kith_i_partition_phase(p, names[i], 1);
    for (int i = 0; i < KITH_I_PHASES; i++)
        assert_string_equal(kith_partition_phase(p, i, NULL), names[i]);
    assert_null(kith_partition_phase(p, KITH_I_PHASES, NULL));
    kith_partition_free(p);
}

/* ---- Figures ---- */

static void figures_are_listed_in_order_and_go_along_with_a_match(void **state)
{
    const uint32_t labels[] = { 0 };
    kith_partition *p = canonical(1, labels), *matched = NULL;
    kith_error err = { 0 };
    double value = 0;

    (void)state;
    assert_null(kith_partition_figure(p, 0, &value));
    for (int i = 0; i < KITH_I_FIGURES + 2; i++) kith_i_partition_figure(p, "gap", 0.25 * i);
    assert_kith(kith_partition_match(p, p, NULL, &matched, &err), err);
    for (int i = 0; i < KITH_I_FIGURES; i++) {
        assert_string_equal(kith_partition_figure(matched, i, &value), "gap");
        assert_true(value == 0.25 * i);
        assert_string_equal(kith_partition_figure(p, i, NULL), "gap");
    }
    assert_null(kith_partition_figure(p, KITH_I_FIGURES, &value));
    assert_null(kith_partition_figure(p, -1, &value));
    kith_partition_free(matched);
    kith_partition_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(communities_are_numbered_by_size_then_by_lowest_node),
        cmocka_unit_test(a_new_partition_says_nothing_of_its_quality),
        cmocka_unit_test(a_partition_may_be_empty_or_unassigned),
        cmocka_unit_test(given_labels_keep_their_numbers),
        cmocka_unit_test(labels_out_of_range_are_refused),
        cmocka_unit_test(matching_follows_the_largest_overlaps),
        cmocka_unit_test(matching_itself_changes_nothing),
        cmocka_unit_test(matching_keeps_what_the_run_said),
        cmocka_unit_test(matching_refuses_another_number_of_nodes),
        cmocka_unit_test(a_matched_partition_is_a_start_for_louvain),
        cmocka_unit_test(phases_add_up_their_seconds_in_order_of_first_use),
        cmocka_unit_test(phases_beyond_the_last_place_are_let_go),
        cmocka_unit_test(figures_are_listed_in_order_and_go_along_with_a_match),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
