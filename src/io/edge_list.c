/* Reading and writing of edge lists.
 *
 * A list that Kith wrote begins with a comment that keeps what edges cannot say, so that the same
 * graph comes back:
 *
 *   # kith edges: 34 nodes, undirected
 *   # node  NAME                          one for each node, if nodes have names */
#include "io/edge_list.h"

#include "graph/build.h"
#include "io/entries.h"
#include "io/output.h"
#include "io/short_lines.h"
#include "io/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <strings.h>

typedef struct {
    const kith_i_input      *input;
    const kith_read_options *options;
    bool                     bipartite;
    kith_i_lines             lines;
    bool                     strings;   /* ids are names */
    char                     separator; /* of names: '\t' or ','; 0: blanks */
    bool                     weighted;
    kith_i_edge_list         list;
    bool                     named;     /* by comments that Kith wrote */
    int64_t                  declared;  /* nodes, by the comment; 0: unknown */
    uint64_t                 ids;       /* one more than the largest that may come */
    atomic_llong             rows, columns; /* one more than the largest that came */
} reading;

#define FAIL_AT(at_, ...) \
    return kith_i_text_fail(r->input->name, kith_i_line_of(block, at_), err, __VA_ARGS__)

/* ---- What the first lines tell ---- */

/* Blanks and one comma may stand between ids. */
static const char *skip_separator(const char *at)
{
    at = kith_i_skip_blanks(at);
    return *at == ',' ? kith_i_skip_blanks(at + 1) : at;
}

static const char *skip_spaces(const char *at)
{
    while (*at == ' ') at++;
    return at;
}

/* Between names only the separator counts: they may hold the others. */
static const char *skip_name_separator(const reading *r, const char *at)
{
    if (!r->separator) return kith_i_skip_blanks(at);
    at = skip_spaces(at);
    return *at == r->separator ? skip_spaces(at + 1) : at;
}

/* The end of a name that begins at `at`. */
static const char *end_of_name(const reading *r, const char *at, const char *end)
{
    if (!r->separator) {
        while (at < end && !strchr(" \t\r\n", *at)) at++;
        return at;
    }
    const char *stop = at;
    while (stop < end && *stop != r->separator && *stop != '\n' && *stop != '\r') stop++;
    while (stop > at && stop[-1] == ' ') stop--;
    return stop;
}

static bool begins_with_ids(const char *at)
{
    uint64_t value;
    const char *first = kith_i_skip_blanks(at), *behind = kith_i_take_digits(first, &value);

    if (behind == first || !strchr(" \t,", *behind)) return false;
    first = skip_separator(behind);
    behind = kith_i_take_digits(first, &value);
    return behind != first && strchr(" \t,\r\n", *behind);
}

/* Whether a field is such a word, perhaps in quotes, perhaps with more behind it: "Source_ID". */
static bool is_word(const char *at, const char *end, const char *word)
{
    const size_t length = strlen(word);

    if (at < end && *at == '"') at++;
    if ((size_t)(end - at) < length || strncasecmp(at, word, length)) return false;
    at += length;
    return at == end || strchr(" \t,\"\r\n_:", *at) || !strncasecmp(at, "node", 4) ||
           !strncasecmp(at, "id", 2);
}

/* Whether words stand here that head the columns of an edge list. */
static bool is_heading(const char *at, const char *end)
{
    static const char *const words[][2] = { { "source", "target" }, { "src", "dst" },
                                            { "from", "to" },       { "head", "tail" },
                                            { "start", "end" },     { "user", "item" },
                                            { "row", "column" },    { "row", "col" } };
    const char *first = kith_i_skip_blanks(at), *second = first;

    while (second < end && !strchr(" \t,\r\n", *second)) second++;
    second = skip_separator(second);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word(first, end, words[i][0]) && is_word(second, end, words[i][1])) return true;
    return false;
}

/* How many fields a line of edges has. */
static int count_fields(const reading *r, const char *at, const char *end)
{
    int fields = 0;

    for (at = kith_i_skip_blanks(at); at < end && !strchr("\r\n", *at) && fields < 9; fields++)
        at = skip_name_separator(r, end_of_name(r, at, end));
    return fields;
}

