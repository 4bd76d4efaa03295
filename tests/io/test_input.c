/* Opening files: plain, compressed and through pipes they give the same bytes and lines; limits
 * hold, damage is told, and waiting can be ended. */
#include "support/files.h"

#include "io/input.h"
#include "io/lines.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

static const char *const names[] = { "text.txt", "text.txt.gz", "text.txt.zst" };

enum { FORMS = sizeof names / sizeof *names };

/* A file written by Kith, compressed as its name says. */
static char *write_file(const char *folder, const char *name, const char *bytes, size_t size)
{
    char *path = test_path_in(folder, name);
    kith_output *output = NULL;
    kith_error err = { 0 };

    assert_kith(kith_output_open(path, &output, &err), err);
    assert_kith(kith_output_write(output, bytes, size, &err), err);
    assert_kith(kith_output_commit(output, &err), err);
    return path;
}

/* `lines` lines of different lengths. */
static char *make_text(int lines, size_t *size)
{
    char *text = malloc((size_t)lines * 24 + 1), *at = text;

    for (int i = 0; i < lines; i++)
        at += sprintf(at, "%d %.*s\n", i, i % 13, "abcdefghijklmnop");
    *size = (size_t)(at - text);
    return text;
}

static void assert_zeros(const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) assert_int_equal(((const char *)bytes)[i], 0);
}

static void every_form_gives_all_bytes(void **state)
{
    size_t size;
    char *text = make_text(200000, &size);

    for (int i = 0; i < FORMS; i++) {
        char *path = write_file(*state, names[i], text, size);
        kith_i_poll poll = { 0 };
        kith_i_input input;
        kith_i_bytes bytes;
        kith_error err = { 0 };

        assert_kith(kith_i_input_open(&input, path, 0, &poll, &err), err);
        assert_memory_equal(input.head, text, sizeof input.head);
        assert_kith(kith_i_input_whole(&input, &bytes, &err), err);
        kith_i_input_close(&input);
        assert_int_equal(bytes.size, size);
        assert_int_equal(bytes.mapped > 0, i == 0);
        assert_memory_equal(bytes.at, text, size);
        assert_zeros(bytes.at + size, KITH_I_PADDING);
        kith_i_bytes_clear(&bytes);
        free(path);
    }
    free(text);
}

/* Takes all blocks; they must be the text in order, cut behind newlines, with right numbers. */
static void assert_blocks(kith_i_lines *lines, const char *text, size_t size)
{
    const char *at = text;
    int64_t line = 1;
    kith_error err = { 0 };

    for (kith_i_block block;;) {
        assert_kith(kith_i_lines_next(lines, &block, &err), err);
        const size_t length = (size_t)(block.end - block.at);
        if (!length) break;
        assert_true(length <= size - (size_t)(at - text));
        assert_memory_equal(block.at, at, length);
        assert_int_equal(block.line, line);
        at += length;
        if (at[-1] != '\n') { /* the last line alone may end without */
            assert_ptr_equal(at, text + size);
            assert_zeros(block.end, KITH_I_PADDING);
        }
        for (size_t i = 0; i < length; i++) line += block.at[i] == '\n';
    }
    assert_ptr_equal(at, text + size);
}

static void every_form_gives_blocks_of_lines(void **state)
{
    size_t size;
    char *text = make_text(300000, &size);

    for (int cut = 0; cut < 2; cut++) /* with and without the last newline */
        for (int i = 0; i < FORMS; i++)
            for (int threads = 1; threads <= 2; threads++) {
                char *path = write_file(*state, names[i], text, size - (size_t)cut);
                kith_i_poll poll = { 0 };
                kith_i_input input;
                kith_i_lines lines;
                kith_error err = { 0 };

                assert_kith(kith_i_input_open(&input, path, 0, &poll, &err), err);
                assert_kith(kith_i_lines_open(&lines, &input, threads, &err), err);
                assert_blocks(&lines, text, size - (size_t)cut);
                kith_i_lines_close(&lines);
                kith_i_input_close(&input);
                free(path);
            }
    free(text);
}

static void a_line_may_be_longer_than_a_block(void **state)
{
    const size_t size = 5 * KITH_I_BLOCK;
    char *text = malloc(size);

    memset(text, 'x', size);
    text[10] = text[size - 5] = '\n';
    for (int i = 0; i < FORMS; i++) {
        char *path = write_file(*state, names[i], text, size);
        kith_i_poll poll = { 0 };
        kith_i_input input;
        kith_i_lines lines;
        kith_i_block line;
        kith_error err = { 0 };

        assert_kith(kith_i_input_open(&input, path, 0, &poll, &err), err);
        assert_kith(kith_i_lines_open(&lines, &input, 2, &err), err);
        for (int64_t number = 1; number <= 3; number++) {
            assert_kith(kith_i_lines_one(&lines, &line, &err), err);
            assert_int_equal(line.line, number);
            assert_int_equal(line.end - line.at, number == 1 ? 11 : number == 2 ? size - 15 : 4);
        }
        assert_kith(kith_i_lines_one(&lines, &line, &err), err);
        assert_ptr_equal(line.at, line.end);
        kith_i_lines_close(&lines);
        kith_i_input_close(&input);
        free(path);
    }
    free(text);
}

