/* What the source file of an algorithm or a generator says of itself, beside its row in
 * registry/algorithms.def or generate/generators.def. */
#ifndef KITH_CORE_SPEC_H
#define KITH_CORE_SPEC_H

#include "kith/registry.h"

#include "core/option.h"

/** Stands below an algorithm's option rows: its kind, its name, the initialiser of its options, the
 *  rows, a function for the memory it takes, one line on what it does. Defines kith_i_<name>_code,
 *  whose .options the public function reads its options with. */
#define KITH_I_ALGORITHM(kind_, name_, INIT_, rows_, bytes_, summary_)                             \
    static const kith_##name_##_options name_##_defaults = INIT_;                                  \
    KITH_I_ALGORITHM_CODE(kind_, name_, rows_, bytes_, summary_, .embed = NULL)

/** The same for an algorithm that finds its communities among points: kith_<name>_embed() gives
 *  them. */
#define KITH_I_EMBEDDING_ALGORITHM(kind_, name_, INIT_, rows_, bytes_, summary_)                   \
    static kith_status name_##_points(const kith_graph *graph, const void *options,                \
                                      kith_embedding **out, kith_error *err)                       \
    {                                                                                              \
        return kith_##name_##_embed(graph, options, out, err);                                     \
    }                                                                                              \
    static const kith_##name_##_options name_##_defaults = INIT_;                                  \
    KITH_I_ALGORITHM_CODE(kind_, name_, rows_, bytes_, summary_, .embed = name_##_points)

/** The same for a local algorithm whose queries have something in common: see kith_algorithm_code.
 */
#define KITH_I_SHARING_ALGORITHM(kind_, name_, INIT_, rows_, bytes_, summary_, share_, release_)   \
    static const kith_##name_##_options name_##_defaults = INIT_;                                  \
    KITH_I_ALGORITHM_CODE(kind_, name_, rows_, bytes_, summary_, .share = share_,                  \
                          .release = release_)

/* Behind the defaults; then further members. */
#define KITH_I_ALGORITHM_CODE(kind_, name_, rows_, bytes_, summary_, ...)                          \
    static kith_status name_##_run(const kith_graph *graph, const void *options, kith_result *out, \
                                   kith_error *err)                                                \
    {                                                                                              \
        *out = (kith_result){ .kind = KITH_KIND_##kind_ };                                         \
        return kith_##name_(graph, options, &out->kind_, err);                                     \
    }                                                                                              \
    extern const kith_algorithm_code kith_i_##name_##_code;                                        \
    const kith_algorithm_code kith_i_##name_##_code = {                                            \
        .summary = summary_,                                                                       \
        .options = { rows_, &name_##_defaults, sizeof name_##_defaults },                          \
        .run = name_##_run,                                                                        \
        .bytes = bytes_,                                                                           \
        __VA_ARGS__                                                                                \
    }

/** The same for a generator. */
#define KITH_I_GENERATOR(name_, INIT_, rows_, summary_)                                            \
    static const kith_##name_##_options name_##_defaults = INIT_;                                  \
    static kith_status name_##_run(const void *options, kith_graph **out, kith_partition **truth,  \
                                   kith_error *err)                                                \
    {                                                                                              \
        return kith_generate_##name_(options, out, truth, err);                                    \
    }                                                                                              \
    extern const kith_generator_code kith_i_##name_##_code;                                        \
    const kith_generator_code kith_i_##name_##_code = {                                            \
        .summary = summary_,                                                                       \
        .options = { rows_, &name_##_defaults, sizeof name_##_defaults },                          \
        .run = name_##_run,                                                                        \
    }

#endif
