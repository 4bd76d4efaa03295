/* The options that an algorithm or a generator has of its own, as its option rows describe them:
 * set from the command line, completed from files, shown in help and summary. Nothing here knows
 * any one algorithm. */
#ifndef KITH_CLI_OWN_OPTIONS_H
#define KITH_CLI_OWN_OPTIONS_H

#include "load.h"

/** What an option that is an array was read from. */
typedef struct own_file {
    const char    *path;
    load_partition labels;
    double        *numbers;
    kith_features *features;
} own_file;

/** A table of owners: the i-th one's options and name, or NULL past the end. */
typedef const kith_options_spec *(*own_table)(int64_t i, const char **name);

const kith_options_spec *own_algorithms(int64_t i, const char **name);
const kith_options_spec *own_generators(int64_t i, const char **name);

typedef struct own_options {
    char                     owner[CLI_NAME]; /* "label-propagation" */
    const kith_options_spec *spec;
    own_table                table; /* that the owner stands in */
    void                    *values; /* its options struct; begins with a kith_run */
    own_file                *files;  /* one per row */
} own_options;

/** The defaults. */
kith_status own_options_init(own_options *own, own_table table, const char *owner,
                             const kith_options_spec *spec, kith_error *err);
void        own_options_clear(own_options *own);

/** The row of an option that the command line can set, or NULL. */
const kith_option *own_options_find(const own_options *own, const char *name);

/** Sets the option of a type to what the verb has read: relations, a bipartite graph. Whether there
 *  is one. */
bool own_options_lend(own_options *own, kith_option_type type, const void *what);

/** Sets an option from text. An array keeps the name of its file until own_options_read(). */
kith_status own_options_set(own_options *own, const kith_option *row, const char *value,
                            kith_error *err);

/** Reads the arrays: how long they are is known once there is a graph. A generator has none yet
 *  (NULL), and no arrays but features. */
kith_status own_options_read(own_options *own, const kith_graph *graph, const run_options *run,
                             kith_error *err);

/** The file of an option that is an array; NULL when none was given. */
const own_file *own_options_file(const own_options *own, const char *name);

/** Fails for an option that is not the owner's, but may be others': "louvain does not take
 *  --randomness (leiden does)". KITH_OK when nobody has it. */
kith_status own_options_refuse(const own_options *own, const char *name, kith_error *err);

/** "options": the values in use. */
void own_options_summary(const own_options *own, summary *s);

/** A bound of a row; infinite where it only says what the type can hold. */
double own_option_bound(double bound);

/** Help rows; bounds too, where asked for. */
void own_options_help(const kith_options_spec *spec, bool bounds);

#endif