/* Files of a whole number of pages have no zeros of their own behind them. */
static void a_file_that_fills_its_pages_can_be_looked_behind(void **state)
{
    const size_t size = 4 * (size_t)sysconf(_SC_PAGESIZE);
    char *text = malloc(size);

    memset(text, '7', size);
    char *path = test_file_of(*state, "pages", text, size);
    kith_i_poll poll = { 0 };
    kith_i_input input;
    kith_i_bytes bytes;
    kith_error err = { 0 };

    assert_kith(kith_i_input_open(&input, path, 0, &poll, &err), err);
    assert_kith(kith_i_input_whole(&input, &bytes, &err), err);
    assert_zeros(bytes.at + size, KITH_I_PADDING);
    kith_i_bytes_clear(&bytes);
    kith_i_input_close(&input);
    free(path);
    free(text);
}

/* What kith_i_input_whole() gives, as a string to be freed; NULL on failure. */
static char *read_all(const char *path, int64_t max_bytes, kith_status *status, kith_error *err)
{
    kith_i_poll poll = { 0 };
    kith_i_input input;
    kith_i_bytes bytes = { 0 };
    char *text = NULL;

    *status = kith_i_input_open(&input, path, max_bytes, &poll, err);
    if (*status != KITH_OK) return NULL;
    *status = kith_i_input_whole(&input, &bytes, err);
    if (*status == KITH_OK) {
        text = calloc((size_t)bytes.size + 1, 1);
        memcpy(text, bytes.at, (size_t)bytes.size);
    }
    kith_i_bytes_clear(&bytes);
    kith_i_input_close(&input);
    return text;
}

static size_t read_bytes(const char *path, char *out, size_t room)
{
    FILE *file = fopen(path, "rb");
    const size_t size = fread(out, 1, room, file);

    fclose(file);
    return size;
}

static void compressed_pieces_follow_one_another(void **state)
{
    for (int i = 1; i < FORMS; i++) {
        char packed[1024];
        char *path = write_file(*state, names[i], "one\n", 4);
        size_t size = read_bytes(path, packed, sizeof packed);
        kith_status status;
        kith_error err = { 0 };

        free(path);
        path = write_file(*state, names[i], "two\n", 4);
        size += read_bytes(path, packed + size, sizeof packed - size);
        free(path);
        if (i == 1) /* zeros fill up a gzip file on a tape */
            for (int zeros = 0; zeros < 100; zeros++) packed[size++] = 0;
        path = test_file_of(*state, "both", packed, size);
        char *text = read_all(path, 0, &status, &err);
        assert_kith(status, err);
        assert_string_equal(text, "one\ntwo\n");
        free(text);
        free(path);
    }
}

static void damage_is_told(void **state)
{
    size_t size;
    char *text = make_text(300, &size);

    for (int i = 1; i < FORMS; i++) {
        char packed[8192];
        char *path = write_file(*state, names[i], text, size), *none;
        const size_t whole = read_bytes(path, packed, sizeof packed);
        kith_status status;
        kith_error err = { 0 };

        assert_true(whole < sizeof packed - 8);
        free(path);
        for (size_t cut = 4; cut < whole; cut += 7) { /* cut short */
            path = test_file_of(*state, "cut", packed, cut);
            none = read_all(path, 0, &status, &err);
            assert_null(none);
            assert_int_equal(status, KITH_E_INPUT);
            assert_non_null(strstr(err.message, "cut: ends in the middle of its compressed data"));
            free(path);
        }
        memcpy(packed + whole, "garbage", 7); /* something behind */
        path = test_file_of(*state, "behind", packed, whole + 7);
        none = read_all(path, 0, &status, &err);
        assert_null(none);
        assert_non_null(strstr(err.message, "behind: its compressed data are damaged ("));
        free(path);
        packed[whole / 2] ^= 0x55; /* wrong within */
        path = test_file_of(*state, "wrong", packed, whole);
        none = read_all(path, 0, &status, &err);
        assert_null(none);
        assert_non_null(strstr(err.message, "wrong: its compressed data are damaged ("));
        free(path);
    }
    free(text);
}

