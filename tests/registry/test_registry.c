/* The tables of algorithms and generators: every row is whole, and found by its name. */
#include "support/graphs.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What a row of either table says. */
typedef struct {
    const char *name, *title, *paper, *summary;
    const kith_options_spec *spec;
} row;

static int64_t rows(row *out)
{
    int64_t count = 0;

    for (int64_t i = 0; i < kith_algorithm_count(); i++) {
        const kith_algorithm *a = kith_algorithm_at(i);
        out[count++] = (row){ a->name, a->title, a->paper, a->code->summary, &a->code->options };
    }
    for (int64_t i = 0; i < kith_generator_count(); i++) {
        const kith_generator *g = kith_generator_at(i);
        out[count++] = (row){ g->name, g->title, g->paper, g->code->summary, &g->code->options };
    }
    assert_true(count <= 256);
    return count;
}

static void for_rows(void (*check)(const row *))
{
    row all[256];
    const int64_t count = rows(all);

    for (int64_t i = 0; i < count; i++) check(&all[i]);
}

static void for_options(void (*check)(const row *, const kith_option *))
{
    row all[256];
    const int64_t count = rows(all);

    for (int64_t i = 0; i < count; i++)
        for (const kith_option *o = all[i].spec->options; o->name; o++) check(&all[i], o);
}

static bool is_identifier(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_') return false;
    return islower((unsigned char)*text);
}

static void row_is_described(const row *r)
{
    const size_t length = strlen(r->summary);

    assert_true(is_identifier(r->name));
    assert_true(isupper((unsigned char)*r->title));
    assert_true(length > 0 && length < 100);
    assert_null(strchr(r->summary, '\n'));
    assert_true(r->summary[length - 1] != '.');
}

static void every_row_has_a_name_a_title_and_one_line_on_what_it_does(void **state)
{
    (void)state;
    for_rows(row_is_described);
}

static void every_algorithm_has_a_header(void **state)
{
    char path[4096];

    (void)state;
    for (int64_t i = 0; i < kith_algorithm_count(); i++) {
        snprintf(path, sizeof path, "%s/include/kith/%s.h", getenv("KITH_SOURCE"),
                 kith_algorithm_at(i)->name);
        if (access(path, R_OK) != 0) fail_msg("%s is not there", path);
    }
}

/* The whole text of a file; free() it. */
static char *read_text(const char *path)
{
    char *text = NULL;
    size_t room = 0;
    FILE *f = fopen(path, "r");

    if (!f) fail_msg("%s is not there", path);
    assert_true(getdelim(&text, &room, 0, f) > 0);
    fclose(f);
    return text;
}

static void every_paper_is_in_the_references(void **state)
{
    char path[4096], key[128];
    row all[256];

    (void)state;
    snprintf(path, sizeof path, "%s/docs/references.bib", getenv("KITH_SOURCE"));
    char *references = read_text(path);
    for (int64_t i = rows(all); i-- > 0;) {
        snprintf(key, sizeof key, "{%s,", all[i].paper);
        if (!strstr(references, key))
            fail_msg("%s of %s is not in %s", all[i].paper, all[i].name, path);
    }
    free(references);
}

static void names_are_unique(void **state)
{
    (void)state;
    for (int64_t i = 0; i < kith_algorithm_count(); i++)
        assert_ptr_equal(kith_algorithm_find(kith_algorithm_at(i)->name), kith_algorithm_at(i));
    for (int64_t i = 0; i < kith_generator_count(); i++)
        assert_ptr_equal(kith_generator_find(kith_generator_at(i)->name), kith_generator_at(i));
}

static void option_is_the_only_one_of_its_name(const row *r, const kith_option *o)
{
    assert_true(is_identifier(o->name));
    assert_ptr_equal(kith_option_find(r->spec, o->name), o);
}

static void names_of_options_are_unique(void **state)
{
    (void)state;
    for_options(option_is_the_only_one_of_its_name);
}

static void names_are_found_with_dashes_and_with_underscores(void **state)
{
    const kith_algorithm *a = kith_algorithm_find("label_propagation");

    (void)state;
    assert_non_null(a);
    assert_string_equal(a->name, "label_propagation");
    assert_ptr_equal(kith_algorithm_find("label-propagation"), a);
    assert_non_null(kith_option_find(&a->code->options, "max_community_size"));
    assert_ptr_equal(kith_option_find(&a->code->options, "max-community_size"),
                     kith_option_find(&a->code->options, "max_community_size"));
    assert_non_null(kith_generator_find("lfr"));
}

static void what_is_not_in_the_tables_is_null(void **state)
{
    (void)state;
    assert_null(kith_algorithm_find("leide"));
    assert_null(kith_algorithm_find("leidenn"));
    assert_null(kith_algorithm_find(""));
    assert_null(kith_algorithm_at(-1));
    assert_null(kith_algorithm_at(kith_algorithm_count()));
    assert_null(kith_generator_find("Grid"));
    assert_null(kith_generator_at(-1));
    assert_null(kith_generator_at(kith_generator_count()));
    assert_null(kith_option_find(&kith_algorithm_at(0)->code->options, "nothing"));
}

