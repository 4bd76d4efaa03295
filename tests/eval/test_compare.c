/* Agreement of partitions: each measure from its definition by trying everything, and against
 * scikit-learn and SciPy. */
#include "support/cases.h"
#include "support/golden.h"

#include "core/random.h"
#include "kith/eval.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 8 }; /* nodes of the graphs on which everything is tried */

static kith_comparison compare(int64_t nodes, const int64_t *labels, const int64_t *truth)
{
    kith_comparison c;
    kith_error err = { 0 };

    assert_kith(kith_compare(nodes, labels, truth, NULL, &c, &err), err);
    return c;
}

/* Two labellings without -1. */
typedef struct {
    int64_t n, a[MOST], b[MOST];
} pair_of_labels;

static double information(const pair_of_labels *p)
{
    const double n = (double)p->n;
    double sum = 0;

    for (int64_t u = 0; u < p->n; u++) { /* mean over the nodes of log(P(a, b) / P(a) P(b)) */
        double a = 0, b = 0, both = 0;
        for (int64_t v = 0; v < p->n; v++) {
            a += p->a[v] == p->a[u];
            b += p->b[v] == p->b[u];
            both += p->a[v] == p->a[u] && p->b[v] == p->b[u];
        }
        sum += log(n * both / (a * b)) / n;
    }
    return sum;
}

static double entropy(const int64_t *labels, int64_t n)
{
    pair_of_labels p = { .n = n };

    for (int64_t v = 0; v < n; v++) p.a[v] = p.b[v] = labels[v];
    return information(&p);
}

/* Pairs of nodes that both labellings keep together. */
static double together(const pair_of_labels *p)
{
    double pairs = 0;

    for (int64_t u = 0; u < p->n; u++)
        for (int64_t v = 0; v < u; v++) pairs += p->a[u] == p->a[v] && p->b[u] == p->b[v];
    return pairs;
}

/* The mean of a measure over all orders of the first labelling, by swapping from position i on. */
static double mean_over_orders(pair_of_labels *p, int64_t i,
                               double (*measure)(const pair_of_labels *))
{
    double sum = 0;

    if (i >= p->n - 1) return measure(p);
    for (int64_t j = i; j < p->n; j++) {
        const int64_t x = p->a[i];
        p->a[i] = p->a[j];
        p->a[j] = x;
        sum += mean_over_orders(p, i + 1, measure);
        p->a[j] = p->a[i];
        p->a[i] = x;
    }
    return sum / (double)(p->n - i);
}

static pair_of_labels random_pair(uint64_t seed)
{
    kith_i_random r = kith_i_random_at(seed, 1, 0);
    pair_of_labels p = { .n = 2 + (int64_t)(seed % 6) };

    for (int64_t v = 0; v < p.n; v++) {
        p.a[v] = (int64_t)kith_i_random_below(&r, 1 + seed / 2 % 4);
        p.b[v] = (int64_t)kith_i_random_below(&r, 1 + seed / 3 % 4);
    }
    return p;
}

/* value = numerator / denominator, but for 0 / 0. */
static void assert_ratio(double value, double numerator, double denominator)
{
    if (fabs(denominator) > 1e-9) assert_near(value, numerator / denominator, 1e-12);
}

static void information_is_its_definition_and_its_mean_over_all_orders(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 120; seed++) {
        pair_of_labels p = random_pair(seed);
        const kith_comparison c = compare(p.n, p.a, p.b);
        const double i = information(&p), h = entropy(p.a, p.n), g = entropy(p.b, p.n);
        const double expected = mean_over_orders(&p, 0, information);
        assert_int_equal(c.nodes, p.n);
        assert_near(c.mutual_information, i, 1e-12);
        assert_ratio(c.nmi, i, (h + g) / 2);
        assert_ratio(c.nmi_geometric, i, sqrt(h * g));
        assert_ratio(c.nmi_min, i, fmin(h, g));
        assert_ratio(c.nmi_max, i, fmax(h, g));
        assert_ratio(c.ami, i - expected, (h + g) / 2 - expected);
    }
}

static void ari_is_its_definition_with_the_mean_over_all_orders(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 120; seed++) {
        pair_of_labels p = random_pair(seed), a = p, b = p;
        const kith_comparison c = compare(p.n, p.a, p.b);
        memcpy(a.b, a.a, sizeof a.a);
        memcpy(b.a, b.b, sizeof b.b);
        const double index = together(&p), most = (together(&a) + together(&b)) / 2;
        const double expected = mean_over_orders(&p, 0, together);
        assert_ratio(c.ari, index - expected, most - expected);
    }
}

/* What a matching comes to: nodes that agree, and the sum of F1 over the classes. */
typedef struct {
    double matched, f1;
} score;

static score cell_score(const pair_of_labels *p, int64_t community, int64_t class)
{
    double both = 0, either = 0;

    for (int64_t v = 0; v < p->n; v++) {
        both += p->a[v] == community && p->b[v] == class;
        either += (p->a[v] == community) + (p->b[v] == class);
    }
    return either > 0 ? (score){ both, 2 * both / either } : (score){ 0, 0 };
}

