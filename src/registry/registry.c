/* The tables of algorithms and of generators, made from their rows. */
#include "kith/registry.h"

#include "core/option.h"

#define KITH_ALGORITHM(subject_, name_, kind_, title_, paper_)                                     \
    extern const kith_algorithm_code kith_i_##name_##_code;
#include "registry/algorithms.def"
#undef KITH_ALGORITHM

#define KITH_ALGORITHM(subject_, name_, kind_, title_, paper_)                                     \
    { #name_, #subject_, title_, paper_, KITH_KIND_##kind_, &kith_i_##name_##_code },
static const kith_algorithm algorithms[] = {
#include "registry/algorithms.def"
};
#undef KITH_ALGORITHM

#define KITH_GENERATOR(name_, title_, paper_)                                                      \
    extern const kith_generator_code kith_i_##name_##_code;
#include "generate/generators.def"
#undef KITH_GENERATOR

#define KITH_GENERATOR(name_, title_, paper_) { #name_, title_, paper_, &kith_i_##name_##_code },
static const kith_generator generators[] = {
#include "generate/generators.def"
};
#undef KITH_GENERATOR

int64_t kith_algorithm_count(void)
{
    return (int64_t)(sizeof algorithms / sizeof *algorithms);
}

const kith_algorithm *kith_algorithm_at(int64_t i)
{
    return i >= 0 && i < kith_algorithm_count() ? &algorithms[i] : NULL;
}

const kith_algorithm *kith_algorithm_find(const char *name)
{
    for (int64_t i = 0; i < kith_algorithm_count(); i++)
        if (kith_i_same_name(algorithms[i].name, name)) return &algorithms[i];
    return NULL;
}

int64_t kith_generator_count(void)
{
    return (int64_t)(sizeof generators / sizeof *generators);
}

const kith_generator *kith_generator_at(int64_t i)
{
    return i >= 0 && i < kith_generator_count() ? &generators[i] : NULL;
}

const kith_generator *kith_generator_find(const char *name)
{
    for (int64_t i = 0; i < kith_generator_count(); i++)
        if (kith_i_same_name(generators[i].name, name)) return &generators[i];
    return NULL;
}

void kith_result_free(kith_result *result)
{
    if (!result) return;
    kith_partition_free(result->partition);
    kith_cluster_free(result->local);
    *result = (kith_result){ .kind = result->kind };
}
