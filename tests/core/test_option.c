/* Options: rows, text, bounds, and structs older than the library. */
#include "support/test.h"

#include "core/option.h"

typedef struct {
    kith_run              run;
    double                fraction;
    int64_t               max_count;
    bool                  verbose;
    int                   flavour;
    const kith_partition *initial;
    const double         *node_sizes;
    double                any_number;
    const kith_features  *features;
} test_options;

#define TEST_OPTIONS_INIT                                                                          \
    { .run = KITH_RUN_INIT(test_options), .fraction = 0.25, .max_count = 5, .flavour = 1,          \
      .any_number = -1 }

static const char *const flavours[] = { "plain", "sweet_sour", "bitter", NULL };
static const kith_option rows[] = {
    KITH_OPTION(test_options, fraction, F64, 0, 1, "a share"),
    KITH_OPTION(test_options, max_count, I64, 1, INT64_MAX, "a cap"),
    KITH_OPTION(test_options, verbose, BOOL, 0, 1, "a switch"),
    KITH_OPTION_CHOICE(test_options, flavour, flavours, "a choice"),
    KITH_OPTION(test_options, initial, PARTITION, 0, 0, "a start"),
    KITH_OPTION(test_options, node_sizes, NODES_F64, 0, 0, "numbers"),
    KITH_OPTION(test_options, any_number, F64, -INFINITY, INFINITY, "any number"),
    KITH_OPTION(test_options, features, FEATURES, 0, 0, "rows"),
    { 0 }
};
static const test_options defaults = TEST_OPTIONS_INIT;
static const kith_options_spec spec = { rows, &defaults, sizeof defaults };

static void names_are_the_same_with_dashes(void **state)
{
    (void)state;
    assert_ptr_equal(kith_option_find(&spec, "max_count"), &rows[1]);
    assert_ptr_equal(kith_option_find(&spec, "max-count"), &rows[1]);
    assert_null(kith_option_find(&spec, "max"));
    assert_null(kith_option_find(&spec, "max-counts"));
    assert_null(kith_option_find(&spec, ""));
    assert_true(kith_i_same_name("a-b_c", "a_b-c"));
    assert_true(kith_i_same_name("a-b+", "a_b_plus"));
    assert_true(kith_i_same_name("a_plus", "a-plus"));
    assert_false(kith_i_same_name("a", "ab"));
    assert_false(kith_i_same_name("a+", "a"));
    assert_false(kith_i_same_name("a_plus", "a"));
}

static void text_sets_every_kind(void **state)
{
    test_options o = TEST_OPTIONS_INIT;
    kith_error err = { 0 };
    char text[32];

    (void)state;
    assert_kith(kith_option_set(&spec, &o, "fraction", "1e-1", &err), err);
    assert_true(o.fraction == 0.1);
    assert_kith(kith_option_set(&spec, &o, "max-count", "9223372036854775807", &err), err);
    assert_true(o.max_count == INT64_MAX);
    assert_kith(kith_option_set(&spec, &o, "flavour", "sweet-sour", &err), err);
    assert_int_equal(o.flavour, 1);
    assert_kith(kith_option_set(&spec, &o, "flavour", "bitter", &err), err);
    assert_int_equal(o.flavour, 2);
    assert_string_equal(kith_option_get(&rows[0], &o, text, sizeof text), "0.1");
    assert_string_equal(kith_option_get(&rows[1], &o, text, sizeof text), "9223372036854775807");
    assert_string_equal(kith_option_get(&rows[3], &o, text, sizeof text), "bitter");
    assert_string_equal(kith_option_get(&rows[4], &o, text, sizeof text), "");
    assert_string_equal(kith_option_get(&rows[5], &o, text, sizeof text), "");
    o.node_sizes = &o.fraction;
    assert_string_equal(kith_option_get(&rows[5], &o, text, sizeof text), "given");
    assert_string_equal(kith_option_get(&rows[7], &o, text, sizeof text), "");
    o.features = (const kith_features *)&o; /* never looked into */
    assert_string_equal(kith_option_get(&rows[7], &o, text, sizeof text), "given");
}

