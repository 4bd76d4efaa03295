/* kith local, and kith NAME for every local algorithm: the community around seed nodes. */
#include "pick.h"
#include "rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char  *algorithm, *seed_node, *seeds, *set, *truth, *truth_nodes, *output;
    load_options load;
    run_options  run;
} settings;

#define FIELD(field) offsetof(settings, field)

static const argument rows[] = {
    { "algorithm", 'a', ARGUMENT_TEXT, FIELD(algorithm), "NAME", NULL,
      "acl when not given; see below" },
    { "seed-node", '\0', ARGUMENT_TEXT, FIELD(seed_node), "ID[,ID]", NULL,
      "the nodes whose community is wanted, by number, or by name where nodes have names" },
    { "set", '\0', ARGUMENT_TEXT, FIELD(set), "FILE", NULL,
      "the same from a file: nodes in any number of lines; the set that is to be improved" },
    { "seeds", '\0', ARGUMENT_TEXT, FIELD(seeds), "FILE", NULL,
      "a query for each line, which holds its seeds; prints one JSON object per line" },
    { "output", 'o', ARGUMENT_TEXT, FIELD(output), "FILE", NULL,
      "write the nodes found, best first, one per line: NODE<TAB>SCORE" },
    { "truth", '\0', ARGUMENT_TEXT, FIELD(truth), "LABELS", NULL,
      "compare with all nodes that have the label of the seed" },
    { "truth-nodes", '\0', ARGUMENT_TEXT, FIELD(truth_nodes), "FILE", NULL,
      "compare with the nodes in a file" },
    { 0 }
};

/* All that a run holds. */
typedef struct {
    const settings       *s;
    const kith_algorithm *algorithm;
    const char           *path; /* of GRAPH */
    own_options           own;
    kith_graph           *graph;
    kith_cover           *queries; /* the seeds of each */
    int64_t              *labels;  /* of --truth */
    bool                 *members; /* of --truth-nodes */
    double                open;    /* seconds */
    int64_t               failed;  /* queries */
    kith_error            failure; /* of the first of them */
} job;

static void job_clear(job *j)
{
    own_options_clear(&j->own);
    kith_graph_free(j->graph);
    kith_cover_free(j->queries);
    free(j->labels);
    free(j->members);
}

static void list_algorithms(void)
{
    printf("\nAlgorithms (each is a verb too; kith algorithms NAME says more):\n");
    pick_list(pick_locals);
}

static kith_status parse(settings *s, job *j, char **argv, kith_error *err)
{
    static const char purpose[] =
        "Finds the community around seed nodes. Only the part of the graph near them is read, so\n"
        "that a graph in a file of kith convert may be larger than memory.\n";
    static const char examples[] =
        "  kith local friends.txt --seed-node 7\n"
        "  kith local graph.npz --seed-node alice,bob --json\n"
        "  kith local graph.npz --seeds queries.txt -a acl --epsilon 1e-5 > answers.jsonl\n";
    kith_status status = KITH_OK;
    const bool named = kith_algorithm_find(argv[0]) != NULL;
    const char *operands[ARGUMENT_OPERANDS];
    char title[CLI_NAME + 16], about[1024], example[1024];

    TRY(pick_for_verb(argv, KITH_KIND_local, "acl", &j->algorithm, err));
    TRY(own_options_init(&j->own, own_algorithms, j->algorithm->name, &j->algorithm->code->options,
                         err));
    snprintf(title, sizeof title, "Options of %s", j->own.owner);
    snprintf(about, sizeof about, "%s: %s.\n%s", j->algorithm->title, j->algorithm->code->summary,
             purpose);
    snprintf(example, sizeof example, "  kith %s friends.txt --seed-node 7\n", j->own.owner);
    const arguments command = {
        .verb = named ? j->own.owner : "local",
        .operands = { "GRAPH" },
        .required = 1,
        .purpose = named ? about : purpose,
        .groups = { { "Options", named ? rows + 1 : rows, s, NULL },
                    { NULL, rows_seed, &s->run, NULL },
                    { title, NULL, NULL, &j->own },
                    { "Reading", rows_load, &s->load, NULL },
                    { "Running", rows_run, &s->run, NULL } },
        .more = named ? NULL : list_algorithms,
        .examples = named ? example : examples
    };
    TRY(arguments_parse(&command, argv, operands, err));
    j->path = operands[0];

done:
    return status;
}

