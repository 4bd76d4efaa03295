/* Tables of typed columns (.csv, .tsv), quoted as in RFC 4180, as features:
 *
 *   1. cells     where each cell of the file lies; a doubled quote inside quotes stays as it is,
 *                since no number or word holds one and equal categories are quoted alike
 *   2. kinds     what each column holds, from its heading or from its cells
 *   3. entries   numbers scaled, categories one-hot, words by TF-IDF, as scikit-learn's
 *                StandardScaler, OneHotEncoder and TfidfVectorizer do */
#include "io/table.h"

#include "graph/names.h"
#include "graph/view.h"
#include "io/lines.h"
#include "io/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    TEXT_WORDS = 3, /* cells of at least so many words, on average, are text */
    LONGEST = 64    /* bytes by which words are told apart */
};

typedef enum { NUMERIC, CATEGORY, TEXT, SKIP, KINDS } column_kind;

static const char *const kind_names[KINDS] = { "numeric", "category", "text", "skip" };

typedef struct {
    const char *at;
    int64_t     length;
} cell;

typedef struct {
    const char    *name; /* of the file */
    kith_i_poll   *poll;
    kith_i_matrix *out;
    int64_t        room; /* for entries */
    int64_t        columns, rows;
    cell          *cells; /* heading, then rows */
    int64_t        count, cells_room;
} table;

/* ---- Cells ---- */

static bool ends_cell(char c, char separator)
{
    return c == separator || c == '\n' || c == '\r';
}

/* The cell that begins at `at`; *next is behind it, at the separator or the line's end. */
static kith_status take_cell(const table *t, const char *at, const char *end, char separator,
                             int64_t line, cell *out, const char **next, kith_error *err)
{
    const char *stop = at;

    if (at < end && *at == '"') {
        for (stop = ++at; stop < end; stop++)
            if (*stop == '"' && !(stop + 1 < end && stop[1] == '"')) break;
            else stop += *stop == '"';
        *out = (cell){ at, stop - at };
        *next = stop + 1;
        if (stop < end && (*next >= end || ends_cell(**next, separator))) return KITH_OK;
        return kith_i_text_fail(t->name, line, err, "a quote is not closed (expected \" and then "
                                "a separator)");
    }
    while (stop < end && !ends_cell(*stop, separator)) stop++;
    *out = (cell){ at, stop - at };
    *next = stop;
    return KITH_OK;
}

/* The separator of the heading: a tab, a semicolon or a comma, whichever is there. */
static char find_separator(const char *at, const char *end)
{
    const size_t length = (size_t)(kith_i_next_line(at, end) - at);

    return memchr(at, '\t', length) ? '\t' : memchr(at, ';', length) ? ';' : ',';
}

/* One row; *at is then behind its line end. */
static kith_status take_row(table *t, const char **at, const char *end, char separator,
                            int64_t line, int64_t *cells, kith_error *err)
{
    kith_status status = KITH_OK;

    for (*cells = 0;; (*at)++) {
        KITH_TRY(kith_i_grow(&t->cells, t->count, &t->cells_room, sizeof *t->cells, err));
        KITH_TRY(take_cell(t, *at, end, separator, line, &t->cells[t->count], at, err));
        t->count++;
        (*cells)++;
        if (*at >= end || **at != separator) break;
    }
    if (*at < end && **at == '\r') (*at)++;
    if (*at < end && **at == '\n') (*at)++;

done:
    return status;
}

static kith_status take_cells(table *t, const char *at, const char *end, int64_t most,
                              kith_error *err)
{
    kith_status status = KITH_OK;
    const char separator = find_separator(at, end);
    int64_t line = 1, cells;

    KITH_CHECK(at < end, KITH_E_INPUT, "%s: is empty (expected a line of headings)", t->name);
    KITH_TRY(take_row(t, &at, end, separator, line, &t->columns, err));
    for (const char *before = at; at < end; before = at) {
        KITH_TRY(kith_i_poll_pass(t->poll, "reading", t->rows, t->rows + 1, err));
        line++;
        KITH_TRY(take_row(t, &at, end, separator, line, &cells, err));
        if (cells == 1 && t->columns > 1 && !t->cells[t->count - 1].length) { /* a blank line */
            t->count--;
            continue;
        }
        if (cells != t->columns) {
            status = kith_i_text_fail(t->name, line, err, "%" PRId64 " cells (expected %" PRId64
                                      ", as the heading)", cells, t->columns);
            goto done;
        }
        line += kith_i_count_lines(before, at) - 1;
        t->rows++;
        KITH_CHECK(t->rows <= most, KITH_E_INPUT, "%s: has more than %" PRId64 " rows", t->name,
                   most);
    }

done:
    return status;
}

static cell cell_at(const table *t, int64_t row, int64_t column)
{
    return t->cells[(row + 1) * t->columns + column];
}

/* ---- Kinds ---- */

