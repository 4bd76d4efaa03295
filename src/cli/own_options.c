/* Options described by rows, on the command line. */
#include "own_options.h"

#include "help.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    HELP = 512,
    NAMED = 3 /* algorithms, by a message, that take an option */
};

const kith_options_spec *own_algorithms(int64_t i, const char **name)
{
    const kith_algorithm *a = kith_algorithm_at(i);

    if (!a) return NULL;
    *name = a->name;
    return &a->code->options;
}

const kith_options_spec *own_generators(int64_t i, const char **name)
{
    const kith_generator *g = kith_generator_at(i);

    if (!g) return NULL;
    *name = g->name;
    return &g->code->options;
}

kith_status own_options_init(own_options *own, own_table table, const char *owner,
                             const kith_options_spec *spec, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t rows = 0;

    *own = (own_options){ .spec = spec, .table = table };
    cli_dashed(owner, own->owner);
    while (spec->options[rows].name) rows++;
    TRY(cli_zeroed(&own->files, rows, sizeof *own->files, err));
    TRY(cli_zeroed(&own->values, 1, spec->size, err));
    memcpy(own->values, spec->defaults, spec->size);

done:
    return status;
}

void own_options_clear(own_options *own)
{
    for (int64_t i = 0; own->files && own->spec->options[i].name; i++) {
        load_partition_clear(&own->files[i].labels);
        free(own->files[i].numbers);
        kith_features_free(own->files[i].features);
    }
    free(own->files);
    free(own->values);
}

static bool is_file(const kith_option *row)
{
    return row->type == KITH_OPTION_PARTITION || row->type == KITH_OPTION_NODES_F64 ||
           row->type == KITH_OPTION_FEATURES;
}

/* What the verb reads and lends: no option of the command line by itself. */
static bool is_lent(const kith_option *row)
{
    return row->type == KITH_OPTION_RELATIONS || row->type == KITH_OPTION_BIPARTITE;
}

const kith_option *own_options_find(const own_options *own, const char *name)
{
    const kith_option *row = kith_option_find(own->spec, name);

    return row && !is_lent(row) ? row : NULL;
}

bool own_options_lend(own_options *own, kith_option_type type, const void *what)
{
    for (const kith_option *row = own->spec->options; row->name; row++)
        if (row->type == type) {
            memcpy((char *)own->values + row->offset, &what, sizeof what);
            return true;
        }
    return false;
}

kith_status own_options_set(own_options *own, const kith_option *row, const char *value,
                            kith_error *err)
{
    kith_status status;

    if (is_file(row)) {
        own->files[row - own->spec->options].path = value;
        return KITH_OK;
    }
    status = kith_option_set(own->spec, own->values, row->name, value, err);
    return status == KITH_OK ? status : cli_prefix(err, status, "--");
}

kith_status own_options_read(own_options *own, const kith_graph *graph, const run_options *run,
                             kith_error *err)
{
    kith_status status = KITH_OK;

    for (const kith_option *row = own->spec->options; row->name; row++) {
        own_file *file = &own->files[row - own->spec->options];
        void *field = (char *)own->values + row->offset;
        if (!file->path) continue;
        if (row->type == KITH_OPTION_PARTITION) {
            TRY(load_partition_read(file->path, graph, run, &file->labels, err));
            memcpy(field, &file->labels.partition, sizeof file->labels.partition);
        } else if (row->type == KITH_OPTION_NODES_F64) {
            TRY(RUN_HELD(run,
                         kith_numbers_read(file->path, graph, run_rest(run), &file->numbers, err)));
            memcpy(field, &file->numbers, sizeof file->numbers);
        } else if (row->type == KITH_OPTION_FEATURES) {
            TRY(load_features(file->path, graph, run, &file->features, err));
            memcpy(field, &file->features, sizeof file->features);
        }
    }

done:
    return status;
}

const own_file *own_options_file(const own_options *own, const char *name)
{
    const kith_option *row = kith_option_find(own->spec, name);
    const own_file *file = row ? &own->files[row - own->spec->options] : NULL;

    return file && file->path ? file : NULL;
}

