/* kith embed. */
#include "given.h"
#include "pick.h"

#include <string.h>

typedef struct {
    const char  *algorithm, *output;
    load_options load;
    run_options  run;
} settings;

#define FIELD(field) offsetof(settings, field)

static const argument rows[] = {
    { "algorithm", 'a', ARGUMENT_TEXT, FIELD(algorithm), "NAME", NULL,
      "spectral when not given; see below" },
    { "output", 'o', ARGUMENT_TEXT, FIELD(output), "FILE", NULL,
      "write the points, a NumPy array (.npy) of float64 with a row for each node" },
    { 0 }
};

/* All that a run holds. */
typedef struct {
    const kith_algorithm *algorithm;
    own_options           own;
    given                 in;
    kith_embedding       *embedding;
    double                read, embed; /* seconds */
} job;

static void list_algorithms(void)
{
    printf("\nAlgorithms:\n");
    pick_list(pick_embeddings);
}

static kith_status parse(settings *s, job *j, char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *operands[ARGUMENT_OPERANDS];
    char title[CLI_NAME + 16];

    TRY(pick_for_verb(argv, KITH_KIND_partition, "spectral", &j->algorithm, err));
    TRY(own_options_init(&j->own, own_algorithms, j->algorithm->name, &j->algorithm->code->options,
                         err));
    CHECK(j->algorithm->code->embed, CLI_USAGE,
          "%s gives no points (kith embed --help lists those that do)", j->own.owner);
    snprintf(title, sizeof title, "Options of %s", j->own.owner);
    const arguments command = {
        .verb = "embed",
        .operands = { "GRAPH" },
        .purpose = "Gives each node a point such that nodes of one community lie together, prints\n"
                   "the spectrum behind them, and with -o writes the points.\n",
        .groups = { { "Options", rows, s, NULL },
                    { NULL, given_rows, &j->in, NULL },
                    { NULL, rows_seed, &s->run, NULL },
                    { title, NULL, NULL, &j->own },
                    { "Reading", rows_load, &s->load, NULL },
                    { "Running", rows_run, &s->run, NULL } },
        .more = list_algorithms,
        .examples = "  kith embed friends.txt -k 8 -o points.npy\n"
                    "  kith embed papers.npz -a filter --features words.npz -k 7 -o points.npy\n"
    };
    TRY(arguments_parse(&command, argv, operands, err));
    j->in.path = operands[0];
    TRY(given_check(&j->in, "embed", err));
    TRY(load_writable(s->output, err));

done:
    return status;
}

static kith_status embed(const settings *s, job *j, kith_error *err)
{
    kith_status status = KITH_OK;

    TRY(given_read(&j->in, &s->load, &s->run, &j->own, err));
    j->read = run_seconds();
    TRY(run_fill(&s->run, j->own.values, err));
    TRY(RUN_HELD(&s->run,
                 j->algorithm->code->embed(j->in.graph, j->own.values, &j->embedding, err)));
    j->embed = run_seconds() - j->read;
    if (s->output)
        TRY(RUN_HELD(&s->run, kith_embedding_write(s->output, j->embedding, run_untimed(&s->run),
                                                   err)));

done:
    return status;
}

static void print_array(summary *out, const char *key, int64_t count, const double *values)
{
    summary_array(out, key);
    for (int64_t i = 0; i < count; i++) summary_real(out, NULL, values[i]);
    summary_close(out);
}

static void print(const settings *s, const job *j)
{
    const kith_embedding *e = j->embedding;
    const int64_t count = kith_embedding_spectrum(e);
    const bool taken = s->output && !strcmp(s->output, "-");
    summary out;

    run_summary(&s->run, taken, &out);
    summary_text(&out, "algorithm", j->own.owner);
    given_summary(&j->in, &out);
    own_options_summary(&j->own, &out);
    summary_unsigned(&out, "seed", s->run.seed);
    summary_integer(&out, "threads", run_threads(&s->run));
    summary_integer(&out, "dimensions", kith_embedding_dimensions(e));
    print_array(&out, "eigenvalues", count, kith_embedding_eigenvalues(e));
    print_array(&out, "residuals", count, kith_embedding_residuals(e));
    summary_real(&out, "gap", kith_embedding_gap(e));
    summary_boolean(&out, "converged", kith_embedding_converged(e));
    summary_object(&out, "seconds");
    summary_seconds(&out, "read", j->read);
    summary_seconds(&out, "embed", j->embed);
    summary_seconds(&out, "total", run_seconds());
    summary_close(&out);
    if (s->output && !taken) summary_text(&out, "output", s->output);
    run_summary_end(&out);
}

kith_status cli_embed(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { 0 };
    job j = { 0 };

    TRY(parse(&s, &j, argv, err));
    TRY(embed(&s, &j, err));
    print(&s, &j);

done:
    own_options_clear(&j.own);
    given_clear(&j.in);
    kith_embedding_free(j.embedding);
    return status;
}