static bool is_number(cell c, double *value)
{
    const char *end = kith_i_take_double(c.at, value);

    return end != c.at && end == c.at + c.length && isfinite(*value);
}

/* Letters, digits, and whatever is not ASCII. */
static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* The next word of two characters or more behind *at, or a length of 0. */
static cell next_word(const char **at, const char *end)
{
    while (*at < end) {
        const char *begin = *at;
        while (*at < end && in_word(**at)) (*at)++;
        if (*at - begin >= 2) return (cell){ begin, *at - begin };
        if (*at < end && !in_word(**at)) (*at)++;
    }
    return (cell){ end, 0 };
}

static int64_t count_words(cell c)
{
    const char *at = c.at;
    int64_t count = 0;

    while (next_word(&at, c.at + c.length).length) count++;
    return count;
}

/* The kind that a heading "NAME:KIND" says, or KINDS. */
static column_kind kind_of_heading(cell heading)
{
    for (int kind = 0; kind < KINDS; kind++) {
        const int64_t length = (int64_t)strlen(kind_names[kind]);
        const char *suffix = heading.at + heading.length - length;
        if (heading.length > length && suffix[-1] == ':' &&
            !memcmp(suffix, kind_names[kind], (size_t)length))
            return (column_kind)kind;
    }
    return KINDS;
}

/* Numbers where all cells are, text where cells are of several words, else categories; a cell that
 * holds nothing says nothing. */
static column_kind kind_of_cells(const table *t, int64_t column)
{
    int64_t filled = 0, numbers = 0, words = 0;

    for (int64_t i = 0; i < t->rows; i++) {
        const cell c = cell_at(t, i, column);
        double value;
        if (!c.length) continue;
        filled++;
        numbers += is_number(c, &value);
        words += count_words(c);
    }
    return filled == 0 ? SKIP : numbers == filled ? NUMERIC
                            : words >= TEXT_WORDS * filled ? TEXT : CATEGORY;
}

/* ---- Entries ---- */

static kith_status add_entry(table *t, int64_t row, int64_t column, double value, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_matrix *m = t->out;

    if (m->count == t->room) {
        const int64_t room = t->room ? 2 * t->room : 1024;
        KITH_TRY(kith_i_resize(&m->row_ids, room, sizeof *m->row_ids, err));
        KITH_TRY(kith_i_resize(&m->column_ids, room, sizeof *m->column_ids, err));
        KITH_TRY(kith_i_resize(&m->values, room, sizeof *m->values, err));
        t->room = room;
    }
    m->row_ids[m->count] = (uint32_t)row;
    m->column_ids[m->count] = (uint32_t)column;
    m->values[m->count++] = value;

done:
    return status;
}

/* One column, of mean 0 and variance 1; 0 where nothing is known, and where all are alike. */
static kith_status add_numbers(table *t, int64_t column, kith_error *err)
{
    kith_status status = KITH_OK;
    double sum = 0, squares = 0, value;
    int64_t known = 0;

    for (int64_t i = 0; i < t->rows; i++) {
        const cell c = cell_at(t, i, column);
        if (!c.length) continue;
        if (!is_number(c, &value)) {
            status = kith_i_fail(err, KITH_E_INPUT, "%s: row %" PRId64 " of column %" PRId64
                                 " is '%s' (expected a number)", t->name, i + 1, column + 1,
                                 kith_i_show(c.at, c.at + c.length).text);
            goto done;
        }
        sum += value;
        known++;
    }
    const double mean = known ? sum / (double)known : 0;
    for (int64_t i = 0; i < t->rows; i++)
        if (is_number(cell_at(t, i, column), &value)) squares += (value - mean) * (value - mean);
    const double deviation = known ? sqrt(squares / (double)known) : 0;
    for (int64_t i = 0; i < t->rows && deviation > 0; i++)
        if (is_number(cell_at(t, i, column), &value) && value != mean)
            KITH_TRY(add_entry(t, i, t->out->columns, (value - mean) / deviation, err));
    t->out->columns += deviation > 0;

done:
    return status;
}

/* A column for each category, in the order they appear; none where no two cells are alike, as with
 * the names of rows. */
static kith_status add_categories(table *t, int64_t column, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t before = t->out->count;
    kith_i_names *categories = NULL;
    int64_t id, filled = 0;

    KITH_TRY(kith_i_names_new(&categories, err));
    for (int64_t i = 0; i < t->rows; i++) {
        const cell c = cell_at(t, i, column);
        KITH_TRY(kith_i_poll_pass(t->poll, "reading", i, t->rows, err));
        if (!c.length) continue;
        filled++;
        KITH_TRY(kith_i_names_add(categories, c.at, c.length, &id, err));
        KITH_TRY(add_entry(t, i, t->out->columns + id, 1, err));
    }
    if (filled > 1 && kith_i_names_count(categories) == filled) t->out->count = before;
    else t->out->columns += kith_i_names_count(categories);

done:
    kith_i_names_free(categories);
    return status;
}

