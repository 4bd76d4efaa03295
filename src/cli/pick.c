/* Algorithms by name. */
#include "pick.h"

#include "arguments.h"
#include "help.h"

#include <limits.h>

const char *pick_verb(kith_kind kind)
{
    static const char *const verbs[] = { "cluster", "local" };

    return verbs[kind];
}

kith_status pick_algorithm(const char *name, const kith_algorithm **out, kith_error *err)
{
    kith_status status = KITH_OK;
    cli_guess guess = { .wrong = name, .distance = INT_MAX };

    *out = kith_algorithm_find(name);
    for (int64_t i = 0; i < kith_algorithm_count() && !*out; i++)
        cli_guess_try(&guess, kith_algorithm_at(i)->name);
    CHECK(*out || guess.distance == INT_MAX, KITH_E_ARGUMENT,
          "there is no algorithm '%.60s' (did you mean %s?)", name, guess.best);
    CHECK(*out, KITH_E_ARGUMENT, "there is no algorithm '%.60s' (kith algorithms lists them)",
          name);

done:
    return status;
}

kith_status pick_for_verb(char **argv, kith_kind kind, const char *preset,
                          const kith_algorithm **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *asked = arguments_peek(argv, "algorithm", 'a');
    char name[CLI_NAME];

    *out = kith_algorithm_find(argv[0]);
    if (*out) goto done;
    TRY(pick_algorithm(asked ? asked : preset, out, err));
    CHECK((*out)->kind == kind, CLI_USAGE, "%s is not run by %s (kith %s -a %s)",
          cli_dashed((*out)->name, name), argv[0], pick_verb((*out)->kind), name);

done:
    return status;
}

bool pick_partitions(const kith_algorithm *algorithm)
{
    return algorithm->kind == KITH_KIND_partition;
}

bool pick_locals(const kith_algorithm *algorithm)
{
    return algorithm->kind == KITH_KIND_local;
}

bool pick_embeddings(const kith_algorithm *algorithm)
{
    return algorithm->code->embed != NULL;
}

void pick_list(bool (*are)(const kith_algorithm *algorithm))
{
    for (int64_t i = 0; i < kith_algorithm_count(); i++) {
        const kith_algorithm *a = kith_algorithm_at(i);
        char name[CLI_NAME];
        if (are(a)) help_entry(cli_dashed(a->name, name), a->code->summary);
    }
}
