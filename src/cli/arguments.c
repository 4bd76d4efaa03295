/* The parser and the help page behind arguments.h. */
#include "arguments.h"

#include "help.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An option that was found: a row of the command's, or of the algorithm's own. */
typedef struct {
    const argument    *row;
    void              *base;
    own_options       *own;
    const kith_option *own_row;
} match;

/* How the user wrote an option, for messages: "--seed" or "-t". */
typedef struct {
    char text[CLI_NAME + 2];
} spelling;

static spelling spell(const char *dashes, const char *name, size_t length)
{
    spelling s;

    if (length > CLI_NAME - 1) length = CLI_NAME - 1;
    snprintf(s.text, sizeof s.text, "%s%.*s", dashes, (int)length, name);
    return s;
}

static bool group_used(const argument_group *group)
{
    return group->rows || group->own;
}

/* By name, or by letter when `name` is NULL. A name of one letter is its own letter. */
static bool find(const arguments *a, const char *name, char letter, match *out)
{
    const char one[2] = { letter, '\0' };

    for (const argument_group *g = a->groups; group_used(g); g++) {
        for (const argument *row = g->rows; row && row->name; row++)
            if (name ? !strcmp(row->name, name) : row->letter == letter) {
                *out = (match){ .row = row, .base = g->base };
                return true;
            }
        const kith_option *own = g->own ? own_options_find(g->own, name ? name : one) : NULL;
        if (own) {
            *out = (match){ .own = g->own, .own_row = own };
            return true;
        }
    }
    return false;
}

/* The error for an option that is not there. */
static kith_status unknown(const arguments *a, const char *name, const spelling *spelt,
                           kith_error *err)
{
    kith_status status = KITH_OK;
    cli_guess guess = { .wrong = name, .distance = INT_MAX };

    for (const argument_group *g = a->groups; group_used(g); g++) {
        if (g->own) TRY(own_options_refuse(g->own, name, err));
        for (const argument *row = g->rows; row && row->name; row++)
            cli_guess_try(&guess, row->name);
        for (const kith_option *row = g->own ? g->own->spec->options : NULL; row && row->name;
             row++)
            cli_guess_try(&guess, row->name);
    }
    if (guess.distance < INT_MAX)
        status = cli_fail(err, CLI_USAGE, "%s has no option %s (did you mean --%s?)", a->verb,
                          spelt->text, guess.best);
    else
        status = cli_fail(err, CLI_USAGE, "%s has no option %s (kith %s --help lists them)",
                          a->verb, spelt->text, a->verb);

done:
    return status;
}

static kith_status set_choice(const argument *row, int *field, const char *value, kith_error *err)
{
    char list[256] = "";
    size_t used = 0;

    for (int i = 0; row->choices[i]; i++) {
        if (!strcmp(row->choices[i], value)) {
            *field = i;
            return KITH_OK;
        }
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                                     row->choices[i]);
    }
    return cli_fail(err, KITH_E_ARGUMENT, "--%s is '%.100s' (expected one of %s)", row->name, value,
                    list);
}

static kith_status set_number(const argument *row, void *field, const char *value, kith_error *err)
{
    char *end = NULL;
    bool fine = true;

    errno = 0;
    if (row->kind == ARGUMENT_INTEGER) {
        *(int64_t *)field = strtoll(value, &end, 10);
        fine = *(int64_t *)field >= 0;
    } else if (row->kind == ARGUMENT_SEED) {
        *(uint64_t *)field = strtoull(value, &end, 10);
        fine = !strchr(value, '-');
    } else {
        *(double *)field = strtod(value, &end);
        fine = *(double *)field >= 0 && isfinite(*(double *)field);
    }
    if (fine && end != value && !*end && errno != ERANGE) return KITH_OK;
    return cli_fail(err, KITH_E_ARGUMENT, "--%s is '%.100s' (expected %s of at least 0)", row->name,
                    value, row->kind == ARGUMENT_REAL ? "a number" : "an integer");
}

static kith_status add_to_list(const argument *row, argument_list *list, const char *value,
                               kith_error *err)
{
    if (list->count == ARGUMENT_LIST_ROOM)
        return cli_fail(err, CLI_USAGE, "--%s is given more than %d times", row->name,
                        ARGUMENT_LIST_ROOM);
    list->items[list->count++] = value;
    return KITH_OK;
}

/* value is NULL for a switch that has none. */
static kith_status set(const match *m, const char *value, kith_error *err)
{
    if (m->own) return own_options_set(m->own, m->own_row, value ? value : "yes", err);

    void *field = (char *)m->base + m->row->offset;
    switch (m->row->kind) {
    case ARGUMENT_FLAG: *(bool *)field = true; break;
    case ARGUMENT_TEXT: *(const char **)field = value; break;
    case ARGUMENT_CHOICE: return set_choice(m->row, field, value, err);
    case ARGUMENT_LIST: return add_to_list(m->row, field, value, err);
    case ARGUMENT_INTEGER:
    case ARGUMENT_SEED:
    case ARGUMENT_REAL: return set_number(m->row, field, value, err);
    }
    return KITH_OK;
}

