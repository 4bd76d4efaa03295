/* kith generate: benchmark graphs with known communities, and graphs of similar rows. */
#include "help.h"
#include "rows.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *output, *labels;
    int         to;
    run_options run;
} settings;

#define FIELD(field) offsetof(settings, field)

static const argument rows[] = {
    { "output", 'o', ARGUMENT_TEXT, FIELD(output), "FILE", NULL,
      "where to write the graph; - is standard output" },
    { "labels", '\0', ARGUMENT_TEXT, FIELD(labels), "FILE", NULL,
      "where to write the communities that were planted" },
    { "to", '\0', ARGUMENT_CHOICE, FIELD(to), "mtx|edges|npz", load_formats,
      "format of the graph (default: by its ending; .mtx, .npz, else an edge list)" },
    { 0 }
};

static void list_generators(void)
{
    printf("\nGenerators (kith generate NAME --help lists the options of one):\n");
    for (int64_t i = 0; i < kith_generator_count(); i++) {
        char name[CLI_NAME];
        help_entry(cli_dashed(kith_generator_at(i)->name, name),
                   kith_generator_at(i)->code->summary);
    }
}

static const char purpose[] =
    "Makes a benchmark graph, the same one for the same options and seed, or the graph of similar\n"
    "rows of a feature matrix.\n";
static const char examples[] =
    "  kith generate lfr --nodes 10000 --mixing 0.4 -o lfr.npz --labels truth.txt\n"
    "  kith generate sbm --nodes 1000 --blocks 4 -o - | kith cluster -\n"
    "  kith generate similarity --features points.npy --neighbours 10 -o points.npz\n";

/* `kith generate` by itself, or with --help before any name. */
static kith_status about(char **argv, kith_error *err)
{
    settings s = { 0 };
    const char *operands[ARGUMENT_OPERANDS];
    const arguments command = {
        .verb = "generate",
        .operands = { "NAME" },
        .required = 1,
        .purpose = purpose,
        .groups = { { "Options", rows, &s, NULL },
                    { NULL, rows_seed, &s.run, NULL },
                    { "Running", rows_run, &s.run, NULL } },
        .more = list_generators,
        .examples = examples
    };
    const kith_status status = arguments_parse(&command, argv, operands, err);

    if (status != KITH_OK) return status;
    return cli_fail(err, CLI_USAGE,
                    "the name of a generator comes first (kith generate %.60s -o FILE)",
                    operands[0]);
}

static kith_status find_generator(const char *name, const kith_generator **out, kith_error *err)
{
    kith_status status = KITH_OK;
    cli_guess guess = { .wrong = name, .distance = INT_MAX };

    *out = kith_generator_find(name);
    for (int64_t i = 0; i < kith_generator_count() && !*out; i++)
        cli_guess_try(&guess, kith_generator_at(i)->name);
    CHECK(*out || guess.distance == INT_MAX, KITH_E_ARGUMENT,
          "there is no generator '%.60s' (did you mean %s?)", name, guess.best);
    CHECK(*out, KITH_E_ARGUMENT, "there is no generator '%.60s' (kith generate --help lists them)",
          name);

done:
    return status;
}

static kith_status parse(settings *s, const kith_generator *generator, own_options *own,
                         char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *operands[ARGUMENT_OPERANDS];
    char verb[CLI_NAME + 16], title[CLI_NAME + 16], text[512];

    TRY(own_options_init(own, own_generators, generator->name, &generator->code->options, err));
    snprintf(verb, sizeof verb, "generate %s", own->owner);
    snprintf(title, sizeof title, "Options of %s", own->owner);
    snprintf(text, sizeof text, "%s: %s.\n%s", generator->title, generator->code->summary, purpose);
    const arguments command = {
        .verb = verb,
        .purpose = text,
        .groups = { { "Options", rows, s, NULL },
                    { NULL, rows_seed, &s->run, NULL },
                    { title, NULL, NULL, own },
                    { "Running", rows_run, &s->run, NULL } },
        .examples = examples
    };
    TRY(arguments_parse(&command, argv + 1, operands, err));
    CHECK(s->output, CLI_USAGE, "where to? (-o FILE, or -o - for standard output)");
    CHECK(!s->labels || strcmp(s->output, s->labels) != 0, CLI_USAGE,
          "--output and --labels are both %.200s", s->output);
    TRY(load_writable(s->output, err));
    TRY(load_writable(s->labels, err));

done:
    return status;
}

static kith_status print(const settings *s, const own_options *own, const kith_graph *graph,
                         const kith_partition *truth, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool taken = !strcmp(s->output, "-") || (s->labels && !strcmp(s->labels, "-"));
    summary out;

    run_summary(&s->run, taken, &out);
    summary_text(&out, "generator", own->owner);
    own_options_summary(own, &out);
    summary_unsigned(&out, "seed", s->run.seed);
    summary_graph(&out, "graph", s->output, graph);
    if (truth) TRY(summary_sizes(&out, truth, err));
    if (s->labels) summary_text(&out, "labels", s->labels);
    summary_object(&out, "seconds");
    summary_seconds(&out, "total", run_seconds());
    summary_close(&out);
    run_summary_end(&out);

done:
    return status;
}

kith_status cli_generate(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { 0 };
    const kith_generator *generator = NULL;
    own_options own = { 0 };
    kith_graph *graph = NULL;
    kith_partition *truth = NULL;

    if (!argv[1] || argv[1][0] == '-') return about(argv, err);
    TRY(find_generator(argv[1], &generator, err));
    TRY(parse(&s, generator, &own, argv, err));
    TRY(own_options_read(&own, NULL, &s.run, err));
    TRY(run_fill(&s.run, own.values, err));
    TRY(RUN_HELD(&s.run, generator->code->run(own.values, &graph, &truth, err)));
    CHECK(truth || !s.labels, KITH_E_ARGUMENT, "%s plants no communities (expected no --labels)",
          own.owner);
    if (s.labels)
        TRY(RUN_HELD(&s.run,
                     kith_labels_write(s.labels, NULL, kith_graph_nodes(graph),
                                       kith_partition_labels(truth), run_rest(&s.run), err)));
    TRY(RUN_HELD(&s.run,
                 kith_graph_write(graph, s.output, (kith_format)s.to, run_rest(&s.run), err)));
    TRY(print(&s, &own, graph, truth, err));

done:
    own_options_clear(&own);
    kith_graph_free(graph);
    kith_partition_free(truth);
    return status;
}