kith_status own_options_refuse(const own_options *own, const char *name, kith_error *err)
{
    const kith_options_spec *spec;
    char takers[(NAMED + 1) * (CLI_NAME + 8)] = "", taker[CLI_NAME];
    const char *taker_name;
    size_t used = 0;
    int count = 0;

    for (int64_t i = 0; (spec = own->table(i, &taker_name)); i++) {
        if (!kith_option_find(spec, name) || count++ >= NAMED) continue;
        used += (size_t)snprintf(takers + used, sizeof takers - used, "%s%s", used ? ", " : "",
                                 cli_dashed(taker_name, taker));
    }
    if (!count) return KITH_OK;
    return cli_fail(err, CLI_USAGE, "%s does not take --%s (%s%s)", own->owner, name, takers,
                    count > NAMED ? " and others do" : count > 1 ? " do" : " does");
}

static void summarise(const own_options *own, const kith_option *row, summary *s)
{
    const void *field = (const char *)own->values + row->offset;

    switch (row->type) {
    case KITH_OPTION_F64: summary_real(s, row->name, *(const double *)field); break;
    case KITH_OPTION_I64: summary_integer(s, row->name, *(const int64_t *)field); break;
    case KITH_OPTION_BOOL: summary_boolean(s, row->name, *(const bool *)field); break;
    case KITH_OPTION_ENUM: summary_text(s, row->name, row->choices[*(const int *)field]); break;
    case KITH_OPTION_PARTITION:
    case KITH_OPTION_NODES_F64:
    case KITH_OPTION_FEATURES:
        summary_text(s, row->name, own->files[row - own->spec->options].path);
        break;
    case KITH_OPTION_RELATIONS:
    case KITH_OPTION_BIPARTITE: break; /* the verb says it */
    }
}

void own_options_summary(const own_options *own, summary *s)
{
    summary_object(s, "options");
    for (const kith_option *row = own->spec->options; row->name; row++) summarise(own, row, s);
    summary_close(s);
}

/* What a value of that row looks like, NULL for a switch. */
static const char *placeholder(const kith_option *row, char text[HELP])
{
    size_t used = 0;

    switch (row->type) {
    case KITH_OPTION_F64: return "X";
    case KITH_OPTION_I64: return "N";
    case KITH_OPTION_PARTITION: return "LABELS";
    case KITH_OPTION_NODES_F64:
    case KITH_OPTION_FEATURES: return "FILE";
    case KITH_OPTION_BOOL:
    case KITH_OPTION_RELATIONS:
    case KITH_OPTION_BIPARTITE: return NULL;
    case KITH_OPTION_ENUM: break;
    }
    for (int i = 0; row->choices[i] && used < HELP; i++)
        used += (size_t)snprintf(text + used, HELP - used, "%s%s", i ? "|" : "", row->choices[i]);
    return text;
}

double own_option_bound(double bound)
{
    return fabs(bound) < 0x1p63 ? bound : copysign(INFINITY, bound);
}

/* "; at least 0", as far as the bounds say anything. */
static const char *bounds_text(const kith_option *row, char text[HELP])
{
    const double lower = own_option_bound(row->lower), upper = own_option_bound(row->upper);
    size_t used = 0;

    text[0] = '\0';
    if (row->type != KITH_OPTION_F64 && row->type != KITH_OPTION_I64) return text;
    if (lower == DBL_MIN) used = (size_t)snprintf(text, HELP, "; above 0");
    else if (isfinite(lower)) used = (size_t)snprintf(text, HELP, "; at least %.10g", lower);
    if (isfinite(upper)) snprintf(text + used, HELP - used, "; at most %.10g", upper);
    return text;
}

void own_options_help(const kith_options_spec *spec, bool bounds)
{
    for (const kith_option *row = spec->options; row->name; row++) {
        char name[CLI_NAME], kind[HELP], preset[HELP], range[HELP], help[3 * HELP];
        if (is_lent(row)) continue;
        kith_option_get(row, spec->defaults, preset, sizeof preset);
        if (is_file(row) || row->type == KITH_OPTION_BOOL)
            snprintf(help, sizeof help, "%s", row->help);
        else snprintf(help, sizeof help, "%s (default %s%s)", row->help, preset,
                      bounds ? bounds_text(row, range) : "");
        help_row('\0', cli_dashed(row->name, name), placeholder(row, kind), help);
    }
}