static bool is_switch(const match *m)
{
    return m->row ? m->row->kind == ARGUMENT_FLAG : m->own_row->type == KITH_OPTION_BOOL;
}

/* Sets an option from the value beside its name, or from the next argument. */
static kith_status take(const match *m, const spelling *spelt, const char *beside, char ***next,
                        kith_error *err)
{
    const char *value = beside;

    if (is_switch(m)) {
        if (beside && m->row)
            return cli_fail(err, CLI_USAGE, "%s takes no value", spelt->text);
        return set(m, beside, err);
    }
    if (!value && **next && (strncmp(**next, "--", 2) != 0)) value = *(*next)++;
    if (!value || !*value)
        return cli_fail(err, CLI_USAGE, "%s needs a value (%s%cVALUE)", spelt->text, spelt->text,
                        spelt->text[1] == '-' ? '=' : ' ');
    return set(m, value, err);
}

/* "--name", "--name VALUE", "--name=VALUE", and for a switch of an algorithm "--no-name". */
static kith_status parse_long(const arguments *a, const char *text, char ***next, kith_error *err)
{
    const size_t length = strcspn(text, "=");
    const spelling spelt = spell("--", text, length);
    const char *name = spelt.text + 2;
    match m;

    if (!find(a, name, '\0', &m)) {
        if (!text[length] && !strncmp(name, "no-", 3) && find(a, name + 3, '\0', &m) && m.own_row &&
            m.own_row->type == KITH_OPTION_BOOL)
            return set(&m, "no", err);
        return unknown(a, name, &spelt, err);
    }
    return take(&m, &spelt, text[length] ? text + length + 1 : NULL, next, err);
}

/* "-q", "-t 4", "-t4", "-qt4". */
static kith_status parse_short(const arguments *a, const char *text, char ***next, kith_error *err)
{
    kith_status status = KITH_OK;
    match m;

    for (const char *c = text; *c; c++) {
        const spelling spelt = spell("-", c, 1);
        if (!find(a, NULL, *c, &m)) TRY(unknown(a, spelt.text + 1, &spelt, err));
        if (!is_switch(&m)) {
            TRY(take(&m, &spelt, c[1] ? c + 1 : NULL, next, err));
            break;
        }
        TRY(set(&m, NULL, err));
    }

done:
    return status;
}

static void print_help(const arguments *a)
{
    printf("Usage: kith %s", a->verb);
    for (int i = 0; i < ARGUMENT_OPERANDS && a->operands[i]; i++)
        printf(i < a->required ? " %s" : " [%s]", a->operands[i]);
    printf(" [OPTION]...\n\n%s", a->purpose);
    for (const argument_group *g = a->groups; group_used(g); g++) {
        if (g->title) printf("\n%s:\n", g->title);
        for (const argument *row = g->rows; row && row->name; row++)
            help_row(row->letter, row->name, row->value, row->help);
        if (g->own) own_options_help(g->own->spec, false);
    }
    help_row('h', "help", NULL, "this page");
    if (a->more) a->more();
    printf("\nExamples:\n%s", a->examples);
}

static kith_status check_operands(const arguments *a, int count, const char *extra, kith_error *err)
{
    kith_status status = KITH_OK;

    CHECK(!extra, CLI_USAGE, "%s does not know what to do with '%.100s' (kith %s --help)", a->verb,
          extra, a->verb);
    CHECK(count >= a->required, CLI_USAGE, "%s needs %s (kith %s --help)", a->verb,
          a->operands[count], a->verb);

done:
    return status;
}

kith_status arguments_parse(const arguments *a, char **argv, const char **operands, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *extra = NULL;
    bool options = true;
    int count = 0;

    memset(operands, 0, ARGUMENT_OPERANDS * sizeof *operands);
    for (char **next = argv + 1; *next;) {
        const char *text = *next++;
        if (options && !strcmp(text, "--")) {
            options = false;
        } else if (options && (!strcmp(text, "--help") || !strcmp(text, "-h"))) {
            print_help(a);
            return CLI_SHOWN;
        } else if (options && !strncmp(text, "--", 2)) {
            TRY(parse_long(a, text + 2, &next, err));
        } else if (options && text[0] == '-' && text[1]) {
            TRY(parse_short(a, text + 1, &next, err));
        } else if (count < ARGUMENT_OPERANDS && a->operands[count]) {
            operands[count++] = text;
        } else if (!extra) {
            extra = text;
        }
    }
    TRY(check_operands(a, count, extra, err));

done:
    return status;
}

const char *arguments_peek(char **argv, const char *name, char letter)
{
    const char *found = NULL;
    const size_t length = strlen(name);

    for (char **next = argv + 1; *next && strcmp(*next, "--") != 0; next++) {
        const char *text = *next;
        if (text[0] != '-') continue;
        if (text[1] == letter) {
            found = text[2] ? text + 2 : next[1];
        } else if (text[1] == '-' && !strncmp(text + 2, name, length)) {
            if (text[2 + length] == '=') found = text + 3 + length;
            else if (!text[2 + length]) found = next[1];
        }
    }
    return found;
}
