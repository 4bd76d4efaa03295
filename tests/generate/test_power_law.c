/* Discrete power laws: the least degrees of the LFR reference program, means, and frequencies. */
#include "support/test.h"

#include "generate/power_law.h"

static void has_the_least_degrees_of_the_reference_program(void **state)
{
    /* Mean, largest and exponent; the least number of the continuous law; the means of the discrete
     * laws beside it; the choice between them. */
    static const struct {
        double  mean;
        int64_t largest;
        double  exponent, continuous, below, above;
        int64_t least;
    } cases[] = {
        { 15, 50, 2, 6.343653, 13.7187, 15.3219, 7 },
        { 20, 50, 2, 9.906934, 18.2308, 19.5658, 10 },
        { 25, 100, 2, 9.664962, 22.9591, 24.7690, 10 },
        { 10, 50, 3, 5.555556, 8.3277, 9.9712, 6 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double tau = cases[i].exponent;
        const int64_t largest = cases[i].largest;
        const double least = kith_i_power_law_continuous_least(cases[i].mean, largest, tau);
        const int64_t below = (int64_t)floor(least);
        assert_near(least, cases[i].continuous, 1e-6);
        assert_near(kith_i_power_law_mean(below, largest, tau), cases[i].below, 1e-4);
        assert_near(kith_i_power_law_mean(below + 1, largest, tau), cases[i].above, 1e-4);
        assert_int_equal(kith_i_power_law_least(cases[i].mean, largest, tau), cases[i].least);
    }
}

static void the_continuous_mean_has_its_closed_forms(void **state)
{
    (void)state;
    assert_near(kith_i_power_law_continuous_mean(2, 10, 0), 6, 1e-12); /* uniform */
    assert_near(kith_i_power_law_continuous_mean(2, 10, 1), 8 / log(5), 1e-12);
    assert_near(kith_i_power_law_continuous_mean(2, 10, 2), log(5) / (1.0 / 2 - 1.0 / 10), 1e-12);
    assert_near(kith_i_power_law_continuous_mean(5, 5, 2), 5, 0);
}

static void the_largest_mean_leaves_only_the_largest_number(void **state)
{
    (void)state;
    for (int64_t largest = 1; largest < 100; largest += 7)
        assert_int_equal(kith_i_power_law_least((double)largest, largest, 2), largest);
}

static double mean_of(const kith_i_power_law *law)
{
    double mean = (double)law->least, total = law->cumulative[law->largest - law->least];

    for (int64_t h = law->least; h < law->largest; h++) /* sum of P(more than h) */
        mean += 1 - law->cumulative[h - law->least] / total;
    return mean;
}

static void a_law_can_be_given_its_mean(void **state)
{
    (void)state;
    for (double tau = 0; tau < 4; tau += 0.5)
        for (double mean = 19; mean < 50; mean += 1.3) {
            const int64_t least = kith_i_power_law_least(mean, 50, tau);
            kith_i_power_law law;
            kith_error err;
            if (mean < kith_i_power_law_continuous_mean(1, 50, tau)) continue;
            assert_kith(kith_i_power_law_init(&law, least, 50, tau, mean, &err), err);
            assert_near(mean_of(&law), mean, 1e-9);
            for (int64_t h = least + 2; h <= 50; h++) /* the others keep their ratios */
                assert_near((law.cumulative[h - least] - law.cumulative[h - least - 1])
                                / (law.cumulative[1] - law.cumulative[0]),
                            pow((double)h / (double)(least + 1), -tau), 1e-9);
            kith_i_power_law_clear(&law);
        }
}

static void draws_each_number_as_often_as_the_law_says(void **state)
{
    enum { DRAWS = 200000 };
    kith_i_random random = kith_i_random_at(3, 0, 0);
    int64_t count[31] = { 0 };
    kith_i_power_law law;
    double total = 0;
    kith_error err;

    (void)state;
    assert_kith(kith_i_power_law_init(&law, 4, 30, 1.7, 0, &err), err);
    for (int64_t i = 0; i < DRAWS; i++)
        count[kith_i_power_law_at(&law, kith_i_random_unit(&random))]++;
    for (int64_t h = 4; h <= 30; h++) total += pow((double)h, -1.7);
    for (int64_t h = 0; h <= 30; h++) {
        const double p = h < 4 ? 0 : pow((double)h, -1.7) / total;
        assert_near((double)count[h], DRAWS * p, 5 * sqrt(DRAWS * p * (1 - p)));
    }
    kith_i_power_law_clear(&law);
}

static void a_steep_law_neither_vanishes_nor_overflows(void **state)
{
    kith_i_power_law law;
    kith_error err;

    (void)state;
    assert_kith(kith_i_power_law_init(&law, 1000000, 1000100, 100, 0, &err), err);
    assert_int_equal(kith_i_power_law_at(&law, 0), 1000000);
    assert_int_equal(kith_i_power_law_at(&law, 1 - 0x1p-53), 1000100);
    kith_i_power_law_clear(&law);
    assert_kith(kith_i_power_law_init(&law, 1, 1000, 100, 0, &err), err);
    assert_int_equal(kith_i_power_law_at(&law, .999), 1);
    kith_i_power_law_clear(&law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_least_degrees_of_the_reference_program),
        cmocka_unit_test(the_continuous_mean_has_its_closed_forms),
        cmocka_unit_test(the_largest_mean_leaves_only_the_largest_number),
        cmocka_unit_test(a_law_can_be_given_its_mean),
        cmocka_unit_test(draws_each_number_as_often_as_the_law_says),
        cmocka_unit_test(a_steep_law_neither_vanishes_nor_overflows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
