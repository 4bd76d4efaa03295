/* S2CAG: the published example to its digits, the representation against its definition, published
 * figures. */
#include "support/attributed.h"

#include "attributed/representation.h"
#include "linalg/block.h"

#include <stdlib.h>

enum { NODES = 40, COLUMNS = 9 };

static kith_partition *s2cag(const test_attributed *a, const kith_s2cag_options *options)
{
    kith_partition *p = NULL;
    kith_error err = { 0 };

    assert_kith(kith_s2cag(a->graph, options, &p, &err), err);
    return p;
}

static kith_embedding *embed(const test_attributed *a, const kith_s2cag_options *options)
{
    kith_embedding *e = NULL;
    kith_error err = { 0 };

    assert_kith(kith_s2cag_embed(a->graph, options, &e, &err), err);
    return e;
}

/* ---- Z from its definition ---- */

typedef struct {
    int64_t n, d;
    double p[NODES][NODES], x[NODES][COLUMNS], z[NODES][COLUMNS];
} dense;

static void to_walk(const kith_graph *graph, dense *out)
{
    const int64_t *offsets = kith_graph_offsets(graph);
    double b[NODES] = { 0 };

    for (int64_t v = 0; v < out->n; v++) {
        for (int64_t e = offsets[v]; e < offsets[v + 1]; e++)
            out->p[v][kith_graph_targets(graph)[e]] = kith_graph_weight(graph, e);
        out->p[v][v] += 1;
        for (int64_t u = 0; u < out->n; u++) b[v] += out->p[v][u];
    }
    for (int64_t v = 0; v < out->n; v++) {
        double sum = 1;
        for (int64_t u = 0; u < out->n; u++) sum += out->p[v][u] /= sqrt(b[v] * b[u]);
        out->p[v][v] += 1;
        for (int64_t u = 0; u < out->n; u++) out->p[v][u] /= sum;
    }
}

static void to_attributes(const kith_features *features, bool tfidf, dense *out)
{
    double idf[COLUMNS] = { 0 }, sums[COLUMNS] = { 0 };

    for (int64_t v = 0; v < out->n; v++) {
        kith_features_row(features, v, out->x[v]);
        for (int64_t c = 0; c < out->d; c++) idf[c] += out->x[v][c] != 0;
    }
    for (int64_t c = 0; c < out->d; c++)
        idf[c] = tfidf ? log((1 + (double)out->n) / (1 + idf[c])) + 1 : 1;
    for (int64_t v = 0; v < out->n; v++) {
        double square = 0;
        for (int64_t c = 0; c < out->d; c++) {
            out->x[v][c] *= idf[c];
            square += out->x[v][c] * out->x[v][c];
        }
        for (int64_t c = 0; c < out->d; c++)
            sums[c] += out->x[v][c] /= square > 0 ? sqrt(square) : 1;
    }
    for (int64_t v = 0; v < out->n; v++) {
        double g = 0;
        for (int64_t c = 0; c < out->d; c++) g += out->x[v][c] * sums[c];
        for (int64_t c = 0; c < out->d; c++) out->x[v][c] /= g > 0 ? sqrt(g) : 1;
    }
}

static void to_dense(const test_attributed *a, const kith_i_representation_options *o, dense *out)
{
    const double alpha = o->alpha;
    double f[NODES][COLUMNS], next[NODES][COLUMNS], c = 0;

    memset(out, 0, sizeof *out);
    out->n = kith_graph_nodes(a->graph);
    out->d = kith_features_columns(a->features);
    to_walk(a->graph, out);
    to_attributes(a->features, o->tfidf, out);
    for (int64_t t = 0; t <= o->hops; t++) c += pow(alpha, (double)t);
    memcpy(f, out->x, sizeof f);
    for (int64_t t = 0; t < o->hops; t++) {
        for (int64_t v = 0; v < out->n; v++)
            for (int64_t j = 0; j < out->d; j++) {
                double sum = 0;
                for (int64_t u = 0; u < out->n; u++) sum += out->p[v][u] * f[u][j];
                next[v][j] = o->nsr == KITH_I_NSR_CODE ? alpha * (sum + out->x[v][j])
                                                       : alpha * sum + out->x[v][j];
            }
        memcpy(f, next, sizeof f);
    }
    for (int64_t v = 0; v < out->n; v++)
        for (int64_t j = 0; j < out->d; j++) out->z[v][j] = f[v][j] / c;
}