/* "# kith edges: 34 nodes, undirected" */
static void read_declaration(reading *r, const char *at)
{
    static const char text[] = "# kith edges: ";
    uint64_t nodes;

    if (strncmp(at, text, sizeof text - 1)) return;
    const char *behind = kith_i_take_digits(at + sizeof text - 1, &nodes);
    if (nodes > KITH_I_MAX_NODES || strncmp(behind, " nodes, ", 8)) return;
    r->declared = (int64_t)nodes;
    r->list.directed = !strncmp(behind + 8, "directed", 8);
}

/* "# node\tNAME": names in the order of the nodes, also of those without an edge. */
static kith_status read_declared_name(reading *r, const kith_i_block *line, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *at = line->at + 7, *end = at;
    int64_t id;

    if (r->options->ids == KITH_IDS_INT || strncmp(line->at, "# node\t", 7)) return KITH_OK;
    while (end < line->end && *end != '\n' && *end != '\r') end++;
    if (at == end || memchr(at, '\0', (size_t)(end - at)))
        return kith_i_text_fail(r->input->name, line->line, err,
                                "a name is empty or holds a zero byte (expected text)");
    if (!r->list.row_names) KITH_TRY(kith_i_names_new(&r->list.row_names, err));
    KITH_TRY(kith_i_names_add(r->list.row_names, at, end - at, &id, err));
    r->strings = r->named = true;

done:
    return status;
}

/* Takes the lines above the first edge: comments, of which some are ours, and blank ones. Shows
 * where it then stands. */
static kith_status skip_comments(reading *r, kith_i_block *next, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_block line;

    for (;;) {
        KITH_TRY(kith_i_lines_peek(&r->lines, next, err));
        if (next->at == next->end || !kith_i_line_is_empty(next->at, next->end)) break;
        KITH_TRY(kith_i_lines_one(&r->lines, &line, err));
        if (line.line == 1 && !r->bipartite) read_declaration(r, line.at);
        else if (r->declared) KITH_TRY(read_declared_name(r, &line, err));
    }

done:
    return status;
}

/* A first line that is no edge: words for columns, or anything above numbers. Names that were
 * declared are taken at their word. */
static bool has_heading(const reading *r, const kith_i_block *block)
{
    const char *below = kith_i_next_line(block->at, block->end);

    if (r->strings || begins_with_ids(block->at)) return false;
    if (is_heading(block->at, below)) return true;
    return r->options->ids != KITH_IDS_STRING && below < block->end && begins_with_ids(below);
}

/* By the first edge, what the fields are. */
static void decide_fields(reading *r, const kith_i_block *block)
{
    const char *at = block->at, *end = kith_i_next_line(at, block->end);
    const size_t size = (size_t)(end - at);

    if (r->options->ids == KITH_IDS_STRING) r->strings = true;
    if (r->options->ids == KITH_IDS_AUTO && size && !begins_with_ids(at)) r->strings = true;
    if (r->strings || memchr(at, ',', size))
        r->separator = memchr(at, '\t', size) ? '\t' : memchr(at, ',', size) ? ',' : 0;
    r->weighted = count_fields(r, at, end) >= 3;
}

static kith_status read_top(reading *r, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_block line;

    KITH_TRY(skip_comments(r, &line, err));
    if (line.at < line.end && has_heading(r, &line)) {
        KITH_TRY(kith_i_lines_one(&r->lines, &line, err));
        KITH_TRY(skip_comments(r, &line, err));
    }
    if (line.at < line.end) decide_fields(r, &line);
    r->ids = (uint64_t)(r->options->max_nodes || !r->lines.mapped
                            ? KITH_I_MAX_NODES
                            : kith_i_most_nodes(0, r->lines.bytes));
    if (r->options->max_nodes && (uint64_t)r->options->max_nodes < r->ids)
        r->ids = (uint64_t)r->options->max_nodes;
    if (r->declared && !r->strings && (uint64_t)r->declared < r->ids)
        r->ids = (uint64_t)r->declared;

done:
    return status;
}

/* ---- Edges ---- */

/* What is left of a line: a weight if the first line has one, and nothing else. */
static kith_status finish_line(const reading *r, const kith_i_block *block, const char **at,
                               kith_i_entries *entries, int64_t i, kith_error *err)
{
    kith_status status = KITH_OK;

    if (r->weighted) {
        *at = skip_separator(*at);
        KITH_TRY(kith_i_take_weight(r->input->name, r->options, block, at,
                                    r->options->times.given ? "time" : "weight",
                                    &entries->values[i], err));
    }
    const char *next = kith_i_end_line(*at, block->end);
    if (!next)
        FAIL_AT(*at, "'%s' follows the edge (expected %s)",
                kith_i_show(skip_separator(*at), block->end).text,
                r->weighted ? "the end of the line" : "the end of the line, as on the first one");
    *at = next;

done:
    return status;
}

