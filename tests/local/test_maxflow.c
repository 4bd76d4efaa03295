/* Largest flows: against every cut of small networks, grown and from scratch, far-apart weights. */
#include "support/test.h"

#include "core/random.h"
#include "local/maxflow.h"

enum { MOST = 10, MOST_EDGES = 40 };

typedef struct {
    int nodes, edges;
    double supply[MOST], demand[MOST], weight[MOST_EDGES];
    uint32_t from[MOST_EDGES], to[MOST_EDGES];
} network;

static double draw(kith_i_random *r, bool whole)
{
    return whole ? (double)kith_i_random_below(r, 6) : 5 * kith_i_random_unit(r);
}

static network random_network(uint64_t seed)
{
    kith_i_random r = kith_i_random_at(seed, 0, 0);
    const bool whole = seed % 2;
    network n = { .nodes = 2 + (int)kith_i_random_below(&r, MOST - 1) };

    n.edges = (int)kith_i_random_below(&r, MOST_EDGES);
    for (int v = 0; v < n.nodes; v++) {
        const uint64_t kind = kith_i_random_below(&r, 4); /* either, neither or both */
        if (kind != 1) n.supply[v] = draw(&r, whole);
        if (kind != 2) n.demand[v] = draw(&r, whole);
    }
    for (int e = 0; e < n.edges; e++) {
        n.from[e] = (uint32_t)kith_i_random_below(&r, (uint64_t)n.nodes);
        do n.to[e] = (uint32_t)kith_i_random_below(&r, (uint64_t)n.nodes);
        while (n.to[e] == n.from[e]);
        n.weight[e] = draw(&r, whole);
    }
    return n;
}

/* The capacity of the cut whose source side is a bit set. */
static double cut_of(const network *n, uint32_t side, double scale)
{
    double cut = 0;

    for (int v = 0; v < n->nodes; v++) cut += side >> v & 1 ? n->demand[v] : n->supply[v];
    for (int e = 0; e < n->edges; e++)
        if ((side >> n->from[e] & 1) != (side >> n->to[e] & 1)) cut += n->weight[e] * scale;
    return cut;
}

/* The least cut, and the nodes that are on the source side of each one. */
static double least_cut(const network *n, double scale, uint32_t *always)
{
    double least = INFINITY;

    for (uint32_t side = 0; side < UINT32_C(1) << n->nodes; side++)
        least = fmin(least, cut_of(n, side, scale));
    *always = UINT32_MAX;
    for (uint32_t side = 0; side < UINT32_C(1) << n->nodes; side++)
        if (cut_of(n, side, scale) <= least + 1e-7) *always &= side;
    return least;
}

static void no_limit(kith_i_poll *poll)
{
    kith_i_poll_start(poll, NULL);
}

static void add_nodes(kith_i_maxflow *net, const network *n)
{
    assert_int_equal(kith_i_maxflow_nodes(net, n->nodes, NULL), KITH_OK);
    for (uint32_t v = 0; v < (uint32_t)n->nodes; v++) kith_i_maxflow_supply(net, v, n->supply[v]);
    for (uint32_t v = 0; v < (uint32_t)n->nodes; v++) kith_i_maxflow_demand(net, v, n->demand[v]);
}

static void add_edges(kith_i_maxflow *net, const network *n, int from, int to)
{
    for (int e = from; e < to; e++)
        assert_int_equal(kith_i_maxflow_edge(net, n->from[e], n->to[e], n->weight[e], NULL),
                         KITH_OK);
}

static void run(kith_i_maxflow *net)
{
    kith_i_poll poll;

    no_limit(&poll);
    assert_int_equal(kith_i_maxflow_run(net, &poll, NULL), KITH_OK);
}

static void assert_least(const kith_i_maxflow *net, const network *n, double scale)
{
    uint32_t always, reached = 0;
    const double least = least_cut(n, scale, &always);

    for (int64_t i = 0; i < net->reached; i++) reached |= UINT32_C(1) << net->queue[i];
    assert_near(net->value, least, 1e-7);
    assert_int_equal(reached, always);
}

static void flow_and_least_cut_agree_with_all_cuts_of_small_networks(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        const network n = random_network(seed);
        kith_i_maxflow net = { 0 };
        add_nodes(&net, &n);
        add_edges(&net, &n, 0, n.edges);
        run(&net);
        assert_least(&net, &n, 1);
        kith_i_maxflow_clear(&net);
    }
}

static void a_network_that_grows_ends_as_one_built_at_once(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        const network n = random_network(1000 + seed);
        network early = n;
        kith_i_maxflow net = { 0 };
        early.edges = n.edges / 2;
        add_nodes(&net, &n);
        add_edges(&net, &n, 0, early.edges);
        run(&net);
        assert_least(&net, &early, 1);
        add_edges(&net, &n, early.edges, n.edges);
        run(&net);
        assert_least(&net, &n, 1);
        kith_i_maxflow_rescale(&net, 1.75);
        run(&net);
        assert_least(&net, &n, 1.75);
        kith_i_maxflow_clear(&net);
    }
}

