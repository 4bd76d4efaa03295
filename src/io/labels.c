/* Files with a line for each node: labels and numbers; and with a line for each community: covers.
 */
#include "kith/io.h"

#include "graph/names.h"
#include "graph/view.h"
#include "io/entries.h"
#include "io/output.h"
#include "io/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Lines ---- */

/* A line without its end. */
typedef struct {
    const char *name; /* of the file */
    int64_t     number;
    const char *at, *end;
    bool        comment; /* unless it begins with the name of a node */
} text_line;

/* What is done with each line that is not blank. */
typedef kith_status (*line_fn)(void *self, const text_line *line, kith_error *err);

static kith_status walk_block(const char *name, const kith_i_block *block, line_fn take, void *self,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    text_line line = { .name = name, .number = block->line };

    for (const char *at = block->at, *next; at < block->end; at = next, line.number++) {
        next = kith_i_next_line(at, block->end);
        line.at = at;
        line.end = next;
        while (line.end > at && (line.end[-1] == '\n' || line.end[-1] == '\r')) line.end--;
        at = kith_i_skip_blanks(at);
        line.comment = *at == '#' || *at == '%';
        if (at < line.end) KITH_TRY(take(self, &line, err));
    }

done:
    return status;
}

static kith_status walk_lines(const char *path, kith_i_poll *poll, line_fn take, void *self,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_input input = { .fd = -1 };
    kith_i_lines lines;
    kith_i_block block;

    KITH_TRY(kith_i_input_open(&input, path, 0, poll, err));
    status = kith_i_lines_open(&lines, &input, 1, err);
    if (status == KITH_OK) {
        do {
            status = kith_i_lines_next(&lines, &block, err);
            if (status == KITH_OK) status = walk_block(input.name, &block, take, self, err);
        } while (status == KITH_OK && block.at < block.end);
        kith_i_lines_close(&lines);
    }

done:
    kith_i_input_close(&input);
    return status;
}

static kith_status line_fail(const text_line *line, const char *at, const char *expected,
                             kith_error *err)
{
    const kith_i_shown shown = kith_i_show(at, line->end);

    return kith_i_text_fail(line->name, line->number, err, "'%s' (expected %s)", shown.text,
                            expected);
}

static bool is_name(kith_i_names *names, const char *at, const char *end)
{
    return names && kith_i_names_find(names, at, end - at) >= 0;
}

/* ---- Labels and numbers: one for each node ---- */

typedef struct {
    int64_t       nodes;   /* -1: as many as lines */
    kith_i_names *names;   /* of the nodes; NULL: they have none */
    bool          collect; /* `names` come from the lines */
    bool          numbers; /* doubles; else labels */
    int64_t       count, room;
    int64_t      *labels;
    double       *values;
    bool          named; /* lines name their nodes, as the first one does */
    bool         *given; /* by node, when their names are known before */
} node_values;

static kith_status take_value(node_values *n, const text_line *line, const char *at, int64_t node,
                              kith_error *err)
{
    const char *from = kith_i_skip_blanks(at), *behind;

    if (n->numbers) {
        behind = kith_i_take_double(from, &n->values[node]);
        if (behind == from || !isfinite(n->values[node]))
            return line_fail(line, from, "a finite number", err);
    } else {
        behind = kith_i_take_int(from, &n->labels[node]);
        if (behind == from || n->labels[node] < -1 || n->labels[node] == INT64_MAX)
            return line_fail(line, from,
                             n->given ? "a label: an integer of at least -1"
                                      : "a label: an integer of at least -1; node names need a "
                                        "graph that has them",
                             err);
    }
    behind = kith_i_skip_blanks(behind);
    if (behind < line->end) return line_fail(line, behind, "the end of the line", err);
    return KITH_OK;
}

/* "name<TAB>label" */
static kith_status take_named(node_values *n, const text_line *line, const char *tab,
                              kith_error *err)
{
    const int64_t node = kith_i_names_find(n->names, line->at, tab - line->at);

    if (node < 0) return line_fail(line, line->at, "the name of a node", err);
    if (n->given[node]) return line_fail(line, line->at, "each node once", err);
    n->given[node] = true;
    n->count++;
    return take_value(n, line, tab + 1, node, err);
}