/* Z as the representation has it: times the identity, and its transpose. */
static void expect_representation(const test_attributed *a, const kith_i_representation_options *o,
                                  const dense *expected, double tolerance)
{
    const int64_t n = expected->n, d = expected->d;
    double *identity = calloc(NODES * NODES, sizeof *identity);
    double *z = malloc(NODES * NODES * sizeof *z);
    kith_i_representation r;
    kith_i_poll poll;
    kith_error err = { 0 };

    kith_i_poll_start(&poll, NULL);
    assert_kith(kith_i_representation_new(a->graph, o, 2, &poll, &r, &err), err);
    for (int64_t j = 0; j < d; j++) identity[j * d + j] = 1;
    assert_kith(r.z.apply(&r.z, d, identity, z, &poll, &err), err);
    for (int64_t i = 0; i < n * d; i++) assert_near(z[i], expected->z[i / d][i % d], tolerance);
    memset(identity, 0, NODES * NODES * sizeof *identity);
    for (int64_t i = 0; i < n; i++) identity[i * n + i] = 1;
    assert_kith(r.z.apply_transposed(&r.z, n, identity, z, &poll, &err), err);
    for (int64_t i = 0; i < n * d; i++) assert_near(z[i], expected->z[i % n][i / n], tolerance);
    kith_i_representation_clear(&r);
    free(identity);
    free(z);
}

static void smooths_as_its_definition_says(void **state)
{
    static const double alphas[] = { 0, 0.5, 0.8, 1, 1.7 };
    static const int64_t hops[] = { 0, 1, 4, 30 };
    dense *expected = malloc(sizeof *expected);

    (void)state;
    for (int i = 0; i < 80; i++) {
        const test_random what = {
            .nodes = NODES, .density = 0.12, .weighted = i & 1, .loops = i & 2, .seed = (uint64_t)i
        };
        test_attributed a = test_attributed_random(&what, COLUMNS, i & 4);
        const kith_i_representation_options o = { .features = a.features,
                                                  .tfidf = i & 8,
                                                  .alpha = alphas[i % 5],
                                                  .hops = hops[i / 20],
                                                  .nsr =
                                                      i & 16 ? KITH_I_NSR_CODE : KITH_I_NSR_EXACT,
                                                  .vectors = i & 1 ? 1 : 100000 };
        to_dense(&a, &o, expected);
        expect_representation(&a, &o, expected, 1e-9);
        test_attributed_free(&a);
    }
    free(expected);
}

/* ---- The published example ---- */

static void its_parts_are_those_of_the_published_example(void **state)
{
    static const double p0[] = { 0.681893, 0.170473, 0.147634, 0, 0, 0 };
    static const double p2[] = { 0.138963, 0.138963, 0.601728, 0.120346, 0, 0 };
    static const double x[3][4] = { { 0.531419, 0.265710, 0, 0 },
                                    { 0.254370, 0.508740, 0, 0 },
                                    { 0.289020, 0.289020, 0.289020, 0 } };
    static const double z[3][4] = { { 0.430500, 0.312797, 0.052255, 0.007512 },
                                    { 0.304001, 0.423763, 0.052255, 0.007512 },
                                    { 0.280421, 0.306958, 0.208376, 0.042735 } };
    test_attributed a = test_attributed_example();
    const kith_i_representation_options o = {
        .features = a.features, .alpha = 0.8, .hops = 5, .vectors = 1
    };
    dense *d = malloc(sizeof *d);

    (void)state;
    to_dense(&a, &o, d);
    for (int u = 0; u < 6; u++) assert_near(d->p[0][u], p0[u], 5e-7);
    for (int u = 0; u < 6; u++) assert_near(d->p[2][u], p2[u], 5e-7);
    for (int v = 0; v < 3; v++)
        for (int c = 0; c < 4; c++) {
            assert_near(d->x[v][c], x[v][c], 5.1e-7);
            assert_near(d->z[v][c], z[v][c], 5.1e-7);
            assert_near(d->z[5 - v][3 - c], z[v == 2 ? 2 : 1 - v][c], 5.1e-7);
        }
    expect_representation(&a, &o, d, 1e-9);
    free(d);
    test_attributed_free(&a);
}

