/* Agreement of two partitions: information, pairs, matching.
 *
 *   n        nodes                     nodes
 *   N_ab     nodes in a and in b       counts
 *   a, b     sizes                     row_sums, column_sums
 *
 * Information in nats; H the entropy, I the mutual information, E{I} its mean over all partitions
 * with the same sizes [Vinh2010]:
 *
 *   I = sum N_ab / n log(n N_ab / a b),   nmi = I / mean(H),   ami = (I - E{I}) / (mean(H) - E{I})
 *
 * Partitions that are the same but for their numbering score 1 in all of these and in ari; that
 * settles every 0 / 0 but one: where a single one of the partitions is trivial, I = 0 and so is the
 * score. */
#include "kith/eval.h"

#include "eval/contingency.h"
#include "eval/hungarian.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double entropy(const int64_t *sums, int64_t count, double n)
{
    double h = 0;

    for (int64_t i = 0; i < count; i++) h += (double)sums[i] / n * log(n / (double)sums[i]);
    return h;
}

static double mutual_information(const kith_i_contingency *t)
{
    const double n = (double)t->nodes;
    double sum = 0;

    for (int64_t row = 0; row < t->rows; row++)
        for (int64_t e = t->offsets[row]; e < t->offsets[row + 1]; e++) {
            const double count = (double)t->counts[e];
            const double b = (double)t->column_sums[t->targets[e]];
            sum += count / n * log(count / (double)t->row_sums[row] * (n / b));
        }
    return sum > 0 ? sum : 0; /* rounding */
}

/* How many classes have this size. */
typedef struct {
    int64_t size, times;
} size_class;

static int by_size(const void *x, const void *y)
{
    const size_class *a = x, *b = y;

    return a->size < b->size ? -1 : a->size > b->size;
}

/* The distinct sizes; there are at most sqrt(2 n) of them. */
static kith_status distinct_sizes(const int64_t *sums, int64_t count, size_class **out,
                                  int64_t *distinct, kith_error *err)
{
    kith_status status = KITH_OK;
    size_class *s = NULL;
    int64_t kept = 0;

    KITH_TRY(kith_i_alloc(&s, count, sizeof *s, err));
    for (int64_t i = 0; i < count; i++) s[i] = (size_class){ sums[i], 1 };
    qsort(s, (size_t)count, sizeof *s, by_size);
    for (int64_t i = 0; i < count; i++) {
        if (kept && s[kept - 1].size == s[i].size) s[kept - 1].times++;
        else s[kept++] = s[i];
    }
    *distinct = kept;

done:
    *out = s;
    return status;
}

/* Mean of x/n log(n x / a b) for the overlap x of two random sets of a and b among n nodes. Its law
 * is hypergeometric. The probabilities are taken relative to the likeliest x, by their ratios, and
 * divided by their sum: no factorial of n, whose logarithm would cost digits. */
static double expected_term(double a, double b, double n)
{
    const double negligible = 1e-40, neither = n - a - b;
    const double least = fmax(0, -neither), most = fmin(a, b);
    const double mode = fmin(most, fmax(least, floor((a + 1) * (b + 1) / (n + 2))));
    double mass = 0, sum = 0, p = 1;

    for (double x = mode; x <= most && p > negligible; x++) {
        mass += p;
        if (x > 0) sum += p * x * log(x / a * (n / b));
        p *= (a - x) / (x + 1) * ((b - x) / (neither + x + 1));
    }
    p = 1;
    for (double x = mode; x > least; x--) {
        p *= x / (a - x + 1) * ((neither + x) / (b - x + 1));
        if (p < negligible) break;
        mass += p;
        if (x > 1) sum += p * (x - 1) * log((x - 1) / a * (n / b));
    }
    return sum / mass / n;
}

/* E{I} of [Vinh2010 eq. 24a], each pair of sizes taken once. */
static kith_status expected_information(const kith_i_contingency *t, kith_i_poll *poll, double *out,
                                        kith_error *err)
{
    kith_status status = KITH_OK;
    size_class *a = NULL, *b = NULL;
    int64_t as = 0, bs = 0;
    double sum = 0;

    KITH_TRY(distinct_sizes(t->row_sums, t->rows, &a, &as, err));
    KITH_TRY(distinct_sizes(t->column_sums, t->columns, &b, &bs, err));
    for (int64_t i = 0; i < as; i++)
        for (int64_t j = 0; j < bs; j++) {
            KITH_TRY(kith_i_poll_check(poll, "comparing", (double)i / (double)as, err));
            sum += (double)a[i].times * (double)b[j].times *
                   expected_term((double)a[i].size, (double)b[j].size, (double)t->nodes);
        }
    *out = sum;

done:
    kith_i_free(a);
    kith_i_free(b);
    return status;
}

static bool same_partition(const kith_i_contingency *t)
{
    return t->cells == t->rows && t->cells == t->columns;
}