static kith_status fail_id(const reading *r, const kith_i_block *block, const char *from,
                           kith_error *err)
{
    const kith_i_shown shown = kith_i_show(from, block->end);
    const char *hint = r->options->ids == KITH_IDS_AUTO ? "; --ids string reads names" : "";
    const bool by_size = r->lines.mapped && !r->options->max_nodes && !r->declared;
    uint64_t value;

    if (kith_i_take_digits(from, &value) == from || value < r->ids)
        FAIL_AT(from, "the node id is '%s' (expected an integer from 0 on%s)", shown.text, hint);
    FAIL_AT(from, "the node id is %s (expected 0 to %" PRIu64 "%s%s)", shown.text, r->ids - 1,
            by_size ? " in a file of this size" : "", hint);
}

static kith_status take_id(const reading *r, const kith_i_block *block, const char *from,
                           const char **behind, uint32_t *id, kith_error *err)
{
    uint64_t value;

    *behind = kith_i_take_digits(from, &value);
    if (__builtin_expect(*behind == from || value >= r->ids ||
                             !((uint8_t)**behind <= ' ' || **behind == ','), 0))
        return fail_id(r, block, from, err);
    *id = (uint32_t)value;
    return KITH_OK;
}

/* Raises `most` above each of the ids. */
static void note_largest(atomic_llong *most, const uint32_t *ids, int64_t count)
{
    uint32_t  largest = 0;
    long long known = atomic_load(most);

    for (int64_t i = 0; i < count; i++) largest = ids[i] > largest ? ids[i] : largest;
    while (count && largest >= known &&
           !atomic_compare_exchange_weak(most, &known, largest + 1LL)) {
    }
}

/* "3 7 0.5" */
static kith_status parse_ids(void *self, const kith_i_block *block, kith_i_entries *entries,
                             int64_t first, int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    reading *r = self;
    const kith_i_short_lines rule = { .comma = ',', .base = 0, .rows = r->ids, .columns = r->ids };
    int64_t i = first;

    for (const char *at = block->at; at < block->end;) {
        if (!r->weighted)
            i += kith_i_take_short_lines(&rule, &at, block->end, entries->row_ids + i,
                                         entries->column_ids + i);
        if (at == block->end) break;
        if (kith_i_line_is_empty(at, block->end)) {
            at = kith_i_next_line(at, block->end);
            continue;
        }
        KITH_TRY(take_id(r, block, kith_i_skip_blanks(at), &at, &entries->row_ids[i], err));
        KITH_TRY(take_id(r, block, skip_separator(at), &at, &entries->column_ids[i], err));
        KITH_TRY(finish_line(r, block, &at, entries, i, err));
        i++;
    }
    *count = i - first;
    note_largest(&r->rows, entries->row_ids + first, *count);
    note_largest(&r->columns, entries->column_ids + first, *count);

done:
    return status;
}

static kith_status take_name(const reading *r, const kith_i_block *block, const char **at,
                             kith_i_names *names, uint32_t *id, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *from = *at, *end = end_of_name(r, from, block->end);
    int64_t number;

    if (end == from || *from == '\n' || *from == '\r')
        FAIL_AT(from - (from == block->end), "a node is missing (expected two on each line)");
    if (memchr(from, '\0', (size_t)(end - from)))
        FAIL_AT(from, "a name holds a zero byte (expected text)");
    KITH_TRY(kith_i_names_add(names, from, end - from, &number, err));
    if (number >= KITH_I_MAX_NODES)
        FAIL_AT(from, "there are too many nodes (expected at most %" PRId64 ")", KITH_I_MAX_NODES);
    *id = (uint32_t)number;
    *at = end;

done:
    return status;
}

/* "alice bob 0.5" */
static kith_status parse_names(void *self, const kith_i_block *block, kith_i_entries *entries,
                               int64_t first, int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    reading *r = self;
    int64_t i = first;

    for (const char *at = block->at; at < block->end;) {
        if (kith_i_line_is_empty(at, block->end)) {
            at = kith_i_next_line(at, block->end);
            continue;
        }
        at = kith_i_skip_blanks(at);
        KITH_TRY(take_name(r, block, &at, r->list.row_names, &entries->row_ids[i], err));
        at = skip_name_separator(r, at);
        KITH_TRY(take_name(r, block, &at, r->list.column_names, &entries->column_ids[i], err));
        KITH_TRY(finish_line(r, block, &at, entries, i, err));
        i++;
    }
    *count = i - first;

done:
    return status;
}