static size_t size_of(kith_option_type type)
{
    switch (type) {
    case KITH_OPTION_F64: return sizeof(double);
    case KITH_OPTION_I64: return sizeof(int64_t);
    case KITH_OPTION_BOOL: return sizeof(bool);
    case KITH_OPTION_ENUM: return sizeof(int);
    case KITH_OPTION_PARTITION:
    case KITH_OPTION_NODES_F64:
    case KITH_OPTION_FEATURES:
    case KITH_OPTION_RELATIONS:
    case KITH_OPTION_BIPARTITE: return sizeof(void *);
    }
    return 0;
}

static void option_lies_in_its_struct(const row *r, const kith_option *o)
{
    assert_true(o->offset >= sizeof(kith_run));
    assert_true(o->offset + size_of(o->type) <= r->spec->size);
    for (const kith_option *p = r->spec->options; p != o; p++)
        assert_true(p->offset + size_of(p->type) <= o->offset
                    || o->offset + size_of(o->type) <= p->offset);
}

static void options_lie_in_their_structs_and_apart(void **state)
{
    (void)state;
    for_options(option_lies_in_its_struct);
}

static void option_is_helped(const row *r, const kith_option *o)
{
    const size_t length = strlen(o->help);

    (void)r;
    assert_true(length > 0 && length < 80);
    assert_false(isupper((unsigned char)*o->help));
    assert_true(o->help[length - 1] != '.');
    assert_null(strchr(o->help, '\n'));
}

static void every_option_has_a_line_of_help(void **state)
{
    (void)state;
    for_options(option_is_helped);
}

/* Sets an option to its default through its text. */
static void default_is_allowed(const row *r, const kith_option *o)
{
    char *options = malloc(r->spec->size), text[64];
    kith_error err = { 0 };

    memcpy(options, r->spec->defaults, r->spec->size);
    kith_option_get(o, options, text, sizeof text);
    if (size_of(o->type) == sizeof(void *) && o->lower == o->upper) { /* it is borrowed */
        assert_string_equal(text, "");
        assert_kith_fails(kith_option_set(r->spec, options, o->name, "1", &err), KITH_E_ARGUMENT,
                          o->name, err);
    } else {
        assert_kith(kith_option_set(r->spec, options, o->name, text, &err), err);
        assert_memory_equal(options, r->spec->defaults, r->spec->size);
    }
    free(options);
}

static void defaults_lie_within_their_bounds(void **state)
{
    (void)state;
    for_options(default_is_allowed);
}

static void defaults_are_those_of_init(void **state)
{
    static const kith_leiden_options leiden = KITH_LEIDEN_OPTIONS_INIT;
    static const kith_lfr_options lfr = KITH_LFR_OPTIONS_INIT;

    (void)state;
    assert_memory_equal(kith_algorithm_find("leiden")->code->options.defaults, &leiden,
                        sizeof leiden);
    assert_memory_equal(kith_generator_find("lfr")->code->options.defaults, &lfr, sizeof lfr);
}

static void every_algorithm_knows_its_memory(void **state)
{
    kith_graph *small = test_path(10), *large = test_path(1000);

    (void)state;
    for (int64_t i = 0; i < kith_algorithm_count(); i++) {
        const kith_algorithm_code *code = kith_algorithm_at(i)->code;
        const double bytes = code->bytes(small, code->options.defaults);
        const double more = code->bytes(large, code->options.defaults);
        assert_true(bytes > 0 && more > 0);
        if (kith_algorithm_at(i)->kind != KITH_KIND_local) assert_true(more > 10 * bytes);
    }
    kith_graph_free(small);
    kith_graph_free(large);
}

static void a_freed_result_is_empty(void **state)
{
    kith_graph *graph = test_path(4);
    kith_result result;
    kith_error err = { 0 };

    (void)state;
    assert_kith(kith_algorithm_find("leiden")->code->run(graph, NULL, &result, &err), err);
    assert_non_null(result.partition);
    kith_result_free(&result);
    assert_null(result.partition);
    kith_result_free(&result);
    kith_result_free(NULL);
    kith_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_name_a_title_and_one_line_on_what_it_does),
        cmocka_unit_test(every_algorithm_has_a_header),
        cmocka_unit_test(every_paper_is_in_the_references),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(names_of_options_are_unique),
        cmocka_unit_test(names_are_found_with_dashes_and_with_underscores),
        cmocka_unit_test(what_is_not_in_the_tables_is_null),
        cmocka_unit_test(options_lie_in_their_structs_and_apart),
        cmocka_unit_test(every_option_has_a_line_of_help),
        cmocka_unit_test(defaults_lie_within_their_bounds),
        cmocka_unit_test(defaults_are_those_of_init),
        cmocka_unit_test(every_algorithm_knows_its_memory),
        cmocka_unit_test(a_freed_result_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
