/* Random graphs of given degrees: every graph that has them, as often as another, by enumeration of
 * small ones; and what is left when none has. */
#include "support/test.h"

#include "generate/wiring.h"

#include <stdlib.h>

enum { MOST = 6, PAIRS = MOST * (MOST - 1) / 2 };

static const uint32_t all[] = { 0, 1, 2, 3, 4, 5 };

/* Wires the nodes 0 .. count - 1; the edges are the caller's. Returns how many found no place. */
static int64_t wire(int64_t count, const uint32_t *nodes, const uint32_t *degree,
                    const uint32_t *groups, uint64_t seed, uint32_t (**edges)[2], int64_t *number)
{
    const kith_run run = KITH_RUN_INIT(kith_run);
    kith_i_poll poll;
    kith_i_wiring w = { .poll = &poll, .stage = "wiring", .asks = true, .groups = groups };
    kith_error err = { 0 };
    int64_t sum = 0;

    for (int64_t i = 0; i < count; i++) sum += degree[nodes[i]];
    *number = sum / 2;
    uint32_t *sources = malloc((size_t)sum * 4 + 4), *targets = malloc((size_t)sum * 4 + 4);
    kith_i_poll_start(&poll, &run);
    assert_kith(kith_i_wiring_init(&w, *number, &err), err);
    const int64_t lost = kith_i_wire(&w, nodes, count, degree, kith_i_random_at(seed, 0, 0),
                                     sources, targets);
    *edges = malloc((size_t)sum * 4 + 8);
    for (int64_t e = 0; e < *number; e++) {
        (*edges)[e][0] = sources[e];
        (*edges)[e][1] = targets[e];
    }
    kith_i_wiring_clear(&w);
    free(sources);
    free(targets);
    return lost;
}

static int pair_number(uint32_t u, uint32_t v)
{
    return u > v ? (int)(u * (u - 1) / 2 + v) : (int)(v * (v - 1) / 2 + u);
}

/* Whether the graph whose edges are the bits of `mask` has these degrees, and no edge in a
 * group. */
static bool fits(unsigned mask, const uint32_t *degree, const uint32_t *groups)
{
    uint32_t have[MOST] = { 0 };

    for (uint32_t u = 0; u < MOST; u++)
        for (uint32_t v = 0; v < u; v++) {
            if (!(mask >> pair_number(u, v) & 1)) continue;
            if (groups && groups[u] == groups[v]) return false;
            have[u]++;
            have[v]++;
        }
    for (int u = 0; u < MOST; u++)
        if (have[u] != degree[u]) return false;
    return true;
}

/* Draws graphs, and compares their numbers with the uniform law over all that fit. */
static void assert_uniform(const uint32_t degree[MOST], const uint32_t *groups, int64_t graphs)
{
    enum { DRAWS = 20000 };
    int64_t *count = calloc(1 << PAIRS, sizeof *count), fitting = 0, edges;
    double chi = 0;

    for (unsigned mask = 0; mask < 1 << PAIRS; mask++) fitting += fits(mask, degree, groups);
    if (graphs) assert_int_equal(fitting, graphs);
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        uint32_t (*edge)[2];
        unsigned mask = 0;
        assert_int_equal(wire(MOST, all, degree, groups, seed, &edge, &edges), 0);
        for (int64_t e = 0; e < edges; e++) mask |= 1u << pair_number(edge[e][0], edge[e][1]);
        free(edge);
        assert_true(fits(mask, degree, groups));
        count[mask]++;
    }
    const double each = (double)DRAWS / (double)fitting, freedom = (double)fitting - 1;
    for (unsigned mask = 0; mask < 1 << PAIRS; mask++)
        if (fits(mask, degree, groups)) chi += pow((double)count[mask] - each, 2) / each;
    if (chi > freedom + 5 * sqrt(2 * freedom) + 1e-9)
        fail_msg("chi square is %.1f for %.0f degrees of freedom", chi, freedom);
    free(count);
}

static void draws_every_sparse_graph_as_often_as_another(void **state)
{
    (void)state; /* perfect matchings; 60 hexagons and 10 pairs of triangles */
    assert_uniform((const uint32_t[]){ 1, 1, 1, 1, 1, 1 }, NULL, 15);
    assert_uniform((const uint32_t[]){ 2, 2, 2, 2, 2, 2 }, NULL, 70);
    assert_uniform((const uint32_t[]){ 3, 3, 2, 2, 1, 1 }, NULL, 0);
    assert_uniform((const uint32_t[]){ 4, 2, 2, 2, 1, 1 }, NULL, 0);
}

static void draws_every_dense_graph_as_often_as_another(void **state)
{
    (void)state;
    assert_uniform((const uint32_t[]){ 3, 3, 3, 3, 3, 3 }, NULL, 70); /* complements of the above */
    assert_uniform((const uint32_t[]){ 4, 4, 4, 4, 4, 4 }, NULL, 15);
    assert_uniform((const uint32_t[]){ 5, 5, 5, 5, 5, 5 }, NULL, 1);
    assert_uniform((const uint32_t[]){ 5, 4, 3, 3, 3, 2 }, NULL, 0);
}

