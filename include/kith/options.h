/* Kith: descriptions of options, from which the command, the bindings and the documentation are
 * made.
 *
 * An algorithm or a generator describes each field of its options struct by one row. A row names
 * the field, its type and its bounds; the default is read from the struct's _INIT, so it is stated
 * once.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_OPTIONS_H
#define KITH_OPTIONS_H

#include "kith/core.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum kith_option_type {
    KITH_OPTION_F64,       /* double */
    KITH_OPTION_I64,       /* int64_t */
    KITH_OPTION_BOOL,      /* bool */
    KITH_OPTION_ENUM,      /* int, an index into choices */
    KITH_OPTION_PARTITION, /* const kith_partition *, borrowed; one label per node */
    KITH_OPTION_NODES_F64, /* const double *, borrowed; one number per node */
    KITH_OPTION_FEATURES,  /* const kith_features *, borrowed; one row per node */
    KITH_OPTION_RELATIONS, /* const kith_relations *, borrowed; the graph is then their sum */
    KITH_OPTION_BIPARTITE  /* const kith_bipartite *, borrowed; the graph is then that of it */
} kith_option_type;

typedef struct kith_option {
    const char        *name; /* the field's name; the command writes '-' for '_' */
    kith_option_type   type;
    size_t             offset;       /* of the field in its struct */
    double             lower, upper; /* inclusive, for F64 and I64 */
    const char *const *choices;      /* for ENUM: names, NULL-terminated */
    const char        *help;         /* one line, lower case, no full stop */
} kith_option;

/** A struct of options described by rows. */
typedef struct kith_options_spec {
    const kith_option *options;  /* ends with a row whose name is NULL */
    const void        *defaults; /* the struct as its _INIT leaves it */
    size_t             size;     /* of the struct */
} kith_options_spec;

/** The row of an option by its name ('-' and '_' are the same), or NULL. */
KITH_API const kith_option *kith_option_find(const kith_options_spec *spec, const char *name);

/** Sets a number, switch or choice in an options struct from text, within its bounds.
 *
 *  spec    of the struct
 *  options the struct, begun from its _INIT or from spec->defaults
 *  returns KITH_OK, KITH_E_ARGUMENT (no such option, or a value outside its range)
 */
KITH_API kith_status kith_option_set(const kith_options_spec *spec, void *options, const char *name,
                                     const char *value, kith_error *err);

/** Writes an option's value as text: at most `size` bytes with the final zero. What is borrowed
 *  gives "" (unset) or "given". Returns `text`. */
KITH_API const char *kith_option_get(const kith_option *option, const void *options, char *text,
                                     size_t size);

#ifdef __cplusplus
}
#endif

#endif