static kith_s2cag_options example_options(const test_attributed *a)
{
    kith_s2cag_options o = KITH_S2CAG_OPTIONS_INIT;

    o.features = a->features;
    o.k = 2;
    o.alpha = 0.8;
    o.hops = 5;
    o.iterations = 200;
    o.tfidf = false;
    return o;
}

static void finds_the_singular_values_of_the_published_example(void **state)
{
    static const double values[2][4] = { { 0.999034, 0.720508, 0.143804, 0.140735 },
                                         { 0.816970, 0.586906, 0.115279, 0.112739 } };
    static const double vector[] = {
        0.483769, 0.455176, 0.242450, -0.242450, -0.483769, -0.455176
    };
    test_attributed a = test_attributed_example();
    kith_s2cag_options o = example_options(&a);

    (void)state;
    for (o.nsr = 0; o.nsr < 2; o.nsr++) {
        kith_embedding *e = embed(&a, &o);
        assert_int_equal(kith_embedding_spectrum(e), 4);
        for (int i = 0; i < 4; i++)
            assert_near(kith_embedding_eigenvalues(e)[i], values[o.nsr][i], 5.1e-7);
        assert_near(kith_embedding_gap(e), values[o.nsr][2] - values[o.nsr][3], 1e-6);
        if (o.nsr == KITH_NSR_EXACT) {
            const double *points = kith_embedding_values(e), sign = points[0] > 0 ? 1 : -1;
            for (int v = 0; v < 6; v++) assert_near(points[2 * v], sign * vector[v], 1.5e-6);
        }
        kith_embedding_free(e);
    }
    test_attributed_free(&a);
}

static void a_vector_too_many_is_noise_in_the_published_example(void **state)
{
    static const int64_t labels[] = { 1, 0, 0, 0, 1, 0 };
    test_attributed a = test_attributed_example();
    kith_s2cag_options o = example_options(&a);

    (void)state;
    a.truth = malloc(sizeof labels);
    memcpy(a.truth, labels, sizeof labels);
    kith_partition *p = s2cag(&a, &o);
    assert_near(test_agree(&a, p).ari, 100, 1e-9);
    kith_partition_free(p);
    o.drop_first = false;
    p = s2cag(&a, &o); /* the two triangles, which the second vector tells apart */
    for (int v = 0; v < 6; v++) a.truth[v] = v / 3;
    assert_near(test_agree(&a, p).ari, 100, 1e-9);
    kith_partition_free(p);
    test_attributed_free(&a);
}

/* ---- What must hold ---- */

static void its_vectors_are_orthonormal_and_their_values_fall(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        const test_random what = { .nodes = NODES, .density = 0.1, .seed = seed };
        test_attributed a = test_attributed_random(&what, COLUMNS, seed & 1);
        kith_s2cag_options o = KITH_S2CAG_OPTIONS_INIT;
        double gram[16];
        o.features = a.features;
        o.k = 4;
        kith_embedding *e = embed(&a, &o);
        const double *x = kith_embedding_values(e), *values = kith_embedding_eigenvalues(e);
        kith_error err = { 0 };
        assert_kith(kith_i_block_gram(NODES, 4, x, 4, x, gram, 1, &err), err);
        for (int i = 0; i < 16; i++) assert_near(gram[i], i % 5 == 0, 1e-10);
        for (int64_t i = 1; i < kith_embedding_spectrum(e); i++)
            assert_true(values[i] <= values[i - 1] && values[i] >= 0);
        kith_embedding_free(e);
        test_attributed_free(&a);
    }
}

