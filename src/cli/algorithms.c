/* kith algorithms: the table of algorithms, and all about one. */
#include "help.h"
#include "pick.h"
#include "rows.h"

#include <stdio.h>

typedef struct {
    bool json;
} settings;

static const argument rows[] = {
    { "json", '\0', ARGUMENT_FLAG, offsetof(settings, json), NULL, NULL, "print one JSON object" },
    { 0 }
};

static void describe_default(const kith_option *row, const void *defaults, summary *out)
{
    const void *field = (const char *)defaults + row->offset;

    switch (row->type) {
    case KITH_OPTION_F64: summary_real(out, "default", *(const double *)field); break;
    case KITH_OPTION_I64: summary_integer(out, "default", *(const int64_t *)field); break;
    case KITH_OPTION_BOOL: summary_boolean(out, "default", *(const bool *)field); break;
    case KITH_OPTION_ENUM: summary_text(out, "default", row->choices[*(const int *)field]); break;
    case KITH_OPTION_PARTITION:
    case KITH_OPTION_NODES_F64:
    case KITH_OPTION_FEATURES:
    case KITH_OPTION_RELATIONS:
    case KITH_OPTION_BIPARTITE: summary_null(out, "default"); break;
    }
}

static void describe_option(const kith_options_spec *spec, const kith_option *row, summary *out)
{
    static const char *const types[] = { "number",  "integer",  "switch",    "choice",   "labels",
                                         "numbers", "features", "relations", "bipartite" };

    summary_object(out, NULL);
    summary_text(out, "name", row->name);
    summary_text(out, "type", types[row->type]);
    describe_default(row, spec->defaults, out);
    if (row->type == KITH_OPTION_F64 || row->type == KITH_OPTION_I64) {
        summary_real(out, "least", own_option_bound(row->lower));
        summary_real(out, "most", own_option_bound(row->upper));
    }
    if (row->choices) {
        summary_array(out, "choices");
        for (int i = 0; row->choices[i]; i++) summary_text(out, NULL, row->choices[i]);
        summary_close(out);
    }
    summary_text(out, "help", row->help);
    summary_close(out);
}

static void describe(const kith_algorithm *a, summary *out)
{
    static const char *const kinds[] = { "partition", "local" };
    char name[CLI_NAME];

    summary_object(out, NULL);
    summary_text(out, "name", cli_dashed(a->name, name));
    summary_text(out, "title", a->title);
    summary_text(out, "subject", a->subject);
    summary_text(out, "kind", kinds[a->kind]);
    summary_text(out, "paper", a->paper);
    summary_text(out, "summary", a->code->summary);
    summary_array(out, "options");
    for (const kith_option *row = a->code->options.options; row->name; row++)
        describe_option(&a->code->options, row, out);
    summary_close(out);
    summary_close(out);
}

/* One algorithm, or all when it is NULL. */
static void print_json(const kith_algorithm *only)
{
    summary out;

    summary_begin(&out, stdout, true);
    summary_text(&out, "kith", kith_version());
    summary_array(&out, "algorithms");
    for (int64_t i = 0; i < kith_algorithm_count(); i++)
        if (!only || only == kith_algorithm_at(i)) describe(kith_algorithm_at(i), &out);
    summary_close(&out);
    summary_end(&out);
}

static void print_one(const kith_algorithm *a)
{
    char name[CLI_NAME];

    printf("%s (kith %s): %s.\n\nSubject: %s\nPaper:   %s (docs/references.bib)\n\nOptions:\n",
           a->title, cli_dashed(a->name, name), a->code->summary, a->subject, a->paper);
    own_options_help(&a->code->options, true);
}

static void print_all(void)
{
    for (int64_t i = 0; i < kith_algorithm_count(); i++) {
        char name[CLI_NAME];
        help_entry(cli_dashed(kith_algorithm_at(i)->name, name),
                   kith_algorithm_at(i)->code->summary);
    }
}

kith_status cli_algorithms(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { 0 };
    const kith_algorithm *one = NULL;
    const char *operands[ARGUMENT_OPERANDS];
    const arguments command = {
        .verb = "algorithms",
        .operands = { "NAME" },
        .purpose =
            "Lists the algorithms, or says all about one: options, defaults, bounds, paper.\n",
        .groups = { { "Options", rows, &s, NULL } },
        .examples = "  kith algorithms\n  kith algorithms leiden\n"
    };

    TRY(arguments_parse(&command, argv, operands, err));
    if (operands[0]) TRY(pick_algorithm(operands[0], &one, err));
    if (s.json) print_json(one);
    else if (one) print_one(one);
    else print_all();

done:
    return status;
}
