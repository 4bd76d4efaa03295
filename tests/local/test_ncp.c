/* The network community profile: against the published table of Zachary's club, brute force over
 * the queries it is made of, and closed forms. */
#include "support/graphs.h"

#include "kith/acl.h"
#include "kith/ncp.h"

#include "local/neighbourhoods.h"

#include <stdlib.h>

enum { MOST = 64 };

static kith_ncp_profile *ncp(const kith_graph *graph, const kith_ncp_options *options)
{
    kith_ncp_profile *profile = NULL;
    kith_error err = { 0 };

    assert_kith(kith_ncp(graph, options, &profile, &err), err);
    return profile;
}

/* Volume and cut of a set, from their definitions. */
static void measure(const kith_graph *graph, const bool *in, double *volume, double *cut)
{
    *volume = *cut = 0;
    for (int64_t v = 0; v < kith_graph_nodes(graph); v++)
        for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1]; e++) {
            const uint32_t u = kith_graph_targets(graph)[e];
            const double weight = kith_graph_weight(graph, e);
            if (!in[v]) continue;
            *volume += u == v ? 2 * weight : weight;
            if (!in[u]) *cut += weight;
        }
}

static void neighbourhoods_have_the_volume_and_cut_of_their_definition(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 12; i++) {
        const test_random what = { .nodes = 40, .density = 0.15, .weighted = i & 1, .loops = i & 2,
                                   .seed = i };
        kith_graph *graph = test_random_graph(&what);
        double volume[40], cut[40], v_volume, v_cut;
        kith_i_poll poll;
        kith_error err = { 0 };
        kith_i_poll_start(&poll, NULL);
        assert_kith(kith_i_neighbourhoods(graph, volume, cut, &poll, &err), err);
        for (int64_t v = 0; v < 40; v++) {
            bool in[40] = { false };
            in[v] = true;
            for (int64_t e = kith_graph_offsets(graph)[v]; e < kith_graph_offsets(graph)[v + 1];
                 e++)
                in[kith_graph_targets(graph)[e]] = true;
            measure(graph, in, &v_volume, &v_cut);
            assert_near(volume[v], v_volume, 1e-9);
            assert_near(cut[v], v_cut, 1e-9);
        }
        kith_graph_free(graph);
    }
}

/* The least conductance of each size over all prefixes of the queries from single nodes. */
static void profile_by_force(const kith_graph *graph, double alpha, double epsilon, double *best)
{
    const double total = 2 * test_total_weight(graph);
    kith_acl_options o = KITH_ACL_OPTIONS_INIT;

    o.alpha = alpha;
    o.epsilon = epsilon;
    o.query.round = KITH_ROUND_SUPPORT;
    for (int64_t seed = 0; seed < kith_graph_nodes(graph); seed++) {
        kith_cluster *c = NULL;
        kith_error err = { 0 };
        bool in[MOST] = { false };
        double volume, cut;
        o.query.seeds = (kith_nodes){ &seed, 1 };
        assert_kith(kith_acl(graph, &o, &c, &err), err);
        for (int64_t i = 0; i < kith_cluster_size(c); i++) {
            in[kith_cluster_nodes(c)[i]] = true;
            measure(graph, in, &volume, &cut);
            if (volume <= total / 2) best[i + 1] = fmin(best[i + 1], cut / volume);
        }
        kith_cluster_free(c);
    }
}