/* What the rows cannot say. */
static kith_status check(const settings *s, kith_error *err)
{
    kith_status status = KITH_OK;

    CHECK(!!s->seed_node + !!s->seeds + !!s->set == 1, CLI_USAGE,
          "whose community? (one of --seed-node ID, --set FILE and --seeds FILE)");
    CHECK(!s->truth || !s->truth_nodes, CLI_USAGE, "--truth and --truth-nodes exclude each other");
    CHECK(!s->output || !s->seeds, CLI_USAGE,
          "--output is for one query (with --seeds the answers are printed)");
    TRY(load_writable(s->output, err));

done:
    return status;
}

/* The node that a text of the command line means. */
static kith_status find_node(const kith_graph *graph, const char *text, int64_t *node,
                             kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t n = kith_graph_nodes(graph);
    const bool named = n > 0 && kith_graph_name(graph, 0);
    char *end;

    *node = named ? kith_graph_find(graph, text) : strtoll(text, &end, 10);
    CHECK(!named || *node >= 0, KITH_E_INPUT, "--seed-node: there is no node '%.100s'", text);
    CHECK(named || (*text && !*end && *node >= 0 && *node < n), KITH_E_INPUT,
          "--seed-node: there is no node '%.100s' (expected 0 to %lld)", text, (long long)n - 1);

done:
    return status;
}

/* The nodes of --seed-node, separated by commas; a name that holds a comma is taken whole. */
static kith_status read_seed_nodes(job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    char *list = strdup(j->s->seed_node), *rest = list, *text;
    int64_t offsets[2] = { 0 }, *nodes = NULL, node;
    kith_error none;

    CHECK(list, KITH_E_MEMORY, "out of memory");
    TRY(RUN_HELD(&j->s->run, kith_graph_require_names(j->graph, run_rest(&j->s->run), err)));
    TRY(cli_zeroed(&nodes, (int64_t)strlen(list) + 1, sizeof *nodes, err));
    if (find_node(j->graph, list, &node, &none) == KITH_OK) nodes[offsets[1]++] = node;
    else
        while ((text = strsep(&rest, ",")))
            TRY(find_node(j->graph, text, &nodes[offsets[1]++], err));
    TRY(kith_cover_from_members(kith_graph_nodes(j->graph), 1, offsets, nodes, NULL, &j->queries,
                                err));

done:
    free(list);
    free(nodes);
    return status;
}

/* The nodes of a file, however they are spread over its lines. */
static kith_status read_set(const char *path, const kith_graph *graph, const run_options *run,
                            kith_cover **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cover *lines = NULL;
    int64_t offsets[2] = { 0 };

    TRY(RUN_HELD(run, kith_cover_read(path, graph, run_rest(run), &lines, err)));
    offsets[1] = kith_cover_offsets(lines)[kith_cover_communities(lines)];
    status = kith_cover_from_members(kith_graph_nodes(graph), 1, offsets, kith_cover_members(lines),
                                     run_rest(run), out, err);
    TRY(status == KITH_OK ? status : cli_prefix(err, status, path));

done:
    kith_cover_free(lines);
    return status;
}

static kith_status read_truth_nodes(job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cover *set = NULL;

    TRY(read_set(j->s->truth_nodes, j->graph, &j->s->run, &set, err));
    TRY(cli_zeroed(&j->members, kith_graph_nodes(j->graph), sizeof *j->members, err));
    for (int64_t i = 0; i < kith_cover_offsets(set)[1]; i++)
        j->members[kith_cover_members(set)[i]] = true;

done:
    kith_cover_free(set);
    return status;
}

static kith_status read(job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    const settings *s = j->s;
    const double begun = run_seconds();
    int64_t count;

    TRY(load_graph(j->path, &s->load, &s->run, &j->graph, err));
    TRY(own_options_read(&j->own, j->graph, &s->run, err));
    if (s->seed_node) TRY(read_seed_nodes(j, err));
    else if (s->set)
        TRY(read_set(s->set, j->graph, &s->run, &j->queries, err));
    else
        TRY(RUN_HELD(&s->run,
                     kith_cover_read(s->seeds, j->graph, run_rest(&s->run), &j->queries, err)));
    if (s->truth) TRY(load_labels(s->truth, j->graph, &s->run, &count, &j->labels, err));
    if (s->truth_nodes) TRY(read_truth_nodes(j, err));
    j->open = run_seconds() - begun;

done:
    return status;
}