static void nodes_of_which_nothing_is_known_stay_apart(void **state)
{
    static const int64_t pairs[][2] = {
        { 0, 1 }, { 0, 2 }, { 1, 2 }, { 3, 4 }, { 3, 5 }, { 4, 5 }
    };
    static const double values[] = { 2, 1, 0, 1, 2, 0, 1, 1, 0, 0, 1, 3,
                                     0, 0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0 };
    test_attributed a = { .graph = test_graph(8, 6, pairs, NULL),
                          .features = test_dense_features(8, 3, values) };
    kith_s2cag_options o = KITH_S2CAG_OPTIONS_INIT;

    (void)state;
    o.features = a.features;
    o.k = 2;
    kith_partition *p = s2cag(&a, &o);
    assert_int_equal(kith_partition_unassigned(p), 2);
    assert_int_equal(kith_partition_labels(p)[6], -1);
    kith_partition_free(p);
    o.k = 0;
    p = s2cag(&a, &o);
    assert_int_equal(kith_partition_unassigned(p), 0);
    assert_int_equal(kith_partition_sizes(p)[kith_partition_labels(p)[7]], 1);
    kith_partition_free(p);
    test_attributed_free(&a);
}

static void says_what_it_cannot_do(void **state)
{
    test_attributed a = test_attributed_example();
    kith_s2cag_options o = example_options(&a);
    kith_partition *p = NULL;
    kith_embedding *e = NULL;
    kith_error err = { 0 };

    (void)state;
    o.k = 4;
    assert_kith_fails(kith_s2cag(a.graph, &o, &p, &err), KITH_E_ARGUMENT,
                      "k is 4 (expected at most 3", err);
    assert_kith_fails(kith_s2cag_embed(a.graph, &o, &e, &err), KITH_E_ARGUMENT, "k is 4", err);
    o.features = NULL;
    assert_kith_fails(kith_s2cag(a.graph, &o, &p, &err), KITH_E_ARGUMENT, "features is missing",
                      err);
    test_attributed_free(&a);
}

/* The singular values of the dense Z, by ARPACK. */
static void agrees_with_another_implementation_on_acm(void **state)
{
    static const double values[] = { 0.999051027263, 0.298086989705, 0.251802292673,
                                     0.198566141182 };
    test_attributed a;
    kith_s2cag_options o = KITH_S2CAG_OPTIONS_INIT;

    (void)state;
    if (!test_attributed_read("acm", "graph_PAP.mtx", "features.mtx.gz", &a)) skip();
    o.features = a.features;
    o.k = 3;
    o.iterations = 40;
    kith_embedding *e = embed(&a, &o);
    for (int i = 0; i < 4; i++) assert_near(kith_embedding_eigenvalues(e)[i], values[i], 1e-9);
    kith_embedding_free(e);
    test_attributed_free(&a);
}

static void reaches_the_published_figures_on_acm_in_the_mean(void **state)
{
    enum { SEEDS = 10 };
    test_attributed a;
    kith_s2cag_options o = KITH_S2CAG_OPTIONS_INIT;

    (void)state;
    if (!test_attributed_read("acm", "graph_PAP.mtx", "features.mtx.gz", &a)) skip();
    o.features = a.features;
    o.k = 3;
    test_agreement mean = { 0 };
    for (o.run.seed = 0; o.run.seed < SEEDS; o.run.seed++) {
        kith_partition *p = s2cag(&a, &o);
        const test_agreement found = test_agree(&a, p);
        mean.accuracy += found.accuracy / SEEDS;
        mean.nmi += found.nmi / SEEDS;
        mean.ari += found.ari / SEEDS;
        kith_partition_free(p);
    }
    assert_near(mean.accuracy, 93.45, 0.1); /* [Lin2025]; a run of its code */
    assert_near(mean.nmi, 75.43, 0.1);
    assert_near(mean.ari, 81.41, 0.1);
    test_attributed_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smooths_as_its_definition_says),
        cmocka_unit_test(its_parts_are_those_of_the_published_example),
        cmocka_unit_test(finds_the_singular_values_of_the_published_example),
        cmocka_unit_test(a_vector_too_many_is_noise_in_the_published_example),
        cmocka_unit_test(its_vectors_are_orthonormal_and_their_values_fall),
        cmocka_unit_test(nodes_of_which_nothing_is_known_stay_apart),
        cmocka_unit_test(says_what_it_cannot_do),
        cmocka_unit_test(agrees_with_another_implementation_on_acm),
        cmocka_unit_test(reaches_the_published_figures_on_acm_in_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
