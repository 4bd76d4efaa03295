/* kith: the command. Verbs are in the files of their names. */
#include "help.h"
#include "pick.h"
#include "progress.h"
#include "run.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const char *name;
    kith_status (*run)(char **argv, kith_error *err);
    const char *summary;
} verb;

static const verb verbs[] = {
    { "cluster", cli_cluster, "find the communities of a graph" },
    { "local", cli_local, "find the community around a node" },
    { "embed", cli_embed, "give each node a point that its communities show among" },
    { "ncp", cli_ncp, "say how good the best communities of each size are" },
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
    printf("\nAlgorithms of cluster, each a verb too:\n");
    pick_list(pick_partitions);
    printf("\nAlgorithms of local, each a verb too:\n");
    pick_list(pick_locals);
    printf("\nkith VERB --help says more, with examples; kith --version is the version.\n"
           "\nExamples:\n"
           "  kith cluster friends.txt -o communities.txt\n"
           "  kith local friends.txt --seed-node 7\n"
           "  kith generate lfr --nodes 1000 -o lfr.mtx --labels truth.txt\n"
           "  kith cluster lfr.mtx --truth truth.txt\n");
    return CLI_SHOWN;
}

static const verb *find_verb(const char *name)
{
    const kith_algorithm *a = kith_algorithm_find(name);

    for (int i = 0; i < VERBS; i++)
        if (!strcmp(verbs[i].name, name)) return &verbs[i];
    return a ? find_verb(pick_verb(a->kind)) : NULL;
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
    if (access(name, F_OK) == 0)
        return cli_fail(err, CLI_USAGE, "'%.200s' is a file, not a verb (kith cluster %.200s?)",
                        name, name);
    return cli_fail(err, CLI_USAGE, "there is no verb '%.60s' (kith --help lists them)", name);
}

static kith_status run_verb(char **argv, kith_error *err)
{
    const verb *v = find_verb(argv[0]);

    return v ? v->run(argv, err) : unknown_verb(argv[0], err);
}

/* `kith help VERB` is `kith VERB --help`; `kith help generate lfr` likewise. */
static kith_status help_about(char **argv, kith_error *err)
{
    static char help[] = "--help";
    char *page[] = { argv[0], help, NULL, NULL };

    if (!argv[0]) return print_usage();
    if (argv[1]) {
        page[1] = argv[1];
        page[2] = help;
    }
    return run_verb(page, err);
}

static kith_status run(char **argv, kith_error *err)
{
    if (!argv[0]) {
        print_usage();
        return cli_fail(err, CLI_USAGE, "which verb? (one of those above)");
    }
    if (!strcmp(argv[0], "help")) return help_about(argv + 1, err);
    if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h")) return print_usage();
    if (!strcmp(argv[0], "--version") || !strcmp(argv[0], "-V")) {
        printf("kith %s\n", kith_version());
        return CLI_SHOWN;
    }
    return run_verb(argv, err);
}

/* A descriptor from 0 to 2 that is closed would be the next file opened, and what is printed would
 * go there. What is opened here fails when it is used. */
static void fill_closed_descriptors(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0) abort();
}

/* What was printed may not have arrived. */
static kith_status finish_output(kith_status status, kith_error *err)
{
    errno = 0;
    if ((!fflush(stdout) && !ferror(stdout)) || status != KITH_OK) return status;
    return cli_fail(err, KITH_E_IO, "standard output: cannot be written (%s)",
                    strerror(errno ? errno : EIO));
}

/* One line, whatever bytes the name of a file has. */
static void print_error(kith_error *err)
{
    for (char *c = err->message; *c; c++)
        if (iscntrl((unsigned char)*c)) *c = '?';
    fprintf(stderr, "kith: %s\n", err->message);
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
    fill_closed_descriptors();
    progress_catch_signals();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error like others */
    kith_status status = run(argv + 1, &err);
    status = finish_output(status == CLI_SHOWN ? KITH_OK : status, &err);
    if (status != KITH_OK) print_error(&err);
    return exit_code(status);
}