static void switches_take_the_usual_words(void **state)
{
    static const char *const words[][2] = { { "no", "yes" }, { "false", "true" }, { "off", "on" },
                                            { "0", "1" } };
    test_options o = TEST_OPTIONS_INIT;
    kith_error err = { 0 };
    char text[8];

    (void)state;
    for (int i = 0; i < 8; i++) {
        o.verbose = i % 2 == 0;
        assert_kith(kith_option_set(&spec, &o, "verbose", words[i / 2][i % 2], &err), err);
        assert_int_equal(o.verbose, i % 2);
        assert_string_equal(kith_option_get(&rows[2], &o, text, sizeof text), words[0][i % 2]);
    }
    assert_kith_fails(kith_option_set(&spec, &o, "verbose", "maybe", &err), KITH_E_ARGUMENT,
                      "verbose is maybe (expected yes or no)", err);
}

/* An option's text that must be refused, and what the message says. */
typedef struct {
    const char *name, *text, *message;
} refusal;

static void bad_text_is_refused_and_leaves_the_struct(void **state)
{
    static const refusal refusals[] = {
        { "fraction", "2", "fraction is 2 (expected 0 to 1)" },
        { "fraction", "-0.5", "fraction is -0.5 (expected 0 to 1)" },
        { "fraction", "nan", "fraction is nan (expected 0 to 1)" },
        { "fraction", "inf", "fraction is inf (expected a finite number)" },
        { "fraction", "", "fraction is '' (expected a number)" },
        { "fraction", "0.5x", "fraction is '0.5x' (expected a number)" },
        { "fraction", "0,5", "fraction is '0,5' (expected a number)" },
        { "max_count", "0", "max-count is 0 (expected at least 1)" },
        { "max_count", "2.5", "max-count is '2.5' (expected an integer)" },
        { "max_count", "1e3", "max-count is '1e3' (expected an integer)" },
        { "max_count", "9223372036854775808",
          "max-count is '9223372036854775808' (expected an integer)" },
        { "flavour", "salty", "flavour is salty (expected one of plain, sweet_sour, bitter)" },
        { "any-number", "nan", "any-number is nan (expected a number)" },
        { "any-number", "1e999", "any-number is inf (expected a finite number)" },
        { "initial", "file", "initial is not set from text" },
        { "node-sizes", "file", "node-sizes is not set from text" },
        { "features", "file", "features is not set from text" },
        { "colour", "red", "there is no option colour" },
    };
    test_options o = TEST_OPTIONS_INIT;
    kith_error err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const refusal *r = &refusals[i];
        assert_kith_fails(kith_option_set(&spec, &o, r->name, r->text, &err), KITH_E_ARGUMENT,
                          r->message, err);
        assert_memory_equal(&o, &defaults, sizeof o);
    }
}

static void a_long_list_of_choices_is_cut_not_overrun(void **state)
{
    static const char name[] = "a_choice_with_a_name_that_is_much_longer_than_is_sensible";
    const char *choices[12] = { name, name, name, name, name, name, name, name, name, name, name };
    const kith_option long_rows[] = { KITH_OPTION_CHOICE(test_options, flavour, choices, ""),
                                      { 0 } };
    const kith_options_spec long_spec = { long_rows, &defaults, sizeof defaults };
    test_options o = TEST_OPTIONS_INIT;
    kith_error err = { 0 };

    (void)state;
    assert_kith_fails(kith_option_set(&long_spec, &o, "flavour", "salty", &err), KITH_E_ARGUMENT,
                      name, err);
}

static void defaults_stand_in_for_no_options(void **state)
{
    test_options o;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_i_options_read(&spec, &o, NULL, &err), err);
    assert_memory_equal(&o, &defaults, sizeof o);
}

