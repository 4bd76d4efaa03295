/* The classifier of nodes: the decisions of a logistic regression on rows made by hand. */
#include "support/graphs.h"

#include "local/classifier.h"
#include "local/logistic.h"

#include "core/random.h"

#include <stdlib.h>

enum { NODES = 40, COLUMNS = 7, EXAMPLES = 12 };

static kith_i_poll poll;

/* Rows of few numbers, the first column higher for even nodes; node 5 has none. */
static void draw_rows(uint64_t seed, double rows[NODES][COLUMNS])
{
    kith_i_random r = kith_i_random_at(seed, 1, 1);

    for (int v = 0; v < NODES; v++)
        for (int c = 0; c < COLUMNS; c++) {
            const double value = floor(8 * kith_i_random_unit(&r)) / 4;
            rows[v][c] = v == 5 || kith_i_random_below(&r, 3) == 0 ? 0 : value - (c > 3);
            if (c == 0 && v % 2 == 0 && v != 5) rows[v][c] += 1;
        }
}

static kith_features *features_of(double rows[NODES][COLUMNS], bool sparse)
{
    int64_t offsets[NODES + 1], indices[NODES * COLUMNS];
    kith_features *features = NULL;
    kith_error err = { 0 };

    for (int64_t i = 0; i < NODES * COLUMNS; i++) indices[i] = i % COLUMNS;
    for (int64_t v = 0; v <= NODES; v++) offsets[v] = v * COLUMNS;
    if (sparse)
        assert_kith(
            kith_features_from_csr(NODES, COLUMNS, offsets, indices, rows[0], NULL, &features,
                                   &err),
            err);
    else
        assert_kith(kith_features_from_dense(NODES, COLUMNS, rows[0], NULL, &features, &err), err);
    return features;
}

/* What a node is classified by, from the definition; the mean not yet stretched. */
static void view_of(const kith_graph *graph, double rows[NODES][COLUMNS], int64_t node,
                    double own[COLUMNS], double mean[COLUMNS])
{
    const int64_t *offsets = kith_graph_offsets(graph);
    double count = 1;

    for (int64_t e = offsets[node] - 1; e < offsets[node + 1]; e++) {
        const int64_t u = e < offsets[node] ? node : (int64_t)kith_graph_targets(graph)[e];
        double length = 0;
        for (int c = 0; c < COLUMNS; c++) length += rows[u][c] * rows[u][c];
        for (int c = 0; c < COLUMNS; c++) {
            const double value = length > 0 ? rows[u][c] / sqrt(length) : 0;
            if (u == node && e < offsets[node])
                own[c] = mean[c] = value;
            else
                mean[c] += value;
        }
        count += e >= offsets[node];
    }
    for (int c = 0; c < COLUMNS; c++) mean[c] /= count;
}

/* Decisions for all nodes by a regression on rows written out, own and mean side by side. */
static void decide(const kith_graph *graph, double rows[NODES][COLUMNS], kith_view view,
                   const kith_i_examples *examples, double z[NODES])
{
    static double all[NODES][2 * COLUMNS], x[EXAMPLES][2 * COLUMNS];
    int64_t offsets[EXAMPLES + 1];
    uint32_t indices[EXAMPLES * 2 * COLUMNS];
    double w[2 * COLUMNS], b, squares = 0;
    kith_error err = { 0 };

    for (int64_t v = 0; v < NODES; v++) view_of(graph, rows, v, all[v], all[v] + COLUMNS);
    for (int64_t i = 0; i < EXAMPLES; i++)
        for (int c = COLUMNS; c < 2 * COLUMNS; c++)
            squares += pow(all[examples->nodes[i]][c], 2) / EXAMPLES;
    for (int64_t v = 0; v < NODES; v++)
        for (int c = 0; c < 2 * COLUMNS; c++) {
            if (c >= COLUMNS) all[v][c] *= 2 / sqrt(squares);
            if (c < COLUMNS ? view == KITH_VIEW_MEAN : view == KITH_VIEW_OWN) all[v][c] = 0;
        }
    for (int64_t i = 0; i < EXAMPLES; i++) memcpy(x[i], all[examples->nodes[i]], sizeof x[i]);
    for (int64_t i = 0; i <= EXAMPLES; i++) offsets[i] = i * 2 * COLUMNS;
    for (int64_t i = 0; i < EXAMPLES * 2 * COLUMNS; i++) indices[i] = (uint32_t)(i % (2 * COLUMNS));
    const kith_i_samples samples = { EXAMPLES, 2 * COLUMNS, offsets,
                                     indices,  x[0],        examples->positive };
    assert_kith(kith_i_logistic_fit(&samples, 1, &poll, w, &b, &err), err);
    for (int64_t v = 0; v < NODES; v++) {
        z[v] = b;
        for (int c = 0; c < 2 * COLUMNS; c++) z[v] += w[c] * all[v][c];
    }
}

