/* Options described by rows: found by name, set from text, checked against their bounds. */
#include "core/option.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The command's name of an option, "max-iterations" for max_iterations. */
static const char *dashed(const char *name, char text[64])
{
    snprintf(text, 64, "%s", name);
    for (char *c = text; *c; c++)
        if (*c == '_') *c = '-';
    return text;
}

/* Of a name, where "+" is written "_plus" in C. */
static const char *plus(const char *rest)
{
    return !strcmp(rest, "_plus") || !strcmp(rest, "-plus") ? "+" : rest;
}

bool kith_i_same_name(const char *a, const char *b)
{
    while (*a && *b && (*a == '-' ? '_' : *a) == (*b == '-' ? '_' : *b)) a++, b++;
    return !strcmp(plus(a), plus(b));
}

const kith_option *kith_option_find(const kith_options_spec *spec, const char *name)
{
    for (const kith_option *o = spec->options; o->name; o++)
        if (kith_i_same_name(o->name, name)) return o;
    return NULL;
}

static kith_status out_of_range(const kith_option *o, const char *value, kith_error *err)
{
    char name[64];

    if (o->lower == -INFINITY && o->upper == INFINITY)
        return kith_i_fail(err, KITH_E_ARGUMENT, "%s is %s (expected a number)",
                           dashed(o->name, name), value);
    if (o->upper == INFINITY || o->upper >= 0x1p63)
        return kith_i_fail(err, KITH_E_ARGUMENT, "%s is %s (expected at least %.10g)",
                           dashed(o->name, name), value, o->lower);
    return kith_i_fail(err, KITH_E_ARGUMENT, "%s is %s (expected %.10g to %.10g)",
                       dashed(o->name, name), value, o->lower, o->upper);
}

static int64_t choices_count(const kith_option *o)
{
    int64_t count = 0;

    while (o->choices[count]) count++;
    return count;
}

/* One field against its row. */
static kith_status check(const kith_option *o, const void *options, kith_error *err)
{
    const void *field = (const char *)options + o->offset;
    char text[64];

    switch (o->type) {
    case KITH_OPTION_F64: {
        const double value = *(const double *)field;
        if (isinf(value))
            return kith_i_fail(err, KITH_E_ARGUMENT, "%s is %g (expected a finite number)",
                               dashed(o->name, text), value);
        if (value >= o->lower && value <= o->upper) return KITH_OK;
        break;
    }
    case KITH_OPTION_I64: {
        const int64_t value = *(const int64_t *)field;
        if ((double)value >= o->lower && (double)value <= o->upper) return KITH_OK;
        break;
    }
    case KITH_OPTION_ENUM: {
        const int value = *(const int *)field;
        if (value >= 0 && value < choices_count(o)) return KITH_OK;
        return kith_i_fail(err, KITH_E_ARGUMENT, "%s is choice %d (expected 0 to %" PRId64 ")",
                           dashed(o->name, text), value, choices_count(o) - 1);
    }
    case KITH_OPTION_BOOL:
    case KITH_OPTION_PARTITION:
    case KITH_OPTION_NODES_F64:
    case KITH_OPTION_FEATURES:
    case KITH_OPTION_RELATIONS:
    case KITH_OPTION_BIPARTITE: return KITH_OK;
    }
    return out_of_range(o, kith_option_get(o, options, text, sizeof text), err);
}

static kith_status set_choice(const kith_option *o, int *field, const char *value, kith_error *err)
{
    char list[256] = "", name[64];
    size_t used = 0;

    for (int i = 0; o->choices[i]; i++) {
        if (kith_i_same_name(o->choices[i], value)) {
            *field = i;
            return KITH_OK;
        }
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                                     o->choices[i]);
    }
    return kith_i_fail(err, KITH_E_ARGUMENT, "%s is %s (expected one of %s)",
                       dashed(o->name, name), value, list);
}

static kith_status set_switch(const kith_option *o, bool *field, const char *value, kith_error *err)
{
    static const char *const names[] = { "no", "yes", "false", "true", "off", "on", "0", "1" };
    char name[64];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(value, names[i])) {
            *field = i % 2;
            return KITH_OK;
        }
    return kith_i_fail(err, KITH_E_ARGUMENT, "%s is %s (expected yes or no)",
                       dashed(o->name, name), value);
}

/* Numbers have a point, whatever the host's locale. (The locale C is a constant and needs no
 * memory.) */