static void zachary_has_the_published_profile_or_a_better_one(void **state)
{
    static const double cut[] = { 0,  16, 4,  4,  5,  4,  12, 11, 11,
                                  16, 15, 14, 13, 13, 11, 10, 10, 11 };
    static const double volume[] = { 1,  16, 6,  10, 13, 16, 32, 33, 35,
                                     56, 59, 60, 59, 61, 61, 66, 76, 75 };
    kith_graph *karate = test_karate();
    kith_ncp_options o = KITH_NCP_OPTIONS_INIT;
    double published[MOST], both[MOST];

    (void)state;
    for (int i = 0; i < MOST; i++) published[i] = both[i] = INFINITY;
    profile_by_force(karate, 0.1, 1e-4, published);
    for (int size = 1; size <= 17; size++)
        assert_near(published[size], cut[size] / volume[size], 1e-12);

    o.alpha = 0.1;
    o.epsilon = 1e-4;
    o.bins = 0;
    o.from = KITH_NCP_NODES;
    kith_ncp_profile *profile = ncp(karate, &o);
    const kith_ncp_entry *entries = kith_ncp_profile_entries(profile);
    profile_by_force(karate, 0.1, 1e-4, both);
    profile_by_force(karate, 0.1, 1e-3, both);
    assert_int_equal(kith_ncp_profile_queries(profile), 2 * 34);
    for (int64_t i = 0; i < kith_ncp_profile_count(profile); i++) {
        assert_near(entries[i].conductance, both[entries[i].size], 1e-12);
        assert_true(entries[i].conductance <= published[entries[i].size] + 1e-12);
        assert_near(entries[i].conductance, entries[i].cut / entries[i].volume, 1e-15);
    }
    kith_ncp_profile_free(profile);

    o.from = KITH_NCP_BOTH;
    profile = ncp(karate, &o);
    assert_int_equal(kith_ncp_profile_queries(profile), 4 * 34);
    entries = kith_ncp_profile_entries(profile);
    for (int64_t i = 0; i < kith_ncp_profile_count(profile); i++)
        assert_true(entries[i].conductance <= both[entries[i].size] + 1e-12);
    kith_ncp_profile_free(profile);
    kith_graph_free(karate);
}

static void a_ring_of_cliques_dips_at_the_size_of_its_cliques(void **state)
{
    kith_graph *ring = test_cliques(30, 6, true);
    kith_ncp_options o = KITH_NCP_OPTIONS_INIT;
    double at_clique = 1, before = 1, after = 1;

    (void)state;
    o.bins = 0;
    kith_ncp_profile *profile = ncp(ring, &o);
    for (int64_t i = 0; i < kith_ncp_profile_count(profile); i++) {
        const kith_ncp_entry *e = kith_ncp_profile_entries(profile) + i;
        if (e->size == 5) before = e->conductance;
        if (e->size == 6) at_clique = e->conductance;
        if (e->size == 7) after = e->conductance;
    }
    assert_near(at_clique, 2.0 / 32, 1e-12); /* 15 edges inside, 2 out */
    assert_true(before > at_clique && after > at_clique);
    kith_ncp_profile_free(profile);
    kith_graph_free(ring);
}

static void bins_hold_the_best_of_their_sizes(void **state)
{
    kith_graph *ring = test_cliques(40, 5, true);
    kith_ncp_options o = KITH_NCP_OPTIONS_INIT;

    (void)state;
    o.bins = 0;
    kith_ncp_profile *all = ncp(ring, &o);
    o.bins = 3;
    kith_ncp_profile *binned = ncp(ring, &o);
    const kith_ncp_entry *a = kith_ncp_profile_entries(all), *b = kith_ncp_profile_entries(binned);
    int64_t i = 0;
    for (int64_t k = 0; k < kith_ncp_profile_count(binned); k++) {
        const double number = floor(3 * log10((double)b[k].size) + 1e-9);
        double least = 2;
        for (; i < kith_ncp_profile_count(all) &&
               floor(3 * log10((double)a[i].size) + 1e-9) <= number; i++)
            least = fmin(least, a[i].conductance);
        assert_true(b[k].conductance == least);
    }
    assert_int_equal(i, kith_ncp_profile_count(all));
    assert_true(kith_ncp_profile_count(binned) < kith_ncp_profile_count(all));
    kith_ncp_profile_free(all);
    kith_ncp_profile_free(binned);
    kith_graph_free(ring);
}

static void expect_same(const kith_ncp_profile *a, const kith_ncp_profile *b)
{
    assert_int_equal(kith_ncp_profile_count(a), kith_ncp_profile_count(b));
    assert_int_equal(kith_ncp_profile_queries(a), kith_ncp_profile_queries(b));
    for (int64_t i = 0; i < kith_ncp_profile_count(a); i++)
        assert_memory_equal(kith_ncp_profile_entries(a) + i, kith_ncp_profile_entries(b) + i,
                            sizeof(kith_ncp_entry));
}