/* Its name, or its number where nodes have no names. */
static void print_node(const job *j, int64_t node, summary *out)
{
    const char *name = kith_graph_name(j->graph, node);

    if (name) summary_text(out, NULL, name);
    else summary_integer(out, NULL, node);
}

static bool is_true(const job *j, int64_t seed, int64_t node)
{
    return j->members ? j->members[node] : j->labels[node] == j->labels[seed];
}

static void print_truth(const job *j, int64_t seed, const kith_cluster *cluster, summary *out)
{
    const int64_t size = kith_cluster_size(cluster);
    double both = 0, wanted = 0;

    for (int64_t v = 0; v < kith_graph_nodes(j->graph); v++) wanted += is_true(j, seed, v);
    for (int64_t i = 0; i < size; i++) both += is_true(j, seed, kith_cluster_nodes(cluster)[i]);
    summary_object(out, "truth");
    summary_real(out, "precision", size ? both / (double)size : 0);
    summary_real(out, "recall", wanted > 0 ? both / wanted : NAN);
    summary_real(out, "f1", 2 * both / ((double)size + wanted));
    summary_close(out);
}

/* A person is shown the first ones. */
enum { SHOWN = 30 };

static void print_found(const job *j, const kith_cluster *cluster, summary *out)
{
    const int64_t size = kith_cluster_size(cluster);
    const int64_t shown = out->json || size < SHOWN ? size : SHOWN;

    summary_array(out, "nodes");
    for (int64_t i = 0; i < shown; i++) print_node(j, kith_cluster_nodes(cluster)[i], out);
    if (shown < size) summary_text(out, NULL, "...");
    summary_close(out);
    summary_array(out, "scores");
    for (int64_t i = 0; i < shown; i++) summary_real(out, NULL, kith_cluster_scores(cluster)[i]);
    if (shown < size) summary_text(out, NULL, "...");
    summary_close(out);
}

static void print_certificate(const kith_cluster *cluster, summary *out)
{
    static const char *const stops[] = { "converged", "iterations", "time" };
    const char *name;
    double figure;

    summary_integer(out, "touched_nodes", kith_cluster_touched_nodes(cluster));
    summary_integer(out, "touched_edges", kith_cluster_touched_edges(cluster));
    summary_boolean(out, "converged", kith_cluster_converged(cluster));
    summary_integer(out, "iterations", kith_cluster_iterations(cluster));
    summary_text(out, "stopped", stops[kith_cluster_stop(cluster)]);
    summary_object(out, "certificate");
    for (int64_t i = 0; (name = kith_cluster_figure(cluster, i, &figure)); i++)
        summary_real(out, name, figure);
    summary_close(out);
}

static void print_answer(const job *j, const kith_answer *answer, summary *out)
{
    const int64_t *offsets = kith_cover_offsets(j->queries) + answer->query;
    const int64_t *seeds = kith_cover_members(j->queries);
    const kith_cluster *c = answer->cluster;

    summary_array(out, "seeds");
    for (int64_t i = offsets[0]; i < offsets[1]; i++) print_node(j, seeds[i], out);
    summary_close(out);
    if (!c) {
        summary_text(out, "error", answer->error.message);
        return;
    }
    summary_integer(out, "size", kith_cluster_size(c));
    summary_real(out, "volume", kith_cluster_volume(c));
    summary_real(out, "cut", kith_cluster_cut(c));
    summary_real(out, "conductance", kith_cluster_conductance(c));
    print_found(j, c, out);
    print_certificate(c, out);
    if (j->labels || j->members) print_truth(j, seeds[offsets[0]], c, out);
}

/* All there is to say about the one query. */
static void print(const job *j, const kith_answer *answer)
{
    const settings *s = j->s;
    const bool taken = s->output && !strcmp(s->output, "-");
    summary out;

    run_summary(&s->run, taken, &out);
    summary_text(&out, "algorithm", j->own.owner);
    summary_graph(&out, "graph", j->path, j->graph);
    own_options_summary(&j->own, &out);
    print_answer(j, answer, &out);
    summary_object(&out, "seconds");
    summary_seconds(&out, "open", j->open);
    summary_seconds(&out, "query", answer->seconds);
    summary_seconds(&out, "total", run_seconds());
    summary_close(&out);
    if (s->output && !taken) summary_text(&out, "output", s->output);
    run_summary_end(&out);
}

