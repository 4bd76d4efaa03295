/* Random streams: uniform, and a function of (seed, stage, item) alone. */
#include "support/test.h"

#include "core/random.h"

/* Pearson's statistic of counts that are expected to be equal, as multiples of its standard
 * deviation above its mean: chi-square with k - 1 degrees has mean k - 1 and variance 2 (k - 1). */
static double excess(const int64_t *counts, int64_t k, int64_t draws)
{
    const double expected = (double)draws / (double)k;
    double sum = 0;

    for (int64_t i = 0; i < k; i++)
        sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    return (sum - (double)(k - 1)) / sqrt(2.0 * (double)(k - 1));
}

static void draws_below_a_small_bound_are_uniform(void **state)
{
    enum { DRAWS = 200000 };
    static const uint64_t bounds[] = { 2, 3, 5, 6, 7, 10, 16, 100, 1000 };

    (void)state;
    for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
        kith_i_random r = kith_i_random_at(1, 2, b);
        int64_t counts[1000] = { 0 };
        for (int i = 0; i < DRAWS; i++) {
            const uint64_t x = kith_i_random_below(&r, bounds[b]);
            assert_true(x < bounds[b]);
            counts[x]++;
        }
        assert_true(excess(counts, (int64_t)bounds[b], DRAWS) < 5);
    }
}

/* Where the bound does not divide 2^64 by far, a draw without rejection would favour some thirds.
 */
static void draws_below_a_huge_bound_are_uniform(void **state)
{
    enum { DRAWS = 100000 };
    const uint64_t third = UINT64_C(1) << 62;
    kith_i_random r = kith_i_random_at(3, 2, 1);
    int64_t counts[3] = { 0 };

    (void)state;
    for (int i = 0; i < DRAWS; i++) counts[kith_i_random_below(&r, 3 * third) / third]++;
    assert_true(excess(counts, 3, DRAWS) < 5);
    assert_int_equal(kith_i_random_below(&r, 1), 0);
}

static void first_draws_of_neighbouring_streams_are_uniform(void **state)
{
    enum { STREAMS = 100000 };
    int64_t counts[64] = { 0 };

    (void)state;
    for (int axis = 0; axis < 3; axis++) {
        memset(counts, 0, sizeof counts);
        for (uint64_t i = 0; i < STREAMS; i++) {
            kith_i_random r =
                kith_i_random_at(axis == 0 ? i : 7, axis == 1 ? i : 7, axis == 2 ? i : 7);
            counts[kith_i_random_below(&r, 64)]++;
        }
        assert_true(excess(counts, 64, STREAMS) < 5);
    }
}

static void a_stream_depends_on_nothing_but_its_key(void **state)
{
    uint64_t forwards[100];

    (void)state;
    for (uint64_t item = 0; item < 100; item++) {
        kith_i_random r = kith_i_random_at(5, 6, item);
        forwards[item] = kith_i_random_next(&r);
    }
    for (uint64_t item = 100; item-- > 0;) {
        kith_i_random r = kith_i_random_at(5, 6, item), other = kith_i_random_at(6, 5, item);
        assert_true(kith_i_random_next(&r) == forwards[item]);
        assert_true(kith_i_random_next(&other) != forwards[item]);
        assert_true(kith_i_random_next(&r) != forwards[item]);
    }
}

/* A change of one in any part of the key flips each bit of the first draw about half the time. */
static void neighbouring_keys_flip_half_of_the_bits(void **state)
{
    enum { KEYS = 4000 };

    (void)state;
    for (int axis = 0; axis < 3; axis++) {
        double flipped = 0;
        for (uint64_t i = 0; i < KEYS; i++) {
            kith_i_random a = kith_i_random_at(i, i, i);
            kith_i_random b = kith_i_random_at(i + (axis == 0), i + (axis == 1), i + (axis == 2));
            flipped += __builtin_popcountll(kith_i_random_next(&a) ^ kith_i_random_next(&b));
        }
        assert_near(flipped / KEYS, 32, 5 * 4 / sqrt((double)KEYS)); /* standard deviation 4 */
    }
}