static locale_t plain_locale(void)
{
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static kith_status set_number(const kith_option *o, void *options, const char *value,
                              kith_error *err)
{
    void *field = (char *)options + o->offset;
    char *end = NULL, before[sizeof(double)], name[64];
    kith_status status;

    memcpy(before, field, sizeof before);
    errno = 0;
    if (o->type == KITH_OPTION_I64) *(int64_t *)field = strtoll(value, &end, 10);
    else *(double *)field = strtod_l(value, &end, plain_locale());
    if (end == value || *end || (errno == ERANGE && o->type == KITH_OPTION_I64))
        status = kith_i_fail(err, KITH_E_ARGUMENT, "%s is '%s' (expected %s)",
                             dashed(o->name, name), value,
                             o->type == KITH_OPTION_I64 ? "an integer" : "a number");
    else status = check(o, options, err);
    if (status != KITH_OK) memcpy(field, before, sizeof before);
    return status;
}

kith_status kith_option_set(const kith_options_spec *spec, void *options, const char *name,
                            const char *value, kith_error *err)
{
    const kith_option *o = kith_option_find(spec, name);

    if (!o) return kith_i_fail(err, KITH_E_ARGUMENT, "there is no option %s", name);
    void *field = (char *)options + o->offset;
    switch (o->type) {
    case KITH_OPTION_F64:
    case KITH_OPTION_I64: return set_number(o, options, value, err);
    case KITH_OPTION_BOOL: return set_switch(o, field, value, err);
    case KITH_OPTION_ENUM: return set_choice(o, field, value, err);
    case KITH_OPTION_PARTITION:
    case KITH_OPTION_NODES_F64:
    case KITH_OPTION_FEATURES:
    case KITH_OPTION_RELATIONS:
    case KITH_OPTION_BIPARTITE: break;
    }
    return kith_i_fail(err, KITH_E_ARGUMENT, "%s is not set from text", name);
}

const char *kith_option_get(const kith_option *option, const void *options, char *text, size_t size)
{
    const void *field = (const char *)options + option->offset;
    const locale_t host = uselocale(plain_locale());

    switch (option->type) {
    case KITH_OPTION_F64: snprintf(text, size, "%.10g", *(const double *)field); break;
    case KITH_OPTION_I64: snprintf(text, size, "%" PRId64, *(const int64_t *)field); break;
    case KITH_OPTION_BOOL: snprintf(text, size, "%s", *(const bool *)field ? "yes" : "no"); break;
    case KITH_OPTION_ENUM: snprintf(text, size, "%s", option->choices[*(const int *)field]); break;
    case KITH_OPTION_PARTITION:
    case KITH_OPTION_NODES_F64:
    case KITH_OPTION_FEATURES:
    case KITH_OPTION_RELATIONS:
    case KITH_OPTION_BIPARTITE:
        snprintf(text, size, "%s", *(const void *const *)field ? "given" : "");
        break;
    }
    uselocale(host);
    return text;
}

kith_status kith_i_run_check(const kith_run *run, kith_error *err)
{
    if (run->threads < 0)
        return kith_i_fail(err, KITH_E_ARGUMENT, "threads is %" PRId64 " (expected at least 0)",
                           run->threads);
    if (!(run->time_limit >= 0))
        return kith_i_fail(err, KITH_E_ARGUMENT, "time-limit is %g (expected at least 0)",
                           run->time_limit);
    if (!(run->interval >= 0))
        return kith_i_fail(err, KITH_E_ARGUMENT, "interval is %g (expected at least 0)",
                           run->interval);
    return KITH_OK;
}

kith_status kith_i_run_start(const kith_run *run, kith_run *out, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;

    *out = (kith_run)KITH_RUN_INIT(kith_run);
    if (run) {
        KITH_CHECK(run->size >= sizeof *run, KITH_E_ARGUMENT,
                   "the run has size %zu (begin it with KITH_RUN_INIT)", run->size);
        *out = *run;
    }
    KITH_TRY(kith_i_run_check(out, err));
    kith_i_poll_start(poll, out);

done:
    return status;
}

kith_status kith_i_options_read(const kith_options_spec *spec, void *out, const void *options,
                                kith_error *err)
{
    kith_status status = KITH_OK;

    memcpy(out, spec->defaults, spec->size);
    if (options) {
        const size_t size = ((const kith_run *)options)->size;
        KITH_CHECK(size >= sizeof(kith_run), KITH_E_ARGUMENT,
                   "the options struct has size %zu (begin it with its _INIT)", size);
        memcpy(out, options, size < spec->size ? size : spec->size);
    }
    KITH_TRY(kith_i_run_check(out, err));
    for (const kith_option *o = spec->options; o->name; o++) KITH_TRY(check(o, out, err));

done:
    return status;
}