static void damage_is_told_by_the_thread_that_finds_it(void **state)
{
    size_t size;
    char *text = make_text(300000, &size), *path = write_file(*state, names[1], text, size);
    kith_i_poll poll = { 0 };
    kith_i_input input;
    kith_i_lines lines;
    kith_i_block block;
    kith_status status;
    kith_error err = { 0 };

    assert_int_equal(truncate(path, 300000), 0);
    for (int threads = 1; threads <= 2; threads++) {
        assert_kith(kith_i_input_open(&input, path, 0, &poll, &err), err);
        assert_kith(kith_i_lines_open(&lines, &input, threads, &err), err);
        do {
            status = kith_i_lines_next(&lines, &block, &err);
        } while (status == KITH_OK && block.at < block.end);
        assert_int_equal(status, KITH_E_INPUT);
        assert_non_null(strstr(err.message, "text.txt.gz: ends in the middle"));
        kith_i_lines_close(&lines);
        kith_i_input_close(&input);
    }
    free(text);
    free(path);
}

static void limits_hold_for_what_comes_out(void **state)
{
    const size_t size = 1 << 24; /* of zeros: a few kilobytes compressed */
    char *zeros = calloc(size, 1);

    for (int i = 0; i < FORMS; i++) {
        char *path = write_file(*state, names[i], zeros, size), *text;
        kith_status status;
        kith_error err = { 0 };

        text = read_all(path, size - 1, &status, &err);
        assert_null(text);
        assert_int_equal(status, KITH_E_INPUT);
        assert_non_null(strstr(err.message, i ? "is too large when decompressed (expected at most "
                                                "16777215 bytes)"
                                              : "is too large (expected at most 16777215 bytes)"));
        text = read_all(path, size, &status, &err);
        assert_kith(status, err);
        free(text);
        free(path);
    }
    free(zeros);
}

static void empty_files_are_empty(void **state)
{
    for (int i = 0; i < FORMS; i++) {
        char *path = write_file(*state, names[i], "", 0);
        kith_status status;
        kith_error err = { 0 };
        char *text = read_all(path, 0, &status, &err);

        assert_kith(status, err);
        assert_string_equal(text, "");
        free(text);
        free(path);
    }
}

static void what_cannot_be_opened_is_told(void **state)
{
    char *path = test_path_in(*state, "none");
    kith_status status;
    kith_error err = { 0 };

    assert_null(read_all(path, 0, &status, &err));
    assert_int_equal(status, KITH_E_IO);
    assert_non_null(strstr(err.message, "none: cannot be opened (No such file or directory)"));
    assert_null(read_all(*state, 0, &status, &err));
    assert_int_equal(status, KITH_E_IO);
    assert_non_null(strstr(err.message, "cannot be read (Is a directory)"));
    free(path);
}

static void the_first_bytes_tell_the_format_else_the_name(void **state)
{
    static const struct {
        const char *name, *text;
        kith_format format;
    } cases[] = {
        { "a.txt", "%%MatrixMarket matrix", KITH_FORMAT_MATRIX_MARKET },
        { "a.txt", "%%matrixmarket MATRIX", KITH_FORMAT_MATRIX_MARKET },
        { "a.mtx", "1 1 1\n", KITH_FORMAT_MATRIX_MARKET },
        { "a.mtx.gz", "1 1 1\n", KITH_FORMAT_MATRIX_MARKET },
        { "a.mtx.zst", "PK\003\004", KITH_FORMAT_NPZ },
        { "a.npz", "", KITH_FORMAT_NPZ },
        { "a.txt.gz", "0 1\n", KITH_FORMAT_EDGE_LIST },
        { "mtx", "0 1\n", KITH_FORMAT_EDGE_LIST },
        { "npz.csv", "", KITH_FORMAT_EDGE_LIST },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = write_file(*state, cases[i].name, cases[i].text, strlen(cases[i].text));
        kith_i_poll poll = { 0 };
        kith_i_input input;
        kith_error err = { 0 };

        assert_kith(kith_i_input_open(&input, path, 0, &poll, &err), err);
        assert_int_equal(kith_i_input_format(&input), cases[i].format);
        kith_i_input_close(&input);
        free(path);
    }
}

/* ---- Pipes ---- */

/* Writes bytes into a pipe, a few at a time. */
typedef struct {
    const char *bytes;
    size_t      size, step;
    int         end;
} writer;