static void every_bound_of_a_struct_is_checked(void **state)
{
    test_options given = TEST_OPTIONS_INIT, o;
    kith_error err = { 0 };

    (void)state;
    given.fraction = 1;
    given.max_count = 1;
    assert_kith(kith_i_options_read(&spec, &o, &given, &err), err);
    assert_true(o.fraction == 1 && o.max_count == 1);
    given.fraction = nextafter(1, 2);
    assert_int_equal(kith_i_options_read(&spec, &o, &given, &err), KITH_E_ARGUMENT);
    given.fraction = -INFINITY;
    assert_kith_fails(kith_i_options_read(&spec, &o, &given, &err), KITH_E_ARGUMENT,
                      "fraction is -inf", err);
    given.fraction = 0;
    given.max_count = 0;
    assert_kith_fails(kith_i_options_read(&spec, &o, &given, &err), KITH_E_ARGUMENT,
                      "max-count is 0", err);
    given.max_count = 5;
    given.flavour = 3;
    assert_kith_fails(kith_i_options_read(&spec, &o, &given, &err), KITH_E_ARGUMENT,
                      "flavour is choice 3 (expected 0 to 2)", err);
    given.flavour = -1;
    assert_int_equal(kith_i_options_read(&spec, &o, &given, &err), KITH_E_ARGUMENT);
}

static void the_run_is_checked(void **state)
{
    test_options given = TEST_OPTIONS_INIT, o;
    kith_error err = { 0 };

    (void)state;
    given.run.threads = -1;
    assert_kith_fails(kith_i_options_read(&spec, &o, &given, &err), KITH_E_ARGUMENT,
                      "threads is -1 (expected at least 0)", err);
    given.run.threads = 2;
    given.run.time_limit = (double)NAN;
    assert_kith_fails(kith_i_options_read(&spec, &o, &given, &err), KITH_E_ARGUMENT,
                      "time-limit is nan", err);
    given.run.time_limit = 1;
    given.run.interval = -0.5;
    assert_kith_fails(kith_i_options_read(&spec, &o, &given, &err), KITH_E_ARGUMENT,
                      "interval is -0.5", err);
    given.run.interval = 0;
    assert_kith(kith_i_options_read(&spec, &o, &given, &err), err);
    assert_int_equal(o.run.threads, 2);
}

static void a_shorter_older_struct_gets_the_newer_defaults(void **state)
{
    test_options given = TEST_OPTIONS_INIT, o;
    kith_error err = { 0 };

    (void)state;
    given.fraction = 0.75;
    given.max_count = 9;
    given.run.size = offsetof(test_options, max_count);
    assert_kith(kith_i_options_read(&spec, &o, &given, &err), err);
    assert_true(o.fraction == 0.75);
    assert_int_equal(o.max_count, 5);
    given.run.size = sizeof(kith_run) - 1;
    assert_kith_fails(kith_i_options_read(&spec, &o, &given, &err), KITH_E_ARGUMENT, "_INIT", err);
}

/* A struct of a later version: what this library does not know is not read. */
static void a_longer_newer_struct_is_read_as_far_as_it_is_known(void **state)
{
    struct {
        test_options known;
        double       unknown[4];
    } given = { .known = TEST_OPTIONS_INIT };
    struct {
        test_options o;
        double       guard;
    } read = { .guard = 42 };
    kith_error err = { 0 };

    (void)state;
    given.known.fraction = 0.5;
    given.known.run.size = sizeof given;
    assert_kith(kith_i_options_read(&spec, &read.o, &given, &err), err);
    assert_true(read.o.fraction == 0.5);
    assert_true(read.guard == 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_the_same_with_dashes),
        cmocka_unit_test(text_sets_every_kind),
        cmocka_unit_test(switches_take_the_usual_words),
        cmocka_unit_test(bad_text_is_refused_and_leaves_the_struct),
        cmocka_unit_test(a_long_list_of_choices_is_cut_not_overrun),
        cmocka_unit_test(defaults_stand_in_for_no_options),
        cmocka_unit_test(every_bound_of_a_struct_is_checked),
        cmocka_unit_test(the_run_is_checked),
        cmocka_unit_test(a_shorter_older_struct_gets_the_newer_defaults),
        cmocka_unit_test(a_longer_newer_struct_is_read_as_far_as_it_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