static kith_status read_edges(reading *r, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_entries entries = { .located = true, .weighted = r->weighted };
    char excess[48];
    const int64_t most = r->options->max_edges ? r->options->max_edges : INT64_MAX;
    const kith_i_entry_reader reader = {
        .parse = r->strings ? parse_names : parse_ids,
        .self = r,
        .threads = r->strings ? 1 : kith_i_threads(&r->options->graph.run),
        .most = most,
        .excess = excess,
    };

    snprintf(excess, sizeof excess, "at most %" PRId64, most);
    if (r->strings && !r->list.row_names) KITH_TRY(kith_i_names_new(&r->list.row_names, err));
    if (r->strings && r->bipartite) KITH_TRY(kith_i_names_new(&r->list.column_names, err));
    else r->list.column_names = kith_i_names_share(r->list.row_names);
    KITH_TRY(kith_i_entries_read(&r->lines, &reader, &entries, err));
    r->list.count = entries.count;
    r->list.row_ids = entries.row_ids;
    r->list.column_ids = entries.column_ids;
    r->list.weights = entries.values;
    entries = (kith_i_entries){ 0 };

done:
    kith_i_entries_clear(&entries);
    return status;
}

/* ---- Events ---- */

/* When the youngest event may be, from which the age of the others counts. */
static double end_of_times(const kith_i_edge_list *l, const kith_times *times)
{
    double end = -INFINITY;

    if (isfinite(times->until)) return times->until;
    for (int64_t i = 0; i < l->count; i++) end = fmax(end, l->weights[i]);
    return end;
}

/* Leaves the events of the window, with what they weigh in place of when they were. One that is too
 * old to weigh anything is left out. */
static void weigh_events(kith_i_edge_list *l, const kith_times *times)
{
    const double end = end_of_times(l, times);
    int64_t kept = 0;

    for (int64_t i = 0; i < l->count; i++) {
        const double t = l->weights[i];
        const double weight = times->half_life > 0 ? exp2((t - end) / times->half_life) : 1;
        if (t < times->since || t >= times->until || weight == 0) continue;
        l->row_ids[kept] = l->row_ids[i];
        l->column_ids[kept] = l->column_ids[i];
        l->weights[kept++] = weight;
    }
    l->count = kept;
}

/* ---- The whole list ---- */

/* Names that were declared are all there are. */
static kith_status check_declared_names(const reading *r, kith_error *err)
{
    const int64_t names = kith_i_names_count(r->list.row_names);

    if (names == r->declared) return KITH_OK;
    return kith_i_text_fail(r->input->name, 1, err,
                            "%" PRId64 " nodes are declared, but there are %" PRId64 " names",
                            r->declared, names);
}

static kith_status count_nodes(reading *r, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_edge_list *l = &r->list;
    const int64_t line = r->lines.left.line > 1 ? r->lines.left.line - 1 : 1;

    if (r->strings) {
        if (r->named) KITH_TRY(check_declared_names(r, err));
        l->rows = kith_i_names_count(l->row_names);
        l->columns = kith_i_names_count(l->column_names);
    } else {
        l->rows = atomic_load(&r->rows);
        l->columns = atomic_load(&r->columns);
        if (l->rows < r->declared) l->rows = r->declared;
    }
    if (!r->bipartite && l->columns > l->rows) l->rows = l->columns;
    if (!r->bipartite) l->columns = l->rows;
    KITH_TRY(kith_i_check_nodes(&r->lines, line, "nodes", l->rows, r->options->max_nodes, err));
    KITH_TRY(kith_i_check_nodes(&r->lines, line, "nodes", l->columns, r->options->max_nodes, err));

done:
    return status;
}

void kith_i_edge_list_clear(kith_i_edge_list *list)
{
    kith_i_free(list->row_ids);
    kith_i_free(list->column_ids);
    kith_i_free(list->weights);
    kith_i_names_free(list->row_names);
    kith_i_names_free(list->column_names);
    *list = (kith_i_edge_list){ 0 };
}