static void *write_slowly(void *argument)
{
    const writer *w = argument;

    for (size_t at = 0; at < w->size; at += w->step) {
        const size_t piece = w->size - at < w->step ? w->size - at : w->step;
        assert_int_equal(write(w->end, w->bytes + at, piece), piece);
        if (w->step < 16) nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
    close(w->end);
    return NULL;
}

/* Puts a pipe in the place of standard input; *saved is what was there. */
static int begin_pipe(int *saved)
{
    int ends[2];

    *saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    return ends[1];
}

static void end_pipe(int saved)
{
    dup2(saved, STDIN_FILENO);
    close(saved);
}

static void standard_input_may_come_in_drops(void **state)
{
    static const char text[] = "0 1\n1 2\n2 3\n";

    for (int i = 0; i < FORMS; i++) {
        char packed[256];
        char *path = write_file(*state, names[i], text, strlen(text)), *got;
        writer w = { packed, read_bytes(path, packed, sizeof packed), 1, -1 };
        pthread_t thread;
        int saved;
        kith_status status;
        kith_error err = { 0 };

        w.end = begin_pipe(&saved);
        pthread_create(&thread, NULL, write_slowly, &w);
        got = read_all("-", 0, &status, &err);
        pthread_join(thread, NULL);
        end_pipe(saved);
        assert_kith(status, err);
        assert_string_equal(got, text);
        free(got);
        free(path);
    }
}

static void lines_come_through_a_pipe(void **state)
{
    size_t size;
    char *text = make_text(200000, &size);

    (void)state;
    for (int threads = 1; threads <= 2; threads++) {
        writer w = { text, size, 5000, -1 };
        kith_i_poll poll = { 0 };
        kith_i_input input;
        kith_i_lines lines;
        pthread_t thread;
        int saved;
        kith_error err = { 0 };

        w.end = begin_pipe(&saved);
        pthread_create(&thread, NULL, write_slowly, &w);
        assert_kith(kith_i_input_open(&input, "-", 0, &poll, &err), err);
        assert_string_equal(input.name, "standard input");
        assert_kith(kith_i_lines_open(&lines, &input, threads, &err), err);
        assert_blocks(&lines, text, size);
        kith_i_lines_close(&lines);
        kith_i_input_close(&input);
        pthread_join(thread, NULL);
        end_pipe(saved);
    }
    free(text);
}

/* A file on standard input is mapped when it is read from its beginning, and read from where it is
 * otherwise. */
static void a_file_on_standard_input_is_read_from_where_it_is(void **state)
{
    char *path = test_file(*state, "in", "0 1\n1 2\n");

    for (int offset = 0; offset <= 4; offset += 4) {
        const int saved = dup(STDIN_FILENO);
        kith_status status;
        kith_error err = { 0 };

        assert_non_null(freopen(path, "r", stdin));
        lseek(STDIN_FILENO, offset, SEEK_SET);
        char *text = read_all("-", 0, &status, &err);
        end_pipe(saved);
        assert_kith(status, err);
        assert_string_equal(text, offset ? "1 2\n" : "0 1\n1 2\n");
        free(text);
    }
    free(path);
}

static int cancel_after(const kith_progress *progress, void *payload)
{
    return progress->seconds > *(const double *)payload;
}

/* A pipe into which nothing comes: at its head, and after a while. */
static void waiting_can_be_ended(void **state)
{
    (void)state;
    for (int sent = 0; sent < 2; sent++)
        for (int timed = 0; timed < 2; timed++)
            for (int threads = 1; threads <= 2; threads++) {
                kith_read_options o = KITH_READ_OPTIONS_INIT;
                kith_graph *graph = NULL;
                double when = 0.02;
                int saved;
                const int end = begin_pipe(&saved);
                kith_error err = { 0 };

                if (sent) assert_int_equal(write(end, "0 1\n1 2\n2 3\n4 5\n6 7\n", 20), 20);
                o.graph.run.threads = threads;
                if (timed) o.graph.run.time_limit = when;
                else o.graph.run.progress = cancel_after;
                o.graph.run.payload = &when;
                o.graph.run.interval = 0;
                const double started = kith_i_now();
                const kith_status status = kith_graph_read("-", &o, &graph, &err);
                assert_true(kith_i_now() - started < 2);
                close(end);
                end_pipe(saved);
                assert_null(graph);
                assert_int_equal(status, timed ? KITH_E_TIME : KITH_E_CANCELLED);
            }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_form_gives_all_bytes),
        TEST(every_form_gives_blocks_of_lines),
        TEST(a_line_may_be_longer_than_a_block),
        TEST(a_file_that_fills_its_pages_can_be_looked_behind),
        TEST(compressed_pieces_follow_one_another),
        TEST(damage_is_told),
        TEST(damage_is_told_by_the_thread_that_finds_it),
        TEST(limits_hold_for_what_comes_out),
        TEST(empty_files_are_empty),
        TEST(what_cannot_be_opened_is_told),
        TEST(the_first_bytes_tell_the_format_else_the_name),
        TEST(standard_input_may_come_in_drops),
        TEST(lines_come_through_a_pipe),
        TEST(a_file_on_standard_input_is_read_from_where_it_is),
        TEST(waiting_can_be_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
