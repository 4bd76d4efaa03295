/* Reading and writing of MatrixMarket files. */
#include "io/matrix_market.h"

#include "graph/build.h"
#include "io/entries.h"
#include "io/output.h"
#include "io/short_lines.h"
#include "io/text.h"

#include <inttypes.h>
#include <stdio.h>

/* A file being read. */
typedef struct {
    const kith_i_input      *input;
    const kith_read_options *options;
    kith_i_lines             lines;
    kith_i_matrix            matrix;
    bool                     pattern;
    int64_t                  expected; /* entries of the file */
    int64_t                  size_line; /* on which the sizes stand */
} reading;

/* ---- Header ---- */

/* The next word of a line, in lower case; "" at its end. */
static const char *take_word(const char *at, const char *end, char *word, size_t size)
{
    size_t length = 0;

    at = kith_i_skip_blanks(at);
    for (; at < end && !strchr(" \t\r\n", *at); at++)
        if (length + 1 < size) word[length++] = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
    word[length] = '\0';
    return at;
}

static bool is_one_of(const char *word, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp(word, *names)) return true;
    return false;
}

/* "%%MatrixMarket matrix coordinate real general" */
static kith_status read_banner(reading *r, kith_error *err)
{
    static const char *const fields[] = { "real", "double", "integer", "pattern", NULL };
    static const char *const symmetries[] = { "general", "symmetric", NULL };
    kith_status status = KITH_OK;
    const char *name = r->input->name;
    char word[5][32];
    kith_i_block line;

    KITH_TRY(kith_i_lines_one(&r->lines, &line, err));
    const char *at = line.at;
    for (int i = 0; i < 5; i++) at = take_word(at, line.end, word[i], sizeof word[i]);
    if (strcmp(word[0], "%%matrixmarket"))
        return kith_i_text_fail(name, 1, err, "no MatrixMarket header (expected %%%%MatrixMarket "
                                "matrix coordinate|array real|integer|pattern general|symmetric)");
    if (strcmp(word[1], "matrix"))
        return kith_i_text_fail(name, 1, err, "the object is %s (expected matrix)", word[1]);
    r->matrix.dense = !strcmp(word[2], "array");
    if (!r->matrix.dense && strcmp(word[2], "coordinate"))
        return kith_i_text_fail(name, 1, err, "the format is %s (expected coordinate or array)",
                                word[2]);
    r->pattern = !strcmp(word[3], "pattern");
    if (!is_one_of(word[3], fields) || (r->pattern && r->matrix.dense))
        return kith_i_text_fail(name, 1, err, "the field is %s (expected real, integer%s)", word[3],
                                r->matrix.dense ? "" : " or pattern");
    r->matrix.symmetric = !strcmp(word[4], "symmetric");
    if (!is_one_of(word[4], symmetries))
        return kith_i_text_fail(name, 1, err, "the symmetry is %s (expected general or symmetric)",
                                word[4]);

done:
    return status;
}

/* Takes a number of the size line, from 0 to `most`. */
static kith_status take_size(const reading *r, const char **at, const char *end, const char *what,
                             int64_t most, int64_t *size, kith_error *err)
{
    uint64_t value = 0;
    const char *from = kith_i_skip_blanks(*at);

    *at = kith_i_take_digits(from, &value);
    if (*at == from || !strchr(" \t\r\n", **at) || value > (uint64_t)most)
        return kith_i_text_fail(r->input->name, r->size_line, err,
                                "the number of %s is %s (expected 0 to %" PRId64 ")", what,
                                from < end ? kith_i_show(from, end).text : "missing", most);
    *size = (int64_t)value;
    return KITH_OK;
}

