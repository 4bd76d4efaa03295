/* Tallies: every way to count the labels next to a node gives what adding them up one by one does,
 * in the order they are met. */
#include "support/graphs.h"

#include "modularity/tally.h"

enum { NODES = 140000, CENTRES = 300 }; /* so many that labels and weights leave the cache */

/* CENTRES nodes, with rows of all lengths from none to half as many, once with a loop. */
static kith_graph *rows_of_all_lengths(bool weighted)
{
    static int64_t pairs[CENTRES * CENTRES][2];
    static double weights[CENTRES * CENTRES];
    int64_t count = 0;
    kith_i_random random = kith_i_random_at(1, 0, 0);

    for (int64_t v = 0; v < CENTRES; v++)
        for (int64_t i = 0; i < v / 2 + v % 2; i++) {
            const bool loop = v % 2 && i == 0;
            pairs[count][0] = v;
            pairs[count][1] = loop ? v : CENTRES + i * ((NODES - CENTRES) / CENTRES) + v;
            weights[count++] = 0.25 * (double)(1 + kith_i_random_below(&random, 16));
        }
    return test_graph(NODES, count, (const int64_t(*)[2])pairs, weighted ? weights : NULL);
}

/* The definition. */
static void expect_tally(const kith_graph *graph, const uint32_t *labels, uint32_t v,
                         const kith_i_near *near)
{
    double own = 0;
    int64_t met = 0;

    for (int64_t e = graph->offsets[v]; e < graph->offsets[v + 1]; e++) {
        const uint32_t u = graph->targets[e], c = labels[u];
        bool before = false;
        double weight = 0;
        if (u == v) continue;
        for (int64_t f = graph->offsets[v]; f < graph->offsets[v + 1]; f++) {
            if (graph->targets[f] == v || labels[graph->targets[f]] != c) continue;
            before |= f < e;
            weight += kith_i_weight(graph, f);
        }
        if (before) continue;
        if (c == labels[v]) {
            own = weight;
            continue;
        }
        assert_true(met < near->count);
        assert_int_equal(near->labels[met], c);
        assert_true(near->weights[met++] == weight);
    }
    assert_int_equal(met, near->count);
    assert_true(near->own == own);
}

static void every_way_counts_the_same(void **state)
{
    static const int64_t labels_of[] = { 1, 2, 5, 40, NODES };
    static uint32_t labels[NODES];
    kith_error err = { 0 };

    (void)state;
    for (int way = 0; way < 3; way++) { /* in registers where the machine can, by label, weighted */
        kith_graph *graph = rows_of_all_lengths(way == 2);
        kith_i_tally *tally = NULL;
        assert_kith(kith_i_tallies_new(1, graph, &tally, &err), err);
        if (way == 1) tally->count_short = NULL;
        for (size_t i = 0; i < sizeof labels_of / sizeof *labels_of; i++) {
            kith_i_random random = kith_i_random_at(2, i, 0);
            for (int64_t v = 0; v < NODES; v++)
                labels[v] = (uint32_t)kith_i_random_below(&random, (uint64_t)labels_of[i]);
            for (uint32_t v = 0; v < CENTRES; v++) {
                kith_i_near *near = &tally->near[v % 2];
                kith_i_tally_row(tally, graph, labels, v, near);
                expect_tally(graph, labels, v, near);
            }
        }
        for (int64_t c = 0; c < NODES; c++) assert_true(tally->by_label[c] == 0);
        kith_i_tallies_free(tally, 1);
        kith_graph_free(graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_counts_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