static void keeps_groups_apart(void **state)
{
    static const uint32_t halves[] = { 0, 0, 0, 1, 1, 1 }, thirds[] = { 0, 1, 2, 0, 1, 2 };

    (void)state;
    assert_uniform((const uint32_t[]){ 1, 1, 1, 1, 1, 1 }, halves, 6);
    assert_uniform((const uint32_t[]){ 2, 2, 2, 2, 2, 2 }, halves, 6);
    assert_uniform((const uint32_t[]){ 3, 3, 3, 3, 3, 3 }, halves, 1);
    assert_uniform((const uint32_t[]){ 2, 2, 2, 2, 2, 2 }, thirds, 0);
    assert_uniform((const uint32_t[]){ 4, 4, 4, 4, 4, 4 }, thirds, 1); /* the octahedron */
}

static void finds_the_only_graph_of_a_threshold_sequence(void **state)
{
    (void)state; /* joined when i + j exceeds 6, numbered 1 to 6 */
    assert_uniform((const uint32_t[]){ 1, 2, 3, 3, 4, 5 }, NULL, 1);
    assert_uniform((const uint32_t[]){ 5, 1, 1, 1, 1, 1 }, NULL, 1);
    assert_uniform((const uint32_t[]){ 5, 5, 2, 2, 2, 2 }, NULL, 1);
}

static void leaves_out_as_few_as_it_must_when_no_graph_fits(void **state)
{
    /* Three of five neighbours and three of one: whatever the graph, the three find at most two
     * among themselves and one beyond, nine ends of fifteen; with the other three that is six
     * edges. */
    static const uint32_t degree[] = { 5, 5, 5, 1, 1, 1 };

    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        uint32_t (*edge)[2], have[MOST] = { 0 };
        int64_t edges;
        bool there[PAIRS] = { false };
        assert_int_equal(wire(MOST, all, degree, NULL, seed, &edge, &edges), 3);
        assert_int_equal(edges, 9);
        for (int64_t e = 0; e < edges; e++) {
            if (edge[e][0] == edge[e][1]) continue; /* has no place */
            assert_false(there[pair_number(edge[e][0], edge[e][1])]);
            there[pair_number(edge[e][0], edge[e][1])] = true;
            have[edge[e][0]]++;
            have[edge[e][1]]++;
        }
        for (int v = 0; v < MOST; v++) assert_true(have[v] <= degree[v]);
        free(edge);
    }
}

static void gives_up_where_a_group_has_most_ends(void **state)
{
    static const uint32_t groups[] = { 0, 0, 0, 0, 1, 1 }, degree[] = { 1, 1, 1, 1, 1, 1 };

    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        uint32_t (*edge)[2];
        int64_t edges;
        assert_int_equal(wire(MOST, all, degree, groups, seed, &edge, &edges), 1);
        free(edge);
    }
}

static void no_degrees_give_no_edges(void **state)
{
    static const uint32_t degree[MOST] = { 0 };
    uint32_t (*edge)[2];
    int64_t edges;

    (void)state;
    assert_int_equal(wire(MOST, all, degree, NULL, 0, &edge, &edges), 0);
    assert_int_equal(edges, 0);
    free(edge);
    assert_int_equal(wire(1, all, degree, NULL, 0, &edge, &edges), 0);
    free(edge);
}

static void a_set_of_pairs_holds_what_was_added_and_not_removed(void **state)
{
    enum { NODES = 12, CHANGES = 20000 };
    bool there[NODES][NODES] = { { false } };
    kith_i_random random = kith_i_random_at(1, 2, 3);
    uint64_t slots[64];
    kith_i_pair_set set = { slots, 0 };
    int64_t count = 0;

    (void)state;
    set.count = (uint64_t)kith_i_pair_slots(20);
    assert_true(set.count <= 64);
    memset(slots, 0xff, sizeof slots);
    for (int i = 0; i < CHANGES; i++) {
        const uint32_t u = (uint32_t)kith_i_random_below(&random, NODES);
        const uint32_t v = (uint32_t)((u + 1 + kith_i_random_below(&random, NODES - 1)) % NODES);
        bool *here = u < v ? &there[u][v] : &there[v][u];
        assert_int_equal(kith_i_pair_has(&set, kith_i_pair(u, v)), *here);
        if (*here) {
            kith_i_pair_remove(&set, kith_i_pair(v, u));
        } else if (count < 50) { /* fuller than it ever is, so that probing is long */
            assert_true(kith_i_pair_add(&set, kith_i_pair(u, v)));
            assert_false(kith_i_pair_add(&set, kith_i_pair(v, u)));
        } else {
            continue;
        }
        count += *here ? -1 : 1;
        *here = !*here;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_every_sparse_graph_as_often_as_another),
        cmocka_unit_test(draws_every_dense_graph_as_often_as_another),
        cmocka_unit_test(keeps_groups_apart),
        cmocka_unit_test(finds_the_only_graph_of_a_threshold_sequence),
        cmocka_unit_test(leaves_out_as_few_as_it_must_when_no_graph_fits),
        cmocka_unit_test(gives_up_where_a_group_has_most_ends),
        cmocka_unit_test(no_degrees_give_no_edges),
        cmocka_unit_test(a_set_of_pairs_holds_what_was_added_and_not_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