static kith_status write_nodes(const job *j, const kith_cluster *cluster, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_output *output = NULL;

    TRY(kith_output_open(j->s->output, &output, err));
    for (int64_t i = 0; i < kith_cluster_size(cluster); i++) {
        const int64_t node = kith_cluster_nodes(cluster)[i];
        const char *name = kith_graph_name(j->graph, node);
        char number[32], score[40];
        snprintf(number, sizeof number, "%lld", (long long)node);
        const int length =
            snprintf(score, sizeof score, "\t%.17g\n", kith_cluster_scores(cluster)[i]);
        if (!name) name = number;
        TRY(kith_output_write(output, name, strlen(name), err));
        TRY(kith_output_write(output, score, (size_t)length, err));
    }
    status = kith_output_commit(output, err);
    output = NULL;

done:
    if (output) kith_output_abandon(output);
    return status;
}

/* One line of JSON for each query of --seeds. Numbers take as long to write as to find. */
static void *prepare_line(const kith_answer *answer, void *payload)
{
    const job *j = payload;
    char *line = NULL;
    size_t length;
    FILE *file = open_memstream(&line, &length);
    summary out;

    if (!file) return NULL;
    summary_begin(&out, file, true);
    summary_text(&out, "algorithm", j->own.owner);
    print_answer(j, answer, &out);
    summary_object(&out, "seconds");
    summary_seconds(&out, "query", answer->seconds);
    summary_close(&out);
    summary_end(&out);
    const bool whole = !ferror(file);
    if (fclose(file) == 0 && whole) return line;
    free(line);
    return NULL;
}

static int take_line(kith_answer *answer, void *payload)
{
    job *j = payload;

    fputs(answer->prepared, stdout);
    free(answer->prepared);
    if (!answer->cluster && j->failed++ == 0) j->failure = answer->error;
    kith_cluster_free(answer->cluster);
    return ferror(stdout) != 0;
}

static int take_one(kith_answer *answer, void *payload)
{
    *(kith_answer *)payload = *answer;
    return 0;
}

static kith_status query(job *j, const kith_receiver *receiver, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t count = kith_cover_communities(j->queries);
    kith_nodes *seeds = NULL;

    TRY(cli_zeroed(&seeds, count, sizeof *seeds, err));
    for (int64_t i = 0; i < count; i++) {
        const int64_t *offsets = kith_cover_offsets(j->queries) + i;
        seeds[i] = (kith_nodes){ kith_cover_members(j->queries) + offsets[0],
                                 offsets[1] - offsets[0] };
    }
    TRY(run_fill(&j->s->run, j->own.values, err));
    TRY(RUN_HELD(&j->s->run, kith_queries_run(j->algorithm, j->graph, j->own.values, count, seeds,
                                              receiver, err)));

done:
    free(seeds);
    return status;
}

static kith_status answer_one(job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_answer answer = { 0 };
    const kith_receiver receiver = { .take = take_one, .payload = &answer };

    TRY(query(j, &receiver, err));
    CHECK(answer.cluster, answer.error.status, "%s", answer.error.message);
    if (j->s->output) TRY(RUN_HELD(&j->s->run, write_nodes(j, answer.cluster, err)));
    print(j, &answer);

done:
    kith_cluster_free(answer.cluster);
    return status;
}

static kith_status answer_all(job *j, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_receiver receiver = { prepare_line, take_line, j };

    TRY(query(j, &receiver, err));
    CHECK(!j->failed, j->failure.status,
          "%s: %lld of %lld queries failed, the first one because %s", j->s->seeds,
          (long long)j->failed, (long long)kith_cover_communities(j->queries), j->failure.message);

done:
    return status;
}

kith_status cli_local(char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    settings s = { 0 };
    job j = { .s = &s };

    TRY(parse(&s, &j, argv, err));
    TRY(check(&s, err));
    TRY(read(&j, err));
    TRY(s.seeds ? answer_all(&j, err) : answer_one(&j, err));

done:
    job_clear(&j);
    return status;
}
