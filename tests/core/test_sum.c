/* Fixed-order sums. */
#include "support/test.h"

#include "core/random.h"
#include "core/sum.h"

enum { MOST = 2000000 }; /* more than one group of blocks */

static double values[MOST];

static const int64_t sizes[] = { 0, 1, 7, 8, 9, 4095, 4096, 4097, 8 * 4096 + 3, 256 * 4096,
                                 256 * 4096 + 1, MOST };

static void integers_are_summed_exactly(void **state)
{
    (void)state;
    for (int64_t i = 0; i < MOST; i++) values[i] = (double)i;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const double n = (double)sizes[s];
        for (int threads = 1; threads <= 4; threads++)
            assert_true(kith_i_sum(values, sizes[s], threads) == (n > 0 ? n * (n - 1) / 2 : 0));
    }
}

static void the_bits_are_the_same_on_any_number_of_threads(void **state)
{
    kith_i_random r = kith_i_random_at(1, 1, 1);

    (void)state;
    for (int64_t i = 0; i < MOST; i++)
        values[i] = kith_i_random_unit(&r) * exp2((double)(i % 60 - 30));
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const double one = kith_i_sum(values, sizes[s], 1);
        for (int threads = 2; threads <= 8; threads++)
            assert_true(kith_i_sum(values, sizes[s], threads) == one);
    }
}

static void the_error_stays_far_below_that_of_a_running_sum(void **state)
{
    kith_i_random r = kith_i_random_at(2, 1, 1);
    long double exact = 0;

    (void)state;
    for (int64_t i = 0; i < MOST; i++) exact += (long double)(values[i] = kith_i_random_unit(&r));
    /* Each value takes part in at most 512 + 3 + 488 additions of relative error 2^-53. */
    assert_near(kith_i_sum(values, MOST, 2), (double)exact, 1003 * 0x1p-53 * (double)exact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_summed_exactly),
        cmocka_unit_test(the_bits_are_the_same_on_any_number_of_threads),
        cmocka_unit_test(the_error_stays_far_below_that_of_a_running_sum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