static void decides_as_a_regression_on_the_rows_written_out(void **state)
{
    double rows[NODES][COLUMNS], z[NODES];
    uint32_t nodes[EXAMPLES];
    bool positive[EXAMPLES], answer;
    const kith_i_examples examples = { nodes, positive, EXAMPLES };
    kith_error err = { 0 };

    (void)state;
    for (int i = 0; i < EXAMPLES; i++) {
        nodes[i] = (uint32_t)(3 * i);
        positive[i] = nodes[i] % 2 == 0;
    }
    for (int trial = 0; trial < 24; trial++) {
        const test_random what = { .nodes = NODES,
                                   .density = 0.1,
                                   .loops = trial & 1,
                                   .weighted = trial & 2,
                                   .seed = (uint64_t)trial };
        kith_graph *graph = test_random_graph(&what);
        draw_rows((uint64_t)trial, rows);
        kith_features *features = features_of(rows, trial % 2 == 0);
        kith_i_classifier *c = NULL;
        const kith_view view = (kith_view)(trial % 3);
        assert_kith(kith_i_classifier_train(graph, features, view, &examples, &poll, &c, &err),
                    err);
        decide(graph, rows, view, &examples, z);
        for (int round = 0; round < 2; round++)
            for (uint32_t v = 0; v < NODES; v++) {
                assert_kith(kith_i_classifier_ask(c, v, &answer, &err), err);
                if (fabs(z[v]) > 1e-9) assert_int_equal(answer, z[v] > 0);
            }
        kith_i_classifier_free(c);
        kith_features_free(features);
        kith_graph_free(graph);
    }
}

/* Features of a star's nodes: leaves have 1 in the column of their parity. */
static kith_features *parities(int64_t nodes)
{
    int64_t *offsets = calloc((size_t)nodes + 1, sizeof *offsets);
    int64_t *indices = calloc((size_t)nodes, sizeof *indices);
    double *values = calloc((size_t)nodes, sizeof *values);
    kith_features *features = NULL;
    kith_error err = { 0 };

    for (int64_t v = 0; v < nodes; v++) {
        offsets[v + 1] = v + 1;
        indices[v] = v % 2;
        values[v] = 1e300; /* rows are taken at unit length, whatever they hold */
    }
    assert_kith(kith_features_from_csr(nodes, 2, offsets, indices, values, NULL, &features, &err),
                err);
    free(offsets);
    free(indices);
    free(values);
    return features;
}

static void reads_no_more_than_the_rows_around_and_each_once(void **state)
{
    static const uint32_t leaves[] = { 1, 2 };
    static const bool positive[] = { true, false };
    const kith_i_examples examples = { leaves, positive, 2 };
    kith_graph *path = test_path(1000), *star = test_star(1000);
    kith_features *features = parities(1001);
    kith_i_classifier *c = NULL;
    bool answer;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_classifier_train(path, features, KITH_VIEW_BOTH, &examples, &poll, &c, &err),
                err);
    assert_int_equal(kith_i_classifier_seen(c)->read_edges, 4);
    for (int i = 0; i < 3; i++) {
        assert_kith(kith_i_classifier_ask(c, 501, &answer, &err), err);
        assert_kith(kith_i_classifier_ask(c, 502, &answer, &err), err);
        assert_kith(kith_i_classifier_ask(c, 1, &answer, &err), err);
    }
    assert_int_equal(kith_i_classifier_seen(c)->read_edges, 8); /* of 501, 502 and the examples */
    assert_int_equal(kith_i_classifier_seen(c)->count, 3 + 4);  /* 0 to 2, 500 to 503 */
    kith_i_classifier_free(c);

    assert_kith(kith_i_classifier_train(star, features, KITH_VIEW_OWN, &examples, &poll, &c, &err),
                err);
    for (uint32_t v = 1; v < 9; v++) {
        assert_kith(kith_i_classifier_ask(c, v, &answer, &err), err);
        assert_int_equal(answer, v % 2 == 1);
    }
    assert_int_equal(kith_i_classifier_seen(c)->read_edges, 0);
    kith_i_classifier_free(c);

    assert_kith(kith_i_classifier_train(star, features, KITH_VIEW_MEAN, &examples, &poll, &c, &err),
                err);
    assert_kith(kith_i_classifier_ask(c, 0, &answer, &err), err);
    assert_int_equal(kith_i_classifier_seen(c)->read_edges, 1000 + 2);
    kith_i_classifier_free(c);
    kith_features_free(features);
    kith_graph_free(path);
    kith_graph_free(star);
}

static void refuses_examples_of_one_kind(void **state)
{
    static const uint32_t nodes[] = { 1, 2 };
    static const bool all[] = { true, true }, none[] = { false, false };
    const kith_i_examples positive = { nodes, all, 2 }, negative = { nodes, none, 2 };
    kith_graph *graph = test_path(4);
    kith_features *features = parities(4);
    kith_i_classifier *c = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(
        kith_i_classifier_train(graph, features, KITH_VIEW_OWN, &positive, &poll, &c, &err),
        KITH_E_ARGUMENT, "no negative node", err);
    assert_kith_fails(
        kith_i_classifier_train(graph, features, KITH_VIEW_OWN, &negative, &poll, &c, &err),
        KITH_E_ARGUMENT, "no positive node", err);
    assert_null(c);
    kith_features_free(features);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decides_as_a_regression_on_the_rows_written_out),
        cmocka_unit_test(reads_no_more_than_the_rows_around_and_each_once),
        cmocka_unit_test(refuses_examples_of_one_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
