/* Logistic regression: scikit-learn's coefficients, and a gradient of 0. */
#include "support/golden.h"

#include "local/logistic.h"

typedef struct {
    int64_t offsets[401];
    uint32_t indices[400 * 300];
    double values[400 * 300];
    bool positive[400];
} room;

static room r;
static kith_i_poll poll;

/* The problems of tests/oracle/golden_logistic.py. */
static kith_i_samples draw(int64_t count, int64_t columns, int64_t stride)
{
    int64_t entries = 0;

    for (int64_t i = 0; i < count; i++) {
        for (int64_t j = 0; j < columns; j++)
            if ((13 * i + 7 * j) % stride == 0) {
                r.indices[entries] = (uint32_t)j;
                r.values[entries++] = (double)((37 * i + 101 * j + 17 * i * j) % 23 - 11) / 8;
            }
        r.offsets[i + 1] = entries;
        r.positive[i] = (i * i + 3 * i) % 7 < 3;
    }
    return (kith_i_samples){ count, columns, r.offsets, r.indices, r.values, r.positive };
}

static double decision(const kith_i_samples *x, int64_t i, const double *w, double b)
{
    for (int64_t e = x->offsets[i]; e < x->offsets[i + 1]; e++)
        b += w[x->indices[e]] * x->values[e];
    return b;
}

typedef struct {
    const char *name;
    int64_t count, columns, stride;
    double strength;
} problem;

static const problem problems[] = { { "few", 12, 4, 1, 1 },
                                    { "wide", 50, 300, 5, 1 },
                                    { "tall", 400, 6, 2, 0.25 } };

static void expect_golden(const problem *p, const char *what, int64_t i, double value)
{
    char key[64];

    snprintf(key, sizeof key, i < 0 ? "%s/%s" : "%s/%s-%d", p->name, what, (int)i);
    const test_golden g = golden_row("logistic.csv", key);
    assert_near(value, g.value, g.tolerance);
}

static void has_the_coefficients_of_scikit_learn(void **state)
{
    double w[300], b;
    kith_error err = { 0 };

    (void)state;
    for (size_t k = 0; k < sizeof problems / sizeof *problems; k++) {
        const problem *p = &problems[k];
        const kith_i_samples x = draw(p->count, p->columns, p->stride);
        assert_kith(kith_i_logistic_fit(&x, p->strength, &poll, w, &b, &err), err);
        expect_golden(p, "intercept", -1, b);
        for (int64_t j = 0; j < p->columns; j += p->columns < 6 ? 1 : p->columns / 6)
            expect_golden(p, "weight", j, w[j]);
        for (int64_t i = 0; i < p->count; i += p->count / 6)
            expect_golden(p, "decision", i, decision(&x, i, w, b));
    }
}

/* |gradient| of 1/2 |w|^2 + C sum_i log(1 + exp(-y_i z_i)), from its definition. */
static double slope(const kith_i_samples *x, double strength, const double *w, double b)
{
    double g[301] = { 0 }, sum = 0;

    for (int64_t j = 0; j < x->columns; j++) g[j] = w[j];
    for (int64_t i = 0; i < x->count; i++) {
        const double y = x->positive[i] ? 1 : -1;
        const double pull = -strength * y / (1 + exp(y * decision(x, i, w, b)));
        for (int64_t e = x->offsets[i]; e < x->offsets[i + 1]; e++)
            g[x->indices[e]] += pull * x->values[e];
        g[x->columns] += pull;
    }
    for (int64_t j = 0; j <= x->columns; j++) sum += g[j] * g[j];
    return sqrt(sum);
}

static void its_gradient_is_0_whatever_the_strength_and_the_scale(void **state)
{
    double w[300], b;
    kith_error err = { 0 };

    (void)state;
    for (int trial = 0; trial < 24; trial++) {
        const problem *p = &problems[trial % 3];
        const kith_i_samples x = draw(p->count, p->columns, p->stride);
        const double strength = pow(10, trial / 3 % 4 - 2), scale = trial / 12 ? 100 : 1;
        for (int64_t e = 0; e < x.offsets[x.count]; e++) r.values[e] *= scale;
        assert_kith(kith_i_logistic_fit(&x, strength, &poll, w, &b, &err), err);
        assert_near(slope(&x, strength, w, b), 0, 1e-9 * strength * scale * (double)x.count);
    }
}

static void without_features_the_intercept_is_the_logarithm_of_the_odds(void **state)
{
    const int64_t offsets[9] = { 0 };
    const bool positive[] = { true, false, true, false, true, true, true, true };
    const kith_i_samples x = { 8, 3, offsets, r.indices, r.values, positive };
    double w[3], b;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_logistic_fit(&x, 1, &poll, w, &b, &err), err);
    assert_near(b, log(3), 1e-12);
    for (int j = 0; j < 3; j++) assert_true(w[j] == 0);
}

static void refuses_samples_of_one_kind_and_endless_values(void **state)
{
    const int64_t offsets[] = { 0, 1, 1 };
    const uint32_t index = 0;
    const double one = 1, huge = 1e200;
    const bool all[] = { true, true }, none[] = { false, false }, both[] = { true, false };
    kith_i_samples x = { 2, 1, offsets, &index, &one, all };
    double w, b;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_i_logistic_fit(&x, 1, &poll, &w, &b, &err), KITH_E_ARGUMENT,
                      "no negative sample", err);
    x.positive = none;
    assert_kith_fails(kith_i_logistic_fit(&x, 1, &poll, &w, &b, &err), KITH_E_ARGUMENT,
                      "no positive sample", err);
    x.positive = both;
    x.values = &huge;
    assert_kith_fails(kith_i_logistic_fit(&x, 1, &poll, &w, &b, &err), KITH_E_ARGUMENT,
                      "sum of squares", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_coefficients_of_scikit_learn),
        cmocka_unit_test(its_gradient_is_0_whatever_the_strength_and_the_scale),
        cmocka_unit_test(without_features_the_intercept_is_the_logarithm_of_the_odds),
        cmocka_unit_test(refuses_samples_of_one_kind_and_endless_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