/* Room for one more line. */
static kith_status make_room(node_values *n, const text_line *line, kith_error *err)
{
    kith_status status = KITH_OK;

    if (n->count == n->nodes)
        return kith_i_text_fail(line->name, line->number, err,
                                "there are more lines than nodes (expected %" PRId64 ")", n->count);
    if (n->count < n->room) return KITH_OK;
    n->room += n->room / 2 + 1024;
    if (n->numbers) KITH_TRY(kith_i_resize(&n->values, n->room, sizeof *n->values, err));
    else KITH_TRY(kith_i_resize(&n->labels, n->room, sizeof *n->labels, err));

done:
    return status;
}

/* "name<TAB>label" of a node that is not known yet. */
static kith_status collect_named(node_values *n, const text_line *line, const char *tab,
                                 kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t node;

    if (!n->names) KITH_TRY(kith_i_names_new(&n->names, err));
    KITH_TRY(make_room(n, line, err));
    KITH_TRY(kith_i_names_add(n->names, line->at, tab - line->at, &node, err));
    if (node < n->count) return line_fail(line, line->at, "each node once", err);
    n->count++;
    status = take_value(n, line, tab + 1, node, err);

done:
    return status;
}

static kith_status take_line(void *self, const text_line *line, kith_error *err)
{
    kith_status status = KITH_OK;
    node_values *n = self;
    const char *tab =
        n->given || n->collect ? memrchr(line->at, '\t', (size_t)(line->end - line->at)) : NULL;

    if (line->comment && !(tab && is_name(n->names, line->at, tab))) return KITH_OK;
    if (n->count == 0) n->named = tab != NULL;
    if (n->named && !tab)
        return line_fail(line, line->at, "NAME<TAB>VALUE, as on the first line", err);
    if (n->named && n->collect) return collect_named(n, line, tab, err);
    if (n->named) return take_named(n, line, tab, err);
    KITH_TRY(make_room(n, line, err));
    KITH_TRY(take_value(n, line, line->at, n->count, err));
    n->count++;

done:
    return status;
}

/* Reads the file; on failure nothing is left in `n`. */
static kith_status read_values(const char *path, kith_i_poll *poll, node_values *n, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *what = n->numbers ? "numbers" : "labels";

    KITH_CHECK(path, KITH_E_ARGUMENT, "path must not be NULL");
    n->room = n->nodes < 0 ? 0 : n->nodes;
    if (n->numbers) KITH_TRY(kith_i_alloc(&n->values, n->room, sizeof *n->values, err));
    else KITH_TRY(kith_i_alloc(&n->labels, n->room, sizeof *n->labels, err));
    if (n->names) KITH_TRY(kith_i_names_require(n->names, poll, err));
    if (n->names) KITH_TRY(kith_i_zeroed(&n->given, n->nodes, sizeof *n->given, err));
    KITH_TRY(walk_lines(path, poll, take_line, n, err));
    if (n->nodes >= 0 && n->count != n->nodes)
        status = kith_i_fail(err, KITH_E_INPUT,
                             "%s: %" PRId64 " %s (expected %" PRId64 ", one for each node)",
                             strcmp(path, "-") ? path : "standard input", n->count, what, n->nodes);

done:
    kith_i_free(n->given);
    if (status != KITH_OK) {
        kith_i_free(n->labels);
        kith_i_free(n->values);
    }
    return status;
}

/* The nodes of a graph; without one, as many as there are lines. */
static node_values values_of(const kith_graph *graph)
{
    if (!graph) return (node_values){ .nodes = -1 };
    return (node_values){ .nodes = graph->nodes, .names = graph->names };
}

kith_status kith_labels_read(const char *path, const kith_graph *graph, const kith_run *run,
                             int64_t *count, int64_t **out, kith_error *err)
{
    kith_status status = KITH_OK;
    node_values n = values_of(graph);
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out && count, KITH_E_ARGUMENT, "out and count must not be NULL");
    *out = NULL;
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(read_values(path, &poll, &n, err));
    *out = n.labels;
    *count = n.count;

done:
    return status;
}

kith_status kith_labels_read_pair(const char *path, const char *other_path, const kith_run *run,
                                  int64_t *count, int64_t **out, int64_t **other, kith_error *err)
{
    kith_status status = KITH_OK;
    node_values a = { .nodes = -1, .collect = true }, b = { 0 };
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out && other && count, KITH_E_ARGUMENT, "out, other and count must not be NULL");
    *out = *other = NULL;
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(read_values(path, &poll, &a, err));
    b.nodes = a.count;
    b.names = a.names;
    status = read_values(other_path, &poll, &b, err);
    if (status != KITH_OK) {
        kith_i_free(a.labels);
        goto done;
    }
    *out = a.labels;
    *other = b.labels;
    *count = a.count;

