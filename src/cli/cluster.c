/* kith cluster, and kith NAME for every algorithm of the table. */
#include "baselines.h"
#include "given.h"
#include "pick.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char  *algorithm, *truth, *output;
    bool         keep_labels;
    load_options load;
    run_options  run;
} settings;

#define FIELD(field) offsetof(settings, field)

static const argument rows[] = {
    { "algorithm", 'a', ARGUMENT_TEXT, FIELD(algorithm), "NAME", NULL,
      "leiden when not given; see below" },
    { "output", 'o', ARGUMENT_TEXT, FIELD(output), "FILE", NULL,
      "write the label of every node, one per line; with node names NAME<TAB>LABEL" },
    { "truth", '\0', ARGUMENT_TEXT, FIELD(truth), "LABELS", NULL,
      "compare with these; -1 is unknown" },
    { "keep-labels", '\0', ARGUMENT_FLAG, FIELD(keep_labels), NULL, NULL,
      "number communities as --initial does, by overlap, instead of by size" },
    { 0 }
};

/* All that a run holds. */
typedef struct {
    const kith_algorithm *algorithm;
    own_options           own;
    given                 in;
    int64_t              *truth;
    kith_result           result;
    kith_partition       *matched; /* under the numbers of --initial */
    const kith_partition *partition;
    int64_t              *labels; /* as written, where they are not the partition's own */
    kith_quality          quality;
    kith_comparison       comparison;
    baselines             baselines;
    double                read, cluster; /* seconds */
} job;

static void job_clear(job *j)
{
    own_options_clear(&j->own);
    given_clear(&j->in);
    free(j->truth);
    kith_result_free(&j->result);
    kith_partition_free(j->matched);
    free(j->labels);
}

static void list_algorithms(void)
{
    printf("\nAlgorithms (each is a verb too; kith algorithms NAME says more):\n");
    pick_list(pick_partitions);
}

/* The command line of `cluster`, or of a verb that is an algorithm. */
static kith_status parse(settings *s, job *j, char **argv, kith_error *err)
{
    static const char purpose[] =
        "Finds the communities of a graph, prints a summary, and with -o writes the labels.\n"
        "GRAPH is an edge list, a MatrixMarket or an npz file, plain, gzip or zstd; - is standard\n"
        "input.\n";
    static const char examples[] =
        "  kith cluster friends.txt -o communities.txt\n"
        "  kith cluster graph.mtx.gz --resolution 2 --truth labels.txt --json\n"
        "  kith louvain day2.txt --initial day1.labels --keep-labels -o day2.labels\n"
        "  kith cluster --relation calls=calls.txt --relation mail=mail.txt -o -\n";
    kith_status status = KITH_OK;
    const bool named = kith_algorithm_find(argv[0]) != NULL;
    const char *operands[ARGUMENT_OPERANDS];
    char title[CLI_NAME + 16], about[1024], example[1024];

    TRY(pick_for_verb(argv, KITH_KIND_partition, "leiden", &j->algorithm, err));
    TRY(own_options_init(&j->own, own_algorithms, j->algorithm->name, &j->algorithm->code->options,
                         err));
    snprintf(title, sizeof title, "Options of %s", j->own.owner);
    snprintf(about, sizeof about, "%s: %s.\n%s", j->algorithm->title, j->algorithm->code->summary,
             purpose);
    snprintf(example, sizeof example, "  kith %s friends.txt -o communities.txt\n"
             "  kith %s graph.mtx.gz --truth labels.txt --json\n", j->own.owner, j->own.owner);
    const arguments command = {
        .verb = named ? j->own.owner : "cluster",
        .operands = { "GRAPH" },
        .purpose = named ? about : purpose,
        .groups = { { "Options", named ? rows + 1 : rows, s, NULL },
                    { NULL, given_rows, &j->in, NULL },
                    { NULL, rows_seed, &s->run, NULL },
                    { title, NULL, NULL, &j->own },
                    { "Reading", rows_load, &s->load, NULL },
                    { "Running", rows_run, &s->run, NULL } },
        .more = named ? NULL : list_algorithms,
        .examples = named ? example : examples
    };
    TRY(arguments_parse(&command, argv, operands, err));
    j->in.path = operands[0];

done:
    return status;
}

/* What the rows cannot say. */
static kith_status check(const settings *s, const job *j, kith_error *err)
{
    kith_status status = KITH_OK;

    TRY(given_check(&j->in, "cluster", err));
    if (s->keep_labels && !kith_option_find(j->own.spec, "initial"))
        TRY(own_options_refuse(&j->own, "initial", err));
    CHECK(!s->keep_labels || own_options_file(&j->own, "initial"), CLI_USAGE,
          "--keep-labels needs --initial LABELS");
    TRY(load_writable(s->output, err));

done:
    return status;
}

static kith_status read(const settings *s, job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    const double begun = run_seconds();
    int64_t count;

    TRY(given_read(&j->in, &s->load, &s->run, &j->own, err));
    if (s->output) /* damaged names had better be found out before the work */
        TRY(RUN_HELD(&s->run, kith_graph_require_names(j->in.graph, run_rest(&s->run), err)));
    if (s->truth) TRY(load_labels(s->truth, j->in.labelled, &s->run, &count, &j->truth, err));
    j->read = run_seconds() - begun;

done:
    return status;
}