kith_status kith_i_edge_list_read(kith_i_input *input, const kith_read_options *options,
                                  bool bipartite, kith_i_edge_list *out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_read_options o = *options;
    reading r = { .input = input, .options = &o, .bipartite = bipartite };

    *out = (kith_i_edge_list){ 0 };
    o.graph.signed_weights |= o.times.given; /* a time may be below 0 */
    KITH_TRY(kith_i_lines_open(&r.lines, input, kith_i_threads(&options->graph.run), err));
    KITH_TRY(read_top(&r, err));
    if (o.times.given && !r.weighted && r.lines.left.at < r.lines.left.end)
        KITH_TRY(kith_i_text_fail(input->name, r.lines.left.line, err,
                                  "there is no time (expected a third column)"));
    KITH_TRY(read_edges(&r, err));
    KITH_TRY(count_nodes(&r, err));
    if (o.times.given && r.list.weights) weigh_events(&r.list, &o.times);
    *out = r.list;
    r.list = (kith_i_edge_list){ 0 };

done:
    kith_i_edge_list_clear(&r.list);
    kith_i_lines_close(&r.lines);
    return status;
}

kith_status kith_i_edge_list_graph(kith_i_input *input, const kith_read_options *options,
                                   kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph_options o = options->graph;
    kith_i_edge_list list;

    *out = NULL;
    KITH_TRY(kith_i_edge_list_read(input, options, false, &list, err));
    if (o.direction == KITH_DETECT) o.direction = list.directed ? KITH_DIRECTED : KITH_UNDIRECTED;
    kith_i_edges edges = { .nodes = list.rows, .count = list.count, .sources = list.row_ids,
                           .targets = list.column_ids, .weights = list.weights };
    list.row_ids = list.column_ids = NULL;
    list.weights = NULL;
    KITH_TRY(kith_i_in_file(input->name, kith_i_graph_build(&edges, &o, input->poll, list.row_names,
                                                            out, err), err));

done:
    kith_i_edge_list_clear(&list);
    return status;
}

/* ---- Writing ---- */

/* Text of any length. */
static kith_status put_text(kith_output *output, const char *text, kith_error *err)
{
    return kith_output_write(output, text, strlen(text), err);
}

static kith_status write_node(kith_output *output, const kith_graph *g, int64_t v, kith_error *err)
{
    kith_status status = KITH_OK;
    char *at;

    if (g->names) return put_text(output, kith_i_names_text(g->names, v), err);
    KITH_TRY(kith_i_output_reserve(output, KITH_I_NUMBER_TEXT, &at, err));
    kith_i_output_used(output, kith_i_put_int(at, v));

done:
    return status;
}

static kith_status write_top(kith_output *output, const kith_graph *g, kith_error *err)
{
    kith_status status = KITH_OK;
    char *at;

    KITH_TRY(kith_i_output_reserve(output, 128, &at, err));
    at += snprintf(at, 128, "# kith edges: %" PRId64 " nodes, %s\n", g->nodes,
                   g->directed ? "directed" : "undirected");
    kith_i_output_used(output, at);
    for (int64_t v = 0; g->names && v < g->nodes; v++) {
        const char *name = kith_i_names_text(g->names, v);
        const size_t length = strlen(name);
        KITH_CHECK(
            length && !strchr("#% ", *name) && name[length - 1] != ' ' && !strpbrk(name, "\t\r\n"),
            KITH_E_INPUT,
            "the name of node %" PRId64 " cannot stand in an edge list: it is empty, begins with "
            "#, %% or a blank, ends with one, or holds a tab or a line end (an npz file keeps it)",
            v);
        KITH_TRY(put_text(output, "# node\t", err));
        KITH_TRY(put_text(output, name, err));
        KITH_TRY(put_text(output, "\n", err));
    }

done:
    return status;
}

kith_status kith_i_edge_list_write(const kith_graph *g, kith_output *output, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool weighted = kith_graph_weighted(g);
    char *at;

    KITH_TRY(write_top(output, g, err));
    for (int64_t v = 0; v < g->nodes; v++)
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            if (!g->directed && g->targets[e] < v) continue;
            output->fraction = (double)e / (double)g->entries;
            KITH_TRY(write_node(output, g, v, err));
            KITH_TRY(put_text(output, "\t", err));
            KITH_TRY(write_node(output, g, g->targets[e], err));
            KITH_TRY(kith_i_output_reserve(output, KITH_I_NUMBER_TEXT + 2, &at, err));
            if (weighted) {
                *at++ = '\t';
                at = kith_i_put_double(at, kith_i_weight(g, e));
            }
            *at++ = '\n';
            kith_i_output_used(output, at);
        }

done:
    return status;
}