static void flow_is_conserved_and_within_capacities(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        const network n = random_network(2000 + seed);
        kith_i_maxflow net = { 0 };
        double kept[MOST];
        add_nodes(&net, &n);
        add_edges(&net, &n, 0, n.edges);
        run(&net);
        for (int v = 0; v < n.nodes; v++)
            kept[v] = (net.supply[v].capacity - net.supply[v].residual) -
                      (net.demand[v].capacity - net.demand[v].residual);
        for (int e = 0; e < n.edges; e++) {
            const double flow = (net.arc[2 * e + 1].residual - net.arc[2 * e].residual) / 2;
            assert_true(fabs(flow) <= n.weight[e] + 1e-9);
            kept[n.from[e]] -= flow;
            kept[n.to[e]] += flow;
        }
        for (int v = 0; v < n.nodes; v++) assert_near(kept[v], 0, 1e-7);
        kith_i_maxflow_clear(&net);
    }
}

static void weights_far_apart_neither_overflow_nor_vanish(void **state)
{
    static const double weights[] = { 1e300, 1e-300, 1e308, 1e-8, 3 };
    kith_i_maxflow net = { 0 };

    (void)state;
    for (int e = 0; e < 5; e++) {
        assert_int_equal(kith_i_maxflow_nodes(&net, 3, NULL), KITH_OK);
        kith_i_maxflow_supply(&net, 0, 7);
        kith_i_maxflow_demand(&net, 2, INFINITY);
        assert_int_equal(kith_i_maxflow_edge(&net, 0, 1, 1e308, NULL), KITH_OK);
        assert_int_equal(kith_i_maxflow_edge(&net, 1, 2, weights[e], NULL), KITH_OK);
        run(&net);
        assert_near(net.value, fmin(7, weights[e]), 1e-12 * fmin(7, weights[e]));
        kith_i_maxflow_rescale(&net, 1e10);
        run(&net);
        assert_near(net.value, fmin(7, 1e10 * weights[e]), 1e-8 * fmin(7, 1e10 * weights[e]));
        kith_i_maxflow_clear(&net);
    }
}

/* Node 0 to node LONG along a path. */
static void a_path_of_any_length_is_followed(void **state)
{
    enum { LONG = 200000 };
    kith_i_maxflow net = { 0 };

    (void)state;
    assert_int_equal(kith_i_maxflow_nodes(&net, LONG + 1, NULL), KITH_OK);
    kith_i_maxflow_supply(&net, 0, 2);
    kith_i_maxflow_demand(&net, LONG, 5);
    for (uint32_t v = 0; v < LONG; v++)
        assert_int_equal(kith_i_maxflow_edge(&net, v, v + 1, v == LONG / 2 ? 1.5 : 2, NULL),
                         KITH_OK);
    run(&net);
    assert_near(net.value, 1.5, 1e-12);
    assert_int_equal(net.reached, LONG / 2 + 1);
    kith_i_maxflow_clear(&net);
}

static int stop(const kith_progress *progress, void *payload)
{
    (void)progress;
    return ++*(int *)payload >= 3;
}

static void a_long_flow_can_be_cancelled_in_its_midst(void **state)
{
    enum { SIDE = 150 };
    kith_i_maxflow net = { 0 };
    kith_i_poll poll;
    kith_error err;
    int calls = 0;
    const kith_run limits = { .size = sizeof limits, .progress = stop, .payload = &calls };

    (void)state;
    assert_int_equal(kith_i_maxflow_nodes(&net, SIDE * SIDE, NULL), KITH_OK);
    for (uint32_t v = 0; v < SIDE; v++) kith_i_maxflow_supply(&net, v * SIDE, 9);
    for (uint32_t v = 0; v < SIDE; v++) kith_i_maxflow_demand(&net, v * SIDE + SIDE - 1, 9);
    for (uint32_t v = 0; v < SIDE * SIDE; v++) { /* a grid */
        const double weight = 1 + v % 7;
        if (v % SIDE < SIDE - 1)
            assert_int_equal(kith_i_maxflow_edge(&net, v, v + 1, weight, NULL), KITH_OK);
        if (v + SIDE < SIDE * SIDE)
            assert_int_equal(kith_i_maxflow_edge(&net, v, v + SIDE, weight, NULL), KITH_OK);
    }
    kith_i_poll_start(&poll, &limits);
    assert_kith_fails(kith_i_maxflow_run(&net, &poll, &err), KITH_E_CANCELLED,
                      "cancelled while finding the largest flow", err);
    assert_int_equal(calls, 3);
    run(&net); /* it goes on from there */
    double cut = 0, sent = 0;
    for (int64_t v = 0; v < SIDE; v++) sent += 9 - net.supply[v * SIDE].residual;
    for (int64_t i = 0; i < net.arcs; i += 2) {
        const bool from = net.level[net.arc[i + 1].to] != UINT32_MAX;
        const bool to = net.level[net.arc[i].to] != UINT32_MAX;
        if (from != to) cut += net.weight[i / 2];
    }
    for (int64_t v = 0; v < SIDE; v++) cut += net.level[v * SIDE] == UINT32_MAX ? 9 : 0;
    assert_near(net.value, sent, 1e-9);
    assert_near(net.value, cut, 1e-6);
    kith_i_maxflow_clear(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flow_and_least_cut_agree_with_all_cuts_of_small_networks),
        cmocka_unit_test(a_network_that_grows_ends_as_one_built_at_once),
        cmocka_unit_test(flow_is_conserved_and_within_capacities),
        cmocka_unit_test(weights_far_apart_neither_overflow_nor_vanish),
        cmocka_unit_test(a_path_of_any_length_is_followed),
        cmocka_unit_test(a_long_flow_can_be_cancelled_in_its_midst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
