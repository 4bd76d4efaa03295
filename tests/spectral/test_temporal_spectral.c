/* Spectral clustering of events: published values of a school, and what repeats weigh. */
#include "support/embeddings.h"

static kith_partition *cluster(const kith_graph *graph, int repeats, int64_t k)
{
    kith_temporal_spectral_options o = KITH_TEMPORAL_SPECTRAL_OPTIONS_INIT;
    kith_partition *p = NULL;
    kith_error err = { 0 };

    o.spectral.k = k;
    o.repeats = repeats;
    assert_kith(kith_temporal_spectral(graph, &o, &p, &err), err);
    return p;
}

/* Contacts of a school: the nine classes are found exactly where pairs count once, with an accuracy
 * of 0.997 by the logarithm, and of 0.979 by the number of contacts. */
static void classes_of_a_school_are_found(void **state)
{
    static const double accuracy[] = { 0.997, 1, 0.979 };
    kith_graph *school = test_dataset("school");
    if (!school) skip();
    int64_t *labels = test_dataset_labels("school", school);

    (void)state;
    for (int repeats = 0; repeats < 3; repeats++) {
        kith_partition *p = cluster(school, repeats, 9);
        assert_near(test_agreement(p, labels).accuracy, accuracy[repeats], 0.004);
        kith_partition_free(p);
    }
    free(labels);
    kith_graph_free(school);
}

/* Two cliques of five, of which one pair across meets a million times. */
static kith_graph *with_one_loud_pair(void)
{
    int64_t pairs[32][2], m = 0;
    double weights[32];

    for (int64_t u = 0; u < 10; u++)
        for (int64_t v = u + 1; v < 10; v++) {
            if (u / 5 != v / 5 && (u != 0 || v != 5)) continue;
            pairs[m][0] = u;
            pairs[m][1] = v;
            weights[m++] = u / 5 == v / 5 ? 1 : 1e6;
        }
    return test_graph(10, m, (const int64_t(*)[2])pairs, weights);
}

static void who_meets_often_counts_once(void **state)
{
    kith_graph *graph = with_one_loud_pair();
    kith_partition *once = cluster(graph, KITH_REPEATS_ONCE, 2);
    kith_partition *sum = cluster(graph, KITH_REPEATS_SUM, 2);

    (void)state;
    for (int64_t v = 0; v < 10; v++) assert_int_equal(kith_partition_labels(once)[v], v / 5);
    assert_int_equal(kith_partition_labels(sum)[0], kith_partition_labels(sum)[5]);
    kith_partition_free(once);
    kith_partition_free(sum);
    kith_graph_free(graph);
}

/* Without repeats all three are what kith_spectral() finds. */
static void pairs_that_meet_once_are_any_other_graph(void **state)
{
    kith_graph *karate = test_karate();
    kith_spectral_options o = KITH_SPECTRAL_OPTIONS_INIT;
    kith_partition *plain = NULL;
    kith_error err = { 0 };

    (void)state;
    o.k = 2;
    o.restarts = 20;
    assert_kith(kith_spectral(karate, &o, &plain, &err), err);
    for (int repeats = 0; repeats < 3; repeats++) {
        kith_partition *p = cluster(karate, repeats, 2);
        for (int64_t v = 0; v < 34; v++)
            assert_int_equal(kith_partition_labels(p)[v], kith_partition_labels(plain)[v]);
        kith_partition_free(p);
    }
    kith_partition_free(plain);
    kith_graph_free(karate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_of_a_school_are_found),
        cmocka_unit_test(who_meets_often_counts_once),
        cmocka_unit_test(pairs_that_meet_once_are_any_other_graph),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