static kith_status read_sizes(reading *r, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_block line;

    do {
        KITH_TRY(kith_i_lines_one(&r->lines, &line, err));
    } while (line.at < line.end && kith_i_line_is_empty(line.at, line.end));
    r->size_line = line.line;
    if (line.at == line.end)
        return kith_i_text_fail(r->input->name, line.line, err,
                                "the file ends before its sizes (expected rows, columns%s)",
                                r->matrix.dense ? "" : " and entries");
    const char *at = line.at;
    KITH_TRY(take_size(r, &at, line.end, "rows", KITH_I_MAX_NODES, &r->matrix.rows, err));
    KITH_TRY(take_size(r, &at, line.end, "columns", KITH_I_MAX_NODES, &r->matrix.columns, err));
    const int64_t rows = r->matrix.rows, columns = r->matrix.columns;
    if (r->matrix.symmetric && rows != columns)
        return kith_i_text_fail(r->input->name, r->size_line, err,
                                "a symmetric matrix of %" PRId64 " rows and %" PRId64
                                " columns (expected as many)", rows, columns);
    const int64_t most = r->options->max_edges ? r->options->max_edges : INT64_MAX / 32;
    if (!r->matrix.dense)
        KITH_TRY(take_size(r, &at, line.end, "entries", most, &r->expected, err));
    else if (__builtin_mul_overflow(rows, r->matrix.symmetric ? columns + 1 : columns,
                                    &r->expected))
        r->expected = INT64_MAX;
    else if (r->matrix.symmetric) r->expected /= 2;
    if (r->expected > most)
        return kith_i_text_fail(r->input->name, r->size_line, err,
                                "%" PRId64 " entries (expected at most %" PRId64 ")", r->expected,
                                most);
    if (!kith_i_end_line(at, line.end))
        return kith_i_text_fail(r->input->name, r->size_line, err,
                                "%s follows the sizes (expected the end of the line)",
                                kith_i_show(kith_i_skip_blanks(at), line.end).text);

done:
    return status;
}

/* ---- Entries ---- */

/* Fails at a place in a block. */
#define FAIL_AT(at_, ...) \
    return kith_i_text_fail(r->input->name, kith_i_line_of(block, at_), err, __VA_ARGS__)

static kith_status take_value(const reading *r, const kith_i_block *block, const char **at,
                              double *value, kith_error *err)
{
    *at = kith_i_skip_blanks(*at);
    return kith_i_take_weight(r->input->name, r->options, block, at, "value", value, err);
}

static kith_status take_id(const reading *r, const kith_i_block *block, const char **at,
                           const char *what, int64_t most, uint32_t *id, kith_error *err)
{
    uint64_t value;
    const char *from = kith_i_skip_blanks(*at);

    *at = kith_i_take_digits(from, &value);
    if (__builtin_expect(*at == from || value - 1 >= (uint64_t)most || (uint8_t)**at > ' ', 0))
        FAIL_AT(from, "the %s is '%s' (expected 1 to %" PRId64 ")", what,
                kith_i_show(from, block->end).text, most);
    *id = (uint32_t)(value - 1);
    return KITH_OK;
}

/* "3 7 0.5", whatever stands between. */
static kith_status take_entry(const reading *r, const kith_i_block *block, const char **at,
                              kith_i_entries *entries, int64_t i, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(take_id(r, block, at, "row", r->matrix.rows, &entries->row_ids[i], err));
    KITH_TRY(take_id(r, block, at, "column", r->matrix.columns, &entries->column_ids[i], err));
    if (!r->pattern) KITH_TRY(take_value(r, block, at, &entries->values[i], err));
    const char *next = kith_i_end_line(*at, block->end);
    if (!next)
        FAIL_AT(*at, "'%s' follows the entry (expected the end of the line)",
                kith_i_show(kith_i_skip_blanks(*at), block->end).text);
    *at = next;

done:
    return status;
}

static kith_status parse_coordinates(void *self, const kith_i_block *block, kith_i_entries *entries,
                                     int64_t first, int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    const reading *r = self;
    const kith_i_short_lines rule = { .comma = ' ', .base = 1, .rows = (uint64_t)r->matrix.rows,
                                      .columns = (uint64_t)r->matrix.columns };
    int64_t i = first;

    for (const char *at = block->at; at < block->end;) {
        if (r->pattern)
            i += kith_i_take_short_lines(&rule, &at, block->end, entries->row_ids + i,
                                         entries->column_ids + i);
        if (at == block->end) break;
        if (kith_i_line_is_empty(at, block->end)) {
            at = kith_i_next_line(at, block->end);
            continue;
        }
        KITH_TRY(take_entry(r, block, &at, entries, i, err));
        i++;
    }
    *count = i - first;

done:
    return status;
}

