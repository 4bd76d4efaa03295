/* Contingency tables against counting. */
#include "support/test.h"

#include "core/random.h"
#include "eval/contingency.h"

#include <stdlib.h>

enum { MOST = 64 };

/* Communities in the order of rows: the unassigned nodes, then the distinct labels, ascending. */
static int64_t ascending(const int64_t *labels, const int64_t *truth, int64_t n, int64_t *distinct)
{
    int64_t count = 0, last = -1;

    for (;;) {
        int64_t next = INT64_MAX;
        bool found = false;
        for (int64_t v = 0; v < n; v++) {
            if (truth[v] < 0 || labels[v] <= last) continue;
            if (labels[v] <= next) next = labels[v];
            found = true;
        }
        if (!found) return count;
        distinct[count++] = last = next;
    }
}

static void check_row(const kith_i_contingency *t, int64_t row, int64_t label,
                      const int64_t *labels, const int64_t *truth, int64_t n,
                      const int64_t *classes)
{
    int64_t sum = 0, at = t->offsets[row];

    for (int64_t c = 0; c < t->columns; c++) {
        int64_t count = 0;
        for (int64_t v = 0; v < n; v++) count += labels[v] == label && truth[v] == classes[c];
        sum += count;
        if (!count) continue;
        assert_int_equal(t->targets[at], c);
        assert_int_equal(t->counts[at++], count);
    }
    assert_int_equal(at, t->offsets[row + 1]);
    assert_int_equal(t->row_sums[row], sum);
}

static void check_table(const int64_t *labels, const int64_t *truth, int64_t n)
{
    int64_t communities[MOST], classes[MOST], known = 0, unassigned = 0;
    kith_i_contingency t;
    kith_error err = { 0 };

    assert_kith(kith_i_contingency_build(&t, n, labels, truth, &(kith_i_poll){ 0 }, &err), err);
    for (int64_t v = 0; v < n; v++) known += truth[v] >= 0;
    for (int64_t v = 0; v < n; v++) unassigned += truth[v] >= 0 && labels[v] < 0;
    assert_int_equal(t.nodes, known);
    assert_int_equal(t.unassigned, unassigned);
    assert_int_equal(t.columns, ascending(truth, truth, n, classes));
    assert_int_equal(t.rows, unassigned + ascending(labels, truth, n, communities));
    for (int64_t row = 0; row < unassigned; row++) {
        assert_int_equal(t.row_sums[row], 1);
        assert_int_equal(t.offsets[row + 1] - t.offsets[row], 1);
    }
    for (int64_t row = unassigned; row < t.rows; row++)
        check_row(&t, row, communities[row - unassigned], labels, truth, n, classes);
    for (int64_t c = 0; c < t.columns; c++) {
        int64_t sum = 0;
        for (int64_t e = 0; e < t.cells; e++) sum += t.targets[e] == c ? t.counts[e] : 0;
        assert_int_equal(t.column_sums[c], sum);
    }
    kith_i_contingency_clear(&t);
}

static void a_table_counts_the_nodes_of_each_pair_of_classes(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        kith_i_random r = kith_i_random_at(seed, 0, 0);
        const int64_t n = (int64_t)kith_i_random_below(&r, MOST);
        const uint64_t k = 1 + seed % 9;
        const int64_t stretch = seed % 3 ? 1 : INT64_C(1) << (seed % 60);
        int64_t labels[MOST], truth[MOST];
        for (int64_t v = 0; v < n; v++) {
            labels[v] = (int64_t)kith_i_random_below(&r, k + 1) - 1;
            truth[v] = (int64_t)kith_i_random_below(&r, k + 1) - 1;
            if (labels[v] > 0 && stretch < INT64_MAX / 16) labels[v] *= stretch;
        }
        check_table(labels, truth, n);
    }
}

static void labels_may_be_any_numbers(void **state)
{
    static const int64_t labels[] = { INT64_MAX, 0, INT64_MAX, 1, INT64_MAX - 1, -1, -1, 256 };
    static const int64_t truth[] = { 5, INT64_MAX, 5, INT64_MAX, 0, 0, -1, 65536 };

    (void)state;
    check_table(labels, truth, 8);
}

static void refuses_labels_below_minus_one(void **state)
{
    static const int64_t good[] = { 0, 1, 0 }, bad[] = { 0, -2, 0 };
    kith_i_contingency t;
    kith_error err;

    (void)state;
    assert_kith_fails(kith_i_contingency_build(&t, 3, bad, good, &(kith_i_poll){ 0 }, &err),
                      KITH_E_ARGUMENT, "node 1 has label -2 and truth 1", err);
    kith_i_contingency_clear(&t);
    assert_kith_fails(kith_i_contingency_build(&t, 3, good, bad, &(kith_i_poll){ 0 }, &err),
                      KITH_E_ARGUMENT, "node 1 has label 1 and truth -2", err);
    kith_i_contingency_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_counts_the_nodes_of_each_pair_of_classes),
        cmocka_unit_test(labels_may_be_any_numbers),
        cmocka_unit_test(refuses_labels_below_minus_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