done:
    kith_i_names_free(a.names);
    return status;
}

kith_status kith_numbers_read(const char *path, const kith_graph *graph, const kith_run *run,
                              double **out, kith_error *err)
{
    kith_status status = KITH_OK;
    node_values n = values_of(graph);
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(out && graph, KITH_E_ARGUMENT, "out and graph must not be NULL");
    *out = NULL;
    n.numbers = true;
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    KITH_TRY(read_values(path, &poll, &n, err));
    *out = n.values;

done:
    return status;
}

/* A node's name, which must fit a line. */
static kith_status write_name(kith_output *output, const kith_graph *graph, int64_t node,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    const char *name = kith_i_names_text(graph->names, node);

    KITH_CHECK(!strpbrk(name, "\t\r\n"), KITH_E_INPUT,
               "the name of node %" PRId64
               " holds a tab or a line end (expected none in a file with a "
               "line for each node)",
               node);
    KITH_TRY(kith_output_write(output, name, strlen(name), err));

done:
    return status;
}

/* A number and a character behind it. */
static kith_status write_number(kith_output *output, int64_t number, char behind, kith_error *err)
{
    char *at;
    const kith_status status = kith_i_output_reserve(output, KITH_I_NUMBER_TEXT + 1, &at, err);

    if (status != KITH_OK) return status;
    at = kith_i_put_int(at, number);
    *at++ = behind;
    kith_i_output_used(output, at);
    return KITH_OK;
}

kith_status kith_labels_write(const char *path, const kith_graph *graph, int64_t count,
                              const int64_t *labels, const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_output *output = NULL;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(path && (labels || !count), KITH_E_ARGUMENT, "path and labels must not be NULL");
    KITH_CHECK(!graph || graph->nodes == count, KITH_E_ARGUMENT,
               "count is %" PRId64 " (expected %" PRId64 ", the nodes of the graph)", count,
               graph->nodes);
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    if (graph && graph->names) KITH_TRY(kith_i_names_check(graph->names, &poll, err));
    KITH_TRY(kith_i_output_open(path, &poll, &output, err));
    for (int64_t v = 0; v < count; v++) {
        output->fraction = (double)v / (double)count;
        if (graph && graph->names) {
            KITH_TRY(write_name(output, graph, v, err));
            KITH_TRY(kith_output_write(output, "\t", 1, err));
        }
        KITH_TRY(write_number(output, labels[v], '\n', err));
    }
    status = kith_output_commit(output, err);
    output = NULL;

done:
    kith_output_abandon(output);
    return status;
}

/* ---- Covers: a line for each community ---- */

typedef struct {
    int64_t             most;  /* nodes there may be */
    kith_i_names *names;       /* of the nodes; NULL: members are ids */
    int64_t  nodes; /* one more than the largest id so far */
    int64_t  communities, communities_room;
    int64_t *offsets;
    int64_t  count, room;
    int64_t *members;
    kith_i_poll *poll;
} cover_lines;

/* The next word of a line; empty behind the last. Where there is a tab, tabs alone separate names,
 * which may then hold blanks and commas. */
static text_line next_word(const cover_lines *c, const text_line *line, const char *at)
{
    text_line word = *line;
    const bool tabs = c->names && memchr(line->at, '\t', (size_t)(line->end - line->at));
    const char *separators = tabs ? "\t" : " \t,";
    const size_t count = strlen(separators);

    while (at < line->end && memchr(separators, *at, count)) at++;
    word.at = at;
    while (at < line->end && !memchr(separators, *at, count)) at++;
    word.end = at;
    return word;
}

static bool is_id(const cover_lines *c, const text_line *word, int64_t *id)
{
    uint64_t value;

    if (kith_i_take_digits(word->at, &value) != word->end || value >= (uint64_t)c->most)
        return false;
    *id = (int64_t)value;
    return true;
}

/* The node that a word means. */
static kith_status find_member(const cover_lines *c, const text_line *word, int64_t *node,
                               kith_error *err)
{
    char expected[64];

    if (c->names) {
        *node = kith_i_names_find(c->names, word->at, word->end - word->at);
        return *node >= 0 ? KITH_OK : line_fail(word, word->at, "the name of a node", err);
    }
    if (is_id(c, word, node)) return KITH_OK;
    snprintf(expected, sizeof expected, "a node id, 0 to %" PRId64, c->most - 1);
    return line_fail(word, word->at, expected, err);
}