/* One value a line. */
static kith_status parse_values(void *self, const kith_i_block *block, kith_i_entries *entries,
                                int64_t first, int64_t *count, kith_error *err)
{
    kith_status status = KITH_OK;
    const reading *r = self;
    int64_t i = first;

    for (const char *at = block->at; at < block->end;) {
        if (kith_i_line_is_empty(at, block->end)) {
            at = kith_i_next_line(at, block->end);
            continue;
        }
        KITH_TRY(take_value(r, block, &at, &entries->values[i++], err));
        const char *next = kith_i_end_line(at, block->end);
        if (!next)
            FAIL_AT(at, "'%s' follows the value (expected one on each line)",
                    kith_i_show(kith_i_skip_blanks(at), block->end).text);
        at = next;
    }
    *count = i - first;

done:
    return status;
}

static kith_status read_entries(reading *r, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_entries entries = { .located = !r->matrix.dense, .weighted = !r->pattern };
    char excess[64];
    const kith_i_entry_reader reader = {
        .parse = r->matrix.dense ? parse_values : parse_coordinates,
        .self = r,
        .threads = kith_i_threads(&r->options->graph.run),
        .most = r->expected,
        .excess = excess,
    };

    snprintf(excess, sizeof excess, "%" PRId64 ", as line %" PRId64 " says", r->expected,
             r->size_line);
    KITH_TRY(kith_i_entries_read(&r->lines, &reader, &entries, err));
    if (entries.count < r->expected) {
        status = kith_i_text_fail(r->input->name, r->lines.left.line, err,
                                  "the file ends after %" PRId64 " entries (expected %s)",
                                  entries.count, excess);
        goto done;
    }
    KITH_TRY(kith_i_check_nodes(&r->lines, r->size_line, "rows", r->matrix.rows,
                                r->options->max_nodes, err));
    KITH_TRY(kith_i_check_nodes(&r->lines, r->size_line, "columns", r->matrix.columns,
                                r->options->max_nodes, err));
    r->matrix.count = entries.count;
    r->matrix.row_ids = entries.row_ids;
    r->matrix.column_ids = entries.column_ids;
    r->matrix.values = entries.values;
    entries = (kith_i_entries){ 0 };

done:
    kith_i_entries_clear(&entries);
    return status;
}

void kith_i_matrix_clear(kith_i_matrix *matrix)
{
    kith_i_free(matrix->row_ids);
    kith_i_free(matrix->column_ids);
    kith_i_free(matrix->values);
    *matrix = (kith_i_matrix){ 0 };
}

kith_status kith_i_matrix_market_read(kith_i_input *input, const kith_read_options *options,
                                      kith_i_matrix *out, kith_error *err)
{
    kith_status status = KITH_OK;
    reading r = { .input = input, .options = options };

    *out = (kith_i_matrix){ 0 };
    KITH_TRY(kith_i_lines_open(&r.lines, input, kith_i_threads(&options->graph.run), err));
    KITH_TRY(read_banner(&r, err));
    KITH_TRY(read_sizes(&r, err));
    KITH_TRY(read_entries(&r, err));
    *out = r.matrix;

done:
    kith_i_lines_close(&r.lines);
    if (status != KITH_OK) kith_i_matrix_clear(&r.matrix);
    return status;
}

/* ---- Other forms of a matrix ---- */

kith_status kith_i_matrix_sparsify(kith_i_matrix *m, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t kept = 0, i = 0, entries = 0;

    if (!m->dense) return KITH_OK;
    for (int64_t k = 0; k < m->count; k++) entries += m->values[k] != 0;
    KITH_TRY(kith_i_alloc(&m->row_ids, entries, sizeof *m->row_ids, err));
    KITH_TRY(kith_i_alloc(&m->column_ids, entries, sizeof *m->column_ids, err));
    for (int64_t column = 0; column < m->columns; column++)
        for (int64_t row = m->symmetric ? column : 0; row < m->rows; row++, i++) {
            KITH_TRY(kith_i_poll_pass(poll, "reading", i, m->count, err));
            if (m->values[i] == 0) continue;
            m->row_ids[kept] = (uint32_t)row;
            m->column_ids[kept] = (uint32_t)column;
            m->values[kept++] = m->values[i];
        }
    m->count = kept;
    m->dense = false;

done:
    return status;
}