static void units_lie_in_their_interval_with_the_moments_of_a_uniform(void **state)
{
    enum { DRAWS = 200000 };
    kith_i_random r = kith_i_random_at(11, 0, 0);
    double sum = 0, squares = 0;

    (void)state;
    for (int i = 0; i < DRAWS; i++) {
        const double u = kith_i_random_unit(&r);
        assert_true(u >= 0 && u < 1);
        sum += u;
        squares += u * u;
    }
    assert_near(sum / DRAWS, 0.5, 5 * sqrt(1.0 / 12 / DRAWS));
    assert_near(squares / DRAWS, 1.0 / 3, 5 * sqrt(4.0 / 45 / DRAWS));
}

static void all_orders_of_four_are_as_likely(void **state)
{
    enum { DRAWS = 48000 };
    int64_t counts[256] = { 0 }, orders[24], found = 0;

    (void)state;
    for (uint64_t i = 0; i < DRAWS; i++) {
        kith_i_random r = kith_i_random_at(2, 3, i);
        uint32_t order[4];
        kith_i_random_order(order, 4, &r);
        assert_int_equal(1u << order[0] | 1u << order[1] | 1u << order[2] | 1u << order[3], 15);
        counts[order[0] | order[1] << 2 | order[2] << 4 | order[3] << 6]++;
    }
    for (int code = 0; code < 256; code++)
        if (counts[code]) orders[found++] = counts[code];
    assert_int_equal(found, 24);
    assert_true(excess(orders, 24, DRAWS) < 5);
}

static void block_orders_are_permutations_of_whole_blocks(void **state)
{
    uint32_t order[100];

    (void)state;
    for (int64_t n = 1; n <= 100; n++)
        for (int64_t block = 1; block <= n + 1; block++) {
            kith_i_random r = kith_i_random_at((uint64_t)n, (uint64_t)block, 0);
            bool seen[100] = { false };
            kith_i_random_block_order(order, n, block, &r);
            for (int64_t i = 0; i < n; i++) {
                assert_true(order[i] < n && !seen[order[i]]);
                seen[order[i]] = true;
                if (order[i] % block) assert_true(i && order[i - 1] == order[i] - 1);
            }
        }
}

static void all_orders_of_four_blocks_are_as_likely(void **state)
{
    enum { DRAWS = 24000 };
    int64_t counts[24] = { 0 };
    uint32_t order[11];

    (void)state;
    for (uint64_t i = 0; i < DRAWS; i++) {
        kith_i_random r = kith_i_random_at(7, 1, i);
        int64_t rank = 0, places[4];
        kith_i_random_block_order(order, 11, 3, &r); /* the last block has two */
        for (int64_t at = 0; at < 11; at++)
            if (order[at] % 3 == 0) places[order[at] / 3] = at;
        for (int a = 0; a < 4; a++) { /* Lehmer code of the order of the blocks */
            int64_t before = 0;
            for (int b = a + 1; b < 4; b++) before += places[b] < places[a];
            rank = rank * (4 - a) + before;
        }
        counts[rank]++;
    }
    assert_true(excess(counts, 24, DRAWS) < 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_below_a_small_bound_are_uniform),
        cmocka_unit_test(draws_below_a_huge_bound_are_uniform),
        cmocka_unit_test(first_draws_of_neighbouring_streams_are_uniform),
        cmocka_unit_test(a_stream_depends_on_nothing_but_its_key),
        cmocka_unit_test(neighbouring_keys_flip_half_of_the_bits),
        cmocka_unit_test(units_lie_in_their_interval_with_the_moments_of_a_uniform),
        cmocka_unit_test(all_orders_of_four_are_as_likely),
        cmocka_unit_test(block_orders_are_permutations_of_whole_blocks),
        cmocka_unit_test(all_orders_of_four_blocks_are_as_likely),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
