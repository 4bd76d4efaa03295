/* kith: the command. Verbs are in the files of their names. */
#include "help.h"
#include "progress.h"
#include "run.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    kith_status (*run)(char **argv, kith_error *err);
    const char *summary;
} verb;

static const verb verbs[] = {
    { "cluster", cli_cluster, "find the communities of a graph" },
    { "eval", cli_eval, "compare labels with a truth, or measure them on their graph" },
    { "info", cli_info, "say what a graph is like, and what memory each algorithm takes" },
    { "convert", cli_convert, "write a graph in another format" },
    { "generate", cli_generate, "make benchmark graphs with known communities" },
    { "algorithms", cli_algorithms, "list the algorithms, or describe one" },
};

enum { VERBS = sizeof verbs / sizeof *verbs };

static kith_status print_usage(void)
{
    printf("Usage: kith VERB [ARGUMENT]...\n\nFinds the communities in a graph.\n\nVerbs:\n");
    for (int i = 0; i < VERBS; i++) help_entry(verbs[i].name, verbs[i].summary);
    printf("\nEvery algorithm is a verb too: kith louvain GRAPH.\n"
           "kith VERB --help says more, with examples; kith --version is the version.\n"
           "\nExamples:\n"
           "  kith cluster friends.txt -o communities.txt\n"
           "  kith generate lfr --nodes 1000 -o lfr.mtx --labels truth.txt\n"
           "  kith cluster lfr.mtx --truth truth.txt\n");
    return CLI_SHOWN;
}

static const verb *find_verb(const char *name)
{
    for (int i = 0; i < VERBS; i++)
        if (!strcmp(verbs[i].name, name)) return &verbs[i];
    return kith_algorithm_find(name) ? &verbs[0] : NULL;
}

static kith_status unknown_verb(const char *name, kith_error *err)
{
    cli_guess guess = { .wrong = name, .distance = INT_MAX };

    for (int i = 0; i < VERBS; i++) cli_guess_try(&guess, verbs[i].name);
    for (int64_t i = 0; i < kith_algorithm_count(); i++)
        cli_guess_try(&guess, kith_algorithm_at(i)->name);
    if (guess.distance < INT_MAX)
        return cli_fail(err, CLI_USAGE, "there is no verb '%.60s' (did you mean %s?)", name,
                        guess.best);
    return cli_fail(err, CLI_USAGE, "there is no verb '%.60s' (kith --help lists them)", name);
}

/* `kith help VERB` is `kith VERB --help`. */
static kith_status run(char **argv, kith_error *err)
{
    static char help[] = "--help";
    const char *first = argv[0];

    if (!first || !strcmp(first, "--help") || !strcmp(first, "-h") ||
        (!strcmp(first, "help") && !argv[1])) {
        print_usage();
        return first ? CLI_SHOWN : cli_fail(err, CLI_USAGE, "which verb? (one of those above)");
    }
    if (!strcmp(first, "--version") || !strcmp(first, "-V")) {
        printf("kith %s\n", kith_version());
        return CLI_SHOWN;
    }
    char *asked[] = { argv[1], help, NULL };
    char **arguments = strcmp(first, "help") != 0 ? argv : asked;
    const verb *v = find_verb(arguments[0]);
    return v ? v->run(arguments, err) : unknown_verb(arguments[0], err);
}

static int exit_code(kith_status status)
{
    if (status == CLI_USAGE) return 2;
    switch (status) {
    case KITH_OK: return 0;
    case KITH_E_MEMORY: return 3;
    case KITH_E_TIME: return 4;
    case KITH_E_CANCELLED: return 128 + (progress_signal() ? progress_signal() : SIGINT);
    default: return 1;
    }
}

int main(int argc, char **argv)
{
    kith_error err = { 0 };

    (void)argc;
    run_start();
    progress_catch_signals();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error like others */
    kith_status status = run(argv + 1, &err);
    if (status == CLI_SHOWN) status = KITH_OK;
    errno = 0;
    if ((fflush(stdout) || ferror(stdout)) && status == KITH_OK)
        status = cli_fail(&err, KITH_E_IO, "standard output: it cannot be written%s%s",
                          errno ? ": " : "", errno ? strerror(errno) : "");
    if (status != KITH_OK) fprintf(stderr, "kith: %s\n", err.message);
    return exit_code(status);
}
