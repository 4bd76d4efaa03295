/* Sweep cuts and bisection: all prefixes looked through, cliques taken apart. */
#include "support/graphs.h"

#include "core/random.h"
#include "linalg/sweep.h"

#include <stdlib.h>

static kith_i_sweep sweep(const kith_graph *graph, const double *vector, kith_i_cut measure,
                          uint32_t *side)
{
    kith_i_sweep out;
    kith_i_poll poll;
    kith_error err = { 0 };

    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_sweep_cut(graph, vector, measure, &poll, side, &out, &err), err);
    return out;
}

/* Cut and volumes of a set from their definitions. */
static void measure_set(const kith_graph *graph, const uint32_t *side, double *cut,
                        double volume[2])
{
    *cut = volume[0] = volume[1] = 0;
    for (int64_t v = 0; v < graph->nodes; v++)
        for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
            const int64_t u = graph->targets[e];
            volume[side[v]] += kith_i_weight(graph, e) * (u == v ? 2 : 1);
            if (side[v] && !side[u]) *cut += kith_i_weight(graph, e);
        }
}

static void the_best_of_all_prefixes_is_found(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        const test_random what = { .nodes = 2 + (int64_t)seed % 15,
                                   .density = 0.3,
                                   .weighted = seed % 2,
                                   .loops = seed % 3 == 0,
                                   .seed = seed };
        const kith_i_cut measure = seed / 2 % 2 ? KITH_I_NORMALISED_CUT : KITH_I_CONDUCTANCE;
        kith_graph *graph = test_random_graph(&what);
        double vector[20], best = INFINITY, cut, volume[2];
        uint32_t side[20], prefix[20];
        kith_i_random r = kith_i_random_at(seed, 1, 1);

        for (int64_t v = 0; v < graph->nodes; v++)
            vector[v] = (double)kith_i_random_below(&r, 9) - 4;
        const kith_i_sweep found = sweep(graph, vector, measure, side);
        for (int64_t v = 0; v < graph->nodes; v++) {
            for (int64_t u = 0; u < graph->nodes; u++)
                prefix[u] = vector[u] > vector[v] || (vector[u] == vector[v] && u <= v);
            measure_set(graph, prefix, &cut, volume);
            if (!(volume[0] > 0 && volume[1] > 0)) continue;
            best = fmin(best, measure == KITH_I_CONDUCTANCE ? cut / fmin(volume[0], volume[1])
                                                            : cut / volume[0] + cut / volume[1]);
        }
        measure_set(graph, side, &cut, volume);
        if (isinf(best)) {
            assert_int_equal(found.size, 0);
            assert_true(isinf(found.value));
        } else {
            assert_near(found.value, best, 1e-14);
            assert_near(found.cut, cut, 1e-14);
            assert_near(found.volume, volume[1], 1e-14);
        }
        kith_graph_free(graph);
    }
}

static void two_cliques_are_cut_at_their_edge(void **state)
{
    kith_graph *graph = test_two_k4();
    const double vector[] = { 3, 4, 5, 1, -1, -7, -8, -9 };
    uint32_t side[8];

    (void)state;
    const kith_i_sweep found = sweep(graph, vector, KITH_I_CONDUCTANCE, side);
    assert_near(found.value, 1.0 / 13, 1e-15);
    assert_int_equal(found.size, 4);
    for (int v = 0; v < 8; v++) assert_int_equal(side[v], v < 4);
    kith_graph_free(graph);
}

static void a_small_weight_beside_large_ones_keeps_its_digits(void **state)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 }, { 2, 3 } };
    static const double weights[] = { 1e20, 1e-20, 1e20 }, vector[] = { 4, 3, 2, 1 };
    kith_graph *graph = test_graph(4, 3, pairs, weights);
    uint32_t side[4];

    (void)state;
    const kith_i_sweep found = sweep(graph, vector, KITH_I_CONDUCTANCE, side);
    assert_int_equal(found.size, 2);
    assert_true(found.cut == 1e-20);
    kith_graph_free(graph);
}

