/* The writer behind summary.h. */
#include "summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { KEY_WIDTH = 18, LINE_WIDTH = 80 };

/* How many bytes the UTF-8 character at `c` takes; 0 when it is not one. */
static int utf8_length(const unsigned char *c)
{
    static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const int length = c[0] < 0x80 ? 1 : c[0] >= 0xf0 ? 4 : c[0] >= 0xe0 ? 3 : 2;
    unsigned code = c[0] & (0xffu >> (length + 1));

    if (length == 1) return 1;
    if (c[0] < 0xc0 || c[0] > 0xf7) return 0;
    for (int i = 1; i < length; i++) {
        if ((c[i] & 0xc0) != 0x80) return 0;
        code = code << 6 | (c[i] & 0x3f);
    }
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    return code >= least[length] && code <= 0x10ffff && !surrogate ? length : 0;
}

/* A JSON string. A path may hold any byte; what is not UTF-8 becomes U+FFFD. */
static void json_string(FILE *file, const char *text)
{
    const unsigned char *c = (const unsigned char *)text;

    fputc('"', file);
    while (*c) {
        const int length = utf8_length(c);
        if (length == 0) fputs("\xef\xbf\xbd", file);
        else if (*c == '"' || *c == '\\') fprintf(file, "\\%c", *c);
        else if (*c < 0x20) fprintf(file, "\\u%04x", *c);
        else fwrite(c, 1, (size_t)length, file);
        c += length ? length : 1;
    }
    fputc('"', file);
}

static void json_key(summary *s, const char *key)
{
    if (s->follows) fputc(',', s->file);
    if (!key) return;
    json_string(s->file, key);
    fputc(':', s->file);
}

/* For people '_' is a space. */
static int spaced_key(const char *key, char text[CLI_NAME])
{
    const int length = snprintf(text, CLI_NAME, "%s", key ? key : "");

    for (char *c = text; *c; c++)
        if (*c == '_') *c = ' ';
    return length;
}

/* Starts the line of a top-level key. */
static void table_line(summary *s, const char *key)
{
    char name[CLI_NAME];

    spaced_key(key, name);
    if (s->column > 0) fputc('\n', s->file);
    s->column = fprintf(s->file, "%-*s ", KEY_WIDTH, name);
}

/* The next piece on the line, on a new line when it does not fit. */
static void table_piece(summary *s, const char *key, const char *value)
{
    char name[CLI_NAME];
    const int length = spaced_key(key, name) + 1 + (int)strlen(value);

    if (s->pending) table_line(s, s->pending);
    s->pending = NULL;
    if (s->follows && s->column + 2 + length > LINE_WIDTH) {
        fputs(",\n", s->file);
        s->column = fprintf(s->file, "%*s", KEY_WIDTH + 1, "");
    } else if (s->follows) {
        s->column += fprintf(s->file, ", ");
    }
    s->column += fprintf(s->file, "%s%s%s", name, *name ? " " : "", value);
}

/* A value in the form that each face wants; `json` is NULL for null. */
static void value(summary *s, const char *key, const char *json, const char *table)
{
    if (!s->file || (!s->json && !json)) return;
    if (s->json) {
        json_key(s, key);
        fputs(json ? json : "null", s->file);
    } else if (s->depth == 0) {
        table_line(s, key);
        s->column += fprintf(s->file, "%s", table);
    } else {
        table_piece(s, key, table);
    }
    s->follows = true;
}

static void open(summary *s, const char *key, char opener, char closer)
{
    if (!s->file) return;
    if (s->json) {
        json_key(s, key);
        fputc(opener, s->file);
    } else if (s->depth == 0) {
        s->pending = key;
    } else {
        table_piece(s, key, "(");
    }
    s->closers[s->depth++] = closer;
    s->follows = false;
}

void summary_begin(summary *s, FILE *file, bool json)
{
    *s = (summary){ .file = file, .json = json };
    if (file && json) fputc('{', file);
}

void summary_end(summary *s)
{
    if (s->file) fputs(s->json ? "}\n" : "\n", s->file);
}