/* The words of a column, and where the last entry of each is. */
typedef struct {
    kith_i_names *names;
    int64_t      *entry;
    int64_t       room;
} vocabulary;

/* The words of a cell in small letters, counted: an entry for each that is new in the row. */
static kith_status count_cell(table *t, int64_t row, cell c, vocabulary *words, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t first = t->out->count;
    const char *at = c.at;
    int64_t id;

    for (cell word; (word = next_word(&at, c.at + c.length)).length;) {
        char small[LONGEST];
        const int64_t length = word.length < LONGEST ? word.length : LONGEST;
        const int64_t known = kith_i_names_count(words->names);
        for (int64_t i = 0; i < length; i++)
            small[i] = word.at[i] >= 'A' && word.at[i] <= 'Z' ? word.at[i] | 0x20 : word.at[i];
        KITH_TRY(kith_i_names_add(words->names, small, length, &id, err));
        KITH_TRY(kith_i_grow(&words->entry, id, &words->room, sizeof *words->entry, err));
        if (id == known || words->entry[id] < first) {
            words->entry[id] = t->out->count;
            KITH_TRY(add_entry(t, row, t->out->columns + id, 0, err));
        }
        t->out->values[words->entry[id]]++;
    }

done:
    return status;
}

/* tf (ln((1 + n) / (1 + df)) + 1), rows of unit length; entries from `first` on, row by row. */
static kith_status weigh_words(table *t, int64_t first, int64_t words, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_i_matrix *m = t->out;
    double *frequency = NULL;

    KITH_TRY(kith_i_zeroed(&frequency, words, sizeof *frequency, err));
    for (int64_t e = first; e < m->count; e++) frequency[m->column_ids[e] - m->columns]++;
    for (int64_t e = first, end; e < m->count; e = end) {
        double squares = 0;
        for (end = e; end < m->count && m->row_ids[end] == m->row_ids[e]; end++) {
            const double df = frequency[m->column_ids[end] - m->columns];
            m->values[end] *= log((1 + (double)t->rows) / (1 + df)) + 1;
            squares += m->values[end] * m->values[end];
        }
        for (int64_t i = e; i < end; i++) m->values[i] /= sqrt(squares);
    }

done:
    kith_i_free(frequency);
    return status;
}

static kith_status add_text(table *t, int64_t column, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t first = t->out->count;
    vocabulary words = { 0 };

    KITH_TRY(kith_i_names_new(&words.names, err));
    for (int64_t i = 0; i < t->rows; i++) {
        if (i % 1024 == 0)
            KITH_TRY(kith_i_poll_check(t->poll, "reading", (double)i / (double)t->rows, err));
        KITH_TRY(count_cell(t, i, cell_at(t, i, column), &words, err));
    }
    const int64_t count = kith_i_names_count(words.names);
    KITH_TRY(weigh_words(t, first, count, err));
    t->out->columns += count;

done:
    kith_i_names_free(words.names);
    kith_i_free(words.entry);
    return status;
}

static kith_status add_column(table *t, int64_t column, kith_error *err)
{
    column_kind kind = kind_of_heading(t->cells[column]);

    if (kind == KINDS) kind = kind_of_cells(t, column);
    switch (kind) {
    case NUMERIC: return add_numbers(t, column, err);
    case CATEGORY: return add_categories(t, column, err);
    case TEXT: return add_text(t, column, err);
    case SKIP:
    case KINDS: break;
    }
    return KITH_OK;
}

bool kith_i_is_table(const char *name)
{
    size_t stem;

    (void)kith_i_codec_of_name(name, &stem);
    return kith_i_has_ending(name, stem, ".csv") || kith_i_has_ending(name, stem, ".tsv");
}

kith_status kith_i_table_read(kith_i_reading *r, kith_i_matrix *out, kith_error *err)
{
    kith_status status = KITH_OK;
    table t = { .name = r->input.name, .poll = &r->poll, .out = out };
    const int64_t most = r->options.max_nodes ? r->options.max_nodes : KITH_I_MAX_NODES;
    kith_i_bytes bytes = { 0 };

    *out = (kith_i_matrix){ 0 };
    KITH_TRY(kith_i_input_whole(&r->input, &bytes, err));
    const char *at = (const char *)bytes.at, *end = at + bytes.size;
    if (bytes.size >= 3 && !memcmp(at, "\xef\xbb\xbf", 3)) at += 3; /* a byte-order mark */
    KITH_TRY(take_cells(&t, at, end, most, err));
    out->rows = t.rows;
    for (int64_t column = 0; column < t.columns; column++) KITH_TRY(add_column(&t, column, err));
    KITH_CHECK(out->columns > 0, KITH_E_INPUT, "%s: says nothing of its rows (expected a column "
               "of numbers, categories or text)", t.name);

done:
    kith_i_free(t.cells);
    kith_i_bytes_clear(&bytes);
    return status;
}
