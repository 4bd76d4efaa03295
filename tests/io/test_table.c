/* Tables of typed columns as features: closed forms of their scaling, and tables that are none. */
#include "support/files.h"

#include <math.h>

static kith_features *read_table(void **state, const char *name, const char *text)
{
    char *path = test_file(*state, name, text);
    kith_features *features = NULL;
    kith_error err = { 0 };

    assert_kith(kith_features_read(path, NULL, &features, &err), err);
    free(path);
    return features;
}

static void assert_features(kith_features *features, int64_t rows, int64_t columns,
                            const double *expected)
{
    double row[16];

    assert_int_equal(kith_features_rows(features), rows);
    assert_int_equal(kith_features_columns(features), columns);
    for (int64_t i = 0; i < rows; i++) {
        kith_features_row(features, i, row);
        for (int64_t j = 0; j < columns; j++)
            assert_near(row[j], expected[i * columns + j], 1e-12);
    }
    kith_features_free(features);
}

/* 1, 3, unknown, 5: mean 3, variance 8/3. */
static void scales_numbers(void **state)
{
    const double s = 2 / sqrt(8.0 / 3), expected[] = { -s, 0, 0, s };

    assert_features(read_table(state, "a.csv", "x\n1\n3\n\n5e0\n"), 4, 1, expected);
    assert_features(read_table(state, "b.tsv", "x\tconstant\n1\t7\n3\t7\n\t7\n5\t7"), 4, 1,
                    expected);
}

static void makes_a_column_of_each_category(void **state)
{
    static const double expected[] = { 1, 0, 0, 1, 1, 0, 0, 0 };

    assert_features(read_table(state, "a.csv", "colour,id\nred,n1\nblue,n2\nred,n3\n,n4\n"), 4, 2,
                    expected);
    assert_features(read_table(state, "b.csv", "x:category\n10\n2\n10\n\n"), 4, 2, expected);
    assert_features(read_table(state, "c.csv",
                               "\"a\"\"b\";s:skip\n\"x;y\";1\nz;1\n\"x;y\";2\n;3\n"),
                    4, 2, expected);
}

/* Words a, b of "a a b", "b c", "c": df 1, 2, 2 of 3, as TfidfVectorizer has it. */
static void weighs_words(void **state)
{
    const double rare = log(4.0 / 2) + 1, common = log(4.0 / 3) + 1;
    const double first = hypot(2 * rare, common), second = hypot(common, common);
    const double expected[] = { 2 * rare / first, common / first,  0,
                                0,                common / second, common / second,
                                0,                0,               1 };

    assert_features(read_table(state, "a.csv", "t:text\n\"Aa, aa! bb\"\nbb-cc x\nCC\n"), 3, 3,
                    expected);
}

static void tells_text_from_categories(void **state)
{
    kith_features *f = read_table(state, "a.csv",
                                  "title,kind\nthe first paper here,old one\n"
                                  "the second paper there,new one\nthe third paper,new one\n");

    /* the first paper here second there third; old one, new one */
    assert_int_equal(kith_features_columns(f), 7 + 2);
    kith_features_free(f);
}

static void quotes_hold_line_ends(void **state)
{
    static const double expected[] = { 1, 0, 0, 1, 1, 0 };

    assert_features(read_table(state, "a.csv",
                               "\xef\xbb\xbf\"x\"\r\n\"a\nb\"\r\nc\r\n\"a\nb\"\r\n"),
                    3, 2, expected);
}

static void refuses_what_is_no_table(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        { "", "headings" },
        { "a,b\n1,2\n3\n", "a.csv:3: 1 cells (expected 2" },
        { "a,b\n1,\"2\n", "a.csv:2: a quote is not closed" },
        { "a,b\n\"1\nx\",2\n3,4,5\n", "a.csv:4: 3 cells" },
        { "a:numeric\n1\nx\n", "row 2 of column 1 is 'x'" },
        { "a:skip\n1\n", "says nothing" },
        { "a\n1\n1\n", "says nothing" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = test_file(*state, "a.csv", cases[i].text);
        kith_features *features = NULL;
        kith_error err = { 0 };
        assert_kith_fails(kith_features_read(path, NULL, &features, &err), KITH_E_INPUT,
                          cases[i].message, err);
        assert_null(features);
        free(path);
    }
}

int main(void)
{
#define IN_A_FOLDER(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, test_folder_make, test_folder_remove)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(scales_numbers),
        IN_A_FOLDER(makes_a_column_of_each_category),
        IN_A_FOLDER(weighs_words),
        IN_A_FOLDER(tells_text_from_categories),
        IN_A_FOLDER(quotes_hold_line_ends),
        IN_A_FOLDER(refuses_what_is_no_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