/* The best matching of communities c, c + 1, ... with classes not taken; F1 settles ties. */
static score best_matching(const pair_of_labels *p, int64_t c, unsigned taken)
{
    if (c == MOST) return (score){ 0, 0 };
    score best = best_matching(p, c + 1, taken);
    for (int64_t class = 0; class < 4; class++) {
        if (taken >> class & 1) continue;
        const score cell = cell_score(p, c, class);
        if (cell.matched == 0) continue;
        const score rest = best_matching(p, c + 1, taken | 1u << class);
        const score all = { cell.matched + rest.matched, cell.f1 + rest.f1 };
        if (all.matched > best.matched || (all.matched == best.matched && all.f1 > best.f1))
            best = all;
    }
    return best;
}

static void accuracy_and_f1_are_those_of_the_best_of_all_matchings(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        const pair_of_labels p = random_pair(seed);
        const kith_comparison c = compare(p.n, p.a, p.b);
        const score best = best_matching(&p, 0, 0);
        unsigned classes = 0;
        for (int64_t v = 0; v < p.n; v++) classes |= 1u << p.b[v];
        assert_near(c.accuracy, best.matched / (double)p.n, 1e-12);
        assert_near(c.f1_macro, best.f1 / (double)__builtin_popcount(classes), 1e-12);
    }
}

static void check_measure(const test_case *c, const char *measure, double value)
{
    char key[96];

    snprintf(key, sizeof key, "%s/%s", c->name, measure);
    const test_golden row = golden_row("eval.csv", key);
    if (!(fabs(value - row.value) <= row.tolerance))
        fail_msg("%s is %.17g (expected %.17g)", key, value, row.value);
}

static void case_agrees(const test_case *c)
{
    const kith_comparison m = compare(kith_graph_nodes(c->graph), c->labels, c->truth);

    check_measure(c, "mutual_information", m.mutual_information);
    check_measure(c, "nmi", m.nmi);
    check_measure(c, "nmi_geometric", m.nmi_geometric);
    check_measure(c, "nmi_min", m.nmi_min);
    check_measure(c, "nmi_max", m.nmi_max);
    check_measure(c, "ami", m.ami);
    check_measure(c, "ari", m.ari);
    check_measure(c, "accuracy", m.accuracy);
    check_measure(c, "f1_macro", m.f1_macro);
}

static void measures_are_those_of_scikit_learn_on_twenty_graphs(void **state)
{
    (void)state;
    assert_int_equal(test_for_cases("eval-graphs.txt", case_agrees), 20);
}

static void assert_all(const kith_comparison *c, double value)
{
    assert_near(c->nmi, value, 0);
    assert_near(c->nmi_geometric, value, 0);
    assert_near(c->nmi_min, value, 0);
    assert_near(c->nmi_max, value, 0);
    assert_near(c->ami, value, 0);
    assert_near(c->ari, value, 0);
}

static void the_same_partition_scores_one_under_any_numbers(void **state)
{
    static const int64_t labels[][4] = {
        { 0, 0, 0, 0 }, { 0, 1, 2, 3 }, { 0, 0, 1, 1 }, { 3, 1, 1, 1 }
    };
    static const int64_t truths[][4] = {
        { 7, 7, 7, 7 }, { 3, 9, 1, 0 }, { 5, 5, 0, 0 }, { 0, 8, 8, 8 }
    };

    (void)state;
    for (int64_t n = 1; n <= 4; n++)
        for (int i = 0; i < 4; i++) {
            const kith_comparison c = compare(n, labels[i], truths[i]);
            assert_all(&c, 1);
            assert_near(c.accuracy, 1, 0);
            assert_near(c.f1_macro, 1, 0);
        }
}

static void a_trivial_partition_says_nothing_of_another(void **state)
{
    static const int64_t one[] = { 0, 0, 0, 0, 0, 0 }, two[] = { 0, 0, 0, 1, 1, 1 };

    (void)state;
    const kith_comparison c = compare(6, one, two), d = compare(6, two, one);
    assert_all(&c, 0);
    assert_all(&d, 0);
    assert_near(c.accuracy, 0.5, 0);
    assert_near(c.f1_macro, 2.0 / 3 / 2, 1e-15); /* 2 * 3 / (6 + 3), and 0 */
    assert_near(d.f1_macro, 2.0 / 3, 1e-15);
}

static void without_a_known_truth_every_measure_is_nan(void **state)
{
    static const int64_t labels[] = { 0, 1, -1 }, unknown[] = { -1, -1, -1 };

    (void)state;
    for (int64_t n = 0; n <= 3; n += 3) {
        const kith_comparison c = compare(n, labels, unknown);
        assert_int_equal(c.nodes, 0);
        assert_true(isnan(c.mutual_information) && isnan(c.nmi) && isnan(c.nmi_geometric));
        assert_true(isnan(c.nmi_min) && isnan(c.nmi_max) && isnan(c.ami) && isnan(c.ari));
        assert_true(isnan(c.accuracy) && isnan(c.f1_macro));
    }
}