/* I over a mean of the entropies. */
static double normalised(double information, double mean)
{
    return mean > 0 ? fmin(information / mean, 1) : 0;
}

static kith_status compare_information(const kith_i_contingency *t, kith_i_poll *poll,
                                       kith_comparison *c, kith_error *err)
{
    kith_status status = KITH_OK;
    const double h = entropy(t->row_sums, t->rows, (double)t->nodes);
    const double g = entropy(t->column_sums, t->columns, (double)t->nodes);
    const double mi = mutual_information(t);
    double expected;

    c->mutual_information = mi;
    c->nmi = normalised(mi, (h + g) / 2);
    c->nmi_geometric = normalised(mi, sqrt(h * g));
    c->nmi_min = normalised(mi, fmin(h, g));
    c->nmi_max = normalised(mi, fmax(h, g));
    if (same_partition(t)) {
        c->nmi = c->nmi_geometric = c->nmi_min = c->nmi_max = c->ami = 1;
    } else {
        KITH_TRY(expected_information(t, poll, &expected, err));
        c->ami = (mi - expected) / ((h + g) / 2 - expected);
    }

done:
    return status;
}

/* The pairs of nodes within each of the groups. */
static double pairs_within(const int64_t *sums, int64_t count)
{
    double pairs = 0;

    for (int64_t i = 0; i < count; i++) pairs += (double)sums[i] * (double)(sums[i] - 1) / 2;
    return pairs;
}

/* [Hubert1985 eq. 5] */
static double adjusted_rand(const kith_i_contingency *t)
{
    const double a = pairs_within(t->row_sums, t->rows);
    const double b = pairs_within(t->column_sums, t->columns);
    const double expected = a * b / pairs_within(&t->nodes, 1);

    if (same_partition(t)) return 1;
    return (pairs_within(t->counts, t->cells) - expected) / ((a + b) / 2 - expected);
}

/* F1 of a community as an answer for a class: 2 N_ab / (a + b). */
static double f1(const kith_i_contingency *t, int64_t row, int64_t cell)
{
    return 2 * (double)t->counts[cell] /
           (double)(t->row_sums[row] + t->column_sums[t->targets[cell]]);
}

/* What a cell is worth to the matching: its count, and then its F1, so that among the matchings of
 * the best accuracy one of the best F1 is chosen and neither depends on how classes are numbered.
 */
static void weigh(const kith_i_contingency *t, int64_t *weights)
{
    const int64_t unit = (INT64_C(1) << 61) / (t->nodes + 1);
    const double share = (double)unit / (double)(t->columns + 1);

    for (int64_t row = 0; row < t->rows; row++)
        for (int64_t e = t->offsets[row]; e < t->offsets[row + 1]; e++)
            weights[e] = t->counts[e] * unit + (int64_t)(share * f1(t, row, e));
}

static kith_status compare_matched(const kith_i_contingency *t, kith_i_poll *poll,
                                   kith_comparison *c, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t *weights = NULL, *column_of = NULL, matched = 0;
    double sum = 0;

    KITH_TRY(kith_i_alloc(&weights, t->cells, sizeof *weights, err));
    KITH_TRY(kith_i_alloc(&column_of, t->rows, sizeof *column_of, err));
    weigh(t, weights);
    const kith_i_assignment problem = {
        .rows = t->rows - t->unassigned, .columns = t->columns,
        .offsets = t->offsets + t->unassigned, .targets = t->targets, .weights = weights,
    };
    KITH_TRY(kith_i_assign(&problem, poll, column_of, err));
    for (int64_t row = t->unassigned; row < t->rows; row++)
        for (int64_t e = t->offsets[row]; e < t->offsets[row + 1]; e++) {
            if (t->targets[e] != column_of[row - t->unassigned]) continue;
            matched += t->counts[e];
            sum += f1(t, row, e);
        }
    c->accuracy = (double)matched / (double)t->nodes;
    c->f1_macro = sum / (double)t->columns;

done:
    kith_i_free(weights);
    kith_i_free(column_of);
    return status;
}

kith_status kith_compare(int64_t nodes, const int64_t *labels, const int64_t *truth,
                         const kith_run *run, kith_comparison *out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_contingency table = { 0 };
    kith_comparison c = { 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out, KITH_E_ARGUMENT, "out must not be NULL");
    KITH_CHECK(nodes >= 0, KITH_E_ARGUMENT, "nodes is %" PRId64 " (expected at least 0)", nodes);
    KITH_CHECK((labels && truth) || !nodes, KITH_E_ARGUMENT, "labels and truth must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(kith_i_contingency_build(&table, nodes, labels, truth, &poll, err));
    if (table.nodes) {
        c.nodes = table.nodes;
        c.ari = adjusted_rand(&table);
        KITH_TRY(compare_information(&table, &poll, &c, err));
        KITH_TRY(compare_matched(&table, &poll, &c, err));
    }
    *out = c;

done:
    kith_i_contingency_clear(&table);
    return status;
}
