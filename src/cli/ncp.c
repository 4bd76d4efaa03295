/* kith ncp: the network community profile. */
#include "rows.h"

#include <string.h>

typedef struct {
    const char  *output;
    load_options load;
    run_options  run;
} settings;

static const argument rows[] = {
    { "output", 'o', ARGUMENT_TEXT, offsetof(settings, output), "FILE", NULL,
      "write the profile as a table: size, volume, cut, conductance, separated by tabs" },
    { 0 }
};

static const kith_options_spec *own_ncp(int64_t i, const char **name)
{
    *name = "ncp";
    return i == 0 ? kith_ncp_spec() : NULL;
}

static kith_status write_table(const char *path, const kith_ncp_profile *profile, kith_error *err)
{
    static const char heading[] = "size\tvolume\tcut\tconductance\n";
    kith_status status = KITH_OK;
    kith_output *output = NULL;

    TRY(kith_output_open(path, &output, err));
    TRY(kith_output_write(output, heading, strlen(heading), err));
    for (int64_t i = 0; i < kith_ncp_profile_count(profile); i++) {
        const kith_ncp_entry *e = kith_ncp_profile_entries(profile) + i;
        char line[128];
        const int length = snprintf(line, sizeof line, "%lld\t%.15g\t%.15g\t%.15g\n",
                                    (long long)e->size, e->volume, e->cut, e->conductance);
        TRY(kith_output_write(output, line, (size_t)length, err));
    }
    status = kith_output_commit(output, err);
    output = NULL;

done:
    if (output) kith_output_abandon(output);
    return status;
}

static void print_profile(const kith_ncp_profile *profile, summary *out)
{
    summary_array(out, "profile");
    for (int64_t i = 0; i < kith_ncp_profile_count(profile); i++) {
        const kith_ncp_entry *e = kith_ncp_profile_entries(profile) + i;
        summary_object(out, NULL);
        summary_integer(out, "size", e->size);
        summary_real(out, "volume", e->volume);
        summary_real(out, "cut", e->cut);
        summary_real(out, "conductance", e->conductance);
        summary_close(out);
    }
    summary_close(out);
}

/* For people. */
static void show_table(const kith_ncp_profile *profile)
{
    printf("\n%12s %14s %14s %12s\n", "size", "volume", "cut", "conductance");
    for (int64_t i = 0; i < kith_ncp_profile_count(profile); i++) {
        const kith_ncp_entry *e = kith_ncp_profile_entries(profile) + i;
        printf("%12lld %14.6g %14.6g %12.5f\n", (long long)e->size, e->volume, e->cut,
               e->conductance);
    }
}

static void print(const settings *s, const char *path, const kith_graph *graph,
                  const own_options *own, const kith_ncp_profile *profile, double read)
{
    static const char *const stops[] = { "converged", "iterations", "time" };
    const bool taken = s->output && !strcmp(s->output, "-");
    const double found = run_seconds() - read;
    summary out;

    run_summary(&s->run, taken, &out);
    summary_graph(&out, "graph", path, graph);
    own_options_summary(own, &out);
    summary_unsigned(&out, "seed", s->run.seed);
    summary_integer(&out, "threads", run_threads(&s->run));
    if (s->run.json) print_profile(profile, &out);
    summary_integer(&out, "queries", kith_ncp_profile_queries(profile));
    summary_text(&out, "stopped", stops[kith_ncp_profile_stop(profile)]);
    summary_object(&out, "seconds");
    summary_seconds(&out, "read", read);
    summary_seconds(&out, "profile", found);
    summary_seconds(&out, "total", run_seconds());
    summary_close(&out);
    if (s->output && !taken) summary_text(&out, "output", s->output);
    run_summary_end(&out);
    if (!s->run.json && !s->output) show_table(profile);
}

kith_status cli_ncp(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { 0 };
    own_options own = { 0 };
    kith_graph *graph = NULL;
    kith_ncp_profile *profile = NULL;
    const char *operands[ARGUMENT_OPERANDS];
    double read;

    TRY(own_options_init(&own, own_ncp, "ncp", kith_ncp_spec(), err));
    const arguments command = {
        .verb = "ncp",
        .operands = { "GRAPH" },
        .required = 1,
        .purpose =
            "Finds the network community profile: for each size of a set the least conductance of\n"
            "any that is found, on the largest component. Where it dips, there are communities of\n"
            "that size.\n",
        .groups = { { "Options", rows, &s, NULL },
                    { NULL, rows_seed, &s.run, NULL },
                    { "Options of the profile", NULL, NULL, &own },
                    { "Reading", rows_load, &s.load, NULL },
                    { "Running", rows_run, &s.run, NULL } },
        .examples = "  kith ncp graph.npz\n  kith ncp graph.npz --queries 500 -o profile.tsv\n"
    };
    TRY(arguments_parse(&command, argv, operands, err));
    TRY(load_writable(s.output, err));
    TRY(load_graph(operands[0], &s.load, &s.run, &graph, err));
    read = run_seconds();
    TRY(run_fill(&s.run, own.values, err));
    TRY(RUN_HELD(&s.run, kith_ncp(graph, own.values, &profile, err)));
    if (s.output) TRY(RUN_HELD(&s.run, write_table(s.output, profile, err)));
    print(&s, operands[0], graph, &own, profile, read);

done:
    own_options_clear(&own);
    kith_graph_free(graph);
    kith_ncp_profile_free(profile);
    return status;
}
