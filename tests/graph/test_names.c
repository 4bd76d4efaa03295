/* Tables of names: ids in order of addition, every name found again, sharing. */
#include "support/test.h"

#include "graph/names.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

static kith_i_names *empty(void)
{
    kith_i_names *names = NULL;
    kith_error err = { 0 };

    assert_kith(kith_i_names_new(&names, &err), err);
    return names;
}

static int64_t add(kith_i_names *names, const char *text, int64_t length)
{
    kith_error err = { 0 };
    int64_t id = -2;

    assert_kith(kith_i_names_add(names, text, length, &id, &err), err);
    return id;
}

/* The table "node 0", "node 1", ... */
static kith_i_names *numbered(int64_t count)
{
    kith_i_names *names = empty();
    char text[32];

    for (int64_t i = 0; i < count; i++)
        assert_int_equal(add(names, text, snprintf(text, sizeof text, "node %d", (int)i)), i);
    return names;
}

static void an_empty_table_finds_nothing(void **state)
{
    kith_i_names *names = empty();

    (void)state;
    assert_int_equal(kith_i_names_count(names), 0);
    assert_int_equal(kith_i_names_find(names, "a", 1), -1);
    assert_int_equal(kith_i_names_find(names, "", 0), -1);
    kith_i_names_free(names);
    kith_i_names_free(NULL);
    assert_null(kith_i_names_share(NULL));
}

static void a_name_added_again_keeps_its_first_id(void **state)
{
    kith_i_names *names = empty();

    (void)state;
    assert_int_equal(add(names, "anna", 4), 0);
    assert_int_equal(add(names, "ann", 3), 1);
    assert_int_equal(add(names, "", 0), 2);
    assert_int_equal(add(names, "anna and more", 4), 0);
    assert_int_equal(add(names, "", 0), 2);
    assert_int_equal(kith_i_names_count(names), 3);
    assert_string_equal(kith_i_names_text(names, 0), "anna");
    assert_string_equal(kith_i_names_text(names, 1), "ann");
    assert_string_equal(kith_i_names_text(names, 2), "");
    kith_i_names_free(names);
}

static void finds_each_of_many_names(void **state)
{
    enum { COUNT = 200000 };
    kith_i_names *names = numbered(COUNT);
    char text[32];

    (void)state;
    assert_int_equal(kith_i_names_count(names), COUNT);
    for (int64_t i = 0; i < 2 * COUNT; i++) {
        const int length = snprintf(text, sizeof text, "node %d", (int)i);
        assert_int_equal(kith_i_names_find(names, text, length), i < COUNT ? i : -1);
        if (i < COUNT) assert_string_equal(kith_i_names_text(names, i), text);
    }
    kith_i_names_free(names);
}

static void tells_names_apart_by_any_byte_and_by_length(void **state)
{
    kith_i_names *names = empty();
    char text[40];

    (void)state;
    memset(text, 'x', sizeof text);
    for (int length = 0; length <= 40; length++) assert_int_equal(add(names, text, length), length);
    for (int i = 0; i < 40; i++) {
        text[i] = (char)0xff;
        assert_int_equal(kith_i_names_find(names, text, 40), -1);
        text[i] = 'x';
    }
    for (int length = 0; length <= 40; length++)
        assert_int_equal(kith_i_names_find(names, text, length), length);
    kith_i_names_free(names);
}

static void takes_a_name_longer_than_its_block(void **state)
{
    enum { LENGTH = 1000000 };
    kith_i_names *names = empty();
    char *text = malloc(LENGTH);

    (void)state;
    memset(text, 'y', LENGTH);
    assert_int_equal(add(names, text, LENGTH), 0);
    assert_int_equal(add(names, "z", 1), 1);
    assert_int_equal(strlen(kith_i_names_text(names, 0)), LENGTH);
    assert_int_equal(kith_i_names_find(names, text, LENGTH), 0);
    assert_int_equal(kith_i_names_find(names, "z", 1), 1);
    free(text);
    kith_i_names_free(names);
}

static void a_selection_renumbers(void **state)
{
    kith_i_names *names = numbered(10), *chosen = NULL;
    const int64_t nodes[] = { 7, 0, 9 };
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_names_select(names, nodes, 3, &(kith_i_poll){ 0 }, &chosen, &err), err);
    kith_i_names_free(names);
    assert_int_equal(kith_i_names_count(chosen), 3);
    assert_string_equal(kith_i_names_text(chosen, 2), "node 9");
    assert_int_equal(kith_i_names_find(chosen, "node 0", 6), 1);
    assert_int_equal(kith_i_names_find(chosen, "node 1", 6), -1);
    kith_i_names_free(chosen);
}

static void threads_share_and_search_one_table(void **state)
{
    kith_i_names *names = numbered(1000);
    int64_t wrong = 0;

    (void)state;
#pragma omp parallel for num_threads(4) reduction(+ : wrong)
    for (int64_t i = 0; i < 20000; i++) {
        char text[32];
        kith_i_names *mine = kith_i_names_share(names);
        const int length = snprintf(text, sizeof text, "node %d", (int)(i % 1000));
        wrong += kith_i_names_find(mine, text, length) != i % 1000;
        kith_i_names_free(mine);
    }
    assert_int_equal(wrong, 0);
    assert_int_equal(kith_i_names_count(names), 1000);
    kith_i_names_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_table_finds_nothing),
        cmocka_unit_test(a_name_added_again_keeps_its_first_id),
        cmocka_unit_test(finds_each_of_many_names),
        cmocka_unit_test(tells_names_apart_by_any_byte_and_by_length),
        cmocka_unit_test(takes_a_name_longer_than_its_block),
        cmocka_unit_test(a_selection_renumbers),
        cmocka_unit_test(threads_share_and_search_one_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