void summary_object(summary *s, const char *key)
{
    open(s, key, '{', '}');
}

void summary_array(summary *s, const char *key)
{
    open(s, key, '[', ']');
}

void summary_close(summary *s)
{
    if (!s->file) return;
    s->depth--;
    s->pending = NULL;
    if (s->json) fputc(s->closers[s->depth], s->file);
    else if (s->depth > 0) s->column += fprintf(s->file, ")");
    s->follows = true;
}

void summary_text(summary *s, const char *key, const char *text)
{
    if (s->file && s->json && text) {
        json_key(s, key);
        json_string(s->file, text);
        s->follows = true;
    } else {
        value(s, key, text, text);
    }
}

void summary_integer(summary *s, const char *key, int64_t number)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRId64, number);
    value(s, key, text, text);
}

void summary_unsigned(summary *s, const char *key, uint64_t number)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRIu64, number);
    value(s, key, text, text);
}

/* The shortest digits that read back as the same number. */
static const char *shortest(double number, char text[32])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, number);
        if (strtod(text, NULL) == number) break;
    }
    return text;
}

void summary_real(summary *s, const char *key, double number)
{
    char exact[32], rough[32];

    snprintf(rough, sizeof rough, "%.5g", number);
    value(s, key, isfinite(number) ? shortest(number, exact) : NULL, rough);
}

void summary_seconds(summary *s, const char *key, double seconds)
{
    char exact[32], rough[32];

    snprintf(exact, sizeof exact, "%.9g", seconds);
    snprintf(rough, sizeof rough, "%.3f", seconds);
    value(s, key, exact, rough);
}

void summary_bytes(summary *s, const char *key, double bytes)
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    char exact[32], rough[32];
    double scaled = bytes;
    size_t unit = 0;

    while (scaled >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        scaled /= 1024;
        unit++;
    }
    snprintf(exact, sizeof exact, "%.0f", bytes);
    snprintf(rough, sizeof rough, "%.*f %s", scaled < 10 && unit ? 1 : 0, scaled, units[unit]);
    value(s, key, exact, rough);
}

void summary_boolean(summary *s, const char *key, bool truth)
{
    value(s, key, truth ? "true" : "false", truth ? "yes" : "no");
}

void summary_null(summary *s, const char *key)
{
    value(s, key, NULL, NULL);
}

void summary_graph(summary *s, const char *key, const char *path, const kith_graph *graph)
{
    summary_object(s, key);
    summary_text(s, "path", path);
    summary_integer(s, "nodes", kith_graph_nodes(graph));
    summary_integer(s, "edges", kith_graph_edges(graph));
    summary_boolean(s, "directed", kith_graph_directed(graph));
    summary_boolean(s, "weighted", kith_graph_weighted(graph));
    summary_integer(s, "self_loops", kith_graph_loops(graph));
    summary_close(s);
}

void summary_peak(summary *s)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    summary_real(s, "peak_rss_mib", (double)usage.ru_maxrss / 1024);
}

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

kith_status summary_sizes(summary *s, const kith_partition *partition, kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t numbers = kith_partition_communities(partition);
    int64_t *sizes = NULL, k = 0;

    TRY(cli_zeroed(&sizes, numbers, sizeof *sizes, err));
    for (int64_t c = 0; c < numbers; c++) /* matched to others, numbers may be vacant */
        if (kith_partition_sizes(partition)[c] > 0) sizes[k++] = kith_partition_sizes(partition)[c];
    qsort(sizes, (size_t)k, sizeof *sizes, by_size);
    summary_integer(s, "communities", k);
    summary_object(s, "sizes");
    summary_real(s, "min", k ? (double)sizes[0] : NAN);
    summary_real(s, "median", k ? (double)(sizes[(k - 1) / 2] + sizes[k / 2]) / 2 : NAN);
    summary_real(s, "max", k ? (double)sizes[k - 1] : NAN);
    summary_close(s);
    summary_integer(s, "unassigned", kith_partition_unassigned(partition));

done:
    free(sizes);
    return status;
}