static void nodes_of_unknown_truth_are_left_out(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        const pair_of_labels p = random_pair(seed);
        int64_t labels[2 * MOST], truth[2 * MOST];
        for (int64_t v = 0; v < p.n; v++) {
            labels[2 * v] = p.a[v];
            truth[2 * v] = p.b[v];
            labels[2 * v + 1] = (int64_t)(seed % 4) - 1;
            truth[2 * v + 1] = -1;
        }
        const kith_comparison c = compare(p.n, p.a, p.b), d = compare(2 * p.n, labels, truth);
        assert_memory_equal(&c, &d, sizeof c);
    }
}

static void an_unassigned_node_is_alone_and_never_matched(void **state)
{
    static const int64_t labels[] = { -1, 0, 0, -1, 1, 1 }, alone[] = { 2, 0, 0, 3, 1, 1 };
    static const int64_t truth[] = { 2, 0, 0, 3, 1, 1 };

    (void)state;
    const kith_comparison c = compare(6, labels, truth), d = compare(6, alone, truth);
    assert_near(c.nmi, d.nmi, 0);
    assert_near(c.ami, d.ami, 0);
    assert_near(c.ari, d.ari, 0);
    assert_near(d.accuracy, 1, 0);
    assert_near(c.accuracy, 4.0 / 6, 1e-15);
    assert_near(c.f1_macro, 2.0 / 4, 1e-15);
}

static void measures_are_symmetric_where_they_should_be(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        const pair_of_labels p = random_pair(seed);
        const kith_comparison c = compare(p.n, p.a, p.b), d = compare(p.n, p.b, p.a);
        assert_near(c.mutual_information, d.mutual_information, 1e-14);
        assert_near(c.ami, d.ami, 1e-12);
        assert_near(c.ari, d.ari, 1e-14);
        assert_near(c.accuracy, d.accuracy, 0);
    }
}

static void two_hundred_thousand_classes_need_no_table_of_their_square(void **state)
{
    /* Pairs against the same pairs shifted by one: every community touches two classes. */
    enum { N = 400000 };
    int64_t *labels = malloc(N * sizeof *labels), *truth = malloc(N * sizeof *truth);

    (void)state;
    for (int64_t v = 0; v < N; v++) {
        labels[v] = v / 2;
        truth[v] = (v + 1) / 2 % (N / 2);
    }
    const kith_comparison c = compare(N, labels, truth);
    assert_near(c.accuracy, 0.5, 0); /* around the ring */
    assert_near(c.f1_macro, 0.5, 1e-12);
    assert_near(c.mutual_information, log(N / 4.0), 1e-9);
    assert_near(c.ari, 0, 1e-5);
    free(labels);
    free(truth);
}

static void refuses_what_it_cannot_compare(void **state)
{
    static const int64_t labels[] = { 0, 1 }, bad[] = { 0, -3 };
    kith_comparison c;
    kith_error err;

    (void)state;
    assert_kith_fails(kith_compare(2, labels, labels, NULL, NULL, &err), KITH_E_ARGUMENT, "out",
                      err);
    assert_kith_fails(kith_compare(-1, labels, labels, NULL, &c, &err), KITH_E_ARGUMENT,
                      "nodes is -1", err);
    assert_kith_fails(kith_compare(2, NULL, labels, NULL, &c, &err), KITH_E_ARGUMENT, "labels",
                      err);
    assert_kith_fails(kith_compare(2, labels, NULL, NULL, &c, &err), KITH_E_ARGUMENT, "truth", err);
    assert_kith_fails(kith_compare(2, bad, labels, NULL, &c, &err), KITH_E_ARGUMENT, "label -3",
                      err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(information_is_its_definition_and_its_mean_over_all_orders),
        cmocka_unit_test(ari_is_its_definition_with_the_mean_over_all_orders),
        cmocka_unit_test(accuracy_and_f1_are_those_of_the_best_of_all_matchings),
        cmocka_unit_test(measures_are_those_of_scikit_learn_on_twenty_graphs),
        cmocka_unit_test(the_same_partition_scores_one_under_any_numbers),
        cmocka_unit_test(a_trivial_partition_says_nothing_of_another),
        cmocka_unit_test(without_a_known_truth_every_measure_is_nan),
        cmocka_unit_test(nodes_of_unknown_truth_are_left_out),
        cmocka_unit_test(an_unassigned_node_is_alone_and_never_matched),
        cmocka_unit_test(measures_are_symmetric_where_they_should_be),
        cmocka_unit_test(two_hundred_thousand_classes_need_no_table_of_their_square),
        cmocka_unit_test(refuses_what_it_cannot_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