static void threads_agree_and_seeds_sample(void **state)
{
    const test_random what = { .nodes = 200, .density = 0.04, .weighted = true, .seed = 5 };
    kith_graph *graph = test_random_graph(&what);
    kith_ncp_options o = KITH_NCP_OPTIONS_INIT;

    (void)state;
    o.queries = 40;
    o.run.threads = 1;
    kith_ncp_profile *one = ncp(graph, &o);
    assert_int_equal(kith_ncp_profile_queries(one), 40);
    for (o.run.threads = 2; o.run.threads <= 8; o.run.threads *= 2) {
        kith_ncp_profile *many = ncp(graph, &o);
        expect_same(one, many);
        kith_ncp_profile_free(many);
    }
    kith_ncp_profile_free(one);
    kith_graph_free(graph);
}

static int cancel(const kith_progress *progress, void *payload)
{
    (void)progress;
    return --*(int *)payload == 0;
}

static void it_is_cancelled_at_any_poll_and_ends_in_time(void **state)
{
    kith_graph *karate = test_karate();
    kith_ncp_options o = KITH_NCP_OPTIONS_INIT;
    kith_ncp_profile *profile;
    kith_status status = KITH_E_CANCELLED;
    kith_error err;

    (void)state;
    o.epsilon = 1e-3;
    o.queries = 20;
    o.run.interval = 0;
    o.run.progress = cancel;
    o.run.threads = 1;
    for (int last = 1; status == KITH_E_CANCELLED; last++) {
        int patience = last;
        o.run.payload = &patience;
        status = kith_ncp(karate, &o, &profile, &err);
        assert_true((status == KITH_OK) == (profile != NULL));
    }
    assert_int_equal(status, KITH_OK);
    kith_ncp_profile_free(profile);
    o.run.progress = NULL;
    o.run.time_limit = 1e-9;
    status = kith_ncp(karate, &o, &profile, &err);
    if (status == KITH_OK) assert_int_equal(kith_ncp_profile_stop(profile), KITH_STOP_TIME);
    else assert_int_equal(status, KITH_E_TIME);
    kith_ncp_profile_free(profile);
    kith_graph_free(karate);
}

static void takes_the_largest_component_or_nothing(void **state)
{
    static const int64_t pairs[][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 }, { 2, 3 }, { 5, 6 } };
    kith_graph *pieces = test_graph(8, 5, pairs, NULL), *bare = test_graph(4, 0, NULL, NULL);
    kith_ncp_options o = KITH_NCP_OPTIONS_INIT;

    (void)state;
    o.bins = 0;
    kith_ncp_profile *profile = ncp(pieces, &o);
    for (int64_t i = 0; i < kith_ncp_profile_count(profile); i++)
        assert_true(kith_ncp_profile_entries(profile)[i].conductance > 0);
    assert_true(kith_ncp_profile_count(profile) > 0);
    kith_ncp_profile_free(profile);
    profile = ncp(bare, NULL);
    assert_int_equal(kith_ncp_profile_count(profile), 0);
    kith_ncp_profile_free(profile);
    kith_graph_free(pieces);
    kith_graph_free(bare);
}

static void refuses_what_it_cannot_do(void **state)
{
    const test_random what = { .nodes = 20, .density = 0.2, .directed = true, .seed = 5 };
    kith_graph *directed = test_random_graph(&what), *karate = test_karate();
    kith_ncp_options o = KITH_NCP_OPTIONS_INIT;
    kith_ncp_profile *profile;
    kith_error err;

    (void)state;
    assert_kith_fails(kith_ncp(directed, NULL, &profile, &err), KITH_E_UNSUPPORTED, "is directed",
                      err);
    assert_kith_fails(kith_ncp(NULL, NULL, &profile, &err), KITH_E_ARGUMENT, "graph", err);
    o.alpha = 1;
    assert_kith_fails(kith_ncp(karate, &o, &profile, &err), KITH_E_ARGUMENT, "alpha is 1", err);
    assert_null(profile);
    kith_ncp_profile_free(NULL);
    kith_graph_free(directed);
    kith_graph_free(karate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbourhoods_have_the_volume_and_cut_of_their_definition),
        cmocka_unit_test(zachary_has_the_published_profile_or_a_better_one),
        cmocka_unit_test(a_ring_of_cliques_dips_at_the_size_of_its_cliques),
        cmocka_unit_test(bins_hold_the_best_of_their_sizes),
        cmocka_unit_test(threads_agree_and_seeds_sample),
        cmocka_unit_test(it_is_cancelled_at_any_poll_and_ends_in_time),
        cmocka_unit_test(takes_the_largest_component_or_nothing),
        cmocka_unit_test(refuses_what_it_cannot_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