/* Ends the community: its members stand behind those of the others. */
static kith_status close_community(cover_lines *c, const text_line *line, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t first = c->offsets[c->communities], count = c->count - first;

    KITH_TRY(kith_i_sort(c->members + first, count, c->poll, "reading", err));
    for (int64_t i = first + 1; i < c->count; i++)
        if (c->members[i] == c->members[i - 1])
            return kith_i_text_fail(line->name, line->number, err,
                                    "node %" PRId64 " stands there twice (expected once)",
                                    c->members[i]);
    c->communities++;
    KITH_TRY(
        kith_i_grow(&c->offsets, c->communities, &c->communities_room, sizeof *c->offsets, err));
    c->offsets[c->communities] = c->count;

done:
    return status;
}

static kith_status take_community(void *self, const text_line *line, kith_error *err)
{
    kith_status status = KITH_OK;
    cover_lines *c = self;
    text_line word = next_word(c, line, line->at);
    int64_t id = 0;

    if (line->comment && !is_name(c->names, word.at, word.end)) return KITH_OK;
    if (!c->communities && !is_name(c->names, word.at, word.end) && is_id(c, &word, &id))
        c->names = NULL; /* the file has ids of a graph that has names */
    for (word = next_word(c, line, line->at); word.at < word.end;
         word = next_word(c, line, word.end)) {
        KITH_TRY(kith_i_grow(&c->members, c->count, &c->room, sizeof *c->members, err));
        KITH_TRY(find_member(c, &word, &id, err));
        if (id >= c->nodes) c->nodes = id + 1;
        c->members[c->count++] = id;
    }
    KITH_TRY(close_community(c, line, err));

done:
    return status;
}

kith_status kith_cover_read(const char *path, const kith_graph *graph, const kith_run *run,
                            kith_cover **out, kith_error *err)
{
    kith_status status = KITH_OK;
    cover_lines c = { .most = graph ? graph->nodes : KITH_I_MAX_NODES,
                      .names = graph ? graph->names : NULL };
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(path && out, KITH_E_ARGUMENT, "path and out must not be NULL");
    *out = NULL;
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    c.poll = &poll;
    if (c.names) KITH_TRY(kith_i_names_require(c.names, &poll, err));
    KITH_TRY(kith_i_grow(&c.offsets, 0, &c.communities_room, sizeof *c.offsets, err));
    c.offsets[0] = 0;
    KITH_TRY(walk_lines(path, &poll, take_community, &c, err));
    KITH_TRY(kith_i_in_file(strcmp(path, "-") ? path : "standard input",
                            kith_cover_from_members(graph ? graph->nodes : c.nodes, c.communities,
                                                    c.offsets, c.members, run, out, err),
                            err));

done:
    kith_i_free(c.offsets);
    kith_i_free(c.members);
    return status;
}

/* One line. A tab behind a single name tells a reader that blanks do not end it. */
static kith_status write_community(kith_output *output, const kith_graph *graph,
                                   const kith_cover *cover, int64_t community, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t *members = kith_cover_members(cover), *offsets = kith_cover_offsets(cover);
    const int64_t first = offsets[community], end = offsets[community + 1];

    for (int64_t i = first; i < end; i++) {
        const char behind = i + 1 < end ? '\t' : '\n';
        if (!graph || !graph->names) {
            KITH_TRY(write_number(output, members[i], behind, err));
            continue;
        }
        KITH_TRY(write_name(output, graph, members[i], err));
        if (end - first == 1) KITH_TRY(kith_output_write(output, "\t", 1, err));
        KITH_TRY(kith_output_write(output, &behind, 1, err));
    }

done:
    return status;
}

kith_status kith_cover_write(const char *path, const kith_graph *graph, const kith_cover *cover,
                             const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_output *output = NULL;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(path && cover, KITH_E_ARGUMENT, "path and cover must not be NULL");
    KITH_CHECK(!graph || graph->nodes == kith_cover_nodes(cover), KITH_E_ARGUMENT,
               "the cover is of %" PRId64 " nodes (expected %" PRId64 ", as the graph)",
               kith_cover_nodes(cover), graph->nodes);
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    if (graph && graph->names) KITH_TRY(kith_i_names_check(graph->names, &poll, err));
    KITH_TRY(kith_i_output_open(path, &poll, &output, err));
    for (int64_t k = 0; k < kith_cover_communities(cover); k++)
        KITH_TRY(write_community(output, graph, cover, k, err));
    status = kith_output_commit(output, err);
    output = NULL;

done:
    kith_output_abandon(output);
    return status;
}
