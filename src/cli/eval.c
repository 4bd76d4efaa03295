/* kith eval: labels against a truth, and on their graph. */
#include "rows.h"

#include <stdlib.h>

typedef struct {
    const char  *truth, *graph;
    double       resolution;
    load_options load;
    run_options  run;
} settings;

#define FIELD(field) offsetof(settings, field)

static const argument rows[] = {
    { "truth", '\0', ARGUMENT_TEXT, FIELD(truth), "LABELS", NULL,
      "the labels to compare with; -1 is unknown" },
    { "graph", '\0', ARGUMENT_TEXT, FIELD(graph), "GRAPH", NULL,
      "the graph, to measure the quality of the labels on it" },
    { "resolution", '\0', ARGUMENT_REAL, FIELD(resolution), "X", NULL,
      "of modularity and CPM (default 1)" },
    { 0 }
};

/* All that a run holds. */
typedef struct {
    const char      *path;
    kith_graph      *graph;
    int64_t         *labels, *truth;
    int64_t          count;
    load_partition   partition;
    kith_comparison  comparison;
    kith_quality     quality;
} job;

static void job_clear(job *j)
{
    kith_graph_free(j->graph);
    free(j->labels);
    free(j->truth);
    load_partition_clear(&j->partition);
}

static kith_status parse(settings *s, job *j, char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *operands[ARGUMENT_OPERANDS];
    const arguments command = {
        .verb = "eval",
        .operands = { "LABELS" },
        .required = 1,
        .purpose =
            "Compares labels with a truth, and with --graph measures their quality. A file of\n"
            "labels has one integer per line, line i for node i, or NAME<TAB>LABEL lines; - is\n"
            "standard input.\n",
        .groups = { { "Options", rows, s, NULL },
                    { "Reading the graph", rows_load, &s->load, NULL },
                    { "Running", rows_run, &s->run, NULL } },
        .examples = "  kith eval communities.txt --truth labels.txt\n"
                    "  kith eval communities.txt --graph graph.mtx --json\n"
    };

    TRY(arguments_parse(&command, argv, operands, err));
    CHECK(s->truth || s->graph, CLI_USAGE,
          "against what? (--truth LABELS, --graph GRAPH or both; kith eval --help)");
    j->path = operands[0];

done:
    return status;
}

static kith_status read(const settings *s, job *j, kith_error *err)
{
    kith_status status = KITH_OK;

    if (s->graph) {
        TRY(load_graph(s->graph, &s->load, &s->run, &j->graph, err));
        TRY(load_labels(j->path, j->graph, &s->run, &j->count, &j->labels, err));
        if (s->truth) TRY(load_labels(s->truth, j->graph, &s->run, &j->count, &j->truth, err));
    } else {
        TRY(load_label_pair(j->path, s->truth, &s->run, &j->count, &j->labels, &j->truth, err));
    }
    TRY(load_partition_from(j->count, j->labels, &s->run, &j->partition, err));

done:
    return status;
}

static void print_comparison(const kith_comparison *c, summary *out)
{
    summary_integer(out, "compared", c->nodes);
    summary_real(out, "nmi", c->nmi);
    summary_real(out, "ami", c->ami);
    summary_real(out, "ari", c->ari);
    summary_real(out, "accuracy", c->accuracy);
    summary_real(out, "f1_macro", c->f1_macro);
    summary_real(out, "nmi_geometric", c->nmi_geometric);
    summary_real(out, "nmi_min", c->nmi_min);
    summary_real(out, "nmi_max", c->nmi_max);
    summary_real(out, "mutual_information", c->mutual_information);
}

static void print_quality(const kith_quality *q, summary *out)
{
    summary_real(out, "modularity", q->modularity);
    summary_real(out, "cpm", q->cpm);
    summary_real(out, "coverage", q->coverage);
    summary_real(out, "conductance_mean", q->conductance_mean);
    summary_real(out, "conductance_max", q->conductance_max);
    summary_real(out, "normalized_cut", q->normalized_cut);
}

static kith_status print(const settings *s, const job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    summary out;

    run_summary(&s->run, false, &out);
    summary_text(&out, "labels", j->path);
    summary_text(&out, "truth", s->truth);
    if (s->graph) summary_graph(&out, "graph", s->graph, j->graph);
    summary_integer(&out, "nodes", j->count);
    TRY(summary_sizes(&out, j->partition.partition, err));
    if (s->truth) print_comparison(&j->comparison, &out);
    if (s->graph) {
        summary_real(&out, "resolution", s->resolution);
        print_quality(&j->quality, &out);
    }
    run_summary_end(&out);

done:
    return status;
}

kith_status cli_eval(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { .resolution = 1 };
    job j = { 0 };

    TRY(parse(&s, &j, argv, err));
    TRY(read(&s, &j, err));
    if (s.truth)
        TRY(RUN_HELD(&s.run, kith_compare(j.count, j.labels, j.truth, run_rest(&s.run),
                                          &j.comparison, err)));
    if (s.graph)
        TRY(RUN_HELD(&s.run, kith_evaluate(j.graph, j.partition.partition, s.resolution,
                                           run_rest(&s.run), &j.quality, NULL, err)));
    TRY(print(&s, &j, err));

done:
    job_clear(&j);
    return status;
}