/* A vector that ascends with the ids of the whole graph. */
static kith_status by_id(void *self, const kith_graph *part, const int64_t *nodes,
                         kith_i_poll *poll, double *vector, kith_error *err)
{
    (void)poll, (void)err;
    ++*(int *)self;
    for (int64_t i = 0; i < part->nodes; i++) vector[i] = (double)nodes[i];
    return KITH_OK;
}

static int64_t bisect(const kith_graph *graph, int64_t k, double limit, uint32_t *labels,
                      int *asked, kith_i_sweep *first)
{
    const kith_i_bisection how = {
        .k = k, .limit = limit, .measure = KITH_I_NORMALISED_CUT, .bisect = by_id, .self = asked
    };
    kith_i_poll poll;
    kith_error err = { 0 };
    int64_t count;

    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_bisect(graph, &how, &poll, labels, &count, first, &err), err);
    return count;
}

static void a_ring_of_cliques_is_cut_into_its_cliques(void **state)
{
    kith_graph *graph = test_cliques(6, 5, true);
    kith_i_sweep first;
    uint32_t labels[30];
    int asked = 0;

    (void)state;
    assert_int_equal(bisect(graph, 6, INFINITY, labels, &asked, &first), 6);
    assert_int_equal(first.size, 15);
    assert_near(first.value, 4.0 / 66, 1e-15);
    for (int u = 0; u < 30; u++)
        for (int v = 0; v < 30; v++) assert_true((labels[u] == labels[v]) == (u / 5 == v / 5));
    assert_int_equal(asked, 9); /* the last cut's sides are not looked at */
    kith_graph_free(graph);
}

static void a_limit_keeps_cliques_whole(void **state)
{
    kith_graph *graph = test_cliques(6, 5, true);
    uint32_t labels[30];
    int asked = 0;

    (void)state;
    assert_int_equal(bisect(graph, 30, 0.5, labels, &asked, NULL), 6);
    assert_int_equal(bisect(graph, 30, 0, labels, &asked, NULL), 1);
    kith_graph_free(graph);
}

static void what_has_no_edges_is_not_cut(void **state)
{
    kith_graph *graph = test_graph(5, 0, NULL, NULL), *empty = test_graph(0, 0, NULL, NULL);
    uint32_t labels[5];
    int asked = 0;

    (void)state;
    assert_int_equal(bisect(graph, 3, INFINITY, labels, &asked, NULL), 1);
    for (int v = 0; v < 5; v++) assert_int_equal(labels[v], 0);
    assert_int_equal(bisect(empty, 3, INFINITY, labels, &asked, NULL), 0);
    kith_graph_free(graph);
    kith_graph_free(empty);
}

/* by_id() for so many parts, then a failure. */
static kith_status fails(void *self, const kith_graph *part, const int64_t *nodes,
                         kith_i_poll *poll, double *vector, kith_error *err)
{
    int *left = self, asked = 0;

    return --*left < 0 ? KITH_E_MEMORY : by_id(&asked, part, nodes, poll, vector, err);
}

static void a_vector_that_fails_ends_it(void **state)
{
    kith_graph *graph = test_cliques(6, 5, true);
    kith_i_poll poll;
    uint32_t labels[30];
    int64_t count;

    (void)state;
    kith_i_poll_start(&poll, NULL);
    for (int after = 0; after < 9; after++) {
        int left = after;
        const kith_i_bisection how = { .k = 6, .limit = INFINITY, .bisect = fails, .self = &left };
        assert_int_equal(kith_i_bisect(graph, &how, &poll, labels, &count, NULL, NULL),
                         KITH_E_MEMORY);
    }
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_of_all_prefixes_is_found),
        cmocka_unit_test(two_cliques_are_cut_at_their_edge),
        cmocka_unit_test(a_small_weight_beside_large_ones_keeps_its_digits),
        cmocka_unit_test(a_ring_of_cliques_is_cut_into_its_cliques),
        cmocka_unit_test(a_limit_keeps_cliques_whole),
        cmocka_unit_test(what_has_no_edges_is_not_cut),
        cmocka_unit_test(a_vector_that_fails_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
