/* Covers: what they hold, and what they refuse. */
#include "support/test.h"

static const int64_t offsets[] = { 0, 3, 3, 5 };
static const int64_t members[] = { 4, 0, 2, 2, 1 };

static void members_are_sorted_within_their_community(void **state)
{
    const int64_t sorted[] = { 0, 2, 4, 1, 2 };
    kith_cover *cover = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_cover_from_members(6, 3, offsets, members, NULL, &cover, &err), err);
    assert_int_equal(kith_cover_nodes(cover), 6);
    assert_int_equal(kith_cover_communities(cover), 3);
    assert_memory_equal(kith_cover_offsets(cover), offsets, sizeof offsets);
    assert_memory_equal(kith_cover_members(cover), sorted, sizeof sorted);
    assert_int_equal(members[0], 4);
    kith_cover_free(cover);
}

static void a_cover_may_hold_nothing(void **state)
{
    const int64_t none = 0;
    kith_cover *cover = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_cover_from_members(0, 0, &none, NULL, NULL, &cover, &err), err);
    assert_int_equal(kith_cover_nodes(cover), 0);
    assert_int_equal(kith_cover_communities(cover), 0);
    assert_int_equal(kith_cover_offsets(cover)[0], 0);
    kith_cover_free(cover);
    kith_cover_free(NULL);
}

static void refuses_ids_out_of_range_or_twice(void **state)
{
    const int64_t high[] = { 0, 1, 6, 0, 1 }, low[] = { 0, 1, 2, -1, 1 },
                  twice[] = { 3, 1, 3, 0, 1 };
    kith_cover *cover = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_cover_from_members(6, 3, offsets, high, NULL, &cover, &err),
                      KITH_E_INPUT, "community 0 holds node 6 (expected 0 to 5)", err);
    assert_kith_fails(kith_cover_from_members(6, 3, offsets, low, NULL, &cover, &err), KITH_E_INPUT,
                      "community 2 holds node -1", err);
    assert_kith_fails(kith_cover_from_members(6, 3, offsets, twice, NULL, &cover, &err),
                      KITH_E_INPUT, "community 0 holds node 3 twice", err);
    assert_null(cover);
}

static void refuses_offsets_that_do_not_ascend_from_zero(void **state)
{
    const int64_t begins[] = { 1, 3, 3, 5 }, falls[] = { 0, 3, 2, 5 };
    kith_cover *cover = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_cover_from_members(6, 3, begins, members, NULL, &cover, &err),
                      KITH_E_INPUT, "offset 0 is 1 (expected 0)", err);
    assert_kith_fails(kith_cover_from_members(6, 3, falls, members, NULL, &cover, &err),
                      KITH_E_INPUT, "offset 2 is 2 (expected at least 3)", err);
    assert_null(cover);
}

static void refuses_missing_and_negative_arguments(void **state)
{
    kith_cover *cover = NULL;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_cover_from_members(6, 3, offsets, members, NULL, NULL, &err),
                      KITH_E_ARGUMENT, "out must not be NULL", err);
    assert_kith_fails(kith_cover_from_members(-1, 3, offsets, members, NULL, &cover, &err),
                      KITH_E_ARGUMENT, "nodes is -1", err);
    assert_kith_fails(kith_cover_from_members(6, -3, offsets, members, NULL, &cover, &err),
                      KITH_E_ARGUMENT, "communities is -3", err);
    assert_kith_fails(kith_cover_from_members(6, 3, NULL, members, NULL, &cover, &err),
                      KITH_E_ARGUMENT, "offsets must not be NULL", err);
    assert_kith_fails(kith_cover_from_members(6, 3, offsets, NULL, NULL, &cover, &err),
                      KITH_E_ARGUMENT, "members must not be NULL", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_sorted_within_their_community),
        cmocka_unit_test(a_cover_may_hold_nothing),
        cmocka_unit_test(refuses_ids_out_of_range_or_twice),
        cmocka_unit_test(refuses_offsets_that_do_not_ascend_from_zero),
        cmocka_unit_test(refuses_missing_and_negative_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