/* The labels under the numbers that the communities of --initial have in their file. */
static kith_status keep_labels(const settings *s, job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    const load_partition *initial = &own_options_file(&j->own, "initial")->labels;
    const int64_t known = kith_partition_communities(initial->partition);

    TRY(RUN_HELD(&s->run, kith_partition_match(j->partition, initial->partition,
                                               run_untimed(&s->run), &j->matched, err)));
    j->partition = j->matched;
    if (!initial->numbers) goto done;
    TRY(cli_zeroed(&j->labels, kith_partition_nodes(j->matched), sizeof *j->labels, err));
    for (int64_t v = 0; v < kith_partition_nodes(j->matched); v++) {
        const int64_t c = kith_partition_labels(j->matched)[v];
        j->labels[v] = c < 0       ? -1
                       : c < known ? initial->numbers[c]
                                   : initial->numbers[known - 1] + 1 + (c - known);
    }

done:
    return status;
}

/* Whether labels are those of all nodes: of a bipartite graph they may be those of the rows. */
static bool is_whole(const job *j)
{
    return kith_partition_nodes(j->partition) == kith_graph_nodes(j->in.graph);
}

/* Beside a method that joins features and edges. */
static kith_status run_baselines(const settings *s, job *j, kith_error *err)
{
    const own_file *file = own_options_file(&j->own, "features");

    if (!file || !strcmp(j->algorithm->name, "kmeans")) return KITH_OK;
    return baselines_run(&j->in, file->features, kith_partition_communities(j->partition),
                         j->truth, &s->run, &j->baselines, err);
}

static kith_status cluster(const settings *s, job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    const double begun = run_seconds();

    TRY(run_fill(&s->run, j->own.values, err));
    TRY(RUN_HELD(&s->run, j->algorithm->code->run(j->in.graph, j->own.values, &j->result, err)));
    j->cluster = run_seconds() - begun;
    j->partition = j->result.partition;
    j->quality = (kith_quality){ .modularity = NAN, .coverage = NAN, .conductance_mean = NAN };
    if (is_whole(j))
        TRY(RUN_HELD(&s->run, kith_evaluate(j->in.graph, j->partition, 1.0, run_untimed(&s->run),
                                            &j->quality, NULL, err)));
    if (j->truth) /* rows come first */
        TRY(RUN_HELD(&s->run, kith_compare(kith_graph_nodes(j->in.labelled),
                                           kith_partition_labels(j->partition), j->truth,
                                           run_untimed(&s->run), &j->comparison, err)));
    if (s->keep_labels) TRY(keep_labels(s, j, err));
    if (j->truth) TRY(run_baselines(s, j, err));

done:
    return status;
}

static void print_measures(const job *j, summary *out)
{
    static const char *const stops[] = { "converged", "iterations", "time" };
    const char *name;
    double figure;

    summary_object(out, "quality");
    summary_real(out, "modularity", j->quality.modularity);
    summary_real(out, "coverage", j->quality.coverage);
    summary_real(out, "conductance_mean", j->quality.conductance_mean);
    summary_real(out, "objective", kith_partition_quality(j->partition));
    summary_close(out);
    summary_object(out, "figures");
    for (int64_t i = 0; (name = kith_partition_figure(j->partition, i, &figure)); i++)
        summary_real(out, name, figure);
    summary_close(out);
    summary_boolean(out, "converged", kith_partition_converged(j->partition));
    summary_integer(out, "iterations", kith_partition_iterations(j->partition));
    summary_text(out, "stopped", stops[kith_partition_stop(j->partition)]);
    if (!j->truth) return;
    comparison_summary("truth", &j->comparison, out);
    baselines_summary(&j->baselines, out);
}

static void print_seconds(const job *j, summary *out)
{
    const char *phase;
    double seconds;

    summary_object(out, "seconds");
    summary_seconds(out, "read", j->read);
    summary_seconds(out, "cluster", j->cluster);
    summary_seconds(out, "total", run_seconds());
    summary_object(out, "phases");
    for (int64_t i = 0; (phase = kith_partition_phase(j->partition, i, &seconds)); i++)
        summary_seconds(out, phase, seconds);
    summary_close(out);
    summary_close(out);
}

static kith_status print(const settings *s, const job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool taken = s->output && !strcmp(s->output, "-");
    summary out;

    run_summary(&s->run, taken, &out);
    summary_text(&out, "algorithm", j->own.owner);
    given_summary(&j->in, &out);
    own_options_summary(&j->own, &out);
    summary_unsigned(&out, "seed", s->run.seed);
    summary_integer(&out, "threads", run_threads(&s->run));
    TRY(summary_sizes(&out, j->partition, err));
    print_measures(j, &out);
    print_seconds(j, &out);
    if (s->output && !taken) summary_text(&out, "output", s->output);
    run_summary_end(&out);

done:
    return status;
}

kith_status cli_cluster(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { 0 };
    job j = { 0 };

    TRY(parse(&s, &j, argv, err));
    TRY(check(&s, &j, err));
    TRY(read(&s, &j, err));
    TRY(cluster(&s, &j, err));
    if (s.output)
        TRY(RUN_HELD(&s.run,
                     kith_labels_write(s.output, is_whole(&j) ? j.in.graph : j.in.labelled,
                                       kith_partition_nodes(j.partition),
                                       j.labels ? j.labels : kith_partition_labels(j.partition),
                                       run_untimed(&s.run), err)));
    TRY(print(&s, &j, err));

done:
    job_clear(&j);
    return status;
}