kith_status kith_i_matrix_unfold(kith_i_matrix *m, kith_i_poll *poll, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t more = 0, at = m->count;

    if (!m->symmetric || m->dense) return KITH_OK;
    for (int64_t i = 0; i < m->count; i++) more += m->row_ids[i] != m->column_ids[i];
    KITH_TRY(kith_i_resize(&m->row_ids, at + more, sizeof *m->row_ids, err));
    KITH_TRY(kith_i_resize(&m->column_ids, at + more, sizeof *m->column_ids, err));
    if (m->values) KITH_TRY(kith_i_resize(&m->values, at + more, sizeof *m->values, err));
    for (int64_t i = 0; i < m->count; i++) {
        KITH_TRY(kith_i_poll_pass(poll, "reading", i, m->count, err));
        if (m->row_ids[i] == m->column_ids[i]) continue;
        m->row_ids[at] = m->column_ids[i];
        m->column_ids[at] = m->row_ids[i];
        if (m->values) m->values[at] = m->values[i];
        at++;
    }
    m->count = at;
    m->symmetric = false;

done:
    return status;
}

kith_status kith_i_matrix_market_graph(kith_i_input *input, const kith_read_options *options,
                                       kith_graph **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_graph_options o = options->graph;
    kith_i_matrix m;

    *out = NULL;
    KITH_TRY(kith_i_matrix_market_read(input, options, &m, err));
    KITH_CHECK(m.rows == m.columns, KITH_E_INPUT,
               "%s: a matrix of %" PRId64 " rows and %" PRId64
               " columns (expected a square one, the "
               "adjacency of a graph)",
               input->name, m.rows, m.columns);
    KITH_TRY(kith_i_matrix_sparsify(&m, input->poll, err));
    if (o.direction == KITH_DIRECTED) KITH_TRY(kith_i_matrix_unfold(&m, input->poll, err));
    if (m.symmetric) o.direction = KITH_UNDIRECTED; /* each entry is an edge */
    kith_i_edges edges = { .nodes = m.rows, .count = m.count, .sources = m.row_ids,
                           .targets = m.column_ids, .weights = m.values, .matrix = !m.symmetric };
    m = (kith_i_matrix){ 0 };
    KITH_TRY(kith_i_in_file(input->name,
                            kith_i_graph_build(&edges, &o, input->poll, NULL, out, err), err));

done:
    kith_i_matrix_clear(&m);
    return status;
}

/* ---- Writing ---- */

kith_status kith_i_matrix_market_write(const kith_graph *g, kith_output *output, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool weighted = kith_graph_weighted(g);
    char *at;

    KITH_TRY(kith_i_output_reserve(output, 256, &at, err));
    at += snprintf(at, 256, "%%%%MatrixMarket matrix coordinate %s %s\n%" PRId64 " %" PRId64
                   " %" PRId64 "\n", weighted ? "real" : "pattern",
                   g->directed ? "general" : "symmetric", g->nodes, g->nodes, kith_graph_edges(g));
    kith_i_output_used(output, at);
    for (int64_t v = 0; v < g->nodes; v++)
        for (int64_t e = g->offsets[v]; e < g->offsets[v + 1]; e++) {
            if (!g->directed && g->targets[e] > v) break;
            output->fraction = (double)e / (double)g->entries;
            KITH_TRY(kith_i_output_reserve(output, 3 * KITH_I_NUMBER_TEXT, &at, err));
            at = kith_i_put_int(at, v + 1);
            *at++ = ' ';
            at = kith_i_put_int(at, (int64_t)g->targets[e] + 1);
            if (weighted) {
                *at++ = ' ';
                at = kith_i_put_double(at, kith_i_weight(g, e));
            }
            *at++ = '\n';
            kith_i_output_used(output, at);
        }

done:
    return status;
}
